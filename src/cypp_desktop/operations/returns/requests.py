"""Returns that are to be written, and what became of that, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cypp_desktop.plan.words import counted

#: So many of the files written are named.
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequest:
    """One return that is to be written; ``measures`` None asks for what the organisation leads."""

    organisation_id: str
    name: str
    due: str | None
    round_id: str | None
    note: str | None
    measures: frozenset[str] | None = None


@dataclass(slots=True)
class ReturnsWritten:
    """What became of requests: the files written, problems as (organisation, words), how many are left.

    ``organisations`` are the ids of those that got a file.
    """

    folder: Path
    files: list[Path] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    left: int = 0
    stopped: bool = False

    @property
    def words(self) -> str:
        """What was written and what was not."""
        sentences = []
        if self.files:
            verb = "is" if len(self.files) == 1 else "are"
            written = f"{counted(len(self.files), 'return')} {verb} written to {self.folder}"
            sentences.append(f"{written}: {self._names()}.")
            sentences.append("Send each to its organisation; the board shows what comes back.")
        for name, words in self.problems:
            sentences.append(f"{name}: {words}")
        if self.stopped:
            sentences.append(f"Stopped: {counted(self.left, 'organisation')} got no file.")
        return " ".join(sentences)

    def _names(self) -> str:
        names = ", ".join(path.name for path in self.files[:_NAMED])
        more = len(self.files) - _NAMED
        return f"{names} and {more} more" if more > 0 else names
