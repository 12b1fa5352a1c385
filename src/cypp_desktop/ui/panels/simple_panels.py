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
from cypp_desktop.plan.shape import led_types, parent_of
from cypp_desktop.store.commands import add_row
from cypp_desktop.store.queries import leads_of_organisation, leads_of_person, updates_of_round
from cypp_desktop.ui.panels.action import DUE_EXAMPLE, ActionFields, used_words
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.dates import DayField, SpanField
from cypp_desktop.ui.panels.fields import (
    AmberField,
    ChoiceField,
    LineField,
    NumberField,
    SuggestField,
    WordsField,
)
from cypp_desktop.ui.panels.links import OrganisationField
from cypp_desktop.ui.panels.list_field import ListField
from cypp_desktop.ui.panels.observation import ValueField
from cypp_desktop.ui.panels.panel_field import WORKING_NOTE
from cypp_desktop.ui.panels.related_rows import RelatedRow, RelatedRows
from cypp_desktop.ui.panels.row_widget import RowGroup
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
LEAD_TYPES = ("lead", "lead_person", *led_types())


class PlanPanel(RowGroup):
    """The plan itself."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add(WordsField(context, "plan.title", "Title of the plan"))
        self.add_line(
            LineField(context, "plan.document_label", chars=26),
            SuggestField(context, "plan.status", usual=USUAL_PLAN_STATUS, chars=16),
            SuggestField(context, "plan.protective_marking", usual=USUAL_MARKINGS, chars=22),
        )
        self.add(WordsField(context, "plan.partnership"))
        self.add_line(
            LineField(context, "plan.area", chars=26),
            SpanField(context, "plan.period", example=PERIOD_EXAMPLE),
        )
        self.add(TextField(context, "plan.introduction", lines=4, main=True))
        self.add_heading("What this plan calls its levels")
        self.add_line(
            LineField(context, "plan.level_priority", "First level", chars=22),
            LineField(context, "plan.level_outcome", "Second level", chars=22),
            LineField(context, "plan.level_measure", "Third level", chars=22),
        )
        self.add_heading("Printing and judging")
        self.add(ListField(context, "plan.columns", entry="column"))
        self.add(AmberField(context))
        self.add(
            ListField(
                context,
                "plan.notes",
                entry="note",
                hint="What a reader of the file should know. They are kept, and not printed.",
            )
        )
        self.end()


class RoundPanel(RowGroup):
    """A reporting round."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add(WordsField(context, "round.name", "Name of the round"))
        self.add_line(
            SpanField(context, "round.period", example="2017/18"),
            DayField(context, "round.due"),
            ChoiceField(context, "round.state"),
        )
        watches = ("update", "update_measure")
        self.add(RelatedRows(context, "Updates for this round", _updates_of_round, watches=watches))
        self.end()


class OrganisationPanel(RowGroup):
    """An organisation, with its people and what it leads."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)

        def kinds() -> list[str]:
            return used_words(context, Organisation.kind, USUAL_KINDS)

        self.add(WordsField(context, "organisation.name"))
        self.add_line(
            LineField(context, "organisation.short_name", chars=18),
            SuggestField(context, "organisation.kind", usual=kinds, chars=20),
            LineField(context, "organisation.email", chars=30),
        )
        add = ("Add person", self._add_person)
        self.add(RelatedRows(context, "People", _people_of, watches=("person",), add=add))
        self.add(RelatedRows(context, "Leads", _led_by_organisation, watches=LEAD_TYPES))
        self.end()

    def _add_person(self) -> tuple[str, str] | None:
        row = self.row()
        if row is None:
            return None
        person = add_row(self.context.editor, Person, organisation_id=row.id)
        return person.row_type, person.id


class PersonPanel(RowGroup):
    """A person, or a post without a name."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add_line(
            LineField(context, "person.name", chars=28),
            LineField(context, "person.post", chars=28, hint="A post may stand without a name."),
        )
        self.add_line(
            LineField(context, "person.email", chars=30),
            OrganisationField(context, "person.organisation_id"),
        )
        self.add(RelatedRows(context, "Leads", _led_by_person, watches=LEAD_TYPES))
        self.end()


class SectionPanel(RowGroup):
    """A piece of the narrative."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add_line(
            LineField(context, "section.number", chars=8),
            NumberField(context, "section.depth", least=1, most=6),
        )
        self.add(WordsField(context, "section.title"))
        self.add(TextField(context, "section.text", lines=14, most=40, main=True), 1)
        self.add(TextField(context, "section.note", WORKING_NOTE, lines=2))


class RecommendationPanel(RowGroup):
    """A recommendation and what became of it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add(TextField(context, "recommendation.text", lines=3, main=True))
        self.add_line(
            LineField(context, "recommendation.number", chars=8),
            LineField(context, "recommendation.section", chars=20),
            SuggestField(
                context,
                "recommendation.status",
                usual=lambda: used_words(context, Recommendation.status, USUAL_RECOMMENDATION_STATUS),
                chars=18,
            ),
            SuggestField(
                context,
                "recommendation.owner",
                usual=lambda: used_words(context, Recommendation.owner, ()),
                chars=28,
            ),
        )
        self.add(SpanField(context, "recommendation.due", example=DUE_EXAMPLE))
        self.add(TextField(context, "recommendation.progress", lines=4, main=True), 1)
        self.add(TextField(context, "recommendation.note", WORKING_NOTE, lines=2))


class ActionPanel(ActionFields):
    """One action, shown by itself."""


class UpdatePanel(UpdateFields):
    """One update, shown by itself."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context, lines=12)


class ObservationPanel(RowGroup):
    """One value of a measure, shown by itself."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add_line(
            ValueField(context, "observation.value"),
            LineField(context, "observation.value", "Unit", chars=14, column="unit"),
            ChoiceField(context, "observation.kind"),
        )
        self.add_line(
            LineField(context, "observation.area", chars=24),
            LineField(context, "observation.series", chars=24),
        )
        self.add(SpanField(context, "observation.period", example="2016/17"))
        self.add(TextField(context, "observation.note", "Note", lines=3))
        self.end()


# ------------------------------------------------------------------ what belongs to a row


def _updates_of_round(context: PanelContext, row: Row) -> list[RelatedRow]:
    assert isinstance(row, Round)
    return [RelatedRow.of(context, update) for update in updates_of_round(context.editor.session, row.id)]


def _people_of(context: PanelContext, row: Row) -> list[RelatedRow]:
    assert isinstance(row, Organisation)
    people = sorted(row.people, key=lambda person: (person.sort_key, person.id))
    return [RelatedRow.of(context, person) for person in people]


def _led_by_organisation(context: PanelContext, row: Row) -> list[RelatedRow]:
    return _led(context, leads_of_organisation(context.editor.session, row.id))


def _led_by_person(context: PanelContext, row: Row) -> list[RelatedRow]:
    return _led(context, leads_of_person(context.editor.session, row.id))


def _led(context: PanelContext, leads: Iterable[Lead]) -> list[RelatedRow]:
    owners = [parent_of(lead) for lead in leads]
    once = {owner.id: owner for owner in owners if owner is not None}
    return sorted((RelatedRow.of(context, owner) for owner in once.values()), key=lambda found: found.words)


SIMPLE_PANELS: dict[str, Callable[[PanelContext], RowGroup]] = {
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
