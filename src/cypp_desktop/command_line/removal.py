"""The command that removes a text for good: first what it would do, and with ``--yes`` doing it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cypp_desktop.command_line.common import (
    AddCommand,
    ExitCode,
    add_author,
    author_of,
    opened,
    row_of,
    say,
    standard_input,
    tell,
    text_of,
)
from cypp_desktop.errors import UsageError

if TYPE_CHECKING:
    from cypp_desktop.operations.removal import Order
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.removal_search import Wanted


def add_removal_command(command: AddCommand) -> None:
    """Add ``remove-for-good`` to the commands."""
    one = command(
        "remove-for-good",
        _remove,
        "Remove a text for good: from the plan, its history, and its backups on this machine. "
        "Without --yes it shows every place and changes nothing.",
    )
    one.add_argument("address", nargs="?", metavar="ADDRESS", help="with FIELD: all wordings of one field")
    one.add_argument("field", nargs="?", metavar="FIELD")
    one.add_argument(
        "--words",
        action="append",
        default=[],
        metavar="WORDS",
        help="these words, wherever they stand; may be given several times; - reads lines of standard input",
    )
    one.add_argument("--wording", type=int, metavar="N", help="only the wording of that number in the list")
    one.add_argument("--reason", default="", help="why; it is kept in the place of the text")
    one.add_argument("--keep-rest", action="store_true", help="leave the rest of texts that hold the words")
    one.add_argument("--write", metavar="TEXT", help="what the field says instead")
    one.add_argument(
        "--delete-unreadable", action="store_true", help="delete backups that cannot be read any more"
    )
    one.add_argument("--yes", action="store_true", help="do it; this cannot be undone")
    add_author(one, "who removes it")


def _remove(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.operations.removal import refuse_in_return, remove_for_good
    from cypp_desktop.operations.removal_words import CANNOT_BE_UNDONE, done_words, preview
    from cypp_desktop.store.removal_survey import survey

    who = author_of(asked) if asked.yes else None
    with opened(asked, author=who, read_only=not asked.yes) as plan:
        refuse_in_return(plan)
        found = survey(plan, _wanted(asked, plan), known_files())
        if not found.is_anywhere:
            raise UsageError("The text stands nowhere in the plan, its history or its backups.")
        if not asked.yes:
            if asked.field:
                _tell_wordings(plan, asked)
            for group in preview(found, plan.editor.session):
                tell(group.heading)
                for line in group.lines:
                    tell(f"  {line}")
            words = f"Nothing was removed. Give --reason and --yes to do it. {CANNOT_BE_UNDONE}"
            return say(words, ExitCode.NEEDS_AN_EYE)
        unreadable = [file.path for file in found.unreadable]
        done = remove_for_good(plan, found, _order(asked, unreadable))
    _forget_in_settings(found.wanted)
    lines = done_words(done)
    if done.is_through:
        print("\n".join(lines))
        return ExitCode.DONE
    print(lines[0])
    return say(" ".join(lines[1:]), ExitCode.NEEDS_AN_EYE)


def _forget_in_settings(wanted: Wanted) -> None:
    """The settings keep the name of the layout that was printed last."""
    from cypp_desktop import settings

    words, kept = wanted.sought_words(), settings.load()
    if words is not None and kept.forget_words(words.in_value):
        settings.save(kept)


def _tell_wordings(plan: OpenPlan, asked: argparse.Namespace) -> None:
    """The wordings that a field has had, each with its number."""
    from cypp_desktop.operations.removal import wordings_of
    from cypp_desktop.plan.words import cut
    from cypp_desktop.store.history_words import HistoryWords
    from cypp_desktop.store.removal_search import WordingsOfField

    row = row_of(plan, asked.address)
    words = HistoryWords(plan.editor.session)
    tell("Its wordings, the first one first")
    for number, value in enumerate(wordings_of(plan, WordingsOfField(row.row_type, row.id, asked.field)), 1):
        tell(f"  {number}  {cut(words.value(row.row_type, asked.field, value), 90)}")


def known_files() -> list[Path]:
    """Plans opened last on this machine: copies of this one may be among them."""
    from cypp_desktop import settings

    return [Path(name) for name in settings.load().recent_files]


def _wanted(asked: argparse.Namespace, plan: OpenPlan) -> Wanted:
    """What is to be removed. Raises UsageError."""
    from cypp_desktop.operations.removal import wordings_of
    from cypp_desktop.plan.sought_words import SoughtWords
    from cypp_desktop.store.removal_search import WordingsOfField, WordsAnywhere

    if bool(asked.words) == bool(asked.field) or (asked.address and not asked.field):
        raise UsageError("Say what to remove: ADDRESS and FIELD, or --words.")
    if asked.words:
        if asked.write is not None or asked.wording is not None:
            raise UsageError("--write and --wording are for one field, not for --words.")
        words = [line for each in asked.words for line in _lines(each)]
        return WordsAnywhere(SoughtWords(words))
    if asked.keep_rest:
        raise UsageError("--keep-rest is for --words: of a field, --write says what stays.")
    row = row_of(plan, asked.address)
    wanted = WordingsOfField(row.row_type, row.id, asked.field)
    if asked.wording is None:
        return wanted
    listed = wordings_of(plan, wanted)
    if not 1 <= asked.wording <= len(listed):
        raise UsageError(f"The field has had {len(listed)} wordings: choose one by its number from 1 on.")
    return WordingsOfField(row.row_type, row.id, asked.field, (listed[asked.wording - 1],))


def _lines(words: str) -> list[str]:
    return standard_input().splitlines() if words == "-" else [text_of(words)]


def _order(asked: argparse.Namespace, unreadable: list[Path]) -> Order:
    from cypp_desktop.operations.removal import Order, Rest

    rest = Rest.KEPT if asked.keep_rest else Rest.EMPTY
    if asked.write is not None:
        rest = Rest.WRITTEN
    return Order(
        reason=text_of(asked.reason),
        rest=rest,
        written=text_of(asked.write or ""),
        thrown_away=unreadable if asked.delete_unreadable else (),
        also=known_files(),
    )
