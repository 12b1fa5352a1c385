"""The Review place: files that came back, what waits for a decision, and the merges made.

Reading files, comparing and merging run off the main thread. Nothing is written before the person says
Merge; decisions are kept while the window is open, and carried over when the plan is edited meanwhile.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from cypp_desktop.errors import CyppError
from cypp_desktop.merge.decisions import decide
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.merge.question import Decision, FieldKey, Question
from cypp_desktop.merge.report import MergeReport
from cypp_desktop.merge.unmerge import LaterWork, Unmerged, batches
from cypp_desktop.operations.review import work
from cypp_desktop.operations.review.messages import (
    lapsed_words,
    removed_words,
    unproven_words,
    withdrawn_words,
)
from cypp_desktop.operations.review.question_words import QuestionWords
from cypp_desktop.operations.review.work import Done, Looked, ToUndo
from cypp_desktop.plan.words import counted
from cypp_desktop.store.files import quoted
from cypp_desktop.store.merge_log import report_of
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.dialogs import Choice
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.plan_reader import PlanReader
from cypp_desktop.ui.review import choose_files
from cypp_desktop.ui.review.merges import MergesPage, UndoFields, done_words, summary_text
from cypp_desktop.ui.review.pages import FilesPage, OpenPage

if TYPE_CHECKING:
    from cypp_desktop.merge.review import Review
    from cypp_desktop.merge.unmerge import Batch
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

_ABOUT: Final = "review"
_WITHDRAWN: Final = "review of what was taken back"
_REMOVED: Final = "review of copies in which texts were removed for good"
_UNPROVEN: Final = "review of files that do not show what they are"
#: How often the window lets go of what it read while another thread writes, in milliseconds.
_RELEASE: Final = 100
_NO_FILES: Final = (
    "Files that came back are looked at here: returns that were sent out from this plan, and other copies of "
    "the same plan. Choose them, or drop them on the window."
)


class ReviewPage(QWidget):
    """Files under review, open questions, and merges, as tabs of one place of the window."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._document: PlanDocument | None = None
        self._waiting: list[Path] = []
        self._reports: dict[str, str] = {}
        self.review: Review | None = None
        self.page = FilesPage()
        self.open_page = OpenPage()
        self.merges = MergesPage()
        self.setAccessibleName("Review")
        tasks = services.tasks
        self._reader = PlanReader(tasks, "Looking at the files", self, view=self, pause=0, may_hang=True)
        self._reader.due.connect(self._plan_outdated)
        self._reader.found.connect(self._looked)
        self._reader.failed.connect(self._failed)
        self._reader.stopped.connect(self._stopped)
        self._undo_reader = PlanReader(tasks, "Looking at the merge", self)
        self._undo_reader.found.connect(self._can_undo)
        self._undo_reader.failed.connect(self._failed)
        self._releasing = QTimer(self)
        self._releasing.setInterval(_RELEASE)
        self._releasing.timeout.connect(self._release)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.receive_button = QPushButton("Receive returned files…")
        self.receive_button.clicked.connect(self.choose_files)
        self._nothing = QWidget()
        inside = QVBoxLayout(self._nothing)
        self.nothing_words = WrappedLabel(_NO_FILES)
        inside.addWidget(self.nothing_words)
        inside.addWidget(self.receive_button, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addStretch(1)
        self._files = QStackedWidget()
        self._files.addWidget(self._nothing)
        self._files.addWidget(self.page)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("What is reviewed")
        self.tabs.tabBar().setAccessibleName("What is reviewed")
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._files, "Returned files")
        self.tabs.addTab(self.open_page, "To decide")
        self.tabs.addTab(self.merges, "Merges")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.tabs)

    def _connect(self) -> None:
        self.page.merge_wanted.connect(self.merge)
        self.page.add_wanted.connect(self.choose_files)
        self.page.put_away_wanted.connect(self.put_away)
        for page in (self.page, self.open_page):
            page.go_wanted.connect(self._go)
        self.open_page.decision_made.connect(self.decide)
        self.merges.undo_wanted.connect(self.undo_merge)
        self.merges.save_wanted.connect(self.save_report)
        questions = self._services.questions
        if questions is not None:
            questions.changed.connect(self._questions_changed)

    # ------------------------------------------------------------------ the plan

    def set_document(self, document: PlanDocument | None) -> None:
        """Review for an open plan from now on; None lets go of it at once."""
        if document is not self._document:
            self._waiting, self._reports = [], {}
            self._show_review(None, {})
            self.merges.show_merges((), {}, read_only=True)
        self._document = document
        self._undo_reader.give_up()
        self._reader.follow(document)
        self.receive_button.setEnabled(document is not None and not document.editor.read_only)
        self._questions_changed()

    @property
    def is_working(self) -> bool:
        """Whether files or a merge are being looked at, or a merge is being written."""
        is_writing = self._document is not None and self._document.is_busy
        return is_writing or self._reader.is_reading or self._undo_reader.is_reading

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        questions = self._services.questions
        looks_at_none = self.review is None and self.tabs.currentWidget() is self._files
        if looks_at_none and questions is not None and questions.listed:
            self.tabs.setCurrentWidget(self.open_page)

    def _plan_outdated(self) -> None:
        if self._document is None or self.is_working:
            return
        if self.review is not None:
            self._look([])
        else:
            self._list_merges()
            self._reader.has_read()

    def _list_merges(self) -> None:
        assert self._document is not None
        plan = self._document.plan
        made = batches(plan)
        texts = {batch.step: self._text_of(batch) for batch in made}
        self.merges.show_merges(made, texts, read_only=self._document.editor.read_only)

    def _text_of(self, batch: Batch) -> str:
        report = self._reports.get(batch.step)
        if report is not None:
            return report
        assert self._document is not None
        said = report_of(self._document.editor.session.connection(), batch.step)
        self._document.editor.session.rollback()
        return summary_text(said) if said is not None else f"{batch.name}\n"

    # ------------------------------------------------------------------ receiving

    def choose_files(self) -> None:
        """Ask for files that came back, and look at them."""
        paths = choose_files(self._services, self)
        if paths:
            self.receive(paths)

    def receive(self, paths: Sequence[Path]) -> None:
        """Look at files that came back, together with those that are under review."""
        self.tabs.setCurrentWidget(self._files)
        if self._document is None or not paths:
            return
        if self.is_working:
            self._waiting += paths
            return
        self.page.flush()
        self._look(paths)

    def _look(self, paths: Sequence[Path]) -> None:
        assert self._document is not None
        self._list_merges()
        before = self.review
        files: Sequence[Received] = before.files if before is not None else ()
        refused: Sequence[Refusal] = before.refusals if before is not None else ()
        self._document.editor.session.rollback()
        look = functools.partial(work.look_at, self._document.access, tuple(paths), files, refused)
        noun = counted(len(paths), "file") if paths else "the files again"
        self.nothing_words.setText(f"Looking at {noun}…")
        self._reader.ask(look, title=f"Looking at {noun}", quiet=not paths)

    def _looked(self, found: Looked) -> None:
        self.page.flush()
        before, review = self.review, found.review
        lapsed = review.carry_over(before) if before is not None else []
        if lapsed:
            self._services.banners.show_message(MessageKind.INFO, lapsed_words(lapsed), about=_ABOUT)
        self._show_review(review, found.names)
        self._tell_of_files(() if before is None else before.files)
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._look(waiting)
        elif self._reader.is_outdated:
            self._look([])

    def _tell_of_files(self, known: Sequence[Received]) -> None:
        """Of new files, tell of those that do not show what they are or that answer what was taken back."""
        assert self.review is not None
        new = [file for file in self.review.files if file not in known]
        strangers = [file for file in new if not file.proven]
        if strangers:
            words = unproven_words(strangers)
            self._services.banners.show_message(MessageKind.WARNING, words, about=_UNPROVEN)
        removed = [file for file in new if file.removals]
        if removed:
            self._services.banners.show_message(MessageKind.WARNING, removed_words(removed), about=_REMOVED)
        back = [file for file in new if file.withdrawn]
        if back:
            self._services.banners.show_message(MessageKind.WARNING, withdrawn_words(back), about=_WITHDRAWN)

    def _show_review(self, review: Review | None, names: dict[str, str]) -> None:
        self.review = review
        if self._document is not None:
            self._document.review(review.files if review is not None else ())
        self.nothing_words.setText(_NO_FILES)
        if review is None or self._document is None:
            self.page.forget_review()
            self._files.setCurrentWidget(self._nothing)
            self.tabs.setTabText(0, "Returned files")
            return
        words = QuestionWords(self._document.editor.session, review)
        had_focus = self._nothing.isAncestorOf(self.focusWidget() or self) or not self.page.isVisible()
        self._files.setCurrentWidget(self.page)
        self.page.show_review(review, names, words, read_only=self._document.editor.read_only)
        self.tabs.setTabText(0, f"Returned files ({len(review.files) + len(review.refusals)})")
        if had_focus and self.isVisible() and self.tabs.currentWidget() is self._files:
            self.page.list.setFocus()

    def put_away(self) -> None:
        """Stop reviewing these files; nothing of them was written."""
        self._show_review(None, {})
        self.receive_button.setFocus()

    def _stopped(self) -> None:
        self.nothing_words.setText(_NO_FILES)

    def _failed(self, problem: Exception) -> None:
        self.nothing_words.setText(_NO_FILES)
        self._hold(False)
        self._tell(problem)

    def _tell(self, problem: Exception) -> None:
        if not isinstance(problem, CyppError):
            raise problem
        self._services.banners.show_message(MessageKind.PROBLEM, str(problem), about=_ABOUT)

    # ------------------------------------------------------------------ merging

    def merge(self) -> None:
        """Make the review so."""
        self.page.flush()
        if self._document is None or self.review is None or self.is_working:
            return
        self._begin("Merging", functools.partial(work.merge_beside, self._document.plan, self.review))

    def _begin(self, title: str, job: Any) -> None:
        """Do work that writes: meanwhile nothing else may be edited or saved, so the window waits."""
        assert self._document is not None
        self._services.autosave.keep_now()
        self._hold(True)
        self._services.tasks.start(title, job, self._done, failed=self._failed, can_cancel=False)

    def _hold(self, held: bool) -> None:
        """Let nobody edit or save while another thread writes, and have nothing here stand in its way."""
        if self._document is None:
            return
        self._document.is_busy = held
        self.window().setEnabled(not held)
        if held:
            self._release()
            self._releasing.start()
        else:
            self._releasing.stop()

    def _release(self) -> None:
        """Whatever was just read for the window, its transaction would keep the other from committing."""
        if self._document is not None:
            self._document.editor.session.rollback()

    def _done(self, done: Done) -> None:
        if self._document is None:
            return
        self._hold(False)
        self._document.editor.follow(done.changed)
        if isinstance(done.result, MergeReport):
            self._merged(done.result, done.text)
        else:
            self._unmerged(done.result)

    def _merged(self, report: MergeReport, text: str) -> None:
        if report.batch is not None:
            self._reports[report.batch] = text
        self._show_review(None, {})
        self._list_merges()
        if report.batch is None:
            words = "There was nothing new in these files, so nothing was merged."
            self._services.banners.show_message(MessageKind.INFO, words, about=_ABOUT)
            return
        self.merges.choose(report.batch)
        self.tabs.setCurrentWidget(self.merges)
        self.merges.text.setFocus()
        actions = [BannerAction("Decide what is open", self.show_open)] if report.open_places else []
        kind = MessageKind.WARNING if report.open_places or report.lapsed else MessageKind.DONE
        self._services.banners.show_message(kind, done_words(report), actions, about=_ABOUT)

    # ------------------------------------------------------------------ undoing a merge

    def undo_merge(self, batch: Batch) -> None:
        """Take back what a merge brought in; where later work builds on it, the person chooses what."""
        if self._document is None or self.is_working:
            return
        look = functools.partial(work.what_to_undo, self._document.access, batch.step)
        self._undo_reader.ask(look, quiet=False)

    def _can_undo(self, to_undo: ToUndo) -> None:
        found, fields = to_undo.found, None
        if found.blocked:
            if not to_undo.fields:
                self._tell_blocked(LaterWork(found.blocked))
                return
            dialog = UndoFields(found.blocked, to_undo.fields, self)
            wanted = self._services.dialogs.run(dialog)
            fields = [*dialog.chosen, *to_undo.books]
            dialog.deleteLater()
            if not wanted:
                return
        elif self._asked(found.batch) != "undo":
            return
        if self._document is not None:
            plan = self._document.plan
            job = functools.partial(work.unmerge_beside, plan, found.batch.step, fields)
            self._begin("Undoing the merge", job)

    def _asked(self, batch: Batch) -> str | None:
        return self._services.dialogs.ask(
            self,
            "Undo a merge",
            f"Take back what “{batch.name}” brought in?",
            [Choice("undo", "Undo this merge")],
            detail="The decisions made with it go too. The files can be merged again.",
        )

    def _tell_blocked(self, problem: LaterWork) -> None:
        words = str(problem).removesuffix(" The other fields can be undone without these.")
        self._services.banners.show_message(MessageKind.WARNING, words, about=_ABOUT)

    def _unmerged(self, done: Unmerged) -> None:
        self._list_merges()
        left = (
            f" {counted(done.left, 'change')} stay, because later work builds on them." if done.left else ""
        )
        words = f"Undone: {done.batch.name}. {counted(done.changes, 'change')} were taken back.{left}"
        self._services.banners.show_message(MessageKind.DONE, words, about=_ABOUT)
        (self.merges.list if self.merges.current else self.tabs.tabBar()).setFocus()

    # ------------------------------------------------------------------ the report

    def save_report(self, batch: Batch) -> None:
        """Ask for a file and write the report of a merge there, as PDF or as text."""
        if self._document is None:
            return
        here = self._document.path
        folder = here.parent if here is not None else Path(self._services.settings.last_folder or Path.home())
        path = self._services.dialogs.save_file(
            self, "Save the report of the merge", "PDF (*.pdf);;Text (*.txt)", folder / f"{batch.name}.pdf"
        )
        if path is not None:
            job = functools.partial(_save, path, here, self._document.title, self._text_of(batch))
            self._services.tasks.start("Saving the report", job, self._saved, failed=self._tell)

    def _saved(self, words: str) -> None:
        self._services.banners.show_message(MessageKind.DONE, words, about=_ABOUT)

    # ------------------------------------------------------------------ what is open

    def show_open(self, key: FieldKey | None = None) -> None:
        """Show what waits for a decision; a key (row type, row id, field) chooses one."""
        self.tabs.setCurrentWidget(self.open_page)
        self._questions_changed()
        if key is not None:
            self.open_page.choose(*key)
        else:
            self.open_page.list.setFocus()

    def _questions_changed(self) -> None:
        questions, document = self._services.questions, self._document
        if questions is None or document is None:
            self.open_page.show_questions((), {}, None, read_only=True)
            return
        listed = questions.listed
        names = work.branch_names(document.plan) if listed else {}
        words = QuestionWords(document.editor.session)
        self.open_page.show_questions(listed, names, words, read_only=document.editor.read_only)
        self.tabs.setTabText(1, f"To decide ({len(listed)})" if listed else "To decide")

    def decide(self, question: Question, decision: Decision) -> None:
        """Decide an open question, as a step that can be undone."""
        if self._document is None:
            return
        plan = self._document.plan
        try:
            decide(plan, question.row, question.field, decision.answer, decision.value, side=decision.side)
        except CyppError as refused:
            self._services.banners.show_message(MessageKind.PROBLEM, str(refused), about=_ABOUT)
        else:
            self._services.banners.dismiss(_ABOUT)
        if self._services.questions is not None:
            self._services.questions.ask_now()

    def _go(self, row_type: str, row_id: str) -> None:
        questions = self._services.questions
        shown = questions.where(row_type, row_id) if questions is not None else None
        if shown is None:
            words = "This row is not in the plan yet, or not any more."
            self._services.banners.show_message(MessageKind.INFO, words, about=_ABOUT)
        else:
            self._services.go_to(*shown)


def _save(path: Path, made_from: Path | None, title: str, text: str, progress: Progress) -> str:
    from cypp_desktop.store.output_file import write_output

    if path.suffix.lower() == ".pdf":
        from cypp_desktop.operations.review.paper import report_paper
        from cypp_desktop.report.output import print_paper

        print_paper(report_paper(title, text), path, made_from=made_from)
    else:
        write_output(path, text.encode("utf-8"), made_from=made_from)
    return f"The report is saved as {quoted(path)}."
