"""Signs that deceive: characters that nobody sees, or that make others look like something else.

Marks that turn the direction of reading, blanks and joiners without width, controls (a terminal obeys them),
tags, soft hyphens, characters that are private to a font and those that will never be characters. This is the
one place that says which they are and what becomes of them:

- :func:`cleaned` on the way in: a text as a plan keeps it. Most signs go; a line end of another kind becomes
  one of ours; a symbol font's bullet becomes a bullet, another private character the sign for one unknown.
- :func:`shown` and :func:`shown_on_one_line` on the way out: each stands as a mark, such as ``[U+202E]``.

A sign that its neighbours need stays: a joiner in Arabic or Indic script or between two parts of one emoji, a
variation of a symbol, a direction mark beside a right-to-left letter, the tags of a flag. Letters and their
accents, of whatever language, are no signs. Pure: knows no plan.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

#: What symbol fonts (Word's Symbol and Wingdings) leave in the private use area, and what is meant.
_BULLETS = "\uf0b7\uf0a7\uf0d8\uf076\uf06e\uf06c\uf071\uf072\uf075\uf077\uf09f\uf0a8\uf0b2\uf0e0\uf02d"
_MEANT = {
    **dict.fromkeys(_BULLETS, "•"),
    "\uf0fb": "✗",
    "\uf0fc": "✓",
    "\uf0fd": "☒",
    "\uf0fe": "☑",
    "\uf0a3": "≤",
    "\uf0b0": "°",
    "\uf0b1": "±",
    "\uf0b3": "≥",
    "\uf0b4": "×",
}
UNKNOWN = "\ufffd"  # stands where a private character stood

_LINE_ENDS = "\x0b\x0c\r\x85\u2028\u2029"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_DIRECTIONS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
#: Of no width: joiners, soft hyphens, fillers, marks of shorthand, music and annotations, variations, tags.
_UNSEEN = (
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NEVER = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)


@cache
def _sign() -> re.Pattern[str]:
    """Any of them. It takes milliseconds to make, which a program that starts does not have."""
    return re.compile(f"[{_LINE_ENDS}{_PRIVATE}{_CONTROLS}{_DIRECTIONS}{_UNSEEN}{_NEVER}]")


def _has_any(text: str) -> bool:
    """Whether there is any of them in a text. Most texts have none, and are asked often."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return False
    return any(map(_is_one, set(text)))


@lru_cache(maxsize=10_000)
def _is_one(letter: str) -> bool:
    return _sign().match(letter) is not None


def _is_private(sign: str) -> bool:
    return unicodedata.category(sign) == "Co"


# ---------------------------------------------------------------------------------- signs in their place

#: Scripts that need joiners: Hebrew to Arabic, those of India and South East Asia, Tibetan, Mongolian.
_JOINING = (
    "\u0590-\u08ff\u0900-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uabff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
_JOINING_BEYOND = "\U00010a00-\U00010fff\U00011000-\U00011fff\U0001e900-\U0001e95f"
_RIGHT_TO_LEFT = (
    "\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
)
_PICTURES = "©®\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_IDEOGRAPHS = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
#: A sign of the first column stays where what is before it matches the second, and what follows the third.
_IN_PLACE = (
    ("\u200c\u200d", f"[{_JOINING}{_JOINING_BEYOND}]", ""),
    ("\u200c\u200d", "", f"[{_JOINING}{_JOINING_BEYOND}]"),
    ("\u200d", f"[{_PICTURES}]|\ufe0f", f"[{_PICTURES}]"),
    ("\u061c\u200e\u200f", f"[{_RIGHT_TO_LEFT}]", ""),
    ("\u061c\u200e\u200f", "", f"[{_RIGHT_TO_LEFT}]"),
    ("\ufe0e\ufe0f", f"[{_PICTURES}]", ""),
    ("\ufe0f", "[0-9#*]", "\u20e3"),
    ("\ufe00-\ufe02", f"[{_IDEOGRAPHS}\u1000-\u109f\ua840-\ua87f\u2200-\u22ff\u2a00-\u2aff]", ""),
    ("\U000e0100-\U000e01ef", f"[{_IDEOGRAPHS}]", ""),
    ("\u180b-\u180f", "[\u1800-\u18af]", ""),
    ("\u115f\u1160", "[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]", ""),
    ("\u115f\u1160", "", "[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]"),
    ("\u034f", "[\u0590-\u05ff]", ""),
)


@cache
def _in_place() -> tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (re.compile(f"[{signs}]"), re.compile(before), re.compile(after))
        for signs, before, after in _IN_PLACE
    )


#: The flags of England, Scotland and Wales: a black flag, tags that spell the country, and a last one.
_FLAG = "\U0001f3f4\U000e0067\U000e0062(?:{}|{}|{})\U000e007f".format(
    "\U000e0065\U000e006e\U000e0067", "\U000e0073\U000e0063\U000e0074", "\U000e0077\U000e006c\U000e0073"
)


def _belongs(text: str, at: int, flags: frozenset[int]) -> bool:
    """Whether the sign at a place is needed by what stands around it."""
    if at in flags:
        return True
    sign, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if at and sign == text[at - 1]:
        return False
    for signs, needs_before, needs_after in _in_place():
        if signs.match(sign) and needs_before.match(before) and needs_after.match(after):
            return True
    return False


def _flags(text: str) -> frozenset[int]:
    if "\U0001f3f4" not in text:
        return frozenset()
    return frozenset(at for found in re.finditer(_FLAG, text) for at in range(*found.span()))


# ---------------------------------------------------------------------------------- what becomes of them


def cleaned(text: str) -> str:
    """A text as a plan keeps it: without the signs that deceive."""
    return _with_each(text, _kept) if _has_any(text) else text


def _with_each(text: str, instead: Callable[[str, str, int, frozenset[int]], str]) -> str:
    """A text with something in the place of each sign: what ``instead`` gives for the sign, the text, its
    place there, and the places of signs in flags.
    """
    if not _has_any(text):
        return text
    text = text.replace("\r\n", "\n")
    flags = _flags(text)
    return _sign().sub(lambda found: instead(found[0], text, found.start(), flags), text)


def _kept(sign: str, text: str, at: int, flags: frozenset[int]) -> str:
    if sign in _LINE_ENDS:
        return "\n"
    if _is_private(sign):
        return _MEANT.get(sign, UNKNOWN)
    if _belongs(text, at, flags):
        return sign
    return " " if _parts_words(sign, text, at) else ""


def _parts_words(sign: str, text: str, at: int) -> bool:
    """Whether a control, such as a bell, is all that stands between two words."""
    if unicodedata.category(sign) != "Cc":
        return False
    return text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()


def cleaned_value(value: Any) -> Any:
    """Any value that JSON can say, its texts :func:`cleaned`; the same object where nothing is to clean."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, dict):
        parts = {cleaned(key): cleaned_value(part) for key, part in value.items()}
        return value if parts == value else parts
    if isinstance(value, list):
        items = [cleaned_value(item) for item in value]
        same = all(item is before for item, before in zip(items, value, strict=True))
        return value if same else items
    return value


def says(kept: Any, told: Any) -> bool:
    """Whether what a plan keeps is what somebody told, but for the signs that it does not keep."""
    return bool(kept == told) or bool(kept == cleaned_value(told))


def shown(text: str) -> str:
    """A text for a person to judge: each sign that deceives stands there as a mark, such as ``[U+202E]``."""
    return _with_each(text, _marked)


def _marked(sign: str, text: str, at: int, flags: frozenset[int]) -> str:
    if sign in _MEANT:
        return _MEANT[sign]
    return sign if _belongs(text, at, flags) else f"[U+{ord(sign):04X}]"


def shown_on_one_line(text: str) -> str:
    """The same for a label, the name of a file or an author: line ends and tabs are blanks."""
    return shown(text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ").replace("\t", " "))


def escaped(json_text: str) -> str:
    """JSON for a terminal: it says the same, each sign that deceives as its number (``\\u202e``)."""
    flags = _flags(json_text)
    return _sign().sub(lambda found: _numbered(found[0], json_text, found.start(), flags), json_text)


def _numbered(sign: str, text: str, at: int, flags: frozenset[int]) -> str:
    if sign in "\r\n" or _belongs(text, at, flags):
        return sign
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
