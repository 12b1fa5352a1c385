"""Names in running text ("A Group, B Board and C"), parted where each is surely a name by itself."""

from __future__ import annotations

import re
from functools import cache

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
        return [name for part in parted for name in split_list(part, bare)]
    whole = re.sub(r"\([^()]*\)", lambda m: m.group().replace(",", "\0").replace(" and ", "\1"), line)
    joins = list(_JOIN.finditer(whole))
    if not joins or len(joins) > 14:
        return [line]
    bounds = [(m.start(), m.end(), "," in m.group() or ";" in m.group()) for m in joins]
    comma = any(c for *_, c in bounds)
    rough = [part.strip() for part in re.split(r"[,;]\s+(?:and\s+)?", whole)]
    alone = sum(stands_alone(part, bare) for part in rough)
    lenient = bare and len(rough) >= 3 and alone >= 0.6 * len(rough)

    @cache
    def parts(start: int, at: int, opened: bool) -> tuple[str, ...] | None:
        """The names from ``start`` on; ``opened`` is whether a comma stands before it."""
        for i in range(at, len(bounds)):
            end, resume, is_comma = bounds[i]
            part = whole[start:end]
            if not (stands_alone(part, bare) or (lenient and opened and is_comma and _proper(part))):
                continue
            if not is_comma and not comma and not _strong_pair(part, whole[resume:]):
                continue
            rest = parts(resume, i + 1, is_comma)
            if rest is not None:
                return (part, *rest)
        last = whole[start:]
        return (last,) if stands_alone(last, bare) or (lenient and opened and _proper(last)) else None

    found = parts(0, 0, True)
    if found is None or len(found) == 1:
        return [line]
    return [part.replace("\0", ",").replace("\1", " and ").strip() for part in found]


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
    last = words[-1].strip(".,").casefold()
    if len(words) == 1:
        return bare and (acronym(words[0]) or words[0].strip(".,") in _BARE_WORDS)
    if all(word.casefold() in _GENERIC for word in words[:-1]) or not any(
        word[0].isupper() for word in words
    ):
        return False
    if "," in text and " and " not in text:
        return False
    return last in HEAD_NOUNS or last in _PLAN_NOUNS or (bare and acronym(words[-1]))


# A bracket, years or ages after a name: "… Plan 2015-2017", "… Programme 0-19 (PHE 2016)".
_AFTER_NAME = re.compile(r"(?:\s*\([^()]*\)|\s+\d+(?:\s?[-–/]\s?\d+)?)+\s*$")


def acronym(word: str) -> bool:
    """Whether a word is short for a name: "NCC", "CCGs"."""
    bare = word.strip("().,:/–—-")
    return len(bare) >= 2 and bool(re.fullmatch(r"[A-Z][A-Z&0-9]*[A-Z0-9]s?", bare))
