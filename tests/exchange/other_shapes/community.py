"""A community safety plan: bands of themes across the table, and under each a lighter band of outcomes.

Headings are typed again where a page began. Every action has its own measure, so that each is an action of
that measure. The lead agency and its supporting partners are leads of the outcome in the order in which they
are read; the same agency is told twice where it leads one action and supports another.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    LEFT,
    Plan,
    action,
    action_leads,
    lead,
    measure,
    new_document,
    outcome,
    plan,
    priority,
    section,
    table,
    text,
)

HEADINGS = [
    "Ref.",
    "What we will do",
    "Lead agency",
    "Supporting partners",
    "Timescale",
    "How success will be measured",
    "RAG",
]

INTRODUCTION = """The Crime and Disorder Act 1998 asks the responsible authorities to work together to reduce crime. This is the plan of the Harrow Fell partnership for the three years to March 2027. It was written after a strategic assessment and a survey to which 1,940 residents replied."""

FINDINGS = """Recorded crime is 6% lower than before the pandemic, but violence with injury has risen in the two largest towns.
Residents told us that they worry most about:
- speeding and nuisance vehicles
- drug dealing in public places
- violence against women and girls, above all on the way home at night"""

DELIVERY = """Each theme has a delivery group which meets every two months. The groups report to the Board through one highlight report.
The plan is refreshed each January."""

# theme band, code, title, outcomes: band, code, title, rows of (ref, action, lead, partners, when, measure, RAG)
THEMES = [
    (
        "THEME 1: VIOLENCE AGAINST WOMEN AND GIRLS",
        "1",
        "VIOLENCE AGAINST WOMEN AND GIRLS",
        [
            (
                "Outcome 1.1: Women and girls feel safe in public places",
                "1.1",
                "Women and girls feel safe in public places",
                [
                    ("1.1.1", "Walk the routes home from the three stations with women's groups and mend what they find", "Harrow Fell Council", "Fell Rail; Women's Voice", "October 2024", "Share of women who feel safe after dark (survey)", "G"),
                    ("1.1.2", "Train door staff and bar staff in bystander intervention", "Fell Constabulary", "Pubwatch", "By 31 March 2025", "Number of premises with a trained lead", "A"),
                    ("1.1.3", "Extend the safe bus to Thursdays", "Harrow Fell Council", "", "From May 2024", "Passengers helped each month", "G"),
                ],
            ),
            (
                "Outcome 1.2: Victims of domestic abuse are helped sooner",
                "1.2",
                "Victims of domestic abuse are helped sooner",
                [
                    ("1.2.1", "Place two advisers in the police control room at weekends", "Fell Constabulary", "Fell Refuge", "July 2024", "Victims spoken to within one hour", "G"),
                    ("1.2.2", "Offer a specialist worker to each child in the household", "Fell Refuge", "Harrow Fell Council; Fell Constabulary", "2025/26", "Children in repeat incidents", "R"),
                ],
            ),
        ],
    ),
    (
        "THEME 2: SERIOUS VIOLENCE AND EXPLOITATION",
        "2",
        "SERIOUS VIOLENCE AND EXPLOITATION",
        [
            (
                "Outcome 2.1: Fewer young people are hurt or carry weapons",
                "2.1",
                "Fewer young people are hurt or carry weapons",
                [
                    ("2.1.1", "Meet the duty under the Serious Violence Act and publish the strategy each year", "Harrow Fell Council", "Integrated Care Board; Probation Service; Fell Constabulary; Fire and Rescue", "31 January each year", "Strategy published", "G"),
                    ("2.1.2", "Pilot a youth worker in the emergency department", "Fell Royal Infirmary", "Youth Justice Service", "Autumn 2024", "Young people who accept the offer", "A"),
                ],
            ),
            (
                "Outcome 2.2: Homes are not taken over by dealers",
                "2.2",
                "Homes are not taken over by dealers",
                [
                    ("2.2.1", "Visit each address on the cuckooing list once a week", "Fell Constabulary", "Fell Homes", "Ongoing", "Addresses made safe", "G"),
                    ("2.2.2", "Write one pathway for closure orders", "Fell Homes", "Harrow Fell Council", "TBC", "", ""),
                ],
            ),
        ],
    ),
    (
        "THEME 3: NEIGHBOURHOODS",
        "3",
        "NEIGHBOURHOODS",
        [
            (
                "Outcome 3.1: Anti-social behaviour is dealt with the first time",
                "3.1",
                "Anti-social behaviour is dealt with the first time",
                [
                    ("3.1.1", "Answer every report within five working days", "Harrow Fell Council", "Fell Homes", "From April 2024", "Reports answered within five working days", "A"),
                    ("3.1.2", "Publicise the community trigger (ASB case review) in all libraries and surgeries", "Office of the Police and Crime Commissioner", "", "June 2024", "Applications received", "G"),
                    ("3.1.3", "Bring noise cameras to two roads", "Highways", "Fell Constabulary", "Summer 2025", "Vehicles recorded above the limit", ""),
                ],
            ),
        ],
    ),
]  # fmt: skip


def build() -> Document:
    document = new_document(landscape=True)
    document.add_paragraph("Harrow Fell Community Safety Partnership")
    document.add_heading("Community Safety Plan 2024 – 2027", 0)
    text(document, INTRODUCTION)
    document.add_heading("What we found", 1)
    text(document, FINDINGS)
    document.add_heading("Delivery plan", 1)
    rows: list[list[str]] = [HEADINGS]
    shaded = []
    for at, (band, _, _, outcomes) in enumerate(THEMES):
        if at == 1:
            shaded.append(len(rows))
            rows.append(HEADINGS)
        shaded.append(len(rows))
        rows.append([band, *[LEFT] * 6])
        for below, _, _, actions in outcomes:
            rows.append([below, *[LEFT] * 6])
            rows.extend(list(row) for row in actions)
    table(document, rows, shaded=shaded)
    document.add_heading("How the plan will be delivered", 1)
    text(document, DELIVERY)
    return document


RAG = {"R": "Red", "A": "Amber", "G": "Green", "": None}


def _outcome(_: str, code: str, title: str, rows: list[tuple[str, ...]]) -> Plan:
    def leads(row: tuple[str, ...]) -> list[Plan]:
        partners = [one.strip() for one in row[3].split(";") if one.strip()]
        return [lead(row[2], role="lead"), *(lead(one, role="partner") for one in partners)]

    measures = [row[5] for row in rows if row[5]]
    return outcome(
        code,
        title,
        leads=action_leads((row[0], leads(row)) for row in rows),
        measures=[measure(one) for one in measures],
        actions=[
            action(
                row[1],
                row[4],
                number=row[0],
                status=RAG[row[6]],
                measures=[str(measures.index(row[5]) + 1)] if row[5] else [],
            )
            for row in rows
        ],
    )


TRUTH = plan(
    "Community Safety Plan 2024 – 2027",
    [priority(code, name, [_outcome(*one) for one in outcomes]) for _, code, name, outcomes in THEMES],
    levels=("Theme", "Outcome", "How success will be measured"),
    partnership="Harrow Fell Community Safety Partnership",
    period="2024 – 2027",
    introduction=INTRODUCTION,
    sections=[
        section("What we found", FINDINGS),
        section("How the plan will be delivered", DELIVERY),
    ],
)
