"""People who edit copies of one plan apart, as generated material: what they do, and what comes back."""

from __future__ import annotations

import contextlib
import functools
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from cypp_desktop.errors import PlanRuleBroken, UsageError
from cypp_desktop.plan.base import Row, fields_of, row_classes
from cypp_desktop.plan.model import (
    Action,
    Lead,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Priority,
    Update,
)
from cypp_desktop.store import recorder, schema
from cypp_desktop.store.changes import CREATED, Change, value_in
from cypp_desktop.store.check import check_file, content_digest, rebuilt_rows
from cypp_desktop.store.commands import (
    LeadEntry,
    add_row,
    delete_rows,
    duplicate_rows,
    move_rows,
    set_covered,
    set_field,
    set_leads,
    set_organisation,
    set_update_text,
    write_update,
)
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.log import read_changes
from cypp_desktop.store.materialise import held_rows
from cypp_desktop.store.queries import current_round
from cypp_desktop.store.union import Added, MergeMark, add_changes, marks
from tests.store.plans import small_plan, ticking_clock


@dataclass(frozen=True)
class Deed:
    """One thing that a person does; the numbers choose rows and values."""

    kind: str
    row: int
    other: int


@functools.cache
def _template() -> Path:
    path = Path(tempfile.mkdtemp()) / "base.cypp"
    editor = small_plan(path, clock=lambda: "2018-06-01T00:00:00Z")
    editor.seal()
    editor.close()
    editor.session.get_bind().dispose()  # type: ignore[union-attr]
    return path


@functools.cache
def _desk(name: str) -> tuple[Path, Engine]:
    """A place for a plan that is used again and again: an engine knows its statements from the last time."""
    path = Path(tempfile.mkdtemp()) / "plan.cypp"
    shutil.copy(_template(), path)
    engine = schema.connect(path)

    @event.listens_for(engine, "connect")
    def _no_power_cuts(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return path, engine


_at_desk: dict[str, Person] = {}


class Person:
    """A copy of the plan in someone's hands, with a file id of its own; one at a time of each name."""

    def __init__(self, name: str, source: Person | Path | None = None) -> None:
        self.path, self.engine = _desk(name)
        if name in _at_desk:
            _at_desk[name].editor.close()
        _at_desk[name] = self
        found = source.path if isinstance(source, Person) else source or _template()
        with contextlib.closing(sqlite3.connect(found)) as plan, self.engine.connect() as connection:
            connection.rollback()
            plan.backup(connection.connection.driver_connection)  # type: ignore[arg-type]
        if source is None and name != "holder":
            with self.engine.begin() as connection:
                connection.exec_driver_sql(
                    "UPDATE meta SET value = ? WHERE key = 'file_id'", (f"file of {name}",)
                )
        self.editor = Editor(self.engine, name, clock=ticking_clock)

    def does(self, deeds: Iterable[Deed]) -> Person:
        for deed in deeds:
            try:
                _DEEDS[deed.kind](self.editor, deed)
            except (PlanRuleBroken, UsageError):
                self.editor.session.rollback()
        self.editor.session.rollback()
        return self

    def changes(self) -> list[Change]:
        with self.engine.connect() as connection:
            return read_changes(connection)

    def merge(self, *sets: Iterable[Change]) -> list[Added]:
        """Each set of changes as a batch of its own."""
        self.editor.session.rollback()
        with self.engine.begin() as connection:
            found = [add_changes(connection, changes, batch=f"batch {n}") for n, changes in enumerate(sets)]
        self.editor.session.expire_all()
        return found

    def snapshot(self) -> tuple[str, list[Any]]:
        """What the plan says, and every mark."""
        with self.engine.connect() as connection:
            found = [
                (m.row_type, m.row_id, m.field, m.kind, [h.id for h in m.heads], m.base, m.value)
                for m in marks(connection)
            ]
            return content_digest(connection), found

    def faults(self) -> list[str]:
        """What is wrong with the plan, or with what it remembers of rows that hang on others."""
        self.editor.session.rollback()
        with self.engine.connect() as connection:
            hanging = {(row.row_type, row.row_id) for row in rebuilt_rows(connection) if row.is_held}
            wrong = hanging ^ held_rows(connection)
        return check_file(self.engine).faults + [f"{key} is held wrongly, or not" for key in sorted(wrong)]

    def rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        from cypp_desktop.store.check import _stored_rows

        with self.engine.connect() as connection:
            return {
                (row_type, row_id): values
                for row_type, cls in row_classes().items()
                for row_id, values in _stored_rows(connection, cls)
            }


# ------------------------------------------------------------------ deeds


def _pick(editor: Editor, cls: type[Any], number: int) -> Any:
    rows = editor.session.scalars(select(cls).order_by(cls.id)).all()
    return rows[number % len(rows)] if rows else None


_FIELDS: tuple[tuple[type[Row], str], ...] = (
    (Measure, "title"),
    (Measure, "unit"),
    (Measure, "definition"),
    (Outcome, "strategic_plans"),
    (Outcome, "title"),
    (Priority, "outcomes_sought"),
    (Action, "text"),
    (Action, "due"),
    (Update, "text"),
    (Update, "state"),
    (Organisation, "name"),
    (Observation, "value"),
    (Lead, "role"),
)
_WORDS = ("Babies are well.", "Babies thrive.", "Fewer smoke", "More feed", "words", "words ")


def _edit(editor: Editor, deed: Deed) -> None:
    cls, field = _FIELDS[deed.row % len(_FIELDS)]
    row = _pick(editor, cls, deed.row // len(_FIELDS))
    if row is None:
        return
    word = _WORDS[deed.other % len(_WORDS)]
    value: Any = word
    if field in ("strategic_plans", "outcomes_sought"):
        present = list(getattr(row, field))
        at = deed.other // len(_WORDS) % (len(present) + 1)
        value = [*present[:at], word, *present[at + deed.other % 2 :]]
    elif field == "unit":
        value = {"unit": word, "value_format": None}
    elif field == "value":
        value = {"value": None, "words": word, "unit": None}
    elif field == "state":
        value = ("empty", "draft", "submitted", "agreed")[deed.other % 4]
    elif field == "role":
        value = ("lead", "partner", None)[deed.other % 3]
    set_field(editor, row, field, value)


def _write(editor: Editor, deed: Deed) -> None:
    """Insert, change, drop or move a block of an update's text, or put another form of it."""
    update = _pick(editor, Update, deed.row)
    if update is None:
        return
    blocks = [line for line in update.text.splitlines() if line.strip()]
    at = deed.other % (len(blocks) + 1)
    word = f"- {_WORDS[deed.other // 7 % len(_WORDS)]}"
    match deed.other // 49 % 6:
        case 0 | 1:
            blocks.insert(at, word)
        case 2:
            blocks[at : at + 1] = [word]
        case 3:
            del blocks[at : at + 1]
        case 4:
            blocks = blocks[1:] + blocks[:1]
        case _:
            blocks = [f"{block}  " for block in blocks]
    write_update(editor, update, "\n".join(blocks))


def _start_update(editor: Editor, deed: Deed) -> None:
    if measure := _pick(editor, Measure, deed.row):
        text = f"- {_WORDS[deed.other % len(_WORDS)]}"
        set_update_text(editor, measure, current_round(editor.session), text)


def _cover(editor: Editor, deed: Deed) -> None:
    if text := _pick(editor, Update if deed.other % 3 else Action, deed.row):
        set_covered(editor, text, text.outcome.measures[: deed.other // 3 % 4])


def _lead(editor: Editor, deed: Deed) -> None:
    owner = _pick(editor, (Measure, Outcome, Action)[deed.other % 3], deed.row)
    names = ("Anytown CCG", "Police", "Schools")[deed.other // 3 % 3 :]
    people = ("A. Jones", "C. Lee")[: deed.other // 9 % 3]
    if owner:
        set_leads(editor, owner, [LeadEntry(name, people) for name in names])


def _organisation(editor: Editor, deed: Deed) -> None:
    if lead := _pick(editor, Lead, deed.row):
        set_organisation(editor, lead, ("Police", "Anytown Council", None)[deed.other % 3])


def _add(editor: Editor, deed: Deed) -> None:
    cls, parent = ((Measure, Outcome), (Action, Outcome), (Outcome, Priority), (Observation, Measure))[
        deed.other % 4
    ]
    if into := _pick(editor, parent, deed.row):
        add_row(editor, cls, into)


def _delete(editor: Editor, deed: Deed) -> None:
    kinds = (Measure, Update, Lead, Action, Observation, Outcome, Priority, Organisation)
    if row := _pick(editor, kinds[deed.other % len(kinds)], deed.row):
        delete_rows(editor, [row])


def _move(editor: Editor, deed: Deed) -> None:
    cls, parent = ((Measure, Outcome), (Measure, Outcome), (Outcome, Priority))[deed.other % 3]
    row, into = _pick(editor, cls, deed.row), _pick(editor, parent, deed.other // 3)
    if row and into:
        move_rows(editor, [row], into, deed.other // 12 % 3)


def _duplicate(editor: Editor, deed: Deed) -> None:
    if row := _pick(editor, Measure, deed.row):
        duplicate_rows(editor, [row])


def _undo(editor: Editor, deed: Deed) -> None:
    editor.undo()


def _decide(editor: Editor, deed: Deed) -> None:
    """Decide one of the questions that a merge has left: for a side, for what was there, or to keep a row."""
    found = marks(editor.session.connection())
    if not found:
        return
    mark = found[deed.row % len(found)]
    row = editor.row(mark.row_type, mark.row_id)
    if row is None:
        return
    with editor.step("Decide") as session:
        if mark.field == CREATED:
            recorder.keep(session, [row])
            return
        field = fields_of(type(row))[mark.field]
        offered = [*(value_in(head, field) for head in mark.heads), mark.value]
        recorder.decide(session, row, mark.field, offered[deed.other % len(offered)])


_DEEDS: dict[str, Callable[[Editor, Deed], None]] = {
    "edit": _edit,
    "write": _write,
    "start": _start_update,
    "cover": _cover,
    "lead": _lead,
    "organisation": _organisation,
    "add": _add,
    "delete": _delete,
    "move": _move,
    "duplicate": _duplicate,
    "undo": _undo,
    "decide": _decide,
}
_OFTEN = ("edit", "edit", "write", "write", "delete", *(kind for kind in _DEEDS if kind != "decide"))

DEED = st.builds(Deed, st.sampled_from(_OFTEN), st.integers(0, 26), st.integers(0, 300))
DEEDS = st.lists(DEED, max_size=5)
#: What is done in a plan into which others' work has been merged.
LATER_DEEDS = st.lists(
    DEED | st.builds(Deed, st.sampled_from(("decide", "undo")), st.integers(0, 26), st.integers(0, 300)),
    max_size=5,
)


def people(holder: Sequence[Deed], partners: Sequence[Sequence[Deed]]) -> list[Person]:
    """The plan's holder, then each partner, all having done their deeds."""
    names = ["holder", *(f"partner {number}" for number in range(len(partners)))]
    return [Person(name).does(deeds) for name, deeds in zip(names, (holder, *partners), strict=True)]


# ------------------------------------------------------------------ the rows and marks that cases are about


def new_changes(person: Person, holder: Person) -> list[Change]:
    known = {change.id for change in holder.changes()}
    return [change for change in person.changes() if change.id not in known]


def twin(person: Person, name: str) -> Person:
    """The same file again."""
    person.editor.session.rollback()
    return Person(name, person)


def marks_of(person: Person) -> list[MergeMark]:
    with person.engine.connect() as connection:
        return marks(connection)


def measure_of(person: Person, code: str = "ii") -> Measure:
    measures = select(Measure).where(Measure.code == code).order_by(Measure.id)
    return person.editor.session.scalars(measures).first()  # type: ignore[return-value]


def obesity(person: Person) -> Measure:
    """A measure of which no update says anything yet."""
    return person.editor.session.scalars(select(Measure).where(Measure.title.contains("Obesity"))).one()


def update_of_round(person: Person) -> Update:
    """The update on two measures."""
    return person.editor.session.scalars(select(Update).where(Update.text.contains("Fewer"))).one()


def merged(holder: Person, *partners: Person) -> list[tuple[str, str, str]]:
    """Merge what the partners have; the marks as row type, field and kind."""
    holder.merge(*(partner.changes() for partner in partners))
    assert holder.faults() == []
    return sorted((mark.row_type, mark.field, mark.kind) for mark in marks_of(holder))


def three() -> tuple[Person, Person, Person]:
    holder, a, b = people([], [[], []])
    return holder, a, b
