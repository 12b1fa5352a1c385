"""A part of a table as a person sees it: headings, and rows with one cell under each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cypp_desktop.exchange.word.content import Content, words_of


@dataclass(slots=True)
class SectionCell:
    """What one row holds under one heading. ``merged``: it is one cell with the row above; ``absent``: a
    form has nothing there, which is not the same as a blank cell.
    """

    content: list[Content] = field(default_factory=list)
    merged: bool = False
    borderless: bool = False  # no line to the cell above, as if merged
    absent: bool = False

    @property
    def words(self) -> str:
        return words_of(self.content)


@dataclass(slots=True)
class TableRow:
    """A row of a table: a cell for each column, or one text over all columns (``full``).

    ``broken`` says that a page ended just before: the headings were typed again, or a new table
    goes on without any.
    """

    cells: list[SectionCell]
    full: list[Content] | None = None
    broken: bool = False
    number: int = 0


@dataclass(slots=True)
class TableSection:
    """Rows under one set of headings. ``headed`` is False where no heading row was found."""

    headings: list[str]
    rows: list[TableRow]
    headed: bool = True
    inherited: bool = False
    bounds: list[tuple[int, int]] = field(default_factory=list)
    form: bool = False  # its headings stood before their cells, not above them
    index: int = -1
    again: list[str] = field(default_factory=list)  # headings that were typed again

    @property
    def key(self) -> tuple[str, ...]:
        """The headings without accidents of typing: sections of one kind have the same."""
        return tuple(plain_words(heading) for heading in self.headings)

    def data(self) -> Iterator[TableRow]:
        """The rows that are not one text over all columns."""
        return (row for row in self.rows if row.full is None)


def plain_words(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
