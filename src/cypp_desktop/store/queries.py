"""Questions to an open plan that are answered with its mapped rows, such as the current round.

Each function says in its name what it gives, so that no caller writes a statement of its own. Questions
that must not wait for the mapped classes to be loaded are in :mod:`cypp_desktop.store.sqlite_queries`;
questions to the change log are in :mod:`cypp_desktop.store.history` and :mod:`cypp_desktop.store.log`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, Text, select, type_coerce
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import InstrumentedAttribute

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.model import (
    Action,
    ActionMeasure,
    Lead,
    LeadPerson,
    Measure,
    Outcome,
    Pack,
    Plan,
    PrintLayout,
    Priority,
    Round,
    Update,
    UpdateMeasure,
)

AnyRow = TypeVar("AnyRow", bound=Row)


# ------------------------------------------------------------------ the plan and its lists


def the_plan(session: Session) -> Plan:
    """The one plan row of a file."""
    return session.scalars(select(Plan)).one()


def plan_if_any(session: Session) -> Plan | None:
    """The plan row; None in a file that nothing was imported into yet."""
    return session.scalars(select(Plan).limit(1)).first()


def rows_in_order(session: Session, cls: type[AnyRow]) -> list[AnyRow]:
    """All rows of a class that stand in one list of the plan, in that list's order."""
    statement = select(cls).order_by(cls.sort_key, cls.id)  # type: ignore[attr-defined]
    return list(session.scalars(statement))


def has_any(session: Session, cls: type[Row]) -> bool:
    """Whether the plan has a row of a class."""
    return session.scalars(select(cls.id).limit(1)).first() is not None


def priorities(session: Session, *, whole: bool = False) -> Sequence[Priority]:
    """The priorities in printed order; ``whole`` loads all that stands below them in a few queries."""
    statement = select(Priority).order_by(Priority.sort_key, Priority.id)
    if whole:
        statement = _with_all_below(statement)
    return session.scalars(statement).all()


def _with_all_below(statement: Select[Priority]) -> Select[Priority]:
    outcomes = selectinload(Priority.outcomes)
    measures = outcomes.selectinload(Outcome.measures)
    actions = outcomes.selectinload(Outcome.actions)
    updates = outcomes.selectinload(Outcome.updates)
    people = selectinload(Lead.people_links).selectinload(LeadPerson.person)
    for owner in (
        selectinload(Priority.leads),
        outcomes.selectinload(Outcome.leads),
        measures.selectinload(Measure.leads),
        actions.selectinload(Action.leads),
    ):
        statement = statement.options(owner.options(people, selectinload(Lead.organisation)))
    return statement.options(
        measures.selectinload(Measure.observations),
        actions.selectinload(Action.measure_links).selectinload(ActionMeasure.measure),
        updates.selectinload(Update.measure_links).selectinload(UpdateMeasure.measure),
        updates.selectinload(Update.round),
    )


# ------------------------------------------------------------------ rounds and updates


def rounds(session: Session) -> Sequence[Round]:
    """The reporting rounds in order."""
    return rows_in_order(session, Round)


def current_round(session: Session) -> Round | None:
    """The round that is being written: the last open one, else the last; None if there is none."""
    listed = rounds(session)
    for round_ in reversed(listed):
        if round_.state == "open":
            return round_
    return listed[-1] if listed else None


def update_of(measure: Measure, round_: Round | None) -> Update | None:
    """The update that covers a measure in a round (first, where there are several)."""
    round_id = round_.id if round_ else None
    for update in measure.outcome.updates:
        covered = {link.measure_id for link in update.measure_links}
        if update.round_id == round_id and measure.id in covered:
            return update
    return None


def updates_of_outcome(session: Session, outcome_id: str) -> list[Update]:
    """The updates in an outcome, in order, each with the measures that it covers."""
    statement = (
        select(Update)
        .where(Update.outcome_id == outcome_id)
        .options(selectinload(Update.measure_links).selectinload(UpdateMeasure.measure))
        .order_by(Update.sort_key, Update.id)
    )
    return list(session.scalars(statement))


def updates_of_round(session: Session, round_id: str) -> list[Update]:
    """The updates written for a round, those of one outcome together."""
    order = (Update.outcome_id, Update.sort_key, Update.id)
    return list(session.scalars(select(Update).where(Update.round_id == round_id).order_by(*order)))


# ------------------------------------------------------------------ actions and leads


def actions_of_outcome(session: Session, outcome_id: str) -> list[Action]:
    """The actions of an outcome in order, each with the measures that it serves and who leads it."""
    people = selectinload(Lead.people_links).selectinload(LeadPerson.person)
    statement = (
        select(Action)
        .where(Action.outcome_id == outcome_id)
        .options(
            selectinload(Action.measure_links).selectinload(ActionMeasure.measure),
            selectinload(Action.leads).options(people, selectinload(Lead.organisation)),
        )
        .order_by(Action.sort_key, Action.id)
    )
    return list(session.scalars(statement))


def leads_of_organisation(session: Session, organisation_id: str) -> list[Lead]:
    """The leads that name an organisation, in no order."""
    return list(session.scalars(select(Lead).where(Lead.organisation_id == organisation_id)))


def leads_of_person(session: Session, person_id: str) -> list[Lead]:
    """The leads that name a person, in no order."""
    return list(session.scalars(select(Lead).join(LeadPerson).where(LeadPerson.person_id == person_id)))


# ------------------------------------------------------------------ words and definitions


def words_in_use(session: Session, column: InstrumentedAttribute[Any]) -> set[str]:
    """The different words that rows of the plan have in a column; none of them empty."""
    return {words for words in session.scalars(select(column).distinct()) if words}


def saved_definitions(session: Session, cls: type[PrintLayout] | type[Pack]) -> list[tuple[str, str, str]]:
    """Id, name and definition of the plan's own layouts or packs, in order.

    The definition is the JSON text as it is kept: it may come from a later version, or be no JSON at all.
    """
    as_kept = type_coerce(cls.definition, Text)
    rows = session.execute(select(cls.id, cls.name, as_kept).order_by(cls.sort_key, cls.id))
    return [(id_, name, definition) for id_, name, definition in rows]
