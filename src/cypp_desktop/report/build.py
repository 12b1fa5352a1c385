"""A paper to a PDF file: headings, texts and page-wise tables, bookmarks, and what stands on every page.

The entrance to ``report`` for the window and the command line. Reads the plan through the session it is
given and writes one file; changes neither the plan nor anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import cast

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.garbage import uncollected
from cypp_desktop.plan.blocks import Paragraph, Span, plain_text
from cypp_desktop.report.canvas import ACCENT, QUIET, PaperCanvas, Pen
from cypp_desktop.report.cells import Cell
from cypp_desktop.report.content import Wishes, layout_paper
from cypp_desktop.report.contents import Contents, Entry
from cypp_desktop.report.flowables import Anchor, Drawing, Framed, Outline
from cypp_desktop.report.fonts import BOLD
from cypp_desktop.report.layouts import Filter, find_layout
from cypp_desktop.report.layouts.words import literal
from cypp_desktop.report.measuring import TableStyle
from cypp_desktop.report.paper import (
    Box,
    Chapter,
    Cover,
    Figure,
    Grid,
    Heading,
    Paper,
    Part,
    Setup,
    Words,
)
from cypp_desktop.report.pdf_a import Attachment, Facts
from cypp_desktop.report.prose import Prose
from cypp_desktop.report.protect import encrypted
from cypp_desktop.report.structure import Element, Kind
from cypp_desktop.report.table import PageTable
from cypp_desktop.report.text import Blocks, Line, Typesetter, TypeStyle
from cypp_desktop.store.output import write_output

# isort: split
from reportlab.lib import pagesizes
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, NextPageTemplate, PageTemplate
from reportlab.platypus.flowables import CondPageBreak, Flowable, PageBreak, Spacer
from reportlab.platypus.frames import Frame

Progress = Callable[[int, int], None]

PAPERS: dict[str, tuple[float, float]] = {
    "A4": pagesizes.A4,
    "A3": pagesizes.A3,
    "Letter": pagesizes.LETTER,
}
_SIDE, _TOP, _FOOT = 40.0, 46.0, 44.0  # margins
#: From this size on a print is a large one: nothing on it is set smaller.
_LARGE = 12.0
#: What stands at the edges of pages is no larger: there is no more room.
_EDGE = 14.0


@dataclass(frozen=True, slots=True)
class PrintResult:
    """What was printed: the number of pages, the characters that could not be printed as they should
    (no font has them, or they run from right to left), and whether anything was set smaller to fit.

    HTML and Word files have no pages of their own: 0.
    """

    pages: int
    missing: tuple[str, ...]
    shrunk: bool


def print_plan(
    session: Session,
    layout: str,
    out: Path,
    *,
    paper: str | None = None,
    landscape: bool | None = None,
    size: float | None = None,
    organisation: str | None = None,
    since: str | None = None,
    day: date | None = None,
    progress: Progress | None = None,
    attachments: tuple[Attachment, ...] = (),
    password: str | None = None,
) -> PrintResult:
    """Prints the plan in the layout of that name to ``out``, which is replaced as a whole or not at all.

    The name of ``out`` says what it becomes: ``.html``, ``.docx``, else a PDF, which is PDF/UA-1 and PDF/A-3a
    and carries the ``attachments``; with a ``password`` it is not archival. ``paper``, ``landscape`` and
    ``size`` (of the text, in points) are the layout's own where they are not given; ``organisation`` is an
    id, ``since`` a day in ISO form, ``day`` the day of printing, today if none. ``progress`` is told the
    table rows done and their number; what it raises ends the printing. Raises :class:`UsageError` for an
    unknown layout or paper, ``FileProblem`` where ``out`` cannot be written.
    """
    found = find_layout(session, layout)
    if paper is not None and paper not in PAPERS:
        raise UsageError(f"There is no paper called {paper}. There are: {', '.join(PAPERS)}.")
    found = replace(
        found,
        paper=found.paper if paper is None else paper,
        landscape=found.landscape if landscape is None else landscape,
        size=found.size if size is None else size,
    )
    wishes = Wishes(day or date.today(), since, Filter(organisation=organisation))
    with uncollected():
        paper_made = layout_paper(session, found, wishes)
        return print_paper(paper_made, out, progress, attachments=attachments, password=password)


def print_paper(
    paper: Paper,
    out: Path,
    progress: Progress | None = None,
    *,
    attachments: tuple[Attachment, ...] = (),
    password: str | None = None,
) -> PrintResult:
    """Writes a paper to ``out`` as what its name asks for: ``.html``, ``.docx``, else a PDF.

    Only a PDF carries ``attachments`` and can have a ``password``: raises UsageError for others with one.
    """
    kind = out.suffix.lower()
    if password is not None and kind in (".html", ".htm", ".docx"):
        raise UsageError("Only a PDF can be given a password. Give the file a name that ends in .pdf.")
    if kind in (".html", ".htm"):
        from cypp_desktop.report.web import html_of

        write_output(out, html_of(paper, progress).encode("utf-8"))
        return PrintResult(0, (), False)
    if kind == ".docx":
        from cypp_desktop.report.word import docx_of

        write_output(out, docx_of(paper, progress))
        return PrintResult(0, (), False)
    with uncollected():
        document = PdfDocument(paper, progress)
        data = document.build(attachments, archival=password is None)
    if password is not None:
        data = encrypted(data, password)
    write_output(out, data)
    setter = document.setter
    return PrintResult(document.pages, tuple(sorted(setter.fonts.missing)), setter.shrunk)


@dataclass(frozen=True, slots=True)
class _Styles:
    """The styles of a chapter, which follow from the size of its text."""

    size: float

    @property
    def _factor(self) -> float:
        return max(self.size, 10.0) / 10.0

    @property
    def prose(self) -> TypeStyle:
        return TypeStyle(10, 13.6).scaled(self._factor)

    @property
    def quiet(self) -> TypeStyle:
        size = min(self.size, _EDGE) if self.size >= _LARGE else 8.0
        return TypeStyle(size, round(size * 1.375, 2), 0, QUIET)

    @property
    def body(self) -> TypeStyle:
        return TypeStyle(self.size, round(self.size * 1.33, 2))

    def heading(self, level: int) -> TypeStyle:
        if level >= 4:
            return TypeStyle(10, 13.6, BOLD).scaled(self._factor)
        style = {
            1: TypeStyle(15, 20, BOLD, ACCENT),
            2: TypeStyle(12.5, 17, BOLD, ACCENT),
            3: TypeStyle(11, 15, BOLD, ACCENT),
        }[level]
        return style.scaled(self._factor)


class PdfDocument:
    """One paper as a PDF: its parts in order, and what stands on every page."""

    def __init__(self, paper: Paper, progress: Progress | None = None) -> None:
        self.setter = Typesetter()
        self.outline = Outline()
        self.pages = 0
        self._paper = paper
        self._progress = progress
        self._rows_before = 0
        self._total = paper.row_count
        self.least = min(
            (
                part.level
                for chapter in paper.chapters
                for part in chapter.parts
                if isinstance(part, Heading) and part.anchor
            ),
            default=1,
        )
        self._lines: dict[tuple[str, float, bool, TypeStyle], Line] = {}

    def build(self, attachments: tuple[Attachment, ...] = (), *, archival: bool = True) -> bytes:
        """The bytes of the PDF."""
        stream = BytesIO()
        paper = self._paper
        facts = Facts(
            paper.title, paper.author, paper.subject, paper.marking, paper.language, attachments, archival
        )
        document = BaseDocTemplate(stream)
        setups = list(dict.fromkeys(chapter.setup for chapter in paper.chapters))
        document.addPageTemplates([self._template(setup) for setup in setups])
        document.build(self._story(), canvasmaker=partial(PaperCanvas, facts=facts))
        self.pages = document.page
        return stream.getvalue()

    def _template(self, setup: Setup) -> PageTemplate:
        size = _page_size(setup)
        frame = Frame(_SIDE, _FOOT, *_frame_size(setup), 0, 0, 0, 0)

        def edges(canvas: Canvas, document: BaseDocTemplate) -> None:
            self._page_edges(canvas, document, setup)

        return PageTemplate(id=_name(setup), frames=[frame], onPage=edges, pagesize=size)

    # -- the parts

    def _story(self) -> list[Flowable]:
        story: list[Flowable] = []
        for number, chapter in enumerate(self._paper.chapters):
            if number:
                story += [NextPageTemplate(_name(chapter.setup)), PageBreak()]
            story += _ChapterStory(self, chapter).flowables()
        return story

    def entries(self) -> list[Entry]:
        """What the contents list: the headings of the first two levels after the contents."""
        listed = [
            part
            for chapter in self._paper.chapters
            for part in chapter.parts
            if isinstance(part, Heading) and part.listed and part.anchor
        ]
        least = min((part.level for part in listed), default=1)
        return [
            Entry(_one_line(part.blocks), part.anchor, part.level - least)
            for part in listed
            if part.level - least < 2
        ]

    def drawn(self, rows: int) -> Callable[[int], None] | None:
        """Tells progress of the next table, which has so many rows."""
        if self._progress is None:
            return None
        tell, before, total = self._progress, self._rows_before, self._total
        self._rows_before += rows
        return lambda done: tell(before + done, total)

    # -- the edges of every page

    def _page_edges(self, canvas: Canvas, document: BaseDocTemplate, setup: Setup) -> None:
        """Header: label and protective marking. Footer: page x of y, marking and title."""
        assert isinstance(canvas, PaperCanvas)
        width, height = _page_size(setup)
        style = _Styles(setup.size).quiet
        top, foot = height - _TOP + 19, _FOOT - 20
        room = (width - 2 * _SIDE) / 3 - 6
        marking = self._line(self._paper.marking, room, style, bold=True)
        wide = room if marking.runs else 2 * room
        label = self._line(self._paper.label, wide, style)
        page = self._line(f"Page {document.page} of", room, style)
        title = self._line(self._paper.title, wide, style)
        with Pen(canvas, edges=True) as pen:
            label.draw(pen, _SIDE, top)
            page.draw(pen, _SIDE, foot)
            pen.total(_SIDE + page.width + 2.2, foot - page.runs[0].drop, style.size)
            marking.draw(pen, (width - marking.width) / 2, top)
            marking.draw(pen, (width - marking.width) / 2, foot)
            title.draw(pen, width - _SIDE - title.width, foot)

    def _line(self, words: str, room: float, style: TypeStyle, bold: bool = False) -> Line:
        """Words on one line, shortened with an ellipsis where they are wider than ``room``."""
        known = self._lines.get((words, room, bold, style))
        if known is not None:
            return known
        blocks = (Paragraph((Span(" ".join(words.split()), bold=bold),)),)
        lines = self.setter.set(blocks, 1_000_000.0, style).lines
        line = lines[0] if lines else Line(style.leading, [])
        if line.width > room and len(words) > 3:
            kept = min(len(words) - 2, int(len(words) * room / line.width))
            line = self._line(words[:kept].rstrip(" …") + "…", room, style, bold)
        self._lines[words, room, bold, style] = line
        return line


class _ChapterStory:
    """The flowables of one chapter."""

    def __init__(self, document: PdfDocument, chapter: Chapter) -> None:
        self._document = document
        self._setter = document.setter
        self._parts = chapter.parts
        self._styles = _Styles(chapter.setup.size)
        self._width, self._height = _frame_size(chapter.setup)
        self._level = 1

    def flowables(self) -> Iterator[Flowable]:
        before: Part | None = None
        tables = {at: self._table(part) for at, part in enumerate(self._parts) if isinstance(part, Grid)}
        for at, part in enumerate(self._parts):
            if isinstance(part, Heading):
                yield from self._heading(part, tables.get(at + 1))
            elif isinstance(part, Words):
                style = self._styles.quiet if part.quiet else self._styles.prose
                yield self._prose(part.blocks, style, after=4, inner=self._level + 1)
            elif isinstance(part, Box):
                yield self._box(part)
            elif isinstance(part, Grid):
                table = tables[at]
                if isinstance(before, Grid):
                    yield self._room_for(table)
                    table.spaceBefore = 14
                yield table
            elif isinstance(part, Figure):
                yield Drawing(part, self._setter)
            elif isinstance(part, Cover):
                yield from self._cover(part)
            else:
                yield self._prose(literal(part.title), self._styles.heading(1), "H2", after=10)
                yield Contents(self._document.entries(), self._setter, self._styles.prose)
            before = part

    def _heading(self, part: Heading, table: PageTable | None) -> Iterator[Flowable]:
        """A heading, on the page of what follows it."""
        style = self._styles.heading(part.level)
        prose = self._styles.prose
        if part.level == 1:
            first: list[Flowable] = []
            after = 6.0
        elif part.listed:
            first = [self._room_for(table)]
            after = 5.0 if part.level < 4 else 2.0
        else:
            style = replace(prose, face=BOLD)
            first = [CondPageBreak(4 * prose.leading)]
            after = 1.0
        yield from first
        self._level = part.level
        heading = self._prose(part.blocks, style, _heading_kind(part.level), after=after)
        top: Flowable = heading
        if part.anchor:
            words = _one_line(part.blocks)
            top = Anchor(part.anchor, words, part.level - self._document.least, self._document.outline)
            yield top
        if part.level > 1 and part.listed:
            top.spaceBefore = 14 if part.level < 4 else 8
        yield heading

    def _room_for(self, table: PageTable | None) -> CondPageBreak:
        """A new page where a heading and the beginning of what follows would not stand together."""
        style = self._styles
        needed = table.height_of_start(self._width) if table else 5 * style.prose.leading
        return CondPageBreak(min(needed + 3 * style.heading(2).leading, self._height - 1))

    def _prose(
        self, blocks: Blocks, style: TypeStyle, kind: Kind = "P", after: float = 0.0, inner: int = 0
    ) -> Prose:
        """Text; headings within it are of the level ``inner``."""
        return Prose(
            blocks, self._setter, style,
            frame_height=self._height, element=Element(kind), after=after,
            heading=_heading_kind(inner) if inner else "P",
        )  # fmt: skip

    def _box(self, part: Box) -> Framed:
        title = (Paragraph((Span(part.title, bold=True),)),)
        prose = Prose(
            (*title, *part.blocks), self._setter, self._styles.prose,
            frame_height=self._height - 14, element=Element("Div"),
        )  # fmt: skip
        return Framed(prose)

    def _table(self, part: Grid) -> PageTable:
        body = _Styles(part.size).body
        header = [Cell(number, words, is_header=True) for number, words in enumerate(part.heads)]
        return PageTable(
            part.shares, header, part.rows, self._setter, TableStyle(self._height, body),
            drawn=self._document.drawn(len(part.rows)),
        )  # fmt: skip

    def _cover(self, part: Cover) -> Iterator[Flowable]:
        styles = self._styles
        yield Spacer(1, 0.22 * self._height)
        yield self._prose(literal(part.title), styles.heading(1).scaled(1.7), "H1", after=18)
        for words in part.lines:
            yield self._prose(literal(words), styles.prose.scaled(1.3), after=7)


def _page_size(setup: Setup) -> tuple[float, float]:
    size = PAPERS[setup.paper]
    return pagesizes.landscape(size) if setup.landscape else size


def _frame_size(setup: Setup) -> tuple[float, float]:
    width, height = _page_size(setup)
    return width - 2 * _SIDE, height - _TOP - _FOOT


def _name(setup: Setup) -> str:
    return f"{setup.paper}-{'landscape' if setup.landscape else 'portrait'}-{setup.size:g}"


def _heading_kind(level: int) -> Kind:
    return cast(Kind, f"H{min(level, 6)}")


def _one_line(blocks: Blocks) -> str:
    return " ".join(plain_text(blocks).split())
