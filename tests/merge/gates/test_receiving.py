"""The gates: what is no sound answer to this plan is refused alone, in plain words; the plan is left be."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from cypp_desktop.merge.gates import quarantine
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import finish
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.plan.model import IssuedReturn, Measure, Plan, ReceivedFile, Round, Update
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.union import add_changes
from cypp_desktop.store.versions import VERSION_MAJOR
from tests.merge.copies import copy_of, digest, edited
from tests.merge.sent import answered, officer, one, partner, refused, row, said, send, tampered

HIDDEN = "Smoking at delivery"


def merged(plan: OpenPlan, received: Received) -> None:
    """Let in what a file brings, and remember the file."""
    with plan.engine.begin() as connection:
        add_changes(connection, received.changes, batch=received.sha256)
    plan.editor.session.expire_all()
    with plan.editor.step("Merge") as session:
        session.add(
            ReceivedFile(
                issued_return_id=received.issue_id, digest=received.sha256, received_at="2018-06-20T10:00:00Z"
            )
        )


# ------------------------------------------------------------------ what goes through


def test_an_answer_brings_what_the_plan_does_not_have_and_nothing_is_written(
    plan: OpenPlan, answer: Path
) -> None:
    before = digest(plan)
    received = one(plan, answer)
    assert said(received.changes) == [("update", "text", "- Fewer smoke\n- More feed\n- All well")]
    assert received.changes[0].author == "Anytown CCG (said to be by Pat)"
    assert (received.kind, received.organisation, received.sealed) == ("return", "Anytown CCG", True)
    assert received.finished_at
    assert not (received.outside or received.altered or received.outside_altered)
    assert digest(plan) == before
    assert not list((plan.working.data / "quarantine").iterdir())


def test_a_return_in_which_nothing_was_done_brings_nothing(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        finish(returned)
    assert one(plan, path).is_empty


def test_a_return_against_an_issue_two_rounds_old_still_comes_in(plan: OpenPlan) -> None:
    path = send(plan)
    for name in ("Next year", "The year after"):
        with plan.editor.step("Add") as session:
            session.add(Round(name=name, sort_key="z" + name[0]))
        send(plan, round_name=name)
    set_field(plan.editor, row(plan, Update, text="- Fewer smoke\n- More feed"), "state", "agreed")
    assert one(plan, answered(path)).changes


def test_two_files_of_one_issue_both_come_in(plan: OpenPlan, tmp_path: Path) -> None:
    """The partner gave the file to a colleague."""
    path = send(plan)
    colleague = Path(shutil.copy(path, tmp_path / "from a colleague.cypp-return"))
    first, second = receive([answered(path), answered(colleague, "- Other words", "Quentin")], plan)
    assert isinstance(first, Received)
    assert isinstance(second, Received)
    assert first.issue_id == second.issue_id
    assert first.changes != second.changes


def test_the_older_of_two_returns_arriving_last_brings_nothing_that_is_not_there(
    plan: OpenPlan, answer: Path, tmp_path: Path
) -> None:
    older = Path(shutil.copy(answer, tmp_path / "older.cypp-return"))
    answered(answer, "- Later words")
    merged(plan, one(plan, answer))
    assert one(plan, older).changes == ()


def test_saved_again_under_another_name_it_brings_nothing_new(plan: OpenPlan, answer: Path) -> None:
    merged(plan, one(plan, answer))
    again = answer.with_name("again.cypp-return")
    with partner(answer) as returned:
        returned.save_as(again)
    with tampered(again) as db:
        db.execute("VACUUM")
    assert one(plan, again).is_empty


def test_another_copy_of_the_plan_brings_everything_that_was_done_in_it(plan: OpenPlan) -> None:
    assert plan.target is not None
    copy = edited(
        copy_of(plan.target, "laptop"), "Bob", ("1/1a/i", "title", "Smoking"), ("1", "title", "Well")
    )
    received = one(plan, copy)
    assert (received.kind, received.issue_id) == ("copy", None)
    assert said(received.changes) == [("measure", "title", "Smoking"), ("priority", "title", "Well")]


def test_what_is_asked_and_what_is_not_are_told_apart(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        set_field(returned.editor, row(returned, Measure, title=HIDDEN), "unit", {"unit": "%"})
        set_field(
            returned.editor, row(returned, Measure, title="Breastfeeding at 6-8 weeks"), "title", "Feeding"
        )
        set_field(returned.editor, row(returned, Plan), "title", "Ours")
        finish(returned)
    received = one(plan, path)
    assert [(kind, field) for kind, field, _ in said(received.changes)] == [("measure", "unit")]
    assert said(received.outside) == [("measure", "title", "Feeding"), ("plan", "title", "Ours")]


def test_a_return_takes_in_another_copy_of_itself_and_nothing_else(plan: OpenPlan, tmp_path: Path) -> None:
    path = send(plan)
    other = send(plan)
    colleague = answered(Path(shutil.copy(path, tmp_path / "from a colleague.cypp-return")), name="Quentin")
    with partner(path) as returned:
        assert said(one(returned, colleague).changes)[0][1] == "text"
        assert "only a copy of the same return" in refused(returned, other).words


# ------------------------------------------------------------------ gate by gate


def test_one_is_refused_and_the_others_go_on(plan: OpenPlan, answer: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.cypp-return"
    empty.touch()
    found = receive([empty, tmp_path / "gone.cypp-return", answer], plan)
    assert [type(each) for each in found] == [Refusal, Refusal, Received]
    assert [each.path for each in found] == [empty, tmp_path / "gone.cypp-return", answer]


def test_a_folder_is_no_file(plan: OpenPlan, tmp_path: Path) -> None:
    assert "folder" in refused(plan, tmp_path).words


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes among files")
def test_a_pipe_is_not_waited_for(plan: OpenPlan, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.cypp-return")
    assert refused(plan, tmp_path / "pipe.cypp-return").gate == "copied"


@pytest.mark.parametrize("size", [0, 8192])
def test_a_file_that_is_still_in_the_cloud_is_empty_here(plan: OpenPlan, tmp_path: Path, size: int) -> None:
    path = tmp_path / "cloud.cypp-return"
    path.write_bytes(bytes(size))
    assert "cloud" in refused(plan, path).words


class CloudDisk(FileSystem):
    """A disk whose files are placeholders, as Windows and macOS say it."""

    def __init__(self, **flags: int) -> None:
        self.flags = flags

    def stat(self, path: Path) -> os.stat_result:
        found = path.stat()
        if path.suffix != ".cypp-return":
            return found
        return SimpleNamespace(st_mode=found.st_mode, st_size=found.st_size, **self.flags)  # type: ignore[return-value]


@pytest.mark.parametrize("flags", [{"st_file_attributes": 0x400000}, {"st_flags": 0x40000000}])
def test_a_placeholder_is_not_fetched(plan: OpenPlan, answer: Path, flags: dict[str, int]) -> None:
    plan.working.fs = CloudDisk(**flags)
    found = refused(plan, answer)
    plan.working.fs = FileSystem()
    assert "cloud" in found.words


def test_a_file_too_large_is_not_copied(
    plan: OpenPlan, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "LARGEST", answer.stat().st_size - 1)
    assert refused(plan, answer).gate == "copied"


def test_a_file_with_a_value_of_300_MB_is_not_copied(plan: OpenPlan, answer: Path) -> None:
    with answer.open("r+b") as file:  # nothing of it is ever read, so that it need not be written either
        file.truncate(300_000_000)
    found = refused(plan, answer)
    assert found.gate == "copied" and "larger than" in found.words


class BusyDisk(FileSystem):
    """A disk on which someone writes to returns all the time."""

    def stat(self, path: Path) -> os.stat_result:
        if path.suffix == ".cypp-return":
            os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000_000))
        return path.stat()


def test_a_file_that_does_not_keep_still_is_not_taken(plan: OpenPlan, answer: Path) -> None:
    plan.working.fs = BusyDisk()
    assert "being changed" in refused(plan, answer).words


@pytest.mark.parametrize("suffix", ["-journal", "-wal"])
def test_a_file_that_comes_with_an_unfinished_write_is_refused_and_it_says_why(
    plan: OpenPlan, answer: Path, suffix: str
) -> None:
    answer.with_name(answer.name + suffix).write_bytes(b"rest")
    found = refused(plan, answer)
    assert found.gate == "alone"
    assert suffix in found.words


def test_a_file_sent_without_its_wal_is_refused(plan: OpenPlan, answer: Path) -> None:
    with tampered(answer) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA wal_autocheckpoint=0")
        db.execute("""UPDATE "update" SET text = 'only in the wal'""")
        alone = Path(shutil.copy(answer, answer.with_name("alone.cypp-return")))
    found = refused(plan, alone)
    assert found.gate == "opened"
    assert "second file" in found.words


def test_the_same_file_twice_or_renamed_is_taken_in_once(plan: OpenPlan, answer: Path) -> None:
    renamed = Path(shutil.copy(answer, answer.with_name("renamed.cypp-return")))
    first, second = receive([answer, renamed], plan)
    assert isinstance(first, Received)
    assert isinstance(second, Refusal)
    merged(plan, first)
    found = refused(plan, renamed)
    assert found.gate == "not_seen_before"
    assert "20 June 2018" in found.words


def test_after_its_merge_was_undone_the_same_file_comes_in_again(plan: OpenPlan, answer: Path) -> None:
    merged(plan, one(plan, answer))
    set_field(plan.editor, row(plan, ReceivedFile), "outcome", "undone")
    assert one(plan, answer)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 a Word document", b"SQLite format 3\x00" + bytes(4080), b"\x00"]
)
def test_other_files_are_refused(plan: OpenPlan, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.cypp-return"
    path.write_bytes(content)
    assert refused(plan, path).gate == "opened"


def test_a_truncated_file_and_one_with_something_behind_its_end_are_refused(
    plan: OpenPlan, answer: Path
) -> None:
    content = answer.read_bytes()
    answer.write_bytes(content[: len(content) // 2])
    assert "its end is missing" in refused(plan, answer).words
    answer.write_bytes(content + b"more")
    assert "damaged" in refused(plan, answer).words


@pytest.mark.parametrize(
    ("version", "words"),
    [((VERSION_MAJOR + 1) * 1000, "later version"), (999, "earlier version"), (1000, "earlier version")],
)
def test_a_file_of_another_version_is_refused(plan: OpenPlan, answer: Path, version: int, words: str) -> None:
    with tampered(answer) as db:
        db.execute(f"PRAGMA user_version={version}")
    assert words in refused(plan, answer).words


def _without(table: str) -> str:
    return f'DROP TABLE "{table}"'


@pytest.mark.parametrize(
    "statements",
    [
        [_without("measure"), "CREATE VIEW measure AS SELECT * FROM outcome"],
        [
            _without("meta"),
            "CREATE VIEW meta(key, value) AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)"
            " SELECT 'plan_id', i FROM n",
        ],
        ["CREATE TRIGGER t AFTER INSERT ON measure BEGIN DELETE FROM change; END"],
        [_without("change"), "CREATE VIRTUAL TABLE change USING fts5(id, value)"],
        ["CREATE VIRTUAL TABLE more USING fts5(words)"],
        ["CREATE TABLE more (id INTEGER)"],
        [_without("pack")],
        ["ALTER TABLE measure ADD COLUMN more TEXT"],
        ["ALTER TABLE measure ADD COLUMN more TEXT AS (upper(title)) VIRTUAL"],
        ["DROP INDEX head_of_field"],
        ["CREATE INDEX more ON measure (upper(title))"],
        [
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE x(y)' WHERE name = 'pack'",
        ],
    ],
    ids=lambda statements: statements[-1][:40],
)
def test_a_schema_that_is_not_ours_to_the_letter_is_refused(
    plan: OpenPlan, answer: Path, statements: list[str]
) -> None:
    with tampered(answer) as db:
        for statement in statements:
            try:
                db.execute(statement)
            except sqlite3.OperationalError as problem:
                if "no such module" in str(problem):
                    pytest.skip("this SQLite has no fts5")
                raise
    assert refused(plan, answer).gate == "schema_is_ours"


def test_a_file_rewritten_in_another_encoding_is_refused(
    plan: OpenPlan, tmp_path: Path, answer: Path
) -> None:
    other = tmp_path / "utf16.cypp-return"
    with tampered(answer) as db, tampered(other) as wide:
        wide.execute("PRAGMA encoding='UTF-16'")
        for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"):
            wide.execute(sql)
        for pragma in ("application_id", "user_version"):
            wide.execute(f"PRAGMA {pragma}={db.execute(f'PRAGMA {pragma}').fetchone()[0]}")
    assert refused(plan, other).gate == "schema_is_ours"


@pytest.mark.parametrize("bit", [0, 7])
def test_one_bit_flipped_inside_a_text_is_noticed_wherever_it_stands(
    plan: OpenPlan, answer: Path, bit: int
) -> None:
    content = answer.read_bytes()
    places = [match.start() + 3 for match in re.finditer(rb"Fewer smoke|Smoking at delivery", content)]
    assert len(places) > 3, "rows and changes both hold them"
    for at in places:
        flipped = bytearray(content)
        flipped[at] ^= 1 << bit
        answer.write_bytes(bytes(flipped))
        (found,) = receive([answer], plan)
        assert isinstance(found, Refusal) or not found.sealed


def test_a_file_copied_in_the_midst_of_a_write_is_noticed(plan: OpenPlan, answer: Path) -> None:
    with tampered(answer) as db:
        db.execute("PRAGMA cache_size=2")
        db.execute("BEGIN")
        for table in ("measure", "update", "change", "step"):
            column = {"change": "value", "step": "name"}.get(table, "sort_key")
            db.execute(f"""UPDATE "{table}" SET "{column}" = "{column}" || 'zz'""")
        half = Path(shutil.copy(answer, answer.with_name("half.cypp-return")))
        db.execute("ROLLBACK")
    (found,) = receive([half], plan)
    assert isinstance(found, Refusal) or found.altered or found.outside_altered


def test_the_file_of_another_plan_is_refused(plan: OpenPlan, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with officer(tmp_path / "other") as other:
        path = answered(send(other))
        assert other.target is not None
        other.publish()
        assert "another plan" in refused(plan, path).words
        assert "another plan" in refused(plan, other.target).words


def test_a_return_that_the_plan_never_sent_is_refused(plan: OpenPlan, answer: Path) -> None:
    plan.editor.undo()
    assert "does not know" in refused(plan, answer).words
    plan.editor.redo()
    assert one(plan, answer).changes


def test_a_return_cannot_ask_for_more_than_it_was_asked(plan: OpenPlan, answer: Path) -> None:
    scope = row(plan, IssuedReturn).scope
    scope = {**scope, "measures": [*scope["measures"], row(plan, Measure, title="Obesity, year 6").id]}
    with tampered(answer) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'scope'", (json.dumps(scope),))
    assert refused(plan, answer).gate == "of_a_known_issue"


@pytest.mark.parametrize(
    "scope",
    ["", "[]", "null", "{}", '{"measures": 1, "outcomes": [], "actions": [], "updates": []}', "[" * 100_000],
)
def test_a_scope_that_cannot_be_read_is_refused(plan: OpenPlan, answer: Path, scope: str) -> None:
    with tampered(answer) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'scope'", (scope,))
    assert refused(plan, answer).gate == "of_a_known_issue"


def test_a_kind_of_file_that_nobody_knows_is_refused(plan: OpenPlan, answer: Path) -> None:
    with tampered(answer) as db:
        db.execute("UPDATE meta SET value = 'parcel' WHERE key = 'kind'")
    assert refused(plan, answer).gate == "of_this_plan"


@pytest.mark.parametrize(
    ("key", "value"), [("note", "a\0b"), ("no\0te", "a"), ("note", b"a"), (b"note", "a")]
)
def test_what_a_file_says_of_itself_that_is_no_text_is_refused(
    plan: OpenPlan, answer: Path, key: object, value: object
) -> None:
    with tampered(answer) as db:
        db.execute("INSERT INTO meta VALUES (?, ?)", (key, value))
    assert refused(plan, answer).gate == "of_this_plan"


# ------------------------------------------------------------------ around the gates


def test_what_a_kill_left_in_quarantine_goes_when_it_is_a_day_old(plan: OpenPlan, answer: Path) -> None:
    left = plan.working.data / "quarantine" / "left"
    left.mkdir(parents=True)
    (left / "0.cypp").write_bytes(b"words")
    one(plan, answer)
    assert left.exists(), "it may be in use"
    os.utime(left, (0, 0))
    one(plan, answer)
    assert not left.exists()


def test_receiving_does_not_touch_the_file_or_its_folder(plan: OpenPlan, answer: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in answer.parent.iterdir() if path.is_file()}
    one(plan, answer)
    assert before == {
        path.name: path.stat().st_mtime_ns for path in answer.parent.iterdir() if path.is_file()
    }
