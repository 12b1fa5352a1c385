"""The tree as a person uses it: keys, mouse, filter, drag and drop, menu."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from cypp_desktop.store.editor import Editor
from cypp_desktop.ui.banner import BannerArea
from cypp_desktop.ui.dialogs import Dialogs
from cypp_desktop.ui.tasks import Tasks
from cypp_desktop.ui.tree import PlanTree
from cypp_desktop.ui.tree.add_bar import shared
from cypp_desktop.ui.tree.changes import outline_of
from cypp_desktop.ui.tree.nodes import Node
from tests.ui.simple_parts import simple_services
from tests.ui.tree_plans import edited_plan, named, titles

Key = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    with edited_plan(tmp_path) as editor:
        yield editor


@pytest.fixture
def tree(qtbot: QtBot, editor: Editor) -> Iterator[PlanTree]:
    tree = PlanTree()
    qtbot.addWidget(tree)
    tree.resize(420, 700)
    with qtbot.waitActive(tree):
        tree.show()
        tree.activateWindow()
    tree.attach(editor)
    tree.open_all()
    tree.rows.setFocus()
    yield tree
    tree.detach()


def go_to(tree: PlanTree, *names: str) -> None:
    """Choose rows by their titles, the first as the current one."""
    nodes = [named(tree.model, name) for name in names]
    tree.select_row(*nodes[0].key)
    for node in nodes[1:]:
        tree.rows.selectionModel().select(
            tree.model.index_of(node), tree.rows.selectionModel().SelectionFlag.Select
        )


def current(tree: PlanTree) -> str:
    node = tree.rows.current_node()
    return node.title if node else ""


def chosen(tree: PlanTree) -> list[str]:
    return [node.title for node in tree.rows.chosen_nodes()]


def under(tree: PlanTree, name: str) -> list[str]:
    return [node.title for node in named(tree.model, name).children]


def title_box(tree: PlanTree) -> QLineEdit:
    """The box in which a title is being typed."""
    return next(box for box in tree.rows.viewport().findChildren(QLineEdit) if box.isVisible())


def type_title(qtbot: QtBot, tree: PlanTree, words: str) -> None:
    qtbot.keyClicks(title_box(tree), words)
    qtbot.keyClick(title_box(tree), Key.Key_Return)
    qtbot.waitUntil(
        lambda: tree.rows.state() != tree.rows.State.EditingState
    )  # the delegate hands it over later


# ---------------------------------------------------------------------- looking


def test_choosing_a_row_with_the_mouse_says_which(qtbot: QtBot, tree: PlanTree) -> None:
    node = named(tree.model, "Re-referrals")
    place = tree.rows.visualRect(tree.model.index_of(node)).center()
    with qtbot.waitSignal(tree.row_selected) as said:
        qtbot.mouseClick(tree.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert said.args == ["measure", node.id]
    assert tree.selected_row() == ("measure", node.id)


def test_a_branch_stands_for_the_plan_itself(qtbot: QtBot, tree: PlanTree) -> None:
    plan = tree.model.root.children[0]
    go_to(tree, "Re-referrals")
    with qtbot.waitSignal(tree.row_selected) as said:
        tree.select_row("branch", "narrative")
    assert said.args == ["plan", plan.id]


def test_choosing_a_row_opens_what_it_stands_in(tree: PlanTree) -> None:
    tree.close_all()
    node = named(tree.model, "Re-referrals")
    assert tree.select_row(*node.key)
    assert tree.rows.isExpanded(tree.model.index_of(named(tree.model, "Safe homes")))
    assert current(tree) == "Re-referrals"
    assert not tree.select_row("measure", "not there")


def test_typing_goes_to_the_next_row_that_begins_so(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Health and wellbeing")
    qtbot.keyClicks(tree.rows, "smo")
    assert current(tree) == "Smoking at 15"


def test_open_branches_are_told_by_id_and_opened_again(qtbot: QtBot, tree: PlanTree) -> None:
    tree.close_all()
    go_to(tree, "Health and wellbeing")
    qtbot.keyClick(tree.rows, Key.Key_Right)
    health = named(tree.model, "Health and wellbeing")
    assert tree.expanded_rows() == [health.id]
    tree.expand_rows(["no longer there", named(tree.model, "Children here").id, "narrative"])
    assert not tree.rows.isExpanded(tree.model.index_of(health))
    assert tree.rows.isExpanded(tree.model.index_of(named(tree.model, "Children here")))


def test_the_outline_can_be_looked_at_before_there_is_an_editor(qtbot: QtBot, editor: Editor) -> None:
    tree = PlanTree()
    qtbot.addWidget(tree)
    tree.show_outline(outline_of(editor))
    node = named(tree.model, "Re-referrals")
    tree.select_row(*node.key)
    tree.attach(editor)
    assert tree.selected_row() == node.key
    assert tree.commands.can_edit
    tree.set_document(None)
    assert tree.model.rowCount() == 0
    assert tree.selected_row() is None


def test_with_a_plan_just_opened_the_plan_itself_is_shown(qtbot: QtBot, editor: Editor) -> None:
    tree = PlanTree()
    qtbot.addWidget(tree)
    with qtbot.waitSignal(tree.row_selected) as said:
        tree.attach(editor)
    assert said.args == list(tree.model.root.children[0].key)
    assert said.args[0] == "plan"
    tree.detach()


def test_the_row_chosen_before_the_editor_came_is_told_again_when_it_is_there(
    qtbot: QtBot, editor: Editor
) -> None:
    tree = PlanTree()
    qtbot.addWidget(tree)
    tree.show_outline(outline_of(editor))
    node = named(tree.model, "Re-referrals")
    with qtbot.waitSignal(tree.row_selected) as before:
        tree.select_row(*node.key)
    with qtbot.waitSignal(tree.row_selected) as after:
        tree.attach(editor)
    assert before.args == after.args == list(node.key)
    tree.detach()


# ---------------------------------------------------------------------- the filter


def test_typing_in_the_filter_shows_matches_open_and_says_how_many(qtbot: QtBot, tree: PlanTree) -> None:
    tree.close_all()
    qtbot.keyClicks(tree.filter_bar.box, "smok")
    assert titles(tree.model) == [
        "1  Health and wellbeing",
        "  1a  Good maternal health",
        "    i  Women smoking at delivery",
        "  1b  Healthy lifestyles",
        "    i  Smoking at 15",
    ]
    assert [node.title for node in tree.rows.seen_nodes()][2] == "Women smoking at delivery"
    assert tree.filter_bar.count.text() == "2 rows match"


def test_clearing_the_filter_brings_back_what_was_open_and_the_row(qtbot: QtBot, tree: PlanTree) -> None:
    tree.close_all()
    go_to(tree, "Re-referrals")
    before = tree.expanded_rows()
    qtbot.keyClicks(tree.filter_bar.box, "breast")
    assert tree.rows.current_node() is None
    assert tree.expanded_rows() == before
    qtbot.keyClick(tree.filter_bar.box, Key.Key_Escape)
    assert tree.filter_bar.box.text() == ""
    assert tree.expanded_rows() == before
    assert current(tree) == "Re-referrals"


def test_down_goes_from_the_filter_to_the_first_match(qtbot: QtBot, tree: PlanTree) -> None:
    qtbot.keyClicks(tree.filter_bar.box, "15")
    qtbot.keyClick(tree.filter_bar.box, Key.Key_Down)
    assert current(tree) == "Smoking at 15"
    assert tree.rows.hasFocus()


def test_going_to_a_row_that_the_filter_hides_puts_the_filter_away(qtbot: QtBot, tree: PlanTree) -> None:
    qtbot.keyClicks(tree.filter_bar.box, "15")
    go_to(tree, "Re-referrals")
    assert current(tree) == "Re-referrals"
    assert tree.filter_bar.box.text() == ""


def test_only_states_in_use_can_be_chosen_and_are_kept_up_to_date(tree: PlanTree, editor: Editor) -> None:
    box = tree.filter_bar.state
    assert [box.itemText(at) for at in range(box.count())] == [
        "All states",
        "Update empty",
        "Update draft",
        "Placeholders",
    ]
    tree.set_filter("", "placeholder")
    assert titles(tree.model)[-1] == "    ii  Mental health"
    tree.set_filter("")
    go_to(tree, "Mental health")
    tree.commands.delete()
    assert box.findData("placeholder") == -1


# ---------------------------------------------------------------------- adding and typing


def test_a_row_is_added_after_this_one_and_its_title_typed_at_once(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Women smoking at delivery")
    qtbot.keyClick(tree.rows, Key.Key_Insert)
    type_title(qtbot, tree, "Flu jabs")
    assert under(tree, "Good maternal health")[:2] == ["Women smoking at delivery", "Flu jabs"]
    assert current(tree) == "Flu jabs"


def test_control_shift_enter_adds_inside(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Safe homes")
    qtbot.keyClick(tree.rows, Key.Key_Return, CTRL | SHIFT)
    type_title(qtbot, tree, "Missing children")
    assert under(tree, "Safe homes") == ["Re-referrals", "Missing children"]


def test_the_buttons_add_where_the_current_row_stands(qtbot: QtBot, tree: PlanTree) -> None:
    outcome, measure = tree.add_bar.buttons[1:]
    assert [button.accessibleName() for button in tree.add_bar.buttons] == [
        "Add priority",
        "Add outcome",
        "Add measure",
    ]
    go_to(tree, "Women smoking at delivery")
    qtbot.mouseClick(outcome, Qt.MouseButton.LeftButton)
    qtbot.keyClick(title_box(tree), Key.Key_Escape)
    assert under(tree, "Health and wellbeing") == ["Good maternal health", "", "Healthy lifestyles"]
    qtbot.mouseClick(measure, Qt.MouseButton.LeftButton)
    type_title(qtbot, tree, "First of its own")
    assert under(tree, "") == ["First of its own"]


def test_the_first_row_of_another_branch_makes_the_branch(
    qtbot: QtBot, tree: PlanTree, editor: Editor
) -> None:
    tree.actions_of_rows.named["add organisation"].trigger()
    type_title(qtbot, tree, "Schools")
    assert titles(tree.model)[-4:-2] == ["Organisations (1)", "  Schools"]
    editor.undo()
    editor.undo()
    assert "Organisations (1)" not in titles(tree.model)


def test_a_plan_without_outcomes_says_what_a_measure_needs(qtbot: QtBot, tree: PlanTree) -> None:
    for priority in [node for node in tree.model.root.children if node.row_type == "priority"]:
        tree.select_row(*priority.key)
        tree.commands.delete()
    assert not tree.actions_of_rows.named["add measure"].isEnabled()
    with qtbot.waitSignal(tree.problem) as said:
        tree.commands.add("measure")
    assert said.args == ["There is no outcome for this to stand in yet. Add one first."]
    assert tree.actions_of_rows.named["add priority"].isEnabled()


def test_f2_types_a_title_in_place_as_one_step(qtbot: QtBot, tree: PlanTree, editor: Editor) -> None:
    go_to(tree, "Re-referrals")
    qtbot.keyClick(tree.rows, Key.Key_F2)
    assert title_box(tree).text() == "Re-referrals"
    assert title_box(tree).accessibleName() == "Title"
    title_box(tree).selectAll()
    type_title(qtbot, tree, "Re-referrals within a year")
    assert under(tree, "Safe homes") == ["Re-referrals within a year"]
    assert editor.undo_name == "Edit title of 2a.i-Re-referrals"


# ---------------------------------------------------------------------- moving


def test_alt_down_moves_within_the_list_then_into_the_next(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Mental health")
    qtbot.keyClick(tree.rows, Key.Key_Down, ALT)
    assert under(tree, "Good maternal health")[2] == "Mental health"
    qtbot.keyClick(tree.rows, Key.Key_Down, ALT)
    assert under(tree, "Healthy lifestyles") == ["Mental health", "Smoking at 15"]
    qtbot.keyClick(tree.rows, Key.Key_Down, ALT)
    qtbot.keyClick(tree.rows, Key.Key_Down, ALT)
    assert under(tree, "Safe homes") == ["Mental health", "Re-referrals"]
    qtbot.keyClick(tree.rows, Key.Key_Down, ALT)
    qtbot.keyClick(tree.rows, Key.Key_Down, ALT)  # the end of the plan
    assert under(tree, "Safe homes") == ["Re-referrals", "Mental health"]
    assert current(tree) == "Mental health"


def test_alt_up_moves_back_the_same_way(qtbot: QtBot, tree: PlanTree, editor: Editor) -> None:
    before = titles(tree.model)
    go_to(tree, "Re-referrals")
    qtbot.keyClick(tree.rows, Key.Key_Up, ALT)
    assert under(tree, "Healthy lifestyles") == ["Smoking at 15", "Re-referrals"]
    editor.undo()
    assert titles(tree.model) == before
    go_to(tree, "Health and wellbeing")
    qtbot.keyClick(tree.rows, Key.Key_Up, ALT)
    assert titles(tree.model) == before


def test_several_rows_of_one_list_move_together_and_stay_chosen(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Mental health", "Breastfeeding at 6–8 weeks")
    qtbot.keyClick(tree.rows, Key.Key_Up, ALT)
    assert under(tree, "Good maternal health") == [
        "Mental health",
        "Breastfeeding at 6–8 weeks",
        "Women smoking at delivery",
    ]
    assert chosen(tree) == ["Mental health", "Breastfeeding at 6–8 weeks"]


def test_rows_of_different_lists_are_not_moved_by_keys_and_it_is_said(qtbot: QtBot, tree: PlanTree) -> None:
    before = titles(tree.model)
    go_to(tree, "Mental health", "Re-referrals")
    with qtbot.waitSignal(tree.problem) as said:
        qtbot.keyClick(tree.rows, Key.Key_Up, ALT)
    assert said.args == ["Only rows that stand in one list can be moved together."]
    assert titles(tree.model) == before


def test_a_chapter_moves_with_its_sections(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "What we did")
    qtbot.keyClick(tree.rows, Key.Key_Up, ALT)
    at = titles(tree.model).index("Narrative")
    assert titles(tree.model)[at : at + 6] == [
        "Narrative",
        "  What we did",
        "    Early help",
        "  Children here",
        "    Who they are",
        "    Where they live",
    ]


def test_with_a_filter_a_row_moves_past_the_next_one_that_is_seen(qtbot: QtBot, tree: PlanTree) -> None:
    qtbot.keyClicks(tree.filter_bar.box, "e")
    hidden = named(tree.model, "Mental health")
    qtbot.keyClicks(tree.filter_bar.box, "e")  # "ee": women smoking is hidden too
    tree.set_filter("in")
    go_to(tree, "Women smoking at delivery")
    qtbot.keyClick(tree.rows, Key.Key_Down, ALT)
    assert not tree.model.is_shown(hidden)
    assert under(tree, "Good maternal health") == [
        "Mental health",
        "Breastfeeding at 6–8 weeks",
        "Women smoking at delivery",
    ]


# ---------------------------------------------------------------------- drag and drop


def drag(tree: PlanTree, *names: str) -> QMimeData:
    return tree.model.mimeData([tree.model.index_of(named(tree.model, name)) for name in names])


def drop(tree: PlanTree, data: QMimeData, parent: Node | None, row: int = -1) -> bool:
    """Let go of rows in a parent (None: the plan), at a row or on the parent itself; False if refused."""
    index = tree.model.index_of(parent) if parent else QModelIndex()
    move = Qt.DropAction.MoveAction
    can = tree.model.canDropMimeData(data, move, row, 0, index)
    assert tree.model.dropMimeData(data, move, row, 0, index) is can
    return can


def test_a_measure_is_dragged_to_a_place_in_another_outcome(tree: PlanTree) -> None:
    data = drag(tree, "Re-referrals")
    assert data.text() == "i  Re-referrals"
    assert drop(tree, data, named(tree.model, "Good maternal health"), 1)
    assert under(tree, "Good maternal health")[:3] == [
        "Women smoking at delivery",
        "Re-referrals",
        "Mental health",
    ]


def test_rows_dropped_on_their_new_parent_go_to_its_end(tree: PlanTree) -> None:
    data = drag(tree, "Women smoking at delivery", "Breastfeeding at 6–8 weeks")
    assert drop(tree, data, named(tree.model, "Safe homes"))
    assert under(tree, "Safe homes") == [
        "Re-referrals",
        "Women smoking at delivery",
        "Breastfeeding at 6–8 weeks",
    ]


def test_an_outcome_is_dragged_to_another_priority_and_a_priority_among_priorities(tree: PlanTree) -> None:
    second = [node for node in tree.model.root.children if node.row_type == "priority"][1]
    assert drop(tree, drag(tree, "Healthy lifestyles"), second, 0)
    assert [node.title for node in second.children] == ["Healthy lifestyles", "Safe homes"]
    assert drop(tree, drag(tree, "Health and wellbeing"), None, 3)
    assert [node.title for node in tree.model.root.children][:3] == [
        "A plan for children",
        "",
        "Health and wellbeing",
    ]


@pytest.mark.parametrize(
    ("names", "parent"),
    [
        (["Re-referrals"], "Health and wellbeing"),
        (["Safe homes"], "Good maternal health"),
        (["Re-referrals", "Safe homes"], "Good maternal health"),
        (["Children here"], "Who they are"),
        (["Children here"], "Children here"),
        (["Re-referrals"], "Children here"),
        (["Early help"], "Safe homes"),
    ],
)
def test_what_does_not_belong_there_cannot_be_dropped(tree: PlanTree, names: list[str], parent: str) -> None:
    before = titles(tree.model)
    assert not drop(tree, drag(tree, *names), named(tree.model, parent))
    assert titles(tree.model) == before


def test_rows_of_another_tree_or_program_are_not_taken(qtbot: QtBot, tree: PlanTree, editor: Editor) -> None:
    other = PlanTree()
    qtbot.addWidget(other)
    other.show_outline(outline_of(editor))
    foreign = other.model.mimeData([other.model.index_of(named(other.model, "Re-referrals"))])
    words = QMimeData()
    words.setText("Re-referrals")
    for data in (foreign, words):
        assert not drop(tree, data, named(tree.model, "Good maternal health"))


def test_a_section_dragged_into_another_takes_its_depth(tree: PlanTree, editor: Editor) -> None:
    before = titles(tree.model)
    assert drop(tree, drag(tree, "What we did"), named(tree.model, "Who they are"))
    at = titles(tree.model).index("Narrative")
    assert titles(tree.model)[at : at + 6] == [
        "Narrative",
        "  Children here",
        "    Who they are",
        "      What we did",
        "        Early help",
        "    Where they live",
    ]
    assert editor.undo_name == "Move section “What we did”"
    editor.undo()
    assert titles(tree.model) == before


# ---------------------------------------------------------------------- copying and deleting


def test_delete_takes_rows_away_without_a_question_and_undo_brings_all_back(
    qtbot: QtBot, tree: PlanTree, editor: Editor
) -> None:
    before = titles(tree.model)
    seen = [node.title for node in tree.rows.seen_nodes()]
    go_to(tree, "Good maternal health", "Women smoking at delivery")
    with qtbot.waitSignal(tree.commands.deleted) as said, qtbot.waitSignal(tree.row_selected):
        qtbot.keyClick(tree.rows, Key.Key_Delete)
    assert said.args == ["Deleted outcome 1a."]
    assert current(tree) == "Healthy lifestyles"
    editor.undo()
    assert titles(tree.model) == before
    assert [node.title for node in tree.rows.seen_nodes()] == seen
    assert current(tree) == "Healthy lifestyles"


def test_deleting_tells_of_one_new_row_only(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Women smoking at delivery", "Mental health")
    told: list[str] = []
    tree.row_selected.connect(lambda row_type, row_id: told.append(row_id))
    qtbot.keyClick(tree.rows, Key.Key_Delete)
    assert told == [named(tree.model, "Breastfeeding at 6–8 weeks").id]


def test_a_chapter_is_deleted_and_copied_with_its_sections(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Children here")
    qtbot.keyClick(tree.rows, Key.Key_D, CTRL)
    narrative = tree.model.node("narrative")
    assert narrative is not None
    assert [node.title for node in narrative.children] == ["Children here", "Children here", "What we did"]
    assert [[below.title for below in node.children] for node in narrative.children[:2]] == [
        ["Who they are", "Where they live"]
    ] * 2
    assert tree.rows.current_node() is narrative.children[1]
    qtbot.keyClick(tree.rows, Key.Key_Delete)
    assert [node.title for node in narrative.children] == ["Children here", "What we did"]


def test_an_organisation_in_use_is_not_deleted_and_it_is_said_why(
    qtbot: QtBot, tree: PlanTree, editor: Editor
) -> None:
    from cypp_desktop.plan.model import Measure
    from cypp_desktop.store import commands

    measure = editor.find(Measure, named(tree.model, "Re-referrals").id)
    assert measure is not None
    commands.set_leads(editor, measure, [commands.LeadEntry("Schools")])
    go_to(tree, "Schools")
    with qtbot.waitSignal(tree.problem) as said, qtbot.assertNotEmitted(tree.commands.deleted):
        qtbot.keyClick(tree.rows, Key.Key_Delete)
    assert said.args == ["Schools leads 1 part of the plan. Change that first."]
    assert current(tree) == "Schools"


def test_duplicates_stand_after_their_originals_and_are_chosen(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Women smoking at delivery", "Mental health")
    qtbot.keyClick(tree.rows, Key.Key_D, CTRL)
    assert under(tree, "Good maternal health") == [
        "Women smoking at delivery",
        "Women smoking at delivery",
        "Mental health",
        "Mental health",
        "Breastfeeding at 6–8 weeks",
    ]
    assert chosen(tree) == ["Women smoking at delivery", "Mental health"]
    assert [node.at for node in tree.rows.chosen_nodes()] == [1, 3]


def test_copy_puts_codes_and_titles_on_the_clipboard(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Good maternal health", "Mental health")
    qtbot.keyClick(tree.rows, Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "1a  Good maternal health\n\tii  Mental health"


# ---------------------------------------------------------------------- menu, words, window


def test_the_menu_shows_the_same_actions_with_their_keys(qtbot: QtBot, tree: PlanTree) -> None:
    go_to(tree, "Good maternal health")
    tree.rows.menu_wanted.emit(QPoint(10, 10))
    menu = tree.findChildren(QMenu)[-1]
    assert menu.actions() == list(tree.menu_actions())
    words = {action.text(): action.shortcut().toString() for action in menu.actions() if action.text()}
    assert words["Add outcome &after this one"] == "Ins"
    assert words["Add measure &in this one"] == "Ctrl+Shift+Return"
    assert words["Move &up"] == "Alt+Up"
    assert QKeySequence("Del").toString() in words.values()
    menu.close()


def test_the_plans_own_level_names_are_used_at_once(tree: PlanTree, editor: Editor) -> None:
    from cypp_desktop.store import commands
    from cypp_desktop.store.queries import the_plan

    commands.set_field(editor, the_plan(editor.session), "level_outcome", "Key activity")
    assert tree.add_bar.buttons[1].accessibleName() == "Add key activity"
    assert tree.actions_of_rows.named["add outcome"].text() == "Add key activity"


def test_a_deletion_is_said_in_a_banner_that_takes_it_back(qtbot: QtBot, editor: Editor) -> None:
    banners = BannerArea()
    qtbot.addWidget(banners)
    tree = PlanTree(simple_services(Dialogs(), Tasks(banners), banners))
    qtbot.addWidget(tree)
    tree.attach(editor)
    before = titles(tree.model)
    go_to(tree, "Safe homes")
    tree.commands.delete()
    (banner,) = banners.messages().values()
    assert banner.text == "Deleted outcome 2a."
    qtbot.mouseClick(banner.buttons["Undo"], Qt.MouseButton.LeftButton)
    assert titles(tree.model) == before
    assert banners.messages() == {}
    tree.detach()


def test_a_deletion_can_no_longer_be_taken_back_from_the_banner_once_more_was_done(
    qtbot: QtBot, editor: Editor
) -> None:
    banners = BannerArea()
    qtbot.addWidget(banners)
    tree = PlanTree(simple_services(Dialogs(), Tasks(banners), banners))
    qtbot.addWidget(tree)
    tree.attach(editor)
    go_to(tree, "Safe homes")
    tree.commands.delete()
    go_to(tree, "Mental health")
    tree.commands.move_up()
    assert banners.messages() == {}
    tree.detach()


def test_every_control_has_an_accessible_name(tree: PlanTree) -> None:
    bar = tree.filter_bar
    for control in (bar.box, bar.state, tree.rows, *tree.add_bar.buttons):
        assert control.accessibleName()


def test_buttons_share_a_narrow_line_and_the_longest_gives_way_first() -> None:
    assert shared([50, 80, 200], 400) == [50, 80, 200]
    assert shared([50, 80, 200], 230) == [50, 80, 100]
    assert shared([50, 80, 200], 120) == [40, 40, 40]
    assert shared([50, 80], 0) == [0, 0]


def test_where_the_buttons_would_hardly_say_anything_one_with_a_menu_stands_for_all(
    qtbot: QtBot, tree: PlanTree
) -> None:
    bar = tree.add_bar
    tree.resize(sum(button.wanted() for button in bar.buttons) + 60, tree.height())
    qtbot.waitUntil(lambda: bar.buttons[0].isVisible())
    assert not bar.all_in_one.isVisible()
    tree.resize(150, tree.height())
    qtbot.waitUntil(bar.all_in_one.isVisible)
    assert not any(button.isVisible() for button in bar.buttons)
    offered = [action.text().replace("&", "") for action in bar.all_in_one.menu().actions()]
    assert offered == ["Add priority", "Add outcome", "Add measure"]
