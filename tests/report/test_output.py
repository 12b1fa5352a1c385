"""A plan on paper: every word of it in order, on pages that say what they are."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from cypp_desktop.errors import FileProblem, UsageError
from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.characters import clean
from cypp_desktop.report.column_widths import TableRoom, shares_wide_enough
from cypp_desktop.report.layouts import LAYOUTS
from cypp_desktop.report.output import print_paper
from cypp_desktop.report.paper_builder import layout_paper
from cypp_desktop.report.pdf.document import halves
from cypp_desktop.report.pdf.typesetter import Typesetter
from cypp_desktop.store.queries import the_plan
from tests.report.printing import PrintedPlan, wished
from tests.report.reading import Leaf, Shown, font_names

#: published plans, transcribed: not part of the project, used where they are
DOCUMENTS = Path(os.environ.get("CYPP_DOCUMENTS", Path(__file__).parents[3] / "shared")) / "plans"
REAL = [
    ("nottingham-city-2016-2020", "update"),
    ("nottingham-city-2015-2016", "action-plan"),
    ("nottinghamshire-2016-2017-delivery", "delivery"),
    ("nottingham-city-2016-2020", "evidence"),
    ("nottingham-city-2010-2011-progress", "update"),
]

PLAN: dict[str, Any] = {
    "title": "Children and Young People’s Plan",
    "document_label": "Appendix 1 V6",
    "partnership": "Children’s Partnership",
    "introduction": "Marked **in progress**.",
    "columns": ["Outcomes", "Performance measures", "Update", "Lead organisation"],
    "rounds": [{"name": "Year end 2017-2018"}],
    "priorities": [
        {
            "code": "1",
            "title": "Health",
            "outcomes_sought": ["Healthy children"],
            "success_criteria": ["Fewer illnesses"],
            "outcomes": [
                {
                    "code": "1a",
                    "title": "Good maternal health",
                    "measures": [{"code": "i", "title": "Smoking at delivery"}],
                    "updates": [
                        {
                            "round": "Year end 2017-2018",
                            "measures": ["i"],
                            "text": "- Smoking fell.\n- More to do.",
                        }
                    ],
                }
            ],
        },
        {"code": "2", "outcomes": [{"title": "An outcome under a priority without a title"}]},
    ],
}


def text_of(pages: list[Leaf]) -> str:
    return "\n".join(page.text for page in pages)


def bare(text: str) -> str:
    """The characters without any blanks, bullets and joiners: what is compared."""
    return re.sub(r"[\s•–]", "", clean(text))


def test_title_label_introduction_and_headings_are_printed(tmp_path: Path) -> None:
    printed = PrintedPlan(PLAN, tmp_path)
    (page,) = printed.pages("update")
    lines = page.text.splitlines()
    assert lines[0].strip() == "Appendix 1 V6"
    assert lines[1].strip() == "Children and Young People’s Plan"
    assert lines[2].strip() == "Marked in progress."
    assert lines[3].strip() == "Priority 1. Health"
    assert lines[4].strip() == "Outcomes Performance measures Year end 2017-2018 Lead organisation"
    assert "Priority 2\n" in page.text.replace(" \n", "\n")
    assert lines[-1].startswith("Page 1 of 1")
    assert printed.result.pages == 1
    assert printed.result.missing == ()
    assert not printed.result.shrunk


def test_outcomes_sought_and_success_criteria_stand_above_a_delivery_table(tmp_path: Path) -> None:
    (page,) = PrintedPlan(PLAN, tmp_path).pages("delivery")
    parts = ["What are our outcomes?", "Healthy children", "What will success look like?", "Fewer illnesses"]
    places = [page.text.index(part) for part in [*parts, "Strategic Plan"]]
    assert places == sorted(places)
    (page,) = PrintedPlan(PLAN, tmp_path / "again").pages("update")
    assert "Healthy children" not in page.text


def test_every_page_says_which_of_how_many_it_is(tmp_path: Path) -> None:
    pages = long_plan(tmp_path).pages("update")
    assert len(pages) > 10
    for number, page in enumerate(pages, 1):
        assert page.text.splitlines()[-1].startswith(f"Page {number} of {len(pages)} ")
        assert "Performance measures" in page.text


def long_plan(folder: Path, measures: int = 60) -> PrintedPlan:
    updates = [
        {
            "measures": [str(at)],
            "text": "\n".join(f"- Point {at}.{n} " + "of many words " * 12 for n in range(6)),
        }
        for at in range(measures)
    ]
    rows = [{"code": str(at), "title": f"Measure number {at}"} for at in range(measures)]
    outcome = {"code": "1a", "title": "Outcome", "measures": rows, "updates": updates}
    return PrintedPlan({"title": "Long", "priorities": [{"code": "1", "outcomes": [outcome]}]}, folder)


def test_only_embedded_fonts_are_used(tmp_path: Path) -> None:
    names = font_names(PrintedPlan(PLAN, tmp_path).pdf("update"))
    assert names
    assert all(name.endswith("+") for name in names)


def test_the_file_says_its_title_and_language(tmp_path: Path) -> None:
    PrintedPlan(PLAN, tmp_path).pdf("update")
    with pikepdf.open(tmp_path / "update.pdf") as pdf:
        assert str(pdf.docinfo["/Title"]) == PLAN["title"]
        assert str(pdf.Root["/Lang"]) == "en-GB"


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    printed = PrintedPlan(PLAN, tmp_path)
    assert printed.pdf("update") == printed.pdf("update")


def test_paper_can_be_upright_and_of_another_size(tmp_path: Path) -> None:
    printed = PrintedPlan(PLAN, tmp_path)
    (upright,) = printed.pages("update", landscape=False)
    (large,) = printed.pages("update", paper="A3")
    assert (round(upright.width), round(upright.height)) == (595, 842)
    assert (round(large.width), round(large.height)) == (1191, 842)


def test_a_protective_marking_stands_at_both_ends_of_the_page(tmp_path: Path) -> None:
    printed = PrintedPlan(PLAN, tmp_path)
    with printed.editor.step("Mark"):
        the_plan(printed.editor.session).protective_marking = "OFFICIAL"
    (page,) = printed.pages("update")
    lines = page.text.splitlines()
    assert "OFFICIAL" in lines[0]
    assert "OFFICIAL" in lines[-1]


@pytest.mark.parametrize("size", [9.5, 18.0])
def test_a_protective_marking_is_never_shortened(tmp_path: Path, size: float) -> None:
    printed = PrintedPlan({"title": "Plan " * 40}, tmp_path)
    marking = "OFFICIAL – SENSITIVE: not for publication before the board has met in the autumn"
    with printed.editor.step("Mark"):
        the_plan(printed.editor.session).protective_marking = marking
    (page,) = printed.pages("update", size=size, landscape=False)
    shown = page.text.replace("\n", " ")
    assert all(shown.count(half) == 2 for half in halves(marking.upper()))
    assert "Page 1 of 1" in page.text
    assert page.outside() == []


def test_a_password_opens_a_pdf_for_reading_and_is_not_its_owners(tmp_path: Path) -> None:
    out = tmp_path / "print.pdf"
    printed = PrintedPlan(PLAN, tmp_path)
    print_paper(
        layout_paper(printed.editor.session, LAYOUTS["update"], wished()),
        out,
        password="plain words",
        made_from=None,
    )
    with pikepdf.open(out, password="plain words") as pdf:
        assert pdf.user_password_matched and not pdf.owner_password_matched
        assert not pdf.allow.modify_other
    for guess in ("", "plain words ", "owner"):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(out, password=guess)


def test_no_word_is_cut_in_large_print_and_tables_stay_alike(tmp_path: Path) -> None:
    long = "Commissioning misunderstandings"
    outcome = {"code": "1a", "title": long, "measures": [{"code": "i", "title": "A rate", "leads": []}]}
    priorities = [
        {"code": code, "title": "Health", "outcomes": outcomes}
        for code, outcomes in (("1", [{"code": "2a", "title": "Well", "measures": []}]), ("2", [outcome]))
    ]
    printed = PrintedPlan({"title": "Plan", "priorities": priorities}, tmp_path)
    pages = printed.pages("update", size=18.0)
    shown = [piece for page in pages for piece in page.shown]
    words = [word for piece in shown for word in piece.text.split()]
    for word in (*long.split(), "Outcomes", "organisation"):
        assert word in words
    leads = {round(piece.x, 1) for piece in shown if piece.text.startswith("Lead")}
    assert len(leads) == 1


def test_columns_with_room_for_their_words_keep_their_shares() -> None:
    rows = [[TableCell(0, parse("Short")), TableCell(1, parse("words"))]]
    setter = Typesetter()
    assert shares_wide_enough((1.0, 9.0), rows, setter, 9.5, TableRoom(width=700.0, padding=4.5)) == (
        1.0,
        9.0,
    )
    assert shares_wide_enough((1.0, 1.0), rows, setter, 9.5, TableRoom(width=700.0, padding=4.5)) == (
        1.0,
        1.0,
    )
    narrow, wide = shares_wide_enough((1.0, 19.0), rows, setter, 9.5, TableRoom(width=500.0, padding=4.5))
    assert narrow + wide == pytest.approx(500.0)
    assert narrow > 25.0
    full = [[TableCell(at, parse("words")) for at in range(10)]]
    assert (
        shares_wide_enough((1.0,) * 10, full, setter, 9.5, TableRoom(width=20.0, padding=4.5)) == (2.0,) * 10
    )


def test_characters_without_a_glyph_are_named(tmp_path: Path) -> None:
    printed = PrintedPlan({"title": "Plan 字", "introduction": "Well ✔ done 字"}, tmp_path)
    printed.pdf("update")
    assert printed.result.missing == ("字",)


def test_progress_counts_rows_up_to_the_last(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    long_plan(tmp_path).pdf("update", progress=lambda done, total: heard.append((done, total)))
    assert heard == sorted(heard)
    assert heard[-1] == (60, 60)


def test_printing_that_is_called_off_leaves_the_old_file(tmp_path: Path) -> None:
    class CalledOffError(Exception):
        pass

    def call_off(done: int, total: int) -> None:
        raise CalledOffError

    printed = long_plan(tmp_path)
    (tmp_path / "update.pdf").write_bytes(b"old")
    with pytest.raises(CalledOffError):
        printed.pdf("update", progress=call_off)
    assert (tmp_path / "update.pdf").read_bytes() == b"old"


def test_a_file_that_cannot_be_written_says_so_in_plain_words(tmp_path: Path) -> None:
    printed = PrintedPlan(PLAN, tmp_path)
    (tmp_path / "update.pdf").mkdir()
    with pytest.raises(FileProblem, match=r"“update\.pdf” is a folder"):
        printed.pdf("update")


def test_an_unknown_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no layout called fancy"):
        PrintedPlan(PLAN, tmp_path).pdf("fancy")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_empty_plan_is_a_page_with_its_title(tmp_path: Path, layout: str) -> None:
    (page,) = PrintedPlan({"title": ""}, tmp_path).pages(layout)
    assert page.text.startswith("Plan without a title")


# ---------------------------------------------------------------------------------- real plans


@pytest.mark.parametrize(("name", "layout"), REAL)
def test_every_word_of_a_published_plan_is_printed_in_order(tmp_path: Path, name: str, layout: str) -> None:
    source = DOCUMENTS / f"{name}.json"
    if not source.exists():
        pytest.skip("the published plans are not on this machine")
    plan = json.loads(source.read_text("utf-8"))
    printed = PrintedPlan(plan, tmp_path)
    pages = printed.pages(layout)
    assert [piece for page in pages for piece in page.outside()] == []
    shares = [column.share for column in LAYOUTS[layout].columns]
    by_column = columns_of(pages, shares)
    for number, expected in enumerate(EXPECTED[layout](plan)):
        rest = by_column[number]
        for words in expected:
            at = rest.find(bare(words))
            assert at >= 0, f"column {number} lacks: {words[:80]}"
            rest = rest[at + len(bare(words)) :]


def columns_of(pages: list[Leaf], shares: list[float]) -> list[str]:
    """The characters of each column from the first page to the last, without repeated headings."""
    found = [""] * len(shares)
    heads = {bare(piece.text) for piece in first_heading(pages)}
    for page in pages:
        for piece in page.shown:
            said = bare(piece.text)
            goes_on = "Italic" in piece.font and "(continued)" in piece.text
            if (
                40 < piece.y < page.height - 40
                and not goes_on
                and not ("Bold" in piece.font and said in heads)
            ):
                at = (piece.x - 41) / (page.width - 80) * sum(shares)
                found[max([0, *(n for n in range(len(shares)) if sum(shares[:n]) <= at)])] += said
    return found


def first_heading(pages: list[Leaf]) -> list[Shown]:
    """The pieces of the table's heading on the second page, where it is the first thing."""
    body = [piece for piece in pages[1].shown if piece.y < pages[1].height - 40]
    return [piece for piece in body if "Bold" in piece.font and piece.y > body[0].y - 20]


def outcomes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for priority in plan["priorities"]:
        yield from priority["outcomes"]


def titles(plan: dict[str, Any]) -> list[str]:
    return [line for outcome in outcomes(plan) for line in markdown_or_plain(outcome["title"])]


def measures(plan: dict[str, Any]) -> list[str]:
    found = (measure["title"] for outcome in outcomes(plan) for measure in outcome["measures"])
    return [line for title in found for line in markdown_or_plain(title)]


def leads(plan: dict[str, Any]) -> list[str]:
    return [
        said
        for outcome in outcomes(plan)
        for owner in (outcome, *outcome["measures"])
        for lead in owner["leads"]
        for said in (lead["organisation"], *lead["people"], lead["note"])
        if said
    ]


def texts(plan: dict[str, Any], field: str, what: str = "text") -> list[str]:
    """Updates or actions in the order of the rows that they stand at."""
    found: list[str] = []
    for outcome in outcomes(plan):
        keys = [measure.get("key") or measure["code"] for measure in outcome["measures"]]
        listed = sorted(outcome[field], key=lambda row: min(map(keys.index, row["measures"]), default=-1))
        found += [line for row in listed for line in plain_text(parse(row[what])).split("\n") if line]
    return found


def listed(plan: dict[str, Any], field: str) -> list[str]:
    return [name for outcome in outcomes(plan) for name in outcome[field]]


def dates(plan: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for outcome in outcomes(plan):
        dues = [action["due"] for action in outcome["actions"] if action["due"]]
        found += dues[:1] if len(set(dues)) == 1 else dues
    return found


def markdown_or_plain(title: str) -> list[str]:
    return plain_text(parse(title)).split("\n") if "\n" in title else [title]


EXPECTED: dict[str, Callable[[dict[str, Any]], list[list[str]]]] = {
    "update": lambda plan: [titles(plan), measures(plan), texts(plan, "updates"), leads(plan)],
    "action-plan": lambda plan: [titles(plan), measures(plan), texts(plan, "actions"), leads(plan)],
    "delivery": lambda plan: [
        titles(plan),
        listed(plan, "strategic_plans"),
        listed(plan, "governance_groups"),
        leads(plan),
        texts(plan, "actions"),
        dates(plan),
        measures(plan),
    ],
    "evidence": lambda plan: [
        [outcome["code"] for outcome in outcomes(plan) if outcome["code"]],
        titles(plan),
        texts(plan, "updates", "source"),
        texts(plan, "updates"),
    ],
}
