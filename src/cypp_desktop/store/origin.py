"""The note in a working copy's folder: which file it came from, and what of it is published.

Written whole and down to the disk each time. It never says that something is unpublished: that follows from
the database itself, so no kill between a commit and this note can hide a change.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cypp_desktop.errors import FileProblem
from cypp_desktop.paths import absolute
from cypp_desktop.store.disk import DISK, FileSystem
from cypp_desktop.store.files import quoted

_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Pending:
    """A publish under way: once ``target`` holds these bytes, all up to ``counter`` is published."""

    target: Path
    sha256: str
    counter: int
    device: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """``target`` and its ``sha256`` as last opened or published (None: no such file yet).

    ``counter`` is the change counter of the working copy that ``sha256`` stands for; None if nothing of it is
    published. ``device`` is that of the target's folder, to notice a share that is gone from its mount point.
    ``ready`` is False until the first content is whole.
    """

    id: str
    target: Path | None
    opened_at: datetime
    read_only: bool = False
    ready: bool = False
    sha256: str | None = None
    counter: int | None = None
    device: int | None = None
    pending: Pending | None = None

    def published(self, done: Pending) -> Origin:
        """The origin once a publish is through."""
        return replace(
            self,
            target=done.target,
            sha256=done.sha256,
            counter=done.counter,
            device=done.device,
            pending=None,
            # Opened read-only is said of one file; under another name the plan may be written.
            read_only=self.read_only and same_place(done.target, self.target),
        )

    def to_json(self) -> bytes:
        pending = self.pending
        return json.dumps(
            {
                "id": self.id,
                "target": _text(self.target),
                "opened_at": self.opened_at.isoformat(),
                "read_only": self.read_only,
                "ready": self.ready,
                "sha256": self.sha256,
                "counter": self.counter,
                "device": self.device,
                "pending": pending
                and {
                    "target": _text(pending.target),
                    "sha256": pending.sha256,
                    "counter": pending.counter,
                    "device": pending.device,
                },
            },
            indent=1,
        ).encode()


def read_origin(path: Path, fs: FileSystem) -> Origin | None:
    """The note as it was written; None if it is missing or not one of ours. Raises OSError."""
    try:
        found: dict[str, Any] = json.loads(fs.read(path, _LIMIT))
        pending = found["pending"]
        return Origin(
            id=found["id"],
            target=_path(found["target"]),
            opened_at=datetime.fromisoformat(found["opened_at"]),
            read_only=found["read_only"],
            ready=found["ready"],
            sha256=found["sha256"],
            counter=found["counter"],
            device=found["device"],
            pending=pending
            and Pending(Path(pending["target"]), pending["sha256"], pending["counter"], pending["device"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def real_path(path: Path, fs: FileSystem = DISK) -> Path:
    """The absolute path with links followed, so that a link to a plan stays a link when it is published.

    Asks the disk, and waits for as long as that takes. Raises FileProblem for what can be no file's name.
    """
    try:
        return fs.resolve(path)
    except ValueError as error:  # a zero in it, or what is no letter
        raise FileProblem(f"{quoted(path)} cannot be the name of a file. Choose another.") from error
    except (OSError, RuntimeError):
        # Out of reach, links in a circle, or a home nobody has: opening it will say so.
        return absolute(path)


def same_place(one: Path | None, other: Path | None) -> bool:
    """Whether two real paths name one file, by the rules of this machine for upper and lower case."""
    if one is None or other is None:
        return False
    return os.path.normcase(one) == os.path.normcase(other)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def unknown_origin(folder: Path, fs: FileSystem = DISK) -> Origin:
    """For a working copy whose note was lost: it has no file, so it can only be saved under a new name."""
    return Origin(id=folder.name, target=None, opened_at=fs.now(), ready=True)
