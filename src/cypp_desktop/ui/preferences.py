"""The person's preferences: their name, the appearance, the text size, and what a start opens."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.settings import ColourScheme, Settings
from cypp_desktop.ui.theme import SCHEME_WORDS, TEXT_STEPS


class PreferencesDialog(QDialog):
    """Shows the preferences; `apply_to` writes what was chosen into the settings."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        form = QFormLayout()
        self.author = QLineEdit(settings.author)
        self.author.setPlaceholderText("As your colleagues know you")
        form.addRow("Your &name:", self.author)
        note = QLabel(
            "Stands beside your changes in the history of a plan, and in the returns that you send."
        )
        note.setWordWrap(True)
        form.addRow("", note)
        self.theme = QComboBox()
        for scheme in ColourScheme:
            self.theme.addItem(SCHEME_WORDS[scheme], scheme)
        self.theme.setCurrentIndex(list(ColourScheme).index(settings.theme))
        form.addRow("&Appearance:", self.theme)
        self.text_scale = QComboBox()
        for step in sorted({*TEXT_STEPS, settings.text_scale}):
            self.text_scale.addItem(f"{step} %", step)
        self.text_scale.setCurrentIndex(self.text_scale.findData(settings.text_scale))
        form.addRow("&Text size:", self.text_scale)
        self.reopen_last = QCheckBox("&Open the last plan at the start")
        self.reopen_last.setChecked(settings.reopen_last)
        form.addRow("", self.reopen_last)
        buttons = QDialogButtonBox()
        keep = buttons.addButton("Keep these preferences", QDialogButtonBox.ButtonRole.AcceptRole)
        keep.setDefault(True)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(buttons)

    def apply_to(self, settings: Settings) -> None:
        """Write what was chosen into the settings."""
        settings.author = self.author.text().strip()
        settings.theme = ColourScheme(self.theme.currentData())
        settings.text_scale = self.text_scale.currentData()
        settings.reopen_last = self.reopen_last.isChecked()
