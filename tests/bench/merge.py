"""What it costs to take in a hundred returned files: ``python -m tests.bench.merge [MEASURES …]``.

A hundred returns of about 225 edits each come back to a plan of 1,000 measures with updates of 1.2 kB. The
measures of neighbouring returns overlap, so that most updates were edited by several. All gates are passed,
with the reading of each file for its hash and its integrity printed apart, as is the backup.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.merge import apply, gates
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.merge.model import Received
from cypp_desktop.plan.model import Measure, Observation, Organisation, Update
from cypp_desktop.store.plan_file import OpenPlan
from tests.large_plans import large_plan

RETURNS, WINDOW, TO_REACH = 100, 75, 3.0


@contextmanager
def plan_with_returns(folder: Path, measures: int) -> Iterator[tuple[OpenPlan, list[Path]]]:
    """A plan of so many measures, and the files that came back; the first thousand measures are asked for."""
    with OpenPlan.create(folder / "plan.cypp", data=folder / "data") as plan:
        load_plan(plan.editor, large_plan(measures))
        plan.publish()
        session = plan.editor.session
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


def measure_gates() -> dict[str, float]:
    """Seconds by gate, filled while files are received."""
    spent: dict[str, float] = {}

    def timed(gate: object) -> object:
        def work(file: object) -> None:
            began = perf_counter()
            try:
                gate(file)  # type: ignore[operator]
            finally:
                name = gate.__name__  # type: ignore[attr-defined]
                spent[name] = spent.get(name, 0.0) + perf_counter() - began

        work.__name__ = gate.__name__  # type: ignore[attr-defined]
        return work

    gates.GATES = tuple(timed(gate) for gate in gates.GATES)  # type: ignore[misc,assignment]
    return spent


def merge_all(measures: int, spent: dict[str, float]) -> tuple[float, float]:
    """Receive and merge; gives the seconds in all, and those apart from reading for hash and integrity."""
    spent.clear()
    with tempfile.TemporaryDirectory() as name, plan_with_returns(Path(name), measures) as (plan, files):
        moments = [perf_counter()]
        received = [file for file in gates.receive(files, plan) if isinstance(file, Received)]
        moments.append(perf_counter())
        report = apply.merge_files(plan, received, progress=lambda words: moments.append(perf_counter()))
        moments.append(perf_counter())
        size = sum(path.stat().st_size for path in files) / 1e6
    reading = spent.get("copied", 0.0) + spent.get("whole", 0.0)
    backup = moments[3] - moments[2]
    print(f"{measures:,} measures: {len(received)} files, {size:.0f} MB, {report.proposed:,} edits")
    print(f"  counts {report.counts}")
    for gate, seconds in spent.items():
        print(f"  gate {gate:18} {seconds:7.2f} s")
    print(f"  receiving in all       {moments[1] - moments[0]:7.2f} s")
    print(f"  backup of the plan     {backup:7.2f} s")
    print(f"  merging                {moments[4] - moments[3]:7.2f} s")
    whole = moments[-1] - moments[0]
    print(f"  in all                 {whole:7.2f} s")
    return whole, whole - reading - backup


def main(sizes: list[int]) -> None:
    spent = measure_gates()
    with tempfile.TemporaryDirectory() as home:
        os.environ["CYPP_DESKTOP_HOME"] = home
        found = {measures: merge_all(measures, spent) for measures in sizes or [1_000]}
    (whole, _), *_ = found.values()
    print(f"all gates and the merge: {whole:.2f} s (to reach: at most {TO_REACH:.0f} s)")
    if len(found) > 1:
        (small, *_), (large, *_) = list(found), list(found)[1:]
        ratio = found[large][1] / found[small][1]
        print(
            f"{large:,} / {small:,} measures, apart from hash, integrity and backup: {ratio:.2f} (at most 3)"
        )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
