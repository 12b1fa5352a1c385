"""What rows of a plan are about: measures that are covered, leads, names; each once, however often it comes.

Columns that are merged over many rows say "the same as above" of all of them, so that a small document could
stand for any number of links: they are counted, and there is an end.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.word.cells import copied
from cypp_desktop.exchange.word.draft import PlanRow

_MOST_LINKS = 50_000  # and some for each row of the document
_LINKS_PER_ROW = 20
_TOO_MANY = (
    "Cells of this Word document are merged so that its rows would have more leads and measures than a plan "
    "can hold. Split the cells that are merged over very many rows, and import it again."
)


class RowLinks:
    """Adds measures and leads to rows. ``rows`` counts the rows of the document read so far."""

    def __init__(self) -> None:
        self.rows = 0
        self._made = 0
        self._known: dict[tuple[int, str], set[Hashable]] = {}

    def add(self, row: PlanRow, name: str, others: Sequence[PlanRow]) -> list[PlanRow]:
        """Add those of ``others`` that the row's list ``name`` lacks; those that it has already."""
        listed: list[PlanRow] = row[name]
        known = self._known.setdefault((id(row), name), set())
        before = len(listed)
        again: list[PlanRow] = []
        for other in others:
            key: Hashable = _said(other) if name == "leads" else id(other)
            if key not in known:
                known.add(key)
                listed.append(copied(other) if name == "leads" else other)
            else:
                again.append(other)
        self._made += len(listed) - before
        if self._made > _MOST_LINKS + _LINKS_PER_ROW * self.rows:
            raise ImportProblem(_TOO_MANY)
        return again


def _said(lead: PlanRow) -> Hashable:
    """A lead as something to look up: two that say the same are one."""
    return tuple((key, tuple(said) if isinstance(said, list) else said) for key, said in sorted(lead.items()))


class Names:
    """Adds names to lists of names."""

    def __init__(self) -> None:
        self._known: dict[int, set[str]] = {}

    def add(self, listed: list[str], name: str) -> bool:
        """Adds a name, unless it is there; what begins small goes on the name before. False: it is there."""
        known = self._known.setdefault(id(listed), set(listed))
        begins_small = re.match(r"^[a-z(]", name) and not re.match(r"^[a-z]\W", name)
        if listed and begins_small:
            known.discard(listed[-1])
            listed[-1] += " " + name
            known.add(listed[-1])
            return True
        if name in known:
            return False
        known.add(name)
        listed.append(name)
        return True
