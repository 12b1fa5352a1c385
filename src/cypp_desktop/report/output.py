"""A paper to a file: a PDF, a web page or a Word file, as the name of the file asks for.

The entrance to the three writers, for the window and the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cypp_desktop.errors import UsageError
from cypp_desktop.gc_pause import uncollected
from cypp_desktop.report.paper import Paper, RowsDone
from cypp_desktop.report.paper_kinds import FileKind
from cypp_desktop.report.pdf.document import PdfDocument
from cypp_desktop.report.pdf.metadata import Attachment
from cypp_desktop.report.pdf.password import encrypted, usable_password
from cypp_desktop.store.output_file import write_output


@dataclass(frozen=True, slots=True)
class PrintResult:
    """What was printed: the number of pages, the characters that could not be printed as they should
    (no font has them, or they run from right to left), and whether anything was set smaller to fit.

    Web pages and Word files have no pages of their own: 0.
    """

    pages: int = 0
    missing: tuple[str, ...] = ()
    shrunk: bool = False


def print_paper(
    paper: Paper,
    out: Path,
    progress: RowsDone | None = None,
    *,
    made_from: Path | None,
    attachments: tuple[Attachment, ...] = (),
    password: str | None = None,
) -> PrintResult:
    """Writes a paper to ``out``, which is replaced as a whole or not at all.

    A PDF is PDF/UA-1 and PDF/A-3a and carries the ``attachments``; with a ``password`` it is not archival.
    ``made_from`` is the plan's file. ``progress`` is told the table rows done and their number; what it
    raises ends the printing. Raises UsageError for a password that would lock nothing, and for any other
    kind of file with a password; FileProblem where ``out`` cannot be written.
    """
    kind = FileKind.of(out)
    if password is not None:
        if kind is not FileKind.PDF:
            raise UsageError("Only a PDF can be given a password. Give the file a name that ends in .pdf.")
        password = usable_password(password)
    if kind is FileKind.WEB_PAGE:
        from cypp_desktop.report.web import html_of

        write_output(out, html_of(paper, progress).encode("utf-8"), made_from=made_from)
        return PrintResult()
    if kind is FileKind.WORD:
        from cypp_desktop.report.word import docx_of

        write_output(out, docx_of(paper, progress), made_from=made_from)
        return PrintResult()
    with uncollected():
        document = PdfDocument(paper, progress)
        data = document.build(attachments, archival=password is None)
    if password is not None:
        data = encrypted(data, password)
    write_output(out, data, made_from=made_from)
    setter = document.setter
    return PrintResult(document.pages, tuple(sorted(setter.fonts.missing)), setter.shrunk)
