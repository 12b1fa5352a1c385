"""The mapped classes of a plan. What each holds, and why, is the field's own vocabulary.

Everything a plan can say has its column here, also what only later screens show. Order in a list
is ``sort_key`` then ``id``; printed codes and numbers are words like any other and never keys.
Long texts are Markdown in the dialect of :mod:`cypp_desktop.plan.blocks`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cypp_desktop.plan.base import (
    About,
    ExactDecimal,
    FieldKind,
    InJson,
    Partner,
    Row,
    column_info,
)
from cypp_desktop.plan.columns import (
    children,
    choice_column,
    day_column,
    link_column,
    list_column,
    named_by,
    object_column,
    place_column,
    word_column,
    words_column,
)
from cypp_desktop.plan.dates import kept_span


class UpdateState(StrEnum):
    """How far an update has come."""

    EMPTY = "empty"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    AGREED = "agreed"


class RoundState(StrEnum):
    """Whether a reporting round is being written."""

    OPEN = "open"
    CLOSED = "closed"


class LeadRole(StrEnum):
    """As what somebody answers for something."""

    LEAD = "lead"
    PARTNER = "partner"
    COMMISSIONER = "commissioner"
    DATA_PROVIDER = "data provider"


class ObservationKind(StrEnum):
    """What a value of a measure is."""

    ACTUAL = "actual"
    TARGET = "target"
    FORECAST = "forecast"
    PROVISIONAL = "provisional"
    ESTIMATE = "estimate"
    BASELINE = "baseline"


class Polarity(StrEnum):
    """Which values of a measure are better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


#: Said of officers to officers: not printed, and nobody else's business.
WORKING_NOTE = About("Working note", in_json=InJson.AMONG_NOTES, is_note=True)
LINEAGE = About("Where it comes from", is_note=True)
#: What every plan JSON file has a key for, though it may say nothing.
ALWAYS_IN_JSON = About(in_json=InJson.ALWAYS)
#: What plan JSON tells only where reading would not find it by itself.
WHERE_SAID_IN_JSON = About(in_json=InJson.WHERE_SAID)
#: What a partner sees of the plan itself.
SEEN = About(partner=Partner.READS, in_json=InJson.ALWAYS)
#: The code or number of what has a title.
CODE = About(read_before="title", in_json=InJson.ALWAYS)
#: What tells a value of a measure from its other values.
OF_VALUE = About(read_after="value")
#: The same, of what every plan JSON file has a key for.
ALWAYS_OF_VALUE = About(read_after="value", in_json=InJson.ALWAYS)
#: A moment or a digest that the application wrote, which nobody looks for.
NOT_SEARCHED = About(is_searched=False)
#: What a return says nothing of.
KEPT_FROM_PARTNERS = About(partner=Partner.KEPT_FROM, in_json=InJson.ALWAYS)


class Plan(Row):
    """The plan itself: exactly one row in a file."""

    __tablename__ = "plan"
    json_lists_where_said: ClassVar[tuple[str, ...]] = (
        "rounds",
        "organisations",
        "people",
        "layouts",
        "packs",
    )

    title: Mapped[str] = words_column("", about=SEEN)
    document_label: Mapped[str | None] = words_column(about=KEPT_FROM_PARTNERS)
    status: Mapped[str | None] = words_column(about=KEPT_FROM_PARTNERS)
    partnership: Mapped[str | None] = words_column(about=SEEN)
    area: Mapped[str | None] = words_column(about=About(partner=Partner.KEPT_FROM))
    period: Mapped[str | None] = words_column(field="period", about=SEEN)
    period_start: Mapped[str | None] = day_column("period")
    period_end: Mapped[str | None] = day_column("period")
    introduction: Mapped[str | None] = words_column(markdown=True, about=KEPT_FROM_PARTNERS)
    level_priority: Mapped[str] = words_column(
        "Priority",
        about=About("Name of the first level", partner=Partner.READS, json="level_names.priority"),
    )
    level_outcome: Mapped[str] = words_column(
        "Outcome",
        about=About("Name of the second level", partner=Partner.READS, json="level_names.outcome"),
    )
    level_measure: Mapped[str | None] = words_column(
        about=About(
            "Name of the third level",
            partner=Partner.READS,
            json="level_names.measure",
            in_json=InJson.ALWAYS,
        )
    )
    columns: Mapped[list[str]] = list_column(About("Printed columns", partner=Partner.KEPT_FROM))
    #: a marking goes wherever the plan's words go
    protective_marking: Mapped[str | None] = words_column(about=About(partner=Partner.READS))
    rag_rules: Mapped[dict[str, Any]] = object_column(
        About("Rules for red, amber and green", partner=Partner.KEPT_FROM, in_json=InJson.WHERE_SAID)
    )
    notes: Mapped[list[str]] = list_column(
        About("Notes on this file", in_json=InJson.AMONG_NOTES, is_note=True)
    )


class Round(Row):
    """A reporting round, such as "End of Year Update for 2017-2018"."""

    __tablename__ = "round"
    list_word: ClassVar[str | None] = "rounds"
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)
    called: ClassVar[str | None] = "reporting round"

    sort_key: Mapped[str] = place_column()
    name: Mapped[str] = words_column("")
    period: Mapped[str | None] = words_column(field="period", about=ALWAYS_IN_JSON)
    period_start: Mapped[str | None] = day_column("period")
    period_end: Mapped[str | None] = day_column("period")
    due: Mapped[str | None] = day_column(about=About("Updates due by", in_json=InJson.ALWAYS))
    state: Mapped[str] = choice_column(RoundState, RoundState.OPEN)

    updates: Mapped[list[Update]] = named_by("round")


class Organisation(Row):
    """A body that leads or takes part: a council, a service, a partnership, "Schools"."""

    __tablename__ = "organisation"
    list_word: ClassVar[str | None] = "organisations"
    labelled_by: ClassVar[tuple[str, ...]] = ("name",)
    json_id: ClassVar[InJson | None] = InJson.WHERE_SAID

    sort_key: Mapped[str] = place_column()
    name: Mapped[str] = words_column("")
    short_name: Mapped[str | None] = words_column(about=ALWAYS_IN_JSON)
    kind: Mapped[str | None] = words_column(about=KEPT_FROM_PARTNERS)
    email: Mapped[str | None] = words_column(about=About("E-mail", in_json=InJson.ALWAYS, is_contact=True))

    people: Mapped[list[Person]] = named_by("organisation")
    leads: Mapped[list[Lead]] = named_by("organisation")


class Person(Row):
    """Someone named in the plan, or a post without a name."""

    __tablename__ = "person"
    list_word: ClassVar[str | None] = "people"
    labelled_by: ClassVar[tuple[str, ...]] = ("name", "post")

    sort_key: Mapped[str] = place_column()
    name: Mapped[str | None] = words_column()
    post: Mapped[str | None] = words_column(about=About(read_after="name"))
    email: Mapped[str | None] = words_column(about=About("E-mail", is_contact=True))
    organisation_id: Mapped[str | None] = link_column("organisation")

    organisation: Mapped[Organisation | None] = relationship(back_populates="people")
    lead_links: Mapped[list[LeadPerson]] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def printed(self) -> str:
        """What stands in a lead cell for this person: the name, or the post where there is none."""
        return self.name or self.post or ""


class Priority(Row):
    """A priority or strategic objective; it may have no title, or no code."""

    __tablename__ = "priority"
    list_word: ClassVar[str | None] = "priorities"
    labelled_by: ClassVar[tuple[str, ...]] = ("code",)
    json_id: ClassVar[InJson | None] = InJson.ALWAYS

    sort_key: Mapped[str] = place_column()
    code: Mapped[str | None] = words_column(about=CODE)
    title: Mapped[str | None] = words_column(about=ALWAYS_IN_JSON)
    outcomes_sought: Mapped[list[str]] = list_column(markdown=True)
    success_criteria: Mapped[list[str]] = list_column(markdown=True)
    lineage: Mapped[str | None] = words_column(markdown=True, about=LINEAGE)
    note: Mapped[str | None] = words_column(markdown=True, about=WORKING_NOTE)

    leads: Mapped[list[Lead]] = children("Lead", "priority")
    outcomes: Mapped[list[Outcome]] = children("Outcome", "priority")


class Outcome(Row):
    """An outcome, key activity or operational objective."""

    __tablename__ = "outcome"
    list_word: ClassVar[str | None] = "outcomes"
    labelled_by: ClassVar[tuple[str, ...]] = ("code",)
    parent_column: ClassVar[str | None] = "priority_id"
    json_id: ClassVar[InJson | None] = InJson.ALWAYS

    priority_id: Mapped[str] = place_column("priority")
    sort_key: Mapped[str] = place_column()
    code: Mapped[str | None] = words_column(about=CODE)
    title: Mapped[str] = words_column("")
    strategic_plans: Mapped[list[str]] = list_column()
    governance_groups: Mapped[list[str]] = list_column()
    lineage: Mapped[str | None] = words_column(markdown=True, about=LINEAGE)
    note: Mapped[str | None] = words_column(markdown=True, about=WORKING_NOTE)

    priority: Mapped[Priority] = relationship(back_populates="outcomes")
    leads: Mapped[list[Lead]] = children("Lead", "outcome")
    measures: Mapped[list[Measure]] = children("Measure", "outcome")
    actions: Mapped[list[Action]] = children("Action", "outcome")
    updates: Mapped[list[Update]] = children("Update", "outcome")


class Measure(Row):
    """A performance measure or indicator.

    ``key`` tells measures of one outcome apart where printed codes repeat or are missing.
    """

    __tablename__ = "measure"
    list_word: ClassVar[str | None] = "measures"
    labelled_by: ClassVar[tuple[str, ...]] = ("key", "code")
    parent_column: ClassVar[str | None] = "outcome_id"
    json_order: ClassVar[tuple[str, ...]] = ("code", "key", "title", "placeholder", "flags", "leads")
    json_id: ClassVar[InJson | None] = InJson.ALWAYS

    outcome_id: Mapped[str] = place_column("outcome")
    sort_key: Mapped[str] = place_column()
    code: Mapped[str | None] = words_column(about=CODE)
    key: Mapped[str | None] = words_column(about=About(partner=Partner.CARRIES))
    title: Mapped[str] = words_column("")
    placeholder: Mapped[bool] = mapped_column(
        Boolean, nullable=False, info=column_info(FieldKind.FLAG, default=False)
    )
    flags: Mapped[list[str]] = list_column()
    definition: Mapped[str | None] = words_column(markdown=True)
    polarity: Mapped[str | None] = choice_column(Polarity, None)
    unit: Mapped[str | None] = words_column(field="unit")
    value_format: Mapped[str | None] = words_column(field="unit")
    frequency: Mapped[str | None] = words_column(about=About("How often"))
    source: Mapped[str | None] = words_column(about=About("Source of the data"))
    lineage: Mapped[str | None] = words_column(markdown=True, about=LINEAGE)
    note: Mapped[str | None] = words_column(markdown=True, about=WORKING_NOTE)

    outcome: Mapped[Outcome] = relationship(back_populates="measures")
    leads: Mapped[list[Lead]] = children("Lead", "measure")
    observations: Mapped[list[Observation]] = children("Observation", "measure")
    action_links: Mapped[list[ActionMeasure]] = relationship(
        back_populates="measure", cascade="all, delete-orphan"
    )
    update_links: Mapped[list[UpdateMeasure]] = relationship(
        back_populates="measure", cascade="all, delete-orphan"
    )

    @property
    def address_part(self) -> str | None:
        """What names this measure within its outcome: its key, or its code where it has no key."""
        return self.key or self.code


class Action(Row):
    """A key action. No measure linked means that it serves the whole outcome."""

    __tablename__ = "action"
    list_word: ClassVar[str | None] = "actions"
    labelled_by: ClassVar[tuple[str, ...]] = ("number",)
    parent_column: ClassVar[str | None] = "outcome_id"
    json_lists_where_said: ClassVar[tuple[str, ...]] = ("leads",)
    json_id: ClassVar[InJson | None] = InJson.ALWAYS

    outcome_id: Mapped[str] = place_column("outcome")
    sort_key: Mapped[str] = place_column()
    number: Mapped[str | None] = words_column(about=ALWAYS_IN_JSON)
    text: Mapped[str] = words_column("", markdown=True, about=About("Key action"))
    due: Mapped[str | None] = words_column(field="due", about=ALWAYS_IN_JSON)
    due_start: Mapped[str | None] = day_column("due")
    due_end: Mapped[str | None] = day_column("due")
    due_precision: Mapped[str | None] = words_column(field="due")
    status: Mapped[str | None] = words_column()
    note: Mapped[str | None] = words_column(markdown=True, about=WORKING_NOTE)

    outcome: Mapped[Outcome] = relationship(back_populates="actions")
    leads: Mapped[list[Lead]] = children("Lead", "action")
    measure_links: Mapped[list[ActionMeasure]] = relationship(
        back_populates="action", cascade="all, delete-orphan"
    )

    @property
    def measures(self) -> list[Measure]:
        """The measures it serves, in the plan's order."""
        return sorted((link.measure for link in self.measure_links), key=_by_place)

    @property
    def last_day(self) -> str | None:
        """The last day on which it is due, where that is known."""
        return kept_span(self.due, self.due_start, self.due_end).end


class Update(Row):
    """What a lead writes for a round about the measures it covers; none means the whole outcome."""

    __tablename__ = "update"
    list_word: ClassVar[str | None] = "updates"
    parent_column: ClassVar[str | None] = "outcome_id"
    json_order: ClassVar[tuple[str, ...]] = ("round", "measures", "source", "text")
    json_id: ClassVar[InJson | None] = InJson.ALWAYS

    outcome_id: Mapped[str] = place_column("outcome")
    sort_key: Mapped[str] = place_column()
    round_id: Mapped[str | None] = link_column(
        "round", about=About("Reporting round", partner=Partner.CARRIES, in_json=InJson.ALWAYS)
    )
    text: Mapped[str] = words_column("", markdown=True, about=About("Update"))
    source: Mapped[str | None] = words_column(markdown=True, about=ALWAYS_IN_JSON)
    state: Mapped[str] = choice_column(UpdateState, UpdateState.DRAFT, WHERE_SAID_IN_JSON)
    note: Mapped[str | None] = words_column(markdown=True, about=WORKING_NOTE)

    outcome: Mapped[Outcome] = relationship(back_populates="updates")
    round: Mapped[Round | None] = relationship(back_populates="updates")
    measure_links: Mapped[list[UpdateMeasure]] = relationship(
        back_populates="update", cascade="all, delete-orphan"
    )

    @property
    def measures(self) -> list[Measure]:
        """The measures it covers, in the plan's order."""
        return sorted((link.measure for link in self.measure_links), key=_by_place)


class ActionMeasure(Row):
    """An action serves a measure. Its id is derived from both."""

    __tablename__ = "action_measure"
    joins: ClassVar[str | None] = "measure_id"
    called: ClassVar[str | None] = "measure served"
    linked: ClassVar[str] = "{row} now serves {joined}"
    unlinked: ClassVar[str] = "{row} no longer serves {joined}"
    parent_column: ClassVar[str | None] = "action_id"

    action_id: Mapped[str] = link_column("action", nullable=False)
    measure_id: Mapped[str] = link_column("measure", nullable=False)

    action: Mapped[Action] = relationship(back_populates="measure_links")
    measure: Mapped[Measure] = relationship(back_populates="action_links")


class UpdateMeasure(Row):
    """An update covers a measure. Its id is derived from both."""

    __tablename__ = "update_measure"
    joins: ClassVar[str | None] = "measure_id"
    called: ClassVar[str | None] = "measure covered"
    linked: ClassVar[str] = "{row} now covers {joined}"
    unlinked: ClassVar[str] = "{row} no longer covers {joined}"
    parent_column: ClassVar[str | None] = "update_id"

    update_id: Mapped[str] = link_column("update", nullable=False)
    measure_id: Mapped[str] = link_column("measure", nullable=False)

    update: Mapped[Update] = relationship(back_populates="measure_links")
    measure: Mapped[Measure] = relationship(back_populates="update_links")


class Lead(Row):
    """Who answers for a priority, outcome, measure or action: an organisation, people, or words."""

    __tablename__ = "lead"
    list_word: ClassVar[str | None] = "leads"
    json_order: ClassVar[tuple[str, ...]] = ("organisation", "people")
    __table_args__ = (
        CheckConstraint(
            "(priority_id IS NOT NULL) + (outcome_id IS NOT NULL)"
            " + (measure_id IS NOT NULL) + (action_id IS NOT NULL) = 1",
            name="lead_has_one_owner",
        ),
    )

    priority_id: Mapped[str | None] = link_column("priority", field="place")
    outcome_id: Mapped[str | None] = link_column("outcome", field="place")
    measure_id: Mapped[str | None] = link_column("measure", field="place")
    action_id: Mapped[str | None] = link_column("action", field="place")
    sort_key: Mapped[str] = place_column()
    organisation_id: Mapped[str | None] = link_column(
        "organisation", about=About("Lead organisation", in_json=InJson.ALWAYS)
    )
    role: Mapped[str | None] = choice_column(LeadRole, None, About(read_after="organisation_id"))
    note: Mapped[str | None] = words_column(about=About(read_after="organisation_id", in_json=InJson.ALWAYS))

    priority: Mapped[Priority | None] = relationship(back_populates="leads")
    outcome: Mapped[Outcome | None] = relationship(back_populates="leads")
    measure: Mapped[Measure | None] = relationship(back_populates="leads")
    action: Mapped[Action | None] = relationship(back_populates="leads")
    organisation: Mapped[Organisation | None] = relationship(back_populates="leads")
    people_links: Mapped[list[LeadPerson]] = children("LeadPerson", "lead")

    @property
    def parent_id(self) -> str | None:
        return self.priority_id or self.outcome_id or self.measure_id or self.action_id

    @property
    def people(self) -> list[Person]:
        """The people named, in printed order."""
        return [link.person for link in self.people_links]


class LeadPerson(Row):
    """A lead names a person. Its id is derived from both."""

    __tablename__ = "lead_person"
    joins: ClassVar[str | None] = "person_id"
    called: ClassVar[str | None] = "person named as lead"
    linked: ClassVar[str] = "{joined} now named for {row}"
    unlinked: ClassVar[str] = "{joined} no longer named for {row}"
    parent_column: ClassVar[str | None] = "lead_id"

    lead_id: Mapped[str] = link_column("lead", nullable=False)
    person_id: Mapped[str] = link_column("person", nullable=False)
    sort_key: Mapped[str] = place_column()

    lead: Mapped[Lead] = relationship(back_populates="people_links")
    person: Mapped[Person] = relationship(back_populates="lead_links")


class Observation(Row):
    """A value of a measure for an area and a period; exact, or in words ("good", "c", "z")."""

    __tablename__ = "observation"
    list_word: ClassVar[str | None] = "observations"
    called: ClassVar[str | None] = "value"
    parent_column: ClassVar[str | None] = "measure_id"
    json_order: ClassVar[tuple[str, ...]] = (
        "area",
        "series",
        "period",
        "period_start",
        "period_end",
        "value",
        "unit",
    )
    json_id: ClassVar[InJson | None] = InJson.WHERE_SAID

    measure_id: Mapped[str] = place_column("measure")
    sort_key: Mapped[str] = place_column()
    series: Mapped[str | None] = words_column(about=OF_VALUE)
    area: Mapped[str | None] = words_column(about=ALWAYS_OF_VALUE)
    period: Mapped[str | None] = words_column(field="period", about=ALWAYS_OF_VALUE)
    period_start: Mapped[str | None] = day_column("period")
    period_end: Mapped[str | None] = day_column("period")
    kind: Mapped[str] = choice_column(ObservationKind, ObservationKind.ACTUAL, OF_VALUE)
    value: Mapped[Decimal | None] = mapped_column(
        ExactDecimal, nullable=True, info=column_info(FieldKind.NUMBER, ALWAYS_IN_JSON, field="value")
    )
    words: Mapped[str | None] = words_column(field="value", about=About(json="value"))
    unit: Mapped[str | None] = words_column(field="value", about=ALWAYS_IN_JSON)
    note: Mapped[str | None] = words_column(markdown=True, about=About("Note on the value"))

    measure: Mapped[Measure] = relationship(back_populates="observations")

    @property
    def last_day(self) -> str | None:
        """The last day of its period, where that is known."""
        return kept_span(self.period, self.period_start, self.period_end).end


class Section(Row):
    """A numbered piece of narrative of an annual report; ``depth`` is 1 for a chapter."""

    __tablename__ = "section"
    list_word: ClassVar[str | None] = "sections"
    labelled_by: ClassVar[tuple[str, ...]] = ("number",)
    json_id: ClassVar[InJson | None] = InJson.ALWAYS

    sort_key: Mapped[str] = place_column()
    number: Mapped[str | None] = words_column(about=CODE)
    title: Mapped[str] = words_column("")
    depth: Mapped[int] = mapped_column(
        Integer,
        nullable=False,
        info=column_info(
            FieldKind.NUMBER, About("Level of heading", is_searched=False), default=1, between=(1, 6)
        ),
    )
    text: Mapped[str] = words_column("", markdown=True)
    note: Mapped[str | None] = words_column(markdown=True, about=WORKING_NOTE)


class Recommendation(Row):
    """A recommendation, where it was made, and what became of it."""

    __tablename__ = "recommendation"
    list_word: ClassVar[str | None] = "recommendations"
    labelled_by: ClassVar[tuple[str, ...]] = ("number",)
    json_order: ClassVar[tuple[str, ...]] = (
        "number",
        "text",
        "section",
        "status",
        "owner",
        "due",
        "progress",
    )
    json_id: ClassVar[InJson | None] = InJson.ALWAYS

    sort_key: Mapped[str] = place_column()
    number: Mapped[str] = words_column("")
    text: Mapped[str] = words_column("", markdown=True, about=About("Recommendation"))
    section: Mapped[str | None] = words_column(about=About("Where it was made", in_json=InJson.ALWAYS))
    status: Mapped[str | None] = words_column()
    owner: Mapped[str | None] = words_column()
    due: Mapped[str | None] = words_column(field="due")
    due_start: Mapped[str | None] = day_column("due")
    due_end: Mapped[str | None] = day_column("due")
    due_precision: Mapped[str | None] = words_column(field="due")
    progress: Mapped[str | None] = words_column(markdown=True)
    note: Mapped[str | None] = words_column(markdown=True, about=WORKING_NOTE)


class PrintLayout(Row):
    """A layout that officers made their own: a name and its declaration."""

    __tablename__ = "print_layout"
    json_list: ClassVar[str | None] = "layouts"

    sort_key: Mapped[str] = place_column()
    name: Mapped[str] = words_column("")
    definition: Mapped[dict[str, Any]] = object_column()


class Pack(Row):
    """A named meeting pack: cover, contents, layouts in the officer's order."""

    __tablename__ = "pack"
    json_list: ClassVar[str | None] = "packs"

    sort_key: Mapped[str] = place_column()
    name: Mapped[str] = words_column("")
    definition: Mapped[dict[str, Any]] = object_column()


class IssuedReturn(Row):
    """A copy sent to a partner: what was asked (ids of rows in ``scope``), of whom, until when; ``status`` is
    asked, or withdrawn where that was a mistake.
    """

    __tablename__ = "issued_return"
    is_book: ClassVar[bool] = True
    called: ClassVar[str | None] = "return sent out"

    sort_key: Mapped[str] = place_column()
    organisation_id: Mapped[str | None] = link_column("organisation")
    round_id: Mapped[str | None] = link_column("round", about=About("Reporting round"))
    issued_at: Mapped[str] = words_column("", about=NOT_SEARCHED)
    issued_by: Mapped[str | None] = words_column()
    due: Mapped[str | None] = day_column()
    covering_note: Mapped[str | None] = words_column(markdown=True)
    scope: Mapped[dict[str, Any]] = object_column(About("What was asked for"))
    status: Mapped[str] = word_column("asked", About("Whether it is still asked for"))


class ReceivedFile(Row):
    """A file that came back: its digest, for which issue, and what was done with it."""

    __tablename__ = "received_file"
    is_book: ClassVar[bool] = True
    parent_column: ClassVar[str | None] = "issued_return_id"

    issued_return_id: Mapped[str | None] = link_column("issued_return")
    digest: Mapped[str] = words_column("", about=NOT_SEARCHED)
    received_at: Mapped[str] = words_column("", about=NOT_SEARCHED)
    sender: Mapped[str | None] = words_column()
    outcome: Mapped[str] = word_column("merged")
    report: Mapped[dict[str, Any]] = object_column()


Index("update_of_round", Update.round_id, Update.outcome_id)


def _by_place(row: Measure) -> tuple[str, str]:
    return row.sort_key, row.id
