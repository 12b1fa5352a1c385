"""What a person asks of a print, and what there is to choose from. Plain values: no Qt, no plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

#: The papers offered, a part of those that `report.build` knows.
PAPERS: Final = ("A4", "A3")
#: The sizes of text offered, in points.
TEXT_SIZES: Final = (8.0, 9.0, 10.0, 11.0, 12.0, 14.0, 16.0, 18.0)
#: From this size on it is called large print.
LARGE_PRINT: Final = 12.0


@dataclass(frozen=True)
class PrintRequest:
    """How the plan is to be printed. What is None is as the layout or pack has it.

    Without layout and pack, the layout that suits the plan best. ``draft`` is the declaration (JSON) of a
    layout or pack that is being made, shown in place of what is kept under that name. ``priority`` and
    ``organisation`` are ids, ``since`` a day in ISO form; ``exceptions`` leaves what is red or amber.
    ``data`` is wanted anew each time that a plan is opened: what leaves with a file is not to be remembered.
    """

    layout: str | None = None
    pack: str | None = None
    draft: str | None = None
    paper: str | None = None
    landscape: bool | None = None
    size: float | None = None
    priority: str | None = None
    organisation: str | None = None
    exceptions: bool = False
    since: str | None = None
    data: bool = False

    def kept(self) -> dict[str, Any]:
        """What of it is not as it is for a new person, by name; no drafts and no data."""
        usual = PrintRequest()
        names = [one.name for one in fields(self) if one.name not in ("draft", "data")]
        return {name: value for name in names if (value := getattr(self, name)) != getattr(usual, name)}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> PrintRequest:
        """The wish that the settings keep; what cannot be read is as for a new person."""

        def words(key: str) -> str | None:
            value = kept.get(key)
            return value if isinstance(value, str) else None

        landscape, size = kept.get("landscape"), kept.get("size")
        return cls(
            layout=words("layout"),
            pack=words("pack"),
            paper=paper if (paper := words("paper")) in PAPERS else None,
            landscape=landscape if isinstance(landscape, bool) else None,
            size=size if size in TEXT_SIZES and isinstance(size, int | float) else None,
            priority=words("priority"),
            organisation=words("organisation"),
            exceptions=kept.get("exceptions") is True,
            since=words("since"),
        )

    def declared(self) -> Any:
        """The declaration that is being made; None where none is."""
        return None if self.draft is None else json.loads(self.draft)


@dataclass(frozen=True)
class PrintChoice:
    """A layout or pack to choose: what it is called in the plan, and its title.

    ``row`` is the id of the row that the plan keeps it in; None for those that come with the program.
    ``definition`` is its declaration; ``columns`` are all that a layout can have, key and usual heading.
    ``dated`` says that it asks from when on changes are shown.
    """

    name: str
    title: str
    definition: str
    row: str | None = None
    dated: bool = False
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PrintChoices:
    """What can be chosen for the plan as it is. The best suited layout is first; pairs are (id, words)."""

    layouts: tuple[PrintChoice, ...] = ()
    packs: tuple[PrintChoice, ...] = ()
    priorities: tuple[tuple[str, str], ...] = ()
    organisations: tuple[tuple[str, str], ...] = ()
    #: what the plan keeps but this version cannot read, in words
    problems: tuple[str, ...] = ()

    def layout(self, name: str | None) -> PrintChoice | None:
        """The layout of that name, or in that row."""
        return _find(self.layouts, name)

    def pack(self, name: str | None) -> PrintChoice | None:
        """The pack of that name, or in that row."""
        return _find(self.packs, name)


def _find(offered: tuple[PrintChoice, ...], name: str | None) -> PrintChoice | None:
    return next((one for one in offered if name is not None and name in (one.name, one.row)), None)
