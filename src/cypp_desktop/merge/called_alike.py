"""Says of new organisations and people whether others of the plan look alike by their names.

One that looks like one of ours is beyond what was asked, which :mod:`~cypp_desktop.merge.gates.within` says.
One that looks like another new one may come in: two partners may name the same body for the first time. A
person is told of it, and sees that there are two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy.engine import Connection

from cypp_desktop.merge.gates.within import NAMES
from cypp_desktop.merge.question import Kind, Question
from cypp_desktop.plan.likeness import looks
from cypp_desktop.plan.words import cut, row_words
from cypp_desktop.store.changes import CREATED
from cypp_desktop.store.rows import all_rows


def say_what_is_called_alike(connection: Connection, questions: Iterable[Question]) -> None:
    """Add to each question about somebody new that comes in what others are called that look so."""
    known: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for question in questions:
        row_type, row_id = question.row
        if row_type not in NAMES or question.field != CREATED or question.kind == Kind.OUTSIDE:
            continue
        if row_type not in known:
            known[row_type] = _by_looks(connection, row_type)
        alike = [
            cut(name, 80) for name, other in known[row_type].get(_looks_of(question), ()) if other != row_id
        ]
        if alike:
            words = f"Another new {row_words(row_type)} is called like it: “{alike[0]}”."
            question.why = f"{question.why} {words}".strip()


def _looks_of(question: Question) -> str:
    values = question.proposals[0].value if question.proposals else None
    name = values.get(NAMES[question.row[0]][0]) if isinstance(values, dict) else None
    return looks(name) if name else ""


def _by_looks(connection: Connection, row_type: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    column = NAMES[row_type][0]
    for row in all_rows(connection, row_type, ("id", column)):
        if row[column] and looks(row[column]):
            found[looks(row[column])].append((row[column], row["id"]))
    return found
