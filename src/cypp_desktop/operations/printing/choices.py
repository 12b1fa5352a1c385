"""The layouts and packs of a plan, and what part of it can be printed, as choices of a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.operations.printing.print_request import PrintChoice, PrintChoices
from cypp_desktop.plan.model import Pack, PrintLayout
from cypp_desktop.report.layouts.model import PaperLayout, PrintScope
from cypp_desktop.report.layouts.saved import columns_for, definition_of, read_layout, saved_layouts
from cypp_desktop.report.layouts.standard import LAYOUTS
from cypp_desktop.report.layouts.words import priority_heading
from cypp_desktop.report.packs import (
    PACKS,
    PackPlan,
    definition_of_pack,
    organisations_with_work,
    read_pack,
    saved_packs,
)
from cypp_desktop.store.queries import current_round, priorities, saved_definitions, the_plan

#: The layout that lists what changed, and so asks since when.
_CHANGES = "changes"


def print_choices(session: Session, whole_plan_layouts: Sequence[str]) -> PrintChoices:
    """What there is to choose from; ``whole_plan_layouts`` are the names that come first."""
    plan = the_plan(session)
    rows = LAYOUTS[whole_plan_layouts[0]].rows
    scope = PrintScope(session=session, plan=plan, round=current_round(session), rows=rows)
    problems: list[str] = []
    own_layouts = _own_layouts(session, scope, problems)
    own_packs = _own_packs(session, problems)
    replaced = {choice.name for choice in own_layouts}
    first = [name for name in whole_plan_layouts if name not in replaced]
    others = [name for name in LAYOUTS if name not in whole_plan_layouts and name not in replaced]
    return PrintChoices(
        layouts=(
            *(_layout_choice(LAYOUTS[name], scope) for name in first),
            *own_layouts,
            *(_layout_choice(LAYOUTS[name], scope) for name in others),
        ),
        packs=(*own_packs, *map(_pack_choice, PACKS.values())),
        priorities=tuple((row.id, priority_heading(plan, row)) for row in priorities(session)),
        organisations=tuple((row.id, row.name) for row in organisations_with_work(session)),
        problems=tuple(problems),
    )


def _own_layouts(session: Session, scope: PrintScope, problems: list[str]) -> list[PrintChoice]:
    """The plan's own layouts; what cannot be read is told in ``problems``."""
    found: list[PrintChoice] = []
    for name, definition in saved_layouts(session).items():
        try:
            choice = _layout_choice(read_layout(name, definition), scope)
        except UsageError as problem:
            problems.append(str(problem))
        else:
            found.append(replace(choice, row=_row_id(session, PrintLayout, name)))
    return found


def _own_packs(session: Session, problems: list[str]) -> list[PrintChoice]:
    found: list[PrintChoice] = []
    for name, definition in saved_packs(session).items():
        try:
            choice = _pack_choice(read_pack(name, definition))
        except UsageError as problem:
            problems.append(str(problem))
        else:
            found.append(replace(choice, row=_row_id(session, Pack, name)))
    return found


def _row_id(session: Session, kind: type[PrintLayout] | type[Pack], name: str) -> str | None:
    """The row that the plan keeps something of that name in."""
    for id_, called, _ in saved_definitions(session, kind):
        if called.strip() == name:
            return id_
    return None


def _layout_choice(layout: PaperLayout, scope: PrintScope) -> PrintChoice:
    usual = dict(columns_for(layout))
    for column in layout.columns:
        usual[column.key] = replace(column, own_heading=None)
    return PrintChoice(
        name=layout.name,
        title=layout.title,
        definition=json.dumps(definition_of(layout)),
        has_changes=layout.base == _CHANGES,
        columns=tuple((key, " ".join(column.heading(scope).split())) for key, column in usual.items()),
    )


def _pack_choice(pack: PackPlan) -> PrintChoice:
    return PrintChoice(
        name=pack.name,
        title=pack.title,
        definition=json.dumps(definition_of_pack(pack)),
        has_changes=_CHANGES in pack.parts,
    )
