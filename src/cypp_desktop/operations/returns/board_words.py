"""The board of returns in words: each state with its shape, the cells of a line, the summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from cypp_desktop.merge.returns import IssueLine, ReturnState
from cypp_desktop.operations.returns.days import day_words, days_left
from cypp_desktop.plan.words import counted

#: Every state of a return with its shape and its word; the order in which a person looks for them.
STATES: Final[Mapping[ReturnState, tuple[str, str]]] = {
    ReturnState.LATE: ("■", "Late"),
    ReturnState.EMPTY: ("□", "Came back empty"),
    ReturnState.ASKED: ("○", "Asked"),
    ReturnState.OPENED: ("◐", "Opened"),
    ReturnState.RETURNED: ("●", "Returned"),
    ReturnState.MERGED: ("✓", "Merged"),
    ReturnState.WITHDRAWN: ("–", "Taken back"),
}
#: The headings of the cells of a line.
COLUMNS: Final = ("State", "Organisation", "Due", "Missing", "Sent", "Round")


def in_order(lines: Iterable[IssueLine]) -> list[IssueLine]:
    """The lines of the board as a person works through them: late ones first, then by the day due."""
    order = list(STATES)
    return sorted(
        lines,
        key=lambda line: (
            order.index(line.state) if line.state in order else len(order),
            line.due or "9999",
            line.organisation.casefold(),
        ),
    )


def cells(line: IssueLine, today: date) -> list[str]:
    """What stands in the columns for a return."""
    shape, word = STATES[line.state]
    return [
        f"{shape} {word}",
        line.organisation,
        _due_words(line, today),
        _missing_words(line),
        day_words(line.issued_at),
        line.round_name or "",
    ]


def _due_words(line: IssueLine, today: date) -> str:
    due = day_words(line.due)
    if line.state not in (ReturnState.ASKED, ReturnState.OPENED, ReturnState.LATE, ReturnState.EMPTY):
        return due
    away = days_left(line.due, today)
    return f"{due} ({away})" if away else due


def _missing_words(line: IssueLine) -> str:
    if not line.measures or line.is_withdrawn:
        return ""
    if not line.missing:
        return "nothing"
    return f"{len(line.missing)} of {counted(line.measures, 'measure')}"


def more_of_state(line: IssueLine) -> str:
    """What more is known of a return than its state."""
    if line.state == ReturnState.EMPTY:
        when = f" on {day_words(line.received_at)}" if line.received_at else ""
        return f"Came back{when} with nothing filled in of what was asked, so it is still to be answered"
    if line.received_at:
        return f"Last came back on {day_words(line.received_at)}"
    if line.is_opened:
        return "Somebody has written in the file where it was put, and is not finished yet"
    if line.state == ReturnState.RETURNED:
        return "The file is there, finished, and not taken in yet"
    return "Whether it was opened is not known" if line.state in (ReturnState.ASKED, ReturnState.LATE) else ""


def summary(lines: Sequence[IssueLine]) -> str:
    """How many returns there are in each state; nothing for none."""
    if not lines:
        return ""
    counts = []
    for state, (shape, word) in STATES.items():
        number = sum(line.state == state for line in lines)
        if number:
            counts.append(f"{shape} {number} {word.lower()}")
    return f"{counted(len(lines), 'return')} sent out: {', '.join(counts)}"
