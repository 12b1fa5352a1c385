"""What the issue desk shows, read from a plan in one go; for any thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cypp_desktop.merge.asking import Asked, asked_of_each, rounds_asked
from cypp_desktop.merge.model import Received, Scope
from cypp_desktop.merge.returns import IssueLine, board
from cypp_desktop.plan.row_names import label
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.raw_rows import reading
from cypp_desktop.store.sqlite_queries import rounds_with_due_days, rows_to_ask


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A reporting round; ``due`` is its day as YYYY-MM-DD."""

    id: str
    name: str
    due: str | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row that can be asked for, in words. ``row_type`` is measure, outcome or action."""

    row_type: str
    id: str
    words: str
    under: str


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation, what it would be asked for, and the last return sent to it for the round."""

    asked: Asked
    sent: IssueLine | None


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """All that the issue desk shows of a plan for one round."""

    rounds: tuple[RoundLine, ...] = ()
    round_id: str | None = None
    organisations: tuple[OrganisationLine, ...] = ()
    #: Every measure, outcome and action in the plan's order.
    rows: tuple[AskedRow, ...] = ()

    def asked_rows(self, scope: Scope) -> list[AskedRow]:
        """What a scope asks for, in the plan's order."""
        return [row for row in self.rows if scope.holds(row.row_type, row.id)]

    def organisation(self, organisation_id: str | None) -> OrganisationLine | None:
        """What an organisation would be asked for; None where the plan has none of that id."""
        for line in self.organisations:
            if line.asked.organisation_id == organisation_id:
                return line
        return None

    @property
    def due_of_round(self) -> str | None:
        """The day on which the round is due."""
        for each in self.rounds:
            if each.id == self.round_id:
                return each.due
        return None

    @property
    def measures(self) -> list[AskedRow]:
        """Every measure in the plan's order."""
        return [row for row in self.rows if row.row_type == "measure"]


def read_desk(
    plan: OpenPlan,
    round_id: str | None,
    chosen: Mapping[str, Collection[str]],
    received: Iterable[Received] = (),
    *,
    today: date | None = None,
) -> DeskFacts:
    """What each organisation would be asked for in a round; ``chosen`` are measures chosen instead, by it,
    ``received`` files that are here but not merged yet.
    """
    lines = [line for line in board(plan, received, today=today) if not line.is_withdrawn]
    with reading(plan.working.path) as db:
        asked_round, _ = rounds_asked(db, round_id)
        rounds = tuple(RoundLine(*row) for row in rounds_with_due_days(db))
        name = next((row.name for row in rounds if row.id == asked_round), None)
        last = {line.organisation_id: line for line in reversed(lines) if line.round_name == name}
        asked = asked_of_each(db, asked_round, chosen)
        organisations = [OrganisationLine(each, last.get(each.organisation_id)) for each in asked]
        organisations.sort(key=lambda line: not line.asked.leads)
        return DeskFacts(
            rounds=rounds,
            round_id=asked_round,
            organisations=tuple(organisations),
            rows=tuple(_rows(db)),
        )


def _rows(db: sqlite3.Connection) -> Iterator[AskedRow]:
    outcome = ""
    for row in rows_to_ask(db):
        if row.row_type == "outcome":
            outcome, outcome_code = _words(row.label, row.words), row.label
            yield AskedRow("outcome", row.id, outcome, _words(None, row.above))
        elif row.row_type == "measure":
            yield AskedRow("measure", row.id, _words(label(outcome_code, row.label), row.words), outcome)
        else:
            yield AskedRow("action", row.id, _words(row.label, row.words), outcome)


def _words(code: str | None, words: str | None) -> str:
    line = " ".join((words or "").replace("**", "").split())
    return label(code, line) or "Without a title"
