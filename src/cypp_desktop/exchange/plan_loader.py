"""Rows of a new plan out of checked plan JSON."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.errors import ImportProblem, UsageError
from cypp_desktop.plan.base import Row
from cypp_desktop.plan.codes import row_at
from cypp_desktop.plan.dates import Span, parse_span
from cypp_desktop.plan.identity import derived_id, new_id, update_id
from cypp_desktop.plan.model import (
    Action,
    ActionMeasure,
    Lead,
    LeadPerson,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Person,
    Plan,
    Priority,
    Recommendation,
    Round,
    Section,
    Update,
    UpdateMeasure,
)
from cypp_desktop.plan.ordering import key_between, spread_keys
from cypp_desktop.plan.queries import the_plan
from cypp_desktop.store.recorder import insert_new

Json = Mapping[str, Any]

_NOTE_ON = re.compile(r"On ([^:\n]{1,120}): (.+)", re.DOTALL)
_POST = re.compile(
    r"\b(?:directors?|managers?|heads?|leads?|officers?|consultants?|commissioners?|co-?ordinators?|chair|"
    r"team|service|practitioners?|advis[eo]rs?|strategists?|analysts?|nurses?|leaders?|members?|deputy|board)\b",
    re.IGNORECASE,
)


#: The rows whose working notes stand among the notes of the file, each after the row's address.
NOTED = (Priority, Outcome, Measure, Action, Update, Section, Recommendation)


class PlanLoader:
    """Makes the rows of one plan; ``load`` puts them into the session without committing."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[tuple[str, int], Person] = {}
        self.rounds: dict[str, Round] = {}
        self.last: dict[type[Row], str] = {}
        self.ids: set[str] = set()
        self.rows: list[Row] = []

    def load(self, data: Json) -> None:
        self._plan(data)
        for given in data.get("organisations") or ():
            self._organisation(given.get("name") or "", given)
        for given in data.get("rounds") or ():
            self._round(given.get("name") or "", given)
        for key, given in self._keyed(data, "priorities"):
            self._priority(given, key)
        for key, given in self._keyed(data, "sections"):
            texts = _some(given, "number", title="", depth=1, text="")
            self._add(Section(id=self._id(given), sort_key=key, **texts))
        for key, given in self._keyed(data, "recommendations"):
            texts = _some(given, "section", "status", "owner", "progress", number="", text="")
            self._add(Recommendation(id=self._id(given), sort_key=key, **texts, **_due(given)))
        insert_new(self.session, self.rows)
        self._notes(data.get("notes") or ())

    # -- the plan and its lists

    def _plan(self, data: Json) -> None:
        levels = data.get("level_names") or {}
        texts = _some(data, "document_label", "status", "partnership", "introduction", title="")
        self._add(
            Plan(
                **texts,
                **_span_columns("period", data.get("period")),
                level_priority=levels.get("priority") or "Priority",
                level_outcome=levels.get("outcome") or "Outcome",
                level_measure=levels.get("measure"),
                columns=_texts(data, "columns"),
            )
        )

    def _organisation(self, name: str, given: Json | None = None) -> Organisation:
        if name not in self.organisations or given is not None:
            details = _some(given or {}, "short_name", "kind", "email")
            row = Organisation(name=name, sort_key=self._next(Organisation), **details)
            self.organisations.setdefault(name, row)
            self._add(row)
        return self.organisations[name]

    def _person(self, name: str, namesake: int) -> Person:
        """The person of a name; a lead that names two alike means two people."""
        if (name, namesake) not in self.people:
            named = {"post": name} if _POST.search(name) else {"name": name}
            row = Person(sort_key=self._next(Person), **named)
            self.people[name, namesake] = row
            self._add(row)
        return self.people[name, namesake]

    def _round(self, name: str, given: Json | None = None) -> Round:
        if name not in self.rounds or given is not None:
            details = _some(given or {}, "due", state="open")
            period = _span_columns("period", (given or {}).get("period"))
            row = Round(name=name, sort_key=self._next(Round), **details, **period)
            self.rounds.setdefault(name, row)
            self._add(row)
        return self.rounds[name]

    def _next(self, cls: type[Row]) -> str:
        """The next place in a list of the plan's own."""
        self.last[cls] = key_between(self.last.get(cls), None)
        return self.last[cls]

    # -- the tree

    def _priority(self, given: Json, key: str) -> None:
        row = Priority(
            id=self._id(given),
            sort_key=key,
            **_some(given, "code", "title"),
            outcomes_sought=_texts(given, "outcomes_sought"),
            success_criteria=_texts(given, "success_criteria"),
        )
        self._add(row)
        self._leads(given, priority_id=row.id)
        for inner_key, inner in self._keyed(given, "outcomes"):
            self._outcome(inner, inner_key, row)

    def _outcome(self, given: Json, key: str, priority: Priority) -> None:
        row = Outcome(
            id=self._id(given),
            priority_id=priority.id,
            sort_key=key,
            **_some(given, "code", title=""),
            strategic_plans=_texts(given, "strategic_plans"),
            governance_groups=_texts(given, "governance_groups"),
        )
        self._add(row)
        self._leads(given, outcome_id=row.id)
        measures: dict[str, str] = {}
        for inner_key, inner in self._keyed(given, "measures"):
            measure = self._measure(inner, inner_key, row)
            name = measure.address_part
            if name in measures:
                raise ImportProblem(
                    f"Two measures of {priority.code}/{row.code} are both named {name!r}: "
                    "one needs another key."
                )
            if name:
                measures[name] = measure.id
        place = f"{priority.code}/{row.code}"
        for inner_key, inner in self._keyed(given, "actions"):
            self._action(inner, inner_key, row, _named(inner, measures, place))
        for inner_key, inner in self._keyed(given, "updates"):
            self._update(inner, inner_key, row, _named(inner, measures, place))

    def _measure(self, given: Json, key: str, outcome: Outcome) -> Measure:
        row = Measure(
            id=self._id(given),
            outcome_id=outcome.id,
            sort_key=key,
            **_some(given, "code", "definition", "polarity", "unit", "source", title="", placeholder=False),
            key=given.get("key") or None,
            flags=_texts(given, "flags"),
        )
        self._add(row)
        self._leads(given, measure_id=row.id)
        for inner_key, inner in self._keyed(given, "observations"):
            self._observation(inner, inner_key, row)
        return row

    def _observation(self, given: Json, key: str, measure: Measure) -> None:
        value = given.get("value")
        number = None if value is None or isinstance(value, str) else Decimal(str(value))
        self._add(
            Observation(
                id=self._id(given),
                measure_id=measure.id,
                sort_key=key,
                value=number,
                words=value if isinstance(value, str) else None,
                **_some(given, "series", "area", "unit", "note", kind="actual"),
                **_span_columns("period", given.get("period")),
            )
        )

    def _action(self, given: Json, key: str, outcome: Outcome, measures: Sequence[str]) -> None:
        texts = _some(given, "number", "status", text="")
        row = Action(id=self._id(given), outcome_id=outcome.id, sort_key=key, **texts, **_due(given))
        self._add(row)
        for measure_id in measures:
            link_id = derived_id("action_measure", row.id, measure_id)
            self._add(ActionMeasure(id=link_id, action_id=row.id, measure_id=measure_id))

    def _update(self, given: Json, key: str, outcome: Outcome, measures: Sequence[str]) -> None:
        round_ = self._round(given["round"]) if given.get("round") else None
        round_id = round_.id if round_ else None
        text = given.get("text") or ""
        id_ = given.get("id") or update_id(round_id, measures, outcome.id)
        row = Update(
            id=self._unique(id_ if given.get("id") or id_ not in self.ids else new_id()),
            outcome_id=outcome.id,
            sort_key=key,
            round_id=round_id,
            text=text,
            source=given.get("source"),
            state=given.get("state") or default_state(text),
        )
        self._add(row)
        for measure_id in measures:
            link_id = derived_id("update_measure", row.id, measure_id)
            self._add(UpdateMeasure(id=link_id, update_id=row.id, measure_id=measure_id))

    def _leads(self, given: Json, **owner: str) -> None:
        for key, lead in self._keyed(given, "leads"):
            name = lead.get("organisation")
            organisation = self._organisation(name) if name else None
            row = Lead(
                **owner,
                sort_key=key,
                organisation_id=organisation.id if organisation else None,
                **_some(lead, "role", "note"),
            )
            self._add(row)
            people: list[str] = lead.get("people") or []
            for at, person_key in enumerate(spread_keys(len(people))):
                person = self._person(people[at], people[:at].count(people[at]))
                link_id = derived_id("lead_person", row.id, person.id)
                self._add(LeadPerson(id=link_id, lead_id=row.id, person_id=person.id, sort_key=person_key))

    # -- notes

    def _notes(self, notes: Sequence[str]) -> None:
        """Notes on a row go to that row; the others are the plan's own."""
        kept: list[str] = []
        for note in notes:
            row = self._row_noted(note)
            if row is None:
                kept.append(note)
            else:
                words = note.partition(": ")[2]
                row.note = f"{row.note}\n\n{words}" if row.note else words
        if kept:
            the_plan(self.session).notes = kept

    def _row_noted(self, note: str) -> Any:
        match = _NOTE_ON.fullmatch(note)
        if match is None:
            return None
        try:
            row = row_at(self.session, match[1])
        except UsageError:
            return None
        return row if isinstance(row, NOTED) else None

    # -- small things

    def _add(self, row: Row) -> None:
        self.rows.append(row)

    def _id(self, given: Json) -> str:
        return self._unique(given.get("id") or new_id())

    def _unique(self, id_: str) -> str:
        id_ = str(uuid.UUID(id_))
        if id_ in self.ids:
            raise ImportProblem(f"The plan file uses the id {id_} twice.")
        self.ids.add(id_)
        return id_

    @staticmethod
    def _keyed(given: Json, name: str) -> list[tuple[str, Json]]:
        listed = given.get(name) or ()
        return list(zip(spread_keys(len(listed)), listed, strict=True))


def default_state(text: str) -> str:
    """The state of an update of which only the text is known."""
    return "draft" if text.strip() else "empty"


def _some(given: Json, *optional: str, **defaults: Any) -> dict[str, Any]:
    """The named keys of an object; those with a default are never None."""
    found: dict[str, Any] = {name: given.get(name) for name in optional}
    for name, default in defaults.items():
        found[name] = default if given.get(name) is None else given[name]
    return found


def _texts(given: Json, name: str) -> list[str]:
    return list(given.get(name) or ())


def _span_columns(field: str, words: str | None) -> dict[str, Any]:
    span: Span = parse_span(words)
    return {field: words, f"{field}_start": span.start, f"{field}_end": span.end}


def _due(given: Json) -> dict[str, Any]:
    words = given.get("due")
    return {**_span_columns("due", words), "due_precision": parse_span(words).precision if words else None}


def _named(given: Json, measures: Mapping[str, str], place: str) -> list[str]:
    """The ids of the measures that an action or update names."""
    found = []
    for name in dict.fromkeys(given.get("measures") or ()):
        if name not in measures:
            raise ImportProblem(
                f"A text of {place} names the measure {name!r}, which is not in that outcome."
            )
        found.append(measures[name])
    return found
