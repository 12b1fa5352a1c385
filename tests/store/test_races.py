"""Several people save one plan at the same moment: whoever was told "saved" finds it in the file, once.

Each saves in a process of their own and with a data folder of their own, as on laptops at one share.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cypp_desktop.store import companion_files
from cypp_desktop.store.publish import publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.race_worker import union_into
from tests.store.small_plan import litter, numbers_in, write_plan

_ROOT = Path(__file__).parents[2]


@dataclass
class Writer:
    """Somebody at a laptop. ``told`` counts of how often they were told of each number of another's."""

    plan: Path
    data: Path
    kind: str
    seed: int = 0
    told: Counter[int] = field(default_factory=Counter)
    starts: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.starts += 1
        seed = f"{self.data.name} {self.seed} {self.starts}"
        command = [sys.executable, "-m", "tests.store.race_worker"]
        command += [str(self.plan), str(self.data), self.kind, seed]
        self.process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.hears() == ["ready"]

    def says(self, words: object) -> None:
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def hears(self) -> list[str]:
        """The words of the next line; none where the process was killed."""
        assert self.process is not None and self.process.stdout is not None
        line = self.process.stdout.readline()
        return line.split() if line.endswith("\n") else []

    def end(self) -> None:
        if self.process is not None:
            assert self.process.stdin is not None and self.process.stdout is not None
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()
            self.process = None


@contextmanager
def writers(plan: Path, folder: Path, kind: str, count: int) -> Iterator[list[Writer]]:
    made = [Writer(plan, folder / f"data {number}", kind, count) for number in range(count)]
    with ExitStack() as until_done:
        for writer in made:
            until_done.callback(writer.end)
            writer.start()
        yield made


def race(writers_: list[Writer], first: int) -> tuple[set[int], int]:
    """All save one number each at the same moment; which were acknowledged, and how many were killed."""
    for place, writer in enumerate(writers_):
        writer.says(first + place)
        assert writer.hears() == ["kept"]
    for writer in writers_:
        writer.says("now")
    acknowledged, kills = set(), 0
    for place, writer in enumerate(writers_):
        answer = writer.hears()
        if not answer:
            kills += 1
            writer.end()
            writer.start()
            continue
        assert answer[0] == "saved", answer
        acknowledged.add(first + place)
        told = [int(each) for each in answer[2:]]
        assert int(answer[1]) == len(told)
        writer.told.update(told)
    return acknowledged, kills


def open_lock(plan: Path) -> bool:
    return companion_files.lock_name(plan).exists()


ROUNDS = [
    pytest.param(5, id="5 rounds"),
    pytest.param(1000, id="1,000 rounds", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("kind", ["swaps", "refuses"])
def test_no_acknowledged_edit_is_lost_or_told_twice(
    kind: str, count: int, rounds: int, tmp_path: Path
) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    plan = write_plan(folder / "x.cypp", 1)
    with writers(plan, tmp_path, kind, count) as racing:
        for round_ in range(rounds):
            first = 10 * (round_ + 1)
            acknowledged, kills = race(racing, first)
            assert acknowledged == set(range(first, first + count)) and kills == 0
            there = numbers_in(plan)
            assert acknowledged <= set(there), f"lost in round {round_}"
            assert len(there) == len(set(there))
            assert not open_lock(plan)
        assert all(times == 1 for writer in racing for times in writer.told.values())
    assert sorted(path.name for path in folder.iterdir()) == ["x.cypp"]


@pytest.mark.parametrize(
    "rounds",
    [pytest.param(3, id="3 rounds"), pytest.param(500, id="500 rounds", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("kind", ["swaps and kills", "refuses and kills"])
def test_a_kill_in_the_midst_loses_nothing_that_was_acknowledged(
    kind: str, rounds: int, tmp_path: Path
) -> None:
    """The next save of anybody brings in what a killed one left; kept edits are found at the next start."""
    folder = tmp_path / "share"
    folder.mkdir()
    plan = write_plan(folder / "x.cypp", 1)
    acknowledged: set[int] = set()
    killed = 0
    with writers(plan, tmp_path, kind, 3) as racing:
        for round_ in range(rounds):
            saved, kills = race(racing, 10 * (round_ + 1))
            acknowledged |= saved
            killed += kills
            if kills:
                save_by_another(plan, tmp_path / "data of another")
                assert acknowledged <= set(numbers_in(plan)), f"lost in round {round_}"
    assert killed or rounds < 100
    assert acknowledged <= set(numbers_in(plan))
    assert [path.name for path in folder.glob("*.cypp")] == ["x.cypp"]
    save_by_another(plan, tmp_path / "data of another")
    assert [name for name in litter(folder) if name.endswith((".saving", ".swap"))] == []


def save_by_another(plan: Path, data: Path) -> None:
    with WorkingCopy.open(plan, data) as working:
        publish(working, union_into(working, []))  # type: ignore[arg-type]
