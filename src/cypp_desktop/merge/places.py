"""Where many rows stand, worked out together: by address, in words, and in the plan's order.

Says the same as :mod:`cypp_desktop.store.addresses`, but in a few statements for thousands of rows of any
kind, and also for rows that are no longer in the plan. Reads only what stands beside the rows asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sqlalchemy.engine import Connection

from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.row_names import RowName, trail
from cypp_desktop.plan.shape import is_of_plan, links_of, list_words, owners_of, stored_label
from cypp_desktop.plan.words import cut, row_words
from cypp_desktop.store.addresses import address_in, address_parts
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.rows import all_rows, covered_measures, rows_by

#: The parts of the plan in the order in which they are gone through.
_ORDER: Final = (
    "plan", "round", "priority", "lead", "outcome", "measure", "observation", "action", "update",
    "action_measure", "update_measure", "lead_person", "section", "recommendation", "organisation", "person",
)  # fmt: skip
#: The columns by which rows are told that have no name of their own, and by which a link is.
_NAMED_BY: Final = {
    "lead": "organisation_id",
    "update": "round_id",
    **{row_type: cls.joins for row_type, cls in row_classes().items() if cls.joins is not None},
}


_DELETED: Final = " (deleted)"


@dataclass(frozen=True, slots=True)
class RowPlace:
    """``address`` finds the row (None: it is not in the plan); ``words`` are for people: "1 › 1a › i".

    ``name`` is what tells a row from others of its kind at one place: "lead City Council", "update for 2018";
    of a link that of the row to which it belongs, and ``joined`` is the row at its other end.
    """

    address: str | None
    words: str
    name: str = ""
    joined: str = ""

    @property
    def never_deleted(self) -> RowPlace:
        """The place of a row that is not in the plan because it never was."""
        return replace(self, words=self.words.removesuffix(_DELETED))


class Places:
    """Answers for the rows given to :meth:`load`; made for one moment of a plan."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[RowKey, Mapping[str, Any]] = {}
        self._gone: set[RowKey] = set()
        self._lists: dict[tuple[str, str | None], list[Mapping[str, Any]]] = {}
        self._parts: dict[tuple[str, str | None], dict[str, str]] = {}
        self._covered: dict[RowKey, list[RowName]] = {}
        self._names: dict[RowKey, str] = {}
        self._row_names: dict[RowKey, RowName] = {}
        self._places: dict[RowKey, RowPlace] = {}
        self._orders: dict[RowKey, tuple[tuple[int, str, str], ...]] = {}

    def load(self, keys: Iterable[RowKey], gone: Mapping[RowKey, Mapping[str, Any]] | None = None) -> None:
        """Read what is needed to place these rows; ``gone`` gives the last values of rows not in the plan."""
        for (row_type, row_id), values in (gone or {}).items():
            self._rows.setdefault((row_type, row_id), {**values, "id": row_id})
            self._gone.add((row_type, row_id))
        waiting = {*keys, *self._gone}
        while waiting:
            self._read(waiting - self._rows.keys())
            owners = {owner for key in waiting if (owner := self._owner(key)) is not None}
            waiting = owners - self._rows.keys()
        lists: dict[str, set[str | None]] = {}
        for row_type, row_id in self._rows:
            if (row_type, row_id) not in self._gone and row_type in list_words():
                owner = self._owner((row_type, row_id))
                lists.setdefault(row_type, set()).add(owner[1] if owner else None)
        for row_type, owner_ids in lists.items():
            self._read_lists(row_type, owner_ids)
        self._read_covered()
        self._read_names({key for key in self._rows if key[0] in _NAMED_BY})

    def place(self, key: RowKey) -> RowPlace:
        """Where a row stands."""
        if key not in self._places:
            gone = key in self._gone or key not in self._rows
            words = self._words(key)
            address = None if gone else self._address(key)
            cls = row_classes()[key[0]]
            owner = self._owner(key) if cls.joins is not None else key
            self._places[key] = RowPlace(
                address,
                words + _DELETED if gone else words,
                self._kind_and_name(owner) if owner is not None else "",
                self._kind_and_name(self._joined(key)) if cls.joins is not None else "",
            )
        return self._places[key]

    def order(self, key: RowKey) -> tuple[tuple[int, str, str], ...]:
        """Sorts rows as the plan is gone through: what stands in a row comes after it."""
        if key not in self._orders:
            rank = _ORDER.index(key[0]) if key[0] in _ORDER else len(_ORDER)
            row, owner = self._rows.get(key) or {}, self._owner(key)
            above = self.order(owner) if owner is not None else ()
            self._orders[key] = (*above, (rank, str(row.get("sort_key") or ""), key[1]))
        return self._orders[key]

    # ------------------------------------------------------------------ reading

    def _read(self, keys: Iterable[RowKey]) -> None:
        by_type: dict[str, list[str]] = {}
        for row_type, row_id in keys:
            by_type.setdefault(row_type, []).append(row_id)
        for row_type, ids in by_type.items():
            for row in rows_by(self._connection, row_type, _columns(row_type), "id", ids):
                self._rows[row_type, row["id"]] = row

    def _read_lists(self, row_type: str, owners: set[str | None]) -> None:
        columns = _columns(row_type)
        if not owners_of(row_type):
            self._lists[row_type, None] = all_rows(self._connection, row_type, columns)
            return
        ids = [owner for owner in owners if owner is not None]
        for column, _ in owners_of(row_type):
            for row in rows_by(self._connection, row_type, columns, column, ids):
                self._lists.setdefault((row_type, row[column]), []).append(row)

    def _read_covered(self) -> None:
        for text, link in ((text, links_of(text)) for text in row_classes()):
            if link is None:
                continue
            ids = [row_id for row_type, row_id in self._rows if row_type == text]
            for row_id, code, title in covered_measures(self._connection, text, link, ids):
                self._covered.setdefault((text, row_id), []).append(RowName("measure", code, title))

    def _read_names(self, keys: Iterable[RowKey]) -> None:
        """Read what rows are called that name others: the organisation of a lead, the person at a link."""
        by_type: dict[str, set[str]] = {}
        for key in keys:
            column = _NAMED_BY[key[0]]
            named = self._rows[key].get(column)
            if named:
                by_type.setdefault(column.removesuffix("_id"), set()).add(named)
        for row_type, ids in by_type.items():
            for row in rows_by(self._connection, row_type, _columns(row_type), "id", sorted(ids)):
                self._names[row_type, row["id"]] = cut(RowName.of_values(row_type, row).label)

    # ------------------------------------------------------------------ saying

    def _joined(self, key: RowKey) -> RowKey:
        """The row at the other end of a link."""
        column = row_classes()[key[0]].joins or ""
        return column.removesuffix("_id"), str((self._rows.get(key) or {}).get(column) or "")

    def _kind_and_name(self, key: RowKey) -> str:
        """A row with its kind: "measure ii Breastfeeding", "value for City 2016/17", "the update"."""
        row_type, row = key[0], self._rows.get(key) or {}
        column = _NAMED_BY.get(row_type)
        name = self._names.get(key, "")
        if column is not None and row_classes()[row_type].joins is None:
            name = self._names.get((column.removesuffix("_id"), str(row.get(column))), "")
        elif not name:
            name = cut(RowName.of_values(row_type, row).label)
        if row_type == "observation":
            name = " ".join(str(row[part]) for part in ("area", "series", "period") if row.get(part))
        if row_type == "person" and name:
            return name
        between = " for " if row_type in ("update", "observation") and name else " "
        return f"{row_words(row_type)}{between}{name}".strip()

    def _owner(self, key: RowKey) -> RowKey | None:
        row = self._rows.get(key)
        for column, owner in owners_of(key[0]):
            if row is not None and row.get(column):
                return owner, row[column]
        return None

    def _address(self, key: RowKey) -> str:
        row_type, _ = key
        owner = self._owner(key)
        if row_type == "plan":
            return "plan"
        if row_classes()[row_type].joins is not None:
            return self.place(owner).address or row_type if owner else row_type
        word = list_words().get(row_type)
        if word is None or (owner is None and not is_of_plan(row_type)):
            return row_type
        above = str(self.place(owner).address) if owner is not None else None
        return address_in(above, row_type, self._part(key, owner[1] if owner else None))

    def _part(self, key: RowKey, owner: str | None) -> str:
        """What names a row in its list, or its position where that does not."""
        row_type, row_id = key
        if (row_type, owner) not in self._parts:
            listed = self._lists.get((row_type, owner), [])
            labels = {row["id"]: stored_label(row_type, row) for row in listed}
            self._parts[row_type, owner] = address_parts(labels)
        return self._parts[row_type, owner].get(row_id, "#0")

    def _words(self, key: RowKey) -> str:
        words = trail(self._upward(key))
        if words:
            return words
        owner = self._owner(key) if row_classes()[key[0]].joins is not None else None
        return self._name(owner or key).with_kind

    def _upward(self, key: RowKey) -> Iterator[RowName]:
        """The row and all that it stands in, as far as that is known."""
        at: RowKey | None = key
        while at is not None:
            if at in self._rows:
                yield self._name(at)
            at = self._owner(at)

    def _name(self, key: RowKey) -> RowName:
        if key not in self._row_names:
            name = RowName.of_values(key[0], self._rows.get(key) or {})
            self._row_names[key] = name._replace(covers=tuple(self._covered.get(key, ())))
        return self._row_names[key]


@cache
def _columns(row_type: str) -> tuple[str, ...]:
    """What must be read of rows of a type to say where they are: their names, and what they stand in."""
    cls = row_classes()[row_type]
    wanted = ["id", "sort_key", "code", "key", "number", "name", "post", "title"]
    wanted += [column for column, _ in owners_of(row_type)]
    if cls.joins is not None:
        wanted.append(cls.joins)
    if row_type in _NAMED_BY:
        wanted.append(_NAMED_BY[row_type])
    if row_type == "observation":
        wanted += ["area", "series", "period"]
    return tuple(column for column in dict.fromkeys(wanted) if column in cls.__table__.columns)
