"""What removing a text for good would do, and what it did, in words: for the window and the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cypp_desktop.operations.change_words import moment_words
from cypp_desktop.operations.removal import RemovalDone
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.words import counted, cut, field_words
from cypp_desktop.store.backups import time_of
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.history_words import HistoryWords
from cypp_desktop.store.removal_files import PlanFile, PlanFileKind
from cypp_desktop.store.removal_search import LivePlace
from cypp_desktop.store.removal_survey import FileFound, Survey

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CANNOT_BE_UNDONE: Final = "This cannot be undone."
#: What no record of the plan tells of.
NOT_ON_RECORD: Final = (
    "Copies that were saved elsewhere, prints, exports and e-mails: the plan keeps no record of them",
    "Laptops of colleagues: there it goes once they open or merge the plan’s file",
    "Earlier versions that a shared or cloud folder, or a backup of the whole machine, keeps by itself",
)
_LONGEST: Final = 90


@dataclass(frozen=True, slots=True)
class Group:
    """Places of one kind, under a heading."""

    heading: str
    lines: tuple[str, ...]


def preview(survey: Survey, session: Session) -> list[Group]:
    """Every place that a removal takes the text out of, and those that it will not reach."""
    words = HistoryWords(session)
    groups = [
        Group(
            f"In the plan now: {counted(len(survey.live), 'place')}",
            tuple(_live_line(place, words) for place in survey.live),
        ),
        Group("In its history", tuple(_history_lines(survey))),
        Group("In other files on this machine", tuple(_file_lines(survey.files))),
        Group("Not reached: what was sent out", tuple(_sent_lines(survey))),
        Group("Not reached: what else there may be", (*map(_print_line, survey.prints), *NOT_ON_RECORD)),
    ]
    return [group for group in groups if group.lines]


def _live_line(place: LivePlace, words: HistoryWords) -> str:
    """Where a field stands that says it, and what it says."""
    key = HistoryEntry("", "", "", place.row_type, place.row_id, place.field, None, None)
    said = words.value(place.row_type, place.field, place.value) or _strings(place.value)
    return f"{words.place(key)} · {field_words(place.row_type, place.field)}: {cut(said, _LONGEST)}"


def _strings(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(filter(None, map(_strings, value.values())))
    if isinstance(value, list):
        return " ".join(filter(None, map(_strings, value)))
    return value if isinstance(value, str) else ""


def _history_lines(survey: Survey) -> Iterator[str]:
    if survey.past:
        yield f"{counted(survey.past, 'recorded change')}"
    if survey.steps:
        yield f"The names or reports of {counted(survey.steps, 'step')}"
    if survey.removals:
        yield f"The reason or author of {counted(survey.removals, 'earlier removal')}"


def _file_lines(files: Sequence[FileFound]) -> Iterator[str]:
    with_it = [found for found in files if found.texts and not found.file.problem]
    backups = [found for found in with_it if found.file.kind is PlanFileKind.BACKUP]
    if backups:
        yield f"{counted(len(backups), 'backup')}: kept, with the date and reason, without the text"
    for found in with_it:
        if found.file.kind is not PlanFileKind.BACKUP:
            yield file_words(found.file)
    for found in files:
        if found.file.problem:
            yield f"{file_words(found.file)}: cannot be cleaned, {in_a_line(found.file.problem)}"


def file_words(file: PlanFile) -> str:
    """What a file of the plan is called."""
    match file.kind:
        case PlanFileKind.BACKUP:
            at = time_of(file.path)
            return f"The backup of {moment_words(at.isoformat())}" if at else f"The backup {file.path.name}"
        case PlanFileKind.WORKING_COPY:
            return "A working copy of the plan that is kept on this laptop"
    return f"The file “{file.path.name}”"


def in_a_line(problem: str) -> str:
    """A problem as the end of a sentence."""
    return problem.rstrip(".")


def _print_line(path: Path) -> str:
    return f"The file “{path.name}” beside the plan says it or may: delete it, or make it anew"


def _sent_lines(survey: Survey) -> Iterator[str]:
    for issued in survey.sent:
        to = issued.organisation or "an organisation since deleted"
        by = issued.issued_by
        said_by = f" by {by}" if by and not survey.wanted.holds(by) else ""
        yield f"The return to {to}, sent on {day_in_words(issued.issued_at[:10])}{said_by}"


def done_words(done: RemovalDone) -> list[str]:
    """What a removal did, and what is left to do."""
    lines = ["The text is removed from the plan and its history."]
    cleaned, thrown_away = done.followed.cleaned, done.followed.thrown_away
    if cleaned:
        lines.append(f"It is out of {counted(cleaned, 'other file')} of the plan on this machine.")
    if thrown_away:
        lines.append(f"Deleted: {counted(thrown_away, 'backup')} that nobody could read.")
    if done.not_saved:
        lines.append(f"The plan’s own file still holds it: {in_a_line(done.not_saved)}. Save when you can.")
    if done.again:
        places = counted(done.again, "place")
        lines.append(f"Others have written it anew meanwhile: it stands in {places} of the plan again.")
    for file in done.left:
        problem = in_a_line(file.problem or "it cannot be read")
        lines.append(f"{file_words(file)} may still hold it: {problem}.")
    if any(not file.unreadable for file in done.left):
        lines.append("That is tried again whenever the plan is opened.")
    return lines
