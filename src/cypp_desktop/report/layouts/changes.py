"""What changed in the plan since a day, with the changed words marked, and what is still open after a merge.

Reads the change log through ``store.history`` and ``store.union``. Words that came in are bold; words that
were taken out stand in italics, in square brackets: readable without colour, and in every output.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cypp_desktop.plan.base import fields_of, row_classes, stored_values
from cypp_desktop.plan.blocks import Block, Paragraph, Span
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.differences import ADDED, REMOVED, SAME, shortened, word_differences
from cypp_desktop.plan.shape import link_types
from cypp_desktop.plan.words import row_words
from cypp_desktop.report.layouts.model import Group, Record, Scope
from cypp_desktop.report.layouts.words import Blocks, literal, quiet
from cypp_desktop.store.changes import CREATED, DELETED, value_in
from cypp_desktop.store.history import HistoryEntry, history
from cypp_desktop.store.history_words import HistoryWords
from cypp_desktop.store.union import MergeMark, marks

#: Rows that are not part of what the plan says.
_APART: Final = frozenset({"print_layout", "pack", "issued_return", "received_file"})
#: Kinds of rows in the order of their lists, for what stands outside the priorities.
_KINDS: Final = ("plan", "priority", "section", "recommendation", "round", "organisation", "person")
_LEGEND = "Words that came in are bold; words taken out are in italics and square brackets."


@dataclass(frozen=True, slots=True)
class ChangedSpan(Span):
    """Words that came in or were taken out, for outputs that can say so; the others show the style."""

    kind: str = SAME


def legend(scope: Scope) -> str:
    """How the list is to be read."""
    since = f"Changes since {day_in_words(scope.since[:10])}." if scope.since else "All changes so far."
    return f"{since} {_LEGEND}"


def changed_words(before: str, after: str) -> Blocks:
    """A text with the words that came in and those that were taken out marked, a block for each line."""
    spans: list[Span] = []
    for piece in shortened(word_differences(before, after), around=160, longest=6_000):
        if piece.kind == ADDED:
            spans.append(ChangedSpan(piece.text, bold=True, kind=ADDED))
        elif piece.kind == REMOVED:
            spans.append(ChangedSpan(f"[{piece.text.strip()}]", italic=True, kind=REMOVED))
            spans.append(Span(" "))
        else:
            spans.append(Span(piece.text))
    return tuple(_lines(spans))


def _lines(spans: list[Span]) -> Iterator[Block]:
    """The spans in paragraphs, cut at line ends."""
    line: list[Span] = []
    for span in spans:
        for at, text in enumerate(span.text.split("\n")):
            if at:
                if any(one.text.strip() for one in line):
                    yield Paragraph(tuple(line))
                line = []
            if text:
                line.append(replace(span, text=text))
    if any(one.text.strip() for one in line):
        yield Paragraph(tuple(line))


# ---------------------------------------------------------------------------------- since a day


def changes(scope: Scope) -> Iterator[Group]:
    """What is otherwise now than it was at the beginning of the day ``scope.since``, in the plan's order."""
    assert scope.session is not None
    words = HistoryWords(scope.session)
    order = _Order(scope)
    entries = [
        entry
        for entry in history(scope.session, since=scope.since)
        if entry.row_type not in _APART and (scope.since is not None or entry.kind != "import")
    ]
    settled = [entry for entry in _settled(entries) if entry.row_type not in link_types()]
    shown = sorted(settled, key=lambda entry: (order.of(words.to_open(entry), entry.row_type), entry.seq))
    chosen = [entry for entry in shown if _concerns(words.to_open(entry), scope)]
    yield Group("", [record for entry in chosen if (record := _record(entry, words, scope)) is not None])


def _concerns(key: tuple[str, str] | None, scope: Scope) -> bool:
    """Whether a row is in what is printed under a filter."""
    chosen = scope.selection
    return chosen is None or (key is not None and key[1] in chosen.outcomes | chosen.measures)


def _settled(entries: list[HistoryEntry]) -> Iterator[HistoryEntry]:
    """One entry for each field: from what it was before the first change to what it is after the last."""
    first: dict[tuple[str, str], HistoryEntry] = {}
    last: dict[tuple[str, str], HistoryEntry] = {}
    for entry in reversed(entries):
        key = (entry.row_id, DELETED if entry.field == DELETED else entry.field)
        first.setdefault(key, entry)
        last[key] = entry
    created = {row_id for row_id, field in first if field == CREATED}
    deleted = {row_id for (row_id, field), entry in last.items() if field == DELETED and entry.value}
    for (row_id, field), entry in last.items():
        if row_id in created and (field != CREATED or row_id in deleted):
            continue  # said by the new row, or come and gone
        if row_id in deleted and field != DELETED:
            continue
        if field == DELETED and row_id not in deleted:
            continue
        start = first[row_id, field].before
        if field in (CREATED, DELETED) or start != entry.value:
            yield entry if field in (CREATED, DELETED) else replace(entry, before=start)


def _record(entry: HistoryEntry, words: HistoryWords, scope: Scope) -> Record | None:
    assert scope.session is not None
    if entry.field == CREATED:
        cls = row_classes().get(entry.row_type)
        row = scope.session.get(cls, entry.row_id) if cls else None
        if row is None:
            return None
        entry = replace(entry, value=stored_values(row))
    said = words.said(entry)
    if not said.before and not said.after and entry.field != DELETED and entry.field != CREATED:
        return None
    return Record(
        {
            "where": literal(words.place(entry)),
            "field": literal(said.label),
            "change": lambda: changed_words(said.before, said.after),
            "who": literal("\n".join(filter(None, (entry.author, day_in_words(entry.at[:10]))))),
        }
    )


class _Order:
    """Where a row stands in print."""

    def __init__(self, scope: Scope) -> None:
        from cypp_desktop.store.queries import priorities

        assert scope.session is not None
        self._places: dict[str, int] = {}
        for priority in priorities(scope.session, whole=True):
            self._add(priority.id)
            for outcome in priority.outcomes:
                self._add(outcome.id)
                for measure in outcome.measures:
                    self._add(measure.id)

    def _add(self, id_: str) -> None:
        self._places[id_] = len(self._places)

    def of(self, key: tuple[str, str] | None, row_type: str) -> tuple[int, int]:
        """The plan itself first, then the priorities and what is in them, other lists, and what is gone."""
        if key is not None and key[1] in self._places:
            return 1, self._places[key[1]]
        kind = key[0] if key is not None else row_type
        listed = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
        return (0, 0) if kind == "plan" else (2 if key is not None else 3, listed)


# ---------------------------------------------------------------------------------- open conflicts


def conflicts(scope: Scope) -> Iterator[Group]:
    """What the plan waits for a person to decide or to read after a merge."""
    assert scope.session is not None
    words = HistoryWords(scope.session)
    found = marks(scope.session.connection())
    order = _Order(scope)
    entries = [(_entry(mark), mark) for mark in found if mark.row_type not in _APART]
    entries.sort(
        key=lambda one: (order.of(words.to_open(one[0]), one[1].row_type), one[1].field, one[1].row_id)
    )
    chosen = [one for one in entries if _concerns(words.to_open(one[0]), scope)]
    yield Group("", [_conflict(mark, entry, words) for entry, mark in chosen])


def _entry(mark: MergeMark) -> HistoryEntry:
    return HistoryEntry("", "", "", mark.row_type, mark.row_id, mark.field, mark.base, mark.value)


def _conflict(mark: MergeMark, entry: HistoryEntry, words: HistoryWords) -> Record:
    field = fields_of(row_classes()[mark.row_type]).get(mark.field)
    if field is None:
        kind = row_words(mark.row_type).capitalize()
        lost = mark.kind == "conflict"
        label = f"{kind} has no place" if lost else f"{kind} deleted by one, edited by another"
        says: Blocks = ()
        lines = [head.author for head in mark.heads]
    else:
        said = words.said(entry)
        label, says = said.label, literal(said.after) or quiet("Nothing")
        lines = [
            f"{head.author}: {words.said(replace(entry, value=value_in(head, field))).after or 'nothing'}"
            for head in mark.heads
        ]
    return Record(
        {
            "where": literal(words.place(entry)),
            "field": literal(f"{label} ({_KIND_WORDS.get(mark.kind, mark.kind)})"),
            "says": says,
            "sides": tuple(block for line in lines for block in literal(line)),
        }
    )


_KIND_WORDS: Final[Mapping[str, str]] = {
    "conflict": "to decide",
    "combined": "combined, to be read",
    "deleted-and-edited": "to decide",
}
