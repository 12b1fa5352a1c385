"""Removing a text for good: no file of this machine holds it afterwards, and nothing brings it back."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cypp_desktop.errors import CyppError, PlanRuleBroken, UsageError
from cypp_desktop.merge.apply import merge, merge_files, take_in
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import finish
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.review import build_review
from cypp_desktop.merge.unmerge import unmerge
from cypp_desktop.operations.removal import Order, Rest, go_on, remove_for_good
from cypp_desktop.operations.review.messages import removed_words
from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.identity import new_id
from cypp_desktop.plan.model import IssuedReturn, Organisation, Pack, PrintLayout
from cypp_desktop.plan.sought_words import SoughtWords
from cypp_desktop.store import schema
from cypp_desktop.store.backups import BackupReason, keep_database
from cypp_desktop.store.changes import to_json
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import delete_rows, set_field
from cypp_desktop.store.companion_files import temporary as temporary_of
from cypp_desktop.store.history import history
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.put_back import can_put_back, put_back
from cypp_desktop.store.removal import is_text
from cypp_desktop.store.removal_search import WordingsOfField, WordsAnywhere
from cypp_desktop.store.removal_survey import Survey, survey
from tests.merge.copies import at, copy_of, edited, make_plan, opened, review_of
from tests.merge.sent import partner, send
from tests.operations.bytes_on_disk import files_with

NAME = "Jane Quillfeather"
REASON = "Her family asked for it."


def anywhere(plan: OpenPlan, *words: str, also: tuple[Path, ...] = ()) -> Survey:
    return survey(plan, WordsAnywhere(SoughtWords(words or (NAME,))), also)


def removed(plan: OpenPlan, *words: str, rest: Rest = Rest.EMPTY) -> None:
    done = remove_for_good(plan, anywhere(plan, *words), Order(reason=REASON, rest=rest))
    assert done.left == () and done.not_saved is None


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that nobody else uses."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def path(tmp_path: Path, temporary: Path) -> Path:
    return make_plan(tmp_path / "plan.cypp")


def everywhere(plan: OpenPlan) -> None:
    """Write the name into every text of every row, with rows of each kind."""
    with plan.editor.step("Add what the small plan lacks") as session:
        organisation = session.scalars(select(Organisation)).first()
        assert organisation is not None
        session.add(PrintLayout(sort_key="V", name=f"For {NAME}", definition={"title": f"Of {NAME}"}))
        session.add(Pack(sort_key="V", name="Pack", definition={"parts": [{"note": f"see {NAME}"}]}))
        session.add(
            IssuedReturn(
                sort_key="V",
                organisation_id=organisation.id,
                issued_at=schema.now(),
                issued_by=NAME,
                covering_note=f"Ask **{NAME}**",
                scope={"measures": [], "outcomes": [], "actions": [], "updates": []},
            )
        )
    with plan.editor.step(f"Write of {NAME}") as session:
        for cls in row_classes().values():
            for row in session.scalars(select(cls)):
                for column in cls.__table__.columns:
                    write_name(row, column.key)


def write_name(row: Row, column: str) -> None:
    value = getattr(row, column)
    if column in ("id", "scope", "definition", "rag_rules", "report") or not is_text(row.row_type, column):
        return
    if isinstance(value, list):
        setattr(row, column, [*value, f"of {NAME.upper()}"])
    elif isinstance(value, str | None) and not column.endswith(("_start", "_end")):
        is_number = row.row_type == "observation" and column == "words"
        setattr(row, column, value if is_number else f"{value or ''} {NAME}".strip())


@contextlib.contextmanager
def lived_in(path: Path) -> Iterator[OpenPlan]:
    """A plan with a past in which the name stands in every place that there is."""
    data = path.parent / "data of Ann"
    with opened(path) as plan:
        everywhere(plan)
        plan.publish()
        set_field(plan.editor, at(plan, "#1/#1/#1"), "definition", f"Spoke\nof {NAME}'s children")
        plan.editor.undo()
        delete_rows(plan.editor, [at(plan, "#2")])
        plan.publish()
        theirs = edited(copy_of(path, "theirs"), "Bob", ("#1/#1", "title", f"Bob knows {NAME}"))
        set_field(plan.editor, at(plan, "#1/#1"), "title", f"We know {NAME} too")
        merge(plan, review_of(plan, theirs))
        theirs.unlink()
        shutil.rmtree(path.parent / "data of Bob")
        set_field(plan.editor, at(plan, "#1"), "title", f"Never saved: {NAME}")
        plan.revert()
        plan.publish()
        shutil.copy(path, path.with_name("plan (kept 2018-06-01 10.00.00).cypp"))
        (data / "quarantine" / new_id()).mkdir(parents=True)
        left = Path(tempfile.mkdtemp(prefix="cypp-print-")) / "print.html"
        left.write_text(NAME)
        yield plan


def test_no_file_of_this_machine_holds_the_words_afterwards(path: Path, temporary: Path) -> None:
    folder = path.parent
    with lived_in(path) as plan:
        assert len(files_with(NAME, folder)) > 5
        backups = [(backup.path.name) for backup in plan.backups()]
        removed(plan, rest=Rest.KEPT)
        assert files_with(NAME, folder) == []
        assert files_with(NAME.upper(), folder) == []
        assert check_file(plan.engine).faults == []
        assert "[removed]" in (at(plan, "#1/#1/#1").title)
        assert set(backups) <= {backup.path.name for backup in plan.backups()}
    assert files_with(NAME, folder) == files_with(NAME.split()[1], folder) == []
    for each in (path, *path.parent.glob("*kept*"), *(folder / "data of Ann" / "backups").rglob("*.cypp")):
        with OpenPlan.open(each, data=folder / "other data") as other:
            assert check_file(other.engine).faults == []
            assert not anywhere(other).is_anywhere


def test_it_can_be_found_before_and_says_where(path: Path) -> None:
    with lived_in(path) as plan:
        found = anywhere(plan)
        assert {place.row_type for place in found.live} >= {"measure", "update", "person", "pack", "round"}
        assert found.past > 20
        assert sum(file.texts > 0 for file in found.files) >= 4
        assert [each.organisation for each in found.sent] != []


def test_nothing_brings_it_back(path: Path) -> None:
    with opened(path) as plan:
        measure = at(plan, "1/1a/i")
        set_field(plan.editor, measure, "title", f"About {NAME}")
        set_field(plan.editor, measure, "title", "About nobody")
        set_field(plan.editor, measure, "frequency", "Yearly")
        plan.publish()
        removed(plan)
        assert at(plan, "1/1a/i").title == "About nobody"
        plan.editor.undo()
        assert at(plan, "1/1a/i").frequency is None
        while plan.editor.undo_name:
            plan.editor.undo()
        assert not anywhere(plan).is_anywhere
        gaps = [entry for entry in history(plan.editor.session) if entry.gaps]
        assert len(gaps) == 2
        for entry in gaps:
            for earlier in (False, True):
                if dict(entry.gaps).get(f"{'before' if earlier else 'value'}.title"):
                    assert not can_put_back(plan.editor, entry, earlier=earlier)
                    with pytest.raises(PlanRuleBroken, match="removed for good"):
                        put_back(plan.editor, entry, earlier=earlier)
        for backup in plan.backups():
            plan.restore(backup)
            assert not anywhere(plan).is_anywhere


def test_one_wording_of_a_field_goes_and_the_others_stay(path: Path) -> None:
    with opened(path) as plan:
        measure = at(plan, "1/1a/i")
        for words in ("first words", "second words", "third words"):
            set_field(plan.editor, measure, "definition", words)
        plan.publish()
        wanted = WordingsOfField("measure", measure.id, "definition", ("second words",))
        remove_for_good(plan, survey(plan, wanted), Order(reason=REASON))
        assert files_with("second words", path.parent) == []
        assert at(plan, "1/1a/i").definition == "third words"
        said = [entry.value for entry in history(plan.editor.session, field="definition")]
        assert "first words" in said and "third words" in said


def test_all_wordings_go_and_what_the_person_writes_stays(path: Path) -> None:
    with opened(path) as plan:
        measure = at(plan, "1/1a/i")
        for words in ("first words", "second words"):
            set_field(plan.editor, measure, "definition", words)
            plan.publish()
        wanted = WordingsOfField("measure", measure.id, "definition")
        order = Order(reason=REASON, rest=Rest.WRITTEN, written="second words")
        with pytest.raises(UsageError):
            remove_for_good(plan, survey(plan, wanted), order)
        order = Order(reason=REASON, rest=Rest.WRITTEN, written="What is left.")
        remove_for_good(plan, survey(plan, wanted), order)
        assert at(plan, "1/1a/i").definition == "What is left."
        assert files_with("first words", path.parent) == files_with("second words", path.parent) == []


@pytest.mark.parametrize("reason", ["", "  ", f"Of {NAME.upper()}"])
def test_a_reason_is_needed_that_does_not_repeat_it(path: Path, reason: str) -> None:
    with opened(path) as plan:
        set_field(plan.editor, at(plan, "1/1a/i"), "title", NAME)
        with pytest.raises(UsageError):
            remove_for_good(plan, anywhere(plan), Order(reason=reason))
        assert at(plan, "1/1a/i").title == NAME


# ------------------------------------------------------------------ other people's copies


def away(path: Path) -> Path:
    """The file on another machine."""
    return path.rename(Path(tempfile.mkdtemp(dir=path.parents[1])) / path.name)


def test_it_travels_to_a_colleagues_copy_and_an_older_copy_brings_nothing_back(path: Path) -> None:
    folder = path.parent
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    older = away(copy_of(path, "older"))
    theirs = away(copy_of(path, "theirs"))
    with opened(path) as plan:
        removed(plan)
        (received,) = receive([older], plan, plan.working.data)
        assert isinstance(received, Received) and received.is_empty
        edited(older, "Old", ("1/1a/ii", "title", "A further edit"))
        merge(plan, review_of(plan, older))
        assert at(plan, "1/1a/ii").title == "A further edit"
        assert not anywhere(plan).is_anywhere
        plan.publish()
        assert files_with(NAME, folder) == []
        with opened(theirs, "Cy") as other:
            merge(other, review_of(other, path))
            assert files_with(NAME, theirs.parent / "data of Cy") == []
            assert check_file(other.engine).faults == []
            other.publish()
            assert not anywhere(other).is_anywhere
            assert files_with(NAME, theirs.parent) == []


def test_two_laptops_on_a_share(path: Path) -> None:
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    with opened(path, "Bob") as bob:
        set_field(bob.editor, at(bob, "1/1a/ii"), "title", "Bob was here")
        with opened(path) as ann:
            removed(ann)
        published = bob.publish(take_in)
        assert published.taken_in is not None
        assert not anywhere(bob).is_anywhere
        assert at(bob, "1/1a/ii").title == "Bob was here"
        assert files_with(NAME, path.parent) == []
    assert files_with(NAME, path.parent) == []


def test_a_new_text_that_repeats_it_is_new_and_a_question(path: Path) -> None:
    from cypp_desktop.store.removal import made_upon_removed

    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    theirs = edited(copy_of(path, "theirs"), "Bob", ("1/1a/i", "title", f"All about {NAME}"))
    moved = away(theirs)
    with opened(path) as plan:
        removed(plan)
        (received,) = receive([moved], plan, plan.working.data)
        assert isinstance(received, Received)
        assert made_upon_removed(plan.editor.session.connection(), received.changes) == {
            change.id for change in received.changes
        }
        (question,) = build_review(plan, [received]).questions
        assert question.kind == "conflict" and "removed for good since" in question.why
        report = merge_files(plan, [received])
        assert len(report.open_places) == 1
        assert at(plan, "1/1a/i").title == ""


def test_a_return_that_was_sent_before_brings_nothing_back(path: Path) -> None:
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    with opened(path) as plan:
        sent = send(plan)
        plan.publish()
        back = away(sent)
        with partner(back) as theirs:
            set_field(theirs.editor, at(theirs, "1/1a/i"), "frequency", "Yearly")
            finish(theirs)
        removed(plan)
        (received,) = receive([back], plan, plan.working.data)
        assert isinstance(received, Received) and received.removals == ()
        merge_files(plan, [received])
        assert at(plan, "1/1a/i").frequency == "Yearly"
        assert at(plan, "1/1a/i").title == ""
        assert not anywhere(plan).is_anywhere
        assert check_file(plan.engine).faults == []


def test_who_is_not_ours_decides_of_nothing_that_is_gone(path: Path) -> None:
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    forged = away(copy_of(path, "forged"))
    with opened(forged, "Eve") as eve:
        removed(eve)
    with contextlib.closing(sqlite3.connect(forged)) as db:
        db.execute("UPDATE meta SET value = 'guessed' WHERE key = 'secret'")
        db.commit()
    with opened(path) as plan:
        for received in receive([forged], plan, plan.working.data):
            if isinstance(received, Received):
                assert received.removals == ()
                merge_files(plan, [received])
        assert at(plan, "1/1a/i").title == f"About {NAME}"


def test_a_merge_says_what_a_copy_removes(path: Path) -> None:
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    theirs = away(copy_of(path, "theirs"))
    with opened(theirs, "Cy") as other:
        removed(other)
    with opened(path) as plan:
        (received,) = receive([theirs], plan, plan.working.data)
        assert isinstance(received, Received) and len(received.removals) == 1
        assert REASON.rstrip(".") in removed_words([received])
        report = merge_files(plan, [received])
        assert f"removed for good by Cy on {day_in_words(schema.now()[:10])}" in report.as_text()
        assert not anywhere(plan).live
        plan.publish()
        assert files_with(NAME, path.parent) == []


def test_what_another_program_wrote_into_the_rows_goes_too(path: Path) -> None:
    with opened(path) as plan:
        set_field(plan.editor, at(plan, "1/1a/ii"), "title", f"About {NAME}")
        plan.publish()
        with plan.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE outcome SET title = ?", (NAME,))
        plan.editor.session.expire_all()
        keep_database(plan.working.path, plan.plan_id, plan.working.data, BackupReason.REPLACED)
        removed(plan)
        assert files_with(NAME, path.parent) == []
        assert check_file(plan.engine).faults == []


def test_what_a_kill_left_beside_the_plan_and_notes_of_places_go_too(path: Path) -> None:
    with opened(path) as plan:
        set_field(plan.editor, at(plan, "1/1a/i"), "title", f"About {NAME}")
        plan.publish()
        left = temporary_of(path, new_id())
        left.write_bytes(path.read_bytes())
        os.utime(left, (0, 0))
        sent = plan.working.data / "sent" / f"{new_id()}.json"
        sent.parent.mkdir(exist_ok=True)
        sent.write_text(f'["/share/{NAME}.cypp-return", 1, 2, 3, 4]')
        removed(plan)
        assert not left.exists() and not sent.exists()
        assert files_with(NAME, path.parent) == []


def test_check_finds_a_text_that_was_put_back_by_hand(path: Path) -> None:
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"), ("1/1a/i", "title", "About nobody"))
    with opened(path) as plan:
        removed(plan)
        with plan.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE change SET before = ?"
                " WHERE id IN (SELECT item FROM removed WHERE part = 'before.title')",
                (to_json(NAME),),
            )
        assert any("still says" in fault for fault in check_file(plan.engine).faults)


def test_prints_and_returns_beside_the_plan_are_listed(path: Path) -> None:
    with opened(path) as plan:
        set_field(plan.editor, at(plan, "1/1a/i"), "title", f"About {NAME}")
        plan.publish()
        files = {
            "page.html": f"<p>About <b>Jane</b>\n{NAME.split()[1]}</p>".encode(),
            "plan.json": b'{"title": "About Jane\\nQuillfeather"}',
            "other.txt": b"Nobody",
            "print.pdf": b"%PDF-1.7 (CYPP Desktop)",
        }
        for name, content in files.items():
            path.with_name(name).write_bytes(content)
        with zipfile.ZipFile(path.with_name("plan.docx"), "w") as package:
            package.writestr("word/document.xml", f"<w:t>Jane </w:t><w:t>{NAME.split()[1]}</w:t>")
        listed = {each.name for each in anywhere(plan).prints}
        assert listed == {"page.html", "plan.json", "print.pdf", "plan.docx"}


def test_undoing_the_merge_that_brought_it_does_not_bring_it_back(path: Path) -> None:
    theirs = edited(copy_of(path, "theirs"), "Bob", ("1/1a/i", "title", f"About {NAME}"))
    kept = away(theirs)
    with opened(path) as plan:
        merge(plan, review_of(plan, kept))
        removed(plan)
        with contextlib.suppress(PlanRuleBroken):
            unmerge(plan)
        merge(plan, review_of(plan, kept))
        assert not anywhere(plan).is_anywhere
        assert check_file(plan.engine).faults == []


# ------------------------------------------------------------------ what is in the way


def test_a_backup_that_cannot_be_read_is_told_of_and_can_go(path: Path) -> None:
    with opened(path) as plan:
        set_field(plan.editor, at(plan, "1/1a/i"), "title", NAME)
        plan.publish()
        broken = keep_database(plan.working.path, plan.plan_id, plan.working.data, BackupReason.REPLACED)
        broken.write_bytes(b"SQLite format 3\x00" + NAME.encode())
        found = anywhere(plan)
        assert [file.path for file in found.unreadable] == [broken]
        done = remove_for_good(plan, found, Order(reason=REASON))
        assert [file.path for file in done.left] == [broken] and broken.exists()
        set_field(plan.editor, at(plan, "1/1a/ii"), "title", NAME)
        order = Order(reason=REASON, thrown_away=[file.path for file in found.unreadable])
        done = remove_for_good(plan, anywhere(plan), order)
        assert done.is_through and not broken.exists()


def test_another_working_copy_that_was_left_is_cleaned_too(path: Path) -> None:
    data = path.parent / "data of Ann"
    other = copy_of(path, "other")
    plan = OpenPlan.open(other, data=data)
    set_field(plan.editor, at(plan, "1/1a/i"), "title", NAME)
    plan.close()
    with opened(path) as plan:
        set_field(plan.editor, at(plan, "1/1a/ii"), "title", NAME)
        removed(plan)
        assert files_with(NAME, path.parent) == []
    with OpenPlan.open(other, data=data) as plan:
        assert plan.working.recovered
        assert at(plan, "1/1a/i").title == ""
        assert check_file(plan.engine).faults == []


def test_a_file_that_cannot_be_written_is_told_of_and_goes_on_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    with opened(path) as plan:
        with monkeypatch.context() as away:

            def refuse(*_: Any) -> None:
                raise CyppError("The share is away.")

            away.setattr(OpenPlan, "_publish", refuse)
            done = remove_for_good(plan, anywhere(plan), Order(reason=REASON))
        assert done.not_saved == "The share is away." and not done.is_through
        plan.publish()
    assert files_with(NAME, path.parent) == []


def test_a_return_is_no_place_for_it(path: Path) -> None:
    with opened(path) as plan:
        with sqlite3.connect(plan.working.path) as db:
            db.execute("INSERT INTO meta VALUES ('kind', 'return')")
        db.close()
        set_field(plan.editor, at(plan, "1/1a/i"), "title", NAME)
        with pytest.raises(UsageError, match="return"):
            remove_for_good(plan, anywhere(plan), Order(reason=REASON))


def test_who_wrote_it_can_be_removed_as_well(path: Path) -> None:
    edited(path, NAME, ("1/1a/i", "title", "Of herself"))
    shutil.rmtree(path.parent / f"data of {NAME}")
    with opened(path) as plan:
        removed(plan)
        assert "Name removed" in {entry.author for entry in history(plan.editor.session)}
        assert at(plan, "1/1a/i").title == "Of herself"
    assert files_with(NAME, path.parent) == []


def test_what_was_begun_goes_on_at_the_next_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edited(path, "Ann", ("1/1a/i", "title", f"About {NAME}"))
    data = path.parent / "data of Ann"
    with opened(path) as plan, monkeypatch.context() as killed:

        def stop(*_: Any) -> None:
            raise KeyboardInterrupt

        killed.setattr(OpenPlan, "compact", stop)
        with pytest.raises(KeyboardInterrupt):
            remove_for_good(plan, anywhere(plan), Order(reason=REASON))
    assert files_with(NAME, path.parent) != []
    go_on(data)
    assert files_with(NAME, path.parent) == []
    assert list((data / "removals").glob("*.json")) == []
