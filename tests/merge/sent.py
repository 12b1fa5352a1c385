"""Returns for tests: a small plan in an officer's hands, and what partners do with what they are sent."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cypp_desktop.errors import PlanRuleBroken, UsageError
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.plan.model import Measure, Organisation, Round, Update
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import make_plan, opened
from tests.store.partners import _DEEDS, Deed

CCG = "Anytown CCG"
COUNCIL = "Anytown Council"


@contextlib.contextmanager
def officer(folder: Path) -> Iterator[OpenPlan]:
    """The small plan, open in the hands of Ann."""
    with opened(make_plan(folder / "Our plan.cypp")) as plan:
        yield plan


def row(plan: OpenPlan, cls: type[Any], **said: Any) -> Any:
    """The one row of a class that says this."""
    statement = select(cls).where(*(getattr(cls, name) == value for name, value in said.items()))
    return plan.editor.session.scalars(statement).one()


def send(
    plan: OpenPlan, organisation: str = CCG, *, round_name: str | None = "Mid-year", **more: Any
) -> Path:
    """Send a return to an organisation, into a folder of its own beside the plan."""
    assert plan.target is not None
    folder = plan.target.parent / "sent"
    folder.mkdir(exist_ok=True)
    round_id = row(plan, Round, name=round_name).id if round_name else None
    return issue_return(
        plan, row(plan, Organisation, name=organisation).id, folder, round_id=round_id, **more
    )


@contextlib.contextmanager
def partner(path: Path, name: str = "Pat") -> Iterator[OpenPlan]:
    """The return, open on a partner's machine."""
    with OpenPlan.open(path, author=name, data=path.parent / f"data of {name}") as plan:
        yield plan


def answered(path: Path, text: str = "- Fewer smoke\n- More feed\n- All well", name: str = "Pat") -> Path:
    """A partner writes the update that is asked for, and finishes the return."""
    with partner(path, name) as plan:
        update = plan.editor.session.scalars(select(Update)).one()
        with plan.editor.step("Write"):
            update.text = text
        finish(plan)
    return path


def one(plan: OpenPlan, path: Path) -> Received:
    """A file that must go through the gates."""
    (answer,) = receive([path], plan, plan.working.data)
    assert isinstance(answer, Received), answer
    return answer


def refused(plan: OpenPlan, path: Path) -> Refusal:
    """A file that must be refused."""
    (answer,) = receive([path], plan, plan.working.data)
    assert isinstance(answer, Refusal), answer
    assert answer.words.endswith("."), answer
    return answer


def said(changes: Iterable[Any]) -> list[tuple[str, str, Any]]:
    """Changes as row type, field and value."""
    return [(change.row_type, change.field, change.value) for change in changes]


@contextlib.contextmanager
def tampered(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in the hands of another program."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield db


def titles(plan: OpenPlan) -> list[str]:
    """The titles of the measures in a file."""
    return sorted(measure.title for measure in plan.editor.session.scalars(select(Measure)))


def act(editor: Editor, deeds: Iterable[Deed]) -> None:
    """Do these deeds in a file, those that its rules allow."""
    for deed in deeds:
        try:
            _DEEDS[deed.kind](editor, deed)
        except (PlanRuleBroken, UsageError):
            editor.session.rollback()
    editor.session.rollback()
