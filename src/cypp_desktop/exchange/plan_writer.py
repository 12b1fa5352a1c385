"""Plan JSON out of the rows of a plan: what the loader reads, without what it would find by itself.

The keys and their order are those of :mod:`plan_format`. The same plan always gives the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from cypp_desktop.exchange.plan_loader import default_person, default_state, row_noted
from cypp_desktop.plan.base import Row, fields_of, stored_values
from cypp_desktop.plan.dates import runs_backwards
from cypp_desktop.plan.model import (
    Action,
    Lead,
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
)
from cypp_desktop.store.addresses import Addresses
from cypp_desktop.store.commands.fields import span_columns
from cypp_desktop.store.queries import priorities, rows_in_order, the_plan

Json = dict[str, Any]
AnyRow = TypeVar("AnyRow", bound=Row)

#: The columns of a class that are written only where they say something, each under its own name.
WHERE_SAID: Mapping[type[Row], tuple[str, ...]] = {
    Plan: ("area", "protective_marking", "rag_rules"),
    Person: ("name", "post", "email"),
    Priority: ("lineage",),
    Outcome: ("lineage",),
    Measure: ("definition", "polarity", "unit", "value_format", "frequency", "source", "lineage"),
    Action: ("status",),
    Lead: ("role",),
    Observation: ("note",),
    Recommendation: ("status", "owner", "due", "progress"),
}


def where_said(row: Row) -> Json:
    """The columns of :data:`WHERE_SAID` that say something."""
    found = {name: getattr(row, name) for name in WHERE_SAID[type(row)]}
    return {name: value for name, value in found.items() if value is not None and value != {}}


def said_days(row: Row, field: str) -> Json:
    """The days of a due date or period, where they are not those that its words mean."""
    columns = fields_of(type(row))[field].columns
    stored = {column: getattr(row, column) for column in columns}
    if runs_backwards(stored[f"{field}_start"], stored[f"{field}_end"]):
        return {}  # as version 0.1.0 misread some words: they are read again
    if stored == span_columns(field, columns, stored[field]):
        return {}
    return {column: stored[column] for column in columns if column != field}


@dataclass(slots=True)
class Listed:
    """An entry of a list that reading also makes of names elsewhere; ``plain`` says no more than the name."""

    name: str
    entry: Json
    plain: bool


def needed(listed: Sequence[Listed], named: Iterable[str]) -> list[Json]:
    """The shortest beginning of a list from which reading makes all of it again.

    Reading puts first what is listed, then what is only named elsewhere, in that order and plain.
    """
    order = {name: at for at, name in enumerate(dict.fromkeys(named))}
    kept, next_at = len(listed), len(order)
    for one in reversed(listed):
        at = order.get(one.name, next_at)
        if not one.plain or at >= next_at:
            break
        kept, next_at = kept - 1, at
    return [one.entry for one in listed[:kept]]


def another_name(name: str, taken: Iterable[str]) -> str:
    """A name made up where a printed one is missing or names something else already."""
    used = set(taken)
    numbered = (f"{name}-{at}" if name else str(at) for at in count(2 if name else 1))
    return next(one for one in numbered if one not in used)


class PlanWriter:
    """Writes one plan, or single rows of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.organisation_rows = _rows(session, Organisation)
        self.round_rows = _rows(session, Round)
        self.person_rows = _rows(session, Person)
        self.organisation_names = _names({row.id: row.name for row in self.organisation_rows})
        self.round_names = _names({row.id: row.name for row in self.round_rows})
        self.person_names: dict[str, str] = {}

    # -- the plan and its lists

    def whole(self) -> Json:
        """The whole plan, keys in the order of the format."""
        plan = the_plan(self.session)
        listed = priorities(self.session, whole=True)
        leads = list(_leads(listed))
        named = {person.id for lead in leads for person in lead.people}
        self.person_rows = [row for row in self.person_rows if self._is_to_be_written(row, row.id in named)]
        self.person_names = _person_names(self.person_rows, leads)
        more = where_said(plan)
        found: Json = {
            "format": "cypp-plan/1",
            "title": plan.title,
            "document_label": plan.document_label,
            "status": plan.status,
            "partnership": plan.partnership,
            **_part(more, "area"),
            "period": plan.period,
            **said_days(plan, "period"),
            "introduction": plan.introduction,
            "level_names": {
                "priority": plan.level_priority,
                "outcome": plan.level_outcome,
                "measure": plan.level_measure,
            },
            "columns": list(plan.columns),
            **_part(more, "protective_marking", "rag_rules"),
        }
        layouts, packs = _definitions(self.session, PrintLayout), _definitions(self.session, Pack)
        people = self._people()
        lists = {
            "rounds": self._rounds(listed),
            "organisations": self._organisations(leads, people, str([layouts, packs])),
            "people": people,
        }
        found |= {name: entries for name, entries in lists.items() if entries}
        found["priorities"] = [self.priority(priority) for priority in listed]
        found["sections"] = [self.section(row) for row in _rows(self.session, Section)]
        found["recommendations"] = [self.recommendation(row) for row in _rows(self.session, Recommendation)]
        found |= {name: entries for name, entries in (("layouts", layouts), ("packs", packs)) if entries}
        found["notes"] = self._notes(plan, listed)
        return found

    def _rounds(self, listed: Sequence[Priority]) -> list[Json]:
        """The rounds, as far as the updates do not tell of them."""
        updates = (update for p in listed for outcome in p.outcomes for update in outcome.updates)
        named = dict.fromkeys(self.round_names[update.round_id] for update in updates if update.round_id)
        found = []
        for row in self.round_rows:
            name = self.round_names[row.id]
            key = {"key": name} if name != row.name and name in named else {}
            days = said_days(row, "period")
            entry = {
                **key,
                "name": row.name,
                "period": row.period,
                **days,
                "due": row.due,
                "state": row.state,
            }
            usual = row.period is None and row.due is None and row.state == "open"
            found.append(Listed(name, entry, bool(name) and usual and not key and not days))
        return needed(found, named)

    def _organisations(self, leads: Sequence[Lead], people: Sequence[Json], layouts: str) -> list[Json]:
        """The organisations, as far as people and leads do not tell of them.

        Layouts name them by their ids, so those that ``layouts`` names are written with them.
        """
        said = [entry["organisation"] for entry in people if "organisation" in entry]
        said += [self.organisation_names[lead.organisation_id] for lead in leads if lead.organisation_id]
        named = dict.fromkeys(said)
        found = []
        for row in self.organisation_rows:
            name = self.organisation_names[row.id]
            more = {"id": row.id} if row.id in layouts else {}
            if name != row.name and name in named:
                more["key"] = name
            details = {"short_name": row.short_name, "kind": row.kind, "email": row.email}
            usual = not more and all(value is None for value in details.values())
            found.append(Listed(name, {**more, "name": row.name, **details}, bool(name) and usual))
        return needed(found, named)

    def _people(self) -> list[Json]:
        """The people of whom more is known than leads print, each with all others of that name."""
        entries: list[tuple[str, Json]] = []
        known: set[str] = set()
        for row in self.person_rows:
            entry = self._person(row)
            if row.id in self.person_names:
                entry = {"key": self.person_names[row.id], **entry}
            if entry != default_person(row.printed):
                known.add(row.printed)
            entries.append((row.printed, entry))
        return [entry for printed, entry in entries if printed in known]

    def _person(self, row: Person) -> Json:
        if row.organisation_id is None:
            return where_said(row)
        return {**where_said(row), "organisation": self.organisation_names[row.organisation_id]}

    def _is_to_be_written(self, row: Person, named: bool) -> bool:
        """Whether somebody is known: a bare name that no lead names any longer stays behind."""
        return bool(where_said(row)) and (named or self._person(row) != default_person(row.printed))

    # -- rows

    def priority(self, row: Priority) -> Json:
        return {
            "id": row.id,
            "code": row.code,
            "title": row.title,
            "outcomes_sought": list(row.outcomes_sought),
            "success_criteria": list(row.success_criteria),
            **where_said(row),
            "leads": [self.lead(lead) for lead in row.leads],
            "outcomes": [self.outcome(outcome) for outcome in row.outcomes],
        }

    def outcome(self, row: Outcome) -> Json:
        keys = measure_keys(row)
        return {
            "id": row.id,
            "code": row.code,
            "title": row.title,
            "strategic_plans": list(row.strategic_plans),
            "governance_groups": list(row.governance_groups),
            **where_said(row),
            "leads": [self.lead(lead) for lead in row.leads],
            "measures": [self.measure(measure, keys) for measure in row.measures],
            "actions": [self.action(action, keys) for action in row.actions],
            "updates": [self.update(update, keys) for update in row.updates],
        }

    def measure(self, row: Measure, keys: Mapping[str, str]) -> Json:
        found: Json = {"id": row.id, "code": row.code}
        if row.key or keys[row.id] != row.code:
            found["key"] = keys[row.id]
        return {
            **found,
            "title": row.title,
            "placeholder": row.placeholder,
            "flags": list(row.flags),
            "leads": [self.lead(lead) for lead in row.leads],
            **where_said(row),
            "observations": [self.observation(observation) for observation in row.observations],
        }

    def observation(self, row: Observation) -> Json:
        return {
            "area": row.area,
            **({} if row.series is None else {"series": row.series}),
            "period": row.period,
            **said_days(row, "period"),
            "value": row.words if row.value is None else row.value,
            "unit": row.unit,
            "kind": row.kind,
            **where_said(row),
        }

    def action(self, row: Action, keys: Mapping[str, str]) -> Json:
        return {
            "id": row.id,
            "number": row.number,
            "text": row.text,
            "due": row.due,
            **said_days(row, "due"),
            **where_said(row),
            **({"leads": [self.lead(lead) for lead in row.leads]} if row.leads else {}),
            "measures": [keys[measure.id] for measure in row.measures],
        }

    def update(self, row: Update, keys: Mapping[str, str]) -> Json:
        found: Json = {
            "id": row.id,
            "round": self.round_names[row.round_id] if row.round_id else None,
            "measures": [keys[measure.id] for measure in row.measures],
            "source": row.source,
            "text": row.text,
        }
        return found if row.state == default_state(row.text) else {**found, "state": row.state}

    def lead(self, row: Lead) -> Json:
        return {
            "organisation": self.organisation_names[row.organisation_id] if row.organisation_id else None,
            "people": [self.person_names.get(person.id, person.printed) for person in row.people],
            **where_said(row),
            "note": row.note,
        }

    def section(self, row: Section) -> Json:
        names = ("id", "number", "title", "depth", "text")
        return {name: getattr(row, name) for name in names}

    def recommendation(self, row: Recommendation) -> Json:
        found = {"id": row.id, "number": row.number, "text": row.text, "section": row.section}
        return {**found, **where_said(row), **said_days(row, "due")}

    def row(self, row: Row) -> Json:
        """One row as it stands in plan JSON; as it is kept, where it has no place of its own there."""
        if isinstance(row, Measure):
            return self.measure(row, measure_keys(row.outcome))
        if isinstance(row, Action):
            return self.action(row, measure_keys(row.outcome))
        if isinstance(row, Update):
            return self.update(row, measure_keys(row.outcome))
        if isinstance(row, Priority):
            return self.priority(row)
        if isinstance(row, Outcome):
            return self.outcome(row)
        if isinstance(row, Lead):
            return self.lead(row)
        if isinstance(row, Observation):
            return self.observation(row)
        if isinstance(row, Recommendation):
            return self.recommendation(row)
        return {"id": row.id, **stored_values(row)}

    # -- notes

    def _notes(self, plan: Plan, listed: Sequence[Priority]) -> list[str]:
        """The plan's own notes, then those of single rows, under the addresses of their rows in the file."""
        rows: list[Any] = []
        names: dict[str, str] = {}
        for priority in listed:
            rows.append(priority)
            for outcome in priority.outcomes:
                names |= measure_keys(outcome)
                rows += [outcome, *outcome.measures, *outcome.actions, *outcome.updates]
        rows += [*_rows(self.session, Section), *_rows(self.session, Recommendation)]
        addresses = Addresses(self.session, names)
        own = [f"On plan: {note}" if row_noted(self.session, note) else note for note in plan.notes]
        return [*own, *(f"On {addresses.of(row)}: {row.note}" for row in rows if row.note)]


# ------------------------------------------------------------------ names


def measure_keys(outcome: Outcome) -> dict[str, str]:
    """What names each measure of an outcome in this file: its key, its code, or a name made up."""
    return _names({measure.id: measure.address_part or "" for measure in outcome.measures}, {""})


def _names(printed: Mapping[str, str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """What names each row of a list: what is printed; a name made up where that is reserved or taken."""
    found: dict[str, str] = {}
    used = set(reserved)
    for id_, name in printed.items():
        if name in used:
            name = another_name(name, used | set(printed.values()))
        used.add(name)
        found[id_] = name
    return found


def _person_names(people: Sequence[Person], leads: Sequence[Lead]) -> dict[str, str]:
    """What leads call those people of one name whom their order in a lead does not tell apart.

    Reading takes the second "J. Smith" of a lead for the second person of that name.
    """
    by_name: dict[str, list[str]] = {}
    place: dict[str, int] = {}
    for person in people:
        namesakes = by_name.setdefault(person.printed, [])
        place[person.id] = len(namesakes)
        namesakes.append(person.id)
    mentions = [one for lead in leads for one in _mentions(lead) if one[0] in place]
    mentioned = {id_ for id_, _, _ in mentions}
    mixed = {name for id_, name, at in mentions if place[id_] != at}
    found: dict[str, str] = {}
    for name in sorted(mixed):
        for id_ in by_name[name][1:]:
            if id_ in mentioned:
                found[id_] = another_name(name, {*by_name, *found.values()})
    return found


def _mentions(lead: Lead) -> Iterator[tuple[str, str, int]]:
    """The people of a lead: id, printed name, and how many of that name stand before."""
    before: list[str] = []
    for person in lead.people:
        yield person.id, person.printed, before.count(person.printed)
        before.append(person.printed)


# ------------------------------------------------------------------ small things


def _rows(session: Session, cls: type[AnyRow]) -> list[AnyRow]:
    return [row for row in rows_in_order(session, cls) if isinstance(row, cls)]


def _leads(listed: Sequence[Priority]) -> Iterator[Lead]:
    """All leads, in the order in which they are read."""
    for priority in listed:
        yield from priority.leads
        for outcome in priority.outcomes:
            yield from outcome.leads
            for measure in outcome.measures:
                yield from measure.leads
            for action in outcome.actions:
                yield from action.leads


def _definitions(session: Session, cls: type[PrintLayout] | type[Pack]) -> list[Json]:
    """Layouts or packs, but for those without a name and a word."""
    listed = [{"name": row.name, "definition": row.definition} for row in _rows(session, cls)]
    return [one for one in listed if any(one.values())]


def _part(given: Json, *names: str) -> Json:
    return {name: given[name] for name in names if name in given}
