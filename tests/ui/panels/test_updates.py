"""Writing updates: this round's text, whom it covers, last round's beside it, and evidence without rounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.model import Update
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_update_text
from cypp_desktop.store.queries import current_round, update_of
from cypp_desktop.ui.panels import PanelArea
from tests.ui.panel_plans import LAST, NOW, open_editor, press, show, type_words


@pytest.fixture
def area(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[PanelArea]:
    with open_editor(getattr(request, "param", "whole")) as editor:
        made = PanelArea()
        qtbot.addWidget(made)
        made.resize(700, 800)
        made.attach(editor)
        made.show()
        yield made
        made.attach(None)


def page(area: PanelArea, address: str) -> Any:
    show(area, address)
    panel: Any = area.panel
    return panel.pages.turn_to("update")


def written(area: PanelArea, address: str) -> str | None:
    session = area.context.editor.session
    update = update_of(row_at(session, address), current_round(session))  # type: ignore[arg-type]
    return update.text if update else None


def test_the_current_rounds_text_is_shown_with_last_rounds_beneath(area: PanelArea) -> None:
    shown = page(area, "1/1a/i")
    assert shown.chooser.currentText() == NOW
    assert shown.editors[0].text.input.markdown() == "- Down\n- Still high"
    assert shown.editors[0].covers.button.text() == "i, ii"
    assert LAST in shown.last.heading.text()
    assert shown.last.text.markdown() == "18.1 % smoked."
    assert shown.last.text.is_read_only()


def test_an_update_that_is_not_there_yet_begins_with_its_first_words(area: PanelArea) -> None:
    shown = page(area, "1/1a/iii")
    before = len(area.context.editor.session.query(Update).all())
    area.flush()
    assert len(area.context.editor.session.query(Update).all()) == before, "looking begins nothing"
    text = shown.editors[0].text
    type_words(text.input, "Fed")
    area.flush()
    assert written(area, "1/1a/iii") == "Fed"
    text.input.area.setFocus()
    press(text.input.area, Qt.Key.Key_End)
    for key in " well":
        press(text.input.area, Qt.Key(ord(key.upper())))
    area.flush()
    assert written(area, "1/1a/iii") == "Fed well"
    area.context.editor.undo()
    assert written(area, "1/1a/iii") is None, "typing in one sitting is one step"
    assert text.input.markdown() == ""


def test_a_state_chosen_first_begins_the_update_in_one_step(area: PanelArea) -> None:
    shown = page(area, "1/1a/iii")
    state = shown.editors[0].state.input
    press(state, Qt.Key.Key_Down)
    update = update_of(
        row_at(area.context.editor.session, "1/1a/iii"), current_round(area.context.editor.session)
    )  # type: ignore[arg-type]
    assert update is not None
    assert update.state == "submitted"
    area.context.editor.undo()
    assert written(area, "1/1a/iii") is None


def test_a_shared_update_is_one_text_for_all_its_measures(area: PanelArea) -> None:
    shown = page(area, "1/1a/ii")
    type_words(shown.editors[0].text.input, "For both")
    area.flush()
    assert written(area, "1/1a/i") == written(area, "1/1a/ii") == "- For both"


def test_what_an_update_covers_is_changed_by_ticks(area: PanelArea) -> None:
    shown = page(area, "1/1a/i")
    covers = shown.editors[0].covers
    covers.button.click()
    assert covers.ticks.isVisible()
    press(covers.ticks.list, Qt.Key.Key_End)
    press(covers.ticks.list, Qt.Key.Key_Space)
    press(covers.ticks.list, Qt.Key.Key_Escape)
    assert not covers.ticks.isVisible()
    assert written(area, "1/1a/iii") == "- Down\n- Still high"
    assert covers.button.text() == "i, ii, iii"
    area.context.editor.undo()
    assert covers.button.text() == "i, ii"


def test_an_update_that_no_longer_covers_the_measure_leaves_its_page(area: PanelArea) -> None:
    shown = page(area, "1/1a/i")
    covers = shown.editors[0].covers
    covers.open_ticks()
    press(covers.ticks.list, Qt.Key.Key_Space)
    covers.ticks.close()
    assert written(area, "1/1a/i") is None
    assert shown.editors[0].text.input.markdown() == ""
    assert written(area, "1/1a/ii") == "- Down\n- Still high"


def test_last_rounds_text_is_brought_down_after_what_stands_there(area: PanelArea) -> None:
    shown = page(area, "1/1a/i")
    shown.bring_button.click()
    assert written(area, "1/1a/i") == "- Down\n- Still high\n\n18.1 % smoked."
    assert shown.editors[0].text.input.markdown() == written(area, "1/1a/i")
    area.context.editor.undo()
    assert shown.editors[0].text.input.markdown() == "- Down\n- Still high"


def test_other_rounds_and_what_belongs_to_none_are_chosen_and_edited(area: PanelArea) -> None:
    shown = page(area, "1/1a/i")
    listed = [shown.chooser.itemText(at) for at in range(shown.chooser.count())]
    assert listed == [LAST, NOW, "No round"]
    shown.chooser.setFocus()
    press(shown.chooser, Qt.Key.Key_Up)
    assert shown.editors[0].text.input.markdown() == "18.1 % smoked."
    assert not shown.last.isVisible()
    press(shown.chooser, Qt.Key.Key_End)
    assert shown.editors[0].text.input.markdown() == "Seen."
    assert shown.editors[0].source.isVisible()
    type_words(shown.editors[0].source.input, "Another report")
    area.flush()
    seen = area.context.editor.session.query(Update).filter(Update.text == "Seen.").one()
    assert seen.source == "*Another report*"


def test_a_second_update_of_a_measure_is_shown_too(area: PanelArea) -> None:
    shown = page(area, "1/1a/i")
    shown.add_button.click()
    assert [editor.isVisible() for editor in shown.editors] == [True, True]
    type_words(shown.editors[1].text.input, "By the midwives")
    area.flush()
    assert shown.editors[0].text.input.markdown() == "- Down\n- Still high"
    texts = [u.text for u in row_at(area.context.editor.session, "1/1a").updates]  # type: ignore[attr-defined]
    assert texts.count("By the midwives") == 1
    shown.editors[1].delete_button.click()
    assert [editor.isVisible() for editor in shown.editors] == [True, False]


def test_add_another_leads_to_an_update_without_words_before_it_makes_one_more(
    area: PanelArea, qtbot: QtBot
) -> None:
    shown = page(area, "1/1a/i")
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow)
    before = len(area.context.editor.session.query(Update).all())
    for _ in range(2):
        shown.add_button.setFocus()
        press(shown.add_button, Qt.Key.Key_Space)
        assert shown.editors[1].text.input.area.hasFocus(), "the words typed next have a place"
    assert len(area.context.editor.session.query(Update).all()) == before + 1


def test_an_update_that_comes_in_from_elsewhere_is_shown(area: PanelArea) -> None:
    shown = page(area, "1/1a/iii")
    session = area.context.editor.session
    set_update_text(area.context.editor, row_at(session, "1/1a/iii"), current_round(session), "From there")  # type: ignore[arg-type]
    assert shown.editors[0].text.input.markdown() == "From there"


@pytest.mark.parametrize("area", ["review"], indirect=True)
def test_a_review_shows_evidence_with_its_source_and_no_rounds(area: PanelArea) -> None:
    shown = page(area, "4/1/a")
    assert not shown.chooser.isVisible()
    assert shown.editors[0].text.input.markdown() == "It opened."
    assert shown.editors[0].source.isVisible()
    assert shown.editors[0].source.input.markdown() == "Board report"
    panel: Any = area.panel
    assert panel.pages.tabs.tabText(0) == "Evidence"


def test_an_outcome_lists_every_update_in_it(area: PanelArea) -> None:
    show(area, "1/1a")
    panel: Any = area.panel
    listed = panel.pages.turn_to("updates")
    said = {listed.table.item(at, 3).text() for at in range(listed.table.rowCount())}
    assert said == {"Down Still high", "For all of it.", "18.1 % smoked.", "Seen."}
    covers = [listed.table.item(at, 1).text() for at in range(listed.table.rowCount())]
    assert "the whole outcome" in covers
    listed.add_row()
    type_words(listed.fields.text.input, "More about all of it")
    area.flush()
    outcome: Any = row_at(area.context.editor.session, "1/1a")
    made = [update for update in outcome.updates if update.text == "More about all of it"]
    assert [(update.round.name, update.measures) for update in made] == [(NOW, [])]
