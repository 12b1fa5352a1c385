"""Plan tables as writers of all kinds would lay them out, made at random, with the truth of each word.

Every word is there once, and known with the field that it belongs to. A table is made by a writer with
habits (merges cells or leaves them blank, prints codes or not, types headings again), so that what is
expected is what a person would read in it.

``python -m tests.exchange.generated_tables FIRST LAST`` tells of each seed what was not read as expected.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cypp_desktop.exchange.word import WordImport, read_word
from tests.costly_shapes import write_document

HEADINGS = {
    "number": ["No.", "Ref", "Code"],
    "outcome": ["Outcome", "Outcomes", "Intended outcome", "Objective", "Objectives"],
    "measure": ["Performance measure", "Performance measures", "Key measures", "Indicator"],
    "actions": ["Key actions", "Actions", "Planned actions", "Key actions required"],
    "due": ["By when", "Timescale", "Due date", "Target date"],
    "status": ["Status", "RAG rating", "RAG"],
    "update": ["Update", "Progress update", "End of year update", "Commentary"],
    "lead": ["Lead", "Lead organisation", "Responsible", "Lead agency"],
    "partners": ["Partners", "Other partners"],
    "plans": ["Strategic plan", "Related plans"],
    "groups": ["Governance group", "Reporting to"],
    "notes": ["Risks", "Resources", "Comments/notes", "Costs"],
}
#: How texts of plans begin and end, which says nothing of what they are.
NATURAL = ("measure", "actions", "update", "outcome", "notes")
OPENERS = [
    "the ",
    "% of ",
    "number of ",
    "priority families ",
    "action on ",
    "lead ",
    "key ",
    "5 ",
    "a ",
    "to ",
    "in ",
]
CLOSERS = ["", "", ".", ";", ",", ":", " (2026)", "?", " 45%", " and more", " by 2027"]
KEYS = ("number", "outcome", "measure", "actions")
SUBHEADINGS = ["Measure", "Baseline", "Target"]
MONTHS = ["January", "March", "May", "June", "September", "November"]
ENDS = {
    "lead": ["Council", "Trust", "Partnership", "Police"],
    "partners": ["Trust", "Association", "College"],
    "plans": ["Strategy", "Plan"],
    "groups": ["Board", "Group"],
}


@dataclass
class Cell:
    """A cell: its paragraphs as XML, and how it is merged."""

    lines: list[str] = field(default_factory=list)
    merged: bool = False  # with the cell above
    opens: bool = False  # cells below are merged with it
    span: int = 1

    def xml(self) -> str:
        properties = f'<w:gridSpan w:val="{self.span}"/>' if self.span > 1 else ""
        if self.merged:
            properties += "<w:vMerge/>"
        elif self.opens:
            properties += '<w:vMerge w:val="restart"/>'
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(self.lines) or '<w:p/>'}</w:tc>"


def paragraph(words: str, bold: bool = False) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p><w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


@dataclass
class Generated:
    """A document and its truth: each word with its field, or none for words beside the tables."""

    body: str
    fields: dict[str, str | None]
    under: dict[str, int]  # the outcome that a word stands under, by its number
    parts: dict[str, str]

    def write(self, path: Path) -> Path:
        return write_document(path, self.body, self.parts)


class Writer:
    """One writer with habits, and the document that they write."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.fields: dict[str, str | None] = {}
        self.under: dict[str, int] = {}
        self.outcomes = 0  # written so far
        self.notes: list[str] = []
        pick = self.random.choice
        self.codes = pick(["1a: ", "1a ", "1.1 ", "", ""])
        self.measure_codes = pick(["i) ", "", ""])
        self.merges = pick(["merged", "merged", "blank", "typed again"])
        self.heading_look = pick(["bold", "row", "both"])
        self.priority = pick(["none", "line", "line", "row"])
        self.again = pick([0, 0, 0, 3, 5])
        self.cut = pick([0, 0, 0, 4])
        self.lists = pick(["none", "bullets", "typed"])
        self.small_letters = self.random.random() < 0.15
        self.blank = pick([0.0, 0.1, 0.25])
        self.columns = self._columns()
        self.headings = [pick(HEADINGS[column]) for column in self.columns]
        self.is_careless = self.random.random() < 0.5
        self.leads = pick(["names", "names", "people", "listed", "roles", "brackets"])
        self.several = (
            "actions" in self.columns and "measure" not in self.columns and self.random.random() < 0.4
        )
        self.wide = self.random.random() < 0.15
        self.spoilt_heading = self.random.random() < 0.1
        self.inserts_priority = self.random.random() < 0.1
        self.merged_inside = self.random.random() < 0.3  # measures, actions and leads over several rows
        self.listed = "measure" in self.columns and "actions" in self.columns and self.random.random() < 0.15
        self.in_column = self.priority == "none" and self.random.random() < 0.4
        if self.in_column:
            self.columns.insert(0, "priority")
            self.headings.insert(0, "Priority")
        self.parted = not self.listed and "measure" in self.columns and self.random.random() < 0.12

    def _columns(self) -> list[str]:
        """The columns, the outcome first."""
        inner = ["measure"] if self.random.random() < 0.7 else []
        if self.random.random() < 0.7 or not inner:
            inner.append("actions")
            inner += [name for name in ("due", "status") if self.random.random() < 0.35]
        rest = ["update", "lead", "partners", "plans", "groups", "notes"]
        inner += [
            name for name in rest if self.random.random() < (0.55 if name in ("update", "lead") else 0.15)
        ]
        if self.random.random() < 0.3:
            self.random.shuffle(inner)
        number = ["number"] if not self.codes and self.random.random() < 0.3 else []
        return [*number, "outcome", *inner]

    # ------------------------------------------------------------------ words

    def word(self, place: str | None) -> str:
        """A word that is nowhere else, known with its field."""
        number = len(self.fields)
        made = "z" + "".join(
            "bdfgklmnprst"[int(digit)] + "aeiou"[at % 5] for at, digit in enumerate(f"{number:03d}")
        )
        made += "q"
        self.fields[made] = place
        self.under[made] = self.outcomes
        return made

    def words(self, place: str | None, least: int = 1, most: int = 4) -> str:
        found = " ".join(self.word(place) for _ in range(self.random.randint(least, most)))
        if place in NATURAL and self.random.random() < 0.5:
            found = f"{self.random.choice(OPENERS)}{found}{self.random.choice(CLOSERS)}"
        return found if self.small_letters else found[0].upper() + found[1:]

    def name(self, column: str) -> str:
        return f"{self.word(column).capitalize()} {self.random.choice(ENDS[column])}"

    # ------------------------------------------------------------------ cells

    def fill(self, column: str) -> list[str]:
        """The paragraphs of one cell."""
        if column == "due":
            return [
                paragraph(
                    f"{self.random.choice(MONTHS)} {self.random.randint(2026, 2031)} {self.word('due')}"
                )
            ]
        if column == "lead" and self.leads != "names":
            return self._leads()
        if column in ENDS:
            return [paragraph(self.name(column)) for _ in range(self.random.choice([1, 1, 1, 2]))]
        if column == "status":
            return [paragraph(self.words("status", 1, 2))]
        if column in ("update", "notes"):
            return self._text(column)
        return [self._noted(self.words(column), column)]

    def _leads(self) -> list[str]:
        """The leads of one cell, in the manner of the writer."""
        person = f"{self.random.choice(['Ann', 'Sarah', 'David', 'John'])} {self.word('lead').capitalize()}"
        one = self.name("lead")
        if self.leads == "people":
            return [paragraph(f"{one} {person}")]
        if self.leads == "listed":
            return [paragraph(f"{one}, {self.name('lead')} and {self.name('lead')}"), paragraph(person)]
        if self.leads == "roles":
            return [paragraph(f"Lead: {one}"), paragraph(f"Support: {self.name('lead')}"), paragraph(person)]
        return [paragraph(f"{one} ({person}); {self.name('lead')} ()")]

    def _text(self, column: str) -> list[str]:
        lines = [paragraph(self.words(column, 2, 6) + ".")]
        if self.lists != "none" and self.random.random() < 0.4:
            sign = "•\u00a0" if self.lists == "typed" else "- "
            lines += [paragraph(sign + self.words(column)) for _ in range(2)]
        return lines

    def _noted(self, words: str, column: str) -> str:
        """Words, of which a few have a margin comment."""
        if self.random.random() > 0.03:
            return paragraph(words)
        self.notes.append(self.words(None))
        mark = f'<w:r><w:commentReference w:id="{len(self.notes)}"/></w:r>'
        return f'<w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r>{mark}</w:p>'

    # ------------------------------------------------------------------ tables

    def document(self) -> Generated:
        body = [paragraph("Plan of " + self.words(None))]
        for number in range(1, self.random.choice([1, 1, 2, 3]) + 1):
            if self.priority == "line" or (self.priority == "row" and number > 1):
                title = f"Priority {number}: {self.words('priority')}"
                body.append(
                    f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>{title}</w:t></w:r></w:p>'
                )
            body += [f"<w:tbl>{table}</w:tbl>" + paragraph("") for table in self._tables(number)]
        if self.random.random() < 0.2:
            body.append(paragraph(self.words(None, 3, 8) + "."))
        return Generated("".join(body), self.fields, self.under, self._parts())

    def _parts(self) -> dict[str, str]:
        if not self.notes:
            return {}
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        notes = "".join(
            f'<w:comment w:id="{at}" w:author="A">{paragraph(words)}</w:comment>'
            for at, words in enumerate(self.notes, 1)
        )
        return {"comments": f"<w:comments {space}>{notes}</w:comments>"}

    def _tables(self, priority: int) -> Iterator[str]:
        """The tables of one priority: one, or several where pages end it."""
        rows = [self._heading_rows()]
        if self.priority == "row" and priority == 1:
            rows.insert(0, self._row_across(f"Priority 1: {self.words('priority')}"))
        count = 0
        for outcome in range(self.random.randint(1, 5)):
            for row in self._rows_of_outcome(priority, outcome):
                count += 1
                if count == 1 and self.spoilt_heading:
                    self._merge_with_headings(row)
                if self.again and count % self.again == 0 and not any(cell.merged for cell in row):
                    rows.append(self._heading_rows())
                if self.cut and count % self.cut == 0 and not any(cell.merged for cell in row):
                    yield "".join(rows)
                    rows = [self._heading_rows()]
                if self.is_careless and self.random.random() < 0.03 and not any(cell.merged for cell in row):
                    rows.append(self._row_across(self.words(None, 3, 9) + "."))
                rows.append(self._row(row))
        yield "".join(rows)

    def _merge_with_headings(self, cells: list[Cell]) -> None:
        """Blank cells of the first row are merged with the headings over them."""
        for cell in cells:
            cell.merged = cell.merged or (not cell.lines and not cell.opens)

    def _row_across(self, words: str) -> str:
        width = len(self.columns) + (2 if self.parted else 0)
        return self._row([Cell([paragraph(words, True)], span=width)])

    def _row(self, cells: list[Cell], header: bool = False) -> str:
        look = "<w:trPr><w:tblHeader/></w:trPr>" if header else ""
        return f"<w:tr>{look}{''.join(cell.xml() for cell in cells)}</w:tr>"

    def _heading_rows(self) -> str:
        bold, header = self.heading_look != "row", self.heading_look != "bold"
        if not self.parted:
            return self._row([Cell([paragraph(words, bold)]) for words in self.headings], header)
        upper, lower = [], []
        for column, words in zip(self.columns, self.headings, strict=True):
            if column == "measure":
                upper.append(Cell([paragraph("Measures", True)], span=3))
                lower += [Cell([paragraph(words, True)]) for words in SUBHEADINGS]
            else:
                upper.append(Cell([paragraph(words, True)], opens=True))
                lower.append(Cell(merged=True))
        return self._row(upper, header) + self._row(lower, header)

    def _rows_of_outcome(self, priority: int, outcome: int) -> Iterator[list[Cell]]:
        rows = self.random.choice([1, 1, 2, 3, 4])
        shared = {"outcome", "number", "plans", "groups", "priority"} | (
            {"lead", "update"} if self.random.random() < 0.3 else set()
        )
        if self.listed:
            shared.add("measure")
        first: dict[str, list[str]] = {}
        key = "measure" if "measure" in self.columns and not self.listed else "actions"
        self.outcomes += 1
        for at in range(rows):
            cells: list[Cell] = []
            blanks = self._blanks(key)
            for column in self.columns:
                if (at and column in shared) or (column == "priority" and outcome):
                    cells.append(self._below(column, first.get(column, [])))
                else:
                    lines = [] if column in blanks else self._own(column, priority, outcome, at)
                    first[column] = lines
                    if at and self._goes_on(column, key, first):
                        self._forget_lines(lines)
                        cells.append(Cell(merged=True))
                        continue
                    cells.append(Cell(lines, opens=column in shared and rows > 1 and self.merges == "merged"))
                if self.parted and column == "measure":
                    cells += [Cell([paragraph(self.words("figures", 1, 1))]) for _ in range(2)]
            if (
                self.several
                and not at
                and cells[-1].span == 1
                and self.random.random() < 0.5
                and "status" not in self.columns
            ):
                self._forget(cells)
                self._actions_with_dates(cells)
            if self.wide and self.random.random() < 0.3:
                self._widen(cells)
            if self.is_careless:
                self._spoil(cells, at == 0)
            yield cells

    def _goes_on(self, column: str, key: str, first: dict[str, list[str]]) -> bool:
        """Whether a cell that does not name its row is merged with the one above."""
        is_free = column not in ("outcome", "number", "priority", key, "due", "status", "actions")
        return self.merged_inside and self.merges == "merged" and is_free and self.random.random() < 0.3

    def _blanks(self, key: str) -> set[str]:
        """The columns that a row leaves blank: not those that name it, and dates where it has no action."""
        blank = {name for name in self.columns if self.random.random() < self.blank}
        blank -= {"outcome", "number", key}
        return blank | ({"due", "status"} if "actions" in blank else set())

    def _actions_with_dates(self, cells: list[Cell]) -> None:
        """Several numbered actions in a cell, and their dates with the numbers."""
        count = self.random.randint(2, 3)
        actions, dates = (
            self.columns.index(name) if name in self.columns else None for name in ("actions", "due")
        )
        assert actions is not None
        cells[actions].lines = [paragraph(f"{at}. {self.words('actions')}") for at in range(1, count + 1)]
        if dates is not None:
            cells[dates].lines = [
                paragraph(f"{at}. May 2027 {self.word('due')}") for at in range(1, count + 1)
            ]

    def _spoil(self, cells: list[Cell], is_first: bool) -> None:
        """What careless writers do to a row: cells merged with what is above, tables within cells."""
        for at, cell in enumerate(cells):
            if cell.merged or cell.opens or cell.span > 1:
                continue
            chance = self.random.random()
            if not cell.lines and chance < 0.3:
                cell.merged = True
            elif chance < 0.02 and not is_first and self.columns[min(at, len(self.columns) - 1)] not in KEYS:
                cell.merged = True  # Word shows the words no more, but they are there
                self._set_free(cell)
            elif chance < 0.04:
                cell.lines.append("<w:p><w:r><w:br/></w:r></w:p>")
            elif chance < 0.06 and cell.lines:
                inner = self.words(None)
                row = (
                    f"<w:tr><w:tc>{paragraph(inner)}</w:tc><w:tc>{paragraph(self.words(None))}</w:tc></w:tr>"
                )
                cell.lines.append(f"<w:tbl>{row}</w:tbl><w:p/>")

    def _widen(self, cells: list[Cell]) -> None:
        """A cell with words that is merged with the blank one to the right of it."""
        for at in range(len(cells) - 1, 0, -1):
            left, right = cells[at - 1], cells[at]
            if (
                left.lines
                and not right.lines
                and not (left.merged or left.opens or right.merged or right.opens)
            ):
                left.span = 2
                del cells[at]
                return

    def _forget(self, cells: list[Cell]) -> None:
        """Words of the cells of actions and dates that are to be written anew are nowhere."""
        for name in ("actions", "due"):
            if name in self.columns:
                self._forget_lines(cells[self.columns.index(name)].lines)

    def _forget_lines(self, lines: list[str]) -> None:
        for word in re.findall(r"z[a-z]+q", "".join(lines).casefold()):
            self.fields[word] = "gone"

    def _set_free(self, cell: Cell) -> None:
        """Nothing is expected of where the words of a cell go, but that they are somewhere."""
        for word in re.findall(r"z[a-z]+q", "".join(cell.lines).casefold()):
            if word in self.fields:
                self.fields[word] = None

    def _below(self, column: str, lines: list[str]) -> Cell:
        """A cell that says the same as the one above."""
        if self.merges == "merged":
            return Cell(merged=True)
        if self.merges == "typed again" and column in ("outcome", "lead"):
            return Cell([re.sub(r"<w:r><w:commentReference[^>]*></w:r>", "", line) for line in lines])
        return Cell()

    def _own(self, column: str, priority: int, outcome: int, at: int) -> list[str]:
        if column == "number":
            return [paragraph(f"{priority}.{outcome + 1}")]
        if column == "priority":
            return [paragraph(f"{priority}. {self.words('priority')}")]
        if column == "measure" and self.listed:
            return [paragraph("• " + self.words("measure")) for _ in range(self.random.randint(2, 3))]
        lines = self.fill(column)
        if column == "outcome" and self.codes:
            code = f"{priority}.{outcome + 1}" if "." in self.codes else f"{priority}{'abcdefgh'[outcome]}"
            return [self._prefixed(lines[0], code + self.codes.lstrip("1a."))]
        if column == "measure" and self.measure_codes:
            return [self._prefixed(lines[0], ["i", "ii", "iii", "iv"][at] + ") ")]
        return lines

    @staticmethod
    def _prefixed(line: str, code: str) -> str:
        return line.replace('<w:t xml:space="preserve">', f'<w:t xml:space="preserve">{code}', 1)


# ---------------------------------------------------------------------------------- what came of it


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).casefold()


def _said(outcome: dict[str, Any]) -> dict[str, str]:
    """All that an outcome says, by field, as texts in small letters."""
    measures, actions = outcome["measures"], outcome["actions"]
    leads = _text([outcome["leads"], [measure["leads"] for measure in measures]])
    return {
        "outcome": _text([outcome["title"], outcome["code"]]),
        "plans": _text(outcome["strategic_plans"]),
        "groups": _text(outcome["governance_groups"]),
        "lead": leads,
        "partners": leads,
        "measure": _text([measure["title"] for measure in measures]),
        "figures": _text(
            [[str(value["value"]) for value in measure["observations"]] for measure in measures]
        ),
        "actions": _text([action["text"] for action in actions]),
        "due": _text([action["due"] for action in actions]),
        "status": _text([action.get("status") for action in actions]),
        "update": _text([update["text"] for update in outcome["updates"]]),
    }


def _by_number(generated: Generated, plan: dict[str, Any]) -> dict[int, list[dict[str, str]]]:
    """What each outcome that was written says in the plan; an outcome is known by the words of its title."""
    number_of = {word: generated.under[word] for word, name in generated.fields.items() if name == "outcome"}
    found: dict[int, list[dict[str, str]]] = {}
    for priority in plan["priorities"]:
        for outcome in priority["outcomes"]:
            said = _said(outcome)
            for number in {number_of[w] for w in re.findall(r"z[a-z]+q", said["outcome"]) if w in number_of}:
                found.setdefault(number, []).append(said)
    return found


@dataclass
class Outcome:
    """How one generated document was read."""

    lost: list[str]
    misplaced: list[str]
    in_field: int
    expected: int
    silent: bool


def outcome_of(generated: Generated, found: WordImport) -> Outcome:
    """Which words are nowhere, and which are not where they belong."""
    everything = (json.dumps(found.plan, ensure_ascii=False) + found.report.as_text()).casefold()
    by_number = _by_number(generated, found.plan)
    beside = {
        "notes": _text(found.plan["notes"]),
        "priority": _text([p["title"] for p in found.plan["priorities"]]),
    }
    written = {word: name for word, name in generated.fields.items() if name != "gone"}
    lost = [word for word in written if word not in everything]
    known = {word: name for word, name in written.items() if name is not None}
    misplaced = []
    for word, name in known.items():
        said = [beside] if name in beside else by_number.get(generated.under[word], [])
        if not any(word in each[name] for each in said):
            misplaced.append(f"{word} ({name})")
    has_outcomes = any(priority["outcomes"] for priority in found.plan["priorities"])
    silent = not has_outcomes and not found.report.questions
    return Outcome(lost, misplaced, len(known) - len(misplaced), len(known), silent)


def read_seed(seed: int, folder: Path) -> Outcome:
    """Make, write and read the document of one seed."""
    generated = Writer(seed).document()
    return outcome_of(generated, read_word(generated.write(folder / "generated.docx")))


def main() -> int:
    """The command of this module's first lines."""
    first, last = (int(word) for word in sys.argv[1:3])
    in_field = expected = lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last):
            try:
                outcome = read_seed(seed, Path(folder))
            except Exception as problem:  # a crash is what is looked for
                print(f"{seed}: {type(problem).__name__}: {problem}")
                continue
            in_field += outcome.in_field
            expected += outcome.expected
            lost += len(outcome.lost)
            if outcome.lost or outcome.misplaced or outcome.silent:
                print(
                    f"{seed}: lost {outcome.lost}, misplaced {outcome.misplaced[:6]}, silent {outcome.silent}"
                )
    print(f"{in_field} of {expected} words in their fields: {in_field / max(expected, 1):.4f}; {lost} lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
