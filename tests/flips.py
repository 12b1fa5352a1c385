"""One bit of a plan's file changed, as a failing disk does it; what every command says of that."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.command_line.main import COMMANDS, run

_PAGE = 4096
_BUG = "in the program itself"
#: The commands that write to a plan, and those that only read one.
WRITING: dict[str, list[str]] = {
    "set": ["plan", "title", "Q"],
    "undo": [],
    "redo": [],
    "issue": ["--to", "CCG"],
    "merge": [],
    "unmerge": [],
    "layouts": ["--delete", "none"],
    "returns": ["--take-back", "CCG"],
    "remove-for-good": ["plan", "title", "--yes"],
}
READING: dict[str, list[str]] = {
    "show": [],
    "history": [],
    "conflicts": [],
    "layouts": [],
    "returns": [],
    "unmerge": ["--list"],
    "export": [],
    "print": [],
}
#: Commands that do not open a plan that is there, and the one that is asked of every flip.
OTHERS = {"new", "import", "name", "check"}


def content(path: Path) -> dict[str, list[Any]]:
    """Every row of every table of a file, but for the seal."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            name: db.execute(f'SELECT * FROM "{name}" NOT INDEXED ORDER BY 1, 2').fetchall()
            for name in tables
        }


class Flips:
    """A sound file, and what becomes of it with one bit changed."""

    def __init__(self, sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.sound = sound
        self.capsys = capsys
        self.path = sound.with_name("flipped.cypp")
        self.bytes = sound.read_bytes()
        self.content = content(sound)
        self.fates: Counter[str] = Counter()
        self._turn = 0

    def flip(self, place: int, bit: int) -> None:
        """Change one bit; check must see it where it says anything, and no command may write then."""
        flipped = bytearray(self.bytes)
        flipped[place] ^= 1 << bit
        self.path.write_bytes(flipped)
        self._turn += 1
        code, said = self.asked("check")
        if code == 0:
            assert content(self.path) == self.content, (place, bit)
            self.fates["means nothing"] += 1
            return
        self.fates[said.split("\n")[0].replace(self.path.name, "x.cypp")] += 1
        assert code == 1, (place, bit, said)
        for words in self._some(WRITING):
            code, said = self.asked(*words)
            assert code == 1 and self.path.read_bytes() == flipped, (words, place, bit, said)
        for words in self._some(READING):
            self.asked(*words)

    def _some(self, commands: dict[str, list[str]]) -> Iterator[list[str]]:
        """One of these commands after the other, one for each flip."""
        name = list(commands)[self._turn % len(commands)]
        yield [name, *commands[name]]

    def asked(self, command: str, *words: str) -> tuple[int, str]:
        """Give a command; it may not end as a fault of the program."""
        more = {"export": "out.json", "print": "out.html", "issue": "out"}.get(command)
        written = ["-o", str(self.path.with_name(more))] if more else []
        files = [str(self.sound)] if command == "merge" else []
        self.capsys.readouterr()
        code = run([command, str(self.path), *files, *words, *written])
        said = self.capsys.readouterr().err
        assert _BUG not in said, (command, said)
        return code, said

    def table(self) -> str:
        """What became of how many."""
        return "\n".join(f"{count:7}  {fate}" for fate, count in self.fates.most_common())


def header_bits() -> Iterable[tuple[int, int]]:
    """Every bit of the header."""
    return ((place, bit) for place in range(100) for bit in range(8))


def page_starts(size: int) -> list[int]:
    """Where the pages of a file of this size begin."""
    return list(range(0, size, _PAGE))


def all_commands_are_known() -> bool:
    """Whether each command is among those tried here, or opens no plan that is there."""
    return set(COMMANDS) - OTHERS <= WRITING.keys() | READING.keys()
