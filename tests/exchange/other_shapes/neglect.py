"""A strategy against neglect: numbered chapters, and the action plan as an appendix at its end.

The objective and the outcome are typed once and the cells below them left empty, not merged. Objectives are
priorities. Bullets of one cell are so many actions, which share its date. The glossary after the table is a
chapter; the heading above the table has nothing under it and is none.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document
from docx.enum.section import WD_SECTION

from tests.exchange.other_shapes.parts import (
    Plan,
    action,
    action_leads,
    bold,
    lead,
    new_document,
    outcome,
    plan,
    priority,
    section,
    table,
    text,
    turn,
    update,
)

HEADINGS = ["Strategic objective", "Outcome sought", "Actions", "Lead(s)", "Timescale", "Progress (May 2023)"]

# number, title, depth, text
CHAPTERS = [
    ("1", "Introduction", 1, "Neglect is the most common reason for a child protection plan in Ashbourne Vale. At 31 March 2022 it was recorded for 147 of 263 children (56%).\nThis strategy is for everyone who works with children, young people and their carers."),
    ("2", "What we mean by neglect", 1, "We use the definition in Working Together to Safeguard Children. Neglect may happen in pregnancy and at any age, to teenagers as well as to small children."),
    ("2.1", "Types of neglect", 2, "Practitioners should think of:\n- medical and dental neglect\n- nutritional neglect\n- emotional neglect\n- educational neglect\n- physical neglect\n- lack of supervision and guidance"),
    ("2.2", "Poverty", 2, "Poverty is not neglect. Most families who are poor do not neglect their children, but poverty makes it harder to parent well and practitioners should ask about money in every assessment."),
    ("3", "What children and practitioners told us", 1, "“Nobody asked why I was late, they just gave me a detention.” (young person, 14)\nPractitioners asked for one tool and for time to use it."),
    ("4", "Our vision and principles", 1, "Children in Ashbourne Vale are noticed early, and those who care for them are helped to make changes that last."),
]  # fmt: skip

APPENDIX = "Appendix 1: Action plan 2022-2024"

GLOSSARY = """Graded Care Profile 2 – a tool for assessing the quality of care.
MASH – multi-agency safeguarding hub.
Was Not Brought – the words used in place of “did not attend” where a child has missed an appointment."""

# objective, code, title, outcomes: title, rows of (actions, leads, when, progress)
OBJECTIVES = [
    (
        "1. Recognise neglect early",
        "1",
        "Recognise neglect early",
        [
            (
                "Practitioners in every agency can name neglect and know what to do",
                [
                    ("- Commission Graded Care Profile 2 and train 12 trainers\n- Train 300 practitioners in two years", "Safeguarding Partnership Learning and Development Manager", "September 2022 – March 2024", "Twelve trainers in place; 168 practitioners trained by April."),
                    ("Add a neglect question to the safeguarding return of all schools", "Education Safeguarding Adviser", "January 2023", "Done. 88 of 94 schools replied."),
                ],
            ),
            (
                "Missed appointments are followed up",
                [
                    ("Replace “did not attend” with “was not brought” in all health and dental records", "Named GP, Safeguarding\nConsultant in Dental Public Health", "By April 2023", "Complete in GP practices. Dental practices: 9 of 23."),
                ],
            ),
        ],
    ),
    (
        "2. Respond well and in time",
        "2",
        "Respond well and in time",
        [
            (
                "Families have one plan and one person to turn to",
                [
                    ("Agree a neglect pathway from early help to court", "Head of Service, Early Help and MASH", "31 December 2022", "Agreed in February 2023, two months late."),
                    ("Review all children on a second or later plan for neglect", "Head of Safeguarding and Quality Assurance\nDesignated Doctor", "Every six months", "38 children reviewed; 5 moved to pre-proceedings."),
                    ("- Offer a home conditions grant\n- Ask the housing associations to match it", "Service Manager, Family Help", "2023/24", ""),
                ],
            ),
        ],
    ),
    (
        "3. Know that it works",
        "3",
        "Know that it works",
        [
            (
                "The partnership can see the effect on children",
                [
                    ("Build one data set from the council, the police and health", "Performance Manager, Children's Services", "March 2023", "Health data not yet agreed; lawyers to meet in June."),
                    ("Audit 30 cases of neglect each year with all agencies round the table", "Quality and Audit Subgroup", "Annually – each November", "First audit done. 11 of 30 good."),
                ],
            ),
            (
                "Children's words shape what we do",
                [
                    ("Hold a yearly day with young people who have known neglect", "Participation Officer", "July 2023", ""),
                ],
            ),
        ],
    ),
]  # fmt: skip


def build() -> Document:
    document = new_document()
    bold(document, "Ashbourne Vale Safeguarding Children Partnership")
    document.add_heading("Neglect Strategy and Action Plan 2022-2024", 0)
    document.add_paragraph("Status: agreed by the Executive, 14 July 2022")
    for number, title, depth, words in CHAPTERS:
        document.add_heading(f"{number}  {title}", depth)
        text(document, words)
    document.add_section(WD_SECTION.NEW_PAGE)
    turn(document)
    document.add_heading(APPENDIX, 1)
    rows = [HEADINGS]
    for objective, _, _, outcomes in OBJECTIVES:
        first = True
        for title, actions in outcomes:
            for at, row in enumerate(actions):
                rows.append([objective if first else "", "" if at else title, *row])
                first = False
    table(document, rows)
    document.add_heading("Appendix 2: Words we use", 1)
    text(document, GLOSSARY)
    return document


def _outcome(title: str, rows: list[tuple[str, str, str, str]]) -> Plan:
    return outcome(
        None,
        title,
        leads=action_leads((None, [lead(None, one) for one in who.split("\n")]) for _, who, _, _ in rows),
        actions=[
            action(line.removeprefix("- "), when) for words, _, when, _ in rows for line in words.split("\n")
        ],
        updates=[update("Progress (May 2023)", told) for _, _, _, told in rows if told],
    )


TRUTH = plan(
    "Neglect Strategy and Action Plan 2022-2024",
    [priority(code, name, [_outcome(*one) for one in outcomes]) for _, code, name, outcomes in OBJECTIVES],
    levels=("Strategic objective", "Outcome sought", None),
    status="agreed by the Executive, 14 July 2022",
    partnership="Ashbourne Vale Safeguarding Children Partnership",
    period="2022-2024",
    sections=[
        *(section(title, words, number=number, depth=depth) for number, title, depth, words in CHAPTERS),
        section("Appendix 2: Words we use", GLOSSARY),
    ],
)
