"""Meeting packs: a cover, the contents, layouts in the officer's order, and an annex of what is open.

A pack is a list of part names: ``cover``, ``contents``, the name of a layout, or ``suited`` (the layout that
suits the plan best). Those that come with the program are in :data:`PACKS`; the plan keeps others as
``{"format": 1, "title": "Board", "parts": ["cover", "contents", "rag-summary", "update"], "size": 12}``, with
the paper and the filters of a saved layout, and is read with the same care.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.marking import shown_marking
from cypp_desktop.plan.model import Organisation, Pack
from cypp_desktop.plan.placeholders import is_placeholder
from cypp_desktop.report.layout_choice import best_layout
from cypp_desktop.report.layouts.model import PaperLayout, PrintFilter
from cypp_desktop.report.layouts.saved import (
    Declaration,
    declarations,
    definition_of_filter,
    find_layout,
    read_filter,
)
from cypp_desktop.report.layouts.words import priority_heading, priority_sources
from cypp_desktop.report.paper import Chapter, ContentsPart, CoverPart, PageSetup, Paper, PaperPart
from cypp_desktop.report.paper_builder import PaperBuilder, PrintLimits, colour_words, plan_title
from cypp_desktop.report.paper_kinds import PaperSize
from cypp_desktop.report.printed_fields import source
from cypp_desktop.store.queries import rows_in_order

COVER, CONTENTS, BEST_LAYOUT = "cover", "contents", "suited"
#: What stands together at the end of a pack.
_ANNEX: Final = ("conflicts", "placeholders")
_MOST_PARTS: Final = 60
_USUAL_SETUP: Final = PageSetup(paper=PaperSize.A4, landscape=True, size=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPlan:
    """What a pack holds, in order. ``size``, ``paper`` and ``filter`` are for all of it."""

    name: str
    title: str
    parts: tuple[str, ...]
    size: float | None = None
    paper: PaperSize | None = None
    landscape: bool | None = None
    filter: PrintFilter = field(default_factory=PrintFilter)

    def setup(self, usual: PageSetup) -> PageSetup:
        """The paper of one of its chapters, which usually stands on ``usual``."""
        return PageSetup(
            paper=usual.paper if self.paper is None else self.paper,
            landscape=usual.landscape if self.landscape is None else self.landscape,
            size=usual.size if self.size is None else self.size,
        )


_ALL: Final = (
    PackPlan(
        name="board",
        title="Board pack",
        parts=(COVER, CONTENTS, "rag-summary", BEST_LAYOUT, "exceptions", "recommendations", *_ANNEX),
    ),
    PackPlan(
        name="since-last-meeting",
        title="What changed since the last meeting",
        parts=(
            COVER, CONTENTS, "changes", "rag-summary", "exceptions", "overdue", "who-owes-what", *_ANNEX,
        ),
    ),
    PackPlan(
        name="organisation",
        title="Organisation pack",
        parts=(COVER, CONTENTS, BEST_LAYOUT, "who-owes-what", "overdue", "return-form", *_ANNEX),
    ),
)  # fmt: skip
PACKS: Final = {pack.name: pack for pack in _ALL}


def saved_packs(session: Session) -> dict[str, Any]:
    """The declarations of the plan's own packs by name, in order, as they are kept."""
    return declarations(session, Pack)


def find_pack(session: Session, name: str) -> PackPlan:
    """The pack of that name: the plan's own, or one that comes with the program.

    Raises UsageError where there is none, or where what the plan keeps of it cannot be read.
    """
    own = saved_packs(session)
    if name in own:
        return read_pack(name, own[name])
    if name in PACKS:
        return PACKS[name]
    raise UsageError(f"There is no pack called {name}. There are: {', '.join((*PACKS, *own))}.")


def read_pack(name: str, definition: Any) -> PackPlan:
    """The pack that a declaration describes. Raises UsageError where it is not one."""
    declaration = Declaration(f"The pack “{name}”", definition)
    parts = declaration.items("parts", _MOST_PARTS)
    if not parts or not all(isinstance(part, str) and part.strip() for part in parts):
        raise declaration.wrong("names no parts that can be read")
    return PackPlan(
        name=name,
        title=declaration.words("title") or name,
        parts=tuple(part.strip() for part in parts),
        size=declaration.size(0.0) if declaration.has("size") else None,
        paper=declaration.paper(PaperSize.A4) if declaration.has("paper") else None,
        landscape=declaration.flag("landscape", True) if declaration.has("landscape") else None,
        filter=read_filter(declaration, PrintFilter()),
    )


def definition_of_pack(pack: PackPlan) -> dict[str, Any]:
    """The declaration of a pack, as it is saved: what :func:`read_pack` reads."""
    found: dict[str, Any] = {"format": 1, "title": pack.title, "parts": list(pack.parts)}
    setup = {"size": pack.size, "paper": pack.paper, "landscape": pack.landscape}
    found |= {key: value for key, value in setup.items() if value is not None}
    if pack.filter:
        found |= definition_of_filter(pack.filter)
    return found


# ---------------------------------------------------------------------------------- a pack as a paper


def pack_paper(session: Session, pack: PackPlan, limits: PrintLimits) -> Paper:
    """A pack as a paper. Raises UsageError where one of its layouts cannot be had."""
    limits = replace(limits, filter=pack.filter.narrowed(limits.filter))
    builder = PaperBuilder(session, limits)
    setup = pack.setup(_USUAL_SETUP)
    cover: list[PaperPart] = []
    chapters: list[Chapter] = []
    for in_annex, names in groupby(pack.parts, lambda name: name in _ANNEX):
        if in_annex:
            chapters += _annex(builder, [_layout(session, pack, name) for name in names], setup)
            continue
        for name in names:
            if name == COVER:
                cover.append(_cover(builder, pack, limits))
            elif name == CONTENTS:
                chapters.append(Chapter(setup, (ContentsPart(),)))
            else:
                chapters += _chapter(builder, _layout(session, pack, name))
    if cover:
        chapters.insert(0, Chapter(setup, tuple(cover)))
    elif not chapters:
        chapters.append(Chapter(setup, (builder.heading(1, plan_title(builder.plan)),)))
    if not cover:  # nothing says on a page what the pack is called, and whose it is
        return builder.paper(chapters, "")
    return builder.paper(chapters, pack.title, builder.plan.partnership or "")


def _layout(session: Session, pack: PackPlan, name: str) -> PaperLayout:
    """A layout on the paper of the pack."""
    layout = best_layout(session) if name == BEST_LAYOUT else find_layout(session, name)
    setup = pack.setup(layout.setup)
    return replace(layout, paper=setup.paper, landscape=setup.landscape, size=setup.size)


def _chapter(builder: PaperBuilder, layout: PaperLayout) -> list[Chapter]:
    """A layout under its title; none where there is nothing of what is only printed where there is any."""
    if layout.optional_in_pack and not builder.has_any(layout):
        return []
    parts = (builder.heading(2, layout.title), *builder.parts(layout, 3))
    return [Chapter(layout.setup, parts)]


def _annex(builder: PaperBuilder, layouts: Sequence[PaperLayout], setup: PageSetup) -> list[Chapter]:
    parts: list[PaperPart] = []
    for layout in layouts:
        if builder.has_any(layout):
            if not parts:
                parts.append(builder.heading(2, "Annex"))
            parts += [builder.heading(3, layout.title), *builder.parts(layout, 4)]
    return [Chapter(setup, tuple(parts))] if parts else []


def _cover(builder: PaperBuilder, pack: PackPlan, limits: PrintLimits) -> CoverPart:
    """Title, for what part of the plan, partnership, document label, date and protective marking."""
    plan = builder.plan
    builder.printed.add(source(plan, "partnership", "area", "period", "status"))
    lines = [pack.title, *_limit_lines(builder, limits)]
    lines += [
        plan.partnership or "",
        ", ".join(filter(None, (plan.area, plan.period))),
        plan.document_label or "",
        f"Status: {plan.status}" if plan.status else "",
        day_in_words(limits.day.isoformat()),
        shown_marking(plan.protective_marking),
    ]
    return CoverPart(plan_title(plan), tuple(line for line in lines if line.strip()))


def _limit_lines(builder: PaperBuilder, limits: PrintLimits) -> list[str]:
    """For what part of the plan a pack is."""
    wanted = limits.filter
    lines: list[str] = []
    if wanted.organisation:
        organisation = builder.session.get(Organisation, wanted.organisation)
        if organisation is not None:
            builder.printed.add(source(organisation, "name"))
            lines.append(f"For {organisation.name}")
    for priority in builder.priorities:
        if priority.id in wanted.priorities:
            builder.printed.add(priority_sources(builder.plan, priority))
            lines.append(f"Only {priority_heading(builder.plan, priority)}")
    if wanted.rag:
        lines.append(f"Only {colour_words(wanted.rag)}")
    if limits.since:
        lines.append(f"Changes since {day_in_words(limits.since[:10])}")
    return lines


def organisations_with_work(session: Session) -> list[Organisation]:
    """The organisations that lead anything, "TBC" aside: for whom packs are made in one go."""
    listed = rows_in_order(session, Organisation)
    return [one for one in listed if one.leads and not is_placeholder(one.name)]
