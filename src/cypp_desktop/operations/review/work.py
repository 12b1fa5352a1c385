"""What runs off the main thread for the review: looking at files, working out what they bring, merging.

A merge goes through an editor of its own over the same working copy, because the window's belongs to
the main thread; what it changed is told to that one afterwards. Touches no widget.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cypp_desktop.gc_pause import uncollected
from cypp_desktop.merge.apply import merge
from cypp_desktop.merge.gates.receiving import receive_each
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.merge.places import Places
from cypp_desktop.merge.question import FieldKey
from cypp_desktop.merge.report import MergeReport
from cypp_desktop.merge.review import Review, build_review
from cypp_desktop.merge.unmerge import Undoable, Unmerged, unmerge, what_can_be_undone
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store.changes import CREATED, DELETED
from cypp_desktop.store.editor import Changed, Editor
from cypp_desktop.store.sqlite_queries import driver_connection, priority_and_outcome_names

if TYPE_CHECKING:
    from cypp_desktop.operations.plan_access import PlanAccess
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.store.plan_file import OpenPlan

_TWICE: Final = "This very file is under review already, perhaps under another name."


@dataclass(frozen=True, slots=True)
class Looked:
    """What files bring: the review, and the titles of outcomes and priorities by id."""

    review: Review
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """A merge or its undoing, what it changed, and its report as text."""

    result: MergeReport | Unmerged
    changed: tuple[Changed, ...]
    text: str = ""


def look_at(
    access: PlanAccess,
    paths: Sequence[Path],
    before: Sequence[Received],
    refused: Sequence[Refusal],
    progress: Progress,
) -> Looked:
    """Take files through the gates and work out what they bring, together with those from ``before``.

    Raises Cancelled when asked to stop, and FileProblem.
    """
    files, refusals = list(before), list(refused)
    known = {file.sha256 for file in files}
    reading = partial(access.reading, progress)
    with uncollected(), closing(receive_each(paths, access.plan, while_reading=reading)) as answers:
        for number, path in enumerate(paths):
            words = f"file {number + 1} of {len(paths)}" if len(paths) > 1 else ""
            progress.report(number, len(paths) + 1, words)
            answer = next(answers)
            if isinstance(answer, Received) and answer.sha256 in known:
                answer = Refusal(path, "not_seen_before", _TWICE)
            if isinstance(answer, Refusal):
                refusals = [each for each in refusals if each.path != path] + [answer]
            else:
                known.add(answer.sha256)
                files.append(answer)
    progress.report(len(paths), len(paths) + 1, "comparing")
    with access.copied_plan(progress) as other:
        return Looked(build_review(other, files, refusals), branch_names(other))


def branch_names(plan: OpenPlan) -> dict[str, str]:
    """The codes and titles of all priorities and outcomes by id; may be asked on any thread."""
    with plan.engine.connect() as connection:
        return priority_and_outcome_names(driver_connection(connection))


@dataclass(frozen=True, slots=True)
class ToUndo:
    """What of a merge can be undone: ``fields`` in words, and ``books`` that always go with them."""

    found: Undoable
    fields: list[tuple[FieldKey, str]]
    books: list[FieldKey]


def what_to_undo(access: PlanAccess, batch: str, progress: Progress) -> ToUndo:
    """What of a merge can be taken back, tried on a copy of the plan."""
    progress.report(0, 0, "")
    with access.copied_plan(progress) as other:
        found = what_can_be_undone(other, batch)
        fields, books = fields_in_words(other, found) if found.blocked else ([], [])
        return ToUndo(found, fields, books)


def fields_in_words(plan: OpenPlan, undoable: Undoable) -> tuple[list[tuple[FieldKey, str]], list[FieldKey]]:
    """The fields of a merge that can be undone, in words in the plan's order; and those that only keep its
    books, which always go with them.
    """
    listed = [key for key in undoable.fields if key[0] in row_classes() and key[0] != "received_file"]
    books = [key for key in undoable.fields if key not in set(listed)]
    with plan.engine.connect() as connection:
        places = Places(connection)
        places.load({key[:2] for key in listed})
        listed.sort(key=lambda key: (places.order(key[:2]), key[2]))
        found = [(key, f"{places.place(key[:2]).words} · {_label(key)}") for key in listed]
        connection.rollback()
    return found, books


def _label(key: FieldKey) -> str:
    row_type, _, name = key
    if name == CREATED:
        return f"New {row_words(row_type)}"
    return f"{row_words(row_type).capitalize()} deleted" if name == DELETED else field_words(row_type, name)


def merge_beside(plan: OpenPlan, review: Review, progress: Progress) -> Done:
    """Make a review so. Raises FileProblem or PlanRuleBroken; nothing has changed then."""
    with _beside(plan) as (other, heard):
        report = merge(other, review, progress=_teller(progress))
    return Done(report, tuple(heard), report.as_text())


def unmerge_beside(
    plan: OpenPlan, batch: str, fields: Collection[FieldKey] | None, progress: Progress
) -> Done:
    """Undo a merge, wholly or only these fields. Raises LaterWork, UsageError or FileProblem."""
    progress.report(0, 0, "")
    with _beside(plan) as (other, heard):
        undone = unmerge(other, batch, fields=fields)
    return Done(undone, tuple(heard))


@contextmanager
def _beside(plan: OpenPlan) -> Iterator[tuple[OpenPlan, list[Changed]]]:
    """The same plan with an editor for this thread, and what that editor changes."""
    other = copy.copy(plan)
    heard: list[Changed] = []
    other.editor = Editor(plan.engine, plan.editor.author, read_only=plan.editor.read_only)
    other.editor.listen(heard.append)
    try:
        yield other, heard
    finally:
        other.editor.close()


def _teller(progress: Progress) -> Callable[[str], None]:
    def tell(words: str) -> None:
        progress.report(0, 0, words.lower())

    return tell
