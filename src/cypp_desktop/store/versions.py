"""The versions of the .cypp file: what each holds, and how a file of an older one becomes one of this one.

A plan is an SQLite file with our application id. Its version stands in ``user_version`` as major * 1000 +
minor.

The versions so far
    1.0 (1000)
        The first; it was never released. One table for each class of ``plan/model.py``, named by its row
        type, and beside them the tables of :mod:`cypp_desktop.store.schema`: ``meta`` (what the file says
        of itself), ``step`` (the commands of people) and ``change`` (what each changed). The rows are what
        the changes say, so both are there and must agree.

Which number a change of the format needs
    A new minor version
        Where an older program can ignore what is new, such as one more column that may be empty. It opens
        such a file and edits it, and does not know what it passes over.
    A new major version
        Where an older program would misread or damage the file. It refuses to open one, and says so.
    Until a version is released, further changes of the format go into the same number.

How to add a version
    1. Raise ``VERSION_MAJOR`` or ``VERSION_MINOR`` below.
    2. Change the classes in ``plan/model.py``, or the tables in :mod:`cypp_desktop.store.schema`. New files
       are made from these, and :mod:`cypp_desktop.store.table_check` holds opened files against them.
    3. Write a function that changes the tables and rows of a file of the version before, in SQL alone: the
       mapped classes are those of today and will be others tomorrow. Add it to ``UPGRADES``. For a column
       that may be empty, ``adds_column`` makes it.
    4. Where a field is new, changes of older versions do not know it: a column needs a ``default`` in the
       model, or may be empty. Where a field has another name or meaning, the upgrade rewrites ``change``
       too, or else the rows no longer say what their changes say and ``check`` finds fault with the file.
    5. Describe the version above.
    6. When the program is released, make its file for the tests with ``python -m tests.files.make
       tests/files/vN``. It stays there for ever: each later program must open it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

VERSION_MAJOR = 1
VERSION_MINOR = 0
CURRENT_VERSION = VERSION_MAJOR * 1000 + VERSION_MINOR


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One step to the file version ``to`` (major * 1000 + minor).

    ``run`` changes tables and rows within the transaction it is called in: no commit, no ``executescript``.
    """

    to: int
    run: Callable[[sqlite3.Connection], object]


def adds_column(table: str, column: str, kind: str) -> Callable[[sqlite3.Connection], object]:
    """A step that gives a table one more column, empty in every row; ``kind`` is SQLite's, such as TEXT."""
    return lambda connection: connection.execute(f'ALTER TABLE "{table}" ADD COLUMN {column} {kind}')


#: How a file of an older version becomes one of this version, in order.
UPGRADES: tuple[Upgrade, ...] = ()
