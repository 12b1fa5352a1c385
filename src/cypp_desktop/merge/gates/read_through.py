"""The first gates: those for which a file is read from end to end, and nothing need be known of the plan.

Knows no mapped class, so that a process that does only this is there at once.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from cypp_desktop.merge.gates.quarantine import connect_copy, take_copy
from cypp_desktop.merge.gates.refused import DAMAGED, FOREIGN, NotTaken, first_refusal
from cypp_desktop.store import disk, file_seal, seal
from cypp_desktop.store.file_parts import Part, encoding, is_whole, meta_value, parts
from cypp_desktop.store.file_seal import Standing
from cypp_desktop.store.files import APPLICATION_ID, companions
from cypp_desktop.store.versions import CURRENT_VERSION

_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Tables:
    """What a file of this version consists of: its parts as :func:`comparable` ones, and its row types."""

    parts: frozenset[Part]
    row_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What was found: the SHA-256 of the file and the digest of its rows (None where it is no return).

    ``refusal`` is the name of the gate that refused it, and why; None where none did.
    """

    sha256: str = ""
    digest: str | None = None
    refusal: tuple[str, str] | None = None


@dataclass(slots=True)
class _FileToRead:
    path: Path
    copy: Path
    tables: Tables
    fs: disk.FileSystem
    sha256: str = ""
    digest: str | None = None
    db: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))


def read_through(path: Path, copy: Path, tables: Tables, fs: disk.FileSystem) -> ReadThrough:
    """Copy a file to ``copy``, which must not be there yet, and lead it through the first gates."""
    file = _FileToRead(path, copy, tables, fs)
    try:
        refusal = first_refusal(GATES, file)
    finally:
        file.db.close()
    return ReadThrough(file.sha256, file.digest, refusal)


def comparable(part: Part) -> Part:
    """A part of a database with white space that means nothing taken out of its SQL."""
    kind, name, table, sql = part
    return kind, name, table, None if sql is None else " ".join(sql.split())


# ------------------------------------------------------------------ the gates, in their order


def copied(file: _FileToRead) -> None:
    """A copy of our own is looked at, of a file that is there, is a file and is not too large."""
    file.sha256 = take_copy(file.path, file.copy, file.fs)


def alone(file: _FileToRead) -> None:
    """Nothing beside the file says that a part of it was left behind."""
    if beside := companions(file.path, file.fs):
        raise NotTaken(
            f"Beside the file lies another that ends in “{beside[0]}”: a program did not finish writing it, "
            "and part of what it holds is there. Open it in CYPP Desktop, save it, and send it again."
        )


def opened(file: _FileToRead) -> None:
    """It is a file of this application, whole as far as its header tells, of this version."""
    with file.copy.open("rb") as copy:
        header = copy.read(100)
    if not any(header):
        raise NotTaken(
            "There is nothing in the file. If it is in a cloud folder, it may not have been downloaded yet."
        )
    if not header.startswith(_MAGIC) or _number(header, 68) != APPLICATION_ID:
        raise NotTaken(FOREIGN)
    if header[18] != 1 or header[19] != 1:
        raise NotTaken(
            "Another program left the file in a state in which part of what it holds is in a second file "
            "beside it. Open it in CYPP Desktop, save it, and send it again."
        )
    size = file.copy.stat().st_size
    if size != _promised_size(header):
        missing = ": its end is missing" if size < _promised_size(header) else ""
        raise NotTaken(f"The file is damaged{missing}. Ask for it to be sent again.")
    version = _number(header, 60)
    if version // 1000 > CURRENT_VERSION // 1000 or version > CURRENT_VERSION:
        raise NotTaken(
            "The file was saved by a later version of CYPP Desktop. Install that version to take it in."
        )
    if version != CURRENT_VERSION:
        raise NotTaken(
            "The file was saved by an earlier version of CYPP Desktop. Open it in this version, save it, and "
            "take it in again."
        )
    file.db.close()
    file.db = connect_copy(file.copy)


def schema_is_ours(file: _FileToRead) -> None:
    """Its tables are ours to the letter: no view, trigger or virtual table stands where one is read."""
    if encoding(file.db) != "UTF-8" or frozenset(map(comparable, parts(file.db))) != file.tables.parts:
        raise NotTaken(
            "The file has been rebuilt by another program: its tables are not those of a return. Ask for the "
            "changes in a copy made by CYPP Desktop."
        )


def whole(file: _FileToRead) -> None:
    """It is what was saved, to the bit, or else SQLite finds no damage in it and no bit has changed by
    itself.
    """
    if file_seal.holds(file.copy):
        return
    if not is_whole(file.db):
        raise NotTaken(DAMAGED)
    header, scratch = file.fs.read(file.copy, 100), file.copy.with_name(file.copy.name + ".packed")
    if file_seal.standing(file.copy, header, scratch, file.fs) is Standing.DAMAGED:
        raise NotTaken(DAMAGED)


def digested(file: _FileToRead) -> None:
    """What the rows of a return are is put into one digest, to be held against its seal."""
    if meta_value(file.db, seal.KIND) == seal.RETURN:
        file.digest = seal.digest_of_rows(file.db, file.tables.row_types)


#: The first gates, in order. A refusal names the function that refused.
GATES = (copied, alone, opened, schema_is_ours, whole, digested)


def _promised_size(header: bytes) -> int:
    page_size = int.from_bytes(header[16:18], "big")
    return (65536 if page_size == 1 else page_size) * _number(header, 28)


def _number(header: bytes, offset: int) -> int:
    return int.from_bytes(header[offset : offset + 4], "big")
