"""The report of a merge: every edit that the files proposed and what became of it, as text and as JSON.

For the minutes, the audit and other programs. The counts add up: proposed edits are the sum of their fates.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from cypp_desktop.merge.model import Received, Refusal, names_of
from cypp_desktop.merge.proposals import OUTSIDE, Item, Proposal
from cypp_desktop.merge.review import Lapsed, label
from cypp_desktop.plan.words import cut, field_words, row_words
from cypp_desktop.store.changes import COMBINED, CONFLICT, CREATED, DELETED, Change
from cypp_desktop.store.union import DELETED_AND_EDITED

# What became of a proposed edit.
TAKEN: Final = "taken"
DECIDED: Final = "decided"
SUPERSEDED: Final = "superseded"
FATES: Final = (TAKEN, COMBINED, CONFLICT, DELETED_AND_EDITED, DECIDED, SUPERSEDED, OUTSIDE)
_FATE_WORDS: Final = {
    TAKEN: "taken as proposed",
    COMBINED: "combined with other edits of the same text: please read",
    CONFLICT: "in conflict, still open",
    DELETED_AND_EDITED: "about rows deleted by one and edited by another, still open",
    DECIDED: "decided by a person",
    SUPERSEDED: "replaced by a later edit in another of the files",
    OUTSIDE: "outside what was asked for, left out",
}
DECISION_WORDS: Final = {
    "accept": "let in",
    "ours": "ours kept",
    "theirs": "theirs taken",
    "both": "both kept",
    "edit": "written anew",
    "confirm": "the combined text read and kept",
}


#: What is said of a file that answers what was taken back.
TAKEN_BACK: Final = "what it answers was taken back, so nobody asks for it"

#: Columns that a reader is not told, by how their names end, and those that are told first.
_NOT_TOLD: Final = ("_id", "_key", "_start", "_end", "_precision")
_FIRST: Final = ("code", "number", "title", "name", "text", "value", "words", "unit", "period", "due")


class Edit(NamedTuple):
    """One proposed edit and its fate; ``value`` and ``before`` are stored values."""

    address: str | None
    place: str
    row_type: str
    row_id: str
    field: str
    label: str
    files: tuple[str, ...]
    author: str
    organisation: str | None
    before: Any
    value: Any
    fate: str
    decision: str | None
    altered: bool

    def as_json(self) -> dict[str, Any]:
        """As the report file has it."""
        return self._asdict() | {"files": list(self.files)}


@dataclass(slots=True)
class MergeReport:
    """What a merge did, or with ``batch`` None would do. ``counts`` are proposed edits by fate.

    ``open_places`` are the places where the plan waits for a decision about what came in. ``decided`` is how
    many decisions a person had taken; ``lapsed`` are those of them that were not made, and why.
    """

    batch: str | None
    name: str
    at: str
    author: str
    files: list[dict[str, Any]]
    refused: list[dict[str, str]]
    edits: list[Edit]
    changes: int = 0
    open_places: list[str] = field(default_factory=list)
    decided: int = 0
    lapsed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def proposed(self) -> int:
        """How many edits were proposed."""
        return len(self.edits)

    @property
    def counts(self) -> dict[str, int]:
        """The proposed edits by fate; they add up to :attr:`proposed`."""
        found = Counter(edit.fate for edit in self.edits)
        return {fate: found[fate] for fate in FATES}

    @property
    def needs_an_eye(self) -> bool:
        """Whether anything is open, refused, not made as decided, or left out because nobody asked for it."""
        counts = self.counts
        return bool(self.refused or self.open_places or self.lapsed or counts[OUTSIDE])

    def summary(self) -> dict[str, Any]:
        """What the plan keeps of it: who sent what, and the counts; the edits are in the history."""
        return {
            "name": self.name,
            "at": self.at,
            "author": self.author,
            "files": self.files,
            "refused": self.refused,
            "proposed": self.proposed,
            "counts": self.counts,
            "changes": self.changes,
            "decisions": [
                {"place": place, "row_id": row_id, "field": name, "decision": decision}
                for place, row_id, name, decision in dict.fromkeys(
                    (edit.place, edit.row_id, edit.field, edit.decision)
                    for edit in self.edits
                    if edit.decision is not None
                )
            ],
            "decided": self.decided,
            "lapsed": self.lapsed,
        }

    def as_json(self) -> str:
        """The whole report as JSON text."""
        whole = {
            "batch": self.batch,
            **self.summary(),
            "open": self.open_places,
            "edits": [edit.as_json() for edit in self.edits],
        }
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

    def as_text(self) -> str:
        """The report for the minutes: files, counts, and every edit that was not simply taken."""
        lines = [self._heading()]
        for file in self.files:
            sender = f" from {file['organisation']}" if file.get("organisation") else ""
            back = f"; {TAKEN_BACK}" if file.get("withdrawn") else ""
            lines.append(f"  {file['name']}{sender}: {_edits(file['proposed'])}{back}")
        lines += [f"  {refused['name']}: refused. {refused['words']}" for refused in self.refused]
        if not self.edits:
            return "\n".join([*lines, *lapsed_lines(self.decided, self.lapsed)]) + "\n"
        lines.append(f"{_edits(self.proposed)} proposed:")
        lines += [
            f"  {count:>6}  {_FATE_WORDS[fate]}"
            for fate, count in self.counts.items()
            if count or fate == TAKEN
        ]
        lines += lapsed_lines(self.decided, self.lapsed)
        told = [edit for edit in self.edits if edit.fate not in (TAKEN, SUPERSEDED) or edit.altered]
        if told:
            lines += ["", "To look at:"]
            lines += [line for edit in told for line in _told(edit)]
        return "\n".join(lines) + "\n"

    def _heading(self) -> str:
        if self.batch:
            return f"{self.name}, {self.at} by {self.author}"
        return f"{self.name}: what it would do" if self.edits else "There is nothing to merge"


def make_report(
    files: Sequence[Received],
    refusals: Iterable[Refusal],
    items: Iterable[Item],
    *,
    name: str,
    at: str,
    author: str,
    batch: str | None = None,
    changes: int = 0,
    open_places: Iterable[str] = (),
    decided: int = 0,
    lapsed: Iterable[Lapsed] = (),
) -> MergeReport:
    """The report of items whose decisions are made (or only planned, without a ``batch``)."""
    edits = [edit_of(item, proposal) for item in items for proposal in item.proposals]
    about = _about(files, Counter(file for edit in edits for file in edit.files))
    refused = [{"name": r.name, "gate": r.gate, "words": r.words} for r in refusals]
    not_made = [
        {
            "address": one.item.place.address,
            "place": one.item.place.words,
            "row_type": one.item.row_type,
            "row_id": one.item.row_id,
            "field": one.item.field,
            "label": label(one.item),
            "decision": one.decision.how,
            "why": one.why,
            "again": one.again,
        }
        for one in lapsed
    ]
    return MergeReport(
        batch, name, at, author, about, refused, edits, changes, list(open_places), decided, not_made
    )


def _about(files: Sequence[Received], proposed: Counter[str]) -> list[dict[str, Any]]:
    """What a report says of each file; ``proposed`` counts its edits, by what it is called."""
    names = names_of(files)
    several = Counter(file.file_id for file in files)  # a return that was passed on comes back as two files
    return [
        {
            "name": names[file.sha256],
            "kind": file.kind,
            "organisation": file.organisation,
            "file_id": file.file_id,
            "issue_id": file.issue_id,
            "withdrawn": file.withdrawn,
            "sha256": file.sha256,
            "proposed": proposed[names[file.sha256]],
            **({"steps": sorted({c.step for c in file.brought})} if several[file.file_id] > 1 else {}),
        }
        for file in files
    ]


def file_of(change: Change, files: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Which of the files in the summary of a merge brought a change; None where none of them did."""
    of_one = [file for file in files if file.get("file_id") == change.file]
    exact = (file for file in of_one if change.step in file.get("steps", ()))
    return next(exact, of_one[0] if of_one else None)


def lapsed_lines(decided: int, lapsed: Sequence[Mapping[str, Any]]) -> list[str]:
    """What became of the decisions of a review, where not all were made: for a report as text."""
    if not lapsed:
        return []
    lines = [f"{_decisions(decided)}: {decided - len(lapsed):,} made, {len(lapsed):,} not made"]
    for one in lapsed:
        words = DECISION_WORDS.get(one["decision"], one["decision"])
        then = "; please decide again" if one["again"] else ""
        lines.append(f"  {one['place']} · {one['label']}: not “{words}”, because {one['why']}{then}")
    return lines


def _decisions(count: int) -> str:
    return "1 decision" if count == 1 else f"{count:,} decisions"


def edit_of(item: Item, proposal: Proposal) -> Edit:
    """A proposed edit with its fate."""
    decided = item.decision.how if item.decision.how not in ("accept", "leave") else None
    return Edit(
        item.place.address, item.place.words, item.row_type, item.row_id, proposal.field,
        _label_of(item, proposal), proposal.files, proposal.author, proposal.organisation,
        proposal.before, proposal.value, _fate(item, proposal, decided), decided, proposal.altered,
    )  # fmt: skip


def _fate(item: Item, proposal: Proposal, decided: str | None) -> str:
    if item.kind == OUTSIDE:
        return TAKEN if item.decision.how == "accept" else OUTSIDE
    if not proposal.standing:
        return SUPERSEDED
    if decided is not None:
        return DECIDED
    return item.kind if item.kind in FATES else TAKEN


def _label_of(item: Item, proposal: Proposal) -> str:
    if item.is_row and proposal.field not in (CREATED, DELETED):
        return field_words(item.row_type, proposal.field)
    if item.is_row:
        return label(item)
    if proposal.field == DELETED:
        return f"{row_words(item.row_type).capitalize()} deleted"
    return field_words(item.row_type, proposal.field)


def _told(edit: Edit) -> list[str]:
    who = f"{edit.author} ({edit.organisation})" if edit.organisation else edit.author
    fate = DECISION_WORDS.get(edit.decision or "", "") or _FATE_WORDS[edit.fate]
    outside = ", edited outside the application" if edit.altered else ""
    says = _words(edit.value) if edit.field != DELETED else "deleted" if edit.value else "brought back"
    lines = [f"  {edit.place} · {edit.label}: {fate}{outside}", f"      {who}: {says}"]
    if edit.before not in (None, "", []):
        lines.insert(1, f"      was: {_words(edit.before)}")
    return lines


def _words(value: Any) -> str:
    if isinstance(value, dict):
        told = (value[name] for name in _order_of(value))
        value = " ".join(str(part) for part in told if part not in (None, "", [], {}, False))
    elif isinstance(value, list):
        value = "; ".join(map(str, value))
    elif value is True:
        value = "yes"
    return f"“{cut(str(value), 160)}”" if value not in (None, "") else "nothing"


def _order_of(values: Mapping[str, Any]) -> list[str]:
    """The columns that say something to a reader, a number before its unit: no ids and no worked-out days."""
    told = [name for name in values if not name.endswith(_NOT_TOLD)]
    return sorted(told, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))


def _edits(count: int) -> str:
    return "1 edit" if count == 1 else f"{count:,} edits"
