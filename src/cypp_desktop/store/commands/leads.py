"""Who leads: organisations and people by name, made where they are not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.base import Row
from cypp_desktop.plan.identity import derived_id
from cypp_desktop.plan.model import (
    Lead,
    LeadPerson,
    LeadRole,
    Organisation,
    Person,
)
from cypp_desktop.plan.ordering import key_between
from cypp_desktop.store.commands.fields import field_words
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.short_names import short_name

AnyRow = TypeVar("AnyRow", bound=Row)
HalfTyped = TypeVar("HalfTyped", Organisation, Person)


@dataclass(frozen=True, slots=True)
class LeadEntry:
    """A lead as a person says it: names, not ids. Unknown names become new rows."""

    organisation: str | None = None
    people: tuple[str, ...] = ()
    role: str | None = None
    note: str | None = None


def organisation_named(editor: Editor, name: str) -> Organisation:
    """The organisation of this name or short name; a new one at the end of the list if there is none."""
    return _known_organisation(editor, name) or _append(editor, Organisation(name=_one_line(name)))


def person_named(editor: Editor, name: str) -> Person:
    """The person of this name or post; a new one at the end of the list if there is none."""
    return _known_person(editor, name) or _append(editor, Person(name=_one_line(name)))


def _known_organisation(editor: Editor, name: str) -> Organisation | None:
    wanted = _one_line(name)
    statement = select(Organisation).where(
        (Organisation.name == wanted) | (Organisation.short_name == wanted)
    )
    return editor.session.scalars(statement.order_by(Organisation.sort_key)).first()


def _known_person(editor: Editor, name: str) -> Person | None:
    wanted = _one_line(name)
    statement = select(Person).where(
        (Person.name == wanted) | (Person.name.is_(None) & (Person.post == wanted))
    )
    return editor.session.scalars(statement.order_by(Person.sort_key)).first()


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _append(editor: Editor, row: AnyRow) -> AnyRow:
    cls = type(row)
    last = editor.session.scalar(select(func.max(cls.sort_key)))  # type: ignore[attr-defined]
    row.sort_key = key_between(last, None)  # type: ignore[attr-defined]
    with editor.step(f"Add {field_words(cls.__tablename__)}") as session:
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
    if entry.role is not None and entry.role not in list(LeadRole):
        raise UsageError(f"A lead's role can be one of: {', '.join(LeadRole)}.")
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


def set_organisation(
    editor: Editor, row: Lead | Person, name: str | None, *, half_typed: Organisation | None = None
) -> Organisation | None:
    """Say which organisation a lead or a person is of; a name not known yet becomes a new organisation.

    Gives that new organisation, else None. While a name is being typed it is given back as ``half_typed``:
    it takes the longer name, or goes where the name has become a known one. All of it is one step.
    """
    now = row.organisation
    if (now.name if now else None) == name:
        return half_typed
    sitting = f"{row.row_type}/{row.id}/organisation_id"
    with editor.step(f"Edit organisation of {short_name(row)}", sitting=sitting):
        found = _known_organisation(editor, name) if name else None
        made: Organisation | None = None
        if name and found is None:
            made = _spare(editor, half_typed) or organisation_named(editor, name)
            made.name = _one_line(name)
            found = made
        row.organisation_id = found.id if found else None
        editor.session.flush()
        if half_typed is not found:
            _delete_unnamed(editor, half_typed)
    return made


def set_lead_people(
    editor: Editor, lead: Lead, people: Sequence[Person | str], *, half_typed: Person | None = None
) -> Person | None:
    """Say whom a lead names, in printed order: people of the plan, or names; unknown ones are added.

    Gives the new person of the last name, else None. While that name is being typed, they are given back as
    ``half_typed``, as in :func:`set_organisation`.
    """
    wanted = [person.id if isinstance(person, Person) else person for person in people]
    if [person.id for person in lead.people] == wanted:
        return half_typed
    with editor.step(f"Edit people of {short_name(lead)}", sitting=f"lead/{lead.id}/person_id"):
        named: list[Person] = []
        made: Person | None = None
        spare = _spare(editor, half_typed)
        for person in people:
            known = person if isinstance(person, Person) else _known_person(editor, person)
            made = None
            if known is None and isinstance(person, str):
                made, spare = spare or person_named(editor, person), None
                made.name = _one_line(person)
                known = made
            if known is not None:
                named.append(known)
        _name_people(editor, lead, named)
        if half_typed not in named:
            _delete_unnamed(editor, half_typed)
    return made


def _spare(editor: Editor, half_typed: HalfTyped | None) -> HalfTyped | None:
    """What half a name has made, if nothing else names it: it can take the longer name."""
    if half_typed is None or _times_named(editor, half_typed) > 1:
        return None
    return half_typed


def _delete_unnamed(editor: Editor, row: Organisation | Person | None) -> None:
    """Delete what half a name has made, unless something names it meanwhile."""
    if row is not None and not _times_named(editor, row):
        editor.session.delete(row)


def _times_named(editor: Editor, row: Organisation | Person) -> int:
    """How many leads and people name an organisation, or how many leads a person."""
    of_organisation = [Lead.organisation_id, Person.organisation_id]
    links = [LeadPerson.person_id] if isinstance(row, Person) else of_organisation
    counts = [editor.session.scalar(select(func.count()).where(link == row.id)) or 0 for link in links]
    return sum(counts)
