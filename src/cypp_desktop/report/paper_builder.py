"""A plan and a layout as parts of a paper: headings, texts, boxes and tables in order.

Reads the plan through a session and changes nothing. Knows what is printed, not how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.blocks import Block, Paragraph, parse, plain_text
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.model import Organisation, Outcome, Plan, Priority, Recommendation, Section
from cypp_desktop.plan.queries import current_round, priorities, the_plan
from cypp_desktop.plan.rag import amber_share
from cypp_desktop.plan.words import counted, in_a_sentence
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.layouts.changes import legend
from cypp_desktop.report.layouts.figures import RAG_ORDER, RAG_WORDS, rag_of, rag_words
from cypp_desktop.report.layouts.filters import select_rows
from cypp_desktop.report.layouts.model import (
    Layout,
    LayoutColumn,
    PrintFilter,
    PrintScope,
    Record,
    RecordGroup,
)
from cypp_desktop.report.layouts.records import (
    all_recommendations,
    owed_line,
    recommendation_record,
)
from cypp_desktop.report.layouts.rows import headings, outcome_rows, usual_heading
from cypp_desktop.report.layouts.standard import LAYOUTS, SHAPES
from cypp_desktop.report.layouts.words import (
    bulleted,
    lead_blocks,
    lead_sources,
    literal,
    priority_heading,
    priority_sources,
)
from cypp_desktop.report.paper import (
    BoxPart,
    Chapter,
    HeadingPart,
    PageSetup,
    Paper,
    PaperPart,
    TablePart,
    TextPart,
)
from cypp_desktop.report.pdf.typesetter import Blocks
from cypp_desktop.report.printed_fields import PrintedFields, Source, source

_DEEPEST = 6
#: No filter by colour is for these: a count without some of the colours would say that there are none of
#: them, and recommendations have no colour.
_OF_ALL_COLOURS = ("rag-summary", "recommendations")


@dataclass(frozen=True, slots=True)
class PrintLimits:
    """What is asked of a print beside its layout or pack. ``since`` is a day in ISO form."""

    day: date
    since: str | None = None
    filter: PrintFilter = field(default_factory=PrintFilter)


def find_priority(session: Session, code: str) -> Priority:
    """The priority of that code or title. Raises UsageError where there is none."""
    wanted = " ".join(code.split()).casefold()
    for said in ("code", "title"):
        for one in priorities(session):
            if " ".join((getattr(one, said) or "").split()).casefold() == wanted and wanted:
                return one
    raise UsageError(
        f"The plan has no priority {code.strip()}. Write its code, or its title, as the plan does."
    )


def find_organisation(session: Session, name: str) -> Organisation:
    """The organisation of that name or short name. Raises UsageError where there is none."""
    listed = session.scalars(select(Organisation).order_by(Organisation.sort_key, Organisation.id)).all()
    wanted = " ".join(name.split()).casefold()
    for said in ("name", "short_name"):
        for one in listed:
            if " ".join((getattr(one, said) or "").split()).casefold() == wanted and wanted:
                return one
    raise UsageError("The plan has no organisation of that name. Write it as the plan does.")


def plan_title(plan: Plan) -> str:
    return plan.title.strip() or "Plan without a title"


def layout_paper(
    session: Session, layout: Layout, wishes: PrintLimits, setup: PageSetup | None = None
) -> Paper:
    """A plan in one layout: its title, and what the layout prints."""
    content = PaperBuilder(session, wishes)
    plan = content.plan
    parts: list[PaperPart] = [HeadingPart(1, literal(plan_title(plan)), content.anchor(), listed=False)]
    level = 2
    if layout.base not in SHAPES:
        parts.append(content.heading(2, layout.title))
        level = 3
    parts += content.parts(layout, level)
    chapter = Chapter(setup or PageSetup(layout.paper, layout.landscape, layout.size), tuple(parts))
    return paper_of(content, (chapter,), _known_title(layout))


def _known_title(layout: Layout) -> str:
    """What a file may call a layout where no page does: an officer's own title may be on none of them."""
    return layout.title if layout.base not in SHAPES else LAYOUTS[layout.base].title


def paper_of(content: PaperBuilder, chapters: Sequence[Chapter], subject: str, author: str = "") -> Paper:
    """A paper with the plan's title, label and marking. ``subject`` and ``author`` must be on its pages."""
    plan = content.plan
    content.printed.add(source(plan, "title", "document_label", "protective_marking"))
    return Paper(
        plan_title(plan), tuple(chapters), subject=subject, author=author,
        marking=plan.protective_marking or "", label=plan.document_label or "", printed=content.printed,
    )  # fmt: skip


class PaperBuilder:
    """Makes the parts of one print; keeps what it has read of the plan for all of its layouts, and whose
    words are ``printed``.
    """

    def __init__(self, session: Session, wishes: PrintLimits) -> None:
        self.session = session
        self.printed = PrintedFields()
        self.plan = the_plan(session)
        self.priorities = priorities(session, whole=True)
        self._wishes = wishes
        self._round = current_round(session)
        self._anchors = 0

    def anchor(self) -> str:
        """A name for the next place in the print."""
        self._anchors += 1
        return f"part-{self._anchors}"

    def heading(self, level: int, words: str | Blocks) -> HeadingPart:
        blocks = literal(words) if isinstance(words, str) else words
        return HeadingPart(min(level, _DEEPEST), blocks, self.anchor())

    def wanted(self, layout: Layout) -> PrintFilter:
        """What a layout leaves in, under its own filter and that of this print."""
        found = layout.filter.narrowed(self._wishes.filter)
        return replace(found, rag=frozenset()) if layout.base in _OF_ALL_COLOURS else found

    def scope(self, layout: Layout) -> PrintScope:
        """What a layout prints. Raises UsageError where what it is for is no longer in the plan."""
        wanted = self.wanted(layout)
        known = {priority.id for priority in self.priorities}
        if not wanted.priorities <= known:
            level = in_a_sentence(self.plan.level_priority)
            raise UsageError(
                f"“{layout.title}” is to be printed for a {level} that is no longer in the plan. "
                "Change that, or print something else."
            )
        organisation = None
        if wanted.organisation is not None:
            organisation = self.session.get(Organisation, wanted.organisation)
            if organisation is None:
                raise UsageError(
                    f"“{layout.title}” is to be printed for an organisation that is no longer in the plan. "
                    "Change that, or print something else."
                )
        amber = amber_share(self.plan.rag_rules)
        return PrintScope(
            self.plan, self._round, layout.rows, self._wishes.day, self._wishes.since, organisation,
            select_rows(wanted, self.priorities, amber), amber, self.session, self.printed,
        )  # fmt: skip

    # -- a layout's parts

    def parts(self, layout: Layout, level: int) -> list[PaperPart]:
        """What a layout prints below its title, with headings from ``level`` on."""
        scope = self.scope(layout)
        found: list[PaperPart] = [
            TextPart(literal(words), quiet=True) for words in self._notes(layout, scope)
        ]
        for part in layout.parts:
            if part == "introduction":
                if self.plan.introduction:
                    self.printed.add(source(self.plan, "introduction"))
                    found.append(TextPart(parse(self.plan.introduction)))
            elif part == "narrative":
                found += self._narrative(layout, level)
            elif part == "summary":
                found += self._summary(layout, level)
            elif part == "form":
                found.append(TextPart(owed_line(scope)))
            elif layout.records is not None:
                found += self._records(layout, scope, level)
            else:
                found += self._outcomes(layout, scope, level)
        return found

    def _notes(self, layout: Layout, scope: PrintScope) -> Iterator[str]:
        """What a reader has to know of how this was made: that it is not everything."""
        if layout.base == "changes":
            yield legend(scope)
        if layout.base == "overdue":
            yield f"On {day_in_words(scope.day.isoformat())}."
        if scope.organisation is not None and layout.base not in ("return-form", "changes", "conflicts"):
            self.printed.add(source(scope.organisation, "name"))
            yield f"For {scope.organisation.name} only."
        colours = self.wanted(layout).rag
        if colours:
            kept = colour_words(colours)
            blind = [
                measure
                for priority in self.priorities
                for outcome in priority.outcomes
                for measure in outcome.measures
                if rag_of(measure, scope.amber_within) is None
            ]
            words = f"Only {kept}."
            if blind and "none" not in colours:
                self.printed.add(source(self.plan, "level_measure"))
                level = in_a_sentence(self.plan.level_measure or "Performance measure")
                words += (
                    f" Of {counted(len(blind), level)} it cannot be told: a value, a target, or whether"
                    " higher is better is missing."
                )
            yield words

    def has_any(self, layout: Layout) -> bool:
        """Whether a list of records has any."""
        if layout.records is None:
            return True
        return any(group.records for group in layout.records(self.scope(layout)))

    # -- tables of outcomes

    def _outcomes(self, layout: Layout, scope: PrintScope, level: int) -> list[PaperPart]:
        found: list[PaperPart] = []
        filtered, is_form = scope.selection is not None, "form" in layout.parts
        figures = "narrative" in layout.parts
        for priority in self.priorities:
            outcomes = [outcome for outcome in priority.outcomes if _is_printed(outcome, scope)]
            if is_form:
                outcomes = [outcome for outcome in outcomes if scope.measures(outcome)]
            if (filtered or is_form) and not outcomes:
                continue
            if figures and not found:
                found.append(self.heading(level, "Figures"))
            found += self._priority(layout, scope, priority, outcomes, level + figures)
        if filtered and not found and not figures:
            found.append(TextPart(literal(self._nothing(layout))))
        return found

    def _nothing(self, layout: Layout) -> str:
        """What is said where a filter leaves nothing."""
        colours = self.wanted(layout).rag
        if colours == layout.filter.rag:
            return layout.nothing
        return f"Nothing here is {colour_words(colours, 'or')}."

    def _priority(
        self,
        layout: Layout,
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
        for lead in priority.leads if layout.priority_leads else ():
            self.printed.add(lead_sources((lead,)))
            yield TextPart(lead_blocks(lead), quiet=True)
        for words, list_name in layout.above:
            texts = [text for text in getattr(priority, list_name) if text.strip()]
            if texts:
                self.printed.add(source(priority, list_name))
                yield HeadingPart(min(level + 1, _DEEPEST), literal(words), listed=False)
                yield TextPart(bulleted(texts))
        rows = [row for outcome in outcomes for row in outcome_rows(layout, outcome, scope)]
        if rows:
            heads = tuple(map(literal, headings(layout, scope)))
            shares = tuple(column.share for column in layout.columns)
            yield TablePart(title or _known_title(layout), heads, shares, rows, layout.size)

    # -- lists of records

    def _records(self, layout: Layout, scope: PrintScope, level: int) -> list[PaperPart]:
        assert layout.records is not None
        groups = [group for group in layout.records(scope) if group.records]
        if not groups:
            return [TextPart(literal(layout.nothing))]
        found: list[PaperPart] = []
        drawing = layout.drawing(scope, layout.size) if layout.drawing is not None else None
        if drawing is not None:
            found.append(drawing)
        for group in groups:
            if group.heading:
                self.printed.add(group.of)
                found.append(self.heading(level, group.heading))
            found.append(self._grid(layout, scope, group))
        return found

    def _grid(self, layout: Layout, scope: PrintScope, group: RecordGroup) -> TablePart:
        columns = layout.columns
        if not layout.based_on:
            columns = tuple(one for one in columns if one.is_header or _is_used(one, group.records))
        heads = tuple(_head(column, scope) for column in columns)
        rows = [self._row(columns, record) for record in group.records]
        caption = group.heading or layout.title
        return TablePart(caption, heads, tuple(column.share for column in columns), rows, layout.size)

    def _row(self, columns: Sequence[LayoutColumn], record: Record) -> list[TableCell]:
        self.printed.add(one for column in columns for one in record.of.get(column.key, ()))
        return [
            TableCell(at, record.values.get(column.key, ()), is_header=column.is_header)
            for at, column in enumerate(columns)
        ]

    # -- the narrative of an annual report

    def _narrative(self, layout: Layout, level: int) -> Iterator[PaperPart]:
        """The sections, each with the recommendations that were made in it."""
        order = (Section.sort_key, Section.id)
        made = self._made_in()
        for section in self.session.scalars(select(Section).order_by(*order)):
            title = " ".join(word for word in (section.number, section.title) if word)
            self.printed.add(source(section, "number", "title", "depth", "text"))
            yield self.heading(level + max(section.depth, 1) - 1, literal(title))
            here = made.pop(_bare(section.number or ""), []) if section.number else []
            yield from self._section(layout, section, here)

    def _made_in(self) -> dict[str, list[Recommendation]]:
        """The recommendations by the number of the section that they were made in."""
        found: dict[str, list[Recommendation]] = {}
        for row in all_recommendations(self.scope(LAYOUTS["recommendations"])):
            found.setdefault(_bare(row.section or ""), []).append(row)
        return found

    def _section(
        self, layout: Layout, section: Section, here: Sequence[Recommendation]
    ) -> Iterator[PaperPart]:
        """A section's text. Where it calls for a recommendation that was made in it, that stands there.

        It is called for by its number ("REC 1:"), and then stands in a table, or as "Recommendation 1:", and
        then in a box; those that are not called for stand in boxes at the end.
        """
        tabled = {_bare(row.number): row for row in here}
        boxed = {_bare(f"Recommendation {row.number}"): row for row in here}
        text: list[Block] = []
        rows: list[Recommendation] = []
        shown: set[str] = set()
        self.printed.add(Source(row, ("number", "text", "section")) for row in here)
        for block in parse(section.text):
            words = plain_text((block,)) if isinstance(block, Paragraph) else ""
            row = tabled.get(_bare(words))
            box = boxed.get(_bare(words)) if row is None else None
            if text and (row is not None or box is not None):
                yield TextPart(tuple(text))
                text = []
            if rows and row is None:
                yield self._table_of(layout, rows)
                rows = []
            if row is not None:
                rows.append(row)
                shown.add(row.id)
            elif box is not None:
                yield BoxPart(" ".join(words.split()), parse(box.text))
                shown.add(box.id)
            else:
                text.append(block)
        if text:
            yield TextPart(tuple(text))
        if rows:
            yield self._table_of(layout, rows)
        for row in here:
            if row.id not in shown:
                yield BoxPart(_recommendation_title(row), parse(row.text))

    def _table_of(self, layout: Layout, rows: Sequence[Recommendation]) -> TablePart:
        columns = LAYOUTS["recommendations"].columns[:2]
        records = [recommendation_record(row) for row in rows]
        heads = (literal("No."), literal("Recommendation"))
        table = [self._row(columns, record) for record in records]
        return TablePart("Recommendations", heads, (14.0, 86.0), table, layout.size)

    def _summary(self, layout: Layout, level: int) -> list[PaperPart]:
        """A table of the recommendations; where the narrative has one, of those that it does not show."""
        summary = LAYOUTS["recommendations"]
        scope = self.scope(summary)
        listed = all_recommendations(scope)
        sections = self.session.scalars(select(Section)).all()
        called = {_bare(plain_text((block,))) for section in sections for block in parse(section.text)}
        if not listed or any(_bare(row.number) in called for row in listed):
            known = {_bare(section.number) for section in sections if section.number}
            listed = [row for row in listed if _bare(row.section or "") not in known]
        if not listed:
            return []
        records = [recommendation_record(row) for row in listed]
        grid = self._grid(replace(summary, size=layout.size), scope, RecordGroup("", records))
        return [self.heading(level, "Summary of recommendations"), grid]


def colour_words(colours: frozenset[str], last: str = "and") -> str:
    """Colours in a sentence: "red, amber and what cannot be told"."""
    words = [
        "what cannot be told" if colour == "none" else colour for colour in RAG_ORDER if colour in colours
    ]
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _recommendation_title(row: Recommendation) -> str:
    number = row.number.strip()
    return f"Recommendation {number}" if re.fullmatch(r"[\d.]*", number) else number


def _head(column: LayoutColumn, scope: PrintScope) -> Blocks:
    """A column's heading; that of a count of a colour is in the colour."""
    if column.own is None and column.key in RAG_WORDS:
        return rag_words(column.key)
    return literal(column.own or usual_heading(column, scope))


def _is_used(column: LayoutColumn, records: Iterable[Record]) -> bool:
    return any(_read(record.values, column.key) for record in records)


def _read(values: Mapping[str, Blocks | Callable[[], Blocks]], key: str) -> Blocks:
    said = values.get(key, ())
    return said() if callable(said) else said


def _is_printed(outcome: Outcome, scope: PrintScope) -> bool:
    return scope.selection is None or outcome.id in scope.selection.outcomes


def _bare(words: str) -> str:
    """Letters and digits only, for comparing a number with how a text calls it: "REC: 6:" is "REC 6"."""
    return re.sub(r"\W+", "", words).casefold()
