"""Addresses: how a person names a row, by the codes that stand on paper.

``1/1a/iv-2`` is priority 1, outcome 1a, measure iv-2. Where a code is missing or repeats, the
position does: ``#3`` is the third row of its list. Other rows stand under a word:
``1/1a/actions/2``, ``recommendations/7``, ``sections/4.2``, ``rounds/#1``, ``organisations/Schools``,
``people/#2``; ``plan`` is the plan itself. An address is for people: rows are held by their ids.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy.orm import Session, object_session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.model import Outcome, Plan, Priority
from cypp_desktop.plan.shape import is_of_plan, label_in_list, list_words, owner_of_link, parent_of
from cypp_desktop.store.queries import rows_in_order, the_plan


def row_at(session: Session, address: str) -> Row:
    """The row that an address names. Raises UsageError where it names none, or more than one."""
    parts = [part.strip() for part in address.strip().strip("/").split("/")]
    if parts == ["plan"] or parts == [""]:
        return the_plan(session)
    branch = _type_of_list(parts[0])
    if branch is not None and is_of_plan(branch):
        return _pick(rows_in_order(session, row_classes()[branch]), "/".join(parts[1:]), address)
    row = _pick(rows_in_order(session, Priority), parts[0], address)
    below = iter(parts[1:])
    for part in below:
        row_type = _type_of_list(part)
        if row_type is not None and not is_of_plan(row_type):
            row = _pick(getattr(row, part, ()), next(below, ""), address)
        else:
            row = _step_down(row, part, address)
    return row


@cache
def _type_of_list(word: str) -> str | None:
    """The type of the rows that stand under a word: "actions"; None for a code."""
    found = (row_type for row_type, known in list_words().items() if known == word)
    return next((row_type for row_type in found if row_type not in LEVELS), None)


def _step_down(row: Row, part: str, address: str) -> Row:
    if isinstance(row, Priority):
        return _pick(row.outcomes, part, address)
    if isinstance(row, Outcome):
        return _pick(row.measures, part, address)
    raise UsageError(f"There is nothing below {address.rpartition('/')[0]} that could be {part}.")


def _pick(rows: Iterable[Row], part: str, address: str) -> Row:
    listed = list(rows)
    at = _position(part)
    if at is not None and at < len(listed):
        return listed[at]
    found = [row for row in listed if part and (label_in_list(row) or "").casefold() == part.casefold()]
    found = found or [row for row in listed if row.id == part]
    if len(found) > 1:
        places = ", ".join(f"#{listed.index(row) + 1}" for row in found)
        raise UsageError(f"{address} names more than one row. Use its position: {places}.")
    if not found:
        raise UsageError(f"The plan has no row {address}.")
    return found[0]


def _position(part: str) -> int | None:
    """The place in a list that "#3" means, counted from 0; None for a code."""
    match = re.fullmatch(r"#0*([1-9]\d{0,8})", part)
    return int(match[1]) - 1 if match else None


#: What can stand in an address, and after "On ADDRESS: " in a note: short, and no sign that parts or numbers.
_PLAIN = re.compile(r"(?!#)[^\s/:](?:[^/:\n\r]{0,38}[^\s/:])?")


def address_of(row: Row) -> str:
    """The address of a row, by which :func:`row_at` finds it again."""
    session = object_session(row)
    assert session is not None
    return Addresses(session).of(row)


class Addresses:
    """The addresses of many rows; each list of the plan is gone through once, so it serves one reading.

    ``names`` are what rows will be called, by id, where that is not what they are called now.
    """

    def __init__(self, session: Session, names: Mapping[str, str] | None = None) -> None:
        self._session = session
        self._names = names or {}
        self._lists: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, row: Row) -> str:
        """The address of a row, by which :func:`row_at` finds it again."""
        if isinstance(row, Plan):
            return "plan"
        if row.joins is not None:
            return self.of(owner_of_link(row))
        word = list_words().get(row.row_type)
        if word is None:
            return row.row_type
        parent = parent_of(row)
        assert parent is not None or is_of_plan(row.row_type), "no such row is without the one it stands in"
        above = self.of(parent) if parent is not None else None
        return address_in(above, row.row_type, self._part(row, word, parent))

    def _part(self, row: Row, name: str, parent: Row | None) -> str:
        """What tells a row from the others of its list."""
        key = (name, parent.id if parent else "")
        if key not in self._lists:
            listed = getattr(parent, name) if parent else rows_in_order(self._session, type(row))
            labels = {one.id: self._names.get(one.id) or label_in_list(one) for one in listed}
            self._lists[key] = address_parts(labels)
        return self._lists[key][row.id]


def address_in(above: str | None, row_type: str, part: str) -> str:
    """The address of a row that is ``part`` under ``above``, or (None) in a list of the plan itself."""
    steps = [] if above is None else [above]
    if row_type not in LEVELS:
        steps.append(list_words()[row_type])
    return "/".join([*steps, part])


def address_parts(labels: Mapping[str, str | None]) -> dict[str, str]:
    """What tells each row of a list from the others, by id: its label, or its position where that would not
    find it. ``labels`` are by id in the order of the list.
    """
    count = Counter((words or "").casefold() for words in labels.values())
    found: dict[str, str] = {}
    for at, (row_id, words) in enumerate(labels.items(), start=1):
        is_alone = words is not None and count[words.casefold()] == 1
        if words is not None and is_alone and _PLAIN.fullmatch(words) and not _is_reserved(words):
            found[row_id] = words
        else:
            found[row_id] = f"#{at}"
    return found


def _is_reserved(words: str) -> bool:
    """Whether a part of an address means something else: the plan, or a list."""
    return words == "plan" or _type_of_list(words) is not None
