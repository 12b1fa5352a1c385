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

from sqlalchemy import select
from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.model import Organisation, Pack
from cypp_desktop.plan.placeholders import is_placeholder
from cypp_desktop.report.layout_choice import layouts_best_first
from cypp_desktop.report.layouts.model import Layout, PrintFilter
from cypp_desktop.report.layouts.saved import (
    PAPER_NAMES,
    SIZES,
    Declaration,
    declarations,
    definition_of_filter,
    find_layout,
    read_filter,
)
from cypp_desktop.report.layouts.words import priority_heading, priority_sources
from cypp_desktop.report.paper import Chapter, ContentsPart, CoverPart, PageSetup, Paper, PaperPart
from cypp_desktop.report.paper_builder import PaperBuilder, PrintLimits, colour_words, paper_of, plan_title
from cypp_desktop.report.printed_fields import source

COVER, CONTENTS, SUITED = "cover", "contents", "suited"
#: What stands together at the end of a pack, and is left out where there is nothing of it.
_ANNEX: Final = ("conflicts", "placeholders")
_WHERE_ANY: Final = (*_ANNEX, "recommendations")
_MOST_PARTS: Final = 60


@dataclass(frozen=True, slots=True)
class PackPlan:
    """What a pack holds, in order. ``size``, ``paper`` and ``filter`` are for all of it."""

    name: str
    title: str
    parts: tuple[str, ...]
    size: float | None = None
    paper: str | None = None
    landscape: bool | None = None
    filter: PrintFilter = field(default_factory=PrintFilter)


PACKS: Final[dict[str, PackPlan]] = {
    pack.name: pack
    for pack in (
        PackPlan(
            "board",
            "Board pack",
            (COVER, CONTENTS, "rag-summary", SUITED, "exceptions", "recommendations", *_ANNEX),
        ),
        PackPlan(
            "since-last-meeting",
            "What changed since the last meeting",
            (COVER, CONTENTS, "changes", "rag-summary", "exceptions", "overdue", "who-owes-what", *_ANNEX),
        ),
        PackPlan(
            "organisation",
            "Organisation pack",
            (COVER, CONTENTS, SUITED, "who-owes-what", "overdue", "return-form", *_ANNEX),
        ),
    )
}


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
    said = Declaration(f"The pack “{name}”", definition)
    parts = said.items("parts", _MOST_PARTS)
    if not parts or not all(isinstance(part, str) and part.strip() for part in parts):
        raise said.wrong("names no parts that can be read")
    return PackPlan(
        name,
        said.words("title") or name,
        tuple(part.strip() for part in parts),
        said.number("size", *SIZES, 0.0) if said.has("size") else None,
        said.choice("paper", PAPER_NAMES, "") if said.has("paper") else None,
        said.flag("landscape", True) if said.has("landscape") else None,
        read_filter(said, PrintFilter()),
    )


def definition_of_pack(pack: PackPlan) -> dict[str, Any]:
    """The declaration of a pack, as it is saved: what :func:`read_pack` reads."""
    found: dict[str, Any] = {"format": 1, "title": pack.title, "parts": list(pack.parts)}
    for key in ("size", "paper", "landscape"):
        if getattr(pack, key) is not None:
            found[key] = getattr(pack, key)
    return found | (definition_of_filter(pack.filter) if pack.filter else {})


def pack_paper(session: Session, pack: PackPlan, wishes: PrintLimits) -> Paper:
    """A pack as a paper. Raises UsageError where one of its layouts cannot be had."""
    wishes = replace(wishes, filter=pack.filter.narrowed(wishes.filter))
    content = PaperBuilder(session, wishes)
    setup = _setup(pack, PageSetup(pack.paper or "A4", landscape=True, size=pack.size or 10.0))
    front: list[PaperPart] = []
    chapters: list[Chapter] = []
    for in_annex, names in groupby(pack.parts, lambda name: name in _ANNEX):
        if in_annex:
            chapters += _annex(content, [_layout(session, pack, name) for name in names], setup)
            continue
        for name in names:
            if name == COVER:
                front.append(_cover(content, pack, wishes))
            elif name == CONTENTS:
                chapters.append(Chapter(setup, (ContentsPart(),)))
            else:
                chapters += _chapter(content, _layout(session, pack, name))
    if front:
        chapters.insert(0, Chapter(setup, tuple(front)))
    if not chapters:
        chapters = [Chapter(setup, (content.heading(1, plan_title(content.plan)),))]
    if not front:  # nothing says on a page what the pack is called, and whose it is
        return paper_of(content, chapters, "")
    return paper_of(content, chapters, pack.title, content.plan.partnership or "")


def _setup(pack: PackPlan, usual: PageSetup) -> PageSetup:
    return PageSetup(
        usual.paper if pack.paper is None else pack.paper,
        usual.landscape if pack.landscape is None else pack.landscape,
        usual.size if pack.size is None else pack.size,
    )


def _layout(session: Session, pack: PackPlan, name: str) -> Layout:
    layout = layouts_best_first(session)[0] if name == SUITED else find_layout(session, name)
    setup = _setup(pack, PageSetup(layout.paper, layout.landscape, layout.size))
    return replace(layout, paper=setup.paper, landscape=setup.landscape, size=setup.size)


def _chapter(content: PaperBuilder, layout: Layout) -> list[Chapter]:
    """A layout under its title; none where there is nothing of what is only printed where there is any."""
    if layout.base in _WHERE_ANY and not content.has_any(layout):
        return []
    parts = (content.heading(2, layout.title), *content.parts(layout, 3))
    return [Chapter(PageSetup(layout.paper, layout.landscape, layout.size), parts)]


def _annex(content: PaperBuilder, layouts: Sequence[Layout], setup: PageSetup) -> list[Chapter]:
    parts: list[PaperPart] = []
    for layout in layouts:
        if content.has_any(layout):
            if not parts:
                parts.append(content.heading(2, "Annex"))
            parts += [content.heading(3, layout.title), *content.parts(layout, 4)]
    return [Chapter(setup, tuple(parts))] if parts else []


def _cover(content: PaperBuilder, pack: PackPlan, wishes: PrintLimits) -> CoverPart:
    """Title, for what part of the plan, partnership, document label, date and protective marking."""
    plan, wanted = content.plan, wishes.filter
    content.printed.add(source(plan, "partnership", "area", "period", "status"))
    lines = [pack.title]
    organisation = content.session.get(Organisation, wanted.organisation) if wanted.organisation else None
    if organisation is not None:
        content.printed.add(source(organisation, "name"))
        lines.append(f"For {organisation.name}")
    for priority in content.priorities:
        if priority.id in wanted.priorities:
            content.printed.add(priority_sources(plan, priority))
            lines.append(f"Only {priority_heading(plan, priority)}")
    if wanted.rag:
        lines.append(f"Only {colour_words(wanted.rag)}")
    if wishes.since:
        lines.append(f"Changes since {day_in_words(wishes.since[:10])}")
    lines += [
        plan.partnership or "",
        ", ".join(filter(None, (plan.area, plan.period))),
        plan.document_label or "",
        f"Status: {plan.status}" if plan.status else "",
        day_in_words(wishes.day.isoformat()),
        plan.protective_marking or "",
    ]
    return CoverPart(plan_title(plan), tuple(line for line in lines if line.strip()))


def organisations_with_work(session: Session) -> list[Organisation]:
    """The organisations that lead anything, "TBC" aside: for whom packs are made in one go."""
    listed = session.scalars(select(Organisation).order_by(Organisation.sort_key, Organisation.id))
    return [one for one in listed if one.leads and not is_placeholder(one.name)]
