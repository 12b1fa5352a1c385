"""The panels of rows that need no tabs: the plan, rounds, organisations, people, narrative, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from cypp_desktop.plan.model import (
    Lead,
    Organisation,
    Person,
    Recommendation,
    Round,
)
from cypp_desktop.plan.shape import parent_of
from cypp_desktop.store.commands import add_row
from cypp_desktop.store.queries import leads_of_organisation, leads_of_person, updates_of_round
from cypp_desktop.ui.panels.action import DUE_EXAMPLE, ActionFields, used_words
from cypp_desktop.ui.panels.days import DayField, SpanField
from cypp_desktop.ui.panels.fields import (
    AmberField,
    ChoiceField,
    LineField,
    NumberField,
    SuggestField,
    WordsField,
)
from cypp_desktop.ui.panels.links import OrganisationField
from cypp_desktop.ui.panels.lists import ListField
from cypp_desktop.ui.panels.observation import ValueField
from cypp_desktop.ui.panels.part import Desk, Group
from cypp_desktop.ui.panels.related import Related, RelatedRow
from cypp_desktop.ui.panels.texts import TextField
from cypp_desktop.ui.panels.update import UpdateFields

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row

USUAL_KINDS = (
    "Council", "NHS", "Police", "School", "College", "Voluntary sector", "Partnership", "Health provider",
)  # fmt: skip
USUAL_PLAN_STATUS = ("Draft", "In progress", "Final", "Published")
USUAL_MARKINGS = ("OFFICIAL", "OFFICIAL-SENSITIVE")
USUAL_RECOMMENDATION_STATUS = ("Accepted", "Under way", "Done", "Partly done", "Not accepted", "Superseded")
PERIOD_EXAMPLE = "2016–2020"
LEAD_TYPES = ("lead", "lead_person", "priority", "outcome", "measure", "action")
NOTE = "Working note, not printed"


class PlanPanel(Group):
    """The plan itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add(WordsField(desk, "plan.title", "Title of the plan"))
        self.add_line(
            LineField(desk, "plan.document_label", "Document label", chars=26),
            SuggestField(desk, "plan.status", "Status", USUAL_PLAN_STATUS, chars=16),
            SuggestField(desk, "plan.protective_marking", "Protective marking", USUAL_MARKINGS, chars=22),
        )
        self.add(WordsField(desk, "plan.partnership", "Partnership"))
        self.add_line(
            LineField(desk, "plan.area", "Area", chars=26),
            SpanField(desk, "plan.period", "Period", example=PERIOD_EXAMPLE),
        )
        self.add(TextField(desk, "plan.introduction", "Introduction", lines=4, main=True))
        self.add_heading("What this plan calls its levels")
        self.add_line(
            LineField(desk, "plan.level_priority", "First level", chars=22),
            LineField(desk, "plan.level_outcome", "Second level", chars=22),
            LineField(desk, "plan.level_measure", "Third level", chars=22),
        )
        self.add_heading("Printing and judging")
        self.add(ListField(desk, "plan.columns", "Printed columns", entry="column"))
        self.add(AmberField(desk))
        self.add(
            ListField(
                desk,
                "plan.notes",
                "Notes on this file",
                entry="note",
                hint="What a reader of the file should know. They are kept, and not printed.",
            )
        )
        self.end()


class RoundPanel(Group):
    """A reporting round."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add(WordsField(desk, "round.name", "Name of the round"))
        self.add_line(
            SpanField(desk, "round.period", "Period", example="2017/18"),
            DayField(desk, "round.due", "Updates due by"),
            ChoiceField(desk, "round.state", "State"),
        )
        watches = ("update", "update_measure")
        self.add(Related(desk, "Updates for this round", _updates_of_round, watches=watches))
        self.end()


class OrganisationPanel(Group):
    """An organisation, with its people and what it leads."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)

        def kinds() -> list[str]:
            return used_words(desk, Organisation.kind, USUAL_KINDS)

        self.add(WordsField(desk, "organisation.name", "Name"))
        self.add_line(
            LineField(desk, "organisation.short_name", "Short name", chars=18),
            SuggestField(desk, "organisation.kind", "Kind", kinds, chars=20),
            LineField(desk, "organisation.email", "E-mail", chars=30),
        )
        add = ("Add person", self._add_person)
        self.add(Related(desk, "People", _people_of, watches=("person",), add=add))
        self.add(Related(desk, "Leads", _led_by_organisation, watches=LEAD_TYPES))
        self.end()

    def _add_person(self) -> tuple[str, str] | None:
        row = self.row()
        if row is None:
            return None
        person = add_row(self.desk.editor, Person, organisation_id=row.id)
        return person.row_type, person.id


class PersonPanel(Group):
    """A person, or a post without a name."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add_line(
            LineField(desk, "person.name", "Name", chars=28),
            LineField(desk, "person.post", "Post", chars=28, hint="A post may stand without a name."),
        )
        self.add_line(
            LineField(desk, "person.email", "E-mail", chars=30),
            OrganisationField(desk, "person.organisation_id", "Organisation"),
        )
        self.add(Related(desk, "Leads", _led_by_person, watches=LEAD_TYPES))
        self.end()


class SectionPanel(Group):
    """A piece of the narrative."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add_line(
            LineField(desk, "section.number", "Number", chars=8),
            NumberField(desk, "section.depth", "Level of heading", 1, 6),
        )
        self.add(WordsField(desk, "section.title", "Title"))
        self.add(TextField(desk, "section.text", "Text", lines=14, most=40, main=True), 1)
        self.add(TextField(desk, "section.note", NOTE, lines=2))


class RecommendationPanel(Group):
    """A recommendation and what became of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add(TextField(desk, "recommendation.text", "Recommendation", lines=3, main=True))
        self.add_line(
            LineField(desk, "recommendation.number", "Number", chars=8),
            LineField(desk, "recommendation.section", "Where it was made", chars=20),
            SuggestField(
                desk,
                "recommendation.status",
                "Status",
                lambda: used_words(desk, Recommendation.status, USUAL_RECOMMENDATION_STATUS),
                chars=18,
            ),
            SuggestField(
                desk,
                "recommendation.owner",
                "Owner",
                lambda: used_words(desk, Recommendation.owner, ()),
                chars=28,
            ),
        )
        self.add(SpanField(desk, "recommendation.due", "Due", example=DUE_EXAMPLE))
        self.add(TextField(desk, "recommendation.progress", "Progress", lines=4, main=True), 1)
        self.add(TextField(desk, "recommendation.note", NOTE, lines=2))


class ActionPanel(ActionFields):
    """One action, shown by itself."""


class UpdatePanel(UpdateFields):
    """One update, shown by itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, lines=12)


class ObservationPanel(Group):
    """One value of a measure, shown by itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add_line(
            ValueField(desk, "observation.value", "Value"),
            LineField(desk, "observation.value", "Unit", chars=14, column="unit"),
            ChoiceField(desk, "observation.kind", "Kind"),
        )
        self.add_line(
            LineField(desk, "observation.area", "Area", chars=24),
            LineField(desk, "observation.series", "Series", chars=24),
        )
        self.add(SpanField(desk, "observation.period", "Period", example="2016/17"))
        self.add(TextField(desk, "observation.note", "Note", lines=3))
        self.end()


# ------------------------------------------------------------------ what belongs to a row


def _updates_of_round(desk: Desk, row: Row) -> list[RelatedRow]:
    assert isinstance(row, Round)
    return [RelatedRow.of(desk, update) for update in updates_of_round(desk.editor.session, row.id)]


def _people_of(desk: Desk, row: Row) -> list[RelatedRow]:
    assert isinstance(row, Organisation)
    people = sorted(row.people, key=lambda person: (person.sort_key, person.id))
    return [RelatedRow.of(desk, person) for person in people]


def _led_by_organisation(desk: Desk, row: Row) -> list[RelatedRow]:
    return _led(desk, leads_of_organisation(desk.editor.session, row.id))


def _led_by_person(desk: Desk, row: Row) -> list[RelatedRow]:
    return _led(desk, leads_of_person(desk.editor.session, row.id))


def _led(desk: Desk, leads: Iterable[Lead]) -> list[RelatedRow]:
    owners = [parent_of(lead) for lead in leads]
    once = {owner.id: owner for owner in owners if owner is not None}
    return sorted((RelatedRow.of(desk, owner) for owner in once.values()), key=lambda found: found.words)


SINGLE_PANELS: dict[str, Callable[[Desk], Group]] = {
    "plan": PlanPanel,
    "round": RoundPanel,
    "organisation": OrganisationPanel,
    "person": PersonPanel,
    "section": SectionPanel,
    "recommendation": RecommendationPanel,
    "action": ActionPanel,
    "update": UpdatePanel,
    "observation": ObservationPanel,
}
