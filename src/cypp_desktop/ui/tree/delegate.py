"""Paints a row of the tree: its own line, and at the right edge what there is to know of it at a glance."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from cypp_desktop.plan.outline import DONE, TO_DO
from cypp_desktop.ui import theme
from cypp_desktop.ui.cell_editing import CellEditDelegate
from cypp_desktop.ui.tree.model import PlanTreeModel
from cypp_desktop.ui.tree.nodes import Node, tally

Index = QModelIndex | QPersistentModelIndex

_SHAPES: Final = {"green": "▲", "amber": "●", "red": "■"}
_ANSWERED: Final = {DONE: ("✓\u2009done", "green"), TO_DO: ("○\u2009to do", "")}
#: Signs of an open conflict, and of a combined text to read.
_FLAG: Final = "⚑"
_TO_READ: Final = "≡"
_GAP: Final = 8


class RowDelegate(CellEditDelegate):
    """Code and title at the left, elided; update state or the counts of red, amber and green at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        pieces = _pieces(index)
        if not pieces:
            super().paint(painter, option, index)
            return
        widget = option.widget
        style = widget.style()
        widths = [option.fontMetrics.horizontalAdvance(words) for words, _ in pieces]
        taken = sum(widths) + _GAP * (len(pieces) + 1)
        if taken > option.rect.width() * 2 // 3:  # too narrow for both: the title matters more
            super().paint(painter, option, index)
            return
        ground = QStyleOptionViewItem(option)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, ground, painter, widget)
        left = QStyleOptionViewItem(option)
        left.rect = option.rect.adjusted(0, 0, -taken, 0)
        super().paint(painter, left, index)
        self._paint_right(painter, option, list(zip(pieces, widths, strict=True)), taken)

    def _paint_right(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        pieces: list[tuple[tuple[str, str], int]],
        taken: int,
    ) -> None:
        colours = theme.colours_of(option.palette)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setFont(option.font)
        x = option.rect.right() - taken + _GAP
        for (words, colour), width in pieces:
            named = QColor(
                {"green": colours.green, "amber": colours.amber, "red": colours.red}.get(colour, "")
            )
            if chosen:
                named = option.palette.color(QPalette.ColorRole.HighlightedText)
            painter.setPen(named if named.isValid() else QColor(colours.muted))
            box = QRect(x, option.rect.top(), width, option.rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            x += width + _GAP
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, option.fontMetrics.height() + theme.scaled(option.widget, 8))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName("Title")
        return self.follow(editor, index)


def _pieces(index: Index) -> list[tuple[str, str]]:
    """What stands at the right: words, and the name of their colour ("" is muted)."""
    model = index.model()
    node = model.node_at(index) if isinstance(model, PlanTreeModel) else None
    if node is None:
        return []
    flags = _flags(node)
    if node.update_state in _ANSWERED:
        return [*flags, _ANSWERED[node.update_state]]
    if node.update_state:
        return [*flags, (node.update_state, "")]
    counts = [(f"{_SHAPES[colour]}\u2009{count}", colour) for colour, count in tally(node).items() if count]
    return [*flags, *counts]


def _flags(node: Node) -> list[tuple[str, str]]:
    """A flag where something waits for a person, with how much where it is more than one thing."""
    conflicts, to_read = (own + below for own, below in zip(node.waiting, node.waiting_below, strict=True))
    counts = [(_FLAG, "red", conflicts), (_TO_READ, "", to_read)]
    own = not any(node.waiting_below)
    return [
        (sign if own and count == 1 else f"{sign}\u2009{count}", colour)
        for sign, colour, count in counts
        if count
    ]
