"""The protective marking of a plan, such as OFFICIAL-SENSITIVE, as it is shown wherever the plan's words are:
on every page, in titles of windows, in returns and in the subject of letters; never in the name of a file.
"""

from __future__ import annotations


def shown_marking(marking: str | None) -> str:
    """A marking in capitals on one line; empty where there is none."""
    return " ".join((marking or "").upper().split())


def marked(marking: str | None, words: str) -> str:
    """A subject or title with the marking before it."""
    shown = shown_marking(marking)
    return f"{shown}: {words}" if shown else words
