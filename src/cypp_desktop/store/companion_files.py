"""What the application puts beside a plan's file: temporaries while publishing, and a note who has it open.

All have hidden names that begin alike, and are swept up when a kill left them. The note is a courtesy to
colleagues on a share and no lock: whatever goes wrong with it is passed over in silence.

A whole new file waits under a *swap name* and changes names with the plan's file; what that was is looked at
there. The name says what may be found: the new file, or the old one that was read. Anything else is what
somebody saved at that very moment, and only this name leads to it: that is never removed unread.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import sys
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cypp_desktop.store.disk import DISK, FileSystem
from cypp_desktop.store.swapping import ASIDE

_LONGEST_NAME = 100
_LONGEST_NOTE = 4096
_NOTE = ".open"
_TEMPORARY = ".saving"
_SWAP = ".swap"
_DIGITS = 12
_A_DAY = 86_400.0
_LONGEST_SAVE = 600.0


@dataclass(frozen=True, slots=True)
class OpenNote:
    """That someone has a plan open, as their machine said: ``who`` as they gave their name, empty where they
    have not. ``home`` tells their data folder from others.
    """

    who: str
    machine: str
    since: datetime
    working_id: str
    home: str


def temporary(target: Path, working_id: str) -> Path:
    """Where a publish writes before it takes the target's place; one name for each working copy."""
    return target.with_name(_prefix(target) + working_id[:8] + _TEMPORARY)


@dataclass(frozen=True, slots=True)
class SwapName:
    """A file under a swap name: ``new`` and ``old`` begin the digests of the two that nobody misses."""

    path: Path
    working_id: str
    new: str
    old: str

    def is_of(self, working_id: str) -> bool:
        """Whether this working copy put the file there."""
        return self.working_id == working_id[:8]

    def is_expected(self, digest: str) -> bool:
        """Whether a file of this SHA-256 is the new one, or the old one that was read."""
        return digest.startswith((self.new, self.old))


def swap_name(target: Path, working_id: str, new: str, old: str) -> SwapName:
    """Where the file of SHA-256 ``new`` waits to change names with ``target``, while that is ``old``."""
    new, old = new[:_DIGITS], old[:_DIGITS]
    path = target.with_name(f"{_prefix(target)}{working_id[:8]}.{new}.{old}{_SWAP}")
    return SwapName(path, working_id[:8], new, old)


def claimed_name(target: Path, working_id: str) -> Path:
    """A swap name of ours for what another's led to, which nobody else takes away meanwhile."""
    chance, none = uuid.uuid4().hex[:_DIGITS], "0" * _DIGITS
    return target.with_name(f"{_prefix(target)}{working_id[:8]}.{none}.{chance}{_SWAP}")


def swap_names(target: Path, fs: FileSystem = DISK) -> list[SwapName]:
    """What lies beside ``target`` under swap names, of anybody. Raises OSError."""
    pattern = re.compile(
        re.escape(_prefix(target))
        + rf"([0-9a-f]{{8}})\.([0-9a-f]{{{_DIGITS}}})\.([0-9a-f]{{{_DIGITS}}})"
        + re.escape(_SWAP)
        + f"(?:{re.escape(ASIDE)})?"
    )
    matches = (pattern.fullmatch(name) for name in fs.names(target.parent))
    return [SwapName(target.with_name(match[0]), *match.groups()) for match in matches if match]


def remove_swapped(target: Path, working_id: str, fs: FileSystem = DISK) -> None:
    """Remove what a working copy left under its swap names when it was killed or the share was away, and what
    anybody left so long ago that no save can be under way; unless somebody may miss it.
    """
    with contextlib.suppress(OSError):
        for swap in swap_names(target, fs):
            is_left = swap.is_of(working_id) or _is_long_there(swap.path, fs)
            if is_left and swap.is_expected(fs.sha256(swap.path)):
                fs.remove(swap.path)


def _is_long_there(path: Path, fs: FileSystem) -> bool:
    """Whether a file has had its name for longer than any save takes, as far as that can be told."""
    found = fs.stat(path)
    since = max(found.st_mtime, found.st_ctime)  # when it was renamed; not so on Windows
    return sys.platform != "win32" and fs.now().timestamp() - since > _LONGEST_SAVE


def lock_name(target: Path) -> Path:
    """The lock of a save, on a disk that cannot change names in one step."""
    return target.with_name(_prefix(target) + "lock")


def write_note(target: Path, working_id: str, data: Path, fs: FileSystem = DISK, *, person: str = "") -> None:
    """Say beside ``target`` that this person has it open, and remove what is left of their earlier notes."""
    with contextlib.suppress(OSError):
        sweep(target, data, fs)
        note = {"since": fs.now().isoformat(), "working": working_id, "who": person, **here(data)}
        fs.write(_note(target, working_id), json.dumps(note).encode(), sync=False, private=False)


def remove_note(target: Path, working_id: str, fs: FileSystem = DISK) -> None:
    """Take the note away."""
    with contextlib.suppress(OSError):
        fs.remove(_note(target, working_id))


def who_has_it_open(target: Path, but: str = "", fs: FileSystem = DISK) -> list[OpenNote]:
    """Who says to have the plan open, but for the working copy ``but``; the longest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in _hidden_files(target, _NOTE, fs):
            note = read_note(path, fs)
            if note and note.working_id != but:
                found.append(note)
    return sorted(found, key=lambda note: note.since)


def sweep(target: Path, data: Path, fs: FileSystem = DISK) -> None:
    """Remove what kills left beside ``target``: this person's notes of working copies that are no more, and
    anyone's temporaries of more than a day ago.
    """
    with contextlib.suppress(OSError):
        for path in _hidden_files(target, _NOTE, fs):
            note = read_note(path, fs)
            if note is None or not _is_mine(note, data):
                continue
            if not (data / "working" / Path(note.working_id).name).exists():
                fs.remove(path)
        for path in _hidden_files(target, _TEMPORARY, fs):
            if fs.now().timestamp() - fs.stat(path).st_mtime > _A_DAY:
                fs.remove(path)


def remove_left_temporaries(target: Path, fs: FileSystem = DISK) -> None:
    """Remove anybody's temporaries beside ``target`` that no save can be writing any more."""
    with contextlib.suppress(OSError):
        for path in _hidden_files(target, _TEMPORARY, fs):
            if fs.now().timestamp() - fs.stat(path).st_mtime > _LONGEST_SAVE:
                fs.remove(path)


def remove_temporary(target: Path, working_id: str, fs: FileSystem = DISK) -> None:
    """Remove a working copy's temporary, and SQLite's beside it."""
    path = temporary(target, working_id)
    for each in (path, path.with_name(path.name + "-journal")):
        with contextlib.suppress(OSError):
            fs.remove(each)


def read_note(path: Path, fs: FileSystem) -> OpenNote | None:
    """A note; None if it is not one. It comes from a shared place, so nothing of it is relied on."""
    try:
        found = json.loads(fs.read(path, _LONGEST_NOTE))
        since = datetime.fromisoformat(found["since"])
        texts = [found[key] for key in ("who", "machine", "working", "home")]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if since.tzinfo is None or not all(isinstance(text, str) for text in texts):
        return None
    who, machine, working, home = texts
    return OpenNote(who, machine, since, working, home)


def _is_mine(note: OpenNote, data: Path) -> bool:
    return {"machine": note.machine, "home": note.home} == here(data)


def here(data: Path) -> dict[str, str]:
    """Where somebody works, as a note says it: the machine, and a digest of the data folder's path."""
    home = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:12]
    return {"machine": platform.node(), "home": home}


def _note(target: Path, working_id: str) -> Path:
    return target.with_name(_prefix(target) + working_id[:8] + _NOTE)


def _hidden_files(target: Path, suffix: str, fs: FileSystem) -> list[Path]:
    """The files of the application beside a plan's file, of anybody: its notes, or its temporaries."""
    pattern = re.compile(re.escape(_prefix(target)) + r"[0-9a-f]{8}" + re.escape(suffix))
    return [target.with_name(name) for name in fs.names(target.parent) if pattern.fullmatch(name)]


def _prefix(target: Path) -> str:
    """Hidden on POSIX, plainly no document anywhere; short enough for the longest name a disk takes."""
    name = target.name
    if len(name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
        name = name[:20] + hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f".~{name}."
