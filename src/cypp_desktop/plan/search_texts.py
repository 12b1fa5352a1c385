"""Reads out of a plan file what can be found in it, row by row and in the plan's order.

Plain SQLite, like :mod:`cypp_desktop.plan.outline`: neither SQLAlchemy nor Qt. Names of tables and
columns are those of :mod:`cypp_desktop.plan.model`; a test walks all mapped columns, so that none is
forgotten here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.words import cut

RowKey = tuple[str, str]
#: A text of a row: its field, what it says, and whether that is Markdown.
Text = tuple[str, str, bool]

#: The columns of each row type that can be found, by the field that a person sees them in: several
#: columns are one text. ``*`` marks Markdown, ``+`` a list of words, ``#`` one of Markdown, ``@`` a day.
TEXTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "plan": (
        ("title", "title"), ("document_label", "document_label"), ("status", "status"),
        ("partnership", "partnership"), ("area", "area"), ("period", "period"),
        ("introduction", "introduction*"), ("level_priority", "level_priority"),
        ("level_outcome", "level_outcome"), ("level_measure", "level_measure"), ("columns", "columns+"),
        ("protective_marking", "protective_marking"), ("notes", "notes+"),
    ),
    "priority": (
        ("title", "code title"), ("outcomes_sought", "outcomes_sought#"),
        ("success_criteria", "success_criteria#"), ("lineage", "lineage*"), ("note", "note*"),
    ),
    "outcome": (
        ("title", "code title"), ("strategic_plans", "strategic_plans+"),
        ("governance_groups", "governance_groups+"), ("lineage", "lineage*"), ("note", "note*"),
    ),
    "measure": (
        ("title", "code title"), ("key", "key"), ("flags", "flags+"), ("definition", "definition*"),
        ("polarity", "polarity"), ("unit", "unit value_format"), ("frequency", "frequency"),
        ("source", "source"), ("lineage", "lineage*"), ("note", "note*"),
    ),
    "update": (("text", "text*"), ("source", "source*"), ("state", "state"), ("note", "note*")),
    "action": (
        ("number", "number"), ("text", "text*"), ("due", "due"), ("status", "status"), ("note", "note*"),
    ),
    "lead": (("organisation_id", "role note"),),
    "observation": (("value", "value words unit series area period kind"), ("note", "note*")),
    "section": (("title", "number title"), ("text", "text*"), ("note", "note*")),
    "recommendation": (
        ("number", "number"), ("text", "text*"), ("section", "section"), ("status", "status"),
        ("owner", "owner"), ("due", "due"), ("progress", "progress*"), ("note", "note*"),
    ),
    "organisation": (
        ("name", "name"), ("short_name", "short_name"), ("kind", "kind"), ("email", "email"),
    ),
    "person": (("name", "name post"), ("email", "email")),
    "round": (("name", "name"), ("period", "period"), ("due", "due@"), ("state", "state")),
    "print_layout": (("name", "name"),),
    "pack": (("name", "name"),),
    "issued_return": (
        ("issued_by", "issued_by"), ("due", "due@"), ("covering_note", "covering_note*"),
        ("status", "status"),
    ),
    "received_file": (("sender", "sender"), ("outcome", "outcome")),
}  # fmt: skip
#: Rows that are shown as they are named: in the order of the tree's branches, then what has no branch.
_AFTER_PRIORITIES: Final = (
    "section", "recommendation", "organisation", "person", "round", "print_layout", "pack", "issued_return",
    "received_file",
)  # fmt: skip
_PARENTS: Final = {"outcome": "priority_id", "measure": "outcome_id"}
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
    fields = TEXTS[row_type]
    columns = [column for _, listed in fields for column in listed.split()]
    names = ", ".join(f'"{column.rstrip("*+#@")}"' for column in columns)
    plan = []
    at = 1
    for name, listed in fields:
        count = len(listed.split())
        plan.append((name, at, at + count, listed[-1]))
        at += count
    for found in _rows(db, f'SELECT id, {names} FROM "{row_type}"', ids):
        texts: list[Text] = []
        for name, start, end, kind in plan:
            said = found[start]
            if end - start > 1:
                said = " ".join([one for one in found[start:end] if one])
            elif kind in "+#":
                said = ("\n" if kind == "+" else "\n\n").join(json.loads(said))
            elif kind == "@" and said:
                said = day_in_words(said)
            if said and not said.isspace():
                texts.append((name, said, kind in "*#"))
        yield found[0], texts


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
    plan = db.execute("SELECT id, level_priority, level_outcome, level_measure FROM plan").fetchone()
    if plan is not None:
        found.plan = ("plan", plan[0])
        found.order.append(found.plan)
        levels = (plan[1] or "Priority", plan[2] or "Outcome", plan[3] or "Performance measure")
        found.levels = dict(zip(("priority", "outcome", "measure"), levels, strict=True))
    below = {
        row_type: _by_owner(db.execute(f"SELECT {parent}, id FROM {row_type} ORDER BY sort_key, id"))
        for row_type, parent in _PARENTS.items()
    }
    for row_type, parent in _PARENTS.items():
        for owner, ids in below[row_type].items():
            found.owners.update(dict.fromkeys(ids, (parent.removesuffix("_id"), owner)))
    for row_type in ("priority", *_PARENTS):
        for id_, code, title in db.execute(f"SELECT id, code, title FROM {row_type}"):
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
    organisations = dict(db.execute("SELECT id, name FROM organisation"))
    people = dict(db.execute("SELECT id, coalesce(name, post, '') FROM person"))
    named = _by_owner(db.execute("SELECT lead_id, person_id FROM lead_person ORDER BY sort_key, id"))
    by_owner: dict[str, list[str]] = {}
    for id_, organisation, *owners in db.execute(
        "SELECT id, organisation_id, priority_id, outcome_id, measure_id, action_id FROM lead"
        " ORDER BY sort_key, id"
    ):
        types = ("priority", "outcome", "measure", "action")
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
    for row_type in _AFTER_PRIORITIES:
        sort = "issued_return_id, id" if row_type == "received_file" else "sort_key, id"
        order.extend((row_type, id_) for (id_,) in db.execute(f"SELECT id FROM {row_type} ORDER BY {sort}"))


def place_words(structure: Structure, key: RowKey) -> str:
    """Where a row stands, as codes where there are any: "1 › 1a › i"."""
    way: list[str] = []
    at: RowKey | None = key
    while at is not None:
        named = structure.named.get(at[1])
        if named is not None:
            way.insert(0, named[0] or cut(named[1], 28) or at[0].capitalize())
        at = structure.owners.get(at[1])
    covered = [structure.named[id_] for id_ in structure.measures.get(key[1], ()) if id_ in structure.named]
    if covered:
        way.append(", ".join(code or cut(title, 28) for code, title in covered))
    return " › ".join(way)
