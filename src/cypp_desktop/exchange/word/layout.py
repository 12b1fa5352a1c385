"""The document in reading order: paragraphs, rows, and which of them are headings of priorities.

Decides what each column means (with the person's corrections) and which tables are the plan's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cypp_desktop.exchange.word.codes import UNSURE_RANK, PriorityHeading, outcome_code, priority_heading
from cypp_desktop.exchange.word.columns import recognise
from cypp_desktop.exchange.word.content import Content, Para, WordTable, WordTableCell, words_of
from cypp_desktop.exchange.word.front import inline_label, label_of, lead_line
from cypp_desktop.exchange.word.grid import is_frame, sections
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.model import FoundColumn, FoundTable, Meanings
from cypp_desktop.exchange.word.table_sections import SectionCell, TableRow, TableSection


@dataclass(slots=True)
class Step:
    """One thing in reading order: a paragraph, a row of a plan's table, or a whole other table.

    A row over all columns has ``row.full``. ``priority`` is set where the step opens a priority.
    """

    para: Para | None = None
    section: TableSection | None = None
    row: TableRow | None = None
    other: TableSection | None = None
    priority: PriorityHeading | None = None

    @property
    def content(self) -> list[Content]:
        if self.para is not None:
            return [self.para]
        return list(self.row.full or []) if self.row is not None else []

    @property
    def is_row_of_cells(self) -> bool:
        """Whether it is a row of a plan's table that is not one text over all columns."""
        return self.row is not None and self.row.full is None

    @property
    def first_line(self) -> Para | None:
        """The first paragraph with words."""
        for piece in self.content:
            if isinstance(piece, Para) and piece.words:
                return piece
        return None


_NOTHING = re.compile(r"[-–—−‐]+|n\s?/\s?a\.?|not applicable\.?", re.I)
#: Columns whose readers know for themselves when there is nothing, and one that is chosen to be left out.
_SAY_NOTHING_THEMSELVES = (M.FIGURES, M.IGNORE)


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A cell of a plan's table, and what its column means."""

    meaning: M
    column: int
    heading: str
    cell: SectionCell

    @property
    def content(self) -> list[Content]:
        return self.cell.content

    @property
    def words(self) -> str:
        return self.cell.words

    @property
    def says_nothing(self) -> bool:
        """Whether it says that there is nothing to say: a dash, "N/A". That is not the same as above."""
        return self.meaning not in _SAY_NOTHING_THEMSELVES and _NOTHING.fullmatch(self.words) is not None

    @property
    def merged(self) -> bool:
        """Whether it is one cell with the row above."""
        return self.cell.merged

    @property
    def is_joined(self) -> bool:
        """Whether it is merged with the cell above, or looks so: there is no line between them."""
        return self.cell.merged or self.cell.borderless


@dataclass(slots=True)
class DocumentLayout:
    steps: list[Step] = field(default_factory=list)
    sections: list[TableSection] = field(default_factory=list)
    meanings: dict[int, list[tuple[M, bool]]] = field(default_factory=dict)
    plan: set[int] = field(default_factory=set)  # indices of sections that are the plan's tables
    priority_word: str | None = None
    #: words left out on purpose: names that came before, labels that only say what stands below
    left_out: list[str] = field(default_factory=list)

    def plan_cells(self, section: TableSection, row: TableRow) -> list[PlanCell]:
        """The cells of a row that may say something, each with what its column means."""
        return [cell for cell in self.printed_cells(section, row) if not cell.says_nothing]

    def printed_cells(self, section: TableSection, row: TableRow) -> list[PlanCell]:
        """The same, with those that say that there is nothing."""
        found = []
        for at, (meaning, _) in enumerate(self.meanings[section.index]):
            if at < len(row.cells) and not row.cells[at].absent:
                found.append(PlanCell(meaning, at, section.headings[at], row.cells[at]))
        return found

    def tables(self) -> list[FoundTable]:
        """What the preview shows of each table."""
        found = []
        above = self._above()
        for section in self.sections:
            rows = list(section.data())
            heading = above.get(section.index, above[-1])
            found.append(FoundTable(section.index, heading, len(rows), self._columns(section, rows)))
        return found

    def _columns(self, section: TableSection, rows: Sequence[TableRow]) -> list[FoundColumn]:
        found = []
        for at, heading in enumerate(section.headings):
            meaning, is_certain = self.meanings[section.index][at]
            found.append(FoundColumn(at, heading, meaning, is_certain, _sample(rows, at)))
        return found

    def _above(self) -> dict[int, str]:
        """The last heading before each section's first row, as printed; at -1 the last of all."""
        found: dict[int, str] = {}
        heading = ""
        for step in self.steps:
            opened = step.section if step.is_row_of_cells else step.other
            if opened is not None:
                found.setdefault(opened.index, heading)
            if step.priority is not None or (step.para is not None and step.para.bold):
                heading = words_of(step.content)
        return {**found, -1: heading}


def _sample(rows: Sequence[TableRow], at: int) -> str:
    words = next((row.cells[at].words for row in rows if row.cells[at].words), "")
    return words if len(words) <= 80 else words[:77].rstrip() + "…"


def lay_out(content: Sequence[Content], overrides: Meanings | None) -> DocumentLayout:
    """The reading order of a document's content; ``overrides`` are the person's own meanings."""
    layout = DocumentLayout()
    above: TableSection | None = None
    for piece in _unframed(content):
        if isinstance(piece, Para):
            if piece.text.strip() or (piece.heading is not None and piece.words):
                layout.steps.append(Step(para=piece))
            continue
        for section in sections(piece, above):
            section.index = len(layout.sections)
            layout.sections.append(section)
            above = section if section.headed else above
            layout.steps += [Step(section=section, row=row) for row in section.rows]
            if not section.rows:
                layout.steps.append(Step(section=section, row=TableRow([], [])))
    _find_meanings(layout, overrides or {})
    _set_other_tables_apart(layout)
    _find_priorities(layout)
    return layout


def _unframed(content: Sequence[Content], width: int = 0) -> Iterator[Content]:
    """Content with tables that are only frames opened; ``width`` is that of the last true table."""
    for piece in content:
        if isinstance(piece, Para):
            yield piece
            continue
        is_only_frame = is_frame(piece) and (piece.width == 1 or piece.width != width)
        if is_only_frame or _is_boxes(piece) or _puts_tables_beside_each_other(piece):
            for row in piece.rows:
                for cell in row.cells:
                    yield from _unframed(cell.content)
        else:
            width = piece.width
            yield piece


def _is_boxes(grid: WordTable) -> bool:
    """Whether a table is a row of boxes, each with the label of a list and the list itself."""
    if len(grid.rows) != 1:
        return False
    return all(_is_labelled_list(cell) for cell in grid.rows[0].cells)


def _puts_tables_beside_each_other(grid: WordTable) -> bool:
    """Whether all cells with words hold tables of their own: the table itself says nothing."""
    cells = [cell for row in grid.rows for cell in row.cells if words_of(cell.content)]
    return bool(cells) and all(any(map(_is_true_table, cell.content)) for cell in cells)


def _is_true_table(piece: Content) -> bool:
    """Whether a piece is a table of several rows and columns."""
    return isinstance(piece, WordTable) and len(piece.rows) > 1 and piece.width > 1


def _is_labelled_list(cell: WordTableCell) -> bool:
    lines = [piece for piece in cell.content if isinstance(piece, Para) and piece.words]
    return len(lines) > 1 and label_of(lines[0].words) is not None


# ---------------------------------------------------------------------------------- columns


def _find_meanings(layout: DocumentLayout, overrides: Meanings) -> None:
    """What each column means: as all sections with the same headings show, or as the person says."""
    alike: dict[tuple[str, ...], list[TableSection]] = {}
    for section in layout.sections:
        key = section.key if section.headed else (f"\0{section.index}",)
        alike.setdefault(key, []).append(section)
    for sections_alike in alike.values():
        found = _recognised(sections_alike)
        wished: dict[int, M] = {}
        for section in sections_alike:
            wished |= _wished(section, overrides)
        for section in sections_alike:
            own = _wished(section, overrides)
            meanings = []
            for at, (meaning, certain) in enumerate(found):
                chosen = own.get(at) or wished.get(at)
                meanings.append((M(chosen or meaning), certain or chosen is not None))
            layout.meanings[section.index] = meanings
            if wished or _is_plan(section, found):
                layout.plan.add(section.index)
    if not layout.plan:
        layout.plan.update(_outcomes_with_measures(layout))


def _outcomes_with_measures(layout: DocumentLayout) -> list[int]:
    """Tables of outcomes and their measures alone, whose headings could be labels of two lists as well.

    Beside tables of a plan they are such lists.
    """
    found = []
    for section in layout.sections:
        certain = {meaning for meaning, sure in layout.meanings[section.index] if sure}
        if section.headed and certain >= {M.OUTCOME, M.MEASURE} and len(list(section.data())) > 1:
            found.append(section.index)
    return found


def _recognised(sections_alike: Sequence[TableSection]) -> list[tuple[M, bool]]:
    """The meaning of each column of sections with the same headings, and whether its heading said it."""
    headings = sections_alike[0].headings
    rows: list[TableRow] = []
    for section in sections_alike:
        rows += section.data()
    looked_at = rows[:_ROWS_LOOKED_AT]
    return recognise(headings, [_words_below(at, looked_at) for at in range(len(headings))])


def _words_below(at: int, rows: Sequence[TableRow]) -> list[str]:
    """The words of one column."""
    return [row.cells[at].words for row in rows]


def _wished(section: TableSection, overrides: Meanings) -> dict[int, M]:
    """What the person says of the columns of a section."""
    found = {}
    for (index, at), meaning in overrides.items():
        if index == section.index and at < len(section.headings):
            found[at] = meaning
    return found


_ROWS_LOOKED_AT = 80


_CORE = {M.OUTCOME, M.MEASURE, M.ACTIONS, M.UPDATE, M.EVIDENCE}


def _is_plan(section: TableSection, found: Sequence[tuple[M, bool]]) -> bool:
    """Whether rows are a plan's: their headings say so, or the first column holds codes of outcomes."""
    if section.headed:
        return _are_headings_of_a_plan(section.headings, {meaning for meaning, sure in found if sure})
    if len(section.headings) < 2:
        return False
    firsts = [row.cells[0].words for row in section.data() if row.cells and row.cells[0].words]
    coded = [words for words in firsts if outcome_code(words)[0] is not None]
    return len(firsts) > 0 and len(coded) >= 0.6 * len(firsts)


def _are_headings_of_a_plan(headings: Sequence[str], certain: set[M]) -> bool:
    """Whether headings say two things of a plan, one of them at its core; ``certain`` is what they say."""
    if all(label_of(heading) for heading in headings if heading):
        return False
    return bool(_CORE & certain) and len(certain) >= 2


def _set_other_tables_apart(layout: DocumentLayout) -> None:
    """A table that is not the plan's is one step, whole."""
    steps: list[Step] = []
    for step in layout.steps:
        section = step.section
        if section is None or section.index in layout.plan:
            if step.row is None or step.row.full != []:
                steps.append(step)
        elif not steps or steps[-1].other is not section:
            steps.append(Step(other=section))
    layout.steps = steps


# ---------------------------------------------------------------------------------- priorities


def _find_priorities(layout: DocumentLayout) -> None:
    """Marks the steps that are headings of priorities."""
    candidates = _priority_candidates(layout)
    if not candidates:
        if not _bands_as_priorities(layout):
            _untitled_priorities(layout)
        return
    rank = min(heading.rank for _, heading in candidates)
    word = next(heading.word for _, heading in candidates if heading.rank == rank)
    layout.priority_word = word
    same = [(at, heading) for at, heading in candidates if _last_word(heading.word) == _last_word(word)]
    later = Counter(heading.code for _, heading in same)
    ends = [*(at for at, _ in same[1:]), len(layout.steps)]
    for (at, heading), end in zip(same, ends, strict=True):
        later[heading.code] -= 1
        comes_again = later[heading.code] > 0
        if _leads_to_a_table(layout, at, end) or _stands_for_itself(layout.steps[at], comes_again):
            layout.steps[at].priority = heading


def _priority_candidates(layout: DocumentLayout) -> list[tuple[int, PriorityHeading]]:
    """The steps that could be headings of priorities, each with its place among the steps.

    A word that may as well head an outcome counts only where a column of the tables holds the outcomes.
    """
    meanings: set[M] = set()
    for index in layout.plan:
        meanings.update(meaning for meaning, _ in layout.meanings[index])
    found = []
    for at, step in enumerate(layout.steps):
        heading = _priority_heading_of(step)
        if heading is not None and (M.OUTCOME in meanings or heading.rank < UNSURE_RANK):
            found.append((at, heading))
    return found


def _priority_heading_of(step: Step) -> PriorityHeading | None:
    """What a line of the document, or a row over all columns, says as the heading of a priority."""
    if step.is_row_of_cells:
        return None
    line = step.first_line
    if line is None or not _could_be_heading(line):
        return None
    heading = priority_heading(line.words)
    if heading is None:
        return None
    return heading if heading.marked or line.bold or step.row is not None else None


def _could_be_heading(line: Para) -> bool:
    """Whether a line is no entry of a list of contents, no text and no entry of a list with bullets."""
    if line.style.startswith(("toc", "table of")) or len(line.words) > 300:
        return False
    is_bullet = line.mark is not None and line.mark.number is None
    return line.heading is not None or not is_bullet


def _last_word(words: str) -> str:
    return words.casefold().split()[-1]


def _leads_to_a_table(layout: DocumentLayout, at: int, end: int) -> bool:
    return any(step.is_row_of_cells for step in layout.steps[at:end])


def _stands_for_itself(step: Step, comes_again: bool) -> bool:
    """A heading without a table: not a line of a list of all priorities that comes before them."""
    if comes_again:
        return False
    return step.row is not None or (step.para is not None and step.para.bold)


def _bands_as_priorities(layout: DocumentLayout) -> bool:
    """Rows across tables that have a column of outcomes ("A. Safer streets") head what stands below them.

    Whether there are several such bands, and no heading over each table instead.
    """
    bands = [at for at, step in enumerate(layout.steps) if _is_band(layout, step)]
    heads_rows = [at for at in bands if at + 1 < len(layout.steps) and layout.steps[at + 1].is_row_of_cells]
    if len(heads_rows) < 2 or 2 * len(heads_rows) < len(bands) or len(_headings_before_tables(layout)) > 1:
        return False
    for at in heads_rows:
        words = words_of(layout.steps[at].content)
        code, title = outcome_code(words)
        layout.steps[at].priority = PriorityHeading("Priority", code or "", title or words, True, False)
    return True


def _is_band(layout: DocumentLayout, step: Step) -> bool:
    """Whether a row of one short text stands across a table that has a column of outcomes."""
    if step.section is None or step.row is None or not step.row.full:
        return False
    lines = [piece for piece in step.content if words_of([piece])]
    if len(lines) != 1 or not isinstance(lines[0], Para) or lines[0].words.endswith((".", ";")):
        return False
    words = lines[0].words
    if len(words) > _LONGEST_BAND or label_of(words) or inline_label(lines[0].text) or lead_line(words):
        return False
    return any(meaning == M.OUTCOME for meaning, _ in layout.meanings[step.section.index])


_LONGEST_BAND = 150


def _untitled_priorities(layout: DocumentLayout) -> None:
    """Headings that do not say "Priority": the one just before each table, where there are several."""
    found = _headings_before_tables(layout)
    if not found:
        return
    at, para = found[0]
    if len(found) < 2 and (para.heading is None or at == 0):
        return
    for at, para in found:
        code, title = outcome_code(para.words)
        layout.steps[at].priority = PriorityHeading("Priority", code or "", title or para.words, True, False)


def _headings_before_tables(layout: DocumentLayout) -> list[tuple[int, Para]]:
    """The last heading before each table, with its place among the steps."""
    found: list[tuple[int, Para]] = []
    last: tuple[int, Para] | None = None
    for at, step in enumerate(layout.steps):
        if step.is_row_of_cells:
            if last is not None:
                found.append(last)
            last = None
        elif step.para is not None and _could_head_a_table(step.para):
            last = (at, step.para)
    return found


def _could_head_a_table(para: Para) -> bool:
    """Whether a bold line could be the heading of a priority: it is numbered, or short and no label."""
    if not para.bold:
        return False
    if para.mark is not None:
        return para.mark.number is not None
    return para.heading != 0 and label_of(para.words) is None and len(para.words) < 200
