"""Makes a file of this version without SQLAlchemy's session: its tables, as SQL, and the file of a return."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import create_engine

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.store import file_seal, seal
from cypp_desktop.store.authors import NOT_NAMED
from cypp_desktop.store.disk import DISK, connect
from cypp_desktop.store.file_parts import Part
from cypp_desktop.store.files import stamp
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import HELD
from cypp_desktop.store.raw_rows import LoggedChange, columns_of
from cypp_desktop.store.schema import LOG


@cache
def parts_of_a_file() -> tuple[Part, ...]:
    """What a file of this version consists of."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Row.metadata.create_all(connection)
        LOG.create_all(connection)
        raw = cast(sqlite3.Connection, connection.connection.driver_connection)
        with contextlib.closing(raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")) as rows:
            found = tuple(rows)
    engine.dispose()
    return found


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the empty tables of a new file of this version."""
    stamp(connection)
    for _, _, _, sql in parts_of_a_file():
        if sql is not None:
            connection.execute(sql)


def write_return(
    path: Path,
    rows: Mapping[str, Sequence[tuple[Any, ...]]],
    changes: Iterable[LoggedChange],
    held: Sequence[RowKey],
    about: Mapping[str, str],
) -> None:
    """Write the whole file of a return, in the place of any that is there.

    ``rows`` are those of each table; ``changes`` stand in the file under the step of its sending, and its
    sender's name: who wrote what in the plan is nobody's business there. ``held`` are the rows that it says
    it holds open; ``about`` is what it says of itself. Raises sqlite3.Error or OSError.
    """
    path.unlink(missing_ok=True)
    with contextlib.closing(connect(path, "rwc")) as db:
        db.execute("PRAGMA journal_mode=MEMORY")
        db.execute("PRAGMA synchronous=OFF")  # it is synced when it is copied to its place
        make_tables(db)
        db.execute("BEGIN")
        for row_type, listed in rows.items():
            marks = ",".join("?" * len(columns_of(row_type)))
            names = ",".join(f'"{name}"' for name in columns_of(row_type))
            db.executemany(f'INSERT INTO "{row_type}" ({names}) VALUES ({marks})', listed)
        step, sender = new_change_id(), about.get("issued_by", NOT_NAMED)
        db.execute(
            "INSERT INTO step (id, name, author, at, kind, state)"
            " VALUES (?, 'Issued', ?, ?, 'import', 'done')",
            (step, sender, about["issued_at"]),
        )
        of_change = LoggedChange._fields
        db.executemany(
            f"INSERT INTO change ({','.join(of_change)}, before) VALUES ({'?,' * len(of_change)}'null')",
            [change._replace(step=step, author=sender) for change in changes],
        )
        said = dict(about)
        if held:
            said[HELD] = json.dumps(held)
        said[seal.SEAL] = seal.seal_of(db)
        said[file_seal.KEY] = file_seal.NOT_YET
        db.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", said.items())
        db.execute("COMMIT")
    file_seal.seal_file(path, DISK)
