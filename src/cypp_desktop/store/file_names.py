"""Names of files that are made from other words: of a plan's file, an organisation, a title.

A disk takes a name of 255 bytes, of which a Welsh or Arabic letter takes two or more. Pure: asks no disk.
"""

from __future__ import annotations

import hashlib
import re

#: The longest name of a file, in bytes of UTF-8, that every usual disk takes.
LONGEST_NAME = 255
_LONGEST_PART = 60  # characters of a part of a file name
_LONGEST_PART_BYTES = 120
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')


def fitting_name(stem: str, more: str, ending: str) -> str:
    """``stem``, ``more`` and ``ending`` as the name of a file; where that is too long, with less of the stem.

    What was left out of the stem is told by a few letters, so that two long stems stay two names.
    """
    whole = f"{stem}{more}{ending}"
    if _length(whole) <= LONGEST_NAME:
        return whole
    if _length(ending) > _LONGEST_PART_BYTES:  # a full stop somewhere in a long name begins no ending
        stem, ending = stem + ending, ""
    told = "~" + hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return _cut(stem, LONGEST_NAME - _length(told + more + ending)).rstrip(" .") + told + more + ending


def part_of_name(words: str, otherwise: str) -> str:
    """Words as a part of a file name that every system takes; ``otherwise`` where nothing is left of them."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", words).split())
    short = plain.encode("utf-8", "ignore").decode()[:_LONGEST_PART]
    return _cut(short, _LONGEST_PART_BYTES).strip(" .") or otherwise


def name_for(stem: str, organisation: str, ending: str, taken: set[str]) -> str:
    """The name of an organisation's own file, unlike those ``taken``, which it joins."""
    more = f" - {part_of_name(organisation, 'organisation')}"
    name, count = fitting_name(stem, more, ending), 1
    while name.casefold() in taken:
        count += 1
        name = fitting_name(stem, f"{more} ({count})", ending)
    taken.add(name.casefold())
    return name


def _length(words: str) -> int:
    return len(words.encode("utf-8", "surrogatepass"))


def _cut(words: str, size: int) -> str:
    """The beginning of the words, in so many bytes at most; no letter is cut in two."""
    if _length(words) <= size:
        return words
    return words.encode("utf-8", "surrogateescape")[:size].decode("utf-8", "ignore")
