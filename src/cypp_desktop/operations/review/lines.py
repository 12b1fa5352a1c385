"""The lines of a list of things to look at: questions, and files that were refused.

Knows no Qt. A line says itself when asked, so that a list of many thousands costs little to make.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cypp_desktop.merge.model import Refusal
from cypp_desktop.merge.question import Answer, Kind, Question
from cypp_desktop.merge.report import DECISION_WORDS
from cypp_desktop.operations.review.effect_words import effect_words
from cypp_desktop.operations.review.question_words import KIND_WORDS
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.plan.words import row_words

Line = Question | Refusal
#: Finds a line again in a list that was made anew.
LineKey = tuple[object, ...]

REFUSED: Final = "refused"
_REFUSED_FILES: Final = "Refused files"
_SIGNS: Final[Mapping[Kind, str]] = {
    Kind.PLAIN: "○",
    Kind.COMBINED: "≡",
    Kind.CONFLICT: "⚠",
    Kind.DELETED_AND_EDITED: "⚠",
    Kind.OUTSIDE: "⊘",
}
_DONE: Final = "✓"
#: Ranks of `Question.order` that stand for the rows of which groups are made: priorities and outcomes.
_DEEPEST: Final = 2


def key_of(line: Line) -> LineKey:
    """What finds a line again."""
    if isinstance(line, Refusal):
        return REFUSED, line.path
    return key_of_question(line.row_type, line.row_id, line.field, outside=line.kind == Kind.OUTSIDE)


def key_of_question(row_type: str, row_id: str, field: str, *, outside: bool = False) -> LineKey:
    """What finds the line of the question about a field."""
    return outside, row_type, row_id, field


def is_waiting(line: Line) -> bool:
    """Whether a person should still look at it."""
    return isinstance(line, Question) and line.is_waiting


def sign_of(line: Line) -> str:
    """The sign before a line."""
    if isinstance(line, Refusal):
        return "✕"
    if line.is_decided or (line.is_seen and line.kind in (Kind.PLAIN, Kind.COMBINED)):
        return _DONE
    return _SIGNS[line.kind]


def words_of(line: Line) -> str:
    """What a line says."""
    if isinstance(line, Refusal):
        return line.name
    return f"{line.place.words.rpartition(' › ')[2]} · {line.label}"


def state_of(line: Line) -> str:
    """How it stands with a line, in a few words, and what merging does about it."""
    if isinstance(line, Refusal):
        return "refused"
    if line.in_plan or (line.kind == Kind.OUTSIDE and not line.is_let_in):
        return decision_of(line)
    return f"{decision_of(line)}: {effect_words(line)}"


def decision_of(line: Question) -> str:
    """How it stands with a question, in a few words."""
    if line.kind == Kind.OUTSIDE:
        return "let in" if line.is_let_in else "outside, left out"
    if line.is_decided:
        return "read" if line.decision.answer == Answer.CONFIRM else DECISION_WORDS[line.decision.answer]
    if line.is_open:
        return KIND_WORDS[line.kind] if line.in_plan else f"{KIND_WORDS[line.kind]}, open"
    if line.is_seen:
        return "accepted"
    return "plain" if line.kind == Kind.PLAIN else "combined: please read"


def spoken_of(line: Line) -> str:
    """What a line says to a screen reader."""
    if isinstance(line, Refusal):
        return f"{line.name} was refused. {line.words}"
    senders = "" if line.in_plan else f", from {senders_of(line)}"
    return f"{line.place.words}, {line.label}{senders}: {state_of(line)}"


def senders_of(question: Question) -> str:
    """Who says something else than the plan."""
    theirs = (side for each in question.whole for side in each.theirs)
    return shown_on_one_line(", ".join(dict.fromkeys(side.organisation or side.author for side in theirs)))


# ---------------------------------------------------------------------------------- under headings


@dataclass(slots=True)
class LineGroup:
    """Lines under one heading."""

    title: str
    lines: list[Line] = field(default_factory=list)


def by_place(lines: Iterable[Line], names: Mapping[str, str]) -> list[LineGroup]:
    """Lines by outcome or priority, in the plan's order; ``names`` are the titles of these by id."""
    groups: dict[str, LineGroup] = {}
    for line in lines:
        key, title = (REFUSED, _REFUSED_FILES) if isinstance(line, Refusal) else _branch(line, names)
        groups.setdefault(key, LineGroup(title)).lines.append(line)
    return list(groups.values())


def by_sender(lines: Iterable[Line]) -> list[LineGroup]:
    """Lines by the organisations that sent them; what several sent stands under all their names."""
    groups: dict[str, LineGroup] = {}
    for line in lines:
        title = _REFUSED_FILES if isinstance(line, Refusal) else senders_of(line) or "Ours"
        groups.setdefault(title, LineGroup(title)).lines.append(line)
    return [groups[title] for title in sorted(groups, key=lambda title: (title == _REFUSED_FILES, title))]


def _branch(question: Question, names: Mapping[str, str]) -> tuple[str, str]:
    """The key and title of the outcome or priority that a row stands in, or of its kind of row."""
    for _, _, row_id in reversed(question.order[:_DEEPEST]):
        if row_id in names:
            return row_id, names[row_id]
    steps = question.place.words.split(" › ")
    if len(steps) == 1:
        steps = [row_words(question.row_type).capitalize()]
    title = " › ".join(steps[:2])
    return title, title
