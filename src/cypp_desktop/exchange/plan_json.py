"""Plan JSON in and out: the open text format of a plan (``cypp-plan/1``).

Reading a file and writing it again gives the same content; the same plan always gives the same
bytes. Optional keys are written only where they say more than the rest of the file does.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, object_session

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_check import check_plan
from cypp_desktop.exchange.plan_loader import PlanLoader
from cypp_desktop.exchange.plan_writer import PlanWriter
from cypp_desktop.gc_pause import uncollected
from cypp_desktop.plan.base import Row
from cypp_desktop.plan.figures import MOST_DIGITS
from cypp_desktop.store.disk import reason
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.schema import StepKind

_LARGEST = 256 * 1024 * 1024


# ------------------------------------------------------------------ reading


def read_plan(path: Path) -> dict[str, Any]:
    """The checked content of a plan JSON file. Raises ImportProblem in plain words."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ImportProblem(f"{path.name} is too large to be a plan (more than 256 MB).")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportProblem(f"{path.name} is not a plan JSON file: its text is not UTF-8.") from None
    except OSError as problem:
        raise ImportProblem(f"{path.name} could not be read: {reason(problem)}.") from problem
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=_whole, object_pairs_hook=_object)
    except (ValueError, ArithmeticError, RecursionError):
        raise ImportProblem(
            f"{path.name} is not a plan JSON file, or it is damaged. Ask for it to be sent again."
        ) from None
    checked(data)
    return dict(data)


def _whole(digits: str) -> int | Decimal:
    return Decimal(digits) if digits == "-0" or len(digits) > MOST_DIGITS else int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the file; one of two equal keys would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = Counter(key for key, _ in pairs)
        twice = next(key for key in keys if keys[key] > 1)
        raise ImportProblem(f"The plan file is not as it should be: it has the key {twice[:60]!r} twice.")
    return found


def checked(data: Any) -> None:
    """Raise ImportProblem, naming place and key, unless ``data`` is a plan in this format."""
    if not isinstance(data, dict) or ("priorities" not in data and "sections" not in data):
        raise ImportProblem("This is not a plan JSON file: it has no priorities.")
    check_plan(data)


def load_plan(editor: Editor, data: Mapping[str, Any], *, name: str = "Import plan") -> None:
    """Put a plan in plan JSON into an empty file, as one step that starts its history.

    Raises ImportProblem, with nothing written, where ``data`` is not as the format says.
    """
    with uncollected():
        checked(data)
        with editor.step(name, kind=StepKind.IMPORT) as session:
            PlanLoader(session).load(data)


# ------------------------------------------------------------------ writing


def dump_plan(session: Session) -> dict[str, Any]:
    """The whole plan in plan JSON, keys in the order of the format."""
    return PlanWriter(session).whole()


def write_plan(session: Session) -> str:
    """The whole plan as the text of a plan JSON file."""
    return to_text(dump_plan(session))


def to_text(data: Any) -> str:
    """Plan JSON as text: two-space indent, UTF-8 letters as they are, exact decimals, a last line end."""
    mark = f"exact number {uuid.uuid4()} "  # no text of the plan can hold this

    def exact(value: Any) -> str:
        if isinstance(value, Decimal):
            return f"{mark}{value}"
        raise TypeError(f"{type(value).__name__} has no place in plan JSON")

    marked = json.dumps(data, indent=2, ensure_ascii=False, default=exact)
    return re.sub(f'"{mark}([^"]+)"', r"\1", marked) + "\n"


def row_json(row: Row) -> dict[str, Any]:
    """One row of a plan as it stands in plan JSON."""
    session = object_session(row)
    assert session is not None
    return PlanWriter(session).row(row)
