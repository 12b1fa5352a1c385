"""What files bring, as a person looks at it: one item for each field or row, its sides, what was decided.

Only what these are; :mod:`cypp_desktop.merge.proposing` works them out of changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from cypp_desktop.merge.places import Place
from cypp_desktop.store.changes import COMBINED, CONFLICT, CREATED
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.union import DELETED_AND_EDITED

#: Kinds of item, beside COMBINED, CONFLICT and DELETED_AND_EDITED.
PLAIN: Final = "plain"
OUTSIDE: Final = "outside"
KINDS: Final = (PLAIN, COMBINED, CONFLICT, DELETED_AND_EDITED, OUTSIDE)

FieldKey = tuple[str, str, str]


class Side(NamedTuple):
    """What one party says: ``value`` is a stored value (of a whole row: its columns; None: deleted).

    ``file`` and ``organisation`` are None for the plan itself. ``changes`` are the ids it follows from.
    """

    value: Any
    author: str
    organisation: str | None = None
    file: str | None = None
    changes: tuple[str, ...] = ()


class Proposal(NamedTuple):
    """One edit that a file proposes: its last word on one field. ``files`` bring it, by name.

    ``standing`` is False where another change that comes in was made having seen it.
    """

    field: str
    change: str
    author: str
    organisation: str | None
    files: tuple[str, ...]
    before: Any
    value: Any
    standing: bool
    altered: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an item.

    ``how``: accept (what stands by itself), leave (open), ours, theirs (``side`` says whose, where they
    differ), both, edit (``value``), and confirm: the combined text was read and is right.
    """

    how: str
    value: Any = None
    side: int | None = None


@dataclass(slots=True)
class Item:
    """One thing to look at: a field (``field`` is its name), or a whole row (``*``).

    ``what`` says in one word what happens: edited, added, deleted, brought back, kept (someone deleted it,
    another edited it), held out (the plan's rules have no room for it) or gone. ``base``, ``ours`` and
    ``result`` are what all began with, what the plan says without these files, and what would stand.
    ``heads`` are the changes that a decision would name, with their values.
    """

    row_type: str
    row_id: str
    field: str
    kind: str
    what: str
    place: Place
    base: Any
    ours: Side | None
    theirs: tuple[Side, ...]
    result: Any
    heads: tuple[tuple[str, str], ...]
    proposals: tuple[Proposal, ...]
    decision: Decision
    deleted_here: bool = False
    order: tuple[tuple[int, str, str], ...] = ()

    @property
    def key(self) -> FieldKey:
        return self.row_type, self.row_id, self.field

    @property
    def row(self) -> RowKey:
        return self.row_type, self.row_id

    @property
    def is_row(self) -> bool:
        """Whether it is about a whole row."""
        return self.field == CREATED

    @property
    def altered(self) -> bool:
        """Whether part of it was edited outside the application."""
        return any(proposal.altered for proposal in self.proposals)
