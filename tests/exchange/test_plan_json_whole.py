"""Whatever a plan holds comes back from plan JSON: every column of every class, and who is who."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, select

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_json import checked, load_plan, read_plan, write_plan
from cypp_desktop.plan.base import Row, field_of, row_classes, stored_values
from cypp_desktop.plan.model import (
    Action,
    Lead,
    LeadPerson,
    Measure,
    Observation,
    Organisation,
    Pack,
    Person,
    PrintLayout,
    Round,
    Update,
)
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.queries import the_plan
from tests.store.plans import SMALL, open_editor, small_plan

#: What means nothing outside the one file: see the docstring of plan_format.
NOT_IN_THE_FORMAT = {"issued_return", "received_file"}
ONLY_WITHIN_A_FILE = {"sort_key"}


# ---------------------------------------------------------------------------------- every column


def filled(column: Column[Any], row_type: str, number: int) -> Any:
    """A value for a column that no other has and no default is."""
    words = f"zq {row_type} {column.key}"
    field = field_of(row_type, column.key)
    if field is not None and field.choices is not None:
        return field.choices[-1]
    day = f"20{10 + number // 28:02d}-{6 if column.key.endswith('start') else 7:02d}-{1 + number % 28:02d}"
    return {
        "list": [f"{words} 1", f"{words} 2"],
        "object": {words: [1, 2.5, {"deep": None}]},
        "flag": True,
        "number": Decimal(f"{number}.50") if column.key == "value" else 4,
        "date": day,
    }.get(column.info.get("kind", ""), words)


def full_rows() -> list[Row]:
    """A row of every class with every column filled, naming the others; a lead for each of its owners."""
    made: dict[str, Row] = {}
    rows: list[Row] = []
    number = 0

    def make(row_type: str, without: set[str]) -> Row:
        nonlocal number
        values: dict[str, Any] = {}
        for column in row_classes()[row_type].__table__.columns:
            number += 1
            if column.primary_key or column.key in without or column.key == "sort_key":
                continue
            target = next((key.column.table.name for key in column.foreign_keys), None)
            values[column.key] = made[target].id if target else filled(column, row_type, number)
        row = row_classes()[row_type](**values)
        rows.append(row)
        return row

    for row_type in row_classes():
        if row_type in NOT_IN_THE_FORMAT:
            continue
        owners = {"priority_id", "outcome_id", "measure_id", "action_id"}
        if row_type == "lead":
            for owner in sorted(owners):
                made[row_type] = make(row_type, owners - {owner})
        elif row_type == "observation":
            made[row_type] = make(row_type, {"words"})
            make(row_type, {"value"}).sort_key = "W"  # type: ignore[attr-defined]
        else:
            made[row_type] = make(row_type, set())
    return rows


def said(editor: Editor) -> list[tuple[str, dict[str, Any]]]:
    """What every row says, with the rows that it names told by what they say."""
    found = []
    for row_type, cls in row_classes().items():
        for row in editor.session.scalars(select(cls)):
            values = {k: v for k, v in stored_values(row).items() if k not in ONLY_WITHIN_A_FILE}
            for column in cls.__table__.columns:
                for key in column.foreign_keys:
                    named = (
                        editor.row(key.column.table.name, values[column.key]) if values[column.key] else None
                    )
                    values[column.key] = named and (named.row_type, name_of(named))
            found.append((row_type, values))
    return sorted(found, key=repr)


def name_of(row: Row) -> Any:
    return next(
        (value for value in stored_values(row).values() if isinstance(value, str) and "zq" in value),
        row.row_type,
    )


def again(editor: Editor, folder: Path) -> tuple[str, Editor]:
    """The plan written, read into an empty plan, and written from there."""
    folder.mkdir(exist_ok=True)
    path = folder / "plan.json"
    path.write_text(write_plan(editor.session), "utf-8", newline="")
    second = open_editor(folder / "again.cypp")
    load_plan(second, read_plan(path))
    return write_plan(second.session), second


def test_every_column_of_every_class_comes_back(tmp_path: Path) -> None:
    editor = open_editor(tmp_path / "plan.cypp")
    with editor.step("Fill") as session:
        session.add_all(full_rows())
    once = write_plan(editor.session)
    twice, second = again(editor, tmp_path)
    assert twice == once
    assert said(second) == said(editor)
    assert {row_type for row_type, _ in said(second)} == set(row_classes()) - NOT_IN_THE_FORMAT
    assert check_file(second.session.get_bind()).is_clean  # type: ignore[arg-type]


def test_what_says_nothing_is_not_written(tmp_path: Path) -> None:
    editor = open_editor(tmp_path / "plan.cypp")
    load_plan(editor, {"priorities": [{"outcomes": [{"measures": [{}], "actions": [{}]}]}]})
    written = json.loads(write_plan(editor.session))
    optional = {"area", "protective_marking", "rag_rules", "people", "layouts", "packs", "period_start"}
    assert not optional & set(written)
    (outcome,) = written["priorities"][0]["outcomes"]
    assert not {"frequency", "value_format", "lineage"} & set(outcome["measures"][0])
    assert not {"leads", "due_start", "due_precision"} & set(outcome["actions"][0])


def test_a_level_whose_name_was_taken_away_has_none_afterwards(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "plan.cypp")
    plan = the_plan(editor.session)
    set_field(editor, plan, "level_priority", "")
    set_field(editor, plan, "level_outcome", "")
    _, second = again(editor, tmp_path / "2")
    found = the_plan(second.session)
    assert (found.level_priority, found.level_outcome) == ("", "")


@pytest.mark.parametrize("levels", [None, {}, {"priority": None, "outcome": None}])
def test_a_level_of_which_a_file_says_nothing_has_its_usual_name(levels: Any, tmp_path: Path) -> None:
    editor = open_editor(tmp_path / "plan.cypp")
    load_plan(editor, {"level_names": levels, "priorities": []})
    plan = the_plan(editor.session)
    assert (plan.level_priority, plan.level_outcome, plan.level_measure) == ("Priority", "Outcome", None)


# ---------------------------------------------------------------------------------- who is who


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    editor = small_plan(tmp_path / "plan.cypp")
    yield editor
    editor.close()


def lead_of(editor: Editor, address: str) -> Lead:
    found: Lead = row_at(editor.session, address).leads[0]  # type: ignore[attr-defined]
    return found


def test_a_person_has_post_and_email_and_organisation_beside_the_name_in_leads(
    editor: Editor, tmp_path: Path
) -> None:
    with editor.step("More"):
        council = editor.session.scalars(select(Organisation)).first()
        (khan,) = [row for row in editor.session.scalars(select(Person)) if row.name == "B. Khan"]
        khan.post, khan.email, khan.organisation = "Midwife", "b@example.org", council
    written = json.loads(write_plan(editor.session))
    assert written["people"] == [
        {"name": "B. Khan", "post": "Midwife", "email": "b@example.org", "organisation": "Anytown Council"}
    ]
    twice, second = again(editor, tmp_path / "2")
    assert twice == write_plan(editor.session)
    found = lead_of(second, "1/1a/i").people[1]
    assert (found.name, found.post, found.email) == ("B. Khan", "Midwife", "b@example.org")
    assert found.organisation is not None and found.organisation.name == "Anytown Council"


def test_people_of_one_name_stay_who_they_are(editor: Editor, tmp_path: Path) -> None:
    with editor.step("Two of one name") as session:
        first, second = (
            Person(name="J. Smith", email=f"{at}@example.org", sort_key=f"x{at}") for at in (1, 2)
        )
        session.add_all([first, second])
        for address, person in (("1/1a/i", second), ("1", first)):
            lead = lead_of(editor, address)
            session.add(LeadPerson(lead_id=lead.id, person_id=person.id, sort_key="1"))
    session.expire_all()
    written = json.loads(write_plan(editor.session))
    assert [one.get("key") for one in written["people"]] == [None, "J. Smith-2"]
    twice, second_editor = again(editor, tmp_path / "2")
    assert twice == write_plan(editor.session)
    assert [one.email for one in lead_of(second_editor, "1/1a/i").people][:1] == ["2@example.org"]
    assert [one.email for one in lead_of(second_editor, "1").people][:1] == ["1@example.org"]


def test_organisations_and_rounds_of_one_name_stay_what_they_are(editor: Editor, tmp_path: Path) -> None:
    with editor.step("Two of one name") as session:
        council = Organisation(name="Anytown Council", kind="parish", sort_key="x")
        late = Round(name="Mid-year", due="2018-10-31", sort_key="x")
        session.add_all([council, late])
        lead_of(editor, "1/1a/i").organisation = council
        row_at(session, "1/1a/updates/#1").round = late  # type: ignore[attr-defined]
    twice, second = again(editor, tmp_path / "2")
    assert twice == write_plan(editor.session)
    organisation = lead_of(second, "1/1a/i").organisation
    assert organisation is not None and (organisation.name, organisation.kind) == (
        "Anytown Council",
        "parish",
    )
    update = row_at(second.session, "1/1a/updates/#1")
    assert isinstance(update, Update) and update.round is not None
    assert (update.round.name, update.round.due) == ("Mid-year", "2018-10-31")


def test_an_action_keeps_its_leads(editor: Editor, tmp_path: Path) -> None:
    with editor.step("Lead") as session:
        action = row_at(session, "1/1a/actions/1")
        session.add(Lead(action_id=action.id, note="to be agreed", role="partner", sort_key="V"))
    twice, second = again(editor, tmp_path / "2")
    assert twice == write_plan(editor.session)
    assert lead_of(second, "1/1a/actions/1").note == "to be agreed"


def test_a_layout_for_an_organisation_still_finds_it(editor: Editor, tmp_path: Path) -> None:
    with editor.step("Layout") as session:
        council = session.scalars(select(Organisation)).first()
        assert council is not None
        wanted = {"based_on": "update", "organisation": council.id, "size": 9.5}
        session.add(PrintLayout(name="Ours", definition=wanted, sort_key="V"))
        session.add(Pack(name="Board", definition={"parts": ["Ours"]}, sort_key="V"))
    _, second = again(editor, tmp_path / "2")
    layout = second.session.scalars(select(PrintLayout)).one()
    assert layout.definition == wanted
    named = second.find(Organisation, layout.definition["organisation"])
    assert named is not None and named.name == "Anytown Council"


def test_a_note_of_the_plan_that_looks_like_one_of_a_row_stays_the_plan_s(
    editor: Editor, tmp_path: Path
) -> None:
    set_field(editor, the_plan(editor.session), "notes", ["On 1: see the minutes.", "On plan: on 1."])
    twice, second = again(editor, tmp_path / "2")
    assert twice == write_plan(editor.session)
    assert list(the_plan(second.session).notes) == ["On 1: see the minutes.", "On plan: on 1."]
    assert row_at(second.session, "1").note is None  # type: ignore[attr-defined]


def test_a_file_is_the_same_again_where_a_measure_with_a_note_has_no_name_of_its_own(
    editor: Editor, tmp_path: Path
) -> None:
    with editor.step("More") as session:
        outcome_id = row_at(session, "1/1a").id
        for at, code in enumerate((None, "z", "z")):
            session.add(Measure(outcome_id=outcome_id, code=code, note=f"Note {at}", sort_key=f"z{at}"))
    twice, second = again(editor, tmp_path / "2")
    assert twice == write_plan(editor.session)
    notes = second.session.scalars(select(Measure.note).where(Measure.note.like("Note %"))).all()
    assert sorted(filter(None, notes)) == ["Note 0", "Note 1", "Note 2"]


@pytest.mark.parametrize("note", ["See the minutes.", "On 1: see the minutes."])
def test_a_note_may_say_on_plan_as_often_as_it_likes(note: str, editor: Editor, tmp_path: Path) -> None:
    notes = ["On plan: " * 5_000 + note]
    set_field(editor, the_plan(editor.session), "notes", notes)
    _, second = again(editor, tmp_path / "2")
    assert list(the_plan(second.session).notes) == notes


# ---------------------------------------------------------------------------------- days


def test_days_that_somebody_said_come_back(editor: Editor, tmp_path: Path) -> None:
    action, recommendation = (row_at(editor.session, at) for at in ("1/1a/actions/1", "recommendations/1"))
    days = {"due": "when funded", "due_start": "2018-05-01", "due_end": None, "due_precision": "day"}
    set_field(editor, action, "due", days)
    set_field(editor, recommendation, "due", {"due_start": None, "due_end": None, "due_precision": "unknown"})
    observation = row_at(editor.session, "1/1a/i/observations/#1")
    set_field(editor, observation, "period", {"period_start": None, "period_end": "2016-12-31"})
    twice, second = again(editor, tmp_path / "2")
    assert twice == write_plan(editor.session)
    found = row_at(second.session, "1/1a/actions/1")
    assert isinstance(found, Action)
    assert (found.due, found.due_start, found.due_end, found.due_precision) == tuple(days.values())
    assert row_at(second.session, "recommendations/1").due_end is None  # type: ignore[attr-defined]
    seen = row_at(second.session, "1/1a/i/observations/#1")
    assert isinstance(seen, Observation)
    assert (seen.period, seen.period_start, seen.period_end) == ("2016/17", None, "2016-12-31")


def test_days_that_an_earlier_version_misread_are_not_handed_on(editor: Editor, tmp_path: Path) -> None:
    action = row_at(editor.session, "1/1a/actions/1")
    assert isinstance(action, Action)
    with editor.step("As version 0.1.0 read it"):
        action.due, action.due_start, action.due_end = "2027-03", "2027-04-01", "2003-03-31"
    _, second = again(editor, tmp_path / "2")
    assert row_at(second.session, "1/1a/actions/1").due_end == "2027-03-31"  # type: ignore[attr-defined]


# ---------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"rag_rules": []}, "an object is expected"),
        ({"rag_rules": {"amber_within": float("inf")}}, "a number that ends"),
        ({"layouts": [{"name": "x", "definition": "y"}]}, "an object is expected"),
        *(
            (
                {
                    "priorities": [
                        {"outcomes": [{"measures": [{"observations": [{"value": Decimal(number)}]}]}]}
                    ]
                },
                "at most 60 digits",
            )
            for number in ("1E+999999999999", "1E-999999999999")
        ),
        ({"people": [{"phone": "1"}]}, "'phone' is not known"),
        ({"period": "x", "period_start": "2018-01-02", "period_end": "2018-01-01"}, "ends before it begins"),
        ({"rounds": [{"name": "x", "due": "20180101"}]}, "YYYY-MM-DD"),
        (
            {"recommendations": [{"due_start": "2018-01-02", "due_end": "2017-01-01"}]},
            "ends before it begins",
        ),
    ],
)
def test_what_a_plan_cannot_hold_is_refused_with_the_place(more: dict[str, Any], words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        checked({"priorities": [], **more})


def test_settings_that_are_nested_without_end_are_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"a": deep}
    with pytest.raises(ImportProblem, match="too deeply"):
        checked({"priorities": [], "rag_rules": deep})


@pytest.mark.parametrize("name", ["organisations", "rounds", "people"])
def test_a_key_means_one_row(name: str, tmp_path: Path) -> None:
    editor = open_editor(tmp_path / "plan.cypp")
    with pytest.raises(ImportProblem, match="needs another key"):
        load_plan(editor, {"priorities": [], name: [{"name": "A"}, {"name": "B", "key": "A"}]})
    load_plan(editor, SMALL)


def test_settings_of_a_file_are_numbers_that_the_plan_can_keep(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_text('{"priorities": [], "rag_rules": {"amber_within": 2.50, "other": -0}}')
    editor = open_editor(tmp_path / "plan.cypp")
    load_plan(editor, read_plan(source))
    assert the_plan(editor.session).rag_rules == {"amber_within": 2.5, "other": 0}
    assert again(editor, tmp_path / "2")[0] == write_plan(editor.session)


def test_a_measure_says_how_often_and_in_what_form(tmp_path: Path) -> None:
    measure = {
        "code": "i",
        "title": "M",
        "value_format": "rate",
        "frequency": "quarterly",
        "lineage": "Was 2.iv.",
    }
    editor = open_editor(tmp_path / "plan.cypp")
    load_plan(editor, {"priorities": [{"code": "1", "outcomes": [{"code": "a", "measures": [measure]}]}]})
    found = row_at(editor.session, "1/a/i")
    assert isinstance(found, Measure)
    assert (found.value_format, found.frequency, found.lineage) == ("rate", "quarterly", "Was 2.iv.")


# ---------------------------------------------------------------------------------- a new field


def test_a_text_field_that_any_class_gets_is_written_checked_and_read(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.exchange.new_field_worker", str(tmp_path)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    found = json.loads(done.stdout)
    assert found["after"] == found["before"]
    assert found["is_same_file"]
    assert "priorities[0].newly_added: words are expected here" in found["refusal"]
    without_words = {row_type for row_type, words in found["before"].items() if not words}
    assert without_words == NOT_IN_THE_FORMAT
