"""The mapped classes of a plan. What each holds, and why, is the field's own vocabulary.

Everything a plan can say has its column here, also what only later screens show. Order in a list
is ``sort_key`` then ``id``; printed codes and numbers are words like any other and never keys.
Long texts are Markdown in the dialect of :mod:`cypp_desktop.plan.blocks`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cypp_desktop.plan.base import ExactDecimal, Row, list_column, object_column, words_column
from cypp_desktop.plan.dates import kept_span

UPDATE_STATES = ("empty", "draft", "submitted", "agreed")
ROUND_STATES = ("open", "closed")
LEAD_ROLES = ("lead", "partner", "commissioner", "data provider")
OBSERVATION_KINDS = ("actual", "target", "forecast", "provisional", "estimate", "baseline")
POLARITIES = ("higher", "lower", "neutral")


def _place(parent: str | None = None) -> Any:
    """Part of a row's place: the row it stands in, or (without a parent) its key in that list."""
    if parent is None:
        return mapped_column(String, nullable=False, info={"field": "place", "kind": "place", "default": "V"})
    return mapped_column(
        ForeignKey(f"{parent}.id"), nullable=False, index=True, info={"field": "place", "kind": "place"}
    )


def _link(target: str, *, field: str | None = None, nullable: bool = True) -> Any:
    info: dict[str, Any] = {"kind": "link"}
    if field:
        info["field"] = field
    return mapped_column(ForeignKey(f"{target}.id"), nullable=nullable, index=True, info=info)


def _choice(default: str | None, *, nullable: bool = False) -> Any:
    return mapped_column(String, nullable=nullable, info={"kind": "choice", "default": default})


def _children(target: str, back: str) -> Any:
    return relationship(
        target,
        back_populates=back,
        cascade="all, delete-orphan",
        order_by=f"({target}.sort_key, {target}.id)",
    )


def _named_by(back: str) -> Any:
    """Rows that name this one; while there are any, the database refuses to delete it."""
    return relationship(back_populates=back, passive_deletes="all")


def _day(field: str | None = None) -> Any:
    """A day as ``YYYY-MM-DD``."""
    info: dict[str, Any] = {"kind": "date"}
    if field:
        info["field"] = field
    return mapped_column(String(10), nullable=True, info=info)


class Plan(Row):
    """The plan itself: exactly one row in a file."""

    __tablename__ = "plan"

    title: Mapped[str] = words_column("")
    document_label: Mapped[str | None] = words_column()
    status: Mapped[str | None] = words_column()
    partnership: Mapped[str | None] = words_column()
    area: Mapped[str | None] = words_column()
    period: Mapped[str | None] = words_column(field="period")
    period_start: Mapped[str | None] = _day("period")
    period_end: Mapped[str | None] = _day("period")
    introduction: Mapped[str | None] = words_column(markdown=True)
    level_priority: Mapped[str] = words_column("Priority")
    level_outcome: Mapped[str] = words_column("Outcome")
    level_measure: Mapped[str | None] = words_column()
    columns: Mapped[list[str]] = list_column()
    protective_marking: Mapped[str | None] = words_column()
    rag_rules: Mapped[dict[str, Any]] = object_column()
    notes: Mapped[list[str]] = list_column()


class Round(Row):
    """A reporting round, such as "End of Year Update for 2017-2018"."""

    __tablename__ = "round"

    sort_key: Mapped[str] = _place()
    name: Mapped[str] = words_column("")
    period: Mapped[str | None] = words_column(field="period")
    period_start: Mapped[str | None] = _day("period")
    period_end: Mapped[str | None] = _day("period")
    due: Mapped[str | None] = _day()
    state: Mapped[str] = _choice("open")

    updates: Mapped[list[Update]] = _named_by("round")


class Organisation(Row):
    """A body that leads or takes part: a council, a service, a partnership, "Schools"."""

    __tablename__ = "organisation"

    sort_key: Mapped[str] = _place()
    name: Mapped[str] = words_column("")
    short_name: Mapped[str | None] = words_column()
    kind: Mapped[str | None] = words_column()
    email: Mapped[str | None] = words_column()

    people: Mapped[list[Person]] = _named_by("organisation")
    leads: Mapped[list[Lead]] = _named_by("organisation")


class Person(Row):
    """Someone named in the plan, or a post without a name."""

    __tablename__ = "person"

    sort_key: Mapped[str] = _place()
    name: Mapped[str | None] = words_column()
    post: Mapped[str | None] = words_column()
    email: Mapped[str | None] = words_column()
    organisation_id: Mapped[str | None] = _link("organisation")

    organisation: Mapped[Organisation | None] = relationship(back_populates="people")
    lead_links: Mapped[list[LeadPerson]] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def printed(self) -> str:
        """What stands in a lead cell for this person: the name, or the post where there is none."""
        return self.name or self.post or ""


class Priority(Row):
    """A priority or strategic objective; it may have no title, or no code."""

    __tablename__ = "priority"

    sort_key: Mapped[str] = _place()
    code: Mapped[str | None] = words_column()
    title: Mapped[str | None] = words_column()
    outcomes_sought: Mapped[list[str]] = list_column()
    success_criteria: Mapped[list[str]] = list_column()
    lineage: Mapped[str | None] = words_column(markdown=True)
    note: Mapped[str | None] = words_column(markdown=True)

    outcomes: Mapped[list[Outcome]] = _children("Outcome", "priority")
    leads: Mapped[list[Lead]] = _children("Lead", "priority")


class Outcome(Row):
    """An outcome, key activity or operational objective."""

    __tablename__ = "outcome"
    parent_column: ClassVar[str | None] = "priority_id"

    priority_id: Mapped[str] = _place("priority")
    sort_key: Mapped[str] = _place()
    code: Mapped[str | None] = words_column()
    title: Mapped[str] = words_column("")
    strategic_plans: Mapped[list[str]] = list_column()
    governance_groups: Mapped[list[str]] = list_column()
    lineage: Mapped[str | None] = words_column(markdown=True)
    note: Mapped[str | None] = words_column(markdown=True)

    priority: Mapped[Priority] = relationship(back_populates="outcomes")
    measures: Mapped[list[Measure]] = _children("Measure", "outcome")
    actions: Mapped[list[Action]] = _children("Action", "outcome")
    updates: Mapped[list[Update]] = _children("Update", "outcome")
    leads: Mapped[list[Lead]] = _children("Lead", "outcome")


class Measure(Row):
    """A performance measure or indicator.

    ``key`` tells measures of one outcome apart where printed codes repeat or are missing.
    """

    __tablename__ = "measure"
    parent_column: ClassVar[str | None] = "outcome_id"

    outcome_id: Mapped[str] = _place("outcome")
    sort_key: Mapped[str] = _place()
    code: Mapped[str | None] = words_column()
    key: Mapped[str | None] = words_column()
    title: Mapped[str] = words_column("")
    placeholder: Mapped[bool] = mapped_column(
        Boolean, nullable=False, info={"kind": "flag", "default": False}
    )
    flags: Mapped[list[str]] = list_column()
    definition: Mapped[str | None] = words_column(markdown=True)
    polarity: Mapped[str | None] = _choice(None, nullable=True)
    unit: Mapped[str | None] = words_column(field="unit")
    value_format: Mapped[str | None] = words_column(field="unit")
    frequency: Mapped[str | None] = words_column()
    source: Mapped[str | None] = words_column()
    lineage: Mapped[str | None] = words_column(markdown=True)
    note: Mapped[str | None] = words_column(markdown=True)

    outcome: Mapped[Outcome] = relationship(back_populates="measures")
    leads: Mapped[list[Lead]] = _children("Lead", "measure")
    observations: Mapped[list[Observation]] = _children("Observation", "measure")
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
    parent_column: ClassVar[str | None] = "outcome_id"

    outcome_id: Mapped[str] = _place("outcome")
    sort_key: Mapped[str] = _place()
    number: Mapped[str | None] = words_column()
    text: Mapped[str] = words_column("", markdown=True)
    due: Mapped[str | None] = words_column(field="due")
    due_start: Mapped[str | None] = _day("due")
    due_end: Mapped[str | None] = _day("due")
    due_precision: Mapped[str | None] = words_column(field="due")
    status: Mapped[str | None] = words_column()
    note: Mapped[str | None] = words_column(markdown=True)

    outcome: Mapped[Outcome] = relationship(back_populates="actions")
    leads: Mapped[list[Lead]] = _children("Lead", "action")
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
    parent_column: ClassVar[str | None] = "outcome_id"

    outcome_id: Mapped[str] = _place("outcome")
    sort_key: Mapped[str] = _place()
    round_id: Mapped[str | None] = _link("round")
    text: Mapped[str] = words_column("", markdown=True)
    source: Mapped[str | None] = words_column(markdown=True)
    state: Mapped[str] = _choice("draft")
    note: Mapped[str | None] = words_column(markdown=True)

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
    parent_column: ClassVar[str | None] = "action_id"

    action_id: Mapped[str] = _link("action", nullable=False)
    measure_id: Mapped[str] = _link("measure", nullable=False)

    action: Mapped[Action] = relationship(back_populates="measure_links")
    measure: Mapped[Measure] = relationship(back_populates="action_links")


class UpdateMeasure(Row):
    """An update covers a measure. Its id is derived from both."""

    __tablename__ = "update_measure"
    parent_column: ClassVar[str | None] = "update_id"

    update_id: Mapped[str] = _link("update", nullable=False)
    measure_id: Mapped[str] = _link("measure", nullable=False)

    update: Mapped[Update] = relationship(back_populates="measure_links")
    measure: Mapped[Measure] = relationship(back_populates="update_links")


class Lead(Row):
    """Who answers for a priority, outcome, measure or action: an organisation, people, or words."""

    __tablename__ = "lead"
    __table_args__ = (
        CheckConstraint(
            "(priority_id IS NOT NULL) + (outcome_id IS NOT NULL)"
            " + (measure_id IS NOT NULL) + (action_id IS NOT NULL) = 1",
            name="lead_has_one_owner",
        ),
    )

    priority_id: Mapped[str | None] = _link("priority", field="place")
    outcome_id: Mapped[str | None] = _link("outcome", field="place")
    measure_id: Mapped[str | None] = _link("measure", field="place")
    action_id: Mapped[str | None] = _link("action", field="place")
    sort_key: Mapped[str] = _place()
    organisation_id: Mapped[str | None] = _link("organisation")
    role: Mapped[str | None] = _choice(None, nullable=True)
    note: Mapped[str | None] = words_column()

    priority: Mapped[Priority | None] = relationship(back_populates="leads")
    outcome: Mapped[Outcome | None] = relationship(back_populates="leads")
    measure: Mapped[Measure | None] = relationship(back_populates="leads")
    action: Mapped[Action | None] = relationship(back_populates="leads")
    organisation: Mapped[Organisation | None] = relationship(back_populates="leads")
    people_links: Mapped[list[LeadPerson]] = _children("LeadPerson", "lead")

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
    parent_column: ClassVar[str | None] = "lead_id"

    lead_id: Mapped[str] = _link("lead", nullable=False)
    person_id: Mapped[str] = _link("person", nullable=False)
    sort_key: Mapped[str] = _place()

    lead: Mapped[Lead] = relationship(back_populates="people_links")
    person: Mapped[Person] = relationship(back_populates="lead_links")


class Observation(Row):
    """A value of a measure for an area and a period; exact, or in words ("good", "c", "z")."""

    __tablename__ = "observation"
    parent_column: ClassVar[str | None] = "measure_id"

    measure_id: Mapped[str] = _place("measure")
    sort_key: Mapped[str] = _place()
    series: Mapped[str | None] = words_column()
    area: Mapped[str | None] = words_column()
    period: Mapped[str | None] = words_column(field="period")
    period_start: Mapped[str | None] = _day("period")
    period_end: Mapped[str | None] = _day("period")
    kind: Mapped[str] = _choice("actual")
    value: Mapped[Decimal | None] = mapped_column(
        ExactDecimal, nullable=True, info={"field": "value", "kind": "number"}
    )
    words: Mapped[str | None] = words_column(field="value")
    unit: Mapped[str | None] = words_column(field="value")
    note: Mapped[str | None] = words_column(markdown=True)

    measure: Mapped[Measure] = relationship(back_populates="observations")

    @property
    def last_day(self) -> str | None:
        """The last day of its period, where that is known."""
        return kept_span(self.period, self.period_start, self.period_end).end


class Section(Row):
    """A numbered piece of narrative of an annual report; ``depth`` is 1 for a chapter."""

    __tablename__ = "section"

    sort_key: Mapped[str] = _place()
    number: Mapped[str | None] = words_column()
    title: Mapped[str] = words_column("")
    depth: Mapped[int] = mapped_column(Integer, nullable=False, info={"kind": "number", "default": 1})
    text: Mapped[str] = words_column("", markdown=True)
    note: Mapped[str | None] = words_column(markdown=True)


class Recommendation(Row):
    """A recommendation, where it was made, and what became of it."""

    __tablename__ = "recommendation"

    sort_key: Mapped[str] = _place()
    number: Mapped[str] = words_column("")
    text: Mapped[str] = words_column("", markdown=True)
    section: Mapped[str | None] = words_column()
    status: Mapped[str | None] = words_column()
    owner: Mapped[str | None] = words_column()
    due: Mapped[str | None] = words_column(field="due")
    due_start: Mapped[str | None] = _day("due")
    due_end: Mapped[str | None] = _day("due")
    due_precision: Mapped[str | None] = words_column(field="due")
    progress: Mapped[str | None] = words_column(markdown=True)
    note: Mapped[str | None] = words_column(markdown=True)


class PrintLayout(Row):
    """A layout that officers made their own: a name and its declaration."""

    __tablename__ = "print_layout"

    sort_key: Mapped[str] = _place()
    name: Mapped[str] = words_column("")
    definition: Mapped[dict[str, Any]] = object_column()


class Pack(Row):
    """A named meeting pack: cover, contents, layouts in the officer's order."""

    __tablename__ = "pack"

    sort_key: Mapped[str] = _place()
    name: Mapped[str] = words_column("")
    definition: Mapped[dict[str, Any]] = object_column()


class IssuedReturn(Row):
    """A copy sent to a partner: what was asked (ids of rows in ``scope``), of whom, until when; ``status`` is
    asked, or withdrawn where that was a mistake.
    """

    __tablename__ = "issued_return"

    sort_key: Mapped[str] = _place()
    organisation_id: Mapped[str | None] = _link("organisation")
    round_id: Mapped[str | None] = _link("round")
    issued_at: Mapped[str] = words_column("")
    issued_by: Mapped[str | None] = words_column()
    due: Mapped[str | None] = _day()
    covering_note: Mapped[str | None] = words_column(markdown=True)
    scope: Mapped[dict[str, Any]] = object_column()
    status: Mapped[str] = _choice("asked")


class ReceivedFile(Row):
    """A file that came back: its digest, for which issue, and what was done with it."""

    __tablename__ = "received_file"
    parent_column: ClassVar[str | None] = "issued_return_id"

    issued_return_id: Mapped[str | None] = _link("issued_return")
    digest: Mapped[str] = words_column("")
    received_at: Mapped[str] = words_column("")
    sender: Mapped[str | None] = words_column()
    outcome: Mapped[str] = _choice("merged")
    report: Mapped[dict[str, Any]] = object_column()


Index("update_of_round", Update.round_id, Update.outcome_id)


def _by_place(row: Measure) -> tuple[str, str]:
    return row.sort_key, row.id
