"""Makes pages, web pages and Word files: work for another thread, on a copy of the plan. No Qt here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cypp_desktop.gc_pause import uncollected
from cypp_desktop.operations.printing.print_request import PrintChoices, PrintRequest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.report.paper import Paper, RowsDone


@dataclass(frozen=True, kw_only=True)
class PrintedPages:
    """The pages made: the bytes of the PDF, what was asked for, and what to know about them.

    ``request`` names the layout or pack. ``missing`` are the characters that could not be printed, ``shrunk``
    whether anything was set smaller to fit.
    """

    data: bytes
    request: PrintRequest
    choices: PrintChoices
    count: int
    missing: tuple[str, ...]
    shrunk: bool


class PrintMaker:
    """Makes prints of one plan. A copy of it is kept from one print to the next, until `forget`.

    ``reading`` is held only while the working copy is read, so that the window never waits for a print.
    """

    def __init__(self, working: Path) -> None:
        self._working = working
        self.reading = Lock()
        self._making = Lock()
        self._kept: _PlanCopy | None = None
        self._fresh = False
        self._closed = False
        self._shapes: tuple[str, ...] = ()

    def forget(self) -> None:
        """The plan is another one now. From any thread; waits until nobody reads the working copy."""
        self._fresh = False
        with self.reading:
            # Nothing of ours has the working copy open any more: it may be swapped or thrown away.
            pass

    def close(self) -> None:
        """Let go of the copy, if no print is under way; one that is lets go when it is done with."""
        self._closed = True
        self.forget()
        if self._making.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._making.release()

    def pages(self, request: PrintRequest, progress: Progress) -> PrintedPages:
        """The pages as a PDF. Raises Cancelled when asked to stop, and CyppError."""
        from cypp_desktop.report.output import print_paper
        from cypp_desktop.report.printed_data import printed_data

        with self._copy(progress) as copy, tempfile.TemporaryDirectory(prefix="cypp-print-") as folder:
            out = Path(folder) / "plan.pdf"
            with uncollected():
                choices = copy.choices()
                request = with_known_name(request, choices)
                progress.check()
                paper = _paper(copy.session, request)
                progress.check()
                attachments = printed_data(copy.session, paper) if request.data else ()
                made = print_paper(paper, out, _in_steps(progress), attachments=attachments)
            progress.check()
            return PrintedPages(
                data=out.read_bytes(),
                request=request,
                choices=choices,
                count=made.pages,
                missing=made.missing,
                shrunk=made.shrunk,
            )

    def save(self, request: PrintRequest, out: Path, progress: Progress, password: str = "") -> None:
        """Write a print to ``out`` as what its name asks for. Raises Cancelled and CyppError.

        A PDF with a ``password`` opens with that only; nothing else can have one.
        """
        with self._copy(progress) as copy:
            copy.print(with_known_name(request, copy.choices()), out, _in_steps(progress), password)

    def save_each(
        self,
        request: PrintRequest,
        folder: Path,
        stem: str,
        ending: str,
        progress: Progress,
        password: str = "",
    ) -> int:
        """Write a file for each organisation that leads anything into ``folder``; gives how many.

        With a ``password``, PDFs open with that only. Raises Cancelled and CyppError.
        """
        from cypp_desktop.errors import UsageError
        from cypp_desktop.report.packs import organisations_with_work
        from cypp_desktop.store.names import name_for

        taken: set[str] = set()
        with self._copy(progress) as copy:
            request = with_known_name(request, copy.choices())
            wanted = organisations_with_work(copy.session)
            if not wanted:
                raise UsageError("No organisation of the plan leads anything, so there is nothing to print.")
            for at, organisation in enumerate(wanted):
                progress.report(at, len(wanted), organisation.name)
                called = organisation.short_name or organisation.name
                out = folder / name_for(stem, called, ending, taken)
                copy.print(replace(request, organisation=organisation.id), out, _stopping(progress), password)
        return len(wanted)

    @contextmanager
    def _copy(self, progress: Progress) -> Iterator[_PlanCopy]:
        """The copy of the plan as it is now, for this thread alone."""
        with self._making:
            progress.check()
            if not self._fresh or self._kept is None:
                self._drop()
                self._fresh = True
                with self.reading:
                    progress.check()
                    self._kept = _PlanCopy(self._working, self._shapes)
            try:
                yield self._kept
                self._shapes = self._kept.shapes
            finally:
                if self._closed:
                    self._drop()

    def _drop(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


class _PlanCopy:
    """A copy of a plan in memory, with what was read from it."""

    def __init__(self, working: Path, shapes: tuple[str, ...]) -> None:
        from cypp_desktop.store.snapshot import snapshot

        self._until_closed = ExitStack()
        self.session = self._until_closed.enter_context(snapshot(working))
        #: the names of the layouts for whole plans, best suited first, as they were at first
        self.shapes = shapes
        self._rows: object = None
        self._choices: PrintChoices | None = None

    def close(self) -> None:
        self._until_closed.close()

    def choices(self) -> PrintChoices:
        """What there is to choose from."""
        from cypp_desktop.operations.printing.choices import print_choices
        from cypp_desktop.report.layout_choice import whole_plan_layouts
        from cypp_desktop.store.queries import priorities

        if self._choices is None:
            # Held, for the session itself forgets rows that nobody holds.
            self._rows = priorities(self.session, whole=True)
            if not self.shapes:
                self.shapes = tuple(layout.name for layout in whole_plan_layouts(self.session))
            self._choices = print_choices(self.session, self.shapes)
        return self._choices

    def print(self, request: PrintRequest, out: Path, tell: RowsDone, password: str = "") -> None:
        """Write a print to ``out`` as what its name asks for; only a PDF can have a ``password``."""
        from cypp_desktop.report.output import print_paper
        from cypp_desktop.report.paper_kinds import FileKind
        from cypp_desktop.report.printed_data import printed_data

        paper = _paper(self.session, request)
        carries_data = request.data and FileKind.of(out) is FileKind.PDF
        attachments = printed_data(self.session, paper) if carries_data else ()
        print_paper(paper, out, tell, attachments=attachments, password=password or None)


def with_known_name(request: PrintRequest, choices: PrintChoices) -> PrintRequest:
    """The request with the name of what is printed, where it had none or one that there is no longer."""
    if request.draft is not None:
        return request
    if pack := choices.pack(request.pack):
        return replace(request, layout=None, pack=pack.name)
    layout = choices.layout(request.layout) or choices.layouts[0]
    return replace(request, layout=layout.name, pack=None)


def _paper(session: Session, request: PrintRequest) -> Paper:
    """The paper that is asked for, from what is saved or from the draft that is being made."""
    from cypp_desktop.report.layouts import PrintFilter, find_layout, read_layout
    from cypp_desktop.report.packs import find_pack, pack_paper, read_pack
    from cypp_desktop.report.paper_builder import PrintLimits, layout_paper

    wanted = PrintFilter(
        priorities=frozenset([request.priority] if request.priority else []),
        organisation=request.organisation,
        rag=frozenset(["red", "amber"] if request.exceptions else []),
    )
    limits = PrintLimits(day=date.today(), since=request.since, filter=wanted)
    draft = request.declared()
    if request.pack is not None:
        pack = find_pack(session, request.pack) if draft is None else read_pack(request.pack, draft)
        return pack_paper(session, replace(pack, **request.paper_changes()), limits)
    assert request.layout is not None
    layout = find_layout(session, request.layout) if draft is None else read_layout(request.layout, draft)
    return layout_paper(session, replace(layout, **request.paper_changes()), limits)


# ---------------------------------------------------------------------------------- files and progress


def _in_steps(progress: Progress) -> RowsDone:
    """Reports whole percents only: a signal for each row would keep the window busier than the work."""
    told = -1

    def tell(done: int, total: int) -> None:
        nonlocal told
        percent = 100 * done // total if total else 0
        if percent == told:
            progress.check()
        else:
            told = percent
            progress.report(percent, 100)

    return tell


def _stopping(progress: Progress) -> RowsDone:
    """Reports nothing, but stops when it should."""

    def tell(done: int, total: int) -> None:
        progress.check()

    return tell
