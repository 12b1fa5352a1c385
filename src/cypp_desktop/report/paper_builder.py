"""A plan and a layout as parts of a paper: headings, texts, boxes and tables in order.

Reads the plan through a session and changes nothing. Knows what is printed, not how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.blocks import parse
from cypp_desktop.plan.marking import shown_marking
from cypp_desktop.plan.model import Organisation, Outcome, Plan, Priority
from cypp_desktop.plan.rag import amber_share
from cypp_desktop.plan.words import counted, in_a_sentence
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.layouts.figures import rag_of
from cypp_desktop.report.layouts.filters import filtered_rows
from cypp_desktop.report.layouts.model import (
    LayoutPart,
    PaperLayout,
    PrintFilter,
    PrintScope,
    RecordGroup,
)
from cypp_desktop.report.layouts.outstanding import form_head
from cypp_desktop.report.layouts.recommendations import recommendation_record
from cypp_desktop.report.layouts.rows import headings, outcome_rows
from cypp_desktop.report.layouts.standard import LAYOUTS
from cypp_desktop.report.layouts.words import (
    bulleted,
    lead_blocks,
    lead_sources,
    literal,
    measure_name,
    priority_heading,
    priority_sources,
)
from cypp_desktop.report.narrative import narrative, not_in_narrative
from cypp_desktop.report.palette import Rag
from cypp_desktop.report.paper import (
    Chapter,
    HeadingPart,
    PageSetup,
    Paper,
    PaperPart,
    TablePart,
    TextPart,
)
from cypp_desktop.report.printed_fields import PrintedFields, source
from cypp_desktop.report.record_tables import record_table
from cypp_desktop.store.queries import current_round, priorities, rows_in_order, the_plan

_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintLimits:
    """The day of a print, and what part of the plan is asked for. ``since`` is a day in ISO form."""

    day: date
    since: str | None = None
    filter: PrintFilter = field(default_factory=PrintFilter)


def find_priority(session: Session, code: str) -> Priority:
    """The priority of that code or title. Raises UsageError where there is none."""
    listed = priorities(session)
    wanted = _folded(code)
    for said in ("code", "title"):
        for priority in listed:
            if wanted and _folded(getattr(priority, said)) == wanted:
                return priority
    raise UsageError(
        f"The plan has no priority {code.strip()}. Write its code, or its title, as the plan does."
    )


def find_organisation(session: Session, name: str) -> Organisation:
    """The organisation of that name or short name. Raises UsageError where there is none."""
    listed = rows_in_order(session, Organisation)
    wanted = _folded(name)
    for said in ("name", "short_name"):
        for organisation in listed:
            if wanted and _folded(getattr(organisation, said)) == wanted:
                return organisation
    raise UsageError("The plan has no organisation of that name. Write it as the plan does.")


def _folded(words: str | None) -> str:
    """Words for comparing, however they are spaced and whatever their capitals."""
    return " ".join((words or "").split()).casefold()


def plan_title(plan: Plan) -> str:
    return plan.title.strip() or "Plan without a title"


def layout_paper(
    session: Session, layout: PaperLayout, limits: PrintLimits, setup: PageSetup | None = None
) -> Paper:
    """A plan in one layout: its title, and what the layout prints."""
    builder = PaperBuilder(session, limits)
    title = literal(plan_title(builder.plan))
    parts: list[PaperPart] = [HeadingPart(1, title, builder.anchor(), listed=False)]
    level = 2
    if not layout.prints_whole_plan:
        parts.append(builder.heading(2, layout.title))
        level = 3
    parts += builder.parts(layout, level)
    chapter = Chapter(setup or layout.setup, tuple(parts))
    return builder.paper((chapter,), _known_title(layout))


def _known_title(layout: PaperLayout) -> str:
    """What a file may call a layout where no page does: an officer's own title may be on none of them."""
    return LAYOUTS[layout.base].title if layout.prints_whole_plan else layout.title


class PaperBuilder:
    """Makes the parts of one print; keeps what it has read of the plan for all of its layouts, and whose
    words are ``printed``.
    """

    def __init__(self, session: Session, limits: PrintLimits) -> None:
        self.session = session
        self.printed = PrintedFields()
        self.plan = the_plan(session)
        self.priorities = priorities(session, whole=True)
        self._limits = limits
        self._round = current_round(session)
        self._anchors = 0

    def paper(self, chapters: Sequence[Chapter], subject: str, author: str = "") -> Paper:
        """A paper with the plan's title, label and marking; ``subject`` and ``author`` are on its pages."""
        plan = self.plan
        self.printed.add(source(plan, "title", "document_label", "protective_marking"))
        return Paper(
            title=plan_title(plan),
            chapters=tuple(chapters),
            subject=subject,
            author=author,
            marking=shown_marking(plan.protective_marking),
            label=plan.document_label or "",
            printed=self.printed,
        )

    def anchor(self) -> str:
        """A name for the next place in the print."""
        self._anchors += 1
        return f"part-{self._anchors}"

    def heading(self, level: int, words: str) -> HeadingPart:
        return HeadingPart(min(level, _DEEPEST), literal(words), self.anchor())

    def wanted(self, layout: PaperLayout) -> PrintFilter:
        """What a layout leaves in, under its own filter and that of this print."""
        found = layout.filter.narrowed(self._limits.filter)
        return replace(found, rag=frozenset()) if layout.has_all_colours else found

    def scope(self, layout: PaperLayout) -> PrintScope:
        """What a layout prints. Raises UsageError where what it is for is no longer in the plan."""
        wanted = self.wanted(layout)
        if not wanted.priorities <= {priority.id for priority in self.priorities}:
            raise _no_longer_there(layout, f"a {in_a_sentence(self.plan.level_priority)}")
        organisation = None
        if wanted.organisation is not None:
            organisation = self.session.get(Organisation, wanted.organisation)
            if organisation is None:
                raise _no_longer_there(layout, "an organisation")
        amber_within = amber_share(self.plan.rag_rules)
        return PrintScope(
            session=self.session,
            plan=self.plan,
            round=self._round,
            rows=layout.rows,
            day=self._limits.day,
            since=self._limits.since,
            organisation=organisation,
            filtered=filtered_rows(wanted, self.priorities, amber_within),
            amber_within=amber_within,
            printed=self.printed,
        )

    # -- a layout's parts

    def parts(self, layout: PaperLayout, level: int) -> list[PaperPart]:
        """What a layout prints below its title, with headings from ``level`` on."""
        scope = self.scope(layout)
        notes = [TextPart(literal(words), quiet=True) for words in self._notes(layout, scope)]
        found: list[PaperPart] = [*notes]
        for part in layout.parts:
            found += self._part(part, layout, scope, level)
        return found

    def _part(
        self, part: LayoutPart, layout: PaperLayout, scope: PrintScope, level: int
    ) -> Sequence[PaperPart]:
        match part:
            case LayoutPart.INTRODUCTION:
                return self._introduction()
            case LayoutPart.NARRATIVE:
                return narrative(scope, layout.size, level, self.heading)
            case LayoutPart.SUMMARY:
                return self._summary(layout, level)
            case LayoutPart.FORM:
                words, sources = form_head(scope)
                self.printed.add(sources)
                return [TextPart(words)]
            case LayoutPart.TABLE if layout.records is not None:
                return self._records(layout, scope, level)
            case LayoutPart.TABLE:
                return self._outcomes(layout, scope, level)

    def _introduction(self) -> list[PaperPart]:
        if not self.plan.introduction:
            return []
        self.printed.add(source(self.plan, "introduction"))
        return [TextPart(parse(self.plan.introduction))]

    def _notes(self, layout: PaperLayout, scope: PrintScope) -> Iterator[str]:
        """What a reader has to know of how this was made: that it is not everything."""
        if layout.note is not None:
            yield layout.note(scope)
        if scope.organisation is not None and layout.names_organisation:
            self.printed.add(source(scope.organisation, "name"))
            yield f"For {scope.organisation.name} only."
        colours = self.wanted(layout).rag
        if colours:
            yield f"Only {colour_words(colours)}.{self._cannot_be_told(colours, scope)}"

    def _cannot_be_told(self, colours: frozenset[str], scope: PrintScope) -> str:
        """Of how many measures the colour cannot be told, where those are left out."""
        if Rag.NONE in colours:
            return ""
        count = 0
        for priority in self.priorities:
            for outcome in priority.outcomes:
                for measure in outcome.measures:
                    count += rag_of(measure, scope.amber_within) is Rag.NONE
        if not count:
            return ""
        self.printed.add(source(self.plan, "level_measure"))
        measures = counted(count, in_a_sentence(measure_name(self.plan)))
        return f" Of {measures} it cannot be told: a value, a target, or whether higher is better is missing."

    def has_any(self, layout: PaperLayout) -> bool:
        """Whether a list of records has any."""
        if layout.records is None:
            return True
        return any(group.records for group in layout.records(self.scope(layout)))

    # -- tables of outcomes

    def _outcomes(self, layout: PaperLayout, scope: PrintScope, level: int) -> list[PaperPart]:
        """The tables of the priorities; below a narrative they are its figures."""
        is_filtered = scope.filtered is not None
        is_form = LayoutPart.FORM in layout.parts
        is_figures = LayoutPart.NARRATIVE in layout.parts
        found: list[PaperPart] = []
        for priority in self.priorities:
            outcomes = _printed_outcomes(priority, scope, only_with_measures=is_form)
            if (is_filtered or is_form) and not outcomes:
                continue
            if is_figures and not found:
                found.append(self.heading(level, "Figures"))
            found += self._priority(layout, scope, priority, outcomes, level + is_figures)
        if is_filtered and not found and not is_figures:
            found.append(TextPart(literal(self._when_empty(layout))))
        return found

    def _when_empty(self, layout: PaperLayout) -> str:
        """What is said where a filter leaves nothing."""
        colours = self.wanted(layout).rag
        if colours == layout.filter.rag:
            return layout.when_empty
        return f"Nothing here is {colour_words(colours, 'or')}."

    def _priority(
        self,
        layout: PaperLayout,
        scope: PrintScope,
        priority: Priority,
        outcomes: Sequence[Outcome],
        level: int,
    ) -> Iterator[PaperPart]:
        """A priority's heading, what stands over its table, and the table."""
        title = priority_heading(self.plan, priority)
        if title:
            self.printed.add(priority_sources(self.plan, priority))
            yield self.heading(level, title)
        if layout.shows_priority_leads:
            for lead in priority.leads:
                self.printed.add(lead_sources((lead,)))
                yield TextPart(lead_blocks(lead), quiet=True)
        yield from self._lists_above(layout, priority, level + 1)
        rows: list[list[TableCell]] = []
        for outcome in outcomes:
            rows += outcome_rows(layout, outcome, scope)
        if rows:
            yield TablePart(
                caption=title or _known_title(layout),
                heads=tuple(map(literal, headings(layout, scope))),
                shares=tuple(column.share for column in layout.columns),
                rows=rows,
                size=layout.size,
            )

    def _lists_above(self, layout: PaperLayout, priority: Priority, level: int) -> Iterator[PaperPart]:
        """The lists of a priority that stand over its table."""
        for words, list_name in layout.above:
            texts = [text for text in getattr(priority, list_name) if text.strip()]
            if texts:
                self.printed.add(source(priority, list_name))
                yield HeadingPart(min(level, _DEEPEST), literal(words), listed=False)
                yield TextPart(bulleted(texts))

    # -- lists of records

    def _records(self, layout: PaperLayout, scope: PrintScope, level: int) -> list[PaperPart]:
        assert layout.records is not None
        groups = [group for group in layout.records(scope) if group.records]
        if not groups:
            return [TextPart(literal(layout.when_empty))]
        found: list[PaperPart] = []
        if layout.drawing is not None:
            drawing = layout.drawing(scope, layout.size)
            if drawing is not None:
                found.append(drawing)
        for group in groups:
            if group.heading:
                self.printed.add(group.sources)
                found.append(self.heading(level, group.heading))
            found.append(record_table(layout, scope, group))
        return found

    def _summary(self, layout: PaperLayout, level: int) -> list[PaperPart]:
        """A table of the recommendations; where the narrative has one, of those that it does not show."""
        summary = replace(LAYOUTS["recommendations"], size=layout.size)
        scope = self.scope(summary)
        records = [recommendation_record(row) for row in not_in_narrative(scope)]
        if not records:
            return []
        table = record_table(summary, scope, RecordGroup("", records))
        return [self.heading(level, "Summary of recommendations"), table]


def colour_words(colours: frozenset[str], last: str = "and") -> str:
    """Colours in a sentence: "red, amber and what cannot be told"."""
    words = ["what cannot be told" if rag is Rag.NONE else rag for rag in Rag if rag in colours]
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _printed_outcomes(priority: Priority, scope: PrintScope, *, only_with_measures: bool) -> list[Outcome]:
    """The outcomes of a priority that are printed."""
    found = [outcome for outcome in priority.outcomes if scope.prints(outcome)]
    if only_with_measures:
        return [outcome for outcome in found if scope.measures(outcome)]
    return found


def _no_longer_there(layout: PaperLayout, what: str) -> UsageError:
    return UsageError(
        f"“{layout.title}” is to be printed for {what} that is no longer in the plan. "
        "Change that, or print something else."
    )
