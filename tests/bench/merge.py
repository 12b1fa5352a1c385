"""What it costs to take in a hundred returned files: ``python -m tests.bench.merge [MEASURES …]``.

A hundred returns of about 225 edits each come back to a plan of 1,000 measures with updates of 1.2 kB, and
the same hundred to a plan of 100,000. The measures of neighbouring returns overlap, so that most updates
were edited by several. All gates are passed. The first ones, for which each file is read from end to end, run
in a second process meanwhile; what they would take one after the other is printed apart, as is the backup,
since these follow from the size of files. What can be done again is done three times, each on a plan of its
own, and the run in the middle counts.

Beside it, the edits of the first plan merged otherwise, with rows under integer keys: by ``pygeodiff``
(create and rebase, file by file; installed into ``build/peers-merge`` when first needed, else left out) and
by a plain comparison in Python, row by row. Neither has gates, a history, a mark, or a way back.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from types import ModuleType
from typing import Any

from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.merge import apply
from cypp_desktop.merge.gates import read_through, receiving
from cypp_desktop.merge.gates.receiving import our_tables
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.merge.model import Received
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.model import Measure, Observation, Organisation, Update
from cypp_desktop.store.disk import DISK
from cypp_desktop.store.plan_file import OpenPlan
from tests.large_plans import large_plan, multiply

RETURNS, WINDOW, TO_REACH = 100, 75, 3.0
RUNS = 3
SIZES = (1_000, 100_000)
PEERS = Path(__file__).parents[2] / "build" / "peers-merge"
#: The columns that the partners edit.
EDITED = {"update": "text", "observation": "note"}

#: Table, column, row's number, value.
PlainEdit = tuple[str, str, int, str]


# ------------------------------------------------------------------ the plan and what came back


@contextmanager
def plan_with_returns(folder: Path, measures: int) -> Iterator[tuple[OpenPlan, list[Path]]]:
    """A plan of so many measures, and the files that came back; the first thousand measures are asked for."""
    with OpenPlan.create(folder / "plan.cypp", data=folder / "data") as plan:
        session = plan.editor.session
        load_plan(plan.editor, large_plan(min(measures, 1000)))
        session.rollback()
        multiply(plan.working.path, measures // 1000)
        session.expire_all()
        plan.publish()
        ids = list(
            session.scalars(select(Measure.id).order_by(Measure.outcome_id, Measure.sort_key).limit(1000))
        )
        organisations = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))
        session.expunge_all()
        (folder / "sent").mkdir()
        files = []
        for number in range(RETURNS):
            asked = [ids[(number * 10 + at) % len(ids)] for at in range(min(WINDOW, len(ids)))]
            organisation = organisations[number % len(organisations)]
            path = issue_return(plan, organisation, folder / "sent", measure_ids=asked)
            files.append(answered(path, folder, number))
        session.expunge_all()
        plan.publish()
        yield plan, files


def answered(path: Path, folder: Path, number: int) -> Path:
    """The partner edits every update and two values of every measure."""
    with OpenPlan.open(path, author=f"Partner {number}", data=folder / "partner") as returned:
        with returned.editor.step("Answer") as session:
            for at, update in enumerate(session.scalars(select(Update).order_by(Update.id))):
                lines = update.text.split("\n")
                lines.insert((number + at) % (len(lines) + 1), f"- Partner {number} adds this about {at}.")
                update.text = "\n".join(lines)
            for value in session.scalars(select(Observation)):
                value.note = f"Read by partner {number}"
        finish(returned)
    return path


# ------------------------------------------------------------------ our merge


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock in all, and of them for what follows from the edits: all but reading and copying
    whole files. ``told`` says in lines what each part took.
    """

    whole: float
    merging: float
    told: str


@contextmanager
def timed_gates(module: ModuleType) -> Iterator[dict[str, float]]:
    """Seconds by gate, filled while files go through the gates of a module."""
    spent: dict[str, float] = {}

    def timed(gate: Callable[[Any], None]) -> Callable[[Any], None]:
        @functools.wraps(gate)
        def work(file: Any) -> None:
            began = perf_counter()
            try:
                gate(file)
            finally:
                spent[gate.__name__] = spent.get(gate.__name__, 0.0) + perf_counter() - began

        return work

    before = module.GATES
    module.GATES = tuple(map(timed, before))  # type: ignore[attr-defined]
    try:
        yield spent
    finally:
        module.GATES = before  # type: ignore[attr-defined]


def merge_all(published: Path, files: list[Path], measures: int, folder: Path) -> Taken:
    """Receive and merge the files into a copy of the plan."""
    folder.mkdir()
    with OpenPlan.open(Path(shutil.copy(published, folder)), data=folder / "data") as plan:
        with timed_gates(receiving) as spent:
            moments, at_work = [perf_counter()], process_time()
            received = [file for file in receiving.receive(files, plan) if isinstance(file, Received)]
            moments.append(perf_counter())
            report = apply.merge_files(plan, received, progress=lambda words: moments.append(perf_counter()))
            moments.append(perf_counter())
            worked = process_time() - at_work
        plan.discard()
    receive, backup, merging = moments[1] - moments[0], moments[3] - moments[2], moments[4] - moments[3]
    whole = moments[-1] - moments[0]
    size = sum(path.stat().st_size for path in files) / 1e6
    told = [
        f"{measures:,} measures: {len(received)} files, {size:.0f} MB, {report.proposed:,} edits",
        f"  {', '.join(f'{count:,} {fate}' for fate, count in report.counts.items() if count)}",
        *gate_lines(spent),
        f"  receiving in all       {receive:7.2f} s",
        f"  backup of the plan     {backup:7.2f} s",
        f"  merging                {merging:7.2f} s",
        f"  in all                 {whole:7.2f} s, {worked:.2f} s of this process's processor",
    ]
    return Taken(whole, sum(spent.values()) + merging, "\n".join(told))


def tell_reading(files: list[Path]) -> None:
    """Print what the gates take that the second process leads the files through."""
    print("  reading the files from end to end, one after the other and in one process, would take")
    with timed_gates(read_through) as spent:
        read_all(files)
    print("\n".join(gate_lines(spent)), flush=True)


def read_all(files: list[Path]) -> None:
    """Lead files through the first gates alone."""
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(files):
            read_through.read_through(path, Path(folder) / str(number), our_tables(), DISK)


def gate_lines(spent: dict[str, float]) -> list[str]:
    return [f"  gate {gate:18} {seconds:7.2f} s" for gate, seconds in spent.items()]


# ------------------------------------------------------------------ the same by other means


def as_plain_rows(plan: OpenPlan, files: list[Path], folder: Path) -> tuple[Path, Path]:
    """The plan's tables under integer keys in a file of their own, and what each return edits, as JSON."""
    base, edits = folder / "base.sqlite", folder / "edits.json"
    numbers: dict[Any, int] = {}
    with (
        contextlib.closing(sqlite3.connect(plan.working.path)) as ours,
        contextlib.closing(sqlite3.connect(base)) as db,
    ):
        for row_type, cls in row_classes().items():
            names = [column.key for column in cls.__table__.columns]
            others = ", ".join(f'"{name}"' for name in names if name != "id")
            db.execute(f'CREATE TABLE "{row_type}" (id INTEGER PRIMARY KEY, {others})')
            listed = ", ".join(f'"{name}"' for name in names)
            for row in ours.execute(f'SELECT {listed} FROM "{row_type}"'):
                cells = [
                    numbers.setdefault(cell, len(numbers) + 1)
                    if cell is not None and (name == "id" or name.endswith("_id"))
                    else cell
                    for name, cell in zip(names, row, strict=True)
                ]
                db.execute(
                    f'INSERT INTO "{row_type}" ({listed}) VALUES ({",".join("?" * len(cells))})', cells
                )
        db.commit()
    edits.write_text(json.dumps([plain_edits(path, numbers) for path in files]), encoding="utf-8")
    return base, edits


def plain_edits(path: Path, numbers: dict[Any, int]) -> list[PlainEdit]:
    """What a partner edited: table, column, the row's number, value."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return [
            (table, column, numbers[row_id], value)
            for table, column in EDITED.items()
            for row_id, value in db.execute(f'SELECT id, "{column}" FROM "{table}"')
            if row_id in numbers
        ]


def row_by_row(base: Path, edits: Path) -> tuple[float, int]:
    """Seconds for comparing every row of each copy with the base, and with what stands by now, in Python.

    Whoever comes first has their way; gives also how many edits are in conflict with one that came before.
    """
    spent, conflicts = 0.0, 0
    with contextlib.closing(sqlite3.connect(base)) as db:
        was = {table: rows_of(db, table) for table in row_classes()}
        now = {table: {id_: dict(row) for id_, row in rows.items()} for table, rows in was.items()}
        for listed in json.loads(edits.read_text("utf-8")):
            for table, column, row_id, value in listed:
                db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (value, row_id))
            began = perf_counter()
            for table, rows in was.items():
                for id_, theirs in rows_of(db, table).items():
                    for column, value in theirs.items():
                        if value == rows[id_][column]:
                            continue
                        if now[table][id_][column] == rows[id_][column]:
                            now[table][id_][column] = value
                        else:
                            conflicts += now[table][id_][column] != value
            spent += perf_counter() - began
            db.rollback()
    return spent, conflicts


def rows_of(db: sqlite3.Connection, table: str) -> dict[int, dict[str, Any]]:
    """The rows of a table by id."""
    cursor = db.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in cursor.description]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor}


def by_geodiff(base: Path, edits: Path) -> tuple[float, int] | None:
    """Seconds that GeoDiff takes, and how many conflicts it lists; None where it cannot be installed."""
    python = PEERS / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (PEERS / "installed").exists():
        venv.create(PEERS, with_pip=True, clear=True)
        if subprocess.run([python, "-m", "pip", "install", "--quiet", "pygeodiff"]).returncode:
            return None
        (PEERS / "installed").touch()
    command = [python, Path(__file__).with_name("geodiff_peer.py"), base, edits]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["conflicts"]


def compare(base: Path, edits: Path, ours: float) -> None:
    """Merge the same edits by other means, and print how many times as long that takes."""
    ways = {
        "pygeodiff, create and rebase": by_geodiff(base, edits),
        "row by row in Python": sorted(row_by_row(base, edits) for _ in range(RUNS))[RUNS // 2],
    }
    for way, found in ways.items():
        if found is None:
            print(f"  {way}: left out, since it could not be installed")
            continue
        seconds, conflicts = found
        ratio = (
            f"{seconds / ours:.1f} times ours"
            if seconds > ours
            else f"ours takes {ours / seconds:.1f} times that"
        )
        print(f"  {way}: {seconds:.2f} s, {ratio}; {conflicts:,} edits in conflict", flush=True)


def main(sizes: list[int]) -> None:
    found: dict[int, Taken] = {}
    for measures in sizes or SIZES:
        with tempfile.TemporaryDirectory() as name:
            os.environ["CYPP_DESKTOP_HOME"] = name
            folder = Path(name)
            with plan_with_returns(folder, measures) as (plan, files):
                plain = None if found else as_plain_rows(plan, files, folder)
            published = folder / "plan.cypp"
            times = RUNS if not found else 1
            runs = [merge_all(published, files, measures, folder / f"run {at}") for at in range(times)]
            found[measures] = sorted(runs, key=lambda run: run.whole)[times // 2]
            print(found[measures].told)
            if times > 1:
                print(f"  the runs               {', '.join(f'{run.whole:.2f}' for run in runs)} s")
            tell_reading(files)
            if plain is not None:
                print(f"{measures:,} measures by other means, without gates, history, marks or undo")
                compare(*plain, found[measures].whole)
    (first, small), *others = found.items()
    print(f"all gates and the merge: {small.whole:.2f} s (to reach: at most {TO_REACH:.0f} s)")
    for measures, large in others:
        ratio = large.merging / small.merging
        print(
            f"{measures:,} / {first:,} measures, but for hash, integrity and backup: {ratio:.2f} (at most 3)"
        )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
