"""A file into which others wrote what is no text is refused in plain words, and the window goes on."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.returns_plan import write_return

Make = Callable[..., Any]
WRITTEN = {
    "a title": "UPDATE measure SET title = x'00ff'",
    "a name": "UPDATE organisation SET name = CAST(x'c328' AS TEXT)",
    "a round": "UPDATE round SET name = x'00'",
    "a depth": "INSERT INTO section (id, sort_key, title, depth, text) VALUES ('s', 'V', 't', 1.5, '')",
    "rules": "UPDATE plan SET rag_rules = '[7]'",
    "a state": "UPDATE \"update\" SET state = x'00'",
}


@pytest.mark.parametrize(
    ("what", "kind"), list(zip(WRITTEN, itertools.cycle(("return", "plan")), strict=False))
)
def test_what_is_no_text_of_a_plan_is_refused_in_plain_words(
    what: str, kind: str, make_window: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    path = write_return(tmp_path)
    if kind == "plan":
        path = tmp_path / "Anytown.cypp"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(WRITTEN[what])
    window = make_window(real=True)
    with qtbot.waitSignal(window.opening_ended) as ended:
        window.open_plan(path)
    assert ended.args == [False]
    assert "is not sound" in window.banners.messages()["problem"].text
