"""A written statement of action: a form for each outcome, whose labels and leads are set with tabs.

An area of weakness is a priority, and the words of the inspection under it a note. Within the form the labels
"What we will do" and "How we will know" are merged down; an action may have a start and an end, which become
one due ("start to end"). "Reports to" is the governance group.
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
    update,
)

INTRODUCTION = """Between 6 and 10 June 2022, Ofsted and the Care Quality Commission inspected the local area of Brackenford. They found two areas of significant weakness. This statement says what the council and the integrated care board will do about each of them, and how parents and carers will know.
It was written with Brackenford Parent Carer Forum."""

MONITORING = """The SEND Improvement Board meets every month until the re-visit. It is chaired by the Chief Executive.
The Department for Education and NHS England review progress each quarter."""

INSPECTED = "What inspectors found: "

# area, code, title, finding, outcomes: code, title, leads (organisation, post), board, measures, actions, progress
AREAS = [
    (
        "Area of significant weakness 1: The timeliness and quality of education, health and care plans",
        "1",
        "The timeliness and quality of education, health and care plans",
        "Too many plans are late, and too few say what health and social care will provide.",
        [
            (
                "1.1",
                "Plans are finished in 20 weeks",
                [("Brackenford Council", "Head of Service, SEND Assessment")],
                "Assessment and Planning Group",
                [("Plans issued within 20 weeks", "31%", "45%", "60%"), ("Assessments with advice from an educational psychologist in six weeks", "22%", "", "70%")],
                [
                    ("1.1.1", "Appoint four plan writers and two educational psychologists", "October 2022", "March 2023"),
                    ("1.1.2", "Use one tracker for all agencies, with an alert at week 12", "November 2022", "January 2023"),
                    ("1.1.3", "Tell parents at weeks 6, 12 and 16 where their child's plan has got to", "January 2023", "Ongoing"),
                ],
                "Three plan writers in post. 38% of plans were on time in the quarter to December.",
            ),
            (
                "1.2",
                "Plans say what health and social care will provide",
                [("Brackenford ICB", "Designated Clinical Officer"), ("Brackenford Council", "Service Manager, Disabled Children")],
                "Assessment and Planning Group",
                [("Plans judged good in audit", "18%", "40%", "65%")],
                [
                    ("1.2.1", "Write a template for advice with health and social care", "September 2022", "December 2022"),
                    ("1.2.2", "Audit 15 plans each month with parents on the panel", "January 2023", "Ongoing"),
                ],
                "Template in use since 5 December.\nTwo parents trained as auditors; four more start in February.",
            ),
        ],
    ),
    (
        "Area of significant weakness 2: Waiting times for autism assessment",
        "2",
        "Waiting times for autism assessment",
        "Families wait too long, and are offered little while they wait.",
        [
            (
                "2.1",
                "Families wait less",
                [("Brackenford ICB", "Associate Director, Children and Maternity"), ("Fordside NHS Trust", "Clinical Lead, Neurodevelopment")],
                "Neurodevelopment Steering Group",
                [("Children waiting more than 52 weeks", "612", "450", "200"), ("Average wait (weeks)", "71", "60", "40")],
                [
                    ("2.1.1", "Buy 300 assessments from a second provider", "November 2022", "August 2023"),
                    ("2.1.2", "Share the first appointment between the two paediatric teams", "", "April 2023"),
                ],
                "Contract signed in December. 22 children seen.",
            ),
            (
                "2.2",
                "Families have help while they wait",
                [("Brackenford Parent Carer Forum", "Chair")],
                "Neurodevelopment Steering Group",
                [("Parents who say that they had useful help while they waited", "not known", "50%", "75%")],
                [
                    ("2.2.1", "Run a drop-in in each family hub", "February 2023", "Ongoing"),
                    ("2.2.2", "Write a guide with parents, in four languages", "December 2022", "March 2023"),
                ],
                "",
            ),
        ],
    ),
]  # fmt: skip

BASE, FIRST, SECOND = "September 2022", "July 2023", "July 2024"


def _form(outcome_row: tuple) -> list[list[str]]:
    _, _, leads, board, measures, actions, progress = outcome_row
    return [
        ["Lead:", "\n".join(f"{organisation}\t{post}" for organisation, post in leads), LEFT, LEFT, LEFT],
        ["Reports to:", board, LEFT, LEFT, LEFT],
        ["How we will know", "Measure", f"Baseline {BASE}", f"Target {FIRST}", f"Target {SECOND}"],
        *([UP, *row] for row in measures),
        ["What we will do", "Ref", "Action", "Start", "End"],
        *([UP, *row] for row in actions),
        ["Progress at January 2023", progress, LEFT, LEFT, LEFT],
    ]


def build() -> Document:
    document = new_document(footer="Brackenford local area")
    document.add_paragraph("Brackenford Local Area SEND Partnership")
    document.add_heading("Written Statement of Action 2022-2024", 0)
    document.add_paragraph("Version 1.2")
    text(document, INTRODUCTION)
    for heading, _, _, found, outcomes in AREAS:
        document.add_heading(heading, 1)
        labelled(document, INSPECTED, found)
        for one in outcomes:
            bold(document, f"Outcome {one[0]}\t{one[1]}")
            table(document, _form(one), heading_rows=0)
            document.add_paragraph()
    document.add_heading("How progress will be monitored", 1)
    text(document, MONITORING)
    return document


def _figure(words: str, period: str, kind: str) -> Plan:
    number = words.rstrip("%")
    if not number.isdigit():
        return seen(period, words, None, kind)
    return seen(period, int(number), "%" if "%" in words else None, kind)


def _outcome(one: tuple) -> Plan:
    code, title, leads, board, measures, actions, progress = one
    columns = [(BASE, "baseline"), (FIRST, "target"), (SECOND, "target")]
    return outcome(
        code,
        title,
        leads=[lead(organisation, post) for organisation, post in leads],
        groups=[board],
        measures=[
            measure(name, [_figure(w, *c) for w, c in zip(figures, columns, strict=True) if w])
            for name, *figures in measures
        ],
        actions=[
            action(words, " to ".join(filter(None, [start, end])), number=ref)
            for ref, words, start, end in actions
        ],
        updates=[update("Progress at January 2023", progress.replace("\n", "\n\n"))] if progress else [],
    )


TRUTH = plan(
    "Written Statement of Action 2022-2024",
    [priority(code, name, [_outcome(one) for one in outcomes]) for _, code, name, _, outcomes in AREAS],
    levels=("Area of significant weakness", "Outcome", "Measure"),
    label="Version 1.2",
    partnership="Brackenford Local Area SEND Partnership",
    period="2022-2024",
    introduction=INTRODUCTION.replace("\n", "\n\n"),
    sections=[section("How progress will be monitored", MONITORING)],
    notes=[f"Area of significant weakness {code}: {INSPECTED}{found}" for _, code, _, found, _ in AREAS],
)
