"""Which measures an update covers, or an action serves: said in words, changed in a small list of ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.plan.model import Action, Measure, Outcome, Update
from cypp_desktop.plan.words import cut
from cypp_desktop.store.commands import set_covered
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.panel_field import PanelField
from cypp_desktop.ui.panels.row_widget import Hint

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed


def measure_words(measure: Measure) -> str:
    """What a measure is called among those of its outcome: its code, or its title where it has none."""
    return measure.code or cut(measure.title, 24) or "?"


def covered_words(context: PanelContext, text: Update | Action) -> str:
    """The measures that a text spans, in a few words."""
    return ", ".join(measure_words(measure) for measure in text.measures) or whole_words(context)


def whole_words(context: PanelContext) -> str:
    """What a text that names no measure is about: "the whole key activity"."""
    return f"the whole {context.level_name('outcome').lower()}"


class MeasureTicks(QFrame):
    """A small window over the panel with the outcome's measures to tick; it closes on a click elsewhere."""

    closed = Signal()

    def __init__(self, parent: QWidget, name: str, hint: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list)
        column.addWidget(Hint(hint))

    def offer(self, measures: list[Measure], ticked: set[str]) -> None:
        """List measures, with those of the ids ``ticked`` ticked."""
        self.list.clear()
        for measure in measures:
            item = QListWidgetItem(cut(f"{measure.code or ''} {measure.title}".strip() or "?", 110))
            item.setData(Qt.ItemDataRole.UserRole, measure.id)
            flag = Qt.ItemFlag
            item.setFlags(flag.ItemIsEnabled | flag.ItemIsUserCheckable | flag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if measure.id in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def ticked(self) -> list[str]:
        """The ids of the measures ticked, in order."""
        items = [self.list.item(at) for at in range(self.list.count())]
        return [i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() == Qt.CheckState.Checked]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()


class CoveredMeasuresField(PanelField):
    """The measures that an update or action spans; the value is their ids, none for the whole outcome."""

    def __init__(self, context: PanelContext, row_type: str, label: str) -> None:
        link = f"{row_type}_measure"
        super().__init__(context, f"{link}.measure_id", label)
        self.setProperty("field", f"{link}.measure_id {link}.{row_type}_id")
        self.row_type = row_type
        #: the outcome and the measures of a text that has not been started yet
        self.outcome_id: str | None = None
        self.to_cover: tuple[str, ...] = ()
        self._value: tuple[str, ...] = ()
        self.button = sign_button("plus", label, self.open_ticks, text="…")
        self.button.setAutoRaise(False)
        self.take(self.button, inline=True)
        self._ticks: MeasureTicks | None = None

    @property
    def ticks(self) -> MeasureTicks:
        """The list of measures to tick; made when first asked for."""
        if self._ticks is None:
            self._ticks = MeasureTicks(
                self, self.words, f"With none ticked it is about {whole_words(self.context)}."
            )
            self._ticks.closed.connect(self._ticks_closed)
        return self._ticks

    def value(self) -> tuple[str, ...]:
        return self._value

    def blank(self) -> tuple[str, ...]:
        return self.to_cover

    def stored(self, row: Row) -> tuple[str, ...]:
        assert isinstance(row, (Update, Action))
        return tuple(measure.id for measure in row.measures)

    def write(self, row: Row, value: Any) -> None:
        assert isinstance(row, (Update, Action))
        by_id = {measure.id: measure for measure in row.outcome.measures}
        set_covered(
            self.context.editor, row, [by_id[measure_id] for measure_id in value if measure_id in by_id]
        )

    def show_value(self, value: tuple[str, ...]) -> None:
        self._value = value
        names = [measure_words(measure) for measure in self._measures() if measure.id in value]
        words = ", ".join(names) or whole_words(self.context)
        self.button.setText(cut(words, 40).replace("&", "&&"))
        self.button.setToolTip(words)
        self.button.setAccessibleName(f"{self.words}: {words}")

    def lock(self, locked: bool) -> None:
        self.button.setEnabled(not locked and self.context.limits is None)  # a return asks about these

    def apply(self, changed: Changed) -> None:
        if any(key[0] == "measure" for key in changed.edited):
            self.show_value(self._value)  # the measures may be called otherwise now
        if changed.touches(f"{self.row_type}_measure"):
            self.refresh()

    def open_ticks(self) -> None:
        """Show the list of measures to tick under the button."""
        self.ticks.offer(self._measures(), set(self._value))
        width = max(self.button.width(), self.fontMetrics().averageCharWidth() * 46)
        self.ticks.resize(width, self._ticks_height())
        self.ticks.move(self.button.mapToGlobal(QPoint(0, self.button.height())))
        self.ticks.show()
        self.ticks.list.setFocus()

    def _ticks_height(self) -> int:
        return self.fontMetrics().lineSpacing() * min(14, 2 * self.ticks.list.count() + 4)

    def _ticks_closed(self) -> None:
        ticked = tuple(self.ticks.ticked())
        if ticked != self._value:
            self.show_value(ticked)
            self.chosen()

    def _measures(self) -> list[Measure]:
        row = self.row()
        outcome = row.outcome if isinstance(row, (Update, Action)) else None
        if outcome is None and self.outcome_id is not None:
            outcome = self.context.editor.find(Outcome, self.outcome_id)
        return list(outcome.measures) if outcome is not None else []

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
