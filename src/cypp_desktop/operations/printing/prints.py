"""Makes pages, web pages and Word files: work for another thread, on a copy of the plan. No Qt here.

The copy is kept from one print to the next for as long as the plan stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cypp_desktop.gc_pause import uncollected
from cypp_desktop.operations.printing.print_request import FileRequest, PrintChoices, PrintRequest
from cypp_desktop.store.print_folders import print_folder

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.operations.plan_access import PlanAccess
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


class PrintCopies:
    """The copies of one plan that prints are made of: each is kept until the plan has changed."""

    def __init__(self, access: PlanAccess) -> None:
        self._access = access
        self._in_use = Lock()
        self._kept: _PlanCopy | None = None
        self._is_closed = False
        self._best_layouts: tuple[str, ...] = ()

    def close(self) -> None:
        """Drop the copy kept; where a print is being made of it, that drops it in the end."""
        self._is_closed = True
        if self._in_use.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._in_use.release()

    @contextmanager
    def current(self, progress: Progress) -> Iterator[_PlanCopy]:
        """A copy of the plan as it is now, for one print at a time. Raises Cancelled and FileProblem."""
        with self._in_use:
            with self._access.reading(progress) as plan:
                counter = plan.working.counter_between_writes()
            if self._kept is None or self._kept.counter != counter:
                self._drop()
                self._kept = _PlanCopy(self._access, progress, counter, self._best_layouts)
            try:
                yield self._kept
                self._best_layouts = self._kept.best_layouts
            finally:
                if self._is_closed:
                    self._drop()

    def _drop(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def make_pages(copies: PrintCopies, request: PrintRequest, progress: Progress) -> PrintedPages:
    """The pages as a PDF. Raises Cancelled when asked to stop, and CyppError."""
    from cypp_desktop.report.output import print_paper
    from cypp_desktop.report.printed_data import printed_data

    with copies.current(progress) as copy, print_folder() as folder:
        out = folder / "plan.pdf"
        with uncollected():
            choices = copy.choices()
            request = with_known_name(request, choices)
            progress.check()
            paper = _paper(copy.session, request)
            progress.check()
            attachments = printed_data(copy.session, paper) if request.data else ()
            made = print_paper(paper, out, _in_steps(progress), made_from=None, attachments=attachments)
        progress.check()
        return PrintedPages(
            data=out.read_bytes(),
            request=request,
            choices=choices,
            count=made.pages,
            missing=made.missing,
            shrunk=made.shrunk,
        )


def save_print(copies: PrintCopies, wanted: FileRequest, out: Path, progress: Progress) -> None:
    """Write a print to ``out``, whose name says the kind of file. Raises Cancelled and CyppError."""
    with copies.current(progress) as copy:
        request = with_known_name(wanted.request, copy.choices())
        copy.print(request, out, _in_steps(progress), wanted.password)


def save_print_for_each(
    copies: PrintCopies, wanted: FileRequest, folder: Path, stem: str, progress: Progress
) -> int:
    """Write a file for each organisation that leads anything into ``folder``; gives how many.

    The names begin with ``stem``. Raises Cancelled and CyppError.
    """
    from cypp_desktop.errors import UsageError
    from cypp_desktop.report.packs import organisations_with_work
    from cypp_desktop.store.file_names import name_for

    taken: set[str] = set()
    with copies.current(progress) as copy:
        request = with_known_name(wanted.request, copy.choices())
        organisations = organisations_with_work(copy.session)
        if not organisations:
            raise UsageError("No organisation of the plan leads anything, so there is nothing to print.")
        for at, organisation in enumerate(organisations):
            progress.report(at, len(organisations), organisation.name)
            called = organisation.short_name or organisation.name
            out = folder / name_for(stem, called, wanted.kind, taken)
            own = replace(request, organisation=organisation.id)
            copy.print(own, out, _stopping(progress), wanted.password)
    return len(organisations)


class _PlanCopy:
    """A copy of a plan in memory, with what was read from it."""

    def __init__(
        self, access: PlanAccess, progress: Progress, counter: int, best_layouts: tuple[str, ...]
    ) -> None:
        self._access = access
        self._until_closed = ExitStack()
        self.session = self._until_closed.enter_context(access.copied(progress))
        #: how many changes the plan had seen when it was copied
        self.counter = counter
        #: the names of the layouts for whole plans, the best first, as they were at first
        self.best_layouts = best_layouts
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
            if not self.best_layouts:
                self.best_layouts = tuple(layout.name for layout in whole_plan_layouts(self.session))
            self._choices = print_choices(self.session, self.best_layouts)
        return self._choices

    def print(self, request: PrintRequest, out: Path, tell: RowsDone, password: str = "") -> None:
        """Write a print to ``out`` as what its name asks for; only a PDF can have a ``password``."""
        from cypp_desktop.report.output import print_paper
        from cypp_desktop.report.paper_kinds import FileKind
        from cypp_desktop.report.printed_data import printed_data

        paper = _paper(self.session, request)
        carries_data = request.data and FileKind.of(out) is FileKind.PDF
        attachments = printed_data(self.session, paper) if carries_data else ()
        print_paper(
            paper,
            out,
            tell,
            made_from=self._access.plan.target,
            attachments=attachments,
            password=password or None,
        )


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
