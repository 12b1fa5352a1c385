"""Reads out of a plan file what can be found in it, row by row and in the plan's order.

Plain SQLite, like :mod:`cypp_desktop.plan.outline`. Which texts there are the mapped classes say
(:mod:`cypp_desktop.plan.search_fields`); they are loaded when something is first read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.levels import LEVEL_ABOVE, LEVELS
from cypp_desktop.plan.outline import read_names
from cypp_desktop.plan.row_names import RowName, trail

if TYPE_CHECKING:
    from cypp_desktop.plan.search_fields import SearchedText

RowKey = tuple[str, str]
#: A text of a row: its field, what it says, and whether that is Markdown.
Text = tuple[str, str, bool]
Reading = Callable[[Sequence[str]], str]

_AT_ONCE: Final = 400


@dataclass(slots=True)
class Structure:
    """How the rows of a plan stand to each other, in ids; lists are in the plan's order."""

    order: list[RowKey] = field(default_factory=list)
    #: the row that each row stands in, or (a lead) answers for
    owners: dict[str, RowKey] = field(default_factory=dict)
    #: what updates cover and actions serve
    measures: dict[str, list[str]] = field(default_factory=dict)
    #: code and title of priorities, outcomes and measures
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: who is named in each lead, in words
    lead_words: dict[str, str] = field(default_factory=dict)
    #: the rows led by each organisation and each person
    led: dict[RowKey, set[RowKey]] = field(default_factory=dict)
    #: the leads that name each organisation and each person
    leads: dict[RowKey, set[str]] = field(default_factory=dict)
    #: what somebody leads
    with_leads: set[RowKey] = field(default_factory=set)
    round_of: dict[str, str | None] = field(default_factory=dict)
    rounds: dict[str, str] = field(default_factory=dict)
    plan: RowKey | None = None
    #: what the plan calls its priorities, outcomes and measures
    levels: dict[str, str] = field(default_factory=dict)


def read_texts(
    db: sqlite3.Connection, row_type: str, ids: Collection[str] | None = None
) -> Iterator[tuple[str, list[Text]]]:
    """Id and texts of the rows of a type, or of those among them that ``ids`` names; blank ones left out."""
    from cypp_desktop.plan.search_fields import searched_texts

    parts: list[tuple[SearchedText, Reading | None, int, int]] = []
    columns: list[str] = []
    for text in searched_texts(row_type):
        start = 1 + len(columns)
        columns += text.columns
        parts.append((text, _reading_of(text), start, 1 + len(columns)))
    names = ", ".join(f'"{column}"' for column in columns)
    for row in _rows(db, f'SELECT id, {names} FROM "{row_type}"', ids):
        texts: list[Text] = []
        for text, reading, start, end in parts:
            said = row[start] if reading is None else reading(row[start:end])
            if said and not said.isspace():
                texts.append((text.field, said, text.is_markdown))
        yield row[0], texts


def _reading_of(text: SearchedText) -> Reading | None:
    """How the values of the columns of a text are read; None where the only one is what it says."""
    if len(text.columns) > 1:
        return lambda values: " ".join([value for value in values if value])
    if text.kind == "list":
        between = "\n\n" if text.is_markdown else "\n"
        return lambda values: between.join(json.loads(values[0]))
    if text.kind == "date":
        return lambda values: day_in_words(values[0]) if values[0] else ""
    return None


def _rows(db: sqlite3.Connection, query: str, ids: Collection[str] | None) -> Iterator[tuple[str, ...]]:
    if ids is None:
        yield from db.execute(query)
        return
    wanted = sorted(ids)
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        yield from db.execute(f"{query} WHERE id IN ({', '.join('?' * len(some))})", some)


def read_structure(db: sqlite3.Connection) -> Structure:
    """The structure of the plan in an open file."""
    found = Structure()
    plan_id, _, names = read_names(db)
    if plan_id:
        found.plan = ("plan", plan_id)
        found.order.append(found.plan)
        found.levels = names
    below: dict[str, dict[str, list[str]]] = {}
    for level, above in LEVEL_ABOVE.items():
        below[level] = _by_owner(db.execute(f"SELECT {above}_id, id FROM {level} ORDER BY sort_key, id"))
        for owner, ids in below[level].items():
            found.owners.update(dict.fromkeys(ids, (above, owner)))
    for level in LEVELS:
        for id_, code, title in db.execute(f"SELECT id, code, title FROM {level}"):
            found.named[id_] = (code or "", title or "")
    found.rounds = dict(db.execute("SELECT id, name FROM round"))
    found.round_of = dict(db.execute('SELECT id, round_id FROM "update"'))
    leads = _read_leads(db, found)
    spans = _read_spans(db, found, below)
    _order(db, found, below, leads, spans)
    return found


def _by_owner(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for owner, id_ in pairs:
        found.setdefault(owner, []).append(id_)
    return found


def _read_leads(db: sqlite3.Connection, found: Structure) -> dict[str, list[str]]:
    """Leads by what they lead; who is named in each goes into ``found``."""
    from cypp_desktop.plan.shape import owners_of

    organisations = dict(db.execute("SELECT id, name FROM organisation"))
    people = dict(db.execute("SELECT id, coalesce(name, post, '') FROM person"))
    named = _by_owner(db.execute("SELECT lead_id, person_id FROM lead_person ORDER BY sort_key, id"))
    by_owner: dict[str, list[str]] = {}
    columns = ", ".join(column for column, _ in owners_of("lead"))
    types = [row_type for _, row_type in owners_of("lead")]
    for id_, organisation, *owners in db.execute(
        f"SELECT id, organisation_id, {columns} FROM lead ORDER BY sort_key, id"
    ):
        owner = next((row_type, said) for row_type, said in zip(types, owners, strict=True) if said)
        found.owners[id_] = owner
        found.with_leads.add(owner)
        by_owner.setdefault(owner[1], []).append(id_)
        keys: list[RowKey] = [("person", person) for person in named.get(id_, ())]
        if organisation:
            keys.append(("organisation", organisation))
        for key in keys:
            found.led.setdefault(key, set()).add(owner)
            found.leads.setdefault(key, set()).add(id_)
        words = ", ".join(people[person] for person in named.get(id_, ()))
        found.lead_words[id_] = ": ".join(filter(None, (organisations.get(organisation, ""), words)))
    return by_owner


def _read_spans(
    db: sqlite3.Connection, found: Structure, below: Mapping[str, Mapping[str, list[str]]]
) -> dict[str, list[RowKey]]:
    """Updates and actions by the row after which they come: the first measure they span, or their outcome."""
    at = {id_: place for listed in below["measure"].values() for place, id_ in enumerate(listed)}
    spans: dict[str, list[RowKey]] = {}
    for row_type in ("update", "action"):
        links = _by_owner(db.execute(f"SELECT {row_type}_id, measure_id FROM {row_type}_measure"))
        for id_, outcome in db.execute(f'SELECT id, outcome_id FROM "{row_type}" ORDER BY sort_key, id'):
            covered = sorted(links.get(id_, ()), key=lambda measure: at.get(measure, 0))
            found.owners[id_] = ("outcome", outcome)
            found.measures[id_] = covered
            spans.setdefault(covered[0] if covered else outcome, []).append((row_type, id_))
    return spans


def _order(
    db: sqlite3.Connection,
    found: Structure,
    below: Mapping[str, Mapping[str, list[str]]],
    leads: Mapping[str, list[str]],
    spans: Mapping[str, list[RowKey]],
) -> None:
    from cypp_desktop.plan.search_fields import types_after_priorities

    observations = _by_owner(db.execute("SELECT measure_id, id FROM observation ORDER BY sort_key, id"))
    for measure, ids in observations.items():
        found.owners.update(dict.fromkeys(ids, ("measure", measure)))
    order = found.order

    def put(row_type: str, id_: str) -> None:
        order.append((row_type, id_))
        order.extend(("lead", lead) for lead in leads.get(id_, ()))
        order.extend(("observation", one) for one in observations.get(id_, ()))
        for span in spans.get(id_, ()):
            order.append(span)
            order.extend(("lead", lead) for lead in leads.get(span[1], ()))

    for (priority,) in db.execute("SELECT id FROM priority ORDER BY sort_key, id"):
        put("priority", priority)
        for outcome in below["outcome"].get(priority, ()):
            put("outcome", outcome)
            for measure in below["measure"].get(outcome, ()):
                put("measure", measure)
    for row_type in types_after_priorities():
        sort = "issued_return_id, id" if row_type == "received_file" else "sort_key, id"
        order.extend((row_type, id_) for (id_,) in db.execute(f"SELECT id FROM {row_type} ORDER BY {sort}"))


def place_words(structure: Structure, key: RowKey) -> str:
    """Where a row stands, as codes where there are any: "1 › 1a › i"."""
    return trail(_upward(structure, key))


def _upward(structure: Structure, key: RowKey) -> Iterator[RowName]:
    """The row and all that it stands in."""
    at: RowKey | None = key
    while at is not None:
        row_type, row_id = at
        covered = structure.measures.get(row_id, ())
        covers = tuple(RowName("measure", *structure.named[id_]) for id_ in covered if id_ in structure.named)
        yield RowName(row_type, *structure.named.get(row_id, ("", "")), covers)
        at = structure.owners.get(row_id)
