"""What a partner may edit in a return: the rows asked for, what stands in them, and what the partner made.

The same rule by which a return is judged when it comes back, so that nothing written here turns out to be
outside what was asked. Reads only.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final, cast

from cypp_desktop.merge.extract import is_withheld
from cypp_desktop.plan.model import Action, Lead, Observation, Round, Update
from cypp_desktop.ui.returns.asked import AskedReturn, asked_of

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Editor

#: Fields that are shown nowhere in a return, beside those that are emptied in it.
_NOT_SHOWN: Final = frozenset((("measure", "key"), ("update", "round_id")))
_SENT = "SELECT row_id FROM change WHERE field = '*' AND step = (SELECT id FROM step ORDER BY seq LIMIT 1)"


def limits_of(editor: Editor) -> ReturnLimits | None:
    """What may be edited in an open file; None where it is a plan, and that is everything."""
    db = cast(sqlite3.Connection, editor.session.connection().connection.driver_connection)
    asked = asked_of(db)
    return ReturnLimits(editor, asked, {id_ for (id_,) in db.execute(_SENT)}) if asked else None


class ReturnLimits:
    """The scope of one return, for as long as it is open."""

    def __init__(self, editor: Editor, asked: AskedReturn, sent: set[str]) -> None:
        """``sent`` are the ids of the rows that were in the file when it was sent."""
        self._editor = editor
        self._asked = asked
        self._sent = sent

    @property
    def round(self) -> Round | None:
        """The round that is asked for."""
        round_id = self._asked.round_id
        return self._editor.find(Round, round_id) if round_id is not None else None

    def allows(self, row: Row) -> bool:
        """Whether the fields of a row may be edited."""
        if self._asked.holds(row.row_type, row.id):
            return True
        match row:
            case Observation():
                return row.measure_id in self._asked.measures
            case Lead():
                owner = row.measure or row.outcome or row.action
                return owner is not None and self.allows(owner)
            case Update() if row.round_id != self._asked.round_id:
                return False
            case Update() | Action():
                return self._made_here(row) and self._is_about_asked(row)
        return row.row_type in ("person", "organisation") and self._made_here(row)

    def may_go(self, row: Row) -> bool:
        """Whether a row may be deleted: values, leads, and what was made here."""
        return self.allows(row) and (isinstance(row, Observation | Lead) or self._made_here(row))

    def withholds(self, row_type: str, field: str) -> bool:
        """Whether a field is not shown: working notes are the holder's own."""
        return (row_type, field) in _NOT_SHOWN or (field == "note" and is_withheld(row_type, field))

    def _made_here(self, row: Row) -> bool:
        return row.id not in self._sent

    def _is_about_asked(self, row: Update | Action) -> bool:
        if row.outcome_id in self._asked.outcomes:
            return True
        return any(link.measure_id in self._asked.measures for link in row.measure_links)
