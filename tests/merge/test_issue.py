"""Sending out: a return holds what one organisation is asked for, and is a file like any other."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cypp_desktop.errors import CyppError, FileProblem, UsageError
from cypp_desktop.merge.asking import Asked, asked_of_each, rounds_asked
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.merge.model import Received
from cypp_desktop.plan.model import (
    Action,
    IssuedReturn,
    Lead,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Plan,
    Priority,
    Round,
    Update,
)
from cypp_desktop.store import log, schema
from cypp_desktop.store.changes import CREATED
from cypp_desktop.store.commands import LeadEntry, set_field, set_leads, write_update
from cypp_desktop.store.log import read_changes
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.raw_rows import reading
from cypp_desktop.store.seal import SEAL
from cypp_desktop.store.union import add_changes, marks
from tests.merge.copies import copy_of, faults
from tests.merge.sent import CCG, COUNCIL, act, officer, one, partner, row, send, titles
from tests.store.faulty_disk import FaultyDisk, Killed
from tests.store.partners import DEEDS, Deed, people

#: Each example opens several plans as files.
SOME = settings().max_examples // 4


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened:
        yield opened


def count(plan: OpenPlan, cls: type[Any]) -> int:
    return plan.editor.session.scalar(select(func.count()).select_from(cls)) or 0


# ------------------------------------------------------------------ what is asked


def asked_of(plan: OpenPlan, round_id: str | None = None) -> dict[str, Asked]:
    """What each organisation would be asked for, by its name."""
    with reading(plan.working.path) as db:
        round_id, _ = rounds_asked(db, round_id)
        return {asked.name: asked for asked in asked_of_each(db, round_id)}


def test_an_organisation_is_asked_for_what_its_leads_name_it_for(plan: OpenPlan) -> None:
    asked = asked_of(plan)[CCG]
    assert asked.scope.measures == {row(plan, Measure, title="Smoking at delivery").id}
    assert asked.scope.actions == {row(plan, Action, number="1").id}, (
        "it serves that measure, and names nobody"
    )
    assert not asked.scope.outcomes
    assert asked.words == "1 measure and 1 action"


def test_a_measure_without_a_lead_is_asked_of_who_leads_its_outcome(plan: OpenPlan) -> None:
    outcome = row(plan, Outcome, code="1a")
    set_leads(plan.editor, outcome, [LeadEntry(COUNCIL, ())])
    scope = asked_of(plan)[COUNCIL].scope
    assert scope.outcomes == {outcome.id}
    titles = {plan.editor.find(Measure, id_).title for id_ in scope.measures}  # type: ignore[union-attr]
    assert titles == {"Breastfeeding at 6-8 weeks", "Placeholder for a third measure"}


def test_who_leads_only_through_its_people_is_asked_too(plan: OpenPlan) -> None:
    measure = row(plan, Measure, title="Obesity, year 6")
    lead = row(plan, Lead, measure_id=row(plan, Measure, title="Smoking at delivery").id)
    person = lead.people[0]
    with plan.editor.step("Change") as session:
        person.organisation_id = lead.organisation_id
        session.flush()
    set_leads(plan.editor, measure, [LeadEntry(None, (person.name or "",))])
    scope = asked_of(plan)[CCG].scope
    assert measure.id in scope.measures


def test_the_desk_lists_everyone_who_leads_something(plan: OpenPlan) -> None:
    set_leads(plan.editor, row(plan, Measure, title="Obesity, year 6"), [LeadEntry("To be confirmed", ())])
    listed = asked_of(plan, row(plan, Round, name="Mid-year").id)
    assert listed[CCG].words == "1 measure and 1 action" and listed[CCG].with_update == 1
    assert [name for name, asked in listed.items() if asked.leads] == [CCG], (
        "the council leads a priority alone"
    )
    assert "To be confirmed" not in listed, "that is nobody to ask"


# ------------------------------------------------------------------ what the file holds


def test_a_return_holds_what_is_asked_and_what_it_stands_on_and_no_more(plan: OpenPlan) -> None:
    with partner(send(plan)) as returned:
        assert titles(returned) == ["Breastfeeding at 6-8 weeks", "Smoking at delivery"], (
            "one text covers both"
        )
        assert [count(returned, cls) for cls in (Plan, Priority, Outcome, Action, Update)] == [1, 1, 1, 1, 1]
        assert count(returned, Observation) == 2
        assert [each.name for each in returned.editor.session.scalars(select(Organisation))] == [CCG]
        assert count(returned, IssuedReturn) == 0


def test_a_return_carries_no_history_no_notes_and_nothing_of_the_plan_but_its_name(plan: OpenPlan) -> None:
    measure = row(plan, Measure, title="Smoking at delivery")
    set_field(plan.editor, measure, "note", "Between us.")
    for title in ("A draft", "Another", "Smoking when born"):
        set_field(plan.editor, measure, "title", title)
    set_field(plan.editor, row(plan, Plan), "introduction", "Not yet published.")
    path = send(plan)
    content = path.read_bytes()
    for secret in (b"Between us", b"A draft", b"Another", b"Not yet published", b"Read with care"):
        assert secret not in content
    with partner(path) as returned:
        assert row(returned, Measure, title="Smoking when born").note is None
        assert row(returned, Plan).title == "Anytown plan"
        assert [step.name for step in returned.editor.session.execute(select(schema.step))] == ["Issued"]


def test_a_creation_in_a_return_says_what_the_row_says_now(plan: OpenPlan) -> None:
    measure = row(plan, Measure, title="Smoking at delivery")
    set_field(plan.editor, measure, "title", "Smoking when born")
    with partner(send(plan)) as returned:
        changes = read_changes(returned.editor.session.connection(), schema.change.c.row_id == measure.id)
        (created,) = [change for change in changes if change.field == CREATED]
        assert created.value["title"] == "Smoking when born"
        ours = read_changes(plan.editor.session.connection(), schema.change.c.id == created.id)
        assert ours[0].value["title"] == "Smoking at delivery"


def test_what_the_file_says_of_itself(plan: OpenPlan) -> None:
    path = send(plan, due="2018-07-01", covering_note="Please be **brief**.")
    issued = row(plan, IssuedReturn)
    with partner(path) as returned:
        about = {key: returned.editor.meta(key) for key in (
            "kind", "issue_id", "issued_by", "due", "round_name", "organisation", "covering_note",
            "plan_title", "plan_id",
        )}  # fmt: skip
        assert json.loads(returned.editor.meta("scope") or "") == issued.scope
        assert returned.editor.file_id != plan.editor.file_id
    assert about == {
        "kind": "return", "issue_id": issued.id, "issued_by": "Ann", "due": "2018-07-01",
        "round_name": "Mid-year", "organisation": CCG, "covering_note": "Please be **brief**.",
        "plan_title": "Anytown plan", "plan_id": plan.plan_id,
    }  # fmt: skip


def test_the_plan_remembers_what_it_sent_in_one_step_that_can_be_undone(plan: OpenPlan) -> None:
    send(plan, due="2018-07-01")
    issued = row(plan, IssuedReturn)
    assert (issued.due, issued.issued_by, issued.status) == ("2018-07-01", "Ann", "asked")
    assert issued.organisation_id == row(plan, Organisation, name=CCG).id
    assert plan.editor.undo() == "Send a return out"
    assert count(plan, IssuedReturn) == 0
    assert faults(plan) == []


def test_the_round_asked_for_is_the_last_open_one_unless_another_is_named(plan: OpenPlan) -> None:
    send(plan, round_name=None)
    assert row(plan, IssuedReturn).round_id == row(plan, Round, name="End of year").id


def test_just_some_measures_can_be_asked_for(plan: OpenPlan) -> None:
    measure = row(plan, Measure, title="Obesity, year 6")
    path = send(plan, COUNCIL, measure_ids=[measure.id])
    with partner(path) as returned:
        assert titles(returned) == ["Obesity, year 6"]


# ------------------------------------------------------------------ a file like any other


def test_a_return_is_edited_undone_and_saved_like_a_plan(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        assert faults(returned) == []
        measure = row(returned, Measure, title="Smoking at delivery")
        set_field(returned.editor, measure, "title", "Smoking when born")
        write_update(returned.editor, row(returned, Update), "- Words")
        assert returned.editor.undo_name is not None
        returned.editor.undo()
        returned.editor.redo()
        returned.editor.undo()
        returned.editor.undo()
        assert returned.editor.undo_name is None, "what was sent cannot be undone"
        returned.editor.redo()
        returned.publish()
        assert faults(returned) == []
    with partner(path) as again:
        assert "Smoking when born" in titles(again)


def seal_in(path: Path) -> str:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return str(db.execute("SELECT value FROM meta WHERE key = ?", (SEAL,)).fetchone()[0])


def test_saving_a_return_renews_its_seal_and_finishing_says_when(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        first = seal_in(path)
        write_update(returned.editor, row(returned, Update), "- Words")
        returned.publish()
        assert seal_in(path) != first
        assert returned.editor.meta("finished_at") is None
        finish(returned)
        assert returned.editor.meta("finished_at")
    answer = one(plan, path)
    assert answer.sealed
    assert answer.finished_at


def test_only_a_return_can_be_finished_and_a_plan_has_no_seal(plan: OpenPlan) -> None:
    with pytest.raises(UsageError):
        finish(plan)
    set_field(plan.editor, row(plan, Plan), "title", "Words")
    plan.publish()
    assert plan.editor.meta(SEAL) is None


# ------------------------------------------------------------------ where several people had a say


def disagreement(plan: OpenPlan) -> None:
    """Two copies say different things of one title, and add to one text; both are merged."""
    assert plan.target is not None
    plan.publish()
    for name, title in (("Bob", "Smoking in pregnancy"), ("Cat", "Smoking at birth")):
        with OpenPlan.open(copy_of(plan.target, name), author=name, data=plan.target.parent / name) as other:
            set_field(other.editor, row(other, Measure, title="Smoking at delivery"), "title", title)
            text = row(other, Update, text="- Fewer smoke\n- More feed")
            write_update(other.editor, text, f"- {name} was here\n- Fewer smoke\n- More feed\n- {name} left")
            changes = read_changes(other.editor.session.connection())
        with plan.engine.begin() as connection:
            add_changes(connection, changes, batch=name)
    plan.editor.session.expire_all()
    assert {mark.kind for mark in marks(plan.editor.session.connection())} == {"conflict", "combined"}
    plan.editor.session.rollback()


def test_what_is_in_dispute_reads_the_same_in_the_return(plan: OpenPlan) -> None:
    disagreement(plan)
    here = sorted(update.text for update in plan.editor.session.scalars(select(Update)))
    with partner(send(plan)) as returned:
        assert faults(returned) == []
        assert row(returned, Update).text in here
        assert "Smoking at delivery" in titles(returned)
        found = marks(returned.editor.session.connection())
        assert {mark.kind for mark in found} == {"conflict", "combined"}


def test_a_partner_who_edits_what_is_in_dispute_has_seen_every_side(plan: OpenPlan) -> None:
    disagreement(plan)
    path = send(plan)
    with partner(path) as returned:
        set_field(returned.editor, row(returned, Measure, title="Smoking at delivery"), "title", "Smoking")
        assert faults(returned) == []
        finish(returned)
    (change,) = one(plan, path).changes
    assert len(change.parents) == 2
    with plan.engine.begin() as connection:
        add_changes(connection, [change], batch="Pat")
    plan.editor.session.expire_all()
    assert "Smoking" in titles(plan)
    assert faults(plan) == []


def test_a_row_made_twice_apart_can_be_sent_and_edited(plan: OpenPlan) -> None:
    """Two people begin the same update: its row has two creations."""
    assert plan.target is not None
    plan.publish()
    copies = [copy_of(plan.target, name) for name in ("Bob", "Cat")]
    for path in copies:
        with OpenPlan.open(path, author=path.stem, data=path.parent / path.stem) as other:
            from cypp_desktop.store.commands import set_update_text

            measure = row(other, Measure, title="Smoking at delivery")
            set_update_text(other.editor, measure, row(other, Round, name="End of year"), "Begun")
            set_update_text(other.editor, measure, row(other, Round, name="End of year"), f"By {path.stem}")
            changes = read_changes(other.editor.session.connection())
        with plan.engine.begin() as connection:
            add_changes(connection, changes, batch=path.stem)
    plan.editor.session.expire_all()
    sent = send(plan, round_name="End of year")
    with partner(sent) as returned:
        assert faults(returned) == []
        end_of_year = row(returned, Round, name="End of year").id
        write_update(returned.editor, row(returned, Update, round_id=end_of_year), "Decided")
        assert faults(returned) == []
        finish(returned)
    answer = one(plan, sent)
    with plan.engine.begin() as connection:
        add_changes(connection, answer.changes, batch="Pat")
        assert not marks(connection)
    plan.editor.session.expire_all()
    assert row(plan, Update, text="Decided")


@settings(max_examples=SOME)
@given(holder=DEEDS, partners=st.lists(DEEDS, min_size=1, max_size=2), theirs=DEEDS)
def test_whatever_was_done_a_return_is_sound_goes_through_the_gates_and_fits_the_plan(
    holder: Sequence[Deed], partners: Sequence[Sequence[Deed]], theirs: Sequence[Deed]
) -> None:
    first, *others = people(holder, partners)
    first.merge(*(person.changes() for person in others))
    first.editor.session.rollback()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(first.path, folder / "plan.cypp")
        with OpenPlan.open(folder / "plan.cypp", author="Ann", data=folder / "data") as plan:
            leading = [asked for asked in asked_of(plan).values() if asked.leads]
            sent = [issue_return(plan, asked.organisation_id, folder) for asked in leading]
            for answer in receive(sent, plan):
                assert isinstance(answer, Received), answer
                assert answer.is_empty
                assert answer.sealed
            for path in sent:
                with partner(path) as returned:
                    assert faults(returned) == []
                    act(returned.editor, theirs)
                    assert faults(returned) == []
                    finish(returned)
            for answer in receive(sent, plan):
                assert isinstance(answer, Received), answer
                assert answer.sealed
                assert not answer.altered
                assert not answer.outside_altered
                with plan.engine.begin() as connection:
                    add_changes(connection, answer.changes, batch=answer.sha256)
            plan.editor.session.expire_all()
            assert faults(plan) == []
            assert all(answer.changes == () for answer in receive(sent, plan) if isinstance(answer, Received))


# ------------------------------------------------------------------ names and refusals


def test_the_file_is_named_after_the_plans_file_and_the_organisation(plan: OpenPlan) -> None:
    assert send(plan).name == "Our plan - Anytown CCG.cypp-return"
    assert send(plan).name == "Our plan - Anytown CCG (2).cypp-return", "none is ever overwritten"


@pytest.mark.parametrize(
    ("called", "part"),
    [
        ("Health / Care: “A&E” <north>?", "Health Care “A&E” north"),
        ("..", "return"),
        ("Trust\nof\tAnytown ", "Trust of Anytown"),
        ("Ä" * 200, "Ä" * 60),
    ],
)
def test_a_name_that_no_disk_takes_becomes_one_that_all_do(plan: OpenPlan, called: str, part: str) -> None:
    set_field(plan.editor, row(plan, Organisation, name=CCG), "name", called)
    assert send(plan, called).name == f"Our plan - {part}.cypp-return"


def test_where_there_is_nothing_to_ask_nothing_is_written(plan: OpenPlan, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="leads nothing in the plan"):
        send(plan, COUNCIL)
    with pytest.raises(UsageError, match="None of these measures"):
        send(plan, measure_ids=["gone"])
    with pytest.raises(UsageError, match="no day"):
        send(plan, due="soon")
    with pytest.raises(UsageError, match="organisation"):
        issue_return(plan, "gone", tmp_path)
    with pytest.raises(UsageError, match="round"):
        issue_return(plan, row(plan, Organisation, name=CCG).id, tmp_path, round_id="gone")
    assert list((tmp_path / "sent").iterdir()) == []
    assert count(plan, IssuedReturn) == 0


def test_a_plan_open_for_reading_only_sends_nothing(plan: OpenPlan, tmp_path: Path) -> None:
    assert plan.target is not None
    with (
        OpenPlan.open(plan.target, read_only=True, data=tmp_path / "elsewhere") as reader,
        pytest.raises(FileProblem, match="reading only"),
    ):
        send(reader)


def test_a_folder_that_is_gone_is_said_so_and_nothing_is_noted(plan: OpenPlan, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="could not be written"):
        issue_return(plan, row(plan, Organisation, name=CCG).id, tmp_path / "gone")
    assert count(plan, IssuedReturn) == 0


def test_whatever_call_of_the_disk_fails_nothing_is_sent_and_nothing_noted(plan: OpenPlan) -> None:
    send(plan)
    disk = FaultyDisk()
    plan.working.fs = disk
    send(plan)
    calls = disk.calls
    assert len(calls) > 3
    for at in range(len(calls)):
        known = count(plan, IssuedReturn)
        plan.working.fs = FaultyDisk(at, 28)
        with contextlib.suppress(CyppError):
            send(plan)
        plan.working.fs = FaultyDisk()
        assert plan.target is not None
        sent = [path for path in (plan.target.parent / "sent").iterdir() if path.suffix == ".cypp-return"]
        assert len(sent) >= count(plan, IssuedReturn) >= known
        assert faults(plan) == []


def test_killed_at_any_call_the_plan_knows_of_every_file_and_going_on_works(tmp_path: Path) -> None:
    with officer(tmp_path) as plan:
        plan.working.fs = counted = FaultyDisk()
        send(plan)
        for at in range(len(counted.calls)):
            plan.working.fs = FaultyDisk(at)
            with pytest.raises(Killed):
                send(plan)
            plan.working.fs = FaultyDisk()
            assert faults(plan) == []
            files = [path for path in (tmp_path / "sent").iterdir() if path.suffix == ".cypp-return"]
            assert len(files) <= count(plan, IssuedReturn), (
                "a file that the plan does not know cannot come back"
            )
        send(plan)


def test_the_file_ids_that_were_the_holders_count_as_theirs_in_the_return(plan: OpenPlan) -> None:
    with partner(send(plan)) as returned:
        own = log.own_files(returned.editor.session.connection())
    assert own == {plan.editor.file_id, returned.editor.file_id}


def test_what_nobody_says_any_more_of_a_field_in_dispute_does_not_go_along(plan: OpenPlan) -> None:
    measure = row(plan, Measure, title="Smoking at delivery")
    set_field(plan.editor, measure, "definition", "zqdraft before the dispute")
    set_field(plan.editor, measure, "definition", "What all began with")
    plan.publish()
    assert plan.target is not None
    for name in ("Bob", "Cat"):
        with OpenPlan.open(copy_of(plan.target, name), author=name, data=plan.target.parent / name) as other:
            there = row(other, Measure, title="Smoking at delivery")
            set_field(other.editor, there, "definition", f"zqdraft of {name}")
            set_field(other.editor, there, "definition", f"What {name} says")
            changes = read_changes(other.editor.session.connection())
        with plan.engine.begin() as connection:
            add_changes(connection, changes, batch=name)
    plan.editor.session.expire_all()
    sent = send(plan)
    assert b"zqdraft" not in sent.read_bytes()
    assert b"What Bob says" in sent.read_bytes()
    with partner(sent) as returned:
        assert faults(returned) == []
        assert {mark.field for mark in marks(returned.editor.session.connection())} == {"definition"}
        there = row(returned, Measure, title="Smoking at delivery")
        set_field(returned.editor, there, "definition", "What Pat says")
        finish(returned)
    (change,) = one(plan, sent).changes
    assert len(change.parents) == 2
