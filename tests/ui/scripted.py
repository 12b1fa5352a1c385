"""Stand-ins for the person: answers to dialogs, and walks through every control of a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QDialog, QWidget

from cypp_desktop.ui.dialogs import Choice, Dialogs


class ScriptedDialogs(Dialogs):
    """Answers from a list, in order, and keeps what it was asked; an unexpected question fails the test.

    An answer is what the method gives back: a key for `ask`, a text, a path, or for `run` a function
    that fills in the dialog and says whether it was accepted.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        #: what was suggested where a file was asked for, and of which kinds it was to be
        self.suggested: list[tuple[Path, str]] = []

    def _next(self, question: str) -> Any:
        self.asked.append(question)
        assert self.answers, f"nobody expected to be asked: {question}"
        return self.answers.pop(0)

    def tell(self, parent: QWidget | None, title: str, text: str, detail: str = "") -> None:
        self.asked.append(f"{title}: {text} {detail}".strip())

    def ask(
        self, parent: QWidget | None, title: str, text: str, choices: Sequence[Choice], *, detail: str = ""
    ) -> str | None:
        answer = self._next(f"{title}: {text} {detail}".strip())
        assert answer is None or answer in [choice.key for choice in choices]
        return answer  # type: ignore[no-any-return]

    def ask_text(self, parent: QWidget | None, title: str, label: str, initial: str = "") -> str | None:
        return self._next(f"{title}: {label}")  # type: ignore[no-any-return]

    def open_file(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        return self._next(title)  # type: ignore[no-any-return]

    def open_files(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> list[Path]:
        return self._next(title) or []  # type: ignore[no-any-return]

    def save_file(self, parent: QWidget | None, title: str, kinds: str, suggested: Path) -> Path | None:
        self.suggested.append((suggested, kinds))
        return self._next(title)  # type: ignore[no-any-return]

    def folder(self, parent: QWidget | None, title: str, start: Path) -> Path | None:
        return self._next(title)  # type: ignore[no-any-return]

    def show_folder(self, folder: Path) -> None:
        self.asked.append(f"Show {folder}")

    def run(self, dialog: QDialog) -> bool:
        fill_in: Callable[[QDialog], bool] = self._next(dialog.windowTitle())
        return fill_in(dialog)


def controls(window: QWidget) -> list[QWidget]:
    """Every control of a window that can have the focus now."""
    return [
        widget
        for widget in (window, *window.findChildren(QWidget))
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible() and widget.isEnabled()
    ]


def accessible_name(widget: QWidget) -> str:
    """What a screen reader calls the control."""
    spoken = QAccessible.queryAccessibleInterface(widget)
    return spoken.text(QAccessible.Text.Name) if spoken is not None else ""


def nameless(window: QWidget) -> list[str]:
    """The controls of a window that a screen reader could not name."""
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in controls(window)
        if not accessible_name(widget).strip()
    ]


def unreachable(window: QWidget) -> list[str]:
    """The controls that walking through a window with Tab never comes to.

    Pressing Tab inside a text editor may write a tab, so the walk follows Qt's own order there.
    """
    wanted = {
        widget
        for widget in controls(window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    }
    reached: set[QWidget | None] = set()
    for _ in range(2 * len(wanted) + 2):
        # The same as pressing Tab, also where a text editor takes the key for itself.
        window.focusNextChild()
        reached.add(window.focusWidget())
    return sorted(accessible_name(widget) or type(widget).__name__ for widget in wanted - reached)
