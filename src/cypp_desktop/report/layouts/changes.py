"""What changed in the plan since a day, with the changed words marked, and what is still open after a merge.

Reads the change log through ``store.history`` and ``store.union``, and tells of it what may stand on paper:
no working notes, and not how people can be reached. Words that came in are bold; words that
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
from cypp_desktop.plan.readers import ReaderKind, field_may_leave
from cypp_desktop.plan.shape import link_types, list_words
from cypp_desktop.plan.words import row_words
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.layouts.columns import says
from cypp_desktop.report.layouts.model import LayoutColumn, PrintScope, Record, RecordCell, RecordGroup
from cypp_desktop.report.layouts.words import literal, quiet
from cypp_desktop.store.changes import CREATED, DELETED, value_in
from cypp_desktop.store.history import HistoryEntry, history
from cypp_desktop.store.history_words import HistoryWords
from cypp_desktop.store.queries import priorities
from cypp_desktop.store.union import MergeMark, marks

#: Kinds of rows in the order of their lists, for what stands outside the priorities.
_KINDS: Final = ("plan", "priority", "section", "recommendation", "round", "organisation", "person")
_LEGEND = "Words that came in are bold; words taken out are in italics and square brackets."


CHANGE_COLUMNS: Final = (
    LayoutColumn("where", says("Where"), 16, is_header=True),
    LayoutColumn("field", says("What"), 13),
    LayoutColumn("change", says("Change"), 53),
    LayoutColumn("who", says("Who and when"), 18),
)
CONFLICT_COLUMNS: Final = (
    LayoutColumn("where", says("Where"), 18, is_header=True),
    LayoutColumn("field", says("What"), 14),
    LayoutColumn("says", says("What the plan says meanwhile"), 34),
    LayoutColumn("sides", says("What was written"), 34),
)


@dataclass(frozen=True, slots=True)
class ChangedSpan(Span):
    """Words that came in or were taken out, for outputs that can say so; the others show the style."""

    kind: str = SAME


def legend(scope: PrintScope) -> str:
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


def changes(scope: PrintScope) -> Iterator[RecordGroup]:
    """What is otherwise now than it was at the beginning of the day ``scope.since``, in the plan's order."""
    words = HistoryWords(scope.session, reader=ReaderKind.PAPER)
    order = _Order(scope)
    shown = [entry for entry in _settled(_entries(scope)) if entry.row_type not in link_types()]
    shown.sort(key=lambda entry: (order.of(words.to_open(entry), entry.row_type), entry.seq))
    records: list[Record] = []
    for entry in shown:
        if _concerns(words.to_open(entry), scope):
            record = _record(entry, words, scope)
            if record is not None:
                records.append(record)
    yield RecordGroup("", records)


def _entries(scope: PrintScope) -> list[HistoryEntry]:
    """The changes to what the plan says since the day; that it was brought in is told only of a day."""
    found: list[HistoryEntry] = []
    for entry in history(scope.session, since=scope.since):
        is_import = entry.kind == "import"
        if _is_for_paper(entry) and not (is_import and scope.since is None):
            found.append(replace(entry, gaps=()))  # why a text was removed is nobody else's business
    return found


def _is_for_paper(entry: HistoryEntry) -> bool:
    """Whether a change may be told of on paper."""
    if _is_apart(entry.row_type):
        return False
    return entry.field in (CREATED, DELETED) or field_may_leave(ReaderKind.PAPER, entry.row_type, entry.field)


def _is_apart(row_type: str) -> bool:
    """Whether rows of a type are no part of what the plan says: layouts, packs, returns."""
    if row_type not in row_classes():
        return False
    return row_type != "plan" and row_type not in list_words() and row_type not in link_types()


def _concerns(key: tuple[str, str] | None, scope: PrintScope) -> bool:
    """Whether a row is in what is printed under a filter."""
    if scope.filtered is None:
        return True
    return key is not None and key[1] in scope.filtered.outcomes | scope.filtered.measures


def _settled(entries: list[HistoryEntry]) -> Iterator[HistoryEntry]:
    """One entry for each field: from what it was before the first change to what it is after the last.

    What was done to a row that is new says that it is new, and nothing more; of one that is deleted, that it
    is deleted; of one that came and went, nothing.
    """
    first: dict[tuple[str, str], HistoryEntry] = {}
    last: dict[tuple[str, str], HistoryEntry] = {}
    for entry in reversed(entries):
        first.setdefault((entry.row_id, entry.field), entry)
        last[entry.row_id, entry.field] = entry
    created = {row_id for row_id, field in first if field == CREATED}
    deleted = {row_id for (row_id, field), entry in last.items() if field == DELETED and entry.value}
    told = {(row_id, CREATED) for row_id in created - deleted}
    told |= {(row_id, DELETED) for row_id in deleted - created}
    for key, entry in last.items():
        if key in told:
            yield entry
        elif entry.row_id not in created | deleted and entry.field != DELETED:
            before = first[key].before
            if before != entry.value:
                yield replace(entry, before=before)


def _record(entry: HistoryEntry, words: HistoryWords, scope: PrintScope) -> Record | None:
    """A change as a row of the list; None where nothing can be said of it."""
    if entry.field == CREATED:
        cls = row_classes().get(entry.row_type)
        row = scope.session.get(cls, entry.row_id) if cls else None
        if row is None:
            return None
        entry = replace(entry, value=stored_values(row))
    said = words.said(entry)
    if not said.before and not said.after and entry.field not in (CREATED, DELETED):
        return None
    dated = entry.claimed_at and f"(dated {day_in_words(entry.claimed_at[:10])} in the file)"
    who_and_when = filter(None, (entry.author, day_in_words(entry.at[:10]), dated))
    return {
        "where": RecordCell(literal(words.place(entry))),
        "field": RecordCell(literal(said.label)),
        "change": RecordCell(lambda: changed_words(said.before, said.after)),
        "who": RecordCell(literal("\n".join(who_and_when))),
    }


class _Order:
    """Where a row stands in print: the plan itself first, then the priorities and what is in them, then other
    lists, and last what is gone.
    """

    def __init__(self, scope: PrintScope) -> None:
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
        """A number for the part of the print, and one for the place in it."""
        if key is not None and key[1] in self._places:
            return 1, self._places[key[1]]
        kind = key[0] if key is not None else row_type
        if kind == "plan":
            return 0, 0
        listed = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
        return 3 if key is None else 2, listed


# ---------------------------------------------------------------------------------- open conflicts


def conflicts(scope: PrintScope) -> Iterator[RecordGroup]:
    """What the plan waits for a person to decide or to read after a merge."""
    words = HistoryWords(scope.session, reader=ReaderKind.PAPER)
    order = _Order(scope)
    waiting: list[tuple[HistoryEntry, MergeMark]] = []
    for mark in marks(scope.session.connection()):
        entry = _entry(mark)
        if not _is_apart(mark.row_type) and _concerns(words.to_open(entry), scope):
            waiting.append((entry, mark))

    def place(one: tuple[HistoryEntry, MergeMark]) -> tuple[tuple[int, int], str, str]:
        entry, mark = one
        return order.of(words.to_open(entry), mark.row_type), mark.field, mark.row_id

    waiting.sort(key=place)
    yield RecordGroup("", [_conflict(mark, entry, words) for entry, mark in waiting])


def _entry(mark: MergeMark) -> HistoryEntry:
    """A mark as if it were a change, to be said in the same words."""
    return HistoryEntry("", "", "", mark.row_type, mark.row_id, mark.field, mark.base, mark.value)


def _conflict(mark: MergeMark, entry: HistoryEntry, words: HistoryWords) -> Record:
    field = fields_of(row_classes()[mark.row_type]).get(mark.field)
    if field is None:
        row = row_words(mark.row_type).capitalize()
        label = f"{row} deleted by one, edited by another"
        if mark.kind == "conflict":
            label = f"{row} has no place"
        meanwhile: Blocks = ()
        lines = [head.author for head in mark.heads]
    elif not _is_for_paper(entry):
        label = words.said(entry).label
        meanwhile = quiet("Not for paper")
        lines = []
    else:
        said = words.said(entry)
        label = said.label
        meanwhile = literal(said.after) or quiet("Nothing")
        lines = []
        for head in mark.heads:
            written = words.said(replace(entry, value=value_in(head, field))).after
            lines.append(f"{head.author}: {written or 'nothing'}")
    sides: list[Block] = []
    for line in lines:
        sides += literal(line)
    return {
        "where": RecordCell(literal(words.place(entry))),
        "field": RecordCell(literal(f"{label} ({_KIND_WORDS.get(mark.kind, mark.kind)})")),
        "says": RecordCell(meanwhile),
        "sides": RecordCell(tuple(sides)),
    }


_KIND_WORDS: Final[Mapping[str, str]] = {
    "conflict": "to decide",
    "combined": "combined, to be read",
    "deleted-and-edited": "to decide",
}
