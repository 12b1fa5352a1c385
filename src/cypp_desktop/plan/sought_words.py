"""Words that are to go out of a plan for good: whether a text holds them, and the text without them.

They are found however they are written, as searching finds them: in capitals, with other hyphens or blanks,
over the end of a line, with a part of them in bold, and also as part of a longer word ("the Smiths"). Rather
too much is found than that something is overlooked. Pure functions; knows no plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.folding import fold, fold_with_places

#: What stands in a text in the place of words that were taken out of it.
IN_THEIR_PLACE: Final = "[removed]"
#: Fewer letters than these are in every other word.
FEWEST_LETTERS: Final = 3

_BLANKS = re.compile(r"\s+")
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
        flat = _flat(text)
        return any(folded in flat for folded in self._folded)

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
        flat, places = _flat_with_places(text)
        found: list[tuple[int, int]] = []
        for folded in self._folded:
            at = flat.find(folded)
            while at >= 0:
                found.append((places[at], places[at + len(folded) - 1] + 1))
                at = flat.find(folded, at + len(folded))
        ranges: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if ranges and start < ranges[-1][1]:
                ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
            else:
                ranges.append((start, end))
        return ranges


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
