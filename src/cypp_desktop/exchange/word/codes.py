"""The printed codes, headings, flags and dates of a plan, told apart from the words beside them.

Pure functions on strings. Titles and codes are kept as printed, but for a code's own punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DASH = r"\-–—"

# ---------------------------------------------------------------------------------- figures

_UNITS = (
    r"(?:FTE|WTE|fte|wte|per\s?cent|percentage|points?|million|billion|thousand|[mk]|bn|hours?|hrs?|days?|weeks?|"
    r"months?|years?|terms?|sessions?|times|posts?|places|miles?|km|kg|am|pm|per|out of|in every)\b"
)
_MONTH_NAME = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b|May\b"
)
_FIGURE = re.compile(
    r"[£€$~<>+(]*(?:"
    r"0\.\d"  # 0.5 FTE
    rf"|\d+\.\d+(?:\s*%|\s?-?{_UNITS}|[{_DASH}](?=[a-z]))"  # 1.5 million, 3.5%, 1.5-hour sessions
    r"|(?:[6-9]|1\d|2[0-3])[.:](?:00|15|30|45)(?!\d)"  # 11.30 drop-in
    r"|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d(?!\d)"  # 1.4.2017
    r"|(?:0[1-9]|[12]\d|3[01])[./](?:0[1-9]|1[0-2])[./]\d\d(?!\d)"  # 31.12.16
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH_NAME})"  # 5 March
    r")"
)


def begins_with_figure(text: str) -> bool:
    """Whether words begin with a decimal, an amount, a time or a date, which is no number of a list.

    "1.5 million", "0.5 FTE", "11.30 drop-in" and "31.12.16" do; "1.2 Safe" and "2.a" may be codes.
    """
    return _FIGURE.match(text.lstrip()) is not None


_GOES_ON = re.compile(rf"\.\d|(?<=\d)[:,/{_DASH}]\d")


def is_cut(text: str, at: int) -> bool:
    """Whether a number that ends at ``at`` is but a part of one: "1.2" of "1.2.3", "12" of "12:30"."""
    return _GOES_ON.match(text, at) is not None


# ---------------------------------------------------------------------------------- priorities

_NUMBER_WORDS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
# Words for the upper level of a plan, the surest first.
_PRIORITY_WORDS = (
    "strategic priority",
    "key priority",
    "priority area",
    "priority theme",
    "priority",
    "strategic objective",
    "strategic aim",
    "strategic theme",
    "strategic outcome",
    "strategic goal",
    "key theme",
    "theme",
    "aim",
    "goal",
    "ambition",
    "pledge",
    "commitment",
    "workstream",
    "promise",
    "challenge",
    "strand",
    "objective",
    "outcome",
    "section",
    "part",
)
UNSURE_RANK = _PRIORITY_WORDS.index("objective")  # from here on they name a lower level just as often
_OWNERS = ("our", "the", "cypp", "plan", "partnership", "board")  # "CYPP Priority 1"
PRIORITY_WORDS = frozenset(" ".join((*_PRIORITY_WORDS, *_OWNERS)).split())
_PRIORITY = re.compile(
    r"^(?:(?:" + "|".join(_OWNERS) + r")\s+)?(?P<word>" + "|".join(_PRIORITY_WORDS) + r")"
    r"(?:\s+(?:no\.?|number))?\s*"
    r"(?P<code>\d{1,2}(?!\.?\d)|" + "|".join(_NUMBER_WORDS) + r"|[ivx]{1,4}|[a-h])"
    rf"(?P<after>\s*[.:;·|){_DASH}]+\s*|\s+|$)(?P<title>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CONTINUED = re.compile(
    r"\s*[(\[]?\s*(?:continued|cont(?:inued)?[’']?d?\.?)(?:\s+from\s+[\w ]+)?\s*[)\]]?\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class PriorityHeading:
    """A heading such as "Priority 1. Title". ``marked`` is whether a sign parts number and title."""

    word: str
    code: str
    title: str | None
    marked: bool
    continued: bool

    @property
    def rank(self) -> int:
        """How surely the word names a plan's upper level: 0 is surest."""
        return _PRIORITY_WORDS.index(self.word.casefold())


def priority_heading(text: str) -> PriorityHeading | None:
    """What a heading of a priority says; None for other words."""
    bare, continued = without_continued(" ".join(text.split()))
    found = _PRIORITY.match(bare)
    if found is None:
        return None
    code = found["code"].casefold()
    if code in _NUMBER_WORDS:
        code = str(_NUMBER_WORDS.index(code) + 1)
    elif not code.isdigit():
        if not found["after"].strip() and found["title"]:
            return None  # "Aim a higher …", "Part I played"
        code = found["code"]
    title = found["title"].strip(" -–—:") or None
    marked = bool(found["after"].strip()) or title is None
    return PriorityHeading(found["word"], code, title, marked, continued)


def without_continued(text: str) -> tuple[str, bool]:
    """A heading without "(continued)" at its end, and whether it had it."""
    found = _CONTINUED.search(text)
    if found is None or found.start() == 0 or not found.group().strip(" ()[]"):
        return text, False
    parted = re.search(r"[,–—-]\s*$", text[: found.start()]) is not None
    if not parted and re.search(r"[(\[]|cont(?:inue)?[’'.]|contd", found.group(), re.I) is None:
        return text, False  # "The work is continued"
    return text[: found.start()].rstrip(" ,-–—"), True


# ---------------------------------------------------------------------------------- row codes

_ROMAN = r"(?:x{0,2}(?:ix|iv|v?i{1,3}|v)|x{1,3})"
_LEVEL_WORD = (
    r"(?i:(?:outcome|objective|operational objective|key activity|activity|action|measure|indicator|kpi|"
    r"pm)\s+)?"
)
# what parts a number from a title; in "2.a children" the point is part of a code
_AFTER_NUMBER = rf"(?:[.:)]+(?:\s+|(?![a-z]\b))|\s+[{_DASH}]\s+)"
_OUTCOME_CODES = (
    # 1a: 2.a 1a - 1a Title
    rf"{_LEVEL_WORD}(?P<a>\d{{1,2}}\.?[A-Za-z]|\d{{1,2}} [a-z](?=[.:)]))(?:\s*[.:){_DASH}]+\s*|\s+)(?=\S)",
    rf"{_LEVEL_WORD}(?P<b>\d{{1,2}}(?:\.\d{{1,2}}){{1,2}})(?:\s*[.:){_DASH}]+\s*|\s+)(?=\D)",  # 1.2 Title
    rf"{_LEVEL_WORD}(?P<c>\d{{1,2}}){_AFTER_NUMBER}(?=\D)",  # 1. Title, 4.The further
    rf"{_LEVEL_WORD}(?P<d>[A-Z]{{1,4}}\.?\s?\d{{1,3}}(?:[a-z]|\.\d{{1,2}})?)"
    rf"(?:\s*[.:)]+\s*|\s+[{_DASH}]\s+|\s+(?=[A-Z]))(?=\S)",  # OO1, Outcome A1:
    r"(?P<e>[A-Z])(?:[.:)]\s+)(?=\S)",  # A. Title
    r"(?i:outcome|objective|activity|key activity)\s+(?P<f>\d{1,2}|[A-Z])(?:\s*[.:)]+\s*|\s+)(?=\S)",
)
_MEASURE_CODES = (
    rf"\(?(?P<i>{_ROMAN})(?:\)\.?|\.\)?|:)+\s*(?=\S)",  # i) iii). iv.
    r"\(?(?P<q>[IVX]{1,5})[.):]+\s+(?=\S)",
    rf"(?P<j>\d{{1,2}}\s?\.?[a-z]\s?[.(]?\s?{_ROMAN})(?:\s*[.:){_DASH}]+\s*|\s+)(?=\S)",  # 1a.i
    rf"{_LEVEL_WORD}(?P<k>\d{{1,2}}\.?[a-z])(?:\s*[.:)]+\s*|\s+[{_DASH}]\s+|\s+(?=[A-Z%]))(?=\S)",
    rf"{_LEVEL_WORD}(?P<l>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?:\s*[.:)]+\s*|\s+(?=[A-Z%])|"
    rf"\s+[{_DASH}]\s+)(?=\S)",
    rf"{_LEVEL_WORD}(?P<m>\d{{1,2}}){_AFTER_NUMBER}(?=\D)",
    r"\(?(?P<n>[a-z])\)[.:]?\s*(?=\S)",
    rf"(?P<o>[A-Z]{{1,4}}\.?\s?\d{{1,3}}[a-z]?)(?:\s*[.:)]+\s*|\s+[{_DASH}]\s+)(?=\S)",
)
_OUTCOME = [re.compile(pattern) for pattern in _OUTCOME_CODES]
_MEASURE = [re.compile(pattern) for pattern in _MEASURE_CODES]
_NOT_A_CODE = re.compile(
    r"(?:ks|key stage|a level|q|year|covid|phase|step|level|band|tier|no|p8|a8)\.?\s?\d+[a-z]?$", re.I
)


def outcome_code(text: str) -> tuple[str | None, str]:
    """The code and the title of an outcome: "1a: Good health" is ("1a", "Good health")."""
    return _code(text, _OUTCOME)


def measure_code(text: str) -> tuple[str | None, str]:
    """The code and the title of a measure; a code printed twice is taken off twice."""
    code, title = _code(text, _MEASURE)
    if code is not None:
        again, rest = _code(title, _MEASURE)
        if again == code:
            title = rest
    return code, title


def _code(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[str | None, str]:
    text = text.lstrip()
    if begins_with_figure(text):
        return None, text.strip()
    for pattern in patterns:
        found = pattern.match(text)
        if found:
            code = next(group for group in found.groups() if group)
            if _NOT_A_CODE.match(code) or is_cut(text, found.end(found.lastindex or 0)):
                continue
            return re.sub(r"\s+", "", code).rstrip("."), text[found.end() :].strip()
    return None, text.strip()


def bare_code(text: str) -> str | None:
    """The code in a cell that holds nothing else ("1.", "2.a", "iv)"); None for other words."""
    found = re.fullmatch(
        r"\(?\s*((?:[A-Za-z]{1,4}\s?)?[\d.]{0,6}\s?[A-Za-z]{0,5}\d{0,3})\s*[.):]*", text.strip()
    )
    code = found.group(1).rstrip(".") if found else ""
    return re.sub(r"\s+", "", code) or None if len(code) <= 8 else None


def leading_number(code: str | None) -> str | None:
    """The priority's number in an outcome's code: "2" of "2.a" and of "2.1"; None for "2"."""
    found = re.fullmatch(r"(\d{1,2})(?:\.?[A-Za-z]|\.\d{1,2})", code or "")
    return found.group(1) if found else None


def is_numbered(priority_code: str | None, number: str) -> bool:
    """Whether a priority's code bears this number: "2", "P2" and "SP 2" do for "2"."""
    return re.fullmatch(rf"[^\d]*0*{number}", priority_code or "") is not None


def list_code(label: str) -> str | None:
    """The code in the label of a list that Word numbers: "iv" of "iv)"."""
    return re.sub(r"^[\s(]+|[\s.):]+$", "", label) or None


# ---------------------------------------------------------------------------------- placeholders, flags

_PLACEHOLDER = re.compile(
    r"^\W*(?:placeholder\b|tbc\b|tba\b|tbd\b|to be (?:confirmed|agreed|determined|developed|decided)\b)", re.I
)
_FLAG_WORDS = r"(?:plan|strategy|framework|agreement|dashboard|scorecard|mandate|pledge|compact)"
_FLAG = re.compile(
    rf"((?:[A-Z][\w’'&-]*\s+){{1,5}}?{_FLAG_WORDS}\s+(?:targets?|indicators?|measures?|priority|"
    rf"priorities))(?=\s*[),;])",
    re.I,
)


def is_placeholder(text: str) -> bool:
    """Whether words only hold a place: "Placeholder for …", "TBC", "To be confirmed once …"."""
    return _PLACEHOLDER.match(text) is not None


def flags(text: str) -> list[str]:
    """Marks inside a title's brackets, such as "Nottingham Plan target", in one spelling."""
    found = []
    for bracket in re.findall(r"\([^()]*\)", text):
        for piece in re.split(r"[(,;]", bracket[:-1]):
            match = _FLAG.match(piece.strip() + ")")
            if match:
                words = match.group(1).split()
                found.append(" ".join([*words[:-1], words[-1].lower()]))
    return list(dict.fromkeys(found))


# ---------------------------------------------------------------------------------- dates


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line of a date cell: the numbers of the actions it is for (none: not said) and its words.

    ``whole`` is the line with the numbers, for where they turn out to name no action.
    """

    numbers: tuple[int, ...]
    words: str
    whole: str = ""


_DUE_NUMBERS = re.compile(
    rf"^(?:actions?\s+)?\(?(?P<numbers>\d{{1,2}}(?:\s*(?:,|&|and|to|[{_DASH}])\s*\d{{1,2}})*)\s*"
    rf"(?:[.):]+\s*|\s[{_DASH}]\s+)(?=\D)",
    re.I,
)
_DUE_ALL = re.compile(
    rf"^all(?:\s+actions)?\s*(?:[:{_DASH}]\s*|by\s+|to be (?:completed|done) by\s+)(?=\S)", re.I
)
_INLINE = re.compile(r"(?:^|(?<=\s)|(?<=[;,]))(\d{1,2})[.)]\s*(?=[A-Za-z])")


def due_lines(lines: Sequence[str]) -> list[DueLine]:
    """The dates in a cell's lines, with the actions that they name."""
    found = []
    for line in lines:
        for part in _inline_numbers(" ".join(line.split())):
            match = _DUE_NUMBERS.match(part)
            if match:
                words = part[match.end() :].strip()
                found.append(DueLine(tuple(_numbers(match["numbers"])), words.rstrip(";,").strip(), part))
            elif part:
                every = _DUE_ALL.match(part)
                found.append(DueLine((), part[every.end() :] if every else part, part))
    return found


def _inline_numbers(line: str) -> list[str]:
    """ "1. May 2016 2. June 2016" as two lines, where the numbers run 1, 2, 3."""
    marks = list(_INLINE.finditer(line))
    if (
        len(marks) < 2
        or [int(m.group(1)) for m in marks] != list(range(1, len(marks) + 1))
        or marks[0].start()
    ):
        return [line]
    ends = [m.start() for m in marks[1:]] + [len(line)]
    return [line[m.start() : end].strip() for m, end in zip(marks, ends, strict=True)]


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    for sign, digits in re.findall(r"(to|[-–—]|)\s*(\d{1,2})", text, re.I):
        if sign and numbers and int(digits) > numbers[-1]:
            numbers += range(numbers[-1] + 1, int(digits) + 1)
        else:
            numbers.append(int(digits))
    return numbers


_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\b(?:{_MONTH}\b|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|(?:19|20)\d\d|q[1-4]\b|on-?going|immediate|"
    r"quarterly|monthly|annual(?:ly)?|tbc|spring|summer|autumn|winter)",
    re.I,
)


def looks_like_date(text: str) -> bool:
    """Whether short words tell a time."""
    return len(text) < 60 and _DATE.search(text) is not None
