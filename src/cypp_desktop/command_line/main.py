"""The command line: the same work as the window, without a screen.

It ends with an ``ExitCode``; what needs a person's eye, or went wrong, is said on standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

from cypp_desktop import __version__
from cypp_desktop.command_line.common import (
    AddCommand,
    ExitCode,
    PlainStream,
    add_author,
    author_of,
    editing,
    json_words,
    opened,
    published,
    reading,
    row_of,
    say,
    standard_input,
    text_of,
)
from cypp_desktop.command_line.paper import add_paper_commands
from cypp_desktop.command_line.removal import add_removal_command
from cypp_desktop.command_line.returns import add_return_commands
from cypp_desktop.errors import CyppError, FileProblem, UsageError
from cypp_desktop.plan.signs import escaped

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan

COMMANDS = (
    "new", "import", "export", "show", "set", "undo", "redo", "history", "print", "layouts", "check",
    "issue", "merge", "unmerge", "conflicts", "returns", "name", "remove-for-good",
)  # fmt: skip
_PLANS = (".cypp", ".cypp-return")


def wants_window(words: Sequence[str]) -> bool:
    """Whether the words ask for the window: none at all, or just the name of a plan."""
    if not words:
        return True
    if len(words) > 1 or words[0] in COMMANDS:
        return False
    name = Path(words[0])
    if name.suffix.lower() in _PLANS or (name.parent.name and not words[0].startswith("-")):
        return True  # the way to a file: whether that is there is for the window to find out
    with contextlib.suppress(OSError):  # too long a name for any file
        return name.is_file()
    return False


def run(words: Sequence[str]) -> ExitCode:
    """Do what the words ask for; gives the exit code and says on standard error what went wrong."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    with _plain_streams():
        return _run(words)


@contextlib.contextmanager
def _plain_streams() -> Iterator[None]:
    """Nothing that is printed inside reaches the terminal with signs that it obeys."""
    out, err = sys.stdout, sys.stderr
    sys.stdout = cast(TextIO, PlainStream(out)) if out is not None else out
    sys.stderr = cast(TextIO, PlainStream(err)) if err is not None else err
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def _run(words: Sequence[str]) -> ExitCode:
    try:
        asked = _parser().parse_args(list(words))
        _go_on_with_removals()
        code: ExitCode = asked.work(asked)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except CyppError as problem:
        return say(str(problem), ExitCode.NOT_DONE)
    except BrokenPipeError:
        _print_no_more()
        return ExitCode.DONE
    except KeyboardInterrupt:
        return say("Stopped.", ExitCode.NOT_DONE)
    except MemoryError:
        return say(
            "There is not enough memory free on this computer for this. Nothing was changed. Close other "
            "programs and try again.",
            ExitCode.NOT_DONE,
        )
    except OSError as problem:
        from cypp_desktop.store.disk import reason

        _print_no_more()
        return say(f"This could not be done: {reason(problem)}.", ExitCode.NOT_DONE)
    except Exception as problem:
        from cypp_desktop.bugs import BugLog
        from cypp_desktop.store.disk import DAMAGED_WORDS, is_damage

        if is_damage(problem):
            return say(DAMAGED_WORDS, ExitCode.NOT_DONE)
        with contextlib.closing(BugLog()) as log:
            log.write(problem)
        return say("Something went wrong in the program itself, so this was not done.", ExitCode.NOT_DONE)


def _go_on_with_removals() -> None:
    """Go on with texts whose removal was begun when the program ended; there hardly ever are any."""
    from cypp_desktop import paths

    data = paths.data_folder()
    if any((data / "removals").glob("*.json")):
        from cypp_desktop.operations.removal import go_on

        go_on(data)


def _print_no_more() -> None:
    """Where whoever reads what we print has had enough or cannot take it, Python must not try again."""
    with contextlib.suppress(ValueError, AttributeError):
        try:
            sys.stdout.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---------------------------------------------------------------------------------- the words


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{message[:1].upper()}{message[1:]}. See: {self.prog} --help", file=sys.stderr)
        raise SystemExit(ExitCode.WRONG_USAGE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cypp-desktop",
        description="Edit, trust and print a Children and Young People's Plan. "
        "Without a command the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"CYPP Desktop {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def command(
        name: str, work: Callable[[argparse.Namespace], ExitCode], words: str
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(work=work)
        if name not in ("import", "name"):
            one.add_argument("plan", type=Path, metavar="PLAN.cypp")
        return one

    _add_ways_in_and_out(command)
    _add_editing(command)
    add_paper_commands(command)
    command("check", _check, "Prove that the file is whole and its history complete.")
    add_return_commands(command)
    add_removal_command(command)

    name = command("name", _name, "Show or keep your name: it stands beside your changes.")
    name.add_argument("name", nargs="?", metavar="NAME")
    return parser


def _add_ways_in_and_out(command: AddCommand) -> None:
    """Add the commands that make a plan, and the one that writes it for other programs."""
    new = command("new", _new, "Make a new plan, empty or from a sample.")
    new.add_argument("--sample", metavar="NAME", help="start from a sample plan (city, county, review)")
    new.add_argument("--title", help="the title of an empty plan")
    add_author(new, "who makes it")

    take_in = command("import", _import, "Make a plan from a Word document or a plan JSON file.")
    take_in.add_argument("source", type=Path, metavar="SOURCE")
    take_in.add_argument("-o", "--output", type=Path, required=True, dest="plan", metavar="PLAN.cypp")
    take_in.add_argument(
        "--report", type=Path, metavar="FILE", help="write what was found, and where it went"
    )
    add_author(take_in, "who makes it")

    export = command("export", _export, "Write the plan as plan JSON.")
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.json")
    export.add_argument(
        "--without-notes", action="store_true", help="for others: no working notes, no e-mail addresses"
    )


def _add_editing(command: AddCommand) -> None:
    """Add the commands that show a plan, change it and tell what was changed."""
    show = command("show", _show, "Show the plan, or one row of it.")
    show.add_argument("address", nargs="?", metavar="ADDRESS", help="codes or keys: 1, 1/1a, 1/1a/iv-2")
    show.add_argument("--json", action="store_true", help="as in plan JSON")

    set_ = command("set", _set, "Change one field of a row.")
    set_.add_argument("address", metavar="ADDRESS")
    set_.add_argument("field", metavar="FIELD", help="update: a measure's text in the current round")
    set_.add_argument("value", metavar="VALUE", help="- reads standard input")
    add_author(set_)

    add_author(command("undo", _undo, "Take back the last step."))
    add_author(command("redo", _redo, "Bring back the step undone last."))

    history = command("history", _history, "What was changed, by whom and when.")
    history.add_argument("address", nargs="?", metavar="ADDRESS")
    history.add_argument("--since", metavar="DATE", help="from this day on, as 2018-03-01")
    history.add_argument("--json", action="store_true")


# ---------------------------------------------------------------------------------- the work


def _new(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop import paths

    if asked.sample is None:
        title = asked.title or asked.plan.stem.encode("utf-8", "replace").decode()
        return _make(asked, {"title": title, "priorities": []}, "New plan")
    samples = {path.stem: path for path in sorted(paths.resource("samples").glob("*.json"))}
    if asked.sample not in samples:
        raise UsageError(f"There is no sample {asked.sample}. There are: {', '.join(samples)}.")
    from cypp_desktop.exchange.plan_json import read_plan

    return _make(asked, read_plan(samples[asked.sample]), f"New plan from the sample {asked.sample}")


def _make(asked: argparse.Namespace, data: dict[str, Any], name: str) -> ExitCode:
    """A new plan file of this content; nothing is left where it cannot be made."""
    from cypp_desktop.operations.importing.bring_in import make_plan

    return published(make_plan(asked.plan, data, name, author=author_of(asked)))


def _import(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.operations.importing.bring_in import read_source, unplaced_words
    from cypp_desktop.store.output_file import write_output

    _refuse_report_over(asked.report, asked.source, asked.plan)
    found = read_source(asked.source)
    code = _make(asked, found.plan, found.name)
    if asked.report:
        try:
            write_output(asked.report, found.report.as_text().encode("utf-8"), made_from=asked.source)
        except FileProblem as problem:
            return say(f"The plan is made, but its report is not. {problem}", ExitCode.NEEDS_AN_EYE)
    for question in found.report.questions:
        code = say(question, ExitCode.NEEDS_AN_EYE)
    if found.report.unplaced:
        where = f"See {asked.report}." if asked.report else "--report FILE lists them."
        return say(f"{unplaced_words(len(found.report.unplaced))} {where}", ExitCode.NEEDS_AN_EYE)
    return code


def _refuse_report_over(report: Path | None, *others: Path) -> None:
    from cypp_desktop.store.origin import real_path, same_place

    if report is not None and any(same_place(real_path(report), real_path(other)) for other in others):
        raise UsageError("The report needs a file of its own.")


def _export(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.exchange.export import export_plan
    from cypp_desktop.store.output_file import write_output

    with reading(asked) as plan:
        exported = export_plan(plan.editor.session, notes=not asked.without_notes)
        write_output(asked.output, exported.text.encode("utf-8"), made_from=plan.target)
    print(exported.left_out)
    return ExitCode.DONE


def _show(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.command_line import show
    from cypp_desktop.exchange.plan_json import dump_plan, row_json, to_text

    with reading(asked) as plan:
        session = plan.editor.session
        if asked.address is None:
            print(escaped(to_text(dump_plan(session))) if asked.json else show.outline_text(session), end="")
            return ExitCode.DONE
        row = row_of(plan, asked.address)
        print(escaped(to_text(row_json(row))) if asked.json else show.row_text(row), end="")
    return ExitCode.DONE


def _set(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.command_line import show
    from cypp_desktop.plan.model import Measure
    from cypp_desktop.plan.shape import led_types
    from cypp_desktop.store.commands import set_field, set_leads, set_update_text
    from cypp_desktop.store.queries import current_round, update_of

    value = standard_input() if asked.value == "-" else text_of(asked.value)
    results: list[ExitCode] = []
    with editing(asked, results) as plan:
        row = row_of(plan, asked.address)
        if asked.field == "update" and isinstance(row, Measure):
            round_ = current_round(plan.editor.session)
            shared = update_of(row, round_)
            if shared is not None and len(shared.measure_links) > 1:
                others = ", ".join(m.address_part or m.title for m in shared.measures)
                say(f"This update covers {others} together.", ExitCode.DONE)
            set_update_text(plan.editor, row, round_, value)
        elif asked.field == "leads" and row.row_type in led_types():
            set_leads(plan.editor, row, show.parse_leads(value))
        else:
            set_field(plan.editor, row, asked.field, show.parse_value(row, asked.field, value))
    return max(results, default=ExitCode.DONE)


def _undo(asked: argparse.Namespace) -> ExitCode:
    return _revisit(asked, "Undone", lambda plan: plan.editor.undo())


def _redo(asked: argparse.Namespace) -> ExitCode:
    return _revisit(asked, "Redone", lambda plan: plan.editor.redo())


def _revisit(asked: argparse.Namespace, word: str, work: Callable[[OpenPlan], str]) -> ExitCode:
    results: list[ExitCode] = []
    with editing(asked, results) as plan:
        name = work(plan)
    print(f"{word}: {name}")
    return max(results, default=ExitCode.DONE)


def _history(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.command_line import show
    from cypp_desktop.store.addresses import Addresses
    from cypp_desktop.store.history import history, ids_with_parts, place_of
    from cypp_desktop.store.history_words import HistoryWords

    try:
        since = None if asked.since is None else _moment(asked.since)
    except (ValueError, OverflowError):
        return say(f"{asked.since} is not a date. Write it as 2018-03-01.", ExitCode.WRONG_USAGE)
    with reading(asked) as plan:
        session = plan.editor.session
        rows = ids_with_parts(session, row_of(plan, asked.address)) if asked.address else None
        entries = history(session, rows=rows, since=since)
        words = HistoryWords(session)
        addresses = Addresses(session)
        listed = [(entry, place_of(session, entry, addresses), words.said(entry)) for entry in entries]
        if asked.json:
            print(json_words([show.entry_json(*each) for each in listed]))
        else:
            for each in listed:
                print(show.entry_text(*each))
    return ExitCode.DONE


def _moment(words: str) -> str:
    """A day or moment as the history keeps it: in universal time, which is also meant without a zone."""
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat()


def _name(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop import settings

    kept = settings.load()
    if asked.name is not None:
        kept.author = " ".join(text_of(asked.name).split())
        settings.save(kept)
    print(kept.author or "No name is kept: changes are recorded as “Not named”.")
    return ExitCode.DONE


def _check(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.store.check import check_file
    from cypp_desktop.store.file_seal import Standing
    from cypp_desktop.store.proof import CHANGED_BY_OTHERS, DAMAGED

    with opened(asked, read_only=True, even_damaged=True) as plan:
        report = check_file(plan.engine)
        if plan.working.standing is Standing.DAMAGED:
            report.faults.insert(0, DAMAGED)
        elif plan.working.standing is Standing.CHANGED_BY_OTHERS:
            report.remarks.append(CHANGED_BY_OTHERS)
    for fault in report.faults:
        print(fault, file=sys.stderr)
    if not report.is_clean:
        raise FileProblem(
            f"{asked.plan.name} is not sound. Restore a backup, or ask for help with these lines."
        )
    print(
        f"{asked.plan.name} is sound: {report.rows} rows, {report.changes} changes in {report.steps} steps."
    )
    print(f"Digest {report.digest}")
    for remark in report.remarks:
        print(remark, file=sys.stderr)
    return ExitCode.NEEDS_AN_EYE if report.remarks else ExitCode.DONE
