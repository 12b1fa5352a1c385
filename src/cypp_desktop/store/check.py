"""Proof of a plan file: SQLite's own checks, the plan's rules, and that its changes say what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError

from cypp_desktop.plan.base import Row, fields_of, row_classes, stored_value
from cypp_desktop.plan.model import LEAD_ROLES, OBSERVATION_KINDS, POLARITIES, ROUND_STATES, UPDATE_STATES
from cypp_desktop.store import schema
from cypp_desktop.store.changes import RowState, row_state, to_json
from cypp_desktop.store.recorder import read_changes


@dataclass(slots=True)
class CheckReport:
    """What a check found. ``faults`` are in plain words and name rows by type and id, never by their text."""

    rows: int = 0
    changes: int = 0
    steps: int = 0
    digest: str = ""
    faults: list[str] = field(default_factory=list)

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
                report.digest = content_digest(connection)
        except (DatabaseError, ValueError, KeyError, TypeError) as problem:
            report.faults.append(f"The file cannot be read through: {type(problem).__name__}.")
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
        for table, rowid, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all()[:20]:
            report.faults.append(f"A {table} (record {rowid}) names a {parent} that is not in the plan.")


_RULES = (
    ("SELECT count(*) <> 1 FROM plan", "There is not exactly one plan in the file."),
    (
        "SELECT count(*) FROM update_measure AS l JOIN measure AS m ON m.id = l.measure_id"
        ' JOIN "update" AS u ON u.id = l.update_id WHERE m.outcome_id <> u.outcome_id',
        "An update covers a measure of another outcome.",
    ),
    (
        "SELECT count(*) FROM action_measure AS l JOIN measure AS m ON m.id = l.measure_id"
        " JOIN action AS a ON a.id = l.action_id WHERE m.outcome_id <> a.outcome_id",
        "An action serves a measure of another outcome.",
    ),
    ("SELECT count(*) FROM section WHERE depth NOT BETWEEN 1 AND 6", "A section is deeper than six levels."),
    (
        "SELECT count(*) FROM observation WHERE value IS NOT NULL AND words IS NOT NULL",
        "A value is both a number and words.",
    ),
)

_CHOICES = (
    ("update", "state", UPDATE_STATES),
    ("round", "state", ROUND_STATES),
    ("lead", "role", LEAD_ROLES),
    ("observation", "kind", OBSERVATION_KINDS),
    ("measure", "polarity", POLARITIES),
)


def _check_rules(connection: Connection, report: CheckReport) -> None:
    for query, words in _RULES:
        if connection.exec_driver_sql(query).scalar_one():
            report.faults.append(words)
    for table, column, allowed in _CHOICES:
        listed = ", ".join(f"'{one}'" for one in allowed)
        query = f'SELECT count(*) FROM "{table}" WHERE {column} NOT IN ({listed})'
        if connection.exec_driver_sql(query).scalar_one():
            report.faults.append(f"The {column} of a row of type {table} is none of: {', '.join(allowed)}.")


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
                if to_json(field_.value_of(values)) != to_json(field_.value_of(state.values)):
                    report.faults.append(
                        f"The {name} of a {row_type} ({row_id}) is not what its changes say: "
                        "it was altered outside the application."
                    )
    report.faults += [
        f"A {row_type} ({row_id}) is missing from the plan: its changes say that it is there."
        for row_type, row_id in sorted(rebuilt)
    ]
    if connection.exec_driver_sql(_WRONG_HEADS).scalar_one():
        report.faults.append("The marks of which changes are the latest are not right.")


_WRONG_HEADS = """
    WITH named(id, field) AS (
        SELECT parent.value, change.field FROM change, json_each(change.parents) AS parent
    )
    SELECT count(*) FROM change WHERE is_head <> ((id, field) NOT IN (SELECT id, field FROM named))
"""


def rebuilt_rows(connection: Connection) -> Iterator[RowState]:
    """Every row that the changes of a file tell of, live or deleted, as they tell it."""
    own_file = connection.execute(
        select(schema.meta.c.value).where(schema.meta.c.key == "file_id")
    ).scalar_one()
    fields = {row_type: fields_of(cls) for row_type, cls in row_classes().items()}
    changes = sorted(read_changes(connection), key=lambda change: (change.row_type, change.row_id))
    for (row_type, _), listed in groupby(changes, key=lambda change: (change.row_type, change.row_id)):
        state = row_state(list(listed), fields[row_type], own_file)
        if state is not None:
            yield state
