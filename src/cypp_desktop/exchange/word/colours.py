"""Colours of cells that say red, amber or green without a word."""

from __future__ import annotations

import colorsys
import re

from cypp_desktop.exchange.word.package import Element, W

_STATUS_HEADING = re.compile(r"\b(?:b?rag|status|rating|progress|on track)\b", re.I)
_SAYS_IT = re.compile(r"\b(?:red|amber|green|yellow|blue|on track|off track|at risk|complete\w*)\b", re.I)
_SHORT = 12  # letters; more are words, to which the colour is an ornament


def colour_of_cell(cell: Element, words: str, heading: str) -> str | None:
    """Red, amber or green, where that is all a cell says; ``heading`` stands over it."""
    colour = _named(_fill(cell)) or _named(_ink(cell, words))
    if colour is None or _SAYS_IT.search(words):
        return None
    letters = re.sub(r"[\W_]+", "", words)
    if letters and (len(letters) > _SHORT or not _STATUS_HEADING.search(heading)):
        return None
    return colour


def may_have_colours(data: bytes) -> bool:
    """Whether a part has colours of traffic lights at all."""
    found = {code[1].decode() for code in re.finditer(rb':(?:fill|val)="([0-9A-Fa-f]{6})"', data)}
    return any(map(_named, found))


def _fill(cell: Element) -> str:
    shading = cell.find(f"{W}tcPr/{W}shd")
    return "" if shading is None else shading.get(W + "fill", "")


def _ink(cell: Element, words: str) -> str:
    """The colour of the only sign in a cell, such as a dot."""
    colour = cell.find(f".//{W}rPr/{W}color")
    is_sign = bool(words.strip()) and re.search(r"\w", words) is None
    return colour.get(W + "val", "") if colour is not None and is_sign else ""


def _named(code: str) -> str | None:
    """Red, amber or green for the colour of a traffic light; None for pale and other colours."""
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", code):
        return None
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < 0.5 or value < 0.4:
        return None
    degrees = hue * 360
    if degrees <= 14 or degrees >= 345:
        return "red"
    if degrees <= 65:
        return "amber"
    return "green" if 75 <= degrees <= 165 else None
