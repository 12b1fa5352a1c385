"""One table printed by one program: ``python print_peers.py ENGINE CONTENT.json OUT.pdf``.

Run by :mod:`tests.bench.print`, each time in a process of its own. Says in JSON how long it took from the
content to the file on disk, without starting Python and importing, how many pages came of it and what memory
it took at most. Needs nothing of this project but for the engine ``ours``.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
SHARES = (13, 23, 47, 17)
HEADINGS = ("Outcomes", "Performance measures", "End of year", "Lead organisation")
#: a row: the outcome and how many rows it spans (in its first row), the measure, the update, the lead
Row = dict[str, Any]


def ours(rows: list[Row], out: Path) -> Callable[[], None]:
    """The page-wise table: tagged PDF/UA-1 and PDF/A-3a."""
    from functools import partial
    from io import BytesIO

    from cypp_desktop.plan.blocks import Paragraph, Span, parse
    from cypp_desktop.report.cells import TableCell
    from cypp_desktop.report.pdf.canvas import PaperCanvas
    from cypp_desktop.report.pdf.metadata import DocumentFacts
    from cypp_desktop.report.pdf.table import PageTable
    from cypp_desktop.report.pdf.table_columns import TableStyle
    from cypp_desktop.report.pdf.typesetter import Typesetter

    # isort: split
    from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
    from reportlab.platypus.frames import Frame

    def cells(row: Row) -> list[TableCell]:
        texts = (row["measure"], row["update"], row["lead"])
        found = [TableCell(at, partial(parse, text)) for at, text in enumerate(texts, 1)]
        if "outcome" in row:
            found.append(TableCell(0, partial(parse, row["outcome"]), row["span"], 1, True, "(continued)"))
        return found

    def run() -> None:
        gc.disable()  # as in the application: many objects are made, and no cycles to speak of
        stream = BytesIO()
        document = BaseDocTemplate(stream, pagesize=(842, 595))
        document.addPageTemplates(PageTemplate(frames=[Frame(40, 44, 762, 505, 0, 0, 0, 0)]))
        header = [TableCell(at, (Paragraph((Span(text),)),)) for at, text in enumerate(HEADINGS)]
        table = PageTable(SHARES, header, list(map(cells, rows)), Typesetter(), TableStyle(505.0))
        document.build([table], canvasmaker=partial(PaperCanvas, facts=DocumentFacts(title="Benchmark")))
        out.write_bytes(stream.getvalue())

    return run


def typst(rows: list[Row], out: Path) -> Callable[[], None]:
    import typst

    def text(words: str) -> str:
        return "".join("\\" + each if each in "\\#*_`$<>@[]~/'\"" else each for each in words)

    def run() -> None:
        cells: list[str] = []
        for row in rows:
            if "outcome" in row:
                cells.append(f"table.cell(rowspan: {row['span']})[*{text(row['outcome'])}*],")
            cells += [f"[{text(row[key])}]," for key in ("measure", "update", "lead")]
        columns = ", ".join(f"{share}fr" for share in SHARES)
        heads = "".join(f"[*{heading}*]," for heading in HEADINGS)
        source = (
            '#set document(title: "Benchmark")\n#set page(paper: "a4", flipped: true, margin: 15mm)\n'
            '#set text(font: "Noto Sans", size: 9.5pt, lang: "en")\n'
            f"#table(columns: ({columns}), table.header({heads}),\n" + "\n".join(cells) + ")\n"
        )
        given = out.with_suffix(".typ")
        given.write_text(source, encoding="utf-8")
        typst.compile(str(given), output=str(out), font_paths=[str(FONTS)], ignore_system_fonts=True)

    return run


def _html(rows: list[Row], spans: bool = True) -> str:
    lines: list[str] = []
    outcome = ""
    for row in rows:
        items = "".join(f"<li>{escape(item[2:])}</li>" for item in row["update"].split("\n"))
        if spans:
            outcome = f"<th rowspan={row['span']}>{escape(row['outcome'])}</th>" if "outcome" in row else ""
        elif "outcome" in row:
            outcome = f"<th>{escape(row['outcome'])}</th>"
        lines.append(
            f"<tr>{outcome}<td>{escape(row['measure'])}</td><td><ul>{items}</ul></td>"
            f"<td>{escape(row['lead'])}</td></tr>"
        )
    heads = "".join(
        f'<th style="width:{share}%">{heading}</th>' for share, heading in zip(SHARES, HEADINGS, strict=True)
    )
    style = (
        "@page{size:A4 landscape;margin:15mm} body{font:9.5pt 'Noto Sans'} table{border-collapse:collapse}"
        "th,td{border:.5pt solid gray;vertical-align:top;text-align:left;padding:3pt}"
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark</title>'
        f"<style>{style}</style></head><body><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table></body></html>"
    )


def weasyprint(rows: list[Row], out: Path) -> Callable[[], None]:
    from weasyprint import HTML

    return lambda: HTML(string=_html(rows)).write_pdf(str(out))


def fpdf2(rows: list[Row], out: Path) -> Callable[[], None]:
    from fpdf import FPDF
    from fpdf.fonts import FontFace

    def run() -> None:
        pdf = FPDF("landscape", "pt", "A4")
        pdf.add_font("Noto", "", str(FONTS / "NotoSans-Regular.ttf"))
        pdf.add_font("Noto", "B", str(FONTS / "NotoSans-Bold.ttf"))
        pdf.set_font("Noto", size=9.5)
        pdf.add_page()
        # it cannot tear a cell that spans rows: each row says its outcome
        bold = FontFace(emphasis="BOLD")
        with pdf.table(col_widths=SHARES, text_align="LEFT", headings_style=bold) as table:
            table.row(HEADINGS)
            outcome = ""
            for row in rows:
                outcome = row.get("outcome", outcome)
                table.row((outcome, row["measure"], row["update"], row["lead"]))
        pdf.output(str(out))

    return run


def qt(rows: list[Row], out: Path) -> Callable[[], None]:
    """Without spanning cells, which take it a hundred times as long: each row says its outcome."""
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import (
        QFontDatabase,
        QGuiApplication,
        QPageLayout,
        QPageSize,
        QPdfWriter,
        QTextDocument,
    )

    qt.application = QGuiApplication([])  # type: ignore[attr-defined]
    for font in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(FONTS / font))

    def run() -> None:
        writer = QPdfWriter(str(out))
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Landscape,
                QMarginsF(40, 40, 40, 40),
            )
        )
        document = QTextDocument()
        document.setHtml(_html(rows, spans=False))
        document.print_(writer)

    return run


def reportlab(rows: list[Row], out: Path) -> Callable[[], None]:
    """Its plain table: no tags. It cannot tear a cell that spans rows, so each row says its outcome."""
    from xml.sax.saxutils import escape as xml

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    pdfmetrics.registerFont(TTFont("Noto", str(FONTS / "NotoSans-Regular.ttf")))

    def run() -> None:
        style = ParagraphStyle("body", fontName="Noto", fontSize=9.5, leading=12.6)
        data: list[list[Any]] = [[Paragraph(heading, style) for heading in HEADINGS]]
        outcome = ""
        for row in rows:
            outcome = row.get("outcome", outcome)
            update = [Paragraph(xml(item[2:]), style, "•") for item in row["update"].split("\n")]
            texts = (outcome, row["measure"], row["lead"])
            first, second, last = (Paragraph(xml(text), style) for text in texts)
            data.append([first, second, update, last])
        table = LongTable(data, [share * 7.62 for share in SHARES], repeatRows=1, splitInRow=1)
        SimpleDocTemplate(str(out), pagesize=(842, 595)).build([table])

    return run


def libreoffice(rows: list[Row], out: Path) -> Callable[[], None]:
    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            given = Path(folder) / f"{out.stem}.html"
            given.write_text(_html(rows), encoding="utf-8")
            command: list[str | Path] = [
                "soffice", f"-env:UserInstallation={Path(folder).as_uri()}/profile", "--headless",
                "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", out.parent, given,
            ]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True)
            if not out.exists():
                raise RuntimeError("it wrote no file")

    return run


ENGINES: dict[str, Callable[[list[Row], Path], Callable[[], None]]] = {
    "ours": ours,
    "typst": typst,
    "Qt": qt,
    "ReportLab": reportlab,
    "WeasyPrint": weasyprint,
    "fpdf2": fpdf2,
    "LibreOffice": libreoffice,
}


def peak_megabytes() -> float:
    """The most memory that this process, or one that it started, has held."""
    import resource

    own, others = (
        resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own, others) / (2**20 if sys.platform == "darwin" else 1024)


def main(engine: str, content: Path, out: Path) -> None:
    rows = json.loads(content.read_text("utf-8"))
    run = ENGINES[engine](rows, out)
    began, worked = perf_counter(), process_time()
    run()
    found = {"seconds": perf_counter() - began, "processor": process_time() - worked}
    print(json.dumps(found | {"megabytes": peak_megabytes(), "bytes": out.stat().st_size}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
