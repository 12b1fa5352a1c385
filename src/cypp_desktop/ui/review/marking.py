"""Words taken out and words that came in, marked by more than colour: struck through, and underlined.

Everything that comes out of a plan or a file is escaped. Knows the window's colours and no widget.
"""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Final

from cypp_desktop.plan.differences import ADDED, REMOVED, TextPiece, word_differences
from cypp_desktop.ui.theme import Colours

#: More letters than these are not shown at once: no window could lay them out in time.
MOST: Final = 40_000


@lru_cache(maxsize=64)
def _pieces(before: str, after: str) -> tuple[TextPiece, ...]:
    return tuple(word_differences(before, after))


def marked_html(before: str | None, after: str, colours: Colours) -> str:
    """The words of a version, against what was before; without that, as they are."""
    after = _cut(after)
    if before is None or before == after:
        return _plain(after)
    styles = {
        REMOVED: f"color:{colours.red}; text-decoration:line-through",
        ADDED: f"color:{colours.green}; text-decoration:underline; font-weight:600",
    }
    shown = []
    last = None
    for piece in _pieces(_cut(before), after):
        if piece.kind == ADDED and last == REMOVED:
            shown.append(" ")
        last = piece.kind
        style = styles.get(piece.kind)
        words = html.escape(piece.text).replace("\n", "<br/>")
        shown.append(f'<span style="{style}">{words}</span>' if style else words)
    return _wrapped("".join(shown))


def spoken(before: str | None, after: str) -> str:
    """A version against what was before, for a screen reader."""
    after = _cut(after)
    if before is None or before == after:
        return after
    found = {
        kind: [piece.text.strip() for piece in _pieces(_cut(before), after) if piece.kind == kind]
        for kind in (REMOVED, ADDED)
    }
    parts = [
        f"{words}: {'; '.join(filter(None, found[kind]))}"
        for kind, words in ((REMOVED, "taken out"), (ADDED, "came in"))
        if any(found[kind])
    ]
    return ". ".join(parts) or "Only the layout of the words is different"


def _plain(words: str) -> str:
    return _wrapped(html.escape(words).replace("\n", "<br/>"))


def _wrapped(inner: str) -> str:
    return f'<div style="white-space:pre-wrap">{inner}</div>'


def _cut(words: str) -> str:
    return words if len(words) <= MOST else words[: MOST - 2].rpartition(" ")[0] + " …"
