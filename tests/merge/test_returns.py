"""The board of returns: asked, returned, late, merged, and what is still missing; the partner's progress."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from cypp_desktop import paths
from cypp_desktop.command_line.main import run
from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.exchange.plan_json import load_plan, read_plan
from cypp_desktop.merge.apply import merge, merge_files
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import finish
from cypp_desktop.merge.model import Refusal
from cypp_desktop.merge.returns import IssueLine, ask_again, board, progress, reminder, take_back
from cypp_desktop.merge.review import build_review
from cypp_desktop.merge.unmerge import batches, unmerge
from cypp_desktop.plan.model import (
    Action,
    IssuedReturn,
    Measure,
    Outcome,
    Plan,
    ReceivedFile,
    Round,
    Update,
)
from cypp_desktop.store.commands import delete_rows, set_field, set_update_text
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import copy_of, digest, faults, opened
from tests.merge.sent import CCG, COUNCIL, answered, officer, one, partner, row, send, tampered

BEFORE, AFTER = date(2018, 6, 30), date(2018, 7, 2)


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as made:
        yield made


def only(plan: OpenPlan, *received: object, today: date = BEFORE) -> IssueLine:
    (line,) = board(plan, received, today=today)  # type: ignore[arg-type]
    return line


def remember(plan: OpenPlan, outcome: str = "merged") -> None:
    with plan.editor.step("Remember") as session:
        issued = row(plan, IssuedReturn)
        session.add(
            ReceivedFile(issued_return_id=issued.id, received_at="2018-06-20T10:00:00Z", outcome=outcome)
        )


def test_what_was_sent_is_asked_until_the_day_after_it_is_due(plan: OpenPlan) -> None:
    send(plan, due="2018-07-01")
    assert only(plan, today=BEFORE).state == "asked"
    assert only(plan, today=date(2018, 7, 1)).state == "asked"
    assert only(plan, today=AFTER).state == "late"


def test_what_has_no_day_is_never_late(plan: OpenPlan) -> None:
    send(plan)
    assert only(plan, today=date(2099, 1, 1)).state == "asked"


def test_what_is_here_is_returned_and_what_was_taken_in_is_merged(plan: OpenPlan) -> None:
    path = answered(send(plan, due="2018-07-01"))
    assert only(plan, one(plan, path), today=AFTER).state == "returned"
    remember(plan)
    line = only(plan, today=AFTER)
    assert (line.state, line.received_at) == ("merged", "2018-06-20T10:00:00Z")


def test_a_merge_that_was_undone_leaves_the_file_returned(plan: OpenPlan) -> None:
    send(plan, due="2018-07-01")
    remember(plan, "undone")
    assert only(plan, today=AFTER).state == "returned"


def test_what_was_merged_and_taken_out_again_is_here_still(plan: OpenPlan) -> None:
    merge_files(plan, [one(plan, answered(send(plan)))])
    assert only(plan).state == "merged"
    unmerge(plan)
    assert (only(plan).state, only(plan, today=date(2099, 1, 1)).state) == ("returned", "returned")
    assert only(plan).received_at


def test_what_was_asked_by_mistake_is_taken_back_and_undo_asks_again(plan: OpenPlan) -> None:
    send(plan, due="2018-07-01")
    issued = row(plan, IssuedReturn).id
    take_back(plan, [issued])
    assert only(plan, today=AFTER).state == "withdrawn"
    assert plan.editor.undo_name == "Take back the return sent to Anytown CCG"
    plan.editor.undo()
    assert only(plan, today=AFTER).state == "late"
    plan.editor.redo()
    ask_again(plan, [issued])
    ask_again(plan, [issued])
    assert only(plan, today=BEFORE).state == "asked"
    assert plan.editor.undo_name == "Ask again for the return sent to Anytown CCG"
    assert faults(plan) == []


def test_what_comes_back_though_it_was_taken_back_is_outside_and_stays_out(plan: OpenPlan) -> None:
    sent = answered(send(plan))
    take_back(plan, [row(plan, IssuedReturn).id])
    before = digest(plan)
    received = one(plan, sent)
    assert received.withdrawn and received.outside and not received.changes
    report = merge_files(plan, [received])
    assert report.counts["outside"] == report.proposed > 0
    assert "was taken back" in report.as_text()
    assert digest(plan) == before
    line = only(plan)
    assert line.state == "withdrawn" and line.received_at
    ask_again(plan, [line.issue_id])
    assert only(plan).state == "returned"
    again = one(plan, sent)
    assert again.changes and not again.outside
    merge_files(plan, [again])
    assert only(plan).state == "merged"


def test_what_comes_back_though_it_was_taken_back_can_be_let_in(plan: OpenPlan) -> None:
    sent = answered(send(plan))
    take_back(plan, [row(plan, IssuedReturn).id])
    review = build_review(plan, [one(plan, sent)])
    for item in review.questions:
        review.decide(item, "accept")
    report = merge(plan, review)
    assert report.counts["taken"] == report.proposed > 0 and not report.lapsed
    assert only(plan).state == "withdrawn"
    assert isinstance(receive([sent], plan)[0], Refusal)
    assert faults(plan) == []


def test_what_is_merged_cannot_be_taken_back(plan: OpenPlan) -> None:
    merge_files(plan, [one(plan, answered(send(plan)))])
    with pytest.raises(PlanRuleBroken, match="Undo the merge first"):
        take_back(plan, [row(plan, IssuedReturn).id])


def test_a_copy_says_that_it_was_taken_back(tmp_path: Path, plan: OpenPlan) -> None:
    send(plan)
    plan.publish()
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        take_back(theirs, [row(theirs, IssuedReturn).id])
        theirs.publish()
    merge_files(plan, [one(plan, copy)])
    assert only(plan).state == "withdrawn"


def test_the_last_sent_stands_first(plan: OpenPlan) -> None:
    send(plan)
    send(plan, round_name="End of year")
    assert [line.round_name for line in board(plan)] == ["End of year", "Mid-year"]


def test_a_measure_is_missing_until_an_update_of_the_round_says_something(plan: OpenPlan) -> None:
    send(plan, round_name="End of year")
    line = only(plan)
    assert [missing.words for missing in line.missing] == ["1a i Smoking at delivery"]
    measure, round_ = row(plan, Measure, title="Smoking at delivery"), row(plan, Round, name="End of year")
    set_update_text(plan.editor, measure, round_, " \n ")
    assert only(plan).missing
    set_update_text(plan.editor, measure, round_, "- Words")
    assert not only(plan).missing


def test_a_missing_measure_is_named_by_codes_that_lead_to_it(plan: OpenPlan) -> None:
    send(plan, round_name="End of year")
    set_field(plan.editor, row(plan, Outcome, code="1a"), "code", "2")
    assert [missing.words for missing in only(plan).missing] == ["1/2 i Smoking at delivery"]


def test_what_was_deleted_since_is_missed_by_nobody(plan: OpenPlan) -> None:
    send(plan, round_name="End of year")
    delete_rows(plan.editor, [row(plan, Measure, title="Smoking at delivery")])
    line = only(plan)
    assert (line.measures, line.missing) == (0, ())


def test_a_partner_sees_how_far_they_have_come(plan: OpenPlan) -> None:
    path = send(plan, round_name="End of year")
    with partner(path) as returned:
        assert progress(returned).words == "0 of 1 done"
        measure = row(returned, Measure, title="Smoking at delivery")
        set_update_text(returned.editor, measure, row(returned, Round, name="End of year"), "- Words")
        assert progress(returned).words == "1 of 1 done"


@pytest.fixture
def delivery_return(tmp_path: Path) -> Path:
    """What the schools are sent of a delivery plan, in which no round is kept."""
    with OpenPlan.create(tmp_path / "County.cypp", author="Ann", data=tmp_path / "data of Ann") as plan:
        load_plan(plan.editor, read_plan(paths.resource("samples/county.json")))
        (tmp_path / "sent").mkdir()
        return send(plan, "Schools", round_name=None)


def test_where_no_round_is_kept_an_outcome_is_done_once_anything_in_it_was_changed(
    delivery_return: Path,
) -> None:
    with partner(delivery_return) as returned:
        assert progress(returned).words == "0 of 6 done"
        measure = returned.editor.session.scalars(select(Measure)).first()
        assert measure is not None
        set_field(returned.editor, measure, "definition", "What it is")
        assert progress(returned).words == "1 of 6 done"
        returned.editor.undo()
        assert progress(returned).words == "0 of 6 done", "what was taken back is no answer"
        actions = returned.editor.session.scalars(select(Action)).all()
        for action in actions[:2]:
            set_field(returned.editor, action, "status", "Under way")
        changed = {action.outcome_id for action in actions[:2]}
        assert progress(returned).words == f"{len(changed)} of 6 done"


def test_an_outcome_of_which_no_measure_is_asked_for_counts_itself(tmp_path: Path) -> None:
    with OpenPlan.create(tmp_path / "Review.cypp", author="Ann", data=tmp_path / "data of Ann") as plan:
        load_plan(plan.editor, read_plan(paths.resource("samples/review.json")))
        with plan.editor.step("Empty it") as session:
            for update in session.scalars(select(Update)):
                update.text = ""
        (tmp_path / "sent").mkdir()
        path = send(plan, "County Council", round_name="Review of 2014–2016")
    with partner(path) as returned:
        assert progress(returned).words == "0 of 1 done"
        outcome = returned.editor.session.scalars(select(Outcome)).one()
        update = outcome.updates[0]
        set_field(returned.editor, update, "text", "- Words")
        set_field(returned.editor, update, "state", "draft")
        assert progress(returned).words == "1 of 1 done"


def test_a_reminder_says_what_was_asked_by_when_and_what_is_missing(plan: OpenPlan) -> None:
    send(plan, round_name="End of year", due="2018-07-01")
    set_field(plan.editor, row(plan, IssuedReturn), "issued_at", "2018-06-01T09:00:00Z")
    assert reminder(plan, only(plan), today=BEFORE) == (
        "To Anytown CCG\n\n"
        "A reminder: Anytown plan, End of year\n\n"
        "On 1 June 2018 we sent you a file to fill in. Please send it back by 1 July 2018.\n\n"
        "We have no update yet for this measure:\n"
        "- 1a i Smoking at delivery\n\n"
        "Open the file in CYPP Desktop, fill in what is asked, choose Finish and save for return, and send "
        "the file back to us. If you have sent it already, please tell us.\n\n"
        "Thank you\nAnn\n"
    )


def test_a_reminder_of_what_is_late_says_so(plan: OpenPlan) -> None:
    send(plan, due="2018-07-01")
    words = reminder(plan, only(plan), today=AFTER)
    assert "Your return is late: Anytown plan, Mid-year" in words
    assert "It was due back by 1 July 2018 and has not come back to us yet." in words
    assert "no update yet" not in words, "the text of the round covers it"


def test_a_return_to_nobody_any_more_stays_on_the_board(plan: OpenPlan) -> None:
    send(plan)
    set_field(plan.editor, row(plan, IssuedReturn), "organisation_id", None)
    assert only(plan).organisation == ""


def test_a_copy_of_a_return_counts_for_the_same_issue(plan: OpenPlan, tmp_path: Path) -> None:
    path = send(plan)
    copy = answered(Path(shutil.copy(path, tmp_path / "copy.cypp-return")))
    assert only(plan, one(plan, copy)).state == "returned"


def test_the_command_line_tells_what_is_here_what_was_taken_back_and_what_no_file_of_the_plan_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with officer(tmp_path) as plan:
        mistake = send(plan, COUNCIL, measure_ids=[row(plan, Measure, code="ii").id])
        take_back(plan, [row(plan, IssuedReturn).id])
        sent = answered(send(plan, due="2018-07-01"))
        plan.publish()
    path = str(tmp_path / "Our plan.cypp")
    assert run(["returns", path]) == 0
    said = capsys.readouterr().out
    assert "Anytown CCG (Mid-year): late, due" in said and "Anytown Council (Mid-year): taken back" in said
    broken = tmp_path / "broken.cypp-return"
    broken.write_bytes(mistake.read_bytes()[:5000])
    assert run(["returns", path, str(sent), str(broken)]) == 3
    told = capsys.readouterr()
    assert "Anytown CCG (Mid-year): returned" in told.out
    assert told.err.startswith("broken.cypp-return: refused.")


def test_the_command_line_takes_back_what_was_asked_by_mistake_and_asks_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with officer(tmp_path) as plan:
        send(plan)
        plan.publish()
    path = str(tmp_path / "Our plan.cypp")
    assert run(["returns", path, "--take-back", "anytown ccg", "--as", "Ann"]) == 0
    assert "Anytown CCG (Mid-year): taken back" in capsys.readouterr().out
    assert run(["returns", path, "--take-back", CCG]) == 1, "it is taken back already"
    assert capsys.readouterr().err.endswith("Nothing was asked of Anytown CCG.\n")
    assert run(["returns", path, "--ask-again", CCG, "--round", "Mid-year"]) == 0
    assert "Anytown CCG (Mid-year): asked" in capsys.readouterr().out
    assert run(["returns", path, "--ask-again", CCG, "--round", "mid-year"]) == 1
    assert "taken back that was sent to Anytown CCG for Mid-year." in capsys.readouterr().err
    assert run(["history", path]) == 0
    assert "Ann" in capsys.readouterr().out


def test_what_is_merged_cannot_be_taken_back_by_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with officer(tmp_path) as plan:
        sent = answered(send(plan))
        plan.publish()
    path = str(tmp_path / "Our plan.cypp")
    assert run(["merge", path, str(sent)]) == 0
    before = (tmp_path / "Our plan.cypp").read_bytes()
    assert run(["returns", path, "--take-back", CCG]) == 1
    assert "too late to take back" in capsys.readouterr().err
    assert (tmp_path / "Our plan.cypp").read_bytes() == before


# ------------------------------------------------------------------ what came back as it was sent


def filled_in(path: Path, *edits: tuple[type, str, object], name: str = "Pat") -> Path:
    """A partner edits the only row of each class, one field each, and finishes the return."""
    with partner(path, name) as plan:
        for cls, field, value in edits:
            set_field(plan.editor, plan.editor.session.scalars(select(cls)).one(), field, value)
        finish(plan)
    return path


def changed_and_put_back(path: Path) -> Path:
    with partner(path) as plan:
        update = plan.editor.session.scalars(select(Update)).one()
        was = update.text
        set_field(plan.editor, update, "text", "- Something")
        set_field(plan.editor, update, "text", was)
        finish(plan)
    return path


def typed_and_undone(path: Path) -> Path:
    with partner(path) as plan:
        set_field(plan.editor, plan.editor.session.scalars(select(Update)).one(), "text", "- Something")
        plan.editor.undo()
        finish(plan)
    return path


def beyond_what_was_asked(path: Path) -> Path:
    return filled_in(path, (Plan, "title", "Ours now"))


EMPTY = pytest.mark.parametrize(
    "left", [filled_in, changed_and_put_back, typed_and_undone, beyond_what_was_asked]
)


@EMPTY
def test_what_came_back_with_nothing_of_what_was_asked_is_empty_and_not_done(
    plan: OpenPlan, left: Callable[[Path], Path]
) -> None:
    path = left(send(plan, due="2018-07-01"))
    merge_files(plan, [one(plan, path)])
    for today in (BEFORE, AFTER):
        assert only(plan, today=today).state == "came back empty"
    line = only(plan)
    assert line.received_at and not line.is_withdrawn
    assert "It came back on" in reminder(plan, line, today=AFTER)
    assert "with nothing filled in. Your answer was due back by 1 July 2018." in reminder(
        plan, line, today=AFTER
    )
    unmerge_all(plan)
    assert only(plan).state in ("came back empty", "returned")
    take_back(plan, [line.issue_id])
    assert only(plan).state == "withdrawn"


def unmerge_all(plan: OpenPlan) -> None:
    while batches(plan):
        unmerge(plan)


def test_what_is_here_and_holds_nothing_is_empty_before_it_is_merged(plan: OpenPlan) -> None:
    path = filled_in(send(plan, due="2018-07-01"))
    assert only(plan, one(plan, path), today=AFTER).state == "came back empty"
    filled = answered(Path(shutil.copy(path, path.with_name("filled.cypp-return"))))
    assert only(plan, one(plan, path), one(plan, filled), today=AFTER).state == "returned"


def test_empty_first_and_filled_later_is_done_and_empty_later_takes_nothing_back(
    plan: OpenPlan, tmp_path: Path
) -> None:
    sent = send(plan)
    untouched = filled_in(Path(shutil.copy(sent, tmp_path / "untouched.cypp-return")), name="Quin")
    again = filled_in(Path(shutil.copy(sent, tmp_path / "again.cypp-return")), name="Ray")
    with tampered(again) as db:
        db.execute("UPDATE meta SET value = '2018-06-21T09:00:00Z' WHERE key = 'finished_at'")
    merge_files(plan, [one(plan, untouched)])
    assert only(plan).state == "came back empty"
    merge_files(plan, [one(plan, answered(sent))])
    assert only(plan).state == "merged"
    merge_files(plan, [one(plan, again)])
    assert only(plan).state == "merged"
    unmerge_all(plan)
    assert only(plan).state == "returned"


def test_to_say_that_nothing_more_is_coming_is_an_answer(plan: OpenPlan) -> None:
    merge_files(plan, [one(plan, filled_in(send(plan), (Update, "state", "submitted")))])
    assert only(plan).state == "merged"


def test_the_command_line_tells_what_came_back_empty_in_words_and_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with officer(tmp_path) as plan:
        sent = filled_in(send(plan, due="2018-07-01"))
        plan.publish()
    path = str(tmp_path / "Our plan.cypp")
    assert run(["returns", path, str(sent)]) == 0
    assert "Anytown CCG (Mid-year): came back empty" in capsys.readouterr().out
    assert run(["merge", path, str(sent)]) == 0
    capsys.readouterr()
    assert run(["returns", path]) == 0
    assert "Anytown CCG (Mid-year): came back empty on 20" in capsys.readouterr().out
    assert run(["returns", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "came back empty"
