"""Somebody who holds a return and knows our source: writes what he likes into the file, and seals it again.

He has what the partner has, and what may be known besides: the ids of the plan's rows, changes, steps and
files, as from an old print or a copy of long ago. He has not the plan's secret, nor another return's key.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.store import schema, seal
from cypp_desktop.store.changes import CREATED, DELETED, to_json
from cypp_desktop.store.log import RowKey
from tests.merge.sent import CCG

_COLUMNS = (
    "id", "is_head", "row_type", "row_id", "field", "before", "value", "parents", "author", "file", "at",
    "step",
)  # fmt: skip
WHEN = "2026-11-30T18:00:00Z"


def an_id() -> str:
    return str(uuid.uuid4())


class Forger:
    """A file in the forger's hands; :func:`forged` gives it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.about: dict[str, str] = dict(db.execute("SELECT key, value FROM meta"))

    def says(self, key: str, value: str | None) -> None:
        """Have the file say something of itself, or (None) nothing."""
        self.db.execute("DELETE FROM meta WHERE key = ?", (key,))
        if value is not None:
            self.db.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))

    def heads(self, row_type: str, row_id: str, field: str) -> list[str]:
        """What an honest change of the field would be made upon."""
        statement = "SELECT id FROM change WHERE row_type = ? AND row_id = ? AND field = ? AND is_head = 1"
        for name in (field, CREATED):
            found = [id_ for (id_,) in self.db.execute(statement, (row_type, row_id, name))]
            if found or field == CREATED:
                break
        return found

    def every_head(self, row_type: str, row_id: str) -> list[str]:
        """What an honest deletion of a row would have seen."""
        statement = "SELECT id FROM change WHERE row_type = ? AND row_id = ? AND is_head = 1"
        return [id_ for (id_,) in self.db.execute(statement, (row_type, row_id))]

    def change(
        self,
        row_type: str,
        row_id: str,
        field: str,
        value: Any,
        *,
        parents: Iterable[str] | None = None,
        tell_row: bool = True,
        **claims: Any,
    ) -> str:
        """Write a change into the log, and into the row (where it can be) what it says."""
        if parents is None:
            parents = [] if field == CREATED else self.heads(row_type, row_id, field)
        named = list(parents)
        told = {
            "id": an_id(), "is_head": 1, "row_type": row_type, "row_id": row_id, "field": field,
            "before": None, "value": value, "parents": named, "author": "Mallory",
            "file": self.about["file_id"], "at": WHEN, "step": an_id(), **claims,
        }  # fmt: skip
        for name in ("before", "value", "parents"):
            told[name] = to_json(told[name])
        self.db.executemany(
            "UPDATE change SET is_head = 0 WHERE id = ? AND field = ?", [(id_, field) for id_ in named]
        )
        self.db.execute(
            f"INSERT OR REPLACE INTO change ({','.join(_COLUMNS)}) VALUES ({','.join('?' * len(_COLUMNS))})",
            [told[name] for name in _COLUMNS],
        )
        if tell_row:
            with contextlib.suppress(sqlite3.Error):
                self._tell_row(row_type, row_id, field, value)
        return str(told["id"])

    def _tell_row(self, row_type: str, row_id: str, field: str, value: Any) -> None:
        if field == CREATED:
            names = ("id", *value)
            marks = ",".join("?" * len(names))
            listed = ",".join(f'"{name}"' for name in names)
            values = [row_id, *map(_stored, value.values())]
            self.db.execute(f'INSERT INTO "{row_type}" ({listed}) VALUES ({marks})', values)
        elif field == "*deleted":
            self.db.execute(f'DELETE FROM "{row_type}" WHERE id = ?', (row_id,))
        else:
            columns = value if isinstance(value, dict) else {field: value}
            for name, says in columns.items():
                self.db.execute(f'UPDATE "{row_type}" SET "{name}" = ? WHERE id = ?', (_stored(says), row_id))

    def turn_into_copy(self) -> None:
        """Have the file be another copy of the plan, so that everything in it would be asked for."""
        for key in ("kind", "seal", "scope", "issue_id", "issued_by", "organisation", "organisation_id"):
            self.says(key, None)

    def empty_tables(self) -> None:
        """Take all rows and changes out."""
        tables = self.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta'")
        for (name,) in tables.fetchall():
            self.db.execute(f'DELETE FROM "{name}"')


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


@contextlib.contextmanager
def forged(source: Path, target: Path, *, sealed: bool = True) -> Iterator[Forger]:
    """A copy of a return to write in; sealed afterwards as the application would."""
    shutil.copy(source, target)
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as db:
        forger = Forger(db)
        db.execute("BEGIN")
        yield forger
        if sealed and db.execute("SELECT 1 FROM meta WHERE key = 'kind'").fetchone():
            forger.says(seal.SEAL, seal.seal_of(db))
        db.execute("COMMIT")
        db.execute("VACUUM")


# ---------------------------------------------------------------------------------- generated forgeries


@dataclass(frozen=True)
class Known:
    """What the forger knows of the plan besides the file: the ids in it, and what its rows say."""

    rows: dict[RowKey, dict[str, Any]]
    changes: tuple[str, ...]
    steps: tuple[str, ...]
    files: tuple[str, ...]
    issues: tuple[str, ...]


_NAMES = ("Ann", "Mallory", CCG, "", "Jane Director (Council)", "x" * 400, "Pat\u202e", "root")
_TIMES = (
    WHEN, "2016-01-01T00:00:00Z", "2190-01-01T00:00:00Z", "2031-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z", "2026-11-30T18:00:00", "2026-11-30T18:00:00.25+05:30", "", None,
)  # fmt: skip
_ORGANISATIONS = (
    "Anytown Council", "Anytown Counci1", "\u0410nytown Council", "Any\u200btown Council", "Harbour Trust",
    "Anytown CCG", "River Trust",
)  # fmt: skip
_WORDS = ("Forged", "- Forged\n- More", "", "2018", "FORGED: 10.2%")


#: The fields that say where a row stands, or what it joins.
MAY_STAND_ELSEWHERE = {
    "observation": ("place",), "lead": ("place",), "lead_person": ("lead_id", "person_id"),
    "action_measure": ("action_id", "measure_id"), "update_measure": ("update_id", "measure_id"),
    "update": ("round_id", "place"), "action": ("place",),
}  # fmt: skip


class Hand:
    """Makes one forgery after another, the same for the same number."""

    def __init__(self, forger: Forger, known: Known, chance: Random) -> None:
        self.forger, self.known, self.chance = forger, known, chance
        self.here = {
            (row_type, id_)
            for row_type in row_classes()
            for (id_,) in forger.db.execute(f'SELECT id FROM "{row_type}"')
        }

    def forge(self) -> None:
        """Write one to four things that no honest partner would."""
        deeds = (
            self.edit, self.edit, self.edit, self.add, self.add, self.delete, self.name_somebody, self.say,
            self.take_back, self.write_row, self.rewrite_change, self.chain, self.move, self.move,
        )  # fmt: skip
        for deed in self.chance.choices(deeds, k=self.chance.randint(1, 4)):
            deed()
        if self.chance.random() < 0.15:
            self.turn_into_copy()

    def turn_into_copy(self) -> None:
        """Have the file be a copy of the plan, or a return of which nobody knows whose it is."""
        if self.chance.random() < 0.4:
            self.forger.says("issue_key", self.chance.choice((None, "0" * 64, an_id())))
            return
        self.forger.turn_into_copy()
        self.forger.db.executemany(
            "DELETE FROM change WHERE id = ? AND author <> 'Mallory'", [(id_,) for id_ in self.known.changes]
        )
        if self.chance.random() < 0.5:
            self.forger.says(
                "secret", self.chance.choice((an_id(), "0" * 64, self.forger.about["issue_key"]))
            )

    # -- what a change says of itself

    def claims(self) -> dict[str, Any]:
        chance, known = self.chance, self.known
        found: dict[str, Any] = {
            "author": chance.choice(_NAMES),
            "at": chance.choice(_TIMES[:3] if chance.random() < 0.93 else _TIMES) or schema.now(),
            "before": chance.choice((None, "Never was", {"title": "Never was"}, ["Never was"])),
        }
        if chance.random() < 0.4:
            found["file"] = chance.choice(known.files)
        if chance.random() < 0.4:
            found["step"] = chance.choice(known.steps)
        if chance.random() < 0.03:
            found["id"] = chance.choice(known.changes)
        return found

    def parents(self, key: RowKey, field: str) -> list[str] | None:
        forger, chance = self.forger, self.chance
        heads = forger.heads(*key, field)
        kind = chance.random()
        if kind < 0.6:
            return forger.every_head(*key) if field == DELETED else heads
        if kind < 0.7:
            return []
        if kind < 0.8:
            return [an_id(), *heads]
        if kind < 0.9:
            return [*heads, *chance.sample(self.known.changes, 2)]
        return [*heads, *forger.every_head(*key)[:2], *heads]

    def some_row(self) -> RowKey:
        listed = sorted(self.here if self.chance.random() < 0.7 else self.known.rows)
        return self.chance.choice(listed)

    def value(self, row_type: str, name: str) -> Any:
        """Something that such a field may say."""
        field = fields_of(row_classes()[row_type])[name]
        likes = [row for key, row in self.known.rows.items() if key[0] == row_type]
        if field.kind in ("words", "markdown") and self.chance.random() < 0.8:
            return self.chance.choice(_WORDS)
        return (
            field.value_of({**dict.fromkeys(field.columns), **self.chance.choice(likes)}) if likes else None
        )

    # -- what he does

    def edit(self) -> None:
        key = self.some_row()
        name = self.chance.choice(sorted(fields_of(row_classes()[key[0]])))
        parents = self.parents(key, name)
        self.forger.change(*key, name, self.value(key[0], name), parents=parents, **self.claims())

    def chain(self) -> None:
        """Several drafts of one field, each upon the other, and perhaps one that takes them back."""
        key = self.some_row()
        name = self.chance.choice(sorted(fields_of(row_classes()[key[0]])))
        parents, ids = self.forger.heads(*key, name), []
        for _ in range(self.chance.randint(2, 4)):
            id_ = self.forger.change(*key, name, self.value(key[0], name), parents=parents, **self.claims())
            parents = [id_]
            ids.append(id_)
        if self.chance.random() < 0.5:
            back = [ids[-1], *ids[:-1], ids[-1]]
            self.forger.change(*key, name, self.value(key[0], name), parents=back, **self.claims())

    def add(self) -> None:
        row_type = self.chance.choice(sorted(row_classes()))
        likes = [row for key, row in self.known.rows.items() if key[0] == row_type]
        if not likes:
            return
        values = dict(self.chance.choice(likes))
        ids = [id_ for _, id_ in self.here]
        for column in row_classes()[row_type].__table__.columns:
            if column.foreign_keys and values.get(column.key) and self.chance.random() < 0.5:
                (target,) = {foreign.column.table.name for foreign in column.foreign_keys}
                there = sorted(id_ for kind, id_ in self.here if kind == target)
                values[column.key] = self.chance.choice(there or ids)
        id_ = an_id() if self.chance.random() < 0.7 else self.some_row()[1]
        self.forger.change(row_type, id_, CREATED, values, **self.claims())
        self.here.add((row_type, id_))

    def move(self) -> None:
        """Put something, perhaps of one's own, where nobody asked for it."""
        kinds = sorted(MAY_STAND_ELSEWHERE)
        row_type = self.chance.choice(kinds)
        likes = [
            (key, row) for key, row in self.known.rows.items() if key[0] == row_type and key in self.here
        ]
        if not likes:
            return
        key, values = self.chance.choice(likes)
        if self.chance.random() < 0.5:
            key = (row_type, an_id())
            self.forger.change(*key, CREATED, values, **self.claims())
        field = self.chance.choice(MAY_STAND_ELSEWHERE[row_type])
        columns = fields_of(row_classes()[row_type])[field].columns
        says = dict(values)
        for name in columns:
            if says.get(name) and name.endswith("_id"):
                kind = name.removesuffix("_id")
                says[name] = self.chance.choice([id_ for other, id_ in self.known.rows if other == kind])
        value = fields_of(row_classes()[row_type])[field].value_of(says)
        self.forger.change(*key, field, value, **self.claims())

    def delete(self) -> None:
        key = self.some_row()
        says = self.chance.random() < 0.9
        self.forger.change(*key, DELETED, says, parents=self.parents(key, DELETED), **self.claims())

    def name_somebody(self) -> None:
        """A new organisation, perhaps as lead of something."""
        name = self.chance.choice(_ORGANISATIONS)
        values = {"name": name, "short_name": None, "kind": None, "email": "m@evil.example", "sort_key": "Y1"}
        id_ = an_id()
        self.forger.change("organisation", id_, CREATED, values, **self.claims())
        leads = [row for key, row in self.known.rows.items() if key[0] == "lead"]
        if self.chance.random() < 0.6:
            values = {**self.chance.choice(leads), "organisation_id": id_, "sort_key": "Z1"}
            self.forger.change("lead", an_id(), CREATED, values, **self.claims())

    def say(self) -> None:
        """Have the file say something else of itself."""
        known, chance = self.known, self.chance
        key, value = chance.choice(
            (
                ("file_id", chance.choice(known.files)),
                ("own_files", json.dumps([*known.files, self.forger.about["file_id"]])),
                ("scope", json.dumps({**json.loads(self.forger.about["scope"]), "measures": [an_id()]})),
                ("issue_id", chance.choice(known.issues)),
                ("issue_key", chance.choice(("0" * 64, ""))),
                ("organisation", "Anytown Council"),
                ("organisation_id", an_id()),
                ("issued_at", "2001-01-01T00:00:00Z"),
                ("finished_at", chance.choice(_TIMES) or schema.now()),
                ("round_id", an_id()),
                ("kind", chance.choice(("copy", "plan"))),
                ("plan_id", an_id()),
            )
        )
        self.forger.says(key, value)

    def take_back(self) -> None:
        """A change that says it reopens what was decided."""
        key = self.some_row()
        name = self.chance.choice(sorted(fields_of(row_classes()[key[0]])))
        every = self.forger.every_head(*key)
        if len(every) > 1:
            back = [every[0], *every[1:], every[0]]
            self.forger.change(*key, name, self.value(key[0], name), parents=back, **self.claims())

    def write_row(self) -> None:
        """Alter a row behind the log's back."""
        row_type, row_id = self.some_row()
        column = self.chance.choice(sorted(row_classes()[row_type].__table__.columns.keys()))
        if column != "id":
            with contextlib.suppress(sqlite3.Error):
                self.forger.db.execute(
                    f'UPDATE "{row_type}" SET "{column}" = ? WHERE id = ?', ("Forged", row_id)
                )

    def rewrite_change(self) -> None:
        """Alter what a change of the plan says."""
        what = self.chance.choice(
            ("author", "at", "file", "step", "before", "is_head", "value", "batch", "claim")
        )
        says = {"value": '"Forged"', "before": '"Forged"', "is_head": 1, "claim": '{"issue": null}'}
        ids = [id_ for (id_,) in self.forger.db.execute("SELECT id FROM change ORDER BY seq LIMIT 20")]
        if ids and self.chance.random() < 0.3:
            self.forger.db.execute(
                f"UPDATE change SET {what} = ? WHERE id = ?",
                (says.get(what, self.known.files[0]), self.chance.choice(ids)),
            )
