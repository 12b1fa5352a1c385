"""Files of others: what is not a plan of this application is refused, or told by the check."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from cypp_desktop.errors import CyppError, FileProblem, NotAPlan
from cypp_desktop.plan.model import Action
from cypp_desktop.store import schema
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.disk import DISK
from cypp_desktop.store.file_seal import seal_file
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.versions import CURRENT_VERSION
from tests.merge.sent import officer, send
from tests.store.plans import small_plan


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "plan.cypp"
    editor = small_plan(path)
    editor.close()
    return path


@pytest.fixture
def plan(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "plan.cypp"))


def alter(plan: Path, *statements: str) -> None:
    with closing(sqlite3.connect(plan, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW v AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r",
        "CREATE TRIGGER t AFTER UPDATE ON measure BEGIN DELETE FROM change; END",
        "CREATE VIRTUAL TABLE t USING fts5(x)",
    ],
)
def test_what_acts_by_itself_is_not_opened(plan: Path, statement: str) -> None:
    alter(plan, statement)
    with pytest.raises(NotAPlan, match="acts by itself"):
        OpenPlan.open(plan)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE section",
        "ALTER TABLE section DROP COLUMN note",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE section(id)' WHERE name = 'section'",
    ],
)
def test_a_file_without_all_of_a_plan_is_not_opened(plan: Path, statement: str) -> None:
    alter(plan, statement)
    with pytest.raises(NotAPlan, match=r"plan\.cypp"):
        OpenPlan.open(plan)


def test_a_file_whose_damage_cannot_even_be_named_is_not_opened(plan: Path) -> None:
    alter(plan, "UPDATE sqlite_schema SET sql = 'x', name = CAST(x'66f266' AS TEXT) WHERE rowid = 5")
    with pytest.raises(FileProblem, match="damaged"):
        OpenPlan.open(plan)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE measure ADD COLUMN evil TEXT AS (title || title)", "measure holds more"),
        ("CREATE TABLE evil(x)", "evil holds more"),
        ("DROP INDEX head_of_field", "change is not as"),
        (
            "UPDATE sqlite_schema SET sql = replace(sql, 'sort_key VARCHAR', 'sort_key VARCHAR CHECK (1)')"
            " WHERE name = 'measure'",
            "measure is not as",
        ),
        (
            "UPDATE sqlite_schema SET sql = replace(sql, 'FOREIGN KEY(outcome_id) REFERENCES outcome (id)',"
            " 'CHECK (1)') WHERE name = 'measure'",
            "measure is not as",
        ),
        ("UPDATE measure SET title = x'00ff'", "title of a row of type measure"),
        ("UPDATE section SET depth = 'deep'", "depth of a row of type section"),
        ("UPDATE measure SET flags = 'nope'", "flags of a row of type measure"),
        ("UPDATE measure SET flags = '[1, 2]'", "flags of a row of type measure"),
        ("UPDATE plan SET rag_rules = '[]'", "rag_rules of a row of type plan"),
        ("UPDATE measure SET sort_key = ''", "sort_key of a row of type measure"),
        ("UPDATE lead SET sort_key = '~'", "sort_key of a row of type lead"),
        ("UPDATE change SET author = x'00'", "author of a row of type change"),
        ("UPDATE measure SET title = CAST(x'c328' AS TEXT)", "cannot be read through"),
        ("UPDATE observation SET value = 'abc'", "cannot be read through"),
        ("UPDATE observation SET value = 'NaN'", "cannot be read through"),
        ("UPDATE change SET value = 'nope' WHERE seq = 3", "cannot be read through"),
        ("UPDATE change SET value = '5' WHERE field = '*'", "cannot be read through"),
        ("UPDATE change SET row_type = 'evil' WHERE seq = 2", "cannot be read through"),
        ("UPDATE change SET parents = 'x'", "cannot be read through"),
        ("DELETE FROM plan", "not exactly one plan"),
    ],
)
def test_what_the_application_never_wrote_is_told_by_the_check(plan: Path, statement: str, said: str) -> None:
    alter(plan, statement)
    engine: Engine = schema.connect(plan)
    report = check_file(engine)
    engine.dispose()
    assert not report.is_clean
    assert said in report.faults[0]


def test_a_kept_span_that_ends_before_it_begins_is_told_of_and_the_file_stays_sound(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "plan.cypp")
    action = row_at(editor.session, "1/1a/actions/1")
    assert isinstance(action, Action)
    with editor.step("As version 0.1.0 read it"):
        action.due, action.due_start, action.due_end = "2027-03", "2027-04-01", "2003-03-31"
    editor.session.rollback()
    report = check_file(editor.session.get_bind())  # type: ignore[arg-type]
    assert report.is_clean
    (remark,) = report.remarks
    assert f"The due of the action {action.id} ends before it begins" in remark
    set_field(editor, action, "due", "2027-03 at the latest")
    set_field(editor, action, "due", "2027-03")
    editor.session.rollback()
    assert not check_file(editor.session.get_bind()).remarks  # type: ignore[arg-type]
    editor.close()


def test_a_later_minor_version_may_hold_more(plan: Path) -> None:
    later = f"PRAGMA user_version={CURRENT_VERSION + 1}"
    alter(plan, "ALTER TABLE measure ADD COLUMN later", "CREATE TABLE later(x)", later)
    with OpenPlan.open(plan, read_only=True) as opened:
        assert check_file(opened.engine).is_clean


def test_any_byte_may_be_wrong(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for at in range(0, len(whole), len(whole) // 60):
        broken = bytearray(whole)
        broken[at] ^= 0x84
        path = tmp_path / "broken.cypp"
        path.write_bytes(broken)
        try:
            with OpenPlan.open(path, read_only=True) as opened:
                check_file(opened.engine)
        except CyppError as problem:
            assert "broken.cypp" in str(problem)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE step SET name = CAST(x'c328' AS TEXT)",
        "UPDATE step SET report = '{' WHERE seq = 1",
        "UPDATE step SET report = '[]' WHERE seq = 1",
        "INSERT INTO removal VALUES ('a', 'b', 'c', CAST(x'ff' AS TEXT))",
        "INSERT INTO removed VALUES ('a', CAST(x'ff' AS TEXT), 'b')",
        "INSERT INTO meta VALUES ('x', CAST(x'ff' AS TEXT))",
        "INSERT INTO meta VALUES ('own_files', '{}')",
        "INSERT INTO meta VALUES ('own_files', '[[]]')",
        "INSERT INTO meta VALUES ('finished_steps', '[1]')",
        "INSERT INTO meta VALUES ('held', '[\"ab\"]')",
        "INSERT INTO meta VALUES ('held', '[[\"a\", 1]]')",
        "INSERT INTO meta VALUES ('held', '" + "[" * 3000 + "')",
        "UPDATE meta SET value = 'abc' WHERE key = 'sealed_step'",
    ],
)
def test_what_a_file_says_of_itself_and_of_its_steps_is_checked(plan: Path, statement: str) -> None:
    alter(plan, statement)
    engine = schema.connect(plan)
    assert len(check_file(engine).faults) == 1
    engine.dispose()
    with pytest.raises(NotAPlan, match="not sound"):
        OpenPlan.open(plan)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE measure SET title = x'00ff'",
        "UPDATE measure SET title = CAST(x'c328' AS TEXT)",
        "UPDATE measure SET flags = '['",
        "UPDATE observation SET value = 'NaN'",
        "DELETE FROM plan",
        "UPDATE meta SET value = '{' WHERE key = 'own_files'",
    ],
)
def test_a_return_is_checked_also_where_its_seal_holds(tmp_path: Path, statement: str) -> None:
    """Who sends one can seal what he likes."""
    with officer(tmp_path) as sender:
        sent = send(sender)
    with OpenPlan.open(sent, data=tmp_path / "theirs") as honest:
        assert not honest.proof.fault and not honest.proof.note
    alter(sent, statement)
    seal_file(sent, DISK)
    with pytest.raises(NotAPlan, match="not sound"):
        OpenPlan.open(sent)
