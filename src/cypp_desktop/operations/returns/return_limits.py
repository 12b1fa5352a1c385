"""What a partner may edit in a return: the rows asked for, what stands in them, and what the partner made.

The same rule by which a return is judged when it comes back, so that nothing written here turns out to be
outside what was asked. Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cypp_desktop.merge.partner_rights import PartnerRights, is_shown, standing_columns
from cypp_desktop.operations.returns.asked_return import AskedReturn, asked_of
from cypp_desktop.plan.model import Action, Organisation, Person, Round, Update
from cypp_desktop.store.sqlite_queries import rows_made_by_first_step

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Editor
    from cypp_desktop.store.log import RowKey


def limits_of(editor: Editor) -> ReturnLimits | None:
    """What may be edited in an open file; None where it is a plan, and that is everything."""
    asked = asked_of(editor.sqlite)
    if asked is None:
        return None
    return ReturnLimits(editor, asked, rows_made_by_first_step(editor.sqlite))


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
        return self._rights().may_edit((row.row_type, row.id))

    def may_go(self, row: Row) -> bool:
        """Whether a row may be deleted."""
        return self._rights().may_delete((row.row_type, row.id))

    def withholds(self, row_type: str, field: str) -> bool:
        """Whether a field is not shown."""
        return not is_shown(row_type, field)

    def _rights(self) -> PartnerRights:
        return PartnerRights(self._asked, self._asked.round_id, self)

    # ------------------------------------------------------------------ what is known of the rows

    def standing(self, key: RowKey) -> Mapping[str, Any] | None:
        """In what a row stands, as the return says it."""
        row = self._editor.row(*key)
        if row is None:
            return None
        return {column: getattr(row, column) for column in standing_columns(key[0])}

    def is_partners(self, key: RowKey) -> bool:
        """Whether the row was made here."""
        return key[1] not in self._sent

    def measures_of(self, key: RowKey) -> list[str]:
        """The ids of the measures that an update or action is about."""
        row = self._editor.row(*key)
        return [link.measure_id for link in row.measure_links] if isinstance(row, Update | Action) else []

    def named_by(self, key: RowKey) -> list[RowKey]:
        """The leads and people that name an organisation, or the leads' links that name a person."""
        row = self._editor.row(*key)
        if isinstance(row, Organisation):
            return [(other.row_type, other.id) for other in (*row.leads, *row.people)]
        return [(link.row_type, link.id) for link in row.lead_links] if isinstance(row, Person) else []
