"""An officer's own layouts: kept with the plan, read with care, refused in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cypp_desktop.errors import UsageError
from cypp_desktop.operations.printing.print_request import PrintKind
from cypp_desktop.operations.printing.saved_layouts import delete, save
from cypp_desktop.plan.model import Organisation
from cypp_desktop.report.layouts import LAYOUTS, definition_of, find_layout, read_layout, saved_layouts
from cypp_desktop.report.packs import PACKS, definition_of_pack, find_pack, read_pack, saved_packs
from cypp_desktop.store.queries import priorities
from tests.report.plans import everything
from tests.report.printing import PrintedPlan
from tests.report.said import paper_words

MINE: dict[str, Any] = {
    "format": 1,
    "based_on": "scorecard",
    "title": "For the chair",
    "columns": [{"column": "measure", "heading": "What we count", "share": 60}, "rag", {"column": "latest"}],
    "rag": ["red"],
    "paper": "A3",
    "landscape": False,
    "size": 12,
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_copy_of_a_layout_is_that_layout(name: str) -> None:
    copied = read_layout("Mine", definition_of(LAYOUTS[name]))
    ours = LAYOUTS[name]
    assert [(one.key, one.share) for one in copied.columns] == [(one.key, one.share) for one in ours.columns]
    assert (copied.filter, copied.size, copied.paper) == (ours.filter, ours.size, ours.paper)
    assert (copied.landscape, copied.rows, copied.records) == (ours.landscape, ours.rows, ours.records)
    assert definition_of(copied) == definition_of(ours)


def test_a_saved_layout_prints_its_columns_widths_order_filter_and_paper(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    save(printed.editor, PrintKind.LAYOUT, "Chair", MINE)
    assert list(saved_layouts(printed.editor.session)) == ["Chair"]
    (page,) = printed.pages("Chair")
    assert (round(page.width), round(page.height)) == (842, 1191)
    assert "What we count RAG Latest" in page.text
    assert "Smoking" in page.text
    assert "Vaccinated" not in page.text
    assert min(piece.size for piece in page.shown) >= 12
    assert find_layout(printed.editor.session, "Chair").title == "For the chair"


def test_saving_again_changes_it_and_both_can_be_undone(tmp_path: Path) -> None:
    editor = PrintedPlan(everything(), tmp_path).editor
    save(editor, PrintKind.LAYOUT, "Chair", MINE)
    save(editor, PrintKind.LAYOUT, " Chair ", {**MINE, "size": 16})
    assert find_layout(editor.session, "Chair").size == 16
    editor.undo()
    assert find_layout(editor.session, "Chair").size == 12
    editor.undo()
    assert saved_layouts(editor.session) == {}
    editor.redo()
    delete(editor, PrintKind.LAYOUT, "Chair")
    assert saved_layouts(editor.session) == {}


def test_one_priority_or_one_organisation(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    session = printed.editor.session
    second = priorities(session)[1]
    trust = session.query(Organisation).filter_by(name="Health Trust").one()
    save(printed.editor, PrintKind.LAYOUT, "Second", {"based_on": "update", "priorities": [second.id]})
    save(printed.editor, PrintKind.LAYOUT, "Trust", {"based_on": "update", "organisation": trust.id})
    words = paper_words(printed.paper("Second"))
    assert "Safe homes" in words and "Smoking" not in words
    words = paper_words(printed.paper("Trust"))
    assert "Vaccinated" in words and "Smoking" not in words and "Safe homes" not in words
    assert "For Health Trust only." in words


@pytest.mark.parametrize("field", ["priorities", "organisation"])
def test_what_a_layout_is_for_may_be_gone(tmp_path: Path, field: str) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    wanted = ["gone"] if field == "priorities" else "gone"
    save(printed.editor, PrintKind.LAYOUT, "Old", {"based_on": "update", field: wanted})
    with pytest.raises(UsageError, match="no longer in the plan"):
        printed.pages("Old")


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        (None, "cannot be read"),
        ([], "cannot be read"),
        ({}, "not based on a layout"),
        ({"based_on": "later"}, "not based on a layout"),
        ({"based_on": ["update"]}, "cannot be read"),
        ({"based_on": "update", "format": 2}, "later version"),
        ({"based_on": "update", "format": "1"}, "later version"),
        ({"based_on": "update", "columns": []}, "no columns"),
        ({"based_on": "update", "columns": "all"}, "cannot be read"),
        ({"based_on": "update", "columns": ["outcome"] * 21}, "cannot be read"),
        ({"based_on": "update", "columns": [{"column": "spark"}]}, "does not know"),
        ({"based_on": "update", "columns": [{"column": "outcome", "share": -1}]}, "number from 1 to 1000"),
        ({"based_on": "update", "columns": [{"column": "outcome", "share": float("nan")}]}, "number from"),
        ({"based_on": "update", "columns": [7]}, "cannot be read"),
        ({"based_on": "overdue", "columns": ["measure"]}, "does not know"),
        ({"based_on": "update", "rag": ["blue"]}, "a colour"),
        ({"based_on": "update", "rag": [["red"]]}, "cannot be read"),
        ({"based_on": "update", "priorities": [3]}, "names a priority"),
        ({"based_on": "update", "organisation": {}}, "cannot be read"),
        ({"based_on": "update", "paper": "A0"}, "one of A4, A3, Letter"),
        ({"based_on": "update", "paper": ["A4"]}, "one of A4, A3, Letter"),
        ({"based_on": "update", "landscape": "yes"}, "neither yes nor no"),
        ({"based_on": "update", "size": 400}, "number from 6 to 24"),
        ({"based_on": "update", "size": True}, "number from 6 to 24"),
        ({"based_on": "update", "title": "x" * 1000}, "cannot be read"),
    ],
)
def test_what_is_no_layout_is_refused_in_plain_words(definition: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_layout("Mine", definition)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["format", "based_on", "title", "columns", "priorities", "organisation", "rag", "paper", "landscape",
     "size", "parts"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(KEYS, JSON | st.just("update") | st.just(["outcome"]), max_size=6) | JSON)
def test_whatever_a_plan_says_a_layout_is_read_or_refused(definition: Any) -> None:
    for read in (read_layout, read_pack):
        try:
            read("Mine", definition)
        except UsageError as refused:
            assert str(refused)


def test_what_is_not_even_an_object_in_the_file_is_refused_alone(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    save(printed.editor, PrintKind.LAYOUT, "Chair", MINE)
    session = printed.editor.session
    session.execute(text("UPDATE print_layout SET definition = '[1, 2'"))
    with pytest.raises(UsageError, match="“Chair” cannot be read"):
        find_layout(session, "Chair")
    assert find_layout(session, "update") is LAYOUTS["update"]
    session.rollback()


def test_the_names_of_ours_cannot_be_taken(tmp_path: Path) -> None:
    editor = PrintedPlan(everything(), tmp_path).editor
    for name, says in (("update", "comes with the program"), ("  ", "a name"), ("x" * 101, "a name")):
        with pytest.raises(UsageError, match=says):
            save(editor, PrintKind.LAYOUT, name, MINE)


def test_a_pack_is_kept_only_if_its_layouts_are_there(tmp_path: Path) -> None:
    editor = PrintedPlan(everything(), tmp_path).editor
    save(editor, PrintKind.LAYOUT, "Chair", MINE)
    save(editor, PrintKind.PACK, "March", {"parts": ["cover", "contents", "Chair", "suited"]})
    assert find_pack(editor.session, "March").parts == ("cover", "contents", "Chair", "suited")
    assert list(saved_packs(editor.session)) == ["March"]
    with pytest.raises(UsageError, match="no layout called nothing"):
        save(editor, PrintKind.PACK, "April", {"parts": ["nothing"]})


@pytest.mark.parametrize("name", PACKS)
def test_a_copy_of_a_pack_is_that_pack(name: str) -> None:
    assert read_pack(name, definition_of_pack(PACKS[name])) == PACKS[name]
