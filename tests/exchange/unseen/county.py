"""Tables in the county's shape: activities, plans, groups, leads, dated actions, measures.

Every function gives a document's body, the parts beside it and the readings that are right.
"""

from __future__ import annotations

from tests.exchange.unseen.truth import action, lead, leads, measure, outcome, plan, priority
from tests.exchange.unseen.words import (
    DECIMAL,
    FIRST,
    PAGE_BREAK,
    Document,
    Parts,
    X,
    bold,
    bullet,
    cell,
    head,
    heading,
    numbered_by_word,
    para,
    row,
    table,
    title,
)


def county_table_in_questions() -> Document:
    lists = dict.fromkeys((11, 12, 13), DECIMAL) | {10: (("decimal", "Priority %1:", ""),)}
    opening = "This plan sets out what partners will do in the first year. It is reviewed each quarter."
    columns = ["Objective", "What will we do", "By whom", "By when", "How will we know"]

    def heading_by_word(words: str) -> X:
        return numbered_by_word(10, words, style="Heading1")

    body = [
        title("Delivery plan 2017-18"),
        para(opening),
        heading_by_word("Starting well"),
        table(
            head(*columns),
            row(
                "1. Better take-up of early education",
                [
                    numbered_by_word(11, "Visit every family at two"),
                    numbered_by_word(11, "Train forty childminders"),
                ],
                "Early Years Service\nHealth Visiting",
                "1. June 2017\n2. By end of March 2018",
                [bullet("Take-up rises to 80%"), bullet("All wards within five points of the county")],
            ),
            row(
                "2. Ready to read",
                [
                    numbered_by_word(12, "Open two library story rooms"),
                    numbered_by_word(12, "Give each child a book"),
                ],
                "Library Service",
                "Ongoing",
                [bullet("Loans to under fives grow")],
            ),
        ),
        heading_by_word("Staying well"),
        table(
            head(*columns),
            row(
                "1. Quicker help for worried young people",
                [numbered_by_word(13, "Open a drop-in"), numbered_by_word(13, "Publish one number")],
                "CAMHS, School Nursing and Youth Service",
                "September 2017\nJanuary 2018",
                [bullet("Waits under six weeks")],
            ),
        ),
    ]
    truth = plan(
        "Delivery plan 2017-18",
        priority(
            "1",
            "Starting well",
            outcome(
                "1",
                "Better take-up of early education",
                [measure("Take-up rises to 80%"), measure("All wards within five points of the county")],
                leads=leads("Early Years Service", "Health Visiting"),
                actions=[
                    action("Visit every family at two", "June 2017", "1"),
                    action("Train forty childminders", "By end of March 2018", "2"),
                ],
            ),
            outcome(
                "2",
                "Ready to read",
                [measure("Loans to under fives grow")],
                leads=leads("Library Service"),
                actions=[
                    action("Open two library story rooms", "Ongoing", "1"),
                    action("Give each child a book", "Ongoing", "2"),
                ],
            ),
        ),
        priority(
            "2",
            "Staying well",
            outcome(
                "1",
                "Quicker help for worried young people",
                [measure("Waits under six weeks")],
                leads=leads("CAMHS", "School Nursing", "Youth Service"),
                actions=[
                    action("Open a drop-in", "September 2017", "1"),
                    action("Publish one number", "January 2018", "2"),
                ],
            ),
        ),
        introduction=opening,
        columns=columns,
    )
    return body, Parts(lists=lists), [truth]


def heading_in_the_first_row_of_each_table() -> Document:
    columns = ["Ref", "Key activity", "Key actions", "Timescale", "Lead agency", "KPI"]

    def block(words: str, *rows: X) -> X:
        return table(
            row(cell(bold(words), span=6)), head(*columns), *rows, widths=[900, 3000, 3000, 2000, 2000, 3000]
        )

    body = [
        title("Hillshire Children’s Plan – Year 2 delivery"),
        block(
            "Strategic Priority 1 – Early help that works",
            row(
                "1.1",
                "Redesign the front door",
                ["1. Map demand", "2. Move teams together"],
                ["1. May 2018", "2. Autumn 2018"],
                "County Council",
                "Contacts answered in a day",
            ),
            row(
                "1.2",
                "Grow the parenting offer",
                ["1. Train facilitators"],
                "Sept 2018",
                "County Council; Barnardo’s",
                ["Parents completing", "Parents reporting change"],
            ),
        ),
        para(""),
        block(
            "Strategic Priority 2 – Skills for life",
            row(
                "2.1",
                "Careers advice for all",
                ["1. Sign up 40 employers", "2. Hold a county fair"],
                "July 2018",
                "Hillshire Careers",
                "Young people not in education or work",
            ),
        ),
    ]
    truth = plan(
        "Hillshire Children’s Plan – Year 2 delivery",
        priority(
            "1",
            "Early help that works",
            outcome(
                "1.1",
                "Redesign the front door",
                [measure("Contacts answered in a day")],
                leads=leads("County Council"),
                actions=[
                    action("Map demand", "May 2018", "1"),
                    action("Move teams together", "Autumn 2018", "2"),
                ],
            ),
            outcome(
                "1.2",
                "Grow the parenting offer",
                [measure("Parents completing"), measure("Parents reporting change")],
                leads=leads("County Council", "Barnardo’s"),
                actions=[action("Train facilitators", "Sept 2018", "1")],
            ),
        ),
        priority(
            "2",
            "Skills for life",
            outcome(
                "2.1",
                "Careers advice for all",
                [measure("Young people not in education or work")],
                leads=leads("Hillshire Careers"),
                actions=[
                    action("Sign up 40 employers", "July 2018", "1"),
                    action("Hold a county fair", "July 2018", "2"),
                ],
            ),
        ),
        columns=columns,
        names="Strategic Priority/Key activity/KPI",
    )
    return body, Parts(), [truth]


def county_shape_with_plans_and_groups() -> Document:
    columns = [
        "Governance",
        "Key Activity",
        "Strategic Plan",
        "Key Performance Measures",
        "Date",
        "Key Actions",
        "Lead and partners",
    ]
    body = [
        title("Downs Delivery Plan"),
        heading("Priority 1 - Safe"),
        para(bold("Our outcomes")),
        bullet("Children are protected from:"),
        bullet("neglect", level=1),
        bullet("exploitation", level=1),
        bullet("Care leavers do well"),
        para(bold("What success looks like")),
        bullet("Fewer repeat plans"),
        table(
            head(*columns),
            row(
                ["Safeguarding Board", "Corporate Parenting Panel"],
                "1. Tackle neglect",
                "Neglect Strategy (2017-2020)",
                [bullet("Use of the toolkit"), bullet("Audit grades")],
                ["1. Oct 2017", "2. Between May and July 2018", "3. Ongoing"],
                ["1. Launch the toolkit", "2. Train 300 staff", "3. Audit cases"],
                ["DCC – Children’s Social Care", "Health providers", "Schools"],
            ),
            row(
                "Leaving Care Group",
                "2. a) Homes and b) jobs for care leavers",
                ["a) Housing Strategy", "b) Skills Plan"],
                "Care leavers in suitable homes",
                "March 2018",
                ["1. Sign a protocol", "2. Offer ten apprenticeships"],
                "DCC, District Councils",
            ),
            widths=[2000] * 7,
        ),
    ]
    truth = plan(
        "Downs Delivery Plan",
        priority(
            "1",
            "Safe",
            outcome(
                "1",
                "Tackle neglect",
                [measure("Use of the toolkit"), measure("Audit grades")],
                strategic_plans=["Neglect Strategy (2017-2020)"],
                governance_groups=["Safeguarding Board", "Corporate Parenting Panel"],
                leads=leads("DCC – Children’s Social Care", "Health providers", "Schools"),
                actions=[
                    action("Launch the toolkit", "Oct 2017", "1"),
                    action("Train 300 staff", "Between May and July 2018", "2"),
                    action("Audit cases", "Ongoing", "3"),
                ],
            ),
            outcome(
                "2",
                "a) Homes and b) jobs for care leavers",
                [measure("Care leavers in suitable homes")],
                strategic_plans=["a) Housing Strategy", "b) Skills Plan"],
                governance_groups=["Leaving Care Group"],
                leads=leads("DCC", "District Councils"),
                actions=[
                    action("Sign a protocol", "March 2018", "1"),
                    action("Offer ten apprenticeships", "March 2018", "2"),
                ],
            ),
            outcomes_sought=[
                "Children are protected from:\n\n- neglect\n- exploitation",
                "Care leavers do well",
            ],
            success_criteria=["Fewer repeat plans"],
        ),
        columns=columns,
    )
    return body, Parts(), [truth]


def plan_inside_a_frame_with_contents_before_it() -> Document:
    """A typed contents list, a title row over the headings, the plan's table inside a frame table."""
    columns = ["Key activity", "Actions", "Completion date", "Responsible", "Performance indicators"]
    inner = table(
        row(cell(bold("Action plan for Priority 1"), span=5)),
        head(*columns),
        row(
            "1. Raise attainment",
            ["1. Moderate writing", "2. Coach heads"],
            ["1. July 2018", "2. Ongoing"],
            "School Improvement Team",
            [bullet("Key stage 2 combined"), bullet("Progress 8")],
        ),
        row(
            "2. Include every child",
            "1. Review panels",
            "By Easter 2018",
            "Inclusion Service",
            "Exclusions per 1,000",
        ),
        widths=[2400] * 5,
    )
    body = [
        title("Learning Plan 2017-18"),
        para("Contents"),
        para("Priority 1: Learning for all\t2"),
        para("Appendix: Data\t9"),
        PAGE_BREAK,
        heading("Priority 1: Learning for all"),
        para("Outcomes sought:"),
        bullet("Every school is good"),
        para("Success criteria:"),
        bullet("No school below the floor"),
        table(row(cell([inner])), widths=[12000]),
    ]
    truth = plan(
        "Learning Plan 2017-18",
        priority(
            "1",
            "Learning for all",
            outcome(
                "1",
                "Raise attainment",
                [measure("Key stage 2 combined"), measure("Progress 8")],
                leads=leads("School Improvement Team"),
                actions=[action("Moderate writing", "July 2018", "1"), action("Coach heads", "Ongoing", "2")],
            ),
            outcome(
                "2",
                "Include every child",
                [measure("Exclusions per 1,000")],
                leads=leads("Inclusion Service"),
                actions=[action("Review panels", "By Easter 2018", "1")],
            ),
            outcomes_sought=["Every school is good"],
            success_criteria=["No school below the floor"],
        ),
        columns=columns,
    )
    truth.pop("introduction")
    return body, Parts(), [truth]


def numbered_actions_by_word_with_numbered_dates_by_word() -> Document:
    lists = dict.fromkeys((31, 32, 33, 34), DECIMAL)
    columns = [
        "Key activity",
        "Strategic plan",
        "Governance group",
        "Lead organisation",
        "Key actions",
        "Date required by",
        "Key performance measures",
    ]
    body = [
        title("Juniper Delivery 2019"),
        heading("Priority Three – Achieving"),
        para("What do we want to achieve?", style="Heading2"),
        numbered_by_word(33, "Every child reads well"),
        numbered_by_word(33, "Every child counts well"),
        para("How will we know?", style="Heading2"),
        para("Results rise in all wards."),
        table(
            head(*columns),
            row(
                "3.1 Better reading",
                "Literacy Strategy 2018-2021\nLibrary Plan",
                "Learning Board",
                cell([bullet("Juniper Council"), bullet("Schools"), bullet("Library Trust")]),
                cell(
                    [
                        numbered_by_word(31, "Train reading volunteers"),
                        numbered_by_word(31, "in schools", level=1),
                        numbered_by_word(31, "in libraries", level=1),
                        numbered_by_word(31, "Give out books"),
                    ]
                ),
                cell(
                    [numbered_by_word(32, "May 2019"), numbered_by_word(32, "Between June and August 2019")]
                ),
                cell([bullet("Reading at key stage 1"), bullet("Library loans")]),
            ),
            row(
                "3.2 Better counting",
                "Numeracy Strategy",
                "Learning Board",
                "Schools",
                cell([numbered_by_word(34, "Hold maths fairs")]),
                "Ongoing",
                cell([bullet("Maths at key stage 1")]),
            ),
            widths=[2000] * 7,
        ),
    ]
    truth = plan(
        "Juniper Delivery 2019",
        priority(
            "3",
            "Achieving",
            outcome(
                "3.1",
                "Better reading",
                [measure("Reading at key stage 1"), measure("Library loans")],
                strategic_plans=["Literacy Strategy 2018-2021", "Library Plan"],
                governance_groups=["Learning Board"],
                leads=leads("Juniper Council", "Schools", "Library Trust"),
                actions=[
                    action("Train reading volunteers\n\na) in schools\nb) in libraries", "May 2019", "1"),
                    action("Give out books", "Between June and August 2019", "2"),
                ],
            ),
            outcome(
                "3.2",
                "Better counting",
                [measure("Maths at key stage 1")],
                strategic_plans=["Numeracy Strategy"],
                governance_groups=["Learning Board"],
                leads=leads("Schools"),
                actions=[action("Hold maths fairs", "Ongoing", "1")],
            ),
            outcomes_sought=["Every child reads well", "Every child counts well"],
            success_criteria=["Results rise in all wards."],
        ),
        columns=columns,
    )
    truth["priorities"][0]["outcomes"][0]["actions"][0]["text"] = (
        "Train reading volunteers\n\n1. in schools\n2. in libraries"
    )
    return body, Parts(lists=lists), [truth]


def hard_to_align_grid() -> Document:
    """Cells over grid columns that nobody sees, a stray narrow column, a row with fewer cells."""
    columns = ["Aims", "Success measures", "Actions", "Milestone dates", "Partners", "Lead organisation"]

    def line(*cells: X) -> X:
        return X("<w:tr>" + "".join(cells) + "</w:tr>")

    body = [
        title("Willow Plan"),
        heading("THEME ONE: Play"),
        table(
            row(
                *(
                    cell(bold(words), span=span)
                    for words, span in zip(columns, (2, 1, 2, 1, 1, 1), strict=True)
                )
            ),
            line(
                cell("1. More places to play", span=1, props=FIRST),
                cell("Visits to parks", span=2),
                cell([bullet("Mend swings"), bullet("Plant trees")], span=2),
                cell("Spring 2020"),
                cell("Friends of the Park"),
                cell("Willow Council"),
            ),
            line(
                cell("2. Longer hours", span=2),
                cell("Hours open"),
                cell("Hire wardens", span=2),
                cell("Summer 2020"),
                cell("Schools, Police"),
                cell("Willow Council"),
            ),
            widths=[1800, 200, 2000, 1800, 200, 1500, 1500, 1500],
        ),
    ]
    council = lead("Willow Council")
    made = []
    for friends in ([lead("Friends of the Park"), council], [council, lead("Friends of the Park")]):
        for on_measure in (True, False):
            more = leads("Schools", "Police")
            second = [*more, council] if friends[0] != council else [council, *more]
            where_one = {"leads": [] if on_measure else friends}
            where_two = {"leads": [] if on_measure else second}
            made.append(
                plan(
                    "Willow Plan",
                    priority(
                        "1",
                        "Play",
                        outcome(
                            "1",
                            "More places to play",
                            [measure("Visits to parks", None, friends if on_measure else [])],
                            actions=[
                                action("Mend swings", "Spring 2020", on=["1"] if on_measure else []),
                                action("Plant trees", "Spring 2020", on=["1"] if on_measure else []),
                            ],
                            **where_one,
                        ),
                        outcome(
                            "2",
                            "Longer hours",
                            [measure("Hours open", None, second if on_measure else [])],
                            actions=[action("Hire wardens", "Summer 2020", on=["1"] if on_measure else [])],
                            **where_two,
                        ),
                    ),
                    columns=columns,
                )
            )
    return body, Parts(), made


ALL = (
    county_table_in_questions,
    heading_in_the_first_row_of_each_table,
    county_shape_with_plans_and_groups,
    plan_inside_a_frame_with_contents_before_it,
    numbered_actions_by_word_with_numbered_dates_by_word,
    hard_to_align_grid,
)
