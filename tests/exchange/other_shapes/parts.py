"""The pieces from which the documents and their truths are put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

Plan = dict[str, Any]

UP = "\x00up"  # the cell is one with the cell above it
LEFT = "\x00left"  # the cell is one with the cell to its left


# --- documents ---------------------------------------------------------------------------------------


def new_document(*, footer: str | None = None, landscape: bool = False) -> Document:
    document = docx.Document()
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    if landscape:
        turn(document)
    return document


def turn(document: Document) -> None:
    """Lays the last section of the document on its side."""
    page = document.sections[-1]
    page.orientation = WD_ORIENT.LANDSCAPE
    if page.page_width < page.page_height:
        page.page_width, page.page_height = page.page_height, page.page_width


def bold(document: Document, words: str) -> Paragraph:
    """A heading as officers make one: an ordinary paragraph in bold."""
    paragraph = document.add_paragraph()
    paragraph.add_run(words).bold = True
    return paragraph


def labelled(document: Document, label: str, words: str) -> Paragraph:
    """A paragraph that begins with its label in bold."""
    paragraph = document.add_paragraph()
    paragraph.add_run(label).bold = True
    paragraph.add_run(words)
    return paragraph


def bullets(document: Document, lines: Iterable[str]) -> None:
    for line in lines:
        document.add_paragraph(line, style="List Bullet")


def text(document: Document, words: str) -> None:
    """Paragraphs and bullets, one a line."""
    for line in words.split("\n"):
        if line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        elif line:
            document.add_paragraph(line)


def table(
    document: Document,
    rows: Sequence[Sequence[str]],
    *,
    heading_rows: int = 1,
    repeat: bool = False,
    shaded: Iterable[int] = (),
) -> Table:
    """A ruled table. The heading rows and the shaded ones are bold."""
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    made.style = "Table Grid"
    dark = set(range(heading_rows)) | set(shaded)
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            if words in (UP, LEFT):
                continue
            cell = made.cell(r, c)
            right, low = c, r
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            while low + 1 < len(rows) and rows[low + 1][c] == UP:
                low += 1
            if (right, low) != (c, r):
                cell = cell.merge(made.cell(low, right))
            fill(cell, words, is_bold=r in dark)
            if r in dark:
                shade(cell, "D9E2F3")
    if repeat:
        for row_made in made.rows[:heading_rows]:
            row_made._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return made


def fill(cell: _Cell, words: str, *, is_bold: bool = False) -> None:
    """Writes paragraphs (one a line), bullets ("- ") and line breaks (a vertical tab) into a cell."""
    for at, line in enumerate(words.split("\n")):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        if line.startswith("- "):
            paragraph.style, line = "List Bullet", line[2:]
        for n, part in enumerate(line.split("\v")):
            if n:
                paragraph.add_run().add_break()
            if part:
                paragraph.add_run(part).bold = is_bold or None


def shade(cell: _Cell, colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    for old in properties.findall(qn("w:shd")):
        properties.remove(old)
    element = OxmlElement("w:shd")
    element.set(qn("w:val"), "clear")
    element.set(qn("w:fill"), colour)
    properties.append(element)


# --- truths ------------------------------------------------------------------------------------------


def lead(organisation: str | None, *people: str, note: str | None = None, role: str | None = None) -> Plan:
    told: Plan = {"organisation": organisation, "people": list(people), "note": note}
    if role:
        told["role"] = role
    return told


def action_leads(rows: Iterable[tuple[str | None, Sequence[Plan]]]) -> list[Plan]:
    """The leads printed beside actions, each once, with a note of the numbers of their actions."""
    found: dict[tuple[Any, ...], tuple[Plan, list[str]]] = {}
    for number, leads in rows:
        for one in leads:
            key = (one["organisation"], *one["people"], one.get("role"))
            _, numbers = found.setdefault(key, (one, []))
            if number is not None:
                numbers.append(number)
    told = []
    for one, numbers in found.values():
        words = "Actions" if len(numbers) > 1 else "Action"
        told.append({**one, "note": f"{words} {', '.join(numbers)}" if numbers else one["note"]})
    return told


def seen(
    period: str | None,
    value: float | str,
    unit: str | None = None,
    kind: str = "actual",
    area: str | None = None,
) -> Plan:
    return {"area": area, "period": period, "value": value, "unit": unit, "kind": kind, "note": None}


def measure(
    title: str,
    observations: Sequence[Plan] = (),
    *,
    code: str | None = None,
    key: str | None = None,
    leads: Sequence[Plan] = (),
) -> Plan:
    return {
        "code": code,
        "key": key or code,
        "title": title,
        "placeholder": False,
        "flags": [],
        "leads": list(leads),
        "observations": list(observations),
    }


def keyed(measures: Iterable[Plan]) -> list[Plan]:
    """Measures without codes get their place as their key."""
    return [{**one, "key": one["key"] or str(at)} for at, one in enumerate(measures, 1)]


def action(
    words: str,
    due: str | None = None,
    *,
    number: str | None = None,
    status: str | None = None,
    measures: Sequence[str] = (),
) -> Plan:
    return {"number": number, "text": words, "due": due or None, "status": status, "measures": list(measures)}


def update(round_name: str, words: str, *, measures: Sequence[str] = ()) -> Plan:
    return {"round": round_name, "measures": list(measures), "source": None, "text": words}


def outcome(
    code: str | None,
    title: str,
    *,
    leads: Sequence[Plan] = (),
    measures: Sequence[Plan] = (),
    actions: Sequence[Plan] = (),
    updates: Sequence[Plan] = (),
    plans: Sequence[str] = (),
    groups: Sequence[str] = (),
) -> Plan:
    return {
        "code": code,
        "title": title,
        "strategic_plans": list(plans),
        "governance_groups": list(groups),
        "leads": list(leads),
        "measures": keyed(measures),
        "actions": list(actions),
        "updates": list(updates),
    }


def priority(
    code: str | None,
    title: str,
    outcomes: Sequence[Plan],
    *,
    sought: Sequence[str] = (),
    criteria: Sequence[str] = (),
    leads: Sequence[Plan] = (),
) -> Plan:
    return {
        "code": code,
        "title": title,
        "outcomes_sought": list(sought),
        "success_criteria": list(criteria),
        "leads": list(leads),
        "outcomes": list(outcomes),
    }


def section(title: str, words: str, *, number: str | None = None, depth: int = 1) -> Plan:
    """A chapter; paragraphs are parted by a blank line, bullets stand together."""
    lines = words.split("\n")
    joined = lines[0]
    for before, line in pairwise(lines):
        together = before.startswith(("- ", "|")) and line.startswith(before[0])
        joined += ("\n" if together else "\n\n") + line
    return {"number": number, "title": title, "depth": depth, "text": joined}


def plan(
    title: str,
    priorities: Sequence[Plan],
    *,
    levels: tuple[str, str, str | None],
    label: str | None = None,
    status: str | None = None,
    partnership: str | None = None,
    period: str | None = None,
    introduction: str | None = None,
    sections: Sequence[Plan] = (),
    recommendations: Sequence[Plan] = (),
    notes: Sequence[str] = (),
) -> Plan:
    return {
        "title": title,
        "document_label": label,
        "status": status,
        "partnership": partnership,
        "period": period,
        "introduction": introduction,
        "level_names": dict(zip(("priority", "outcome", "measure"), levels, strict=True)),
        "columns": [],
        "rounds": [],
        "priorities": list(priorities),
        "sections": list(sections),
        "recommendations": list(recommendations),
        "notes": list(notes),
    }
