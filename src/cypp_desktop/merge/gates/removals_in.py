"""What was removed for good in a file, or from changes that it still has: neither is another past.

``db`` is a file whose tables are known to be ours, with the plan attached as ``ours``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from cypp_desktop.merge.gates.refused import Unreadable
from cypp_desktop.merge.gates.typed import is_id, text_fault
from cypp_desktop.store import foreign_file
from cypp_desktop.store.changes import Change
from cypp_desktop.store.raw_rows import exact_json
from cypp_desktop.store.removal import Mark, Removal, with_parts_emptied

#: The most that one file may have removed.
MOST_PARTS = 200_000
_LONGEST_REASON = 20_000
_LONGEST_WORD = 500
_PART = re.compile(
    r"(?:value|before|row|said)\.[a-z_]{1,60}|author|claim|step\.(?:name|author|report)|removal\.(?:author|reason)"
)


def removals_in(db: sqlite3.Connection) -> tuple[Removal, ...]:
    """What was removed for good in the file and not in the plan. Raises Unreadable.

    To be asked of proven copies alone: nobody else decides what is gone.
    """
    rows = foreign_file.removed_here(db, most=MOST_PARTS + 1)
    if len(rows) > MOST_PARTS:
        raise Unreadable("number of removed texts that nobody can have removed")
    marks: dict[tuple[str, str, str, str], list[Mark]] = {}
    for item, part, *about in rows:
        if not _is_sound(item, part, about):
            raise Unreadable("note of a removed text that cannot be read")
        id_, at, author, reason = about
        marks.setdefault((id_, at, author, reason), []).append(Mark(item, part))
    return tuple(
        Removal(id=id_, at=at, author=author, reason=reason, marks=tuple(listed))
        for (id_, at, author, reason), listed in marks.items()
    )


def _is_sound(item: Any, part: Any, about: Sequence[Any]) -> bool:
    id_, at, author, reason = about
    if not all(isinstance(each, str) for each in (part, at, author, reason)):
        return False
    if not is_id(item) or not is_id(id_) or _PART.fullmatch(part) is None:
        return False
    if max(len(at), len(author)) > _LONGEST_WORD or len(reason) > _LONGEST_REASON:
        return False
    return not any(map(text_fault, (at, author, reason)))


def differ_in_more(db: sqlite3.Connection, seqs: Sequence[int]) -> bool:
    """Whether any of these changes (their ``seq`` in the file), which the plan has otherwise, differs in more
    than in what was removed from it there or here.
    """
    if not seqs:
        return False
    found = foreign_file.both_say(db, seqs)
    removed: dict[str, set[str]] = {}
    for of in (foreign_file.MAIN, foreign_file.OURS):
        for item, part in foreign_file.parts_removed(db, of, (row[0] for row in found)):
            removed.setdefault(item, set()).add(part)
    for id_, *said in found:
        here, there = said[:5], said[5:]
        if id_ not in removed or here[:4] != there[:4]:
            return True
        if _without(here, removed[id_]) != _without(there, removed[id_]):
            return True
    return False


def _without(said: Sequence[Any], parts: set[str]) -> Any:
    """What a change says without the parts that are removed. Raises Unreadable."""
    row_type, row_id, name, _, value = said
    try:
        change = Change("", row_type, row_id, name, None, exact_json(value), (), "", "", "", "")
    except (ValueError, RecursionError, TypeError):
        raise Unreadable("change that cannot be read") from None
    return with_parts_emptied(change, parts).value
