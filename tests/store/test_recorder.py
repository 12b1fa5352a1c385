"""Nothing alters a plan unrecorded: every column of every class, every kind of write."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from cypp_desktop.plan.base import Row, fields_of, row_classes
from cypp_desktop.plan.model import Lead, Measure, Organisation, Outcome, Person, Priority
from cypp_desktop.store import schema
from cypp_desktop.store.changes import CREATED, DELETED
from cypp_desktop.store.check import check_file
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.log import read_changes
from tests.store.plans import digest, open_editor, small_plan


def last_changes(editor: Editor) -> list[Any]:
    changes = read_changes(editor.session.connection())
    return [change for change in changes if change.step == changes[-1].step]


def another_value(column: Any, old: Any) -> Any:
    """A value that the column does not have yet, of the right type."""
    kind = column.info.get("kind")
    if kind == "flag":
        return not old
    if kind == "list":
        return [*(old or []), "one more"]
    if kind == "object":
        return {**(old or {}), "more": 1}
    if column.key == "depth":
        return (old or 1) % 6 + 1
    if column.key == "value":
        return Decimal("3.140")
    if kind == "choice":
        choices = {
            "state": ("open", "closed", "draft", "agreed"),
            "kind": ("target",),
            "polarity": ("higher",),
            "role": ("partner",),
        }
        return next(c for c in choices.get(column.key, ("other",)) if c != old)
    return "2019-01-02" if kind == "date" else f"{old or ''}x"


def one_of_each(editor: Editor, but: tuple[str, ...] = ()) -> dict[str, Row]:
    """A row of every class, standing where it may."""
    with editor.step("Make", kind="import") as session:
        rows: dict[str, Row] = {}
        for name, cls in row_classes().items():
            if name in but:
                continue
            values: dict[str, Any] = {}
            for column in cls.__table__.columns:
                for key in column.foreign_keys:
                    target = key.column.table.name
                    if cls is not Lead or target in ("measure", "organisation"):
                        values[column.key] = rows[target].id
            rows[name] = cls(**values)
            session.add(rows[name])
            session.flush()
    return rows


def own_columns(cls: type[Row]) -> list[Any]:
    return [column for column in cls.__table__.columns if not column.primary_key and not column.foreign_keys]


def links(cls: type[Row]) -> list[Any]:
    return [column for column in cls.__table__.columns if column.foreign_keys and cls is not Lead]


@pytest.mark.parametrize("row_type", row_classes())
def test_a_change_of_any_column_is_in_the_log_and_can_be_undone(tmp_path: Path, row_type: str) -> None:
    editor = open_editor(tmp_path / "p.cypp")
    row = one_of_each(editor)[row_type]
    was = digest(editor)
    assert own_columns(type(row)) or links(type(row))
    for column in own_columns(type(row)):
        with editor.step("Change it"):
            setattr(row, column.key, another_value(column, getattr(row, column.key)))
        [change] = last_changes(editor)
        assert (change.row_type, change.row_id) == (row_type, row.id)
        assert column.key in fields_of(type(row))[change.field].columns
        assert change.before != change.value
        assert digest(editor) != was
        editor.undo()
        assert digest(editor) == was
    assert check_file(editor.session.get_bind()).is_clean  # type: ignore[arg-type]


@pytest.mark.parametrize("row_type", [name for name, cls in row_classes().items() if links(cls)])
def test_a_change_of_any_link_is_in_the_log(tmp_path: Path, row_type: str) -> None:
    editor = open_editor(tmp_path / "p.cypp")
    first, second = one_of_each(editor), one_of_each(editor)
    row = first[row_type]
    for column in links(type(row)):
        target = next(iter(column.foreign_keys)).column.table.name
        with editor.step("Link it"):
            setattr(row, column.key, second[target].id)
        [change] = last_changes(editor)
        assert column.key in fields_of(type(row))[change.field].columns


def test_a_change_through_a_relationship_is_in_the_log_too(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    priorities = editor.session.scalars(select(Priority).order_by(Priority.code)).all()
    outcome = priorities[0].outcomes[0]
    with editor.step("Move"):
        outcome.priority = priorities[1]
    [change] = last_changes(editor)
    assert change.field == "place"
    assert change.value["priority_id"] == priorities[1].id


def test_a_list_changed_in_place_is_in_the_log(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    priority = editor.session.scalars(select(Priority)).first()
    assert priority is not None
    with editor.step("More"):
        priority.outcomes_sought.append("Babies thrive.")
    [change] = last_changes(editor)
    assert change.before == ["Babies are well."]
    assert change.value == ["Babies are well.", "Babies thrive."]


def test_deleting_a_row_records_all_that_stood_in_it(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    was = digest(editor)
    outcome = editor.session.scalars(select(Outcome).where(Outcome.code == "1a")).one()
    with editor.step("Delete") as session:
        session.delete(outcome)
    kinds = sorted(change.row_type for change in last_changes(editor))
    assert {change.field for change in last_changes(editor)} == {DELETED}
    assert (
        kinds.count("measure") == 3 and kinds.count("observation") == 2 and kinds.count("update_measure") == 3
    )
    editor.undo()
    assert digest(editor) == was


def test_a_write_outside_a_step_is_refused(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    was = digest(editor)
    measure = editor.session.scalars(select(Measure)).first()
    assert measure is not None
    measure.title = "Unrecorded"
    with pytest.raises(RuntimeError, match="named step"):
        editor.session.commit()
    editor.session.rollback()
    assert digest(editor) == was


def test_a_bulk_statement_is_refused(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    with pytest.raises(RuntimeError, match="without a record"), editor.step("Bulk") as session:
        session.execute(update(Measure).values(title="All the same"))


def test_a_row_made_and_deleted_in_one_step_leaves_no_change(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    steps = editor.session.execute(select(schema.change.c.id)).all()
    with editor.step("Nothing in the end") as session:
        row = Organisation(name="Gone")
        session.add(row)
        session.flush()
        session.delete(row)
    assert editor.session.execute(select(schema.change.c.id)).all() == steps


def test_an_edit_in_the_step_that_made_the_row_is_part_of_its_making(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    with editor.step("Add") as session:
        row = Person(name="C. Lee")
        session.add(row)
        session.flush()
        row.post = "Nurse"
    [change] = last_changes(editor)
    assert change.field == CREATED and change.value["post"] == "Nurse"


def test_the_first_edit_names_the_creation_as_parent_and_the_next_names_the_first(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    measure = editor.session.scalars(select(Measure).where(Measure.code == "ii")).one()
    created = next(
        c for c in read_changes(editor.session.connection()) if c.row_id == measure.id and c.field == CREATED
    )
    with editor.step("One"):
        measure.title = "First"
    [first] = last_changes(editor)
    with editor.step("Two"):
        measure.title = "Second"
    [second] = last_changes(editor)
    assert first.parents == (created.id,)
    assert second.parents == (first.id,)


def test_a_row_altered_outside_the_application_is_found_by_check(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    engine = editor.session.get_bind()
    with engine.begin() as connection:  # type: ignore[union-attr]
        connection.execute(text("UPDATE measure SET title = 'Forged' WHERE code = 'ii'"))
    report = check_file(engine)  # type: ignore[arg-type]
    assert [fault for fault in report.faults if "outside the application" in fault]
    assert "Forged" not in " ".join(report.faults)


def test_a_lead_must_have_one_owner(tmp_path: Path) -> None:
    from cypp_desktop.errors import PlanRuleBroken

    editor = small_plan(tmp_path / "p.cypp")
    was = digest(editor)
    with pytest.raises(PlanRuleBroken), editor.step("Ownerless") as session:
        session.add(Lead())
    assert digest(editor) == was
