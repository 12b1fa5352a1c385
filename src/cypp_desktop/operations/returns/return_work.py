"""What a partner has to do in a return that is open, how far that is, and what is said at its end."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from cypp_desktop.operations.returns.asked_return import AskedReturn
from cypp_desktop.plan.outline import read_outline
from cypp_desktop.store.disk import connect

#: A row as (row type, id).
RowKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnWork:
    """The rows that count, in the plan's order, and the ids of those that are done."""

    rows: tuple[RowKey, ...] = ()
    done: frozenset[str] = frozenset()

    @property
    def left(self) -> int:
        """How many rows are still to do."""
        return len(self.rows) - len(self.done)

    @property
    def words(self) -> str:
        """How far the work is, such as "3 of 5 done"."""
        return f"{len(self.done)} of {len(self.rows)} done"

    def next_to_do(self, after: RowKey | None) -> RowKey | None:
        """The next row still to do after this one; from the last it goes on with the first."""
        at = self.rows.index(after) + 1 if after in self.rows else 0
        for key in (*self.rows[at:], *self.rows[:at]):
            if key[1] not in self.done:
                return key
        return None


def read_work(working: Path, asked: AskedReturn) -> ReturnWork:
    """What is to be done in a return, from its working copy. Raises sqlite3.Error."""
    with contextlib.closing(connect(working)) as db:
        counted, done = asked.counted_and_done(db)
        rows: list[RowKey] = []
        for priority in read_outline(db).priorities:
            for outcome in priority.children:
                in_it = (outcome, *outcome.children)
                rows += [(row.row_type, row.id) for row in in_it if row.id in counted]
    return ReturnWork(rows=tuple(rows), done=done)


def finished_words(path: Path, asked: AskedReturn, work: ReturnWork) -> str:
    """What is said once a return is saved as finished: where it is, to whom it goes, what is still to do."""
    to_whom = asked.issued_by or "whoever asked you"
    words = f"Saved for return: “{path.name}” in {path.parent}. Now send this file back to {to_whom}."
    if work.left:
        verb = "is" if work.left == 1 else "are"
        words += f" {work.left} of {len(work.rows)} {verb} still to do: you can go on, and finish again."
    return words
