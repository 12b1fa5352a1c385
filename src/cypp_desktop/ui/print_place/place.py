"""The Print place: how to print, the pages as they will be, and the ways to paper.

What is saved and printed is the very PDF that is shown. The pages are made beside the window, anew
whenever the plan or a choice changes while the place is in view.
"""

from __future__ import annotations

import functools
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.errors import CyppError
from cypp_desktop.ui import icons, theme
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow import FlowLayout
from cypp_desktop.ui.print_place.making import PAPERS, Pages, Wish, make_pages
from cypp_desktop.ui.print_place.preview import STEPS, PagePreview
from cypp_desktop.ui.tasks import Progress, Task

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cypp_desktop.store.editor import Changed
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.parts import Services

#: How long to wait after a change before the pages are made anew, in milliseconds.
_PAUSE = 350
_ZOOMS = {"width": "Fit width", "page": "Whole page"} | {str(step): f"{step} %" for step in STEPS}
_TURNED = {"landscape": "Landscape", "portrait": "Portrait"}


class PrintPlace(QWidget):
    """A place of the side rail. It follows the open plan for as long as it is in view."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._document: PlanDocument | None = None
        self._wish = Wish()
        self._pages: Pages | None = None
        self._current = False
        self._task: Task | None = None
        self._number = 0
        self._reading = Lock()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._make)
        self.setAccessibleName("Print")
        self._build()
        self._dress()
        self._show_state("")

    # ------------------------------------------------------------------ the plan

    def set_document(self, document: PlanDocument | None) -> None:
        """Show an open plan from now on; None shows nothing and lets go of it at once."""
        if self._document is not None:
            self._document.changed.disconnect(self._plan_changed)
        if document is not self._document:
            self._wish = Wish(None, self._wish.paper, self._wish.landscape)
            self._show_pages(None)
        self._document = document
        self._out_of_date()
        if document is not None:
            document.changed.connect(self._plan_changed)

    def _plan_changed(self, changed: Changed) -> None:
        self._out_of_date()

    def _out_of_date(self) -> None:
        """What is shown is no longer so: stop making it, and make it anew once it is in view."""
        self._stop()
        self._current = False
        with self._reading:
            # Nothing of ours has the working copy open any more: it may be swapped or thrown away.
            pass
        if self._document is not None and self.isVisible():
            self._pause.start(_PAUSE)
        self._show_state("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._document is not None and not self._current:
            self._pause.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.stop()
        if self._task is not None:
            self._stop()

    # ------------------------------------------------------------------ making the widgets

    def _build(self) -> None:
        self.layout_box = self._combo({}, self._layout_chosen)
        self.paper_box = self._combo({paper: paper for paper in PAPERS}, self._paper_chosen)
        self.turned_box = self._combo(_TURNED, self._paper_chosen)
        self.zoom_box = self._combo(_ZOOMS, self._zoom_chosen)
        self.page_box = QSpinBox()
        self.page_box.setKeyboardTracking(False)
        self.page_box.lineEdit().setAccessibleName("Page")
        self.page_box.valueChanged.connect(self._page_asked)
        self.smaller = self._tool("zoom-out", "Show the pages smaller", self._zoom_out)
        self.larger = self._tool("zoom-in", "Show the pages larger", self._zoom_in)
        self.save = QPushButton("&Save as PDF…")
        self.save.clicked.connect(self.save_pdf)
        self.print = QPushButton("Pri&nt…")
        self.print.clicked.connect(self.print_pages)
        self.preview = PagePreview(self)
        self.preview.page_changed.connect(self._page_shown)
        self.preview.zoom_changed.connect(self._zoom_shown)
        self.setFocusProxy(self.preview)
        self._sign = QLabel()
        self.warning = WrappedLabel()
        self._warning_row = QWidget()
        beside = QHBoxLayout(self._warning_row)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(self.warning, 1)
        column = QVBoxLayout(self)
        column.addLayout(self._make_bar())
        column.addWidget(self._warning_row)
        column.addWidget(self.preview, 1)
        column.addLayout(self._make_foot())

    def _make_bar(self) -> FlowLayout:
        bar = FlowLayout(spacing=10, grow=False)
        for label, *widgets in (
            ("&Layout", self.layout_box),
            ("P&aper", self.paper_box, self.turned_box),
            ("Pa&ge", self.page_box),
            ("&Zoom", self.smaller, self.zoom_box, self.larger),
        ):
            bar.addWidget(_labelled(label, *widgets))
        self.turned_box.setAccessibleName("Paper upright or across")
        bar.addWidget(_labelled("", self.save, self.print))
        return bar

    def _make_foot(self) -> QHBoxLayout:
        self.state = WrappedLabel()
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Drawing the pages")
        self.again = QPushButton("S&top")
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

    def _combo(self, choices: dict[str, str], chosen: object) -> QComboBox:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for key, words in choices.items():
            box.addItem(words, key)
        box.activated.connect(chosen)
        return box

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

    # ------------------------------------------------------------------ making the pages

    def _make(self) -> None:
        """Make the pages as they should be now; what was being made is overtaken."""
        if self._document is None:
            return
        self._stop()
        work = functools.partial(
            _numbered, self._number, self._document.working_path, self._reading, self._wish
        )
        self._task = self._services.tasks.start(
            "Drawing the pages",
            work,
            self._made,
            failed=self._not_made,
            quiet=True,
        )
        self._task.progressed.connect(self._progressed)
        self.progress.setRange(0, 0)
        self._show_state("Drawing the pages…")

    def _stop(self) -> None:
        self._pause.stop()
        self._number += 1
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _progressed(self, done: int, total: int, words: str) -> None:
        if self.sender() is self._task:
            self.progress.setRange(0, total)
            self.progress.setValue(done)

    def _made(self, result: tuple[int, Pages | CyppError]) -> None:
        number, pages = result
        if number != self._number:
            return
        self._task = None
        if isinstance(pages, CyppError):
            self._show_state(str(pages))
            return
        self._current = True
        if pages.layouts:
            self._show_layouts(pages)
        self._show_pages(pages)
        self._show_state("")

    def _not_made(self, problem: Exception) -> None:
        """A bug: raised, for the reporter to log."""
        self._task = None
        self._show_state("The pages could not be drawn.")
        raise problem

    def _stop_or_again(self) -> None:
        if self._task is not None:
            self._stop()
            self._show_state("Stopped. The pages shown are not those of the plan as it is now.")
        else:
            self._make()

    def _show_layouts(self, pages: Pages) -> None:
        self.layout_box.clear()
        for name, title in pages.layouts:
            self.layout_box.addItem(title, name)
        self._wish = Wish(pages.layout, self._wish.paper, self._wish.landscape)
        self.layout_box.setCurrentIndex(self.layout_box.findData(pages.layout))

    def _show_pages(self, pages: Pages | None) -> None:
        self._pages = pages
        self.preview.show_pages(pages.data if pages is not None else None)
        words = []
        if pages is not None and pages.missing:
            letters = " ".join(pages.missing)
            words.append(f"These letters can’t be printed as they should, for want of a font: {letters}")
        if pages is not None and pages.shrunk:
            words.append("Some text is set smaller, because it would not fit the page.")
        self.warning.setText("\n".join(words))
        self._warning_row.setVisible(bool(words))

    # ------------------------------------------------------------------ choices

    def _layout_chosen(self) -> None:
        self._choose(Wish(self.layout_box.currentData(), self._wish.paper, self._wish.landscape))

    def _paper_chosen(self) -> None:
        landscape = self.turned_box.currentData() == "landscape"
        self._choose(Wish(self._wish.layout, self.paper_box.currentData(), landscape))

    def _choose(self, wish: Wish) -> None:
        if wish != self._wish:
            self._wish = wish
            self._out_of_date()

    def _zoom_chosen(self) -> None:
        self.preview.zoom_to(self.zoom_box.currentData())

    def _zoom_in(self) -> None:
        self.preview.zoom_step(1)

    def _zoom_out(self) -> None:
        self.preview.zoom_step(-1)

    def _zoom_shown(self, key: str) -> None:
        self.zoom_box.setCurrentIndex(self.zoom_box.findData(key))

    def _page_asked(self, page: int) -> None:
        self.preview.go_to_page(page)

    def _page_shown(self, page: int, count: int) -> None:
        self.page_box.blockSignals(True)
        self.page_box.setRange(1, max(1, count))
        self.page_box.setSuffix(f" of {count}" if count else "")
        self.page_box.setValue(page)
        self.page_box.blockSignals(False)

    def _show_state(self, words: str) -> None:
        """Say what is under way or what is shown, and offer what can be done now."""
        working, ready = self._task is not None, self._current and self._pages is not None
        if ready and not words:
            assert self._pages is not None
            count = self._pages.count
            words = "1 page" if count == 1 else f"{count:,} pages"
        self.state.setText(words)
        self.progress.setVisible(working)
        self.again.setText("S&top" if working else "&Draw again")
        self.again.setVisible(working or (not ready and bool(words)))
        for widget in (self.save, self.print):
            widget.setEnabled(ready)
        for box in (self.page_box, self.zoom_box, self.smaller, self.larger):
            box.setEnabled(self._pages is not None)
        self.layout_box.setEnabled(self.layout_box.count() > 0)

    # ------------------------------------------------------------------ to paper

    def save_pdf(self) -> None:
        """Ask for a file and write the pages there, just as they are shown."""
        if self._pages is None or not self._current or self._document is None:
            return
        here = self._document.path
        folder = here.parent if here is not None else Path(self._services.settings.last_folder or Path.home())
        name = f"{here.stem if here is not None else 'Plan'} {self.layout_box.currentText().lower()}.pdf"
        path = self._services.dialogs.save_file(self, "Save as PDF", "PDF (*.pdf)", folder / name)
        if path is not None:
            work = functools.partial(_save, path, self._pages.data)
            self._services.tasks.start("Saving the PDF", work, self._done, failed=self._not_done)

    def print_pages(self) -> None:
        """Ask for a printer and print the pages, just as they are shown."""
        if self._pages is None or not self._current or self._document is None:
            return
        from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter

        from cypp_desktop.ui.print_place import printing

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printing.prepare(printer, self._pages.data, self._document.title)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("Print")
        dialog.setMinMax(1, self._pages.count)
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
        if self._services.dialogs.run(dialog):
            work = functools.partial(_print, self._pages.data, printer)
            self._services.tasks.start(
                "Printing", work, self._done, failed=self._not_done, cancelled=self._printing_stopped
            )
        dialog.deleteLater()

    def _done(self, words: str) -> None:
        self._services.banners.show_message("done", words, about="paper")

    def _not_done(self, problem: Exception) -> None:
        if not isinstance(problem, CyppError):
            raise problem
        self._services.banners.show_message("problem", str(problem), about="paper")

    def _printing_stopped(self) -> None:
        words = "Stopped. Pages that had gone to the printer before may still come out."
        self._services.banners.show_message("info", words, about="paper")


# ------------------------------------------------------------------ work for another thread


def _numbered(
    number: int, working: Path, reading: Lock, wish: Wish, progress: Progress
) -> tuple[int, Pages | CyppError]:
    """The pages with the number of their making, so that one that was overtaken is known."""
    try:
        return number, make_pages(working, reading, wish, progress)
    except CyppError as problem:
        return number, problem


def _save(path: Path, data: bytes, progress: Progress) -> str:
    from cypp_desktop.store.output import write_output

    write_output(path, data)
    return f"The pages are saved as “{path.name}”."


def _print(data: bytes, printer: QPrinter, progress: Progress) -> str:
    from cypp_desktop.ui.print_place.printing import print_pages

    count = print_pages(data, printer, progress)
    pages = "1 page was" if count == 1 else f"{count:,} pages were"
    return f"{pages} sent to {printer.outputFileName() or printer.printerName() or 'the printer'}."


def _labelled(words: str, *widgets: QWidget) -> QWidget:
    """Widgets side by side after a label that leads to the first of them that takes words or a choice."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    if words:
        label = QLabel(words)
        label.setBuddy(next(w for w in widgets if isinstance(w, QComboBox | QSpinBox)))
        row.addWidget(label)
    for widget in widgets:
        row.addWidget(widget)
    return holder
