"""A question: what several people say of one field or row of a plan, and how it can be answered.

Files that came back put a question for each field and row of which they say something new
(:mod:`cypp_desktop.merge.questions_of_files`); most of these answer themselves. What is left open, the plan
goes on asking (:mod:`cypp_desktop.merge.questions_of_plan`). Both are questions of the one kind described
here: :func:`answers` says which answers there are, :func:`decided_value` and :func:`deletes_row` say what
an answer would give. :mod:`cypp_desktop.merge.decisions` writes it. Nothing here reads or writes a plan.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from cypp_desktop.errors import UsageError
from cypp_desktop.merge.places import RowPlace
from cypp_desktop.plan.base import Field, Row, fields_of, row_classes
from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.text_merge import same_text
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store import changes, union
from cypp_desktop.store.changes import CREATED, DELETED, to_json
from cypp_desktop.store.log import RowKey

#: Type and id of a row, and the name of a field of it (``*``: the row itself).
FieldKey = tuple[str, str, str]


class Kind(StrEnum):
    """Why a question is put."""

    PLAIN = "plain"  # only files say something new
    COMBINED = changes.COMBINED  # several edits of a text were put together: it is to be read
    CONFLICT = changes.CONFLICT
    DELETED_AND_EDITED = union.DELETED_AND_EDITED
    OUTSIDE = "outside"  # nobody asked the sender for this


#: Kinds of which a person has to decide; until then the plan shows them as open.
OPEN_KINDS: Final = (Kind.CONFLICT, Kind.DELETED_AND_EDITED)


class Happening(StrEnum):
    """What happens to a field or row by what comes in."""

    EDITED = "edited"
    ADDED = "added"
    ADDED_BY_BOTH = "added by both"
    DELETED = "deleted"
    BROUGHT_BACK = "brought back"
    KEPT = "kept"  # one deleted the row and another edited it: it stays
    HELD_OUT = "held out"  # the plan's rules have no room for the row
    GONE = "gone"  # the row was added and deleted again


class Answer(StrEnum):
    """A way to answer a question, in the order in which they are offered."""

    ACCEPT = "accept"  # what stands by itself
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    EDIT = "edit"  # to something else
    CONFIRM = "confirm"  # the combined text was read and is right
    KEEP = "keep"  # the row
    DELETE = "delete"  # the row
    LEAVE = "leave"  # open, or out of the plan


@dataclass(frozen=True, slots=True)
class Decision:
    """How a person answers. ``value`` is the stored value of an edit; ``side`` counts the sides that are
    theirs, and says whose is taken where they differ.
    """

    answer: Answer
    value: Any = None
    side: int | None = None


class Side(NamedTuple):
    """What one party says: ``value`` is a stored value (of a whole row: its columns; None: deleted).

    ``file`` and ``organisation`` are None for the plan itself. ``changes`` are the ids it follows from.
    """

    value: Any
    author: str
    organisation: str | None = None
    file: str | None = None
    changes: tuple[str, ...] = ()


class AtStake(NamedTuple):
    """What somebody wrote of a row without having seen that another deleted it, or what it stands in.

    ``field`` is ``*`` for a row that is new; ``before`` and ``value`` are stored values.
    """

    row_type: str
    row_id: str
    field: str
    before: Any
    value: Any
    side: Side


class Proposal(NamedTuple):
    """One edit that a file proposes: its last word on one field. ``files`` bring it, by name.

    ``is_head`` is False where another change that comes in was made having seen it.
    """

    field: str
    change: str
    author: str
    organisation: str | None
    files: tuple[str, ...]
    before: Any
    value: Any
    is_head: bool
    altered: bool


@dataclass(slots=True, kw_only=True)
class Question:
    """What several say of a field (``field`` is its name) or of a whole row (``*``), and what is decided.

    ``sides`` are what each says, ours first. ``base`` is what all began with; ``value`` is what the plan says
    as long as nobody decides (of a row: its columns, None where it is not in the plan). ``heads`` are the
    changes that a decision would name, with their values; ``proposals`` are the edits of files that it is
    about. ``in_plan`` tells a question that the plan asks from one of files under review;
    ``was_deleted_here`` says that the row was not in the plan before these files. ``is_seen`` says that a
    person has looked at it. ``why`` says in a sentence why what it is about does not come in by itself, where
    that is more than that nobody asked for it.

    ``was`` is what the plan said before these files came in (of a row: its columns), ``apart`` are the fields
    of a row about which there are questions of their own. Of a question about a deletion, ``parts`` are those
    about what goes or stays with the row, ``along`` all rows that would go with it (``along_new``: those that
    only come in now), and ``at_stake`` the edits that would be lost. ``named_by`` are other rows that name
    it, and so keep it. By what is decided about other questions its row ``goes_anyway``, or ``stays_anyway``.
    """

    row_type: str
    row_id: str
    field: str
    kind: Kind
    happening: Happening = Happening.EDITED
    sides: tuple[Side, ...]
    base: Any = None
    value: Any = None
    heads: tuple[tuple[str, str], ...] = ()
    proposals: tuple[Proposal, ...] = ()
    in_plan: bool = False
    was_deleted_here: bool = False
    why: str = ""
    place: RowPlace = RowPlace(None, "")  # noqa: RUF009  nothing changes it
    order: tuple[tuple[int, str, str], ...] = ()
    was: Any = None
    apart: tuple[str, ...] = ()
    parts: tuple[Question, ...] = ()
    along: tuple[RowKey, ...] = ()
    along_new: frozenset[RowKey] = frozenset()
    at_stake: tuple[AtStake, ...] = ()
    named_by: tuple[RowKey, ...] = ()
    goes_anyway: bool = False
    stays_anyway: bool = False
    _decision: Decision = dataclasses.field(init=False)
    is_seen: bool = False

    def __post_init__(self) -> None:
        self._decision = self.default_decision

    @property
    def decision(self) -> Decision:
        """How it is answered, with its parts."""
        return self._decision

    @decision.setter
    def decision(self, decision: Decision) -> None:
        for each in self.whole:
            each._decision = decision

    @property
    def whole(self) -> tuple[Question, ...]:
        """It and its parts."""
        return (self, *self.parts)

    @property
    def key(self) -> FieldKey:
        return self.row_type, self.row_id, self.field

    @property
    def row(self) -> RowKey:
        return self.row_type, self.row_id

    @property
    def is_row(self) -> bool:
        """Whether it is about a whole row."""
        return self.field in (CREATED, DELETED)

    @property
    def ours(self) -> Side | None:
        """What the plan's own file says; None where it says nothing of its own, or several things."""
        own = [side for side in self.sides if side.file is None]
        return own[0] if len(own) == 1 else None

    @property
    def value_of_ours(self) -> Any:
        """The value that the plan's own file says; None also where it says none of its own."""
        return self.ours.value if self.ours is not None else None

    @property
    def theirs(self) -> tuple[Side, ...]:
        """What others say."""
        return tuple(side for side in self.sides if side.file is not None)

    @property
    def altered(self) -> bool:
        """Whether part of it was edited outside the application."""
        return any(proposal.altered for each in self.whole for proposal in each.proposals)

    # ------------------------------------------------------------------ how it stands

    @property
    def default_decision(self) -> Decision:
        """What holds as long as nobody decides."""
        goes_by_itself = self.kind in (Kind.PLAIN, Kind.COMBINED)
        return Decision(Answer.ACCEPT if goes_by_itself else Answer.LEAVE)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide; what was combined only waits to be read."""
        return self.kind in OPEN_KINDS

    @property
    def is_decided(self) -> bool:
        """Whether a person chose something else than what goes by itself."""
        if self.kind == Kind.OUTSIDE:
            return self.decision.answer == Answer.ACCEPT
        return self.decision.answer not in (Answer.ACCEPT, Answer.LEAVE)

    @property
    def is_left_open(self) -> bool:
        """Whether somebody has to decide and has not."""
        return self.is_open and self.decision.answer == Answer.LEAVE

    @property
    def is_waiting(self) -> bool:
        """Whether a person should still look at it."""
        if self.is_open:
            return self.is_left_open
        return not self.is_seen and not self.is_decided

    @property
    def is_let_in(self) -> bool:
        """Whether nobody asked for it and a person lets it in."""
        return self.kind == Kind.OUTSIDE and self.decision.answer == Answer.ACCEPT

    # ------------------------------------------------------------------ in words

    @property
    def label(self) -> str:
        """What it is about: "Update", "New measure", "Value deleted"."""
        if not self.is_row:
            return field_words(self.row_type, self.field)
        cls = row_classes().get(self.row_type)
        if cls is not None and cls.joins is not None:
            words = self._label_of_link(cls)
        else:
            name = row_words(self.row_type) if self.row_type in LEVELS else self.place.name
            words = _ROW_WORDS.get(self.happening, "{}").format(name or row_words(self.row_type))
        return words[:1].upper() + words[1:]

    def _label_of_link(self, cls: type[Row]) -> str:
        """What it means that two rows are joined, or are no longer."""
        is_gone = self.happening in (Happening.DELETED, Happening.GONE, Happening.KEPT)
        row, joined = self.place.name or "this", self.place.joined or "another row"
        words = (cls.unlinked if is_gone else cls.linked).format(row=row, joined=joined)
        return words + _LINK_WORDS.get(self.happening, "")

    def as_json(self) -> dict[str, Any]:
        """As the command line gives it."""
        return {
            "address": self.place.address,
            "place": self.place.words,
            "row_type": self.row_type,
            "row_id": self.row_id,
            "field": self.field,
            "label": self.label,
            "kind": self.kind,
            "base": self.base,
            "value": self.value,
            "sides": [
                {
                    "value": side.value,
                    "author": side.author,
                    "organisation": side.organisation,
                    "file": side.file,
                    "ours": side.file is None,
                }
                for side in self.sides
            ],
            "goes_along": [{"row_type": row_type, "row_id": row_id} for row_type, row_id in self.along],
            "at_stake": [
                {
                    **each._asdict(),
                    "side": {"author": each.side.author, "organisation": each.side.organisation},
                }
                for each in self.at_stake
            ],
        }


_ROW_WORDS: Final[Mapping[Happening, str]] = {
    Happening.ADDED: "New {}",
    Happening.ADDED_BY_BOTH: "New {}, here already",
    Happening.DELETED: "{} deleted",
    Happening.BROUGHT_BACK: "{} brought back",
    Happening.KEPT: "{} deleted by one, edited by another",
    Happening.HELD_OUT: "{} has no place",
    Happening.GONE: "{} deleted, and not in the plan anyway",
}
_LINK_WORDS: Final[Mapping[Happening, str]] = {
    Happening.ADDED_BY_BOTH: ", as here already",
    Happening.KEPT: ", says one, and another has edited it",
    Happening.HELD_OUT: ", for which there is no place",
    Happening.GONE: ", as here already",
}


# ---------------------------------------------------------------------------------- which answers there are


def answers(question: Question) -> tuple[Answer, ...]:
    """Every answer that a question can have, in the order in which they are offered."""
    if question.kind == Kind.OUTSIDE:
        return (Answer.ACCEPT, Answer.LEAVE)
    if question.is_row:
        return _answers_about_row(question)
    found = _answers_about_field(question)
    if question.in_plan:
        return tuple(found)
    return (*found, Answer.LEAVE) if question.is_open else (Answer.ACCEPT, *found)


def _answers_about_field(question: Question) -> list[Answer]:
    """What a field can be decided to be, whoever asks."""
    found = []
    if question.in_plan or question.ours is not None:  # the plan's own word may be what all began with
        found.append(Answer.OURS)
    if question.theirs:
        found.append(Answer.THEIRS)
    if _field(question).kind in ("markdown", "list"):
        found.append(Answer.BOTH)
    found.append(Answer.EDIT)
    if question.kind == Kind.COMBINED:
        found.append(Answer.CONFIRM)
    return found


def _answers_about_row(question: Question) -> tuple[Answer, ...]:
    deleted_and_edited = question.kind == Kind.DELETED_AND_EDITED
    if question.in_plan:
        return (Answer.KEEP, Answer.DELETE) if deleted_and_edited else ()
    if deleted_and_edited and question.ours is None:
        return (Answer.KEEP, Answer.DELETE, Answer.LEAVE)  # no side of ours to take
    if question.happening in (Happening.HELD_OUT, Happening.GONE):
        return (Answer.ACCEPT, Answer.LEAVE)
    if deleted_and_edited:
        return (Answer.OURS, Answer.THEIRS, Answer.LEAVE)
    return (Answer.ACCEPT, Answer.OURS, Answer.THEIRS)


def check_decision(question: Question, decision: Decision) -> None:
    """Raise UsageError where a question cannot be answered so."""
    if decision.answer not in answers(question):
        if question.in_plan and question.is_row:
            raise UsageError("Someone deleted this and another edited it: keep it, or delete it.")
        raise UsageError(_CANNOT.get(decision.answer, f"This cannot be decided by “{decision.answer}”."))
    if decision.answer == Answer.THEIRS and question.kind != Kind.DELETED_AND_EDITED:
        chosen_side(question, decision)  # where a row was deleted, theirs is what ours is not
    if decision.answer == Answer.EDIT:
        fitting(question.row_type, _field(question), decision.value)


_CANNOT: Final[Mapping[Answer, str]] = {
    Answer.BOTH: "Only texts and lists can hold both. Choose one, or write what it should say.",
    Answer.OURS: "The plan has nothing of its own here to keep.",
}


# ---------------------------------------------------------------------------------- what an answer would give


def decided_value(question: Question, decision: Decision) -> Any:
    """The stored value that a field has by a decision. Raises UsageError where it cannot be decided so."""
    match decision.answer:
        case Answer.EDIT:
            return fitting(question.row_type, _field(question), decision.value)
        case Answer.OURS:
            return question.ours.value if question.ours is not None else question.value
        case Answer.THEIRS:
            return chosen_side(question, decision).value
        case Answer.BOTH:
            return _both(_field(question), [side.value for side in question.sides])
    return question.value


def deletes_row(question: Question, decision: Decision) -> bool:
    """Whether there is no such row by a decision about a whole row that takes a side."""
    if decision.answer in (Answer.KEEP, Answer.DELETE):
        return decision.answer == Answer.DELETE
    if decision.answer == Answer.OURS:
        return question.value_of_ours is None
    if question.kind == Kind.DELETED_AND_EDITED:
        return not question.was_deleted_here  # of the edit and the deletion, theirs is what ours is not
    return bool(question.theirs) and question.theirs[decision.side or 0].value is None


def chosen_side(question: Question, decision: Decision) -> Side:
    """The side of theirs that a decision takes. Raises UsageError where it does not say which."""
    theirs = question.theirs
    if decision.side is not None:
        if not 0 <= decision.side < len(theirs):
            raise UsageError("There are not so many sides here.")
        return theirs[decision.side]
    if len({to_json(side.value) for side in theirs}) != 1:
        raise UsageError("The returned files differ here. Choose whose version to take.")
    return theirs[0]


def _both(field: Field, values: Sequence[Any]) -> Any:
    """Several values of a text or list together, in this order; what they share stands once."""
    if field.kind == "list":
        entries: list[str] = []
        for value in values:
            entries += value or []
        return list(dict.fromkeys(entries))
    texts: list[str] = []
    for value in values:
        if value and value.strip() and not any(same_text(value, text) for text in texts):
            texts.append(value.strip("\n").rstrip())
    return "\n\n".join(texts)


_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "list": list, "flag": bool, "object": dict, "number": (int, str),
}  # fmt: skip


def fitting(row_type: str, field: Field, value: Any) -> Any:
    """A value as a field of such a row stores it. Raises UsageError where it cannot be one."""
    if len(field.columns) > 1:
        if not isinstance(value, Mapping) or set(value) != set(field.columns):
            raise UsageError(f"This needs a value for each of: {', '.join(field.columns)}.")
        return dict(value)
    column = row_classes()[row_type].__table__.columns[field.columns[0]]
    if value is None and column.nullable:
        return None
    if not isinstance(value, _TYPES.get(field.kind, str)):
        raise UsageError(f"This is no value for {field_words(row_type, field.name).lower()}.")
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        raise UsageError("A list here holds texts only.")
    if field.choices is not None and value not in field.choices:
        raise UsageError(f"This can be one of: {', '.join(field.choices)}.")
    return value


def _field(question: Question) -> Field:
    return fields_of(row_classes()[question.row_type])[question.field]
