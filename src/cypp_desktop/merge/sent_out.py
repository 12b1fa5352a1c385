"""Where returns were put on this machine, so that the board can see what has become of them there.

Where the folder is shared, partners write in these very files. The note is this machine's alone and never
travels. Without it, or where the file has gone, nothing is known of a return: that is no problem.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cypp_desktop.merge.gates.quarantine import take_copy
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.gates.refused import NotTaken
from cypp_desktop.merge.gates.typed import is_id
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.returns import IssueLine, ReturnState, board
from cypp_desktop.store.disk import FileSystem, signature, write_atomically
from cypp_desktop.store.plan_file import OpenPlan

#: How long a return is looked after, in seconds: two years.
_AT_MOST = 2 * 366 * 86_400.0
_LARGEST_NOTE = 100_000
_FOLDER = "sent"

#: Device, file number, size and time of a file, as :func:`signature` gives them.
_Signature = tuple[int, int, int, int]


def remember_place(plan: OpenPlan, issue_id: str, path: Path) -> None:
    """Note where a return was put, and what the file was like then. What cannot be noted is left out."""
    fs, folder = plan.working.fs, plan.working.data / _FOLDER
    with contextlib.suppress(OSError):
        note = [str(path.absolute()), *signature(path, fs)]
        fs.make_folder(folder)
        for name in fs.names(folder):
            if fs.now().timestamp() - fs.stat(folder / name).st_mtime > _AT_MOST:
                fs.remove(folder / name)
        write_atomically(fs, _note_of(folder, issue_id), json.dumps(note).encode())


def _note_of(folder: Path, issue_id: str) -> Path:
    return folder / f"{issue_id}.json"


def _noted(folder: Path, issue_id: str, fs: FileSystem) -> tuple[Path, _Signature] | None:
    """Where a return was put, and what the file was like; None where that is not known."""
    if not is_id(issue_id):
        return None
    with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
        path, *was = json.loads(fs.read(_note_of(folder, issue_id), _LARGEST_NOTE))
        device, number, size, at = map(int, was)
        return Path(path), (device, number, size, at)
    return None


@dataclass(frozen=True, slots=True)
class Seen:
    """A return that is not as it was sent: where it lies, what the file is like, and our copy of it (None
    where it is as it was when it was last looked into).
    """

    issue_id: str
    path: Path
    now: _Signature
    copy: Path | None


class Lookout:
    """Looks after returns where they were put. A file that is as it was is not read again.

    In two halves: :meth:`fetch` asks the disk, and may take long where a share does not answer; it knows
    nothing of the plan. :meth:`board` asks the plan.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Signature, Received | None]] = {}

    def fetch(self, data: Path, fs: FileSystem, lines: Iterable[IssueLine]) -> list[Seen]:
        """Of these returns, those not as they were sent, with a copy in the data folder of what is new.

        For any thread. What cannot be read is left out.
        """
        folder = data / "quarantine" / str(uuid.uuid4())
        found: list[Seen] = []
        answered = (ReturnState.MERGED, ReturnState.WITHDRAWN)
        for issue_id in (line.issue_id for line in lines if line.state not in answered):
            with contextlib.suppress(OSError, ValueError, NotTaken):
                noted = _noted(data / _FOLDER, issue_id, fs)
                if noted is None or (now := signature(noted[0], fs)) == noted[1]:
                    continue
                copy = None
                if issue_id not in self._known or self._known[issue_id][0] != now:
                    fs.make_folder(folder)
                    copy = folder / issue_id
                    take_copy(noted[0], copy, fs)
                found.append(Seen(issue_id, noted[0], now, copy))
        if not any(one.copy for one in found):
            with contextlib.suppress(OSError):
                fs.remove_folder(folder)
        return found

    def _has_looked_into(self, one: Seen) -> bool:
        return one.issue_id in self._known and self._known[one.issue_id][0] == one.now

    def board(
        self,
        plan: OpenPlan,
        received: Sequence[Received],
        seen: Sequence[Seen],
        *,
        today: date | None = None,
    ) -> list[IssueLine]:
        """The board as :func:`board` gives it, with what was fetched; each file goes through the gates, and
        nothing is taken in. Raises FileProblem where the plan or the data folder cannot be used.
        """
        self._look_into(plan, seen)
        found = []
        for one in seen:
            file = self._known.get(one.issue_id, (None, None))[1]
            if file is not None and (file.finished_at is not None or not file.is_empty):
                found.append(replace(file, path=one.path))
        return board(plan, received, found=found, today=today)

    def _look_into(self, plan: OpenPlan, seen: Sequence[Seen]) -> None:
        """Lead the copies of what is new through the gates, and throw them away."""
        fresh = [(one, one.copy) for one in seen if one.copy is not None and not self._has_looked_into(one)]
        try:
            answers = receive([copy for _, copy in fresh], plan) if fresh else []
        finally:
            for folder in {copy.parent for _, copy in fresh}:
                with contextlib.suppress(OSError):
                    plan.working.fs.remove_folder(folder)
        for (one, _), answer in zip(fresh, answers, strict=True):
            if isinstance(answer, Received) and answer.issue_id == one.issue_id:
                self._known[one.issue_id] = one.now, answer
            else:
                self._known[one.issue_id] = one.now, None
