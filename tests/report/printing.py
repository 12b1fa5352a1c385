"""Prints for tests: tables by themselves, and plans given as plan JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.blocks import Block, Paragraph, Span
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.layouts import PrintFilter, find_layout
from cypp_desktop.report.output import PrintResult, print_paper
from cypp_desktop.report.paper import Paper
from cypp_desktop.report.paper_builder import PrintLimits, layout_paper
from cypp_desktop.report.paper_kinds import PaperSize
from cypp_desktop.report.pdf.canvas import PaperCanvas
from cypp_desktop.report.pdf.table import PageTable
from cypp_desktop.report.pdf.table_columns import TableStyle
from cypp_desktop.report.pdf.typesetter import Typesetter
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.schema import connect, create_tables
from tests.report.reading import Leaf, leaves

# isort: split
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.flowables import Flowable, Spacer
from reportlab.platypus.frames import Frame

MARGIN = 40.0
#: the day of printing: no test may say otherwise tomorrow
TODAY = date(2018, 6, 15)


def words(text: str) -> tuple[Block, ...]:
    """One paragraph."""
    return (Paragraph((Span(text),)),) if text else ()


def print_flowables(story: Sequence[Flowable], size: tuple[float, float]) -> bytes:
    stream = BytesIO()
    document = BaseDocTemplate(stream, pagesize=size)
    frame = Frame(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build(list(story), canvasmaker=PaperCanvas)
    return stream.getvalue()


def print_table(
    rows: Sequence[Sequence[TableCell]],
    columns: int,
    *,
    header: Sequence[str] | None = None,
    size: tuple[float, float] = (842, 595),
    setter: Typesetter | None = None,
    drawn: Callable[[int], None] | None = None,
    above: float = 0.0,
) -> list[Leaf]:
    """The pages of a table of equally wide columns that starts ``above`` points down the first page."""
    titles = header or [f"Heading{column}" for column in range(columns)]
    heads = [TableCell(at, words(title), is_header=True) for at, title in enumerate(titles)]
    style = TableStyle(size[1] - 2 * MARGIN)
    table = PageTable([1.0] * columns, heads, rows, setter or Typesetter(), style, drawn=drawn)
    story: list[Flowable] = [Spacer(1, above), table] if above else [table]
    return leaves(print_flowables(story, size))


def column_texts(pages: Sequence[Leaf], columns: int, header_lines: int = 1) -> list[list[str]]:
    """What each column shows below its heading, over all pages: a list of lines."""
    found: list[list[str]] = [[] for _ in range(columns)]
    for page in pages:
        wide = (page.width - 2 * MARGIN) / columns
        seen = [0] * columns
        for piece in page.shown:
            column = int((piece.x - MARGIN) / wide + 0.001)
            seen[column] += 1
            if seen[column] > header_lines:
                found[column].append(piece.text)
    return found


def wished(*, since: str | None = None, day: date | None = None, **wanted: Any) -> PrintLimits:
    """What is asked of a print; what is left are the parts of a filter."""
    return PrintLimits(day=day or TODAY, since=since, filter=PrintFilter(**wanted))


def print_plan(
    session: Session,
    layout: str,
    out: Path,
    *,
    paper: str | None = None,
    landscape: bool | None = None,
    size: float | None = None,
    limits: Mapping[str, Any] | None = None,
    **options: Any,
) -> PrintResult:
    """Print a plan in the layout of that name; what is None is as the layout has it."""
    given = {"paper": PaperSize(paper) if paper else None, "landscape": landscape, "size": size}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    chosen = replace(find_layout(session, layout), **changes)
    made = layout_paper(session, chosen, wished(**(limits or {})))
    return print_paper(made, out, options.pop("progress", None), **options, made_from=None)


class PrintedPlan:
    """A plan loaded from plan JSON, for printing as often as a test likes."""

    def __init__(self, content: Mapping[str, Any], folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        path = folder / "working.cypp"
        create_tables(path)
        self.editor = Editor(connect(path), "Test")
        load_plan(self.editor, {"priorities": [], **content})
        self.result = PrintResult()

    def pdf(self, layout: str, **options: Any) -> bytes:
        out = self.folder / f"{layout}.pdf"
        self.result = print_plan(self.editor.session, layout, out, **options)
        return out.read_bytes()

    def written(self, layout: str, kind: str, **options: Any) -> bytes:
        """The file that a layout becomes, by its kind: "html", "docx", "pdf"."""
        out = self.folder / f"{layout}.{kind}"
        self.result = print_plan(self.editor.session, layout, out, **options)
        return out.read_bytes()

    def paper(self, layout: str, **wishes: Any) -> Paper:
        """What a layout prints, before it is drawn."""
        session = self.editor.session
        return layout_paper(session, find_layout(session, layout), wished(**wishes))

    def pages(self, layout: str, **options: Any) -> list[Leaf]:
        return leaves(self.pdf(layout, **options))
