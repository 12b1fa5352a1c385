"""A paper as one PDF: its chapters in order, bookmarks, and what stands at the edges of every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.report.paper import PageSetup, Paper, RowsDone
from cypp_desktop.report.pdf.canvas import PaperCanvas, Pen
from cypp_desktop.report.pdf.flowables import Bookmarks
from cypp_desktop.report.pdf.lines import PrintedLine, TypeStyle
from cypp_desktop.report.pdf.metadata import Attachment, DocumentFacts
from cypp_desktop.report.pdf.page_styles import (
    FOOT,
    SIDE,
    TOP,
    ChapterStyles,
    frame_size,
    page_size,
    template_name,
)
from cypp_desktop.report.pdf.story import ChapterContext, ChapterStory, contents_entries
from cypp_desktop.report.pdf.typesetter import Typesetter

# isort: split
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, NextPageTemplate, PageTemplate
from reportlab.platypus.flowables import Flowable, PageBreak
from reportlab.platypus.frames import Frame

#: More room than any line needs.
_NO_END = 1_000_000.0


def halves(words: str) -> list[str]:
    """Words as two lines of about one length, or as one where there is but one word."""
    middle = len(words) / 2
    blanks = [at for at, sign in enumerate(words) if sign == " "]
    if not blanks:
        return [words]
    at = min(blanks, key=lambda blank: abs(blank - middle))
    return [words[:at], words[at + 1 :]]


class PdfDocument:
    """One paper as a PDF: its parts in order, and what stands on every page."""

    def __init__(self, paper: Paper, progress: RowsDone | None = None) -> None:
        self.setter = Typesetter()
        self.pages = 0
        self._paper = paper
        self._progress = progress
        self._rows_before = 0
        self._total = paper.row_count
        self._lines: dict[tuple[str, float, TypeStyle], PrintedLine] = {}

    def build(self, attachments: tuple[Attachment, ...] = (), *, archival: bool = True) -> bytes:
        """The bytes of the PDF."""
        stream = BytesIO()
        paper = self._paper
        facts = DocumentFacts(
            title=paper.title,
            author=paper.author,
            subject=paper.subject,
            keywords=paper.marking,
            language=paper.language,
            attachments=attachments,
            archival=archival,
        )
        document = BaseDocTemplate(stream)
        setups = list(dict.fromkeys(chapter.setup for chapter in paper.chapters))
        document.addPageTemplates([self._template(setup) for setup in setups])
        document.build(self._story(), canvasmaker=partial(PaperCanvas, facts=facts))
        self.pages = document.page
        return stream.getvalue()

    def _template(self, setup: PageSetup) -> PageTemplate:
        size = page_size(setup)
        frame = Frame(SIDE, FOOT, *frame_size(setup), 0, 0, 0, 0)

        def edges(canvas: Canvas, document: BaseDocTemplate) -> None:
            self._page_edges(canvas, document, setup)

        return PageTemplate(id=template_name(setup), frames=[frame], onPage=edges, pagesize=size)

    # -- the parts

    def _story(self) -> list[Flowable]:
        headings = self._paper.headings
        context = ChapterContext(
            setter=self.setter,
            bookmarks=Bookmarks(),
            outermost=min((heading.level for heading in headings), default=1),
            contents=contents_entries(headings),
            progress_of_table=self._progress_of_table,
        )
        story: list[Flowable] = []
        for number, chapter in enumerate(self._paper.chapters):
            if number:
                story += [NextPageTemplate(template_name(chapter.setup)), PageBreak()]
            story += ChapterStory(context, chapter).flowables()
        return story

    def _progress_of_table(self, rows: int) -> Callable[[int], None] | None:
        """What is to be told the rows drawn of the next table, which has so many of them."""
        if self._progress is None:
            return None
        tell, before, total = self._progress, self._rows_before, self._total
        self._rows_before += rows
        return lambda done: tell(before + done, total)

    # -- the edges of every page

    def _page_edges(self, canvas: Canvas, document: BaseDocTemplate, setup: PageSetup) -> None:
        """Header: label and protective marking. Footer: page x of y, marking and title."""
        assert isinstance(canvas, PaperCanvas)
        width, height = page_size(setup)
        styles = ChapterStyles(setup.size)
        style = styles.quiet
        top, foot = height - TOP + 19, FOOT - 20
        whole = width - 2 * SIDE
        page = self._line(f"Page {document.page} of", whole, style)
        marking = self._marking(whole - 2 * (page.width + 3 * style.size), styles.marking)
        wide = (whole - marking[-1].width) / 2 - 6 if marking else 2 * whole / 3 - 12
        label = self._line(self._paper.label, wide, style)
        title = self._line(self._paper.title, wide, style)
        with Pen(canvas, edges=True) as pen:
            label.draw(pen, SIDE, top)
            page.draw(pen, SIDE, foot)
            pen.total(SIDE + page.width + 2.2, foot - page.runs[0].drop, style.size)
            base = styles.marking.drop - style.drop  # its base line is that of the words beside it
            for edge in (top, foot):
                for above, line in enumerate(reversed(marking)):
                    line.draw(pen, (width - line.width) / 2, edge + base + above * line.height)
            title.draw(pen, width - SIDE - title.width, foot)

    def _marking(self, room: float, style: TypeStyle) -> list[PrintedLine]:
        """The lines of the protective marking, which is never shortened: two where it is wider than ``room``,
        and smaller only where two are not enough for what can hardly be a marking.
        """
        marking = self._paper.marking
        if not marking:
            return []
        parts = [marking]
        if self._line(marking, _NO_END, style).width > room:
            parts = halves(marking)
        lines = [self._line(part, _NO_END, style) for part in parts]
        widest = max(line.width for line in lines)
        if widest <= room:
            return lines
        return [self._line(part, _NO_END, style.scaled(room / widest)) for part in parts]

    def _line(self, words: str, room: float, style: TypeStyle) -> PrintedLine:
        """Words on one line, shortened with an ellipsis where they are wider than ``room``."""
        known = self._lines.get((words, room, style))
        if known is not None:
            return known
        blocks = (Paragraph((Span(" ".join(words.split())),)),)
        lines = self.setter.set(blocks, _NO_END, style).lines
        line = lines[0] if lines else PrintedLine(style.leading, [])
        # what runs from right to left is set at the far end of its line
        left = min((run.x for run in line.runs if run.text.strip()), default=0.0)
        for run in line.runs:
            run.x -= left
        if line.width > room and len(words) > 3:
            kept = max(1, min(len(words) - 2, int(len(words) * room / line.width)))
            line = self._line(words[:kept].rstrip(" …") + "…", room, style)
        self._lines[words, room, style] = line
        return line
