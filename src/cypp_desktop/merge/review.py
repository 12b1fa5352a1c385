"""The review of returned files: what they propose, what a person decides about it. Nothing is written here.

The plan is asked what it would say with all the files in it, in a transaction that is rolled back. A
decision is only noted; :mod:`cypp_desktop.merge.apply` makes it so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cypp_desktop.errors import UsageError
from cypp_desktop.gc_pause import uncollected
from cypp_desktop.merge.proposals import (
    KINDS,
    OUTSIDE,
    PLAIN,
    Decision,
    FieldKey,
    Item,
    Side,
)
from cypp_desktop.merge.proposing import Proposed, propose
from cypp_desktop.plan.base import Field, fields_of, row_classes
from cypp_desktop.plan.text_merge import same_text
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store.changes import COMBINED, CONFLICT, CREATED, to_json
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.union import DELETED_AND_EDITED

if TYPE_CHECKING:
    from cypp_desktop.merge.model import Received, Refusal
    from cypp_desktop.store.plan_file import OpenPlan

#: What can be decided, in the order in which it is offered.
HOWS: Final = ("accept", "ours", "theirs", "both", "edit", "confirm", "leave")
#: Kinds of which a person should decide; until then the plan shows them as open.
OPEN: Final = (CONFLICT, DELETED_AND_EDITED)
_ROW_WORDS: Final = {
    "added": "New {}",
    "added by both": "New {}, here already",
    "deleted": "{} deleted",
    "brought back": "{} brought back",
    "kept": "{} deleted by one, edited by another",
    "held out": "{} has no place",
    "gone": "{} added and deleted again",
}


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A decision that was not made: ``item`` as it was when it was decided, and ``why`` in plain words.

    ``again`` says whether there still is something to decide.
    """

    item: Item
    decision: Decision
    why: str
    again: bool


#: Why a decision is not made.
SAYS_ELSE: Final = "the plan or the files say something else by now"
NOTHING_LEFT: Final = "nothing is proposed here any more"
NO_PLACE: Final = "the plan has no place for it"
NOT_SO: Final = "it cannot be decided so"


@dataclass(slots=True)
class Review:
    """Everything that some files bring, item by item in the plan's order, and what was decided so far."""

    files: tuple[Received, ...]
    items: list[Item]
    refusals: tuple[Refusal, ...] = ()
    _by_key: dict[tuple[bool, FieldKey], Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key = {(item.kind == OUTSIDE, item.key): item for item in self.items}

    # ------------------------------------------------------------------ counting

    @property
    def proposed(self) -> int:
        """How many edits the files propose in all."""
        return sum(len(item.proposals) for item in self.items)

    def counts(self) -> dict[str, int]:
        """The proposed edits by kind of item; they add up to :attr:`proposed`."""
        found = dict.fromkeys(KINDS, 0)
        for item in self.items:
            found[item.kind] += len(item.proposals)
        return found

    def items_by_kind(self) -> dict[str, int]:
        """How many items there are of each kind, as a list of them shows."""
        found = Counter(item.kind for item in self.items)
        return {kind: found[kind] for kind in KINDS}

    @property
    def left_open(self) -> list[Item]:
        """The items that a person should still decide about."""
        return [item for item in self.items if item.kind in OPEN and item.decision.how == "leave"]

    # ------------------------------------------------------------------ deciding

    def find(self, row_type: str, row_id: str, name: str, *, outside: bool = False) -> Item | None:
        """The item about a field (``*``: about the row), if there is one."""
        return self._by_key.get((outside, (row_type, row_id, name)))

    def accept_all_plain(self) -> int:
        """Take everything that is no conflict; gives how many items that are. What was decided stays."""
        plain = [item for item in self.items if item.kind in (PLAIN, COMBINED)]
        for item in plain:
            if item.decision.how == "leave":
                item.decision = Decision("accept")
        return len(plain)

    def decide(self, item: Item, how: str, value: Any = None, *, side: int | None = None) -> None:
        """Note a decision: see :class:`Decision`. Raises UsageError where the item cannot be decided so."""
        decision = Decision(how, value, side)
        check_decision(item, decision)
        item.decision = decision

    @property
    def decided(self) -> list[Item]:
        """The items about which a person decided something, and let not only go what goes by itself."""
        return [item for item in self.items if _decides(item)]

    def decide_all(self, how: str) -> list[Lapsed]:
        """Decide every open item so; gives those that cannot be, which stay open."""
        not_so: list[Lapsed] = []
        for item in self.left_open:
            try:
                self.decide(item, how)
            except UsageError:
                not_so.append(Lapsed(item, Decision(how), NOT_SO, again=True))
        return not_so

    def carry_over(self, earlier: Review, let_in: Collection[str] = ()) -> list[Lapsed]:
        """Take over the decisions of an earlier review of the same plan; gives those that were not taken
        over, because there is something else to decide by now, or nothing.

        ``let_in`` are the ids of changes that came in although nobody asked for them: that was decided.
        """
        lapsed: list[Lapsed] = []
        outside: dict[RowKey, list[Item]] = {}
        for item in earlier.items:
            if item.kind == OUTSIDE and _decides(item):
                outside.setdefault(item.row, []).append(item)
        for was in earlier.items:
            if was.decision == default_decision(was):
                continue
            now = self.find(*was.key, outside=was.kind == OUTSIDE) or self._out_of_row(was)
            decision = _still_meant(now, was, outside.get(was.row, ())) if now is not None else None
            if now is not None and decision is not None:
                now.decision = decision
            elif not _decides(was) or (was.kind == OUTSIDE and _brought(was).issubset(let_in)):
                continue
            else:
                why = NOTHING_LEFT if now is None else SAYS_ELSE
                lapsed.append(Lapsed(was, was.decision, why, again=now is not None))
        return lapsed

    def leave_out(self) -> list[Lapsed]:
        """What nobody asked for and a person let in, where it did not come in: it stays out."""
        lapsed: list[Lapsed] = []
        for item in self.items:
            if item.kind == OUTSIDE and item.decision.how == "accept":
                lapsed.append(Lapsed(item, item.decision, NO_PLACE, again=False))
                item.decision = Decision("leave")
        return lapsed

    def _out_of_row(self, was: Item) -> Item | None:
        """The item of a field that is by now part of the one about its row: a deletion of that was let in."""
        row = self.find(*was.row, CREATED)
        if was.kind == OUTSIDE or was.is_row or row is None or row.result is None:
            return None
        seen = {id_ for id_, _ in was.heads}
        now = {p.change for p in row.proposals if p.field == was.field and p.standing}
        if not seen.issuperset(now) or not set(row.heads).issuperset(was.heads):
            return None
        item = replace(was, proposals=(), decision=default_decision(was))
        self.items.insert(self.items.index(row) + 1, item)
        self._by_key[False, item.key] = item
        return item


def build_review(plan: OpenPlan, received: Sequence[Received], refusals: Iterable[Refusal] = ()) -> Review:
    """What these files propose to a plan. Writes nothing; may be called from any thread."""
    with uncollected(), plan.engine.connect() as connection:
        # what is written is rolled back: it must never reach the file, where a reader would be in its way
        connection.exec_driver_sql("PRAGMA cache_spill=OFF")
        try:
            proposed = propose(connection, received, batch="")
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA cache_spill=ON")
            connection.rollback()
    return as_review(received, proposed, refusals)


def as_review(files: Sequence[Received], proposed: Proposed, refusals: Iterable[Refusal] = ()) -> Review:
    """A review with nothing decided yet but what goes by itself."""
    return Review(tuple(files), proposed.items, tuple(refusals))


def _still_meant(item: Item, was: Item, outside: Iterable[Item]) -> Decision | None:
    """What was decided about an item in an earlier review, where the person had seen all that is there now.

    ``outside`` is what nobody had asked for about the same row and was let in, which has been seen too.
    """
    if item.kind == OUTSIDE:
        return was.decision if _brought(item) <= _brought(was) else None
    if item.heads == was.heads and item.kind == was.kind:
        return was.decision
    let_in = {id_ for one in outside if was.is_row or one.field == was.field for id_ in _brought(one)}
    if not all(head in was.heads or head[0] in let_in for head in item.heads):
        return None
    decision = was.decision
    try:
        if decision.how == "theirs":
            decision = Decision("theirs", side=_same_side(item, _chosen(was, decision)))
        check_decision(item, decision)
    except (UsageError, ValueError):
        return None
    return decision


def _same_side(item: Item, chosen: Side) -> int:
    """Which side of an item says what another review showed as ``chosen``. Raises ValueError."""
    alike = [
        set(side.changes) >= set(chosen.changes)
        and ((side.value is None) == (chosen.value is None) if item.is_row else side.value == chosen.value)
        for side in item.theirs
    ]
    return alike.index(True)


def _decides(item: Item) -> bool:
    """Whether an item's decision is one: what goes by itself is not, nor what is left open."""
    if item.kind == OUTSIDE:
        return item.decision.how == "accept"
    return item.decision.how not in ("accept", "leave")


def _brought(item: Item) -> set[str]:
    return {id_ for side in item.theirs for id_ in side.changes}


def default_decision(item: Item) -> Decision:
    """What holds of an item about which nobody decided."""
    return Decision("accept" if item.kind in (PLAIN, COMBINED) else "leave")


def label(item: Item) -> str:
    """What an item is about: "Update", "New measure", "Value deleted"."""
    if not item.is_row:
        return field_words(item.row_type, item.field)
    words = _ROW_WORDS.get(item.what, "{}").format(row_words(item.row_type))
    return words[:1].upper() + words[1:]


# ---------------------------------------------------------------------------------- what a decision means


def hows(item: Item) -> tuple[str, ...]:
    """How an item can be decided."""
    if item.kind == OUTSIDE:
        return ("accept", "leave")
    if item.is_row:
        if item.what in ("held out", "gone"):
            return ("accept", "leave")
        return (
            ("ours", "theirs", "leave") if item.kind == DELETED_AND_EDITED else ("accept", "ours", "theirs")
        )
    found = ["ours", "theirs"] if item.ours is not None else ["theirs"]
    if _field(item).kind in ("markdown", "list"):
        found.append("both")
    found.append("edit")
    if item.kind == COMBINED:
        found.append("confirm")
    return (*found, "leave") if item.kind == CONFLICT else ("accept", *found)


def check_decision(item: Item, decision: Decision) -> None:
    """Raise UsageError where an item cannot be decided so."""
    if decision.how not in hows(item):
        raise UsageError(_CANNOT.get(decision.how, f"This cannot be decided by “{decision.how}”."))
    if decision.how == "theirs":
        _chosen(item, decision)
    if decision.how == "edit":
        fitting(item.row_type, _field(item), decision.value)


_CANNOT: Final = {
    "both": "Only texts and lists can hold both. Choose one, or write what it should say.",
    "ours": "The plan has nothing of its own here to keep.",
}


def decided_value(item: Item, decision: Decision) -> Any:
    """The stored value that a field has by a decision."""
    if decision.how == "edit":
        return fitting(item.row_type, _field(item), decision.value)
    if decision.how == "ours":
        assert item.ours is not None
        return item.ours.value
    if decision.how == "theirs":
        return _chosen(item, decision).value
    if decision.how == "both":
        sides = [item.ours.value] if item.ours is not None else []
        return both(_field(item), [*sides, *(side.value for side in item.theirs)])
    return item.result


def _chosen(item: Item, decision: Decision) -> Side:
    if decision.side is not None:
        if not 0 <= decision.side < len(item.theirs):
            raise UsageError("There are not so many sides here.")
        return item.theirs[decision.side]
    if len({to_json(side.value) for side in item.theirs}) != 1:
        raise UsageError("The returned files differ here. Choose whose version to take.")
    return item.theirs[0]


def both(field_: Field, values: Sequence[Any]) -> Any:
    """Several values of a text or list together, in this order; what they share stands once."""
    if field_.kind == "list":
        entries: list[str] = []
        for value in values:
            entries += value or []
        return list(dict.fromkeys(entries))
    if field_.kind != "markdown":
        raise UsageError(_CANNOT["both"])
    texts: list[str] = []
    for value in values:
        if value and value.strip() and not any(same_text(value, text) for text in texts):
            texts.append(value.strip("\n").rstrip())
    return "\n\n".join(texts)


def fitting(row_type: str, field_: Field, value: Any) -> Any:
    """A value as the field stores it. Raises UsageError where it cannot be one."""
    columns = row_classes()[row_type].__table__.columns
    if len(field_.columns) > 1:
        if not isinstance(value, Mapping) or set(value) != set(field_.columns):
            raise UsageError(f"This needs a value for each of: {', '.join(field_.columns)}.")
        return dict(value)
    column = columns[field_.columns[0]]
    if value is None and column.nullable:
        return None
    kinds: Mapping[str, type | tuple[type, ...]] = {
        "list": list, "flag": bool, "object": dict, "number": (int, str),
    }  # fmt: skip
    if not isinstance(value, kinds.get(field_.kind, str)):
        raise UsageError(f"This is no value for {field_words(row_type, field_.name).lower()}.")
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        raise UsageError("A list here holds texts only.")
    if field_.choices is not None and value not in field_.choices:
        raise UsageError(f"This can be one of: {', '.join(field_.choices)}.")
    return value


def _field(item: Item) -> Field:
    return fields_of(row_classes()[item.row_type])[item.field]


def accepted_outside(items: Iterable[Item]) -> Collection[FieldKey]:
    """The fields whose changes a person lets in although nobody asked for them."""
    return frozenset(item.key for item in items if item.kind == OUTSIDE and item.decision.how == "accept")
