"""Where the words of a Markdown link end, found for all brackets of a paragraph in one pass.

The parser's own search begins anew at each bracket, and takes some 200 looks at each. This one gives the same
answers, for the dialect of :mod:`cypp_desktop.plan.blocks`: no code, no HTML, no pictures, no references.
"""

from __future__ import annotations

from markdown_it import helpers
from markdown_it.rules_inline import StateInline

_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_BLANK = " \t\n"


class Helpers:
    """What the parser's rule for links asks."""

    parseLinkDestination = staticmethod(helpers.parseLinkDestination)
    parseLinkTitle = staticmethod(helpers.parseLinkTitle)

    @staticmethod
    def parseLinkLabel(state: StateInline, start: int, disableNested: bool = False) -> int:
        """Where the label that begins at ``start`` ends; -1 where it is no link's."""
        known = state.env.get("labels")
        if known is None or known[0] is not state.src:
            known = state.env["labels"] = (state.src, _ends_of_labels(state.src))
        end: int = known[1].get(start, -1)
        return end if end < state.posMax else -1


def _ends_of_labels(text: str) -> dict[int, int]:
    """For the bracket that opens each link, the one that closes its words."""
    found: dict[int, int] = {}
    opened: list[int] = []
    holds_link = 0  # how many of those that are open, from the outermost, hold a link already
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "\\" and text[at + 1 : at + 2] in _PUNCTUATION:
            at += 1
        elif sign == "[":
            opened.append(at)
        elif sign == "]" and opened:
            start = opened.pop()
            if len(opened) < holds_link:
                holds_link = len(opened)
            elif (end := _end_of_address(text, at + 1)) > 0:
                found[start] = at
                holds_link = len(opened)
                at = end - 1
        at += 1
    return found


def _end_of_address(text: str, at: int) -> int:
    """Where what stands in brackets behind a link's words ends; 0 where it is no address."""
    if text[at : at + 1] != "(":
        return 0
    at = _behind_blanks(text, at + 1)
    address = helpers.parseLinkDestination(text, at, len(text))
    if address.ok:
        after = _behind_blanks(text, address.pos)
        title = helpers.parseLinkTitle(text, after, len(text))
        at = _behind_blanks(text, title.pos) if title.ok and after > address.pos else after
    return at + 1 if text[at : at + 1] == ")" else 0


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at
