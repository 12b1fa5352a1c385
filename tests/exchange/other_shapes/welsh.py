"""A wellbeing plan in Welsh and English: two languages in a cell, each a paragraph, Welsh first.

Both languages are kept in one field in the order printed, parted by a blank line where they were paragraphs
and by a stroke where the line had a stroke. An organisation printed in both languages is one organisation.
"""

# ruff: noqa: E501 -- a row of a table is one line here

from __future__ import annotations

from docx.document import Document

from tests.exchange.other_shapes.parts import (
    UP,
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
    seen,
    table,
    text,
    update,
)

HEADINGS = [
    "Canlyniad\nOutcome",
    "Mesur\nMeasure",
    "Llinell sylfaen 2022/23\nBaseline 2022/23",
    "Targed 2025/26\nTarget 2025/26",
    "Camau gweithredu\nActions",
    "Arweinydd\nLead",
    "Erbyn pryd\nBy when",
    "Cynnydd (Mawrth 2024)\nProgress (March 2024)",
]

FOREWORD = """Mae'r cynllun hwn yn nodi sut y byddwn yn gweithio gyda'n gilydd i wella llesiant plant a phobl ifanc Glan Aber.
This plan sets out how we will work together to improve the well-being of children and young people in Glan Aber."""

NEXT = """Byddwn yn adrodd ar gynnydd bob blwyddyn ym mis Gorffennaf.
We will report on progress each year in July.
Os hoffech gopi mewn print bras, cysylltwch â ni.
If you would like a copy in large print, please contact us."""

COUNCIL = "Cyngor Sir Glan Aber\nGlan Aber County Council"
HEALTH = "Bwrdd Iechyd Prifysgol Aber\nAber University Health Board"
POLICE = "Heddlu Aber\nAber Police"

# heading, code, title, outcomes: cell, measure, baseline, target, progress, rows of (action, lead, when)
OBJECTIVES = [
    (
        "Amcan 1 / Objective 1: Y dechrau gorau mewn bywyd / The best start in life",
        "1",
        "Y dechrau gorau mewn bywyd / The best start in life",
        [
            (
                "1.1",
                "Mae plant yn barod i ddysgu\nChildren are ready to learn",
                "Plant 3 oed sy'n cyrraedd y cerrig milltir datblygu\nChildren aged 3 who reach their development milestones",
                "71%",
                "78%",
                "Mae 14 o'r 20 lleoliad wedi dechrau.\nFourteen of 20 settings have started.",
                [
                    ("Ymestyn Dechrau'n Deg i bedair ward arall\nExtend Flying Start to four more wards", COUNCIL, "31/03/2025"),
                    ("Cynnig cymorth iaith gynnar ym mhob cylch meithrin\nOffer early language support in every cylch meithrin", "Mudiad Meithrin", "09/2024"),
                ],
            ),
            (
                "1.2",
                "Mae mwy o blant yn bwyta'n iach\nMore children eat well",
                "Plant dosbarth derbyn sydd â phwysau iach\nReception children of a healthy weight",
                "73.2%",
                "75%",
                "",
                [
                    ("Rhoi bag llysiau i deuluoedd bob wythnos yn y gwyliau\nGive families a bag of vegetables every week in the holidays", HEALTH, "Parhaus / Ongoing"),
                ],
            ),
        ],
    ),
    (
        "Amcan 2 / Objective 2: Yn ddiogel ac yn cael eu clywed / Safe and heard",
        "2",
        "Yn ddiogel ac yn cael eu clywed / Safe and heard",
        [
            (
                "2.1",
                "Mae plant yn ddiogel gartref\nChildren are safe at home",
                "Hysbysiadau Operation Encompass cyn 9 y bore\nOperation Encompass notices sent before 9 am",
                "64%",
                "95%",
                "Mae pob ysgol uwchradd wedi ymuno.\nAll secondary schools have joined.",
                [
                    ("Anfon hysbysiadau bob diwrnod ysgol\nSend notices on every school day", POLICE, "30/09/2024"),
                    ("Hyfforddi staff derbynfa ysgolion\nTrain school reception staff", COUNCIL, "31/12/2024"),
                ],
            ),
            (
                "2.2",
                "Mae pobl ifanc yn cael dweud eu dweud\nYoung people have their say",
                "Pobl ifanc sy'n teimlo bod rhywun yn gwrando\nYoung people who feel that somebody listens",
                "38%",
                "60%",
                "Pleidleisiodd 2,140 o bobl ifanc.\n2,140 young people voted.",
                [
                    ("Cynnal pleidlais flynyddol ym mhob ysgol\nHold a vote each year in every school", "Cyngor Ieuenctid / Youth Council", "06/2024"),
                    ("Cyhoeddi ymateb i bob cwestiwn\nPublish an answer to every question", COUNCIL, "Parhaus / Ongoing"),
                ],
            ),
        ],
    ),
    (
        "Amcan 3 / Objective 3: Cymunedau Cymraeg sy'n ffynnu / Thriving Welsh-speaking communities",
        "3",
        "Cymunedau Cymraeg sy'n ffynnu / Thriving Welsh-speaking communities",
        [
            (
                "3.1",
                "Mae mwy o blant yn defnyddio'r Gymraeg y tu allan i'r ysgol\nMore children use Welsh outside school",
                "Plant mewn gweithgareddau cyfrwng Cymraeg\nChildren at activities in Welsh",
                "1,120",
                "1,600",
                "Mae'r Urdd wedi agor dwy adran newydd.\nThe Urdd has opened two new branches.",
                [
                    ("Agor tair aelwyd newydd\nOpen three new youth branches", "Urdd Gobaith Cymru", "31/03/2026"),
                    ("Darparu gwersi nofio yn Gymraeg\nProvide swimming lessons in Welsh", COUNCIL, "04/2025"),
                ],
            ),
        ],
    ),
]  # fmt: skip


def build() -> Document:
    document = new_document(footer="Cynllun Llesiant / Well-being Plan", landscape=True)
    document.add_paragraph("Bwrdd Gwasanaethau Cyhoeddus Glan Aber / Glan Aber Public Services Board")
    document.add_heading("Cynllun Llesiant Plant 2023-26 / Children's Well-being Plan 2023-26", 0)
    document.add_heading("Rhagair / Foreword", 1)
    text(document, FOREWORD)
    for heading, _, _, outcomes in OBJECTIVES:
        document.add_heading(heading, 1)
        rows = [HEADINGS]
        for code, cell, what, base, target, progress, actions in outcomes:
            for at, (words, who, when) in enumerate(actions):
                rows.append(
                    [UP, UP, UP, UP, words, who, when, UP]
                    if at
                    else [f"{code} {cell}", what, base, target, words, who, when, progress]
                )
        table(document, rows, repeat=True)
    document.add_heading("Y camau nesaf / Next steps", 1)
    text(document, NEXT)
    return document


def _figure(words: str, period: str, kind: str) -> Plan:
    number = words.rstrip("%").replace(",", "")
    return seen(period, float(number) if "." in number else int(number), "%" if "%" in words else None, kind)


def _both(words: str) -> str:
    return words.replace("\n", "\n\n")


def _outcome(
    code: str, cell: str, what: str, base: str, target: str, progress: str, rows: list[tuple[str, str, str]]
) -> Plan:
    return outcome(
        code,
        _both(cell),
        leads=action_leads((None, [lead(who.replace("\n", " / "))]) for _, who, _ in rows),
        measures=[
            measure(_both(what), [_figure(base, "2022/23", "baseline"), _figure(target, "2025/26", "target")])
        ],
        actions=[action(_both(words), when, measures=["1"]) for words, _, when in rows],
        updates=[update("Cynnydd (Mawrth 2024) / Progress (March 2024)", _both(progress), measures=["1"])]
        if progress
        else [],
    )


TRUTH = plan(
    "Cynllun Llesiant Plant 2023-26 / Children's Well-being Plan 2023-26",
    [priority(code, name, [_outcome(*one) for one in outcomes]) for _, code, name, outcomes in OBJECTIVES],
    levels=("Amcan / Objective", "Canlyniad / Outcome", "Mesur / Measure"),
    partnership="Bwrdd Gwasanaethau Cyhoeddus Glan Aber / Glan Aber Public Services Board",
    period="2023-26",
    sections=[
        section("Rhagair / Foreword", FOREWORD),
        section("Y camau nesaf / Next steps", NEXT),
    ],
)
