"""What passes between the rooms of a merge: files received and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cypp_desktop.store.changes import Change
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.removal import Removal


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken in: which gate refused it, and why in plain words for the person."""

    path: Path
    gate: str
    words: str

    @property
    def name(self) -> str:
        """The file's name as messages show it."""
        return _shown(self.path)


def _shown(path: Path) -> str:
    return path.name.encode("utf-8", "replace").decode()


#: The rows that can be asked for, as a scope calls them.
_ASKED = {name: f"{name}s" for name in ("measure", "outcome", "action", "update")}


@dataclass(frozen=True, slots=True)
class Scope:
    """The ids of the rows that a partner may edit."""

    measures: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    updates: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, said: dict[str, list[str]]) -> Scope:
        """The scope that a file or a plan's row holds. Raises KeyError or TypeError where it is none."""
        return cls(**{name: frozenset(said[name]) for name in _ASKED.values()})

    def to_json(self) -> dict[str, list[str]]:
        """As a file or a plan's row holds it."""
        return {name: sorted(getattr(self, name)) for name in _ASKED.values()}

    def __bool__(self) -> bool:
        return bool(self.measures or self.outcomes or self.actions)

    def holds(self, row_type: str, row_id: str) -> bool:
        """Whether this row is one of those asked for."""
        return row_type in _ASKED and row_id in getattr(self, _ASKED[row_type])


#: What is said of a file that does not show what it says it is.
UNPROVEN: Final = (
    "nothing in it shows that it is a copy of this plan or a return that was sent out from it, so nothing of "
    "it comes in unless you let it in"
)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that went through the gates: what it brings that the plan does not have.

    ``changes`` may come in, ``outside`` are beyond what was asked. ``altered`` proposes as changes what
    another program did to rows behind the application's back; ``outside_altered`` the same beyond what was
    asked. ``kind`` is "return", or "copy" for another copy of the same plan, of which everything is asked.

    ``proven`` says whether the file shows what it is: a return by its key, a copy by the plan's secret. Else
    it is a stranger's: all of it is beyond what is asked, whatever it says of itself. ``sealed`` says whether
    a return's rows are as the application last let them go; ``withdrawn`` whether what it answers was taken
    back, so that all of it is beyond what is asked. ``doubts`` says of rows that come in only if a person
    lets them in, why. ``earlier`` are the changes that a colleague's copy has from outside and counts from an
    earlier receipt than the plan: id, moment and author. ``removals`` is what was removed for good there.
    ``called`` is what it is called where its name is none that anybody knows.
    """

    path: Path
    sha256: str
    kind: str
    file_id: str
    issue_id: str | None = None
    organisation_id: str | None = None
    organisation: str | None = None
    finished_at: str | None = None
    sealed: bool = True
    withdrawn: bool = False
    called: str | None = None
    proven: bool = True
    changes: tuple[Change, ...] = field(default=(), repr=False)
    outside: tuple[Change, ...] = field(default=(), repr=False)
    altered: tuple[Change, ...] = field(default=(), repr=False)
    outside_altered: tuple[Change, ...] = field(default=(), repr=False)
    doubts: Mapping[RowKey, str] = field(default_factory=dict, repr=False)
    earlier: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    removals: tuple[Removal, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The file's name as messages show it."""
        return self.called or _shown(self.path)

    @property
    def brought(self) -> tuple[Change, ...]:
        """All that the file brings, asked for or not."""
        return (*self.changes, *self.outside, *self.altered, *self.outside_altered)

    @property
    def is_empty(self) -> bool:
        """Whether the file brings nothing new."""
        return not (self.brought or self.removals)


def names_of(files: Iterable[Received]) -> dict[str, str]:
    """What files are called beside each other, by SHA-256: those of one name are told apart by a number."""
    names: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for file in files:
        if file.sha256 not in names:
            seen[file.name] += 1
            number = seen[file.name]
            names[file.sha256] = file.name if number == 1 else f"{file.name} ({number})"
    return names
