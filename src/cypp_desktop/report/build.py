"""A plan and a layout to a PDF file: title, introduction, a table for every priority, page numbers.

The one entrance to ``report`` for the window and the command line. Reads the plan through the session
it is given and writes one file; changes neither the plan nor anything else.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.blocks import Item, List, Paragraph, Span, parse
from cypp_desktop.plan.model import Plan, Priority
from cypp_desktop.plan.queries import current_round, priorities, the_plan
from cypp_desktop.report.canvas import ACCENT, QUIET, PaperCanvas, Pen
from cypp_desktop.report.fonts import BOLD
from cypp_desktop.report.layouts import LAYOUTS, Layout, Scope, headings, lead_blocks, literal, outcome_rows
from cypp_desktop.report.pdf_a import Attachment, Facts
from cypp_desktop.report.protect import encrypted
from cypp_desktop.report.structure import Element, Kind
from cypp_desktop.report.table import Cell, PageTable, Prose, TableStyle
from cypp_desktop.report.text import Blocks, Line, Typesetter, TypeStyle
from cypp_desktop.store.output import write_output

# isort: split
from reportlab.lib import pagesizes
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.flowables import CondPageBreak, Flowable
from reportlab.platypus.frames import Frame

Progress = Callable[[int, int], None]

PAPERS: dict[str, tuple[float, float]] = {
    "A4": pagesizes.A4,
    "A3": pagesizes.A3,
    "Letter": pagesizes.LETTER,
}
_SIDE, _TOP, _FOOT = 40.0, 46.0, 44.0  # margins
_NOTE = TypeStyle(8, 11, 0, QUIET)
_TITLE = TypeStyle(15, 20, BOLD, ACCENT)
_PRIORITY = TypeStyle(12.5, 17, BOLD, ACCENT)
_PROSE = TypeStyle(10, 13.6)
_PROSE_HEADING = TypeStyle(10, 13.6, BOLD)


@dataclass(frozen=True, slots=True)
class PrintResult:
    """What was printed: the number of pages, the characters that could not be printed as they should
    (no font has them, or they run from right to left), and whether anything was set smaller to fit.
    """

    pages: int
    missing: tuple[str, ...]
    shrunk: bool


def print_plan(
    session: Session,
    layout: str,
    out: Path,
    *,
    paper: str = "A4",
    landscape: bool = True,
    progress: Progress | None = None,
    attachments: tuple[Attachment, ...] = (),
    password: str | None = None,
) -> PrintResult:
    """Prints the plan in the layout of that name to ``out``, which is replaced as a whole or not at all.

    The file is PDF/UA-1 and PDF/A-3a and carries the ``attachments``; with a password it is not archival.
    ``progress`` is told the table rows done and their number; what it raises ends the printing.
    Raises :class:`UsageError` for an unknown layout or paper, ``FileProblem`` where ``out``
    cannot be written.
    """
    if layout not in LAYOUTS:
        raise UsageError(f"There is no layout called {layout}. There are: {', '.join(LAYOUTS)}.")
    if paper not in PAPERS:
        raise UsageError(f"There is no paper called {paper}. There are: {', '.join(PAPERS)}.")
    size = pagesizes.landscape(PAPERS[paper]) if landscape else PAPERS[paper]
    with uncollected():
        document = _Document(session, LAYOUTS[layout], size, progress)
        data = document.build(attachments, archival=password is None)
    if password is not None:
        data = encrypted(data, password)
    write_output(out, data)
    setter = document.setter
    return PrintResult(document.pages, tuple(sorted(setter.fonts.missing)), setter.shrunk)


class _Document:
    """One printing of a plan: its parts in order, and what stands on every page."""

    def __init__(
        self, session: Session, layout: Layout, size: tuple[float, float], progress: Progress | None
    ) -> None:
        self.setter = Typesetter()
        self.pages = 0
        self._plan = the_plan(session)
        self._priorities = priorities(session, whole=True)
        self._layout = layout
        self._scope = Scope(self._plan, current_round(session), layout.rows)
        self._size = size
        self._frame = (size[0] - 2 * _SIDE, size[1] - _TOP - _FOOT)
        self._progress = progress
        self._lines: dict[tuple[str, float, bool], Line] = {}
        body = TypeStyle(layout.size, round(layout.size * 1.33, 2))
        self._style = TableStyle(self._frame[1], body)

    def build(self, attachments: tuple[Attachment, ...], *, archival: bool) -> bytes:
        """The bytes of the PDF."""
        stream = BytesIO()
        facts = Facts(
            self._title(), self._plan.partnership or "", self._layout.title,
            keywords=self._plan.protective_marking or "", attachments=attachments, archival=archival,
        )  # fmt: skip
        document = BaseDocTemplate(stream, pagesize=self._size)
        frame = Frame(_SIDE, _FOOT, *self._frame, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate(frames=[frame], onPage=self._page_edges))
        document.build(self._story(), canvasmaker=partial(PaperCanvas, facts=facts))
        self.pages = document.page
        return stream.getvalue()

    def _title(self) -> str:
        return self._plan.title.strip() or "Plan without a title"

    # -- the parts

    def _story(self) -> list[Flowable]:
        story: list[Flowable] = [self._prose(literal(self._title()), _TITLE, "H1", after=6)]
        if self._plan.introduction:
            story.append(self._prose(parse(self._plan.introduction), _PROSE, after=4))
        tables = [self._rows(priority) for priority in self._priorities]
        total = sum(map(len, tables))
        before = 0
        for priority, rows in zip(self._priorities, tables, strict=True):
            story += self._priority(priority, rows, before, total)
            before += len(rows)
        return story

    def _rows(self, priority: Priority) -> list[list[Cell]]:
        return [
            row for outcome in priority.outcomes for row in outcome_rows(self._layout, outcome, self._scope)
        ]

    def _priority(
        self, priority: Priority, rows: Sequence[Sequence[Cell]], before: int, total: int
    ) -> Iterator[Flowable]:
        """A priority's heading, what stands over its table, and the table."""
        table = self._table(rows, before, total) if rows else None
        above = list(self._above(priority))
        needed = table.height_of_start(self._frame[0]) if table and not above else 5 * _PROSE.leading
        yield CondPageBreak(min(needed + 3 * _PRIORITY.leading, self._frame[1] - 1))
        heading = _priority_heading(self._plan, priority)
        parts: list[Flowable] = [self._prose(literal(heading), _PRIORITY, "H2", after=5)] if heading else []
        parts += above
        if table is not None:
            parts.append(table)
        if parts:
            parts[0].spaceBefore = 14
        yield from parts

    def _above(self, priority: Priority) -> Iterator[Flowable]:
        for lead in priority.leads:
            yield self._prose(lead_blocks(lead), _NOTE, after=4)
        for heading, field in self._layout.above:
            texts = [text for text in getattr(priority, field) if text.strip()]
            if not texts:
                continue
            yield CondPageBreak(4 * _PROSE.leading)
            yield self._prose(literal(heading), _PROSE_HEADING, "H3", after=1)
            yield self._prose(_bulleted(texts), _PROSE, after=5)

    def _prose(self, blocks: Blocks, style: TypeStyle, kind: Kind = "P", after: float = 0.0) -> Prose:
        return Prose(
            blocks, self.setter, style, frame_height=self._frame[1], element=Element(kind), after=after
        )

    def _table(self, rows: Sequence[Sequence[Cell]], before: int, total: int) -> PageTable:
        header = [
            Cell(number, literal(words), is_header=True)
            for number, words in enumerate(headings(self._layout, self._scope))
        ]
        shares = [column.share for column in self._layout.columns]
        drawn = None
        if self._progress is not None:
            tell = self._progress

            def drawn(done: int) -> None:
                tell(before + done, total)

        return PageTable(shares, header, rows, self.setter, self._style, drawn=drawn)

    # -- the edges of every page

    def _page_edges(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        """Header: label and protective marking. Footer: page x of y, marking and title."""
        assert isinstance(canvas, PaperCanvas)
        width, height = self._size
        top, foot = height - _TOP + 19, _FOOT - 20
        room = (width - 2 * _SIDE) / 3 - 6
        marking = self._line(self._plan.protective_marking or "", room, bold=True)
        wide = room if marking.runs else 2 * room
        label = self._line(self._plan.document_label or "", wide)
        page = self._line(f"Page {document.page} of", room)
        title = self._line(self._title(), wide)
        with Pen(canvas, edges=True) as pen:
            label.draw(pen, _SIDE, top)
            page.draw(pen, _SIDE, foot)
            pen.total(_SIDE + page.width + 2.2, foot - page.runs[0].drop, _NOTE.size)
            marking.draw(pen, (width - marking.width) / 2, top)
            marking.draw(pen, (width - marking.width) / 2, foot)
            title.draw(pen, width - _SIDE - title.width, foot)

    def _line(self, words: str, room: float, bold: bool = False) -> Line:
        """Words on one line, shortened with an ellipsis where they are wider than ``room``."""
        known = self._lines.get((words, room, bold))
        if known is not None:
            return known
        blocks = (Paragraph((Span(" ".join(words.split()), bold=bold),)),)
        lines = self.setter.set(blocks, 100 * self._size[0], _NOTE).lines
        line = lines[0] if lines else Line(_NOTE.leading, [])
        if line.width > room and len(words) > 3:
            kept = min(len(words) - 2, int(len(words) * room / line.width))
            line = self._line(words[:kept].rstrip(" …") + "…", room, bold)
        self._lines[words, room, bold] = line
        return line


def _priority_heading(plan: Plan, priority: Priority) -> str:
    """ "Priority 1. Safeguarding …", with the plan's own name for a priority."""
    code, title = (priority.code or "").strip(), (priority.title or "").strip()
    name = f"{plan.level_priority} {code}".strip() if code else ""
    return f"{name}. {title}" if name and title else name or title


def _bulleted(texts: Sequence[str]) -> Blocks:
    return (List(tuple(Item(parse(text)) for text in texts)),)


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage while a document is laid out: it makes many objects and no cycles to speak of."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
