"""Rows of a new plan out of checked plan JSON, by the keys of :mod:`cypp_desktop.exchange.plan_format`."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.errors import ImportProblem, UsageError
from cypp_desktop.exchange.plan_format import Key, KeyKind, keys_of, types_named, types_noted
from cypp_desktop.plan.base import Row, fields_of, row_classes
from cypp_desktop.plan.identity import derived_id, new_id, update_id
from cypp_desktop.plan.model import Measure, Outcome, Person, Plan, Priority
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


#: As many rows as are made before they are inserted: all of most plans, and few in memory of a large one.
_MOST_WAITING = 5_000


class PlanLoader:
    """Makes the rows of one plan; ``load`` puts them into the plan's tables without committing."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.waiting: list[Row] = []
        self.ids: set[str] = set()
        self.last_places: dict[str, str] = {}
        #: organisations and rounds, by type and by what names them in the file
        self.named: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        self.people: dict[tuple[str, int], Row] = {}
        self.namesakes: Counter[str] = Counter()  # of the people listed
        #: the ids of an outcome's measures, by the outcome's id and by what names them in the file
        self.measures: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.priority_codes: dict[str, str | None] = {}

    def load(self, data: Json) -> None:
        self._add_alone("plan", data, None, {})
        for key in keys_of("plan"):
            if key.kind is not KeyKind.ROWS:
                continue
            if key.row_type in types_named():
                for given in _listed(data, key.name):
                    self._add_listed(key.row_type, given)
            else:
                self._add_below(key, data, None)
        self._insert()
        self._notes(data.get("notes") or ())

    # -- rows

    def _keep(self, row: Row) -> None:
        """Have a row inserted, with others that wait for it."""
        self.waiting.append(row)
        if len(self.waiting) >= _MOST_WAITING:
            self._insert()

    def _insert(self) -> None:
        insert_new(self.session, self.waiting)
        self.waiting = []

    def _add(self, row_type: str, given: Json, owner: Row | None, place: Mapping[str, str]) -> Row:
        """The row for an object of the file, and all below it; ``place`` are the columns of its place."""
        row = self._add_alone(row_type, given, owner, place)
        for key in keys_of(row_type):
            if key.kind is KeyKind.ROWS:
                self._add_below(key, given, row)
        if isinstance(row, Measure) and isinstance(owner, Outcome):
            self._name_measure(row, owner)
        return row

    def _add_alone(self, row_type: str, given: Json, owner: Row | None, place: Mapping[str, str]) -> Row:
        """The row for an object of the file, with its links."""
        keys = keys_of(row_type)
        links = {key: self._ids_named(key, given, owner) for key in keys if key.kind is KeyKind.ROWS_NAMED}
        values = self._values(row_type, given)
        if row_classes()[row_type].json_id is not None:
            values["id"] = self._id(row_type, given, values, owner, links)
        row = row_classes()[row_type](**place, **values)
        self._keep(row)
        if isinstance(row, Priority):
            self.priority_codes[row.id] = row.code
        for key, ids in links.items():
            self._link(row, key, ids)
        return row

    def _add_below(self, key: Key, given: Json, owner: Row | None) -> None:
        """The rows of a list, which stand in ``owner`` or in the plan itself."""
        listed = given.get(key.name) or ()
        for sort_key, inner in zip(spread_keys(len(listed)), listed, strict=True):
            place = {"sort_key": sort_key}
            if owner is not None and key.owner_column is not None:
                place[key.owner_column] = owner.id
            self._add(key.row_type, inner, owner, place)

    def _add_listed(self, row_type: str, given: Json) -> Row:
        """A row of a list whose rows others name, at the end of that list."""
        self.last_places[row_type] = key_between(self.last_places.get(row_type), None)
        row = self._add(row_type, given, None, {"sort_key": self.last_places[row_type]})
        if isinstance(row, Person):
            name = given.get("key") or row.printed
            self.people[name, self.namesakes[name]] = row
            self.namesakes[name] += 1
        else:
            name = given.get("key") or given.get("name") or ""
            self.named[row_type].setdefault(name, row)
        return row

    def _link(self, row: Row, key: Key, ids: Sequence[str]) -> None:
        """The links that join a row to those that it names, in their order."""
        cls = row_classes()[key.link_type]
        assert cls.parent_column is not None and cls.joins is not None
        has_place = "sort_key" in cls.__table__.columns
        for id_, sort_key in zip(ids, spread_keys(len(ids)), strict=True):
            ends = {cls.parent_column: row.id, cls.joins: id_}
            place = {"sort_key": sort_key} if has_place else {}
            self._keep(cls(id=derived_id(key.link_type, row.id, id_), **ends, **place))

    def _id(
        self,
        row_type: str,
        given: Json,
        values: Mapping[str, Any],
        owner: Row | None,
        links: Mapping[Key, Sequence[str]],
    ) -> str:
        """The id that the file says, else a new one; an update has it from its round and what it covers."""
        if given.get("id"):
            return self._unique(given["id"])
        if row_type == "update" and owner is not None:
            (measure_ids,) = links.values()
            id_ = update_id(values.get("round_id"), measure_ids, owner.id)
            if id_ not in self.ids:
                return self._unique(id_)
        return new_id()

    def _unique(self, id_: str) -> str:
        id_ = str(uuid.UUID(id_))
        if id_ in self.ids:
            raise ImportProblem(f"The plan file uses the id {id_} twice.")
        self.ids.add(id_)
        return id_

    # -- columns

    def _values(self, row_type: str, given: Json) -> dict[str, Any]:
        """The columns of which an object says something; the others have what a new row has."""
        values: dict[str, Any] = {}
        for key in keys_of(row_type):
            if key.kind is KeyKind.DATED_WORDS:
                values |= _span(row_classes()[row_type], given, key.name)
            elif key.kind is KeyKind.STATE:
                values[key.column] = given.get(key.name) or default_state(given.get("text") or "")
            elif key.columns and key.kind is not KeyKind.SAID_DAY:
                holder = given if key.within is None else given.get(key.within) or {}
                value = holder.get(key.name)
                if value is not None:
                    values |= self._columns_told(key, value)
        return values

    def _columns_told(self, key: Key, value: Any) -> dict[str, Any]:
        """The column that a value tells, and what it holds then."""
        if key.kind is KeyKind.ROW_NAMED:
            return {key.column: self._id_named(key, value)}
        if key.kind is KeyKind.NAME_IN_FILE:
            return {key.column: value or None}
        if key.kind is KeyKind.NUMBER_OR_WORDS:
            number, words = key.columns
            return {words: value} if isinstance(value, str) else {number: Decimal(str(value))}
        return {key.column: _kept(value)}

    # -- rows by their names

    def _id_named(self, key: Key, name: str) -> str | None:
        """The id of the organisation or round of a name, which is made where the file does not list it.

        A name without letters means one only where it is listed.
        """
        named = self.named[key.row_type]
        if name not in named:
            if not name:
                return None
            self._add_listed(key.row_type, {"name": name})
        return named[name].id

    def _ids_named(self, key: Key, given: Json, owner: Row | None) -> list[str]:
        """The ids of the rows that an object names under a key: people, or measures of its outcome."""
        names: list[str] = given.get(key.name) or []
        if key.row_type == "person":
            return [self._person(name, names[:at].count(name)).id for at, name in enumerate(names)]
        assert isinstance(owner, Outcome)
        measures = self.measures[owner.id]
        found = []
        for name in dict.fromkeys(names):
            if name not in measures:
                place = self._place(owner)
                raise ImportProblem(
                    f"A text of {place} names the measure {name!r}, which is not in that outcome."
                )
            found.append(measures[name])
        return found

    def _person(self, name: str, namesake: int) -> Row:
        """The person of a name; a lead that names two alike means two people."""
        if (name, namesake) not in self.people:
            self.last_places["person"] = key_between(self.last_places.get("person"), None)
            row = Person(sort_key=self.last_places["person"], **default_person(name))
            self.people[name, namesake] = row
            self._keep(row)
        return self.people[name, namesake]

    def _name_measure(self, row: Measure, outcome: Outcome) -> None:
        """From here on the texts of the outcome can name this measure."""
        name = row.address_part
        if name in self.measures[outcome.id]:
            raise ImportProblem(
                f"Two measures of {self._place(outcome)} are both named {name!r}: one needs another key."
            )
        if name:
            self.measures[outcome.id][name] = row.id

    def _place(self, outcome: Outcome) -> str:
        return f"{self.priority_codes[outcome.priority_id]}/{outcome.code}"

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
    if not isinstance(row, types_noted()):
        return None
    return the_plan(session) if match[1] else row


def _listed(data: Json, name: str) -> Sequence[Json]:
    """The entries of a list whose rows others name; a key must mean one of them and nothing else."""
    listed: Sequence[Json] = data.get(name) or ()
    taken = {given.get("name") or given.get("post") or "" for given in listed}
    for given in listed:
        key = given.get("key")
        if key and key in taken:
            raise ImportProblem(f"The plan file names two of its {name} {key[:60]!r}: one needs another key.")
        if key:
            taken.add(key)
    return listed


def _span(cls: type[Row], given: Json, field: str) -> dict[str, Any]:
    """A due date or period with its days: those that the file says, else those that the words mean."""
    columns = fields_of(cls)[field].columns
    found = span_columns(field, columns, given.get(field))
    days = [column for column in columns if column != field]
    if any(column in given for column in days):
        found |= {column: given.get(column) for column in days}
    return found


def _kept(value: Any) -> Any:
    """A value as a plan keeps it: the numbers of settings as JSON writes them again the same way."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: _kept(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_kept(inner) for inner in value]
    return value
