"""What tests of the window share: a theme that is put back, and windows that close themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cypp_desktop.settings import Settings
from cypp_desktop.ui.theme import Theme
from tests.ui.scripted import ScriptedDialogs

#: How long a busy machine may take over what is waited for, in milliseconds; a wait ends when it has come.
PATIENCE = 60_000


class PatientBot(QtBot):
    """Waits for as long as it takes: how fast the machine is, is not what the tests are about."""

    def waitSignal(self, *arguments: Any, raising: bool | None = None, **options: Any) -> Any:
        if raising is not False:  # else it is used to see that nothing comes
            options["timeout"] = max(options.get("timeout", 0), PATIENCE)
        return super().waitSignal(*arguments, raising=raising, **options)

    def waitSignals(self, *arguments: Any, timeout: int = 0, **options: Any) -> Any:
        return super().waitSignals(*arguments, timeout=max(timeout, PATIENCE), **options)

    def waitUntil(self, *arguments: Any, timeout: int = 0) -> None:
        super().waitUntil(*arguments, timeout=max(timeout, PATIENCE))

    def waitActive(self, widget: Any, *, timeout: int = 0) -> Any:
        return super().waitActive(widget, timeout=max(timeout, PATIENCE))

    def waitExposed(self, widget: Any, *, timeout: int = 0) -> Any:
        return super().waitExposed(widget, timeout=max(timeout, PATIENCE))


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The bot of all tests of the window."""
    return PatientBot(request)


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Theme]:
    """The application's theme; light at 100 % again afterwards."""
    theme = Theme(qapp)
    theme.apply("light", 100)
    yield theme
    theme.apply("light", 100)
    theme.setParent(None)


@pytest.fixture
def make_window(qtbot: QtBot, appearance: Theme) -> Iterator[Callable[..., Any]]:
    """Makes shown windows, of simple parts or the `real` ones; what is open in them at the end is dropped."""
    from cypp_desktop.ui.main_window import MainWindow
    from cypp_desktop.ui.real_parts import real_parts
    from tests.ui.simple_parts import simple_parts

    made: list[MainWindow] = []

    def make(*answers: Any, settings: Settings | None = None, real: bool = False, **parts: Any) -> MainWindow:
        given = real_parts() if real else simple_parts(**parts)
        window = MainWindow(given, settings or Settings(), appearance, dialogs=ScriptedDialogs(*answers))
        qtbot.addWidget(window)
        window.show_start_page()
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return window

    yield make
    for window in made:
        window.tasks.stop_all()
        if window.document is not None:
            document = window.document
            window.release_document()
            document.discard()


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A small plan file: a priority with an outcome and two measures."""
    from cypp_desktop.plan.model import Measure, Outcome, Plan, Priority
    from cypp_desktop.store.plan_file import OpenPlan

    path = tmp_path / "Small plan.cypp"
    with OpenPlan.create(path, author="Ann") as plan:
        with plan.editor.step("Begin", kind="import") as session:
            session.add(Plan(title="A small plan"))
            priority = Priority(id="p1", code="1", title="Health", sort_key="a")
            outcome = Outcome(id="o1", code="1a", title="Maternal health", sort_key="a", priority=priority)
            session.add_all([priority, outcome])
            for number in ("i", "ii"):
                measure = Measure(id=f"m{number}", code=number, title=number, sort_key=number)
                measure.outcome = outcome
                session.add(measure)
        plan.publish()
    return path
