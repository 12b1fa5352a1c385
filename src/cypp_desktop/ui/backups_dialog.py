"""The backups of a plan: when each was put away, why, how big; and putting one of them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.plan.dates import date_in_words
from cypp_desktop.ui import theme

if TYPE_CHECKING:
    from cypp_desktop.store.backups import Backup

_WHY = {
    "saved": "Before the file was saved",
    "before-restore": "Before a backup was put back",
    "before-revert": "Before changes were dropped",
    "before-upgrade": "Before the file was brought up to date",
    "before-merge": "Before returned files were merged",
    "before-unmerge": "Before a merge was undone",
}


def when_words(backup: Backup) -> str:
    """The moment of a backup in local time, as "15 June 2018, 14:02"."""
    at = backup.at.astimezone()
    return f"{date_in_words(at)}, {at:%H:%M}"


class BackupsDialog(QDialog):
    """Lists backups, newest first; when accepted, `chosen` is the one to put back."""

    def __init__(
        self, backups: Sequence[Backup], *, can_restore: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._backups = list(backups)
        self.setWindowTitle("Backups")
        note = QLabel(
            "A backup is kept each time the plan’s file is saved. What you have now is kept as a backup "
            "too when you put an older one back."
            if backups
            else "There is no backup of this plan yet. One is kept each time the plan’s file is saved."
        )
        note.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Backups, newest first")
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels(["When", "Why", "Size"])
        for backup in self._backups:
            size = QLocale().formattedDataSize(backup.size, 0)
            item = QTreeWidgetItem(self.list, [when_words(backup), _WHY.get(backup.why, backup.why), size])
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        buttons = QDialogButtonBox()
        self.restore = buttons.addButton("Put this backup back", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._can_restore = can_restore
        self.list.currentItemChanged.connect(self._choice_changed)
        newest = self.list.topLevelItem(0)
        if newest is not None:
            self.list.setCurrentItem(newest)
        self._choice_changed()
        column = QVBoxLayout(self)
        column.addWidget(note)
        column.addWidget(self.list)
        column.addWidget(buttons)
        self.resize(theme.room_for(self, 600, 400))

    @property
    def chosen(self) -> Backup | None:
        """The backup that is marked."""
        item = self.list.currentItem()
        return self._backups[self.list.indexOfTopLevelItem(item)] if item is not None else None

    def _choice_changed(self) -> None:
        self.restore.setEnabled(self._can_restore and self.chosen is not None)
