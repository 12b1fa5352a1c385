"""Starts another Qt application, says ``ready`` when its window answers, and ends it.

Run by :mod:`tests.bench.startup` in an environment that holds the peers: ``python peer_start.py MODULE
[ARGUMENT …]``, where MODULE has ``main``. Without a module: a bare main window of PySide6.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any


def say_when_ready(widgets: Any, core: Any) -> None:
    """Make every QApplication look for its main window, and end the process once that is served."""

    class Watched(widgets.QApplication):  # type: ignore[misc]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self._watch = core.QTimer()
            self._watch.timeout.connect(self._look)
            self._watch.start(2)

        def _look(self) -> None:
            windows = widgets.QApplication.topLevelWidgets()
            if any(isinstance(one, widgets.QMainWindow) and one.isVisible() for one in windows):
                print("ready", flush=True)
                os._exit(0)

    widgets.QApplication = Watched


def main(words: list[str]) -> None:
    if not words:
        from PySide6 import QtCore, QtWidgets

        say_when_ready(QtWidgets, QtCore)
        app = QtWidgets.QApplication([])
        window = QtWidgets.QMainWindow()
        window.show()
        app.exec()
        return
    from PyQt6 import QtCore, QtWidgets

    say_when_ready(QtWidgets, QtCore)
    os.environ["QT_API"] = "pyqt6"
    sys.argv = words
    importlib.import_module(words[0]).main()


if __name__ == "__main__":
    main(sys.argv[1:])
