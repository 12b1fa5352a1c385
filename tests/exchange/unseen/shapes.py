"""Tables in other shapes: reviews, forms, single tables, a row for each action.

Every function gives a document's body, the parts beside it and the readings that are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.exchange.unseen.truth import OneOf, action, lead, leads, measure, outcome, plan, priority, update
from tests.exchange.unseen.words import (
    FIRST,
    Document,
    Parts,
    X,
    bold,
    bullet,
    cell,
    down,
    first,
    head,
    heading,
    italic,
    para,
    row,
    table,
    title,
)


def action_by_action_rows() -> Document:
    """One row an action, the objective merged down, who and when in the row, a RAG and a progress column."""
    columns = ["Objective", "Actions", "Lead officer", "Timescale", "Success measure", "RAG", "Progress"]
    body = [
        title("Wolds Youth Strategy Action Plan"),
        heading("Aim 1: Voice"),
        table(
            head(*columns),
            row(
                first("1.1 Young people shape services"),
                "Elect a youth cabinet",
                "Ann Price",
                "May 2019",
                "Turnout of 20%",
                "Green",
                "Elected on 3 May.",
            ),
            row(
                down(),
                "Pay young inspectors",
                "Tom Reid",
                "Ongoing",
                "Twelve inspections a year",
                "Amber",
                [bullet("Six done."), bullet("Budget agreed.")],
            ),
            widths=[2000] * 7,
        ),
        heading("Aim 2: Space"),
        table(
            head(*columns),
            row(
                first("2.1 Somewhere to go"),
                "Reopen the Mill centre",
                "Tom Reid",
                "2020",
                "Visits in a week",
                "Red",
                "Roof survey failed.",
            ),
            widths=[2000] * 7,
        ),
    ]

    def objective(code: str, words: str, rows: Sequence[tuple[str, ...]], split: bool) -> dict[str, Any]:
        measures = [measure(r[3], None, [lead(None, r[1])] if split else []) for r in rows]
        own = [] if split else [lead(None, name) for name in dict.fromkeys(r[1] for r in rows)]
        return outcome(
            code,
            words,
            measures,
            leads=own,
            actions=[action(r[0], r[2], on=[str(n)]) for n, r in enumerate(rows, 1)],
            updates=[update(r[4], [str(n)], OneOf(None, "Progress")) for n, r in enumerate(rows, 1)],
        )

    voice = [
        ("Elect a youth cabinet", "Ann Price", "May 2019", "Turnout of 20%", "Elected on 3 May."),
        (
            "Pay young inspectors",
            "Tom Reid",
            "Ongoing",
            "Twelve inspections a year",
            "- Six done.\n- Budget agreed.",
        ),
    ]
    space = [("Reopen the Mill centre", "Tom Reid", "2020", "Visits in a week", "Roof survey failed.")]
    truths = [
        plan(
            "Wolds Youth Strategy Action Plan",
            priority("1", "Voice", objective("1.1", "Young people shape services", voice, split)),
            priority("2", "Space", objective("2.1", "Somewhere to go", space, split)),
            columns=columns,
        )
        for split in (True, False)
    ]
    return body, Parts(), truths


def evidence_review() -> Document:
    columns = ["No.", "Key activities", "Evidence source", "Evidence of achievement"]
    body = [
        title("Review of the Children and Young People’s Plan 2011-2014"),
        heading("Priority 4 – Narrowing the gap"),
        table(
            head(*columns),
            row(
                "4.1",
                "Raise attainment at key stage 2",
                [para("Report to committee, 12 March 2014, ", italic("Attainment in our schools"))],
                [bullet("Gap down from 22 to 17 points"), bullet("Reading at 81%")],
            ),
            row("4.2", "Support young carers", "Conversation with the Group Manager", "120 carers assessed."),
        ),
        heading("Priority 3 – Early help"),
        table(
            head(*columns),
            row(
                "3.1",
                "Open children’s centres on Saturdays",
                "Performance board, June 2013",
                "Nine of twelve open.",
            ),
        ),
    ]

    def row_of(code: str, words: str, source: str, text: str) -> dict[str, Any]:
        said = OneOf(None, "Evidence of achievement")
        return outcome(code, words, updates=[update(text, [], said, source)])

    truth = plan(
        "Review of the Children and Young People’s Plan 2011-2014",
        priority(
            "4",
            "Narrowing the gap",
            row_of(
                "4.1",
                "Raise attainment at key stage 2",
                "Report to committee, 12 March 2014, *Attainment in our schools*",
                "- Gap down from 22 to 17 points\n- Reading at 81%",
            ),
            row_of(
                "4.2", "Support young carers", "Conversation with the Group Manager", "120 carers assessed."
            ),
        ),
        priority(
            "3",
            "Early help",
            row_of(
                "3.1",
                "Open children’s centres on Saturdays",
                "Performance board, June 2013",
                "Nine of twelve open.",
            ),
        ),
        columns=columns,
    )
    return body, Parts(), [truth]


def two_tables_for_each_priority() -> Document:
    """Measures in one table and actions in another, under the same heading."""
    body = [
        title("Coastal Children’s Board Plan"),
        heading("Priority 1: Thriving families"),
        para(bold("Outcomes we want")),
        bullet("Parents feel able to ask for help"),
        bullet("Homes are safe and warm"),
        para(bold("We will know we have succeeded when")),
        bullet("Fewer families are in crisis"),
        table(
            head("Outcome", "Measure", "Lead partner"),
            row("1a Parents cope", "Number of parents on courses", "Coastal Council"),
            row("1b Homes are warm", "Homes with a boiler grant", "Housing Trust"),
            widths=[3000] * 3,
        ),
        para(""),
        table(
            head("Outcome", "What we will do", "By when"),
            row("1a Parents cope", "• Run twenty courses\n• Pay for crèches", "March 2020"),
            row("1b Homes are warm", "Visit 400 homes", "Winter 2019"),
            widths=[3000] * 3,
        ),
    ]
    truth = plan(
        "Coastal Children’s Board Plan",
        priority(
            "1",
            "Thriving families",
            outcome(
                "1a",
                "Parents cope",
                [measure("Number of parents on courses", None, leads("Coastal Council"))],
                actions=[action("Run twenty courses", "March 2020"), action("Pay for crèches", "March 2020")],
            ),
            outcome(
                "1b",
                "Homes are warm",
                [measure("Homes with a boiler grant", None, leads("Housing Trust"))],
                actions=[action("Visit 400 homes", "Winter 2019")],
            ),
            outcomes_sought=["Parents feel able to ask for help", "Homes are safe and warm"],
            success_criteria=["Fewer families are in crisis"],
        ),
    )
    return body, Parts(), [truth]


def preface_tables_before_the_plan() -> Document:
    """Document control, contents, glossary and RAG key are no plan, and no heading stands above it."""
    columns = ["Ref.", "Outcome", "Key Actions", "Lead organisation", "Milestone date"]
    body = [
        title("Valley Emotional Wellbeing Plan"),
        table(
            row("Version", "0.4"),
            row("Author", "R. Ferris"),
            row("Approved by", "Health and Wellbeing Board"),
            widths=[3000] * 2,
        ),
        para("Contents"),
        para("1 Introduction\t2"),
        para("2 Action plan\t3"),
        para("RAG key"),
        table(
            row("Green", "On track"), row("Amber", "Some delay"), row("Red", "Off track"), widths=[3000] * 2
        ),
        para("Glossary"),
        table(
            head("Term", "Meaning"),
            row("CAMHS", "Child and adolescent mental health service"),
            widths=[3000] * 2,
        ),
        table(
            head(*columns),
            row("1.1", "Young people know where to turn", "Publish one website", "Valley CCG", "June 2018"),
            row("1.2", "Schools are confident", "Train a lead in each school", "Valley Council", "TBC"),
            widths=[3000] * 5,
        ),
    ]
    truth = plan(
        "Valley Emotional Wellbeing Plan",
        priority(
            OneOf(None, "1"),
            OneOf(None, "", "Glossary", "Action plan", "Valley Emotional Wellbeing Plan"),
            outcome(
                "1.1",
                "Young people know where to turn",
                leads=leads("Valley CCG"),
                actions=[action("Publish one website", "June 2018")],
            ),
            outcome(
                "1.2",
                "Schools are confident",
                leads=leads("Valley Council"),
                actions=[action("Train a lead in each school", "TBC")],
            ),
        ),
        columns=columns,
    )
    truth.pop("introduction")
    return body, Parts(), [truth]


def update_forms_in_two_columns() -> Document:
    """One form of label and answer for each measure."""

    def form(*pairs: tuple[str, Any]) -> X:
        return table(*(row(cell(bold(label)), cell(answer)) for label, answer in pairs), widths=[3000, 9000])

    body = [
        title("Quarter 2 monitoring return"),
        form(
            ("Priority", "1. Safe"),
            ("Outcome", "1a Children are safe online"),
            ("Performance measure", "i) Schools with an online safety policy"),
            ("Lead organisation", "Schools Service"),
            ("Update for Quarter 2", [bullet("All 44 schools have one."), bullet("Twelve were refreshed.")]),
        ),
        para(""),
        form(
            ("Priority", "1. Safe"),
            ("Outcome", "1a Children are safe online"),
            ("Performance measure", "ii) Parents at online safety evenings"),
            ("Lead organisation", "Police"),
            ("Update for Quarter 2", "Eighty came."),
        ),
        para(""),
        form(
            ("Priority", "2. Healthy"),
            ("Outcome", "2a Active every day"),
            ("Performance measure", "i) Pupils cycling to school"),
            ("Lead organisation", "Sport Partnership"),
            ("Update for Quarter 2", "Nothing to report."),
        ),
    ]
    said = "Update for Quarter 2"
    truth = plan(
        "Quarter 2 monitoring return",
        priority(
            "1",
            "Safe",
            outcome(
                "1a",
                "Children are safe online",
                [
                    measure("Schools with an online safety policy", "i", leads("Schools Service")),
                    measure("Parents at online safety evenings", "ii", leads("Police")),
                ],
                updates=[
                    update("- All 44 schools have one.\n- Twelve were refreshed.", ["i"], said),
                    update("Eighty came.", ["ii"], said),
                ],
            ),
        ),
        priority(
            "2",
            "Healthy",
            outcome(
                "2a",
                "Active every day",
                [measure("Pupils cycling to school", "i", leads("Sport Partnership"))],
                updates=[update("Nothing to report.", ["i"], said)],
            ),
        ),
    )
    return body, Parts(), [truth]


def everything_in_one_table_by_columns() -> Document:
    """Priority, outcome and measure all in columns, merged down, with two rounds of updates."""
    columns = ["Priority", "Outcome", "Indicator", "Q1 update", "Q2 update", "Lead officer"]
    body = [
        title("Hartland Single Plan 2018/19"),
        table(
            head(*columns),
            row(
                first("1. Safe"),
                first("1.1 Fewer injuries"),
                "Road casualties",
                "Eleven.",
                "Nine.",
                "Ann Lowe",
            ),
            row(down(), down(), "Burns under five", "Two.", "", "Ann Lowe"),
            row(
                down(),
                "1.2 Less bullying",
                "Pupils who feel safe",
                "Survey out.",
                cell([bullet("81% do."), bullet("Up four points.")]),
                "Tom Iqbal",
            ),
            row("2. Healthy", "2.1 Good teeth", "Decay at five", "No data.", "Data in May.", "Ann Lowe"),
            widths=[2200] * 6,
        ),
    ]
    ann, tom = [lead(None, "Ann Lowe")], [lead(None, "Tom Iqbal")]
    truth = plan(
        "Hartland Single Plan 2018/19",
        priority(
            "1",
            "Safe",
            outcome(
                "1.1",
                "Fewer injuries",
                [measure("Road casualties", None, ann), measure("Burns under five", None, ann)],
                updates=[
                    update("Eleven.", ["1"], "Q1 update"),
                    update("Nine.", ["1"], "Q2 update"),
                    update("Two.", ["2"], "Q1 update"),
                ],
            ),
            outcome(
                "1.2",
                "Less bullying",
                [measure("Pupils who feel safe", None, tom)],
                updates=[
                    update("Survey out.", ["1"], "Q1 update"),
                    update("- 81% do.\n- Up four points.", ["1"], "Q2 update"),
                ],
            ),
        ),
        priority(
            "2",
            "Healthy",
            outcome(
                "2.1",
                "Good teeth",
                [measure("Decay at five", None, ann)],
                updates=[update("No data.", ["1"], "Q1 update"), update("Data in May.", ["1"], "Q2 update")],
            ),
        ),
        columns=columns,
        names="Priority/Outcome/Indicator",
    )
    return body, Parts(), [truth]


def dates_and_leads_merged_over_actions() -> Document:
    """A delivery table with a row for each action: date and lead merged or printed over several of them."""
    columns = ["Key activity", "No.", "Action", "Due date", "Lead", "Status"]
    body = [
        title("Rowan Delivery Plan"),
        para(bold("Strategic Aim 1 – Safe")),
        table(
            head(*columns),
            row(
                first("Activity 1. Safer streets"),
                "1",
                "Light the parks",
                first("March 2019"),
                first("Rowan Council"),
                "On track",
            ),
            row(down(), "2", "Patrol at home time", down(), down(), "Complete"),
            row(
                first("Activity 2. Safer homes"),
                "1",
                "Fit alarms",
                "TBC",
                "Fire and Rescue Service",
                "Not started",
            ),
            row(down(), "2", "Lend gates", "Ongoing", "Fire and Rescue Service", "On track"),
            widths=[2200] * 6,
        ),
    ]
    truth = plan(
        "Rowan Delivery Plan",
        priority(
            "1",
            "Safe",
            outcome(
                OneOf("1", "Activity 1"),
                "Safer streets",
                leads=leads("Rowan Council"),
                actions=[
                    action("Light the parks", "March 2019", "1", status="On track"),
                    action("Patrol at home time", "March 2019", "2", status="Complete"),
                ],
            ),
            outcome(
                OneOf("2", "Activity 2"),
                "Safer homes",
                leads=leads("Fire and Rescue Service"),
                actions=[
                    action("Fit alarms", "TBC", "1", status="Not started"),
                    action("Lend gates", "Ongoing", "2", status="On track"),
                ],
            ),
        ),
        columns=columns,
    )
    return body, Parts(), [truth]


def measure_spanning_several_actions() -> Document:
    """Outcome, measure and lead merged over the rows of their actions, each action with its own date."""
    columns = ["Outcome", "Measure", "Action", "Timescale", "Lead agency"]
    body = [
        title("Spanning plan"),
        heading("Theme 3: Aspire"),
        table(
            head(*columns),
            row(
                first("3.1 Young people aim high"),
                first("Applications to university"),
                "Visit campuses",
                "Summer 2019",
                first("Ash College"),
            ),
            row(down(), down(), "Pair with mentors", "From Sept 2019", down()),
            row(down(), first("Apprenticeship starts"), "Meet employers", "Monthly", first("Ash Chamber")),
            row(down(), down(), "Write a guide", "Easter 2020", down()),
            widths=[2400] * 5,
        ),
    ]
    truth = plan(
        "Spanning plan",
        priority(
            "3",
            "Aspire",
            outcome(
                "3.1",
                "Young people aim high",
                [
                    measure("Applications to university", None, leads("Ash College")),
                    measure("Apprenticeship starts", None, leads("Ash Chamber")),
                ],
                actions=[
                    action("Visit campuses", "Summer 2019", on=["1"]),
                    action("Pair with mentors", "From Sept 2019", on=["1"]),
                    action("Meet employers", "Monthly", on=["2"]),
                    action("Write a guide", "Easter 2020", on=["2"]),
                ],
            ),
        ),
        columns=columns,
        names="Theme/Outcome/Measure",
    )
    return body, Parts(), [truth]


def grouped_heads_and_columns_without_a_home() -> Document:
    """Two heading rows, the first grouping the second; baseline and target have no place and are noted."""
    body = [
        title("Scorecard plan"),
        heading("Priority 5 – Achieving"),
        table(
            row(
                cell(bold("Outcome"), props=FIRST),
                cell(bold("Performance measure"), props=FIRST),
                cell(bold("Performance"), span=2),
                cell(bold("Lead"), props=FIRST),
                props="<w:tblHeader/>",
            ),
            row(
                down(),
                down(),
                cell(bold("Baseline 2016")),
                cell(bold("Target 2019")),
                down(),
                props="<w:tblHeader/>",
            ),
            row(first("5a Good results"), "i) GCSE passes", "51.2%", "60.5%", "Beech Council"),
            row(down(), "ii) A level passes", "77.7%", "81.9%", "Beech College"),
            widths=[2400] * 5,
        ),
    ]
    truth = plan(
        "Scorecard plan",
        priority(
            "5",
            "Achieving",
            outcome(
                "5a",
                "Good results",
                [
                    measure("GCSE passes", "i", leads("Beech Council")),
                    measure("A level passes", "ii", leads("Beech College")),
                ],
            ),
        ),
    )
    return body, Parts(), [truth]


ALL = (
    action_by_action_rows,
    evidence_review,
    two_tables_for_each_priority,
    preface_tables_before_the_plan,
    update_forms_in_two_columns,
    everything_in_one_table_by_columns,
    dates_and_leads_merged_over_actions,
    measure_spanning_several_actions,
    grouped_heads_and_columns_without_a_home,
)
