"""Where returns were put on this machine, so that the board can see what has become of them there.

Where the folder is shared, partners write in these very files. The note is this machine's alone and never
travels. Without it, or where the file has gone, nothing is known of a return: that is no problem.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.gates.typed import is_id
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.returns import ASKED, LATE, IssueLine, board
from cypp_desktop.store.disk import FileSystem, signature, write_atomically
from cypp_desktop.store.plan_file import OpenPlan

#: How long a return is looked after, in seconds: two years.
_AT_MOST = 2 * 366 * 86_400.0
_LARGEST_NOTE = 100_000

#: Device, file number, size and time of a file, as :func:`signature` gives them.
_Signature = tuple[int, int, int, int]


def remember_place(plan: OpenPlan, issue_id: str, path: Path) -> None:
    """Note where a return was put, and what the file was like then. What cannot be noted is left out."""
    fs, folder = plan.working.fs, _folder(plan)
    with contextlib.suppress(OSError):
        note = [str(path.absolute()), *signature(path, fs)]
        fs.make_folder(folder)
        for name in fs.names(folder):
            if fs.now().timestamp() - fs.stat(folder / name).st_mtime > _AT_MOST:
                fs.remove(folder / name)
        write_atomically(fs, _note_of(folder, issue_id), json.dumps(note).encode())


def _folder(plan: OpenPlan) -> Path:
    return plan.working.data / "sent"


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


@dataclass(slots=True)
class Lookout:
    """Looks after returns where they were put. A file that is as it was is not read again."""

    _known: dict[str, tuple[_Signature, Received | None]] = field(default_factory=dict)

    def board(
        self, plan: OpenPlan, received: Sequence[Received] = (), *, today: date | None = None
    ) -> list[IssueLine]:
        """The board as :func:`board` gives it, with what is known of files where they were put. As
        :meth:`look`.
        """
        lines = board(plan, received, today=today)
        found = self.look(plan, [line.issue_id for line in lines if line.state in (ASKED, LATE)])
        return board(plan, received, found=found, today=today) if found else lines

    def look(self, plan: OpenPlan, issue_ids: Iterable[str]) -> list[Received]:
        """Of these returns, those in which somebody has written where they were put, or finished them.

        Each went through the gates; nothing is taken in. For any thread: it may take long where a share
        does not answer. Raises FileProblem where the plan or the data folder cannot be used.
        """
        fs, folder = plan.working.fs, _folder(plan)
        wanted = list(issue_ids)
        changed: dict[str, tuple[Path, _Signature]] = {}
        for issue_id in wanted:
            noted = _noted(folder, issue_id, fs)
            now = None
            if noted is not None:
                with contextlib.suppress(OSError, ValueError):
                    now = signature(noted[0], fs)
            if noted is None or now is None or now == noted[1]:
                self._known.pop(issue_id, None)
            elif issue_id not in self._known or self._known[issue_id][0] != now:
                changed[issue_id] = noted[0], now
        answers = receive([path for path, _ in changed.values()], plan) if changed else []
        for (issue_id, (_, now)), answer in zip(changed.items(), answers, strict=True):
            written = isinstance(answer, Received) and answer.issue_id == issue_id and _is_written(answer)
            self._known[issue_id] = now, answer if isinstance(answer, Received) and written else None
        found = (self._known[issue_id][1] for issue_id in wanted if issue_id in self._known)
        return [one for one in found if one is not None]


def _is_written(file: Received) -> bool:
    return file.finished_at is not None or not file.is_empty
