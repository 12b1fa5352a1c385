"""Word's own wrappings round the words: changes, controls, fields, boxes, lists, notes.

Every function gives a document's body, the parts beside it and the readings that are right.
"""

from __future__ import annotations

from typing import Any

from tests.exchange.unseen.truth import OneOf, action, lead, leads, measure, outcome, plan, priority, update
from tests.exchange.unseen.words import (
    BY,
    CITY,
    Document,
    Parts,
    X,
    bold,
    bullet,
    cell,
    commented,
    control,
    deleted,
    down,
    field_words,
    first,
    foot,
    head,
    heading,
    inserted,
    italic,
    link,
    mark_deleted,
    moved_from,
    moved_to,
    numbered_by_word,
    para,
    row,
    run,
    shattered,
    simple_field,
    symbol,
    table,
    text_box,
    title,
)


def tracked_changes_everywhere() -> Document:
    body = [
        para("Annex 1"),
        title("Marsh Vale Plan 2018"),
        para(
            "Priority ",
            inserted("1"),
            deleted("9"),
            ". ",
            deleted("Keep"),
            inserted("Keeping"),
            " children safe",
            style="Heading1",
        ),
        table(
            head(*CITY),
            row(
                first("1a: Safe homes"),
                cell([para("i) Rate of ", deleted("all"), inserted("repeat"), " plans")]),
                cell(
                    [
                        mark_deleted("The rate fell to 12% "),
                        para("in the year."),
                        para(moved_to("Audits were good.")),
                    ]
                ),
                "Council",
            ),
            row(down(), "ii) Old measure", "Gone.", "Nobody", props=f"<w:del {BY}/>"),
            row(
                down(),
                cell([para(inserted("ii) Children seen alone"))]),
                cell([para(inserted("In 96% of visits. ")), para(moved_from("Audits were good."))]),
                cell(inserted("Council")),
                props=f"<w:ins {BY}/>",
            ),
            row(
                down(),
                "iii) Missing episodes",
                cell(
                    [
                        para("Down."),
                        X(f"<w:p><w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>{deleted('Struck out.')}</w:p>"),
                        para("Interviews offered."),
                    ]
                ),
                "Police",
            ),
        ),
    ]
    truth = plan(
        "Marsh Vale Plan 2018",
        priority(
            "1",
            "Keeping children safe",
            outcome(
                "1a",
                "Safe homes",
                [
                    measure("Rate of repeat plans", "i", leads("Council")),
                    measure("Children seen alone", "ii", leads("Council")),
                    measure("Missing episodes", "iii", leads("Police")),
                ],
                updates=[
                    update(
                        "The rate fell to 12% in the year.\n\nAudits were good.", ["i"], OneOf(None, "Update")
                    ),
                    update("In 96% of visits.", ["ii"], OneOf(None, "Update")),
                    update("Down.\n\nInterviews offered.", ["iii"], OneOf(None, "Update")),
                ],
            ),
        ),
        document_label="Annex 1",
        columns=CITY,
    )
    return body, Parts(), [truth]


def content_controls_everywhere() -> Document:
    columns = ["Outcome", "KPI", "Key actions", "Lead officer", "By when"]
    choice = '<w:dropDownList><w:listItem w:displayText="Not chosen" w:value="0"/></w:dropDownList>'
    box = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    body = [
        control(title("Template plan for the Youth Trust")),
        para(control("Priority 1: "), control("Confident young people"), style="Heading1"),
        control(
            table(
                head(*columns),
                control(
                    row(
                        first(para(control("1.1 Skilled for work"))),
                        cell([para(control("Young people in apprenticeships", choice))]),
                        cell([control(bullet("Hold fairs")), bullet(control("Sign pledges"))]),
                        control(cell("Eve Marsh (Youth Trust)")),
                        cell([para(control("31/03/2019", "<w:date/>"))]),
                    )
                ),
                row(
                    down(),
                    "Volunteering hours",
                    cell([para(control("\u2612", box), " Launch a passport")]),
                    "Eve Marsh (Youth Trust)",
                    cell([para(control("Ongoing", choice))]),
                ),
                widths=[2400] * 5,
            )
        ),
    ]
    eve = [lead("Youth Trust", "Eve Marsh")]

    def made(third: str) -> dict[str, Any]:
        return plan(
            "Template plan for the Youth Trust",
            priority(
                "1",
                "Confident young people",
                outcome(
                    "1.1",
                    "Skilled for work",
                    [
                        measure("Young people in apprenticeships", None, eve),
                        measure("Volunteering hours", None, eve),
                    ],
                    actions=[
                        action("Hold fairs", "31/03/2019", on=["1"]),
                        action("Sign pledges", "31/03/2019", on=["1"]),
                        action(third, "Ongoing", on=["2"]),
                    ],
                ),
            ),
            columns=columns,
        )

    return body, Parts(), [made("\u2612 Launch a passport"), made("Launch a passport")]


def bullets_typed_in_many_ways() -> Document:
    words = [
        para("•\tFirst point"),
        para("–\tsecond level point"),
        para("–\tanother second level point"),
        para("\uf0b7 Symbol point"),
        para("§ Wingdings point"),
        para("o  Courier point"),
        para(symbol(), run("\tDrawn point")),
    ]
    body = [
        title("Typed bullets plan"),
        heading("Priority 2. Healthy"),
        table(
            head(*CITY),
            row(
                "2a: Fit",
                "i) Active pupils",
                cell([para("- Dash point"), para("- Second dash\nwith a line break")]),
                "Sport Trust",
            ),
            row(
                "2b: Well",
                "i) Happy pupils",
                cell(["Points to note:", "\uf0a7 square one", "\uf0a7 square two"]),
                "CCG",
            ),
            row("2c: Wise", "i) Informed pupils", cell(words[:3]), "CCG"),
            row("2d: Kind", "i) Kind pupils", cell([words[6], words[3]]), "CCG"),
            row("2e: Bold", "i) Bold pupils", "• One in a line\n• Two in a line", "CCG"),
        ),
    ]
    said = OneOf(None, "Update")

    def one(code: str, words: str, name: str, text: str, by: str = "CCG") -> dict[str, Any]:
        return outcome(code, words, [measure(name, "i", leads(by))], updates=[update(text, ["i"], said)])

    def made(dash: str) -> dict[str, Any]:
        return plan(
            "Typed bullets plan",
            priority(
                "2",
                "Healthy",
                one("2a", "Fit", "Active pupils", dash, "Sport Trust"),
                one("2b", "Well", "Happy pupils", "Points to note:\n\n- square one\n- square two"),
                one(
                    "2c",
                    "Wise",
                    "Informed pupils",
                    "- First point\n  - second level point\n  - another second level point",
                ),
                one("2d", "Kind", "Kind pupils", "- Drawn point\n- Symbol point"),
                one("2e", "Bold", "Bold pupils", "- One in a line\n- Two in a line"),
            ),
            columns=CITY,
        )

    return (
        body,
        Parts(),
        [
            made("- Dash point\n- Second dash with a line break"),
            made("- Dash point\n- Second dash\n\nwith a line break"),
            made("- Dash point\n- Second dash\n\n  with a line break"),
        ],
    )


def deep_lists_subheads_and_a_small_table() -> Document:
    said = "End of Year Update for 2018-2019"
    columns = ["Outcomes", "Performance measures", said, "Lead organisation"]
    small = table(
        row("Year", "Number", "Rate"),
        row("2017/18", "204", "3.1%"),
        row("2018/19", "188", "2.9%"),
        widths=[900] * 3,
    )
    body = [
        title("Nested City Plan"),
        heading("Priority 1. Belonging"),
        table(
            head(*columns),
            row(
                first("1a: Included"),
                "i) Exclusions",
                cell(
                    [
                        para(bold("Performance update")),
                        para("Exclusions fell", foot(2), ", as shown:"),
                        small,
                        para(bold("Actions taken")),
                        numbered_by_word(2, "Panels reviewed:"),
                        bullet("fixed term cases", level=1),
                        bullet("managed moves", level=1),
                        numbered_by_word(2, "Training given"),
                        para("See ", link("the strategy"), " and ", italic("Every Child"), "."),
                    ]
                ),
                "City Council / Learning Trust",
            ),
            row(
                down(),
                "ii) Bullying",
                cell(
                    [
                        bullet("Survey done"),
                        bullet("in primaries", level=1),
                        bullet("by year six", level=2),
                        bullet("Results due"),
                    ]
                ),
                "Learning Trust *jointly with the Youth Council",
            ),
        ),
    ]
    text = (
        "**Performance update**\n\nExclusions fell{}, as shown:\n\n"
        "| Year | Number | Rate |\n| --- | --- | --- |\n"
        "| 2017/18 | 204 | 3.1% |\n| 2018/19 | 188 | 2.9% |\n\n**Actions taken**\n\n1. Panels reviewed:\n"
        "   - fixed term cases\n   - managed moves\n2. Training given\n\nSee {} and *Every Child*.{}"
    )
    linked = "[the strategy](https://www.example.gov.uk/plan)"
    note = "Provisional figures."

    def made(first_update: str) -> dict[str, Any]:
        return plan(
            "Nested City Plan",
            priority(
                "1",
                "Belonging",
                outcome(
                    "1a",
                    "Included",
                    [
                        measure("Exclusions", "i", leads("City Council", "Learning Trust")),
                        measure(
                            "Bullying",
                            "ii",
                            [
                                lead(
                                    "Learning Trust",
                                    note=OneOf(
                                        "jointly with the Youth Council", "*jointly with the Youth Council"
                                    ),
                                )
                            ],
                        ),
                    ],
                    updates=[
                        update(first_update, ["i"], said),
                        update(
                            "- Survey done\n  - in primaries\n    - by year six\n- Results due", ["ii"], said
                        ),
                    ],
                ),
            ),
            columns=columns,
            names="Priority/Outcome/Performance measure",
        )

    feet = ("", "[^1]", f" ({note})")
    ends = ("", f"\n\n[^1]: {note}", f"\n\n{note}")
    truths = [
        made(text.format(mark, to, end)) for mark in feet for to in (linked, "the strategy") for end in ends
    ]
    return body, Parts(footnotes={2: note}), truths


def fields_hidden_words_and_hyphens() -> Document:
    body = [
        para(field_words('TOC \\o "1-2"', "")),
        title("Fields plan"),
        para(
            "Published by ",
            simple_field("DOCPROPERTY Company", "Elm Council"),
            " on ",
            field_words('DATE \\@ "d MMMM"', "4 June"),
            ".",
        ),
        para("Priority ", field_words("SEQ Priority", "1"), ": Nurtured", style="Heading1"),
        table(
            head(*CITY),
            row(
                "1a: Loved",
                X(
                    "<w:tc><w:tcPr/><w:p><w:r><w:t>i) Non</w:t><w:noBreakHyphen/>"
                    "<w:t>elective admis</w:t><w:softHyphen/><w:t>sions</w:t></w:r></w:p></w:tc>"
                ),
                cell(
                    [
                        para(
                            "Rose to ",
                            field_words("= 2*3 \\# 0", "6"),
                            " in ",
                            X(
                                '<w:smartTag w:uri="x" w:element="place">'
                                "<w:r><w:t>Elm</w:t></w:r></w:smartTag>"
                            ),
                            " and ",
                            shattered("stayed there all year"),
                            X('<w:bookmarkStart w:id="0" w:name="x"/>'),
                            ".",
                        ),
                        para(run("See A*-C and x_y_z and 3 < 4.")),
                    ]
                ),
                "Elm CCG",
            ),
            row(
                "1b: Heard",
                "i) Children at reviews",
                cell([para(commented(3, "Nine in ten came."))]),
                cell([para("Elm Council", run("", "vanish"))]),
            ),
        ),
    ]
    said = OneOf(None, "Update")
    truth = plan(
        "Fields plan",
        priority(
            "1",
            "Nurtured",
            outcome(
                "1a",
                "Loved",
                [measure("Non-elective admissions", "i", leads("Elm CCG"))],
                updates=[
                    update(
                        "Rose to 6 in Elm and stayed there all year.\n\nSee A\\*-C and x_y_z and 3 < 4.",
                        ["i"],
                        said,
                    )
                ],
            ),
            outcome(
                "1b",
                "Heard",
                [measure("Children at reviews", "i", leads("Elm Council"))],
                updates=[update("Nine in ten came.", ["i"], said)],
            ),
        ),
        introduction="Published by Elm Council on 4 June.",
        columns=CITY,
    )
    return body, Parts(comments={3: "Please check with the reviewing officers"}), [truth]


def labels_in_header_and_words_in_boxes() -> Document:
    body = [
        para(text_box(para("Working together for every child"))),
        title("Riverside Plan 2019-2022"),
        heading("Introduction"),
        para("Partners agreed three aims."),
        bullet("Listen"),
        bullet("Act"),
        para("They are reviewed yearly."),
        heading("Priority 1. Heard"),
        para("What are we aiming for?", style="Heading2"),
        para("Children tell us what matters."),
        para("How will we measure success?", style="Heading2"),
        bullet("More children take part"),
        bullet("Adults say what changed"),
        table(
            head(*CITY),
            row(
                "1a: Voice",
                "i) Children consulted",
                cell(
                    [
                        para("Up by ", bold("a third"), "."),
                        para(text_box(para("Case study: Asha led a review."))),
                    ]
                ),
                "Riverside Council – Pat Lowe",
            ),
        ),
    ]

    def made(text: str, introduction: str) -> dict[str, Any]:
        return plan(
            "Riverside Plan 2019-2022",
            priority(
                "1",
                "Heard",
                outcome(
                    "1a",
                    "Voice",
                    [measure("Children consulted", "i", [lead("Riverside Council", "Pat Lowe")])],
                    updates=[update(text, ["i"], OneOf(None, "Update"))],
                ),
                outcomes_sought=["Children tell us what matters."],
                success_criteria=["More children take part", "Adults say what changed"],
            ),
            document_label=OneOf("Appendix C V2 (04.03.2019)", None),
            introduction=introduction,
            columns=CITY,
        )

    intro = "Partners agreed three aims.\n\n- Listen\n- Act\n\nThey are reviewed yearly."
    moto = "Working together for every child"
    intros = (
        intro,
        f"{moto}\n\n{intro}",
        f"**Introduction**\n\n{intro}",
        f"{moto}\n\n**Introduction**\n\n{intro}",
    )
    text = "Up by **a third**."
    case = "Case study: Asha led a review."
    truths = [made(t, i) for t in (f"{text}\n\n{case}", text) for i in intros]
    return body, Parts(header="Appendix C V2 (04.03.2019)", footer="Page 1 of 9"), truths


def leads_of_every_kind() -> Document:
    cells: list[tuple[Any, list[dict[str, Any]]]] = [
        ("Oak Council Jane Smith / Ravi Patel", [lead("Oak Council", "Jane Smith", "Ravi Patel")]),
        (["Oak Council", "Oak CCG", "Police"], leads("Oak Council", "Oak CCG", "Police")),
        (
            "Jane Smith (Oak Council) / Owen Pugh (Oak CCG)",
            [lead("Oak Council", "Jane Smith"), lead("Oak CCG", "Owen Pugh")],
        ),
        ("Oak Council and Oak CCG", leads("Oak Council", "Oak CCG")),
        ("Head of Youth Justice", [lead(None, "Head of Youth Justice")]),
        ("TBC", leads("TBC")),
        (
            ["Oak Council: Jane Smith", "Oak CCG: Owen Pugh"],
            [lead("Oak Council", "Jane Smith"), lead("Oak CCG", "Owen Pugh")],
        ),
        ("Oak Council – Jane Smith & Ravi Patel", [lead("Oak Council", "Jane Smith", "Ravi Patel")]),
        (
            "NHS England commissions this; Oak Council can only give the figures",
            [lead(None, note="NHS England commissions this; Oak Council can only give the figures")],
        ),
        (["Oak Council", "Jane Smith", "Ravi Patel"], [lead("Oak Council", "Jane Smith", "Ravi Patel")]),
        ("Jane Smith", [lead(None, "Jane Smith")]),
        (
            "District and Borough Councils, Schools and Oak Hospital NHS Trust",
            leads("District and Borough Councils", "Schools", "Oak Hospital NHS Trust"),
        ),
        ("Jane Smith, Oak Council", [lead("Oak Council", "Jane Smith")]),
        ("Lead: Oak Council", leads("Oak Council")),
    ]
    letters = "abcdefghijklmnop"
    body = [
        title("Oak Plan"),
        heading("Priority 1. Led"),
        table(
            head(*CITY),
            *(
                row(f"1{letters[n]}: Outcome number {n}", f"i) Measure number {n}", f"Words {n}.", words)
                for n, (words, _) in enumerate(cells)
            ),
        ),
    ]
    truth = plan(
        "Oak Plan",
        priority(
            "1",
            "Led",
            *(
                outcome(
                    f"1{letters[n]}",
                    f"Outcome number {n}",
                    [measure(f"Measure number {n}", "i", by)],
                    updates=[update(f"Words {n}.", ["i"], OneOf(None, "Update"))],
                )
                for n, (_, by) in enumerate(cells)
            ),
        ),
        columns=CITY,
    )
    return body, Parts(), [truth]


ALL = (
    tracked_changes_everywhere,
    content_controls_everywhere,
    bullets_typed_in_many_ways,
    deep_lists_subheads_and_a_small_table,
    fields_hidden_words_and_hyphens,
    labels_in_header_and_words_in_boxes,
    leads_of_every_kind,
)
