"""The tables of a .cypp file beside those of the plan's classes, and the making of a new file.

``meta``
    What the file says of itself, by key: ``plan_id``, ``file_id``, ``created_at``, ``sealed_step`` (the last
    step that may have left this machine, and so is not amended any more), ``own_files`` (the ids that the
    holder's file has had, once anything was merged), ``held`` (see :mod:`cypp_desktop.store.materialise`),
    ``secret`` (see :mod:`cypp_desktop.store.secrets_of_plan`), ``file_seal`` (see
    :mod:`cypp_desktop.store.file_seal`); a return has no secret, but what it asks for, ``issue_key``,
    ``kind`` and ``seal``.
``step``
    One row for each command of a person, with its name, author and time, and whether it can be undone.
``change``
    One row for each field that a step changed; what the plan's tables hold follows from these.
``removal`` and ``removed``
    What was taken out of the log for good, and why: see :mod:`cypp_desktop.store.removal`.

Whoever changes a table here or in ``plan/model.py`` makes another version of the file:
:mod:`cypp_desktop.store.versions` says what that takes, and what each version holds.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL, Column, Index, Integer, MetaData, String, Table, Text, create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry

from cypp_desktop.errors import FileProblem
from cypp_desktop.plan import model as _mapped_classes  # noqa: F401  its tables must be known
from cypp_desktop.plan.base import Row
from cypp_desktop.store import file_seal
from cypp_desktop.store.disk import DAMAGED_WORDS, is_damage
from cypp_desktop.store.files import WORKING_PRAGMAS, stamp
from cypp_desktop.store.sqlite_queries import driver_connection


class StepKind(StrEnum):
    """What made a step. Only steps of kind ``do`` can be undone one by one."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REMOVE = "remove"


class StepState(StrEnum):
    """Where a step stands in the undo stack; one that was undone is dropped once something else is done."""

    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


LOG = MetaData()

meta = Table("meta", LOG, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

#: One command of a person. ``kind`` is a StepKind; ``state``, a StepState, is this file's own undo stack.
#: ``target`` is the step that an undo or redo is about, ``sitting`` the field that was typed in, ``report``
#: what a merge did, as JSON.
step = Table(
    "step",
    LOG,
    Column("seq", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("target", String(36)),
    Column("state", String, nullable=False),
    Column("sitting", Text),
    Column("report", Text),
)
Index("step_stack", step.c.state, step.c.kind, step.c.seq)

#: One change of one field; ``batch`` is the merge step by which it came into this file, if it did;
#: ``is_head`` says what follows from the others, that no change of the same field names it as parent.
#: ``claim`` is what a change from outside said of itself (:mod:`cypp_desktop.store.claims`), else NULL.
change = Table(
    "change",
    LOG,
    Column("seq", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("is_head", Integer, nullable=False),
    Column("row_type", String, nullable=False),
    Column("row_id", String(36), nullable=False),
    Column("field", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("parents", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("file", String(36), nullable=False),
    Column("at", String, nullable=False),
    Column("step", String(36), nullable=False, index=True),
    Column("batch", String(36)),
    Column("claim", Text),
)
Index("change_of_field", change.c.row_id, change.c.field)
Index("head_of_field", change.c.row_id, change.c.field, sqlite_where=change.c.is_head == 1)

#: Texts that were removed for good together: when, by whom and why. The reason holds nothing of the texts.
removal = Table(
    "removal",
    LOG,
    Column("id", String(36), primary_key=True),
    Column("at", String, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

#: What a removal has emptied, and empties wherever it turns up again: ``part`` of the change or step with the
#: id ``item``.
removed = Table(
    "removed",
    LOG,
    Column("item", String(36), primary_key=True),
    Column("part", String, primary_key=True),
    Column("removal", String(36), primary_key=True),
)


def connect(path: Path) -> Engine:
    """An engine over a working copy: durable commits, foreign keys on."""
    # not a URL put together as text: a folder's name may hold "?" or "%"
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 10})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        # SQLAlchemy begins transactions itself: the driver's own rule begins too late for reads
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in WORKING_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "handle_error")
    def _say_damage(context: ExceptionContext) -> None:
        if is_damage(context.original_exception):
            raise FileProblem(DAMAGED_WORDS) from context.original_exception

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def create_tables(path: Path, plan_id: str | None = None) -> None:
    """Make the tables of a new plan file at ``path``, which must not hold any yet."""
    engine = connect(path)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            connection.rollback()
            stamp(driver_connection(connection))
        with engine.begin() as connection:
            Row.metadata.create_all(connection)
            LOG.create_all(connection)
            connection.execute(
                meta.insert(),
                [
                    {"key": "plan_id", "value": plan_id or str(uuid.uuid4())},
                    {"key": "file_id", "value": str(uuid.uuid4())},
                    {"key": "created_at", "value": now()},
                    {"key": "sealed_step", "value": "0"},
                    {"key": "secret", "value": secrets.token_hex(32)},
                    {"key": file_seal.KEY, "value": file_seal.NOT_YET},
                ],
            )
    finally:
        engine.dispose()


def now() -> str:
    """The present moment for people: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
