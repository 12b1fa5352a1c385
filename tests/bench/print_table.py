"""Prints how printing grows with the plan: ``python -m tests.bench.print_table [MEASURES MEASURES]``.

Seconds are of processor time. Each measure has an update of about 1.2 kB. "table" is setting, laying out and
drawing the pages from texts that have been read; "plan" is the whole way from an open plan file to the PDF on
disk. Every size runs in a process of its own, so that the memory is its own too. Linear growth is a ratio
near that of the sizes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

from tests.large_plans import large_plan

SIZE = (842.0, 595.0)


def table_rows(measures: int) -> list[list[Any]]:
    """Rows of four columns; every tenth starts an outcome that spans ten."""
    from cypp_desktop.plan.blocks import parse
    from cypp_desktop.report.cells import TableCell
    from cypp_desktop.report.layouts import with_code

    rows: list[list[Any]] = []
    for priority in large_plan(measures)["priorities"]:
        for outcome in priority["outcomes"]:
            code = outcome["code"]
            for at, (measure, update) in enumerate(zip(outcome["measures"], outcome["updates"], strict=True)):
                row = [
                    TableCell(1, with_code(measure["code"], measure["title"]), continued="continued"),
                    TableCell(2, parse(update["text"])),
                    TableCell(3, parse(measure["leads"][0]["organisation"])),
                ]
                if at == 0:
                    span = len(outcome["measures"])
                    row.insert(
                        0,
                        TableCell(0, with_code(code, outcome["title"]), span, 1, True, f"{code} (continued)"),
                    )
                rows.append(row)
    return rows


def time_table(measures: int) -> tuple[float, int]:
    """Seconds and pages for the table alone."""
    from cypp_desktop.gc_pause import uncollected
    from cypp_desktop.plan.blocks import Paragraph, Span
    from cypp_desktop.report.cells import TableCell
    from cypp_desktop.report.pdf.canvas import PaperCanvas
    from cypp_desktop.report.pdf.table import PageTable
    from cypp_desktop.report.pdf.table_columns import TableStyle
    from cypp_desktop.report.pdf.typesetter import Typesetter

    # isort: split
    from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
    from reportlab.platypus.frames import Frame

    rows = table_rows(measures)
    header = [TableCell(at, (Paragraph((Span("Heading"),)),), is_header=True) for at in range(4)]
    start = process_time()
    with uncollected():
        document = BaseDocTemplate(BytesIO(), pagesize=SIZE)
        frame = Frame(40, 44, SIZE[0] - 80, SIZE[1] - 90, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate(frames=[frame]))
        table = PageTable((13, 23, 47, 17), header, rows, Typesetter(), TableStyle(SIZE[1] - 90))
        document.build([table], canvasmaker=PaperCanvas)
    return process_time() - start, document.page


def time_plan(measures: int) -> tuple[float, int]:
    """Seconds and pages from a plan file to a PDF, the file opened afresh."""
    from cypp_desktop.exchange.plan_json import load_plan
    from cypp_desktop.gc_pause import uncollected
    from cypp_desktop.report.layouts import find_layout
    from cypp_desktop.report.output import print_paper
    from cypp_desktop.report.paper_builder import PrintLimits, layout_paper
    from cypp_desktop.store.editor import Editor
    from cypp_desktop.store.schema import connect, create_tables

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.cypp"
        create_tables(path)
        load_plan(Editor(connect(path), "Benchmark"), large_plan(measures))
        editor = Editor(connect(path), "Benchmark")
        start = process_time()
        with uncollected():
            layout = find_layout(editor.session, "update")
            paper = layout_paper(editor.session, layout, PrintLimits(day=date.today()))
            result = print_paper(paper, Path(folder) / "plan.pdf", made_from=None)
        return process_time() - start, result.pages


def measured(what: str, measures: int) -> dict[str, float]:
    """One measurement in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.print_table", "--one", what, str(measures)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def one(what: str, measures: int) -> dict[str, float]:
    seconds, pages = {"table": time_table, "plan": time_plan}[what](measures)
    try:
        import resource
    except ImportError:  # Windows
        return {"seconds": seconds, "pages": pages, "megabytes": 0.0}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "pages": pages,
        "megabytes": memory / (2**20 if sys.platform == "darwin" else 1024),
    }


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3]))))
        return
    small, large = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (1000, 5000)
    for what in ("table", "plan"):
        few, many = measured(what, small), measured(what, large)
        for size, found in ((small, few), (large, many)):
            print(
                f"{what:5} {size:6} measures  {found['seconds']:7.2f} s  {found['pages']:6.0f} pages"
                f"  {found['megabytes']:5.0f} MB at most"
            )
        print(f"{what:5} ratio {large / small:.1f} in size, {many['seconds'] / few['seconds']:.1f} in time")


if __name__ == "__main__":
    main()
