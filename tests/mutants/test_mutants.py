"""The slips that are tried stand in what the code does, and are the same for the same seed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.mutants.__main__ import ALIVE, KILLED, Result, explanations, in_words, known_before, lines_changed
from tests.mutants.candidates import Code, code_of, sample
from tests.mutants.touching import Touching

TYPES_AND_SUCH = '''
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    LIMIT = 1
__all__ = ["a"][:1]
Day = int | str | None
@dataclass(frozen=True)
class Row:
    """1 and 2 or not 3."""
    day: Annotated[int, 5]
    def f(self, a: Literal[1, 2], *b: Literal[3]) -> Literal[4]:
        return isinstance(a, str | Path)
'''
RULE = """
NOTE = "été"

def rag(value: int, target: int = 3) -> str:
    for step in "é", value:
        if "é" != value < target and not value == 5:
            return "red"
    return "green"
"""


def changes(source: str) -> set[tuple[str, str]]:
    return {lines_changed(source, mutant.apply(source)) for mutant in Code("a.py", source).mutants()}


def test_types_decorators_and_lists_of_names_are_left_alone() -> None:
    assert changes(TYPES_AND_SUCH) == set()


def test_a_slip_is_made_at_each_place_of_a_rule() -> None:
    head = 'if "é" != value < target and not value == 5:'
    assert changes(RULE) >= {
        (head, head.replace("!=", "==")),
        (head, head.replace("< target", "<= target")),
        (head, head.replace("and", "or")),
        (head, head.replace("not ", " ")),
        (head, head.replace("== 5", "!= 5")),
        (head, head.replace("5", "6")),
        (head, head.replace("if ", "if not ")),
        ("def rag(value: int, target: int = 3) -> str:", "def rag(value: int, target: int = 2) -> str:"),
        ('for step in "é", value:', "for step in []:"),
    }


def test_the_same_seed_draws_the_same_mutants_each_at_another_place() -> None:
    files = {"a.py": Code("a.py", RULE)}
    drawn = sample(files, 6, seed=3)
    assert drawn == sample({"a.py": Code("a.py", RULE)}, 6, seed=3)
    assert len({mutant.place for mutant in drawn}) == 6
    assert drawn != sample(files, 6, seed=4)


def test_the_rooms_are_read_from_the_checkout() -> None:
    files = code_of(Path(__file__).resolve().parents[2], "plan/")
    assert "src/cypp_desktop/plan/dates.py" in files
    assert all(code.file == file for file, code in files.items())


def test_without_a_measure_no_test_touches_a_line() -> None:
    code = Code("a.py", RULE)
    touching = Touching({"a.py": code}, [])
    assert all(touching.tests(mutant) == [] for mutant in code.mutants())


def result(state: str, before: str = "a", after: str = "b") -> Result:
    return Result("src/a.py", 7, before, after, state, "", 1, 0)


def test_the_share_of_the_living_is_told_with_each_of_them() -> None:
    words = in_words([result(KILLED), result(ALIVE, "x < 1", "x <= 1"), result(KILLED), result(KILLED)])
    assert "src/a.py:7\n  - x < 1\n  + x <= 1\n    not explained" in words
    assert "4 drawn, 3 killed, 0 timed out, 1 alive: 25.0% (at most 10%)" in words


def test_a_living_mutant_is_explained_by_its_file_and_line(monkeypatch: pytest.MonkeyPatch) -> None:
    why = {("src/a.py", "x < 1", "x <= 1"): "It is never 1."}
    monkeypatch.setattr("tests.mutants.__main__.explanations", lambda: why)
    words = in_words([result(ALIVE, "x < 1", "x <= 1"), result(ALIVE, "x < 1", "x >= 1")])
    assert "  + x <= 1\n    It is never 1." in words
    assert "  + x >= 1\n    not explained" in words


def test_a_run_that_goes_on_takes_over_what_was_killed_or_explained_if_the_code_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.py": Code("a.py", RULE)}
    drawn = sample(files, 4, seed=3)

    def seen(number: int, state: str, **other: object) -> dict[str, object]:
        mutant = drawn[number]
        before, after = lines_changed(RULE, mutant.apply(RULE))
        then = Result("a.py", mutant.place[0], before, after, state, "", 3, number)
        return asdict(then) | other

    first = [seen(0, KILLED), seen(1, ALIVE), seen(2, KILLED, before="as it was"), seen(3, KILLED, seed=4)]
    (tmp_path / "results-1.json").write_text(json.dumps(first), encoding="utf-8")
    assert [each.number for each in known_before(tmp_path, drawn, files, 3)] == [0]
    (tmp_path / "results-2.json").write_text(json.dumps([seen(1, KILLED)]), encoding="utf-8")
    assert [each.number for each in known_before(tmp_path, drawn, files, 3)] == [0, 1]
    (tmp_path / "results-2.json").unlink()
    alive = Result(**seen(1, ALIVE))  # type: ignore[arg-type]
    monkeypatch.setattr("tests.mutants.__main__.explanations", lambda: {alive.slip: "It changes nothing."})
    assert [each.number for each in known_before(tmp_path, drawn, files, 3)] == [0, 1]


def test_each_explained_mutant_says_why() -> None:
    assert all(why.strip() for why in explanations().values())
