"""What stands before the first table: title, label, status, partnership, period, introduction.

Also the lines between a priority's heading and its table: outcomes sought, success criteria, leads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.content import Content, Para, words_of
from cypp_desktop.exchange.word.texts import Entry, entries, tree_markdown

# ---------------------------------------------------------------------------------- labels

_SOUGHT = re.compile(
    r"^(?:what (?:are|were) (?:our|the|these|we seeking)\b.*\b(?:outcomes?|aims?|objectives?|achieve)|"
    r"(?:our |the |key |intended |desired |"
    r"expected |priority )*outcomes?(?: (?:sought|we (?:seek|want|are seeking|will achieve)|wanted|"
    r"statements?|"
    r"for (?:this|the) priority).*)?|what (?:do )?we want(?: to (?:achieve|see|happen|change)| for)?\b.*|"
    r"what (?:are )?we "
    r"(?:are )?(?:trying|aiming|seeking|want)(?: to (?:achieve|do)| for)?|"
    r"what difference (?:do|will) we .*|(?:our |the )?aims?(?: of this priority)?|"
    r"what we aim to achieve|what outcomes? .*|where do we want to (?:be|get to))\s*[?:.]*\s*$",
    re.I,
)
_SUCCESS = re.compile(
    r"^(?:what (?:will|does|would|should) (?:success|good|it|this)\b.*|success (?:criteria|measures?|"
    r"factors?|looks? like)|"
    r"(?:our )?(?:criteria|measures?|signs?|indicators?) (?:of|for) success|how (?:will|would|do|"
    r"shall|can) we (?:know|measure|tell|judge|recognise)\b.*|how (?:success|progress|this|it) "
    r"(?:will be|is) (?:measured|judged|known)|"
    r"how we(?: will|’ll|'ll)? (?:know|judge|recognise|measure|tell)\b.*|"
    r"we(?: will|’ll|'ll)? know (?:that )?(?:we|it|this|if|when)\b[^.]*|"
    r"what will (?:be different|change|have changed|we see)\b.*|"
    r"success will (?:look|be|mean).*|"
    r"what success (?:looks|will look) like)\s*[?:.]*\s*$",
    re.I,
)
_LEAD = re.compile(
    r"^((?:(?:priority|strategic|executive|overall|board|lead)\s+)*(?:leads?|lead (?:officers?|"
    r"organisations?|directors?|agency|partners?|"
    r"members?)|sponsors?|champions?|owners?|responsible (?:officer|director)))\s*[:–—-]\s*(?=\S)",
    re.I,
)


def label_of(text: str) -> str | None:
    """ "sought" or "success" where a line is the heading of such a list."""
    words = " ".join(text.split())
    if len(words) > 90 or re.search(r"[:?]\s+\S", words):
        return None
    if _SUCCESS.match(words):
        return "success"
    if _SOUGHT.match(words):
        return "sought"
    return None


def inline_label(text: str) -> tuple[str, int] | None:
    """The label that begins a line and the length of it: "Outcomes sought: children are safe"."""
    found = re.match(r"^\s*([^:?]{4,60}[:?])\s+(?=\S)", text)
    kind = label_of(found.group(1)) if found else None
    return (kind, found.end()) if found and kind else None


def lead_line(text: str) -> str | None:
    """The leads in a line "Priority lead: …"."""
    found = _LEAD.match(text.strip())
    return text.strip()[found.end() :] if found else None


# ---------------------------------------------------------------------------------- lists of statements


def groups(tree: Sequence[Entry]) -> list[list[Entry]]:
    """The statements of a text: each list entry or paragraph, with what hangs on it.

    A line that ends in a colon, and a bold line, take the list after them with them.
    """
    found: list[list[Entry]] = []
    for entry in tree:
        head = found[-1][0] if found else None
        if head is not None and head.kind == "text" and not entry.bold:
            opened = head.words.endswith(":") or head.bold
            if opened and (entry.kind != "text" or head.bold):
                found[-1].append(entry)
                continue
        if head is not None and entry.kind == "table":
            found[-1].append(entry)
        else:
            found.append([entry])
    return found


def statement(group: Sequence[Entry]) -> str:
    """One statement as Markdown, without its own bullet or number."""
    head = group[0]
    if head.kind == "table":
        return tree_markdown(group)
    plain = Entry("text", head.spans, remarks=head.remarks)
    return tree_markdown([plain, *head.inner, *group[1:]])


# ---------------------------------------------------------------------------------- front matter


@dataclass(slots=True)
class Front:
    """What the plan says about itself; ``left`` are lines that none of it could be."""

    title: str | None = None
    label: str | None = None
    status: str | None = None
    partnership: str | None = None
    period: str | None = None
    introduction: str | None = None
    sections: list[dict[str, object]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


_LABEL = re.compile(
    r"^[\[(]?\s*(?:(?:appendix|annex(?:e)?|enclosure|attachment|schedule|agenda item|item|paper|document|"
    r"exhibit)\s*(?:no\.?\s*)?"
    r"[\w.]{1,4}\b.*|(?:version|ver\.?|v|issue|revision)\s?\.?\d[\w.]*\b.*|(?:final |first |"
    r"second )?draft\b.{0,50}|"
    r"(?:.{0,60}\s)?[\[(]?v(?:ersion)?\.?\s?\d[\d.]*[\])]?\s.{0,30})$",
    re.I,
)
_INTRODUCTION = re.compile(
    r"^(?:\d\.?\s*)?(?:introduction|about (?:this|the) (?:action |delivery )?plan|foreword to .*|"
    r"purpose(?: of .*)?|overview)\W*$",
    re.I,
)
_PERIOD = re.compile(r"\b(?:19|20)\d\d\s*(?:[-–—/]|to)\s*(?:(?:19|20)?\d\d)\b(?!\d)")
_PARTNERSHIP = re.compile(
    r"\b((?:[A-Z][\w’'&-]*\s+|(?:and|of|for|the)\s+)*(?:Partnership|Trust|Alliance|Consortium|"
    r"Partnership Board|Trust Board)(?: Board)?)\b"
)
_STATUSES = (
    "in progress|work in progress|draft|final draft|final|for approval|for consultation|approved|interim|"
    "provisional|live"
)
_STATUS = (
    re.compile(rf"\bmarked\s+(?:as\s+)?[‘'“\"]?({_STATUSES})\b", re.I),
    re.compile(rf"\bstatus\s*[:–-]\s*[‘'“\"]?({_STATUSES}|[\w ]{{3,30}})\b", re.I),
    re.compile(
        r"\b(?:is|remains|still)\s+(?:currently\s+|still\s+)?(?:a\s+|an\s+|in\s+)?[‘'“\"]?(in progress|"
        r"work in progress|final draft|"
        r"draft|interim|provisional)\b",
        re.I,
    ),
    re.compile(r"\bin\s+(draft|progress)\b", re.I),
    re.compile(r"\b(final draft|draft)\b", re.I),
)


_PAGE_REFERENCE = re.compile(r"^(.*?\w.*?)[\s.…·_]*(?:\t|\s\.{2,}|\.{3,}|…|\s{3,})[\s.…]*\d{1,3}\s*$")
_CONTENTS = re.compile(r"^(?:table of )?contents(?: page)?\W*$", re.I)


def without_contents(content: Sequence[Content], later: Sequence[str]) -> list[Content]:
    """The opening without a typed list of contents: lines that name a heading of ``later`` and a page."""
    known = {_letters(line) for line in later}
    kept: list[Content] = []
    dropped = False
    for piece in content:
        text = piece.text if isinstance(piece, Para) else ""
        found = _PAGE_REFERENCE.match(text) if len(text) < 200 else None
        if found is not None and _letters(found[1]) in known:
            dropped = True
        else:
            kept.append(piece)
    if not dropped:
        return kept
    return [p for p in kept if not (isinstance(p, Para) and _CONTENTS.match(p.words))]


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def front_matter(content: Sequence[Content], margins: Sequence[str], stored: str, fallback: str) -> Front:
    """What the content before the first priority says. ``stored`` is the title in the file's properties."""
    front = Front()
    paras = [piece for piece in content if isinstance(piece, Para) and piece.text.strip()]
    titles = _title_paras(paras)
    rest: list[Content] = []
    if titles:
        front.title = " ".join(para.words for para in titles)
    for piece in content:
        if any(piece is para for para in titles):
            continue
        words = words_of([piece])
        if isinstance(piece, Para) and front.label is None and _LABEL.match(words) and len(words) <= 90:
            front.label = words
        elif words:
            rest.append(piece)
    if front.label is None:
        front.label = next((line for line in margins if _LABEL.match(line) and len(line) <= 90), None)
    _narrative(front, rest)
    if front.title is None:
        usable = stored and not re.match(
            r"^(?:word document|document\d*|untitled|microsoft word.*|template)$", stored, re.I
        )
        front.title = stored if usable else fallback
    said = [front.title, front.label or "", front.introduction or ""]
    front.period = next((m.group() for text in said[:2] if (m := _PERIOD.search(text))), None)
    whose = _PARTNERSHIP.search(front.title)
    front.partnership = whose.group(1).strip() if whose else None
    front.status = _status([front.introduction or "", front.title, front.label or "", *margins])
    return front


def _status(texts: Sequence[str]) -> str | None:
    for pattern in _STATUS:
        for text in texts:
            found = pattern.search(text)
            if found:
                words = found.group(1).strip().casefold()
                return "in progress" if words == "progress" else words
    return None


def _title_paras(paras: Sequence[Para]) -> list[Para]:
    """The paragraphs of the document's title: by style, else by size, else by place."""
    styled = [para for para in paras if para.heading == 0]
    if styled:
        return styled
    headings = [
        p
        for p in paras
        if not _LABEL.match(p.words) and not _INTRODUCTION.match(p.words) and len(p.words) < 250
    ]
    headings = [p for p in headings if p.mark is None]
    largest = max((para.size for para in headings), default=0)
    usual = min((para.size for para in paras), default=0)
    if largest > usual:
        first = next(at for at, para in enumerate(headings) if para.size == largest)
        found = []
        for para in headings[first:]:
            if para.size != largest:
                break
            found.append(para)
        return found if len(found) <= 5 else found[:1]
    level_one = next((p for p in headings if p.heading == 1), None)
    bold = next((p for p in headings if p.bold), None)
    named = next(
        (
            p
            for p in headings
            if re.search(r"\bplan\b|\breview\b|\breport\b", p.words, re.I) and len(p.words) < 160
        ),
        None,
    )
    chosen = level_one or bold or (named if named is not None and named.words[-1] not in ".;:" else None)
    return [chosen] if chosen is not None else []


def _narrative(front: Front, rest: Sequence[Content]) -> None:
    """Introduction and headed sections."""
    opening: list[Content] = []
    sections: list[tuple[Para, list[Content]]] = []
    for piece in rest:
        if isinstance(piece, Para) and (
            piece.heading or (piece.bold and len(piece.words) < 100 and piece.mark is None)
        ):
            sections.append((piece, []))
        elif sections:
            sections[-1][1].append(piece)
        else:
            opening.append(piece)
    for at, (heading, content) in enumerate(sections):
        lone = len(sections) == 1 and not opening and bool(content)
        if content and (_INTRODUCTION.match(heading.words) or lone) and front.introduction is None:
            opening += content
            continue
        if (
            not content
            and at < len(sections) - 1
            and sections[at + 1][0].heading is None
            and heading.heading is None
        ):
            front.left.append(heading.words)
            continue
        front.sections.append(section(heading, content))
    front.introduction = tree_markdown(entries(opening)) or None


def section(heading: Para, content: Sequence[Content]) -> dict[str, object]:
    """A headed text as a section of the plan."""
    found = re.match(
        r"^(?:(?:chapter|section|part)\s+)?(\d{1,2}(?:\.\d{1,2})*)\.?\s*[:–—-]?\s+(?=\D)", heading.words, re.I
    )
    if found and codes.begins_with_figure(heading.words):
        found = None
    return {
        "number": found.group(1) if found else None,
        "title": heading.words[found.end() :] if found else heading.words,
        "depth": min(max(heading.heading or 1, 1), 6),
        "text": tree_markdown(entries(content)),
    }
