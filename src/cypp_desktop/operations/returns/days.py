"""Days and moments as the returns say them."""

from __future__ import annotations

from datetime import date

from cypp_desktop.plan.dates import day_in_words, parse_span


def due_day(words: str, today: date) -> str | None:
    """The day that words mean, as YYYY-MM-DD: the last of a period; without a year the next such day."""
    given = parse_span(words).end
    if given is not None or not words.strip():
        return given
    this_year = parse_span(f"{words} {today.year}").end
    if this_year is not None and this_year < today.isoformat():
        return parse_span(f"{words} {today.year + 1}").end
    return this_year


def days_left(due: str | None, today: date) -> str:
    """How far away a day is: "in 12 days", "today", "3 days late"; nothing for no day."""
    if not due:
        return ""
    try:
        days = (date.fromisoformat(due) - today).days
    except ValueError:
        return ""
    if days == 0:
        return "today"
    if days < 0:
        return "1 day late" if days == -1 else f"{-days} days late"
    return "tomorrow" if days == 1 else f"in {days} days"


def day_words(moment: str | None) -> str:
    """The day of a recorded moment or day, in words; nothing for none."""
    return day_in_words(moment[:10]) if moment else ""
