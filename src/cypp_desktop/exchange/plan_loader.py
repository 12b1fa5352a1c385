"""Rows of a new plan out of checked plan JSON."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.errors import ImportProblem, UsageError
from cypp_desktop.plan.base import Row, fields_of
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
    Pack,
    Person,
    Plan,
    PrintLayout,
    Priority,
    Recommendation,
    Round,
    Section,
    Update,
    UpdateMeasure,
)
from cypp_desktop.plan.ordering import key_between, spread_keys
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands.fields import span_columns
from cypp_desktop.store.queries import the_plan
from cypp_desktop.store.recorder import insert_new

Json = Mapping[str, Any]

_NOTE_ON = re.compile(r"((?:On plan: )*)On ([^:\n]{1,120}): (.+)", re.DOTALL)
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
        self.namesakes: Counter[str] = Counter()  # of the people listed
        self.rounds: dict[str, Round] = {}
        self.last: dict[type[Row], str] = {}
        self.ids: set[str] = set()
        self.rows: list[Row] = []

    def load(self, data: Json) -> None:
        self._plan(data)
        for given in self._listed(data, "organisations"):
            self._organisation(given.get("name") or "", given)
        for given in self._listed(data, "rounds"):
            self._round(given.get("name") or "", given)
        for given in self._listed(data, "people"):
            self._listed_person(given)
        for key, given in self._keyed(data, "priorities"):
            self._priority(given, key)
        for key, given in self._keyed(data, "sections"):
            texts = _some(given, "number", title="", depth=1, text="")
            self._add(Section(id=self._id(given), sort_key=key, **texts))
        for key, given in self._keyed(data, "recommendations"):
            texts = _some(given, "section", "status", "owner", "progress", number="", text="")
            days = _span(Recommendation, given, "due")
            self._add(Recommendation(id=self._id(given), sort_key=key, **texts, **days))
        for name, cls in (("layouts", PrintLayout), ("packs", Pack)):
            for key, given in self._keyed(data, name):
                definition = _settings(given.get("definition") or {})
                self._add(cls(sort_key=key, **_some(given, name=""), definition=definition))
        insert_new(self.session, self.rows)
        self._notes(data.get("notes") or ())

    # -- the plan and its lists

    def _plan(self, data: Json) -> None:
        levels = data.get("level_names") or {}
        named = _some(levels, priority="Priority", outcome="Outcome")
        optional = ("document_label", "status", "partnership", "area", "introduction", "protective_marking")
        self._add(
            Plan(
                **_some(data, *optional, title=""),
                **_span(Plan, data, "period"),
                rag_rules=_settings(data.get("rag_rules") or {}),
                level_measure=levels.get("measure"),
                **{f"level_{name}": words for name, words in named.items()},
                columns=_texts(data, "columns"),
            )
        )

    def _organisation(self, name: str, given: Json | None = None) -> Organisation:
        if name not in self.organisations or given is not None:
            given = given or {}
            details = _some(given, "short_name", "kind", "email")
            row = Organisation(id=self._id(given), name=name, sort_key=self._next(Organisation), **details)
            self.organisations.setdefault(given.get("key") or name, row)
            self._add(row)
            return row
        return self.organisations[name]

    def _named_organisation(self, given: Json) -> Organisation | None:
        """The organisation of a lead or person."""
        if not _is_named(given.get("organisation"), self.organisations):
            return None
        return self._organisation(given["organisation"])

    def _person(self, name: str, namesake: int) -> Person:
        """The person of a name; a lead that names two alike means two people."""
        if (name, namesake) not in self.people:
            row = Person(sort_key=self._next(Person), **default_person(name))
            self.people[name, namesake] = row
            self._add(row)
        return self.people[name, namesake]

    def _listed_person(self, given: Json) -> None:
        organisation = self._named_organisation(given)
        row = Person(
            sort_key=self._next(Person),
            organisation_id=organisation.id if organisation else None,
            **_some(given, "name", "post", "email"),
        )
        name = given.get("key") or row.printed
        self.people[name, self.namesakes[name]] = row
        self.namesakes[name] += 1
        self._add(row)

    def _round(self, name: str, given: Json | None = None) -> Round:
        if name not in self.rounds or given is not None:
            given = given or {}
            details = _some(given, "due", state="open")
            row = Round(name=name, sort_key=self._next(Round), **details, **_span(Round, given, "period"))
            self.rounds.setdefault(given.get("key") or name, row)
            self._add(row)
            return row
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
            **_some(given, "code", "title", "lineage"),
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
            **_some(given, "code", "lineage", title=""),
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
        optional = (
            *("code", "definition", "polarity", "unit", "value_format", "frequency"),
            *("source", "lineage"),
        )
        row = Measure(
            id=self._id(given),
            outcome_id=outcome.id,
            sort_key=key,
            **_some(given, *optional, title="", placeholder=False),
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
                **_span(Observation, given, "period"),
            )
        )

    def _action(self, given: Json, key: str, outcome: Outcome, measures: Sequence[str]) -> None:
        texts = _some(given, "number", "status", text="")
        days = _span(Action, given, "due")
        row = Action(id=self._id(given), outcome_id=outcome.id, sort_key=key, **texts, **days)
        self._add(row)
        self._leads(given, action_id=row.id)
        for measure_id in measures:
            link_id = derived_id("action_measure", row.id, measure_id)
            self._add(ActionMeasure(id=link_id, action_id=row.id, measure_id=measure_id))

    def _update(self, given: Json, key: str, outcome: Outcome, measures: Sequence[str]) -> None:
        round_ = self._round(given["round"]) if _is_named(given.get("round"), self.rounds) else None
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
            organisation = self._named_organisation(lead)
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
            row = row_noted(self.session, note)
            if row is None:
                kept.append(note)
            elif isinstance(row, Plan):
                kept.append(note.partition(": ")[2])
            else:
                words = note.partition(": ")[2]
                row.note = f"{row.note}\n\n{words}" if row.note else words
        if kept:
            the_plan(self.session).notes = kept

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
    def _listed(data: Json, name: str) -> Sequence[Json]:
        """The entries of a list whose rows others name; a key must mean one of them and nothing else."""
        listed: Sequence[Json] = data.get(name) or ()
        taken = {given.get("name") or given.get("post") or "" for given in listed}
        for key in filter(None, (given.get("key") for given in listed)):
            if key in taken:
                raise ImportProblem(
                    f"The plan file names two of its {name} {key[:60]!r}: one needs another key."
                )
            taken.add(key)
        return listed

    @staticmethod
    def _keyed(given: Json, name: str) -> list[tuple[str, Json]]:
        listed = given.get(name) or ()
        return list(zip(spread_keys(len(listed)), listed, strict=True))


def default_state(text: str) -> str:
    """The state of an update of which only the text is known."""
    return "draft" if text.strip() else "empty"


def default_person(name: str) -> dict[str, str]:
    """What a name in a lead says of a person of whom the file says no more."""
    return {"post": name} if _POST.search(name) else {"name": name}


def row_noted(session: Session, note: str) -> Any:
    """The row on which a note of the file is: "On 1/1a: …"; None where it is one on the plan as a whole.

    A note on the plan that would be taken for one on a row has "On plan: " before it: that is the plan.
    """
    match = _NOTE_ON.fullmatch(note)
    if match is None:
        return None
    try:
        row = row_at(session, match[2])
    except UsageError:
        return None
    if not isinstance(row, NOTED):
        return None
    return the_plan(session) if match[1] else row


def _some(given: Json, *optional: str, **defaults: Any) -> dict[str, Any]:
    """The named keys of an object; those with a default are never None."""
    found: dict[str, Any] = {name: given.get(name) for name in optional}
    for name, default in defaults.items():
        found[name] = default if given.get(name) is None else given[name]
    return found


def _is_named(name: str | None, listed: Mapping[str, Row]) -> bool:
    """Whether a name means a row: one without letters does only where it is listed."""
    return bool(name) or (name is not None and name in listed)


def _texts(given: Json, name: str) -> list[str]:
    return list(given.get(name) or ())


def _span(cls: type[Row], given: Json, field: str) -> dict[str, Any]:
    """A due date or period with its days: those that the file says, else those that the words mean."""
    columns = fields_of(cls)[field].columns
    found = span_columns(field, columns, given.get(field))
    days = [column for column in columns if column != field]
    if any(column in given for column in days):
        found |= {column: given.get(column) for column in days}
    return found


def _settings(value: Any) -> Any:
    """Settings as a plan keeps them: numbers that JSON writes the same way again."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: _settings(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_settings(inner) for inner in value]
    return value


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
