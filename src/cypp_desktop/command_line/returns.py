"""The commands about returns: issue, merge, unmerge, conflicts and returns."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cypp_desktop.command_line.common import (
    AddCommand,
    ExitCode,
    add_author,
    author_of,
    editing,
    json_words,
    opened,
    publish,
    reading,
    say,
    tell,
)
from cypp_desktop.errors import UsageError

if TYPE_CHECKING:
    from cypp_desktop.merge.model import Received
    from cypp_desktop.merge.question import Question
    from cypp_desktop.merge.report import MergeReport
    from cypp_desktop.merge.returns import IssueLine
    from cypp_desktop.plan.model import Organisation, Round
    from cypp_desktop.store.plan_file import OpenPlan


def add_return_commands(command: AddCommand) -> None:
    """Add the words of these commands to the command line's."""
    issue = command("issue", _issue, "Write what organisations are asked for into return files.")
    issue.add_argument(
        "--to", action="append", required=True, metavar="ORGANISATION", help="may be given several times"
    )
    issue.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    issue.add_argument("--due", metavar="DATE", help="as 2018-03-31")
    issue.add_argument("--round", metavar="NAME", help="the reporting round; else the one being written")
    issue.add_argument("--note", metavar="TEXT", help="a covering note")
    add_author(issue, "who is sending them out")

    merge = command("merge", _merge, "Take in returned files, or other copies of the same plan.")
    merge.add_argument("files", nargs="+", type=Path, metavar="FILE")
    merge.add_argument("--dry-run", action="store_true", help="only say what would come in")
    merge.add_argument(
        "--decide",
        choices=("leave", "ours", "theirs", "both"),
        default="leave",
        help="what to do where edits are in conflict (leave: they stay open)",
    )
    merge.add_argument("--report", type=Path, metavar="FILE.json", help="write every edit and its fate")
    add_author(merge, "who is merging")

    unmerge = command("unmerge", _unmerge, "Undo a merge: what it brought in is taken back.")
    unmerge.add_argument("batch", nargs="?", metavar="BATCH", help="which merge; else the last one")
    unmerge.add_argument(
        "--what-can", action="store_true", help="leave what later work builds on, take back the rest"
    )
    unmerge.add_argument("--list", action="store_true", help="only list the merges that can be undone")
    add_author(unmerge, "who takes it back")

    conflicts = command("conflicts", _conflicts, "What waits for a decision, and what was combined.")
    conflicts.add_argument("--json", action="store_true")

    returns = command("returns", _returns, "Who was asked, who has returned, who is late.")
    returns.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="files that came back and are not merged yet"
    )
    returns.add_argument("--json", action="store_true")
    either = returns.add_mutually_exclusive_group()
    either.add_argument("--take-back", metavar="ORGANISATION", help="the last it was sent was a mistake")
    either.add_argument(
        "--ask-again", metavar="ORGANISATION", help="what was taken back is asked for after all"
    )
    returns.add_argument("--round", metavar="NAME", help="the last it was sent for this round")
    add_author(returns, "who says so")


# ---------------------------------------------------------------------------------- sending out


def _issue(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.merge.issue import issue_return
    from cypp_desktop.store.output_file import make_output_folder

    results: list[ExitCode] = []
    with editing(asked, results) as plan:
        organisations = [_organisation(plan, name).id for name in asked.to]
        round_id = _round(plan, asked.round).id if asked.round else None
        make_output_folder(asked.output, made_from=plan.target)
        for organisation in dict.fromkeys(organisations):
            path = issue_return(
                plan, organisation, asked.output, due=asked.due, round_id=round_id, covering_note=asked.note
            )
            print(path)
    return max(results, default=ExitCode.DONE)


def _organisation(plan: OpenPlan, name: str) -> Organisation:
    from cypp_desktop.plan.model import Organisation
    from cypp_desktop.plan.placeholders import is_placeholder
    from cypp_desktop.store.queries import rows_in_order

    folded = name.strip().casefold()
    rows = [row for row in rows_in_order(plan.editor.session, Organisation) if not is_placeholder(row.name)]
    found = [row for row in rows if folded in (row.name.casefold(), (row.short_name or "").casefold())]
    if len(found) != 1:
        listed = ", ".join(sorted(row.name for row in rows))
        which = "more than one organisation" if found else "no organisation"
        raise UsageError(f"The plan has {which} called {name}. There are: {listed}.")
    return found[0]


def _round(plan: OpenPlan, name: str) -> Round:
    from cypp_desktop.store.queries import rounds

    listed = rounds(plan.editor.session)
    found = [row for row in listed if row.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        raise UsageError(f"There is no round {name}. There are: {', '.join(row.name for row in listed)}.")
    return found[0]


# ---------------------------------------------------------------------------------- taking in


def _merge(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.store.output_file import write_output

    if asked.report and not asked.report.parent.is_dir():
        raise UsageError(f"There is no folder {asked.report.parent} for the report, so nothing was merged.")
    result = ExitCode.DONE
    who = None if asked.dry_run else author_of(asked)
    with opened(asked, author=who, read_only=asked.dry_run) as plan:
        report = _merged(plan, asked)
        if not asked.dry_run:
            result = publish(plan)
    tell(report.as_text().rstrip("\n"))
    if asked.report:
        write_output(asked.report, report.as_json().encode("utf-8"), made_from=plan.target)
    return ExitCode.NEEDS_AN_EYE if report.needs_an_eye else result


def _merged(plan: OpenPlan, asked: argparse.Namespace) -> MergeReport:
    from cypp_desktop.merge.apply import merge_files, planned
    from cypp_desktop.merge.gates.receiving import receive
    from cypp_desktop.merge.model import Received, Refusal
    from cypp_desktop.merge.question import Answer
    from cypp_desktop.merge.review import build_review

    answers = receive(asked.files, plan, plan.working.data)
    files = [one for one in answers if isinstance(one, Received)]
    refusals = [one for one in answers if isinstance(one, Refusal)]
    open_ones = Answer(asked.decide)
    if not asked.dry_run:
        return merge_files(plan, files, refusals, open_ones=open_ones)
    review = build_review(plan, files, refusals)
    lapsed = review.decide_all(open_ones) if open_ones != Answer.LEAVE else []
    return planned(plan, review, lapsed)


def _unmerge(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.merge.unmerge import batches, unmerge
    from cypp_desktop.plan.words import counted

    if asked.list:
        with reading(asked) as plan:
            for batch in batches(plan):
                changes = counted(batch.changes, "change")
                tell(f"{batch.step}  {batch.at}  {batch.author}  {batch.name} ({changes})")
        return ExitCode.DONE
    results: list[ExitCode] = []
    with editing(asked, results) as plan:
        done = unmerge(plan, asked.batch, what_can=asked.what_can)
    print(f"Undone: {done.batch.name} ({counted(done.changes, 'change')})")
    if done.left:
        left = counted(done.left, "change")
        return say(f"Left as they are, because later work builds on them: {left}.", ExitCode.NEEDS_AN_EYE)
    return max(results, default=ExitCode.DONE)


# ---------------------------------------------------------------------------------- looking


def _conflicts(asked: argparse.Namespace) -> ExitCode:
    from cypp_desktop.merge.questions_of_plan import questions_of_plan

    with reading(asked) as plan:
        found = questions_of_plan(plan)
    if asked.json:
        print(json_words([question.as_json() for question in found]))
    else:
        for question in found:
            tell(_question_text(question))
        if not found:
            print("Nothing waits for a decision.")
    return ExitCode.NEEDS_AN_EYE if any(question.is_open for question in found) else ExitCode.DONE


def _question_text(question: Question) -> str:
    kind = "combined: please read" if not question.is_open else question.kind.replace("-", " ")
    lines = [f"{question.place.address or question.place.words}  {question.label}: {kind}"]
    if question.base is not None:
        lines.append(f"    was: {_words(question.base)}")
    for side in question.sides:
        who = f"{side.author}, here"
        if side.file:
            who = side.author if side.organisation else f"{side.author} ({side.file})"
        lines.append(f"    {who}: {_words(side.value)}")
    return "\n".join(lines)


def _words(value: Any) -> str:
    from cypp_desktop.plan.words import cut

    if isinstance(value, dict):
        value = " ".join(str(part) for part in value.values() if part not in (None, ""))
    elif isinstance(value, list):
        value = "; ".join(map(str, value))
    return cut(str(value), 120) if value not in (None, "") else "nothing"


def _ask_otherwise(asked: argparse.Namespace) -> ExitCode:
    """Take back what an organisation was asked for last, or ask for it again."""
    from cypp_desktop.merge.returns import ask_again, board, take_back

    results: list[ExitCode] = []
    with editing(asked, results) as plan:
        organisation = _organisation(plan, asked.take_back or asked.ask_again)
        round_name = _round(plan, asked.round).name if asked.round else None
        last = None
        for line in board(plan):
            is_same_round = round_name in (None, line.round_name)
            is_like_asked = line.is_withdrawn == bool(asked.ask_again)
            if line.organisation_id == organisation.id and is_same_round and is_like_asked:
                last = line
                break
        if last is None:
            what = "taken back that was sent to" if asked.ask_again else "asked of"
            of_round = f" for {round_name}" if round_name else ""
            raise UsageError(f"Nothing was {what} {organisation.name}{of_round}.")
        if asked.ask_again:
            ask_again(plan, [last.issue_id])
        else:
            take_back(plan, [last.issue_id])
    return max(results, default=ExitCode.DONE)


def _returns(asked: argparse.Namespace) -> ExitCode:
    from dataclasses import asdict

    from cypp_desktop.merge.gates.receiving import receive
    from cypp_desktop.merge.model import Received, Refusal

    result = ExitCode.DONE
    if asked.take_back or asked.ask_again:
        result = _ask_otherwise(asked)
    with reading(asked) as plan:
        answers = receive(asked.files, plan, plan.working.data) if asked.files else []
        lines = _board_with([one for one in answers if isinstance(one, Received)], plan)
    for one in answers:
        if isinstance(one, Refusal):
            result = say(f"{one.name}: refused. {one.words}", ExitCode.NEEDS_AN_EYE)
    if asked.json:
        print(json_words([asdict(line) for line in lines]))
        return result
    for line in lines:
        _tell_return(line)
    if not lines:
        print("Nothing has been sent out.")
    return result


def _board_with(files: list[Received], plan: OpenPlan) -> list[IssueLine]:
    """Every return that was sent out, with what the files and the places where returns were put show."""
    from cypp_desktop.merge.returns import board
    from cypp_desktop.merge.sent_out import Lookout

    lines = board(plan, files)
    lookout = Lookout()
    seen = lookout.fetch(plan.working.data, plan.working.fs, lines)
    return lookout.board(plan, files, seen) if seen else lines


def _tell_return(line: IssueLine) -> None:
    """Print how it stands with one return, and of which measures nothing is said yet."""
    of_round = f" ({line.round_name})" if line.round_name else ""
    came = f" on {line.received_at[:10]}" if line.received_at else ""
    due = f", due {line.due}" if line.due else ""
    tell(f"{line.organisation}{of_round}: {_state_words(line)}{came}{due}")
    if line.missing and not line.is_withdrawn:
        print(f"    nothing yet about {len(line.missing)} of {line.measures} measures:")
        for missing in line.missing:
            tell(f"      {missing.words}")


def _state_words(line: IssueLine) -> str:
    from cypp_desktop.merge.returns import ReturnState

    if line.is_withdrawn:
        return "taken back"
    if line.state == ReturnState.LATE and line.is_opened:
        return "late, opened"
    return line.state.value
