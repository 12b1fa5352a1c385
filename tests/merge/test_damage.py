"""Hundreds of damaged and hostile files: each is refused in clear words, or what is odd in it is shown."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import pytest

from cypp_desktop.merge.gates import read_through, receiving
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.store.check import check_rows, content_digest
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.union import add_changes
from tests.merge.copies import digest
from tests.merge.damage import spoilt
from tests.merge.sent import one


@dataclass
class Tally:
    """What became of the files: by the way they were spoilt, and by the gate or what was shown; and the
    seconds that the slowest of them took.
    """

    fates: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: float = 0.0

    def table(self) -> str:
        ways = sorted({way for way, _ in self.fates})
        known = [
            *(gate.__name__ for gate in (*read_through.GATES, *receiving.GATES)),
            "edited outside",
            "as it was",
        ]
        fates = [fate for fate in known if any(self.fates[way, fate] for way in ways)]
        lines = [f"{'':20}" + "".join(f"{fate:>18}" for fate in fates)]
        lines += [f"{way:20}" + "".join(f"{self.fates[way, fate]:18}" for fate in fates) for way in ways]
        total = [sum(self.fates[way, fate] for way in ways) for fate in fates]
        lines.append(f"{'in all':20}" + "".join(f"{count:18}" for count in total))
        return "\n".join(lines)


def spoil_and_receive(plan: OpenPlan, answer: Path, numbers: range) -> Tally:
    """Receive the return spoilt in each of these ways; the plan must stay as it is."""
    tally = Tally()
    source = answer.read_bytes()
    sound = one(plan, answer)
    before = digest(plan)
    plan.editor.session.rollback()  # who reads on keeps others from writing much
    counter = plan.working.counter()
    for number in numbers:
        path = answer.with_name(f"{number}.cypp-return")
        way = spoilt(number, source, path)
        began = perf_counter()
        (found,) = receiving.receive([path], plan)
        tally.slowest = max(tally.slowest, perf_counter() - began)
        if isinstance(found, Refusal):
            assert found.words.endswith("."), number
            assert "Smoking" not in found.words, number
            fate = found.gate
        else:
            fate = shown(found, sound, number)
            let_in_and_take_back(plan, found, number)
        tally.fates[way, fate] += 1
        for left in answer.parent.glob(f"{number}.cypp-return*"):
            left.unlink()
    assert digest(plan) == before
    assert plan.working.counter() == counter, "nothing was ever written"
    assert not list((plan.working.data / "quarantine").iterdir())
    return tally


def shown(found: Received, sound: Received, number: int) -> str:
    """A file that goes through brings just what the sound one brings, or it is shown that it was altered."""
    if found.altered or found.outside_altered or not found.sealed:
        return "edited outside"
    assert (found.changes, found.outside) == (sound.changes, sound.outside), number
    return "as it was"


def let_in_and_take_back(plan: OpenPlan, found: Received, number: int) -> None:
    """Whatever went through fits the plan, all of it."""
    everything = (*found.changes, *found.outside, *found.altered, *found.outside_altered)
    with plan.engine.connect() as connection:
        before = content_digest(connection)
        added = add_changes(connection, everything, batch="tried").rows
        touched = {*added.added, *added.edited}
        assert check_rows(connection, touched) == [], number
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == [], number
        connection.rollback()
        assert content_digest(connection) == before
        connection.rollback()


def test_two_hundred_damaged_files_leave_the_plan_as_it_is(plan: OpenPlan, answer: Path) -> None:
    tally = spoil_and_receive(plan, answer, range(200))
    assert {fate for _, fate in tally.fates} >= {"opened", "schema_is_ours", "whole", "edited outside"}


@pytest.mark.slow
def test_three_thousand_damaged_files_leave_the_plan_as_it_is(
    plan: OpenPlan, answer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = spoil_and_receive(plan, answer, range(200, 3200))
    with capsys.disabled():
        print(f"\n{tally.table()}\nslowest file: {tally.slowest:.2f} s")
        if sys.platform != "win32":
            import resource

            print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    assert sum(tally.fates.values()) == 3000
