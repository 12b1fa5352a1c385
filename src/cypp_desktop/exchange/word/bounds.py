"""What is too much for a plan in one Word document: told in plain words, before time or memory run out.

Nothing that a council's plan has comes near: a table of 40,000 rows is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cypp_desktop.errors import ImportProblem

MOST_SPANNED = 63  # columns that Word lets a table have; a larger number is damage
_MOST_COLUMNS = 4 * MOST_SPANNED  # other programs write more than Word allows
_MOST_CELLS = 1_000_000  # 40,000 rows of 25 columns
_MOST_LINK_LETTERS = 5_000_000  # of all addresses, each as often as it is linked to: as they stand in a plan
_DEEPEST_NOTE = 4  # a note on a note on a note; Word itself makes no more than a comment on a note

_TOO_WIDE = (
    f"A table of this Word document has more than {_MOST_COLUMNS} columns. Word itself lets a table have "
    f"{MOST_SPANNED}. Take out the columns that are not the plan's, and import it again."
)
_TOO_MANY_CELLS = (
    f"The tables of this Word document have more than {_MOST_CELLS:,} cells, more than a plan can hold. "
    "Split the document, and import its parts one by one."
)
_LINKS_TOO_LONG = (
    f"The links in this Word document lead to addresses of more than {_MOST_LINK_LETTERS:,} letters, more "
    "than a plan can hold. Take the links off (in Word: all text, then Ctrl+Shift+F9) and import it again."
)
_NOTES_TOO_DEEP = (
    "The notes of this Word document stand in one another without end, which a damaged or harmful file does. "
    "If you trust it, copy its text into a new Word document and import that."
)


class Bounds:
    """Counts what one document holds, and refuses it where that is too much."""

    def __init__(self) -> None:
        self._cells = 0
        self._link_letters = 0
        self._notes_open = 0

    def row(self, width: int, widest: int) -> None:
        """A row of a table; it has a cell under each heading (``widest`` of them), said or not."""
        if width > _MOST_COLUMNS:
            raise ImportProblem(_TOO_WIDE)
        self._cells += widest
        if self._cells > _MOST_CELLS:
            raise ImportProblem(_TOO_MANY_CELLS)

    def link(self, address: str) -> None:
        """Words that lead to an address."""
        self._link_letters += len(address)
        if self._link_letters > _MOST_LINK_LETTERS:
            raise ImportProblem(_LINKS_TOO_LONG)

    @contextmanager
    def note(self) -> Iterator[None]:
        """While a note is read, which may itself have notes."""
        if self._notes_open >= _DEEPEST_NOTE:
            raise ImportProblem(_NOTES_TOO_DEEP)
        self._notes_open += 1
        yield
        self._notes_open -= 1
