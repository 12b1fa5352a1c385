"""What the View and Help menus do, and the preferences: how the window looks, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QMainWindow

from cypp_desktop.settings import ColourScheme
from cypp_desktop.ui import theme
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.menus import Menus

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

APPLICATION_NAME: Final = "CYPP Desktop"


class ViewCommands(QObject):
    """The commands that change how the window looks. One of these serves a window."""

    def __init__(
        self,
        window: QMainWindow,
        services: WindowServices,
        appearance: theme.Theme,
        *,
        next_pane: Callable[[], None],
    ) -> None:
        """`next_pane` moves the cursor to the next part of the window."""
        super().__init__(window)
        self._window, self._services = window, services
        self._appearance, self._next_pane = appearance, next_pane
        self._menus: Menus | None = None
        self._document: PlanDocument | None = None
        self._has_asked_for_name = False
        #: Where the name is typed that is asked for.
        self._name: QLineEdit | None = None

    def set_document(self, document: PlanDocument | None) -> None:
        """A name given in the preferences is written beside the changes of an open plan from now on."""
        self._document = document

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the View and Help menus."""
        self._menus = menus
        keys = QKeySequence.StandardKey
        menus.add_theme("&View", self.choose_theme)
        menus.add_text_sizes("&View", self.choose_text_size)
        menus.add("&View", "larger", "&Larger text", self._larger_text, keys.ZoomIn)
        menus.add("&View", "smaller", "&Smaller text", self._smaller_text, keys.ZoomOut)
        menus.separator("&View")
        menus.add("&View", "next pane", "&Next part of the window", self._next_pane)
        menus.add("&View", "full screen", "&Full screen", self._toggle_full_screen, "F11")
        menus.add("&Help", "keys", "&Keyboard shortcuts", self._show_keys, "F1")
        menus.add("&Help", "about", f"&About {APPLICATION_NAME}", self._show_about)
        self._tick()

    def choose_preferences(self) -> None:
        """Ask for the preferences and put them into effect."""
        from cypp_desktop.ui.preferences import PreferencesDialog

        settings = self._services.settings
        dialog = PreferencesDialog(settings, self._window)
        if self._services.dialogs.run(dialog):
            dialog.apply_to(settings)
            self._apply()
            if self._document is not None:
                self._document.author = settings.author
            if settings.author:
                self._services.banners.dismiss("name")
        dialog.deleteLater()

    def ask_for_name_once(self) -> None:
        """Ask for the person's name at the first change or return, where they have given none. Who is typing
        types on.
        """
        if self._document is None or self._services.settings.author or self._has_asked_for_name:
            return
        self._has_asked_for_name = True
        self._name = QLineEdit()
        self._name.setPlaceholderText("As your colleagues know you")
        self._name.setAccessibleName("Your name")
        self._name.setMinimumWidth(theme.scaled(self._name, 220))
        self._name.returnPressed.connect(self._keep_name)
        self._services.banners.show_message(
            MessageKind.INFO,
            "What is your name? It stands beside your changes in the history of the plan, and in the returns "
            "that you send, so that people know whom to ask. Preferences change it at any time.",
            [BannerAction("Keep this name", self._keep_name, closes=False)],
            about="name",
            entry=self._name,
        )

    def _keep_name(self) -> None:
        """The name in the message is the person's from now on."""
        name = self._name.text().strip() if self._name is not None else ""
        if not name:
            return
        self._services.settings.author = name
        self._services.keep_settings()
        if self._document is not None:
            self._document.author = name
        self._name = None
        self._services.banners.dismiss("name")

    def choose_theme(self, mode: str) -> None:
        """Show the window light, dark, or as the system does."""
        self._services.settings.theme = ColourScheme(mode)
        self._apply()

    def choose_text_size(self, percent: str) -> None:
        """Show all text at so many percent of the system's size."""
        self._services.settings.text_scale = int(percent)
        self._apply()

    def _apply(self) -> None:
        """Put the appearance and the text size of the settings into effect, and keep them."""
        settings = self._services.settings
        self._appearance.apply(settings.theme, settings.text_scale)
        self._tick()
        self._services.keep_settings()

    def _tick(self) -> None:
        if self._menus is not None:
            self._menus.tick(self._services.settings.theme)
            self._menus.tick(str(self._services.settings.text_scale))

    def _larger_text(self) -> None:
        self.choose_text_size(str(theme.nearest_step(self._services.settings.text_scale, 1)))

    def _smaller_text(self) -> None:
        self.choose_text_size(str(theme.nearest_step(self._services.settings.text_scale, -1)))

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _show_keys(self) -> None:
        from cypp_desktop.ui.help_dialogs import KeysDialog

        dialog = KeysDialog(self._window.menuBar(), self._window)
        self._services.dialogs.run(dialog)
        dialog.deleteLater()

    def _show_about(self) -> None:
        from cypp_desktop.ui.help_dialogs import about_words

        title = f"About {APPLICATION_NAME}"
        self._services.dialogs.tell(self._window, title, APPLICATION_NAME, about_words())
