"""Paragraphs in which some words run from right to left, as lines.

The lines are broken in the order of reading; then the parts of each are put where they are seen, and drawn in
the order of reading all the same, letter by letter where they run from right to left, so that the file says
the words in order. Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from cypp_desktop.plan.blocks import Item, Paragraph, Spans
from cypp_desktop.plan.links import is_openable
from cypp_desktop.report.characters import clean
from cypp_desktop.report.pdf.canvas import LINK
from cypp_desktop.report.pdf.fonts import BOLD, FACES, ITALIC, FontBook, is_private
from cypp_desktop.report.pdf.lines import Links, PrintedLine, PrintedRun, TextRoom, TypeStyle
from cypp_desktop.report.pdf.shaping import (
    Glyph,
    Shaped,
    base_level,
    levels,
    runs_from_right,
    shape,
    visual_order,
)


@dataclass(frozen=True, slots=True)
class _CharacterStyle:
    """What a character has beside its place: its face, its link and its direction."""

    face: int
    link: str | None
    level: int


@dataclass(slots=True)
class _WordPart:
    """Characters of one word that are drawn together; the width is in ems."""

    text: str
    style: _CharacterStyle
    font: str
    shaped: Shaped


@dataclass(slots=True)
class _Word:
    """The parts of a word in the order of reading; ``level`` is that of the blank after it."""

    parts: list[_WordPart]
    blank: float
    level: int

    @property
    def width(self) -> float:
        return sum(part.shaped.width for part in self.parts)


def begins_at_right(item: Item) -> bool:
    """Whether the text of a list's item runs from right to left, so that its label is at the right."""
    first = item.blocks[0]
    text = "".join(span.text for span in first.spans) if isinstance(first, Paragraph) else ""
    return runs_from_right(text) and base_level(text) == 1


def set_mixed(fonts: FontBook, spans: Spans, room: TextRoom, links: Links) -> list[PrintedLine]:
    """The lines of a paragraph in a room; at the right if it begins there."""
    style = room.style
    base = base_level("".join(span.text for span in spans))
    width = room.width / style.size
    lines: list[PrintedLine] = []
    for words in _sentences(fonts, spans, style.face, base, width):
        for line in _broken(words, width):
            wide = sum(word.width for word in line) + sum(word.blank for word in line[:-1])
            left = room.left + (width - wide) * style.size if base else room.left
            lines.append(_line(line, left, style, links))
    return lines


def _sentences(fonts: FontBook, spans: Spans, face: int, base: int, room: float) -> Iterator[list[_Word]]:
    """The words between one line break of the text and the next."""
    characters: list[tuple[str, int, str | None]] = []
    for span in spans:
        own_face, link = face | BOLD * span.bold | ITALIC * span.italic, _opened(span.link)
        characters += [(character, own_face, link) for character in clean(span.text)]
    for is_break, group in groupby(characters, lambda each: each[0] == "\n"):
        if is_break:
            continue
        sentence = list(group)
        text = "".join(character for character, _, _ in sentence)
        found = levels(text, base)
        styled: list[tuple[str, _CharacterStyle]] = []
        for (character, own_face, link), level in zip(sentence, found, strict=True):
            styled.append((character, _CharacterStyle(own_face, link, level)))
        yield list(_words(fonts, styled, room))


def _opened(link: str | None) -> str | None:
    return link if link is not None and is_openable(link) else None


def _words(fonts: FontBook, styled: list[tuple[str, _CharacterStyle]], room: float) -> Iterator[_Word]:
    word: list[tuple[str, _CharacterStyle]] = []
    for character, style in [*styled, (" ", styled[-1][1])]:
        if character != " ":
            word.append((character, style))
        elif word:
            yield from _fitting(fonts, word, room, style)
            word = []


def _fitting(
    fonts: FontBook, characters: list[tuple[str, _CharacterStyle]], room: float, after: _CharacterStyle
) -> Iterator[_Word]:
    """A word, or its pieces where it is wider than a line."""
    word = _Word(_parts(fonts, characters), fonts.blank(after.face), after.level)
    if word.width <= room or len(characters) == 1:
        yield word
        return
    middle = len(characters) // 2
    yield from _fitting(fonts, characters[:middle], room, after)
    yield from _fitting(fonts, characters[middle:], room, after)


def _parts(fonts: FontBook, characters: list[tuple[str, _CharacterStyle]]) -> list[_WordPart]:
    found: list[_WordPart] = []
    for style, group in groupby(characters, lambda each: each[1]):
        text = "".join(character for character, _ in group)
        from_right = style.level % 2 == 1
        for font, run in fonts.runs(style.face, text, from_right):
            if not is_private(run) and (from_right or runs_from_right(run)):
                shaped = shape(font, run, from_right)
            else:
                wide = sum(fonts.advance(font, each) for each in run)
                shaped = Shaped((Glyph(0.0, 0.0, run, wide),), wide)
            found.append(_WordPart(run, style, font, shaped))
    return found


def _broken(words: list[_Word], room: float) -> Iterator[list[_Word]]:
    line: list[_Word] = []
    used = 0.0
    for word in words:
        if line and used + line[-1].blank + word.width > room:
            yield line
            line, used = [], 0.0
        used += word.width + (line[-1].blank if line else 0.0)
        line.append(word)
    if line:
        yield line


def _line(words: list[_Word], left: float, style: TypeStyle, links: Links) -> PrintedLine:
    """One line: every part where it is seen, in the order of reading."""
    things: list[tuple[_WordPart | None, float, int]] = []  # blanks have no part
    for word in words:
        things += [(part, part.shaped.width, part.style.level) for part in word.parts]
        things.append((None, word.blank, word.level))
    last = things.pop()[1]
    places = [0.0] * len(things)
    x = left
    for at in visual_order([level for _, _, level in things]):
        places[at] = x
        x += things[at][1] * style.size
    runs: list[PrintedRun] = []
    for (part, _, _), place in zip(things, places, strict=True):
        runs += _runs(part, place, style, links) if part is not None else [_blank(place, runs[-1], style)]
    goes_left = things[-1][2] % 2 == 1
    end = places[-1] + (-last if goes_left else things[-1][1]) * style.size
    return PrintedLine(style.leading, [*runs, _blank(end, runs[-1], style)])


def _runs(part: _WordPart, x: float, style: TypeStyle, links: Links) -> Iterator[PrintedRun]:
    element = links.of(part.style.link)
    drop = style.drop
    if part.style.link is not None:
        # the place to click is the whole part, whatever glyphs it has
        link = PrintedRun(x, drop, "", part.shaped.width * style.size, part.font, style, element)
        link.link = part.style.link
        yield link
    for across, rise, text, wide, outline in part.shaped.glyphs:
        place, width = x + across * style.size, wide * style.size
        run = PrintedRun(place, drop - rise * style.size, text, width, part.font, style, element)
        run.outline = outline
        if part.style.link is not None:
            run.colour = LINK
        yield run


def _blank(x: float, before: PrintedRun, style: TypeStyle) -> PrintedRun:
    """A blank that belongs to what is before it."""
    return PrintedRun(x, style.drop, " ", 0.0, FACES[style.face], style, before.element)
