"""Changes as a person reads them: moments in local time, words taken out and words that came in.

Pure functions but for the machine's time zone. What is shown is a small HTML of our own making, in which
everything that comes out of a plan is escaped.
"""

from __future__ import annotations

import html
from datetime import UTC, date, datetime
from functools import lru_cache

from cypp_desktop.plan.dates import day_in_words, parse_span
from cypp_desktop.plan.differences import ADDED, REMOVED, Piece, shortened, word_differences
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.history_words import Said
from cypp_desktop.ui.theme import Colours

#: Shown of a change that altered no word.
ONLY_LAYOUT = "Only the layout or the style of the words was changed."
_PLACE = "place"


def moment_words(at: str) -> str:
    """A recorded moment in local time: "15 June 2018 14:02"; other text unchanged."""
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone()
    except ValueError:
        return at
    return f"{day_in_words(moment.date().isoformat())} {moment:%H:%M}"


def understood_day(words: str, today: date) -> date | None:
    """The day that words mean, as the first of a period; without a year the last such day. None for none."""
    for typed in (words, f"{words} {today.year}"):
        day = _first_day(typed)
        if day is not None:
            if typed != words and day > today:
                day = _first_day(f"{words} {today.year - 1}")
            return day
    return None


def _first_day(words: str) -> date | None:
    start = parse_span(words).start
    try:
        return date.fromisoformat(words.strip()) if start is None else date.fromisoformat(start)
    except ValueError:
        return None


def in_universal_time(day: date) -> str:
    """The first moment of a local day as the log writes moments."""
    local = datetime(day.year, day.month, day.day).astimezone()
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=500)
def pieces_of(said: Said) -> tuple[Piece, ...]:
    """What was taken out and what came in, with a few words around it."""
    return tuple(shortened(word_differences(said.before, said.after)))


def heading_html(step_name: str, entry: HistoryEntry, colours: Colours) -> str:
    """What a step is called, who made it and when."""
    who = html.escape(f"{entry.author}, {moment_words(entry.at)}")
    name = html.escape(step_name)
    return f'<b>{name}</b> &nbsp;<span style="color:{colours.muted}">{who}</span>'


def change_html(said: Said, place: str, colours: Colours, *, link: bool) -> str:
    """A change: its label and place on one line, the words below it, changed ones marked.

    Words taken out are struck through, those that came in underlined, both beside their colour.
    """
    named = html.escape(place)
    if place and link:
        named = f'<a href="{_PLACE}" style="color:{colours.accent}">{named}</a>'
    label = f'<span style="color:{colours.muted}">{html.escape(said.label)}</span>'
    first = f"{named} &nbsp;{label}" if place else label
    return f'<div>{first}</div><div style="white-space:pre-wrap">{difference_html(said, colours)}</div>'


def difference_html(said: Said, colours: Colours) -> str:
    """The words of a change, those taken out and those that came in marked."""
    if said.before == said.after:
        return f'<span style="color:{colours.muted}">{ONLY_LAYOUT}</span>'
    styles = {
        REMOVED: f"color:{colours.red}; text-decoration:line-through",
        ADDED: f"color:{colours.green}; text-decoration:underline",
    }
    shown = []
    before = None
    for piece in pieces_of(said):
        if piece.kind == ADDED and before == REMOVED:
            shown.append("&nbsp;")
        before = piece.kind
        words = html.escape(piece.text).replace("\n", "<br/>")
        style = styles.get(piece.kind)
        shown.append(f'<span style="{style}">{words}</span>' if style else words)
    return "".join(shown)


def spoken(said: Said) -> str:
    """A change in words alone, for a screen reader: what was taken out and what came in."""
    if said.before == said.after:
        return ONLY_LAYOUT
    removed = [piece.text.strip() for piece in pieces_of(said) if piece.kind == REMOVED]
    added = [piece.text.strip() for piece in pieces_of(said) if piece.kind == ADDED]
    parts = []
    if removed:
        parts.append("taken out: " + "; ".join(removed))
    if added:
        parts.append("came in: " + "; ".join(added))
    return ". ".join(parts)
