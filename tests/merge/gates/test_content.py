"""The gates inside a file: changes that no plan can hold, another past, and what another program did."""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.merge.gates import changes_in, quarantine, typed
from cypp_desktop.merge.issue import finish
from cypp_desktop.plan.identity import derived_id
from cypp_desktop.plan.model import Measure, Observation, Update
from cypp_desktop.store import schema
from cypp_desktop.store.commands import delete_rows, set_field
from cypp_desktop.store.log import read_changes
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.seal import SEAL, seal_of
from cypp_desktop.store.union import add_changes
from tests.merge.copies import copy_of, digest, edited
from tests.merge.sent import answered, one, partner, refused, row, said, send, tampered

HIDDEN = "Smoking at delivery"


# ------------------------------------------------------------------ changes that cannot be


def _only(column: str, value: object) -> Callable[[sqlite3.Connection], object]:
    """Set a column of the partner's one change."""
    return lambda db: db.execute(f"UPDATE change SET {column} = ? WHERE author = 'Pat'", (value,))


def _as_text(raw: bytes) -> Callable[[sqlite3.Connection], object]:
    return lambda db: db.execute(
        "UPDATE change SET value = CAST(? AS TEXT) WHERE author = 'Pat'", (b'"' + raw + b'"',)
    )


NEW = str(uuid.uuid4())


@pytest.mark.parametrize(
    "change",
    [
        _only("value", "{"),
        _only("value", "17"),
        _only("value", "null"),
        _only("value", '["a list"]'),
        _only("value", "NaN"),
        _only("value", "[" * 100_000),
        _only("value", "1" * 10_000),
        _only("value", json.dumps("a\x00b")),
        _only("value", '"\\ud800"'),
        _only("value", b'"blob"'),
        _as_text(b"not \xff UTF-8"),
        _only("value", json.dumps("x" * 3_000_000)),
        _only("value", json.dumps("x" * 30_000_000)),
        _only("row_type", "sqlite_schema"),
        _only("row_type", "measure"),
        _only("row_id", NEW),
        _only("row_id", "../../etc"),
        _only("field", "id"),
        _only("field", "state"),
        _only("field", "place"),
        _only("field", "*"),
        _only("field", "*deleted"),
        _only("id", "one"),
        _only("step", "x" * 40),
        _only("author", b"Pat"),
        _only("author", "x" * 1000),
        lambda db: db.execute("UPDATE change SET author = 'P' || char(0) || 'at' WHERE author = 'Pat'"),
        _only("parents", "{}"),
        _only("parents", "[1]"),
        _only("parents", '["x"]'),
        _only("parents", '[["x"]]'),
        lambda db: db.execute("UPDATE change SET parents = json_array(id) WHERE author = 'Pat'"),
        lambda db: db.execute(
            "UPDATE change SET parents = json_array(?, ?) WHERE author = 'Pat'", (NEW, NEW)
        ),
        lambda db: db.execute(
            "UPDATE change SET parents = json_array((SELECT id FROM change WHERE row_type = 'plan'))"
            " WHERE author = 'Pat'"
        ),
    ],
)
def test_a_change_that_cannot_be_in_any_plan_refuses_the_file(
    plan: OpenPlan, answer: Path, change: Callable[[sqlite3.Connection], object]
) -> None:
    before = digest(plan)
    with tampered(answer) as db:
        change(db)
    found = refused(plan, answer)
    assert found.gate in ("readable", "whole", "digested")
    assert "Fewer" not in found.words
    assert digest(plan) == before


VALUES: dict[tuple[str, str], list[Any]] = {
    ("measure", "title"): [None, 1, "a\x00"],
    ("measure", "placeholder"): ["yes", 1, None],
    ("measure", "flags"): ["a", [1], {"a": "b"}],
    ("measure", "polarity"): ["sideways", 3, []],
    ("measure", "unit"): ["%", {"unit": 1, "value_format": None}, {"unit": "%", "more": "x"}],
    ("measure", "place"): [
        {"outcome_id": "x", "sort_key": "V"},
        {"outcome_id": NEW, "sort_key": "V0"},
        {"outcome_id": NEW, "sort_key": "V!"},
        {"outcome_id": NEW, "sort_key": ""},
        {"outcome_id": None, "sort_key": "V"},
    ],
    ("update", "state"): ["done", None],
    ("observation", "value"): [
        {"value": "Infinity", "words": None, "unit": None},
        {"value": "nan", "words": None, "unit": None},
        {"value": 17, "words": None, "unit": None},
        {"value": "9" * 100, "words": None, "unit": None},
        {"value": "17", "words": "seventeen", "unit": None},
    ],
    ("observation", "period"): [{"period": "x", "period_start": "soon", "period_end": None}],
    ("round", "due"): ["2018-02-30", "tomorrow"],
    ("plan", "rag_rules"): ["x", [1], {"a\x00": 1}],
    ("lead", "organisation_id"): ["someone", 1],
    ("section", "depth"): [0, 7, True, "1"],
}


@pytest.mark.parametrize(
    ("row_type", "field", "value"), [(*key, value) for key, values in VALUES.items() for value in values]
)
def test_a_value_of_the_wrong_kind_refuses_the_file(
    plan: OpenPlan, row_type: str, field: str, value: Any
) -> None:
    assert plan.target is not None
    copy = edited(copy_of(plan.target, "laptop"), "Bob", ("1", "title", "Words"))
    with tampered(copy) as db:
        (row_id, creation) = db.execute(
            "SELECT row_id, id FROM change WHERE row_type = ? AND field = '*'", (row_type,)
        ).fetchone()
        db.execute(
            "UPDATE change SET row_type = ?, row_id = ?, field = ?, value = ?, parents = ?"
            " WHERE author = 'Bob'",
            (row_type, row_id, field, json.dumps(value), json.dumps([creation])),
        )
    assert refused(plan, copy).gate == "readable"


def test_a_row_made_with_parts_missing_or_too_many_refuses_the_file(plan: OpenPlan, answer: Path) -> None:
    for values in ({}, {"more": 1}, [], None, "words"):
        path = Path(shutil.copy(answer, answer.with_name("made.cypp-return")))
        with tampered(path) as db:
            db.execute(
                "UPDATE change SET field = '*', row_type = 'action_measure', row_id = ?, parents = '[]',"
                " value = ? WHERE author = 'Pat'",
                (NEW, json.dumps(values)),
            )
        assert refused(plan, path).gate == "readable"


def test_changes_that_are_made_upon_each_other_refuse_the_file(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        for title in ("One", "Two", "Three"):
            set_field(returned.editor, row(returned, Measure, key=None, code="i"), "title", title)
            finish(returned)
    with tampered(path) as db:
        ids = [id_ for (id_,) in db.execute("SELECT id FROM change WHERE author = 'Pat' ORDER BY seq")]
        db.execute("UPDATE change SET parents = json_array(?) WHERE id = ?", (ids[2], ids[0]))
    assert "upon itself" in refused(plan, path).words


def test_a_change_that_both_have_must_say_the_same(plan: OpenPlan) -> None:
    measure = row(plan, Measure, title=HIDDEN)
    set_field(plan.editor, measure, "title", "Smoking when born")
    answer = answered(send(plan))
    ours = read_changes(plan.editor.session.connection(), schema.change.c.row_id == measure.id)[-1]
    for column, value in (("value", '"Forged"'), ("field", "source"), ("parents", "[]"), ("row_id", NEW)):
        path = Path(shutil.copy(answer, answer.with_name("forged.cypp-return")))
        with tampered(path) as db:
            db.execute(f"UPDATE change SET {column} = ? WHERE id = ?", (value, ours.id))
        assert refused(plan, path).gate == "of_the_same_past"


def test_in_a_copy_of_the_plan_creations_too_must_say_the_same(plan: OpenPlan) -> None:
    assert plan.target is not None
    copy = copy_of(plan.target, "laptop")
    with tampered(copy) as db:
        db.execute(
            "UPDATE change SET value = replace(value, 'Smoking', 'Nothing') WHERE row_type = 'measure'"
        )
    assert refused(plan, copy).gate == "of_the_same_past"


def test_more_changes_than_anyone_makes_refuse_the_file(
    plan: OpenPlan, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_in, "MOST_CHANGES", 0)
    assert "nobody can have made" in refused(plan, answer).words


def test_a_hundred_thousand_equal_bullets_are_a_text_like_any_other(plan: OpenPlan) -> None:
    text = "\n".join(["- the same"] * 100_000)
    assert said(one(plan, answered(send(plan), text)).changes) == [("update", "text", text)]


def test_a_file_that_takes_too_long_is_given_up(
    plan: OpenPlan, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "PATIENCE", -1.0)
    monkeypatch.setattr(quarantine, "_STEPS_BETWEEN_LOOKS", 1)
    assert "too long" in refused(plan, answer).words


# ------------------------------------------------------------------ edited outside the application


def test_a_field_edited_outside_the_application_is_shown_as_such_and_proposed(
    plan: OpenPlan, answer: Path
) -> None:
    with tampered(answer) as db:
        db.execute("""UPDATE "update" SET text = '- By hand', note = 'x'""")
    received = one(plan, answer)
    assert not received.sealed
    assert said(received.altered) == [("update", "text", "- By hand")]
    assert received.altered[0].parents == (received.changes[-1].id,), "it was made upon what was there"
    assert said(received.outside_altered) == [("update", "note", "x")], "nobody was asked for working notes"
    with plan.engine.begin() as connection:
        add_changes(connection, [*received.changes, *received.altered], batch="one")
    plan.editor.session.expire_all()
    assert row(plan, Update, text="- By hand")
    assert one(plan, answer).altered == (), "taken in once"


def test_what_was_done_outside_to_rows_that_were_not_asked_for_is_outside(
    plan: OpenPlan, answer: Path
) -> None:
    with tampered(answer) as db:
        db.execute("UPDATE outcome SET title = 'Ours now'")
    received = one(plan, answer)
    assert said(received.outside_altered) == [("outcome", "title", "Ours now")]
    assert not received.altered


def test_a_row_that_another_program_put_back_is_proposed_to_be_there_again(
    plan: OpenPlan, answer: Path
) -> None:
    with tampered(answer) as db:
        there = db.execute("SELECT * FROM observation WHERE kind = 'target'").fetchall()
    with partner(answer) as returned:
        delete_rows(returned.editor, [row(returned, Observation, kind="target")])
        returned.publish()
    with tampered(answer) as db:
        db.executemany(f"INSERT INTO observation VALUES ({','.join('?' * len(there[0]))})", there)
    received = one(plan, answer)
    assert said(received.changes)[-1] == ("observation", "*deleted", True)
    assert said(received.altered) == [("observation", "*deleted", False)]


def test_rows_put_in_and_taken_out_by_another_program_are_proposed(plan: OpenPlan, answer: Path) -> None:
    with tampered(answer) as db:
        db.execute("DELETE FROM observation WHERE kind = 'target'")
        (measure,) = db.execute("SELECT id FROM measure WHERE title = ?", (HIDDEN,)).fetchone()
        db.execute(
            "INSERT INTO observation (id, measure_id, sort_key, kind, value)"
            " VALUES (?, ?, 'z', 'actual', '12')",
            (NEW, measure),
        )
    received = one(plan, answer)
    found = {(change.row_type, change.field): change.value for change in received.altered}
    assert found[("observation", "*deleted")] is True
    assert found[("observation", "*")]["value"] == "12"
    with plan.engine.begin() as connection:
        add_changes(connection, [*received.changes, *received.altered], batch="one")
    plan.editor.session.expire_all()


def test_a_new_seal_does_not_hide_what_was_done_to_a_row_that_was_edited(
    plan: OpenPlan, answer: Path
) -> None:
    with tampered(answer) as db:
        db.execute("""UPDATE "update" SET text = '- By hand'""")
        db.execute("UPDATE meta SET value = ? WHERE key = ?", (seal_of(db), SEAL))
    received = one(plan, answer)
    assert received.sealed
    assert said(received.altered) == [("update", "text", "- By hand")]


def test_a_row_and_its_creation_altered_alike_are_noticed(plan: OpenPlan, answer: Path) -> None:
    with tampered(answer) as db:
        db.execute("UPDATE measure SET title = 'Nothing at delivery' WHERE title = ?", (HIDDEN,))
        db.execute("UPDATE change SET value = replace(value, 'Smoking at', 'Nothing at')")
    received = one(plan, answer)
    assert said(received.altered) == [("measure", "title", "Nothing at delivery")]


def test_a_row_without_its_changes_is_refused(plan: OpenPlan, answer: Path) -> None:
    with tampered(answer) as db:
        db.execute("DELETE FROM change WHERE row_type = 'measure'")
    assert "taken out" in refused(plan, answer).words


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE "update" SET text = CAST(x'ff41' AS TEXT)""",
        """UPDATE "update" SET text = x'41'""",
        """UPDATE "update" SET text = 'a' || char(0)""",
        """UPDATE "update" SET state = 'finished'""",
        """UPDATE measure SET flags = '{' """,
        """UPDATE measure SET flags = '[1]' """,
        """UPDATE measure SET placeholder = 7""",
        """UPDATE measure SET sort_key = '!'""",
        """UPDATE observation SET value = 'Inf'""",
        """UPDATE observation SET value = x'31'""",
        """UPDATE observation SET words = 'both'""",
        """UPDATE measure SET title = printf('%.*c', 30000000, 'x')""",
        """UPDATE measure SET id = 'x' WHERE rowid = 1""",
    ],
)
def test_a_row_altered_into_what_no_plan_can_hold_refuses_the_file(
    plan: OpenPlan, answer: Path, statement: str
) -> None:
    with tampered(answer) as db:
        db.execute(statement)
    assert refused(plan, answer).gate in ("rows_as_told", "whole", "digested")


def test_a_copy_edited_outside_the_application_is_shown_as_such(plan: OpenPlan) -> None:
    assert plan.target is not None
    set_field(plan.editor, row(plan, Measure, title="Obesity, year 6"), "title", "Obesity")
    copy = edited(copy_of(plan.target, "laptop"), "Bob", ("1", "title", "Words"))
    with tampered(copy) as db:
        db.execute("UPDATE measure SET title = 'By hand' WHERE title = ?", (HIDDEN,))
    received = one(plan, copy)
    assert said(received.altered) == [("measure", "title", "By hand")], "what we did since is no alteration"
    assert said(received.changes) == [("priority", "title", "Words")]


def test_the_same_alteration_has_one_name_in_whatever_file_it_comes(plan: OpenPlan, answer: Path) -> None:
    with tampered(answer) as db:
        db.execute("""UPDATE "update" SET text = '- By hand'""")
    again = Path(shutil.copy(answer, answer.with_name("again.cypp-return")))
    with tampered(again) as db:
        db.execute("VACUUM")
    ids = {change.id for path in (answer, again) for change in one(plan, path).altered}
    assert len(ids) == 1
    assert derived_id("x") not in ids


def test_only_short_authors_are_remembered(plan: OpenPlan, answer: Path) -> None:
    before = typed._origin_fault.cache_info().currsize
    with tampered(answer) as db:
        db.execute("UPDATE change SET author = printf('%.*c', 400000, 'x') || seq WHERE author = 'Pat'")
    assert "author" in refused(plan, answer).words
    assert typed._origin_fault.cache_info().currsize == before


@pytest.mark.parametrize(
    ("level", "is_one"),
    [(1, True), (6, True), (0, False), (7, False), (True, False), ("1", False), (None, False)],
)
def test_the_level_of_a_section_is_a_whole_number_of_those_that_headings_have(
    level: object, is_one: bool
) -> None:
    assert (typed.value_fault("section", "depth", level) is None) == is_one


@pytest.mark.parametrize("at", [0, 7, 8, 13, 14, 18, 23, 35])
@pytest.mark.parametrize("letter", ["-", "g", "A", "é", "\u0661", " ", ""])
def test_ids_looked_at_together_are_told_as_one_by_one(at: int, letter: str) -> None:
    sound = "0190a1b2-c3d4-7e5f-8a6b-0123456789ab"
    other = sound[:at] + letter + sound[at + 1 :]
    assert typed._are_ids([sound, sound])
    assert typed._are_ids([sound, other]) == (typed.is_id(sound) and typed.is_id(other))
    assert not typed._are_ids([sound + other[:1], other[1:]])
