"""The commands of a person on a plan, each one named step of the editor.

The window and the command line call these; nothing else decides how a row is added, moved, copied
or removed, or what the step is called in the undo menu and the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select

from cypp_desktop.errors import PlanRuleBroken, UsageError
from cypp_desktop.plan.base import Row, column_value, fields_of, stored_values
from cypp_desktop.plan.codes import in_order, short_name
from cypp_desktop.plan.dates import parse_span
from cypp_desktop.plan.identity import derived_id, new_id, update_id
from cypp_desktop.plan.model import (
    LEAD_ROLES,
    OBSERVATION_KINDS,
    POLARITIES,
    ROUND_STATES,
    UPDATE_STATES,
    Action,
    ActionMeasure,
    Lead,
    LeadPerson,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Person,
    Priority,
    Recommendation,
    Round,
    Section,
    Update,
    UpdateMeasure,
)
from cypp_desktop.plan.ordering import key_between
from cypp_desktop.plan.queries import update_of
from cypp_desktop.store.editor import Editor

AnyRow = TypeVar("AnyRow", bound=Row)

_CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("update", "state"): UPDATE_STATES,
    ("round", "state"): ROUND_STATES,
    ("lead", "role"): LEAD_ROLES,
    ("observation", "kind"): OBSERVATION_KINDS,
    ("measure", "polarity"): POLARITIES,
}

#: The list of a parent in which a row type stands; top-level rows stand in the plan's own lists.
_LIST_OF: dict[type[Row], str] = {
    Outcome: "outcomes",
    Measure: "measures",
    Action: "actions",
    Update: "updates",
    Observation: "observations",
}
_TOP_LEVEL = (Priority, Section, Recommendation, Round, Organisation, Person)


@dataclass(frozen=True, slots=True)
class LeadEntry:
    """A lead as a person says it: names, not ids. Unknown names become new rows."""

    organisation: str | None = None
    people: tuple[str, ...] = ()
    role: str | None = None
    note: str | None = None


# ------------------------------------------------------------------ one field


def set_field(editor: Editor, row: Row, field: str, value: Any, *, sitting: bool = False) -> None:
    """Give a field of a row a new value: of one column, or a mapping for a field group.

    A due date or period may be given as words alone; its days are worked out from them. With
    ``sitting`` further typing in the same field joins this step.

    Raises UsageError for a field the row does not have or a value it cannot take.
    """
    known = fields_of(type(row)).get(field)
    if known is None or field == "place":
        raise UsageError(f"A {row.row_type.replace('_', ' ')} has no field {field}.")
    columns = _columns(row, field, known.columns, value)
    if all(getattr(row, column) == new for column, new in columns.items()):
        return
    key = f"{row.row_type}/{row.id}/{field}" if sitting else None
    with editor.step(f"Edit {_words(field)} of {short_name(row)}", sitting=key):
        for column, new in columns.items():
            setattr(row, column, new)


def _columns(row: Row, field: str, columns: Sequence[str], value: Any) -> dict[str, Any]:
    if (row.row_type, field) in _CHOICES and value not in (*_CHOICES[row.row_type, field], None):
        allowed = ", ".join(_CHOICES[row.row_type, field])
        raise UsageError(f"{_words(field).capitalize()} can be one of: {allowed}.")
    if len(columns) == 1:
        table_column = type(row).__table__.columns[columns[0]]
        if value is None and not table_column.nullable:
            value = table_column.info.get("default", "")
            value = value() if callable(value) else value
        return {columns[0]: column_value(type(row), columns[0], value)}
    if isinstance(value, Mapping):
        unknown = set(value) - set(columns)
        if unknown:
            raise UsageError(f"{_words(field).capitalize()} has no part {sorted(unknown)[0]}.")
        return {column: column_value(type(row), column, given) for column, given in value.items()}
    return span_columns(field, columns, value)


def span_columns(field: str, columns: Sequence[str], words: str | None) -> dict[str, Any]:
    """The columns of a due date or period group for its printed words."""
    if f"{field}_start" not in columns:
        return {columns[0]: words, **dict.fromkeys(columns[1:])} if words is None else {columns[0]: words}
    span = parse_span(words)
    found = {field: words, f"{field}_start": span.start, f"{field}_end": span.end}
    if f"{field}_precision" in columns:
        found[f"{field}_precision"] = span.precision if words else None
    return found


def _words(field: str) -> str:
    return field.removesuffix("_id").replace("_", " ")


# ------------------------------------------------------------------ rows


def siblings(editor: Editor, cls: type[AnyRow], parent: Row | None) -> list[AnyRow]:
    """The rows of a class in their list: of ``parent``, or of the plan itself."""
    if cls is Lead:
        return list(parent.leads) if parent is not None else []  # type: ignore[attr-defined]
    if cls in _LIST_OF:
        return list(getattr(parent, _LIST_OF[cls]))
    return in_order(editor.session, cls)  # type: ignore[return-value]


def add_row(
    editor: Editor,
    cls: type[AnyRow],
    parent: Row | None = None,
    *,
    after: Row | None = None,
    **values: Any,
) -> AnyRow:
    """Add a row at the end of its list, or just after ``after``; gives the new row."""
    row = cls(**values)
    listed = siblings(editor, cls, parent)
    with editor.step(f"Add {_words(cls.__tablename__)}"):
        _put(row, parent, listed, len(listed) if after is None else listed.index(after) + 1)  # type: ignore[arg-type]
        editor.session.add(row)
    return row


def _put(row: Row, parent: Row | None, listed: Sequence[Row], at: int) -> None:
    """Give ``row`` the place ``at`` among ``listed`` (which does not hold it) in ``parent``."""
    before = listed[at - 1].sort_key if at else None  # type: ignore[attr-defined]
    after = listed[at].sort_key if at < len(listed) else None  # type: ignore[attr-defined]
    row.sort_key = key_between(before, after)  # type: ignore[attr-defined]
    if isinstance(row, Lead):
        for owner in ("priority", "outcome", "measure", "action"):
            same = parent is not None and parent.row_type == owner
            setattr(row, f"{owner}_id", parent.id if same and parent else None)
    elif row.parent_column and parent is not None:
        setattr(row, row.parent_column, parent.id)


def delete_rows(editor: Editor, rows: Iterable[Row]) -> None:
    """Delete rows with all that stands in them; the step can be undone.

    Raises PlanRuleBroken where something else of the plan still names one of them.
    """
    listed = [row for row in rows if not _inside(row, rows)]
    if not listed:
        return
    name = f"Delete {short_name(listed[0])}" if len(listed) == 1 else f"Delete {len(listed)} rows"
    for row in listed:
        if isinstance(row, Organisation) and row.leads:
            raise PlanRuleBroken(
                f"{row.name} leads {_count(row.leads, 'row')} of the plan. Change that first."
            )
        if isinstance(row, Round) and row.updates:
            held = _count(row.updates, "update")
            raise PlanRuleBroken(f"{row.name} holds {held}. Delete or move that first.")
    with editor.step(name) as session:
        for row in listed:
            if isinstance(row, Measure):
                _drop_sole_texts(editor, row)
            session.delete(row)


def _count(rows: Sequence[Row], word: str) -> str:
    return f"{len(rows)} {word}{'' if len(rows) == 1 else 's'}"


def _drop_sole_texts(editor: Editor, measure: Measure) -> None:
    """A text that covers only this measure goes with it: else it would become the outcome's own."""
    for links, owner in ((measure.update_links, "update"), (measure.action_links, "action")):
        for link in links:
            text = getattr(link, owner)
            if {other.measure_id for other in text.measure_links} == {measure.id}:
                editor.session.delete(text)


def _inside(row: Row, others: Iterable[Row]) -> bool:
    ids = {other.id for other in others}
    at: Row | None = parent_of(row)
    while at is not None:
        if at.id in ids:
            return True
        at = parent_of(at)
    return False


def parent_of(row: Row) -> Row | None:
    """The row in which this one stands, or None at the plan's top level."""
    if isinstance(row, Lead):
        return row.priority or row.outcome or row.measure or row.action
    if isinstance(row, Outcome):
        return row.priority
    if isinstance(row, (Measure, Action, Update)):
        return row.outcome
    return row.measure if isinstance(row, Observation) else None


def move_rows(editor: Editor, rows: Sequence[AnyRow], parent: Row | None, at: int) -> None:
    """Move rows of one class, in their order, to position ``at`` of their list in ``parent``.

    ``at`` counts the rows that stay (0 is first). Texts that span measures leave a measure behind
    that moves to another outcome, and go along where it is the only one they cover.
    """
    if not rows:
        return
    cls = type(rows[0])
    staying = [row for row in siblings(editor, cls, parent) if row not in rows]
    at = min(at, len(staying))
    if all(parent_of(row) is parent for row in rows):
        order = [row.id for row in siblings(editor, cls, parent)]
        wanted = [row.id for row in (*staying[:at], *rows, *staying[at:])]
        if order == wanted:
            return
    name = f"Move {short_name(rows[0])}" if len(rows) == 1 else f"Move {len(rows)} rows"
    with editor.step(name):
        for row in rows:
            if isinstance(row, Measure) and isinstance(parent, Outcome) and row.outcome is not parent:
                _take_texts_along(editor, row, parent)
            _put(row, parent, staying, at)
            staying.insert(at, row)
            at += 1


def _take_texts_along(editor: Editor, measure: Measure, outcome: Outcome) -> None:
    for links, owner in ((list(measure.update_links), "update"), (list(measure.action_links), "action")):
        for link in links:
            text = getattr(link, owner)
            if len(text.measure_links) == 1:
                _put(
                    text,
                    outcome,
                    getattr(outcome, _LIST_OF[type(text)]),
                    len(getattr(outcome, _LIST_OF[type(text)])),
                )
            else:
                editor.session.delete(link)


def duplicate_rows(editor: Editor, rows: Sequence[AnyRow]) -> list[AnyRow]:
    """Copy rows with all that stands in them, each just after its original; gives the copies."""
    copies: list[AnyRow] = []
    name = f"Duplicate {short_name(rows[0])}" if len(rows) == 1 else f"Duplicate {len(rows)} rows"
    with editor.step(name) as session:
        for row in rows:
            parent = parent_of(row)
            listed = siblings(editor, type(row), parent)
            copied = _copy(editor, row, {})
            _put(copied, parent, listed, listed.index(row) + 1)
            session.flush()
            session.expire_all()
            copies.append(copied)
    return copies


def _copy(editor: Editor, row: AnyRow, ids: dict[str, str], **changed: Any) -> AnyRow:
    """A copy of a row and of what stands in it; ``ids`` gathers the new id of every row copied."""
    cls = type(row)
    values = {name: column_value(cls, name, value) for name, value in stored_values(row).items()}
    copied = cls(**{**values, **changed, "id": ids.setdefault(row.id, new_id())})
    editor.session.add(copied)
    for name in ("outcomes", "measures", "actions", "updates", "observations", "leads"):
        for child in (
            getattr(row, name, ()) if not isinstance(row, (Action, Update)) or name == "leads" else ()
        ):
            column = f"{row.row_type}_id"
            _copy(editor, child, ids, **{column: copied.id})
    if isinstance(row, Lead):
        for link in row.people_links:
            editor.session.add(
                LeadPerson(
                    id=derived_id("lead_person", copied.id, link.person_id),
                    lead_id=copied.id,
                    person_id=link.person_id,
                    sort_key=link.sort_key,
                )
            )
    if isinstance(row, (Action, Update)):
        for measure_link in row.measure_links:
            _link(editor, copied, ids.get(measure_link.measure_id, measure_link.measure_id))
    return copied


# ------------------------------------------------------------------ what spans measures


def _link(editor: Editor, text: Row, measure_id: str) -> None:
    if isinstance(text, Update):
        editor.session.add(
            UpdateMeasure(
                id=derived_id("update_measure", text.id, measure_id), update_id=text.id, measure_id=measure_id
            )
        )
    else:
        editor.session.add(
            ActionMeasure(
                id=derived_id("action_measure", text.id, measure_id), action_id=text.id, measure_id=measure_id
            )
        )


def set_covered(editor: Editor, text: Update | Action, measures: Iterable[Measure]) -> None:
    """Say which measures an update covers or an action serves; none means the whole outcome."""
    wanted = {measure.id for measure in measures}
    present = {link.measure_id: link for link in text.measure_links}
    if wanted == set(present):
        return
    verb = "covers" if isinstance(text, Update) else "serves"
    with editor.step(f"Change what the {text.row_type} {verb}") as session:
        for measure_id, link in present.items():
            if measure_id not in wanted:
                session.delete(link)
        for measure_id in sorted(wanted - set(present)):
            _link(editor, text, measure_id)


def write_update(editor: Editor, update: Update, text: str, *, sitting: bool = False) -> None:
    """Write an update's text; one that was empty becomes a draft."""
    if update.text == text:
        return
    about = short_name(update.measures[0] if update.measures else update.outcome)
    with editor.step(f"Edit update for {about}", sitting=f"update/{update.id}/text" if sitting else None):
        update.text = text
        if update.state == "empty" and text.strip():
            update.state = "draft"


def set_update_text(
    editor: Editor, measure: Measure, round_: Round | None, text: str, *, sitting: bool = False
) -> Update:
    """Write the update that covers a measure in a round, starting it where there is none yet."""
    update = update_of(measure, round_)
    if update is not None:
        write_update(editor, update, text, sitting=sitting)
        return update
    outcome = measure.outcome
    listed = outcome.updates
    update = Update(
        id=update_id(round_.id if round_ else None, [measure.id], outcome.id),
        round_id=round_.id if round_ else None,
        text=text,
    )
    with editor.step(
        f"Edit update for {short_name(measure)}", sitting=f"update/{update.id}/text" if sitting else None
    ) as session:
        if editor.find(Update, update.id) is not None:
            update.id = new_id()  # the one with this id has since come to cover other measures
        _put(update, outcome, listed, _place_for_update(outcome, measure, listed))
        session.add(update)
        session.flush()
        _link(editor, update, measure.id)
    return update


def _place_for_update(outcome: Outcome, measure: Measure, listed: Sequence[Update]) -> int:
    """After the last update of a measure that stands before this one."""
    order = {m.id: at for at, m in enumerate(outcome.measures)}
    here = order[measure.id]
    at = 0
    for position, update in enumerate(listed):
        firsts = [order[link.measure_id] for link in update.measure_links if link.measure_id in order]
        if firsts and min(firsts) <= here:
            at = position + 1
    return at


# ------------------------------------------------------------------ organisations, people and leads


def organisation_named(editor: Editor, name: str) -> Organisation:
    """The organisation of this name or short name; a new one at the end of the list if there is none."""
    wanted = " ".join(name.split())
    found = editor.session.scalars(
        select(Organisation)
        .where((Organisation.name == wanted) | (Organisation.short_name == wanted))
        .order_by(Organisation.sort_key)
    ).first()
    return found or _append(editor, Organisation(name=wanted))


def person_named(editor: Editor, name: str) -> Person:
    """The person of this name or post; a new one at the end of the list if there is none."""
    wanted = " ".join(name.split())
    found = editor.session.scalars(
        select(Person)
        .where((Person.name == wanted) | (Person.name.is_(None) & (Person.post == wanted)))
        .order_by(Person.sort_key)
    ).first()
    return found or _append(editor, Person(name=wanted))


def _append(editor: Editor, row: AnyRow) -> AnyRow:
    cls = type(row)
    last = editor.session.scalar(select(func.max(cls.sort_key)))  # type: ignore[attr-defined]
    row.sort_key = key_between(last, None)  # type: ignore[attr-defined]
    with editor.step(f"Add {_words(cls.__tablename__)}") as session:
        session.add(row)
        session.flush()
    return row


def set_leads(editor: Editor, owner: Row, entries: Sequence[LeadEntry]) -> None:
    """Say who leads a priority, outcome, measure or action, in printed order.

    A lead that stays as it was keeps its id; organisations and people not known yet are added.
    """
    present: list[Lead] = list(owner.leads)  # type: ignore[attr-defined]
    if [lead_entry(lead) for lead in present] == list(entries):
        return
    with editor.step(f"Edit leads of {short_name(owner)}") as session:
        for lead in present[len(entries) :]:
            session.delete(lead)
        last: str | None = None
        for at, entry in enumerate(entries):
            if at < len(present):
                lead = present[at]
            else:
                lead = Lead(**{f"{owner.row_type}_id": owner.id}, sort_key=key_between(last, None))
                session.add(lead)
            last = lead.sort_key
            _fill_lead(editor, lead, entry)


def lead_entry(lead: Lead) -> LeadEntry:
    """A lead in names."""
    return LeadEntry(
        lead.organisation.name if lead.organisation else None,
        tuple(person.printed for person in lead.people),
        lead.role,
        lead.note,
    )


def _fill_lead(editor: Editor, lead: Lead, entry: LeadEntry) -> None:
    if entry.role is not None and entry.role not in LEAD_ROLES:
        raise UsageError(f"A lead's role can be one of: {', '.join(LEAD_ROLES)}.")
    organisation = organisation_named(editor, entry.organisation) if entry.organisation else None
    lead.organisation_id = organisation.id if organisation else None
    lead.role = entry.role
    lead.note = entry.note
    editor.session.flush()
    _name_people(editor, lead, [person_named(editor, name) for name in entry.people if name.strip()])


def _name_people(editor: Editor, lead: Lead, people: Iterable[Person]) -> None:
    """Make these the people that a lead names, in this order; links that stay keep their ids."""
    wanted = list(dict.fromkeys(person.id for person in people))
    present = {link.person_id: link for link in lead.people_links}
    for person_id, link in present.items():
        if person_id not in wanted:
            editor.session.delete(link)
    last: str | None = None
    for person_id in wanted:
        kept = present.get(person_id)
        if kept is not None and (last is None or kept.sort_key > last):
            last = kept.sort_key
            continue
        last = key_between(last, None)
        if kept is not None:
            kept.sort_key = last
        else:
            editor.session.add(
                LeadPerson(
                    id=derived_id("lead_person", lead.id, person_id),
                    lead_id=lead.id,
                    person_id=person_id,
                    sort_key=last,
                )
            )
    editor.session.flush()


def set_organisation(editor: Editor, row: Lead | Person, name: str | None) -> None:
    """Say which organisation a lead or a person is of; a name not known yet becomes a new organisation."""
    now = row.organisation
    if (now.name if now else None) == name:
        return
    with editor.step(f"Edit organisation of {short_name(row)}"):
        row.organisation_id = organisation_named(editor, name).id if name else None


def set_lead_people(editor: Editor, lead: Lead, people: Sequence[Person | str]) -> None:
    """Say whom a lead names, in printed order: people of the plan, or names; unknown ones are added."""
    if [person.id for person in lead.people] == [p.id if isinstance(p, Person) else p for p in people]:
        return
    with editor.step(f"Edit people of {short_name(lead)}"):
        known = [p if isinstance(p, Person) else person_named(editor, p) for p in people if p]
        _name_people(editor, lead, known)
