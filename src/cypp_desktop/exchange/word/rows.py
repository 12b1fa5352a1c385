"""The rows of a plan's table, made into outcomes, measures, actions, updates and leads.

One reader for all tables of a document, because what a blank cell means (nothing, or "as above")
shows only in all of them together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.action_leads import ActionLeads
from cypp_desktop.exchange.word.cells import (
    action_number,
    by_number,
    combined,
    is_again,
    lead_words,
    lines_of,
    measure_parts,
    named,
    pair,
    words_for,
)
from cypp_desktop.exchange.word.columns import says_completed, says_term
from cypp_desktop.exchange.word.content import Content, words_of
from cypp_desktop.exchange.word.draft import (
    PlaceInPlan,
    PlanDraft,
    PlanRow,
    carry_on,
    new_measure,
    new_update,
)
from cypp_desktop.exchange.word.figure_columns import (
    FigureColumn,
    figure_column,
    has_no_value,
    values_of,
)
from cypp_desktop.exchange.word.front import groups, statement
from cypp_desktop.exchange.word.habits import Habits
from cypp_desktop.exchange.word.layout import DocumentLayout, PlanCell
from cypp_desktop.exchange.word.leads import Lead, read_leads
from cypp_desktop.exchange.word.links import Names, RowLinks
from cypp_desktop.exchange.word.lists import split_list
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.row_parts import OpenColumn, has_struck, live, under
from cypp_desktop.exchange.word.table_sections import TableRow, TableSection
from cypp_desktop.exchange.word.texts import EntryKind, TextEntry, entries, remarks, title

_NAMED_LISTS = {M.STRATEGIC_PLAN: "strategic_plans", M.GOVERNANCE_GROUP: "governance_groups"}
_NUMBERED = (M.OUTCOME, M.MEASURE, M.ACTIONS)
_ACTION = re.compile(r"\baction", re.I)


class RowReader:
    """Reads rows in order into a draft. ``place`` is where the reading has got to."""

    def __init__(self, layout: DocumentLayout, draft: PlanDraft) -> None:
        self.layout = layout
        self.draft = draft
        self.habits = Habits(layout)
        self.place = PlaceInPlan()
        self.heading: str | None = None  # an outcome's heading that stood above the table
        self._open: dict[tuple[M, int], OpenColumn] = {}
        self._due_open: list[PlanRow] = []
        self.taken_as_above: Counter[M] = Counter()  # blank cells read as "the same as above"
        self._where = ""
        self._struck: list[PlanRow] = []  # actions of this row that are struck out
        self._odd: list[str] = []  # numbers of this row that name nothing
        self._links = RowLinks()
        self._names = Names()
        self._action_leads = ActionLeads()
        self._named: list[PlanRow] = []  # the measures that this row names

    # ------------------------------------------------------------------ from outside

    def start_priority(self, code: str | None, words: str | None) -> None:
        """A new priority, or the one of this code again ("Priority 1 (continued)")."""
        again = self.draft.priority_named(code, words)
        if again is not None:
            self._left_out(code, words)
            if again is not self.place.priority:
                self.place = PlaceInPlan(again)
                self._open.clear()
            return
        self.place = PlaceInPlan(self.draft.add_priority(code, words))
        self._open.clear()
        self.heading = None

    def _left_out(self, code: str | None, words: str | None) -> None:
        """A name that was read before is said again."""
        self.layout.left_out.append(f"{code or ''} {words or ''}")

    def start_outcome(self, words: str) -> None:
        """An outcome whose heading stands over the table or over its rows."""
        bare, continued = codes.without_continued(words)
        code, text = codes.outcome_code(bare)
        self._enter_outcome(code, text, continued)

    def row(self, section: TableSection, row: TableRow) -> None:
        """One row of a plan's table."""
        self._where = f"table {section.index + 1}, row {row.number}"
        self._links.rows += 1
        cells = [cell for cell in self.layout.plan_cells(section, row) if cell.meaning != M.IGNORE]
        self._priority_column(cells)
        number = self._number(cells)
        fresh = self._outcome(cells, number)
        measures = self._measures(cells, number, fresh)
        self._figures(cells, measures)
        new_actions = self._actions(cells, number, measures)
        self._dates(cells, new_actions)
        self._statuses(cells, new_actions)
        names_actions = bool(new_actions)
        new_actions = self._without_struck(new_actions)
        measure = self._first(cells, M.MEASURE)
        names_measure = measure is not None and bool(measure.words)
        is_new_row = fresh or (names_actions if measure is None else names_measure)
        self._updates(cells, measures, is_new_row=is_new_row, names_measure=names_measure)
        self._leads(cells, measures, new_actions)
        self._named_lists(cells)
        self._other(cells)
        self._numbers_left(number, measures, new_actions)

    def finish(self) -> None:
        """After the last row."""
        self._action_leads.finish(self._links)

    # ------------------------------------------------------------------ cells

    def _first(self, cells: Sequence[PlanCell], meaning: M) -> PlanCell | None:
        return next((cell for cell in cells if cell.meaning == meaning), None)

    def _as_above(self, cell: PlanCell) -> bool:
        """Whether a cell without words says "as above"."""
        if cell.words:
            return False
        if cell.is_joined:
            return True
        guessed = self.habits.blank_is_as_above(cell.meaning)
        self.taken_as_above[cell.meaning] += guessed
        return guessed

    def _take_comments(self, tree: Sequence[TextEntry], place: PlaceInPlan | None = None) -> None:
        for remark in remarks(tree):
            self.draft.note(place or self._here(), remark, self._where)

    def _here(self, measure: PlanRow | None = None) -> PlaceInPlan:
        return PlaceInPlan(self.place.priority, self.place.outcome, measure or self.place.measure)

    # ------------------------------------------------------------------ priority, outcome

    def _priority_column(self, cells: Sequence[PlanCell]) -> None:
        cell = self._first(cells, M.PRIORITY)
        if cell is None or not cell.words:
            return
        heading = codes.priority_heading(cell.words)
        if heading is not None:
            self.start_priority(heading.code, heading.title)
        else:
            code, words = codes.outcome_code(cell.words)
            self.start_priority(code, words)

    def _number(self, cells: Sequence[PlanCell]) -> dict[M, str]:
        """Codes in columns of their own, by the meaning of the column that they stand before."""
        found: dict[M, str] = {}
        for at, cell in enumerate(cells):
            if cell.meaning != M.NUMBER or not cell.words:
                continue
            rights = [right.meaning for right in cells[at + 1 :] if right.meaning in _NUMBERED]
            code = codes.bare_code(cell.words)
            if not rights and _ACTION.search(cell.heading):
                rights = [M.ACTIONS]  # "Action item number", and no column that says more of it
            if code is not None and rights and rights[0] not in found:
                found[rights[0]] = code
            else:
                self._odd.append(cell.words)
        return found

    def _outcome(self, cells: Sequence[PlanCell], number: dict[M, str]) -> bool:
        """Enters the row's outcome; True where it is a new one."""
        if self.place.priority is None:
            self.place = PlaceInPlan(self.draft.add_priority(None, None))
        cell = self._first(cells, M.OUTCOME)
        if cell is not None and cell.words:
            return self._printed_outcome(cell, number.get(M.OUTCOME))
        if self.place.outcome is not None:
            return False
        if self.heading:
            code, text = codes.outcome_code(self.heading)
            return self._enter_outcome(code, text, False)
        priority = self.place.priority
        return self._enter_outcome(
            number.get(M.OUTCOME), (priority["title"] if priority else None) or "Outcome", False
        )

    def _printed_outcome(self, cell: PlanCell, own_number: str | None) -> bool:
        """Enters the outcome that a cell names; ``own_number`` is its code in a column of its own."""
        tree = entries(cell.content)
        bare, label = named(tree)
        words, continued = codes.without_continued(title(bare))
        code, text = codes.outcome_code(words)
        code = code or label
        if own_number is not None and code is None:
            code = own_number
        is_new = self._enter_outcome(code, text, continued)
        self._take_comments(tree)
        return is_new

    def _enter_outcome(self, code: str | None, text: str, continued: bool) -> bool:
        now = self.place.outcome
        if now is not None and is_again(now, code, text, continued):
            self._left_out(code, text)
            return False
        self._split_priority(code)
        priority = self.place.priority
        if priority is None:
            priority = self.draft.add_priority(None, None)
        again = self.draft.outcome_named(priority, code, text)
        if again is not None:
            self._left_out(code, text)
        outcome = again or self.draft.add_outcome(priority, code, text)
        self.place = PlaceInPlan(priority, outcome)
        self.heading = None
        self._due_open = []
        return again is None

    def _split_priority(self, code: str | None) -> None:
        """Outcome "2.a" under Priority 1: the heading of Priority 2 is missing."""
        leading = codes.leading_number(code)
        priority = self.place.priority
        if leading is None or priority is None or not self.habits.codes_follow_priorities:
            return
        if priority["code"] is None and not priority["outcomes"]:
            self.draft.name_priority(priority, code=leading)
        elif priority["code"] is not None and not codes.is_numbered(priority["code"], leading):
            known = self.draft.priority_numbered(leading)
            self.place = PlaceInPlan(known or self.draft.add_priority(leading, None))
            if known is None:
                self.draft.remarks.append(
                    f"Priority {leading} has no heading in the document: it was told from the code {code}."
                )

    # ------------------------------------------------------------------ measures

    def _measures(self, cells: Sequence[PlanCell], number: dict[M, str], fresh: bool) -> list[PlanRow]:
        """The measures that this row is about: none stands for the whole outcome."""
        outcome = self.place.outcome
        cell = self._first(cells, M.MEASURE)
        self._named = []
        if cell is None or outcome is None:
            return []
        listed = self.habits.measures_are_listed
        if not cell.words:
            if listed or fresh or self.place.measure is None:
                return []
            return [self.place.measure]
        found: list[PlanRow] = []
        for part in measure_parts(entries(cell.content), listed):
            own_number = number.get(M.MEASURE) if not found and not listed else None
            found.append(self._measure(part, outcome, own_number))
        self._named = found
        if listed:
            return []
        self.place.measure = found[-1] if found else self.place.measure
        return found

    def _measure(self, part: list[TextEntry], outcome: PlanRow, own_number: str | None) -> PlanRow:
        """The measure that words name: the last one again, or a new one.

        ``own_number`` is its code in a column of its own.
        """
        bare, label = named(part)
        code, text = codes.measure_code(title(bare))
        code = code or label
        text, continued = codes.without_continued(text)
        if own_number and code in (None, own_number):
            code = own_number
        now = self.place.measure
        is_listed = self.habits.measures_are_listed
        if now is not None and not is_listed and is_again(now, code, text, continued):
            self._left_out(code, text)
            return now
        measure = new_measure(code, text, codes.is_placeholder(text), codes.flags(text))
        outcome["measures"].append(measure)
        self._take_comments(part, self._here(measure))
        return measure

    # ------------------------------------------------------------------ figures

    def _figures(self, cells: Sequence[PlanCell], measures: list[PlanRow]) -> None:
        """Gives the row's measures their values; words about a period are an update of it."""
        about = self._named or measures
        for cell in under(cells, M.FIGURES):
            column = figure_column(cell.heading) or FigureColumn("actual", cell.heading or None)
            tree = entries(cell.content)
            self._take_comments(tree)
            every = list(lines_of(tree))
            lines = [line for line in every if not has_no_value(line)]
            values = values_of(lines, about, column)
            self.layout.left_out += [line for line in every if has_no_value(line)]
            if values is not None:
                for at, (value, line) in enumerate(zip(values, lines, strict=True)):
                    observations = about[min(at, len(about) - 1)]["observations"]
                    if not any(_is_same_value(value, known) for known in observations):
                        observations.append(value)
                    if not isinstance(value["value"], str):
                        self.layout.left_out.append(line)  # what it says is a number now
            elif lines:
                self._words_for_figure(cell, column, measures)

    def _words_for_figure(self, cell: PlanCell, column: FigureColumn, measures: list[PlanRow]) -> None:
        """Words where a figure was looked for: an update of the period, or a note."""
        outcome = self.place.outcome
        if column.is_of_period and outcome is not None:
            outcome["updates"].append(new_update(column.period, cell.content, list(measures)))
        else:
            self.draft.note(self._here(), f"{cell.heading}: {cell.words}", self._where)

    # ------------------------------------------------------------------ actions and dates

    def _actions(
        self, cells: Sequence[PlanCell], number: dict[M, str], measures: list[PlanRow]
    ) -> list[PlanRow]:
        outcome = self.place.outcome
        made: list[PlanRow] = []
        if outcome is None:
            return made
        for cell in under(cells, M.ACTIONS):
            column = self._column_in_outcome(cell)
            if cell.words or has_struck(cell):
                column.actions = self._new_actions(cell, measures)
                if len(column.actions) == 1 and column.actions[0]["number"] is None:
                    column.actions[0]["number"] = number.get(M.ACTIONS)
                outcome["actions"] += column.actions
                made += column.actions
            elif self._as_above(cell):
                self._cover(column.actions, measures)
        if M.ACTIONS in number and not under(cells, M.ACTIONS):
            made.append(self._new_action(number[M.ACTIONS], f"Action {number[M.ACTIONS]}", measures))
            outcome["actions"] += made
        return made

    def _new_actions(self, cell: PlanCell, measures: list[PlanRow]) -> list[PlanRow]:
        tree = entries(cell.content, with_struck=True)
        for remark in remarks(tree):
            if not remark.startswith("[^"):  # a footnote goes with the action's text
                self.draft.note(self._here(), remark, self._where)
        made = []
        for group in groups(tree):
            head = group[0]
            printed = codes.list_code(head.label) if head.kind == EntryKind.NUMBER else None
            text = statement(group)
            if head.kind == EntryKind.TEXT:
                printed, text = action_number(text)
            action = self._new_action(printed, text, measures)
            if head.struck:
                self._struck.append(action)
            made.append(action)
        return made

    def _new_action(self, number: str | None, text: str, measures: list[PlanRow]) -> PlanRow:
        action: PlanRow = {"number": number, "text": text, "due": None, "measures": []}
        self._links.add(action, "measures", measures)
        return action

    def _without_struck(self, made: list[PlanRow]) -> list[PlanRow]:
        """The new actions without those that are struck out, which had a date of their own until here."""
        if not self._struck:
            return made
        struck, self._struck = self._struck, []
        if self.place.outcome is not None:
            self.place.outcome["actions"] = live(self.place.outcome["actions"], struck)
        for column in self._open.values():
            column.actions = live(column.actions, struck)
        self._due_open = live(self._due_open, struck)
        return live(made, struck)

    def _column(self, cell: PlanCell) -> OpenColumn:
        """What the last cell above in the same column made."""
        return self._open.setdefault((cell.meaning, cell.column), OpenColumn())

    def _column_in_outcome(self, cell: PlanCell) -> OpenColumn:
        """The same; of what was made in an outcome before this one, only leads and date still hold."""
        column = self._column(cell)
        if column.outcome is not self.place.outcome:
            column = OpenColumn(outcome=self.place.outcome, leads=column.leads, due=column.due)
            self._open[cell.meaning, cell.column] = column
        return column

    def _cover(self, rows: Sequence[PlanRow], measures: list[PlanRow]) -> None:
        """Lets actions or updates cover these measures too."""
        for row in rows:
            self._links.add(row, "measures", measures)

    def _dates(self, cells: Sequence[PlanCell], made: list[PlanRow]) -> None:
        """Gives the row's actions their dates; ``_due_open`` are those whose dates may still come below."""
        for cell in under(cells, M.DUE):
            column = self._column(cell)
            if cell.words:
                column.due = self._new_dates(cell, made)
            elif column.due and (cell.is_joined or self.habits.blank_is_as_above(M.DUE)):
                for action in made:
                    action["due"] = column.due
            else:
                self._due_open = made
        for cell in under(cells, M.ACTIONS):
            if cell.words and says_term(cell.heading):
                for action in self._column(cell).actions:
                    action["due"] = action["due"] or cell.heading

    def _new_dates(self, cell: PlanCell, made: list[PlanRow]) -> str | None:
        """The dates of a cell, given to their actions; the words where they are one date for all."""
        tree = entries(cell.content)
        lines = codes.due_lines(list(lines_of(tree)))
        self._take_comments(tree)
        left = pair(lines, made or self._due_open)
        if left:
            self.draft.note(self._here(), f"Date: {'; '.join(left)}", self._where)
        self._due_open = [action for action in made if action["due"] is None]
        return lines[0].words if len(lines) == 1 and not lines[0].numbers else None

    def _statuses(self, cells: Sequence[PlanCell], made: list[PlanRow]) -> None:
        for cell in under(cells, M.STATUS):
            if not cell.words:
                continue
            said = codes.due_lines(list(lines_of(entries(cell.content))))
            known = by_number(made)
            lines = [words_for(line, known) for line in said]
            if len(made) == 1:
                lines = ["; ".join(lines)]
            if made and len(lines) in (1, len(made)):
                for at, action in enumerate(made):
                    due = action.pop("due")
                    covered = action.pop("measures")
                    status = lines[at if len(lines) > 1 else 0]
                    status = f"Completed {status}" if says_completed(cell.heading) else status
                    action |= {"due": due, "status": status, "measures": covered}
            else:
                label = cell.heading if says_completed(cell.heading) else "Status"
                self.draft.note(self._here(), f"{label}: {cell.words}", self._where)

    # ------------------------------------------------------------------ updates and evidence

    def _updates(
        self, cells: Sequence[PlanCell], measures: list[PlanRow], *, is_new_row: bool, names_measure: bool
    ) -> None:
        outcome = self.place.outcome
        if outcome is None:
            return
        source = self._source(cells)  # as long as no update has it
        for cell in under(cells, M.UPDATE, M.EVIDENCE):
            column = self._column_in_outcome(cell)
            takes_source = cell.meaning == M.EVIDENCE and bool(source)
            if cell.words and (is_new_row or column.update is None or takes_source):
                round_name = _round_of(cell) if cell.meaning == M.UPDATE else None
                column.update = new_update(round_name, cell.content, list(measures))
                outcome["updates"].append(column.update)
                if takes_source:
                    column.update["source"], source = source, []
            else:
                named = measures if names_measure else None
                source = self._below_update(cell, column.update, source, named)
        if source:
            outcome["updates"].append(new_update(None, [], list(measures)) | {"source": source})

    def _below_update(
        self, cell: PlanCell, update: PlanRow | None, source: list[Content], named: list[PlanRow] | None
    ) -> list[Content]:
        """Adds what a row below an update's says to it; what is left of the row's ``source``.

        ``named`` are the measures of the row, where it names them itself.
        """
        if named is not None and not cell.words:
            if self._as_above(cell) and update is not None:
                self._cover([update], named)
        elif update is None:
            return source
        elif cell.words:
            carry_on(update["text"], cell.content)
        elif cell.merged:
            update["source"] = [*update["source"], *source]
            return []
        return source

    def _source(self, cells: Sequence[PlanCell]) -> list[Content]:
        """What the row names as the source of its evidence; empty where it names none."""
        found: list[Content] = []
        for cell in under(cells, M.EVIDENCE_SOURCE):
            found += cell.content
        return found if words_of(found) else []

    # ------------------------------------------------------------------ leads

    def _leads(self, cells: Sequence[PlanCell], measures: list[PlanRow], made: list[PlanRow]) -> None:
        outcome = self.place.outcome
        if outcome is None:
            return
        found: list[Lead] = []
        own: list[Lead] = []  # those that this row says itself
        for cell in under(cells, M.LEAD, M.PARTNERS):
            column = self._column(cell)
            if cell.words:
                column.leads = self._new_leads(cell)
                own += column.leads
                found = combined(found, column.leads)
            elif self._goes_on(cell, measures, made):
                found = combined(found, column.leads)
        for measure in measures:
            self._leads_again(self._links.add(measure, "leads", found), own)
        if not measures:
            self._outcome_leads(outcome, found, made, own)

    def _leads_again(self, again: Sequence[Lead], own: Sequence[Lead]) -> None:
        """Leads that a row has already, and says once more."""
        self.layout.left_out += [lead_words(lead) for lead in again if any(lead is one for one in own)]

    def _goes_on(self, cell: PlanCell, measures: list[PlanRow], made: list[PlanRow]) -> bool:
        """Whether the leads above a cell without words lead what its row is about."""
        if measures:
            return self._as_above(cell)
        return bool(made) and cell.merged and self.habits.leads_are_of_actions

    def _new_leads(self, cell: PlanCell) -> list[Lead]:
        tree = entries(cell.content)
        self._take_comments(tree)
        role = "partner" if cell.meaning == M.PARTNERS else None
        return self.draft.leads_without_emails(read_leads(list(lines_of(tree)), self.habits.known, role))

    def _outcome_leads(
        self, outcome: PlanRow, found: list[Lead], made: list[PlanRow], own: Sequence[Lead]
    ) -> None:
        numbers = [action["number"] for action in made if action["number"]]
        if numbers and self.habits.leads_are_of_actions:
            self._leads_again(self._action_leads.add(outcome, found, numbers), own)
            return
        had = bool(outcome["leads"])
        again = self._links.add(outcome, "leads", found)
        self._leads_again(again, own)
        if len(again) < len(found) and had and made:
            names = "; ".join(lead_words(lead) for lead in found)
            texts = "; ".join(f"“{' '.join(action['text'].split())[:60]}”" for action in made)
            self.draft.note(self._here(), f"Lead for {texts}: {names}", self._where)

    # ------------------------------------------------------------------ the rest

    def _named_lists(self, cells: Sequence[PlanCell]) -> None:
        """Adds strategic plans and governance groups to the outcome."""
        outcome = self.place.outcome
        if outcome is None:
            return
        for cell in under(cells, *_NAMED_LISTS):
            if not cell.words:
                continue
            tree = entries(cell.content)
            self._take_comments(tree)
            listed = outcome[_NAMED_LISTS[cell.meaning]]
            for line in lines_of(tree):
                bare = cell.meaning == M.GOVERNANCE_GROUP and len(line) < 40
                for name in split_list(line, bare):
                    if not self._names.add(listed, name):
                        self._left_out(None, name)

    def _numbers_left(self, number: dict[M, str], measures: list[PlanRow], made: list[PlanRow]) -> None:
        """A number in a column of its own that became nobody's code is a note."""
        outcome = self.place.outcome
        used = {
            M.OUTCOME: outcome is not None and outcome["code"],
            M.MEASURE: measures[0]["code"] if measures else None,
            M.ACTIONS: made[0]["number"] if made else None,
        }
        odd = [code for meaning, code in number.items() if used[meaning] != code]
        for words in (*self._odd, *odd):
            self.draft.note(self._here(), f"Number: {words}", self._where)
        self._odd = []

    def _other(self, cells: Sequence[PlanCell]) -> None:
        for cell in under(cells, M.NOTES):
            if cell.words:
                words = f"{cell.heading}: {cell.words}" if cell.heading else cell.words
                where = f"{self._where}, column {cell.heading or cell.column + 1}"
                self.draft.note(self._here(), words, where)


def _is_same_value(one: PlanRow, other: PlanRow) -> bool:
    """Whether "Latest" and "Trend" say one and the same."""
    return all(one[key] == other[key] for key in ("area", "period", "value", "unit", "kind"))


def _round_of(cell: PlanCell) -> str | None:
    """The round that a column of updates is for: "Q1" under "Progress" over "Q1", else its heading."""
    column = figure_column(cell.heading)
    if column is not None and column.is_of_period and column.names_no_year:
        return column.period
    return cell.heading or None
