"""Words that are to go out of a plan for good: whether a text holds them, and the text without them.

They are found however they are written, as searching finds them: in capitals, with other hyphens or blanks,
over the end of a line or parted there by a hyphen, with a part of them in bold or under a link, in what a
link leads to, and also as part of a longer word ("the Smiths"). Rather too much is found than that something
is overlooked. Pure functions; knows no plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.folding import fold, fold_with_places

#: What stands in a text in the place of words that were taken out of it.
IN_THEIR_PLACE: Final = "[removed]"
#: Fewer letters than these are in every other word.
FEWEST_LETTERS: Final = 3

_BLANKS = re.compile(r"\s+")
#: Where a link leads to, as Markdown has it behind the words of the link.
_TARGET = re.compile(r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
#: What stands between the parts of words and is not read: that, and a hyphen at the end of a line.
_UNREAD = re.compile(rf"{_TARGET.pattern}|(?<=\w)[-\u2010\u00ad][^\S\n]*\n\s*(?=\w)")
_AT_THE_ENDS: Final = " \t\r\n-.,;:!?()"


class SoughtWords:
    """One or several wordings, each to be found as a whole."""

    def __init__(self, wordings: Iterable[str]) -> None:
        """Raises UsageError where there are none, or one of them is too short to mean anything."""
        self.wordings = tuple(dict.fromkeys(filter(None, (each.strip(_AT_THE_ENDS) for each in wordings))))
        self._folded = tuple(dict.fromkeys(map(_flat, self.wordings)))
        if not self._folded:
            raise UsageError("Say which words are to be removed.")
        for folded in self._folded:
            if sum(letter.isalnum() for letter in folded) < FEWEST_LETTERS:
                raise UsageError(f"Words to be removed need {FEWEST_LETTERS} letters or digits at least.")

    def in_text(self, text: str) -> bool:
        """Whether a text holds any of the words."""
        return any(folded in flat for flat in _readings(text) for folded in self._folded)

    def in_value(self, value: Any) -> bool:
        """Whether a stored value holds any of the words, however deep: in a list, in a layout's settings."""
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, Mapping):
            return any(self.in_value(key) or self.in_value(each) for key, each in value.items())
        if isinstance(value, list):
            return any(map(self.in_value, value))
        return False

    def without(self, value: Any) -> Any:
        """A stored value with ``[removed]`` in the place of the words."""
        if isinstance(value, str):
            return self._text_without(value)
        if isinstance(value, Mapping):
            return {self.without(key): self.without(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.without(each) for each in value]
        return value

    def _text_without(self, text: str) -> str:
        while ranges := self._ranges(text):
            parts: list[str] = []
            behind = 0
            for start, end in ranges:
                parts += (text[behind:start], IN_THEIR_PLACE)
                behind = end
            shorter = "".join((*parts, text[behind:]))
            if self.in_text(IN_THEIR_PLACE):  # whoever takes out "removed" would never come to an end
                return shorter.replace(IN_THEIR_PLACE, "…")
            text = shorter
        return text

    def _ranges(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in a text: from and to, in order, none over another."""
        found: list[tuple[int, int]] = []
        for flat, places in _readings_with_places(text):
            for folded in self._folded:
                at = flat.find(folded)
                while at >= 0:
                    found.append(_with_links(text, places[at], places[at + len(folded) - 1] + 1))
                    at = flat.find(folded, at + len(folded))
        found += [
            (target.start() + 2, target.end() - 1)
            for target in _TARGET.finditer(text)
            if any(folded in _flat(unquote(target.group())) for folded in self._folded)
        ]
        ranges: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if ranges and start < ranges[-1][1]:
                ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
            else:
                ranges.append((start, end))
        return ranges


def _readings(text: str) -> Iterator[str]:
    """A text as it is compared, in each way in which it may be read."""
    yield _flat(text)
    if _UNREAD.search(text):
        yield _flat(_UNREAD.sub("", text))
        for target in _TARGET.finditer(text):
            yield _flat(unquote(target.group()))


def _readings_with_places(text: str) -> Iterator[tuple[str, list[int]]]:
    """The same but for what stands in targets of links, and for each letter the place that it comes from."""
    yield _flat_with_places(text)
    read, behind = list[int](), 0
    for unread in _UNREAD.finditer(text):
        read += range(behind, unread.start())
        behind = unread.end()
    if behind:
        read += range(behind, len(text))
        flat, places = _flat_with_places("".join(text[place] for place in read))
        yield flat, [read[place] for place in places]


def _with_links(text: str, start: int, end: int) -> tuple[int, int]:
    """A part of a text, with what makes a link of it where only a part of the link's words are in it."""
    begun, ended = text.count("[", start, end), text.count("](", start, end)
    if begun < ended and text[start - 1 : start] == "[":
        start -= 1
    target = _TARGET.match(text, end)
    return start, target.end() if begun > ended and target else end


def _flat(text: str) -> str:
    """A text as it is compared: folded, and every run of blanks and line ends one blank."""
    return _BLANKS.sub(" ", fold(text))


def _flat_with_places(text: str) -> tuple[str, list[int]]:
    """The same, and for each of its letters the place in the text that it comes from."""
    folded, places = fold_with_places(text)
    parts: list[str] = []
    kept: list[int] = []
    behind = 0
    for blank in _BLANKS.finditer(folded):
        parts += (folded[behind : blank.start()], " ")
        kept += places[behind : blank.start() + 1]
        behind = blank.end()
    parts.append(folded[behind:])
    kept += places[behind:]
    return "".join(parts), kept
