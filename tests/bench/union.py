"""What it costs when the changes of 100 returned files join a plan of 1,000 measures, and one of 10,000.

``python -m tests.bench.union``. 22,500 changes, 225 from each file, come in at once, in two kinds: each of
another field (titles, texts, notes, new rows), and all of them of 1,000 texts, so that 22 people have each
put a paragraph into the same text. Beside it what SQLite alone takes to insert as many rows of the same size.
The figures leave out reading and testing the files.
"""

from __future__ import annotations

import itertools
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from time import perf_counter
from typing import Any

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.identity import new_change_id, new_id
from cypp_desktop.store.changes import CREATED, Change, to_json, value_in
from cypp_desktop.store.check import check_file
from cypp_desktop.store.log import changes_of_rows
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.union import add_changes, marks, retract_changes
from tests.large_plans import large_plan

FILES, EACH, MEASURES = 100, 225, 1_000


def made_of(plan: OpenPlan, kind: str) -> list[Change]:
    """The changes of all returned files."""
    connection = plan.editor.session.connection()
    rows = connection.exec_driver_sql(
        'SELECT m.id, u.id FROM measure m JOIN update_measure l ON l.measure_id = m.id JOIN "update" u'
        " ON u.id = l.update_id ORDER BY m.rowid LIMIT ?",
        (MEASURES,),
    ).all()
    values = dict(connection.exec_driver_sql("SELECT id, measure_id FROM observation ORDER BY rowid").all())
    wanted = {measure for measure, _ in rows}
    ids = {*wanted, *(update for _, update in rows), *(o for o, m in values.items() if m in wanted)}
    created = {log[0].row_id: log[0] for log in changes_of_rows(connection, ids, only_heads=True).values()}
    plan.editor.session.rollback()
    edits = (
        texts([created[update] for _, update in rows]) if kind == "texts" else fields(list(created.values()))
    )
    return list(itertools.islice(edits, FILES * EACH))


def texts(updates: list[Change]) -> Iterator[Change]:
    for number in range(FILES):
        for update in updates:
            lines = update.value["text"].split("\n")
            lines.insert(number % len(lines), f"- Added by number {number}.")
            yield edit(update, "text", "\n".join(lines), number)


def fields(rows: list[Change]) -> Iterator[Change]:
    for at, row in enumerate(rows):
        for field in fields_of(row_classes()[row.row_type]).values():
            if field.kind in ("words", "markdown") and len(field.columns) == 1 and field.name != "place":
                yield edit(row, field.name, f"{value_in(row, field) or ''}\n- Edit {at}", at % FILES)
    for at in range(FILES * EACH):
        row = next(row for row in rows[at % len(rows) :] if row.row_type == "observation")
        yield made(row, new_id(), CREATED, None, row.value, (), at % FILES)


def edit(created: Change, name: str, value: str, file: int) -> Change:
    field = fields_of(row_classes()[created.row_type])[name]
    return made(created, created.row_id, name, value_in(created, field), value, (created.id,), file)


def made(
    like: Change, row_id: str, name: str, before: Any, value: Any, parents: tuple[str, ...], file: int
) -> Change:
    return Change(
        new_change_id(), like.row_type, row_id, name, before, value, parents,
        "Someone", f"file {file}", "2018-06-01T10:00:00Z", f"step {file}",
    )  # fmt: skip


def bare(path: Path, changes: list[Change]) -> float:
    """What SQLite alone takes to insert the same rows into one table with one index."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "CREATE TABLE t (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, row TEXT, field TEXT, a TEXT, b TEXT)"
        )
        rows = [(c.id, c.row_id, c.field, to_json(c.before), to_json(c.value)) for c in changes]
        began = perf_counter()
        db.executemany("INSERT INTO t (id, row, field, a, b) VALUES (?, ?, ?, ?, ?)", rows)
        db.commit()
        return perf_counter() - began


def measured(plan: OpenPlan, changes: list[Change], *, proven: bool) -> tuple[float, str]:
    """Seconds that the union takes, and in words also those of finding marks and of taking it back."""
    connection = plan.editor.session.connection()
    began = perf_counter()
    added = add_changes(connection, changes, batch="batch")
    joining = perf_counter() - began
    found = marks(connection)
    seeing = perf_counter() - began - joining
    if proven:
        plan.editor.session.commit()
        assert check_file(plan.editor.session.get_bind()).is_clean  # type: ignore[arg-type]
        connection = plan.editor.session.connection()
    began = perf_counter()
    retract_changes(connection, added.changes)
    back = perf_counter() - began
    plan.editor.session.commit()
    said = f"{len(added.changes):,} changes in {joining:5.2f} s, {len(found):5,} marks in {seeing:5.2f} s"
    return joining, f"{said}, taken back in {back:5.2f} s"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        os.environ["CYPP_DESKTOP_HOME"] = folder
        taken: dict[tuple[str, int], float] = {}
        alone: dict[str, float] = {}
        for measures in (MEASURES, 10 * MEASURES):
            plan = stack.enter_context(OpenPlan.create(Path(folder) / f"{measures}.cypp"))
            load_plan(plan.editor, large_plan(measures))
            for kind in ("fields", "texts"):
                changes = made_of(plan, kind)
                alone.setdefault(kind, bare(Path(folder) / f"{kind} {measures}.db", changes))
                taken[kind, measures], words = measured(plan, changes, proven=measures == MEASURES)
                print(f"{kind:7}{measures:7,} measures: {words}")
    for kind in ("fields", "texts"):
        small, large = taken[kind, MEASURES], taken[kind, 10 * MEASURES]
        print(f"{kind:7} large plan / small plan {large / small:6.2f}   (to reach: at most 1.5)")
        print(f"{kind:7} union / bare insert     {small / alone[kind]:6.2f}")


if __name__ == "__main__":
    main()
