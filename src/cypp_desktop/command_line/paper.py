"""The commands about paper: print, and layouts."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cypp_desktop.command_line.common import (
    AddCommand,
    ExitCode,
    add_author,
    editing,
    json_words,
    reading,
    say,
    standard_input,
)
from cypp_desktop.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.plan.model import Organisation
    from cypp_desktop.report.layouts import PaperLayout
    from cypp_desktop.report.packs import PackPlan
    from cypp_desktop.report.paper import Paper
    from cypp_desktop.report.paper_builder import PrintLimits
    from cypp_desktop.store.plan_file import OpenPlan


def add_paper_commands(command: AddCommand) -> None:
    """Add the words of these commands to the command line's."""
    print_ = command("print", _print, "Print the plan: to PDF, HTML or Word, as the name of the file says.")
    _add_what_to_print(print_)
    _add_how_to_print(print_)
    layouts = command("layouts", _layouts, "List layouts and packs; show, keep or delete one.")
    layouts.add_argument("--show", metavar="NAME", help="its declaration, to copy and change")
    layouts.add_argument("--save", metavar="NAME", help="keep the declaration on standard input as this")
    layouts.add_argument("--delete", metavar="NAME", help="delete one that the plan keeps")
    add_author(layouts)
    layouts.add_argument("--json", action="store_true")


def _add_what_to_print(print_: argparse.ArgumentParser) -> None:
    what = print_.add_mutually_exclusive_group()
    what.add_argument("--layout", metavar="NAME", help="one that `layouts` lists; else what suits the plan")
    what.add_argument("--pack", metavar="NAME", help="a meeting pack that `layouts` lists")
    whom = print_.add_mutually_exclusive_group()
    whom.add_argument("--organisation", metavar="NAME", help="only what it leads")
    whom.add_argument(
        "--each-organisation", action="store_true", help="one file for each, named after it, beside OUT"
    )
    print_.add_argument(
        "--priority", metavar="CODE", action="append", help="only this one; give it again for more"
    )
    print_.add_argument(
        "--rag", metavar="COLOURS", help="only these, as red,amber; none is what cannot be told"
    )
    print_.add_argument("--since", metavar="DATE", help="for what changed: from this day on, as 2018-03-01")


def _add_how_to_print(print_: argparse.ArgumentParser) -> None:
    print_.add_argument("--paper", metavar="NAME", help="A4, A3 or Letter; else the layout's")
    turned = print_.add_mutually_exclusive_group()
    turned.add_argument("--landscape", action="store_true", default=None, help="across")
    turned.add_argument("--portrait", dest="landscape", action="store_false", help="upright")
    print_.add_argument(
        "--size", type=float, metavar="POINTS", help="of the text; 12 and more is large print"
    )
    print_.add_argument("--password", metavar="WORD", help="to open a PDF with; - reads standard input")
    print_.add_argument(
        "--data",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="put the data of what is printed, and of nothing else, into the PDF",
    )
    print_.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.pdf|.html|.docx")


# ---------------------------------------------------------------------------------- printing


def _print(asked: argparse.Namespace) -> ExitCode:
    from datetime import date

    from cypp_desktop.report.layouts import PrintFilter
    from cypp_desktop.report.paper_builder import PrintLimits, find_priority
    from cypp_desktop.report.paper_kinds import FileKind

    since, colours = _day(asked.since), _colours(asked.rag)
    try:
        if asked.data and FileKind.of(asked.output) is not FileKind.PDF:
            raise UsageError("Only a PDF can carry data. Give the file a name that ends in .pdf.")
        password = _password(asked)
    except UsageError as problem:
        return say(str(problem), ExitCode.WRONG_USAGE)
    with reading(asked) as plan:
        session = plan.editor.session
        files = _files(session, asked)
        priorities = frozenset(find_priority(session, code).id for code in asked.priority or ())
        code = ExitCode.DONE
        for organisation, out in files:
            wanted = PrintFilter(
                priorities=priorities,
                organisation=organisation.id if organisation else None,
                rag=colours,
            )
            limits = PrintLimits(day=date.today(), since=since, filter=wanted)
            code = max(code, _print_one(plan, asked, limits, out, password))
    return code


def _files(session: Session, asked: argparse.Namespace) -> Iterable[tuple[Organisation | None, Path]]:
    """The files to print, each with the organisation that it is for. Raises UsageError for none."""
    from cypp_desktop.report.packs import organisations_with_work
    from cypp_desktop.report.paper_builder import find_organisation
    from cypp_desktop.store.file_names import name_for

    out: Path = asked.output
    if asked.organisation:
        return [(find_organisation(session, asked.organisation), out)]
    if not asked.each_organisation:
        return [(None, out)]
    organisations = organisations_with_work(session)
    if not organisations:
        raise UsageError("No organisation of the plan leads anything.")
    taken: set[str] = set()
    files: list[tuple[Organisation | None, Path]] = []
    for organisation in organisations:
        called = organisation.short_name or organisation.name
        files.append((organisation, out.with_name(name_for(out.stem, called, out.suffix, taken))))
    return files


def _print_one(
    plan: OpenPlan, asked: argparse.Namespace, limits: PrintLimits, out: Path, password: str | None
) -> ExitCode:
    """Print one file and say so; gives the exit code."""
    from cypp_desktop.report.output import print_paper
    from cypp_desktop.report.printed_data import printed_data

    session, made_from = plan.editor.session, plan.target
    paper = _paper(session, asked, limits)
    attachments = printed_data(session, paper) if asked.data else ()
    result = print_paper(
        paper, out, _progress(), made_from=made_from, attachments=attachments, password=password
    )
    pages = "1 page" if result.pages == 1 else f"{result.pages} pages"
    print(f"{out}: {pages}" if result.pages else f"{out}")
    if result.missing:
        return say(
            f"No font here has these letters: {' '.join(sorted(result.missing))}", ExitCode.NEEDS_AN_EYE
        )
    return ExitCode.DONE


def _paper(session: Session, asked: argparse.Namespace, limits: PrintLimits) -> Paper:
    """The paper that the words ask for."""
    from dataclasses import replace

    from cypp_desktop.report.layout_choice import best_layout
    from cypp_desktop.report.layouts import find_layout
    from cypp_desktop.report.packs import find_pack, pack_paper
    from cypp_desktop.report.paper_builder import layout_paper

    changes = _paper_changes(asked)
    if asked.pack:
        return pack_paper(session, replace(find_pack(session, asked.pack), **changes), limits)
    layout = find_layout(session, asked.layout) if asked.layout else best_layout(session)
    return layout_paper(session, replace(layout, **changes), limits)


def _paper_changes(asked: argparse.Namespace) -> dict[str, Any]:
    """The paper and size of text that are asked for. Raises UsageError where there are no such."""
    from cypp_desktop.report.paper_kinds import SIZE_LIMITS, PaperSize

    changes: dict[str, Any] = {}
    if asked.paper is not None:
        if asked.paper not in tuple(PaperSize):
            raise UsageError(f"There is no paper called {asked.paper}. There are: {', '.join(PaperSize)}.")
        changes["paper"] = PaperSize(asked.paper)
    if asked.size is not None:
        least, most = SIZE_LIMITS
        if not least <= asked.size <= most:
            raise UsageError(f"The size of the text can be from {least:g} to {most:g} points.")
        changes["size"] = asked.size
    if asked.landscape is not None:
        changes["landscape"] = asked.landscape
    return changes


def _password(asked: argparse.Namespace) -> str | None:
    """The password that the words give. Raises UsageError for one that would lock nothing."""
    from cypp_desktop.report.pdf.password import usable_password

    if asked.password is None:
        return None
    return usable_password(standard_input() if asked.password == "-" else asked.password)


def _day(words: str | None) -> str | None:
    from datetime import date

    if words is None:
        return None
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        raise UsageError(f"{words} is not a date. Write it as 2018-03-01.") from None


def _colours(words: str | None) -> frozenset[str]:
    from cypp_desktop.report.palette import Rag

    if words is None:
        return frozenset()
    found = frozenset(filter(None, (word.strip().lower() for word in words.split(","))))
    if not found or not found <= set(Rag):
        raise UsageError(f"The colours are {', '.join(Rag)}. Write them as red,amber.")
    return found


def _progress() -> Callable[[int, int], None] | None:
    """Progress on standard error, for a person at a terminal."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        print(f"\r{done} of {total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)

    return tell


# ---------------------------------------------------------------------------------- layouts and packs


def _layouts(asked: argparse.Namespace) -> ExitCode:
    if asked.save:
        return _save(asked)
    if asked.delete:
        return _delete(asked)
    with reading(asked) as plan:
        if asked.show:
            shown: Any = _declaration(plan.editor.session, asked.show)
        else:
            shown = _listed(plan.editor.session)
    if asked.show or asked.json:
        print(json_words(shown))
        return ExitCode.DONE
    for kind in ("layout", "pack"):
        print(f"{kind.capitalize()}s")
        for one in shown:
            if one["kind"] == kind:
                print(f"  {_listed_words(one)}")
    return ExitCode.DONE


def _listed_words(one: Mapping[str, Any]) -> str:
    """One layout or pack of the list, in words."""
    own = ", the plan’s own" if one["own"] else ""
    problem = f" ({one['problem']})" if one["problem"] else ""
    return f"{one['name']}: {one['title']}{own}{problem}"


def _listed(session: Session) -> list[dict[str, Any]]:
    """Every layout and pack: its kind, name and title, whether the plan's own, and what is wrong with it."""
    from cypp_desktop.report.layouts import LAYOUTS, read_layout, saved_layouts
    from cypp_desktop.report.packs import PACKS, read_pack, saved_packs

    return [
        *_listed_kind("layout", LAYOUTS, saved_layouts(session), read_layout),
        *_listed_kind("pack", PACKS, saved_packs(session), read_pack),
    ]


def _listed_kind(
    kind: str,
    ours: Mapping[str, PaperLayout] | Mapping[str, PackPlan],
    own: Mapping[str, Any],
    read: Callable[[str, Any], PaperLayout | PackPlan],
) -> Iterator[dict[str, Any]]:
    for name, one in ours.items():
        yield {"kind": kind, "name": name, "title": one.title, "own": False, "problem": None}
    for name, definition in own.items():
        title, problem = name, None
        try:
            title = read(name, definition).title
        except UsageError as wrong:
            problem = str(wrong)
        yield {"kind": kind, "name": name, "title": title, "own": True, "problem": problem}


def _declaration(session: Session, name: str) -> dict[str, Any]:
    from cypp_desktop.report.layouts import definition_of, find_layout
    from cypp_desktop.report.packs import PACKS, definition_of_pack, find_pack, saved_packs

    if name in PACKS or name in saved_packs(session):
        return definition_of_pack(find_pack(session, name))
    return definition_of(find_layout(session, name))


def _save(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.operations.printing.print_request import PrintKind
    from cypp_desktop.operations.printing.saved_layouts import save

    try:
        definition = json.loads(standard_input())
    except (ValueError, RecursionError):
        raise UsageError("What stands on standard input is not JSON.") from None
    if not isinstance(definition, dict):
        raise UsageError("What stands on standard input is not the declaration of a layout or pack.")
    results: list[ExitCode] = []
    with editing(asked, results) as plan:
        kind = PrintKind.PACK if "parts" in definition else PrintKind.LAYOUT
        save(plan.editor, kind, asked.save, definition)
    return max(results, default=ExitCode.DONE)


def _delete(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.operations.printing.print_request import PrintKind
    from cypp_desktop.operations.printing.saved_layouts import delete
    from cypp_desktop.report.packs import saved_packs

    results: list[ExitCode] = []
    with editing(asked, results) as plan:
        is_pack = asked.delete.strip() in saved_packs(plan.editor.session)
        delete(plan.editor, PrintKind.PACK if is_pack else PrintKind.LAYOUT, asked.delete)
    return max(results, default=ExitCode.DONE)
