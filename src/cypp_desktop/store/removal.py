"""What was removed from a plan for good: which parts of which changes are empty, and why.

A removal *marks* parts of changes and steps by their ids, never by what they said. A marked part is empty: as
if the person had never written anything there. The marks only ever grow in number, and empty the same parts
wherever the change turns up, also one that comes in later from an older copy. So files of a plan come to say
the same in whatever order they meet, as they do with changes; and nothing that reads changes needs to know of
it. A removal travels with the plan like any change, from copies and never from returns.

What is left of a field of which a text was removed is said by a change of its own, made by who removed it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy.engine import Connection

from cypp_desktop.plan.base import field_of, row_classes
from cypp_desktop.plan.folding import fold
from cypp_desktop.store import by_ids
from cypp_desktop.store.changes import CREATED, DELETED, Change, from_json, to_json
from cypp_desktop.store.claims import Claim, claim_of
from cypp_desktop.store.log import RowKey

#: The parts of a change: ``value.title`` and ``before.title`` are what it says of a column and what it says
#: was there before; who made it; and what it claimed of itself when it came in.
VALUE: Final = "value"
BEFORE: Final = "before"
AUTHOR: Final = "author"
CLAIM: Final = "claim"
#: The parts of a step: what it is called, who did it, and what it says of the files that it took in.
STEP_NAME: Final = "step.name"
STEP_AUTHOR: Final = "step.author"
STEP_REPORT: Final = "step.report"
#: The parts of an earlier removal: who did it, and why.
REMOVAL_AUTHOR: Final = "removal.author"
REMOVAL_REASON: Final = "removal.reason"
#: What a return says of itself, under its id: ``said.covering_note``.
SAID: Final = "said"

#: That a row of this type, whose log does not say what it says, is to say what its log says: ``row.measure``.
ROW: Final = "row"

#: What stands where a name was.
NOBODY: Final = "Name removed"
WITHOUT_REASON: Final = "the reason held a removed text"
STEP_WITHOUT_NAME: Final = "A change (its name held a removed text)"
#: The keys of a report of a merge under which stands what people wrote.
_WORDS_IN_REPORTS: Final = frozenset(
    ("name", "author", "organisation", "place", "address", "label", "why", "words")
)
#: As much of a text as the name of a step quotes for sure.
_QUOTED: Final = 24
_SHORTEST_QUOTED: Final = 4


class Mark(NamedTuple):
    """That a part of a change, step, row, return or earlier removal is removed; ``item`` is its id."""

    item: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Texts removed together. ``reason`` is the person's, and holds nothing of what was removed."""

    id: str
    at: str
    author: str
    reason: str
    marks: tuple[Mark, ...] = ()


class Gap(NamedTuple):
    """Why something is missing: the removal that took it, for people."""

    at: str
    author: str
    reason: str


def part_of(side: str, column: str) -> str:
    """The part of a change that says something of a column: ``value.title``."""
    return f"{side}.{column}"


@cache
def is_text(row_type: str, column: str) -> bool:
    """Whether a column can hold words that a person wrote, so that there is something to remove."""
    cls = row_classes().get(row_type)
    if cls is None or column not in cls.__table__.columns:
        return True  # of a later version: who knows
    info = cls.__table__.columns[column].info
    return info.get("kind") not in ("place", "link", "choice", "flag") and not info.get("between")


def emptied(row_type: str, column: str) -> Any:
    """What a column says of which the text was removed: what a new row says of it."""
    cls = row_classes().get(row_type)
    known = cls.__table__.columns.get(column) if cls is not None else None
    if known is None or known.nullable:
        return None
    default = known.info.get("default")
    return default() if callable(default) else default


def columns_in(change: Change, side: str) -> dict[str, Any]:
    """What a change says, on one side of it, by column; nothing where it tells of no column."""
    value = change.value if side == VALUE else change.before
    if change.field in (CREATED, DELETED):
        return value if isinstance(value, dict) else {}
    field_ = field_of(change.row_type, change.field)
    if field_ is not None and len(field_.columns) > 1:
        return value if isinstance(value, dict) else {}
    return {field_.columns[0] if field_ is not None else change.field: value}


def with_parts_emptied(change: Change, parts: Collection[str]) -> Change:
    """A change without the parts that are removed."""
    if AUTHOR in parts:
        change = change._replace(author=NOBODY)
    if CLAIM in parts and change.claim is not None:
        claim = claim_of(change.claim)  # that there is one says that the change is from outside
        change = change._replace(claim=Claim(claim.issue if claim else None, "", "").as_text())
    for side in (VALUE, BEFORE):
        said = columns_in(change, side)
        gone = {column for column in said if part_of(side, column) in parts}
        if gone:
            left = {
                name: emptied(change.row_type, name) if name in gone else value
                for name, value in said.items()
            }
            change = change._replace(**{side: _as_said(change, left)})
    return change


def _as_said(change: Change, columns: Mapping[str, Any]) -> Any:
    """The columns as a change of this field holds them."""
    if change.field in (CREATED, DELETED):
        return dict(columns)
    field_ = field_of(change.row_type, change.field)
    return dict(columns) if field_ is not None and len(field_.columns) > 1 else next(iter(columns.values()))


# ------------------------------------------------------------------ what a file has on record


def has_removals(connection: Connection) -> bool:
    """Whether anything was ever removed from the plan for good."""
    return connection.exec_driver_sql("SELECT 1 FROM removal LIMIT 1").first() is not None


def ids_of(connection: Connection) -> set[str]:
    """The ids of all removals that a file knows of."""
    return {id_ for (id_,) in connection.exec_driver_sql("SELECT id FROM removal")}


def removals_of(connection: Connection) -> list[Removal]:
    """Every removal that a file knows of, with its marks."""
    marks: dict[str, list[Mark]] = {}
    for item, part, removal in connection.exec_driver_sql(
        "SELECT item, part, removal FROM removed ORDER BY item, part"
    ):
        marks.setdefault(removal, []).append(Mark(item, part))
    rows = connection.exec_driver_sql("SELECT id, at, author, reason FROM removal ORDER BY id")
    return [
        Removal(id=id_, at=at, author=author, reason=reason, marks=tuple(marks.get(id_, ())))
        for id_, at, author, reason in rows
    ]


def parts_removed(connection: Connection, items: Iterable[str]) -> dict[str, set[str]]:
    """Of these changes and steps, those of which something is removed, with the parts."""
    found: dict[str, set[str]] = {}
    for item, part in by_ids.select(connection, "SELECT item, part FROM removed WHERE item IN :ids", items):
        found.setdefault(item, set()).add(part)
    return found


def gaps_in(connection: Connection, items: Iterable[str]) -> dict[str, dict[str, Gap]]:
    """Of these changes and steps, why their removed parts are gone: by id and part."""
    statement = (
        "SELECT m.item, m.part, r.at, r.author, r.reason FROM removed m JOIN removal r ON r.id = m.removal"
        " WHERE m.item IN :ids ORDER BY r.at DESC, r.id DESC"
    )
    found: dict[str, dict[str, Gap]] = {}
    for item, part, *gap in by_ids.select(connection, statement, items):
        found.setdefault(item, {})[part] = Gap(*gap)
    return found


def without_removed(connection: Connection, changes: Sequence[Change]) -> list[Change]:
    """Changes that come in, without what was removed from them here."""
    if not has_removals(connection):
        return list(changes)
    removed = parts_removed(connection, (change.id for change in changes))
    return [with_parts_emptied(change, removed.get(change.id, ())) for change in changes]


def made_upon_removed(connection: Connection, changes: Iterable[Change]) -> set[str]:
    """The ids of those of the changes whose authors had before them a text that is removed.

    They may say it again: whoever takes them in should read them.
    """
    listed = list(changes)
    if not has_removals(connection):
        return set()
    removed = parts_removed(connection, {parent for change in listed for parent in change.parents})
    found: set[str] = set()
    for change in listed:
        columns = columns_in(change, VALUE)
        for parent in change.parents:
            parts = removed.get(parent, ())
            if any(part_of(VALUE, column) in parts for column in columns):
                found.add(change.id)
    return found


# ------------------------------------------------------------------ removing


def record(connection: Connection, removals: Iterable[Removal]) -> set[RowKey]:
    """Take removals into the file and empty what they mark, in the transaction of the connection.

    Gives the rows that may say something else now: they are to be materialised. What is known already stays.
    """
    listed = list(removals)
    if not listed:
        return set()
    connection.exec_driver_sql("PRAGMA secure_delete=ON")
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO removal (id, at, author, reason) VALUES (?, ?, ?, ?)",
        [(each.id, each.at, each.author, each.reason) for each in listed],
    )
    rows = [(mark.item, mark.part, each.id) for each in listed for mark in each.marks]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO removed (item, part, removal) VALUES (?, ?, ?)", rows
        )
    parts: dict[str, set[str]] = {}
    for item, part, _ in rows:
        parts.setdefault(item, set()).add(part)
    _empty_removals(connection)
    _empty_what_is_said(connection, parts)
    return _empty(connection, parts)


def _empty_removals(connection: Connection) -> None:
    """Take out of earlier removals, also those that come in only now, who did them or why."""
    for column, part, instead in (
        ("author", REMOVAL_AUTHOR, NOBODY),
        ("reason", REMOVAL_REASON, WITHOUT_REASON),
    ):
        connection.exec_driver_sql(
            f"UPDATE removal SET {column} = ? WHERE EXISTS"
            " (SELECT 1 FROM removed m WHERE m.item = removal.id AND m.part = ?)",
            (instead, part),
        )


def _empty_what_is_said(connection: Connection, parts: Mapping[str, set[str]]) -> None:
    """In a return: take out of what it says of itself what is removed."""
    issue_id = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'issue_id'").scalar()
    for part in parts.get(issue_id or "", ()):
        if part.startswith(f"{SAID}."):
            key = part.removeprefix(f"{SAID}.")
            connection.exec_driver_sql("UPDATE meta SET value = '' WHERE key = ?", (key,))


def _empty(connection: Connection, parts: Mapping[str, set[str]]) -> set[RowKey]:
    """Empty these parts of changes and steps, and whatever quotes them."""
    statement = (
        "SELECT id, row_type, row_id, field, before, value, author, claim FROM change WHERE id IN :ids"
    )
    touched = _rows_marked(parts)
    quoted: set[str] = set()
    said_anew: list[tuple[Any, ...]] = []
    of_words: list[str] = []
    for id_, row_type, row_id, name, before, value, author, claim in by_ids.select(
        connection, statement, parts
    ):
        said = from_json(before), from_json(value)
        was = Change(id_, row_type, row_id, name, *said, (), author, "", "", "", claim)
        now = with_parts_emptied(was, parts[id_])
        if now == was:
            continue
        quoted |= _quotable(was, parts[id_])
        said_anew.append((to_json(now.before), to_json(now.value), now.author, now.claim, id_))
        if now.value != was.value or now.before != was.before:
            touched.add((row_type, row_id))
            of_words.append(id_)
    if said_anew:
        connection.exec_driver_sql(
            "UPDATE change SET before = ?, value = ?, author = ?, claim = ? WHERE id = ?", said_anew
        )
    _end_undoing(connection, of_words)
    _empty_steps(connection, parts, quoted)
    return touched


def _rows_marked(parts: Mapping[str, Collection[str]]) -> set[RowKey]:
    """The rows that are to say what their log says."""
    found: set[RowKey] = set()
    for item, marked in parts.items():
        for part in marked:
            kind, _, row_type = part.partition(".")
            if kind == ROW and row_type in row_classes():
                found.add((row_type, item))
    return found


def _quotable(change: Change, parts: Collection[str]) -> set[str]:
    """What is removed from a change, as far as names and reports of steps may quote it; folded."""
    texts: list[str] = [change.author] if AUTHOR in parts else []
    for side in (VALUE, BEFORE):
        for column, value in columns_in(change, side).items():
            if part_of(side, column) in parts:
                texts += [value] if isinstance(value, str) else _strings_in(value)
    found = {" ".join(fold(text).split())[:_QUOTED].strip() for text in texts}
    return {text for text in found if len(text) >= _SHORTEST_QUOTED}


def _strings_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in _strings_in(each)] if isinstance(value, list) else []


def _end_undoing(connection: Connection, changes: Iterable[str]) -> None:
    """The steps that made these changes can neither be undone nor redone any more."""
    by_ids.change(
        connection,
        "UPDATE step SET state = 'dropped' WHERE state IN ('done', 'undone') AND kind = 'do'"
        " AND id IN (SELECT step FROM change WHERE id IN :ids)",
        changes,
    )


def _empty_steps(connection: Connection, parts: Mapping[str, set[str]], quoted: Collection[str]) -> None:
    """Take the names and reports of steps away that are marked, or quote what was removed.

    What another machine called its steps nobody could mark: so they are looked through wherever a removal
    arrives.
    """
    said_anew: list[tuple[Any, ...]] = []
    rows = connection.exec_driver_sql("SELECT id, name, author, report FROM step").all()
    for id_, name, author, report in rows:
        marked = parts.get(id_, ())
        now = (
            STEP_WITHOUT_NAME if STEP_NAME in marked or _quotes(name, quoted) else name,
            NOBODY if STEP_AUTHOR in marked or _quotes(author, quoted) else author,
            _without_words(report) if STEP_REPORT in marked or _quotes(report, quoted) else report,
        )
        if now != (name, author, report):
            said_anew.append((*now, id_))
    if said_anew:
        connection.exec_driver_sql("UPDATE step SET name = ?, author = ?, report = ? WHERE id = ?", said_anew)


def _quotes(text: str | None, quoted: Collection[str]) -> bool:
    if not text or not quoted:
        return False
    folded = " ".join(fold(text).split())
    return any(each in folded for each in quoted)


def _without_words(report: str | None) -> str | None:
    """The report of a merge with its counts and ids alone."""
    return None if report is None else json.dumps(_only_counts(json.loads(report)), ensure_ascii=False)


def _only_counts(value: Any) -> Any:
    if isinstance(value, list):
        return [_only_counts(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "" if key in _WORDS_IN_REPORTS and isinstance(each, str) else _only_counts(each)
        for key, each in value.items()
    }
