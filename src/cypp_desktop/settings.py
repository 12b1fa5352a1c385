"""The person's preferences, and where they left off: typed, kept as JSON in the config folder.

The only reader and writer of that file. Holds names of files and keys of rows, never words of a
plan. Windows read it at start, so it imports nothing heavy; nothing below the window may use it.

A file that cannot be read as settings is set aside under another name and the defaults are used:
a preference is never worth a refused start. One wrong value costs only itself.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from cypp_desktop import paths
from cypp_desktop.errors import FileProblem

SMALLEST_TEXT: Final = 100
LARGEST_TEXT: Final = 200
LONGEST_RECENT: Final = 12

_NAME: Final = "settings.json"
_WIDEST: Final = 100_000  # of a part of the window, in pixels
_ASIDE: Final = "settings-unreadable.json"


class ColourScheme(StrEnum):
    """How the window looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass
class Session:
    """Where the person left off in one plan: keys of rows as they stand in the plan file."""

    place: str | None = None
    selected: str | None = None
    expanded: list[str] = field(default_factory=list)
    panel_tab: str | None = None
    #: how the plan was last printed: what `operations.printing.print_request.Wish.read` reads
    printing: dict[str, Any] = field(default_factory=dict)


@dataclass
class WindowState:
    """How the window stood: Qt's own words for its place (base64), and the widths of its parts."""

    geometry: str | None = None
    state: str | None = None
    splitters: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class Settings:
    """All preferences, with what a new person gets. Change the fields, then :func:`save`."""

    author: str = ""
    theme: ColourScheme = ColourScheme.SYSTEM
    text_scale: int = 100
    reopen_last: bool = True
    last_folder: str | None = None
    last_file: str | None = None
    recent_files: list[str] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    window: WindowState = field(default_factory=WindowState)
    #: What a later version of the application wrote: kept, so that going back and forth loses nothing.
    unknown: dict[str, Any] = field(default_factory=dict)

    def remember_file(self, file: str | os.PathLike[str]) -> None:
        """Put a plan at the head of the recent files; the last of a full list is let go."""
        name = str(Path(file).absolute())
        self.recent_files = [name, *(other for other in self.recent_files if other != name)][:LONGEST_RECENT]
        self.last_file = name
        self.sessions = {key: kept for key, kept in self.sessions.items() if key in self.recent_files}

    def forget_file(self, file: str | os.PathLike[str]) -> None:
        """Take a plan off the recent files, with where the person left off in it."""
        name = str(Path(file).absolute())
        self.recent_files = [other for other in self.recent_files if other != name]
        self.sessions.pop(name, None)
        if self.last_file == name:
            self.last_file = None

    def forget_words(self, holds: Callable[[Any], bool]) -> bool:
        """Forget how plans were last printed where that names what ``holds`` says; whether there was any."""
        found = False
        for session in self.sessions.values():
            kept = {key: value for key, value in session.printing.items() if not holds(value)}
            found = found or len(kept) < len(session.printing)
            session.printing = kept
        return found

    def session(self, file: str | os.PathLike[str]) -> Session:
        """Where the person left off in that plan; a fresh session if they never opened it."""
        return self.sessions.setdefault(str(Path(file).absolute()), Session())


def load() -> Settings:
    """The settings of this person. A missing file gives the defaults, an unreadable one is set aside."""
    try:
        file = _file()
        if file.exists() and not file.is_file():  # a folder, or a pipe on which one would wait for ever
            _set_aside(file)
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, FileProblem):
        return Settings()
    except (ValueError, RecursionError):
        _set_aside(file)
        return Settings()
    if not isinstance(stored, dict):
        _set_aside(file)
        return Settings()
    return _from_json(stored)


def save(settings: Settings) -> None:
    """Write the settings whole or not at all. Raises :class:`FileProblem` if the folder refuses."""
    file = _file()
    text = json.dumps(_to_json(settings), indent=2) + "\n"
    try:
        _replace(file, text)
    except OSError as problem:
        reason = (problem.strerror or "unknown reason").lower()
        raise FileProblem(
            f"Your preferences could not be kept in {file.parent} ({reason}). The plan itself is not touched."
        ) from problem


def _file() -> Path:
    return paths.config_folder() / _NAME


def _set_aside(file: Path) -> None:
    try:
        file.replace(file.with_name(_ASIDE))
    except OSError:
        # Read-only or held by another program: the defaults do for now, and the file stays.
        return


def _replace(file: Path, text: str) -> None:
    """Write beside the file and move over it, so that a power cut leaves the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".settings-", suffix=".tmp")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _to_json(settings: Settings) -> dict[str, Any]:
    known = {each.name: getattr(settings, each.name) for each in fields(settings) if each.name != "unknown"}
    known["sessions"] = {key: vars(session) for key, session in settings.sessions.items()}
    known["window"] = vars(settings.window)
    return {**settings.unknown, **known}


def _from_json(stored: Mapping[str, Any]) -> Settings:
    names = {each.name for each in fields(Settings)} - {"unknown"}
    sessions = stored.get("sessions")
    window = _mapping(stored.get("window"))
    scale = stored.get("text_scale")
    return Settings(
        author=(_words(stored.get("author")) or "").encode("utf-8", "replace").decode(),
        theme=colour_scheme(stored.get("theme")),
        text_scale=_between(scale) if type(scale) is int else SMALLEST_TEXT,
        reopen_last=stored.get("reopen_last") is not False,
        last_folder=_words(stored.get("last_folder")),
        last_file=_words(stored.get("last_file")),
        recent_files=_list_of_words(stored.get("recent_files"))[:LONGEST_RECENT],
        sessions={key: _session(_mapping(value)) for key, value in _mapping(sessions).items()},
        window=WindowState(
            geometry=_words(window.get("geometry")),
            state=_words(window.get("state")),
            splitters={
                key: _list_of_sizes(value) for key, value in _mapping(window.get("splitters")).items()
            },
        ),
        unknown={key: value for key, value in stored.items() if key not in names},
    )


def _session(stored: Mapping[str, Any]) -> Session:
    return Session(
        place=_words(stored.get("place")),
        selected=_words(stored.get("selected")),
        expanded=_list_of_words(stored.get("expanded")),
        panel_tab=_words(stored.get("panel_tab")),
        printing=_mapping(stored.get("printing")),
    )


def colour_scheme(value: object) -> ColourScheme:
    """The scheme of that name; what is none is the system's."""
    for scheme in ColourScheme:
        if scheme == value:
            return scheme
    return ColourScheme.SYSTEM


def _between(percent: int) -> int:
    return max(SMALLEST_TEXT, min(LARGEST_TEXT, percent))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _list_of_words(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _list_of_sizes(value: object) -> list[int]:
    sizes = value if isinstance(value, list) else []
    return [each for each in sizes if type(each) is int and 0 <= each <= _WIDEST]
