"""The dialog of the import preview: reads the source beside the window, shows it, and makes the plan.

Nothing is written before "Bring in" has been given a file's name.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.errors import CyppError
from cypp_desktop.exchange.word.model import ColumnMeaning, ImportReport, NoPlanTable
from cypp_desktop.operations.importing.bring_in import FoundPlan, make_plan, read_source, suggested_file
from cypp_desktop.operations.importing.column_choices import ColumnChoices
from cypp_desktop.operations.importing.preview import Blocks, PreviewRow, preview_rows, report_blocks, summary
from cypp_desktop.operations.progress import Progress
from cypp_desktop.store.file_names import fitting_name
from cypp_desktop.store.files import quoted
from cypp_desktop.store.output_file import write_output
from cypp_desktop.ui import folders, icons, theme
from cypp_desktop.ui.banner import BannerArea, MessageKind
from cypp_desktop.ui.file_kinds import PLANS
from cypp_desktop.ui.import_plan.columns import ColumnsEditor
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.richtext.clipboard import html_of
from cypp_desktop.ui.tasks import Task

if TYPE_CHECKING:
    from cypp_desktop.store.publish import Published
    from cypp_desktop.ui.window_parts import WindowServices

_ROW = Qt.ItemDataRole.UserRole


def _read(
    source: Path, meanings: Mapping[tuple[int, int], ColumnMeaning], number: int, progress: Progress
) -> tuple[int, FoundPlan | CyppError]:
    """A reading with its number, so that one that was overtaken is known; work for another thread."""
    try:
        found: FoundPlan | CyppError = read_source(source, meanings)
    except CyppError as problem:
        found = problem
    progress.check()
    return number, found


def _make(
    target: Path, data: Mapping[str, Any], name: str, author: str | None, progress: Progress
) -> Published:
    """The plan file; work for another thread."""
    return make_plan(target, data, name, author=author, replace=True, check=progress.check)


class _FoundTree(QTreeWidget):
    """What was found; the titles have the most room, and what they hold never pushes them out."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What was found")
        self.setHeaderLabels(["Found", "Holds"])
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width()
        self.setColumnHidden(1, room < theme.scaled(self, 240))
        self.header().resizeSection(1, min(theme.scaled(self, 230), room * 2 // 5))


class _TextView(QTextBrowser):
    """Blocks of text, to read and to copy."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setOpenLinks(False)

    def show_blocks(self, blocks: Blocks) -> None:
        """Show these blocks from their beginning."""
        self.document().setIndentWidth(theme.scaled(self, 18))
        self.setHtml(html_of(blocks))


class ImportDialog(QDialog):
    """Shows what a source holds. Accepted, `made` is the file of the plan that was made of it."""

    def __init__(self, services: WindowServices, source: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._source = source
        self._found: FoundPlan | None = None
        self._choices = ColumnChoices()
        self._task: Task | None = None
        self._making = False
        self._number = 0
        self.made: Path | None = None
        self.setWindowTitle(f"Import {quoted(source)}")
        self._build()
        self._fit_screen()
        self._read_again()

    # ------------------------------------------------------------------ making

    def _build(self) -> None:
        self.summary = WrappedLabel(bold=True)
        self.banners = BannerArea()
        self._progress_words = QLabel()
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        working = QHBoxLayout()
        working.addWidget(self._progress_words)
        working.addWidget(self.progress, 1)
        self._working = QWidget()
        working.setContentsMargins(0, 0, 0, 0)
        self._working.setLayout(working)
        self.pages = QStackedWidget()
        self._waiting = QWidget()
        self.preview = self._make_preview()
        self.problem = WrappedLabel()
        self.problem.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.problem.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._problem_sign = QLabel()
        self._problem_page = QWidget()
        beside = QHBoxLayout(self._problem_page)
        beside.addWidget(self._problem_sign, 0, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(self.problem, 1)
        for page in (self._waiting, self.preview, self._problem_page):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.addWidget(self.summary)
        column.addWidget(self._working)
        column.addWidget(self.pages, 1)
        column.addWidget(self.banners)
        column.addWidget(self._make_buttons())
        self._dress()

    def _make_preview(self) -> QWidget:
        self.tree = _FoundTree()
        self.tree.currentItemChanged.connect(self._row_chosen)
        self.text = _TextView("Text of the chosen row")
        left = QSplitter(Qt.Orientation.Vertical)
        left.setChildrenCollapsible(False)
        left.addWidget(self.tree)
        left.addWidget(self.text)
        left.setStretchFactor(0, 3)
        left.setStretchFactor(1, 2)
        self.columns = ColumnsEditor(self._choices)
        self.columns.changed.connect(self._read_again)
        self.notes = _TextView("What to check")
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Columns, and what to check")
        self.tabs.addTab(self.columns, "&Columns")
        self.tabs.addTab(self.notes, "&To check")
        across = QSplitter(Qt.Orientation.Horizontal)
        across.setChildrenCollapsible(False)
        across.addWidget(left)
        across.addWidget(self.tabs)
        across.setStretchFactor(0, 1)
        across.setStretchFactor(1, 1)
        return across

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.bring_in = buttons.addButton("&Bring in…", role.ActionRole)
        self.save_report = buttons.addButton("&Save the report…", role.ActionRole)
        self.cancel = buttons.addButton("Cancel", role.RejectRole)
        self.bring_in.setDefault(True)
        for button in (self.save_report, self.cancel):
            button.setAutoDefault(False)
        self.bring_in.clicked.connect(self._bring_in)
        self.save_report.clicked.connect(self._save_report)
        buttons.rejected.connect(self.reject)
        return buttons

    def _fit_screen(self) -> None:
        room = self.screen().availableGeometry().size() * 0.94
        self.resize(QSize(theme.scaled(self, 1060), theme.scaled(self, 680)).boundedTo(room))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        half = self.preview.width() // 2
        if isinstance(self.preview, QSplitter):
            self.preview.setSizes([half, half])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "bring_in"):
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        side = theme.scaled(self, 24)
        self._problem_sign.setPixmap(icons.icon("circle-alert").pixmap(side, side))

    # ------------------------------------------------------------------ reading

    def _read_again(self) -> None:
        """Read the source with the meanings as they are; a reading under way is overtaken."""
        if self._task is not None:
            self._task.cancel()
        self._number += 1
        work = functools.partial(_read, self._source, dict(self._choices.chosen), self._number)
        self._task = self._services.tasks.start(
            "Reading the document", work, self._reading_done, failed=self._work_failed, quiet=True
        )
        self._show_state(f"Reading “{self._source.name}”…")

    def _reading_done(self, result: tuple[int, FoundPlan | CyppError]) -> None:
        number, found = result
        if number != self._number:
            return
        self._task = None
        self.banners.dismiss("reading")
        if isinstance(found, FoundPlan):
            self._show_found(found)
        elif isinstance(found, NoPlanTable) and found.tables:
            # The person may say what the columns mean, and so make a plan's table of it.
            report = ImportReport(remarks=[str(found)])
            self._show_found(FoundPlan({}, "", found.tables, report))
            self.banners.show_message(MessageKind.PROBLEM, str(found), about="reading")
        else:
            self.problem.setText(str(found))
            self.pages.setCurrentWidget(self._problem_page)
            for button in (self.bring_in, self.save_report):
                button.hide()
            self.cancel.setText("Close")
            self.cancel.setDefault(True)
            self.cancel.setFocus()
        self._show_state()

    def _show_found(self, found: FoundPlan) -> None:
        first = self._found is None
        self._found = found
        words = f"Found: {summary(found.report.counts)}." if found.plan else "No plan was found."
        self.summary.setText(f"{words} Nothing is written yet.")
        self._fill_tree(preview_rows(found.plan) if found.plan else [])
        self.columns.show_tables(found.tables)
        unsure = self._choices.uncertain
        check = len(found.report.unplaced) + len(found.report.to_check)
        self.tabs.setTabText(0, f"&Columns ({unsure} to check)" if unsure else "&Columns")
        self.tabs.setTabText(1, f"&To check ({check})" if check else "&To check")
        self.tabs.setTabVisible(0, bool(found.tables))
        self.notes.show_blocks(report_blocks(found.report, f"“{self._source.name}”"))
        self.pages.setCurrentWidget(self.preview)
        if first:
            self.tree.setFocus()

    def _fill_tree(self, rows: list[PreviewRow]) -> None:
        """Show the rows, at the row and as open as the tree was before."""
        where = self._place_of(self.tree.currentItem())
        closed = {
            self._place_of(item) for item in self._branches() if item.childCount() and not item.isExpanded()
        }
        fresh = self.tree.topLevelItemCount() == 0
        self.tree.clear()
        for row in rows:
            self._add_item(self.tree.invisibleRootItem(), row)
        for item in self._branches():
            if item.parent() is None:
                item.setExpanded(fresh or self._place_of(item) not in closed)
        again = self._item_at(where) or self.tree.topLevelItem(0)
        if again is not None:
            self.tree.setCurrentItem(again)

    def _add_item(self, above: QTreeWidgetItem, row: PreviewRow) -> None:
        item = QTreeWidgetItem(above, [row.words, row.holds])
        item.setData(0, _ROW, row)
        item.setToolTip(0, row.words)
        item.setToolTip(1, row.holds)
        for below in row.below:
            self._add_item(item, below)

    def _branches(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount())]
        return [item for item in tops if item is not None]

    def _place_of(self, item: QTreeWidgetItem | None) -> tuple[int, ...]:
        place: list[int] = []
        while item is not None:
            above = item.parent()
            place.append(above.indexOfChild(item) if above else self.tree.indexOfTopLevelItem(item))
            item = above
        return tuple(reversed(place))

    def _item_at(self, place: tuple[int, ...]) -> QTreeWidgetItem | None:
        item = self.tree.topLevelItem(place[0]) if place else None
        for at in place[1:]:
            item = item.child(at) if item is not None else None
        return item

    def _row_chosen(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        row = item.data(0, _ROW) if item is not None else None
        blocks: Blocks = row.text() if isinstance(row, PreviewRow) else ()
        self.text.show_blocks(blocks)

    # ------------------------------------------------------------------ bringing in

    def _bring_in(self) -> None:
        if self._found is None:
            return
        target = self._services.dialogs.save_file(self, "Bring in as", PLANS, self._suggested())
        if target is None:
            return
        self._services.settings.last_folder = str(target.parent)
        self.banners.clear()
        self._making = True
        author = self._services.settings.author or None
        work = functools.partial(_make, target, self._found.plan, self._found.name, author)
        self._task = self._services.tasks.start(
            "Making the plan",
            work,
            self._plan_made,
            failed=self._work_failed,
            cancelled=self._making_stopped,
            quiet=True,
        )
        self._show_state(f"Making “{target.name}”…")

    def _suggested(self) -> Path:
        """A file that is not there yet, beside the source where one can be written, else in the documents."""
        assert self._found is not None
        folder = self._source.absolute().parent
        if not folders.is_folder(folder) or not os.access(folder, os.W_OK):
            folder = folders.begins_in()
        return suggested_file(folder, self._found.plan, self._source)

    def _plan_made(self, result: Published) -> None:
        self._task, self._making = None, False
        self.made = result.path
        if result.kept_beside is not None:
            self._services.dialogs.tell(self, "Saved beside the file", result.message)
        self.accept()

    def _making_stopped(self) -> None:
        self._task, self._making = None, False
        self._show_state()
        self.banners.show_message(MessageKind.INFO, "Stopped. No plan was made.", about="making")

    def _work_failed(self, problem: Exception) -> None:
        """A problem of the machine is said here; a bug is raised, for the reporter to log."""
        self._task, self._making = None, False
        self._show_state()
        if not isinstance(problem, CyppError):
            raise problem
        self.banners.show_message(MessageKind.PROBLEM, str(problem), about="making")

    def _save_report(self) -> None:
        if self._found is None:
            return
        suggested = self._suggested().with_name(fitting_name(self._source.stem, " import report", ".txt"))
        path = self._services.dialogs.save_file(self, "Save the report", "Text (*.txt)", suggested)
        if path is None:
            return
        try:
            write_output(path, self._found.report.as_text().encode("utf-8"), made_from=self._source)
        except CyppError as problem:
            self.banners.show_message(MessageKind.PROBLEM, str(problem), about="report")
        else:
            self.banners.show_message(
                MessageKind.DONE, f"The report is saved as {quoted(path)}.", about="report"
            )

    # ------------------------------------------------------------------ what can be done now

    def _show_state(self, working: str = "") -> None:
        """Show work under way, and offer what can be done beside it."""
        self._working.setVisible(bool(working))
        self._progress_words.setText(working)
        self.progress.setAccessibleName(working.rstrip("…"))
        ready = not working and self._found is not None and bool(self._found.plan)
        self.bring_in.setEnabled(ready)
        self.save_report.setEnabled(ready)
        self.columns.setEnabled(not self._making)

    def reject(self) -> None:
        """Stop what is under way; a plan that is just being made is taken back first."""
        if self._task is not None:
            self._task.cancel()
        if self._making:
            self._progress_words.setText("Stopping…")
            return
        self._number += 1
        super().reject()
