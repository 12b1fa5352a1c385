"""A council's answer to an inspection: each recommendation in a ruled box, then tables of actions with RAG.

The boxes are recommendations; the line under a box tells its answer, owner and date. "Rec." beside an action
has no field and is a note. The RAG of an action is its status, in the words of the key.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    UP,
    action,
    action_leads,
    lead,
    new_document,
    outcome,
    plan,
    priority,
    section,
    shade,
    table,
    text,
    update,
)

BACKGROUND = """Ofsted inspected services for children in Westmarch between 5 and 16 February 2024 and published its report on 2 April 2024. The overall judgement was requires improvement to be good.
Inspectors found that “children in immediate danger are seen on the same day” but that “too many children wait too long for the right help”. They made five recommendations, all of which we accept."""

BEFORE_BOXES = "The words in each box are those of the report."

OVERSIGHT = """The Children's Improvement Board meets every six weeks. It is chaired by an independent person and its members are the council, the police, the integrated care board and a head of a secondary school.
A report of progress goes to the Children and Families Scrutiny Committee in June, October and February."""

KEY = "Key: R – off track and needs the Board; A – late but with a plan; G – on track; B – done and evidence seen."

# number, words, owner, due
RECOMMENDATIONS = [
    ("1", "The timeliness and quality of initial visits to children, and the recording of what they say.", "Head of Service, Assessment", "31 October 2024"),
    ("2", "The response to 16- and 17-year-olds who present as homeless, so that they are told of their rights and can choose to come into care.", "Head of Service, Adolescents and Edge of Care", "31 July 2024"),
    ("3", "The oversight by managers of children subject to pre-proceedings, including the avoidance of drift and delay.", "Principal Lawyer and Head of Court Team", "30 September 2024"),
    ("4", "The sufficiency of homes near to Westmarch for children in care.", "Assistant Director, Commissioning", "31 March 2025"),
    ("5", "The frequency and challenge of supervision.", "Principal Social Worker", "30 September 2024"),
]  # fmt: skip

HEADINGS = [
    "Outcome for children",
    "Ref",
    "Action",
    "Rec.",
    "Lead officer",
    "By when",
    "Progress at 30 June 2024",
    "RAG",
]

COLOURS = {
    "R": ("Red", "FF0000"),
    "A": ("Amber", "FFC000"),
    "G": ("Green", "92D050"),
    "B": ("Blue", "5B9BD5"),
}

# theme, outcomes: title, rows of (ref, action, rec, lead, by when, progress, RAG)
THEMES = [
    (
        "Theme A – Help and protection",
        "A",
        "Help and protection",
        [
            (
                "Children are seen quickly and their words are written down",
                [
                    ("A1", "Set a standard of three working days for the first visit and report on it daily", "1", "Head of Service, Assessment", "31 May 2024", "Standard in force since 13 May. 81% met in June.", "B"),
                    ("A2", "Train all assessment staff in direct work and recording in the child's own words", "1", "Principal Social Worker", "31 October 2024", "46 of 70 staff trained.", "G"),
                    ("A3", "Audit 20 assessments each month for the voice of the child", "1, 5", "Quality Assurance Manager", "Monthly", "Audits in April and May found 9 and 12 of 20 to be good.", "A"),
                ],
            ),
            (
                "Homeless young people are told of their rights",
                [
                    ("A4", "Rewrite the joint protocol with the three district housing teams", "2", "Head of Service, Adolescents and Edge of Care", "31 July 2024", "Two districts have signed. The third takes it to committee on 11 July.", "A"),
                    ("A5", "Put an advocate in the housing office on two days a week", "2", "Commissioning Manager, Participation", "1 September 2024", "", "G"),
                ],
            ),
        ],
    ),
    (
        "Theme B – Children in care",
        "B",
        "Children in care",
        [
            (
                "Plans for children do not drift",
                [
                    ("B1", "Review all children in pre-proceedings who have been there for more than 16 weeks", "3", "Head of Court Team", "30 June 2024", "All 19 reviewed; seven have gone to court and four have stepped down.", "B"),
                    ("B2", "Hold a monthly panel with the lawyers and keep one tracker", "3", "Principal Lawyer", "From June 2024", "First panel held on 19 June.", "G"),
                ],
            ),
            (
                "Children live near to their families and schools",
                [
                    ("B3", "Recruit 24 fostering households", "4", "Fostering Service Manager", "31 March 2025", "Five approved, six in assessment. Eight have left.", "R"),
                    ("B4", "Open two small homes with a partner from the voluntary sector", "4", "Assistant Director, Commissioning", "January 2025", "First building bought. Planning consent is needed for the second.", "A"),
                ],
            ),
        ],
    ),
    (
        "Theme C – Leadership",
        "C",
        "Leadership",
        [
            (
                "Workers are supported and challenged",
                [
                    ("C1", "Supervise every social worker at least once a month, with a record on the child's file", "5", "Heads of Service", "30 September 2024", "72% in May (58% in February).", "A"),
                    ("C2", "Publish one page of figures each week to all team managers", "1, 3, 5", "Performance and Data Manager", "From 6 May 2024", "Published each Monday.", "B"),
                ],
            ),
        ],
    ),
]  # fmt: skip


def build() -> Document:
    document = new_document(footer="OFFICIAL", landscape=True)
    document.add_paragraph("Westmarch Council")
    document.add_heading("Action plan following the inspection of children's services, 2024-25", 0)
    document.add_heading("1. Background", 1)
    text(document, BACKGROUND)
    document.add_heading("2. What inspectors recommended", 1)
    text(document, BEFORE_BOXES)
    for number, words, owner, due in RECOMMENDATIONS:
        box = table(document, [[f"Recommendation {number}\n{words}"]], heading_rows=0)
        shade(box.cell(0, 0), "F2F2F2")
        document.add_paragraph(f"Accepted. Owner: {owner}. To be complete by {due}.")
    document.add_heading("3. What we will do", 1)
    document.add_paragraph(KEY)
    for heading, _, _, outcomes in THEMES:
        document.add_heading(heading, 2)
        rows, colours = [HEADINGS], []
        for title, actions in outcomes:
            for at, (*row, rag) in enumerate(actions):
                rows.append([UP if at else title, *row, rag])
                colours.append(COLOURS[rag][1])
        made = table(document, rows, repeat=True)
        for at, colour in enumerate(colours, 1):
            shade(made.cell(at, 7), colour)
    document.add_heading("4. How this plan is overseen", 1)
    text(document, OVERSIGHT)
    return document


def _outcome(title: str, rows: list[tuple[str, ...]]) -> dict[str, object]:
    return outcome(
        None,
        title,
        leads=action_leads((row[0], [lead(None, row[3])]) for row in rows),
        actions=[action(row[1], row[4], number=row[0], status=COLOURS[row[6]][0]) for row in rows],
        updates=[update("Progress at 30 June 2024", row[5]) for row in rows if row[5]],
    )


TRUTH = plan(
    "Action plan following the inspection of children's services, 2024-25",
    [priority(code, name, [_outcome(*one) for one in outcomes]) for _, code, name, outcomes in THEMES],
    levels=("Theme", "Outcome for children", None),
    partnership="Westmarch Council",
    period="2024-25",
    sections=[
        section("Background", BACKGROUND, number="1"),
        section("What inspectors recommended", BEFORE_BOXES, number="2"),
        section("What we will do", KEY, number="3"),
        section("How this plan is overseen", OVERSIGHT, number="4"),
    ],
    recommendations=[
        {"number": n, "text": words, "section": "2", "status": "Accepted", "owner": owner, "due": due}
        for n, words, owner, due in RECOMMENDATIONS
    ],
    notes=[f"{row[0]}: Rec.: {row[2]}" for theme in THEMES for _, rows in theme[3] for row in rows],
)
