"""Who may be given what of a plan: the one rule, asked by every way in which words of a plan leave it.

A return, a print and the data in it, an export and the log ask here for each column of each row. What a field
is (a working note, how to reach somebody, nobody's business outside) is said where the model declares it;
here is said what follows from that for each reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Protocol

from cypp_desktop.plan.base import Partner, field_of, fields_of, row_classes


class ReaderKind(Enum):
    """Who reads what leaves."""

    #: Who keeps the plan: its file, the working copy and the backups.
    KEEPER = "keeper"
    #: Somebody of the same office, who is given a whole copy.
    COLLEAGUE = "colleague"
    #: Whoever is given the plan exported, working notes included.
    EXPORT = "export"
    EXPORT_WITHOUT_NOTES = "export without working notes"
    #: An organisation that answers a return.
    PARTNER = "partner"
    #: Whoever sees a print, on paper or as a file.
    PAPER = "paper"
    #: Whoever is sent the log of the program's own faults.
    LOG = "log"


class Chosen(Protocol):
    """What of a plan was chosen for a reader: the rows of a return, what stands on a print."""

    def holds(self, row_type: str, row_id: str, column: str) -> bool:
        """Whether it has this column of this row."""
        ...


#: The readers who are given the plan as it is; all others are given what was chosen for them.
_OF_THE_WHOLE = frozenset(
    {ReaderKind.KEEPER, ReaderKind.COLLEAGUE, ReaderKind.EXPORT, ReaderKind.EXPORT_WITHOUT_NOTES}
)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A reader, with what was ``chosen`` for one who is not given the whole plan."""

    kind: ReaderKind
    chosen: Chosen | None = None


def may_leave(reader: Reader, row_type: str, row_id: str, column: str) -> bool:
    """Whether this reader may be given what this column of this row says."""
    if not column_may_leave(reader.kind, row_type, column):
        return False
    if reader.kind in _OF_THE_WHOLE:
        return True
    return reader.chosen is not None and reader.chosen.holds(row_type, row_id, column)


@cache
def field_may_leave(kind: ReaderKind, row_type: str, name: str) -> bool:
    """Whether such a reader may be given what this field says of any row; of one that nobody knows, not."""
    field = field_of(row_type, name)
    return field is not None and all(column_may_leave(kind, row_type, column) for column in field.columns)


@cache
def column_may_leave(kind: ReaderKind, row_type: str, column: str) -> bool:
    """Whether such a reader may be given what this column says of any row."""
    if kind is ReaderKind.LOG:
        return False
    if kind in (ReaderKind.KEEPER, ReaderKind.COLLEAGUE):
        return True
    cls = row_classes()[row_type]
    if cls.is_book:
        return False
    if column == "id":
        return True
    name = cls.__table__.columns[column].info.get("field", column)
    field = fields_of(cls)[name]
    if kind is ReaderKind.EXPORT:
        return True
    if field.about.is_note or field.about.is_contact:
        return False
    return kind is not ReaderKind.PARTNER or field.partner is not Partner.KEPT_FROM
