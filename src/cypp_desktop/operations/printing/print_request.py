"""What a person asks of a print, and what there is to choose from. Plain values: no Qt, no plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from cypp_desktop.report.paper_kinds import FileKind, PaperSize

#: The papers to choose from in the window, a part of those that there are.
PAPERS: Final = (PaperSize.A4, PaperSize.A3)
#: The sizes of text to choose from, in points.
TEXT_SIZES: Final = (8.0, 9.0, 10.0, 11.0, 12.0, 14.0, 16.0, 18.0)


class PrintKind(StrEnum):
    """What is printed: the plan in one layout, or a pack of several."""

    LAYOUT = "layout"
    PACK = "pack"


@dataclass(frozen=True, kw_only=True)
class PrintRequest:
    """How the plan is to be printed. What is None is as the layout or pack has it.

    Without layout and pack, the layout that suits the plan best. ``draft`` is the declaration (JSON) of a
    layout or pack that is being made, shown in place of what is saved under that name. ``priority`` and
    ``organisation`` are ids, ``since`` a day in ISO form; ``exceptions`` leaves what is red or amber.
    ``data`` is asked anew each time that a plan is opened: what leaves with a file is not to be remembered.
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

    @property
    def kind(self) -> PrintKind:
        return PrintKind.PACK if self.pack else PrintKind.LAYOUT

    def for_settings(self) -> dict[str, Any]:
        """What the settings keep of it, by name: what is not as for a new person, but no drafts and data."""
        usual = PrintRequest()
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in ("draft", "data") and value != getattr(usual, field.name):
                found[field.name] = value
        return found

    @classmethod
    def from_settings(cls, kept: Mapping[str, Any]) -> PrintRequest:
        """The request that the settings keep; what cannot be read is as for a new person."""
        words = {key: value for key, value in kept.items() if isinstance(value, str)}
        landscape, size = kept.get("landscape"), kept.get("size")
        return cls(
            layout=words.get("layout"),
            pack=words.get("pack"),
            paper=words.get("paper") if words.get("paper") in PAPERS else None,
            landscape=landscape if isinstance(landscape, bool) else None,
            size=size if size in TEXT_SIZES and isinstance(size, int | float) else None,
            priority=words.get("priority"),
            organisation=words.get("organisation"),
            exceptions=kept.get("exceptions") is True,
            since=words.get("since"),
        )

    def declared(self) -> Any:
        """The declaration that is being made; None where none is."""
        return None if self.draft is None else json.loads(self.draft)

    def paper_changes(self) -> dict[str, Any]:
        """The paper, its turn and the size of text that a layout or pack is to have instead of its own."""
        given = {"paper": self.paper, "landscape": self.landscape, "size": self.size}
        return {key: value for key, value in given.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class FileRequest:
    """What is to be written as which kind of file. A PDF with a ``password`` opens with that only."""

    request: PrintRequest
    kind: FileKind
    password: str = ""


@dataclass(frozen=True, kw_only=True)
class PrintChoice:
    """A layout or pack to choose: what it is called in the plan, and its title.

    ``row`` is the id of the row that the plan keeps it in; None for those that come with the program.
    ``definition`` is its declaration; ``columns`` are all that a layout can have, key and usual heading.
    ``has_changes`` says that it lists what changed, and so asks since when.
    """

    name: str
    title: str
    definition: str
    row: str | None = None
    has_changes: bool = False
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it is one of the plan's own."""
        return self.row is not None


@dataclass(frozen=True, kw_only=True)
class PrintChoices:
    """What can be chosen for the plan as it is. The best layout is first; pairs are (id, words)."""

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


def _find(choices: Iterable[PrintChoice], name: str | None) -> PrintChoice | None:
    if name is None:
        return None
    return next((choice for choice in choices if name in (choice.name, choice.row)), None)
