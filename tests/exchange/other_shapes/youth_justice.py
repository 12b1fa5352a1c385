"""A youth justice plan: one table of key performance indicators, then a table of actions for each priority.

Each priority states one outcome in a labelled line; the indicators say in a column to which priority they
belong and are entered there. The columns "Region" and "England" are observations of those areas. "Measure of
success" in words beside an action is a note: the measures are the indicators. Headings of the chapters are
numbered, and the priorities stand within chapter 4.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    Plan,
    action,
    action_leads,
    labelled,
    lead,
    measure,
    new_document,
    outcome,
    plan,
    priority,
    section,
    seen,
    table,
    text,
)

FOREWORD = """I am pleased to present the plan of the Port Ellery Youth Justice Partnership. The number of children in the system is the lowest for fifteen years, and those who remain have needs that are greater than before.
Chair of the Management Board"""

GOVERNANCE = """The Management Board meets four times a year. It is chaired by the Director of Children's Services; members are the police, probation, health, education and the court.
The service manager reports to the Head of Service, Adolescents."""

RESOURCES = """The grant from the Youth Justice Board for 2023/24 is £486,212. Partners give staff and cash to the value of £912,000.
There are 31 staff, of whom 22 are women. All front-line staff are trained in restorative practice."""

PERFORMANCE = """The table shows the national indicators and four that the Board has chosen. Figures for re-offending are those of the Ministry of Justice and are two years old."""

PRIORITIES_TEXT = (
    "The Board agreed three priorities in February 2023 after a day with children, parents and staff."
)

CHALLENGE = """The greatest risk is the loss of the Turnaround grant in March 2025. If it is not replaced, prevention will fall by half.
Court backlogs mean that some children turn 18 before their case is heard."""

KPI_HEADINGS = [
    "Ref",
    "Indicator",
    "Priority",
    "2021/22",
    "2022/23",
    "Target 2023/24",
    "Region 2022/23",
    "England 2022/23",
]

KPIS = [
    ("K1", "First time entrants (rate per 100,000 aged 10-17)", "1", "187", "164", "150", "171", "148"),
    ("K2", "Children who complete a diversion without further offence in six months", "1", "79%", "82%", "85%", "", ""),
    ("K3", "Re-offending (binary rate)", "2", "34.1%", "31.7%", "30%", "32.4%", "31.2%"),
    ("K4", "Children in suitable education, training or employment at the end of their order", "2", "58%", "61%", "75%", "55%", "n/a"),
    ("K5", "Children in suitable accommodation", "2", "88%", "93%", "95%", "90%", ""),
    ("K6", "Use of custody (rate per 1,000)", "3", "0.11", "0.07", "0.05", "0.10", "0.06"),
    ("K7", "Share of children in custody who are Black or of mixed heritage", "3", "*", "*", "", "26%", "28%"),
]  # fmt: skip

ACTION_HEADINGS = ["No", "What we will do", "Owner", "By when", "Measure of success", "Status"]

# heading, code, title, outcome, rows of (number, action, owner, when, measure of success, status)
PRIORITIES = [
    (
        "Priority 1: Prevention and diversion",
        "1",
        "Prevention and diversion",
        "Fewer children come into the justice system",
        [
            ("1.1", "Offer Turnaround to every child who is interviewed under caution or released with no further action", "Prevention Team Manager", "From April 2023", "80 children a year", "On track"),
            ("1.2", "Hold the joint decision panel weekly, with a speech and language therapist present", "Out of Court Team Manager\nPolice Inspector, Youth Justice", "June 2023", "All cases heard within ten days", "Complete"),
            ("1.3", "Train 40 school pastoral leads in restorative conversations", "Restorative Justice Co-ordinator", "March 2024", "", "Not started"),
        ],
    ),
    (
        "Priority 2: Education, health and a place to live",
        "2",
        "Education, health and a place to live",
        "Children leave us with what they need for a life without offending",
        [
            ("2.1", "Agree with the virtual school that every child known to us has a named education lead", "Head of Virtual School", "September 2023", "Named lead for all children", "On track"),
            ("2.2", "Screen all children for speech, language and communication need", "Speech and Language Therapist, NHS Ellery", "Ongoing", "95% screened within 20 working days", "On track"),
            ("2.3", "Bring two training flats into use for 16- and 17-year-olds on bail or leaving custody", "Placements Manager", "31/12/2023", "No child in bed and breakfast", "Delayed"),
        ],
    ),
    (
        "Priority 3: Fairness",
        "3",
        "Fairness",
        "No child has a worse chance because of who they are",
        [
            ("3.1", "Review every case of a Black or mixed heritage child who is charged, with a lay adviser", "Service Manager, Youth Justice", "Each quarter", "Learning shared with the court", "On track"),
            ("3.2", "Ask the management boards of the four youth clubs to co-write the bail support offer", "Participation Worker", "By the end of 2023", "Offer published", "Delayed"),
        ],
    ),
]  # fmt: skip


def build() -> Document:
    document = new_document(footer="Port Ellery Youth Justice Plan 2023-2024")
    document.add_paragraph("Port Ellery Youth Justice Partnership")
    document.add_heading("Youth Justice Plan 2023-2024", 0)
    document.add_heading("Foreword", 1)
    text(document, FOREWORD)
    document.add_heading("1. Governance", 1)
    text(document, GOVERNANCE)
    document.add_heading("2. Resources", 1)
    text(document, RESOURCES)
    document.add_heading("3. Performance", 1)
    text(document, PERFORMANCE)
    table(document, [KPI_HEADINGS, *(list(row) for row in KPIS)], repeat=True)
    document.add_heading("4. Our priorities", 1)
    text(document, PRIORITIES_TEXT)
    for heading, _, _, sought, rows in PRIORITIES:
        document.add_heading(heading, 2)
        labelled(document, "Outcome: ", sought)
        table(document, [ACTION_HEADINGS, *(list(row) for row in rows)])
        document.add_paragraph()
    document.add_heading("5. Challenges and risks", 1)
    text(document, CHALLENGE)
    return document


def _figure(words: str, period: str, kind: str = "actual", area: str | None = None) -> Plan:
    number = words.rstrip("%")
    if not number.replace(".", "").isdigit():
        return seen(period, words, None, kind, area)
    return seen(
        period, float(number) if "." in number else int(number), "%" if "%" in words else None, kind, area
    )


def _measure(row: tuple[str, ...]) -> Plan:
    columns = [("2021/22", "actual", None), ("2022/23", "actual", None), ("2023/24", "target", None)]
    columns += [("2022/23", "actual", "Region"), ("2022/23", "actual", "England")]
    figures = zip(row[3:], columns, strict=True)
    return measure(row[1], [_figure(words, *column) for words, column in figures if words], code=row[0])


def _outcome(code: str, sought: str, rows: list[tuple[str, ...]]) -> Plan:
    return outcome(
        None,
        sought,
        leads=action_leads((row[0], [lead(None, one) for one in row[2].split("\n")]) for row in rows),
        measures=[_measure(row) for row in KPIS if row[2] == code],
        actions=[action(row[1], row[3], number=row[0], status=row[5]) for row in rows],
    )


TRUTH = plan(
    "Youth Justice Plan 2023-2024",
    [priority(code, name, [_outcome(code, sought, rows)]) for _, code, name, sought, rows in PRIORITIES],
    levels=("Priority", "Outcome", "Indicator"),
    partnership="Port Ellery Youth Justice Partnership",
    period="2023-2024",
    sections=[
        section("Foreword", FOREWORD),
        section("Governance", GOVERNANCE, number="1"),
        section("Resources", RESOURCES, number="2"),
        section("Performance", PERFORMANCE, number="3"),
        section("Our priorities", PRIORITIES_TEXT, number="4"),
        section("Challenges and risks", CHALLENGE, number="5"),
    ],
    notes=[f"{row[0]}: Measure of success: {row[4]}" for one in PRIORITIES for row in one[4] if row[4]],
)
