"""A plan of any name that the disk takes goes through all its work: made, edited, sent, merged, printed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from tests.store.test_long_names import LETTERS, long_name, takes


def leads_in(path: Path) -> list[str]:
    """The words of ``issue`` that ask every organisation that leads anything."""
    from cypp_desktop.report.packs import organisations_with_work
    from cypp_desktop.store.plan_file import OpenPlan

    with OpenPlan.open(path, read_only=True) as plan:
        found = organisations_with_work(plan.editor.session)
        return [word for organisation in found for word in ("--to", organisation.name)]


# Up to 247 bytes "-journal" could stand behind the name; 255 is the longest that a disk takes.
@pytest.mark.parametrize(
    ("size", "letter"), [(247, "Welsh"), (248, "a script of three bytes"), (255, "Arabic"), (256, "Welsh")]
)
def test_a_plan_with_a_long_name_goes_through_all_its_work(
    tmp_path: Path, size: int, letter: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / long_name(LETTERS[letter], size)
    paper = tmp_path / long_name(LETTERS[letter], size, ".html")
    fits = takes(tmp_path, plan.name)
    assert run(["new", str(plan), "--sample", "county"]) == (0 if fits else 1)
    if not fits:
        assert "too long" in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []
        return
    copy = tmp_path / long_name(LETTERS[letter], size, "b.cypp")
    shutil.copy(plan, copy)
    assert run(["set", str(copy), "1/1", "title", "Edited in the copy", "--as", "Bea"]) == 0
    assert run(["merge", str(plan), str(copy)]) == 0
    capsys.readouterr()
    assert run(["show", str(plan), "1/1"]) == 0
    assert "Edited in the copy" in capsys.readouterr().out
    assert run(["issue", str(plan), *leads_in(plan), "-o", str(tmp_path / "out")]) == 0
    returns = list((tmp_path / "out").iterdir())
    assert len(returns) > 1 and all(each.suffix == ".cypp-return" for each in returns)
    assert run(["merge", str(plan), *map(str, returns)]) == 0
    assert run(["print", str(plan), "--layout", "scorecard", "-o", str(paper)]) == 0
    assert run(["print", str(plan), "--pack", "organisation", "--each-organisation", "-o", str(paper)]) == 0
    assert len(list(tmp_path.glob("*.html"))) > 2
    assert run(["export", str(plan), "-o", str(tmp_path / "plan.json")]) == 0
    again = tmp_path / long_name(LETTERS[letter], size, "c.cypp")
    assert run(["import", str(tmp_path / "plan.json"), "-o", str(again)]) == 0
    assert run(["check", str(again)]) == 0 == run(["check", str(plan)])


def test_returns_of_organisations_with_long_names_are_files_of_their_own(tmp_path: Path) -> None:
    from sqlalchemy import select

    from cypp_desktop.merge.issue import issue_return
    from cypp_desktop.plan.model import Measure, Organisation
    from cypp_desktop.store.plan_file import OpenPlan
    from tests.merge.copies import make_plan

    (tmp_path / "out").mkdir()
    path = make_plan(tmp_path / "plan.cypp").rename(tmp_path / long_name("ᚠ", 255))
    with OpenPlan.open(path, author="Ann") as plan:
        with plan.editor.step("Add organisations") as session:
            for number in ("1", "2"):
                session.add(Organisation(id=number, name="ᚠ" * 100 + number, sort_key=number))
        measures = plan.editor.session.scalars(select(Measure.id)).all()
        made = [
            issue_return(plan, number, tmp_path / "out", measure_ids=measures) for number in ("1", "2", "2")
        ]
    assert len({*made}) == 3
    for each in made:
        with OpenPlan.open(each, author="Pat") as answer:
            answer.editor.session.rollback()
