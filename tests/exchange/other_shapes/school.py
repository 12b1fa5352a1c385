"""A school's improvement plan: priority as a heading, success criteria as a list, then a table of actions.

The objective and its monitoring and evaluation are merged down beside their actions. Costs and monitoring
are notes. The monitoring calendar is a chapter that holds a table: it is kept there, as it is no plan.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    UP,
    action,
    action_leads,
    bold,
    bullets,
    lead,
    new_document,
    outcome,
    plan,
    priority,
    section,
    table,
    text,
    update,
)

HEADINGS = ["Objective", "Actions", "Lead", "When", "Cost", "Monitoring", "Evaluation (February 2024)"]

ABOUT = """Larkfield is a one-form entry primary school with a nursery. There are 214 pupils on roll, of whom 31% are eligible for free school meals and 19% have special educational needs or a disability.
The school was last inspected in March 2022 and was judged to require improvement. The report asked the school to:
- make sure that teachers check what pupils remember in the foundation subjects
- raise the attendance of disadvantaged pupils
- give pupils at an early stage of reading more books that match the sounds they know"""

CALENDAR = """Governors look at this plan at each meeting of the full board. The School Improvement Partner visits every half term and her notes of visit are filed with it."""

# priority, success criteria, objectives: title, monitoring, evaluation, rows of (action, lead, when, cost)
PRIORITIES = [
    (
        "Priority 1: Quality of education",
        "1",
        "Quality of education",
        [
            "At least 75% of Year 6 reach the expected standard in reading, writing and mathematics combined.",
            "Phonics screening check at or above the national figure (82%).",
            "Pupils can talk about what they have learned in history and geography last year as well as this.",
        ],
        [
            (
                "1.1 Every pupil becomes a fluent reader",
                "Learning walks by the Headteacher each half term. Governor link visit in November and March.",
                "Phonics check (mock): 71% of Year 1. Daily keep-up sessions happen in all classes; books now match sounds in Reception and Year 1, not yet in Year 2.",
                [
                    ("Train all teaching assistants in the new phonics scheme", "Early Reading Lead", "INSET day, 4 September 2023", "£2,100"),
                    ("Replace reading books in Reception to Year 2 so that they match the sounds pupils know", "Early Reading Lead\nSchool Business Manager", "By October half term", "£6,450"),
                    ("Hear the lowest 20% of readers in each class every day", "Class teachers", "Daily from September", "Nil"),
                ],
            ),
            (
                "1.2 The wider curriculum is planned from Nursery to Year 6",
                "Book looks and pupil interviews by subject leaders, once a term.",
                "History and geography plans are complete. Art is behind, as the post was vacant until January.",
                [
                    ("Write down, for each subject and year, the knowledge that pupils must keep", "Deputy Headteacher", "Autumn term", "4 days' cover (£840)"),
                    ("Introduce a low-stakes quiz at the start of every foundation lesson", "Subject leaders", "From January 2024", ""),
                ],
            ),
        ],
    ),
    (
        "Priority 2: Behaviour and attendance",
        "2",
        "Behaviour and attendance",
        ["Attendance of disadvantaged pupils is at least 94%.", "Persistent absence falls from 24% to 15%."],
        [
            (
                "2.1 Pupils come to school every day and on time",
                "Attendance meeting every fortnight; report to governors each half term.",
                "Attendance of disadvantaged pupils 92.3% (91.0% a year ago). Eleven families have a support plan.",
                [
                    ("Telephone home by 9.30 am on the first day of every absence", "Attendance Officer", "Ongoing", "Within budget"),
                    ("Open a breakfast club, free to families on income support", "School Business Manager", "By 6 November 2023", "£9,800 (grant)"),
                    ("Agree a support plan with each family whose child was persistently absent last year", "Assistant Headteacher, Inclusion\nAttendance Officer", "Autumn 1", ""),
                ],
            ),
            (
                "2.2 Low-level disruption is rare",
                "Behaviour log reviewed by the Headteacher each Friday.",
                "",
                [
                    ("Teach the three school rules afresh in the first week of each term", "All staff", "Each term", "Nil"),
                    ("Coach the four teachers new to the school", "Deputy Headteacher", "September to December 2023", "£1,260"),
                ],
            ),
        ],
    ),
    (
        "Priority 3: Leadership and governance",
        "3",
        "Leadership and governance",
        ["All governors have been trained in safeguarding.", "Subject leaders can say what is strong and weak in their subject, and why."],
        [
            (
                "3.1 Leaders at all levels check their work",
                "Chair of Governors, at the performance management meeting in March.",
                "Five of nine subject leaders have had their release time. A governor skills audit was done on 17 January.",
                [
                    ("Give every subject leader half a day each half term", "Headteacher", "From October 2023", "£5,040"),
                    ("Carry out an audit of governors' skills and fill the two vacancies", "Chair of Governors", "Spring term", "Nil"),
                ],
            ),
        ],
    ),
]  # fmt: skip

TERMS = [
    ["Term", "What is checked", "By whom"],
    ["Autumn", "Reading, attendance", "Headteacher and link governor"],
    ["Spring", "History, geography and art", "Subject leaders"],
    ["Summer", "Outcomes, and this plan as a whole", "Full governing board"],
]


def build() -> Document:
    document = new_document(footer="Larkfield CE Primary School – School Improvement Plan", landscape=True)
    bold(document, "Larkfield Church of England Primary School")
    document.add_heading("School Improvement Plan 2023-2024", 0)
    document.add_paragraph("Version 3 – September 2023")
    document.add_heading("Our school", 1)
    text(document, ABOUT)
    for heading, _, _, criteria, objectives in PRIORITIES:
        document.add_heading(heading, 1)
        bold(document, "Success criteria")
        bullets(document, criteria)
        rows = [HEADINGS]
        for title, monitoring, evaluation, actions in objectives:
            for at, (words, who, when, cost) in enumerate(actions):
                own = [UP if at else title, words, who, when, cost]
                rows.append([*own, UP if at else monitoring, UP if at else evaluation])
        table(document, rows)
        document.add_paragraph()
    document.add_heading("Monitoring calendar", 1)
    text(document, CALENDAR)
    table(document, TERMS)
    return document


def _outcome(title: str, evaluation: str, actions: list[tuple[str, str, str, str]]) -> dict[str, object]:
    code, words = title.split(" ", 1)
    return outcome(
        code,
        words,
        leads=action_leads((None, [lead(None, one) for one in who.split("\n")]) for _, who, _, _ in actions),
        actions=[action(done, when) for done, _, when, _ in actions],
        updates=[update("Evaluation (February 2024)", evaluation)] if evaluation else [],
    )


TRUTH = plan(
    "School Improvement Plan 2023-2024",
    [
        priority(code, name, [_outcome(t, e, rows) for t, _, e, rows in objectives], criteria=criteria)
        for _, code, name, criteria, objectives in PRIORITIES
    ],
    levels=("Priority", "Objective", None),
    label="Version 3 – September 2023",
    partnership="Larkfield Church of England Primary School",
    period="2023-2024",
    sections=[
        section("Our school", ABOUT),
        section(
            "Monitoring calendar",
            "\n".join([CALENDAR, "| " + " | ".join(TERMS[0]) + " |", "| --- | --- | --- |"])
            + "".join("\n| " + " | ".join(row) + " |" for row in TERMS[1:]),
        ),
    ],
    notes=[
        *(
            f"{t.split(' ')[0]} {done}: Cost: {c}"
            for p in PRIORITIES
            for t, _, _, a in p[4]
            for done, _, _, c in a
            if c
        ),
        *(f"{t.split(' ')[0]}: Monitoring: {m}" for p in PRIORITIES for t, m, _, _ in p[4]),
    ],
)
