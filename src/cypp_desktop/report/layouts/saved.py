"""An officer's own layouts, as the plan keeps them: read with care, written plainly.

A saved layout is one of ours with changes: ``{"format": 1, "based_on": "update", "columns": [{"column":
"measure", "heading": "KPI", "share": 30}, …], "priorities": [ids], "organisation": id, "rag": ["red",
"amber"], "paper": "A3", "landscape": true, "size": 12}``. Any key but ``based_on`` may be missing. The plan
may come from anybody and from a later version, so nothing in it is taken on trust.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.model import Pack, PrintLayout
from cypp_desktop.report.layouts.columns import COLUMNS
from cypp_desktop.report.layouts.model import LayoutColumn, PaperLayout, PrintFilter
from cypp_desktop.report.layouts.standard import LAYOUTS
from cypp_desktop.report.palette import Rag
from cypp_desktop.report.paper_kinds import SIZE_LIMITS, PaperSize
from cypp_desktop.store.queries import saved_definitions

FORMAT: Final = 1
_MOST_COLUMNS: Final = 20
_MOST_WORDS: Final = 200


def saved_layouts(session: Session) -> dict[str, Any]:
    """The declarations of the plan's own layouts by name, in order, as they are kept."""
    return declarations(session, PrintLayout)


def declarations(session: Session, kind: type[PrintLayout] | type[Pack]) -> dict[str, Any]:
    """What the plan keeps under each name, in order; None where it is no JSON."""
    found: dict[str, Any] = {}
    for _, name, definition in saved_definitions(session, kind):
        if name.strip() and name.strip() not in found:
            found[name.strip()] = _as_json(definition)
    return found


def _as_json(text: str) -> Any:
    """What a text holds; None where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def find_layout(session: Session, name: str) -> PaperLayout:
    """The layout of that name: the plan's own, or one that comes with the program.

    Raises UsageError where there is none, or where what the plan keeps of it cannot be read.
    """
    own = saved_layouts(session)
    if name in own:
        return read_layout(name, own[name])
    if name in LAYOUTS:
        return LAYOUTS[name]
    known = ", ".join((*LAYOUTS, *own))
    raise UsageError(f"There is no layout called {name}. There are: {known}.")


def read_layout(name: str, definition: Any) -> PaperLayout:
    """The layout that a declaration describes. Raises UsageError where it is not one."""
    declaration = Declaration(f"The layout “{name}”", definition)
    based_on = declaration.words("based_on")
    if based_on not in LAYOUTS:
        raise declaration.wrong("is not based on a layout that this version knows")
    base = LAYOUTS[based_on]
    return replace(
        base,
        name=name,
        title=declaration.words("title") or name,
        based_on=based_on,
        columns=_columns(declaration, base),
        filter=read_filter(declaration, base.filter),
        paper=declaration.paper(base.paper),
        landscape=declaration.flag("landscape", base.landscape),
        size=declaration.size(base.size),
    )


def definition_of(layout: PaperLayout) -> dict[str, Any]:
    """The declaration of a layout, as it is saved: what :func:`read_layout` reads."""
    columns: list[dict[str, Any]] = []
    for column in layout.columns:
        declared: dict[str, Any] = {"column": column.key, "share": column.share}
        if column.own_heading:
            declared["heading"] = column.own_heading
        columns.append(declared)
    found: dict[str, Any] = {
        "format": FORMAT,
        "based_on": layout.base,
        "title": layout.title,
        "columns": columns,
        "paper": layout.paper,
        "landscape": layout.landscape,
        "size": layout.size,
    }
    return found | definition_of_filter(layout.filter)


def definition_of_filter(wanted: PrintFilter) -> dict[str, Any]:
    """The keys that declare a filter: what :func:`read_filter` reads."""
    found: dict[str, Any] = {
        "rag": [rag for rag in Rag if rag in wanted.rag],
        "priorities": sorted(wanted.priorities),
    }
    if wanted.organisation:
        found["organisation"] = wanted.organisation
    return found


def columns_for(layout: PaperLayout) -> dict[str, LayoutColumn]:
    """The columns that a layout can have, by key: what an officer chooses from."""
    if layout.records is None:
        return COLUMNS
    return {column.key: column for column in LAYOUTS[layout.base].columns}


def _columns(declaration: Declaration, base: PaperLayout) -> tuple[LayoutColumn, ...]:
    listed = declaration.items("columns", _MOST_COLUMNS)
    if listed is None:
        return base.columns
    known = columns_for(base)
    usual = {column.key: column for column in base.columns}
    found: list[LayoutColumn] = []
    for item in listed:
        one = Declaration(
            declaration.name, item if isinstance(item, Mapping) else {"column": item}, checked=True
        )
        key = one.words("column")
        if key not in known:
            raise declaration.wrong("has a column that this version does not know")
        column = usual.get(key) or known[key]
        share = one.number("share", 1.0, 1000.0, column.share)
        found.append(replace(column, share=share, own_heading=one.words("heading") or None))
    if not found:
        raise declaration.wrong("has no columns")
    return tuple(found)


def read_filter(declaration: Declaration, base: PrintFilter) -> PrintFilter:
    """The filter that a declaration of a layout or pack asks for; that of ``base`` where it says nothing."""
    colours = declaration.items("rag", len(Rag))
    if colours is not None and any(colour not in tuple(Rag) for colour in colours):
        raise declaration.wrong("asks for a colour that there is not")
    chosen = declaration.items("priorities", 1_000) or ()
    if any(not isinstance(id_, str) for id_ in chosen):
        raise declaration.wrong("names a priority in a way that cannot be read")
    return PrintFilter(
        priorities=frozenset(chosen),
        organisation=declaration.words("organisation") or None,
        rag=base.rag if colours is None else frozenset(colours),
        with_values=base.with_values,
    )


class Declaration:
    """What the plan keeps of a layout or pack, read key by key. Raises UsageError for what is not usable."""

    def __init__(self, name: str, definition: Any, *, checked: bool = False) -> None:
        self.name = name
        if not isinstance(definition, Mapping):
            raise self.wrong("cannot be read")
        self._values = definition
        version = 1 if checked else definition.get("format", FORMAT)
        if isinstance(version, bool) or not isinstance(version, int) or version > FORMAT:
            raise UsageError(
                f"{name} was made by a later version of the program. Update the program, or make it anew."
            )

    def has(self, key: str) -> bool:
        return self._values.get(key) is not None

    def wrong(self, what: str) -> UsageError:
        return UsageError(f"{self.name} {what}. Make it anew, or print another.")

    def words(self, key: str) -> str:
        """Words on one line; empty where there are none."""
        value = self._values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > _MOST_WORDS:
            raise self.wrong(f"says something for “{key}” that cannot be read")
        return " ".join(value.split())

    def flag(self, key: str, usual: bool) -> bool:
        value = self._values.get(key, usual)
        if not isinstance(value, bool):
            raise self.wrong(f"says neither yes nor no for “{key}”")
        return value

    def number(self, key: str, least: float, most: float, usual: float) -> float:
        value = self._values.get(key, usual)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            raise self.wrong(f"needs a number from {least:g} to {most:g} for “{key}”")
        return float(value)

    def size(self, usual: float) -> float:
        """The size of the text, in points."""
        return self.number("size", *SIZE_LIMITS, usual)

    def paper(self, usual: PaperSize) -> PaperSize:
        value = self._values.get("paper", usual)
        if value not in tuple(PaperSize):
            raise self.wrong(f"needs one of {', '.join(PaperSize)} for “paper”")
        return PaperSize(value)

    def items(self, key: str, most: int) -> Sequence[Any] | None:
        """A list; None where there is none."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) > most:
            raise self.wrong(f"says something for “{key}” that cannot be read")
        if any(isinstance(one, (list, dict)) for one in value) and key != "columns":
            raise self.wrong(f"says something for “{key}” that cannot be read")
        return value
