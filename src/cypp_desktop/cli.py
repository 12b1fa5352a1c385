"""The command line: the same work as the window, without a screen.

Exit codes: 0 done; 3 done, but something needs a person's eye (said on standard error); 1 not done and
nothing changed; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from cypp_desktop import __version__
from cypp_desktop.errors import CyppError, FileProblem, UsageError

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.publish import Published

DONE, NOT_DONE, WRONG_USAGE, NEEDS_AN_EYE = 0, 1, 2, 3

COMMANDS = ("new", "import", "export", "show", "set", "undo", "redo", "history", "print", "check")


def wants_window(words: Sequence[str]) -> bool:
    """Whether the words ask for the window: none at all, or just the name of a plan."""
    if not words:
        return True
    name = Path(words[0])
    return len(words) == 1 and words[0] not in COMMANDS and (name.suffix == ".cypp" or name.is_file())


def run(words: Sequence[str]) -> int:
    """Do what the words ask for; gives the exit code and says on standard error what went wrong."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        asked = _parser().parse_args(list(words))
        return int(asked.work(asked))
    except UsageError as problem:
        return _say(str(problem), NOT_DONE)
    except CyppError as problem:
        return _say(str(problem), NOT_DONE)
    except BrokenPipeError:
        sys.stderr.close()
        return NOT_DONE
    except KeyboardInterrupt:
        return _say("Stopped. Nothing was changed that had not been saved.", NOT_DONE)
    except OSError as problem:
        return _say(f"{problem.strerror or problem}: {problem.filename or ''}".rstrip(": "), NOT_DONE)


def _say(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code


# ---------------------------------------------------------------------------------- the words


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{message[:1].upper()}{message[1:]}. See: {self.prog} --help", file=sys.stderr)
        raise SystemExit(WRONG_USAGE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cypp-desktop",
        description="Edit, trust and print a Children and Young People's Plan. "
        "Without a command the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"CYPP Desktop {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, work: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(work=work)
        if name != "import":
            one.add_argument("plan", type=Path, metavar="PLAN.cypp")
        return one

    new = command("new", _new, "Make a new plan, empty or from a sample.")
    new.add_argument("--sample", metavar="NAME", help="start from a sample plan (city, county, review)")
    new.add_argument("--title", help="the title of an empty plan")

    take_in = command("import", _import, "Make a plan from a Word document or a plan JSON file.")
    take_in.add_argument("source", type=Path, metavar="SOURCE")
    take_in.add_argument("-o", "--output", type=Path, required=True, dest="plan", metavar="PLAN.cypp")
    take_in.add_argument(
        "--report", type=Path, metavar="FILE", help="write what was found, and where it went"
    )

    export = command("export", _export, "Write the plan as plan JSON.")
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.json")

    show = command("show", _show, "Show the plan, or one row of it.")
    show.add_argument("address", nargs="?", metavar="ADDRESS", help="codes or keys: 1, 1/1a, 1/1a/iv-2")
    show.add_argument("--json", action="store_true", help="as in plan JSON")

    set_ = command("set", _set, "Change one field of a row.")
    set_.add_argument("address", metavar="ADDRESS")
    set_.add_argument("field", metavar="FIELD", help="update: a measure's text in the current round")
    set_.add_argument("value", metavar="VALUE", help="- reads standard input")
    set_.add_argument("--as", dest="author", metavar="NAME", help="who is making the change")

    command("undo", _undo, "Take back the last step.")
    command("redo", _redo, "Bring back the step undone last.")

    history = command("history", _history, "What was changed, by whom and when.")
    history.add_argument("address", nargs="?", metavar="ADDRESS")
    history.add_argument("--since", metavar="DATE", help="from this day on, as 2018-03-01")
    history.add_argument("--json", action="store_true")

    print_ = command("print", _print, "Print a table of the plan to a PDF.")
    print_.add_argument(
        "--layout", metavar="NAME", help="update, action-plan, delivery, evidence; else what suits"
    )
    print_.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.pdf")

    command("check", _check, "Prove that the file is whole and its history complete.")
    return parser


# ---------------------------------------------------------------------------------- opening


@contextlib.contextmanager
def _reading(asked: argparse.Namespace) -> Iterator[OpenPlan]:
    from cypp_desktop.store.plan_file import OpenPlan

    with OpenPlan.open(asked.plan, read_only=True) as plan:
        _tell_recovered(plan)
        yield plan


@contextlib.contextmanager
def _editing(asked: argparse.Namespace, results: list[int]) -> Iterator[OpenPlan]:
    """An open plan that is published at the end; the exit code of that goes into ``results``."""
    from cypp_desktop.store.plan_file import OpenPlan

    author = getattr(asked, "author", None) or _author()
    with OpenPlan.open(asked.plan, author=author) as plan:
        _tell_recovered(plan)
        yield plan
        results.append(_publish(plan))


def _author() -> str | None:
    from cypp_desktop import settings

    return settings.load().author or None


def _tell_recovered(plan: OpenPlan) -> None:
    if plan.working.recovered:
        _say("This includes changes that were kept on this machine but not yet saved to the file.", DONE)


def _publish(plan: OpenPlan) -> int:
    return _published(plan.publish())


def _published(result: Published) -> int:
    if result.kept_beside is not None:
        return _say(result.message, NEEDS_AN_EYE)
    return DONE


# ---------------------------------------------------------------------------------- the work


def _new(asked: argparse.Namespace) -> int:
    from cypp_desktop import paths
    from cypp_desktop.store.plan_file import OpenPlan

    if asked.sample is None:
        with OpenPlan.create(asked.plan, title=asked.title or asked.plan.stem) as plan:
            return _publish(plan)
    samples = {path.stem: path for path in sorted(paths.resource("samples").glob("*.json"))}
    if asked.sample not in samples:
        raise UsageError(f"There is no sample {asked.sample}. There are: {', '.join(samples)}.")
    from cypp_desktop.exchange.plan_json import read_plan

    return _make(asked.plan, read_plan(samples[asked.sample]), f"New plan from the sample {asked.sample}")


def _make(target: Path, data: dict[str, Any], name: str) -> int:
    """A new plan file of this content; nothing is left where it cannot be made."""
    from cypp_desktop.exchange.bring_in import make_plan

    return _published(make_plan(target, data, name, author=_author()))


def _import(asked: argparse.Namespace) -> int:
    from cypp_desktop.exchange.bring_in import read_source, unplaced_words, write_text

    found = read_source(asked.source)
    code = _make(asked.plan, found.plan, found.name)
    if asked.report:
        write_text(asked.report, found.report.as_text())
    if found.report.unplaced:
        where = f"See {asked.report}." if asked.report else "--report FILE lists them."
        return _say(f"{unplaced_words(len(found.report.unplaced))} {where}", NEEDS_AN_EYE)
    return code


def _export(asked: argparse.Namespace) -> int:
    from cypp_desktop.exchange.bring_in import write_text
    from cypp_desktop.exchange.plan_json import write_plan

    with _reading(asked) as plan:
        write_text(asked.output, write_plan(plan.editor.session))
    return DONE


def _show(asked: argparse.Namespace) -> int:
    from cypp_desktop import show
    from cypp_desktop.exchange.plan_json import dump_plan, row_json, to_text

    with _reading(asked) as plan:
        session = plan.editor.session
        if asked.address is None:
            print(to_text(dump_plan(session)) if asked.json else show.outline_text(session), end="")
            return DONE
        row = _row(plan, asked.address)
        print(to_text(row_json(row)) if asked.json else show.row_text(row), end="")
    return DONE


def _row(plan: OpenPlan, address: str) -> Row:
    from cypp_desktop.plan.codes import row_at

    return row_at(plan.editor.session, address)


def _set(asked: argparse.Namespace) -> int:
    from cypp_desktop import show
    from cypp_desktop.plan.model import Measure
    from cypp_desktop.plan.queries import current_round, update_of
    from cypp_desktop.store.commands import set_field, set_update_text

    value = sys.stdin.read().rstrip("\n") if asked.value == "-" else asked.value
    results: list[int] = []
    with _editing(asked, results) as plan:
        row = _row(plan, asked.address)
        if asked.field == "update" and isinstance(row, Measure):
            round_ = current_round(plan.editor.session)
            shared = update_of(row, round_)
            if shared is not None and len(shared.measure_links) > 1:
                others = ", ".join(m.address_part or m.title for m in shared.measures)
                _say(f"This update covers {others} together.", DONE)
            set_update_text(plan.editor, row, round_, value)
        elif asked.field == "leads":
            from cypp_desktop.store.commands import set_leads

            set_leads(plan.editor, row, show.parse_leads(value))
        else:
            set_field(plan.editor, row, asked.field, show.parse_value(row, asked.field, value))
    return max(results, default=DONE)


def _undo(asked: argparse.Namespace) -> int:
    return _revisit(asked, "Undone", lambda plan: plan.editor.undo())


def _redo(asked: argparse.Namespace) -> int:
    return _revisit(asked, "Redone", lambda plan: plan.editor.redo())


def _revisit(asked: argparse.Namespace, word: str, work: Callable[[OpenPlan], str]) -> int:
    results: list[int] = []
    with _editing(asked, results) as plan:
        name = work(plan)
    print(f"{word}: {name}")
    return max(results, default=DONE)


def _history(asked: argparse.Namespace) -> int:
    from datetime import datetime

    from cypp_desktop import show
    from cypp_desktop.store.history import history, ids_with_parts, place_of
    from cypp_desktop.store.history_words import HistoryWords

    try:
        since = datetime.fromisoformat(asked.since).isoformat() if asked.since else None
    except ValueError:
        return _say(f"{asked.since} is not a date. Write it as 2018-03-01.", WRONG_USAGE)
    with _reading(asked) as plan:
        session = plan.editor.session
        rows = ids_with_parts(session, _row(plan, asked.address)) if asked.address else None
        entries = history(session, rows=rows, since=since)
        words = HistoryWords(session)
        listed = [(entry, place_of(session, entry), words.said(entry)) for entry in entries]
        if asked.json:
            print(json.dumps([show.entry_json(*each) for each in listed], indent=2, ensure_ascii=False))
        else:
            for each in listed:
                print(show.entry_text(*each))
    return DONE


def _print(asked: argparse.Namespace) -> int:
    from cypp_desktop.report.build import print_plan
    from cypp_desktop.report.suited import suited

    with _reading(asked) as plan:
        session = plan.editor.session
        layout = asked.layout or suited(session)[0].name
        result = print_plan(session, layout, asked.output, progress=_progress())
    print(f"{asked.output}: {result.pages} pages")
    if result.missing:
        return _say(f"No font here has these letters: {' '.join(sorted(result.missing))}", NEEDS_AN_EYE)
    return DONE


def _progress() -> Callable[[int, int], None] | None:
    """Progress on standard error, for a person at a terminal."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        print(f"\r{done} of {total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)

    return tell


def _check(asked: argparse.Namespace) -> int:
    from cypp_desktop.store.check import check_file

    with _reading(asked) as plan:
        report = check_file(plan.engine)
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
    return DONE
