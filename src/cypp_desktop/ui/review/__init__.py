"""Review of returned files, and what a plan still waits for a person to decide.

``listing`` and ``model`` list questions, ``compare`` shows one with its versions side by side and
``result`` what it is to say. ``pages`` puts a list and that together, ``merges`` tells of merges, ``page``
is the page of the window that holds them all. ``questions`` knows what is open, ``commands`` is what the
window offers. What is said of a question, and what runs off the main thread, is in
:mod:`cypp_desktop.operations.review`.

Only ``questions``, ``commands`` and this file are loaded with the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from cypp_desktop.ui import folders

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cypp_desktop.ui.window_parts import ReviewPart, WindowServices

#: What the window calls this page.
KEY: Final = "review"
FILES: Final = "Returns and copies of the plan (*.cypp-return *.cypp)"


def receive_files(services: WindowServices, paths: Iterable[Path]) -> None:
    """Show the review of returned files, or of copies of the plan.

    Files that are under review already stay; nothing is written before the person says so.
    """
    cast("ReviewPart", services.show_page(KEY)).receive(list(paths))


def choose_files(services: WindowServices, parent: QWidget) -> Sequence[Path]:
    """Ask for any number of files that came back."""
    folder = folders.begins_in(services.settings.last_folder)
    paths = services.dialogs.open_files(parent, "Receive returned files", FILES, folder)
    if paths:
        services.settings.last_folder = str(paths[0].parent)
    return paths
