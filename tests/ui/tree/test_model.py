"""The model of the tree keeps Qt's rules through every change, and shows what the plan is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.errors import CyppError
from cypp_desktop.plan.base import Row
from cypp_desktop.plan.model import (
    Measure,
    Observation,
    Organisation,
    Outcome,
    Person,
    Priority,
    Round,
    Section,
)
from cypp_desktop.store import commands
from cypp_desktop.store.editor import Changed, Editor
from cypp_desktop.store.queries import current_round, the_plan
from cypp_desktop.ui.tree import PlanTree
from cypp_desktop.ui.tree.changes import outline_of, read_change
from cypp_desktop.ui.tree.edits import TreeEdits
from cypp_desktop.ui.tree.filter import TreeFilter
from cypp_desktop.ui.tree.model import PlanTreeModel
from tests.ui.tree_plans import edited_plan, named, shown, titles

AnyRow = TypeVar("AnyRow", bound=Row)


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    with edited_plan(tmp_path) as editor:
        yield editor


@pytest.fixture
def tree(qtbot: QtBot, editor: Editor) -> Iterator[PlanTree]:
    tree = PlanTree()
    qtbot.addWidget(tree)
    tester = QAbstractItemModelTester(tree.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    tree.attach(editor)
    yield tree
    tree.detach()
    tester.deleteLater()


def afresh(editor: Editor) -> PlanTreeModel:
    """A model that has read the plan anew."""
    model = PlanTreeModel()
    model.set_outline(outline_of(editor))
    return model


def test_the_tree_holds_the_levels_and_the_branches_that_have_rows(tree: PlanTree) -> None:
    assert titles(tree.model) == [
        "About this plan",
        "1  Health and wellbeing",
        "  1a  Good maternal health",
        "    i  Women smoking at delivery",
        "    ii  Mental health",
        "    iii  Breastfeeding at 6–8 weeks",
        "  1b  Healthy lifestyles",
        "    i  Smoking at 15",
        "Priority 2",
        "  2a  Safe homes",
        "    i  Re-referrals",
        "Narrative",
        "  Children here",
        "    Who they are",
        "    Where they live",
        "  What we did",
        "    Early help",
        "Recommendations (2)",
        "  1  Ask schools. Then act.",
        "  2  Act.",
        "Reporting rounds (1)",
        "  End of year 2017–18",
    ]


def test_a_measure_says_mark_and_state_in_words(tree: PlanTree) -> None:
    lines = [line.strip() for line in shown(tree.model)]
    assert "Measure i, Women smoking at delivery, no data, update draft" in lines
    assert "Measure ii, Mental health, placeholder, update empty" in lines


def listed(editor: Editor, cls: type[AnyRow]) -> list[AnyRow]:
    return list(editor.session.scalars(select(cls).order_by(cls.sort_key, cls.id)))  # type: ignore[attr-defined]


def the(editor: Editor, title: str) -> Any:
    """The row of a title, of whatever type."""
    for cls in (Priority, Outcome, Measure, Section):
        for row in listed(editor, cls):
            if row.title == title:
                return row
    raise Gone(title)


class Gone(Exception):
    """What a step is about is no longer in the plan."""


def nth(rows: Sequence[AnyRow], at: int) -> AnyRow:
    if at >= len(rows):
        raise Gone
    return rows[at]


def add_measure(editor: Editor) -> None:
    outcome = the(editor, "Good maternal health")
    commands.add_row(editor, Measure, outcome, after=nth(outcome.measures, 0), title="Flu jabs")


def duplicate_priority(editor: Editor) -> None:
    commands.duplicate_rows(editor, [the(editor, "Health and wellbeing")])


def move_measure(editor: Editor) -> None:
    commands.move_rows(editor, [the(editor, "Women smoking at delivery")], the(editor, "Safe homes"), 1)


def move_within(editor: Editor) -> None:
    outcome = the(editor, "Good maternal health")
    commands.move_rows(editor, outcome.measures[:1], outcome, 2)


def move_outcome(editor: Editor) -> None:
    commands.move_rows(editor, [the(editor, "Good maternal health")], nth(listed(editor, Priority), 1), 0)


def move_priority(editor: Editor) -> None:
    commands.move_rows(editor, [the(editor, "Health and wellbeing")], None, 1)


def delete_outcome(editor: Editor) -> None:
    commands.delete_rows(editor, [the(editor, "Good maternal health")])


def delete_everything(editor: Editor) -> None:
    commands.delete_rows(editor, [*listed(editor, Priority), *listed(editor, Section)])


def deepen_section(editor: Editor) -> None:
    commands.set_field(editor, the(editor, "What we did"), "depth", 2)


def move_chapter(editor: Editor) -> None:
    chapter = the(editor, "What we did")
    TreeEdits(editor).move([("section", chapter.id)], None, the(editor, "Children here").id)


def retitle(editor: Editor) -> None:
    commands.set_field(editor, the(editor, "Good maternal health"), "code", "9z")


def write_update(editor: Editor) -> None:
    commands.set_update_text(editor, the(editor, "Re-referrals"), current_round(editor.session), "Up.")


def delete_update(editor: Editor) -> None:
    commands.delete_rows(editor, [nth(the(editor, "Good maternal health").updates, 0)])


def agree_update(editor: Editor) -> None:
    commands.set_field(editor, nth(the(editor, "Good maternal health").updates, 0), "state", "agreed")


def spread_update(editor: Editor) -> None:
    outcome = the(editor, "Good maternal health")
    commands.set_covered(editor, nth(outcome.updates, 0), outcome.measures)


def another_round(editor: Editor) -> None:
    commands.add_row(editor, Round, name="Mid-year 2018–19")


def fill_placeholder(editor: Editor) -> None:
    commands.set_field(editor, the(editor, "Mental health"), "placeholder", False)


def miss_target(editor: Editor) -> None:
    measure = the(editor, "Re-referrals")
    with editor.step("Add values"):
        commands.set_field(editor, measure, "polarity", "lower")
        for kind, value in (("actual", "30"), ("target", "10")):
            commands.add_row(editor, Observation, measure, kind=kind, value=value, area="Nottingham")


def name_levels(editor: Editor) -> None:
    commands.set_field(editor, the_plan(editor.session), "level_measure", "Indicator")


def retitle_plan(editor: Editor) -> None:
    commands.set_field(editor, the_plan(editor.session), "title", "Another plan")


def widen_amber(editor: Editor) -> None:
    with editor.step("Widen amber"):
        miss_target(editor)
        commands.set_field(editor, the_plan(editor.session), "rag_rules", {"amber_within": 300})


def put_update_in_no_round(editor: Editor) -> None:
    commands.set_field(editor, nth(the(editor, "Good maternal health").updates, 0), "round_id", None)


def first_organisation(editor: Editor) -> None:
    commands.add_row(editor, Organisation, name="Schools")


def post_only(editor: Editor) -> None:
    commands.add_row(editor, Person, post="Head of Service")


STEPS: list[Callable[[Editor], None]] = [
    add_measure,
    duplicate_priority,
    move_measure,
    move_within,
    move_outcome,
    move_priority,
    delete_outcome,
    delete_everything,
    deepen_section,
    move_chapter,
    retitle,
    write_update,
    delete_update,
    agree_update,
    spread_update,
    another_round,
    fill_placeholder,
    miss_target,
    name_levels,
    retitle_plan,
    widen_amber,
    put_update_in_no_round,
    first_organisation,
    post_only,
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_step_its_undoing_and_redoing_show_at_once(
    editor: Editor, tree: PlanTree, step: Callable[[Editor], None]
) -> None:
    before = shown(tree.model)
    step(editor)
    after = shown(tree.model)
    assert after == shown(afresh(editor))
    editor.undo()
    assert shown(tree.model) == shown(afresh(editor)) == before
    editor.redo()
    assert shown(tree.model) == after
    assert titles(tree.model) == titles(afresh(editor))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_step_never_resets_the_model(
    editor: Editor, tree: PlanTree, step: Callable[[Editor], None]
) -> None:
    resets: list[bool] = []
    tree.model.modelReset.connect(lambda: resets.append(True))
    step(editor)
    editor.undo()
    assert resets == []


@pytest.mark.parametrize("step", [retitle, retitle_plan, name_levels, agree_update, miss_target])
def test_words_that_are_typed_do_not_have_the_whole_plan_read(
    editor: Editor, step: Callable[[Editor], None]
) -> None:
    heard: list[Changed] = []
    editor.listen(heard.append)
    step(editor)
    assert None not in [read_change(editor, changed) for changed in heard]


@settings(max_examples=30)
@given(
    steps=st.lists(st.sampled_from([*STEPS, "undo", "redo", "filter"]), min_size=2, max_size=7),
    words=st.sampled_from(["smoking", "1a", "e", "nothing at all", ""]),
)
def test_whatever_is_done_in_whatever_order_the_tree_is_the_plan(
    qapp: object, steps: list[Any], words: str
) -> None:
    with TemporaryDirectory() as folder, edited_plan(Path(folder)) as editor:
        tree = PlanTree()
        tester = QAbstractItemModelTester(tree.model, QAbstractItemModelTester.FailureReportingMode.Warning)
        tree.attach(editor)
        for step in steps:
            try:
                if step == "undo":
                    editor.undo()
                elif step == "redo":
                    editor.redo()
                elif step == "filter":
                    tree.set_filter(words)
                else:
                    step(editor)
            except (CyppError, Gone):
                continue  # nothing was done
        tree.filter_bar.clear()
        assert shown(tree.model) == shown(afresh(editor))
        tree.detach()
        tester.deleteLater()
        tree.deleteLater()


def test_an_index_that_is_out_of_date_names_nothing(editor: Editor, tree: PlanTree) -> None:
    index = tree.model.index_of(named(tree.model, "Re-referrals"))
    kept = QPersistentModelIndex(index)
    commands.delete_rows(editor, [the(editor, "Safe homes")])
    assert tree.model.node_at(index) is None
    assert tree.model.data(index) is None
    assert not kept.isValid()


def test_a_moved_row_is_moved_and_not_made_anew(editor: Editor, tree: PlanTree) -> None:
    kept = QPersistentModelIndex(tree.model.index_of(named(tree.model, "Women smoking at delivery")))
    move_measure(editor)
    assert kept.isValid()
    assert kept.parent().data() == "2a  Safe homes"


def test_a_row_added_under_a_filter_is_seen_though_it_does_not_match(editor: Editor, tree: PlanTree) -> None:
    tree.set_filter("re-referrals")
    add_measure(editor)
    assert titles(tree.model) == [
        "1  Health and wellbeing",
        "  1a  Good maternal health",
        "    Flu jabs",
        "Priority 2",
        "  2a  Safe homes",
        "    i  Re-referrals",
    ]


def test_a_filter_keeps_the_indexes_of_what_stays(tree: PlanTree) -> None:
    model = tree.model
    stays = QPersistentModelIndex(model.index_of(named(model, "Re-referrals")))
    goes = QPersistentModelIndex(model.index_of(named(model, "Smoking at 15")))
    assert model.set_filter(TreeFilter.of("referrals")) == 1
    assert stays.isValid()
    assert stays.data() == "i  Re-referrals"
    assert not goes.isValid()


def test_a_branch_without_rows_shows_once_it_is_added(editor: Editor, tree: PlanTree) -> None:
    assert "People" not in titles(tree.model)
    tree.add_branch("people")
    assert titles(tree.model)[-3:] == ["People", "Reporting rounds (1)", "  End of year 2017–18"]
    commands.add_row(editor, Person, name="Ann Other")
    assert "People (1)" in titles(tree.model)
    editor.undo()
    assert "People" in titles(tree.model)


def test_rows_take_drops_drags_and_typing_only_while_they_can_be_edited(
    editor: Editor, tree: PlanTree
) -> None:
    model, flag = tree.model, Qt.ItemFlag
    index = model.index_of(named(model, "Re-referrals"))
    assert index.flags() & flag.ItemIsEditable
    assert index.flags() & flag.ItemIsDragEnabled
    assert model.flags(QModelIndex()) & flag.ItemIsDropEnabled
    tree.detach()
    changes = flag.ItemIsEditable | flag.ItemIsDragEnabled | flag.ItemIsDropEnabled
    assert not index.flags() & changes
    assert not model.flags(QModelIndex()) & changes
    assert not model.setData(index, "Other words")


def test_a_plan_open_for_reading_only_is_shown_and_not_edited(qtbot: QtBot, editor: Editor) -> None:
    editor.read_only = True
    tree = PlanTree()
    qtbot.addWidget(tree)
    tree.attach(editor)
    tree.commands.delete()
    tree.commands.add("priority")
    assert not tree.commands.can_edit
    assert shown(tree.model) == shown(afresh(editor))
    assert not any(
        action.isEnabled() for name, action in tree.actions_of_rows.named.items() if name.startswith("add")
    )
    tree.detach()
