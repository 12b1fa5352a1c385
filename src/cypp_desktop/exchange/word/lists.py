"""Names in running text ("A Group, B Board and C"), parted where each is surely a name by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cypp_desktop.exchange.word.names import BARE_ORGANISATIONS, HEAD_NOUNS, words

_BARE_WORDS = frozenset(name.capitalize() for name in BARE_ORGANISATIONS) | {
    name.upper() for name in BARE_ORGANISATIONS
}
_JOIN = re.compile(r"\s*(?:[,;]\s+and\s+|[,;]\s+|\s+and\s+)")
# Ends of names of groups and of plans, beside those of organisations.
_PLAN_NOUNS = words(
    "strategy plan protocol programme framework policy agreement charter review strategies plans"
)
_GENERIC = words("action implementation delivery improvement annual business the strategic work a")


def split_list(line: str, bare: bool = True) -> list[str]:
    """Names in running text ("A Group, B Board and C"), parted only where each stands by itself.

    "MASH, EHU and AAS Improvement Plan" and "District and Borough Councils" stay whole. With
    ``bare``, single words such as "Police" or "NCC" stand by themselves too. A stroke or "&" parts
    whole names only: "Oak Council / Ash CCG", but not "Nottingham City/ CCG".
    """
    parted = _parted_by_sign(line, bare)
    if parted is not None:
        names: list[str] = []
        for part in parted:
            names += split_list(part, bare)
        return names
    whole = re.sub(r"\([^()]*\)", _without_joins, line)
    joins = list(_JOIN.finditer(whole))
    if not joins or len(joins) > _MOST_JOINS:
        return [line]
    found = _ListOfNames(whole, joins, bare).names()
    if found is None or len(found) == 1:
        return [line]
    return [part.replace("\0", ",").replace("\1", " and ").strip() for part in found]


def _without_joins(bracket: re.Match[str]) -> str:
    """A bracket in which commas and "and" part nothing."""
    return bracket.group().replace(",", "\0").replace(" and ", "\1")


class _ListOfNames:
    """A line with commas and "and"s, and the ways to part it at them."""

    def __init__(self, line: str, joins: Sequence[re.Match[str]], bare: bool) -> None:
        self.line = line
        self.joins = joins
        self.bare = bare
        self.has_comma = any(_is_comma(join) for join in joins)
        between_commas = [part.strip() for part in re.split(r"[,;]\s+(?:and\s+)?", line)]
        alone = sum(stands_alone(part, bare) for part in between_commas)
        # where most parts are names beyond doubt, others that begin with capitals are names too
        self.is_lenient = bare and len(between_commas) >= 3 and alone >= 0.6 * len(between_commas)

    def names(self) -> list[str] | None:
        """The names, where the line can be parted so that each is one; the earliest cuts that do."""
        #: for each join to part at, the names after it; None where no cuts make names of all of that
        after: dict[int, list[str] | None] = {}
        for first in range(len(self.joins), -1, -1):
            after[first] = self._names_from(first, after)
        return after[0]

    def _names_from(self, first: int, after: dict[int, list[str] | None]) -> list[str] | None:
        """The names from the end of the join before ``first`` on."""
        start = self.joins[first - 1].end() if first else 0
        opened = first == 0 or _is_comma(self.joins[first - 1])
        for at in range(first, len(self.joins)):
            rest = after[at + 1]
            if rest is not None and self._is_cut(start, opened, self.joins[at]):
                return [self.line[start : self.joins[at].start()], *rest]
        last = self.line[start:]
        return [last] if self._is_name(last, opened) else None

    def _is_cut(self, start: int, opened: bool, join: re.Match[str]) -> bool:
        """Whether a name from ``start`` ends at a join; ``opened`` is whether a comma stands before it."""
        part = self.line[start : join.start()]
        if _is_comma(join):
            return self._is_name(part, opened)
        if not stands_alone(part, self.bare):
            return False
        return self.has_comma or _strong_pair(part, self.line[join.end() :])

    def _is_name(self, part: str, opened: bool) -> bool:
        return stands_alone(part, self.bare) or (self.is_lenient and opened and _proper(part))


def _is_comma(join: re.Match[str]) -> bool:
    return "," in join.group() or ";" in join.group()


_MOST_JOINS = 14


def _parted_by_sign(line: str, bare: bool) -> list[str] | None:
    pieces = re.split(r"\s*/\s*|\s+\+\s+", line)
    if len(pieces) > 1 and all(
        stands_alone(piece, bare) or re.match(r"NHS [A-Z]", piece) for piece in pieces
    ):
        return pieces
    pieces = re.split(r"\s+&\s+", line)
    if len(pieces) > 1 and all(_INSTITUTION.search(piece) for piece in pieces):
        return pieces
    return None


_INSTITUTION = re.compile(
    r"\b(?:Council|CCG|Police|Constabulary|Trust|NHS|University|College|Hospital|Academy|Association)$"
)


def _proper(text: str) -> bool:
    """Two to five capital words, as in "Nottingham City"."""
    words = text.split()
    return 2 <= len(words) <= 5 and "," not in text and all(word[0].isupper() for word in words)


def _strong_pair(before: str, after: str) -> bool:
    """Whether "before and after" without a comma are surely two names."""

    def strong(text: str) -> bool:
        words = re.sub(r"\s*\([^()]*\)\s*$", "", text).split()
        return bool(words) and (len(words) > 1 or acronym(words[-1]) or words[-1] in _BARE_WORDS)

    pair = f"{before} and {after}".casefold()
    compounds = ["health and wellbeing", "health and social", "education and skills", "children and families"]
    compounds += (
        "fire and rescue",
        "schools and learning",
        "education and learning",
        "schools and education",
    )
    return strong(before) and strong(after) and not any(compound in pair for compound in compounds)


def stands_alone(text: str, bare: bool) -> bool:
    """Whether words are a whole name by themselves; ``bare`` lets single words be one."""
    words = _AFTER_NAME.sub("", text.strip()).split()
    if not words:
        return False
    if len(words) == 1:
        return bare and (acronym(words[0]) or words[0].strip(".,") in _BARE_WORDS)
    only_generic = all(word.casefold() in _GENERIC for word in words[:-1])
    has_capital = any(word[0].isupper() for word in words)
    is_enumeration = "," in text and " and " not in text
    if only_generic or not has_capital or is_enumeration:
        return False
    last = words[-1].strip(".,").casefold()
    return last in HEAD_NOUNS or last in _PLAN_NOUNS or (bare and acronym(words[-1]))


# A bracket, years or ages after a name: "… Plan 2015-2017", "… Programme 0-19 (PHE 2016)".
_AFTER_NAME = re.compile(r"(?:\s*\([^()]*\)|\s+\d+(?:\s?[-–/]\s?\d+)?)+\s*$")


def acronym(word: str) -> bool:
    """Whether a word is short for a name: "NCC", "CCGs"."""
    bare = word.strip("().,:/–—-")
    return len(bare) >= 2 and bool(re.fullmatch(r"[A-Z][A-Z&0-9]*[A-Z0-9]s?", bare))
