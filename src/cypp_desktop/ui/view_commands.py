"""What the View and Help menus do, and the preferences: how the window looks, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence

from cypp_desktop.ui import theme
from cypp_desktop.ui.menus import Menus

if TYPE_CHECKING:
    from cypp_desktop.ui.main_window import MainWindow

APPLICATION_NAME: Final = "CYPP Desktop"


class ViewCommands(QObject):
    """The commands that change how the window looks. One of these serves a window."""

    def __init__(self, window: MainWindow, appearance: theme.Theme) -> None:
        super().__init__(window)
        self._window = window
        self._appearance = appearance

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the View and Help menus."""
        keys = QKeySequence.StandardKey
        menus.add_theme("&View", self.choose_theme)
        menus.add_text_sizes("&View", self.choose_text_size)
        menus.add("&View", "larger", "&Larger text", self._larger_text, keys.ZoomIn)
        menus.add("&View", "smaller", "&Smaller text", self._smaller_text, keys.ZoomOut)
        menus.separator("&View")
        menus.add("&View", "next pane", "&Next part of the window", self._window.next_pane)
        menus.add("&View", "full screen", "&Full screen", self._toggle_full_screen, "F11")
        menus.add("&Help", "keys", "&Keyboard shortcuts", self._show_keys, "F1")
        menus.add("&Help", "about", f"&About {APPLICATION_NAME}", self._show_about)
        self._tick(menus)

    def choose_preferences(self) -> None:
        """Ask for the preferences and put them into effect."""
        from cypp_desktop.ui.preferences import PreferencesDialog

        window = self._window
        dialog = PreferencesDialog(window.settings, window)
        if window.dialogs.run(dialog):
            dialog.apply_to(window.settings)
            self._apply()
            if window.document is not None:
                window.document.author = window.settings.author
        dialog.deleteLater()

    def choose_theme(self, mode: str) -> None:
        """Show the window light, dark, or as the system does."""
        self._window.settings.theme = mode
        self._apply()

    def choose_text_size(self, percent: str) -> None:
        """Show all text at so many percent of the system's size."""
        self._window.settings.text_scale = int(percent)
        self._apply()

    def _apply(self) -> None:
        """Put the appearance and the text size of the settings into effect, and keep them."""
        settings = self._window.settings
        self._appearance.apply(settings.theme, settings.text_scale)
        self._tick(self._window.menus)
        self._window.keep_settings()

    def _tick(self, menus: Menus) -> None:
        menus.tick(self._window.settings.theme)
        menus.tick(str(self._window.settings.text_scale))

    def _larger_text(self) -> None:
        self.choose_text_size(str(theme.nearest_step(self._window.settings.text_scale, 1)))

    def _smaller_text(self) -> None:
        self.choose_text_size(str(theme.nearest_step(self._window.settings.text_scale, -1)))

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _show_keys(self) -> None:
        from cypp_desktop.ui.help_dialogs import KeysDialog

        dialog = KeysDialog(self._window.menuBar(), self._window)
        self._window.dialogs.run(dialog)
        dialog.deleteLater()

    def _show_about(self) -> None:
        from cypp_desktop.ui.help_dialogs import about_words

        title = f"About {APPLICATION_NAME}"
        self._window.dialogs.tell(self._window, title, APPLICATION_NAME, about_words())
