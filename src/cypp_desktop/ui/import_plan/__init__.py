"""The import preview: shows what a source document holds before anything is written.

``operations.importing`` says what is shown, reads the source and makes the plan; ``columns`` and ``dialog``
show it and ask.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cypp_desktop.ui.window_parts import WindowServices


def import_plan(services: WindowServices, parent: QWidget, source: Path) -> Path | None:
    """Show what the document at ``source`` holds and make a plan of it; its file, or None for no plan."""
    from cypp_desktop.ui.import_plan.dialog import ImportDialog

    dialog = ImportDialog(services, source, parent)
    try:
        return dialog.made if services.dialogs.run(dialog) else None
    finally:
        dialog.deleteLater()
