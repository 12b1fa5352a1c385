"""From a source document to a plan: walks the document in reading order and puts everything somewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.content import Content, ContentReader, Para, words_of
from cypp_desktop.exchange.word.draft import PlaceInPlan, PlanDraft, PlanRow, finish_notes, finish_rows
from cypp_desktop.exchange.word.figure_columns import in_year
from cypp_desktop.exchange.word.front import (
    Statements,
    front_matter,
    groups,
    inline_label,
    label_of,
    lead_line,
    section,
    statement,
    without_contents,
)
from cypp_desktop.exchange.word.layout import DocumentLayout, Step, lay_out
from cypp_desktop.exchange.word.leads import read_leads
from cypp_desktop.exchange.word.ledger import note_what_is_lost
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.model import FoundTable, ImportReport, Meanings, NoPlanTable, WordImport
from cypp_desktop.exchange.word.package import CHUNK_KIND, NO_MEMORY, WordPackage, open_package
from cypp_desktop.exchange.word.recommendations import (
    FoundRecommendation,
    sections_of,
    take_recommendations,
)
from cypp_desktop.exchange.word.row_parts import content_of
from cypp_desktop.exchange.word.rows import RowReader
from cypp_desktop.exchange.word.source import SourceDocument
from cypp_desktop.exchange.word.source_words import source_pieces
from cypp_desktop.exchange.word.stitch import stitch
from cypp_desktop.exchange.word.table_sections import SectionCell, TableRow, TableSection
from cypp_desktop.exchange.word.texts import entries, split_spans, tree_markdown
from cypp_desktop.plan.blocks import Table, render

_NO_TABLES = (
    "This document has no table that reads like an action plan: a heading row such as "
    "“Outcomes, Performance measures, Key actions, Lead organisation” and rows below it. "
    "Check that it is the right document. If its table is a picture, ask for the Word table itself."
)
_IN_CHUNKS = (
    " Text of it is kept inside it in another format, as some programs do: open it in Word, save it as "
    "Word document (.docx) and import that."
)
_NO_OUTCOME = (
    "Table {} reads like a plan’s, but no outcome came of it: no row below its headings was found. Look at "
    "the table in Word, and say what its columns mean where they are not what they were taken for."
)


def import_word(path: Path, meanings: Meanings | None) -> WordImport:
    """The plan in the Word document at ``path``; see :func:`cypp_desktop.exchange.word.read_word`."""
    try:
        package = open_package(path)
        has_chunks = any(part.kind == CHUNK_KIND for part in package.parts)
        return plan_of(_read(package), path.stem, meanings, _IN_CHUNKS if has_chunks else "")
    except MemoryError as problem:
        raise ImportProblem(NO_MEMORY) from problem


def _read(package: WordPackage) -> SourceDocument:
    reader = ContentReader(package)
    content = reader.body()
    remarks = []
    if reader.pictures:
        remarks.append(f"Pictures are not imported: {reader.pictures} left out.")
    return SourceDocument(
        content,
        package.title,
        reader.margins(),
        reader.hidden,
        remarks,
        lambda with_places: source_pieces(package, with_places=with_places),
        list(package.unread),
    )


def plan_of(
    source: SourceDocument, called: str, meanings: Meanings | None, without_table: str = ""
) -> WordImport:
    """The plan in a source document; ``called`` is the name of its file, for a plan that has no title.

    Raises NoPlanTable where no table reads like a plan's; ``without_table`` is what else is said then.
    """
    taken = take_recommendations(source.content)
    layout = lay_out(taken.content, meanings)
    layout.left_out += taken.labels
    if not layout.plan:
        raise NoPlanTable(_NO_TABLES + without_table, layout.tables())
    stitch(layout)
    assembler = _PlanAssembler(layout, source, called)
    assembler.recommendations = taken.found
    return assembler.result()


class Assembler:
    """Walks a layout and puts all that stands in it somewhere in the draft of ``rows``."""

    def __init__(self, layout: DocumentLayout, rows: RowReader) -> None:
        self.layout = layout
        self.rows = rows
        self.draft = rows.draft
        self.pile: list[Content] = []  # lines since the last heading of a priority or row
        self.statements: Statements | None = None  # what they are, where a label says it
        self.inside: TableSection | None = None
        self.step = Step()  # the one being read

    def read(self, steps: Sequence[Step]) -> None:
        """Read the steps of the layout, or the last of them, to the end."""
        for step in steps:
            self.step = step
            self._step(step)
        self._flush(at_end=True)
        self.rows.finish()

    # ------------------------------------------------------------------ steps

    def _step(self, step: Step) -> None:
        if step.priority is not None:
            self._flush()
            self._priority(step)
        elif step.other is not None:
            self._flush()
            self._other_table(step.other)
        elif step.row is not None and step.section is not None:
            if step.row.full is not None:
                self._full_row(step)
                return
            if self.inside is not step.section or self.pile:
                self._flush()
            self.inside = step.section
            self.rows.row(step.section, step.row)
        elif step.para is not None:
            self._line(step.para)

    def _priority(self, step: Step) -> None:
        assert step.priority is not None
        heading = step.priority
        content = [p for p in step.content if not isinstance(p, Para) or p.words]
        first, rest = content[0], content[1:]
        title = heading.title
        if isinstance(first, Para):
            for remark in first.remarks:
                self.draft.note(PlaceInPlan(), remark, "a heading")
            if title is not None:
                title = re.sub(r"\[\^e?\d+\]", "", title).strip()
        self.rows.start_priority(heading.code or None, title)
        for piece in rest:
            self._piece(piece)

    def _full_row(self, step: Step) -> None:
        """A row of one text over all columns: the heading of an outcome, or lines as between tables."""
        assert step.row is not None and step.section is not None
        content = content_of(step.row)
        if len(content) == 1 and self._heads_an_outcome(content[0], step.section):
            self._flush()
            self.rows.start_outcome(words_of(content))
            return
        for piece in content:
            self._piece(piece)

    def _heads_an_outcome(self, piece: Content, section: TableSection) -> bool:
        """Whether a text over all columns has a code, or reads like a heading in a table without outcomes."""
        words = words_of([piece])
        if len(words) >= 250:
            return False
        if isinstance(piece, Para) and (
            label_of(piece.words) or inline_label(piece.text) or lead_line(piece.words)
        ):
            return False
        if codes.outcome_code(words)[0] is not None:
            return True
        if self._has_outcomes(section):
            return False
        return len(words) < 120 or (isinstance(piece, Para) and piece.bold)

    def _has_outcomes(self, section: TableSection) -> bool:
        """Whether a column of a section holds outcomes."""
        return any(meaning == M.OUTCOME for meaning, _ in self.layout.meanings[section.index])

    def _piece(self, piece: Content) -> None:
        if isinstance(piece, Para):
            self._line(piece)
        else:
            self.pile.append(piece)

    def _line(self, para: Para) -> None:
        kind = label_of(para.words)
        if kind is not None and para.mark is None:
            self.layout.left_out.append(para.text)
            self._flush()
            self.statements = kind
            return
        inline = inline_label(para.text) if para.mark is None else None
        if inline is not None:
            self._flush()
            self.statements = inline[0]
            self.layout.left_out.append(para.text[: inline[1]])
            spans = split_spans(para.spans, inline[1])[1]
            self.pile.append(Para(spans, indent=para.indent, remarks=para.remarks))
            return
        leads = lead_line(para.words)
        priority = self.rows.place.priority
        if leads is not None and priority is not None and not priority["outcomes"]:
            found = read_leads([leads], self.rows.habits.known)
            priority["leads"] += self.draft.leads_without_emails(found)
            self.layout.left_out.append(para.words.removesuffix(leads))
            return
        if para.bold and para.mark is None and self.statements is not None:
            self._flush()  # another heading ends a list of outcomes or criteria
        self.pile.append(para)

    # ------------------------------------------------------------------ lines between tables

    def _flush(self, at_end: bool = False) -> None:
        """Puts the lines gathered so far where they belong."""
        pile, kind = self.pile, self.statements
        self.pile, self.statements = [], None
        priority = self.rows.place.priority
        if not pile:
            return
        if kind is not None:
            if priority is None:
                self.rows.start_priority(None, None)
                priority = self.rows.place.priority
            assert priority is not None
            target = priority[kind]
            target += [text for group in groups(entries(pile)) if (text := statement(group))]
            return
        self._unlabelled(pile, at_end)

    def _unlabelled(self, pile: list[Content], at_end: bool) -> None:
        """Puts lines of which no label says what they are: a title, a heading, sections, else a note."""
        priority = self.rows.place.priority
        title = self._title_of(priority, pile) if priority is not None else None
        if priority is not None and title is not None:
            self.draft.name_priority(priority, title=title)
            pile = pile[1:]
        if not pile:
            return
        first, last = pile[0], pile[-1]
        if not at_end and isinstance(last, Para) and self._outcome_heading(last):
            self.rows.place = PlaceInPlan(priority)
            self.rows.heading = last.words
            pile = pile[:-1]
        elif isinstance(first, Para) and first.heading and (at_end or len(pile) > 1):
            self._as_sections(pile)
            return
        if pile:
            where = "after the last table" if at_end else "between the tables"
            self.draft.note(PlaceInPlan(priority), tree_markdown(entries(pile)), where)

    @staticmethod
    def _title_of(priority: PlanRow, pile: Sequence[Content]) -> str | None:
        """The title of a priority that has only a code so far, where lines begin with it."""
        if not priority["code"] or priority["title"] or priority["outcomes"]:
            return None
        first = pile[0]
        if isinstance(first, Para) and (first.bold or len(pile) == 1) and len(first.words) < 200:
            return first.words
        return None

    def _outcome_heading(self, para: Para) -> bool:
        """A line over a table that has no column of outcomes."""
        if len(para.words) > 250 or (para.mark is not None and para.mark.number is None):
            return False
        upcoming = self.step.section
        if upcoming is None or self._has_outcomes(upcoming):
            return False
        return para.bold or codes.outcome_code(para.words)[0] is not None

    def _as_sections(self, pile: list[Content]) -> None:
        heading: Para | None = None
        content: list[Content] = []
        for piece in pile:
            if isinstance(piece, Para) and piece.heading:
                if heading is not None:
                    self.draft.sections.append(section(heading, content))
                heading, content = piece, []
            else:
                content.append(piece)
        if heading is not None:
            self.draft.sections.append(section(heading, content))

    def _other_table(self, other: TableSection) -> None:
        """A table that is not the plan's: lists of outcomes and criteria, else a note."""
        kinds = [label_of(heading) for heading in other.headings]
        rows = list(other.data())
        if other.headed and kinds and all(kinds):
            self.layout.left_out += other.headings
            for at, kind in enumerate(kinds):
                self._labelled_list(kind, [row.cells[at] for row in rows])
            return
        where = f"table {other.index + 1}"
        if other.headed and not rows:
            self._note_on_priority(_table_text(other.headings, []), where)
        unplaced = self._read_labelled_rows(rows)
        if unplaced:
            header = other.headings if other.headed else [""] * len(other.headings)
            self._note_on_priority(_table_text(header, unplaced), where)
        for row in other.rows:
            if row.full:
                self._note_on_priority(tree_markdown(entries(row.full)), where)

    def _read_labelled_rows(self, rows: Sequence[TableRow]) -> list[list[str]]:
        """Reads rows whose first cell says what the others are; the words of the rows that are left."""
        left: list[list[str]] = []
        for row in rows:
            kind = label_of(row.cells[0].words) if len(row.cells) > 1 else None
            if kind is not None:
                self.layout.left_out.append(row.cells[0].words)
                self._labelled_list(kind, row.cells[1:])
            else:
                left.append([cell.words for cell in row.cells])
        return left

    def _note_on_priority(self, words: str, where: str) -> None:
        self.draft.note(PlaceInPlan(self.rows.place.priority), words, where)

    def _labelled_list(self, kind: Statements | None, cells: Sequence[SectionCell]) -> None:
        """Outcomes sought, or success criteria, that stand in cells of a table."""
        self.statements = kind
        self.pile = []
        for cell in cells:
            self.pile += cell.content
        self._flush()


class _PlanAssembler(Assembler):
    """Makes a plan of a whole document, its front matter too."""

    def __init__(self, layout: DocumentLayout, source: SourceDocument, called: str) -> None:
        super().__init__(layout, RowReader(layout, PlanDraft()))
        self.source = source
        self.recommendations: list[FoundRecommendation] = []
        first = self._first_of_plan()
        opening: list[Content] = []
        for step in layout.steps[:first]:
            opening += self._plain(step)
        later = [words_of(step.content) for step in layout.steps if step.row is None or step.row.full]
        shorter = without_contents(opening, later)
        self.layout.left_out += _lines_without(opening, shorter)
        opening = shorter
        fallback = re.sub(r"[_\s]+", " ", called).strip() or "Imported plan"
        self.front = front_matter(opening, source.margins, source.title, fallback)
        self.draft.sections += self.front.sections
        self.read(layout.steps[first:])

    def _first_of_plan(self) -> int:
        """The first step that is no front matter: a priority's heading or the first row."""
        steps = self.layout.steps
        row_is_next = _rows_before_priorities(steps)
        for at, step in enumerate(steps):
            if step.priority is not None or step.section is not None:
                return at
            if step.para is not None and label_of(step.para.words) and row_is_next[at]:
                return at
        return len(steps)

    def _plain(self, step: Step) -> list[Content]:
        if step.other is not None:
            self._other_table(step.other)
            return []
        return step.content

    # ------------------------------------------------------------------ the result

    def result(self) -> WordImport:
        layout, draft, front = self.layout, self.draft, self.front
        for words in front.left:
            draft.note(PlaceInPlan(), words, "before the first table")
        for words in self.source.hidden:
            draft.note(PlaceInPlan(), f"Hidden in {self.source.program}: {words}", "hidden text")
        finish_rows(draft)
        _finish_periods(draft, front.period)
        made_in = sections_of(self.recommendations, draft.sections)
        recommendations = [
            one.row(section) for one, section in zip(self.recommendations, made_in, strict=True)
        ]
        main = next(s for s in layout.sections if s.index in layout.plan)
        columns = [heading for heading in main.headings if heading]
        said = {
            "rows": draft.priorities,
            "sections": draft.sections,
            "front": asdict(front),
            "columns": columns,
            "recommendations": [one | {"section": None} for one in recommendations],
            "emails": list(draft.emails.values()),
        }
        to_check = note_what_is_lost(self.source, layout, draft, said)
        _with_top_level(draft.sections)
        priorities, (notes, unplaced) = draft.priorities, finish_notes(draft)
        plan: dict[str, Any] = {
            "format": "cypp-plan/1",
            "title": front.title,
            "document_label": front.label,
            "status": front.status,
            "partnership": front.partnership,
            "period": front.period,
            "introduction": front.introduction,
            "level_names": self._level_names(main),
            "columns": columns,
            "priorities": priorities,
            "sections": draft.sections,
            "recommendations": recommendations,
            "notes": notes,
        }
        plan |= draft.addressed()
        tables = layout.tables()
        remarks = [*draft.remarks, *self._remarks(tables), *to_check]
        report = ImportReport(_counts(plan), unplaced, remarks, self._questions())
        return WordImport(plan, tables, report)

    def _level_names(self, main: TableSection) -> dict[str, str | None]:
        names: dict[str, str | None] = {"priority": _title_case(self.layout.priority_word or "Priority")}
        for level, meaning, usual in (("outcome", M.OUTCOME, "Outcome"), ("measure", M.MEASURE, None)):
            heading = self._heading_of(main, meaning)
            names[level] = usual
            if heading is not None:
                names[level] = singular(heading) or usual or "Performance measure"
        return names

    def _heading_of(self, section: TableSection, meaning: M) -> str | None:
        """The heading of a section's first column with this meaning."""
        for at, (found, _) in enumerate(self.layout.meanings[section.index]):
            if found == meaning:
                return section.headings[at]
        return None

    def _questions(self) -> list[str]:
        """Tables that read like a plan's, and gave no outcome."""
        layout = self.layout
        silent = [index for index in sorted(layout.plan) if not any(layout.sections[index].data())]
        if not silent and not any(priority["outcomes"] for priority in self.draft.priorities):
            silent = sorted(layout.plan)
        return [_NO_OUTCOME.format(index + 1) for index in silent]

    def _remarks(self, tables: Sequence[FoundTable]) -> list[str]:
        """What a person should look at: columns that were guessed, blank cells, what was left out."""
        found: list[str] = []
        for table in tables:
            if table.index in self.layout.plan:
                found += _guessed_columns(table)
        for meaning, count in self.rows.taken_as_above.items():
            if count:
                cells = "cells were" if count > 1 else "cell was"
                found.append(f"{meaning.label}: {count} blank {cells} read as “the same as above”.")
        ignored: list[str] = []
        for table in tables:
            ignored += [column.heading for column in table.columns if column.meaning == M.IGNORE]
        found += [f"The column “{heading}” was left out, as chosen." for heading in dict.fromkeys(ignored)]
        return found + self.source.remarks


def _with_top_level(sections: Sequence[PlanRow]) -> None:
    """Lifts sections so that the highest are of the first level: Word's first may be the title's alone."""
    lifted = min((one["depth"] for one in sections), default=1) - 1
    for one in sections:
        one["depth"] -= lifted


def _finish_periods(draft: PlanDraft, year: str | None) -> None:
    """Says the year of "Q1" and its like, where the plan is for one year."""
    for priority in draft.priorities:
        for outcome in priority["outcomes"]:
            for measure in outcome["measures"]:
                for value in measure["observations"]:
                    value["period"] = in_year(value["period"], year)


def _lines_without(content: Sequence[Content], kept: Sequence[Content]) -> list[str]:
    """The words of what is not ``kept`` of some content."""
    kept_ids = {id(piece) for piece in kept}
    return [words_of([piece]) for piece in content if id(piece) not in kept_ids]


def _rows_before_priorities(steps: Sequence[Step]) -> list[bool]:
    """For each step, whether the next heading of a priority or row after it is a row."""
    found: list[bool] = []
    is_row = False
    for step in reversed(steps):
        found.append(is_row)
        if step.priority is not None:
            is_row = False
        elif step.row is not None:
            is_row = True
    return found[::-1]


def _guessed_columns(table: FoundTable) -> list[str]:
    """What columns of a table were taken for whose headings do not say it."""
    found = []
    for column in table.columns:
        if not column.certain and column.meaning not in (M.NOTES, M.IGNORE):
            heading = column.heading or f"column {column.index + 1}"
            found.append(f"Table {table.index + 1}: “{heading}” was taken for: {column.meaning.label}.")
    return found


def _table_text(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    from cypp_desktop.plan.blocks import Span

    def cell(words: str) -> tuple[Span, ...]:
        return (Span(words),) if words else ()

    def line(cells: Sequence[str]) -> tuple[tuple[Span, ...], ...]:
        return tuple(map(cell, cells))

    return render([Table(line(header), tuple(map(line, rows)))])


def _title_case(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


_NOUNS = (
    "outcome objective activity measure indicator aim goal area theme kpi action priority ambition "
    "commitment result target"
)


def singular(heading: str) -> str | None:
    """A column's heading as the name of one such row; None where it is a question or a sentence."""
    words = re.sub(r"\s*\([^()]*\)\s*$", "", heading.strip().rstrip(":")).split()
    if not words or len(words) > 4:
        return None
    last = words[-1]
    low = last.casefold()
    if low.endswith("ies"):
        one = last[:-3] + ("Y" if last.isupper() else "y")
    elif low.endswith("s") and not low.endswith("ss"):
        one = last[:-1]
    else:
        one = last
    return " ".join([*words[:-1], one]) if one.casefold() in _NOUNS.split() else None


def _counts(plan: dict[str, Any]) -> dict[str, int]:
    outcomes: list[PlanRow] = []
    for priority in plan["priorities"]:
        outcomes += priority["outcomes"]
    measures: list[PlanRow] = []
    for outcome in outcomes:
        measures += outcome["measures"]
    led = [*plan["priorities"], *outcomes, *measures]
    return {
        "priorities": len(plan["priorities"]),
        "outcomes": len(outcomes),
        "measures": len(measures),
        "placeholders": sum(measure["placeholder"] for measure in measures),
        "actions": sum(len(outcome["actions"]) for outcome in outcomes),
        "updates": sum(len(outcome["updates"]) for outcome in outcomes),
        "leads": sum(len(row["leads"]) for row in led),
        "sections": len(plan["sections"]),
        "notes": len(plan["notes"]),
    }
