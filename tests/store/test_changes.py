"""What fields and rows say by their changes alone, whatever the order in which these are known."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.plan.base import Field, fields_of, row_classes
from cypp_desktop.plan.model import Measure, Update
from cypp_desktop.store.changes import (
    COMBINED,
    CONFLICT,
    CREATED,
    DELETED,
    Change,
    FieldState,
    RowState,
    field_state,
    from_json,
    heads,
    row_state,
    to_json,
)
from cypp_desktop.store.log import needs_whole_history

TITLE, LIST, PLACE = (fields_of(Measure)[name] for name in ("title", "flags", "place"))
TEXT = fields_of(Update)["text"]
BASE = "- one\n- two\n- three"


def change(
    id_: str, value: Any, *parents: str, field: str = "title", file: str = "theirs", step: str = "s"
) -> Change:
    return Change(id_, "measure", "m", field, None, value, parents, "Someone", file, "2018", step)


def made(id_: str = "c", **values: Any) -> Change:
    return change(
        id_,
        {"title": "Old", "text": BASE, "flags": ["x"], "outcome_id": "o", "sort_key": "V", **values},
        field=CREATED,
    )


def says(field: Field, *changes: Change, created: tuple[Change, ...] = (made(),)) -> FieldState:
    """What the field says, whatever the order of its changes."""
    found = [field_state(field, order, created, {"mine"}) for order in itertools.permutations(changes)]
    assert all(one == found[0] for one in found)
    return found[0]


def test_a_field_that_nobody_changed_says_what_the_row_was_made_with() -> None:
    assert says(TITLE) == FieldState("Old", None, (made(),))


def test_the_last_of_a_line_of_changes_is_what_the_field_says() -> None:
    found = says(TITLE, change("1", "New", "c"), change("2", "Newer", "1"))
    assert (found.value, found.mark, [head.id for head in found.heads]) == ("Newer", None, ["2"])


def test_heads_that_agree_are_no_conflict() -> None:
    assert (
        says(TITLE, change("1", "New", "c"), change("2", "New", "c"), change("3", "New  ", "c")).mark is None
    )


def test_heads_that_differ_are_a_conflict_that_says_the_holders_own_or_what_was_before() -> None:
    theirs = change("1", "By A", "c"), change("2", "By B", "c")
    assert (says(TITLE, *theirs).value, says(TITLE, *theirs).mark) == ("Old", CONFLICT)
    assert says(TITLE, *theirs, change("3", "Mine", "c", file="mine")).value == "Mine"
    both = change("3", "Mine", "c", file="mine"), change("4", "Mine too", "c", file="mine")
    assert says(TITLE, *theirs, *both).value == "Old"


def test_a_decision_is_one_change_that_names_all_heads() -> None:
    changes = change("1", "By A", "c"), change("2", "By B", "c"), change("3", "Old", "1", "2")
    assert (says(TITLE, *changes).value, says(TITLE, *changes).mark) == ("Old", None)
    later = says(TITLE, *changes, change("4", "Third", "c"))
    assert (later.value, later.mark) == ("Old", CONFLICT), "what was decided is not given up silently"


def test_a_value_put_back_gives_way_to_an_edit() -> None:
    back = change("1", "For now", "c", file="mine"), change("2", "Old ", "1", file="mine")
    assert (says(TITLE, *back, change("3", "New", "c")).value) == "New"
    assert says(TITLE, *back, change("3", "New", "c"), change("4", "Other", "c")).mark == CONFLICT


def test_texts_are_combined_where_nobody_touched_what_another_touched() -> None:
    a, b = change("1", BASE.replace("one", "1"), "c"), change("2", BASE + "\n- four", "c")
    found = says(TEXT, a, b)
    assert (found.value, found.mark) == ("- 1\n- two\n- three\n- four", COMBINED)
    assert (found.base, says(TEXT, a, b, change("3", BASE.replace("one", "I"), "c")).mark) == (BASE, CONFLICT)


def test_a_text_decided_by_block_is_not_given_up_to_a_later_edit_of_the_block() -> None:
    a, b = change("1", BASE.replace("one", "1"), "c"), change("2", BASE.replace("one", "I"), "c")
    decided = change("3", BASE, "1", "2", file="mine")
    assert says(TEXT, a, b, decided, change("4", BASE.replace("one", "first"), "c")).mark == CONFLICT
    elsewhere = says(TEXT, a, b, decided, change("4", BASE.replace("two", "2"), "c"))
    assert (elsewhere.value, elsewhere.mark) == (BASE.replace("two", "2"), COMBINED)


def test_lists_are_combined_by_entry() -> None:
    found = says(LIST, change("1", ["x", "by A"], "c"), change("2", ["by B", "x"], "c"))
    assert (found.value, found.mark) == (["by B", "x", "by A"], COMBINED)


def test_what_two_deciders_saw_is_what_their_decisions_are_laid_against() -> None:
    crossed = [
        change("1", BASE.replace("one", "1"), "c"),
        change("2", BASE + "\n- four", "c"),
        change("3", "- 1\n- two\n- three\n- 4", "1", "2"),
        change("4", "- 1\n- 2\n- three\n- four", "1", "2"),
    ]
    found = says(TEXT, *crossed)
    assert found.base == "- 1\n- two\n- three\n- four"
    assert found.value == "- 1\n- 2\n- three\n- 4"
    titles = [change("1", "A", "c"), change("2", "B", "c"), change("3", "Old", "1", "2")]
    assert says(TITLE, *titles, change("4", "B", "1", "2")).mark == CONFLICT, "they decided differently"


def test_a_row_made_twice_apart_has_two_beginnings() -> None:
    two = made("c"), made("d", title="Other", text="- by D", sort_key="W")
    assert (says(TITLE, created=two).mark, says(TITLE, created=two).value) == (CONFLICT, "Old")
    assert (says(TEXT, created=two).value, says(TEXT, created=two).mark) == ("", CONFLICT)
    assert says(PLACE, created=two) == FieldState({"outcome_id": "o", "sort_key": "V"}, None, two)
    one_edited = says(TITLE, change("1", "Other", "c"), created=two)
    assert (one_edited.value, [head.id for head in one_edited.heads]) == ("Other", ["1", "d"])
    assert says(TITLE, change("1", "Decided", "c", "d"), created=two).mark is None


TEXT_FIELDS = [
    pytest.param(field, id=f"{row_type}.{name}")
    for row_type, cls in row_classes().items()
    for name, field in fields_of(cls).items()
    if field.is_markdown
]


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize("nothing", ["", None, " \n\t ", "TBC", "To be confirmed once the board has met."])
def test_two_texts_written_from_nothing_are_a_question_in_every_field_that_holds_texts(
    field: Field, nothing: str | None
) -> None:
    def value(words: str | None) -> Any:
        return words if field.kind == "markdown" else [words] if words else []

    def written(id_: str, words: str | None, *parents: str, file: str = "theirs") -> Change:
        return change(id_, value(words), *parents, field=field.name, file=file)

    begun = (change("c", {field.columns[0]: value(nothing)}, field=CREATED),)
    told, also = written("1", "referrals were 1999", "c"), written("2", "rose to 2010", "c")
    removed = written("0", "It was said before.", "c"), written("0a", nothing, "0")
    for before, after in (
        ((), (told, also)),
        (removed, (told._replace(parents=("0a",)), also._replace(parents=("0a",)))),
    ):
        found = says(field, *before, *after, created=begun)
        assert (found.value, found.mark) == (value(nothing), CONFLICT)
        mine = after[1]._replace(file="mine")
        assert says(field, *before, after[0], mine, created=begun).value == value("rose to 2010")
    anew = tuple(
        change(id_, {field.columns[0]: value(words)}, field=CREATED)
        for id_, words in (("c", "referrals were 1999"), ("d", "rose to 2010"), ("e", nothing))
    )
    found = says(field, created=anew)
    assert (found.value, found.mark) == (value("") if field.kind == "markdown" else [], CONFLICT)
    assert says(field, created=(anew[0], anew[1]._replace(file="mine"))).value == value("rose to 2010")
    if not (nothing if field.kind == "list" else (nothing or "").strip()):
        alone = says(field, created=(anew[0], anew[2]))
        assert (alone.value, alone.mark) == (value("referrals were 1999"), None)


def test_what_lies_between_may_be_missing() -> None:
    assert says(TITLE, change("9", "Sent", "not at hand")).value == "Sent"


# ------------------------------------------------------------------ rows


def row(*changes: Change) -> RowState:
    found = [row_state(order, fields_of(Measure), {"mine"}) for order in itertools.permutations(changes)]
    assert all(one == found[0] for one in found)
    assert found[0] is not None
    return found[0]


def test_a_row_without_its_creation_is_none() -> None:
    assert row_state([change("1", "New", "c")], fields_of(Measure), ()) is None


@pytest.mark.parametrize(
    ("changes", "live"),
    [
        ((), True),
        ((change("9", True, "c", field=DELETED),), False),
        ((change("1", "New", "c"), change("9", True, "c", "1", field=DELETED)), False),
        ((change("1", "New", "c"), change("9", True, "c", field=DELETED)), True),
        ((change("9", True, "c", field=DELETED), change("a", False, "9", field=DELETED)), True),
        ((change("8", True, "c", field=DELETED), change("9", True, "c", field=DELETED)), False),
        (
            (
                change("1", "New", "c"),
                change("8", True, "c", field=DELETED),
                change("9", True, "c", "1", field=DELETED),
            ),
            False,
        ),
    ],
    ids=[
        "made",
        "deleted",
        "edited then deleted",
        "edited apart",
        "back",
        "by two",
        "by two, one having seen the edit",
    ],
)
def test_a_row_lives_unless_all_deleted_it_and_nobody_edited_it_apart(
    changes: tuple[Change, ...], live: bool
) -> None:
    assert row(made(), *changes).live is live


# ------------------------------------------------------------------ for all changes


@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "B ", "C"]), st.sets(st.integers(0, 8), max_size=3)), max_size=9
    ),
    st.randoms(use_true_random=False),
    st.integers(1, 2),
)
def test_any_order_of_changes_says_the_same_and_only_what_was_said(
    drawn: list[tuple[str, set[int]]], random: Random, beginnings: int
) -> None:
    created = [made("c", text="A"), made("d", text="C")][:beginnings]
    changes = [
        change(
            f"{at}",
            value,
            *([f"{p}" for p in sorted(parents) if p < at] or ["c"]),
            file="mine" if at % 3 else "x",
        )
        for at, (value, parents) in enumerate(drawn)
    ]
    for field in (TITLE, TEXT):
        before = field_state(field, changes, created, {"mine"})
        random.shuffle(changes)
        random.shuffle(created)
        assert field_state(field, changes, created, {"mine"}) == before
        if before.mark is None or field is TITLE:
            assert before.value in {"Old", *(c.value for c in changes), *(c.value["text"] for c in created)}
    if changes:
        tips = {head.id for head in heads(changes)}
        assert tips and not tips & {parent for c in changes for parent in c.parents}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_a_value_in_the_log_is_read_back(value: Any) -> None:
    assert from_json(to_json(value)) == value


def test_what_is_no_value_is_refused() -> None:
    for text in ("", "1 2", "[", " 1"):
        with pytest.raises(ValueError, match=r".*"):
            from_json(text)


def test_more_than_the_heads_of_a_row_is_needed_where_two_stand_or_one_takes_a_decision_back() -> None:
    title, text = change("a", "New"), change("b", "Text", field="text")
    assert not needs_whole_history([title, text])
    assert needs_whole_history([title, text, change("c", "Newer")])
    assert needs_whole_history([made("d"), made("e")])
    deletions = [change(id_, True, field=DELETED) for id_ in "fg"]
    assert not needs_whole_history([title, *deletions])
