"""Questions that several parts ask of a plan: the plan row, the current round, a measure's update."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cypp_desktop.plan.model import (
    Action,
    ActionMeasure,
    Lead,
    LeadPerson,
    Measure,
    Outcome,
    Plan,
    Priority,
    Round,
    Update,
    UpdateMeasure,
)


def the_plan(session: Session) -> Plan:
    """The one plan row of a file."""
    return session.scalars(select(Plan)).one()


def priorities(session: Session, *, whole: bool = False) -> Sequence[Priority]:
    """The priorities in printed order; ``whole`` loads all that stands below them in a few queries."""
    statement = select(Priority).order_by(Priority.sort_key, Priority.id)
    if whole:
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
        statement = statement.options(
            measures.selectinload(Measure.observations),
            actions.selectinload(Action.measure_links).selectinload(ActionMeasure.measure),
            updates.selectinload(Update.measure_links).selectinload(UpdateMeasure.measure),
            updates.selectinload(Update.round),
        )
    return session.scalars(statement).all()


def rounds(session: Session) -> Sequence[Round]:
    """The reporting rounds in order."""
    return session.scalars(select(Round).order_by(Round.sort_key, Round.id)).all()


def current_round(session: Session) -> Round | None:
    """The round that is being written: the last open one, else the last; None if there is none."""
    listed = rounds(session)
    is_open = [round_ for round_ in listed if round_.state == "open"]
    return next(reversed(is_open or list(listed)), None)


def update_of(measure: Measure, round_: Round | None) -> Update | None:
    """The update that covers a measure in a round (first, where there are several)."""
    for update in measure.outcome.updates:
        if update.round_id == (round_.id if round_ else None) and any(
            link.measure_id == measure.id for link in update.measure_links
        ):
            return update
    return None
