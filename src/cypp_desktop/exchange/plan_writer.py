"""Plan JSON out of the rows of a plan: what the loader reads, without what it would find by itself.

Keys and their order are those of :mod:`cypp_desktop.exchange.plan_format`. The same plan always gives the
same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from cypp_desktop.exchange.plan_format import Key, KeyKind, keys_of
from cypp_desktop.exchange.plan_loader import default_person, default_state, row_noted
from cypp_desktop.plan.base import Row, fields_of, row_classes, stored_values
from cypp_desktop.plan.dates import runs_backwards
from cypp_desktop.plan.model import (
    Lead,
    Measure,
    Organisation,
    Outcome,
    Person,
    Plan,
    Priority,
    Recommendation,
    Round,
    Section,
)
from cypp_desktop.store.addresses import Addresses
from cypp_desktop.store.commands.fields import span_columns
from cypp_desktop.store.queries import priorities, rows_in_order, the_plan

Json = dict[str, Any]
AnyRow = TypeVar("AnyRow", bound=Row)

#: The rows that are shown alone as they are kept: there is more to say of them than a file would.
_SHOWN_AS_KEPT = (Plan, Round, Organisation, Person, Section)


def says_something(value: Any) -> bool:
    """Whether a value is more than nothing; empty words say that something was taken away."""
    return value is not None and value != {} and value != []


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
    number = 2 if name else 1
    while True:
        made_up = f"{name}-{number}" if name else str(number)
        if made_up not in used:
            return made_up
        number += 1


class PlanWriter:
    """Writes one plan, or single rows of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        #: by what name each organisation, round and measure goes in this file, by id; a person by that where
        #: it is not what leads print
        self.names: dict[str, str] = {}
        self.names |= _names({row.id: row.name for row in _rows(session, Organisation)})
        self.names |= _names({row.id: row.name for row in _rows(session, Round)})
        #: the rows whose name in this file is told, and those whose id is
        self.told_names: set[str] = set()
        self.told_ids: set[str] = set()
        self.priorities: Sequence[Priority] = ()
        #: the lists of the plan's own that are known already, by the type of their rows
        self.lists: dict[str, list[Json]] = {}

    # -- the plan and its lists

    def whole(self) -> Json:
        """The whole plan, keys in the order of the format."""
        plan = the_plan(self.session)
        self.priorities = priorities(self.session, whole=True)
        leads = list(_leads(self.priorities))
        self.lists["print_layout"] = self._list_of_plan("print_layout")
        self.lists["pack"] = self._list_of_plan("pack")
        self.lists["person"] = self._people(leads)
        self.lists["organisation"] = self._organisations(leads)
        self.lists["round"] = self._rounds()
        found = self._entry(plan)
        return {"format": "cypp-plan/1", **found, "notes": self._notes(plan)}

    def _list_of_plan(self, row_type: str) -> list[Json]:
        """A list that stands in no row; a row of which nothing at all is said is left out."""
        if row_type in self.lists:
            return self.lists[row_type]
        if row_type == "priority":
            return [self._entry(row) for row in self.priorities]
        entries = [self._entry(row) for row in rows_in_order(self.session, row_classes()[row_type])]
        return [entry for entry in entries if any(entry.values())]

    def _rounds(self) -> list[Json]:
        """The rounds, as far as the updates do not tell of them."""
        named = []
        for priority in self.priorities:
            for outcome in priority.outcomes:
                named += [self.names[update.round_id] for update in outcome.updates if update.round_id]
        return self._needed(Round, named)

    def _organisations(self, leads: Sequence[Lead]) -> list[Json]:
        """The organisations, as far as people and leads do not tell of them.

        Layouts name them by their ids, so those that layouts name are written with them.
        """
        named = [entry["organisation"] for entry in self.lists["person"] if "organisation" in entry]
        named += [self.names[lead.organisation_id] for lead in leads if lead.organisation_id]
        layouts = str([self.lists["print_layout"], self.lists["pack"]])
        for row in _rows(self.session, Organisation):
            if row.id in layouts:
                self.told_ids.add(row.id)
        return self._needed(Organisation, named)

    def _needed(self, cls: type[Round] | type[Organisation], named: Sequence[str]) -> list[Json]:
        """The rows of a list, as far as ``named``, their names elsewhere in order, does not tell of them."""
        names = set(named)
        found = []
        for row in _rows(self.session, cls):
            name = self.names[row.id]
            if name != row.name and name in names:
                self.told_names.add(row.id)
            entry = self._entry(row)
            says_no_more = entry == self._entry(cls(name=row.name))
            found.append(Listed(name, entry, bool(name) and says_no_more))
        return needed(found, named)

    def _people(self, leads: Sequence[Lead]) -> list[Json]:
        """The people of whom more is known than leads print, each with all others of that name."""
        named: set[str] = set()
        for lead in leads:
            named.update(person.id for person in lead.people)
        people = [row for row in _rows(self.session, Person) if self._is_known(row, row.id in named)]
        special_names = _person_names(people, leads)
        self.names |= special_names
        self.told_names |= set(special_names)
        entries = [(row.printed, self._entry(row)) for row in people]
        known = {printed for printed, entry in entries if entry != default_person(printed)}
        return [entry for printed, entry in entries if printed in known]

    def _is_known(self, row: Person, is_named: bool) -> bool:
        """Whether somebody is known: a bare name that no lead names any longer stays behind."""
        entry = self._entry(row)
        if not set(entry) - {"organisation"}:
            return False
        return is_named or entry != default_person(row.printed)

    # -- rows

    def row(self, row: Row) -> Json:
        """One row as it stands in plan JSON; as it is kept, where it has no place of its own there."""
        if isinstance(row, _SHOWN_AS_KEPT) or row.list_word is None:
            return {"id": row.id, **stored_values(row)}
        return self._entry(row)

    def _entry(self, row: Row) -> Json:
        """The object that stands for a row."""
        found: Json = {}
        days: dict[str, Json] = {}
        for key in keys_of(row.row_type):
            if key.kind is KeyKind.SAID_DAY:
                if key.field not in days:
                    days[key.field] = said_days(row, key.field)
                if key.column in days[key.field]:
                    found[key.name] = days[key.field][key.column]
                continue
            value = self._value(row, key)
            if key.is_always_there or says_something(value):
                holder = found if key.within is None else found.setdefault(key.within, {})
                holder[key.name] = value
        return found

    def _value(self, row: Row, key: Key) -> Any:
        """What stands under a key of the object for a row; None where there is nothing to say."""
        if key.kind in (KeyKind.COLUMN, KeyKind.DATED_WORDS):
            value = getattr(row, key.column)
            return list(value) if isinstance(value, list) else value
        if key.kind is KeyKind.ROWS:
            return self._rows_below(row, key)
        if key.kind is KeyKind.ROWS_NAMED:
            return [self._name(named) for named in getattr(row, key.name)]
        if key.kind is KeyKind.ROW_NAMED:
            row_id = getattr(row, key.column)
            return self.names[row_id] if row_id else None
        if key.kind is KeyKind.NUMBER_OR_WORDS:
            number, words = key.columns
            value = getattr(row, number)
            return getattr(row, words) if value is None else value
        return self._what_is_not_found(row, key)

    def _rows_below(self, row: Row, key: Key) -> list[Json]:
        """The list of the rows that stand in a row, or in the plan itself."""
        if key.owner_column is None:
            return self._list_of_plan(key.row_type)
        return [self._entry(below) for below in getattr(row, key.name)]

    def _what_is_not_found(self, row: Row, key: Key) -> str | None:
        """What is told only where reading would not find it by itself."""
        if key.kind is KeyKind.ID:
            return row.id if key.is_always_there or row.id in self.told_ids else None
        if key.kind is KeyKind.STATE:
            state: str = getattr(row, key.column)
            return None if state == default_state(getattr(row, "text", "")) else state
        if isinstance(row, Measure):
            name = self._name(row)
            return name if row.key or name != row.code else None
        return self.names[row.id] if row.id in self.told_names else None

    def _name(self, row: Row) -> str:
        """By what name a measure or a person goes in this file."""
        if isinstance(row, Measure) and row.id not in self.names:
            self.names |= measure_keys(row.outcome)
        if isinstance(row, Person):
            return self.names.get(row.id, row.printed)
        return self.names[row.id]

    # -- notes

    def _notes(self, plan: Plan) -> list[str]:
        """The plan's own notes, then those of single rows, under the addresses of their rows in the file."""
        rows: list[Any] = []
        for priority in self.priorities:
            rows.append(priority)
            for outcome in priority.outcomes:
                rows += [outcome, *outcome.measures, *outcome.actions, *outcome.updates]
        rows += [*_rows(self.session, Section), *_rows(self.session, Recommendation)]
        addresses = Addresses(self.session, self.names)
        notes = [self._note_on_plan(note) for note in plan.notes]
        return notes + [f"On {addresses.of(row)}: {row.note}" for row in rows if row.note]

    def _note_on_plan(self, note: str) -> str:
        """A note of the plan itself; reading must not take it for that of a row."""
        return f"On plan: {note}" if row_noted(self.session, note) else note


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
    mentioned: set[str] = set()
    mixed: set[str] = set()  # names of which a lead mentions another person than their order says
    for lead in leads:
        for id_, name, at in _mentions(lead):
            if id_ in place:
                mentioned.add(id_)
                if place[id_] != at:
                    mixed.add(name)
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
