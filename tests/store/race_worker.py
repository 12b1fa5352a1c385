"""One of several who save one plan at once: ``python -m tests.store.race_worker PLAN DATA KIND SEED``.

For each number on standard input it keeps that number in the plan and saves it as soon as a line follows; it
answers ``saved``, how many numbers of others it was told of, and which. KIND says what the disk is like.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

from cypp_desktop.errors import CyppError
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.publish import TakenIn, publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.small_plan import edit, numbers_in

_REFUSALS = (errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.ENOTSUP)


class UnsyncedDisk(FileSystem):
    """A disk that is not synced: a kill needs none, and a test has no power to cut."""

    def fsync_file(self, path: Path) -> None:
        path.stat()

    def fsync_folder(self, folder: Path) -> None:
        folder.stat()


class SlowDisk(UnsyncedDisk):
    """Takes its time before and after two files change names, so that others come between."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def pause(self) -> None:
        time.sleep(self.chance.choice((0, 0, 0.002, 0.01)))

    def exchange(self, one: Path, other: Path) -> None:
        self.pause()
        super().exchange(one, other)
        self.pause()


class RefusingDisk(SlowDisk):
    """Changes no two names in one step, and gives no name in one step that may be taken."""

    def exchange(self, one: Path, other: Path) -> None:
        number = self.chance.choice(_REFUSALS)
        raise OSError(number, os.strerror(number))

    def rename_new(self, source: Path, target: Path, *, only_at_once: bool = False) -> None:
        if only_at_once:
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
        super().rename_new(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self.pause()
        super().replace(source, target)


class KillingDisk(SlowDisk):
    """Now and then the process is killed around the moment in which files change names."""

    def exchange(self, one: Path, other: Path) -> None:
        at = self.chance.randrange(8)
        if at == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        super().exchange(one, other)
        if at == 1:
            os.kill(os.getpid(), signal.SIGKILL)


class KillingAndRefusingDisk(RefusingDisk):
    """The same where files are replaced under a lock."""

    def replace(self, source: Path, target: Path) -> None:
        if target.suffix != ".cypp":
            super().replace(source, target)
            return
        at = self.chance.randrange(8)
        if at == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        super().replace(source, target)
        if at == 1:
            os.kill(os.getpid(), signal.SIGKILL)


DISKS = {
    "swaps": SlowDisk,
    "refuses": RefusingDisk,
    "swaps and kills": KillingDisk,
    "refuses and kills": KillingAndRefusingDisk,
}


def union_into(working: WorkingCopy, told: list[int]) -> object:
    """A merger for plans of numbers: what the other file has and ours has not comes in."""

    def take_in(theirs: Path) -> TakenIn:
        ours, others = set(numbers_in(working.path)), set(numbers_in(theirs))
        new = sorted(others - ours)
        if new:
            edit(working, *new)
        told.extend(new)
        return TakenIn(len(new), 0, lacks_ours=bool(ours - others))

    return take_in


def work(plan: Path, data: Path, disk: FileSystem) -> None:
    """Save each number that comes in."""
    with WorkingCopy.open(plan, data, fs=disk) as working:
        told: list[int] = []
        merger = union_into(working, told)
        print("ready", flush=True)
        for line in sys.stdin:
            told.clear()
            edit(working, int(line))
            print("kept", flush=True)
            sys.stdin.readline()
            try:
                result = publish(working, merger)  # type: ignore[arg-type]
                count = result.taken_in.edits if result.taken_in else 0
                word = "beside" if result.kept_beside else "saved"
                print(word, count, *told, flush=True)
            except CyppError as problem:
                print("refused", str(problem).replace("\n", " "), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(sqlite3.Error):
        work(Path(sys.argv[1]), Path(sys.argv[2]), DISKS[sys.argv[3]](random.Random(sys.argv[4])))
