"""What every command needs: opening a plan to read or to edit, publishing it, and exit codes."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TextIO

from cypp_desktop.errors import CyppError, FileProblem, NotAPlan, UsageError
from cypp_desktop.plan.signs import escaped, shown, shown_on_one_line

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.publish import Published

_LONGEST_VALUE = 32 * 1024 * 1024  # bytes of one field


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    NOT_DONE = 1  # and nothing was changed
    WRONG_USAGE = 2
    NEEDS_AN_EYE = 3  # done, but a person should look at something


#: Adds a command: its name, what does the work, and what it is for in a sentence.
AddCommand = Callable[[str, Callable[[argparse.Namespace], ExitCode], str], argparse.ArgumentParser]


def say(words: str, code: ExitCode) -> ExitCode:
    """Say something on one line of standard error; gives the code back.

    A file's name may hold line ends.
    """
    print(shown_on_one_line(words), file=sys.stderr)
    return code


def tell(words: str) -> None:
    """Print what others may have written."""
    print(shown(words))


class PlainStream:
    """Standard output or error: no sign that a terminal obeys, or that deceives, goes through as it is.

    It stands there as a mark, such as ``[U+001B]``. What is printed as JSON says such signs by their numbers
    (:func:`json_words`), and so comes through unchanged.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, words: str) -> int:
        """Write words: a line that is told anew (``\\r``) is our own, at the start of what is written."""
        again = "\r" if words.startswith("\r") else ""
        self._stream.write(again + shown(words[len(again) :]))
        return len(words)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def json_words(data: Any) -> str:
    """Data as JSON for standard output."""
    return escaped(json.dumps(data, indent=2, ensure_ascii=False))


def opened(
    asked: argparse.Namespace,
    *,
    author: str | None = None,
    read_only: bool = False,
    even_damaged: bool = False,
) -> contextlib.AbstractContextManager[OpenPlan]:
    """The plan that a command names, open; what there is to know of its file is said."""
    from cypp_desktop.store.left_over import lost_words
    from cypp_desktop.store.plan_file import OpenPlan

    plan = OpenPlan.open(asked.plan, author=author, read_only=read_only, even_damaged=even_damaged)
    if plan.working.recovered:
        words = "This includes changes that were kept on this machine but not yet saved to the file."
        say(words, ExitCode.DONE)
    for copy in plan.working.lost:
        say(lost_words(copy, plan.target), ExitCode.DONE)
    if plan.proof.note:
        say(plan.proof.note, ExitCode.DONE)
    return plan


@contextlib.contextmanager
def reading(asked: argparse.Namespace) -> Iterator[OpenPlan]:
    """The plan that a command names, to read only: as far as it goes, where the file is damaged."""
    with opened(asked, read_only=True, even_damaged=True) as plan:
        with _faults_of_file_told(plan):
            yield plan
        if plan.proof.fault:
            say(f"{plan.proof.fault} What is shown of it may be wrong.", ExitCode.DONE)


@contextlib.contextmanager
def editing(asked: argparse.Namespace, results: list[ExitCode]) -> Iterator[OpenPlan]:
    """An open plan that is published at the end, or left as it was; the exit code goes into ``results``."""
    from cypp_desktop.store.save_steps import KEPT

    with opened(asked, author=author_of(asked)) as plan:
        try:
            with _faults_of_file_told(plan):
                yield plan
            results.append(publish(plan))
        except BaseException as problem:
            if plan.working.recovered:
                raise  # it holds more than what this command did
            plan.discard()
            if isinstance(problem, FileProblem) and KEPT in str(problem):
                raise FileProblem(str(problem).partition(KEPT)[0] + "Nothing was changed.") from problem
            raise


@contextlib.contextmanager
def _faults_of_file_told(plan: OpenPlan) -> Iterator[None]:
    """What nobody foresaw while reading or editing is the file's fault where the file is not sound."""
    try:
        yield
    except (CyppError, OSError):
        raise
    except Exception as problem:
        from cypp_desktop.store.check import check_file
        from cypp_desktop.store.files import quoted

        plan.editor.session.rollback()
        if check_file(plan.engine).is_clean:
            raise
        name = quoted(plan.target) if plan.target else "The plan"
        raise NotAPlan(
            f"{name} is not sound, so this was not done. The command check says what is wrong with it."
        ) from problem


def standard_input() -> str:
    """What is piped in, whatever the machine takes text to be: UTF-8, without the line ends at its end."""
    if sys.stdin is None:
        raise UsageError("There is nothing on standard input.")
    data = sys.stdin.buffer.read(_LONGEST_VALUE + 1)
    if len(data) > _LONGEST_VALUE:
        raise UsageError("What stands on standard input is too long for one field (more than 32 MB).")
    return text_of(data.decode("utf-8-sig", "surrogateescape").rstrip("\r\n"))


def text_of(words: str) -> str:
    """Typed words with one kind of line end. Raises UsageError where a plan cannot hold them."""
    from cypp_desktop.plan.base import is_text

    if not is_text(words):
        raise UsageError("The words hold something that is no letter: a NUL, or bytes that are not UTF-8.")
    return words.replace("\r\n", "\n").replace("\r", "\n")


def add_author(command: argparse.ArgumentParser, words: str = "who is making the change") -> None:
    """Let a command be told who gives it."""
    command.add_argument("--as", dest="author", metavar="NAME", help=f"{words}; else the name that is kept")


def author_of(asked: argparse.Namespace) -> str | None:
    """Who gives the command: as it says, else as the person's settings do.

    None where neither does, which is told to who sits there. The account's name is nobody's business.
    """
    from cypp_desktop import settings

    who = text_of(asked.author or settings.load().author).strip()
    if not who and sys.stderr is not None and sys.stderr.isatty():
        say(
            "Your name is not known, so this is recorded as “Not named”. "
            "Give it with --as NAME, or once and for all with: cypp-desktop name NAME",
            ExitCode.DONE,
        )
    return who or None


def publish(plan: OpenPlan) -> ExitCode:
    """Write the plan's file, with what others saved in it meanwhile; gives the exit code."""
    from cypp_desktop.merge.apply import take_in

    return published(plan.publish(take_in))


def published(result: Published) -> ExitCode:
    """The exit code of a publish, after saying what a person should know of it."""
    if result.kept_beside is not None:
        return say(result.message, ExitCode.NEEDS_AN_EYE)
    if result.taken_in is not None:
        return say(result.message, ExitCode.NEEDS_AN_EYE if result.taken_in.to_decide else ExitCode.DONE)
    if result.remark is not None:
        return say(result.remark, ExitCode.DONE)
    return ExitCode.DONE


def row_of(plan: OpenPlan, address: str) -> Row:
    """The row at an address. Raises UsageError."""
    from cypp_desktop.store.addresses import row_at

    return row_at(plan.editor.session, address)
