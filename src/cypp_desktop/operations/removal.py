"""Removing a text for good, as window and command line have it: what is asked, what it would do, doing it.

It takes a text out of the plan, its history, its working copies and backups on this machine, and cannot be
undone. What has left the machine stays where it is, and is listed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cypp_desktop.errors import CyppError, UsageError
from cypp_desktop.plan.base import FieldKind, field_of, row_classes
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.store import removal_step, removal_work, schema
from cypp_desktop.store.changes import CREATED, DELETED, to_json
from cypp_desktop.store.disk import DISK, FileSystem, plain_words, stat_or_none
from cypp_desktop.store.history import history
from cypp_desktop.store.publish import Published
from cypp_desktop.store.raw_rows import reading
from cypp_desktop.store.removal import NOBODY, Removal, emptied
from cypp_desktop.store.removal_files import PlanFile
from cypp_desktop.store.removal_search import LivePlace, WordingsOfField, search
from cypp_desktop.store.removal_survey import Survey
from cypp_desktop.store.removal_work import Followed, ToDo
from cypp_desktop.store.seal import KIND, RETURN

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.removal_search import Wanted


class Rest(Enum):
    """What a field says afterwards that says the text now."""

    #: nothing
    EMPTY = auto()
    #: what it says, without the words
    KEPT = auto()
    #: what the person writes instead
    WRITTEN = auto()


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person has decided about a removal: the reason, and what the fields say afterwards (``written``
    where that is one text). ``thrown_away`` are backups that nobody can read and that are to go; ``also`` are
    other files of the plan that are to be cleaned.
    """

    reason: str
    rest: Rest = Rest.EMPTY
    written: str = ""
    thrown_away: Collection[Path] = ()
    also: Sequence[Path] = ()


@dataclass(frozen=True, kw_only=True)
class RemovalDone:
    """What became of a removal: how many texts are gone, what was done on this machine, and why the plan's
    own file still holds it, where it could not be written. ``again`` is in how many places of the plan it
    stands, because others have written it anew and that came in with saving.
    """

    texts: int
    followed: Followed = field(default_factory=Followed)
    published: Published | None = None
    not_saved: str | None = None
    again: int = 0

    @property
    def left(self) -> tuple[PlanFile, ...]:
        """The files of this machine that still hold it."""
        return self.followed.left

    @property
    def is_through(self) -> bool:
        """Whether nothing is left on this machine."""
        return not self.left and self.not_saved is None and not self.again


def refuse_in_return(plan: OpenPlan) -> None:
    """Raise UsageError where what is open is a return: that leaves out what was overwritten by itself."""
    if plan.editor.meta(KIND) == RETURN:
        raise UsageError(
            "This is a return. Write the text anew or empty it: when you finish, earlier wordings are left "
            "out. What was sent before is removed by whoever holds the plan."
        )


def wordings_of(plan: OpenPlan, wanted: WordingsOfField) -> list[Any]:
    """What a field has said so far, as the log has it: each wording once, the first one first."""
    field_ = field_of(wanted.row_type, wanted.field)
    found: list[Any] = []
    if field_ is None:
        return found
    of_field = reversed(history(plan.editor.session, rows=[wanted.row], field=wanted.field))
    for entry in of_field:
        value = entry.value
        if entry.field in (CREATED, DELETED):
            if not isinstance(value, dict):
                continue
            value = field_.value_of({**dict.fromkeys(field_.columns), **value})
        says_something = value not in (None, "", []) and entry.gap("value") is None
        if says_something and value not in found:
            found.append(value)
    return found


def what_is_left(survey: Survey, order: Order) -> dict[LivePlace, Any]:
    """What each field that says the text now says afterwards. Raises UsageError where that says it again."""
    found: dict[LivePlace, Any] = {}
    for place in survey.live:
        value = _left_of(place, survey.wanted, order)
        if _says_it(place, value, survey.wanted):
            raise UsageError("What is to stay still says what is to be removed.")
        found[place] = value
    return found


def _left_of(place: LivePlace, wanted: Wanted, order: Order) -> Any:
    field_ = field_of(place.row_type, place.field)
    assert field_ is not None
    said = {field_.columns[0]: place.value} if len(field_.columns) == 1 else dict(place.value)
    gone = wanted.columns(place.row_type, place.row_id, said)
    left = dict(said)
    for column in gone:
        is_written = order.rest is Rest.WRITTEN and isinstance(said[column], str)
        if is_written and column == gone_first(gone, field_.columns):
            left[column] = order.written
        elif order.rest is Rest.KEPT and wanted.row_id() is None:
            left[column] = _rest_of(place.row_type, column, said[column], wanted)
        else:
            left[column] = emptied(place.row_type, column)
    if field_.is_span and left != said:
        words = field_.columns[0]
        # its days are read out of its words: they go with these, and words that say a day go with it
        stays = left[words] if left[words] != said[words] else emptied(place.row_type, words)
        left = {column: stays if column == words else None for column in field_.columns}
    return left if len(field_.columns) > 1 else left[field_.columns[0]]


def _rest_of(row_type: str, column: str, value: Any, wanted: Wanted) -> Any:
    """What is left of a column; of a day or a number nothing, because no part of it means anything."""
    kind = row_classes()[row_type].__table__.columns[column].info.get("kind")
    return emptied(row_type, column) if kind in (FieldKind.DATE, FieldKind.NUMBER) else wanted.rest_of(value)


def gone_first(gone: Collection[str], columns: Sequence[str]) -> str:
    """The first of the columns of a field that is emptied: there stands what is written instead."""
    return next(column for column in columns if column in gone)


def _says_it(place: LivePlace, value: Any, wanted: Wanted) -> bool:
    field_ = field_of(place.row_type, place.field)
    assert field_ is not None
    if isinstance(wanted, WordingsOfField) and wanted.wordings is None:
        return to_json(value) == to_json(place.value)  # all but nothing is a wording of the field
    said = {field_.columns[0]: value} if len(field_.columns) == 1 else value
    return bool(wanted.columns(place.row_type, place.row_id, said))


# ------------------------------------------------------------------ doing it


def remove_for_good(plan: OpenPlan, survey: Survey, order: Order) -> RemovalDone:
    """Remove what a survey has found, save the plan, and clean the other files of this machine.

    Raises UsageError, PlanRuleBroken or FileProblem; nothing has changed then. Whatever cannot be done after
    that is told, and goes on when the plan is next opened.
    """
    asked = _asked(plan, survey, order)
    rest = what_is_left(survey, order)
    todo = ToDo(
        removal=asked,
        plan_id=plan.plan_id,
        working=plan.working.id,
        target=plan.target,
        thrown_away=tuple(order.thrown_away),
        also=tuple(order.also),
    )
    data, fs = plan.working.data, plan.working.fs
    with plain_words("The removal could not be begun", "Nothing was removed."):
        removal_work.note(todo, data, fs)
    author = plan.editor.author
    plan.editor.author = asked.author
    try:
        removal_step.remove(plan.editor, asked, survey.rows, rest)
    except BaseException:
        removal_work.drop(todo, data, fs)
        raise
    finally:
        plan.editor.author = author
    done = _carry_on(plan, len(survey.marks))
    _forget_places(survey, data, fs)
    with reading(plan.working.path) as db:
        again = len(search(db, survey.wanted).live)
    return replace(done, again=again if order.rest is not Rest.WRITTEN else 0)


def _forget_places(survey: Survey, data: Path, fs: FileSystem) -> None:
    """The notes of where returns were put say the names of their files."""
    folder = data / "sent"
    with contextlib.suppress(OSError):
        for name in fs.names(folder) if stat_or_none(fs, folder) else []:
            with contextlib.suppress(ValueError):
                if survey.wanted.holds(" ".join(map(str, json.loads(fs.read(folder / name, 1 << 20))))):
                    fs.remove(folder / name)


def _asked(plan: OpenPlan, survey: Survey, order: Order) -> Removal:
    """The removal as it will stand in the plan. Raises UsageError."""
    refuse_in_return(plan)
    if not survey.is_anywhere:
        raise UsageError("The text stands nowhere in the plan, its history or its backups.")
    reason = " ".join(order.reason.split())
    if not reason:
        raise UsageError("Say why the text is removed. The reason is kept in its place.")
    if _repeats(reason, survey):
        raise UsageError("The reason repeats what is to be removed. Say it without these words.")
    author = NOBODY if survey.wanted.holds(plan.editor.author) else plan.editor.author
    return Removal(
        id=new_change_id(), at=schema.now(), author=author, reason=reason, marks=tuple(sorted(survey.marks))
    )


def _repeats(reason: str, survey: Survey) -> bool:
    """Whether a reason says what is to be removed: the words, or a whole short text."""
    if survey.wanted.holds(reason):
        return True
    said = reason.casefold()
    for place in survey.live:
        texts = place.value.values() if isinstance(place.value, Mapping) else [place.value]
        for text in texts:
            if survey.wanted.row_id() and isinstance(text, str) and len(text) > 3 and text.casefold() in said:
                return True
    return False


def _carry_on(plan: OpenPlan, texts: int) -> RemovalDone:
    """Once it is out of the plan: write the working copy anew, save the file, clean the others."""
    from cypp_desktop.merge.apply import take_in

    not_saved: str | None = None
    published: Published | None = None
    try:
        plan.compact()
        if plan.target is not None and not plan.working.read_only:
            published = plan.publish(take_in)
    except CyppError as problem:
        not_saved = str(problem)
    followed = plan.follow_removals()
    if followed is None:
        followed = plan.followed or Followed()
    return RemovalDone(texts=texts, followed=followed, published=published, not_saved=not_saved)


def go_on(data: Path) -> None:
    """At the start of the program: go on with what was begun when it ended. Never raises."""
    from cypp_desktop.merge.apply import take_in
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.recoverable import find_recoverable

    for todo in removal_work.go_on(data, DISK):
        try:
            left, _ = find_recoverable(data, DISK)
            mine = [each for each in left if each.folder.name == todo.working and not each.problem]
            if mine:
                opened = OpenPlan.recover(mine[0], data=data)
            elif todo.target is not None:
                opened = OpenPlan.open(todo.target, data=data)
            else:
                continue
            with opened as plan:
                if plan.target is not None and not plan.working.read_only:
                    plan.publish(take_in)
        except (CyppError, OSError):
            continue
