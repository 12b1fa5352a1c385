"""The page about paper: how to print, the pages as they will be, and their saving and printing.

What is saved as PDF and printed is the very PDF that is shown. The pages are made beside the window, anew
whenever the plan or a choice changes while this page is in view.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.errors import CyppError
from cypp_desktop.operations.printing.print_request import FileRequest, PrintKind, PrintRequest
from cypp_desktop.operations.printing.prints import PrintCopies, PrintedPages, make_pages
from cypp_desktop.report.paper_kinds import FileKind
from cypp_desktop.ui import icons, theme
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.plan_reader import PlanReader
from cypp_desktop.ui.printing.options import PrintOptions
from cypp_desktop.ui.printing.output import KINDS, PrintOutput
from cypp_desktop.ui.printing.page_positions import Zoom
from cypp_desktop.ui.printing.preview import PagePreview
from cypp_desktop.ui.printing.search_bar import SearchBar
from cypp_desktop.ui.printing.thumbnails import Thumbnails

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

#: How long to wait after an edit before the pages are made anew, and after a choice, in milliseconds.
_PAUSE, _BLINK = 350, 60
_SPLIT = "print"


class PrintPage(QWidget):
    """A page of the side rail. It follows the open plan for as long as it is in view."""

    def __init__(self, services: WindowServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._document: PlanDocument | None = None
        self._copies: PrintCopies | None = None
        self._request = PrintRequest()
        self._pages: PrintedPages | None = None
        self._current = False
        self._printing_next = False
        self._reader = PlanReader(services.tasks, "Drawing the pages", self, view=self, pause=_PAUSE)
        self.setAccessibleName("Print")
        self._build()
        self._reader.outdated.connect(self._outdated)
        self._reader.due.connect(self._make)
        self._reader.progressed.connect(self._progressed)
        self._reader.found.connect(self._made)
        self._reader.failed.connect(self._not_made)
        self._dress()
        self._show_state("")

    # ------------------------------------------------------------------ the plan

    def set_document(self, document: PlanDocument | None) -> None:
        """Show an open plan from now on; None shows nothing and lets go of it at once."""
        self._reader.give_up()
        if self._copies is not None:
            self._copies.close()
        self._copies = PrintCopies(document.access) if document is not None else None
        if document is not self._document:
            self._printing_next = False
            self.options.end_editing()
            self.options.password.clear()
            self._request = self._remembered(document)
            self.options.show_request(self._request)
            self._show_pages(None)
        self._document = document
        self._reader.follow(document)

    def print_pack(self, name: str) -> None:
        """Show a pack of the plan, and ask for the printer as soon as its pages are there."""
        self.options.end_editing()
        self._printing_next = True
        self._request_changed(PrintRequest(pack=name, since=self._request.since))

    def _outdated(self) -> None:
        """What is shown is no longer so: stop making it. It is made anew once it is in view."""
        self._reader.give_up()
        self._current = False
        self._show_state("")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._services.settings.window.splitters[_SPLIT] = self.splitter.sizes()
        self._printing_next = False
        self._reader.give_up()

    # ------------------------------------------------------------------ making the widgets

    def _build(self) -> None:
        self.options = PrintOptions(self)
        self.options.request_changed.connect(self._request_changed)
        self.options.save_asked.connect(self._keep)
        self.options.delete_asked.connect(self._delete)
        self.layout_box, self.paper_box = self.options.layout_box, self.options.paper_box
        self.turned_box = self.options.turned_box
        self.output = PrintOutput(self._services, self)
        self.zoom_box = QComboBox()
        self.zoom_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for zoom in Zoom:
            self.zoom_box.addItem(zoom.words, zoom.value)
        self.zoom_box.activated.connect(self._zoom_chosen)
        self.page_box = QSpinBox()
        self.page_box.setKeyboardTracking(False)
        self.page_box.lineEdit().setAccessibleName("Page")
        self.page_box.valueChanged.connect(self._page_asked)
        self.smaller = self._tool("zoom-out", "Show the pages smaller", self._zoom_out)
        self.larger = self._tool("zoom-in", "Show the pages larger", self._zoom_in)
        self.pairs = QCheckBox("&Two pages")
        self.pairs.setToolTip("Show two pages side by side")
        self.pairs.toggled.connect(self._pairs_chosen)
        self.preview = PagePreview(self)
        self.preview.page_changed.connect(self._page_shown)
        self.preview.zoom_changed.connect(self._zoom_shown)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.page_wanted.connect(self.preview.go_to_page)
        self.search = SearchBar(self.preview)
        self.setFocusProxy(self.preview)
        column = QVBoxLayout(self)
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._make_side())
        self.splitter.addWidget(self._make_paper())
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes(self._services.settings.window.splitters.get(_SPLIT) or [300, 900])
        column.addWidget(self.splitter, 1)
        column.addLayout(self._make_foot())

    def _make_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.options, 1)
        self.save = QPushButton("&Save as PDF…")
        self.save.clicked.connect(self.save_pdf)
        self.print = QPushButton("Pri&nt…")
        self.print.clicked.connect(self.print_pages)
        self.other = QPushButton("Save other&wise")
        menu = QMenu(self.other)
        for kind in (FileKind.WEB_PAGE, FileKind.WORD):
            action = menu.addAction(f"As {KINDS[kind][0]}…")
            action.triggered.connect(functools.partial(self._save_as, kind))
        menu.addSeparator()
        for kind, (words, _) in KINDS.items():
            action = menu.addAction(f"A {words} for each organisation…")
            action.triggered.connect(functools.partial(self._save_each, kind))
        self.other.setMenu(menu)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=6, grow=False)
        for button in (self.save, self.other, self.print):
            flow.addWidget(button)
        column.addWidget(buttons)
        return side

    def _make_paper(self) -> QWidget:
        paper = QWidget()
        self._sign = QLabel()
        self.warning = WrappedLabel()
        self._warning_row = QWidget()
        beside = QHBoxLayout(self._warning_row)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(self.warning, 1)
        bar = FlowLayout(spacing=10, grow=False)
        bar.addWidget(_labelled("Pa&ge", self.page_box))
        bar.addWidget(_labelled("&Zoom", self.smaller, self.zoom_box, self.larger))
        bar.addWidget(self.pairs)
        bar.addWidget(self.search)
        pages = QHBoxLayout()
        pages.addWidget(self.thumbnails)
        pages.addWidget(self.preview, 1)
        column = QVBoxLayout(paper)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(bar)
        column.addWidget(self._warning_row)
        column.addLayout(pages, 1)
        return paper

    def _make_foot(self) -> QHBoxLayout:
        self.state = WrappedLabel()
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Drawing the pages")
        self.again = QPushButton("St&op")
        self.again.clicked.connect(self._stop_or_again)
        foot = QHBoxLayout()
        foot.addWidget(self.state, 1)
        for widget in (self.progress, self.again):
            # Their room stays theirs, so that nothing jumps each time the pages are made.
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
            foot.addWidget(widget)
        return foot

    def _tool(self, sign: str, words: str, slot: object) -> QToolButton:
        button = QToolButton()
        button.setProperty("sign", sign)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(slot)
        return button

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "again"):
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        side = theme.scaled(self, 18)
        for button in (self.smaller, self.larger):
            button.setIcon(icons.icon(button.property("sign")))
            button.setIconSize(QSize(side, side))
        self._sign.setPixmap(icons.icon("triangle-alert").pixmap(side, side))
        self.progress.setFixedWidth(theme.scaled(self, 150))
        self.search.words.setMinimumWidth(theme.scaled(self, 150))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """The small pages are there where there is room for them."""
        self.thumbnails.setVisible(self.width() > theme.scaled(self, 800))

    # ------------------------------------------------------------------ making the pages

    def _make(self) -> None:
        """Make the pages as they should be now; what was being made is overtaken."""
        if self._copies is None:
            return
        self._reader.ask(functools.partial(make_pages, self._copies, self._request))
        self.progress.setRange(0, 0)
        self._show_state("Drawing the pages…")

    def _progressed(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _made(self, pages: PrintedPages) -> None:
        if self._document is None:
            return
        self._current = True
        self._request = pages.request
        # A return goes back with what its partner was asked for; layouts are not among it.
        can_keep = not self._document.state.read_only and self._document.asked is None
        self.options.show_choices(pages.choices, pages.request, can_keep)
        self._show_pages(pages)
        self._show_state("")
        self._remember()
        if self._printing_next:
            self._printing_next = False
            # Not from within the delivery of the result: the dialog runs until it is put away.
            QTimer.singleShot(0, self, self.print_pages)

    def _not_made(self, problem: Exception) -> None:
        """Say why; a bug is raised, for the reporter to log."""
        self._printing_next = False
        if isinstance(problem, CyppError):
            self._show_state(str(problem))
        else:
            self._show_state("The pages could not be drawn.")
            raise problem

    def _stop_or_again(self) -> None:
        if self._reader.is_reading:
            self._reader.give_up()
            self._printing_next = False
            self._show_state("Stopped. The pages shown are not those of the plan as it is now.")
        else:
            self._make()

    def _show_pages(self, pages: PrintedPages | None) -> None:
        self._pages = pages
        self.thumbnails.show_document(None)
        self.preview.show_pages(pages.data if pages is not None else None)
        document = self.preview.document()
        self.thumbnails.show_document(document)
        self.thumbnails.show_page(self.preview.page)
        self.search.show_document(document)
        words = []
        if pages is not None and pages.missing:
            letters = " ".join(pages.missing)
            words.append(f"These letters can’t be printed as they should, for want of a font: {letters}")
        if pages is not None and pages.shrunk:
            words.append("Some text is set smaller, because it would not fit the page.")
        self.warning.setText("\n".join(words))
        self._warning_row.setVisible(bool(words))

    # ------------------------------------------------------------------ choices

    def _request_changed(self, request: PrintRequest) -> None:
        if request != self._request:
            self._request = request
            self._reader.mark_outdated(pause=_BLINK)
        elif self._printing_next and self._current:
            self._printing_next = False
            self.print_pages()

    def _remembered(self, document: PlanDocument | None) -> PrintRequest:
        """The choices of last time for a plan. The settings keep no words of plans, only ids."""
        if document is None or document.path is None:
            return PrintRequest()
        return PrintRequest.from_settings(self._services.settings.session(document.path).printing)

    def _remember(self) -> None:
        request, document = self._request, self._document
        if document is None or document.path is None or request.draft is not None:
            return
        kept: dict[str, Any] = request.for_settings()
        chosen = self.options.chosen
        if chosen is not None and chosen.is_own:
            kept[request.kind.value] = chosen.row
        self._services.settings.session(document.path).printing = kept

    def _keep(self, kind: PrintKind, name: str, definition: Mapping[str, Any], name_before: str) -> None:
        from cypp_desktop.operations.printing.saved_layouts import save_edited

        assert self._document is not None
        try:
            save_edited(self._document.editor, kind, name, definition, name_before)
        except CyppError as problem:
            self.output.say(problem)
        else:
            self.options.kept(kind, name)

    def _delete(self, kind: PrintKind, name: str) -> None:
        from cypp_desktop.operations.printing.saved_layouts import delete_unused

        assert self._document is not None
        try:
            delete_unused(self._document.editor, kind, name)
        except CyppError as problem:
            self.output.say(problem)
        else:
            self.options.deleted()

    def _zoom_chosen(self) -> None:
        self.preview.zoom_to(Zoom(self.zoom_box.currentData()))

    def _pairs_chosen(self, on: bool) -> None:
        self.preview.show_columns(2 if on else 1)

    def _zoom_in(self) -> None:
        self.preview.zoom_step(1)

    def _zoom_out(self) -> None:
        self.preview.zoom_step(-1)

    def _zoom_shown(self, zoom: Zoom) -> None:
        self.zoom_box.setCurrentIndex(self.zoom_box.findData(zoom.value))

    def _page_asked(self, page: int) -> None:
        self.preview.go_to_page(page)

    def _page_shown(self, page: int, count: int) -> None:
        self.page_box.blockSignals(True)
        self.page_box.setRange(1, max(1, count))
        self.page_box.setSuffix(f" of {count}" if count else "")
        self.page_box.setValue(page)
        self.page_box.blockSignals(False)
        self.thumbnails.show_page(page)

    def _show_state(self, words: str) -> None:
        """Say what is under way or what is shown, and enable what can be done now."""
        working, ready = self._reader.is_reading, self._current and self._pages is not None
        if ready and not words:
            assert self._pages is not None
            count = self._pages.count
            words = "1 page" if count == 1 else f"{count:,} pages"
        self.state.setText(words)
        self.progress.setVisible(working)
        self.again.setText("St&op" if working else "&Draw again")
        self.again.setVisible(working or (not ready and bool(words)))
        for widget in (self.save, self.other, self.print):
            widget.setEnabled(ready)

    # ------------------------------------------------------------------ to paper

    def save_pdf(self) -> None:
        """Ask where to, and save the pages as they are shown."""
        if self._pages is None or not self._current or self._document is None:
            return
        if self.options.password.text():
            self._save_as(FileKind.PDF)
        else:
            self.output.save_pdf(self._document, self._pages, self.options.title)

    def print_pages(self) -> None:
        """Ask for a printer and print the pages, just as they are shown."""
        if self._pages is not None and self._current and self._document is not None:
            self.output.print_pages(self._document, self._pages)

    def _save_as(self, kind: FileKind, *_: object) -> None:
        if self._copies is not None and self._current and self._document is not None:
            wanted = self._file_request(kind)
            if self.output.can_lock(wanted):
                self.output.save_as(self._document, self._copies, self.options.title, wanted)

    def _save_each(self, kind: FileKind, *_: object) -> None:
        if self._copies is not None and self._current and self._document is not None:
            wanted = self._file_request(kind)
            if self.output.can_lock(wanted):
                self.output.save_each(self._document, self._copies, self.options.title, wanted)

    def _file_request(self, kind: FileKind) -> FileRequest:
        return FileRequest(request=self._request, kind=kind, password=self.options.password.text())


def _labelled(words: str, *widgets: QWidget) -> QWidget:
    """Widgets side by side after a label that leads to the first of them that takes words or a choice."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    label = QLabel(words)
    label.setBuddy(next(w for w in widgets if isinstance(w, QComboBox | QSpinBox)))
    row.addWidget(label)
    for widget in widgets:
        row.addWidget(widget)
    return holder
