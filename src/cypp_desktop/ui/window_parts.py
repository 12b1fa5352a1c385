"""What the window is put together from, and what it asks of each part.

The window knows its parts only through these descriptions: the real ones are named in
:mod:`cypp_desktop.ui.real_parts`, and tests give simple ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from cypp_desktop import settings as preferences
from cypp_desktop.errors import CyppError
from cypp_desktop.settings import Settings
from cypp_desktop.ui.autosave import Autosave
from cypp_desktop.ui.banner import BannerArea, MessageKind
from cypp_desktop.ui.dialogs import Dialogs
from cypp_desktop.ui.review.questions import OpenQuestions
from cypp_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from cypp_desktop.plan.outline import Outline
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.menus import Menus


@dataclass(frozen=True, kw_only=True)
class WindowServices:
    """What every part may use of the window."""

    dialogs: Dialogs
    tasks: Tasks
    banners: BannerArea
    settings: Settings
    #: Goes to a row of the plan, in the tree and the panel: (row type, row id).
    go_to: Callable[[str, str], None]
    #: Shows a page of the side rail by its key, and gives it.
    show_page: Callable[[str], QWidget]
    #: What the open plan waits for a person to decide; None where nobody asks it.
    questions: OpenQuestions | None = None
    #: Sees to it that what is typed anywhere reaches the plan in time.
    autosave: Autosave = field(default_factory=Autosave)

    def keep_settings(self) -> None:
        """Write the settings; that they could not be written is said, and stops nothing."""
        try:
            preferences.save(self.settings)
        except CyppError as problem:
            self.banners.show_message(MessageKind.WARNING, str(problem), about="preferences")


class TreePart(Protocol):
    """The tree of the plan, a QWidget.

    It can be shown before the editor is loaded: `show_outline` comes first, `set_document` follows.
    """

    @property
    def row_selected(self) -> SignalInstance:
        """Emitted as (row type, row id) when another row becomes the current one."""
        ...

    def show_outline(self, outline: Outline) -> None:
        """Show the rows of a plan, as read by `cypp_desktop.plan.outline`, to look at only."""
        ...

    def set_document(self, document: PlanDocument | None) -> None:
        """Follow and edit an open plan from now on; None empties the tree."""
        ...

    def select_row(self, row_type: str, row_id: str) -> bool:
        """Make a row the current one, opening what it stands in; False when there is none."""
        ...

    def selected_row(self) -> tuple[str, str] | None:
        """The current row as (row type, row id)."""
        ...

    def expanded_rows(self) -> list[str]:
        """The ids of the open branches, for the next start."""
        ...

    def expand_rows(self, row_ids: Sequence[str]) -> None:
        """Open exactly these branches; ids that are no longer there are passed over."""
        ...

    def focus_rows(self) -> None:
        """Put the cursor on the rows."""
        ...

    def menu_actions(self) -> Sequence[QAction]:
        """What can be done with rows, for the Plan menu, with their keys; a separator is an action."""
        ...


class PanelPart(Protocol):
    """The panel beside the tree, a QWidget."""

    def set_document(self, document: PlanDocument | None) -> None:
        """Follow and edit an open plan from now on; None empties the panel."""
        ...

    def show_row(self, row_type: str, row_id: str) -> None:
        """Show the fields of a row."""
        ...

    def show_field(self, field: str, row_id: str, words: Sequence[str] = ()) -> bool:
        """Put the cursor in a field of the row shown, or of one in it, and select the first of the words."""
        ...

    def commit(self) -> None:
        """Hand what is being typed to the editor now: before saving, undoing and closing."""
        ...


class FindPart(Protocol):
    """The list of what was found, a QWidget shown under the find box's place."""

    @property
    def chosen(self) -> SignalInstance:
        """Emitted with the `cypp_desktop.plan.search.Hit` that the person wants to see."""
        ...

    @property
    def left(self) -> SignalInstance:
        """Emitted when the person wants back to where they were."""
        ...

    def set_document(self, document: PlanDocument | None) -> None:
        """Search in an open plan from now on."""
        ...

    def follow(self, box: QLineEdit) -> None:
        """Search for what is typed in a box, and let its keys move in the list."""
        ...

    def look_for(self, words: str) -> None:
        """Show where the words occur."""
        ...

    def open_next(self, step: int = 1) -> bool:
        """Choose the place after (or before) the last one chosen; False where there is none."""
        ...


class DocumentPart(Protocol):
    """Whatever the window tells which plan is open: its tree, panels, pages and commands."""

    def set_document(self, document: PlanDocument | None) -> None:
        """Work with an open plan from now on; None: no plan is open."""
        ...


class MenuCommands(DocumentPart, Protocol):
    """The commands of a menu, or of a part of one."""

    def refresh(self, menus: Menus) -> None:
        """Grey what can't be done with the plan as it is."""
        ...


class ReturnBarPart(Protocol):
    """What stands over a return that is open: who asks, until when, how far it has come. A QWidget."""

    @property
    def finish_wanted(self) -> SignalInstance:
        """Emitted when the partner has done what was asked."""
        ...

    def set_document(self, document: PlanDocument | None) -> None:
        """Show what an open return asks for; hide for a plan."""
        ...


class ReturnsPart(Protocol):
    """The page for returns, a QWidget."""

    def show_board(self) -> None:
        """Show what was sent and what has come back."""
        ...

    def show_desk(self) -> None:
        """Show where returns are sent from."""
        ...

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take these files in."""
        ...


class ReviewPart(Protocol):
    """The page where returned files are reviewed, a QWidget."""

    def receive(self, paths: Sequence[Path]) -> None:
        """Look at files that came back, together with those that are under review."""
        ...

    def show_open(self, key: tuple[str, str, str] | None = None) -> None:
        """Show what waits for a decision; a key (row type, row id, field) chooses one."""
        ...


@dataclass(frozen=True, kw_only=True)
class RailPage:
    """A page that the side rail offers, made when it is first chosen."""

    key: str
    label: str
    #: The name of its icon.
    sign: str
    make: Callable[[WindowServices], QWidget]
    #: Whether it makes sense in a return too, which is a part of a plan in a partner's hands.
    in_return: bool = False


ImportPlan: TypeAlias = Callable[[WindowServices, QWidget, Path], Path | None]


@dataclass(frozen=True, kw_only=True)
class WindowParts:
    """How the parts are made. A part that is None is not offered anywhere in the window."""

    tree: Callable[[WindowServices], QWidget]
    panels: Callable[[WindowServices], QWidget]
    find: Callable[[WindowServices], QWidget] | None = None
    pages: Sequence[RailPage] = ()
    #: Shows what a source document holds, lets the person decide, and writes the plan: the new file or None.
    import_plan: ImportPlan | None = None
    #: Adds the Print menu's actions.
    print_actions: Callable[[WindowServices, QWidget], Sequence[QAction]] | None = None
    #: Makes what stands over a return that is open.
    return_bar: Callable[[WindowServices], QWidget] | None = None
