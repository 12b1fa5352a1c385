"""Small Word documents with XML of one's own in them, for tests of the import."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.table import _Cell

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
CITY = ["Outcomes", "Performance measures", "End of year update", "Lead organisation"]

Cells = Sequence[str | Sequence[str]]


def raw(xml: str) -> Any:
    """An XML element with Word's usual prefixes declared."""
    head, _, rest = xml.strip().partition(" ") if " " in xml.split(">", 1)[0] else xml.strip().partition(">")
    if xml.strip().startswith(head + ">"):
        return parse_xml(f"{head} {SPACES}>{rest}")
    return parse_xml(f"{head} {SPACES} {rest}")


def paragraph(inner: str) -> str:
    """A paragraph around runs."""
    return f"<w:p>{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def fill(cell: _Cell, words: str | Sequence[str]) -> None:
    """Paragraphs into a cell; a text that begins with ``<w:`` is XML, the others are words."""
    lines = [words] if isinstance(words, str) else list(words)
    first = cell.paragraphs[0]
    for line in lines:
        if line.startswith("<w:"):
            first._p.addprevious(raw(line))
        else:
            first.insert_paragraph_before(line)
    if lines and not lines[-1].startswith("<w:tbl"):
        first._p.getparent().remove(first._p)


def table(document: Document, headings: Sequence[str], rows: Sequence[Cells]) -> Any:
    """A table with these headings and cells."""
    made = document.add_table(0, len(headings or rows[0]))
    for row in ([*headings], *rows) if headings else rows:
        for cell, words in zip(made.add_row().cells, row, strict=True):
            fill(cell, words)
    return made


def plan_document(
    path: Path,
    rows: Sequence[Cells],
    headings: Sequence[str] = CITY,
    before: Callable[[Document], None] | None = None,
    priority: str | None = "Priority 1. Being safe",
) -> Path:
    """A document with one priority and one table."""
    document = docx.Document()
    document.add_paragraph("Children and Young People’s Plan 2020-2022", style="Title")
    if before is not None:
        before(document)
    if priority:
        document.add_heading(priority, 1)
    table(document, headings, rows)
    document.save(str(path))
    return path


def city(path: Path, update: str | Sequence[str], **more: Any) -> Path:
    """A city-shaped document whose one update is ``update``."""
    return plan_document(
        path, [["1a: Safe children", "i) Number of plans", update, "Trentshire Police"]], **more
    )


def with_parts(path: Path, parts: dict[str, str | bytes], drop: Sequence[str] = ()) -> Path:
    """The document with some of its parts replaced or added."""
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name not in drop:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    path.write_bytes(data.getvalue())
    return path


def part(path: Path, name: str) -> str:
    """The text of a part."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")
