"""Words as searching compares them: no capitals, accents, quotation marks or kinds of hyphen.

What a person types finds "re-offending" and "reoffending", "children’s" and "childrens",
"6–8 weeks" and "6-8 weeks", "café" and "CAFE". Pure functions over text; knows no plan.

Folding goes letter by letter, so that a place in the folded text always leads back to one in the
text itself. The signs that Markdown is made of (``* _ \\ [ ] |``) are left out too: a Markdown text
and its plain words then fold to the same, but for the markers of lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

Range = tuple[int, int]

_DROPPED = frozenset("'’‘‛`´\"“”„‟«»‹›′″*_\\[]")
_PHRASE_MARKS = re.compile('["“”„‟]')


class _Folding(dict[int, str]):
    """What each letter folds to, worked out when it first occurs."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = "" if letter in _DROPPED else "".join(map(_plain, _decomposed(letter)))
        self[code] = folded
        return folded


def _decomposed(letter: str) -> str:
    compatible = unicodedata.normalize("NFKD", letter).casefold()
    return unicodedata.normalize("NFKD", compatible)


def _plain(letter: str) -> str:
    if letter in "\n\r":
        return "\n"
    if letter.isspace() or letter in "|—―":
        return " "
    category = unicodedata.category(letter)
    if category == "Pd":
        return "-"
    if letter in _DROPPED or category in ("Mn", "Me", "Cf", "Cc"):
        return ""
    return letter


_FOLDING = _Folding()
#: A hyphen inside a word, and a blank before a blank: neither tells words apart. (What is looked behind
#: comes after the letter itself, which is many times faster.)
_GLUE = re.compile(r"-(?<=[^\W\d_]-)(?=[^\W\d_])| (?= )")


def fold(text: str) -> str:
    """A text as searching compares it. Lines stay lines."""
    folded = text.translate(_FOLDING)
    return _GLUE.sub("", folded) if "-" in folded or "  " in folded else folded


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each letter of it the place in ``text`` that it comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for folded in _FOLDING[ord(letter)]:
            letters.append(folded)
            places.append(place)
    folded = "".join(letters)
    ends = [0]
    for glue in _GLUE.finditer(folded):
        ends += glue.span()
    ends.append(len(folded))
    kept = [range(start, end) for start, end in list(pairwise(ends))[::2]]
    return (
        "".join(folded[part.start : part.stop] for part in kept),
        [places[at] for part in kept for at in part],
    )


def terms_of(words: str) -> tuple[str, ...]:
    """What must all be found for the words in a find box; words in double quotes are one phrase."""
    found: list[str] = []
    parts = _PHRASE_MARKS.split(words)
    for number, part in enumerate(parts):
        folded = fold(part).split()
        closed = number < len(parts) - 1
        found += [" ".join(folded)] if number % 2 and closed else folded
    return tuple(dict.fromkeys(term for term in found if term))


def ranges_of(text: str, terms: Iterable[str]) -> list[Range]:
    """Where the terms occur in a text: (start, end) pairs in order that do not overlap."""
    folded, places = fold_with_places(text)
    found: list[Range] = []
    for term in terms:
        at = folded.find(term)
        while at >= 0:
            found.append((places[at], _after(text, places[at + len(term) - 1])))
            at = folded.find(term, at + len(term))
    return _merged(sorted(found))


def _after(text: str, last: int) -> int:
    """The place behind a letter and the accents that stand on it."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def utf16_place(text: str, place: int) -> int:
    """A place in a text counted in UTF-16, as Qt counts: a letter beyond the first 65,536 is two."""
    return place + sum(ord(letter) > 0xFFFF for letter in text[:place])


def _merged(ranges: Sequence[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
