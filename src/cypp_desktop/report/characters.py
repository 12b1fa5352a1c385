"""Characters as paper and files can hold them: bullets of symbol fonts, and no controls.

Pure: knows neither fonts nor plans.
"""

from __future__ import annotations

import re

from cypp_desktop.plan.signs import cleaned

#: Word's Symbol and Wingdings bullets, which pasting leaves in the private use area
_BULLETS = "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06e\uf06c\uf071\uf072\uf075\uf077\uf09f\uf0a8\uf0b2\uf0e0\uf02d"
_SYMBOLS = {0xF0A3: "≤", 0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×"}
_CLEAN: dict[int, str | None] = {
    **{ord(bullet): "•" for bullet in _BULLETS},
    **_SYMBOLS,
    **dict.fromkeys((0x09, 0x0B, 0x0C, 0x0D, 0x1680, 0x2028, 0x2029, 0x3000), " "),
    # joiners, direction marks and soft hyphens have no width of their own
    **dict.fromkeys((0xAD, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF)),
    **dict.fromkeys(range(0x202A, 0x202F)),
    **dict.fromkeys(range(0x2060, 0x2070)),
    **dict.fromkeys(range(0xFE00, 0xFE10)),
    # nor have the marks of shorthand and of music, and tags, which are parts of flags
    **dict.fromkeys((*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080))),
    # these will never be characters
    **dict.fromkeys(range(0xFDD0, 0xFDF0)),
    **dict.fromkeys(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
}
_ODD = re.compile("[" + "".join(map(chr, _CLEAN)) + "\x00-\x08\x0e-\x1f\x7f-\x9f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """The text as it is printed: symbol-font bullets as bullets, tabs as blanks, no control characters."""
    if (text.isascii() and text.isprintable()) or not _ODD.search(text):
        return text
    return _CONTROL.sub("", text.translate(_CLEAN))


def sayable(words: str) -> str:
    """The words without what an XML or HTML file may not hold, and without the signs that deceive."""
    if words.isascii() and words.isprintable():
        return words
    return cleaned(words)


#: What leads to the web or to a mailbox.
_OPENABLE = re.compile(r"(https?://|mailto:)\S+\Z", re.IGNORECASE)


def is_openable(address: str) -> bool:
    """Whether a link leads to the web or to a mailbox: only those are printed as links."""
    return _OPENABLE.match(address) is not None
