"""What changed since a day: each field once, in the plan's order, with the changed words marked."""

from __future__ import annotations

from pathlib import Path

from cypp_desktop.merge.apply import merge
from cypp_desktop.plan.blocks import Paragraph, plain_text
from cypp_desktop.plan.model import Action, Measure, Organisation, Update
from cypp_desktop.report.layouts.changes import ChangedSpan, changed_words
from cypp_desktop.store.commands import add_row, delete_rows, set_field
from cypp_desktop.store.queries import priorities, the_plan
from tests.merge.copies import copy_of, edited, make_plan, opened, review_of
from tests.report.layouts.test_lists import rows_of
from tests.report.plans import everything
from tests.report.printing import PrintedPlan


def said(words: str) -> list[tuple[str, str]]:
    before, after = words.split("|")
    return [
        (span.kind if isinstance(span, ChangedSpan) else "same", span.text)
        for block in changed_words(before, after)
        if isinstance(block, Paragraph)
        for span in block.spans
    ]


def test_changed_words_are_marked_by_style_and_signs() -> None:
    (block,) = changed_words("It rose by two points.", "It fell by two points.")
    assert plain_text((block,)) == "It [rose] fell by two points."
    assert isinstance(block, Paragraph)
    assert [(span.text.strip(), span.bold, span.italic) for span in block.spans if span.text.strip()] == [
        ("It", False, False),
        ("[rose]", False, True),
        ("fell", True, False),
        ("by two points.", False, False),
    ]


def test_what_is_new_is_all_marked_and_what_is_gone_too() -> None:
    assert said("|New text") == [("added", "New text")]
    assert said("Old text|")[0] == ("removed", "[Old text]")


def test_each_field_is_listed_once_from_its_first_to_its_last_state(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    editor = printed.editor
    outcome = priorities(editor.session)[0].outcomes[0]
    measure = outcome.measures[1]
    set_field(editor, measure, "title", "Vaccinated by three")
    set_field(editor, measure, "title", "Vaccinated by five")
    set_field(editor, the_plan(editor.session), "status", "final")
    added = add_row(editor, Measure, outcome, title="A new measure", code="iv")
    gone = add_row(editor, Measure, outcome, title="Came and went")
    delete_rows(editor, [gone])
    delete_rows(editor, [outcome.updates[0]])
    set_field(editor, added, "title", "A newer measure")
    found = rows_of(printed, "changes")[""]
    assert [row[:2] for row in found] == [
        ["Plan", "Status"],
        ["1 › 1a", "Deleted update"],
        ["1 › 1a › ii", "Title"],
        ["1 › 1a › iv", "New measure"],
    ]
    assert [found[at][2] for at in (0, 2, 3)] == [
        "[draft] final", "Vaccinated by [two] five", "iv A newer measure",
    ]  # fmt: skip
    assert not any("Came and went" in cell for row in found for cell in row)


def test_what_was_undone_is_not_a_change(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    set_field(printed.editor, the_plan(printed.editor.session), "status", "final")
    printed.editor.undo()
    assert rows_of(printed, "changes")[""] == []


def test_only_changes_from_the_day_on_are_listed(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    set_field(printed.editor, the_plan(printed.editor.session), "status", "final")
    assert rows_of(printed, "changes", since="2999-01-01")[""] == []


def test_an_organisation_sees_changes_of_its_own_measures_only(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    editor = printed.editor
    smoking, vaccinated, _ = priorities(editor.session)[0].outcomes[0].measures
    set_field(editor, smoking, "title", "Smoking")
    set_field(editor, vaccinated, "title", "Vaccinated")
    trust = next(one for one in editor.session.query(Organisation) if one.name == "Health Trust")
    found = rows_of(printed, "changes", organisation=trust.id)[""]
    assert [row[0] for row in found] == ["1 › 1a › ii"]


def test_working_notes_and_addresses_are_not_told(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    editor = printed.editor
    outcome = priorities(editor.session)[0].outcomes[0]
    set_field(editor, outcome, "note", "SECRET of the office")
    set_field(editor, the_plan(editor.session), "notes", ["SECRET of the file"])
    set_field(editor, editor.session.query(Organisation).first(), "email", "SECRET@example.org")
    add_row(editor, Action, outcome, note="SECRET of what is new")
    delete_rows(editor, [editor.session.query(Update).one()])
    with editor.step("Have a row say nothing else") as session:
        action = session.query(Action).filter(Action.text != "").first()
        action.text, action.note, action.status = "", "SECRET of what is gone", None
    delete_rows(editor, [action])
    found = rows_of(printed, "changes")[""]
    assert [row[1] for row in found].count("Deleted action") == 1
    assert "New action" in [row[1] for row in found]
    assert "SECRET" not in str(found)


def test_that_a_note_waits_for_a_decision_is_told_without_its_words(tmp_path: Path) -> None:
    path = make_plan(tmp_path / "plan.cypp")
    theirs = edited(copy_of(path, "theirs"), "Bob", *_both("Bob's SECRET", "Bob's title"))
    with opened(edited(path, "Ann", *_both("Ann's SECRET", "Ann's title"))) as plan:
        merge(plan, review_of(plan, theirs))
        found = rows_of(plan, "conflicts")[""]
        assert [row[1] for row in found] == ["Working note (to decide)", "Title (to decide)"]
        assert found[0][2:] == ["Not for paper", ""]
        assert "Bob: Bob's title" in found[1][3]
        plan.editor.session.rollback()


def _both(note: str, title: str) -> tuple[tuple[str, str, str], ...]:
    return ("1/1a/i", "note", note), ("1/1a/i", "title", title)


def test_an_edited_text_shows_its_words_in_all_outputs(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    update = printed.editor.session.query(Update).one()
    set_field(printed.editor, update, "text", update.text.replace("Deep", "Deeper"))
    html = printed.written("changes", "html").decode("utf-8")
    assert "<del>[Deep]</del>" in html
    assert "<ins>Deeper</ins>" in html
