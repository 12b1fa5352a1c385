"""Damaged and hostile files: every way in which a return may come back spoilt, chosen by a number."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

Spoil = Callable[[random.Random, Path], None]

_PAGE = 4096
_TABLES = (
    "measure",
    "update",
    "outcome",
    "observation",
    "lead",
    "change",
    "meta",
    "step",
    "plan",
    "organisation",
)
_LONGEST = 12_000_000


def _bytes_that_say_something(content: bytes, chance: random.Random) -> int:
    """A place in a file, most often where there is something."""
    at = chance.randrange(len(content))
    for _ in range(200):
        if content[at] or chance.random() < 0.01:
            return at
        at = chance.randrange(len(content))
    return at


def bits_flipped(chance: random.Random, path: Path) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 1, 2, 8, 64))):
        content[_bytes_that_say_something(content, chance)] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def bytes_overwritten(chance: random.Random, path: Path) -> None:
    content = bytearray(path.read_bytes())
    at, length = _bytes_that_say_something(content, chance), chance.choice((1, 4, 100, 5000))
    filling = chance.choice((b"\x00", b"\xff", b"A", chance.randbytes(1)))
    content[at : at + length] = (filling * length)[: len(content) - at]
    path.write_bytes(content)


def truncated(chance: random.Random, path: Path) -> None:
    content = path.read_bytes()
    cut = chance.choice((chance.randrange(len(content)), chance.randrange(len(content) // _PAGE) * _PAGE, 50))
    path.write_bytes(content[:cut])


def pages_swapped(chance: random.Random, path: Path) -> None:
    content = bytearray(path.read_bytes())
    one, other = (chance.randrange(len(content) // _PAGE) * _PAGE for _ in range(2))
    first, second = content[one : one + _PAGE], content[other : other + _PAGE]
    content[one : one + _PAGE], content[other : other + _PAGE] = second, chance.choice((first, second))
    path.write_bytes(content)


def header_altered(chance: random.Random, path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(100)] = chance.randrange(256)
    path.write_bytes(content)


def not_a_return(chance: random.Random, path: Path) -> None:
    path.write_bytes(
        chance.choice(
            (b"", bytes(9000), chance.randbytes(9000), b"PK\x03\x04" + bytes(100), b"SQLite format 3\x00")
        )
    )


def foreign_schema(chance: random.Random, path: Path) -> None:
    table = chance.choice(_TABLES)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    _run(path, *chance.choice((
        (f'DROP TABLE "{table}"', f'CREATE VIEW "{table}" AS {endless}'),
        (f'DROP TABLE "{table}"', f'CREATE VIEW "{table}" AS SELECT * FROM pack'),
        (f'CREATE TRIGGER t AFTER UPDATE ON "{table}" BEGIN DELETE FROM change; END',),
        (f"CREATE VIEW more AS {endless}",),
        (f'DROP TABLE "{table}"', f'CREATE TABLE "{table}" (id)'),
        (f'ALTER TABLE "{table}" ADD COLUMN more TEXT',),
        (f'ALTER TABLE "{table}" RENAME TO more',),
        ("DROP INDEX head_of_field",),
        ("CREATE VIRTUAL TABLE more USING fts5(words)",),
        ("CREATE VIRTUAL TABLE more USING rtree(a, b, c)",),
        ("PRAGMA writable_schema=ON", f"UPDATE sqlite_schema SET sql = sql || ' ' WHERE name = '{table}'"),
        ("PRAGMA writable_schema=ON", f"UPDATE sqlite_schema SET rootpage = 3 WHERE name = '{table}'"),
        ("PRAGMA writable_schema=ON", f"DELETE FROM sqlite_schema WHERE name = '{table}'"),
        (f"PRAGMA user_version={chance.randrange(100_000)}",),
        (f"PRAGMA application_id={chance.randrange(100_000)}",),
        ("PRAGMA journal_mode=WAL", f'UPDATE "{table}" SET rowid = rowid'),
    )))  # fmt: skip


def value_altered(chance: random.Random, path: Path) -> None:
    """A value in any column of any table becomes something else: edited, giant, or no value at all."""
    value = chance.choice(_VALUES)
    with _open(path) as db:
        table = chance.choice(_TABLES)
        column = chance.choice([row[1] for row in db.execute(f'PRAGMA table_info("{table}")')])
        where = chance.choice(("1", f"rowid = (SELECT max(rowid) FROM {table!r})".replace("'", '"')))
        with contextlib.suppress(sqlite3.Error):
            db.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = {value} WHERE {where}')


_VALUES = (
    "'Edited by hand'", "'- One\n- Two'", "NULL", "0", "1", "-1", "9223372036854775807", "1e999",
    "x'00ff'", "CAST(x'41ff42' AS TEXT)", "'a' || char(0) || 'b'", "'Inf'", "'NaN'", "'true'", "'{}'",
    "'[]'", "'[1]'", "'\"'", "'[[[[[[[['", "'{\"value\": 1e999}'", "'\"\\ud800\"'", "'null'",
    "'2018-13-45'", "'lead'", "'*'", "'*deleted'", f"printf('%.*c', {_LONGEST}, '[')",
    f"zeroblob({_LONGEST})", f"printf('%.*c', {_LONGEST // 10}, 'x')",
    f"replace(printf('%.*c', {_LONGEST // 120}, '.'), '.', '- the same' || char(10))",
    f"'{uuid.UUID(int=7)}'", "'../../../etc/passwd'", "'''; DROP TABLE plan; --'",
    "lower(hex(randomblob(18)))",
)  # fmt: skip


def rows_altered(chance: random.Random, path: Path) -> None:
    """Rows go, come, or change their ids."""
    table = chance.choice(_TABLES)
    _run(path, chance.choice((
        f'DELETE FROM "{table}"',
        f'DELETE FROM "{table}" WHERE rowid = (SELECT max(rowid) FROM "{table}")',
        f'UPDATE "{table}" SET rowid = rowid + 100',
        "UPDATE change SET parents = json_array(id)",
        "UPDATE change SET parents = (SELECT json_group_array(id) FROM change)",
        "UPDATE change SET id = lower(id) || '0'",
        "UPDATE change SET step = (SELECT max(step) FROM change)",
        "UPDATE change SET row_id = (SELECT max(row_id) FROM change) WHERE author = 'Pat'",
        "UPDATE change SET row_type = 'measure' WHERE author = 'Pat'",
        "UPDATE change SET field = 'title' WHERE author = 'Pat'",
        "UPDATE measure SET id = 'x' WHERE rowid = 1",
        "INSERT INTO pack (id, sort_key, name, definition) VALUES ('x', 'V', 'More', '{}')",
        "INSERT INTO change SELECT seq + 1000, id || '1', 1, row_type, row_id, field, before, value, parents,"
        " author, file, at, step, batch FROM change",
    )))  # fmt: skip


def of_another_plan(chance: random.Random, path: Path) -> None:
    key = chance.choice(
        ("plan_id", "issue_id", "kind", "scope", "file_id", "seal", "own_files", "finished_at")
    )
    value = chance.choice((str(uuid.UUID(int=chance.getrandbits(128))), "", "[]", "{}", "[" * 5000, "copy"))
    with _open(path) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))


SPOILS: tuple[Spoil, ...] = (
    bits_flipped,
    bytes_overwritten,
    truncated,
    pages_swapped,
    header_altered,
    not_a_return,
    foreign_schema,
    value_altered,
    rows_altered,
    of_another_plan,
)


def spoilt(number: int, source: bytes, path: Path) -> str:
    """Write the return spoilt in the way of that number; gives the name of the way."""
    chance = random.Random(number)
    path.write_bytes(source)
    for companion in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + companion).unlink(missing_ok=True)
    spoil = SPOILS[number % len(SPOILS)]
    spoil(chance, path)
    return spoil.__name__


@contextlib.contextmanager
def _open(path: Path):  # type: ignore[no-untyped-def]
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        yield db


def _run(path: Path, *statements: str) -> None:
    with _open(path) as db, contextlib.suppress(sqlite3.Error):
        for statement in statements:
            db.execute(statement)
