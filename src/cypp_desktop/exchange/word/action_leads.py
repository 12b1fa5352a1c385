"""Leads of single actions: the plan keeps leads of the outcome, so a note says which actions are whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cypp_desktop.exchange.word.draft import PlanRow
from cypp_desktop.exchange.word.leads import Lead
from cypp_desktop.exchange.word.links import RowLinks


@dataclass(slots=True)
class _OfOutcome:
    outcome: PlanRow
    leads: list[Lead] = field(default_factory=list)
    numbers: list[list[str]] = field(default_factory=list)  # of the actions of each lead


class ActionLeads:
    """Gathers the leads of numbered actions, and gives them to their outcomes at the end."""

    def __init__(self) -> None:
        self._outcomes: dict[int, _OfOutcome] = {}

    def add(self, outcome: PlanRow, leads: Sequence[Lead], numbers: Sequence[str]) -> list[Lead]:
        """These lead the actions with these numbers; gives those that lead others of the outcome already."""
        again: list[Lead] = []
        found = self._outcomes.setdefault(id(outcome), _OfOutcome(outcome))
        for lead in leads:
            if lead in found.leads:
                again.append(lead)
            else:
                found.leads.append(lead)
                found.numbers.append([])
            found.numbers[found.leads.index(lead)] += numbers
        return again

    def finish(self, links: RowLinks) -> None:
        """Each lead once, in printed order; the note is left out where all lead the same actions."""
        for found in self._outcomes.values():
            is_same_for_all = all(numbers == found.numbers[0] for numbers in found.numbers)
            for lead, numbers in zip(found.leads, found.numbers, strict=True):
                noted = lead if is_same_for_all else lead | {"note": _noted(lead, numbers)}
                links.add(found.outcome, "leads", [noted])


def _noted(lead: Lead, numbers: Sequence[str]) -> str:
    """The note of a lead, with the actions it leads: "Actions A1, A4"."""
    words = f"Action{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
    return f"{lead['note']}; {words}" if lead["note"] else words
