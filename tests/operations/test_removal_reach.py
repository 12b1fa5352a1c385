"""Removing a text for good reaches what says the same in another way, or was kept for another reason."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cypp_desktop.merge.apply import merge
from cypp_desktop.merge.issue import finish
from cypp_desktop.operations.removal import Order, Rest, remove_for_good
from cypp_desktop.plan.model import Action, IssuedReturn, Observation, Round
from cypp_desktop.plan.sought_words import SoughtWords
from cypp_desktop.store import schema
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.removal_search import WordingsOfField, WordsAnywhere
from cypp_desktop.store.removal_survey import Survey, survey
from tests.merge.copies import at, copy_of, make_plan, opened, review_of
from tests.merge.sent import one, partner, row, send
from tests.operations.bytes_on_disk import files_with

NAME = "Jane Quillfeather"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    folder.mkdir()
    return make_plan(folder / "plan.cypp")


@pytest.fixture
def plan(path: Path) -> Iterator[OpenPlan]:
    with opened(path) as plan:
        yield plan


def anywhere(plan: OpenPlan, words: str = NAME) -> Survey:
    return survey(plan, WordsAnywhere(SoughtWords([words])))


def removed(plan: OpenPlan, words: str = NAME, *, rest: Rest = Rest.EMPTY, why: str = "Asked for.") -> None:
    assert remove_for_good(plan, anywhere(plan, words), Order(reason=why, rest=rest)).is_through
    assert not anywhere(plan, words).is_anywhere
    assert check_file(plan.engine).faults == []


def elsewhere(path: Path) -> Path:
    """The file on another machine."""
    folder = next(each for each in path.parents if each.name == "office").with_name("elsewhere")
    folder.mkdir(exist_ok=True)
    return Path(shutil.move(path, folder / path.name))


# ---------------------------------------------------------------------------------- earlier removals


def test_who_removed_another_text_and_why_goes_too(path: Path) -> None:
    with opened(path, NAME) as hers:
        set_field(hers.editor, at(hers, "1/1a/i"), "title", "Of Sam Otherman")
        removed(hers, "Sam Otherman", why="The father of Kit Third asked.")
    shutil.rmtree(path.parent / f"data of {NAME}")
    older = elsewhere(copy_of(path, "older"))
    with opened(path) as plan:
        assert anywhere(plan).removals == anywhere(plan, "Kit Third").removals == 1
        removed(plan)
        removed(plan, "Kit Third")
        assert files_with(NAME, path.parent) == files_with("Kit Third", path.parent) == []
    third = elsewhere(copy_of(path, "third"))
    with opened(older, "Bob") as bobs, contextlib.closing(sqlite3.connect(bobs.working.path)) as db:
        merge(bobs, review_of(bobs, third))
        told = " ".join(map(str, db.execute("SELECT author, reason FROM removal").fetchall()))
        assert NAME not in told and "Kit Third" not in told


def test_an_older_removal_that_comes_in_later_says_nothing_more_either(path: Path) -> None:
    """The removal that empties it was there first."""
    with opened(path, NAME) as hers:
        set_field(hers.editor, at(hers, "1/1a/i"), "title", "Of Sam Otherman")
        removed(hers, "Sam Otherman")
    shutil.rmtree(path.parent / f"data of {NAME}")
    with opened(path) as plan:
        removed(plan)
        with plan.engine.begin() as connection:  # as in a file that heard of the later one alone
            connection.exec_driver_sql("DELETE FROM removal WHERE reason = 'Asked for.' AND author <> 'Ann'")
        from cypp_desktop.store.removal import Removal, record, removals_of

        with plan.engine.begin() as connection:
            (item,) = connection.exec_driver_sql(
                "SELECT item FROM removed WHERE part = 'removal.author'"
            ).one()
            record(
                connection, [Removal(id=item, at="2018-01-01T00:00:00Z", author=NAME, reason="Asked for.")]
            )
            assert {each.author for each in removals_of(connection)} == {"Ann", "Name removed"}


# ---------------------------------------------------------------------------------- days and numbers


DUE = {"due": "14 March 1987", "due_start": "1987-03-14", "due_end": "1987-03-14", "due_precision": "day"}
LATER = {"due": "May 2018", "due_start": "2018-05-01", "due_end": "2018-05-31", "due_precision": "month"}


@pytest.mark.parametrize("words", ["14 March 1987", "1987-03-14"])
@pytest.mark.parametrize("rest", [Rest.EMPTY, Rest.KEPT])
@pytest.mark.parametrize("is_past", [False, True])
def test_days_go_with_the_words_that_say_them(plan: OpenPlan, words: str, rest: Rest, is_past: bool) -> None:
    assert plan.target is not None
    action = plan.editor.session.query(Action).first()
    assert action is not None
    set_field(plan.editor, action, "due", DUE)
    plan.publish()
    if is_past:
        set_field(plan.editor, action, "due", LATER)
    removed(plan, words, rest=rest)
    for told in ("14 March 1987", "1987-03-14"):
        assert files_with(told, plan.target.parent) == []
    assert (action.due == "May 2018" and action.due_end == "2018-05-31") is is_past


@pytest.mark.parametrize("rest", [Rest.EMPTY, Rest.KEPT])
def test_a_day_and_a_number_go_as_a_whole(plan: OpenPlan, rest: Rest) -> None:
    value = plan.editor.session.query(Observation).filter(Observation.value.is_not(None)).first()
    a_round = row(plan, Round, name="Mid-year")
    assert value is not None
    with plan.editor.step("Write"):
        value.value, a_round.due = Decimal("98765.43"), "1987-03-14"
    removed(plan, "98765", rest=rest)
    removed(plan, "1987-03-14", rest=rest)
    assert value.value is None and a_round.due is None


# ---------------------------------------------------------------------------------- returns


def test_what_a_return_says_of_itself_goes_from_its_backups_and_working_copies(path: Path) -> None:
    """The officer has filled in a return on the machine of the plan, and the program ended meanwhile."""
    data = path.parent / "data of Ann"
    with opened(path) as plan:
        plan_row = at(plan, "plan")
        set_field(plan.editor, plan_row, "title", f"Plan of {NAME}")
        set_field(plan.editor, row(plan, Round, name="Mid-year"), "name", f"The year of {NAME}")
        note = f"Ask **{NAME}**"
        back = elsewhere(send(plan, round_name=f"The year of {NAME}", covering_note=note))
        plan.publish()
        returned = OpenPlan.open(back, author="Ann", data=data)
        for words in ("Yearly", "Weekly"):
            set_field(returned.editor, at(returned, "1/1a/i"), "frequency", words)
            if words == "Yearly":
                returned.publish()
        returned.close()
        removed(plan, why="Their family")
        assert files_with(NAME, path.parent) == []
        assert [
            name for name in files_with("Their family", data / "working") if "plan.cypp" not in name
        ] == []
    with OpenPlan.open(back, author="Ann", data=data) as returned:
        assert returned.working.recovered
        assert returned.editor.meta("covering_note") == ""
        with contextlib.closing(sqlite3.connect(returned.working.path)) as db:
            assert "Their family" not in str(db.execute("SELECT * FROM removal").fetchall())
        finish(returned)
    with opened(path) as plan:
        found = one(plan, back)
        assert found.sealed and [change.value for change in found.changes] == ["Weekly"]
        merge(plan, review_of(plan, back))
        assert not anywhere(plan).is_anywhere


def test_each_column_of_the_log_holds_words_that_are_looked_for_or_none() -> None:
    """Of a new one, that is to be said here, and done in store/removal.py and store/removal_search.py."""
    words = {"before", "value", "author", "claim", "name", "report", "reason"}
    none = {"seq", "id", "is_head", "row_type", "row_id", "field", "parents", "file", "at", "step", "batch"}
    none |= {"kind", "target", "state", "sitting", "item", "part", "removal", "key"}
    for table in schema.LOG.sorted_tables:
        assert {column.name for column in table.columns} <= words | none, table.name


def test_all_wordings_of_a_covering_note_are_those_in_returns_too(path: Path) -> None:
    data = path.parent / "data of Ann"
    with opened(path) as plan:
        back = elsewhere(send(plan, covering_note=f"Ask {NAME}"))
        with OpenPlan.open(back, author="Ann", data=data) as returned:
            set_field(returned.editor, at(returned, "1/1a/i"), "frequency", "Yearly")
            returned.publish()
        issued = plan.editor.session.query(IssuedReturn).one()
        wanted = WordingsOfField("issued_return", issued.id, "covering_note")
        assert remove_for_good(plan, survey(plan, wanted), Order(reason="Asked for.")).is_through
        assert files_with(NAME, path.parent) == []


def test_a_return_of_before_does_not_say_it_again_where_its_seal_is_broken(path: Path) -> None:
    with opened(path) as plan:
        measure = at(plan, "1/1a/i")
        with plan.editor.step("Add a value") as session:
            session.add(Observation(measure_id=measure.id, sort_key="Z", area=f"Of {NAME}", words="good"))
        back = elsewhere(send(plan))
        plan.publish()
        with partner(back) as theirs:
            set_field(theirs.editor, at(theirs, "1/1a/i"), "frequency", "Yearly")
            finish(theirs)
        removed(plan)
        with contextlib.closing(sqlite3.connect(back)) as db:
            db.execute("UPDATE meta SET value = 'broken' WHERE key = 'seal'")
            db.commit()
        found = one(plan, back)
        assert not found.sealed and found.altered == found.outside_altered == ()
        merge(plan, review_of(plan, back))
        assert not anywhere(plan).is_anywhere


def test_what_was_sent_is_listed_also_where_the_clock_was_wrong_when_it_was_written(plan: OpenPlan) -> None:
    send(plan)
    set_field(plan.editor, at(plan, "1/1a/i"), "title", f"About {NAME}")
    with plan.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE change SET at = '2090-01-01T00:00:00Z' WHERE field = 'title'")
    send(plan)
    later, _ = (
        issued.id for issued in plan.editor.session.query(IssuedReturn).order_by(IssuedReturn.sort_key.desc())
    )
    assert [each.issue_id for each in anywhere(plan).sent] == [later]
