"""The tree of a plan in one light reading, straight from SQLite.

The window shows this before anything heavy is imported, so this module must import neither
SQLAlchemy nor Qt. It reads only; names of tables and columns are those of :mod:`cypp_desktop.plan.model`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from cypp_desktop.plan.levels import DEFAULT_LEVEL_NAMES, LEVEL_COLUMNS, level_names
from cypp_desktop.plan.marking import shown_marking
from cypp_desktop.plan.signs import cleaned, cleaned_value

#: How far a row of a return has come, in place of its update's state.
DONE: Final = "done"
TO_DO: Final = "to do"
_TEXT_OR_NOTHING: Final = frozenset((str, type(None)))
#: The kinds of rows that have a branch of their own, in the order of the tree.
BRANCHES: Final = ("section", "recommendation", "organisation", "person", "round")


@dataclass(slots=True)
class OutlineRow:
    """One row of the tree.

    ``mark`` is ``green``, ``amber``, ``red``, ``placeholder``, ``none`` (a measure without data) or
    an empty string (not a measure); ``update_state`` is that of the current round, empty where the plan
    has no rounds, and ``done`` or ``to do`` in a return; ``depth`` is that of a section, 1 for a chapter
    and for every other row.
    """

    row_type: str
    id: str
    parent_id: str | None
    sort_key: str
    code: str
    title: str
    mark: str = ""
    update_state: str = ""
    depth: int = 1
    children: list[OutlineRow] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Code and title as the tree shows them."""
        return f"{self.code} {self.title}".strip()


@dataclass(slots=True)
class Outline:
    """The whole tree: priorities with what stands in them, and the plan's other branches."""

    plan_id: str
    title: str
    level_names: dict[str, str]
    current_round: str | None
    current_round_id: str | None
    priorities: list[OutlineRow]
    sections: list[OutlineRow]
    recommendations: list[OutlineRow]
    organisations: list[OutlineRow]
    people: list[OutlineRow]
    rounds: list[OutlineRow]
    #: the protective marking as it is shown
    marking: str = ""

    @property
    def measure_count(self) -> int:
        return sum(len(outcome.children) for priority in self.priorities for outcome in priority.children)


def read_outline(db: sqlite3.Connection) -> Outline:
    """The outline of the plan in an open file. Raises ValueError where something in it is no text."""
    plan_id, title, names = read_names(db)
    round_id, round_name = current_round(db) or (None, None)
    priorities = _rows(db, "priority", "SELECT id, NULL, sort_key, code, title FROM priority")
    outcomes = _rows(db, "outcome", "SELECT id, priority_id, sort_key, code, title FROM outcome")
    measures = _rows(db, "measure", "SELECT id, outcome_id, sort_key, code, title FROM measure")
    _mark_measures(db, measures, round_id)
    _nest(priorities, outcomes)
    _nest(outcomes, measures)
    return Outline(
        plan_id=plan_id,
        title=title,
        level_names=names,
        current_round=round_name,
        current_round_id=round_id,
        priorities=priorities,
        sections=_sections(db),
        recommendations=_rows(
            db,
            "recommendation",
            "SELECT id, NULL, sort_key, number, substr(text, 1, 120) FROM recommendation",
        ),
        organisations=_rows(db, "organisation", "SELECT id, NULL, sort_key, NULL, name FROM organisation"),
        people=_rows(db, "person", "SELECT id, NULL, sort_key, NULL, coalesce(name, post) FROM person"),
        rounds=_rows(db, "round", "SELECT id, NULL, sort_key, NULL, name FROM round"),
        marking=read_marking(db),
    )


def read_marking(db: sqlite3.Connection) -> str:
    """The plan's protective marking as it is shown; empty where it has none."""
    found = db.execute("SELECT protective_marking FROM plan").fetchall()
    return shown_marking(_texts(found)[0][0]) if found else ""


def read_names(db: sqlite3.Connection) -> tuple[str, str, dict[str, str]]:
    """The plan's id and title, and what it calls its levels, by row type."""
    plans = db.execute(f"SELECT id, title, {', '.join(LEVEL_COLUMNS)} FROM plan").fetchall()
    if not plans:
        return "", "", dict(DEFAULT_LEVEL_NAMES)
    plan_id, title, *said = _texts(plans)[0]
    return plan_id, title, level_names(said)


def _texts(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows of a file that nobody has proved, without signs that deceive.

    Raises ValueError where one holds something else than texts.
    """
    is_clean = True
    for column in zip(*rows, strict=True):
        if not set(map(type, column)) <= _TEXT_OR_NOTHING:
            raise ValueError("this is no text")
        words = "".join(filter(None, column))
        is_clean = is_clean and cleaned(words) is words
    return rows if is_clean else [tuple(map(cleaned_value, row)) for row in rows]


def _rows(db: sqlite3.Connection, row_type: str, query: str) -> list[OutlineRow]:
    return [
        OutlineRow(row_type, id_, parent, sort_key, code or "", title or "")
        for id_, parent, sort_key, code, title in _texts(
            db.execute(f"{query} ORDER BY sort_key, id").fetchall()
        )
    ]


def _sections(db: sqlite3.Connection) -> list[OutlineRow]:
    found = db.execute(
        "SELECT id, sort_key, number, title, CAST(depth AS TEXT) FROM section ORDER BY sort_key, id"
    )
    return [
        OutlineRow("section", id_, None, sort_key, number or "", title or "", depth=int(depth))
        for id_, sort_key, number, title, depth in _texts(found.fetchall())
    ]


def current_round(db: sqlite3.Connection) -> tuple[str, str] | None:
    """Id and name of the round that is being written: the last open one, else the last."""
    found = db.execute(
        "SELECT id, name FROM round ORDER BY state = 'open' DESC, sort_key DESC, id DESC LIMIT 1"
    ).fetchall()
    return (str(found[0][0]), str(found[0][1])) if _texts(found) else None


def _nest(parents: Iterable[OutlineRow], rows: Iterable[OutlineRow]) -> None:
    by_id = {parent.id: parent for parent in parents}
    for row in rows:
        if row.parent_id in by_id:
            by_id[row.parent_id].children.append(row)


def _mark_measures(db: sqlite3.Connection, measures: Iterable[OutlineRow], round_id: str | None) -> None:
    placeholders = {row[0] for row in db.execute("SELECT id FROM measure WHERE placeholder")}
    marks = measure_marks(db)
    states = update_states(db, round_id)
    for measure in measures:
        measure.mark = "placeholder" if measure.id in placeholders else marks.get(measure.id, "none")
        measure.update_state = states.get(measure.id, "empty") if round_id else ""


def marks_and_states(db: sqlite3.Connection, measure_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Mark and update state, as the tree shows them, of those of the measures that are in the plan."""
    round_id, _ = current_round(db) or (None, None)
    found: dict[str, tuple[str, str]] = {}
    for measure_id in measure_ids:
        row = db.execute("SELECT placeholder FROM measure WHERE id = ?", (measure_id,)).fetchone()
        if row is None:
            continue
        mark = "placeholder" if row[0] else measure_marks(db, measure_id).get(measure_id, "none")
        state = update_states(db, round_id, measure_id).get(measure_id, "empty") if round_id else ""
        found[measure_id] = (mark, state)
    return found


def update_states(
    db: sqlite3.Connection, round_id: str | None, measure_id: str | None = None
) -> dict[str, str]:
    """State of the update in a round of every measure (or one) that has one; a blank text is empty."""
    if round_id is None:
        return {}
    where = "AND link.measure_id = ?" if measure_id else ""
    found = db.execute(
        "SELECT link.measure_id, CASE WHEN trim(\"update\".text) = '' THEN 'empty' ELSE \"update\".state END"
        ' FROM update_measure AS link JOIN "update" ON "update".id = link.update_id'
        f' WHERE "update".round_id = ? {where} ORDER BY "update".sort_key DESC, "update".id DESC',
        (round_id, measure_id) if measure_id else (round_id,),
    )
    return dict(_texts(found.fetchall()))


def written_measures(db: sqlite3.Connection, round_id: str | None) -> set[str]:
    """The measures that an update of the round covers which says something."""
    rows = db.execute(
        'SELECT l.measure_id FROM update_measure l JOIN "update" u ON u.id = l.update_id'
        " WHERE u.round_id IS ? AND u.state <> 'empty' AND trim(u.text, ' ' || char(9, 10, 13)) <> ''",
        (round_id,),
    )
    return {id_ for (id_,) in rows}


def measure_marks(db: sqlite3.Connection, measure_id: str | None = None) -> dict[str, str]:
    """Red, amber or green of every measure (or one) that has a value, a target and a polarity."""
    from cypp_desktop.plan.dates import kept_span
    from cypp_desktop.plan.rag import Reading, amber_share, mark

    rules = db.execute("SELECT rag_rules FROM plan").fetchone()
    amber = amber_share(json.loads(rules[0]) if rules and rules[0] else {})
    where = "AND o.measure_id = ?" if measure_id else ""
    readings: dict[str, list[Reading]] = {}
    polarity: dict[str, str] = {}
    for measure, direction, kind, area, *period, value in db.execute(
        "SELECT o.measure_id, m.polarity, o.kind, o.area, o.period, o.period_start, o.period_end, o.value"
        " FROM observation AS o"
        " JOIN measure AS m ON m.id = o.measure_id"
        f" WHERE o.value IS NOT NULL AND m.polarity IS NOT NULL {where} ORDER BY o.sort_key, o.id",
        (measure_id,) if measure_id else (),
    ):
        readings.setdefault(measure, []).append(Reading(kind, area, kept_span(*period).end, value))
        polarity[measure] = direction
    found = {measure: mark(polarity[measure], listed, amber) for measure, listed in readings.items()}
    return {measure: said for measure, said in found.items() if said}
