"""A safeguarding partnership's business plan: questions as headings, and cells that span all of an outcome.

What is hoped for, the measures of its impact and the update stand once beside all the actions of an outcome.
The measures are bullets of one cell. Why a priority was chosen is a note. The contents page belongs nowhere.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    UP,
    Plan,
    action,
    action_leads,
    bold,
    lead,
    measure,
    new_document,
    outcome,
    plan,
    priority,
    section,
    table,
    text,
    update,
)

HEADINGS = [
    "What do we want to achieve?",
    "What will we do?",
    "Who is responsible?",
    "By when?",
    "How will we know that it has made a difference?",
    "Update (October 2024)",
]

FOREWORD = """It is a pleasure to introduce the second business plan of our partnership. Last year we asked practitioners what gets in the way of keeping children safe. They told us about forms, about phones that nobody answers and about meetings to which the right people are not asked.
This plan is short because we want it to be used.
Independent Scrutineer, Dunmere Safeguarding Children Partnership"""

WHO = """The partnership is led by three safeguarding partners, who are equally responsible for it:
- Dunmere Council
- Dunmere and Tarn Integrated Care Board
- Tarn Valley Police
Schools, colleges, probation and the voluntary sector are relevant agencies and sit on the Executive."""

LEARNING = """Each quarter the Learning Group audits one theme. In 2024-25 these are: babies under one; strategy discussions; the lived experience of children who are home educated; and transitions at 18.
What is learned is put into a seven-minute briefing and sent to all agencies within a fortnight."""

BUDGET = "The three safeguarding partners fund the business unit. Contributions have not risen since 2019."

REASONS = "Why is this a priority?"

# heading, code, title, reasons, outcomes: title, measures, update, rows of (action, who, when)
PRIORITIES = [
    (
        "Priority One – Babies and very young children",
        "One",
        "Babies and very young children",
        "Four of our last five rapid reviews were about a baby under six months. In three of them the father was not known to any professional.",
        [
            (
                "Fathers and male carers are seen, heard and included",
                ["Audit: father named and spoken to in 90% of pre-birth assessments (2023: 54%)", "Fathers tell us that they were asked for their view"],
                "Toolkit launched on 9 September with 214 people attending. Audit is in November.",
                [
                    ("Launch a toolkit for work with fathers", "Dunmere Council\nHead of Early Help", "September 2024"),
                    ("Change the midwifery booking form so that it asks for the father's details", "Tarn Hospitals NHS Trust\nHead of Midwifery", "December 2024"),
                    ("Ask 20 fathers about their experience of services", "Business Unit", "March 2025"),
                ],
            ),
            (
                "Every family hears the same message about safe sleep and crying",
                ["ICON programme delivered at all five touch points", "No child dies or is harmed where advice was not given"],
                "",
                [
                    ("Train all 0-19 staff, police response teams and children's homes in safe sleep", "Dunmere and Tarn ICB\nDesignated Nurse, Safeguarding", "July 2024"),
                    ("Put a safe sleep question into every home visit by fire and housing staff", "Tarn Fire and Rescue Service; Dunmere Homes", "Ongoing"),
                ],
            ),
        ],
    ),
    (
        "Priority Two – Harm outside the home",
        "Two",
        "Harm outside the home",
        "Children move between our area and two cities by rail in under an hour. Return interviews are offered, but only 41% are taken up.",
        [
            (
                "Places are made safe, not only children",
                ["Number of contextual safeguarding conferences held", "Young people say that they feel safer at the bus station (survey, 2023: 38%)", "Fewer repeat missing episodes"],
                "Two conferences held (bus station, Mill Park).\nCCTV moved and lighting repaired within a month of the first.",
                [
                    ("Hold a conference for each place that is named by three or more children", "Dunmere Council\nHead of Service, Adolescents", "From June 2024"),
                    ("Agree with the bus company how drivers report concerns", "Tarn Valley Police\nDetective Chief Inspector, Vulnerability", "31 October 2024"),
                ],
            ),
            (
                "Return interviews are wanted and used",
                ["70% of return interviews are taken up"],
                "Contract awarded to a youth charity. Take-up was 49% in quarter 2.",
                [
                    ("Commission return interviews from an independent provider", "Dunmere Council\nCommissioning Manager, Children", "August 2024"),
                    ("Share themes from interviews with the partnership every month", "Provider (tbc)", "Monthly from October 2024"),
                ],
            ),
        ],
    ),
    (
        "Priority Three – A confident workforce",
        "Three",
        "A confident workforce",
        "Practitioners tell us that they are not confident when they disagree with another agency.",
        [
            (
                "Professional disagreements are raised and settled early",
                ["Escalations settled at stage 1", "Practitioner survey: 80% know the procedure"],
                "Eleven escalations, nine settled at stage 1.",
                [
                    ("Rewrite the escalation procedure on one page", "Business Unit\nPartnership Manager", "30/06/2024"),
                    ("Run four lunchtime sessions for front-line staff from all agencies", "Learning Group\nChair", "Each quarter"),
                ],
            ),
        ],
    ),
]  # fmt: skip


def build() -> Document:
    document = new_document(footer="Dunmere Safeguarding Children Partnership")
    bold(document, "Dunmere Safeguarding Children Partnership")
    document.add_heading("Business Plan 2024-25", 0)
    bold(document, "Contents")
    for page, words in enumerate(["Foreword", "Who we are", "Our priorities", "How we learn", "Budget"], 2):
        document.add_paragraph(f"{words}\t{page}")
    document.add_heading("Foreword", 1)
    text(document, FOREWORD)
    document.add_heading("Who we are", 1)
    text(document, WHO)
    for heading, _, _, reasons, outcomes in PRIORITIES:
        document.add_heading(heading, 1)
        bold(document, REASONS)
        document.add_paragraph(reasons)
        rows = [HEADINGS]
        for title, measures, told, actions in outcomes:
            for at, (words, who, when) in enumerate(actions):
                spans = [UP, UP] if at else ["\n".join(f"- {one}" for one in measures), told]
                rows.append([UP if at else title, words, who, when, *spans])
        table(document, rows, repeat=True)
        document.add_paragraph()
    document.add_heading("How we learn", 1)
    text(document, LEARNING)
    document.add_heading("Budget", 1)
    text(document, BUDGET)
    return document


def _leads(who: str) -> list[Plan]:
    if ";" in who:
        return [lead(one.strip()) for one in who.split(";")]
    organisation, *people = who.split("\n")
    return [lead(organisation, *people)]


def _outcome(title: str, measures: list[str], told: str, rows: list[tuple[str, str, str]]) -> Plan:
    return outcome(
        None,
        title,
        leads=action_leads((None, _leads(who)) for _, who, _ in rows),
        measures=[measure(one) for one in measures],
        actions=[action(words, when) for words, _, when in rows],
        updates=[update("Update (October 2024)", told.replace("\n", "\n\n"))] if told else [],
    )


TRUTH = plan(
    "Business Plan 2024-25",
    [priority(code, name, [_outcome(*one) for one in outcomes]) for _, code, name, _, outcomes in PRIORITIES],
    levels=("Priority", "What do we want to achieve?", "How will we know that it has made a difference?"),
    partnership="Dunmere Safeguarding Children Partnership",
    period="2024-25",
    sections=[
        section("Foreword", FOREWORD),
        section("Who we are", WHO),
        section("How we learn", LEARNING),
        section("Budget", BUDGET),
    ],
    notes=[f"Priority {code}: {REASONS} {reasons}" for _, code, _, reasons, _ in PRIORITIES],
)
