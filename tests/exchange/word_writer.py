"""Writes plans as Word documents, in the many ways in which people lay out such tables.

For tests of the import only: what a plan says is known, how it is written is chosen by :class:`Manner`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from cypp_desktop.plan import blocks

Plan = dict[str, Any]
Row = dict[str, Any]


@dataclass
class Manner:
    """How a document is written. The defaults are the plainest way."""

    shape: str = "city"  # "city" (updates), "actions", "county" or "evidence"
    headings: dict[str, str] = field(default_factory=dict)  # column -> its words
    order: Sequence[str] | None = None
    priority: str = "style"  # "style", "bold", "plain", "row", "caps", "auto", "split"
    priority_words: str = "Priority {code}. {title}"
    merge: str = "vmerge"  # or "blank", "repeat"
    again: int = 0  # headings typed again after so many rows
    cut: int = 0  # every so many-th row is cut in two by a page
    new_table: bool = False  # a page ends the table, and the next one has no headings
    bullets: str = "style"  # "style", "numbering", "•", "-", "\uf0b7", "o", "sym"
    leads: str = "inline"  # "inline", "lines", "dash", "brackets", "commas"
    dates: str = "numbered"  # "numbered", "position", "auto"
    numbers: str = "typed"  # of actions: "typed" or "auto"
    codes: str = "in title"  # or "own column"
    one_table: bool = False
    statements: str = "bullets"  # outcomes sought: "bullets", "paragraphs", "table"


HEADINGS = {
    "number": "No.",
    "outcome": "Outcomes",
    "measure": "Performance measures",
    "update": "End of Year Update for 2017-2018",
    "actions": "Key actions suggested to date",
    "due": "Date actions required by",
    "lead": "Lead organisation",
    "plans": "Strategic Plan",
    "groups": "Governance Group",
    "source": "Evidence source",
    "evidence": "Evidence of achievement",
}
SHAPES = {
    "city": ["outcome", "measure", "update", "lead"],
    "actions": ["outcome", "measure", "actions", "lead"],
    "county": ["outcome", "plans", "groups", "lead", "actions", "due", "measure"],
    "evidence": ["number", "outcome", "source", "evidence"],
}


def write_plan(plan: Plan, path: Path, manner: Manner) -> Path:
    """A Word document of ``plan`` at ``path``."""
    return _Writer(plan, manner).write(path)


class _Writer:
    def __init__(self, plan: Plan, manner: Manner) -> None:
        self.plan = plan
        self.manner = manner
        self.document: Document = docx.Document()
        self.columns = list(manner.order or SHAPES[manner.shape])
        if manner.codes == "own column" and "number" not in self.columns:
            self.columns.insert(self.columns.index("outcome"), "number")
        self.table: Table | None = None
        self.count = 0
        self.actions_cell = 0

    def write(self, path: Path) -> Path:
        plan = self.plan
        if plan.get("document_label"):
            self.document.add_paragraph(plan["document_label"])
        self.document.add_paragraph(plan["title"], style="Title")
        if plan.get("introduction"):
            self._text(self.document, plan["introduction"])
        for priority in plan["priorities"]:
            self._priority(priority)
        self.document.save(str(path))
        return path

    # ------------------------------------------------------------------ priorities

    def _priority(self, priority: Row) -> None:
        manner = self.manner
        words = manner.priority_words.format(code=priority["code"], title=priority["title"] or "").strip()
        if not priority["title"]:
            words = re.sub(r"\W+$", "", words)
        keep = manner.one_table and self.table is not None
        if manner.priority == "row":
            if not keep:
                self._new_table(header=False)
            self._full_row(words)
            self._header()
        else:
            self._priority_paragraph(words, priority)
            self._statements(priority)
            self._new_table()
        if manner.priority == "row" and priority.get("outcomes_sought"):
            raise ValueError("statements have no place above a row")
        for outcome in priority["outcomes"]:
            self._outcome(outcome)

    def _priority_paragraph(self, words: str, priority: Row) -> None:
        kind = self.manner.priority
        if kind == "style":
            self.document.add_heading(words, 1)
        elif kind == "caps":
            self.document.add_heading(words.split(" ", 1)[0].upper() + " " + words.split(" ", 1)[1], 2)
        elif kind == "split":
            self.document.add_heading(f"Priority {priority['code']}", 1)
            if priority["title"]:
                self.document.add_heading(priority["title"], 2)
        elif kind == "auto":
            paragraph = self.document.add_heading(priority["title"] or "", 1)
            _number(paragraph, numbering(self.document, ["decimal"], ["Priority %1."], key="priorities"), 0)
        else:
            paragraph = self.document.add_paragraph()
            run = paragraph.add_run(words)
            run.bold = kind == "bold"
            run.font.size = Pt(11)

    def _statements(self, priority: Row) -> None:
        pairs = [
            ("What are our outcomes?", priority.get("outcomes_sought", [])),
            ("What will success look like?", priority.get("success_criteria", [])),
        ]
        if not any(listed for _, listed in pairs):
            return
        if self.manner.statements == "table":
            table = self.document.add_table(2, 2)
            for at, (label, listed) in enumerate(pairs):
                table.cell(0, at).paragraphs[0].add_run(label).bold = True
                self._bullets(table.cell(1, at), listed)
            return
        for label, listed in pairs:
            self.document.add_paragraph(label)
            if self.manner.statements == "paragraphs":
                for words in listed:
                    self._text(self.document, words)
            else:
                self._bullets(self.document, listed)

    # ------------------------------------------------------------------ tables

    def _new_table(self, header: bool = True) -> None:
        if self.manner.one_table and self.table is not None:
            return
        self.table = self.document.add_table(0, len(self.columns))
        self.count = 0
        if header:
            self._header()

    def _header(self) -> None:
        assert self.table is not None
        cells = self.table.add_row().cells
        for cell, column in zip(cells, self.columns, strict=True):
            words = self.manner.headings.get(column, HEADINGS[column])
            cell.paragraphs[0].add_run(words).bold = True

    def _full_row(self, words: str) -> None:
        assert self.table is not None
        cells = self.table.add_row().cells
        merged = cells[0].merge(cells[-1])
        merged.paragraphs[0].add_run(words).bold = True

    def _outcome(self, outcome: Row) -> None:
        listed = self.manner.shape in ("county", "evidence")
        measures = outcome["measures"]
        rows: list[Row | None] = [None] if listed or not measures else list(measures)
        before: dict[str, object] = {}
        for at, measure in enumerate(rows):
            self._row(outcome, measure, at == 0, before)

    def _row(self, outcome: Row, measure: Row | None, first: bool, before: dict[str, object]) -> None:
        assert self.table is not None
        self.count += 1
        manner = self.manner
        if manner.again and self.count % manner.again == 0:
            self._header()
        fills: dict[str, tuple[object, Callable[[Any], None]]] = {
            column: self._fill(column, outcome, measure) for column in self.columns
        }
        cells = dict(zip(self.columns, self.table.add_row().cells, strict=True))
        if manner.cut and self.count % manner.cut == 0:
            self._cut_row(fills, cells, first, before)
            return
        for column, (identity, fill) in fills.items():
            same = not first and column in before and before[column] == identity
            if same and manner.merge == "vmerge":
                _merge_up(cells[column])
            elif not (same and manner.merge == "blank") and identity is not None:
                fill(cells[column])
            if not same:
                before[column] = identity
                if manner.merge == "vmerge":
                    _merge_start(cells[column])

    def _cut_row(
        self,
        fills: dict[str, tuple[object, Any]],
        cells: dict[str, _Cell],
        first: bool,
        before: dict[str, object],
    ) -> None:
        """A row that goes on after a page: the first two bullets here, the others on the next page."""
        assert self.table is not None
        text = next(c for c in self.columns if c in ("update", "actions", "evidence"))
        for column, (identity, fill) in fills.items():
            same = not first and column in before and before[column] == identity
            if same and self.manner.merge == "vmerge":
                _merge_up(cells[column])
            elif not (same and self.manner.merge == "blank") and identity is not None:
                fill(cells[column])
            before[column] = identity
            if not same and self.manner.merge == "vmerge":
                _merge_start(cells[column])
        elements = [e for e in cells[text]._tc if e.tag in (qn("w:p"), qn("w:tbl"))]
        moved = elements[(len(elements) + 1) // 2 :]
        if moved:
            if self.manner.new_table:
                self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
                self.table = self.document.add_table(0, len(self.columns))
            else:
                self._header()
            below = dict(zip(self.columns, self.table.add_row().cells, strict=True))
            for column in self.columns:
                if self.manner.merge == "vmerge" and column != text and not self.manner.new_table:
                    pass
            target = below[text]._tc
            target.remove(target.findall(qn("w:p"))[0])
            for element in moved:
                target.append(element)

    # ------------------------------------------------------------------ cells

    def _fill(self, column: str, outcome: Row, measure: Row | None) -> tuple[object, Callable[[Any], None]]:
        if column == "number":
            return outcome["code"], lambda cell: _put(cell, outcome["code"] + ".")
        if column == "outcome":
            code = (
                outcome["code"] if self.manner.codes == "in title" and "number" not in self.columns else None
            )
            sign = ": " if code and not code.isdigit() else ". "
            words = (code + sign if code else "") + outcome["title"]
            return words, lambda cell: _put(cell, words)
        if column in ("plans", "groups"):
            names = outcome["strategic_plans" if column == "plans" else "governance_groups"]
            return names, lambda cell: _lines(cell, names)
        if column == "measure":
            return self._fill_measure(outcome, measure)
        if column == "lead":
            leads = measure["leads"] if measure else outcome["leads"]
            return ("lead", str(leads)), lambda cell: self._leads(cell, leads)
        if column == "due":
            return outcome["code"], lambda cell: self._dates(cell, outcome["actions"])
        if column in ("update", "source", "evidence"):
            return self._fill_update(column, outcome, measure)
        return self._fill_actions(outcome, measure)

    def _fill_measure(self, outcome: Row, measure: Row | None) -> tuple[object, Callable[[Any], None]]:
        if measure is None:
            return outcome["code"], lambda cell: self._bullets(
                cell, [m["title"] for m in outcome["measures"]]
            )
        words = (f"{measure['code']}) " if measure["code"] else "") + measure["title"]
        return id(measure), lambda cell: _put(cell, words)

    def _covers(self, row: Row, measure: Row | None) -> bool:
        return measure is None or (measure.get("key") or measure["code"]) in row["measures"]

    def _fill_update(
        self, column: str, outcome: Row, measure: Row | None
    ) -> tuple[object, Callable[[Any], None]]:
        update = next((u for u in outcome["updates"] if self._covers(u, measure)), None)
        if update is None:
            return None, lambda cell: None
        words = update["source"] if column == "source" else update["text"]
        return id(update), lambda cell: self._text(cell, words or "")

    def _fill_actions(self, outcome: Row, measure: Row | None) -> tuple[object, Callable[[Any], None]]:
        actions = [a for a in outcome["actions"] if self._covers(a, measure)]
        self.actions_cell += 1
        key = f"actions {self.actions_cell}"
        return str([id(a) for a in actions]), lambda cell: self._actions(cell, actions, key)

    def _actions(self, cell: _Cell, actions: Sequence[Row], key: str) -> None:
        if any(action["number"] is None for action in actions):
            self._bullets(cell, [action["text"] for action in actions])
            return
        for action in actions:
            head, *rest = blocks.parse(action["text"])
            paragraph = self._paragraph(cell)
            if self.manner.numbers == "auto":
                _number(paragraph, numbering(self.document, ["decimal"], ["%1."], key=key), 0)
            else:
                paragraph.add_run(f"{action['number']}. ")
            assert isinstance(head, blocks.Paragraph)
            _spans(paragraph, head.spans)
            for block in rest:
                self._block(cell, block, 1)

    def _dates(self, cell: _Cell, actions: Sequence[Row]) -> None:
        dates = [action["due"] for action in actions]
        if len(set(dates)) == 1 and dates[0]:
            _put(cell, dates[0])
            return
        for action in actions:
            paragraph = self._paragraph(cell)
            if self.manner.dates == "auto":
                self.actions_cell += action is actions[0]
                key = f"dates {self.actions_cell}"
                _number(paragraph, numbering(self.document, ["decimal"], ["%1."], key=key), 0)
            elif self.manner.dates == "numbered":
                paragraph.add_run(f"{action['number']}.")
            paragraph.add_run(action["due"])

    def _leads(self, cell: _Cell, leads: Sequence[Row]) -> None:
        lines: list[str] = []
        for lead in leads:
            organisation, people, note = lead["organisation"], " / ".join(lead["people"]), lead["note"]
            if self.manner.leads == "lines":
                lines += [part for part in (organisation, *lead["people"], note) if part]
            elif self.manner.leads == "dash":
                lines.append(" – ".join(part for part in (organisation, people) if part))
                lines += [note] if note else []
            elif self.manner.leads == "brackets" and organisation and people:
                lines += [f"{name} ({organisation})" for name in lead["people"]] + ([note] if note else [])
            else:
                lines.append(" ".join(part for part in (organisation, people, note) if part))
        if self.manner.leads == "commas":
            lines = [", ".join(lines)]
        _lines(cell, lines)

    # ------------------------------------------------------------------ texts

    def _paragraph(self, holder: Any) -> Paragraph:
        if isinstance(holder, _Cell):
            only = holder.paragraphs
            fresh = len(only) == 1 and not only[0].text and only[0]._p.getnext() is None
            if fresh and len(holder._tc.findall(qn("w:tbl"))) == 0 and not only[0]._p.pPr:
                return only[0]
        return holder.add_paragraph()

    def _bullets(self, holder: Any, texts: Sequence[str]) -> None:
        for text in texts:
            head, *rest = blocks.parse(text)
            if isinstance(head, blocks.Paragraph):
                self._bullet(holder, head.spans, 0)
            for block in rest:
                self._block(holder, block, 1)

    def _text(self, holder: Any, markdown: str) -> None:
        for block in blocks.parse(markdown):
            self._block(holder, block, 0)

    def _block(self, holder: Any, block: blocks.Block, level: int) -> None:
        if isinstance(block, blocks.Paragraph):
            _spans(self._paragraph(holder), block.spans)
        elif isinstance(block, blocks.Table):
            self._table(holder, block)
        else:
            for number, item in enumerate(block.items, block.start or 0):
                head, *rest = item.blocks
                assert isinstance(head, blocks.Paragraph)
                if block.start is None:
                    self._bullet(holder, head.spans, level)
                else:
                    paragraph = self._paragraph(holder)
                    paragraph.add_run(f"{number}. ")
                    _spans(paragraph, head.spans)
                for inner in rest:
                    self._block(holder, inner, level + 1)

    def _bullet(self, holder: Any, spans: blocks.Spans, level: int) -> None:
        kind = self.manner.bullets
        if kind == "style":
            paragraph = self._paragraph(holder)
            paragraph.style = self.document.styles[
                "List Bullet" if level == 0 else f"List Bullet {level + 1}"
            ]
        elif kind == "numbering":
            paragraph = self._paragraph(holder)
            signs = ["\uf0b7", "o", "\uf0a7"]
            _number(paragraph, numbering(self.document, ["bullet"] * 3, signs, key="bullets"), level)
        elif kind == "sym":
            paragraph = self._paragraph(holder)
            run = paragraph.add_run()
            sign = OxmlElement("w:sym")
            sign.set(qn("w:font"), "Symbol" if level == 0 else "Courier New")
            sign.set(qn("w:char"), "F0B7" if level == 0 else "006F")
            run._r.append(sign)
            paragraph.add_run("\t")
        else:
            paragraph = self._paragraph(holder)
            paragraph.add_run([kind, "o", "-"][level] + "\t")
            if level:
                paragraph.paragraph_format.left_indent = Pt(18 * level)
        _spans(paragraph, spans)

    def _table(self, holder: Any, block: blocks.Table) -> None:
        rows = [row for row in (block.header, *block.rows) if any(row)]
        table = holder.add_table(len(rows), len(block.header))
        for at, row in enumerate(rows):
            for column, spans in enumerate(row):
                _spans(table.cell(at, column).paragraphs[0], spans)


# ---------------------------------------------------------------------------------- small pieces


def _put(cell: _Cell, words: str) -> None:
    head, _, tail = words.partition("\n\n")
    cell.paragraphs[0].add_run(head)
    for line in filter(None, tail.split("\n")):
        cell.add_paragraph(line.removeprefix("- "), style="List Bullet 2")


def _lines(cell: _Cell, lines: Sequence[str]) -> None:
    for at, line in enumerate(lines):
        (cell.paragraphs[0] if at == 0 else cell.add_paragraph()).add_run(line)


def _spans(paragraph: Paragraph, spans: blocks.Spans) -> None:
    for span in spans:
        run = paragraph.add_run(span.text)
        run.bold = span.bold or None
        run.italic = span.italic or None


def _merge_start(cell: _Cell) -> None:
    merge = OxmlElement("w:vMerge")
    merge.set(qn("w:val"), "restart")
    cell._tc.get_or_add_tcPr().append(merge)


def _merge_up(cell: _Cell) -> None:
    cell._tc.get_or_add_tcPr().append(OxmlElement("w:vMerge"))


_MADE: dict[tuple[int, str], int] = {}


def numbering(document: Document, forms: Sequence[str], texts: Sequence[str], key: str = "") -> int:
    """The id of a list with these levels: number formats and what is printed for each."""
    root = document.part.numbering_part.element
    for num in root.findall(qn("w:num")):
        if num.get("key") == key and key:
            return int(num.get(qn("w:numId")))
    abstracts = root.findall(qn("w:abstractNum"))
    identity = 1 + max((int(a.get(qn("w:abstractNumId"))) for a in abstracts), default=0)
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), str(identity))
    for level, (form, text) in enumerate(zip(forms, texts, strict=True)):
        lvl = OxmlElement("w:lvl")
        lvl.set(qn("w:ilvl"), str(level))
        for name, val in (("start", "1"), ("numFmt", form), ("lvlText", text)):
            child = OxmlElement(f"w:{name}")
            child.set(qn("w:val"), val)
            lvl.append(child)
        properties = OxmlElement("w:pPr")
        indent = OxmlElement("w:ind")
        indent.set(qn("w:left"), str(360 * (level + 1)))
        indent.set(qn("w:hanging"), "360")
        properties.append(indent)
        lvl.append(properties)
        abstract.append(lvl)
    if abstracts:
        abstracts[-1].addnext(abstract)
    else:
        root.insert(0, abstract)
    num_id = 1 + max((int(n.get(qn("w:numId"))) for n in root.findall(qn("w:num"))), default=0)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), str(num_id))
    num.set("key", key)
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), str(identity))
    num.append(reference)
    root.append(num)
    return num_id


def _number(paragraph: Paragraph, num_id: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    listing = properties.get_or_add_numPr()
    listing.get_or_add_ilvl().val = level
    listing.get_or_add_numId().val = num_id


number = _number
