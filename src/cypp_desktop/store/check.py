"""Proof of a plan file: SQLite's own checks, the plan's rules, and that its changes say what it holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError

from cypp_desktop.errors import CyppError
from cypp_desktop.plan.base import Row, fields_of, row_classes, stored_value
from cypp_desktop.plan.shape import owners_of
from cypp_desktop.plan.signs import cleaned_value
from cypp_desktop.store import liveness, log, removal, schema
from cypp_desktop.store.changes import RowState, row_state, to_json
from cypp_desktop.store.table_check import table_faults

#: What reading may meet where a file was altered: text that is no text, history that does not fit.
_UNREADABLE = (
    *(CyppError, DatabaseError, ValueError, LookupError, TypeError),
    *(AttributeError, ArithmeticError, RecursionError),
)


@dataclass(slots=True)
class CheckReport:
    """What a check found. ``faults`` are in plain words and name rows by type and id, never by their text.

    ``remarks`` are of the same kind and leave the file sound: it can be used as it is.
    """

    rows: int = 0
    changes: int = 0
    steps: int = 0
    digest: str = ""
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults


def check_file(engine: Engine) -> CheckReport:
    """Prove the file behind an engine. Reads only."""
    report = CheckReport()
    with engine.connect() as connection:
        try:
            _check_storage(connection, report)
            if report.is_clean:
                _check_rules(connection, report)
                _check_changes(connection, report)
                report.faults += _faults_of_the_books(connection)
                report.digest = content_digest(connection)
                report.remarks += _backward_spans(connection)
        except _UNREADABLE:
            report.faults.append("The file cannot be read through: something in it is not as it was written.")
        finally:
            connection.rollback()
    return report


def content_digest(connection: Connection) -> str:
    """SHA-256 over every row of the plan: equal for files that say the same, whatever their history."""
    digest = hashlib.sha256()
    for row_type, cls in sorted(row_classes().items()):
        for row_id, values in _stored_rows(connection, cls):
            digest.update(to_json([row_type, row_id, values]).encode("utf-8", "surrogatepass"))
            digest.update(b"\n")
    return digest.hexdigest()


def _stored_rows(connection: Connection, cls: type[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of a class by id, in the order of ids, as the log would hold its columns."""
    table = cls.__table__
    names = [column.key for column in table.columns if not column.primary_key]
    for row in connection.execute(select(table).order_by(table.c.id)):
        stored = row._mapping
        yield stored["id"], {name: stored_value(stored[name]) for name in names}


def _check_storage(connection: Connection, report: CheckReport) -> None:
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if said != "ok":
            report.faults.append(f"The file is damaged: {said}.")
    if report.is_clean:
        report.faults += table_faults(connection)
    if report.is_clean:
        for table, rowid, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all()[:20]:
            report.faults.append(f"A {table} (record {rowid}) names a {parent} that is not in the plan.")


#: What is wrong where the two ends of a link do not stand in one outcome.
_WRONG_LINKS = {
    "update_measure": "An update covers a measure of another outcome.",
    "action_measure": "An action serves a measure of another outcome.",
}

_WRONG = (
    ("section", "depth NOT BETWEEN 1 AND 6", "A section is deeper than six levels."),
    ("observation", "value IS NOT NULL AND words IS NOT NULL", "A value is both a number and words."),
)


def _check_rules(connection: Connection, report: CheckReport) -> None:
    if connection.exec_driver_sql("SELECT count(*) FROM plan").scalar_one() != 1:
        report.faults.append("There is not exactly one plan in the file.")
    for link, words in _WRONG_LINKS.items():
        ((_, text),) = owners_of(link)
        query = (
            f"SELECT count(*) FROM {link} AS l JOIN measure AS m ON m.id = l.measure_id"
            f' JOIN "{text}" AS t ON t.id = l.{text}_id WHERE m.outcome_id <> t.outcome_id'
        )
        if connection.exec_driver_sql(query).scalar_one():
            report.faults.append(words)
    for table, wrong, words in (*_WRONG, *_wrong_choices()):
        if connection.exec_driver_sql(f'SELECT count(*) FROM "{table}" WHERE {wrong}').scalar_one():
            report.faults.append(words)


def _backward_spans(connection: Connection) -> Iterator[str]:
    """Due dates and periods whose last day is before the first, as version 0.1.0 read "2027-03"."""
    for row_type, cls in row_classes().items():
        for name, field_ in fields_of(cls).items():
            if f"{name}_start" not in field_.columns:
                continue
            query = f'SELECT id FROM "{row_type}" WHERE {name}_end < {name}_start ORDER BY id'
            for (row_id,) in connection.exec_driver_sql(query):
                yield (
                    f"The {name} of the {row_type} {row_id} ends before it begins: an earlier version "
                    "misread its words. They are read again wherever they count; edit them to put it right."
                )


def check_rows(connection: Connection, rows: Iterable[log.RowKey]) -> list[str]:
    """The rules of the plan that these rows break; the cost follows their number, not the plan's size."""
    faults = []
    by_type: dict[str, list[str]] = {}
    for row_type, row_id in rows:
        by_type.setdefault(row_type, []).append(row_id)
    if by_type.get("plan") and connection.exec_driver_sql("SELECT count(*) FROM plan").scalar_one() != 1:
        faults.append("There is not exactly one plan in the file.")
    for link, words in _WRONG_LINKS.items():
        ((_, text),) = owners_of(link)
        if _joins_two_outcomes(connection, link, text, by_type):
            faults.append(words)
    for table, wrong, words in (*_WRONG, *_wrong_choices()):
        ids = by_type.get(table)
        if not ids:
            continue
        query = f'SELECT count(*) FROM "{table}" WHERE id IN (SELECT value FROM json_each(?)) AND ({wrong})'
        if connection.exec_driver_sql(query, (json.dumps(ids),)).scalar_one():
            faults.append(words)
    return faults


def _joins_two_outcomes(
    connection: Connection, link: str, text: str, by_type: Mapping[str, list[str]]
) -> bool:
    """Whether a link joins rows of two outcomes, among the links that have to do with rows given by type."""
    ends = ((link, "id"), (text, f"{text}_id"), ("measure", "measure_id"))
    chosen = " UNION ".join(
        f"SELECT id FROM {link} WHERE {column} IN (SELECT value FROM json_each(?))" for _, column in ends
    )
    query = (
        f"SELECT count(*) FROM {link} AS l JOIN measure AS m ON m.id = l.measure_id"
        f' JOIN "{text}" AS t ON t.id = l.{text}_id'
        f" WHERE m.outcome_id <> t.outcome_id AND l.id IN ({chosen})"
    )
    ids = tuple(json.dumps(by_type.get(row_type, [])) for row_type, _ in ends)
    return bool(connection.exec_driver_sql(query, ids).scalar_one())


@cache
def _wrong_choices() -> tuple[tuple[str, str, str], ...]:
    """As ``_WRONG``, for every field that has choices."""
    found = []
    for row_type, cls in row_classes().items():
        for name, known in fields_of(cls).items():
            if known.choices is not None:
                listed = ", ".join(f"'{choice}'" for choice in known.choices)
                words = f"The {name} of a row of type {row_type} is none of: {', '.join(known.choices)}."
                found.append((row_type, f"{name} NOT IN ({listed})", words))
    return tuple(found)


def _check_changes(connection: Connection, report: CheckReport) -> None:
    """The plan rebuilt from its changes must be the stored plan."""
    report.steps = connection.exec_driver_sql("SELECT count(*) FROM step").scalar_one()
    report.changes = connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one()
    rebuilt = {(state.row_type, state.row_id): state for state in rebuilt_rows(connection) if state.live}
    for row_type, cls in row_classes().items():
        for row_id, values in _stored_rows(connection, cls):
            report.rows += 1
            state = rebuilt.pop((row_type, row_id), None)
            if state is None:
                report.faults.append(
                    f"A {row_type} ({row_id}) is in the plan, but its changes do not say so."
                )
                continue
            for name, field_ in fields_of(cls).items():
                kept, told = to_json(field_.value_of(values)), field_.value_of(state.stored)
                if kept != to_json(told) and kept != to_json(cleaned_value(told)):
                    report.faults.append(
                        f"The {name} of a {row_type} ({row_id}) is not what its changes say: "
                        "it was altered outside the application."
                    )
    report.faults += [
        f"A {row_type} ({row_id}) is missing from the plan: its changes say that it is there."
        for row_type, row_id in sorted(rebuilt)
    ]
    report.faults += _removed_and_there(connection)
    if connection.exec_driver_sql(_WRONG_HEADS).scalar_one():
        report.faults.append("The marks of which changes are the latest are not right.")


def _faults_of_the_books(connection: Connection) -> Iterator[str]:
    """What is wrong with what the file says of itself and of its steps. DatabaseError where it is no text."""
    for table_ in (schema.step, schema.removal, schema.removed):
        for row in connection.execute(select(table_)):
            if table_ is schema.step and row.report is not None and not _is_json(row.report, dict):
                yield f"What a merge did (step {row.seq}) is not told as this application tells it."
    said = {row.key: row.value for row in connection.execute(select(schema.meta))}
    for key, kind in _SAID_AS_JSON.items():
        if key in said and not _is_json(said[key], kind):
            yield f"What the file says of itself under {key} is not as this application writes it."
    if not said.get("sealed_step", "0").isascii() or not said.get("sealed_step", "0").isdigit():
        yield "What the file says of itself under sealed_step is not as this application writes it."


#: What a file says of itself as JSON lists: by key, of what.
_SAID_AS_JSON: Mapping[str, type] = {"own_files": str, "finished_steps": str, "held": list}


def _is_json(text: str, kind: type) -> bool:
    """Whether a text is a JSON object, or (with another kind) a list of such, or of pairs of texts."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if kind is dict:
        return isinstance(value, dict)
    if not isinstance(value, list) or not all(isinstance(each, kind) for each in value):
        return False
    return kind is not list or all(list(map(type, each)) == [str, str] for each in value)


def _removed_and_there(connection: Connection) -> Iterator[str]:
    """Changes that still say what was removed for good."""
    if not removal.has_removals(connection):
        return
    items = [item for (item,) in connection.exec_driver_sql("SELECT DISTINCT item FROM removed")]
    parts = removal.parts_removed(connection, items)
    for change in log.changes_with_ids(connection, items):
        if removal.with_parts_emptied(change, parts[change.id]) != change:
            yield (
                f"A change of a {change.row_type} ({change.row_id}) still says what was removed for good: "
                "it was altered outside the application."
            )


_WRONG_HEADS = """
    WITH named(id, field) AS MATERIALIZED (
        SELECT DISTINCT parent.value, change.field FROM change, json_each(change.parents) AS parent
    )
    SELECT count(*) FROM change LEFT JOIN named ON named.id = change.id AND named.field = change.field
    WHERE change.is_head <> (named.id IS NULL)
"""


class _NoOtherRows:
    """All rows are looked at: there are no others."""

    def is_stored(self, key: log.RowKey) -> bool:
        return False

    def outcome_of(self, key: log.RowKey) -> Any:
        return None


def rebuilt_rows(connection: Connection) -> list[RowState]:
    """Every row that the changes of a file tell of, live or deleted, as they tell it."""
    own = log.own_files(connection)
    changes = sorted(log.read_changes(connection), key=lambda change: (change.row_type, change.row_id))
    states: dict[log.RowKey, RowState] = {}
    for key, listed in groupby(changes, key=lambda change: (change.row_type, change.row_id)):
        state = row_state(listed, fields_of(row_classes()[key[0]]), own)
        if state is not None:
            states[key] = state
    liveness.set_live(states, _NoOtherRows())
    return list(states.values())
