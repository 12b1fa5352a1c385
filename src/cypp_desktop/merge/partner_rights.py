"""What a partner may see and change: one rule, for the gate that judges a return and for the window it is
written in.

A partner answers for the rows that were asked for and for what stands in them. What the partner made there
is the partner's own; what was there before keeps its place, its key and its round, and most of it stays. Of
single fields the model says it where it declares them (:class:`cypp_desktop.plan.base.Partner`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Final, Protocol

from cypp_desktop.plan.base import Partner, field_of, row_classes
from cypp_desktop.plan.readers import ReaderKind, column_may_leave
from cypp_desktop.plan.shape import ends_of
from cypp_desktop.store.log import RowKey

#: Rows that a partner may take away though others made them: the rest is the plan's own structure, or
#: somebody's text.
MAY_GO: Final = frozenset(("observation", "lead", "lead_person", "action_measure", "update_measure"))


@cache
def standing_columns(row_type: str) -> tuple[str, ...]:
    """The columns that say in what a row stands, what it joins, and which round it is for."""
    cls = row_classes().get(row_type)
    of_round = cls is not None and "round_id" in cls.__table__.columns
    return (*(column for column, _ in ends_of(row_type)), *(("round_id",) if of_round else ()))


@cache
def goes_along(row_type: str, field: str) -> bool:
    """Whether a return says what a field says; else it is emptied there, so that nobody can answer it."""
    known = field_of(row_type, field)
    return known is None or all(
        column_may_leave(ReaderKind.PARTNER, row_type, column) for column in known.columns
    )


@cache
def is_shown(row_type: str, field: str) -> bool:
    """Whether the window shows a field of a return."""
    known = field_of(row_type, field)
    return known is None or known.partner in (Partner.READS, Partner.ANSWERS)


@cache
def may_change(row_type: str, field: str) -> bool:
    """Whether a partner may change a field of a row that was there when the return was sent."""
    known = field_of(row_type, field)
    return known is not None and known.partner is Partner.ANSWERS


class RowsAskedFor(Protocol):
    """What was asked for: the ids of rows."""

    @property
    def measures(self) -> Collection[str]: ...

    @property
    def outcomes(self) -> Collection[str]: ...

    def holds(self, row_type: str, row_id: str) -> bool:
        """Whether this row is one of those asked for."""
        ...


class Rows(Protocol):
    """What is known of the rows of a return or of the plan that it came from."""

    def standing(self, key: RowKey) -> Mapping[str, Any] | None:
        """The :func:`standing_columns` of a row; None where there is no such row."""
        ...

    def is_partners(self, key: RowKey) -> bool:
        """Whether the partner has made the row."""
        ...

    def measures_of(self, key: RowKey) -> Iterable[str]:
        """The ids of the measures that an update covers or an action serves."""
        ...

    def named_by(self, key: RowKey) -> Iterable[RowKey]:
        """The leads and people that name an organisation, or the leads' links that name a person."""
        ...


class PartnerRights:
    """The rights in one return; ``round_id`` is the round that was asked for."""

    def __init__(self, asked: RowsAskedFor, round_id: str | None, rows: Rows) -> None:
        self._asked = asked
        self._round_id = round_id
        self._rows = rows
        self._known: dict[RowKey, bool] = {}

    def may_edit(self, key: RowKey) -> bool:
        """Whether a row is asked for, or stands in one that is, so that its fields may be changed."""
        if key not in self._known:
            self._known[key] = False  # rows that stand in each other stand in nothing
            row = self._rows.standing(key)
            self._known[key] = self._asked.holds(*key) or (row is not None and self._judge(key, row))
        return self._known[key]

    def may_change(self, key: RowKey, field: str) -> bool:
        """Whether this field of this row may be changed."""
        return self.may_edit(key) and (may_change(key[0], field) or self._rows.is_partners(key))

    def may_stand(self, key: RowKey, row: Mapping[str, Any]) -> bool:
        """Whether a row may stand where these columns say: in what was asked, there too."""
        return self._judge(key, row)

    def may_delete(self, key: RowKey) -> bool:
        """Whether a row may be deleted: values, leads, links, and what the partner made."""
        return self.may_edit(key) and (key[0] in MAY_GO or self._rows.is_partners(key))

    def forget(self) -> None:
        """Rows may stand elsewhere now."""
        self._known.clear()

    def _judge(self, key: RowKey, row: Mapping[str, Any]) -> bool:
        """Whether a row of which ``row`` says in what it stands is in something that was asked for."""
        row_type, _ = key
        match row_type:
            case "observation":
                return row["measure_id"] in self._asked.measures
            case "lead":
                owners = [(name, row[f"{name}_id"]) for name in ("measure", "outcome", "action")]
                return any(id_ is not None and self.may_edit((name, id_)) for name, id_ in owners)
            case "lead_person":
                return self.may_edit(("lead", row["lead_id"]))
            case "action_measure" | "update_measure":
                text = row_type.removesuffix("_measure")
                about_asked = row["measure_id"] in self._asked.measures
                return about_asked and self.may_edit((text, row[f"{text}_id"]))
            case "update" if row["round_id"] != self._round_id:
                return False
            case "action" | "update":
                return self._rows.is_partners(key) and self._is_about_asked(key, row)
            case "person" | "organisation":
                # one that nothing asked for names is nobody whom the partner was asked about
                named_by = self._rows.named_by(key) if self._rows.is_partners(key) else ()
                return any(self.may_edit(other) for other in named_by)
        return False

    def _is_about_asked(self, key: RowKey, row: Mapping[str, Any]) -> bool:
        if row["outcome_id"] in self._asked.outcomes:
            return True
        return any(measure_id in self._asked.measures for measure_id in self._rows.measures_of(key))
