"""Bringing a source document in, for the window and the command line alike: read, look, then make a plan.

``read_source`` writes nothing: what it finds is shown first. ``make_plan`` makes the plan file of it, or
leaves everything as it was.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cypp_desktop.errors import FileProblem, ImportProblem
from cypp_desktop.exchange.word.model import ColumnMeaning, FoundTable, ImportReport
from cypp_desktop.store.file_names import fitting_name

if TYPE_CHECKING:
    from cypp_desktop.store.publish import Published


@dataclass(slots=True)
class FoundPlan:
    """What a source holds: ``plan`` is in plan JSON; ``tables`` are those of a Word document.

    ``name`` is what the history calls the import.
    """

    plan: dict[str, Any]
    name: str
    tables: list[FoundTable] = field(default_factory=list)
    report: ImportReport = field(default_factory=ImportReport)


def read_source(path: Path, meanings: Mapping[tuple[int, int], ColumnMeaning] | None = None) -> FoundPlan:
    """What stands in a Word document (``.docx``) or a plan JSON file (``.json``).

    ``meanings`` are the person's own for the columns of a Word document, as in
    :func:`cypp_desktop.exchange.word.read_word`. Raises ImportProblem with words that say what to do.
    """
    _refuse_other_than_file(path)
    if path.suffix.lower() == ".json":
        from cypp_desktop.exchange.plan_json import read_plan

        plan = read_plan(path)
        return FoundPlan(plan, "Import JSON file", report=ImportReport(counts_of(plan)))
    from cypp_desktop.exchange.word import read_word

    found = read_word(path, meanings)
    return FoundPlan(found.plan, "Import Word document", found.tables, found.report)


def _refuse_other_than_file(path: Path) -> None:
    """A pipe or a device may never end; what is missing or a folder is said by whoever reads it."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ImportProblem(f"{path.name} is not a file that could be brought in.")


def make_plan(
    target: Path,
    data: Mapping[str, Any],
    name: str,
    *,
    author: str | None = None,
    replace: bool = False,
    check: Callable[[], None] | None = None,
) -> Published:
    """A new plan file of this content, in plan JSON; nothing is left where it cannot be made.

    ``replace``: a file at ``target`` is backed up and replaced. ``check`` is called between the steps;
    what it raises ends the making. Raises ImportProblem for content that is not a plan, FileProblem or
    PlanInUse where the file cannot be made.
    """
    from cypp_desktop.exchange.plan_json import load_plan
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.save_steps import KEPT

    with OpenPlan.create(target, author=author, replace=replace) as plan:
        try:
            load_plan(plan.editor, data, name=name)
            if check is not None:
                check()
            return plan.publish()
        except BaseException as problem:
            plan.discard()
            if isinstance(problem, FileProblem) and KEPT in str(problem):
                raise FileProblem(str(problem).partition(KEPT)[0] + "Nothing was made.") from problem
            raise


def unplaced_words(count: int) -> str:
    """How many pieces of text came in as notes, as a sentence."""
    words = "1 piece of text was" if count == 1 else f"{count} pieces of text were"
    return f"{words} kept as a note, because no place was found for it."


def counts_of(plan: Mapping[str, Any]) -> dict[str, int]:
    """How many rows of each kind a plan in plan JSON holds."""
    priorities = _rows_in([plan], "priorities")
    outcomes = _rows_in(priorities, "outcomes")
    measures = _rows_in(outcomes, "measures")
    return {
        "priorities": len(priorities),
        "outcomes": len(outcomes),
        "measures": len(measures),
        "placeholders": sum(bool(measure.get("placeholder")) for measure in measures),
        "actions": len(_rows_in(outcomes, "actions")),
        "updates": len(_rows_in(outcomes, "updates")),
        "leads": len(_rows_in([*priorities, *outcomes, *measures], "leads")),
        "sections": len(_rows_in([plan], "sections")),
        "notes": len(_rows_in([plan], "notes")),
    }


def _rows_in(owners: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """All that stands in one list of each of some rows."""
    found: list[Any] = []
    for owner in owners:
        found += owner.get(name) or []
    return found


def suggested_file(folder: Path, plan: Mapping[str, Any], source: Path) -> Path:
    """A plan file in a folder that is not there yet, called by the plan's title or by its source."""
    stem = file_stem(plan, source)
    numbers = ("", *(f" {number}" for number in range(2, 100)))
    paths = [folder / fitting_name(stem, number, ".cypp") for number in numbers]
    return next((path for path in paths if not os.path.lexists(path)), paths[0])


def file_stem(plan: Mapping[str, Any], source: Path) -> str:
    """A name for the plan's file: its title as far as a file can be called that, else its source's."""
    words = " ".join(re.sub(r'[\\/:*?"<>|\[\]\x00-\x1f]+', " ", str(plan.get("title") or "")).split())
    if len(words) > _LONGEST_STEM:
        words = words[:_LONGEST_STEM].rsplit(" ", 1)[0]
    words = words.strip(" .-–—,")
    return words if len(words) > 2 else source.stem


_LONGEST_STEM = 80
