"""The union of changes: what a merge guarantees, whoever edited what and in whatever order files arrive.

The numbers of the first tests are those of the invariants in the design of the merge.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.plan.base import fields_of, row_classes, stored_values
from cypp_desktop.plan.text_merge import same_text
from cypp_desktop.store import recorder
from cypp_desktop.store.changes import COMBINED, CREATED, DELETED, Change, to_json, value_in
from cypp_desktop.store.union import (
    changes_of_batch,
    retract_changes,
)
from tests.store.partners import DEEDS, LATER_DEEDS, Deed, Person, marks_of, new_changes, people, twin

#: Each example is several plans edited by several people.
FEWER = settings(max_examples=settings().max_examples // 2)
PARTNERS = st.lists(DEEDS, min_size=1, max_size=3)


# ------------------------------------------------------------------ the invariants


@FEWER
@given(DEEDS, PARTNERS, st.randoms(use_true_random=False))
def test_1_2_12_13_any_order_says_the_same_and_again_says_nothing(
    mine: list[Deed], theirs: list[list[Deed]], random: Random
) -> None:
    holder, *partners = people(mine, theirs)
    sets = [partner.changes() for partner in partners]
    one = twin(holder, "one")
    holder.merge(*sets)
    said = holder.snapshot()
    assert holder.faults() == []
    assert not any(added.changes or added.rows for added in holder.merge(*reversed(sets)))
    assert holder.snapshot() == said

    one.merge(*random.sample(sets, len(sets)))
    assert one.snapshot() == said


@FEWER
@given(DEEDS, PARTNERS, st.integers(0, 1000))
def test_files_need_not_even_arrive_whole(mine: list[Deed], theirs: list[list[Deed]], seed: int) -> None:
    """Parents after their children, rows before what they stand in: more than any file does."""
    holder, *partners = people(mine, theirs)
    scattered = [change for partner in partners for change in partner.changes()]
    other = twin(holder, "other")
    holder.merge(scattered)
    Random(seed).shuffle(scattered)  # not drawn: how many changes deeds make may differ with the ids of rows
    at = len(scattered) // 3
    for part in (scattered[:at], scattered[at : 2 * at], scattered[2 * at :]):
        other.merge(part)
        assert other.faults() == []
    assert other.snapshot() == holder.snapshot()


@FEWER
@given(DEEDS)
def test_3_one_partner_and_nothing_of_ours_gives_what_the_partner_has(theirs: list[Deed]) -> None:
    holder, partner = people([], [theirs])
    holder.merge(partner.changes())
    assert holder.snapshot() == partner.snapshot()
    assert marks_of(holder) == []


@FEWER
@given(DEEDS)
def test_4_a_copy_in_which_nothing_was_done_changes_nothing(mine: list[Deed]) -> None:
    holder, partner = people(mine, [[]])
    said = holder.snapshot()
    [added] = holder.merge(partner.changes())
    assert not added.changes and not added.rows
    assert holder.snapshot() == said


@FEWER
@given(DEEDS, PARTNERS)
def test_5_6_7_no_edit_is_lost_no_value_invented_and_the_rest_is_untouched(
    mine: list[Deed], theirs: list[list[Deed]]
) -> None:
    holder, *partners = people(mine, theirs)
    before = holder.rows()
    proposed = [change for partner in partners for change in new_changes(partner, holder)]
    holder.merge(*(partner.changes() for partner in partners))
    plan = _Plan(holder)
    for change in proposed:
        assert plan.tells_of(change), change
    touched = {(change.row_type, change.row_id, change.field) for change in proposed}
    for key, values in plan.rows.items():
        for name, field in fields_of(row_classes()[key[0]]).items():
            now = field.value_of(values)
            if (*key, name) not in plan.combined:
                assert to_json(now) in plan.proposed(key, name), "a value that nobody proposed"
            if (*key, name) not in touched and (*key, CREATED) not in touched and key in before:
                assert to_json(now) == to_json(field.value_of(before[key]))


class _Plan:
    """A merged plan, and where in it a change can be found again."""

    def __init__(self, person: Person) -> None:
        self.rows = person.rows()
        self.marks = marks_of(person)
        self.log: dict[tuple[str, str], list[Change]] = {}
        for change in person.changes():
            self.log.setdefault((change.row_type, change.row_id), []).append(change)
        self.combined = {(m.row_type, m.row_id, m.field) for m in self.marks if m.kind == COMBINED}
        self.marked = {(m.row_type, m.row_id, m.field) for m in self.marks}

    def proposed(self, key: tuple[str, str], name: str) -> set[str]:
        field = fields_of(row_classes()[key[0]])[name]
        return {to_json(value_in(c, field)) for c in self.log[key] if c.field in (name, CREATED)}

    def tells_of(self, change: Change) -> bool:
        key = (change.row_type, change.row_id)
        later = {parent for other in self.log[key] for parent in other.parents}
        if change.id in later:
            return True  # someone who had seen it edited or deleted what it said
        if (*key, CREATED) in self.marked:
            return True
        if change.field == DELETED:
            return (key not in self.rows) == bool(change.value)
        if key not in self.rows:
            return False
        if change.field == CREATED:
            return all(self._in_field(change, name) for name in fields_of(row_classes()[key[0]]))
        return self._in_field(change, change.field)

    def _in_field(self, change: Change, name: str) -> bool:
        key = (change.row_type, change.row_id)
        field = fields_of(row_classes()[key[0]])[name]
        value, now = value_in(change, field), field.value_of(self.rows[key])
        if (*key, name) in self.marked or alike(value, now):
            return True
        if change.field == CREATED:
            edited = any(change.id in c.parents for c in self.log[key] if c.field == name)
            # one row started twice apart stands in one of the two places of its list, and its texts say all
            # that both of them say
            return edited or field.kind == "place" or set(blocks(value)) <= set(blocks(now))
        line = [value_in(c, field) for c in self._line(change)]
        if any(alike(value, was) for was in line):
            return True  # put back to what it was
        return set(blocks(value)) - set(blocks(line[-1])) <= set(
            blocks(now)
        )  # another says all this and more

    def _line(self, change: Change) -> list[Change]:
        """What a change goes back to, its own parents first."""
        by_id = {other.id: other for other in self.log[change.row_type, change.row_id]}
        found: list[Change] = []
        waiting = list(change.parents)
        while waiting:
            found.append(by_id[waiting.pop()])
            waiting += found[-1].parents
        return found


def alike(one: Any, other: Any) -> bool:
    """Whether two values differ at most in what nobody sees."""
    if isinstance(one, str) and isinstance(other, str):
        return same_text(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return [item.strip() for item in one] == [item.strip() for item in other]
    return to_json(one).replace(" ", "") == to_json(other).replace(" ", "")


def blocks(value: Any) -> list[str]:
    """The paragraphs of a text or entries of a list; another value is one whole."""
    if isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    return [item.strip() for item in value] if isinstance(value, list) else [to_json(value)]


@FEWER
@given(st.integers(1, 4), st.lists(st.builds(Deed, st.just("edit"), st.integers(0, 26), st.integers(0, 300))))
def test_8_the_same_edits_by_all_are_no_conflict(count: int, deeds: list[Deed]) -> None:
    holder, *partners = people(deeds, [deeds] * count)
    said = holder.snapshot()[0]
    holder.merge(*(partner.changes() for partner in partners))
    assert holder.snapshot() == (said, [])


@FEWER
@given(DEEDS, st.lists(DEEDS, min_size=2, max_size=3), st.integers(0, 5))
def test_9_a_further_file_never_silently_changes_what_was_decided(
    mine: list[Deed], theirs: list[list[Deed]], choice: int
) -> None:
    holder, *partners = people(mine, theirs)
    *first, last = partners
    holder.merge(*(partner.changes() for partner in first))
    decided = decide_all(holder, choice)
    assert holder.faults() == []
    assert not {mark.kind for mark in marks_of(holder) if (mark.row_id, mark.field) in decided}
    holder.merge(last.changes())
    assert holder.faults() == []
    rows, marked = holder.rows(), {(m.row_id, m.field) for m in marks_of(holder)}
    for (row_type, row_id), values in rows.items():
        for name, field in fields_of(row_classes()[row_type]).items():
            if (row_id, name) in decided and (row_id, name) not in marked:
                assert to_json(field.value_of(values)) == decided[row_id, name]


def decide_all(holder: Person, choice: int) -> dict[tuple[str, str], str]:
    """Decide every mark on a field, for one of its heads, its base or what it says; what was decided."""
    decided: dict[tuple[str, str], str] = {}
    for mark in marks_of(holder):
        row = holder.editor.row(mark.row_type, mark.row_id)
        if row is None or mark.field == CREATED:
            continue
        field = fields_of(type(row))[mark.field]
        offered = [value_in(head, field) for head in mark.heads] + [mark.value]
        if mark.base is not None:
            offered.append(mark.base)
        value = offered[choice % len(offered)]
        try:
            with holder.editor.step("Decide") as session:
                recorder.decide(session, row, mark.field, value)
        except PlanRuleBroken:
            continue
        decided[mark.row_id, mark.field] = to_json(field.value_of(stored_values(row)))
    return decided


@FEWER
@given(DEEDS, PARTNERS)
def test_10_a_merge_taken_back_leaves_the_plan_as_it_was(mine: list[Deed], theirs: list[list[Deed]]) -> None:
    holder, *partners = people(mine, theirs)
    said, log = holder.snapshot(), holder.changes()
    heads = _heads(holder)
    sets = [partner.changes() for partner in partners]
    batches = holder.merge(*sets)
    merged = holder.snapshot()
    with holder.engine.begin() as connection:
        for number in range(len(batches)):
            ids = changes_of_batch(connection, f"batch {number}")
            assert ids == list(batches[number].changes)
            retract_changes(connection, ids)
    assert holder.snapshot() == said
    assert holder.changes() == log and _heads(holder) == heads
    assert holder.faults() == []
    holder.merge(*sets)
    assert holder.snapshot() == merged


def _heads(person: Person) -> set[str]:
    with person.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM change WHERE is_head = 1")
        return {id_ for (id_,) in rows}


@FEWER
@given(DEEDS, PARTNERS, LATER_DEEDS)
def test_work_goes_on_after_a_merge_and_undo_brings_back_what_was(
    mine: list[Deed], theirs: list[list[Deed]], later: list[Deed]
) -> None:
    holder, *partners = people(mine, theirs)
    holder.merge(*(partner.changes() for partner in partners))
    for deed in later:
        before, steps = holder.snapshot(), steps_of(holder)
        holder.does([deed])
        assert holder.faults() == []
        if deed.kind == "undo" or steps_of(holder) == steps:
            continue
        after = holder.snapshot()
        holder.editor.undo()
        assert holder.faults() == []
        assert holder.snapshot() == before, "the same words, and the same questions"
        holder.editor.redo()
        assert holder.faults() == []
        assert holder.snapshot()[0] == after[0]
        assert questions(holder.snapshot()) == questions(after)


@FEWER
@given(DEEDS, PARTNERS, LATER_DEEDS, LATER_DEEDS)
def test_what_is_decided_and_taken_back_apart_comes_together(
    mine: list[Deed], theirs: list[list[Deed]], here: list[Deed], there: list[Deed]
) -> None:
    holder, *partners = people(mine, theirs)
    holder.merge(*(partner.changes() for partner in partners))
    other = twin(holder, "other").does(there)
    holder.does(here)
    sets = holder.changes(), other.changes()
    for person in (holder, other):
        person.merge(*sets)
        assert person.faults() == []
    assert holder.snapshot() == other.snapshot()


def steps_of(person: Person) -> int:
    with person.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM step").scalar_one())


def questions(snapshot: tuple[str, list[Any]]) -> list[Any]:
    """The marks of a snapshot, whichever changes they are about."""
    return [(*mark[:4], mark[5:]) for mark in snapshot[1]]
