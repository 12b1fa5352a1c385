"""What holds of every merge of whole files, whoever did what in whichever order: the design's invariants.

Numbered as there. 11 is :mod:`tests.merge.test_merge_kill`, 14 :mod:`tests.merge.test_damage`, 15 in
:mod:`tests.plan.test_text_merge`; 12 and 13 are what :func:`tests.merge.copies.faults` finds nothing of. The
same without files, and so in more cases: :mod:`tests.store.test_union`. What runs have found is kept as fixed
tests in :mod:`tests.merge.test_found`.

The long run, with other cases each time: ``CYPP_TEST_EXAMPLES=10000 python3 packaging/dev.py slow
tests/merge/test_invariants.py tests/store/test_union.py``.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import json
import shutil
import sqlite3
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import Engine

from cypp_desktop.errors import UsageError
from cypp_desktop.merge.apply import merge, merge_files
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.merge.question import Kind, Question, answers, decided_value
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.report import Edit, Fate, MergeReport
from cypp_desktop.merge.review import Review, build_review
from cypp_desktop.merge.unmerge import LaterWork, batches, unmerge
from cypp_desktop.plan.base import fields_of, row_classes, stored_values
from cypp_desktop.plan.model import Measure
from cypp_desktop.plan.text_merge import canonical
from cypp_desktop.store import log, schema
from cypp_desktop.store.changes import CREATED, to_json
from cypp_desktop.store.disk import DISK
from cypp_desktop.store.file_seal import seal_file
from cypp_desktop.store.files import WORKING_PRAGMAS
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.seal import make_final
from tests.merge.copies import Rows, digest, faults, rows, rows_of
from tests.merge.sent import COUNCIL, act, officer, send
from tests.store.partners import DEED, DEEDS, LATER_DEEDS, Deed, Person

SENT = ("copy", "to the CCG", "to the council")


@dataclass(frozen=True)
class Work:
    """What one partner does, and in what: another copy of the plan, or one of two returns that were sent."""

    of: str
    deeds: tuple[Deed, ...]


WORK = st.builds(Work, st.sampled_from(SENT), DEEDS.map(tuple))
PARTNERS = st.lists(WORK, min_size=1, max_size=3)
#: Whole files are slow to make; the slow run tries many more.
FEW = settings(max_examples=settings.default.max_examples // 6)


@pytest.fixture(autouse=True, scope="module")
def quick_files() -> Iterator[None]:
    """Nothing here is about what a disk keeps, and waiting for it is most of the time; so is the compiling of
    the same statements for every new engine.
    """
    compiled: dict[Any, Any] = {}
    connect = schema.connect

    def with_known_statements(*words: Any, **options: Any) -> Engine:
        engine = connect(*words, **options)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        pragmas = [pragma for pragma in WORKING_PRAGMAS if "synchronous" not in pragma]
        patch.setattr(schema, "WORKING_PRAGMAS", (*pragmas, "PRAGMA synchronous=OFF"))
        patch.setattr(schema, "connect", with_known_statements)
        yield


@functools.cache
def sent_out() -> dict[str, Path]:
    """The plan and the returns sent out from it: one for a measure, one for all measures in a later round."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with officer(folder) as plan:
        everything = [measure.id for measure in plan.editor.session.scalars(select(Measure))]
        found = {
            "to the CCG": send(plan),
            "to the council": send(plan, COUNCIL, round_name="End of year", measure_ids=everything),
        }
        with plan.engine.begin() as connection:  # nobody here undoes the sending
            connection.execute(schema.step.update().values(state="dropped"))
        plan.publish()
        assert plan.target is not None
        return {**found, "copy": plan.target}


@contextlib.contextmanager
def at_work(ours: Sequence[Deed], partners: Sequence[Work]) -> Iterator[tuple[OpenPlan, list[Path]]]:
    """The holder's open plan, and the files of partners, each having done their work."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [partner_file(folder, number, work) for number, work in enumerate(partners)]
        target = folder / "plan.cypp"
        shutil.copy(sent_out()["copy"], target)
        with OpenPlan.open(target, author="holder", data=folder / "data") as plan:
            act(plan.editor, ours)
            yield plan, files


def partner_file(folder: Path, number: int, work: Work) -> Path:
    """What comes back of a partner; a copy of the plan has a file id of its own."""
    source = sent_out()[work.of]
    partner = Person(f"partner {number}", source)
    if work.of == "copy":
        partner.editor.file_id = str(uuid.uuid4())
        with partner.engine.begin() as connection:
            log.set_meta(connection, "file_id", partner.editor.file_id)
    partner.does(work.deeds)
    target = folder / f"partner {number}{source.suffix}"
    shutil.copy(partner.path, target)
    with contextlib.closing(sqlite3.connect(target)) as db:
        make_final(db)
        db.commit()
    seal_file(target, DISK)
    return target


def took(plan: OpenPlan, *paths: Path, how: str = "leave") -> MergeReport:
    return merge_files(plan, received(plan, *paths), open_ones=how)


def received(plan: OpenPlan, *paths: Path) -> list[Received]:
    """Files that the gates must let through, but for the very same file again."""
    answers = receive(list(paths), plan, plan.working.data)
    files = [one for one in answers if isinstance(one, Received)]
    assert {one.gate for one in answers if isinstance(one, Refusal)} <= {"not_seen_before"}, answers
    assert not any(file.altered or file.outside_altered or not file.sealed for file in files)
    return files


def reviewed(plan: OpenPlan, *paths: Path) -> Review:
    return build_review(plan, received(plan, *paths))


def state(plan: OpenPlan) -> tuple[Rows, list[Any]]:
    """What the plan says and what waits for a person, but for which files were received when."""
    asked = [
        (q.row_type, q.row_id, q.field, q.kind, to_json(q.value), sorted(side.changes for side in q.sides))
        for q in questions_of_plan(plan)
    ]
    return rows_of(plan, without=("received_file",)), asked


@FEW
@given(ours=DEEDS, partners=PARTNERS, order=st.randoms(use_true_random=False))
def test_1_any_order_of_files_at_once_or_one_by_one_gives_the_same(
    ours: list[Deed], partners: list[Work], order: Any
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
    ours: list[Deed], partners: list[Work]
) -> None:
    with at_work(ours, partners) as (plan, files):
        took(plan, *files)
        before = state(plan)
        again = files[0].with_name("renamed.cypp")
        shutil.copy(files[0], again)
        saved = files[0].with_name("saved again.cypp")
        with contextlib.closing(sqlite3.connect(files[0], isolation_level=None)) as db:
            db.execute("VACUUM INTO ?", (str(saved),))
        for path in (*files, again, saved):
            assert nothing_new(took(plan, path))
        assert state(plan) == before


def nothing_new(report: MergeReport) -> bool:
    """Whether files brought nothing but what was left out before and so is still asked about."""
    return report.changes == 0 and {edit.fate for edit in report.edits} <= {Fate.OUTSIDE}


@FEW
@given(deeds=DEEDS)
def test_3_one_partner_where_ours_is_untouched_gives_their_content(deeds: list[Deed]) -> None:
    with at_work((), [Work("copy", tuple(deeds))]) as (plan, [path]):
        took(plan, path)
        assert rows_of(plan) == rows(path)


@FEW
@given(deeds=DEEDS, sent=st.sampled_from(SENT[1:]))
def test_3_one_return_where_ours_is_untouched_gives_what_it_says_of_what_was_asked(
    deeds: list[Deed], sent: str
) -> None:
    with at_work((), [Work(sent, tuple(deeds))]) as (plan, [path]):
        before, was, says = rows_of(plan), rows(sent_out()[sent]), rows(path)
        report = took(plan, path)
        left_out = {(e.row_type, e.row_id) for e in report.edits if e.fate == Fate.OUTSIDE}
        now = rows_of(plan)
        for key in (was.keys() | says.keys()) - left_out:
            if key not in says:
                assert key not in now
            elif key not in was:
                assert now[key] == says[key]
            else:
                edited = {column for column in says[key] if says[key][column] != was[key][column]}
                assert now[key] == {**before[key], **{column: says[key][column] for column in edited}}
        others = before.keys() - was.keys()
        assert {key: now.get(key) for key in others} == {key: before[key] for key in others}


@FEW
@given(ours=DEEDS, sent=st.sampled_from(SENT))
def test_4_a_file_in_which_nothing_was_done_is_a_no_op(ours: list[Deed], sent: str) -> None:
    with at_work(ours, [Work(sent, ())]) as (plan, [path]):
        before, bytes_before = state(plan), plan.working.path.read_bytes()
        report = took(plan, path)
        assert report.proposed == 0
        assert state(plan) == before
        if sent == "copy":
            assert report.batch is None
            assert plan.working.path.read_bytes() == bytes_before


@FEW
@given(ours=DEEDS, partners=PARTNERS)
def test_5_no_edit_is_lost_and_the_counts_add_up(ours: list[Deed], partners: list[Work]) -> None:
    with at_work(ours, partners) as (plan, files):
        ours_before = rows_of(plan)
        report = took(plan, *files)
        assert sum(report.counts.values()) == report.proposed == len(report.edits)
        told: dict[tuple[str, str, str], list[Edit]] = {}
        for edit in report.edits:
            told.setdefault((edit.row_type, edit.row_id, edit.field), []).append(edit)
        now = rows_of(plan)
        asked = {(q.row_type, q.row_id, q.field) for q in questions_of_plan(plan)}
        for work, path in zip(partners, files, strict=True):
            base = rows(sent_out()[work.of])
            for row_type, row_id, name, value in edits_between(base, rows(path)):
                edits = told.get((row_type, row_id, name)) or told.get((row_type, row_id, CREATED), [])
                mine = [edit for edit in edits if path.name in edit.files]
                assert mine, (row_type, name)
                if {edit.fate for edit in mine} <= {Fate.SUPERSEDED, Fate.OUTSIDE}:
                    continue
                stored = now.get((row_type, row_id))
                was, here = base[row_type, row_id], ours_before.get((row_type, row_id), {})
                same = stored is not None and all(
                    says(stored[c], value[c], was[c], here.get(c)) for c in value
                )
                question = (row_type, row_id, name) in asked or (row_type, row_id, CREATED) in asked
                assert same or question or stored is None or len({to_json(e.value) for e in edits}) > 1
            rows_told = {(e.row_type, e.row_id) for e in report.edits if path.name in e.files}
            assert rows(path).keys() ^ rows(sent_out()[work.of]).keys() <= rows_told


def says(stored: Any, proposed: Any, base: Any, ours: Any) -> bool:
    """Whether what stands says what was proposed: the same, or among other lines every line that was new,
    and less than before of what was only taken out.
    """
    seen = as_seen(stored), as_seen(proposed), as_seen(base) or "", as_seen(ours) or ""
    if seen[0] == seen[1] or not all(isinstance(words, str) for words in seen):
        return bool(seen[0] == seen[1])
    now, wanted, before, here = (Counter(words.splitlines()) for words in seen)
    new, gone = wanted - before, before - wanted
    return new <= now if new else all(now[line] < max(before[line], here[line]) for line in gone)


def as_seen(value: Any) -> Any:
    """A stored value without the blanks that nobody sees."""
    if isinstance(value, str) and value.startswith('["'):
        return [canonical(entry) for entry in json.loads(value)]
    return canonical(value) if isinstance(value, str) else value


def edits_between(base: Rows, theirs: Rows) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each field that differs in a row that both have."""
    for key in base.keys() & theirs.keys():
        for name, field in fields_of(row_classes()[key[0]]).items():
            value = {column: theirs[key][column] for column in field.columns}
            if any(as_seen(value[column]) != as_seen(base[key][column]) for column in value):
                yield (*key, name, value)


@FEW
@given(ours=DEEDS, partners=PARTNERS)
def test_6_and_7_what_no_file_touches_stays_and_what_stands_is_what_the_review_said(
    ours: list[Deed], partners: list[Work]
) -> None:
    with at_work(ours, partners) as (plan, files):
        before, digest_before = rows_of(plan), digest(plan)
        review = reviewed(plan, *files)
        assert digest(plan) == digest_before, "a review writes nothing"
        report = merge(plan, review)
        assert sum(review.counts().values()) == review.proposed == report.proposed
        now = rows_of(plan)
        asked = [item for item in review.questions if item.kind != Kind.OUTSIDE]
        items = [each for item in asked for each in item.whole]
        touched = {item.row for item in items} | {key for key in now if key[0] == "received_file"}
        assert {key: row for key, row in now.items() if key not in touched} == {
            key: row for key, row in before.items() if key not in touched
        }
        for item in items:
            if item.is_row:
                assert (item.row in now) == (item.value is not None)
            else:
                assert stored(plan, item) == to_json(item.value)
        edited = {item.key for item in items}
        for key in touched & before.keys() & now.keys():
            if (*key, CREATED) in edited:
                continue
            for name, field in fields_of(row_classes()[key[0]]).items():
                if (*key, name) not in edited:
                    assert [now[key][c] for c in field.columns] == [before[key][c] for c in field.columns]


def stored(plan: OpenPlan, item: Question) -> str | None:
    """What the plan says of an item's field, as the log would hold it."""
    plan.editor.session.rollback()
    plan.editor.session.expire_all()
    row = plan.editor.row(*item.row)
    if row is None:
        return None
    return to_json(fields_of(type(row))[item.field].value_of(stored_values(row)))


@FEW
@given(deeds=st.lists(DEED.filter(lambda deed: deed.kind in ("edit", "write", "delete", "move")), max_size=4))
def test_8_the_same_by_all_is_no_conflict(deeds: list[Deed]) -> None:
    with at_work(deeds, [Work("copy", tuple(deeds))] * 2) as (plan, files):
        before = digest(plan)
        took(plan, *files)
        assert digest(plan) == before
        assert [question for question in questions_of_plan(plan) if question.field != CREATED] == []


@FEW
@given(ours=DEEDS, partners=PARTNERS, late=WORK)
def test_9_a_further_file_never_silently_changes_what_was_decided(
    ours: list[Deed], partners: list[Work], late: Work
) -> None:
    with at_work(ours, [*partners, late]) as (plan, files):
        review = reviewed(plan, *files[:-1])
        review.decide_all("ours")
        decided = [
            item for item in review.questions if item.decision.answer == "ours" and item.kind != Kind.OUTSIDE
        ]
        merge(plan, review)
        values = {item.key: stored(plan, item) for item in decided if not item.is_row}
        took(plan, files[-1])
        marked = {(q.row_type, q.row_id, q.field) for q in questions_of_plan(plan)}
        for item in decided:
            if not item.is_row and item.row in rows_of(plan):
                assert stored(plan, item) == values[item.key] or item.key in marked


@FEW
@given(ours=DEEDS, partners=PARTNERS, how=st.sampled_from(("leave", "ours", "theirs", "both")))
def test_10_merged_and_undone_the_plan_is_as_it_was(ours: list[Deed], partners: list[Work], how: str) -> None:
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


DECISIONS = st.lists(st.builds(Deed, st.just("decide"), st.integers(0, 26), st.integers(0, 300)), max_size=6)


@FEW
@given(ours=DEEDS, partners=PARTNERS, decisions=DECISIONS)
def test_10_a_merge_can_be_undone_once_what_was_decided_about_it_was_taken_back(
    ours: list[Deed], partners: list[Work], decisions: list[Deed]
) -> None:
    with at_work(ours, partners) as (plan, files):
        before = state(plan)
        took(plan, *files)
        merged, name = state(plan), plan.editor.undo_name
        act(plan.editor, decisions)
        while plan.editor.undo_name == "Decide":
            plan.editor.undo()
        assert plan.editor.undo_name == name
        assert state(plan) == merged
        assert faults(plan) == []
        for _ in batches(plan):
            unmerge(plan)
        assert state(plan) == before
        assert faults(plan) == []
        took(plan, *files)
        assert state(plan) == merged
        assert faults(plan) == []


@FEW
@given(ours=DEEDS, partners=PARTNERS, later=LATER_DEEDS)
def test_undoing_after_later_work_takes_back_what_can_be_and_no_later_work(
    ours: list[Deed], partners: list[Work], later: list[Deed]
) -> None:
    with at_work(ours, partners) as (plan, files):
        took(plan, *files)
        act(plan.editor, later)
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
    ours: list[Deed], partners: list[Work], choices: list[tuple[int, int]]
) -> None:
    with at_work(ours, partners) as (plan, files):
        before = digest(plan)
        review = reviewed(plan, *files)
        for item, (number, side) in zip(review.questions, itertools.cycle(choices), strict=False):
            allowed = [how for how in answers(item) if how != "edit"]
            with contextlib.suppress(UsageError):
                review.decide(item, allowed[number % len(allowed)], side=side % max(1, len(item.theirs)))
        report = merge(plan, review)
        assert faults(plan) == []
        assert sum(report.counts.values()) == report.proposed == review.proposed
        assert report.decided == len(review.decided)
        told = {(one["row_type"], one["row_id"], one["field"], one["decision"]) for one in report.lapsed}
        open_now = {(q.row_type, q.row_id, q.field): q.kind for q in questions_of_plan(plan)}
        now = rows_of(plan)
        for item in review.questions:
            if (*item.key, item.decision.answer) in told:
                assert item.kind == Kind.OUTSIDE or item.is_row, "of a field all was seen"
            elif not item.is_row and item.decision.answer not in ("accept", "leave") and item.row in now:
                assert stored(plan, item) == to_json(decided_value(item, item.decision))
                assert item.key not in open_now
        settled = state(plan)
        assert nothing_new(took(plan, *files))
        assert state(plan) == settled
        if batches(plan):
            unmerge(plan)
            assert digest(plan) == before
            assert faults(plan) == []


def test_what_the_report_calls_taken_stands() -> None:
    deeds = [Deed("edit", 0, 0), Deed("edit", 4, 1), Deed("write", 1, 3)]
    with at_work((), [Work("copy", tuple(deeds))]) as (plan, [path]):
        report = took(plan, path)
        assert report.edits and {edit.fate for edit in report.edits} == {Fate.TAKEN}
        assert Kind.CONFLICT not in {q.kind for q in questions_of_plan(plan)}
