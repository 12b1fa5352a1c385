"""No word leaves that its reader may not have: every column of every row says a word of its own, now and in
the past; every way out is taken and unpacked; and each word found there is asked for.

What may leave is what :mod:`cypp_desktop.plan.readers` says. A new column is marked by itself.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cypp_desktop import settings
from cypp_desktop.bugs import BugLog, log_file
from cypp_desktop.command_line.main import run
from cypp_desktop.exchange.export import export_plan
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.merge.model import Scope
from cypp_desktop.merge.returns import board, reminder
from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.model import (
    ActionMeasure,
    IssuedReturn,
    Lead,
    LeadPerson,
    Measure,
    Observation,
    Organisation,
    Pack,
    PrintLayout,
    Round,
    Section,
    Update,
    UpdateMeasure,
)
from cypp_desktop.plan.readers import Reader, ReaderKind, column_may_leave, may_leave
from cypp_desktop.report.layouts import LAYOUTS, find_layout
from cypp_desktop.report.output import print_paper
from cypp_desktop.report.packs import PACKS, find_pack, pack_paper
from cypp_desktop.report.paper import Paper
from cypp_desktop.report.paper_builder import layout_paper
from cypp_desktop.report.printed_data import printed_data
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.secrets_of_plan import SECRET
from tests.report.marked import MarkedPlan, everything_in_pdf
from tests.report.printing import wished

PATH, ACCOUNT, HOME, COLLEAGUE, PASSWORD = (f"zq90000{number}x" for number in range(5))
#: Words that no reader of any file may have, with what they are.
NOBODYS = {PATH: "a folder", ACCOUNT: "the account", HOME: "the program's folder", PASSWORD: "a password"}
_MARK = re.compile(r"zq\d+x")
_NOTE = "Please write."
_MARKABLE = ("words", "markdown", "list")


@dataclass
class Marks:
    """Whose each word is: a column of a row. ``past`` are those that the plan says no more."""

    now: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    past: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def new_past(self, row: Row, column: str) -> str:
        mark = f"zq{500_000 + len(self.past)}x"
        self.past[mark] = (row.row_type, row.id, column)
        return mark

    def offenders(self, found: Iterable[str], reader: Reader, *, allowed: Iterable[str] = ()) -> list[str]:
        """What of the words found this reader may not have, in words."""
        told: list[str] = []
        for mark in sorted(set(found) - set(allowed)):
            if mark in self.now:
                row_type, row_id, column = self.now[mark]
                if not may_leave(reader, row_type, row_id, column):
                    told.append(f"{row_type}.{column} of {row_id}")
            elif mark in self.past:
                told.append(f"{'.'.join(self.past[mark][::2])} as it once was")
            else:
                told.append(NOBODYS.get(mark, f"a colleague's name or {mark}"))
        return told


def markable(row: Row) -> Iterator[tuple[str, Any]]:
    """The columns of a row that can hold any words, with what they say."""
    for column in row.__table__.columns:
        is_name = isinstance(row, PrintLayout | Pack) and column.key == "name"
        is_number = isinstance(row, Observation) and column.key == "words" and row.value is not None
        if column.info.get("kind") in _MARKABLE and not is_name and not is_number:
            yield column.key, getattr(row, column.key)


def with_past(marked: MarkedPlan) -> Marks:
    """Give every column of every row a past that was overwritten; some rows one that was undone, or that
    were deleted.
    """
    marks, editor, session = Marks(), marked.editor, marked.editor.session
    rows = [row for cls in row_classes().values() for row in session.query(cls).order_by(cls.id)]
    with editor.step("Say no words where there is a number"):
        for row in session.query(Observation):
            if row.value is not None:
                row.words = None
    for row in rows:
        for column in row.__table__.columns:
            for mark in _MARK.findall(json.dumps(getattr(row, column.key), default=str)):
                marks.now[mark] = (row.row_type, row.id, column.key)
    editor.author = COLLEAGUE
    was = {row: dict(markable(row)) for row in rows}
    with editor.step("Overwrite"):
        for row, columns in was.items():
            for column, value in columns.items():
                mark = marks.new_past(row, column)
                setattr(row, column, [mark] if isinstance(value, list) else mark)
    with editor.step("Say it again"):
        for row, columns in was.items():
            for column, value in columns.items():
                setattr(row, column, value)
    for row in rows:
        name = next((name for name, _ in markable(row)), None)
        if name is not None:
            with editor.step("Say what is undone"):
                mark = marks.new_past(row, name)
                setattr(row, name, [mark] if isinstance(getattr(row, name), list) else mark)
            editor.undo()
    first = session.query(Update).first()
    measure = session.query(Measure).first()
    gone = [
        Update(outcome_id=first.outcome_id, round_id=first.round_id, sort_key="zz"),
        Observation(measure_id=measure.id, sort_key="zz"),
        Section(sort_key="zz"),
    ]
    with editor.step("Add what goes"):
        for row in gone:
            for name, value in markable(row):
                mark = marks.new_past(row, name)
                setattr(row, name, [mark] if isinstance(value, list) else mark)
            session.add(row)
    with editor.step("Delete it"):
        for row in gone:
            session.delete(row)
    editor.author = "Ann"
    return marks


@dataclass
class Place:
    """An office: a plan in a folder, and what its words are."""

    plan: OpenPlan
    marks: Marks
    folder: Path

    @property
    def session(self) -> Session:
        return self.plan.editor.session

    def check(self, out: bytes | str, reader: Reader, **more: Any) -> None:
        """No word is in what leaves that its reader may not have, nor what proves it to be of the plan."""
        secret = self.plan.editor.meta(SECRET)
        assert secret and secret not in (out if isinstance(out, str) else out.decode("latin-1"))
        assert self.marks.offenders(found_in(out), reader, **more) == []


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("office") / PATH
    folder.mkdir()
    marked = MarkedPlan(folder / "made")
    marks = with_past(marked)
    marked.editor.seal()
    marked.editor.close()
    marked.editor.session.get_bind().dispose()  # type: ignore[union-attr]
    target = (marked.folder / "working.cypp").rename(folder / "City.cypp")
    with pytest.MonkeyPatch.context() as patch:
        as_somebody(patch, folder)
        with OpenPlan.open(target, author="Ann") as plan:
            yield Place(plan, marks, folder)


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    as_somebody(monkeypatch, place.folder)


def as_somebody(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Work under an account and in folders of which nobody is to hear."""
    for name in ("USER", "LOGNAME", "USERNAME"):
        patch.setenv(name, ACCOUNT)
    patch.setattr("getpass.getuser", lambda: ACCOUNT)
    patch.setenv("CYPP_DESKTOP_HOME", str(folder / HOME))
    patch.chdir(folder)


def found_in(out: bytes | str) -> set[str]:
    """The words in a file, unpacked: streams and attachments, parts of a package, pages of a database."""
    if isinstance(out, str):
        return set(_MARK.findall(out.casefold()))
    words = out.decode("latin-1")
    if out.startswith(b"%PDF"):
        words += everything_in_pdf(out)
    elif out.startswith(b"PK"):
        words = " ".join(parts_of(out))
    return set(_MARK.findall(words.casefold())) | set(_MARK.findall("".join(words.casefold().split())))


def parts_of(package: bytes) -> Iterator[str]:
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(package)) as parts:
        for name in parts.namelist():
            yield name + parts.read(name).decode("utf-8", "replace")


# ---------------------------------------------------------------------------------- paper

PAPERS: dict[str, Callable[[Session], Paper]] = {
    "update": lambda session: layout_paper(session, find_layout(session, "update"), wished()),
    "return form": lambda session: layout_paper(session, find_layout(session, "return-form"), wished()),
    "board": lambda session: pack_paper(session, find_pack(session, "board"), wished()),
}


@pytest.mark.parametrize("what", PAPERS)
@pytest.mark.parametrize("ending", ["pdf", "pdf with data", "html", "docx"])
def test_paper(place: Place, what: str, ending: str) -> None:
    paper = PAPERS[what](place.session)
    out = place.folder / f"print.{ending.split()[0]}"
    attachments = printed_data(place.session, paper) if "data" in ending else ()
    print_paper(paper, out, attachments=attachments, made_from=place.plan.target)
    place.check(out.read_bytes(), Reader(kind=ReaderKind.PAPER, chosen=paper.printed))


@pytest.mark.parametrize("name", (*LAYOUTS, *PACKS))
def test_no_paper_tells_what_is_for_none(place: Place, name: str) -> None:
    """Also where a paper tells of the past, or of the whole plan."""
    session = place.session
    if name in PACKS:
        paper = pack_paper(session, find_pack(session, name), wished())
    else:
        paper = layout_paper(session, find_layout(session, name), wished())
    out = place.folder / "print.html"
    print_paper(paper, out, made_from=place.plan.target)
    told = found_in(out.read_bytes())
    rows = {**place.marks.now, **place.marks.past}
    columns = {rows[mark][::2] for mark in told if mark in rows}
    assert [each for each in columns if not column_may_leave(ReaderKind.PAPER, *each)] == []
    assert told.isdisjoint(NOBODYS)


def test_names_of_files_for_each_organisation(place: Place) -> None:
    place.plan.publish()
    folder = place.folder / "prints"
    folder.mkdir()
    words = ["print", str(place.plan.target), "--layout", "update", "--each-organisation"]
    assert run([*words, "-o", str(folder / "update.html")]) == 0
    names = " ".join(path.name for path in folder.iterdir())
    called = {
        mark
        for mark, (kind, _, column) in place.marks.now.items()
        if kind == "organisation" and "name" in column
    }
    assert found_in(names) and found_in(names) <= called


# ---------------------------------------------------------------------------------- exports, letters, the log


@pytest.mark.parametrize("notes", [True, False])
def test_plan_json(place: Place, notes: bool) -> None:
    kind = ReaderKind.EXPORT if notes else ReaderKind.EXPORT_WITHOUT_NOTES
    exported = export_plan(place.session, notes=notes)
    place.check(exported.text, Reader(kind=kind))
    place.check(exported.left_out, Reader(kind=ReaderKind.LOG))
    says = {place.marks.now[mark][::2] for mark in found_in(exported.text)}
    assert (("measure", "note") in says) is notes


def test_the_log_of_bugs(place: Place) -> None:
    try:
        raise ValueError(f"{next(iter(place.marks.now))} in {place.folder}")
    except ValueError as problem:
        with contextlib.closing(BugLog()) as log:
            log.write(problem)
    place.check(log_file().read_bytes(), Reader(kind=ReaderKind.LOG))


def test_the_note_beside_the_file(place: Place) -> None:
    notes = [path for path in place.folder.iterdir() if path.suffix == ".open"]
    assert len(notes) == 1
    place.check(notes[0].read_bytes(), Reader(kind=ReaderKind.LOG))


def test_a_copy_for_a_colleague_says_nothing_of_this_machine(place: Place) -> None:
    copy = place.plan.save_copy(place.folder / "copy.cypp")
    found = found_in(copy.read_bytes())
    assert found >= set(place.marks.now)  # a colleague is given all that the plan says
    assert found.isdisjoint(NOBODYS)


# ---------------------------------------------------------------------------------- returns


@dataclass(frozen=True)
class Asked:
    """The rows that one organisation is shown, worked out from what it was asked for."""

    rows: frozenset[tuple[str, str]]

    def holds(self, row_type: str, row_id: str, column: str) -> bool:
        return (row_type, row_id) in self.rows


def asked_of(session: Session, sent: IssuedReturn, rounds: set[str]) -> Asked:
    scope = Scope.from_json(sent.scope)
    actions = set(scope.actions)
    updates = set(scope.updates)
    for link in session.query(ActionMeasure):
        if link.measure_id in scope.measures:
            actions.add(link.action_id)
    for link in session.query(UpdateMeasure):
        if link.measure_id in scope.measures and link.update.round_id in rounds:
            updates.add(link.update_id)
    for update in session.query(Update):
        if update.outcome_id in scope.outcomes and not update.measure_links and update.round_id in rounds:
            updates.add(update.id)
    texts = {("action", id_) for id_ in actions} | {("update", id_) for id_ in updates}
    found = {*texts, *(("round", id_) for id_ in rounds), ("organisation", sent.organisation_id or "")}
    found |= {("plan", row.id) for row in session.query(row_classes()["plan"])}
    measures = {*scope.measures}
    for link_type in (ActionMeasure, UpdateMeasure):
        for link in session.query(link_type):
            if (link.row_type.removesuffix("_measure"), link.parent_id) in texts:
                found.add((link.row_type, link.id))
                measures.add(link.measure_id)
    found |= {("measure", id_) for id_ in measures}
    found |= {
        ("observation", row.id) for row in session.query(Observation) if row.measure_id in scope.measures
    }
    owners = (
        {("measure", id_) for id_ in scope.measures} | {("outcome", id_) for id_ in scope.outcomes} | texts
    )
    for lead in session.query(Lead):
        if any((kind, lead.parent_id) in owners for kind in ("measure", "outcome", "action")):
            found |= {("lead", lead.id), ("organisation", lead.organisation_id or "")}
            for link in session.query(LeadPerson).filter_by(lead_id=lead.id):
                found |= {("lead_person", link.id), ("person", link.person_id)}
                found.add(("organisation", link.person.organisation_id or ""))
    for kind, id_ in [*found]:
        if kind in ("measure", "action", "update"):
            outcome = session.get_one(row_classes()[kind], id_).outcome  # type: ignore[attr-defined]
            found |= {("outcome", outcome.id), ("priority", outcome.priority_id)}
    return Asked(frozenset(found))


def partner_reader(place: Place) -> Reader:
    sent = place.session.query(IssuedReturn).filter_by(covering_note=_NOTE).one()
    rounds = {row.id for row in place.session.query(Round)}
    return Reader(kind=ReaderKind.PARTNER, chosen=asked_of(place.session, sent, rounds))


@pytest.fixture(scope="module")
def sent(place: Place) -> Path:
    """A return for an organisation that leads some of the plan, and not all of it."""
    organisation = place.session.query(Organisation).order_by(Organisation.sort_key).all()[-1]
    folder = place.folder / "sent"
    folder.mkdir()
    return issue_return(place.plan, organisation.id, folder, covering_note=_NOTE, due="2030-01-31")


def test_a_return_that_is_sent(place: Place, sent: Path) -> None:
    reader = partner_reader(place)
    out = sent.read_bytes()
    place.check(out, reader)
    shown = {place.marks.now[mark][0] for mark in found_in(out)}
    assert {"measure", "outcome", "priority", "plan", "organisation"} <= shown
    assert shown.isdisjoint({"section", "recommendation", "issued_return", "received_file", "pack"})
    assert set(_MARK.findall(sent.name.casefold())) <= {
        mark
        for mark, (kind, _, column) in place.marks.now.items()
        if (kind, column) == ("organisation", "short_name")
    }


def test_a_return_after_it_is_finished(place: Place, sent: Path) -> None:
    reader = partner_reader(place)
    drafts = [f"zq70000{number}x" for number in range(5)]
    with OpenPlan.open(sent, author="Pat", data=place.folder / HOME / "pat") as returned:
        measure = returned.editor.session.query(Measure).first()
        for words in (*drafts[:3], "Said at last"):
            set_field(returned.editor, measure, "source", words)
        set_field(returned.editor, measure, "definition", drafts[3])
        returned.editor.undo()
        value = Observation(measure_id=measure.id, area=drafts[4], sort_key="zz")
        with returned.editor.step("Add a value") as session:
            session.add(value)
        with returned.editor.step("Delete it") as session:
            session.delete(value)
        finish(returned)
    out = sent.read_bytes()
    assert b"Said at last" in out
    place.check(out, reader)
    with sqlite3.connect(sent) as db:
        assert {author for (author,) in db.execute("SELECT author FROM change")} <= {"Ann", "Pat"}
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)


def test_a_reminder(place: Place, sent: Path) -> None:
    line = board(place.plan)[0]
    words = reminder(place.plan, line)
    place.check(words, partner_reader(place))
    (marking,) = {
        mark for mark, whose in place.marks.now.items() if whose[::2] == ("plan", "protective_marking")
    }
    assert words.split("\n\n")[1].startswith(f"{marking.upper()}: ")


def test_settings_hold_names_of_files_and_nothing_of_a_plan(place: Place) -> None:
    kept = settings.load()
    kept.remember_file(place.plan.target or "")
    settings.save(kept)
    text = next((place.folder / HOME / "config").iterdir()).read_text("utf-8")
    assert found_in(text) <= {PATH}
