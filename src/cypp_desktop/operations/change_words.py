"""Recorded changes in words: when they were made, in local time, what was taken out and what came in.

Pure functions but for the machine's time zone. No Qt here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from cypp_desktop.plan.dates import day_in_words, parse_span
from cypp_desktop.plan.differences import ADDED, REMOVED, TextPiece, shortened, word_differences
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.history_words import Said

#: Shown of a change that altered no word.
ONLY_LAYOUT = "Only the layout or the style of the words was changed."


def moment_words(at: str) -> str:
    """A recorded moment in local time: "15 June 2018 14:02"; other text unchanged."""
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone()
    except (ValueError, OverflowError):
        return at
    return f"{day_in_words(moment.date().isoformat())} {moment:%H:%M}"


def when_words(entry: HistoryEntry) -> str:
    """When a change was made; of one from outside whose date cannot be true, when it was received,
    and that date as a claim.
    """
    words = moment_words(entry.at)
    if entry.claimed_at is None:
        return words
    return f"received {words} (dated {moment_words(entry.claimed_at)} in the file)"


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
def pieces_of(said: Said) -> tuple[TextPiece, ...]:
    """What was taken out and what came in, with a few words around it."""
    return tuple(shortened(word_differences(said.before, said.after)))


def spoken(said: Said) -> str:
    """A change in words alone, for a screen reader: what was taken out and what came in."""
    if said.before == said.after:
        return said.removed.replace("\n", ". ") or ONLY_LAYOUT
    removed = [piece.text.strip() for piece in pieces_of(said) if piece.kind == REMOVED]
    added = [piece.text.strip() for piece in pieces_of(said) if piece.kind == ADDED]
    parts = []
    if removed:
        parts.append("taken out: " + "; ".join(removed))
    if added:
        parts.append("came in: " + "; ".join(added))
    if said.removed:
        parts.append(said.removed.replace("\n", ". "))
    return ". ".join(parts)
