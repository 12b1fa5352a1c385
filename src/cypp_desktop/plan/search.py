"""Find in the whole plan: every text of every row, in the plan's order, straight from SQLite.

The window searches while a person types, so the words of all rows are kept ready in a
:class:`SearchIndex`, folded (see :mod:`cypp_desktop.plan.folding`) and read anew only where the
plan has changed. This module imports neither SQLAlchemy nor Qt; it reads only.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Protocol

from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.plan.folding import Range, fold, ranges_of, terms_of
from cypp_desktop.plan.levels import LEVEL_COLUMNS, LEVELS
from cypp_desktop.plan.outline import BRANCHES, current_round, measure_marks, update_states
from cypp_desktop.plan.search_texts import (
    RowKey,
    Structure,
    Text,
    place_words,
    read_structure,
    read_texts,
)
from cypp_desktop.plan.words import cut, field_words, row_words

#: What can be looked through by itself: key, and the texts as row type and field (or all of a row type). What
#: is said about the plan besides (``notes``) the fields say themselves: :func:`searched_in`.
WHAT: Final[Mapping[str, frozenset[str]]] = {
    "titles": frozenset({"priority.title", "outcome.title", "measure.title", "section.title", "plan.title"}),
    "updates": frozenset({"update.text", "update.source"}),
    "actions": frozenset({"action.text", "action.number", "action.due", "action.status"}),
    "leads": frozenset({"lead", "organisation", "person"}),
    "values": frozenset({"observation"}),
    "narrative": frozenset({"section.text", "section.title", "recommendation", "plan.introduction"}),
}
_NOTES: Final = "notes"
#: How much of a text is shown around what was found, in letters.
SNIPPET: Final = 220
_BEFORE: Final = 48
#: The fields that say how rows stand to each other and what they are called (beside all that end in _id).
_IN_STRUCTURE: Final = frozenset({"place", "code", "title", "name", "post", *LEVEL_COLUMNS})


def searched_in(what: str) -> frozenset[str]:
    """The texts that one can look through by themselves under a key; none where all is looked through."""
    from cypp_desktop.plan.search_fields import note_texts

    return note_texts() if what == _NOTES else WHAT.get(what, frozenset())


class RowsChanged(Protocol):
    """What a step changed, as the store's editor tells it."""

    @property
    def added(self) -> frozenset[RowKey]: ...
    @property
    def removed(self) -> frozenset[RowKey]: ...
    @property
    def edited(self) -> dict[RowKey, frozenset[str]]: ...


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. All that is said must be true of a row; nothing said finds nothing.

    ``words`` must all occur in one row, in any case and with or without accents; words in double
    quotes are a phrase. ``lead`` is ("organisation", id) or ("person", id): what they lead, and what
    is written about that. ``state`` is that of the update in the current round; ``mark`` is green,
    amber, red or none; ``placeholder`` whether a measure only holds a place. ``what`` is a key of
    :func:`searched_in`.
    """

    words: str = ""
    lead: RowKey | None = None
    state: str = ""
    mark: str = ""
    placeholder: bool | None = None
    what: str = ""

    @property
    def asks_for_measures(self) -> bool:
        """Whether only measures, and what is written about them, can be meant."""
        return bool(self.state or self.mark or self.placeholder is not None)

    def __bool__(self) -> bool:
        return bool(terms_of(self.words) or self.lead or self.asks_for_measures or self.what)


class _Entry:
    """A row as it is kept ready: its texts, and all their words folded, parted by NUL."""

    __slots__ = ("folded", "key", "texts")

    def __init__(self, key: RowKey, texts: list[Text]) -> None:
        self.key = key
        self.texts = tuple(texts)
        self.folded = "\0".join(_folded(raw, markdown) for _, raw, markdown in texts)


def _folded(raw: str, markdown: bool) -> str:
    """The words of a text; of Markdown also the markers of its lists, to spare the parsing.

    An address in a link is no word of the text, so a text with links is parsed.
    """
    return fold(plain_text(parse(raw)) if markdown and "](" in raw else raw)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text on one line, and where in it what was looked for stands."""

    text: str
    ranges: list[Range]


@dataclass(frozen=True, slots=True)
class Hit:
    """One text in which something was found.

    ``row_type`` and ``row_id`` are the row to open, ``field`` the field to show there ("update.text"),
    ``found`` the row that holds the text. Place, label and snippet are worked out when asked for.
    """

    row_type: str
    row_id: str
    field: str
    found: RowKey
    raw: str
    is_markdown: bool
    terms: tuple[str, ...]
    structure: Structure

    @property
    def key(self) -> tuple[RowKey, str]:
        """What tells it from other hits, of this search or of the same one later."""
        return self.found, self.field

    @property
    def place(self) -> str:
        """Where it stands: "1 › 1a › i"; other rows by what they are."""
        return place_words(self.structure, self.found) or row_words(self.found[0]).capitalize()

    @property
    def label(self) -> str:
        """What kind of text it is: "Update, End of year"."""
        row_type, _, name = self.field.partition(".")
        if self.field.endswith(".title"):
            return self.structure.levels.get(row_type) or row_words(row_type).capitalize()
        words = row_words(row_type).capitalize() if row_type == "observation" else field_words(row_type, name)
        round_ = self.structure.rounds.get(self.structure.round_of.get(self.found[1]) or "")
        if round_:
            words = f"{words}, {cut(round_, 40)}"
        return words

    @property
    def text(self) -> str:
        """The whole text as plain words."""
        return plain_text(parse(self.raw)) if self.is_markdown else self.raw

    @property
    def snippet(self) -> Snippet:
        """The piece of the text in which most of what was looked for stands, on one line."""
        text = self.text
        ranges = ranges_of(text, self.terms)
        start, end = _window(text, ranges)
        piece = "".join(" " if letter.isspace() else letter for letter in text[start:end])
        before, after = "…" if start else "", "…" if end < len(text) else ""
        shift = len(before) - start
        within = [(a + shift, min(b, end) + shift) for a, b in ranges if start <= a < end]
        return Snippet(f"{before}{piece}{after}", within)


def _window(text: str, ranges: list[Range]) -> Range:
    """Start and end of the piece shown, at the ends of words where these are near."""
    if len(text) <= SNIPPET or not ranges:
        return 0, min(len(text), SNIPPET)
    firsts = [start for start, _ in ranges[:200]]
    room = SNIPPET - _BEFORE
    best = max(firsts, key=lambda first: (sum(first <= other < first + room for other in firsts), -first))
    start = max(0, best - _BEFORE)
    if start:
        blanks = [at for at in (text.find(" ", start, best), text.find("\n", start, best)) if at >= 0]
        start = min(blanks) + 1 if blanks else start
    return start, min(len(text), start + SNIPPET)


@dataclass(slots=True)
class MeasureFacts:
    """What is so of measures and updates besides their words, as the tree of the plan shows it."""

    round: str | None = None
    marks: dict[str, str] = field(default_factory=dict)
    #: of measures, in the current round
    states: dict[str, str] = field(default_factory=dict)
    update_states: dict[str, str] = field(default_factory=dict)
    placeholders: set[str] = field(default_factory=set)


class SearchIndex:
    """The words of a plan, ready to be looked through; tell it what changed with :meth:`note`."""

    def __init__(self) -> None:
        self._entries: dict[RowKey, _Entry] = {}
        self._order: list[_Entry] = []
        self._structure: Structure | None = None
        self._stale: set[RowKey] = set()
        self._facts: MeasureFacts | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the plan has been read since it was opened; until then a search takes longer."""
        return bool(self._order)

    def note(self, changed: RowsChanged) -> None:
        """A step has changed these rows; they are read anew with the next search."""
        self._facts = None
        self._stale |= changed.added | changed.removed | changed.edited.keys()
        names = {name for fields in changed.edited.values() for name in fields}
        moved = names & _IN_STRUCTURE or any(name.endswith("_id") for name in names)
        if changed.added or changed.removed or moved:
            self._structure = None

    def forget(self) -> None:
        """All rows may be others: everything is read anew with the next search."""
        self._entries.clear()
        self._order = []
        self._structure = None
        self._facts = None

    def refresh(self, db: sqlite3.Connection) -> Structure:
        """Read what has changed; gives how the rows stand."""
        if self._structure is not None:
            self._read(db, dict(_by_type(self._stale)))
            self._stale.clear()
            return self._structure
        from cypp_desktop.plan.search_fields import searched_types

        structure = read_structure(db)
        keys = set(structure.order)
        for gone in self._entries.keys() - keys:
            del self._entries[gone]
        new = keys - self._entries.keys()
        wanted: dict[str, set[str] | None] = dict(_by_type(new | self._stale))
        wanted["lead"] = None  # the names in them are other rows'
        if not self._entries:
            wanted = dict.fromkeys(searched_types())
        self._structure = structure
        self._read(db, wanted)
        self._order = [self._entries[key] for key in structure.order]
        self._stale.clear()
        return structure

    def _read(self, db: sqlite3.Connection, wanted: Mapping[str, set[str] | None]) -> None:
        from cypp_desktop.plan.search_fields import searched_types

        assert self._structure is not None
        place_of = {}
        for row_type, ids in wanted.items():
            if row_type not in searched_types():
                continue
            for id_, texts in read_texts(db, row_type, ids):
                key = (row_type, id_)
                entry = self._entries.get(key)
                if row_type == "lead":
                    texts = _lead_texts(self._structure, id_, texts)
                if entry is None:
                    self._entries[key] = _Entry(key, texts)
                elif entry.texts != tuple(texts):
                    place_of[key] = self._entries[key] = _Entry(key, texts)
        if place_of:
            self._order = [place_of.get(entry.key, entry) for entry in self._order]

    def entries(self) -> Sequence[_Entry]:
        """All rows in the plan's order."""
        return self._order

    def facts(self, db: sqlite3.Connection) -> MeasureFacts:
        """Marks and states, read when first asked for after a change."""
        if self._facts is None:
            round_ = current_round(db)
            self._facts = MeasureFacts(
                round=round_[0] if round_ else None,
                marks=measure_marks(db),
                states=update_states(db, round_[0] if round_ else None),
                update_states=dict(
                    db.execute(
                        "SELECT id, CASE WHEN trim(text) = '' THEN 'empty' ELSE state END FROM \"update\""
                    )
                ),
                placeholders={id_ for (id_,) in db.execute("SELECT id FROM measure WHERE placeholder")},
            )
        return self._facts


def _by_type(keys: Iterable[RowKey]) -> Iterator[tuple[str, set[str]]]:
    found: dict[str, set[str]] = {}
    for row_type, id_ in keys:
        found.setdefault(row_type, set()).add(id_)
    yield from found.items()


def _lead_texts(structure: Structure, id_: str, texts: list[Text]) -> list[Text]:
    """A lead as one text: who is named, then role and note."""
    words = " – ".join(filter(None, (structure.lead_words.get(id_, ""), *(raw for _, raw, _ in texts))))
    return [("organisation_id", words, False)] if words else []


# ------------------------------------------------------------------ searching


def search(
    db: sqlite3.Connection, query: Query, index: SearchIndex | None = None, *, limit: int | None = None
) -> list[Hit]:
    """What the query finds in the plan in an open file, in the plan's order; no more than ``limit`` hits.

    With an ``index`` that is kept between searches only what changed is read again.
    """
    if not query:
        return []
    index = index or SearchIndex()
    structure = index.refresh(db)
    return list(islice(_hits(query, index, structure, _Filters(db, query, index, structure)), limit))


def _hits(query: Query, index: SearchIndex, structure: Structure, passes: _Filters) -> Iterator[Hit]:
    terms = terms_of(query.words)
    allowed = searched_in(query.what)
    listing = not terms and not query.what
    longest = max(terms, key=len, default="")
    entries: Iterable[_Entry] = index.entries()
    if listing:
        entries = [entry for entry in entries if passes.lists(entry.key)]
    for entry in entries:
        folded = entry.folded
        if longest in folded and all(term in folded for term in terms) and passes(entry.key):
            yield from _hits_in(entry, terms, allowed, structure, listing=listing)


def _hits_in(
    entry: _Entry, terms: tuple[str, ...], allowed: frozenset[str], structure: Structure, *, listing: bool
) -> Iterator[Hit]:
    """The texts of a row that hold all terms, or where only together they do, those that hold any."""
    if not entry.texts:
        if listing:
            yield _hit(entry.key, ("title", "", False), terms, structure)
        return
    held = _held_terms(entry, terms, allowed)
    shown = [text for text, those in held if len(those) == len(terms)]
    if not shown and {term for _, those in held for term in those} == set(terms):
        shown = [text for text, those in held if those]
    for text in shown:
        yield _hit(entry.key, text, terms, structure)
        if listing:
            return


def _held_terms(
    entry: _Entry, terms: tuple[str, ...], allowed: frozenset[str]
) -> list[tuple[Text, list[str]]]:
    """The texts of a row that are looked through, each with those of the terms that it holds."""
    row_type = entry.key[0]
    folded = entry.folded.split("\0") if terms else [""] * len(entry.texts)
    held: list[tuple[Text, list[str]]] = []
    for text, words in zip(entry.texts, folded, strict=True):
        if not allowed or row_type in allowed or f"{row_type}.{text[0]}" in allowed:
            held.append((text, [term for term in terms if _holds(text, words, term)]))
    return held


def _hit(key: RowKey, text: Text, terms: tuple[str, ...], structure: Structure) -> Hit:
    opened = _row_to_open(structure, key)
    return Hit(*opened, f"{key[0]}.{text[0]}", key, text[1], text[2], terms, structure)


def _row_to_open(structure: Structure, key: RowKey) -> RowKey:
    """The row in whose panel a person sees this one."""
    row_type, id_ = key
    covered = structure.measures.get(id_)
    if covered:
        return "measure", covered[0]
    owner = structure.owners.get(id_)
    if owner is not None and row_type not in LEVELS:
        return _row_to_open(structure, owner)
    if row_type not in LEVELS and row_type not in BRANCHES and structure.plan:
        return structure.plan
    return key


_MARKERS: Final = re.compile(r"[ \d.)+:-]*")


def _holds(text: Text, folded: str, term: str) -> bool:
    """Whether a text holds a term: in its words, not in the number or sign of a list's entry."""
    if term not in folded:
        return False
    if not text[2] or term[0].isalpha():
        return True
    at = folded.find(term)
    while at >= 0:
        line = folded.rfind("\n", 0, at) + 1
        if not _MARKERS.fullmatch(folded, line, at):
            return True
        at = folded.find(term, at + 1)
    return term in fold(plain_text(parse(text[1])))


class _Filters:
    """Whether a row passes all that a query asks for beside its words."""

    def __init__(
        self, db: sqlite3.Connection, query: Query, index: SearchIndex, structure: Structure
    ) -> None:
        self._query = query
        self._structure = structure
        self._anything = query.lead is None and not query.asks_for_measures
        self._led = structure.led.get(query.lead, set()) if query.lead else set()
        self._own_leads = structure.leads.get(query.lead, set()) if query.lead else set()
        self._facts = index.facts(db) if query.asks_for_measures else MeasureFacts()
        self._measures = self._matching() if query.asks_for_measures else None

    def _matching(self) -> set[str]:
        """The measures of the state, mark and placeholder asked for."""
        query, facts = self._query, self._facts
        found = {id_ for row_type, id_ in self._structure.order if row_type == "measure"}
        if query.placeholder is not None:
            found = found & facts.placeholders if query.placeholder else found - facts.placeholders
        if query.mark:
            found = {id_ for id_ in found if facts.marks.get(id_, "none") == query.mark} - facts.placeholders
        if query.state:
            found = {id_ for id_ in found if facts.round and facts.states.get(id_, "empty") == query.state}
        return found

    def __call__(self, key: RowKey) -> bool:
        if self._anything:
            return True
        return self._passes_lead(key) and self._passes_measure(key)

    def lists(self, key: RowKey) -> bool:
        """Without words, the rows themselves are listed and not all that is written about them."""
        return key[0] == "measure" if self._measures is not None else key in self._led

    def _passes_lead(self, key: RowKey) -> bool:
        if self._query.lead is None or key in self._led or key == self._query.lead:
            return True
        row_type, id_ = key
        if row_type == "lead":
            return id_ in self._own_leads
        if row_type == "observation":
            return self._structure.owners[id_] in self._led
        if row_type == "update" or (row_type == "action" and key not in self._structure.with_leads):
            covered = self._structure.measures.get(id_)
            if covered:
                return any(("measure", measure) in self._led for measure in covered)
            return self._structure.owners[id_] in self._led
        return False

    def _passes_measure(self, key: RowKey) -> bool:
        if self._measures is None:
            return True
        row_type, id_ = key
        if row_type == "measure":
            return id_ in self._measures
        if row_type == "update" and self._query.state:
            here = self._structure.round_of.get(id_) == self._facts.round
            if not here or self._facts.update_states.get(id_) != self._query.state:
                return False
        if row_type in ("update", "action"):
            return any(measure in self._measures for measure in self._structure.measures.get(id_, ()))
        owner = self._structure.owners.get(id_)
        return owner is not None and owner[0] in ("measure", "action") and self._passes_measure(owner)
