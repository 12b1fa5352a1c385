"""The parts of the application as it is. Each module is loaded when its part is first made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cypp_desktop.ui.window_parts import RailPage, WindowParts, WindowServices


def real_parts() -> WindowParts:
    """The real tree, panels, find list and pages."""
    return WindowParts(
        tree=_tree,
        panels=_panels,
        find=_find,
        pages=[
            RailPage(key="returns", label="Returns", sign="upload", make=_returns_page),
            RailPage(key="review", label="Review", sign="file-input", make=_review_page),
            RailPage(key="print", label="Print", sign="printer", make=_print_page, in_return=True),
            RailPage(key="history", label="History", sign="history", make=_history_page),
        ],
        import_plan=_import_plan,
        print_actions=_print_actions,
        return_bar=_return_bar,
    )


def _tree(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.tree import PlanTree

    return PlanTree(services)


def _panels(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.history.panel_histories import PanelHistories
    from cypp_desktop.ui.panels import PanelArea

    area = PanelArea(services)
    PanelHistories(area, services)
    return area


def _find(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.find import FindPanel

    return FindPanel(services)


def _import_plan(services: WindowServices, parent: QWidget, source: Path) -> Path | None:
    from cypp_desktop.ui.import_plan import import_plan

    return import_plan(services, parent, source)


def _returns_page(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.returns.page import ReturnsPage

    return ReturnsPage(services)


def _return_bar(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.returns.return_bar import ReturnBar

    return ReturnBar(services)


def _history_page(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.history.page import HistoryPage

    return HistoryPage(services)


def _review_page(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.review.page import ReviewPage

    return ReviewPage(services)


def _print_page(services: WindowServices) -> QWidget:
    from cypp_desktop.ui.printing.page import PrintPage

    return PrintPage(services)


def _print_actions(services: WindowServices, window: QWidget) -> Sequence[QAction]:
    from cypp_desktop.ui.printing import print_menu_actions

    return print_menu_actions(window)
