"""Writing that runs from right to left, or whose letters join: which way it goes, and its glyphs.

The directions follow the Unicode bidirectional algorithm (python-bidi), the glyphs come from HarfBuzz. Both
are imported when such a text is first met. A glyph that stands for something else than a character of its own
is given one of the private planes in the font, so that ReportLab embeds it and the file can say what it means
(one glyph may mean several things: the same dots are under an Arabic and a Farsi letter). Knows nothing of
lines or pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from unicodedata import bidirectional, combining

from cypp_desktop.report.pdf.fonts import Glyphs, glyphs_of, load

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
#: for the algorithm, a sign without a direction
_NEUTRAL = "\ufffd"
#: what the algorithm does not take: characters younger than Python's tables, and isolates
_NOT_TAKEN = ("", "LRI", "RLI", "FSI", "PDI")
_ASIDE = 0.02  # ems


class Glyph(NamedTuple):
    """A glyph: how far right and up it is and how wide (at a size of 1 point), and the font's character.

    One that is only a part of what the one before it says has no character, but its outline as a path of
    PDF at a size of 1 point: a hamza on its alef would otherwise be read as a letter of its own.
    """

    across: float
    rise: float
    character: str
    width: float = 0.0
    outline: str = ""


class Shaped(NamedTuple):
    """Glyphs in the order of reading, and their width at a size of 1 point."""

    glyphs: tuple[Glyph, ...]
    width: float


def runs_from_right(text: str) -> bool:
    """Whether any of the text's letters belong to a script that is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def base_level(text: str) -> int:
    """1 where the first letter that has a direction runs from right to left, else 0."""
    from bidi import algorithm

    return int(algorithm.get_base_level(text))


def levels(text: str, base: int) -> list[int]:
    """The embedding level of every character: odd ones run from right to left. No explicit marks."""
    from bidi import algorithm

    storage: dict[str, Any] = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    taken = "".join(each if bidirectional(each) not in _NOT_TAKEN else _NEUTRAL for each in text)
    algorithm.get_embedding_levels(taken, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    found = [int(each["level"]) for each in storage["chars"]]
    return found if len(found) == len(text) else [base] * len(text)


def visual_order(found: Sequence[int]) -> list[int]:
    """The places of things with these levels on a line, from left to right (rule L2)."""
    order = list(range(len(found)))
    lowest = min((level for level in found if level % 2), default=0)
    for level in range(max(found, default=0), max(lowest, 1) - 1, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and found[order[end]] >= level:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = end + 1
    return order


@cache
def shape(font: str, text: str, from_right: bool) -> Shaped:
    """The glyphs of a text of one font and direction."""
    import uharfbuzz

    face, known = _font(font)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if from_right else "ltr"
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    uharfbuzz.shape(face, buffer)
    em = face.face.upem
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    means = {start: text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)}
    glyphs: list[tuple[int, float, float, float, int]] = []
    x = 0.0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        # the second letter of a ligature takes no room of its own, but must be found left of the first
        ends_ligature = from_right and place.x_advance == 0 and not combining(text[info.cluster])
        behind = _ASIDE if ends_ligature else 0.0
        left, wide = x - behind + place.x_offset / em, place.x_advance / em
        glyphs.append((info.cluster, left, place.y_offset / em, wide, info.codepoint))
        x += wide
    found: list[Glyph] = []
    # in a cluster the letter comes before what stands on it
    for start, across, rise, wide, glyph in sorted(glyphs, key=lambda each: (each[0], each[2] != 0.0)):
        said = means.pop(start, None)
        if said is not None:
            found.append(Glyph(across, rise, known.character(glyph, said), wide))
        elif known.has_outline(glyph):
            found.append(Glyph(across, rise, "", wide, _outline(face, glyph)))
    return Shaped(tuple(found), x)


def _outline(face: Any, glyph: int) -> str:
    """The outline of a glyph as a path of PDF, 1 point to the em."""
    import uharfbuzz

    path: list[str] = []
    here = (0.0, 0.0)

    def add(operator: str, *numbers: float) -> None:
        nonlocal here
        scaled = [number / face.face.upem for number in numbers]
        path.append(" ".join(f"{number:.5g}" for number in scaled) + f" {operator}")
        here = (numbers[-2], numbers[-1])

    def curve(x1: float, y1: float, x2: float, y2: float, data: object) -> None:
        x0, y0 = here
        add("c", (x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3, (x2 + 2 * x1) / 3, (y2 + 2 * y1) / 3, x2, y2)

    pen = uharfbuzz.DrawFuncs()
    pen.set_move_to_func(lambda x, y, data: add("m", x, y))
    pen.set_line_to_func(lambda x, y, data: add("l", x, y))
    pen.set_quadratic_to_func(curve)
    pen.set_close_path_func(lambda data: path.append("h"))
    face.draw_glyph(glyph, pen)
    return " ".join(path)


@cache
def _font(name: str) -> tuple[Any, Glyphs]:
    import uharfbuzz

    face: Any = load(name).face
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(face._ttf_data))), glyphs_of(name)
