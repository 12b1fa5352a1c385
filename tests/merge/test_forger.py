"""Generated forgeries of a return, each with a seal that holds: what of them is believed.

Judged by a rule of the test's own, which knows nothing of the gates: it asks the plan before what belongs to
the measure that was asked for. The long run: ``CYPP_TEST_FORGERIES=2000 python3 packaging/dev.py slow
tests/merge/test_forger.py``.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.merge.apply import merge
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.merge.review import build_review
from cypp_desktop.plan.base import Partner, fields_of, row_classes, stored_values
from cypp_desktop.plan.likeness import looks
from cypp_desktop.plan.model import Measure, Plan
from cypp_desktop.store import log, schema
from cypp_desktop.store.changes import CREATED, DELETED, Change, to_json
from cypp_desktop.store.claims import claim_of, moment
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.history import history
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import faults, opened
from tests.merge.forger import Hand, Known, forged
from tests.merge.sent import CCG, COUNCIL, officer, row, send

ASKED = "Smoking at delivery"
#: What of the rows in a measure or action a partner may take away.
MAY_GO = {"observation", "lead", "lead_person", "action_measure", "update_measure"}
Rows = dict[RowKey, dict[str, Any]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan on which somebody has gone on working, and the return that the forger holds."""
    folder = tmp_path_factory.mktemp("forger")
    with officer(folder) as plan:
        send(plan)
        send(plan, COUNCIL, measure_ids=[row(plan, Measure, title="Obesity, year 6").id])
        set_field(plan.editor, row(plan, Measure, title=ASKED), "source", "Ours since")
        set_field(plan.editor, row(plan, Plan), "title", "The plan")
        plan.publish()
    return folder


def told_rows(plan: OpenPlan) -> Rows:
    found: Rows = {}
    session = plan.editor.session
    session.rollback()
    session.expire_all()
    for row_type, cls in row_classes().items():
        for each in session.scalars(select(cls)):
            found[row_type, each.id] = stored_values(each)
    session.rollback()
    return found


def known(plan: OpenPlan) -> Known:
    rows = told_rows(plan)
    session = plan.editor.session
    found = Known(
        rows=rows,
        changes=tuple(session.scalars(select(schema.change.c.id))),
        steps=tuple(session.scalars(select(schema.step.c.id))),
        files=tuple(log.own_files(session.connection())),
        issues=tuple(id_ for kind, id_ in rows if kind == "issued_return"),
    )
    session.rollback()
    return found


class Rule:
    """What the partner was asked for, by what the plan said before."""

    def __init__(self, before: Rows, after: Rows) -> None:
        self.before, self.after = before, after
        (issue,) = [
            each
            for key, each in before.items()
            if key[0] == "issued_return" and before["organisation", each["organisation_id"]]["name"] == CCG
        ]
        self.round = issue["round_id"]
        self.asked = {
            (name.removesuffix("s"), id_) for name, listed in issue["scope"].items() for id_ in listed
        }

    def is_in_asked(self, key: RowKey, rows: Rows) -> bool:
        """Whether a row is asked for or stands in one that is."""
        if key in self.asked:
            return True
        values = rows.get(key, {})
        match key[0]:
            case "observation" | "lead":
                owners = [(name, values.get(f"{name}_id")) for name in ("measure", "outcome", "action")]
                return any(id_ and self.is_in_asked((name, id_), rows) for name, id_ in owners)
            case "lead_person":
                return self.is_in_asked(("lead", values["lead_id"]), rows)
            case "action_measure" | "update_measure":
                kind = key[0].removesuffix("_measure")
                about = ("measure", values["measure_id"]) in self.asked
                return about and self.is_in_asked((kind, values[f"{kind}_id"]), rows)
            case "action" | "update" if key not in self.before:
                linked = [
                    link
                    for (kind, _), link in rows.items()
                    if kind == f"{key[0]}_measure" and link[f"{key[0]}_id"] == key[1]
                ]
                about = any(("measure", link["measure_id"]) in self.asked for link in linked)
                return about and (key[0] == "action" or values["round_id"] == self.round)
        return False

    def breaches(self) -> Iterator[str]:
        """What changed and should not have."""
        for key in self.before.keys() - self.after.keys():
            if key[0] not in MAY_GO or not self.is_in_asked(key, self.before):
                yield f"{key[0]} is gone"
        for key in self.after.keys() - self.before.keys():
            if not self.may_be_new(key):
                yield f"{key[0]} is new"
        for key in self.before.keys() & self.after.keys():
            for name, field in fields_of(row_classes()[key[0]]).items():
                if field.value_of(self.before[key]) == field.value_of(self.after[key]):
                    continue
                is_asked = self.is_in_asked(key, self.before) and self.is_in_asked(key, self.after)
                if field.partner is not Partner.ANSWERS or not is_asked:
                    yield f"{key[0]}.{name} says something else"

    def may_be_new(self, key: RowKey) -> bool:
        if key[0] == "received_file":
            return True
        if key[0] not in ("organisation", "person"):
            return self.is_in_asked(key, self.after)
        name = self.after[key]["name"] or ""
        others = [
            says
            for other, values in self.before.items()
            if other[0] == key[0]
            for says in (values["name"], values.get("short_name"))
        ]
        named = any(
            key[1] in values.values() and self.is_in_asked(other, self.after)
            for other, values in self.after.items()
            if other[0] in ("lead", "lead_person")
        ) or any(
            values.get("organisation_id") == key[1] and self.may_be_new(other)
            for other, values in self.after.items()
            if other[0] == "person" and other not in self.before
        )
        return named and not any(looks(name) == looks(says) for says in others if says)


def judge(plan: OpenPlan, before: Rows, came: list[Change], about: Known) -> None:
    """Everything that is promised of what has come in from outside."""
    after = told_rows(plan)
    assert not list(Rule(before, after).breaches())
    issued_at = {row["issued_at"] for key, row in before.items() if key[0] == "issued_return"}
    for change in came:
        claim = claim_of(change.claim)
        assert claim is not None and claim.issue in about.issues
        assert change.author == CCG or change.author.startswith(f"{CCG} (said to be by ")
        assert change.file not in about.files and change.step not in about.steps
        assert change.id not in about.changes
        at, said = moment(change.at), moment(claim.at)
        assert at is not None and min(issued_at) <= change.at <= schema.now()
        if said is not None and min(issued_at) <= said.strftime("%Y-%m-%dT%H:%M:%SZ") and said <= at:
            assert at == said.replace(microsecond=0)
        assert "Never was" not in to_json(change.before)
        was_there(change, before, came)
    shown = [entry for entry in history(plan.editor.session) if entry.claim is not None]
    plan.editor.session.rollback()
    assert len(shown) == len(came)


def was_there(change: Change, before: Rows, came: list[Change]) -> None:
    """What a change says was there is what the plan said, or what its row was made with."""
    values = before.get((change.row_type, change.row_id))
    if values is None:
        made = [each for each in came if each.row_id == change.row_id and each.field == CREATED]
        values = made[0].value if made else {}
    if change.field == CREATED:
        assert change.before is None
    elif change.field == DELETED:
        assert change.before in (True, values) or not values
    else:
        field = fields_of(row_classes()[change.row_type])[change.field]
        assert change.before == field.value_of({**dict.fromkeys(field.columns), **values})


def own_steps_undone(plan: OpenPlan, came: list[Change]) -> None:
    """Undoing our own last steps takes nothing along that came from outside, or is refused for its sake."""
    for _ in range(2):
        assert plan.editor.undo_name and not plan.editor.undo_name.startswith("Merge")
        try:
            plan.editor.undo()
        except PlanRuleBroken:
            break
    assert [change.id for change in from_outside(plan)] == [change.id for change in came]


def from_outside(plan: OpenPlan) -> list[Change]:
    found = log.read_changes(plan.editor.session.connection(), schema.change.c.claim.is_not(None))
    plan.editor.session.rollback()
    return found


def forge_and_merge(desk: Path, folder: Path, number: int) -> str:
    """One forgery: what became of it."""
    chance = random.Random(number)
    target = Path(shutil.copy(desk / "Our plan.cypp", folder / "plan.cypp"))
    (source,) = (desk / "sent").glob(f"*{CCG}.cypp-return")
    path = folder / f"{number}.cypp-return"
    with opened(target) as plan:
        about = known(plan)
        with forged(source, path) as forger:
            Hand(forger, about, chance).forge()
        (found,) = receive([path], plan, plan.working.data)
        if isinstance(found, Refusal):
            assert found.words.endswith(".") and told_rows(plan) == about.rows
            return found.gate
        assert isinstance(found, Received)
        review = build_review(plan, [found])
        review.accept_all_plain()
        merge(plan, review)
        came = from_outside(plan)
        judge(plan, about.rows, came, about)
        assert faults(plan) == []
        if came and number % 4 == 0:
            own_steps_undone(plan, came)
        if not found.proven:
            assert not came and told_rows(plan) == about.rows
            return "a stranger's"
        return "taken in" if came else "nothing of it taken in"


def run(desk: Path, tmp_path: Path, numbers: range) -> Counter[str]:
    fates: Counter[str] = Counter()
    for number in numbers:
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            fates[forge_and_merge(desk, folder, number)] += 1
        except Exception as problem:
            problem.add_note(f"forgery {number}")
            raise
        shutil.rmtree(folder)
    return fates


def test_some_forgeries(desk: Path, tmp_path: Path) -> None:
    fates = run(desk, tmp_path, range(30))
    assert fates["taken in"] and fates["a stranger's"], fates


@pytest.mark.slow
def test_thousands_of_forgeries(desk: Path, tmp_path: Path) -> None:
    fates = run(desk, tmp_path, range(int(os.environ.get("CYPP_TEST_FORGERIES", "2000"))))
    print(json.dumps(fates, indent=1))
    assert fates["taken in"] > sum(fates.values()) / 10, fates
