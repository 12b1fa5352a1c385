"""Fonts whose letters are no letters: what "ü" in Wingdings, or "P" in Wingdings 2, looks like on paper.

One table for every way in, import and paste. A sign that is not in it counts as a bullet.
"""

from __future__ import annotations

import re

_BULLET = "•"
_MOST_SIGNS = 2  # in one word; more different ones are a word that somebody gave the wrong font

_WINGDINGS = {
    **dict(zip(range(0x80, 0x8B), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True)),
    **dict(zip(range(0x8B, 0x96), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True)),
    **dict(zip(range(0x41, 0x4D), "✌☝👍👎☜☞☝☟✋☺😐☹", strict=True)),
    **dict(zip(range(0xDF, 0xE7), "←→↑↓↖↗↙↘", strict=True)),
    0x22: "✂",
    0x28: "☎",
    0x2A: "✉",
    0x51: "✈",
    0x52: "☼",
    0x54: "❄",
    0x57: "✠",
    0x2D: "-",
    0x6C: "●",
    0x6D: "❍",
    0x6E: "■",
    0x6F: "☐",
    0x70: "☐",
    0x71: "❑",
    0x72: "❒",
    0x73: "⬧",
    0x74: "⧫",
    0x75: "◆",
    0x76: "❖",
    0x77: "⬥",
    0x78: "☒",
    0x9E: "·",
    0x9F: "•",
    0xA0: "▪",
    0xA1: "○",
    0xA4: "◉",
    0xA7: "▪",
    0xA8: "☐",
    0xAB: "★",
    0xB2: "⟡",
    0xD8: "➢",
    0xE8: "→",
    0xEF: "⇦",
    0xF0: "⇨",
    0xF1: "⇧",
    0xF2: "⇩",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS_2 = {
    0x4F: "✗",
    0x50: "✓",
    0x51: "☒",
    0x52: "☑",
    0x53: "☒",
    0x54: "☒",
    0x55: "⊗",
    0x56: "⊗",
    0x95: "●",
    0x96: "•",
    0x97: "●",
    0x98: "●",
    0x9E: "○",
    0xA0: "■",
    0xA1: "■",
    0xA2: "■",
    0xA3: "☐",
}
_WINGDINGS_3 = {
    **dict(zip(range(0x66, 0x6E), "←→↑↓↖↗↙↘", strict=True)),
    0x70: "▲",
    0x71: "▼",
    0x74: "◀",
    0x75: "▶",
    0x7D: "▶",
}
_WEBDINGS = {
    0x61: "✓",
    0x72: "✗",
    0x63: "☐",
    0x67: "■",
    0x6E: "●",
    0x33: "◀",
    0x34: "▶",
    0x35: "▲",
    0x36: "▼",
}
_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SYMBOL = {
    **{at: chr(at) for at in range(0x20, 0x40)},
    **dict(zip(range(0x41, 0x5B), _GREEK[0], strict=True)),
    **dict(zip(range(0x61, 0x7B), _GREEK[1], strict=True)),
    0x5B: "[",
    0x5D: "]",
    0x5F: "_",
    0x7B: "{",
    0x7C: "|",
    0x7D: "}",
    0x7E: "~",
    0x22: "∀",
    0x24: "∃",
    0xA3: "≤",
    0xA5: "∞",
    0xAB: "↔",
    0xAC: "←",
    0xAD: "↑",
    0xAE: "→",
    0xAF: "↓",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xB4: "×",
    0xB7: "•",
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
    0xBC: "…",
    0xD6: "√",
    0xD7: "·",
    0xE5: "∑",
    0xD2: "®",
    0xD3: "©",
    0xD4: "™",
}
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}


def is_symbol_font(name: str | None) -> bool:
    """Whether a font's letters are signs."""
    return name is not None and _plain(name) in _FONTS


def signs_of(text: str, font: str | None) -> str:
    """A text in a symbol font as what is seen of it; a text in another font as it is.

    Its letters may stand in the private area (U+F0FC) or where common letters do ("ü").
    """
    table = _FONTS.get(_plain(font or ""))
    if table is None:
        return text
    return re.sub(r"\S+", lambda word: _signs_of_word(word[0], table), text)


def signs_without_font(text: str) -> str:
    """A text of which no font is known, with the ticks and crosses of Wingdings in it as such."""
    return text.translate(_TICKS) if any("\uf0fb" <= letter <= "\uf0fe" for letter in text) else text


#: What stands in the private area for a tick or a cross, whatever symbol font is meant.
_TICKS = {0xF000 + at: _WINGDINGS[at] for at in range(0xFB, 0xFF)}


def _signs_of_word(word: str, table: dict[int, str]) -> str:
    if any(map(_is_private, word)):
        return "".join(_sign(letter, table) if _is_private(letter) else letter for letter in word)
    if len(set(word)) > _MOST_SIGNS:
        return word
    return "".join(_sign(letter, table) for letter in word)


def _is_private(letter: str) -> bool:
    return "\uf000" <= letter <= "\uf0ff"


def _sign(letter: str, table: dict[int, str]) -> str:
    point = ord(letter)
    if _is_private(letter):
        point -= 0xF000
    elif point > 0xFF:
        point = _WINDOWS.get(letter, 0x100)
        if point == 0x100:
            return letter  # a sign of its own, which another font must draw
    return " " if point == 0x20 else table.get(point, _BULLET)


#: Letters that Windows keeps between 0x80 and 0x9F: a program may have read the font's bytes as them.
_WINDOWS = {bytes([at]).decode("cp1252", "ignore"): at for at in range(0x80, 0xA0)}
_WINDOWS.pop("", None)


def _plain(name: str) -> str:
    """A font's name in one spelling."""
    return " ".join(name.strip(" '\"").casefold().split())
