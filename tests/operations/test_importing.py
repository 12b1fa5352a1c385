"""What an import says of a source, and what becomes of what the person says of its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cypp_desktop.exchange.word import ColumnMeaning as M
from cypp_desktop.exchange.word import FoundColumn, FoundTable
from cypp_desktop.operations.importing.bring_in import file_stem
from cypp_desktop.operations.importing.column_choices import ColumnChoices
from cypp_desktop.operations.importing.preview import preview_rows, summary
from cypp_desktop.plan.blocks import render
from cypp_desktop.plan.words import counted
from tests.operations.found_plans import plan


def test_numbers_are_said_with_their_names() -> None:
    assert counted(1, "priority") == "1 priority"
    assert counted(2, "priority") == "2 priorities"
    assert counted(3, "key activity") == "3 key activities"
    assert counted(2, "survey") == "2 surveys"
    assert counted(1200, "measure") == "1,200 measures"
    assert summary({"priorities": 1, "outcomes": 0, "measures": 2, "placeholders": 1, "notes": 0}) == (
        "1 priority, 0 outcomes, 2 measures (1 placeholder)"
    )


def test_every_text_of_a_plan_is_in_the_text_of_some_row() -> None:
    whole = plan() | {
        "introduction": "Why we *do* this.", "notes": ["Mind the gap."],
        "sections": [{"number": "1", "title": "Context", "depth": 1, "text": "The city grows."}],
        "recommendations": [{"number": "R1", "text": "Listen more.", "owner": "The board"}],
    }  # fmt: skip
    outcome = whole["priorities"][0]["outcomes"][0]
    outcome["actions"] = [{"number": "1", "text": "Open a clinic.", "due": "March 2018", "measures": ["i"]}]
    outcome["strategic_plans"] = ["Health strategy"]
    whole["priorities"][0]["success_criteria"] = ["Fewer smokers."]
    texts: list[str] = []

    def walk(rows: Any) -> None:
        for row in rows:
            texts.append(render(row.text()))
            walk(row.below)

    walk(preview_rows(whole))
    everything = "\n".join(texts)
    for expected in (
        "Why we *do* this.", "Mind the gap.", "The city grows.", "Listen more.", "The board",
        "Open a clinic.", "March 2018", "Health strategy", "Fewer smokers.", "More mothers breastfeed.",
        "Repeat referrals fell.",
    ):  # fmt: skip
        assert expected in everything


def test_titles_become_names_that_every_disk_takes() -> None:
    source = Path("Item 7.docx")
    assert file_stem({"title": 'Plan 2016/17: "final"?'}, source) == "Plan 2016 17 final"
    assert file_stem({"title": "[Delivery plan]"}, source) == "Delivery plan"
    assert file_stem({"title": ""}, source) == "Item 7"
    assert len(file_stem({"title": "word " * 60}, source)) <= 80


def test_a_meaning_of_one_table_leaves_the_others_as_they_are() -> None:
    def table(index: int) -> FoundTable:
        return FoundTable(index, "", 3, [FoundColumn(0, "Lead", M.LEAD, True)])

    choices = ColumnChoices()
    choices.take_in([table(0), table(1)])
    (both,) = choices.groups()
    assert both.tables == (0, 1)
    first, _ = choices.groups(apart=True)
    choices.choose(first, 0, M.NOTES)
    assert choices.chosen == {(0, 0): M.NOTES, (1, 0): M.LEAD}
