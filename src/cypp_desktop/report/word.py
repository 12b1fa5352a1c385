"""A paper as a Word file, for boards that still edit: real headings, lists and tables, page x of y.

Tables have repeated header rows and merged cells, lists are Word's own, the contents are a field that Word
brings up to date. The body is written as WordprocessingML at once, for python-docx is slow with many cells.
The same paper gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from cypp_desktop.plan.blocks import Block, List, Paragraph, Span, Spans, Table
from cypp_desktop.plan.differences import ADDED
from cypp_desktop.plan.links import is_openable
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.characters import sayable
from cypp_desktop.report.column_widths import TableRoom, table_shares
from cypp_desktop.report.drawing import Figure
from cypp_desktop.report.layouts.changes import ChangedSpan
from cypp_desktop.report.palette import RagSpan
from cypp_desktop.report.paper import (
    BoxPart,
    Chapter,
    ContentsPart,
    CoverPart,
    HeadingPart,
    Paper,
    PaperPart,
    RowsDone,
    TablePart,
    TextPart,
    contents_of,
    one_line,
)
from cypp_desktop.report.pdf.typesetter import Typesetter
from cypp_desktop.report.wordml import (
    ACCENT,
    BULLETS,
    CLOSE,
    LEVELS,
    RELATIONS,
    SHADE,
    SIDE,
    STEP,
    TAB,
    WORD,
    RunMark,
    bring_fields_up_to_date,
    dress,
    edges_of,
    field,
    number_lists,
    page_size,
    paragraph,
    run,
    run_size,
    set_up,
    tabs,
    undated,
)

if TYPE_CHECKING:
    from docx.document import Document

_QUIET = "4A4F57"
#: The protective marking, which nobody may overlook.
_MARKING, _MARKING_COLOUR = 10.0, "1A1A1E"
_CELL_SIDE = 5.4  # points, as Word has it
#: Parts a table from what follows it.
_AFTER_TABLE = paragraph("", '<w:spacing w:before="0" w:after="60" w:line="120" w:lineRule="exact"/>')


def docx_of(paper: Paper, progress: RowsDone | None = None) -> bytes:
    """The Word file of a paper. ``progress`` is told the table rows done and their number."""
    return _WordFile(paper, progress).build()


class _WordFile:
    """One Word file in the making."""

    def __init__(self, paper: Paper, progress: RowsDone | None) -> None:
        import docx

        self._paper = paper
        self._progress = progress
        self._document: Document = docx.Document()
        self._setter = Typesetter()  # our letters are a little wider than Word's
        self._starts: list[int] = []
        self._rows = 0
        self._marks = 0

    def build(self) -> bytes:
        dress(self._document, max((one.setup.size for one in self._paper.chapters), default=10.0))
        self._say_properties()
        sections = self._make_sections()
        body = self._document.element.body
        for element in [one for one in body if one is not body.sectPr]:
            body.remove(element)
        for chapter, section in zip(self._paper.chapters, sections, strict=True):
            self._add_chapter(chapter, section)
        self._edges()
        number_lists(self._document, self._starts)
        stream = BytesIO()
        self._document.save(stream)
        return undated(stream.getvalue())

    def _make_sections(self) -> list[Any]:
        """A section for each chapter, on its paper; their elements, which stand at the end of each."""
        for number, chapter in enumerate(self._paper.chapters):
            if number:
                self._document.add_section()
            set_up(self._document.sections[-1], chapter.setup)
        return [section._sectPr for section in self._document.sections]

    def _add_chapter(self, chapter: Chapter, section: Any) -> None:
        """A chapter's parts before the end of the body, and then the end of its section."""
        from docx.oxml import parse_xml

        last = self._document.element.body.sectPr
        pieces = "".join(self._chapter(chapter))
        holder = parse_xml(f'<w:body xmlns:w="{WORD}" xmlns:r="{RELATIONS}">{pieces}</w:body>')
        for element in list(holder):
            last.addprevious(element)
        if section is not last:
            end = parse_xml(
                f'<w:p xmlns:w="{WORD}"><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr></w:p>'
            )
            end[0].append(section)
            last.addprevious(end)

    def _say_properties(self) -> None:
        from datetime import datetime

        said = self._document.core_properties
        said.title, said.author = sayable(self._paper.title)[:255], sayable(self._paper.author)[:255]
        said.subject, said.language = sayable(self._paper.subject)[:255], self._paper.language
        said.keywords, said.comments = sayable(self._paper.marking)[:255], ""
        said.last_modified_by, said.revision = "", 1
        said.created = said.modified = datetime(2000, 1, 1)  # no clock: the same paper, the same bytes

    # -- the edges of every page

    def _edges(self) -> None:
        """Header: label and protective marking. Footer: page x of y, marking and title."""
        from docx.oxml import parse_xml

        paper = self._paper
        marking = run(paper.marking, bold=True, size=_MARKING, colour=_MARKING_COLOUR)
        for chapter, section in zip(paper.chapters, self._document.sections, strict=True):
            width, _ = page_size(chapter.setup)
            header, footer = section.header, section.footer
            header.is_linked_to_previous = footer.is_linked_to_previous = False
            stops = tabs(width - 2 * SIDE)
            page = f"{run('Page ')}{field('PAGE')}{run(' of ')}{field('NUMPAGES')}"
            lines = (
                (header, "Header", f"{run(paper.label)}{TAB}{marking}"),
                (footer, "Footer", f"{page}{TAB}{marking}{TAB}{run(paper.title[:120])}"),
            )
            for part, style, runs in lines:
                for old in list(part._element):
                    part._element.remove(old)
                properties = f'<w:pPr><w:pStyle w:val="{style}"/>{stops}</w:pPr>'
                part._element.append(parse_xml(f'<w:p xmlns:w="{WORD}">{properties}{runs}</w:p>'))

    # -- the parts

    def _chapter(self, chapter: Chapter) -> Iterator[str]:
        width = page_size(chapter.setup)[0] - 2 * SIDE
        prose = max(chapter.setup.size, 10.0)
        shares = table_shares(chapter.parts, self._setter, TableRoom(width=width, padding=_CELL_SIDE))
        for at, part in enumerate(chapter.parts):
            if isinstance(part, TablePart):
                yield from self._grid(part, shares[at], width)
            else:
                yield from self._part(part, width, prose)

    def _part(self, part: PaperPart, width: float, size: float) -> Iterator[str]:
        if isinstance(part, HeadingPart):
            yield self._heading(part)
        elif isinstance(part, TextPart):
            yield from self._blocks(part.blocks, width, size, colour=_QUIET if part.quiet else None)
        elif isinstance(part, BoxPart):
            yield self._box(part, width, size)
        elif isinstance(part, Figure):
            yield paragraph(run(part.alt, size=size))
        elif isinstance(part, CoverPart):
            yield paragraph(run(part.title), '<w:pStyle w:val="Title"/><w:spacing w:before="2400"/>')
            for line in part.lines:
                yield paragraph(run(line, size=size * 1.3))
        elif isinstance(part, ContentsPart):
            yield from self._contents(part, width)

    def _heading(self, part: HeadingPart) -> str:
        style = "Title" if part.level == 1 and not part.listed else f"Heading{part.level}"
        runs = run(one_line(part.blocks))
        if part.anchor:
            self._marks += 1
            number, name = self._marks, quoteattr(part.anchor)
            runs = f'<w:bookmarkStart w:id="{number}" w:name={name}/>{runs}<w:bookmarkEnd w:id="{number}"/>'
        return paragraph(runs, f'<w:pStyle w:val="{style}"/>')

    def _contents(self, part: ContentsPart, width: float) -> Iterator[str]:
        """The contents as a field with its entries; Word offers to fill in the page numbers on opening.

        In LibreOffice they come with Tools, Update, Indexes and Tables.
        """
        bring_fields_up_to_date(self._document)
        yield paragraph(run(part.title), '<w:pStyle w:val="ContentsTitle"/>')
        shown = contents_of(self._paper.headings)
        if not shown:
            return
        outermost = shown[0][0].level - shown[0][1]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> TOC \\o "{outermost}-{outermost + 1}" \\h \\z '
            "</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        stop = f'<w:tab w:val="right" w:leader="dot" w:pos="{round(width * 20)}"/>'
        for at, (heading, level) in enumerate(shown):
            runs = _contents_link(heading)
            if at == 0:
                runs = begin + runs
            if at == len(shown) - 1:
                runs += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            yield paragraph(runs, f'<w:pStyle w:val="TOC{level + 1}"/><w:tabs>{stop}</w:tabs>')

    def _box(self, part: BoxPart, width: float, size: float) -> str:
        """A frame round text: a table of one cell, for Word breaks the borders of indented paragraphs."""
        title = paragraph(run(part.title, bold=True, size=size), "<w:keepNext/>")
        inside = title + "".join(self._blocks(part.blocks, width - 16, size))
        if inside.endswith("</w:tbl>"):
            inside += paragraph("", CLOSE)
        edge = '<w:{0} w:val="single" w:sz="8" w:space="0" w:color="' + ACCENT + '"/>'
        edges = "".join(edge.format(side) for side in ("top", "left", "bottom", "right"))
        wide = round(width * 20)
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders>'
            '<w:tblCellMar><w:top w:w="100" w:type="dxa"/><w:left w:w="140" w:type="dxa"/>'
            '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="140" w:type="dxa"/></w:tblCellMar>'
            f"<w:tblCaption w:val={quoteattr(sayable(part.title))}/></w:tblPr>"
            f'<w:tblGrid><w:gridCol w:w="{wide}"/></w:tblGrid><w:tr><w:tc><w:tcPr>'
            f'<w:tcW w:w="{wide}" w:type="dxa"/></w:tcPr>{inside}</w:tc></w:tr></w:tbl>{_AFTER_TABLE}'
        )

    # -- tables

    def _grid(self, part: TablePart, shares: Sequence[float], width: float) -> Iterator[str]:
        edges = edges_of(shares, width)
        widths = [round((right - left) * 20) for left, right in pairwise(edges)]
        yield (
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="50" w:type="dxa"/>'
            '<w:bottom w:w="40" w:type="dxa"/></w:tblCellMar>'
            '<w:tblLook w:firstRow="1" w:firstColumn="1" w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(sayable(part.caption))}/></w:tblPr><w:tblGrid>"
        )
        yield "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
        yield "</w:tblGrid><w:tr><w:trPr><w:tblHeader/></w:trPr>"
        for head, wide in zip(part.heads, widths, strict=True):
            yield self._cell(TableCell(0, head, is_header=True), wide, part.size)
        yield "</w:tr>"
        under: dict[int, tuple[TableCell, int]] = {}
        for row in part.rows:
            yield self._row(row, widths, under, part.size)
            self._rows += 1
            if self._progress is not None:
                self._progress(self._rows, self._paper.row_count)
        yield "</w:tbl>"
        yield _AFTER_TABLE

    def _row(
        self,
        row: Sequence[TableCell],
        widths: Sequence[int],
        under: dict[int, tuple[TableCell, int]],
        size: float,
    ) -> str:
        """A row; ``under`` are the cells from above that reach into it, with the rows left to them."""
        starting = {cell.column: cell for cell in row}
        pieces = ["<w:tr>"]
        at = 0
        while at < len(widths):
            cell = starting.get(at)
            held = under.get(at)
            if cell is not None:
                wide = sum(widths[at : at + cell.colspan])
                merge = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
                pieces.append(self._cell(cell, wide, size, merge))
                if cell.rowspan > 1:
                    under[at] = cell, cell.rowspan - 1
                at += cell.colspan
            elif held is not None:
                above, left = held
                wide = sum(widths[at : at + above.colspan])
                empty = TableCell(at, (), colspan=above.colspan, is_header=above.is_header)
                pieces.append(self._cell(empty, wide, size, "<w:vMerge/>"))
                if left > 1:
                    under[at] = above, left - 1
                else:
                    del under[at]
                at += above.colspan
            else:
                pieces.append(self._cell(TableCell(at), widths[at], size))
                at += 1
        pieces.append("</w:tr>")
        return "".join(pieces)

    def _cell(self, cell: TableCell, wide: int, size: float, merge: str = "") -> str:
        span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if cell.is_header else ""
        inside = "".join(self._blocks(cell.read(), wide / 20 - 8, size, bold=cell.is_header))
        if not inside or inside.endswith("</w:tbl>"):
            inside += paragraph("", CLOSE + run_size(size))
        return f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{span}{merge}{shade}</w:tcPr>{inside}</w:tc>'

    # -- texts

    def _blocks(
        self,
        blocks: Iterable[Block],
        width: float,
        size: float,
        *,
        bold: bool = False,
        colour: str | None = None,
        level: int = 0,
    ) -> Iterator[str]:
        for block in blocks:
            if isinstance(block, Paragraph):
                indent = f'<w:ind w:left="{level * STEP}"/>' if level else ""
                runs = self._spans(block.spans, size, bold, colour)
                yield paragraph(runs, ("<w:keepNext/>" if block.is_heading else "") + indent)
            elif isinstance(block, List):
                yield from self._list(block, width, size, bold, colour, level)
            else:
                yield self._small_table(block, width, size)

    def _list(
        self, block: List, width: float, size: float, bold: bool, colour: str | None, level: int
    ) -> Iterator[str]:
        if block.start is None:
            number = BULLETS
        else:
            self._starts.append(block.start)
            number = BULLETS + len(self._starts)
        deep = min(level, LEVELS - 1)
        mark = f'<w:numPr><w:ilvl w:val="{deep}"/><w:numId w:val="{number}"/></w:numPr>'
        for item in block.items:
            first, rest = (item.blocks[0], item.blocks[1:]) if item.blocks else (None, ())
            if isinstance(first, Paragraph):
                runs = self._spans(first.spans, size, bold, colour)
            else:
                runs, rest = "", item.blocks
            style = '<w:pStyle w:val="ListParagraph"/>'
            ends = f'<w:spacing w:after="20"/><w:contextualSpacing/>{run_size(size)}'
            yield paragraph(runs, f"{style}{mark}{ends}")
            yield from self._blocks(rest, width, size, bold=bold, colour=colour, level=level + 1)

    def _small_table(self, table: Table, width: float, size: float) -> str:
        columns = max(len(table.header), 1)
        wide = round(width * 20 / columns)
        rows = [(row, False) for row in table.rows]
        if any(table.header):
            rows.insert(0, (table.header, True))
        grid = f'<w:gridCol w:w="{wide}"/>' * columns
        pieces = [
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        ]
        for row, is_header in rows:
            header = "<w:trPr><w:tblHeader/></w:trPr>" if is_header else ""
            pieces.append(f"<w:tr>{header}")
            for spans in row:
                runs = self._spans(spans, size, is_header, None)
                pieces.append(f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/></w:tcPr>')
                pieces.append(f"{paragraph(runs, CLOSE)}</w:tc>")
            pieces.append("</w:tr>")
        return "".join((*pieces, "</w:tbl>"))

    def _spans(self, spans: Spans, size: float, bold: bool, colour: str | None) -> str:
        return "".join(self._span(span, size, bold, colour) for span in spans)

    def _span(self, span: Span, size: float, bold: bool, colour: str | None) -> str:
        mark = None
        if isinstance(span, ChangedSpan):
            mark = RunMark.UNDERLINED if span.kind == ADDED else RunMark.STRUCK_OUT
        if isinstance(span, RagSpan):
            colour = span.ink.removeprefix("#").upper()
        link = span.link if span.link and is_openable(span.link) else None
        words = run(
            span.text, bold=bold or span.bold, italic=span.italic, size=size, mark=mark,
            colour="0D479F" if link else colour,
        )  # fmt: skip
        if link is None:
            return words
        return f"<w:hyperlink r:id={quoteattr(self._relation(link))}>{words}</w:hyperlink>"

    def _relation(self, link: str) -> str:
        from docx.opc.constants import RELATIONSHIP_TYPE

        return self._document.part.relate_to(sayable(link), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)


def _contents_link(heading: HeadingPart) -> str:
    """An entry of the contents: a link to a heading, with the number of its page."""
    page = field(f"PAGEREF {heading.anchor} \\h", "")
    return (
        f'<w:hyperlink w:anchor={quoteattr(heading.anchor)} w:history="1">'
        f"{run(one_line(heading.blocks))}{TAB}{page}</w:hyperlink>"
    )
