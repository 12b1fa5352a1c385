"""A plan as it stands at one moment, to read at leisure beside the editor and without holding it up.

A reader of the working copy itself would keep the editor from committing for as long as it reads; a
copy in memory takes milliseconds and then nobody waits for anybody.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from cypp_desktop.store.disk import connect, plain_words


@contextmanager
def snapshot(working: Path) -> Iterator[Session]:
    """A session over a copy in memory of the database at ``working``; what it writes is nobody's.

    The copy is whole when the block begins. Usable on any one thread. Raises FileProblem where the
    database cannot be read.
    """
    with contextlib.closing(_copied(working)) as copy:
        engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
        with Session(engine, autoflush=False) as session:
            yield session


def _copied(working: Path) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        with plain_words("The plan cannot be read"), contextlib.closing(connect(working)) as db:
            db.backup(copy)
    except BaseException:
        copy.close()
        raise
    return copy
