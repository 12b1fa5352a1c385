"""A plan as plain text for the command line, and typed words as values of its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy.orm import Session, object_session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.base import Field, Row, fields_of, stored_values
from cypp_desktop.plan.figures import parsed_value
from cypp_desktop.plan.model import Action, Measure, Observation, Outcome, Update
from cypp_desktop.plan.shape import led_types, rows_in
from cypp_desktop.plan.words import cut
from cypp_desktop.store.addresses import Addresses, address_of, row_at
from cypp_desktop.store.changes import CREATED, DELETED
from cypp_desktop.store.commands import LeadEntry, lead_entry
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.history_words import Said
from cypp_desktop.store.queries import priorities, the_plan

_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


# ------------------------------------------------------------------ showing


def outline_text(session: Session) -> str:
    """The plan's tree, one line a row, each with its address."""
    plan, address_of = the_plan(session), Addresses(session).of
    lines = [plan.title]
    for priority in priorities(session, whole=True):
        lines.append(f"{address_of(priority)}  {priority.title or ''}".rstrip())
        for outcome in priority.outcomes:
            lines.append(f"  {address_of(outcome)}  {outcome.title}")
            lines += [f"    {address_of(measure)}  {measure.title}" for measure in outcome.measures]
            lines += [f"    {address_of(action)}  {_first_line(action.text)}" for action in outcome.actions]
    return "\n".join(lines) + "\n"


def row_text(row: Row) -> str:
    """One row with all its fields that say something, and the texts that cover it."""
    lines = [f"{row.row_type.replace('_', ' ').capitalize()} {address_of(row)}"]
    lines += _field_lines(row)
    if row.row_type in led_types():
        for lead in rows_in(row, "lead"):
            lines += _labelled("lead", lead_text(lead_entry(lead)))
    if isinstance(row, Measure):
        lines += [_observation_line(observation) for observation in row.observations]
    for text in _texts_about(row):
        lines += _text_of(text)
    if isinstance(row, (Action, Update)):
        lines += _labelled("measures", [measure.address_part or measure.title for measure in row.measures])
    return "\n".join(lines) + "\n"


def _field_lines(row: Row) -> list[str]:
    """The fields of a row that say something, but for where it stands and what it is linked with."""
    lines: list[str] = []
    values = stored_values(row)
    for name, field in fields_of(type(row)).items():
        said = values[field.columns[0]]
        if field.kind not in ("place", "link", "object") and said not in (None, "", [], False):
            lines += _labelled(name.replace("_", " "), said)
    return lines


def _observation_line(observation: Observation) -> str:
    value = observation.words if observation.value is None else observation.value
    about = [observation.series, observation.area, observation.period]
    about_words = ", ".join(words for words in about if words)
    return f"{observation.kind}: {value} {observation.unit or ''} {about_words}".rstrip()


def _texts_about(row: Row) -> list[Update | Action]:
    """The updates and actions that cover a measure, or stand in an outcome."""
    texts: list[Update | Action] = []
    if isinstance(row, Measure):
        texts += [link.update for link in row.update_links]
        texts += [link.action for link in row.action_links]
    elif isinstance(row, Outcome):
        texts += row.updates
        texts += row.actions
    return texts


def _text_of(text: Update | Action) -> list[str]:
    name = "action" if isinstance(text, Action) else "update"
    if isinstance(text, Update) and text.round is not None:
        name = text.round.name
    return _labelled(f"{name} ({address_of(text)})", text.text)


def _labelled(name: str, said: Any) -> list[str]:
    listed = said if isinstance(said, list) else [str(said)]
    if len(listed) == 1 and "\n" not in listed[0]:
        return [f"{name}: {listed[0]}"]
    lines = [f"{name}:"]
    for entry in listed:
        lines += [f"  {line}" for line in entry.split("\n")]
    return lines


def _first_line(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= 90 else line[:89] + "…"


def entry_text(entry: HistoryEntry, place: str, said: Said) -> str:
    """One change of the history as two lines, in words: names, not ids."""
    claimed = f" (dated {entry.claimed_at} in the file)" if entry.claimed_at else ""
    return f"{entry.at}{claimed}  {entry.author}  {entry.step}  [{place}]\n    {_difference(entry, said)}"


def _difference(entry: HistoryEntry, said: Said) -> str:
    removed = f" [{said.removed.replace(chr(10), '; ')}]" if said.removed else ""
    return _what_changed(entry, said) + removed


def _what_changed(entry: HistoryEntry, said: Said) -> str:
    if entry.field in (CREATED, DELETED):
        words = said.after or said.before
        return f"{said.label}: {_brief(words)}" if words else said.label
    return f"{said.label}: {_brief(said.before)} -> {_brief(said.after)}"


def _brief(words: str) -> str:
    line = cut(words)
    return f"“{line}”" if line else "nothing"


def entry_json(entry: HistoryEntry, place: str, said: Said) -> dict[str, Any]:
    """One change of the history as a JSON object; ``shown`` is the same in words."""
    return {
        "at": entry.at,
        "author": entry.author,
        "claimed": entry.claim._asdict() if entry.claim else None,
        "step": entry.step,
        "address": place,
        "row_type": entry.row_type,
        "row_id": entry.row_id,
        "field": entry.field,
        "before": entry.before,
        "value": entry.value,
        "shown": {"label": said.label, "before": said.before, "after": said.after},
    } | ({"removed": said.removed} if said.removed else {})


# ------------------------------------------------------------------ typed words


def parse_value(row: Row, field: str, words: str) -> Any:
    """The value of a field for what a person typed. Raises UsageError with what is expected."""
    known = fields_of(type(row)).get(field)
    if known is None or known.kind in ("place", "object"):
        raise UsageError(_no_such_field(row, field))
    if field == "value" and isinstance(row, Observation):
        return parsed_value(words, row.unit)
    if field == "depth":
        return _depth(words)
    if field == "unit" and len(known.columns) > 1:
        return {"unit": words or None}
    return _of_kind(row, known, words)


def _of_kind(row: Row, field: Field, words: str) -> Any:
    """The value for what was typed in a field that holds flags, lists, links, days or words."""
    match field.kind:
        case "flag":
            return _flag(field.name, words)
        case "list":
            return _listed(words)
        case "link":
            return _linked(row, field, words)
        case "date" if words:
            return _day(field.name, words.strip())
    nullable = type(row).__table__.columns[field.columns[0]].nullable
    return words if words or not nullable else None


def _no_such_field(row: Row, field: str) -> str:
    fields = fields_of(type(row)).items()
    names = ", ".join(name for name, each in fields if each.kind not in ("place", "object"))
    return f"A {row.row_type.replace('_', ' ')} has no field {field}. It has: {names}."


def _flag(field: str, words: str) -> bool:
    if words.strip().lower() not in _YES:
        raise UsageError(f"{field} is yes or no.")
    return _YES[words.strip().lower()]


def _depth(words: str) -> int:
    if not re.fullmatch(r"\s*[1-6]\s*", words):
        raise UsageError("depth is a whole number from 1 to 6.")
    return int(words)


def _listed(words: str) -> list[str]:
    if words.lstrip().startswith("["):
        try:
            found = json.loads(words)
        except ValueError:
            found = None
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise UsageError("A list is a line for each entry, or a JSON list of words.")
        return found
    return [line.strip() for line in words.split("\n") if line.strip()]


def _day(field: str, words: str) -> str:
    try:
        if len(words) == len("2018-06-15"):
            return date.fromisoformat(words).isoformat()
    except ValueError:
        pass
    raise UsageError(f"{field} is a date as 2018-06-15.")


def _linked(row: Row, field: Field, words: str) -> str | None:
    """The id of the row that is named: an organisation by its name, any by its place in its list."""
    if not words.strip():
        return None
    session = object_session(row)
    assert session is not None
    column = type(row).__table__.columns[field.columns[0]]
    target = next(iter(column.foreign_keys)).column.table.name
    return row_at(session, f"{target}s/{words}").id


def lead_text(entry: LeadEntry) -> str:
    """A lead on one line: ``Organisation: First person, Second person (role) – note``."""
    text = entry.organisation or ""
    if entry.people:
        text += ": " + ", ".join(entry.people)
    if entry.role:
        text += f" ({entry.role})"
    return text + (f" – {entry.note}" if entry.note else "")


def parse_leads(words: str) -> list[LeadEntry]:
    """Leads as typed, one a line or parted by semicolons, in the form that :func:`lead_text` writes."""
    return list(_leads(words))


def _leads(words: str) -> Iterator[LeadEntry]:
    for line in re.split(r"[\n;]", words):
        if not line.strip():
            continue
        body, _, note = line.partition(" – ")
        role = None
        if match := re.fullmatch(r"(.*)\((lead|partner|commissioner|data provider)\)\s*", body):
            body, role = match[1], match[2]
        organisation, _, people = body.partition(":")
        yield LeadEntry(
            organisation.strip() or None,
            tuple(name.strip() for name in people.split(",") if name.strip()),
            role,
            note.strip() or None,
        )
