"""What was removed for good stays away, wherever the change that said it comes from, in whatever order."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.store import removal
from cypp_desktop.store.changes import CREATED, Change
from cypp_desktop.store.removal import VALUE, Mark, Removal, columns_in, part_of
from cypp_desktop.store.union import add_removals
from tests.store.partners import DEEDS, Deed, Person, people, twin

FEWER = settings(max_examples=settings().max_examples // 2)
PARTNERS = st.lists(DEEDS, min_size=1, max_size=3)


def removes(person: Person, *removals: Removal) -> None:
    person.editor.session.rollback()
    with person.engine.begin() as connection:
        add_removals(connection, removals)
    person.editor.session.expire_all()


def known_to(person: Person) -> list[Removal]:
    with person.engine.connect() as connection:
        return removal.removals_of(connection)


def some_of(changes: list[Change], number: int, id_: str) -> Removal:
    """A removal of some texts out of these changes, chosen by the number."""
    marks: list[Mark] = []
    for at, change in enumerate(changes):
        for side in (VALUE, removal.BEFORE):
            marks += (
                Mark(change.id, part_of(side, column))
                for column in columns_in(change, side)
                if removal.is_text(change.row_type, column) and (at * 7 + len(column) + number) % 5 == 0
            )
    return Removal(id=id_, at="2018-06-02", author="holder", reason="asked for", marks=tuple(marks))


def snapshot(person: Person) -> tuple[object, ...]:
    """What a plan says, its marks, and what its log says of every change."""
    return *person.snapshot(), sorted(person.changes()), known_to(person)


@FEWER
@given(DEEDS, PARTNERS, st.integers(0, 4), st.randoms(use_true_random=False))
def test_files_and_removals_say_the_same_in_any_order(
    mine: list[Deed], theirs: list[list[Deed]], number: int, random: Random
) -> None:
    holder, *partners = people(mine, theirs)
    sets = [partner.changes() for partner in partners]
    every = [change for changes in sets for change in changes]
    removals = [some_of(every, number, "removal 1"), some_of(every, number + 2, "removal 2")]
    one = twin(holder, "one")

    holder.merge(*sets)
    removes(holder, *removals)
    said = snapshot(holder)
    assert holder.faults() == []
    removes(holder, *removals)
    holder.merge(*sets)
    assert snapshot(holder) == said

    arriving = [*sets, *removals]
    for each in random.sample(arriving, len(arriving)):
        if isinstance(each, Removal):
            removes(one, each)
        else:
            one.merge(each)
        assert one.faults() == []
    assert snapshot(one) == said


@FEWER
@given(DEEDS, st.integers(0, 4))
def test_nothing_that_is_marked_says_anything(mine: list[Deed], number: int) -> None:
    (holder,) = people(mine, [])
    before = {change.id: change for change in holder.changes()}
    asked = some_of(list(before.values()), number, "removal")
    removes(holder, asked)
    parts = {(mark.item, mark.part) for mark in asked.marks}
    for change in holder.changes():
        for side in (VALUE, removal.BEFORE):
            was = columns_in(before[change.id], side)
            for column, value in columns_in(change, side).items():
                if (change.id, part_of(side, column)) in parts:
                    assert value == removal.emptied(change.row_type, column)
                else:
                    assert value == was[column]


def test_only_what_people_write_can_be_removed() -> None:
    texts = {
        (row_type, column.key)
        for row_type, cls in row_classes().items()
        for column in cls.__table__.columns
        if not column.primary_key and removal.is_text(row_type, column.key)
    }
    assert {
        ("person", "name"),
        ("update", "text"),
        ("pack", "definition"),
        ("issued_return", "scope"),
    } <= texts
    assert texts.isdisjoint({("update", "outcome_id"), ("update", "state"), ("measure", "sort_key")})
    assert CREATED not in fields_of(row_classes()["person"])
