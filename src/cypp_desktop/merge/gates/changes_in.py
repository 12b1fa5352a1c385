"""The changes of a file beside those of the plan: what is new, whether it can be believed to hang together.

``db`` is a file whose tables are known to be ours, with the plan attached as ``ours``. The cost follows
the number of changes in the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any

from cypp_desktop.merge.gates import removals_in
from cypp_desktop.merge.gates.refused import Unreadable
from cypp_desktop.merge.gates.typed import LONGEST_VALUE, NO_MOMENT, first_fault, text_fault
from cypp_desktop.store import foreign_file
from cypp_desktop.store.changes import CREATED, DELETED, Change
from cypp_desktop.store.claims import moment
from cypp_desktop.store.raw_rows import exact_json

#: The most that one file may bring: changes, and characters of what they say.
MOST_CHANGES = 200_000
MOST_CHARACTERS = 128_000_000


def own_files(about: Mapping[str, str]) -> frozenset[str]:
    """The ids that count as the holder's own in a file that says this of itself."""
    known = exact_json(about.get("own_files", "[]"))
    if not isinstance(known, list) or not all(isinstance(id_, str) for id_ in known):
        raise Unreadable("value that cannot be read")
    return frozenset((*known, about["file_id"]))


def compared(db: sqlite3.Connection, *, is_return: bool) -> tuple[list[int], bool]:
    """Which changes are new to the plan (their ``seq`` here), and whether one that it has differs in it.

    In a return a creation tells what the row said when it was sent.
    """
    found = foreign_file.unlike_changes(db, values_of_creations=not is_return, most=MOST_CHANGES + 1)
    unlike = [seq for seq, is_new in found if not is_new]
    return [seq for seq, is_new in found if is_new], removals_in.differ_in_more(db, unlike)


def new_changes(
    db: sqlite3.Connection, seqs: Sequence[int], *, is_ours: bool
) -> tuple[list[Change], set[str]]:
    """The changes at these places of the file, all new to the plan, in the order in which the file has them;
    and the ids of changes that they name as their parents and that are not in the file.

    What was there before is read only in a file of ours (``is_ours``): of any other it is not believed.
    Raises Unreadable where one of them cannot be in a plan.
    """
    if len(seqs) > MOST_CHANGES:
        raise Unreadable("number of changes that nobody can have made")
    changes: list[Change] = []
    size = 0
    for rows in foreign_file.changes_at(db, seqs, before=is_ours):
        _refuse_other_types(rows)
        changes += map(_change, rows)
        size += sum(len(row[4]) + len(row[5]) for row in rows)
        if size > MOST_CHARACTERS:
            raise Unreadable("number of changes that nobody can have made")
    if fault := first_fault(changes):
        raise Unreadable(f"change {fault}")
    return changes, _hang_together(db, {change.id: change for change in changes})


def received_earlier(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Of a copy of the plan: the changes from outside that it counts from an earlier receipt than the plan.

    Raises Unreadable where it gives no moment for one.
    """
    found = foreign_file.received_later_here(db)
    for _, at, author in found:
        if not isinstance(at, str) or moment(at) is None or not isinstance(author, str) or text_fault(author):
            raise Unreadable(f"change {NO_MOMENT}")
    return found


def _refuse_other_types(rows: Sequence[tuple[Any, ...]]) -> None:
    """Changes are texts in every column; a claim may be missing. Raises Unreadable."""
    *told, claims = zip(*rows, strict=True)
    if any(set(map(type, column)) != {str} for column in told) or not set(map(type, claims)) <= {
        str,
        NoneType,
    }:
        raise Unreadable("change of the wrong type")


def _change(row: tuple[Any, ...]) -> Change:
    id_, row_type, row_id, name, before, value, parents, *rest = row
    if len(before) > 2 * LONGEST_VALUE or len(parents) > LONGEST_VALUE:
        raise Unreadable("change far too long")
    try:
        was = None if before == "null" else exact_json(before)
        says, named = exact_json(value), exact_json(parents)
    except (ValueError, RecursionError):
        raise Unreadable("change that cannot be read") from None
    if not isinstance(named, list):
        raise Unreadable("change of the wrong type")
    return Change(id_, row_type, row_id, name, was, says, tuple(named), *rest)


def _hang_together(db: sqlite3.Connection, new: Mapping[str, Change]) -> set[str]:
    """Every change is of a row that was made, upon changes of the same field, and nothing goes in circles.

    Gives the ids of parents that are not in the file.
    """
    known = {id_: (change.row_type, change.row_id, change.field) for id_, change in new.items()}
    # what the file has of these rows is in the plan too, and the same: that is known by now
    known |= foreign_file.creations_about(db, {change.row_id for change in new.values()})
    named = {parent for change in new.values() for parent in change.parents}
    known |= foreign_file.changes_about(db, foreign_file.MAIN, named - known.keys())
    elsewhere = named - known.keys()
    known |= foreign_file.changes_about(db, foreign_file.OURS, elsewhere)
    for change in new.values():
        for parent in change.parents:
            if parent in known and not _may_be_made_upon(change, known[parent]):
                raise Unreadable("change made upon one of something else")
    created = {(row_type, row_id) for row_type, row_id, name in known.values() if name == CREATED}
    told = {about[:2] for id_, about in known.items() if about[2] == CREATED and id_ not in new}
    others = {(change.row_type, change.row_id) for change in new.values()} - told
    ours = foreign_file.rows_created(db, {row_id for _, row_id in others})
    if others - created - ours:
        raise Unreadable("change of a row that nobody made")
    if len({row_id for _, row_id in others | ours}) < len(others | ours):
        raise Unreadable("row under an id that belongs to one of another kind")
    _refuse_circles(new)
    return elsewhere


def _may_be_made_upon(change: Change, parent: tuple[str, str, str]) -> bool:
    """Whether what a change names as its parent is about the same field, or about its whole row."""
    row_type, row_id, name = parent
    if (row_type, row_id) != (change.row_type, change.row_id):
        return False
    return name in (change.field, CREATED) or change.field == DELETED


def _refuse_circles(new: Mapping[str, Change]) -> None:
    """Every change is made upon earlier ones only. Raises Unreadable."""
    if all(new.keys().isdisjoint(change.parents) for change in new.values()):
        return  # each is made upon what the plan has
    children: dict[str, list[str]] = {}
    left: dict[str, int] = {}
    for id_, change in new.items():
        parents = [parent for parent in change.parents if parent in new]
        left[id_] = len(parents)
        for parent in parents:
            children.setdefault(parent, []).append(id_)
    ready = [id_ for id_, count in left.items() if count == 0]
    done = 0
    while ready:
        done += 1
        for child in children.get(ready.pop(), ()):
            left[child] -= 1
            if left[child] == 0:
                ready.append(child)
    if done < len(new):
        raise Unreadable("change made upon itself")
