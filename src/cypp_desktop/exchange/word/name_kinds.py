"""Whether words name a person, an organisation or a post, and what the document shows of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from itertools import pairwise

from cypp_desktop.exchange.word.lists import acronym
from cypp_desktop.exchange.word.names import (
    BODY_NOUNS,
    GIVEN_NAMES,
    HEAD_NOUNS,
    ORGANISATION_WORDS,
    POST_WORDS,
    TITLES,
    words,
)

PEOPLE_SIGN = re.compile(r"\s*(?:/|&|;|,|\n|\band\b|\+)\s*")
_NAME = re.compile(r"(?:[^\W\d_]\.?|(?:Mc|Mac|O['’]|D['’])?[^\W\d_][^\W\d_]+(?:[-'’][^\W\d_]+)*\.?)")
_PARTICLES = words("de da di van von der den al bin el la le ap ab st st. ter")


@dataclass(slots=True)
class Known:
    """What the other lead cells of the document show: names of organisations and of people."""

    organisations: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


class Likeness(IntEnum):
    """How much words are like a person's name."""

    NONE = 0
    POSSIBLE = 1
    SURE = 2


# ---------------------------------------------------------------------------------- people


def people_in(text: str, known: Known | None = None, loose: bool = False) -> list[str]:
    """The people that ``text`` names and nothing else; empty where it names anything else.

    At least one must be known as a person by given name or from another cell, unless ``loose``.
    """
    if not text:
        return []
    names = [name.strip() for name in PEOPLE_SIGN.split(text)]
    likeness = [person_likeness(name, known) for name in names]
    if not all(likeness) or (not loose and max(likeness) < Likeness.SURE):
        return []
    return names


def person_likeness(text: str, known: Known | None = None) -> Likeness:
    """How much words are like a person's name, by themselves and by what the document shows."""
    text = text.strip()
    if known is not None and text in known.people:
        return Likeness.SURE
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    words = bare.split()
    while words and words[0].strip(".").casefold() in TITLES:
        words = words[1:]
    titled = len(words) < len(bare.split())
    fewest = 1 if titled else 2
    if not fewest <= len(words) <= 4:
        return Likeness.NONE
    surely_named = titled or words[0].casefold() in GIVEN_NAMES
    if not all(_could_be_in_a_name(word, surely_named) for word in words):
        return Likeness.NONE
    first = re.split(r"[-'’]", words[0].casefold())[0]
    return Likeness.SURE if titled or first in GIVEN_NAMES else Likeness.POSSIBLE


def _could_be_in_a_name(word: str, surely_named: bool) -> bool:
    """Whether a word could be part of a person's name.

    ``surely_named``: a title or given name begins it, so that "Young" or "Dean" is a surname here.
    """
    plain = word.casefold().strip(".")
    if plain in _PARTICLES:
        return True
    if not _NAME.fullmatch(word) or not word[0].isupper():
        return False
    if not surely_named and (plain in ORGANISATION_WORDS or plain in POST_WORDS):
        return False
    return plain not in HEAD_NOUNS and not (acronym(word) and len(word) > 1)


# ---------------------------------------------------------------------------------- organisations and posts


@cache
def is_like_organisation(text: str) -> bool:
    """Whether a word of a text is usual in names of organisations, or short for one."""
    words = [word.strip("().,:;/–—-*") for word in text.split()]
    return any(
        word.casefold() in ORGANISATION_WORDS - {"and", "of", "the", "for"} or acronym(word) for word in words
    )


def ends_organisation(text: str) -> bool:
    """Whether words may end here as the name of an organisation."""
    last = _last_word(text)
    return last.casefold() in ORGANISATION_WORDS or acronym(last) or text.endswith(")")


def ends_whole(text: str) -> bool:
    """Whether words surely end here as the name of an organisation."""
    last = _last_word(text)
    return last.casefold() in HEAD_NOUNS or acronym(last)


def ends_body(text: str, known: Known) -> bool:
    """Whether words surely end as the name of a body of its own, not of a part of one."""
    last = _last_word(text)
    return last.casefold() in BODY_NOUNS or acronym(last) or text in known.organisations


def _last_word(text: str) -> str:
    """The last word without the signs around it; empty where there is none."""
    parts = text.split()
    return parts[-1].strip("().,:–—-/") if parts else ""


def is_like_post(text: str) -> bool:
    """Whether words name a post: "Head of Early Help"."""
    words = re.findall(r"[\w’'-]+", re.sub(r"\((?:lead|partner)\)", "", text.casefold()))
    if any(word in POST_WORDS and after in ("of", "for") for word, after in pairwise(words)):
        return True
    return any(word in POST_WORDS for word in words) and words[-1] not in HEAD_NOUNS
