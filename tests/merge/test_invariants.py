"""What holds of every merge of whole files, whoever did what in whichever order: the design's invariants."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cypp_desktop.errors import PlanRuleBroken, UsageError
from cypp_desktop.merge.apply import merge, merge_files
from cypp_desktop.merge.gates import receive
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.proposals import Item
from cypp_desktop.merge.questions import conflicts
from cypp_desktop.merge.report import CONFLICT, SUPERSEDED, TAKEN, MergeReport
from cypp_desktop.merge.review import Review, build_review, decided_value, hows
from cypp_desktop.merge.unmerge import LaterWork, batches, unmerge
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.store import schema
from cypp_desktop.store.changes import CREATED, to_json
from cypp_desktop.store.files import WORKING_PRAGMAS
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import digest, faults
from tests.store.partners import _DEEDS, DEED, DEEDS, Deed, Person

PARTNERS = st.lists(DEEDS, min_size=1, max_size=3)
#: Whole files are slow to make; the slow run tries many more.
FEW = settings(max_examples=max(10, settings.default.max_examples // 5))
Rows = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(autouse=True, scope="module")
def no_power_cuts() -> Iterator[None]:
    """Nothing here is about what a disk keeps, and waiting for it is most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        pragmas = [pragma for pragma in WORKING_PRAGMAS if "synchronous" not in pragma]
        patch.setattr(schema, "WORKING_PRAGMAS", (*pragmas, "PRAGMA synchronous=OFF"))
        yield


@contextlib.contextmanager
def at_work(
    ours: Sequence[Deed], partners: Sequence[Sequence[Deed]]
) -> Iterator[tuple[OpenPlan, list[Path]]]:
    """The holder's open plan, and the files of partners, each having done their deeds on a copy."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [partner_file(folder, number, deeds) for number, deeds in enumerate(partners)]
        target = folder / "plan.cypp"
        shutil.copy(Person("holder").path, target)
        with OpenPlan.open(target, author="holder", data=folder / "data") as plan:
            do(plan, ours)
            yield plan, files


def partner_file(folder: Path, number: int, deeds: Sequence[Deed]) -> Path:
    """A copy of the plan with a file id of its own, in which a partner has done something."""
    partner = Person(f"partner {number}")
    partner.editor.file_id = str(uuid.uuid4())
    with partner.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE meta SET value = ? WHERE key = 'file_id'", (partner.editor.file_id,)
        )
    partner.does(deeds)
    target = folder / f"partner {number}.cypp"
    shutil.copy(partner.path, target)
    return target


def do(plan: OpenPlan, deeds: Sequence[Deed]) -> None:
    for deed in deeds:
        try:
            _DEEDS[deed.kind](plan.editor, deed)
        except (PlanRuleBroken, UsageError):
            plan.editor.session.rollback()
    plan.editor.session.rollback()


def took(plan: OpenPlan, *paths: Path, how: str = "leave") -> MergeReport:
    return merge_files(plan, received(plan, *paths), open_ones=how)


def received(plan: OpenPlan, *paths: Path) -> list[Received]:
    answers = receive(list(paths), plan, plan.working.data)
    files = [one for one in answers if isinstance(one, Received)]
    assert len(files) == len({path.read_bytes() for path in paths}), answers
    return files


def reviewed(plan: OpenPlan, *paths: Path) -> Review:
    return build_review(plan, received(plan, *paths))


def rows(path: Path) -> Rows:
    """The rows of a plan file, in the order of no importance."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return {
            (row_type, row["id"]): dict(row)
            for row_type in row_classes()
            for row in db.execute(f'SELECT * FROM "{row_type}"')
        }


def rows_of(plan: OpenPlan) -> Rows:
    plan.editor.session.rollback()
    return rows(plan.working.path)


def state(plan: OpenPlan) -> tuple[str, list[Any]]:
    """What the plan says and what waits for a person, but for the names of files."""
    asked = [
        (q.row_type, q.row_id, q.field, q.kind, to_json(q.value), sorted(side.changes for side in q.sides))
        for q in conflicts(plan)
    ]
    return digest(plan), asked


@FEW
@given(ours=DEEDS, partners=PARTNERS, order=st.randoms(use_true_random=False))
def test_1_any_order_of_files_at_once_or_one_by_one_gives_the_same(
    ours: list[Deed], partners: list[list[Deed]], order: Any
) -> None:
    with at_work(ours, partners) as (plan, files):
        took(plan, *files)
        at_once = state(plan)
        assert faults(plan) == []
        for _ in batches(plan):
            unmerge(plan)
        order.shuffle(files)
        for path in files:
            took(plan, path)
        assert state(plan) == at_once
        assert faults(plan) == []


@FEW
@given(ours=DEEDS, partners=PARTNERS)
def test_2_merging_again_renamed_or_saved_again_changes_nothing(
    ours: list[Deed], partners: list[list[Deed]]
) -> None:
    with at_work(ours, partners) as (plan, files):
        took(plan, *files)
        before, made = state(plan), len(batches(plan))
        again = files[0].with_name("renamed.cypp")
        shutil.copy(files[0], again)
        saved = files[0].with_name("saved again.cypp")
        with contextlib.closing(sqlite3.connect(files[0], isolation_level=None)) as db:
            db.execute("VACUUM INTO ?", (str(saved),))
        for path in (*files, again, saved):
            assert took(plan, path).proposed == 0
        assert (state(plan), len(batches(plan))) == (before, made)


@FEW
@given(deeds=DEEDS)
def test_3_one_partner_where_ours_is_untouched_gives_their_content(deeds: list[Deed]) -> None:
    with at_work((), [deeds]) as (plan, [path]):
        took(plan, path)
        assert rows_of(plan) == rows(path)


@FEW
@given(ours=DEEDS)
def test_4_a_copy_in_which_nothing_was_done_is_a_no_op(ours: list[Deed]) -> None:
    with at_work(ours, [()]) as (plan, [path]):
        before, bytes_before = state(plan), plan.working.path.read_bytes()
        assert took(plan, path).batch is None
        assert state(plan) == before
        assert plan.working.path.read_bytes() == bytes_before


@FEW
@given(ours=DEEDS, partners=PARTNERS)
def test_5_no_edit_is_lost_and_the_counts_add_up(ours: list[Deed], partners: list[list[Deed]]) -> None:
    with at_work(ours, partners) as (plan, files):
        base = rows(Path(plan.target or "."))
        report = took(plan, *files)
        assert sum(report.counts.values()) == report.proposed == len(report.edits)
        told = {(e.row_type, e.row_id, e.field): [] for e in report.edits}
        for edit in report.edits:
            told[edit.row_type, edit.row_id, edit.field].append(edit)
        now = rows_of(plan)
        asked = {(q.row_type, q.row_id, q.field): q for q in conflicts(plan)}
        for path in files:
            for row_type, row_id, name, value in edits_between(base, rows(path)):
                edits = told.get((row_type, row_id, name)) or told.get((row_type, row_id, CREATED), [])
                mine = [edit for edit in edits if path.name in edit.files]
                assert mine, (row_type, name)
                if all(edit.fate == SUPERSEDED for edit in mine):
                    continue
                stored = now.get((row_type, row_id))
                same = stored is not None and all(stored[column] == value[column] for column in value)
                question = asked.get((row_type, row_id, name)) or asked.get((row_type, row_id, CREATED))
                assert same or question or stored is None or len({to_json(e.value) for e in edits}) > 1


def edits_between(base: Rows, theirs: Rows) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each field that differs in a row that both have."""
    for key in base.keys() & theirs.keys():
        for name, field in fields_of(row_classes()[key[0]]).items():
            value = {column: theirs[key][column] for column in field.columns}
            if value != {column: base[key][column] for column in field.columns}:
                yield (*key, name, value)


@FEW
@given(ours=DEEDS, partners=PARTNERS)
def test_6_and_7_what_no_file_touches_stays_and_what_stands_is_what_the_review_said(
    ours: list[Deed], partners: list[list[Deed]]
) -> None:
    with at_work(ours, partners) as (plan, files):
        before, digest_before = rows_of(plan), digest(plan)
        review = reviewed(plan, *files)
        assert digest(plan) == digest_before, "a review writes nothing"
        report = merge(plan, review)
        assert sum(review.counts().values()) == review.proposed == report.proposed
        now = rows_of(plan)
        touched = {item.row for item in review.items}
        assert {key: row for key, row in now.items() if key not in touched} == {
            key: row for key, row in before.items() if key not in touched
        }
        for item in review.items:
            if item.is_row:
                assert (item.row in now) == (item.result is not None)
            else:
                assert stored(plan, item) == to_json(item.result)
        edited = {item.key for item in review.items}
        for key in touched & before.keys() & now.keys():
            if (*key, CREATED) in edited:
                continue
            for name, field in fields_of(row_classes()[key[0]]).items():
                if (*key, name) not in edited:
                    assert [now[key][c] for c in field.columns] == [before[key][c] for c in field.columns]


def stored(plan: OpenPlan, item: Item) -> str | None:
    """What the plan says of an item's field, as the log would hold it."""
    from cypp_desktop.plan.base import stored_values

    plan.editor.session.rollback()
    plan.editor.session.expire_all()
    row = plan.editor.row(*item.row)
    if row is None:
        return None
    return to_json(fields_of(type(row))[item.field].value_of(stored_values(row)))


@FEW
@given(deeds=st.lists(DEED.filter(lambda deed: deed.kind in ("edit", "write", "delete", "move")), max_size=4))
def test_8_the_same_by_all_is_no_conflict(deeds: list[Deed]) -> None:
    with at_work(deeds, [deeds, deeds]) as (plan, files):
        before = digest(plan)
        took(plan, *files)
        assert digest(plan) == before
        assert [question for question in conflicts(plan) if question.field != CREATED] == []


@FEW
@given(ours=DEEDS, partners=PARTNERS, late=DEEDS)
def test_9_a_further_file_never_silently_changes_what_was_decided(
    ours: list[Deed], partners: list[list[Deed]], late: list[Deed]
) -> None:
    with at_work(ours, [*partners, late]) as (plan, files):
        review = reviewed(plan, *files[:-1])
        review.decide_all("ours")
        decided = [item for item in review.items if item.decision.how == "ours"]
        merge(plan, review)
        values = {item.key: stored(plan, item) for item in decided if not item.is_row}
        took(plan, files[-1])
        marked = {(q.row_type, q.row_id, q.field) for q in conflicts(plan)}
        for item in decided:
            if not item.is_row and item.row in rows_of(plan):
                assert stored(plan, item) == values[item.key] or item.key in marked


@FEW
@given(ours=DEEDS, partners=PARTNERS, how=st.sampled_from(("leave", "ours", "theirs", "both")))
def test_10_merged_and_undone_the_plan_is_as_it_was(
    ours: list[Deed], partners: list[list[Deed]], how: str
) -> None:
    with at_work(ours, partners) as (plan, files):
        before = state(plan)
        took(plan, *files, how=how)
        merged = state(plan)
        for _ in batches(plan):
            unmerge(plan)
        assert state(plan) == before
        assert faults(plan) == []
        took(plan, *files, how=how)
        if how == "leave":
            assert state(plan) == merged
        assert faults(plan) == []


@FEW
@given(ours=DEEDS, partners=PARTNERS, later=DEEDS)
def test_undoing_after_later_work_takes_back_what_can_be_and_no_later_work(
    ours: list[Deed], partners: list[list[Deed]], later: list[Deed]
) -> None:
    with at_work(ours, partners) as (plan, files):
        took(plan, *files)
        do(plan, later)
        if not batches(plan):
            return
        before = state(plan)
        try:
            unmerge(plan)
        except LaterWork as problem:
            assert problem.blocked and state(plan) == before
            with contextlib.suppress(UsageError):
                unmerge(plan, what_can=True)
        assert faults(plan) == []
        took(plan, *files)
        assert faults(plan) == []


CHOICES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), min_size=1, max_size=12)


@FEW
@given(ours=DEEDS, partners=PARTNERS, choices=CHOICES)
def test_the_plan_says_what_was_decided_and_goes_on_saying_it(
    ours: list[Deed], partners: list[list[Deed]], choices: list[tuple[int, int]]
) -> None:
    with at_work(ours, partners) as (plan, files):
        before = digest(plan)
        review = reviewed(plan, *files)
        for item, (number, side) in zip(review.items, itertools.cycle(choices), strict=False):
            allowed = [how for how in hows(item) if how != "edit"]
            with contextlib.suppress(UsageError):
                review.decide(item, allowed[number % len(allowed)], side=side % max(1, len(item.theirs)))
        report = merge(plan, review)
        assert faults(plan) == []
        assert sum(report.counts.values()) == report.proposed == review.proposed
        open_now = {(q.row_type, q.row_id, q.field): q.kind for q in conflicts(plan)}
        now = rows_of(plan)
        for item in review.items:
            if not item.is_row and item.decision.how not in ("accept", "leave") and item.row in now:
                assert stored(plan, item) == to_json(decided_value(item, item.decision))
                assert item.key not in open_now
        settled = state(plan)
        assert took(plan, *files).proposed == 0
        assert state(plan) == settled
        if batches(plan):
            unmerge(plan)
            assert digest(plan) == before
            assert faults(plan) == []


def test_what_the_report_calls_taken_stands() -> None:
    deeds = [Deed("edit", 0, 0), Deed("edit", 4, 1), Deed("write", 1, 3)]
    with at_work((), [deeds]) as (plan, [path]):
        report = took(plan, path)
        assert report.edits and {edit.fate for edit in report.edits} == {TAKEN}
        assert CONFLICT not in {q.kind for q in conflicts(plan)}
