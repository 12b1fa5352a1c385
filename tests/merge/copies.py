"""Copies of one plan for tests of merging: edited apart by several people, each an open plan file."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.merge.review import Review, build_review
from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.check import check_file, content_digest
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from tests.store.plans import SMALL

Rows = dict[tuple[str, str], dict[str, Any]]


def make_plan(path: Path) -> Path:
    """The small plan as a published file."""
    with OpenPlan.create(path, author="Ann", data=path.parent / "data of Ann") as plan:
        load_plan(plan.editor, SMALL)
        plan.publish()
    return path


@contextlib.contextmanager
def opened(path: Path, author: str = "Ann") -> Iterator[OpenPlan]:
    """A plan opened by a person on a machine of their own."""
    with OpenPlan.open(path, author=author, data=path.parent / f"data of {author}") as plan:
        yield plan


def copy_of(path: Path, name: str) -> Path:
    """A copy of the file with a file id of its own, as "Save a copy" makes it."""
    target = path.with_name(f"{name}.cypp")
    shutil.copy(path, target)
    with contextlib.closing(sqlite3.connect(target)) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'file_id'", (str(uuid.uuid4()),))
        db.commit()
    return target


def edited(path: Path, author: str, *edits: tuple[str, str, object]) -> Path:
    """Edit a file as a person would, and save it: each edit is address, field and value."""
    with opened(path, author) as plan:
        for address, field, value in edits:
            set_field(plan.editor, at(plan, address), field, value)
        plan.publish()
    return path


def at(plan: OpenPlan, address: str) -> Row:
    return row_at(plan.editor.session, address)


def review_of(plan: OpenPlan, *paths: Path) -> Review:
    """The review of files, all gates passed or not."""
    answers = receive(list(paths), plan, plan.working.data)
    files = [one for one in answers if isinstance(one, Received)]
    return build_review(plan, files, [one for one in answers if isinstance(one, Refusal)])


def digest(plan: OpenPlan) -> str:
    """What the plan says now."""
    plan.editor.session.rollback()
    return content_digest(plan.editor.session.connection())


def rows(path: Path) -> Rows:
    """The rows of a plan file by kind and id."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return {
            (row_type, row["id"]): dict(row)
            for row_type in row_classes()
            for row in db.execute(f'SELECT * FROM "{row_type}"')
        }


def rows_of(plan: OpenPlan, *, without: Collection[str] = ()) -> Rows:
    """The rows of an open plan, but for these kinds."""
    plan.editor.session.rollback()
    return {key: row for key, row in rows(plan.working.path).items() if key[0] not in without}


def faults(plan: OpenPlan) -> list[str]:
    plan.editor.session.rollback()
    return check_file(plan.engine).faults
