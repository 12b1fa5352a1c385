"""The plan while it is being read: rows as they are in plan JSON, with notes and spans still open.

``finish_rows`` gives every measure its key and turns spans into keys; ``finish_notes`` addresses the notes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cypp_desktop.exchange.plan_loader import default_person
from cypp_desktop.exchange.word.content import Content, Para
from cypp_desktop.exchange.word.model import Unplaced
from cypp_desktop.exchange.word.texts import entries, remarks, tree_markdown
from cypp_desktop.plan.blocks import Span
from cypp_desktop.plan.words import cut
from cypp_desktop.store.addresses import address_parts

PlanRow = dict[str, Any]


def letters(words: str) -> str:
    """The letters of words as they are compared: without signs, blanks and capitals."""
    return re.sub(r"\W+", "", words.casefold())


@dataclass(slots=True)
class PlaceInPlan:
    """A row of the plan and the rows above it."""

    priority: PlanRow | None = None
    outcome: PlanRow | None = None
    measure: PlanRow | None = None


@dataclass(slots=True)
class PlanDraft:
    """All that was read so far."""

    priorities: list[PlanRow] = field(default_factory=list)
    notes: list[tuple[PlaceInPlan, str, str]] = field(default_factory=list)  # place, words, where they stood
    remarks: list[str] = field(default_factory=list)
    sections: list[PlanRow] = field(default_factory=list)
    emails: dict[str, str] = field(default_factory=dict)  # by the name of the person, post or organisation
    _persons: set[str] = field(default_factory=set)  # those of them that are persons or posts
    #: priorities by code, by title and by both; those that come first in the document
    _known: dict[tuple[str | None, str | None], PlanRow] = field(default_factory=dict)
    _numbered: dict[str, PlanRow] = field(default_factory=dict)
    _outcomes: dict[tuple[int, str | None, str], PlanRow] = field(default_factory=dict)

    def add_priority(self, code: str | None, title: str | None) -> PlanRow:
        row: PlanRow = {
            "code": code,
            "title": title,
            "outcomes_sought": [],
            "success_criteria": [],
            "leads": [],
        }
        row["outcomes"] = []
        self.priorities.append(row)
        self._know(row)
        return row

    def name_priority(self, priority: PlanRow, *, code: str | None = None, title: str | None = None) -> None:
        """Give a priority the code or title that it did not have yet."""
        priority["code"] = priority["code"] if code is None else code
        priority["title"] = priority["title"] if title is None else title
        self._know(priority)

    def priority_named(self, code: str | None, title: str | None) -> PlanRow | None:
        """The first priority with this code and this title, or with the one of them that is said."""
        return None if code is None and title is None else self._known.get((code, title))

    def priority_numbered(self, number: str) -> PlanRow | None:
        """The first priority whose code is this number."""
        return self._numbered.get(number)

    def _know(self, row: PlanRow) -> None:
        code, title = row["code"], row["title"]
        for key in ((code, title), (code, None), (None, title)):
            self._known.setdefault(key, row)
        for number in _numbers_of(code):
            self._numbered.setdefault(number, row)

    def add_outcome(self, priority: PlanRow, code: str | None, title: str) -> PlanRow:
        row: PlanRow = {
            "code": code,
            "title": title,
            "strategic_plans": [],
            "governance_groups": [],
            "leads": [],
        }
        row |= {"measures": [], "actions": [], "updates": []}
        priority["outcomes"].append(row)
        self._outcomes.setdefault((id(priority), code, letters(title)), row)
        return row

    def outcome_named(self, priority: PlanRow, code: str | None, title: str) -> PlanRow | None:
        """The first outcome of a priority with this code, and this title but for its signs and capitals."""
        return self._outcomes.get((id(priority), code, letters(title)))

    def leads_without_emails(self, leads: list[PlanRow]) -> list[PlanRow]:
        """Leads as they are in plan JSON; the addresses in them are kept until the end."""
        for lead in leads:
            for name, email in lead.pop("emails", {}).items():
                self.emails.setdefault(name, email)
                if name in lead["people"]:
                    self._persons.add(name)
        return leads

    def addressed(self) -> dict[str, list[PlanRow]]:
        """The organisations and people of whom an e-mail address is known, as keys of plan JSON."""
        organisations: list[PlanRow] = []
        people: list[PlanRow] = []
        for name, email in self.emails.items():
            if name in self._persons:
                people.append({**default_person(name), "email": email})
            else:
                organisations.append({"name": name, "email": email})
        found = {"organisations": organisations, "people": people}
        return {key: rows for key, rows in found.items() if rows}

    def note(self, place: PlaceInPlan, words: str, where: str) -> None:
        """Words without a place of their own: a note on the nearest row."""
        if words.strip():
            self.notes.append((place, words.strip(), where))


def _numbers_of(code: str | None) -> list[str]:
    """The numbers that a priority's code bears: "2" of "2", "P2" and "SP 2", "02" and "2" of "02"."""
    found = re.fullmatch(r"\D*(\d+)", code or "")
    if found is None:
        return []
    digits = found[1]
    zeros = len(digits) - len(digits.lstrip("0"))
    return [digits[at:] for at in range(min(zeros, len(digits) - 1) + 1)]


def new_measure(code: str | None, title: str, placeholder: bool, flags: list[str]) -> PlanRow:
    """A measure; its key comes when its outcome is complete."""
    row: PlanRow = {"code": code, "key": None, "title": title, "placeholder": placeholder, "flags": flags}
    return row | {"leads": [], "observations": []}


def new_update(round_name: str | None, content: Sequence[Content], covered: list[PlanRow]) -> PlanRow:
    """An update; ``text`` and ``source`` are content until the end."""
    return {"round": round_name, "measures": covered, "source": [], "text": list(content)}


# ---------------------------------------------------------------------------------- joining


def carry_on(before: list[Content], after: Sequence[Content]) -> None:
    """Adds to content what a page had cut off from it: a sentence cut in the middle is mended."""
    tail = [piece for piece in after if not _empty(piece)]
    while before and _empty(before[-1]):
        before.pop()
    if before and tail and isinstance(before[-1], Para) and isinstance(tail[0], Para):
        last, first = before[-1], tail[0]
        if goes_on(_end_of(last), first):
            last.spans += [Span(" "), *first.spans]
            last.remarks += first.remarks
            del tail[0]
    before += tail


_END = 300  # letters; where a sentence ends, or does not, shows in fewer


def _end_of(para: Para) -> str:
    """The last words of a paragraph."""
    end = ""
    for span in reversed(para.spans):
        end = span.text + end
        if len(end.rstrip()) > _END:
            break
    return end


def _empty(piece: Content) -> bool:
    return isinstance(piece, Para) and not piece.text.strip() and not piece.remarks


_OPEN_END = re.compile(
    r"(?:[,–—&/(-]|\b(?:and|or|of|the|a|an|to|for|in|on|with|by|from|at|as|is|are|their|our))\s*$"
)


def has_open_end(words: str) -> bool:
    """Whether words cannot be all of a sentence: they end in a comma, an article, a small word."""
    return _OPEN_END.search(words.rstrip()) is not None


def goes_on(before: str, after: Para) -> bool:
    """Whether a paragraph carries on the sentence that ``before`` leaves off."""
    start = after.text.lstrip()
    if not start or after.mark is not None or re.match(r"[•●▪■◦○\-–—*]\s|o\s|\(?\w{1,3}[.)]\s", start):
        return False
    if re.search(r"[.!?:;]['’”\")]*\s*$", before):
        return False
    return start[0].islower() or start[0] in "(,;)&" or _OPEN_END.search(before.rstrip()) is not None


# ---------------------------------------------------------------------------------- finishing


def finish_rows(draft: PlanDraft) -> None:
    """Makes the draft's rows plan JSON: keys, texts, and spans as keys."""
    for priority in draft.priorities:
        for outcome in priority["outcomes"]:
            _finish_outcome(draft, PlaceInPlan(priority, outcome), outcome)


def finish_notes(draft: PlanDraft) -> tuple[list[str], list[Unplaced]]:
    """The notes of the plan, addressed to their rows, and where each came from."""
    notes, unplaced = [], []
    addresses = _Addresses(draft)
    for place, words, where in draft.notes:
        at = addresses.of(place)
        notes.append(f"On {at}: {words}" if at else words)
        put = f"note on {_called(place, at)}" if at else "note on the plan"
        unplaced.append(Unplaced(where, words, put))
    return notes, unplaced


class _Addresses:
    """Addresses of rows, by which the loader of plan JSON finds them: codes, else places in their lists."""

    def __init__(self, draft: PlanDraft) -> None:
        self._priorities = draft.priorities
        self._parts: dict[int, dict[str, str]] = {}  # of the rows of a list, by the identity of the list

    def of(self, place: PlaceInPlan) -> str:
        """The address of the innermost row of a place; empty for the plan itself."""
        listed, parts = self._priorities, []
        for row, below in ((place.priority, "outcomes"), (place.outcome, "measures"), (place.measure, "")):
            if row is None:
                break
            parts.append(self._part(listed, row))
            listed = row[below] if below else []
        return "/".join(parts)

    def _part(self, listed: list[PlanRow], row: PlanRow) -> str:
        if id(listed) not in self._parts:
            labels = {str(id(one)): one.get("key") or one["code"] for one in listed}
            self._parts[id(listed)] = address_parts(labels)
        return self._parts[id(listed)][str(id(row))]


def _called(place: PlaceInPlan, address: str) -> str:
    """What the report calls the row of a note: its address, where that is printed, else its title."""
    if "#" not in address:
        return address
    row = place.measure or place.outcome or place.priority
    title = cut(row["title"]) if row is not None else None
    return f"“{title}”" if title else address


def _finish_outcome(draft: PlanDraft, place: PlaceInPlan, outcome: PlanRow) -> None:
    _give_keys(outcome["measures"])
    for update in outcome["updates"]:
        covered = PlaceInPlan(place.priority, outcome, update["measures"][0] if update["measures"] else None)
        update["source"] = _text(draft, covered, update["source"]) or None
        update["text"] = _text(draft, covered, update["text"])
    updates = [update for update in outcome["updates"] if update["text"] or update["source"]]
    for row in (*outcome["actions"], *updates):
        row["measures"] = [measure["key"] or measure["code"] for measure in row["measures"]]
    for measure in outcome["measures"]:
        if measure["key"] is None:
            del measure["key"]
    outcome["updates"] = [_in_order_of_format(update) for update in updates]


def _in_order_of_format(update: PlanRow) -> PlanRow:
    return {name: update[name] for name in ("round", "measures", "source", "text")}


def _give_keys(measures: Sequence[PlanRow]) -> None:
    """Gives each measure of an outcome a key where its code does not tell it from the others."""
    counts = Counter(measure["code"] for measure in measures)
    taken = {measure["code"] for measure in measures if measure["code"]}
    seen: Counter[str] = Counter()
    for number, measure in enumerate(measures, 1):
        code = measure["code"]
        if code is None:
            key = str(number)
            while key in taken:
                key += "-2"
        else:
            seen[code] += 1
            key = code if seen[code] == 1 else f"{code}-{seen[code]}"
            while seen[code] > 1 and key in taken:
                seen[code] += 1
                key = f"{code}-{seen[code]}"
        taken.add(key)
        measure["key"] = key if code is None or counts[code] > 1 else None


def _text(draft: PlanDraft, place: PlaceInPlan, content: list[Content]) -> str:
    tree = entries(content)
    for remark in remarks(tree):
        if not remark.startswith("[^"):
            draft.note(place, remark, "margin of the document")
    return tree_markdown(tree)
