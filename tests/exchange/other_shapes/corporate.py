"""A corporate parenting strategy: a narrative with lists that begin "We will:", and one table of measures.

What we will do is a bullet and becomes an action as it stands, its date within its words. The measures are in
a table at the end and name the promise to which they belong. What young people said is a note.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    Plan,
    action,
    bold,
    bullets,
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

FOREWORD = """When a child comes into our care, we become their parents. That means every councillor and every officer, not only social workers.
Lead Member for Children and Young People"""

WHO = """On 31 March 2023 there were 412 children in our care and 238 care leavers aged 18 to 24.
- 61% live with foster carers
- 14% live with family or friends
- 11% live in a children's home
Nearly half live more than 20 miles from home."""

HOW = """The Corporate Parenting Panel meets every two months, and every other meeting is chaired by a young person.
The measures below are reported twice a year."""

CONTACT = """If you are in our care and something in this strategy is not happening, tell your social worker, your personal adviser or an advocate.
Advocates are free and are not part of the council."""

SAID = "What you told us: "

# heading, code, title, promises: heading, code, title, what was said, leads, what we will do
PRIORITIES = [
    (
        "Priority 1: A home",
        "1",
        "A home",
        [
            (
                "Promise 1.1 – You will live somewhere that feels like home",
                "1.1",
                "You will live somewhere that feels like home",
                "“I had nine placements. I stopped unpacking.”",
                ["Service Manager, Fostering"],
                [
                    "recruit 30 foster carers by March 2025, ten of them for teenagers",
                    "give every child a photograph and a letter from the carers before they move in",
                    "never use bin bags to move your things",
                ],
            ),
            (
                "Promise 1.2 – You will stay close to the people who matter to you",
                "1.2",
                "You will stay close to the people who matter to you",
                "“Nobody asked if I wanted to see my brother.”",
                ["Head of Service, Children in Care"],
                [
                    "write down who matters to you, and check it at each review",
                    "pay for a visit to brothers and sisters at least once a month",
                ],
            ),
        ],
    ),
    (
        "Priority 2: Health and learning",
        "2",
        "Health and learning",
        [
            (
                "Promise 2.1 – You will be well",
                "2.1",
                "You will be well",
                "“The wait for someone to talk to was longer than I was in that placement.”",
                ["Designated Nurse, Looked After Children", "Head of Service, Children in Care"],
                [
                    "see you for a health assessment within 20 working days",
                    "put a mental health worker into each of our children's homes (by September 2024)",
                    "make sure that you have a dentist",
                ],
            ),
            (
                "Promise 2.2 – You will enjoy school and do well",
                "2.2",
                "You will enjoy school and do well",
                "“I want teachers who know, and don't tell.”",
                ["Head of the Virtual School"],
                [
                    "hold a personal education plan meeting every term",
                    "give a laptop to everyone in Year 7 and above",
                    "offer a tutor to all who want one in Years 10 and 11",
                ],
            ),
        ],
    ),
    (
        "Priority 3: Ready for adult life",
        "3",
        "Ready for adult life",
        [
            (
                "Promise 3.1 – You will not be left to cope alone",
                "3.1",
                "You will not be left to cope alone",
                "“At 18 the phone stopped ringing.”",
                ["Team Manager, Leaving Care", "Housing Options Manager, Tidewell District Council"],
                [
                    "introduce your personal adviser to you before you are 16",
                    "keep a flat for you on the day that you need it",
                    "pay your council tax until you are 25",
                    "guarantee you an interview for apprenticeships in the council",
                ],
            ),
        ],
    ),
]  # fmt: skip

HEADINGS = ["Promise", "Measure", "March 2022", "March 2023", "Target March 2025", "Source"]

MEASURES = [
    ("1.1", "Children with three or more placements in the year", "12.4%", "11.0%", "8%", "903 return"),
    ("1.1", "Approved foster carers", "148", "141", "171", "Ofsted return"),
    (
        "1.2",
        "Children placed with a brother or sister, where that is the plan",
        "68%",
        "71%",
        "80%",
        "Case system",
    ),
    ("2.1", "Initial health assessments on time", "54%", "63%", "95%", "ICB"),
    ("2.1", "Children with an up-to-date dental check", "49%", "77%", "90%", "903 return"),
    ("2.2", "Attendance of children in care", "91.2%", "90.6%", "94%", "Virtual school"),
    (
        "2.2",
        "Pupils with a pass in English and maths at grade 4 or above",
        "21%",
        "",
        "30%",
        "Virtual school",
    ),
    ("3.1", "Care leavers in education, employment or training (19-21)", "48%", "52%", "60%", "903 return"),
    ("3.1", "Care leavers in suitable accommodation", "86%", "89%", "95%", "903 return"),
]


def build() -> Document:
    document = new_document(footer="Tidewell – Corporate Parenting Strategy")
    document.add_paragraph("Tidewell County Council")
    document.add_heading("Corporate Parenting Strategy 2023-2025", 0)
    document.add_heading("Foreword", 1)
    text(document, FOREWORD)
    document.add_heading("Who our children are", 1)
    text(document, WHO)
    for heading, _, _, promises in PRIORITIES:
        document.add_heading(heading, 1)
        for words, _, _, said, leads, tasks in promises:
            document.add_heading(words, 2)
            labelled(document, SAID, said)
            labelled(document, "Lead: " if len(leads) == 1 else "Leads: ", "; ".join(leads))
            bold(document, "We will:")
            bullets(document, tasks)
    document.add_heading("How we will know", 1)
    text(document, HOW)
    rows, before = [HEADINGS], ""
    for own, *row in MEASURES:
        rows.append(["" if own == before else own, *row])  # the promise is typed once
        before = own
    table(document, rows)
    document.add_heading("Tell us", 1)
    text(document, CONTACT)
    return document


def _figure(words: str, period: str, kind: str = "actual") -> Plan:
    number = words.rstrip("%")
    return seen(period, float(number) if "." in number else int(number), "%" if "%" in words else None, kind)


def _measure(row: tuple[str, ...]) -> Plan:
    columns = [("March 2022", "actual"), ("March 2023", "actual"), ("March 2025", "target")]
    made = measure(row[1], [_figure(w, *c) for w, c in zip(row[2:5], columns, strict=True) if w])
    return {**made, "source": row[5]}


def _outcome(_: str, code: str, title: str, said: str, leads: list[str], tasks: list[str]) -> Plan:
    def whose(words: str) -> Plan:
        post, found, council = words.rpartition(", Tidewell District")
        return lead("Tidewell District" + council, post) if found else lead(None, words)

    return outcome(
        code,
        title,
        leads=[whose(one) for one in leads],
        measures=[_measure(row) for row in MEASURES if row[0] == code],
        actions=[action(one) for one in tasks],
    )


TRUTH = plan(
    "Corporate Parenting Strategy 2023-2025",
    [priority(code, name, [_outcome(*one) for one in promises]) for _, code, name, promises in PRIORITIES],
    levels=("Priority", "Promise", "Measure"),
    partnership="Tidewell County Council",
    period="2023-2025",
    sections=[
        section("Foreword", FOREWORD),
        section("Who our children are", WHO),
        section("How we will know", HOW),
        section("Tell us", CONTACT),
    ],
    notes=[f"Promise {code}: {SAID}{said}" for p in PRIORITIES for _, code, _, said, _, _ in p[3]],
)
