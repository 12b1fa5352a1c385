"""Recommendations of a report: in boxes, in lists of their own, and as lines that begin with their number.

Each is taken out of the text in which it stands; what calls it there ("Recommendation 3") is left in its
place, so that the text shows where it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cypp_desktop.exchange.word.columns import scores
from cypp_desktop.exchange.word.content import Content, Para, WordTable, words_of
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.texts import entries, split_spans, tree_markdown
from cypp_desktop.plan.blocks import Span

#: "Recommendation 3:", "REC: 6", "Recommendation R4 –", and what stands after it on the line.
_MARK = re.compile(
    r"\s*(?P<mark>(?P<word>recommendation|rec)\b\.?\s*:?\s*(?:no\.?\s*)?(?P<number>[A-Z]?\d{1,3}(?:\.\d{1,2})?[a-z]?)\b"
    r"(?:\s*[:.)–—-]+|(?=\s*$)|(?=\s{2,}|\t)))\s*",
    re.I,
)
#: Lines of a box that say who does what is recommended, by when, and how far it is.
_LABELLED = {
    "owner": r"(?:action )?owners?|leads?(?: officer| agency| organisation)?|by whom|who"
    r"|responsible(?: officer| body)?",
    "due": r"(?:due|target|completion)(?: date| by)?|dates?|by when|when|deadline|time-?scales?",
    "status": r"(?:current )?status|b?rag(?: rating| status)?",
    "progress": r"progress(?: so far| to date| update)?|update|(?:management )?response|comments?",
}
_LABELS = [(key, re.compile(rf"\s*(?:{words})\s*(?::\s*|\t\s*)", re.I)) for key, words in _LABELLED.items()]
#: The style of a line that calls a recommendation: no heading, though it is bold.
CALL_STYLE = "call of a recommendation"
_PARTED = re.compile(r"\t+|\s{3,}|\s\|\s")
#: What the columns of a list of recommendations are, by the meaning of their headings.
_COLUMNS = {M.NUMBER: "number", M.LEAD: "owner", M.DUE: "due", M.STATUS: "status", M.UPDATE: "progress"}
_HEADING = re.compile(r"(?:agreed |key |our )*recommendations?(?: made| text)?", re.I)
_MADE_IN = re.compile(r"made in|section|chapter|(?:page|paragraph)(?: no\.?)?", re.I)


@dataclass(slots=True)
class FoundRecommendation:
    """A recommendation as it was found; ``called`` is the line that was left where it stood."""

    number: str
    called: str
    content: list[Content]
    said: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)  # that stood before what is said

    def row(self, section: str | None) -> dict[str, Any]:
        """The recommendation as plan JSON."""
        row: dict[str, Any] = {"number": self.number, "text": tree_markdown(entries(self.content))}
        row["section"] = self.said.get("section") or section
        return row | {key: self.said.get(key) for key in ("status", "owner", "due", "progress")}


@dataclass(slots=True)
class WithoutRecommendations:
    """The content of a document with lines that call recommendations in their place, and these in order.

    ``labels`` are the headings and labels that stood before what is said, and say no more.
    """

    content: list[Content] = field(default_factory=list)
    found: list[FoundRecommendation] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def take_recommendations(content: Sequence[Content]) -> WithoutRecommendations:
    """Takes the recommendations out of the content of a document."""
    result = WithoutRecommendations()
    pieces = list(content)
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        taken: list[FoundRecommendation] = []
        if isinstance(piece, WordTable):
            taken = _listed(piece)
            if taken:
                result.labels += [words_of(cell.content) for cell in piece.rows[0].cells]
            taken = taken or _one(_lines_of_box(piece))
        elif _begins(piece):
            lines: list[Content] = [piece]
            while at < len(pieces) and _is_labelled(pieces[at]):
                lines.append(pieces[at])
                at += 1
            taken = _one(lines)
        result.found += taken
        for one in taken:
            result.labels += one.labels
        calls = [Para([Span(one.called, bold=True)], style=CALL_STYLE) for one in taken]
        result.content += calls or [piece]
    return result


def sections_of(
    found: Sequence[FoundRecommendation], sections: Sequence[dict[str, Any]]
) -> Iterator[str | None]:
    """The section in which each recommendation was made: the next in order whose text calls it."""
    at = 0
    for one in found:
        line = f"**{one.called}**"
        places = (place for place in range(at, len(sections)) if line in sections[place]["text"])
        place = next(places, None)
        if place is None:
            yield None
            continue
        at = place
        yield sections[place]["number"] or sections[place]["title"]


# ------------------------------------------------------------------ in a text, in a box


def _begins(para: Para) -> bool:
    """Whether a line of the text is a recommendation: its number, and what is recommended."""
    mark = _MARK.match(para.text)
    return mark is not None and not mark["mark"][-1].isalnum() and bool(para.text[mark.end() :].strip())


def _is_labelled(piece: Content) -> bool:
    return isinstance(piece, Para) and any(label.match(piece.text) for _, label in _LABELS)


def _lines_of_box(table: WordTable) -> list[Content]:
    """What stands in a box, in order; a label and what is said beside it are one line."""
    lines: list[Content] = []
    for row in table.rows:
        cells = [cell for cell in row.cells if words_of(cell.content)]
        if not cells or len(cells) > 2:
            return []
        first = words_of(cells[0].content)
        if len(cells) == 2:
            label = Para([Span(first.rstrip(" :") + ": ")])
            below = list(cells[1].content)
            head = below[0] if below else None
            if isinstance(head, Para):
                lines.append(replace(head, spans=[*label.spans, *head.spans]))
                lines += below[1:]
            else:
                lines += [label, *below]
        else:
            lines += cells[0].content
    return [line for line in lines if words_of([line])]


def _one(lines: Sequence[Content]) -> list[FoundRecommendation]:
    """The recommendation that lines are: the first begins with its number."""
    first = lines[0] if lines else None
    mark = _MARK.match(first.text) if isinstance(first, Para) else None
    if mark is None or not isinstance(first, Para):
        return []
    rest = replace(first, spans=split_spans(first.spans, mark.end())[1], mark=None)
    content: list[Content] = [rest] if rest.text.strip() else []
    said: dict[str, str] = {}
    labels: list[str] = []
    for line in lines[1:]:
        parts = _labelled_parts(line)
        for key, label, words in parts:
            said[key] = words
            labels.append(label)
        if not parts:
            content.append(line)
    if not content:
        return []
    number = mark["number"] if len(mark["word"]) > 3 else f"{mark['word'].upper()} {mark['number']}"
    return [FoundRecommendation(number, " ".join(mark["mark"].split()), content, said, labels)]


def _labelled_parts(line: Content) -> list[tuple[str, str, str]]:
    """What a line of labels says ("Owner: Head of Service   Due: May 2026"): key, label and words of each.

    Empty where the line says anything else.
    """
    if not isinstance(line, Para):
        return []
    found: list[tuple[str, str, str]] = []
    for part in _PARTED.split(line.text) if ":" in line.text else [line.text]:
        if not part.strip():
            continue
        labelled = _labelled(part)
        if labelled is None:
            return []
        found.append(labelled)
    return found


def _labelled(part: str) -> tuple[str, str, str] | None:
    """The key, label and words of "Owner: Head of Service"."""
    for key, pattern in _LABELS:
        found = pattern.match(part)
        if found is not None:
            return key, found.group(), " ".join(part[found.end() :].split())
    return None


# ------------------------------------------------------------------ in a list of their own


def _listed(table: WordTable) -> list[FoundRecommendation]:
    """The rows of a table of recommendations, each with its number; empty where the table is another one."""
    if len(table.rows) < 2:
        return []
    keys = _keys_of([words_of(cell.content) for cell in table.rows[0].cells])
    if keys is None:
        return []
    found: list[FoundRecommendation] = []
    for row in table.rows[1:]:
        if len(row.cells) != len(keys) or any(cell.continues for cell in row.cells):
            return []
        said = {}
        text: list[Content] = []
        for key, cell in zip(keys, row.cells, strict=True):
            if key == "text":
                text = list(cell.content)
            elif words := words_of(cell.content):
                said[key] = words
        if not words_of(text):
            return []
        number = said.pop("number", None) or str(len(found) + 1)
        found.append(FoundRecommendation(number, number, text, said))
    return found


def _keys_of(headings: Sequence[str]) -> list[str] | None:
    """What each column says of a recommendation; None where one says what only a plan's rows do."""
    keys: list[str] = []
    for heading in headings:
        meanings = scores(heading)
        if _HEADING.fullmatch(heading.strip()):
            keys.append("text")
        elif _MADE_IN.fullmatch(heading.strip()):
            keys.append("section")
        else:
            best = max(meanings, key=lambda meaning: meanings[meaning], default=None)
            if best not in _COLUMNS:
                return None
            keys.append(_COLUMNS[best])
    is_whole = "text" in keys and len(set(keys)) == len(keys)
    return keys if is_whole and len(keys) > 1 else None
