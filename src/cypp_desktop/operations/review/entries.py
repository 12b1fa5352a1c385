"""The lines of a list of things to look at: items of a review, files that were refused, open questions.

Knows no Qt. A line says itself when asked, so that a list of many thousands costs little to make.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cypp_desktop.merge.model import Refusal
from cypp_desktop.merge.proposals import OUTSIDE, PLAIN, Item
from cypp_desktop.merge.questions import Question
from cypp_desktop.merge.review import OPEN, label
from cypp_desktop.operations.review.cases import KIND_WORDS
from cypp_desktop.plan.words import row_words
from cypp_desktop.store.changes import COMBINED, CONFLICT
from cypp_desktop.store.union import DELETED_AND_EDITED

REFUSED: Final = "refused"
WAITING: Final = "waiting"
EVERYTHING: Final = "all"
_SIGNS: Final[Mapping[str, str]] = {
    PLAIN: "○",
    COMBINED: "≡",
    CONFLICT: "⚠",
    DELETED_AND_EDITED: "⚠",
    OUTSIDE: "⊘",
}
_DONE: Final = "✓"
_DECIDED: Final[Mapping[str, str]] = {
    "ours": "ours kept",
    "theirs": "theirs taken",
    "both": "both kept",
    "edit": "written anew",
    "confirm": "read",
}
#: Ranks of `Item.order` that stand for the rows of which groups are made: priorities and outcomes.
_DEEPEST: Final = 2


@dataclass(eq=False, slots=True)
class ItemEntry:
    """An item of a review. ``seen`` says whether the person has looked at it."""

    item: Item
    seen: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        return (self.item.kind == OUTSIDE, *self.item.key)

    @property
    def kind(self) -> str:
        return self.item.kind

    @property
    def is_decided(self) -> bool:
        """Whether a person chose something else than what goes by itself."""
        how = self.item.decision.how
        return how not in ("accept", "leave") or (self.item.kind == OUTSIDE and how == "accept")

    @property
    def is_waiting(self) -> bool:
        """Whether the person has not looked at it, or left it open."""
        if self.item.kind in OPEN:
            return self.item.decision.how == "leave"
        return not self.seen and not self.is_decided

    @property
    def sign(self) -> str:
        done = self.is_decided or (self.seen and self.item.kind in (PLAIN, COMBINED))
        return _DONE if done else _SIGNS[self.item.kind]

    @property
    def words(self) -> str:
        return f"{_last_step(self.item.place.words)} · {label(self.item)}"

    @property
    def who(self) -> str:
        return ", ".join(dict.fromkeys(side.organisation or side.author for side in self.item.theirs))

    @property
    def state(self) -> str:
        how = self.item.decision.how
        if self.item.kind == OUTSIDE:
            return "let in" if how == "accept" else "outside, left out"
        if how in _DECIDED:
            return _DECIDED[how]
        if self.item.kind == PLAIN:
            return "accepted" if self.seen else "plain"
        if self.item.kind == COMBINED:
            return "accepted" if self.seen else "combined: please read"
        return f"{KIND_WORDS[self.item.kind]}, open"

    @property
    def spoken(self) -> str:
        return f"{self.item.place.words}, {label(self.item)}, from {self.who}: {self.state}"


@dataclass(frozen=True, slots=True)
class RefusalEntry:
    """A file that was not taken in."""

    refusal: Refusal
    number: int
    kind: str = REFUSED
    is_waiting: bool = False
    is_decided: bool = False
    sign: str = "✕"
    who: str = ""
    state: str = "refused"

    @property
    def key(self) -> tuple[object, ...]:
        return REFUSED, self.number

    @property
    def words(self) -> str:
        return self.refusal.name

    @property
    def spoken(self) -> str:
        return f"{self.words} was refused. {self.refusal.words}"


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """Something that the plan waits for a person to decide or to read."""

    question: Question
    who: str = ""
    is_waiting: bool = True
    is_decided: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        return self.question.row_type, self.question.row_id, self.question.field

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def sign(self) -> str:
        return _SIGNS[self.question.kind]

    @property
    def words(self) -> str:
        return f"{_last_step(self.question.place.words)} · {self.question.label}"

    @property
    def state(self) -> str:
        return KIND_WORDS[self.kind] if self.question.is_open else "combined: please read"

    @property
    def spoken(self) -> str:
        return f"{self.question.place.words}, {self.question.label}: {self.state}"


Entry = ItemEntry | RefusalEntry | QuestionEntry


@dataclass(slots=True)
class Group:
    """Lines under one heading."""

    title: str
    entries: list[Entry] = field(default_factory=list)


def by_place(entries: Iterable[Entry], names: Mapping[str, str]) -> list[Group]:
    """Lines by outcome or priority, in the plan's order; ``names`` are the titles of these by id."""
    groups: dict[str, Group] = {}
    for entry in entries:
        if isinstance(entry, RefusalEntry):
            groups.setdefault(REFUSED, Group("Refused files")).entries.append(entry)
            continue
        thing = entry.item if isinstance(entry, ItemEntry) else entry.question
        key, title = _branch(thing, names)
        groups.setdefault(key, Group(title)).entries.append(entry)
    return list(groups.values())


def by_sender(entries: Iterable[Entry]) -> list[Group]:
    """Lines by the organisations that sent them; what several sent stands under all their names."""
    groups: dict[str, Group] = {}
    for entry in entries:
        title = "Refused files" if isinstance(entry, RefusalEntry) else entry.who or "Ours"
        groups.setdefault(title, Group(title)).entries.append(entry)
    return [groups[title] for title in sorted(groups, key=lambda title: (title == "Refused files", title))]


def _branch(thing: Item | Question, names: Mapping[str, str]) -> tuple[str, str]:
    """The outcome or priority that a row stands in, or what kind of row it is."""
    for _, _, row_id in reversed(thing.order[:_DEEPEST]):
        if row_id in names:
            return row_id, names[row_id]
    steps = thing.place.words.split(" › ")
    if len(steps) > 1:
        title = " › ".join(steps[:2])
        return title, title
    title = row_words(thing.row_type).capitalize()
    return title, title


def _last_step(words: str) -> str:
    return words.rpartition(" › ")[2]
