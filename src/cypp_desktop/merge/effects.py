"""What merging does about a question as it is decided so far: it adds, changes, deletes, or leaves things.

This is what a line of the review says, and what a test holds against the plan before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cypp_desktop.merge.question import (
    Answer,
    Happening,
    Kind,
    Question,
    decided_value,
    deletes_row,
)
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.store.changes import CREATED, DELETED, to_json
from cypp_desktop.store.log import RowKey


class Effect(StrEnum):
    """What merging does to the field or row that a question is about."""

    ADDS = "adds"
    CHANGES = "changes"
    DELETES = "deletes"
    LEAVES = "leaves"


def effect_of(question: Question) -> Effect:
    """What merging does, as things are decided so far; a row that goes by another decision is told there."""
    if question.goes_anyway:
        return Effect.LEAVES
    if question.kind == Kind.OUTSIDE:
        return _effect_outside(question) if question.is_let_in else Effect.LEAVES
    if not question.is_row:
        return Effect.CHANGES if to_json(_value(question)) != to_json(question.was) else Effect.LEAVES
    effects = rows_told(question)
    effect = effects[question.row]
    if effect == Effect.LEAVES and set(effects.values()) != {Effect.LEAVES}:
        return Effect.CHANGES  # it stays, and something in it is told here too
    return effect


def rows_told(question: Question) -> dict[RowKey, Effect]:
    """The rows of which a question about a whole row tells, and what merging does to each."""
    found = {each.row: _effect_on_row(each) for each in question.whole}
    if question.goes_anyway:
        return dict.fromkeys(found, Effect.LEAVES)
    if question.kind == Kind.OUTSIDE:
        return dict.fromkeys(found, _effect_outside(question) if question.is_let_in else Effect.LEAVES)
    if _is_deleted(question):
        for row in question.along:
            found[row] = Effect.LEAVES if row in question.along_new else Effect.DELETES
    return found


def _is_deleted(question: Question) -> bool:
    """Whether a person deletes the row, with all that goes along."""
    is_decided = question.decision.answer not in (Answer.ACCEPT, Answer.LEAVE)
    return is_decided and not question.stays_anyway and deletes_row(question, question.decision)


def _value(question: Question) -> Any:
    """The stored value that a field comes to."""
    if question.in_plan and question.decision.answer == Answer.LEAVE:
        return question.value
    return decided_value(question, question.decision)


def _effect_on_row(question: Question) -> Effect:
    was, now = question.was, question.value
    decision = question.decision
    if decision.answer in (Answer.ACCEPT, Answer.LEAVE):
        stays = now is not None or (question.stays_anyway and decision.answer == Answer.ACCEPT)
    else:
        goes = not question.stays_anyway and deletes_row(question, decision)
        stays = not goes and question.happening not in (
            Happening.GONE,
            Happening.HELD_OUT,
        )
    if not stays:
        return Effect.LEAVES if was is None else Effect.DELETES
    if was is None:
        return Effect.ADDS
    return Effect.CHANGES if now is not None and _differs(question, was, now) else Effect.LEAVES


def _differs(question: Question, was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a row says something else now in a field about which there is no question of its own."""
    for name, field in fields_of(row_classes()[question.row_type]).items():
        if name not in question.apart and any(was.get(c) != now.get(c) for c in field.columns):
            return True
    return False


def _effect_outside(question: Question) -> Effect:
    if question.field == DELETED:
        return Effect.DELETES
    return Effect.ADDS if question.field == CREATED and question.was is None else Effect.CHANGES
