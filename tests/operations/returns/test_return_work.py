"""What a partner has still to do in a return, and what is said when it is saved as finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from cypp_desktop.operations.returns.asked_return import AskedReturn
from cypp_desktop.operations.returns.return_work import ReturnWork, RowKey, finished_words

ROWS: tuple[RowKey, ...] = (("outcome", "a"), ("measure", "b"), ("measure", "c"))


@pytest.mark.parametrize(
    ("done", "after", "following"),
    [
        ((), None, "a"),
        (("a",), None, "b"),
        ((), "b", "c"),
        ((), "c", "a"),
        (("a",), "c", "b"),
        (("a", "c"), "b", "b"),
        (("a", "b", "c"), "a", None),
    ],
)
def test_the_next_to_do_comes_after_this_one_and_the_first_after_the_last(
    done: tuple[str, ...], after: str | None, following: str | None
) -> None:
    work = ReturnWork(rows=ROWS, done=frozenset(done))
    here = next((key for key in ROWS if key[1] == after), None)
    found = work.next_to_do(here)
    assert (found[1] if found is not None else None) == following


@pytest.mark.parametrize(
    ("done", "still"),
    [
        (("a", "b", "c"), ""),
        (("a", "b"), " 1 of 3 is still to do: you can go on, and finish again."),
        (("a",), " 2 of 3 are still to do: you can go on, and finish again."),
    ],
)
def test_what_is_said_at_the_end_names_what_is_left(done: tuple[str, ...], still: str) -> None:
    nothing: frozenset[str] = frozenset()
    asked = AskedReturn(
        organisation="City CCG",
        issued_by="Ann",
        issued_at="2018-03-01",
        due=None,
        round_id=None,
        round_name=None,
        covering_note="",
        plan_id="p",
        measures=nothing,
        outcomes=nothing,
        actions=nothing,
        updates=nothing,
    )
    words = finished_words(
        Path("folder") / "ours.cypp-return", asked, ReturnWork(rows=ROWS, done=frozenset(done))
    )
    assert words == f"Saved for return: “ours.cypp-return” in folder. Now send this file back to Ann.{still}"
