"""What waits for a decision is flagged in the tree, at the field, and at the foot, and is asked for once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.engine import Connection

from cypp_desktop.merge.apply import merge_files
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received
from cypp_desktop.plan.model import Organisation, Update
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.shown_at import shown_at
from cypp_desktop.store.union import marks
from cypp_desktop.ui.panels.panel_field import PanelField
from cypp_desktop.ui.panels.question_strips import QuestionStrip
from cypp_desktop.ui.review import questions as asking
from tests.ui.review_plans import (
    CLINICS,
    Make,
    answered,
    issue,
    make_plan,
    review_place,
    with_window,
    writes,
)
from tests.ui.scripted import nameless, unreachable

_Role = Qt.ItemDataRole


@pytest.fixture(scope="module")
def merged_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan into which all three returns were merged, undecided."""
    folder = tmp_path_factory.mktemp("merged")
    path = make_plan(folder)
    with OpenPlan.open(path, author="Ann", data=folder / "data") as plan:
        sent = answered(issue(plan, folder / "sent"))
        files = receive(list(sent.values()), plan, plan.working.data)
        merge_files(plan, [file for file in files if isinstance(file, Received)])
        plan.publish()
    return path


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, merged_file: Path, tmp_path: Path) -> Iterator[Any]:
    """A window on the merged plan, once it knows what is open."""
    made = make_window(real=True)
    with_window(qtbot, made, Path(shutil.copy(merged_file, tmp_path)))
    qtbot.waitUntil(lambda: bool(made.questions.listed), timeout=20_000)
    yield made


def aloud(window: Any, address: str) -> str:
    """What the tree says of a row."""
    row = row_at(window.document.editor.session, address)
    model = window.tree.model
    return str(model.data(model.index_of(model.node(row.id)), _Role.AccessibleTextRole))


def strip(window: Any, field: str) -> QuestionStrip | None:
    """The strip at a field of the panel shown."""
    shown = [each for each in window.panels.panel.findChildren(PanelField) if each.property("field") == field]
    return next((each.question_strip for each in shown if each.question_strip is not None), None)


def show(window: Any, address: str) -> None:
    row = row_at(window.document.editor.session, address)
    window.go_to(row.row_type, row.id)


def test_rows_and_what_they_stand_in_are_flagged(window: Any) -> None:
    assert "2 conflicts open" in aloud(window, "1/1a/i")
    assert "1 combined text to read" in aloud(window, "1/1a/ii")
    for above in ("1", "1/1a"):
        assert aloud(window, above).endswith("2 conflicts open, 1 combined text to read")
    assert "conflict" not in aloud(window, "1/1b")


def test_the_count_at_the_foot_leads_to_the_list(window: Any) -> None:
    assert window.status.open_text() == "2 conflicts open · 1 combined text to read"
    window.status._open.click()
    place = review_place(window)
    assert place.tabs.currentWidget() is place.open_page
    assert place.open_page.list.hasFocus()
    assert len(place.open_page.list.lines.lines()) == 3


def test_a_field_with_two_versions_says_so(window: Any) -> None:
    show(window, "1/1a/i")
    found = strip(window, "update.text")
    assert found is not None
    assert "Two versions are open here" in found.words.text()
    assert [mark.words.text() for mark in window.panels.row_questions.strips] == [
        "⚑ Value for City 2016/17 deleted by one, edited by another."
    ]
    show(window, "1/1b/i")
    assert strip(window, "update.text") is None
    assert not window.panels.row_questions.isVisible()


def test_a_combined_text_is_confirmed_at_the_field(window: Any) -> None:
    show(window, "1/1a/ii")
    found = strip(window, "update.text")
    assert found is not None
    found._confirm()
    assert window.status.open_text() == "2 conflicts open"
    assert strip(window, "update.text") is None
    assert "combined" not in aloud(window, "1/1a")


def test_deciding_later_opens_the_versions_of_that_one_thing(window: Any) -> None:
    show(window, "1/1a/i")
    found = strip(window, "update.text")
    assert found is not None
    found.decide_button.click()
    page = review_place(window).open_page
    assert page.compare.place.text() == "1 › 1a › i · Update"
    assert [card.version.who for card in page.compare.cards] == ["As it was sent", "City CCG", "City Council"]
    page.compare.press_number(3)
    text = next(u.text for u in window.document.editor.session.scalars(select(Update)) if "16.9" in u.text)
    assert "17.4" in text
    assert len(window.questions.listed) == 2


def test_a_decision_undone_is_open_again_wherever_that_is_shown(window: Any, qtbot: QtBot) -> None:
    window.menus.actions["open questions"].trigger()
    page = review_place(window).open_page
    said = [(one.kind, one.value, len(one.sides)) for one in window.questions.listed]
    for count in (2, 1, 0):
        page.compare.press_number(1)
        assert len(window.questions.listed) == count
    for count in (1, 2, 3):
        window.menus.actions["undo"].trigger()
        qtbot.waitUntil(lambda count=count: len(window.questions.listed) == count)  # type: ignore[misc]
    assert [(one.kind, one.value, len(one.sides)) for one in window.questions.listed] == said
    assert window.status.open_text() == "2 conflicts open · 1 combined text to read"
    assert "2 conflicts open" in aloud(window, "1/1a/i")
    show(window, "1/1a/i")
    assert strip(window, "update.text") is not None
    for count in (2, 1, 0):
        window.menus.actions["redo"].trigger()
        qtbot.waitUntil(lambda count=count: len(window.questions.listed) == count)  # type: ignore[misc]
    assert window.status.open_text() == ""


def test_a_result_written_for_an_open_question_counts_when_it_is_kept(window: Any) -> None:
    show(window, "1/1a/i")
    found = strip(window, "update.text")
    assert found is not None
    found.decide_button.click()
    compare = review_place(window).open_page.compare
    compare.press_number(4)
    area = compare.result.rich.area
    area.selectAll()
    area.insertPlainText("About 17 %.")
    compare.result.rich.edited.emit()
    assert len(window.questions.listed) == 3
    assert "Keep what I wrote" in compare.buttons["edit"].text()
    compare.press_number(4)
    assert len(window.questions.listed) == 2
    assert "About 17 %." in [u.text for u in window.document.editor.session.scalars(select(Update))]


def test_a_row_that_one_deleted_is_deleted_from_the_list(window: Any) -> None:
    window.menus.actions["open questions"].trigger()
    page = review_place(window).open_page
    assert [button.text() for button in page.compare.buttons.values()] == [
        "Keep the value  (1)", "Delete the value  (2)",
    ]  # fmt: skip
    page.compare.press_number(2)
    assert window.status.open_text() == "1 conflict open · 1 combined text to read"


def test_what_is_open_can_be_seen_and_reached_by_ear_and_keyboard(window: Any) -> None:
    for address in ("1/1a/i", "1/1a/ii"):
        show(window, address)
        assert nameless(window) == []
        assert unreachable(window) == []


def test_a_plan_without_open_questions_shows_nothing_of_them(
    make_window: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window(real=True)
    with_window(qtbot, window, make_plan(tmp_path))
    qtbot.waitUntil(lambda: not window.questions._is_new and not window.questions._reader.is_reading)
    assert window.status.open_text() == ""
    assert not window.status._open.isVisible()


def test_many_steps_are_asked_about_once(window: Any, qtbot: QtBot) -> None:
    asked: list[int] = []
    window.questions.changed.connect(lambda: asked.append(1))
    editor = window.document.editor
    row = row_at(editor.session, "1/1a")
    for number in range(5):
        set_field(editor, row, "code", f"{number}a")
    qtbot.waitUntil(lambda: bool(asked))
    assert len(asked) == 1
    assert "4a" in window.questions.listed[0].place.words


def test_many_questions_are_asked_about_on_another_thread(
    window: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_SOME", 0)
    update = next(u for u in window.document.editor.session.scalars(select(Update)) if "clinics" in u.text)
    set_field(window.document.editor, update, "text", CLINICS)
    window.questions.ask_now()
    assert len(window.questions.listed) == 3
    qtbot.waitUntil(lambda: len(window.questions.listed) == 2, timeout=20_000)


@pytest.fixture
def connection(merged_file: Path, tmp_path: Path) -> Iterator[Connection]:
    """The merged plan behind a connection."""
    path = Path(shutil.copy(merged_file, tmp_path))
    with OpenPlan.open(path, author="Ann") as plan, plan.engine.connect() as opened:
        yield opened


def test_marks_of_untouched_rows_are_taken_over_and_the_others_asked(connection: Connection) -> None:
    found = marks(connection)
    known = {(m.row_type, m.row_id): [m] for m in found if m.kind == "combined"}
    assert known
    assert marks(connection, known) == found
    ((key, old),) = known.items()
    told = marks(connection, {key: []})
    assert [m.kind for m in told] == [m.kind for m in found if m.kind != "combined"]
    assert marks(connection, {("update", "not in the plan"): old}) == found


def test_every_row_is_shown_at_a_row_of_the_tree(connection: Connection) -> None:
    keys = [
        (row_type, row_id)
        for row_type in ("update", "lead", "lead_person", "observation", "update_measure", "measure")
        for (row_id,) in connection.exec_driver_sql(f'SELECT id FROM "{row_type}"')
    ]
    found = shown_at(connection, [*keys, ("measure", "not in the plan")])
    assert found.keys() == set(keys)
    assert {at[0] for places in found.values() for at in places} == {"measure"}


def test_saving_over_what_a_colleague_saved_says_what_came_in_and_shows_it(
    window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    path = window.document.path
    with OpenPlan.open(path, author="Cath", data=tmp_path / "another machine") as plan:
        writes("Written by a colleague.", "Fewer children")(plan)
        other = plan.editor.session.scalars(select(Organisation)).first()
        other_id = other.id
        set_field(plan.editor, other, "name", "Their name for it")
        plan.publish()
    show(window, "1/1b/i")
    editor = window.document.editor
    set_field(editor, row_at(editor.session, "1/1b"), "title", "Ours")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert "publish" in window.banners.messages()
    assert window.tree.model.node(other_id).title == "Their name for it"
    shown = [
        each
        for each in window.panels.panel.findChildren(PanelField)
        if each.property("field") == "update.text"
    ]
    assert "Written by a colleague." in [field.value() for field in shown]
    with OpenPlan.open(path, author="Cath", data=tmp_path / "a reader", read_only=True) as plan:
        assert row_at(plan.editor.session, "1/1b").title == "Ours"


def test_a_conflict_that_came_with_saving_is_flagged(window: Any, qtbot: QtBot, tmp_path: Path) -> None:
    path = window.document.path
    with OpenPlan.open(path, author="Cath", data=tmp_path / "another machine") as plan:
        writes("Written by a colleague.", "Fewer children")(plan)
        plan.publish()
    update = next(u for u in window.document.editor.session.scalars(select(Update)) if "obese" in u.text)
    set_field(window.document.editor, update, "text", "Written by us.")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    qtbot.waitUntil(lambda: "3 conflicts open" in window.status.open_text(), timeout=20_000)
    assert "1 conflict open" in aloud(window, "1/1b/i")
