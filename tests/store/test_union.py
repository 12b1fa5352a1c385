"""The union of changes: what a merge guarantees, whoever edited what and in whatever order files arrive.

The numbers of the first tests are those of the invariants in the design of the merge.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.plan.base import fields_of, row_classes, stored_values
from cypp_desktop.plan.model import Lead, Measure, Organisation, Outcome, Update, UpdateMeasure
from cypp_desktop.plan.queries import current_round
from cypp_desktop.plan.text_merge import same_text
from cypp_desktop.store import recorder
from cypp_desktop.store.changes import COMBINED, CONFLICT, CREATED, DELETED, Change, to_json, value_in
from cypp_desktop.store.commands import (
    add_row,
    delete_rows,
    move_rows,
    set_covered,
    set_field,
    set_update_text,
    write_update,
)
from cypp_desktop.store.union import (
    DELETED_AND_EDITED,
    Mark,
    built_upon,
    changes_of_batch,
    marks,
    retract_changes,
)
from tests.store.partners import DEEDS, LATER_DEEDS, Deed, Person, people

#: Each example is several plans edited by several people.
FEWER = settings(max_examples=settings().max_examples // 2)
PARTNERS = st.lists(DEEDS, min_size=1, max_size=3)


def marks_of(person: Person) -> list[Mark]:
    with person.engine.connect() as connection:
        return marks(connection)


def new_changes(person: Person, holder: Person) -> list[Change]:
    known = {change.id for change in holder.changes()}
    return [change for change in person.changes() if change.id not in known]


def twin(person: Person, name: str) -> Person:
    """The same file again."""
    person.editor.session.rollback()
    return Person(name, person)


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
@given(DEEDS, PARTNERS, st.randoms(use_true_random=False))
def test_files_need_not_even_arrive_whole(mine: list[Deed], theirs: list[list[Deed]], random: Random) -> None:
    """Parents after their children, rows before what they stand in: more than any file does."""
    holder, *partners = people(mine, theirs)
    scattered = [change for partner in partners for change in partner.changes()]
    other = twin(holder, "other")
    holder.merge(scattered)
    random.shuffle(scattered)
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


# ------------------------------------------------------------------ cases


def measure_of(person: Person, code: str = "ii") -> Measure:
    measures = select(Measure).where(Measure.code == code).order_by(Measure.id)
    return person.editor.session.scalars(measures).first()  # type: ignore[return-value]


def obesity(person: Person) -> Measure:
    """A measure of which no update says anything yet."""
    return person.editor.session.scalars(select(Measure).where(Measure.title.contains("Obesity"))).one()


def update_of_round(person: Person) -> Update:
    """The update on two measures."""
    return person.editor.session.scalars(select(Update).where(Update.text.contains("Fewer"))).one()


def merged(holder: Person, *partners: Person) -> list[tuple[str, str, str]]:
    """Merge what the partners have; the marks as row type, field and kind."""
    holder.merge(*(partner.changes() for partner in partners))
    assert holder.faults() == []
    return sorted((mark.row_type, mark.field, mark.kind) for mark in marks_of(holder))


def three() -> tuple[Person, Person, Person]:
    holder, a, b = people([], [[], []])
    return holder, a, b


def test_a_conflict_says_the_holders_own_words_until_it_is_decided() -> None:
    holder, a, b = three()
    for person, title in ((holder, "Ours"), (a, "By A"), (b, "By B")):
        set_field(person.editor, measure_of(person), "title", title)
    assert merged(holder, a, b) == [("measure", "title", CONFLICT)]
    [mark] = marks_of(holder)
    assert (mark.base, mark.value) == ("Breastfeeding at 6-8 weeks", "Ours")
    assert sorted(head.author for head in mark.heads) == ["holder", "partner 0", "partner 1"]
    assert measure_of(holder).title == "Ours"


def test_a_conflict_of_others_says_what_was_there_before() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "By A")
    set_field(b.editor, measure_of(b), "title", "By B")
    assert merged(holder, a, b) == [("measure", "title", CONFLICT)]
    assert measure_of(holder).title == "Breastfeeding at 6-8 weeks"


def test_a_conflict_decided_stays_decided_and_a_third_value_opens_it_again() -> None:
    holder, a, b = three()
    late = Person("late")
    for person, title in ((a, "By A"), (b, "By B"), (late, "The 57th")):
        set_field(person.editor, measure_of(person), "title", title)
    merged(holder, a, b)
    with holder.editor.step("Decide") as session:
        recorder.decide(session, measure_of(holder), "title", "Breastfeeding at 6-8 weeks")
    assert marks_of(holder) == []
    assert merged(holder, a, b) == []
    assert merged(holder, late) == [("measure", "title", CONFLICT)]
    assert measure_of(holder).title == "Breastfeeding at 6-8 weeks"


def test_the_same_value_decided_as_is_closes_a_conflict() -> None:
    holder, a, _ = three()
    set_field(holder.editor, measure_of(holder), "title", "Ours")
    set_field(a.editor, measure_of(a), "title", "By A")
    merged(holder, a)
    with holder.editor.step("Keep ours") as session:
        recorder.decide(session, measure_of(holder), "title", "Ours")
    assert marks_of(holder) == [] and holder.faults() == []


def test_an_edit_in_a_conflict_decides_it_and_an_amendment_back_opens_it_again() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "By A")
    set_field(b.editor, measure_of(b), "title", "By B")
    merged(holder, a, b)
    set_field(holder.editor, measure_of(holder), "title", "Both", sitting=True)
    assert marks_of(holder) == []
    set_field(holder.editor, measure_of(holder), "title", "Breastfeeding at 6-8 weeks", sitting=True)
    assert [mark.kind for mark in marks_of(holder)] == [CONFLICT]
    assert holder.faults() == []


def test_edits_of_different_paragraphs_are_combined_and_marked_for_reading() -> None:
    holder, a, b = three()
    write_update(a.editor, update_of_round(a), "- Fewer smoke, by A\n- More feed")
    write_update(b.editor, update_of_round(b), "- Fewer smoke\n- More feed\n- By B")
    assert merged(holder, a, b) == [("update", "text", COMBINED)]
    assert update_of_round(holder).text == "- Fewer smoke, by A\n- More feed\n- By B"


def test_edited_and_put_back_is_no_edit() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "For a moment")
    set_field(a.editor, measure_of(a), "title", "Breastfeeding at 6-8 weeks")
    set_field(b.editor, measure_of(b), "title", "By B")
    assert merged(holder, a, b) == []
    assert measure_of(holder).title == "By B"


def test_blanks_and_line_ends_alone_are_no_edit() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "Breastfeeding at 6-8 weeks  ")
    write_update(a.editor, update_of_round(a), "- Fewer smoke \r\n- More feed\r\n")
    set_field(b.editor, measure_of(b), "title", "By B")
    write_update(b.editor, update_of_round(b), "- Fewer smoke, by B\n- More feed")
    assert merged(holder, a, b) == []
    assert (measure_of(holder).title, update_of_round(holder).text) == (
        "By B",
        "- Fewer smoke, by B\n- More feed",
    )


def test_a_row_deleted_there_and_edited_here_stays_whole_until_decided() -> None:
    holder, a, b = three()
    before = holder.rows()
    delete_rows(a.editor, [measure_of(a, "i")])
    set_field(b.editor, measure_of(b, "i"), "title", "Edited")
    found = merged(holder, a, b)
    assert {kind for _, _, kind in found} == {DELETED_AND_EDITED}
    assert holder.rows().keys() == before.keys(), "its values, leads and texts stay with it"
    with holder.editor.step("Delete after all") as session:
        session.delete(measure_of(holder, "i"))
    assert marks_of(holder) == [] and holder.faults() == []
    assert merged(holder, a, b) == []


def test_what_is_kept_is_no_longer_marked_and_stays() -> None:
    holder, a, b = three()
    delete_rows(a.editor, [measure_of(a, "i")])
    set_field(b.editor, measure_of(b, "i"), "title", "Edited")
    merged(holder, a, b)
    before = holder.rows()
    with holder.editor.step("Keep") as session:
        recorder.keep(session, [holder.editor.row(m.row_type, m.row_id) for m in marks_of(holder)])  # type: ignore[misc]
    assert marks_of(holder) == [] and holder.faults() == []
    holder.editor.undo()
    assert holder.rows() == before and holder.faults() == []


def test_a_parent_deleted_here_and_a_child_added_there_both_stay() -> None:
    holder, a, _ = three()
    before = holder.rows()
    delete_rows(holder.editor, [measure_of(holder).outcome])
    new = add_row(a.editor, Measure, measure_of(a).outcome, title="New there")
    found = merged(holder, a)
    assert set(found) > {("outcome", CREATED, DELETED_AND_EDITED)}
    assert holder.rows().keys() == {*before, ("measure", new.id)}, "what was deleted with it stays with it"


def test_what_only_another_row_kept_goes_with_it_and_undo_brings_back_both() -> None:
    holder, a, _ = three()
    outcome = measure_of(holder).outcome_id
    delete_rows(holder.editor, [measure_of(holder).outcome])
    new = add_row(a.editor, Measure, measure_of(a).outcome, title="New there")
    merged(holder, a)
    before = holder.rows()
    delete_rows(holder.editor, [holder.editor.find(Measure, new.id)])  # type: ignore[list-item]
    assert holder.faults() == [] and marks_of(holder) == []
    assert holder.editor.find(Outcome, outcome) is None
    holder.editor.undo()
    assert holder.faults() == []
    assert holder.rows() == before


def test_an_organisation_deleted_here_and_named_there_stays() -> None:
    holder, a, _ = three()
    with holder.editor.step("Add") as session:
        session.add(Organisation(name="Police"))
    a = Person("partner 0", holder)
    with a.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = 'of a' WHERE key = 'file_id'")
    police = holder.editor.session.scalars(select(Organisation).where(Organisation.name == "Police")).one()
    delete_rows(holder.editor, [police])
    lead = a.editor.session.scalars(select(Lead)).first()
    assert lead is not None
    set_field(a.editor, lead, "organisation_id", police.id)
    assert merged(holder, a) == [("organisation", CREATED, DELETED_AND_EDITED)]


def test_deleted_by_all_is_deleted_and_deleted_again_after_an_edit_too() -> None:
    holder, a, b = three()
    delete_rows(a.editor, [measure_of(a)])
    set_field(b.editor, measure_of(b), "title", "Edited, then deleted")
    delete_rows(b.editor, [measure_of(b)])
    assert merged(holder, a, b) == []
    assert measure_of(holder) is None


def test_a_row_deleted_and_made_again_with_the_same_id_lives() -> None:
    holder, a, _ = three()
    update = update_of_round(a)
    measures = update.measures
    set_covered(a.editor, update, measures[:1])
    set_covered(a.editor, update, measures)
    assert merged(holder, a) == []
    assert len(update_of_round(holder).measures) == 2
    set_covered(holder.editor, update_of_round(holder), update_of_round(holder).measures[1:])
    assert merged(holder, a) == []
    assert len(update_of_round(holder).measures) == 1


def test_an_update_started_apart_is_one_update_that_says_both() -> None:
    holder, a, b = three()
    for person, words in ((a, "- By A"), (b, "- By B")):
        measure = person.editor.session.scalars(
            select(Measure).where(Measure.title.contains("Obesity"))
        ).one()
        set_update_text(person.editor, measure, current_round(person.editor.session), words)
    assert merged(holder, a, b) == [("update", "text", COMBINED)]
    [link] = obesity(holder).update_links
    assert link.update.text == "- By A\n- By B"
    write_update(holder.editor, link.update, "- By both")
    assert marks_of(holder) == [] and holder.faults() == []


def test_a_measure_moved_away_from_an_update_that_came_to_cover_it_waits_for_a_person() -> None:
    holder, a, b = three()
    measure = measure_of(a, "iii")
    other = a.editor.session.scalars(select(Outcome).where(Outcome.code == "1b")).one()
    move_rows(a.editor, [measure], other, 0)
    update = update_of_round(b)
    set_covered(b.editor, update, [*update.measures, measure_of(b, "iii")])
    assert merged(holder, a, b) == [("update_measure", CREATED, CONFLICT)]
    outcome = measure_of(holder).outcome
    move_rows(holder.editor, [measure_of(holder, "iii")], outcome, 0)
    assert marks_of(holder) == [] and holder.faults() == []
    links = holder.editor.session.scalars(select(UpdateMeasure).where(UpdateMeasure.measure_id == measure.id))
    assert len(links.all()) == 2, "moved back, the link holds again"


def test_two_moves_to_different_places_are_a_conflict_and_the_row_stays_where_it_was() -> None:
    holder, a, b = three()
    before = measure_of(holder).outcome.code
    for person, code in ((a, "1b"), (b, "2a")):
        to = person.editor.session.scalars(select(Outcome).where(Outcome.code == code)).one()
        move_rows(person.editor, [measure_of(person, "iii")], to, 0)
    found = merged(holder, a, b)
    assert ("measure", "place", CONFLICT) in found
    assert measure_of(holder, "iii").outcome.code == before


def test_work_that_builds_on_a_merge_is_told_before_it_is_taken_back() -> None:
    holder, a, _ = three()
    set_field(a.editor, measure_of(a), "title", "By A")
    [added] = holder.merge(a.changes())
    with holder.engine.connect() as connection:
        assert built_upon(connection, added.changes) == []
    set_field(holder.editor, measure_of(holder), "title", "By A, and more")
    with holder.engine.connect() as connection:
        [later] = built_upon(connection, added.changes)
    assert later.value == "By A, and more"


def test_a_child_of_a_row_that_was_taken_back_waits_for_it() -> None:
    holder, a, _ = three()
    outcome = add_row(a.editor, Outcome, measure_of(a).outcome.priority, title="From A")
    [added] = holder.merge(a.changes())
    add_row(holder.editor, Measure, holder.editor.find(Outcome, outcome.id), title="In it")
    with holder.engine.begin() as connection:
        retract_changes(connection, added.changes)
    holder.editor.session.expire_all()
    assert holder.faults() == []
    assert [(m.row_type, m.field, m.kind) for m in marks_of(holder)] == [("measure", CREATED, CONFLICT)]
    assert merged(holder, a) == []
    assert [row.title for row in holder.editor.find(Outcome, outcome.id).measures] == ["In it"]  # type: ignore[union-attr]


def test_a_link_that_went_with_a_measure_comes_back_with_the_measure_though_the_update_came_later() -> None:
    holder, a, _ = three()
    measure = obesity(a)
    second = add_row(a.editor, Measure, measure.outcome, title="Second")
    set_update_text(a.editor, second, current_round(a.editor.session), "- New")
    [link] = a.editor.session.scalars(select(UpdateMeasure).where(UpdateMeasure.measure_id == second.id))
    update = link.update_id
    set_covered(a.editor, link.update, [measure, second])
    delete_rows(a.editor, [measure])
    set_field(holder.editor, obesity(holder), "title", "Edited here")
    changes = new_changes(a, holder)
    holder.merge([change for change in changes if change.row_id != update])
    assert holder.faults() == []
    holder.merge(changes)
    assert holder.faults() == []
    assert len(holder.editor.find(Update, update).measures) == 2  # type: ignore[union-attr]


# ------------------------------------------------------------------ a decision taken back


def conflicting() -> tuple[Person, Person, Person]:
    """The holder has merged what two partners say of one title; a late one has not sent theirs."""
    holder, a, b = three()
    late = Person("late")
    for person, title in ((a, "By A"), (b, "By B"), (late, "The 57th")):
        set_field(person.editor, measure_of(person), "title", title)
    assert merged(holder, a, b) == [("measure", "title", CONFLICT)]
    return holder, a, late


def decided(holder: Person, title: str) -> None:
    with holder.editor.step("Decide") as session:
        recorder.decide(session, measure_of(holder), "title", title)
    assert marks_of(holder) == [] and holder.faults() == []


@pytest.mark.parametrize("title", ["By A", "Another", "Breastfeeding at 6-8 weeks"])
def test_a_decision_taken_back_opens_its_conflict_and_redone_closes_it(title: str) -> None:
    holder, _, _ = conflicting()
    opened = holder.snapshot()
    for _ in range(3):
        if holder.editor.redo_name:
            holder.editor.redo()
        else:
            decided(holder, title)
        assert marks_of(holder) == [] and holder.faults() == []
        assert measure_of(holder).title == title
        holder.editor.undo()
        assert holder.faults() == []
        assert holder.snapshot() == opened
        assert measure_of(holder).title == "Breastfeeding at 6-8 weeks"


def test_a_conflict_opened_again_can_be_decided_otherwise_and_that_taken_back_too() -> None:
    holder, a, late = conflicting()
    opened = holder.snapshot()
    decided(holder, "By A")
    holder.editor.undo()
    decided(holder, "By B")
    holder.editor.undo()
    assert holder.snapshot() == opened
    set_field(holder.editor, measure_of(holder), "title", "An edit is a decision")
    assert marks_of(holder) == []
    holder.editor.undo()
    assert holder.snapshot() == opened and holder.faults() == []
    assert merged(holder, late) == [("measure", "title", CONFLICT)]
    [mark] = marks_of(holder)
    assert sorted(head.value for head in mark.heads) == ["By A", "By B", "The 57th"]
    assert merged(holder, a, late) == [("measure", "title", CONFLICT)]


def test_a_decision_taken_back_is_so_in_whatever_file_has_it_and_work_upon_it_is_not_lost() -> None:
    holder, _, _ = conflicting()
    opened = holder.snapshot()
    decided(holder, "By A")
    other, on_it = twin(holder, "other"), twin(holder, "on it")
    set_field(on_it.editor, measure_of(on_it), "title", "By A, and more")
    holder.editor.undo()
    assert merged(other, holder) == [("measure", "title", CONFLICT)]
    assert other.snapshot() == opened
    assert merged(holder, other) == [("measure", "title", CONFLICT)]
    assert holder.snapshot() == opened
    assert merged(holder, on_it) == [("measure", "title", CONFLICT)]
    [mark] = marks_of(holder)
    assert sorted(head.value for head in mark.heads) == ["By A", "By A, and more", "By B"]
    decided(holder, "By A, and more")


def test_a_measure_decided_into_another_outcome_leaves_its_texts_waiting_and_taken_back_has_them_again() -> (
    None
):
    holder, a, b = three()
    for person, code in ((a, "1b"), (b, "2a")):
        to = person.editor.session.scalars(select(Outcome).where(Outcome.code == code)).one()
        move_rows(person.editor, [measure_of(person)], to, 0)
    merged(holder, a, b)
    said = holder.snapshot()
    [mark] = [mark for mark in marks_of(holder) if mark.field == "place"]
    with holder.editor.step("Decide") as session:
        recorder.decide(session, measure_of(holder), "place", mark.heads[0].value)
    assert holder.faults() == []
    assert measure_of(holder).outcome_id == mark.heads[0].value["outcome_id"]
    holder.editor.undo()
    assert holder.snapshot() == said and holder.faults() == []


def test_what_was_combined_is_to_be_read_again_when_the_confirmation_is_taken_back() -> None:
    holder, a, b = three()
    write_update(a.editor, update_of_round(a), "- Fewer smoke, by A\n- More feed")
    write_update(b.editor, update_of_round(b), "- Fewer smoke\n- More feed\n- By B")
    merged(holder, a, b)
    said = holder.snapshot()
    update = update_of_round(holder)
    with holder.editor.step("Confirm") as session:
        recorder.decide(session, update, "text", update.text)
    assert marks_of(holder) == []
    holder.editor.undo()
    assert holder.snapshot() == said and holder.faults() == []


def test_keeping_or_deleting_what_one_deleted_and_another_edited_is_taken_back_whole() -> None:
    holder, a, b = three()
    delete_rows(a.editor, [measure_of(a, "i")])
    set_field(b.editor, measure_of(b, "i"), "title", "Edited")
    merged(holder, a, b)
    said = holder.snapshot()
    for kept in (True, False):
        with holder.editor.step("Decide") as session:
            rows = [holder.editor.row(m.row_type, m.row_id) for m in marks_of(holder)]
            if kept:
                recorder.keep(session, rows)  # type: ignore[arg-type]
            else:
                session.delete(measure_of(holder, "i"))
        done = holder.snapshot()
        assert done[1] == [] and holder.faults() == []
        for _ in range(2):
            holder.editor.undo()
            assert holder.faults() == []
            assert holder.snapshot() == said
            holder.editor.redo()
            assert holder.faults() == []
            assert holder.snapshot() == done
        holder.editor.undo()


def test_the_middle_of_a_line_of_edits_may_come_last() -> None:
    holder, a, _ = three()
    for title in ("First", "Second", "Third"):
        set_field(a.editor, measure_of(a), "title", title)
    first, second, third = new_changes(a, holder)
    for come in ([third], [second], [first]), ([second, third], [first]), ([third], [first], [second]):
        person = twin(holder, "in parts")
        for part in come:
            person.merge(part)
            assert person.faults() == []
        assert marks_of(person) == []
        assert measure_of(person).title == "Third"


def test_who_made_apart_what_has_no_place_is_told_in_one_order_whoever_came_first() -> None:
    holder, a, b = three()
    to = holder.editor.session.scalars(select(Outcome).where(Outcome.code == "1b")).one()
    move_rows(holder.editor, [measure_of(holder, "iii")], to, 0)
    for person in (a, b):
        update = update_of_round(person)
        set_covered(person.editor, update, [*update.measures, measure_of(person, "iii")])
    other = twin(holder, "other")
    assert merged(holder, a, b) == merged(other, b, a) == [("update_measure", CREATED, CONFLICT)]
    [mark], [again] = marks_of(holder), marks_of(other)
    assert [head.author for head in mark.heads] == ["partner 0", "partner 1"] and mark == again
