"""Brings a field of a panel into sight: the right page, round and line, the cursor in it, words selected.

For Find, the history and whoever else sends a person to one field of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QScrollArea, QTextEdit, QWidget

from cypp_desktop.plan.folding import ranges_of, utf16_place
from cypp_desktop.plan.model import Lead, Update
from cypp_desktop.ui.panels.context import RowKey
from cypp_desktop.ui.panels.levels import LevelPanel
from cypp_desktop.ui.panels.pages import PageKey
from cypp_desktop.ui.panels.row_list import RowList
from cypp_desktop.ui.panels.row_widget import RowWidget
from cypp_desktop.ui.panels.update import UpdateFields
from cypp_desktop.ui.panels.updates import UpdatePage
from cypp_desktop.ui.panels.values import ValuesPage

#: The pages on which rows of other types are seen, in the order in which they are tried.
_PAGES: Final = {
    "update": (PageKey.UPDATE, PageKey.UPDATES),
    "action": (PageKey.ACTIONS,),
    "observation": (PageKey.VALUES,),
}
#: The fields that stand above the pages.
_ON_TOP: Final = ("code", "title")


def show_field(panel: RowWidget, holder: QScrollArea, field: str, row_id: str, words: Sequence[str]) -> bool:
    """Put the cursor in a field and select the first of the words in it; False where it is not shown."""
    key = (field.partition(".")[0], row_id)
    if isinstance(panel, LevelPanel):
        _turn_page(panel, key, field.partition(".")[2])
    found = _widget(panel, field, key)
    if found is None:
        return False
    holder.ensureWidgetVisible(found)
    found.setFocus()
    select_words(found, words)
    return True


def _turn_page(panel: LevelPanel, key: RowKey, name: str) -> None:
    """Turn to the page on which a row is seen, and choose it there."""
    if key == panel.key and name in _ON_TOP:
        return
    row = panel.context.row(key)
    if isinstance(row, Lead) and row.action_id:  # seen with its action
        key, row = ("action", row.action_id), row.action
    for page in _PAGES.get(key[0], (PageKey.DETAILS,)):
        if panel.pages.has(page):
            part = panel.pages.turn_to(page)
            if isinstance(part, UpdatePage) and isinstance(row, Update):
                part.show_round(row.round_id)
            elif isinstance(part, (RowList, ValuesPage)):
                part.choose(key[1])
            return


def _widget(panel: RowWidget, field: str, key: RowKey) -> QWidget | None:
    """The widget of a field that shows this row, or the table in which the row stands."""
    for widget in panel.findChildren(QWidget):
        if field not in str(widget.property("field") or "").split():
            continue
        if isinstance(widget, RowWidget) and widget.key != key:
            continue
        if widget.isHidden():
            _open_more(widget)
        if widget.isVisibleTo(panel):
            return widget
    return None


def _open_more(widget: QWidget) -> None:
    """Show the fields of an update that are seen only when asked for."""
    at = widget.parentWidget()
    while at is not None:
        if isinstance(at, UpdateFields) and not at.more_button.isChecked():
            at.more_button.click()
        at = at.parentWidget()


def select_words(widget: QWidget, words: Sequence[str]) -> bool:
    """Select the first of the words (folded, as Find has them) in the input of a field."""
    for text in (widget, *widget.findChildren(QWidget)):
        if isinstance(text, QLineEdit):
            found = ranges_of(text.text(), words)
            if found:
                start, end = (utf16_place(text.text(), place) for place in found[0])
                text.setSelection(start, end - start)
        elif isinstance(text, (QTextEdit, QPlainTextEdit)):
            said = text.toPlainText()
            found = ranges_of(said, words)
            if found:
                start, end = (utf16_place(said, place) for place in found[0])
                cursor = text.textCursor()
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                text.setTextCursor(cursor)
                text.ensureCursorVisible()
        else:
            continue
        if found:
            return True
    return False
