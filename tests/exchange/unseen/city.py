"""Tables in the city's shape: outcomes, measures, an update or actions, leads.

Every function gives a document's body, the parts beside it and the readings that are right.
"""

from __future__ import annotations

from tests.exchange.unseen.truth import OneOf, action, lead, leads, measure, outcome, plan, priority, update
from tests.exchange.unseen.words import (
    PAGE_BREAK,
    Document,
    Parts,
    X,
    bold,
    bullet,
    cell,
    down,
    first,
    head,
    heading,
    italic,
    link,
    para,
    row,
    run,
    section_break,
    shattered,
    table,
    title,
)


def city_table_in_other_words_and_order() -> Document:
    said = "Progress update – Q3 2017/18"
    body = [
        para("Appendix B – Draft v3"),
        title("Ashworth Children’s Partnership Action Plan 2017-2020"),
        para(bold("PRIORITY ONE – Keeping children safe")),
        table(
            head("Responsible", "Aim", "Indicator", said),
            row(
                "Borough Council\nMary Okafor",
                first("1a Children are safe at home"),
                "i. Number of repeat referrals within 12 months",
                [
                    bullet("Repeat referrals fell to 19% in the quarter."),
                    bullet("A second audit is under way."),
                ],
            ),
            row(
                "Ashworth Police / Borough Council",
                down(),
                "ii. Number of children missing from home",
                [para("There were 84 episodes, ", bold("all"), " of which were followed up.")],
            ),
            row(
                "Borough Council",
                "1b Children in care are settled",
                "i. Percentage of children in care with three or more moves",
                "8.2%, against a target of 9%.",
            ),
        ),
        para(bold("PRIORITY TWO – Growing up healthy")),
        table(
            head("Responsible", "Aim", "Indicator", said),
            row(
                "NHS Ashworth CCG",
                "2a Babies get the best start",
                "i. Breastfeeding at 6-8 weeks",
                "Data due in May.",
            ),
        ),
    ]
    one = priority(
        OneOf("1", "ONE", "One"),
        "Keeping children safe",
        outcome(
            "1a",
            "Children are safe at home",
            [
                measure(
                    "Number of repeat referrals within 12 months",
                    "i",
                    [lead("Borough Council", "Mary Okafor")],
                ),
                measure(
                    "Number of children missing from home", "ii", leads("Ashworth Police", "Borough Council")
                ),
            ],
            updates=[
                update(
                    "- Repeat referrals fell to 19% in the quarter.\n- A second audit is under way.",
                    ["i"],
                    said,
                ),
                update("There were 84 episodes, **all** of which were followed up.", ["ii"], said),
            ],
        ),
        outcome(
            "1b",
            "Children in care are settled",
            [
                measure(
                    "Percentage of children in care with three or more moves", "i", leads("Borough Council")
                )
            ],
            updates=[update("8.2%, against a target of 9%.", ["i"], said)],
        ),
    )
    two = priority(
        OneOf("2", "TWO", "Two"),
        "Growing up healthy",
        outcome(
            "2a",
            "Babies get the best start",
            [measure("Breastfeeding at 6-8 weeks", "i", leads("NHS Ashworth CCG"))],
            updates=[update("Data due in May.", ["i"], said)],
        ),
    )
    truth = plan(
        "Ashworth Children’s Partnership Action Plan 2017-2020",
        one,
        two,
        document_label="Appendix B – Draft v3",
        status=OneOf(None, "draft"),
        columns=["Responsible", "Aim", "Indicator", said],
        names="Priority/Aim/Indicator",
    )
    return body, Parts(), [truth]


def one_table_with_theme_rows() -> Document:
    said = "Position at September 2018"
    columns = ["Outcome", "Measure of success", said, "Lead officer"]

    def theme(words: str) -> X:
        return row(cell(bold(words), span=4))

    body = [
        para(
            "Agenda item 7",
        ),
        title("Children’s Trust: Outcomes Framework"),
        table(
            head(*columns),
            theme("Theme 1: Best start"),
            row(
                first("A. Babies are healthy"),
                "(i) Low birth weight",
                "3.1% in 2017.",
                "Dr Priya Nair (Public Health)",
            ),
            row(
                down(),
                "(ii) Infant mortality",
                cell(
                    "Too few to publish; three-year rate 4.0. Both measures are on the dashboard.",
                    props='<w:vMerge w:val="restart"/>',
                ),
                "Dr Priya Nair (Public Health)",
            ),
            row(down(), "(iii) Smoking at delivery", down(), "Jo Bell (Hospital Trust)"),
            row("B. Toddlers talk", "(i) Speech at two and a half", "", "Sam Dyer (Health Visiting)"),
            theme("Theme 2: Growing up"),
            row(
                "A. Schools are good",
                "(i) Pupils in good schools",
                [para("91%."), para("Two schools await inspection.")],
                "Lee Ward (Council)",
            ),
        ),
    ]
    truth = plan(
        "Children’s Trust: Outcomes Framework",
        priority(
            "1",
            "Best start",
            outcome(
                "A",
                "Babies are healthy",
                [
                    measure("Low birth weight", "i", [lead("Public Health", "Dr Priya Nair")]),
                    measure("Infant mortality", "ii", [lead("Public Health", "Dr Priya Nair")]),
                    measure("Smoking at delivery", "iii", [lead("Hospital Trust", "Jo Bell")]),
                ],
                updates=[
                    update("3.1% in 2017.", ["i"], said),
                    update(
                        "Too few to publish; three-year rate 4.0. Both measures are on the dashboard.",
                        ["ii", "iii"],
                        said,
                    ),
                ],
            ),
            outcome(
                "B",
                "Toddlers talk",
                [measure("Speech at two and a half", "i", [lead("Health Visiting", "Sam Dyer")])],
            ),
        ),
        priority(
            "2",
            "Growing up",
            outcome(
                "A",
                "Schools are good",
                [measure("Pupils in good schools", "i", [lead("Council", "Lee Ward")])],
                updates=[update("91%.\n\nTwo schools await inspection.", ["i"], said)],
            ),
        ),
        document_label="Agenda item 7",
        columns=columns,
        names="Theme/Outcome/Measure of success",
    )
    return body, Parts(), [truth]


def outcome_headings_over_small_tables() -> Document:
    """Priority and outcome stand as headings; the table holds measures only; landscape sections between."""
    said = "Update June 2018"
    columns = ["Performance measure", said, "Lead organisation"]
    body = [
        para(bold("Draft 2")),
        title("Moorland CYPP 2018"),
        heading("Priority A: Be healthy", 1),
        heading("Outcome A1: Good mental health", 2),
        table(
            head(*columns),
            row("Referrals accepted by CAMHS", first("Rose by a tenth.\nWaits fell."), first("Moorland CCG")),
            row("Waits over 18 weeks", down(), down()),
            widths=[4000] * 3,
        ),
        section_break(),
        heading("Outcome A2: Healthy teeth", 2),
        table(
            head(*columns),
            row("Decayed teeth at five", "Survey in autumn.", "Public Health"),
            widths=[4000] * 3,
        ),
        section_break(landscape=False),
        heading("Priority B: Enjoy and achieve", 1),
        heading("Outcome B1: Good attendance", 2),
        table(
            head(*columns),
            row("Persistent absence", shattered("Secondary absence is 13.4%."), "Moorland Council"),
            widths=[4000] * 3,
        ),
    ]
    ccg = leads("Moorland CCG")
    truth = plan(
        "Moorland CYPP 2018",
        priority(
            "A",
            "Be healthy",
            outcome(
                "A1",
                "Good mental health",
                [
                    measure("Referrals accepted by CAMHS", None, ccg),
                    measure("Waits over 18 weeks", None, ccg),
                ],
                updates=[update("Rose by a tenth.\n\nWaits fell.", ["1", "2"], said)],
            ),
            outcome(
                "A2",
                "Healthy teeth",
                [measure("Decayed teeth at five", None, leads("Public Health"))],
                updates=[update("Survey in autumn.", ["1"], said)],
            ),
        ),
        priority(
            "B",
            "Enjoy and achieve",
            outcome(
                "B1",
                "Good attendance",
                [measure("Persistent absence", None, leads("Moorland Council"))],
                updates=[update("Secondary absence is 13.4%.", ["1"], said)],
            ),
        ),
        document_label="Draft 2",
        status=OneOf(None, "draft"),
        columns=columns,
    )
    return body, Parts(), [truth]


def continued_tables_and_page_heads() -> Document:
    """A table broken into two by a page, its heading said again as continued, codes that repeat."""
    said = "End of year report 2016/17"
    columns = ["OUTCOMES", "PERFORMANCE MEASURES", said, "LEAD"]
    body = [
        title("City Plan for Children 2016-17"),
        heading("Priority 3: Achieving", 2),
        table(
            head(*columns),
            row(
                first("3b: Full potential"),
                "iv) Rate of absence in primary schools",
                "Four schools are below 95%. A campaign began in",
                "City Council – Nick Hale",
            ),
            row(down(), "iv) Rate of absence in secondary schools", "Steady.", "City Council – Nick Hale"),
        ),
        PAGE_BREAK,
        heading("Priority 3: Achieving (continued)", 2),
        table(
            head("Outcomes", "Performance measures", said, "Lead"),
            row(
                first("3b (continued)"),
                "v) Exclusions",
                "Fixed term exclusions rose.",
                "City Council – Rose Amin",
            ),
            row(
                down(),
                "vi) Pupils leaving with no qualifications (City Plan target)",
                "0.9%.",
                "City Council – Rose Amin",
            ),
        ),
    ]
    hale, amin = [lead("City Council", "Nick Hale")], [lead("City Council", "Rose Amin")]
    truth = plan(
        "City Plan for Children 2016-17",
        priority(
            "3",
            "Achieving",
            outcome(
                "3b",
                "Full potential",
                [
                    measure("Rate of absence in primary schools", "iv", hale),
                    measure("Rate of absence in secondary schools", "iv", hale),
                    measure("Exclusions", "v", amin),
                    measure(
                        "Pupils leaving with no qualifications (City Plan target)",
                        "vi",
                        amin,
                        flags=OneOf([], ["City Plan target"]),
                    ),
                ],
                updates=[
                    update("Four schools are below 95%. A campaign began in", ["iv"], said),
                    update("Steady.", ["iv-2"], said),
                    update("Fixed term exclusions rose.", ["v"], said),
                    update("0.9%.", ["vi"], said),
                ],
            ),
        ),
    )
    return body, Parts(), [truth]


def outcomes_in_rows_over_all_columns() -> Document:
    """An outcome is a shaded row over the whole table, its measures below it; the heading is in two lines."""
    said = "Six month update (April to September 2018)"
    columns = ["Performance measure", said, "Lead agency"]

    def band(words: str) -> X:
        return row(cell(bold(words), span=3))

    body = [
        para("Item 5"),
        title("Thorpe Children’s Plan"),
        heading("PRIORITY 1"),
        heading("Safe and Secure"),
        table(
            head(*columns),
            band("1a: Children live in safe homes"),
            row("i) Repeat incidents of domestic abuse", "There were 212.", "Thorpe Police"),
            row(
                "ii) Families in temporary housing",
                first("Numbers fell in both months that were counted."),
                "Thorpe Council",
            ),
            row("iii) Evictions", down(), "Thorpe Homes Trust"),
            band("1b: Young people offend less"),
            row("i) First time entrants", "Down by 8%.", "Youth Justice Service"),
            widths=[4000] * 3,
        ),
    ]
    truth = plan(
        "Thorpe Children’s Plan",
        priority(
            "1",
            "Safe and Secure",
            outcome(
                "1a",
                "Children live in safe homes",
                [
                    measure("Repeat incidents of domestic abuse", "i", leads("Thorpe Police")),
                    measure("Families in temporary housing", "ii", leads("Thorpe Council")),
                    measure("Evictions", "iii", leads("Thorpe Homes Trust")),
                ],
                updates=[
                    update("There were 212.", ["i"], said),
                    update("Numbers fell in both months that were counted.", ["ii", "iii"], said),
                ],
            ),
            outcome(
                "1b",
                "Young people offend less",
                [measure("First time entrants", "i", leads("Youth Justice Service"))],
                updates=[update("Down by 8%.", ["i"], said)],
            ),
        ),
        document_label="Item 5",
        columns=columns,
    )
    return body, Parts(), [truth]


def agencies_writing_their_own_sections() -> Document:
    """Sub-headings, a quoted case, another agency's section, an unfinished sentence."""
    said = "Year end report 2017/18"
    columns = ["Lead organisation", said, "Measures", "Outcomes"]
    cell_text = [
        para(shattered("Referrals rose by 4% in the year.")),
        para(bold("Update from "), bold("Larch Police")),
        bullet("Officers visited ", italic("every"), " school"),
        bullet("Two operations ran:"),
        bullet("in the park", level=1),
        bullet("at the station", level=1),
        para(bold("Case study:")),
        para("“A young person said the visit helped."),
        para("She is back at school.”"),
        para("Further work is planned with"),
    ]
    body = [
        para(run("Larch Safeguarding Plan: Year End Report", "b")),
        para("Priority 3. Protected", style="Heading2"),
        table(
            head(*columns),
            row(
                [para(link("Larch Council")), para("Mary Shah")],
                cell(cell_text),
                cell([para(bold("ii."), " Referrals ", italic("to the hub"))]),
                first("3a) Children at risk are seen"),
            ),
            row("Larch CCG – Joe Hunt/Priya Nair", "Nil return.", "iii. Health assessments", down()),
        ),
    ]
    text = (
        "Referrals rose by 4% in the year.\n\n**Update from Larch Police**\n\n"
        "- Officers visited *every* school\n"
        "- Two operations ran:\n  - in the park\n  - at the station\n\n**Case study:**\n\n"
        "“A young person said the visit helped.\n\n"
        "She is back at school.”\n\nFurther work is planned with"
    )
    truth = plan(
        "Larch Safeguarding Plan: Year End Report",
        priority(
            "3",
            "Protected",
            outcome(
                "3a",
                "Children at risk are seen",
                [
                    measure("Referrals to the hub", "ii", [lead("Larch Council", "Mary Shah")]),
                    measure("Health assessments", "iii", [lead("Larch CCG", "Joe Hunt", "Priya Nair")]),
                ],
                updates=[update(text, ["ii"], said), update("Nil return.", ["iii"], said)],
            ),
        ),
        columns=columns,
    )
    return body, Parts(), [truth]


def city_draft_with_blank_cells_and_lists() -> Document:
    """The city's draft shape, unmerged: blanks for merges in three columns, bullets typed and by Word."""
    columns = ["Outcomes", "Performance measures", "Key actions suggested to date", "Lead organisation"]
    body = [
        para("Appendix 2b"),
        title("Young People’s Plan 2015-16: Action Plan"),
        para("This plan is in draft. Partners will add to it."),
        para("Priority 2 – Promoting health", style="Heading2"),
        table(
            head(*columns, repeat=False),
            row(
                "2a: Healthy babies",
                "% of women smoking at delivery",
                cell(
                    [
                        para("•\tRefresh the pathway"),
                        para("•\tTrain midwives in:"),
                        para("\to\tbrief advice"),
                        para("\to\tmonitoring"),
                    ]
                ),
                "City CCG",
            ),
            row(
                "", "% breastfeeding at 6-8 weeks", cell([bullet("Keep the peer supporters")]), "City Council"
            ),
            row("", "Infant deaths per 1,000", "TBC", ""),
            row(
                "2b: Healthy habits",
                "% of year 6 who are obese (City Plan target)",
                "Expand cook and eat",
                "City Council",
            ),
            row(
                "", "Placeholder for a measure of activity", "To be confirmed once measure is in place", "TBC"
            ),
        ),
    ]
    truth = plan(
        "Young People’s Plan 2015-16: Action Plan",
        priority(
            "2",
            "Promoting health",
            outcome(
                "2a",
                "Healthy babies",
                [
                    measure("% of women smoking at delivery", None, leads("City CCG")),
                    measure("% breastfeeding at 6-8 weeks", None, leads("City Council")),
                    measure("Infant deaths per 1,000", None, leads("City Council")),
                ],
                actions=[
                    action("Refresh the pathway", on=["1"]),
                    action("Train midwives in:\n\n- brief advice\n- monitoring", on=["1"]),
                    action("Keep the peer supporters", on=["2"]),
                    action("TBC", on=["3"]),
                ],
            ),
            outcome(
                "2b",
                "Healthy habits",
                [
                    measure(
                        "% of year 6 who are obese (City Plan target)",
                        None,
                        leads("City Council"),
                        flags=["City Plan target"],
                    ),
                    measure("Placeholder for a measure of activity", None, leads("TBC"), placeholder=True),
                ],
                actions=[
                    action("Expand cook and eat", on=["1"]),
                    action("To be confirmed once measure is in place", on=["2"]),
                ],
            ),
        ),
        document_label="Appendix 2b",
        status="draft",
        introduction="This plan is in draft. Partners will add to it.",
        columns=columns,
        names="Priority/Outcome/Performance measure",
    )
    return body, Parts(), [truth]


ALL = (
    city_table_in_other_words_and_order,
    one_table_with_theme_rows,
    outcome_headings_over_small_tables,
    continued_tables_and_page_heads,
    outcomes_in_rows_over_all_columns,
    agencies_writing_their_own_sections,
    city_draft_with_blank_cells_and_lists,
)
