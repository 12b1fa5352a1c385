"""The report of a merge: every edit that the files proposed and what became of it, as text and as JSON.

For the minutes, the audit and other programs. The counts add up: proposed edits are the sum of their fates.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from cypp_desktop.merge.model import UNPROVEN, Received, Refusal, names_of
from cypp_desktop.merge.question import Answer, Happening, Kind, Question
from cypp_desktop.merge.review import Lapsed
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.shape import links_of, owners_of, within_one_outcome
from cypp_desktop.plan.text_merge import canonical
from cypp_desktop.plan.words import counted, cut, field_words, row_words
from cypp_desktop.store.changes import CREATED, DELETED, Change


class Fate(StrEnum):
    """What became of a proposed edit."""

    TAKEN = "taken"
    COMBINED = Kind.COMBINED
    CONFLICT = Kind.CONFLICT
    DELETED_AND_EDITED = Kind.DELETED_AND_EDITED
    DECIDED = "decided"
    SUPERSEDED = "superseded"
    OUTSIDE = Kind.OUTSIDE


_FATE_WORDS: Final[Mapping[Fate, str]] = {
    Fate.TAKEN: "taken as proposed",
    Fate.COMBINED: "combined with other edits of the same text: please read",
    Fate.CONFLICT: "in conflict, still open",
    Fate.DELETED_AND_EDITED: "about rows deleted by one and edited by another, still open",
    Fate.DECIDED: "decided by a person",
    Fate.SUPERSEDED: "replaced by a later edit in another of the files",
    Fate.OUTSIDE: "outside what was asked for, left out",
}
DECISION_WORDS: Final[Mapping[str, str]] = {
    Answer.ACCEPT: "let in",
    Answer.OURS: "ours kept",
    Answer.THEIRS: "theirs taken",
    Answer.BOTH: "both kept",
    Answer.EDIT: "written anew",
    Answer.KEEP: "kept",
    Answer.DELETE: "deleted",
    Answer.CONFIRM: "the combined text read and kept",
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
    fate: Fate
    decision: Answer | None
    altered: bool
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the report file has it."""
        return self._asdict() | {"files": list(self.files)}


@dataclass(slots=True, kw_only=True)
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
    def counts(self) -> dict[Fate, int]:
        """The proposed edits by fate; they add up to :attr:`proposed`."""
        found = Counter(edit.fate for edit in self.edits)
        return {fate: found[fate] for fate in Fate}

    @property
    def needs_an_eye(self) -> bool:
        """Whether anything is open, refused, not made as decided, or left out because nobody asked for it."""
        return bool(self.refused or self.open_places or self.lapsed or self.counts[Fate.OUTSIDE])

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
            "decisions": self._decisions(),
            "decided": self.decided,
            "lapsed": self.lapsed,
        }

    def _decisions(self) -> list[dict[str, Any]]:
        """What was decided, each decision once, however many edits it is about."""
        found: dict[tuple[object, ...], dict[str, Any]] = {}
        for edit in self.edits:
            if edit.decision is not None:
                said = {
                    "place": edit.place,
                    "row_id": edit.row_id,
                    "field": edit.field,
                    "decision": edit.decision,
                }
                found.setdefault(tuple(said.values()), said)
        return list(found.values())

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
        lines = [self._heading(), *file_lines(self.files), *refusal_lines(self.refused)]
        if self.edits:
            lines.append(f"{counted(self.proposed, 'edit')} proposed:")
            for fate, count in self.counts.items():
                if count or fate == Fate.TAKEN:
                    lines.append(f"  {count:>6}  {_FATE_WORDS[fate]}")
        lines += lapsed_lines(self.decided, self.lapsed)
        to_look_at: list[str] = []
        for edit in self.edits:
            if edit.altered or edit.fate not in (Fate.TAKEN, Fate.SUPERSEDED):
                to_look_at += _lines_of(edit)
        if to_look_at:
            lines += ["", "To look at:", *to_look_at]
        return "\n".join(lines) + "\n"

    def _heading(self) -> str:
        if self.batch:
            return f"{self.name}, {self.at} by {self.author}"
        return f"{self.name}: what it would do" if self.edits else "There is nothing to merge"


def make_report(
    files: Sequence[Received],
    refusals: Iterable[Refusal],
    questions: Iterable[Question],
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
    """The report of questions whose decisions are made (or only planned, without a ``batch``)."""
    listed = list(questions)
    each_part = [each for question in listed for each in question.whole]
    edits = [edit for question in each_part for edit in edits_of(question)]
    return MergeReport(
        batch=batch,
        name=name,
        at=at,
        author=author,
        files=_about(files, Counter(file for edit in edits for file in edit.files), _that_answer(each_part)),
        refused=[{"name": each.name, "gate": each.gate, "words": each.words} for each in refusals],
        edits=edits,
        changes=changes,
        open_places=list(open_places),
        decided=decided,
        lapsed=[_about_lapsed(each) for each in lapsed],
    )


def _about_lapsed(lapsed: Lapsed) -> dict[str, Any]:
    """What a report says of a decision that was not made."""
    question = lapsed.question
    return {
        "address": question.place.address,
        "place": question.place.words,
        "row_type": question.row_type,
        "row_id": question.row_id,
        "field": question.field,
        "label": question.label,
        "decision": lapsed.decision.answer,
        "why": lapsed.why,
        "again": lapsed.again,
    }


def _that_answer(questions: Sequence[Question]) -> set[str]:
    """The files, as they are called, of which an edit says something of what was asked: not one left out, and
    not what was put back as it was, begun and left blank, or made and deleted again.
    """
    blank = {question.row_id for question in questions if _is_blank_text(question)}
    found: set[str] = set()
    for question in questions:
        if question.happening == Happening.GONE or question.row_id in blank or _joins(question, blank):
            continue
        if question.kind == Kind.OUTSIDE and not question.is_let_in:
            continue
        before = _read(question.base)
        for proposal in question.proposals:
            if found.issuperset(proposal.files):
                continue
            if question.is_row or _read(proposal.value) != before:
                found.update(proposal.files)
    return found


def _is_blank_text(question: Question) -> bool:
    """Whether it is about a new update or action in which nothing was written."""
    if question.happening != Happening.ADDED or links_of(question.row_type) is None:
        return False
    fields = fields_of(row_classes()[question.row_type]).values()
    texts = (
        [field.value_of(question.value) for field in fields if field.is_markdown] if question.value else []
    )
    return not any(text and text.strip() for text in texts)


def _joins(question: Question, rows: Collection[str]) -> bool:
    """Whether it is about a link of one of these rows."""
    is_link = question.row_type in within_one_outcome() and isinstance(question.value, Mapping)
    return is_link and any(question.value.get(column) in rows for column, _ in owners_of(question.row_type))


def _read(value: Any) -> Any:
    """A value as it is read: values that differ in what nobody sees are the same."""
    return canonical(value or "") if value is None or isinstance(value, str) else value


def _about(files: Sequence[Received], proposed: Counter[str], answers: set[str]) -> list[dict[str, Any]]:
    """What a report says of each file; ``proposed`` counts its edits, by what it is called, and ``answers``
    are the files of which one says something of what was asked.
    """
    names = names_of(files)
    several = Counter(file.file_id for file in files)  # a return that was passed on comes back as two files
    listed: list[dict[str, Any]] = []
    for file in files:
        about: dict[str, Any] = {
            "name": names[file.sha256],
            "kind": file.kind,
            "organisation": file.organisation,
            "file_id": file.file_id,
            "issue_id": file.issue_id,
            "withdrawn": file.withdrawn,
            "proven": file.proven,
            "sha256": file.sha256,
            "proposed": proposed[names[file.sha256]],
            "answered": names[file.sha256] in answers,
        }
        if several[file.file_id] > 1:
            about["steps"] = sorted({change.step for change in file.brought})
        if file.removals:
            about["removed"] = [
                {"at": each.at, "author": each.author, "why": each.reason} for each in file.removals
            ]
        listed.append(about)
    return listed


def file_of(change: Change, files: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Which of the files in the summary of a merge brought a change; None where none of them did."""
    of_one = [file for file in files if file.get("file_id") == change.file]
    exact = (file for file in of_one if change.step in file.get("steps", ()))
    return next(exact, of_one[0] if of_one else None)


def file_lines(files: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a report says of each file that came in, for a report as text."""
    lines = []
    for file in files:
        sender = f" from {file['organisation']}" if file.get("organisation") else ""
        back = f"; {TAKEN_BACK}" if file.get("withdrawn") else ""
        back += "" if file.get("proven", True) else f"; {UNPROVEN}"
        lines.append(f"  {file.get('name', '')}{sender}: {counted(file.get('proposed', 0), 'edit')}{back}")
        for each in file.get("removed", ()):
            day = day_in_words(each["at"][:10])
            lines.append(f"      removed for good by {each['author']} on {day}, here too: {each['why']}")
    return lines


def refusal_lines(refused: Iterable[Mapping[str, str]]) -> list[str]:
    """What a report says of each file that was refused, for a report as text."""
    return [f"  {each['name']}: refused. {each['words']}" for each in refused]


def lapsed_lines(decided: int, lapsed: Sequence[Mapping[str, Any]]) -> list[str]:
    """What became of the decisions of a review, where not all were made: for a report as text."""
    if not lapsed:
        return []
    lines = [f"{counted(decided, 'decision')}: {decided - len(lapsed):,} made, {len(lapsed):,} not made"]
    for one in lapsed:
        words = DECISION_WORDS.get(one["decision"], one["decision"])
        then = "; please decide again" if one["again"] else ""
        lines.append(f"  {one['place']} · {one['label']}: not “{words}”, because {one['why']}{then}")
    return lines


def edits_of(question: Question) -> list[Edit]:
    """The edits that a question is about, each with its fate."""
    answer = question.decision.answer
    decided = answer if answer not in (Answer.ACCEPT, Answer.LEAVE) else None
    address, place = question.place.address, question.place.words
    labels = {proposal.field: _label_of(question, proposal.field) for proposal in question.proposals}
    return [
        Edit(
            address=address,
            place=place,
            row_type=question.row_type,
            row_id=question.row_id,
            field=proposal.field,
            label=labels[proposal.field],
            files=proposal.files,
            author=proposal.author,
            organisation=proposal.organisation,
            before=proposal.before,
            value=proposal.value,
            fate=fate,
            decision=decided,
            altered=proposal.altered,
            why=question.why,
        )
        for proposal, fate in zip(question.proposals, fates_of(question), strict=True)
    ]


def fates_of(question: Question) -> list[Fate]:
    """What becomes by what is decided of each proposed edit of a question."""
    if question.kind == Kind.OUTSIDE:
        fate = Fate.TAKEN if question.is_let_in else Fate.OUTSIDE
        return [fate] * len(question.proposals)
    if question.is_decided:
        fate = Fate.DECIDED
    else:
        fate = Fate.TAKEN if question.kind == Kind.PLAIN else Fate(question.kind)
    return [fate if proposal.is_head else Fate.SUPERSEDED for proposal in question.proposals]


def _label_of(question: Question, field: str) -> str:
    if field == CREATED or (field == DELETED and question.field == CREATED):
        return question.label
    if field == DELETED:
        return f"{row_words(question.row_type).capitalize()} deleted"
    return field_words(question.row_type, field)


def _lines_of(edit: Edit) -> list[str]:
    fate = _FATE_WORDS[edit.fate] if edit.decision is None else DECISION_WORDS[edit.decision]
    outside = ", edited outside the application" if edit.altered else ""
    lines = [f"  {edit.place} · {edit.label}: {fate}{outside}", f"      {edit.author}: {_says(edit)}"]
    if edit.why:
        lines.append(f"      {edit.why}")
    if edit.before not in (None, "", []):
        lines.insert(1, f"      was: {_words(edit.before)}")
    return lines


def _says(edit: Edit) -> str:
    if edit.field == DELETED:
        return "deleted" if edit.value else "brought back"
    return _words(edit.value)


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
