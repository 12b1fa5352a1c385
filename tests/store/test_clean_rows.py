"""Signs that deceive in a plan that comes from elsewhere: the rows that people see have none."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Text

from cypp_desktop.merge.apply import take_in
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.model import Measure, Organisation, Priority
from cypp_desktop.plan.signs import cleaned_value
from cypp_desktop.store.check import check_file
from cypp_desktop.store.clean_rows import has_signs, without_signs
from cypp_desktop.store.history import history
from cypp_desktop.store.history_words import HistoryWords
from cypp_desktop.store.plan_file import OpenPlan
from tests.store.foreign_plans import DECEIVING, SIGN, as_another_program, write_foreign_plan

FILES = Path(__file__).parents[1] / "files"


def words_in_tables(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        found: list[str] = []
        for row_type, cls in row_classes().items():
            names = [f'"{column.key}"' for column in cls.__table__.columns if isinstance(column.type, Text)]
            for row in db.execute(f'SELECT {", ".join(names) or "1"} FROM "{row_type}"'):
                found += [value for value in row if isinstance(value, str)]
        return found


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan file that another program has written, full of signs."""
    path = write_foreign_plan(tmp_path / "Foreign.cypp", tmp_path / "elsewhere", monkeypatch)
    assert any(SIGN in words for words in words_in_tables(path))
    return path


def test_a_file_from_elsewhere_is_opened_without_them(foreign: Path, tmp_path: Path) -> None:
    for data in (tmp_path / "first", tmp_path / "first", tmp_path / "second"):
        with OpenPlan.open(foreign, data=data) as plan:
            words = words_in_tables(plan.working.path)
            assert words and not [word for word in words if cleaned_value(word) != word]
            assert any("goodnews" in word for word in words)
            assert check_file(plan.engine).faults == []
            assert not plan.working.has_unpublished_changes()


def test_what_it_says_of_itself_is_shown_in_history(foreign: Path) -> None:
    with OpenPlan.open(foreign) as plan:
        words = HistoryWords(plan.editor.session)
        for entry in history(plan.editor.session):
            said = words.said(entry)
            told = (entry.author, entry.step, said.before, said.after, words.place(entry))
            assert not [word for word in told if SIGN in word]
        assert {entry.author for entry in history(plan.editor.session)} == {"Ann[U+202E]"}


def test_a_saved_file_is_known_and_another_is_looked_through(foreign: Path, tmp_path: Path) -> None:
    data = tmp_path / "here"
    with OpenPlan.open(foreign, author="Bo", data=data) as plan:
        with plan.editor.step("Edit") as session:
            session.query(Measure).one().title = "Feeding"
        plan.publish()
    assert not any(SIGN in words for words in words_in_tables(foreign))
    with contextlib.closing(sqlite3.connect(foreign)) as db:
        db.execute("UPDATE section SET title = ?", (DECEIVING,))
        db.commit()
    with OpenPlan.open(foreign, read_only=True, even_damaged=True, data=data) as plan:
        assert not any(SIGN in words for words in words_in_tables(plan.working.path))


def test_a_colleagues_changes_come_in_without_them(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = Path(shutil.copy(foreign, tmp_path / "Theirs.cypp"))
    with as_another_program(monkeypatch), OpenPlan.open(theirs, author="Bo", data=tmp_path / "c") as plan:
        with plan.editor.step("Edit") as session:
            session.query(Measure).one().title = f"Feeding{SIGN}"
            session.add(Organisation(name=f"Police{SIGN}", sort_key="b"))
        plan.publish()
    with OpenPlan.open(foreign, author="Ann", data=tmp_path / "a") as plan:
        assert take_in(plan, theirs).edits == 2
        assert plan.editor.session.query(Measure).one().title == "Feeding"
        assert not any(SIGN in words for words in words_in_tables(plan.working.path))
        assert check_file(plan.engine).faults == []
        assert take_in(plan, theirs).edits == 0
        plan.publish()
    with OpenPlan.open(theirs, author="Bo", data=tmp_path / "b") as plan:
        assert not take_in(plan, foreign).edits
        assert check_file(plan.engine).faults == []


def test_a_plan_of_the_first_version_is_brought_up_without_them(tmp_path: Path) -> None:
    shutil.copytree(FILES / "v1", tmp_path / "old")
    path = tmp_path / "old" / "plan.cypp"
    with contextlib.closing(sqlite3.connect(path)) as db:
        (title,) = db.execute("SELECT title FROM priority").fetchone()
        for statement in (
            "UPDATE priority SET title = replace(title, ?, ?)",
            "UPDATE change SET value = replace(value, ?, ?), before = replace(before, ?1, ?2)",
        ):
            db.execute(statement, (title, title + SIGN))
        db.commit()
    with OpenPlan.open(path) as plan:
        assert not any(SIGN in words for words in words_in_tables(plan.working.path))
        assert check_file(plan.engine).faults == []
        assert plan.editor.session.query(Priority).first() is not None


def test_a_column_is_looked_at_as_it_is_kept() -> None:
    plain = "A text with nothing in it"
    assert without_signs(plain) is plain
    assert without_signs(None) is None
    assert without_signs('["\\u0007a", "b"]') == '["a", "b"]'
    assert without_signs(f'["{SIGN}a"]') == '["a"]'
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE t (a TEXT, b TEXT)")
        db.execute("INSERT INTO t VALUES (NULL, 'x'), ('y', 'é')")
        assert not has_signs(db, {"t": ["a", "b"]})
        db.execute("INSERT INTO t VALUES ('y', ?)", (SIGN,))
        assert has_signs(db, {"t": ["a", "b"]})
