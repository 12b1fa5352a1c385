"""Removing a text for good in the window: from the Edit menu, a history, a field; what is shown and said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cypp_desktop import paths
from cypp_desktop.ui.history.removal_dialog import RemovalDialog
from tests.merge.copies import at, make_plan, opened
from tests.operations.bytes_on_disk import files_with
from tests.ui.scripted import nameless, unreachable
from tests.ui.simple_parts import opened as opened_in

NAME = "Jane Quillfeather"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = make_plan(tmp_path / "plan.cypp")
    with opened(path) as plan:
        from cypp_desktop.store.commands import set_field

        for words in (f"Of {NAME} alone", f"Of {NAME} and others"):
            set_field(plan.editor, at(plan, "1/1a/i"), "definition", words)
            plan.publish()
    return path


@pytest.fixture
def window(make_window: Callable[..., Any], qtbot: QtBot, path: Path) -> Iterator[Any]:
    window = make_window(real=True)
    window.show()
    opened_in(qtbot, window, path)
    yield window
    if window.document is not None:
        document = window.document
        window.release_document()
        document.close()


def looked(qtbot: QtBot, dialog: RemovalDialog) -> None:
    dialog.show()
    qtbot.waitExposed(dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert nameless(dialog) == []
    assert unreachable(dialog) == []


def headings(dialog: RemovalDialog) -> list[str]:
    top = [dialog.places.topLevelItem(at) for at in range(dialog.places.topLevelItemCount())]
    return [item.text(0) for item in top if item is not None]


def test_words_are_removed_by_the_edit_menu(window: Any, qtbot: QtBot, path: Path) -> None:
    def fill(dialog: RemovalDialog) -> bool:
        dialog.show()
        assert not dialog.remove_button.isEnabled()
        dialog.words.setText("ab")
        dialog.look()
        assert "letters" in dialog.says.text()
        dialog.words.setText(NAME)
        dialog.look()
        looked(qtbot, dialog)
        assert headings(dialog)[:2] == ["In the plan now: 1 place", "In its history"]
        assert not dialog.remove_button.isEnabled()
        dialog.afterwards.setCurrentIndex(1)
        dialog.reason.setText(f"Of {NAME}")
        dialog.remove_button.click()
        assert "repeats" in dialog.problem.text()
        dialog.reason.setText("Her family asked for it")
        dialog.remove_button.click()
        return bool(dialog.result())

    window.dialogs.answers.append(fill)
    window.menus.actions["remove for good"].trigger()
    assert files_with(NAME, paths.data_folder(), path.parent / "plan.cypp") == []
    assert NAME.encode() not in path.read_bytes()
    assert at(window.document.plan, "1/1a/i").definition == "Of [removed] and others"
    assert not window.document.state.unpublished
    assert any("removed from the plan" in words for words in banners(window))


def banners(window: Any) -> list[str]:
    from cypp_desktop.ui.labels import WrappedLabel

    return [label.text() for label in window.banners.findChildren(WrappedLabel)] + [
        str(each.accessibleName())
        for each in window.banners.findChildren(object)
        if hasattr(each, "accessibleName")
    ]


def test_one_wording_is_removed_from_a_history(window: Any, qtbot: QtBot) -> None:
    page = window.show_page("history")
    qtbot.waitUntil(lambda: page.view.model.rowCount() > 3)
    page.view.list.setCurrentIndex(page.view.model.index(3))
    assert f"{NAME} alone" in page.view.current.entry.value

    def fill(dialog: RemovalDialog) -> bool:
        looked(qtbot, dialog)
        assert "This wording" in dialog.what.currentText()
        dialog.reason.setText("Asked for")
        dialog.remove_button.click()
        return bool(dialog.result())

    window.dialogs.answers.append(fill)
    page.view.remove_button.click()
    assert at(window.document.plan, "1/1a/i").definition == f"Of {NAME} and others"
    page.view.reload()
    said = [page.view.model.index(row).data() for row in range(page.view.model.rowCount())]
    assert any("Text removed on" in line and "Asked for" in line for line in said)


def test_a_field_offers_it_and_something_else_can_be_written(window: Any, qtbot: QtBot) -> None:
    measure = at(window.document.plan, "1/1a/i")
    window.go_to("measure", measure.id)
    window.panels.show_field("measure.definition", measure.id)
    field = next(
        each for each in window.panels.findChildren(object) if each.property("field") == "measure.definition"
    )

    def fill(dialog: RemovalDialog) -> bool:
        looked(qtbot, dialog)
        assert dialog.what.currentText() == "All that Definition has ever said here"
        dialog.afterwards.setCurrentIndex(1)
        dialog.written.setPlainText("What may be said.")
        dialog.reason.setText("Asked for")
        dialog.remove_button.click()
        return bool(dialog.result())

    window.dialogs.answers.append(fill)
    next(action for action in field.label.actions() if "for good" in action.text()).trigger()
    assert window.dialogs.answers == []
    assert at(window.document.plan, "1/1a/i").definition == "What may be said."
    assert files_with(NAME, paths.data_folder()) == []


def test_thinking_better_of_it_changes_nothing(window: Any, path: Path) -> None:
    before = path.read_bytes()
    window.dialogs.answers.append(lambda dialog: False)
    window.menus.actions["remove for good"].trigger()
    assert path.read_bytes() == before
