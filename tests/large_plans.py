"""Plans of any size for benchmarks and slow proofs, always the same for the same size."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from cypp_desktop.plan.identity import new_change_id, new_id

_WORDS = [
    "support", "families", "early", "review", "children", "schools", "partnership", "agreed",
    "progress", "rate", "quarter", "target", "improved", "compared", "health", "city",
    "service", "board", "action", "plan", "young", "people", "referral", "reduced",
    "increase",
]  # fmt: skip


def large_plan(measures: int, *, words: int = 190) -> dict[str, Any]:
    """A plan of so many measures in plan JSON, each with an update of about 1.2 kB, a lead and values."""
    outcomes_each, measures_each = 10, 10
    found = 0
    priorities: list[dict[str, Any]] = []
    while found < measures:
        priority: dict[str, Any] = {
            "code": str(len(priorities) + 1),
            "title": _text(found, 6),
            "outcomes": [],
        }
        priorities.append(priority)
        for at in range(outcomes_each):
            size = min(measures_each, measures - found)
            if size <= 0:
                break
            priority["outcomes"].append(_outcome(f"{priority['code']}.{at + 1}", found, size, words))
            found += size
    return {
        "title": f"Plan of {measures} measures",
        "level_names": {"priority": "Priority", "outcome": "Outcome", "measure": "Performance measure"},
        "columns": ["Outcomes", "Performance measures", "End of year", "Lead organisation"],
        "priorities": priorities,
    }


def _outcome(code: str, first: int, size: int, words: int) -> dict[str, Any]:
    keys = [f"m{number}" for number in range(size)]
    return {
        "code": code,
        "title": _text(first, 8),
        "measures": [
            {
                "code": key,
                "title": _text(first + at, 12),
                "polarity": "higher",
                "leads": [
                    {"organisation": f"Organisation {(first + at) % 40}", "people": [f"Post {first % 90}"]}
                ],
                "observations": [
                    {
                        "area": "City",
                        "period": "2016/17",
                        "value": (first + at) % 100,
                        "unit": "%",
                        "kind": "actual",
                    },
                    {"area": "City", "period": "2016/17", "value": 50, "unit": "%", "kind": "target"},
                ],
            }
            for at, key in enumerate(keys)
        ],
        "updates": [
            {"round": "End of year", "measures": [key], "text": _bullets(first + at, words)}
            for at, key in enumerate(keys)
        ],
    }


#: What stands in priorities, and so is there again in every copy of them.
_TREE = (
    "priority", "outcome", "measure", "action", "update", "observation", "lead", "lead_person",
    "action_measure", "update_measure",
)  # fmt: skip
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def multiply(path: Path, times: int) -> None:
    """Make a plan so many times as large: its priorities and all in them again, under ids of their own.

    Rows and changes are written past the application, some twenty times faster than it brings them in. The
    plan may be open, with no transaction under way.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("BEGIN")
        rows = [id_ for table in _TREE for (id_,) in db.execute(f'SELECT id FROM "{table}"')]
        types = ",".join(f"'{table}'" for table in _TREE)
        changes = [
            id_ for (id_,) in db.execute(f"SELECT id FROM change WHERE row_type IN ({types}) ORDER BY seq")
        ]
        ends = {
            table: db.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()[0] or 0
            for table in (*_TREE, "change")
        }
        for number in range(2, times + 1):
            known = {id_: new_id() for id_ in rows} | {id_: new_change_id() for id_ in changes}
            db.create_function(
                "again", 1, lambda text, known=known: text and _ID.sub(lambda m: known.get(m[0], m[0]), text)
            )
            for table in _TREE:
                _copy(db, table, ends[table], {"code": f"code || '.{number}'"} if table == "priority" else {})
            code = f"json_set(value, '$.code', json_extract(value, '$.code') || '.{number}')"
            value = f"again(CASE row_type WHEN 'priority' THEN {code} ELSE value END)"
            _copy(db, "change", ends["change"], {"value": value}, f" AND row_type IN ({types})")
        db.execute("COMMIT")


def _copy(db: sqlite3.Connection, table: str, end: int, said: dict[str, str], where: str = "") -> None:
    """Write the rows of a table up to ``end`` again; ``said`` gives columns another value, as SQL."""
    names = [name for _, name, *_ in db.execute(f'PRAGMA table_info("{table}")') if name != "seq"]
    values = {name: f"again({name})" for name in names if name == "parents" or name.split("_")[-1] == "id"}
    listed = ",".join(said.get(name, values.get(name, f'"{name}"')) for name in names)
    quoted = ",".join(f'"{name}"' for name in names)
    db.execute(
        f'INSERT INTO "{table}" ({quoted}) SELECT {listed} FROM "{table}" WHERE rowid <= ?{where}'
        " ORDER BY rowid",
        (end,),
    )


def _text(seed: int, count: int) -> str:
    return " ".join(
        _WORDS[(seed * 7 + at * (seed % 5 + 1)) % len(_WORDS)] for at in range(count)
    ).capitalize()


def _bullets(seed: int, words: int) -> str:
    return "\n".join(f"- {_text(seed + at, 19)}." for at in range(max(1, words // 19)))


#: What people go on editing over the years: texts of a row, by its type.
_EDITED = (("measure", "title"), ("update", "text"))


def add_edits(path: Path, times: int) -> None:
    """Edit the title of each measure and the text of each update so many times, each time all in one step.

    Written past the application, as :func:`multiply` does.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("BEGIN")
        for _ in range(times):
            step = new_id()
            db.execute(
                "INSERT INTO step (id, name, author, at, kind, state)"
                " VALUES (?, 'Edit', 'Ann', '2026-01-01T00:00:00Z', 'do', 'done')",
                (step,),
            )
            for row_type, name in _EDITED:
                _edit_all(db, row_type, name, step)
        db.execute("COMMIT")


def _edit_all(db: sqlite3.Connection, row_type: str, name: str, step: str) -> None:
    """Change one text of every row of a type, upon its last change."""
    last = dict(
        db.execute(
            "SELECT row_id, id FROM change WHERE field = ? AND is_head AND row_type = ?", (name, row_type)
        )
    )
    created = db.execute("SELECT row_id, id FROM change WHERE field = '*' AND row_type = ?", (row_type,))
    parents = {**dict(created.fetchall()), **last}
    for row_id, was in db.execute(f'SELECT id, "{name}" FROM "{row_type}" WHERE "{name}" <> \'\'').fetchall():
        value = f"{was.removesuffix('.')} again."[-900:]
        db.execute("UPDATE change SET is_head = 0 WHERE id = ?", (last.get(row_id),))
        db.execute(
            "INSERT INTO change (id, is_head, row_type, row_id, field, before, value, parents, author, file,"
            " at, step) SELECT ?, 1, ?, ?, ?, ?, ?, ?, 'Ann', (SELECT value FROM meta WHERE key = 'file_id'),"
            " '2026-01-01T00:00:00Z', ?",
            (
                new_change_id(), row_type, row_id, name, json.dumps(was, ensure_ascii=False),
                json.dumps(value, ensure_ascii=False), json.dumps([parents[row_id]]), step,
            ),
        )  # fmt: skip
        db.execute(f'UPDATE "{row_type}" SET "{name}" = ? WHERE id = ?', (value, row_id))
