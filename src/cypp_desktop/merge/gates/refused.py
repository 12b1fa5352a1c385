"""Why a file is not taken in: the gates it is led through, and the words for what each may meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from cypp_desktop.store import disk

DAMAGED = "The file is damaged. Ask for it to be sent again."
FOREIGN = "The file is not a return or a plan of this application."


class NotTaken(Exception):
    """A file that is not taken in; the words are a whole sentence or two for the person."""


class Unreadable(Exception):
    """A row or change that cannot be in any plan; the words say what is wrong, after "it holds a …"."""


def first_refusal(gates: Sequence[Callable[[Any], None]], file: Any) -> tuple[str, str] | None:
    """Lead a file through these gates; the name of the first that refuses it and why, or None."""
    for gate in gates:
        try:
            gate(file)
        except NotTaken as problem:
            return gate.__name__, str(problem)
        except Unreadable as problem:
            return gate.__name__, _unreadable(str(problem))
        except sqlite3.Error as problem:
            return gate.__name__, _sqlite_words(problem)
        except OSError as problem:
            return gate.__name__, f"The file cannot be read: {disk.reason(problem)}."
        except (ValueError, TypeError, KeyError, RecursionError, MemoryError):
            return gate.__name__, _unreadable("value that cannot be read")
    return None


def _unreadable(what: str) -> str:
    return f"The file holds a {what}, so nothing of it was taken in. Ask for it to be sent again."


def _sqlite_words(problem: sqlite3.Error) -> str:
    code = getattr(problem, "sqlite_errorcode", None)
    code = code & 0xFF if isinstance(code, int) else None
    if code == sqlite3.SQLITE_INTERRUPT:
        return "It would take too long to read the file through, so nothing of it was taken in."
    if code == sqlite3.SQLITE_TOOBIG or isinstance(problem, sqlite3.DataError):
        return _unreadable("value far too long")
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM):
        return f"The file cannot be read: {disk.reason(problem)}."
    return DAMAGED
