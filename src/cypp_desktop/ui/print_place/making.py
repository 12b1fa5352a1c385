"""Makes the pages for the preview: work for another thread, on a copy of the plan of its own. No Qt here."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cypp_desktop.ui.tasks import Progress

#: The papers offered, a part of those that `report.build` knows.
PAPERS = ("A4", "A3")


@dataclass(frozen=True)
class Wish:
    """How the plan is to be printed; without a layout, in the one that suits it best."""

    layout: str | None = None
    paper: str = PAPERS[0]
    landscape: bool = True


@dataclass(frozen=True)
class Pages:
    """The pages made: the bytes of the PDF, in which layout, and what to know about them.

    ``layouts`` are all layouts as (name, title), best suited first; empty where one was asked for.
    ``missing`` are the characters that could not be printed, ``shrunk`` whether anything was set
    smaller to fit.
    """

    data: bytes
    layout: str
    count: int
    missing: tuple[str, ...]
    shrunk: bool
    layouts: tuple[tuple[str, str], ...] = ()


def make_pages(working: Path, reading: Lock, wish: Wish, progress: Progress) -> Pages:
    """The pages of the plan whose working copy is at ``working``. ``reading`` is held while that is open.

    Raises Cancelled when asked to stop, and FileProblem.
    """
    from cypp_desktop.report.build import print_plan
    from cypp_desktop.report.suited import suited
    from cypp_desktop.store.snapshot import snapshot

    with ExitStack() as until_made:
        with reading:
            progress.check()
            session = until_made.enter_context(snapshot(working))
        layouts: tuple[tuple[str, str], ...] = ()
        if wish.layout is None:
            layouts = tuple((layout.name, layout.title) for layout in suited(session))
        layout = wish.layout or layouts[0][0]
        folder = Path(until_made.enter_context(tempfile.TemporaryDirectory(prefix="cypp-print-")))
        out = folder / "plan.pdf"
        made = print_plan(
            session,
            layout,
            out,
            paper=wish.paper,
            landscape=wish.landscape,
            progress=_in_steps(progress),
        )
        progress.check()
        return Pages(out.read_bytes(), layout, made.pages, made.missing, made.shrunk, layouts)


def _in_steps(progress: Progress) -> Callable[[int, int], None]:
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
