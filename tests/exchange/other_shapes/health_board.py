"""A health board's delivery plan: a deliverable in each row, its milestones under the quarters.

The deliverable is the outcome; each milestone is an action that is due in the quarter of its column, in
printed order from left to right (two bullets are two actions). The table of trajectories names the
deliverable by its number: its figures are targets, one for each quarter. A risk is a note.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    LEFT,
    UP,
    Plan,
    action,
    bold,
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

QUARTERS = ["Q1 2024-25", "Q2 2024-25", "Q3 2024-25", "Q4 2024-25"]

HEADING = [
    ["Ref", "Deliverable", "Executive lead", "Milestones", LEFT, LEFT, LEFT],
    [UP, UP, UP, *QUARTERS],
]
TRAJECTORY_HEADING = [
    ["Ref", "Measure", "Baseline (March 2024)", "Trajectory", LEFT, LEFT, LEFT],
    [UP, UP, UP, *QUARTERS],
]

INTRODUCTION = """This plan is the first of three. It has been agreed with the integration authorities of Garry and of Lorne and should be read with the financial plan of the Board.
Where a milestone is not met, the Executive lead says why, and what will be done, in the next quarterly return."""

CONTEXT = """The Board serves 318,000 people, one in five of whom are under 18. Births have fallen by 11% in ten years. One child in six lives in a data zone among the most deprived fifth in the country.
Demand has changed rather than grown: referrals for neurodevelopmental assessment have trebled since 2019, while those for eating disorders have settled at a level one third higher than before."""

FINANCE = """All deliverables are within existing budgets unless marked. Slippage on workforce lines will be moved to the waiting-list initiative in Quarter 3.
- Non-recurring: £412,000
- Recurring: £1.26 million"""

GOVERNANCE = "Quarterly returns go to the Performance and Resources Committee and, a month later, to the Scottish Government."

# ref, deliverable, lead, four quarters; then ref, measure, baseline, four figures; then the risk
PRIORITIES = [
    (
        "Priority 1: A healthy start",
        "1",
        "A healthy start",
        [
            ("1.1", "Every baby is offered each health review on time", "Director of Nursing, Midwifery and Allied Health Professions", ["Recruit six health visitors", "- Complete training of new starters\n- Move all clinics to text reminders", "Offer the 27 to 30-month review at weekends in two localities", ""]),
            ("1.2", "Fewer women smoke in pregnancy", "Director of Public Health", ["Carbon monoxide monitors in all booking clinics", "Start the incentive scheme in Lorne", "", "Evaluate the scheme and report to the Board"]),
            ("1.3", "More babies are breastfed", "Director of Public Health\nHead of Midwifery", ["", "Renew UNICEF Gold in Garry", "Train 30 peer supporters", "Peer support in every community hospital"]),
        ],
        [
            ("1.1", "Children with a 27 to 30-month review", "86.4%", ["87%", "88%", "90%", "92%"]),
            ("1.2", "Women recorded as a smoker at booking", "14.9%", ["14.5%", "14.0%", "13.5%", "13.0%"]),
            ("1.3", "Babies breastfed at 6-8 weeks", "44.1%", ["", "45%", "", "47%"]),
        ],
        "Health visitor vacancies in the islands may not be filled before the autumn.",
    ),
    (
        "Priority 2: Good mental health for children and young people",
        "2",
        "Good mental health for children and young people",
        [
            ("2.1", "No child waits more than 18 weeks for CAMHS", "Chief Officer, Garry Integration Authority", ["Cleanse the list and write to all families", "Start evening clinics on two sites", "- Appoint two clinical psychologists\n- Close the last of the paper files", "No wait above 18 weeks"]),
            ("2.2", "Neurodevelopmental assessment has its own pathway", "Medical Director", ["Single point of access agreed with education", "", "Pathway open to new referrals", "Transfer all who wait on the CAMHS list"]),
        ],
        [
            ("2.1", "Children seen within 18 weeks", "71.3%", ["74%", "80%", "85%", "90%"]),
            ("2.1", "Longest wait (weeks)", "61", ["52", "40", "26", "18"]),
            ("2.2", "Children waiting for a neurodevelopmental assessment", "2,317", ["2,300", "2,250", "2,000", "1,800"]),
        ],
        "National funding for the evening clinics ends in December.",
    ),
    (
        "Priority 3: Care close to home",
        "3",
        "Care close to home",
        [
            ("3.1", "Children with long-term conditions spend fewer days in hospital", "Chief Officer, Acute Services", ["Map community nursing hours", "Agree one asthma plan with all schools", "Virtual ward opens with eight places", "Virtual ward of twelve places"]),
        ],
        [
            ("3.1", "Emergency bed days for asthma and epilepsy, under 18", "1,204", ["", "", "280", "260"]),
        ],
        "None identified",
    ),
]  # fmt: skip


def build() -> Document:
    document = new_document(footer="NHS Strathgarry – Annual Delivery Plan", landscape=True)
    document.add_paragraph("NHS Strathgarry")
    document.add_heading("Annual Delivery Plan 2024-25: Children, Young People and Families", 0)
    document.add_paragraph("Final – approved by the Board on 27 June 2024")
    text(document, INTRODUCTION)
    document.add_heading("Context", 1)
    text(document, CONTEXT)
    for heading, _, _, deliverables, measures, risk in PRIORITIES:
        document.add_heading(heading, 1)
        rows = [*HEADING, *([ref, name, who, *quarters] for ref, name, who, quarters in deliverables)]
        table(document, rows, heading_rows=2, repeat=True)
        document.add_paragraph()
        bold(document, "How we will measure progress")
        rows = [*TRAJECTORY_HEADING, *([ref, name, base, *figures] for ref, name, base, figures in measures)]
        table(document, rows, heading_rows=2)
        labelled(document, "Key risk: ", risk)
    document.add_heading("Finance", 1)
    text(document, FINANCE)
    document.add_heading("Governance", 1)
    text(document, GOVERNANCE)
    return document


def _figure(period: str, words: str, kind: str) -> Plan:
    number = words.rstrip("%").replace(",", "")
    value = float(number) if "." in number else int(number)
    return seen(period, value, "%" if "%" in words else None, kind)


def _outcome(ref: str, name: str, who: str, quarters: list[str], measures: list[tuple[str, ...]]) -> Plan:
    return outcome(
        ref,
        name,
        leads=[lead(None, one) for one in who.split("\n")],
        measures=[
            measure(
                title,
                [
                    _figure("March 2024", base, "baseline"),
                    *(_figure(q, f, "target") for q, f in zip(QUARTERS, figures, strict=True) if f),
                ],
            )
            for own, title, base, figures in measures
            if own == ref
        ],
        actions=[
            action(line.removeprefix("- "), quarter)
            for quarter, cell in zip(QUARTERS, quarters, strict=True)
            for line in cell.split("\n")
            if line
        ],
    )


TRUTH = plan(
    "Annual Delivery Plan 2024-25: Children, Young People and Families",
    [
        priority(code, name, [_outcome(*one, measures) for one in deliverables])
        for _, code, name, deliverables, measures, _ in PRIORITIES
    ],
    levels=("Priority", "Deliverable", "Measure"),
    status="Final – approved by the Board on 27 June 2024",
    partnership="NHS Strathgarry",
    period="2024-25",
    introduction=INTRODUCTION.replace("\n", "\n\n"),
    sections=[
        section("Context", CONTEXT),
        section("Finance", FINANCE),
        section("Governance", GOVERNANCE),
    ],
    notes=[f"Priority {code}: Key risk: {risk}" for _, code, _, _, _, risk in PRIORITIES],
)
