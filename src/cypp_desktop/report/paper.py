"""A print as its parts in order, before anything is drawn: what PDF, HTML and Word are all made from.

A :class:`Paper` is made from a plan by ``paper_builder`` and ``packs``, and written by ``pdf``, ``web`` and
``word``. Holds words and tables; knows neither plans nor outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cypp_desktop.plan.blocks import plain_text
from cypp_desktop.report.cells import Blocks, TableCell
from cypp_desktop.report.drawing import Figure
from cypp_desktop.report.paper_kinds import PaperSize
from cypp_desktop.report.printed_fields import PrintedFields

#: Told the table rows done and their number; what it raises ends the printing.
RowsDone = Callable[[int, int], None]
#: The contents list headings of so many levels.
_LISTED_LEVELS = 2


@dataclass(frozen=True, slots=True)
class HeadingPart:
    """A heading; ``level`` from 1. ``anchor`` names the place; a ``listed`` one stands in the contents."""

    level: int
    blocks: Blocks
    anchor: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text in the page's full width; ``quiet`` is smaller, for what is said beside."""

    blocks: Blocks
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class BoxPart:
    """Text with a title in a frame of its own: a recommendation where it was made."""

    title: str
    blocks: Blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePart:
    """A table: what it is called, its columns' headings and shares of the width, and its rows.

    Rows hold the cells that start in them, as :class:`~cypp_desktop.report.pdf.table.PageTable` has it; their
    blocks may be read only when they are printed. ``size`` is that of the text, in points.
    """

    caption: str
    heads: tuple[Blocks, ...]
    shares: tuple[float, ...]
    rows: Sequence[Sequence[TableCell]]
    size: float


@dataclass(frozen=True, slots=True)
class CoverPart:
    """The first page of a pack: its title, and lines below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContentsPart:
    """The listed headings of the paper with their pages, as links."""

    title: str = "Contents"


PaperPart = HeadingPart | TextPart | BoxPart | TablePart | Figure | CoverPart | ContentsPart


@dataclass(frozen=True, slots=True)
class PageSetup:
    """The paper of a chapter: its name and turn, and the size of the text in points."""

    paper: PaperSize = PaperSize.A4
    landscape: bool = True
    size: float = 9.5


@dataclass(frozen=True, slots=True)
class Chapter:
    """Parts on one kind of paper; it begins on a new page."""

    setup: PageSetup
    parts: tuple[PaperPart, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole print. ``label`` and ``marking`` (protective) stand on every page, like the title.

    ``printed`` says whose words it holds: what may go along with it as data.
    """

    title: str
    chapters: tuple[Chapter, ...]
    subject: str = ""
    author: str = ""
    language: str = "en-GB"
    marking: str = ""
    label: str = ""
    printed: PrintedFields = field(default_factory=PrintedFields)

    @property
    def row_count(self) -> int:
        """How many table rows it has, for telling progress."""
        count = 0
        for chapter in self.chapters:
            for part in chapter.parts:
                if isinstance(part, TablePart):
                    count += len(part.rows)
        return count

    @property
    def headings(self) -> list[HeadingPart]:
        """The headings that name a place, in order."""
        found: list[HeadingPart] = []
        for chapter in self.chapters:
            headings = [part for part in chapter.parts if isinstance(part, HeadingPart)]
            found += [heading for heading in headings if heading.anchor]
        return found


def contents_of(headings: Sequence[HeadingPart]) -> list[tuple[HeadingPart, int]]:
    """What the contents list: the listed headings of the outermost two levels, each with its level from 0."""
    listed = [heading for heading in headings if heading.listed]
    outermost = min((heading.level for heading in listed), default=1)
    levels = [(heading, heading.level - outermost) for heading in listed]
    return [(heading, level) for heading, level in levels if level < _LISTED_LEVELS]


def one_line(blocks: Blocks) -> str:
    """The words of blocks on one line, without their styles."""
    return " ".join(plain_text(blocks).split())
