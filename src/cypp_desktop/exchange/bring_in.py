"""Bringing a source document in, for the window and the command line alike: read, look, then make a plan.

``read_source`` writes nothing: what it finds is shown first. ``make_plan`` makes the plan file of it, or
leaves everything as it was.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cypp_desktop.errors import FileProblem, ImportProblem
from cypp_desktop.exchange.word.model import ColumnMeaning, FoundTable, ImportReport

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
    from cypp_desktop.store.publish import KEPT

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


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, and never over a plan. Raises FileProblem."""
    from cypp_desktop.store.output_file import write_output

    write_output(path, text.encode("utf-8"))


def unplaced_words(count: int) -> str:
    """How many pieces of text came in as notes, as a sentence."""
    words = "1 piece of text was" if count == 1 else f"{count} pieces of text were"
    return f"{words} kept as a note, because no place was found for it."


def counts_of(plan: Mapping[str, Any]) -> dict[str, int]:
    """How many rows of each kind a plan in plan JSON holds."""
    priorities = plan.get("priorities") or []
    outcomes = [outcome for priority in priorities for outcome in priority.get("outcomes") or []]
    measures = [measure for outcome in outcomes for measure in outcome.get("measures") or []]
    actions = [action for outcome in outcomes for action in outcome.get("actions") or []]
    owners = [*priorities, *outcomes, *measures]
    return {
        "priorities": len(priorities),
        "outcomes": len(outcomes),
        "measures": len(measures),
        "placeholders": sum(bool(measure.get("placeholder")) for measure in measures),
        "actions": len(actions),
        "updates": sum(len(outcome.get("updates") or []) for outcome in outcomes),
        "leads": sum(len(owner.get("leads") or []) for owner in owners),
        "sections": len(plan.get("sections") or []),
        "notes": len(plan.get("notes") or []),
    }


def file_stem(plan: Mapping[str, Any], source: Path) -> str:
    """A name for the plan's file: its title as far as a file can be called that, else its source's."""
    words = " ".join(re.sub(r'[\\/:*?"<>|\[\]\x00-\x1f]+', " ", str(plan.get("title") or "")).split())
    if len(words) > _LONGEST_STEM:
        words = words[:_LONGEST_STEM].rsplit(" ", 1)[0]
    words = words.strip(" .-–—,")
    return words if len(words) > 2 else source.stem


_LONGEST_STEM = 80
