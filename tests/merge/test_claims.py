"""What enters is a claim: what a forged return says of itself, its author and its time is not believed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cypp_desktop.command_line.main import run
from cypp_desktop.merge.apply import merge, merge_files
from cypp_desktop.merge.issue import issue_return
from cypp_desktop.merge.question import Answer, Kind
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.report import Fate, MergeReport
from cypp_desktop.merge.review import build_review
from cypp_desktop.operations.change_words import moment_words
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.model import Lead, Measure, Organisation, Plan, Round, Update
from cypp_desktop.plan.signs import cleaned
from cypp_desktop.store import log, schema
from cypp_desktop.store.changes import CREATED, DELETED
from cypp_desktop.store.claims import claim_of, counts_at, moment, said_by
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.history import HistoryEntry, history
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.put_back import put_back
from tests.merge.copies import copy_of, digest, edited, faults, opened
from tests.merge.forger import Forger, an_id, forged
from tests.merge.sent import CCG, officer, one, partner, refused, row, send

ASKED, BESIDE = "Smoking at delivery", "Breastfeeding at 6-8 weeks"


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened_plan:
        yield opened_plan
        assert faults(opened_plan) == []


@pytest.fixture
def sent(plan: OpenPlan) -> Path:
    return send(plan)


@pytest.fixture
def forgery(tmp_path: Path) -> Path:
    return tmp_path / "forged.cypp-return"


def took(plan: OpenPlan, *paths: Path) -> MergeReport:
    """Merge as the command line does where nobody chooses anything."""
    return merge_files(plan, [one(plan, path) for path in paths])


def asked(plan: OpenPlan) -> Measure:
    found: Measure = row(plan, Measure, title=ASKED)
    return found


def of_field(plan: OpenPlan, wanted: Any, field: str) -> list[HistoryEntry]:
    return [entry for entry in history(plan.editor.session, rows=[wanted]) if entry.field == field]


def from_outside(plan: OpenPlan) -> list[Any]:
    """The changes that came in from outside."""
    found = log.read_changes(plan.editor.session.connection(), schema.change.c.claim.is_not(None))
    plan.editor.session.rollback()
    return found


# ---------------------------------------------------------------------------------- which file is it?


def test_a_return_turned_into_a_copy_changes_nothing(plan: OpenPlan, sent: Path, forgery: Path) -> None:
    with forged(sent, forgery) as forger:
        outcome = asked(plan).outcome_id
        keys = [("plan", row(plan, Plan).id, "title"), ("outcome", outcome, DELETED)]
        heads = {key: forger.every_head(*key[:2]) for key in keys}
        forger.empty_tables()
        for (row_type, id_, field), parents in heads.items():
            value: Any = True if field == DELETED else "Taken over"
            forger.change(row_type, id_, field, value, parents=parents, at="2016-01-01T00:00:00Z")
        forger.turn_into_copy()
    before = digest(plan)
    found = one(plan, forgery)
    assert (found.kind, found.proven, found.changes, found.altered) == ("copy", False, (), ())
    assert {(change.row_type, change.field) for change in found.outside} == {
        ("plan", "title"),
        ("outcome", DELETED),
    }
    report = took(plan, forgery)
    assert digest(plan) == before
    assert {edit.fate for edit in report.edits} == {Fate.OUTSIDE}
    assert "nothing in it shows that it is a copy of this plan" in report.as_text()


def test_no_row_of_others_is_deleted_by_a_return_turned_into_a_copy(
    plan: OpenPlan, sent: Path, forgery: Path
) -> None:
    types = ("update_measure", "lead_person", "observation", "lead", "update", "measure", "outcome")
    with forged(sent, forgery) as forger:
        rows = [(kind, id_) for kind in types for (id_,) in forger.db.execute(f'SELECT id FROM "{kind}"')]
        seen = {key: forger.every_head(*key) for key in rows}
        forger.empty_tables()
        step = an_id()
        for key, parents in seen.items():
            forger.change(*key, DELETED, True, parents=parents, step=step)
        forger.turn_into_copy()
    before = digest(plan)
    review = build_review(plan, [one(plan, forgery)])
    assert {question.kind for question in review.questions} == {Kind.OUTSIDE}
    review.accept_all_plain()
    review.decide_all(Answer.THEIRS)
    merge(plan, review)
    assert digest(plan) == before


def test_the_command_line_takes_nothing_of_a_stranger_and_says_why(
    plan: OpenPlan, sent: Path, forgery: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with forged(sent, forgery) as forger:
        forger.change("measure", asked(plan).id, "title", "Forged")
        forger.says("issue_key", "0" * 64)
    plan.publish()
    here = shutil.copy(tmp_path / "Our plan.cypp", tmp_path / "for the command line.cypp")
    for choice in ([], ["--decide", "theirs"], ["--decide", "both"]):
        code = run(["merge", str(here), str(forgery), *choice])
        said = capsys.readouterr().out
        assert code == 3
        assert "so nothing of it comes in unless you let it in" in said and "left out" in said
    run(["show", str(here), "1/1a/i"])
    assert "Forged" not in capsys.readouterr().out


def test_a_stranger_s_edit_comes_in_if_a_person_lets_it_and_is_nobody_s(
    plan: OpenPlan, sent: Path, forgery: Path
) -> None:
    with forged(sent, forgery) as forger:
        forger.change("measure", asked(plan).id, "title", "Forged", author="Ann", at="2016-01-01T00:00:00Z")
        forger.says("issue_key", None)
    review = build_review(plan, [one(plan, forgery)])
    (question,) = review.questions
    assert question.why
    review.decide(question, Answer.ACCEPT)
    merge(plan, review)
    (change,) = from_outside(plan)
    assert change.author == "Unknown sender (said to be by Ann)"
    assert claim_of(change.claim) == (None, "Ann", "2016-01-01T00:00:00Z")
    assert change.at > "2020"
    assert row(plan, Measure, title="Forged")


def test_a_copy_of_a_colleague_is_known_by_the_secret_of_the_plan(plan: OpenPlan, tmp_path: Path) -> None:
    plan.publish()
    copy = edited(copy_of(tmp_path / "Our plan.cypp", "bea"), "Bea", ("1/1a/i", "title", "Smoking"))
    found = one(plan, copy)
    assert found.proven and len(found.changes) == 1
    assert found.changes[0].author == "Bea" and found.changes[0].claim is None


def test_the_secret_and_the_keys_are_nowhere_but_where_they_belong(
    plan: OpenPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (
        send(plan),
        send(plan, "Anytown Council", measure_ids=[row(plan, Measure, title=BESIDE).id]),
    )
    plan.publish()
    target = tmp_path / "Our plan.cypp"
    secret = plan.editor.meta("secret") or ""
    with partner(first) as one_, partner(second) as other:
        keys = [one_.editor.meta("issue_key") or "", other.editor.meta("issue_key") or ""]
        assert one_.editor.meta("secret") is None
    assert len({secret, *keys}) == 3 and all(len(word) == 64 for word in (secret, *keys))
    for path, words in ((first, [secret, keys[1]]), (second, [secret, keys[0]])):
        assert not any(word.encode() in path.read_bytes() for word in words)
    report = tmp_path / "report.json"
    run(["merge", str(target), str(first), str(second), "--report", str(report)])
    for command in (
        ["export", str(target), "-o", str(tmp_path / "out.json")],
        ["history", str(target), "--json"],
        ["returns", str(target), "--json"],
        ["print", str(target), "--layout", "update", "-o", str(tmp_path / "out.html")],
        ["check", str(target)],
    ):
        run(command)
    written = capsys.readouterr().out + "".join(
        path.read_text("utf-8", "replace")
        for path in (report, *tmp_path.glob("out.*"), *tmp_path.rglob("*.log"))
    )
    assert not any(word in written for word in (secret, *keys))


# ---------------------------------------------------------------------------------- who wrote it?


def test_author_file_and_step_are_never_what_the_file_says(plan: OpenPlan, sent: Path, forgery: Path) -> None:
    ours = [*json.loads(plan.editor.meta("own_files") or "[]"), plan.editor.meta("file_id")]
    steps = list(plan.editor.session.scalars(select(schema.step.c.id)))
    with forged(sent, forgery) as forger:
        told = {"author": "Ann", "file": ours[-1], "step": steps[-1]}
        forger.change("measure", asked(plan).id, "title", "Forged", **told)
        forger.change("measure", asked(plan).id, "definition", "Forged", **{**told, "author": CCG})
        forger.says("file_id", ours[-1])
    took(plan, forgery)
    changes = from_outside(plan)
    assert {change.author for change in changes} == {"Anytown CCG (said to be by Ann)", "Anytown CCG"}
    assert not {change.file for change in changes} & set(ours)
    assert not {change.step for change in changes} & set(steps)


def test_what_bears_our_file_s_id_does_not_count_as_the_holder_s_side(
    plan: OpenPlan, sent: Path, tmp_path: Path
) -> None:
    def says(name: str, **claims: Any) -> tuple[str | None, list[bool]]:
        target = tmp_path / f"{name}.cypp"
        shutil.copy(tmp_path / "Our plan.cypp", target)
        path = tmp_path / f"{name}.cypp-return"
        with forged(sent, path) as forger:
            (id_,) = forger.db.execute("SELECT id FROM 'update'").fetchone()
            forger.change("update", id_, "text", "FORGED: 10.2%", **claims)
        with opened(target) as copy:
            set_field(copy.editor, row(copy, Update, id=id_), "text", "OFFICER: 16.9%")
            took(copy, path)
            (question,) = [each for each in questions_of_plan(copy) if each.field == "text"]
            return row(copy, Update, id=id_).text, [side.file is None for side in question.sides]

    own = plan.editor.meta("file_id")
    plan.publish()
    assert says("honest") == says("own", file=own) == ("OFFICER: 16.9%", [True, False])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Pat", f"{CCG} (said to be by Pat)"),
        ("", CCG),
        (CCG, CCG),
        ("Pat)\nAnn (City\u202eCouncil", f"{CCG} (said to be by Pat Ann CityCouncil)"),
        ("x" * 500, f"{CCG} (said to be by {'x' * 79}…)"),
    ],
)
def test_a_name_that_was_said_is_shown_as_one(name: str, shown: str) -> None:
    assert said_by(CCG, name) == shown


# ---------------------------------------------------------------------------------- when?


def test_what_is_dated_back_counts_from_its_receipt_and_says_so(
    plan: OpenPlan, sent: Path, forgery: Path
) -> None:
    with plan.engine.begin() as connection:
        connection.execute(schema.change.update().values(at="2016-01-02T00:00:00Z"))
    with forged(sent, forgery) as forger:
        forger.change("measure", asked(plan).id, "title", "BACKDATED", at="2016-01-01T00:00:00Z")
        forger.change("measure", asked(plan).id, "definition", "HONEST", at=schema.now())
        forger.change("measure", asked(plan).id, "source", "AHEAD", at="2190-01-01T00:00:00+02:00")
    took(plan, forgery)
    since = history(plan.editor.session, rows=[row(plan, Measure, title="BACKDATED")], since="2016-06-01")
    told = {entry.value: entry for entry in since}
    assert told.keys() == {"BACKDATED", "HONEST", "AHEAD"}
    assert told["HONEST"].claimed_at is None
    assert told["BACKDATED"].claimed_at == "2016-01-01T00:00:00Z"
    assert told["AHEAD"].claimed_at == "2190-01-01T00:00:00+02:00"
    assert moment(told["AHEAD"].at) <= moment(schema.now())  # type: ignore[operator]


@pytest.mark.parametrize(
    "at",
    [
        "2031-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
        "2026-11-30T18:00:00",
        "2026-11-30", "2026-02-30T10:00:00Z", "", "now", "2026-11-30T18:00:00+99:00",
        "\uff12\uff10\uff12\uff16-11-30T18:00:00Z",
        "2026-11-30T18:00:00Z\u202e", "-026-11-30T18:00:00Z", "1969-12-31T23:59:59Z",
    ],
)  # fmt: skip
def test_a_date_that_no_calendar_has_is_refused_in_words(
    plan: OpenPlan, sent: Path, forgery: Path, at: str
) -> None:
    with forged(sent, forgery) as forger:
        forger.change("measure", asked(plan).id, "title", "Forged", at=at)
    assert "no calendar has" in refused(plan, forgery).words
    with forged(sent, forgery) as forger:
        forger.says("finished_at", at)
    assert "no calendar has" in refused(plan, forgery).words
    assert moment_words(at) or not at


def test_the_moment_that_counts() -> None:
    issued, received = "2018-06-01T09:00:00Z", "2018-06-30T09:00:00Z"
    for said in (issued, received, "2018-06-15T23:30:00Z"):
        assert counts_at(said, issued, received) == said
    assert counts_at("2018-06-15T23:30:00.5+14:00", issued, received) == "2018-06-15T09:30:00Z"
    for said in ("2018-06-01T08:59:59Z", "2018-06-30T09:00:01Z", "2018-06-01T09:00:00+02:00", "x", ""):
        assert counts_at(said, issued, received) == received
    assert counts_at("2018-06-15T23:30:00Z", None, received) == received


# ---------------------------------------------------------------------------------- what was there before?


def test_what_was_there_before_is_what_the_plan_said(plan: OpenPlan, sent: Path, forgery: Path) -> None:
    lie = "Smoking – target withdrawn by the Board in May"
    with forged(sent, forgery) as forger:
        first = forger.change("measure", asked(plan).id, "title", "Draft", before=lie)
        forger.change("measure", asked(plan).id, "title", "Final", before=lie, parents=[first])
        (id_,) = forger.db.execute("SELECT id FROM observation").fetchone()
        seen = forger.every_head("observation", id_)
        forger.change("observation", id_, DELETED, True, before={"note": lie}, parents=seen)
    took(plan, forgery)
    measure = row(plan, Measure, title="Final")
    entries = of_field(plan, measure, "title")
    assert {entry.before for entry in entries} == {ASKED}
    (gone,) = [entry for entry in history(plan.editor.session, rows=[id_]) if entry.field == DELETED]
    assert gone.before["measure_id"] == measure.id and lie not in json.dumps(gone.before)
    put_back(plan.editor, entries[0], earlier=True)
    assert asked(plan)


# ---------------------------------------------------------------------------------- steps


def test_undo_of_our_step_does_not_take_theirs_along(plan: OpenPlan, sent: Path, forgery: Path) -> None:
    set_field(plan.editor, asked(plan), "source", "Our source")
    step = plan.editor.session.scalars(select(schema.step.c.id).order_by(schema.step.c.seq.desc())).first()
    with forged(sent, forgery) as forger:
        forger.change("measure", asked(plan).id, "title", "STEP-COLLIDER", step=step)
    took(plan, forgery)
    theirs = from_outside(plan)
    assert plan.editor.undo_name == "Edit source of 1a.i"
    plan.editor.undo()
    assert from_outside(plan) == theirs
    assert row(plan, Measure, title="STEP-COLLIDER").source is None


# ---------------------------------------------------------------------------------- what may it touch?


def new_organisation(forger: Forger, name: str, *, short: str | None = None) -> str:
    id_ = an_id()
    values = {
        "email": "m@evil.example",
        "kind": "police",
        "name": name,
        "short_name": short,
        "sort_key": "Y1",
    }
    forger.change("organisation", id_, CREATED, values)
    return id_


def led_by(forger: Forger, measure: str, organisation: str) -> None:
    (like,) = forger.db.execute("SELECT value FROM change WHERE row_type = 'lead' AND field = '*'").fetchone()
    values = {**json.loads(like), "measure_id": measure, "organisation_id": organisation, "sort_key": "Z1"}
    forger.change("lead", an_id(), CREATED, values)


@pytest.mark.parametrize(
    "name",
    [
        "Anytown Council",
        "anytown  COUNCIL",
        "Anyt\u043ewn \u0421\u043euncil",
        "Any\u200btown Council",
        "Anytown\u00a0Council",
        "\uff21\uff4e\uff59\uff54\uff4f\uff57\uff4e Council",
        "Anyt0wn Counci1",
        "\u00c1nytown Council",
        "Anytown-Council",
        "\u0391\u039d\u03a5\u03a4\u039fW\u039d COUNCIL",
    ],
)  # fmt: skip
def test_a_new_organisation_that_looks_like_a_known_one_is_said_to(
    plan: OpenPlan, sent: Path, forgery: Path, name: str
) -> None:
    with forged(sent, forgery) as forger:
        led_by(forger, asked(plan).id, new_organisation(forger, name))
    found = one(plan, forgery)
    assert [change.row_type for change in found.outside] == ["organisation", "lead"]
    assert found.outside[0].value["name"] == cleaned(name) and not found.changes
    review = build_review(plan, [found])
    (question,) = [each for each in review.questions if each.row_type == "organisation"]
    assert question.label == f"New organisation {' '.join(cleaned(name).split())}"
    (lead,) = [each for each in review.questions if each.row_type == "lead"]
    assert "names somebody new" in lead.why
    assert question.why == "It is called like “Anytown Council”, which is in the plan already."
    known = {each.name for each in plan.editor.session.scalars(select(Organisation))}
    took(plan, forgery)
    assert {each.name for each in plan.editor.session.scalars(select(Organisation))} == known


def test_two_partners_may_name_the_same_body_for_the_first_time(plan: OpenPlan, tmp_path: Path) -> None:
    """Which return is received first makes no difference; a person is told that there are two."""
    forgeries = []
    for number, name in enumerate(("Trentshire Police", "TRENTSHIRE POLICE")):
        sent, forgery = send(plan), tmp_path / f"{number}.cypp-return"
        with forged(sent, forgery) as forger:
            led_by(forger, asked(plan).id, new_organisation(forger, name))
        forgeries.append(forgery)
    for forgery in forgeries:
        assert one(plan, forgery).outside == ()
    took(plan, forgeries[0])
    review = build_review(plan, [one(plan, forgeries[1])])
    (question,) = [each for each in review.questions if each.row_type == "organisation"]
    assert question.why == "Another new organisation is called like it: “Trentshire Police”."
    took(plan, forgeries[1])
    names = {each.name for each in plan.editor.session.scalars(select(Organisation))}
    assert {"Trentshire Police", "TRENTSHIRE POLICE"} <= names


def test_a_new_organisation_that_hangs_on_nothing_is_outside(
    plan: OpenPlan, sent: Path, forgery: Path
) -> None:
    with forged(sent, forgery) as forger:
        new_organisation(forger, "Harbour Trust")
        led_by(forger, asked(plan).id, new_organisation(forger, "River Trust"))
    found = one(plan, forgery)
    assert [change.value["name"] for change in found.outside] == ["Harbour Trust"]
    assert "River Trust" in [change.value.get("name") for change in found.changes]
    review = build_review(plan, [found])
    whys = {each.label: each.why for each in review.questions if each.kind == Kind.OUTSIDE}
    assert whys == {"New organisation Harbour Trust": "Nothing that was asked for names it."}


def test_an_organisation_that_came_in_is_not_renamed_to_look_like_another(
    plan: OpenPlan, sent: Path, forgery: Path
) -> None:
    with forged(sent, forgery) as forger:
        id_ = new_organisation(forger, "River Trust")
        led_by(forger, asked(plan).id, id_)
    took(plan, forgery)
    later = forgery.with_name("later.cypp-return")
    with forged(forgery, later) as forger:
        forger.change("organisation", id_, "kind", "charity")
        forger.change("organisation", id_, "short_name", "Anytown Counci1")
    found = one(plan, later)
    assert [change.field for change in found.changes] == ["kind"]
    assert [change.field for change in found.outside] == ["short_name"]


def test_a_row_is_not_theirs_because_they_made_it_again(plan: OpenPlan, sent: Path, forgery: Path) -> None:
    with forged(sent, forgery) as forger:
        id_, made = forger.db.execute(
            "SELECT row_id, value FROM change WHERE row_type = 'update' AND field = '*'"
        ).fetchone()
        forger.change("update", id_, CREATED, json.loads(made))
        forger.change("update", id_, DELETED, True, parents=forger.every_head("update", id_))
    found = one(plan, forgery)
    assert not found.changes
    assert {change.field for change in found.outside} == {CREATED, DELETED}


def test_an_update_of_others_is_not_reached_by_a_link_of_ones_own(
    plan: OpenPlan, sent: Path, forgery: Path
) -> None:
    other = row(plan, Measure, title=BESIDE)
    with plan.editor.step("Write") as session:
        text = Update(round_id=row(plan, Round, name="Mid-year").id, outcome_id=other.outcome_id, text="Ours")
        session.add(text)
    with forged(sent, forgery) as forger:
        values = {"update_id": text.id, "measure_id": asked(plan).id}
        forger.change("update_measure", an_id(), CREATED, values)
        forger.change("update", text.id, "text", "Theirs", parents=[])
    found = one(plan, forgery)
    assert not found.changes and len(found.outside) == 2


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(
    ("row_type", "field"),
    [
        ("observation", "place"), ("lead", "place"), ("lead_person", "lead_id"),
        ("action_measure", "measure_id"), ("update_measure", "measure_id"),
    ],
)  # fmt: skip
def test_nothing_is_moved_to_where_nobody_asked_for_it(
    plan: OpenPlan, sent: Path, forgery: Path, row_type: str, field: str, *, is_new: bool
) -> None:
    elsewhere = row(plan, Measure, title=BESIDE)
    with plan.editor.step("Lead") as session:
        session.add(lead := Lead(measure_id=elsewhere.id, sort_key="a1"))
    there = {"measure_id": elsewhere.id, "lead_id": lead.id}
    with forged(sent, forgery) as forger:
        id_, made = forger.db.execute(
            "SELECT row_id, value FROM change WHERE row_type = ? AND field = '*'", (row_type,)
        ).fetchone()
        values = json.loads(made)
        if is_new:
            id_ = an_id()
            forger.change(row_type, id_, CREATED, values, tell_row=False)
        moved = {name: there.get(name, says) for name, says in values.items()}
        value = fields_of(row_classes()[row_type])[field].value_of(moved)
        forger.change(row_type, id_, field, value, tell_row=False)
    found = one(plan, forgery)
    inside = json.dumps([change.value for change in (*found.changes, *found.altered)])
    assert elsewhere.id not in inside and lead.id not in inside
    assert field in {change.field for change in found.outside}


@pytest.mark.parametrize("other", ["measure", "outcome", "organisation"])
def test_an_id_that_belongs_to_a_row_of_another_kind_is_refused(
    plan: OpenPlan, sent: Path, forgery: Path, other: str
) -> None:
    with forged(sent, forgery) as forger:
        (id_,) = forger.db.execute(f'SELECT id FROM "{other}" LIMIT 1').fetchone()
        forger.change("person", id_, CREATED, {"name": "X", "sort_key": "Y1"}, tell_row=False)
    assert "another kind" in refused(plan, forgery).words


def test_rows_that_are_no_part_of_what_a_plan_says_are_outside(
    plan: OpenPlan, sent: Path, forgery: Path
) -> None:
    with forged(sent, forgery) as forger:
        issue = {
            "organisation_id": None, "round_id": None, "issued_at": "", "scope": {}, "sort_key": "Y1",
            "status": "asked",
        }  # fmt: skip
        forger.change("issued_return", an_id(), CREATED, issue, tell_row=False)
        forger.change("plan", row(plan, Plan).id, "title", "Renamed")
        forger.change("outcome", asked(plan).outcome_id, DELETED, True)
    found = one(plan, forgery)
    assert not found.changes and len(found.outside) == 3


# ---------------------------------------------------------------------------------- merging stays a union


def test_the_same_return_on_two_machines_is_one_once_their_copies_merge(
    plan: OpenPlan, sent: Path, forgery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with forged(sent, forgery) as forger:
        forger.change("measure", asked(plan).id, "title", "Theirs", at="2016-01-01T00:00:00Z")
        forger.change("measure", asked(plan).id, "definition", "Theirs")
    plan.publish()
    target = tmp_path / "Our plan.cypp"
    copies = [copy_of(target, "monday"), copy_of(target, "tuesday")]
    for path, day in zip(copies, ("2190-06-04", "2190-06-05"), strict=True):
        with opened(path) as copy, monkeypatch.context() as clock:
            clock.setattr(schema, "now", lambda day=day: f"{day}T09:00:00Z")
            clock.setattr("cypp_desktop.merge.gates.receiving.schema.now", lambda day=day: f"{day}T09:00:00Z")
            took(copy, forgery)
            copy.publish()

    def told(path: Path) -> list[tuple[Any, ...]]:
        with opened(path) as copy:
            return sorted(tuple(change) for change in from_outside(copy))

    first = told(copies[0])
    assert {change[0] for change in first} == {change[0] for change in told(copies[1])}
    for path, other in (copies, reversed(copies)):
        with opened(path) as copy:
            report = took(copy, other)
            assert report.changes in (0, 1)  # the note of the file that the other has received
            copy.publish()
        assert told(path) == first


def test_taken_in_again_it_brings_nothing(plan: OpenPlan, sent: Path, forgery: Path) -> None:
    with forged(sent, forgery) as forger:
        first = forger.change("measure", asked(plan).id, "title", "One", at="2016-01-01T00:00:00Z")
        forger.change("measure", asked(plan).id, "title", "Two", parents=[first])
    took(plan, forgery)
    again = forgery.with_name("again.cypp-return")
    with forged(forgery, again) as forger:
        forger.says("covering_note", "Saved once more")
    assert one(plan, again).is_empty
    more = forgery.with_name("more.cypp-return")
    with forged(forgery, more) as forger:
        (last,) = forger.heads("measure", row(plan, Measure, title="Two").id, "title")
        forger.change("measure", row(plan, Measure, title="Two").id, "title", "Three", parents=[last])
    assert [change.value for change in one(plan, more).changes] == ["Three"]
    took(plan, more)
    assert row(plan, Measure, title="Three")


def test_what_says_one_thing_brings_about_nothing_else(plan: OpenPlan, sent: Path, forgery: Path) -> None:
    """A change that takes a decision back would bring about what others said, whatever it says itself."""
    with forged(sent, forgery) as forger:
        id_ = asked(plan).id
        (made,) = forger.heads("measure", id_, CREATED)
        first = forger.change("measure", id_, "title", "Hidden", parents=[made])
        second = forger.change("measure", id_, "title", "Decided", parents=[first])
        forger.change("measure", id_, "title", "Shown", parents=[second, first, second])
    took(plan, forgery)
    assert row(plan, Measure, title="Shown")


def test_a_row_that_only_the_files_have_and_one_deletes_stays_unless_the_person_deletes_it(
    plan: OpenPlan, sent: Path, tmp_path: Path
) -> None:
    made, edited_, deleted = (tmp_path / f"{name}.cypp-return" for name in ("made", "edited", "deleted"))
    with forged(sent, made) as forger:
        (like,) = forger.db.execute(
            "SELECT value FROM change WHERE row_type = 'observation' AND field = '*'"
        ).fetchone()
        id_ = an_id()
        forger.change("observation", id_, CREATED, {**json.loads(like), "note": "New", "sort_key": "Z1"})
    with forged(made, edited_) as forger:
        forger.change("observation", id_, "note", "Edited")
    with forged(made, deleted) as forger:
        forger.change("observation", id_, DELETED, True, parents=forger.every_head("observation", id_))

    def stays(answer: Answer | None) -> bool:
        files = [one(plan, edited_), one(plan, deleted)]
        review = build_review(plan, files)
        (question,) = [each for each in review.questions if each.row_type == "observation" and each.is_row]
        assert question.kind == Kind.DELETED_AND_EDITED and question.ours is None
        if answer is not None:
            review.decide(question, answer)
        merge(plan, review).as_text()
        found = plan.editor.row("observation", id_) is not None
        plan.revert()
        return found

    plan.publish()
    assert (stays(None), stays(Answer.KEEP), stays(Answer.DELETE)) == (True, True, False)


def test_only_the_plan_sends_returns_out(plan: OpenPlan, sent: Path, tmp_path: Path) -> None:
    from cypp_desktop.errors import UsageError

    with partner(sent) as returned, pytest.raises(UsageError, match="from the plan"):
        issue_return(returned, row(returned, Organisation, name=CCG).id, tmp_path)
