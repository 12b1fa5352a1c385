"""Writing to a plan to see what it would say, and taking all of it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection


@contextmanager
def trying_out(connection: Connection) -> Iterator[None]:
    """Whatever is written inside is rolled back at the end, and never reaches the file meanwhile, where a
    reader would be in its way.
    """
    connection.exec_driver_sql("PRAGMA cache_spill=OFF")
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA cache_spill=ON")
        connection.rollback()
