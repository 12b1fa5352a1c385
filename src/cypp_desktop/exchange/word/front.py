"""What stands before the first table: title, label, status, partnership, period, introduction.

Also the lines between a priority's heading and its table: outcomes sought, success criteria, leads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.content import Content, Para, words_of
from cypp_desktop.exchange.word.recommendations import CALL_STYLE
from cypp_desktop.exchange.word.texts import EntryKind, TextEntry, entries, tree_markdown

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
    r"shall|can) (?:we|i) (?:know|measure|tell|judge|recognise)\b.*|how (?:success|progress|this|it) "
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


class Statements(StrEnum):
    """What a list below a priority says, by its name in plan JSON."""

    OUTCOMES_SOUGHT = "outcomes_sought"
    SUCCESS_CRITERIA = "success_criteria"


def label_of(text: str) -> Statements | None:
    """Which list of statements a line is the heading of, if any."""
    words = " ".join(text.split())
    if len(words) > 90 or re.search(r"[:?]\s+\S", words):
        return None
    if _SUCCESS.match(words):
        return Statements.SUCCESS_CRITERIA
    if _SOUGHT.match(words):
        return Statements.OUTCOMES_SOUGHT
    return None


def inline_label(text: str) -> tuple[Statements, int] | None:
    """The label that begins a line and the length of it: "Outcomes sought: children are safe"."""
    found = re.match(r"^\s*([^:?]{4,60}[:?])\s+(?=\S)", text)
    kind = label_of(found.group(1)) if found else None
    return (kind, found.end()) if found and kind else None


def lead_line(text: str) -> str | None:
    """The leads in a line "Priority lead: …"."""
    found = _LEAD.match(text.strip())
    return text.strip()[found.end() :] if found else None


# ---------------------------------------------------------------------------------- lists of statements


def groups(tree: Sequence[TextEntry]) -> list[list[TextEntry]]:
    """The statements of a text: each list entry or paragraph, with what hangs on it.

    A line that ends in a colon, and a bold line, take the list after them with them.
    """
    found: list[list[TextEntry]] = []
    for entry in tree:
        head = found[-1][0] if found else None
        if head is not None and head.kind == EntryKind.TEXT and not entry.bold:
            opened = head.words.endswith(":") or head.bold
            if opened and (entry.kind != EntryKind.TEXT or head.bold):
                found[-1].append(entry)
                continue
        if head is not None and entry.kind == EntryKind.TABLE:
            found[-1].append(entry)
        else:
            found.append([entry])
    return found


def statement(group: Sequence[TextEntry]) -> str:
    """One statement as Markdown, without its own bullet or number."""
    head = group[0]
    if head.kind == EntryKind.TABLE:
        return tree_markdown(group)
    plain = TextEntry(EntryKind.TEXT, head.spans, remarks=head.remarks)
    return tree_markdown([plain, *head.inner, *group[1:]])


# ---------------------------------------------------------------------------------- front matter


@dataclass(slots=True)
class Front:
    """What the plan says about itself; ``left`` are lines that none of it could be, ``said`` those that say
    nothing but its status or whose it is.
    """

    title: str | None = None
    label: str | None = None
    status: str | None = None
    partnership: str | None = None
    period: str | None = None
    introduction: str | None = None
    sections: list[dict[str, object]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


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
    titles = _title_paras([piece for piece in content if isinstance(piece, Para) and piece.text.strip()])
    title = " ".join(para.words for para in titles)
    if not titles:
        title = fallback if not stored or _NO_TITLE.match(stored) else stored
    front = Front(title=title)
    rest = _without(titles, [piece for piece in content if words_of([piece])])
    label = _label_para(rest)
    if label is not None:
        front.label = label.words
        rest = _without([label], rest)
    else:
        front.label = next((line for line in margins if _is_label(line)), None)
    _narrative(front, _without(_lines_about_itself(front, rest), rest))
    _say_more(front, title, margins)
    return front


def _without(taken: Sequence[Para], content: Sequence[Content]) -> list[Content]:
    """Content without these very paragraphs; others with the same words stay."""
    taken_ids = {id(para) for para in taken}
    return [piece for piece in content if id(piece) not in taken_ids]


def _label_para(content: Sequence[Content]) -> Para | None:
    """The first paragraph that is the label of the document."""
    for piece in content:
        if isinstance(piece, Para) and _is_label(piece.words):
            return piece
    return None


_STATUS_LINE = re.compile(r"(?:(?:plan|document) )?status\s*[:–-]\s*([\w ]{3,30})\.?", re.I)
_PARTNERSHIP_LINE = re.compile(r"(?:partnership\s*[:–-]\s*)?(\S.*)", re.I)


def _lines_about_itself(front: Front, content: Sequence[Content]) -> list[Para]:
    """The lines that say nothing but the status of the plan, or whose plan it is: that is kept of them."""
    taken: list[Para] = []
    for piece in content:
        if not isinstance(piece, Para) or piece.mark is not None or len(piece.words) > 100:
            continue
        status = _STATUS_LINE.fullmatch(piece.words)
        whose = _PARTNERSHIP_LINE.fullmatch(piece.words)
        if status is not None and front.status is None:
            front.status = status[1].strip().casefold()
        elif whose is not None and front.partnership is None and _PARTNERSHIP.fullmatch(whose[1]):
            front.partnership = whose[1]
        else:
            continue
        taken.append(piece)
        front.said.append(piece.words)
    return taken


def _say_more(front: Front, title: str, margins: Sequence[str]) -> None:
    """What the title, the label and the introduction say besides: period, partnership, status."""
    label, introduction = front.label or "", front.introduction or ""
    front.period = _period([title, label])
    whose = _PARTNERSHIP.search(title)
    if front.partnership is None and whose is not None:
        front.partnership = whose.group(1).strip()
    front.status = front.status or _status([introduction, title, label, *margins])


def _is_label(words: str) -> bool:
    """Whether a line is the label of the document: "Appendix 1 V6 (15.06.2018)"."""
    return len(words) <= 90 and _LABEL.match(words) is not None


# Titles that programs put into a file's properties by themselves.
_NO_TITLE = re.compile(r"^(?:word document|document\d*|untitled|microsoft word.*|template)$", re.I)


def _period(texts: Sequence[str]) -> str | None:
    """The first years from which to which any of the texts speaks."""
    for text in texts:
        found = _PERIOD.search(text)
        if found:
            return found.group()
    return None


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
    headings = [para for para in paras if _could_be_title(para)]
    largest = max((para.size for para in headings), default=0)
    usual = min((para.size for para in paras), default=0)
    if largest > usual:
        return _largest_paras(headings, largest)
    chosen = _first_heading(headings) or _para_named_as_plan(headings)
    return [chosen] if chosen is not None else []


def _first_heading(paras: Sequence[Para]) -> Para | None:
    """The first paragraph that Word has as a heading of the first level, else the first that is bold."""
    for para in paras:
        if para.heading == 1:
            return para
    for para in paras:
        if para.bold:
            return para
    return None


def _could_be_title(para: Para) -> bool:
    is_something_else = _LABEL.match(para.words) or _INTRODUCTION.match(para.words) or para.mark is not None
    return not is_something_else and len(para.words) < 250


def _largest_paras(headings: Sequence[Para], largest: int) -> list[Para]:
    """The first run of paragraphs in the largest letters; only its beginning where it is too long."""
    found: list[Para] = []
    for para in headings:
        if para.size == largest:
            found.append(para)
        elif found:
            break
    return found if len(found) <= 5 else found[:1]


def _para_named_as_plan(headings: Sequence[Para]) -> Para | None:
    """The first line that calls itself a plan, review or report, unless it is a sentence."""
    for para in headings:
        if re.search(r"\bplan\b|\breview\b|\breport\b", para.words, re.I) and len(para.words) < 160:
            return para if para.words[-1] not in ".;:" else None
    return None


def _narrative(front: Front, rest: Sequence[Content]) -> None:
    """Introduction and headed sections."""
    opening, headed = _parted_by_headings(rest)
    for at, (heading, content) in enumerate(headed):
        is_all_there_is = len(headed) == 1 and not opening and bool(content)
        is_introduction = bool(content) and _INTRODUCTION.match(heading.words) is not None
        after = headed[at + 1][0] if at + 1 < len(headed) else None
        if is_introduction or is_all_there_is:
            opening += content
            if is_introduction:
                front.said.append(heading.words)
        elif not content and heading.heading is None and after is not None and after.heading is None:
            front.left.append(heading.words)  # a bold line before another is no heading
        else:
            front.sections.append(section(heading, content))
    front.introduction = tree_markdown(entries(opening)) or None


def _parted_by_headings(
    content: Sequence[Content],
) -> tuple[list[Content], list[tuple[Para, list[Content]]]]:
    """What stands before the first heading, and each heading with what stands under it."""
    opening: list[Content] = []
    headed: list[tuple[Para, list[Content]]] = []
    are_styled = sum(isinstance(piece, Para) and bool(piece.heading) for piece in content) >= _ENOUGH
    for piece in content:
        if isinstance(piece, Para) and _is_heading(piece, are_styled):
            headed.append((piece, []))
        elif headed:
            headed[-1][1].append(piece)
        else:
            opening.append(piece)
    return opening, headed


_ENOUGH = 3  # headings that Word has as such: in a text that has so many, a bold line is none


def _is_heading(para: Para, are_styled: bool) -> bool:
    """Whether a line heads a section; ``are_styled``: the headings of the text have their styles."""
    if para.heading or are_styled or para.style == CALL_STYLE:
        return bool(para.heading)
    return para.bold and len(para.words) < 100 and para.mark is None


_NAMED_NUMBER = re.compile(
    r"((?:priority|theme|appendix|annexe?)\s+(?:\d{1,2}|[A-Z]))(?:\s*[:.–—-])?\s+(?=\w)", re.I
)


def section(heading: Para, content: Sequence[Content]) -> dict[str, object]:
    """A headed text as a section of the plan."""
    found = re.match(
        r"^(?:(?:chapter|section|part)\s+)?(\d{1,2}(?:\.\d{1,2})*)\.?\s*[:–—-]?\s+(?=\D)", heading.words, re.I
    ) or _NAMED_NUMBER.match(heading.words)
    if found and codes.begins_with_figure(heading.words):
        found = None
    return {
        "number": found.group(1) if found else None,
        "title": heading.words[found.end() :] if found else heading.words,
        "depth": min(max(heading.heading or 1, 1), 6),
        "text": tree_markdown(entries(content)),
    }
