"""Makes pages, web pages and Word files: work for another thread, on a copy of the plan. No Qt here.

The copy is kept from one print to the next for as long as the plan stays as it is.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from cypp_desktop.gc_pause import uncollected
from cypp_desktop.operations.printing.print_request import Offer, Offered, Wish

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.operations.plan_access import PlanAccess
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.plan.model import Pack, PrintLayout
    from cypp_desktop.report.layouts.model import Layout, Scope
    from cypp_desktop.report.packs import PackPlan
    from cypp_desktop.report.paper import Paper

Tell = Callable[[int, int], None]
_Kind = TypeVar("_Kind", "Layout", "PackPlan")


@dataclass(frozen=True)
class Pages:
    """The pages made: the bytes of the PDF, of which wish, and what to know about them.

    ``wish`` names the layout or pack. ``missing`` are the characters that could not be printed, ``shrunk``
    whether anything was set smaller to fit.
    """

    data: bytes
    wish: Wish
    offer: Offer
    count: int
    missing: tuple[str, ...]
    shrunk: bool


class PrintCopies:
    """The copies of one plan that prints are made of: each is kept until the plan has changed."""

    def __init__(self, access: PlanAccess) -> None:
        self._access = access
        self._in_use = Lock()
        self._kept: _Copy | None = None
        self._is_closed = False
        self._shapes: tuple[str, ...] = ()

    def close(self) -> None:
        """Drop the copy kept; where a print is being made of it, that drops it in the end."""
        self._is_closed = True
        if self._in_use.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._in_use.release()

    @contextmanager
    def current(self, progress: Progress) -> Iterator[_Copy]:
        """A copy of the plan as it is now, for one print at a time. Raises Cancelled and FileProblem."""
        with self._in_use:
            with self._access.reading(progress) as plan:
                counter = plan.working.counter_between_writes()
            if self._kept is None or self._kept.counter != counter:
                self._drop()
                self._kept = _Copy(self._access.copied(progress), counter, self._shapes)
            try:
                yield self._kept
                self._shapes = self._kept.shapes
            finally:
                if self._is_closed:
                    self._drop()

    def _drop(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def make_pages(copies: PrintCopies, wish: Wish, progress: Progress) -> Pages:
    """The pages as a PDF. Raises Cancelled when asked to stop, and CyppError."""
    from cypp_desktop.report.build import print_paper
    from cypp_desktop.report.printed_data import printed_data

    with copies.current(progress) as copy, tempfile.TemporaryDirectory(prefix="cypp-print-") as folder:
        out = Path(folder) / "plan.pdf"
        with uncollected():
            offer = copy.offer()
            wish = named(wish, offer)
            progress.check()
            paper = _paper(copy.session, wish)
            progress.check()
            carried = printed_data(copy.session, paper) if wish.data else ()
            made = print_paper(paper, out, _in_steps(progress), attachments=carried)
        progress.check()
        return Pages(out.read_bytes(), wish, offer, made.pages, made.missing, made.shrunk)


def save_print(copies: PrintCopies, wish: Wish, out: Path, progress: Progress, password: str = "") -> None:
    """Write a print to ``out`` as what its name asks for. Raises Cancelled and CyppError.

    A PDF with a ``password`` opens with that only; nothing else can have one.
    """
    with copies.current(progress) as copy:
        copy.print(named(wish, copy.offer()), out, _in_steps(progress), password)


def save_print_for_each(
    copies: PrintCopies,
    wish: Wish,
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
    from cypp_desktop.store.file_names import name_for

    taken: set[str] = set()
    with copies.current(progress) as copy:
        wish = named(wish, copy.offer())
        wanted = organisations_with_work(copy.session)
        if not wanted:
            raise UsageError("No organisation of the plan leads anything, so there is nothing to print.")
        for at, organisation in enumerate(wanted):
            progress.report(at, len(wanted), organisation.name)
            called = organisation.short_name or organisation.name
            out = folder / name_for(stem, called, ending, taken)
            copy.print(replace(wish, organisation=organisation.id), out, _stopping(progress), password)
    return len(wanted)


class _Copy:
    """A copy of a plan in memory, with what was read from it."""

    def __init__(
        self, copied: AbstractContextManager[Session], counter: int, shapes: tuple[str, ...]
    ) -> None:
        self._until_closed = ExitStack()
        self.session = self._until_closed.enter_context(copied)
        #: how many changes the plan had seen when it was copied
        self.counter = counter
        #: the names of the layouts for whole plans, best suited first, as they were at first
        self.shapes = shapes
        self._rows: object = None
        self._offer: Offer | None = None

    def close(self) -> None:
        self._until_closed.close()

    def offer(self) -> Offer:
        """What there is to choose from."""
        from cypp_desktop.report.layout_choice import suited
        from cypp_desktop.store.queries import priorities

        if self._offer is None:
            # Held, for the session itself forgets rows that nobody holds.
            self._rows = priorities(self.session, whole=True)
            if not self.shapes:
                from cypp_desktop.report.layouts.standard import SHAPES

                self.shapes = tuple(one.name for one in suited(self.session) if one.name in SHAPES)
            self._offer = _offer(self.session, self.shapes)
        return self._offer

    def print(self, wish: Wish, out: Path, tell: Tell, password: str = "") -> None:
        """Write a print to ``out`` as what its name asks for; only a PDF can have a ``password``."""
        from cypp_desktop.report.build import print_paper
        from cypp_desktop.report.printed_data import printed_data

        paper = _paper(self.session, wish)
        is_pdf = out.suffix.lower() == ".pdf"
        carried = printed_data(self.session, paper) if is_pdf and wish.data else ()
        print_paper(paper, out, tell, attachments=carried, password=password or None)


def named(wish: Wish, offer: Offer) -> Wish:
    """The wish with the name of what is printed, where it had none or one that there is no longer."""
    if wish.draft is not None:
        return wish
    if pack := offer.pack(wish.pack):
        return replace(wish, layout=None, pack=pack.name)
    if layout := offer.layout(wish.layout):
        return replace(wish, layout=layout.name, pack=None)
    return replace(wish, layout=offer.layouts[0].name, pack=None)


def _paper(session: Session, wish: Wish) -> Paper:
    from cypp_desktop.report.content import Wishes, layout_paper
    from cypp_desktop.report.layouts import Filter, find_layout, read_layout
    from cypp_desktop.report.packs import find_pack, pack_paper, read_pack

    priorities = frozenset(filter(None, (wish.priority,)))
    colours = frozenset(("red", "amber") if wish.exceptions else ())
    wishes = Wishes(date.today(), wish.since, Filter(priorities, wish.organisation, colours))
    declared = wish.declared()
    if wish.pack is not None:
        pack = find_pack(session, wish.pack) if declared is None else read_pack(wish.pack, declared)
        return pack_paper(session, _as_wished(pack, wish), wishes)
    assert wish.layout is not None
    layout = find_layout(session, wish.layout) if declared is None else read_layout(wish.layout, declared)
    return layout_paper(session, _as_wished(layout, wish), wishes)


def _as_wished(kind: _Kind, wish: Wish) -> _Kind:
    """A layout or pack on the paper, and in the text size, that were asked for."""
    given = {"paper": wish.paper, "landscape": wish.landscape, "size": wish.size}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    return replace(kind, **changes)


# ---------------------------------------------------------------------------------- what there is


def _offer(session: Session, shapes: tuple[str, ...]) -> Offer:
    from cypp_desktop.errors import UsageError
    from cypp_desktop.plan.model import Pack, PrintLayout
    from cypp_desktop.report.layouts.model import Scope
    from cypp_desktop.report.layouts.saved import read_layout, saved_layouts
    from cypp_desktop.report.layouts.standard import LAYOUTS
    from cypp_desktop.report.layouts.words import priority_heading
    from cypp_desktop.report.packs import PACKS, organisations_with_work, read_pack, saved_packs
    from cypp_desktop.store.queries import current_round, priorities, the_plan

    plan = the_plan(session)
    scope = Scope(plan, current_round(session), LAYOUTS[shapes[0]].rows)
    problems: list[str] = []
    own_layouts: list[Offered] = []
    for name, definition in saved_layouts(session).items():
        try:
            row = _row_id(session, PrintLayout, name)
            own_layouts.append(replace(_offered(read_layout(name, definition), scope), row=row))
        except UsageError as problem:
            problems.append(str(problem))
    own_packs: list[Offered] = []
    for name, definition in saved_packs(session).items():
        try:
            row = _row_id(session, Pack, name)
            own_packs.append(replace(_offered_pack(read_pack(name, definition)), row=row))
        except UsageError as problem:
            problems.append(str(problem))
    ours = [*shapes, *(name for name in LAYOUTS if name not in shapes)]
    replaced = {one.name for one in own_layouts}
    standard = [_offered(LAYOUTS[name], scope) for name in ours if name not in replaced]
    at = len(shapes)
    return Offer(
        (*standard[:at], *own_layouts, *standard[at:]),
        (*own_packs, *(_offered_pack(pack) for pack in PACKS.values())),
        tuple((one.id, priority_heading(plan, one)) for one in priorities(session)),
        tuple((one.id, one.name) for one in organisations_with_work(session)),
        tuple(problems),
    )


def _row_id(session: Session, kind: type[PrintLayout] | type[Pack], name: str) -> str | None:
    """The row that the plan keeps something of that name in."""
    from cypp_desktop.store.queries import saved_definitions

    for id_, called, _ in saved_definitions(session, kind):
        if called.strip() == name:
            return id_
    return None


def _offered(layout: Layout, scope: Scope) -> Offered:
    from cypp_desktop.report.layouts import definition_of
    from cypp_desktop.report.layouts.saved import columns_for

    usual = columns_for(layout) | {column.key: replace(column, own=None) for column in layout.columns}
    columns = tuple((key, " ".join(column.heading(scope).split())) for key, column in usual.items())
    dated = layout.base == "changes"
    return Offered(layout.name, layout.title, json.dumps(definition_of(layout)), None, dated, columns)


def _offered_pack(pack: PackPlan) -> Offered:
    from cypp_desktop.report.packs import definition_of_pack

    dated = "changes" in pack.parts
    return Offered(pack.name, pack.title, json.dumps(definition_of_pack(pack)), None, dated)


# ---------------------------------------------------------------------------------- files and progress


def _in_steps(progress: Progress) -> Tell:
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


def _stopping(progress: Progress) -> Tell:
    """Reports nothing, but stops when it should."""

    def tell(done: int, total: int) -> None:
        progress.check()

    return tell
