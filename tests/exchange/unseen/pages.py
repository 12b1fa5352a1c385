"""Rows, titles and updates that pages cut; codes of several steps; codes that Word counts.

Every function gives a document's body, the parts beside it and the readings that are right.
"""

from __future__ import annotations

from tests.exchange.unseen.truth import OneOf, action, leads, measure, outcome, plan, priority, update
from tests.exchange.unseen.words import (
    CITY,
    Document,
    Parts,
    bold,
    bullet,
    cell,
    down,
    first,
    head,
    heading,
    numbered_by_word,
    para,
    row,
    section_break,
    table,
    title,
)


def blanks_for_merges_and_rows_over_pages() -> Document:
    columns = ["Outcome", "Performance indicator", "Key actions", "Lead agency"]
    body = [
        title("Fenland Young People’s Plan"),
        heading("Priority 1. Safe and supported"),
        table(
            head(*columns, repeat=False),
            row(
                "1a: Families get help early",
                "Number of early help assessments",
                "• Train school leads\n• Open a front door",
                "Fenland Council",
            ),
            row("", "Number of families stepped down", "", ""),
            row(
                "",
                "Percentage of plans closed with needs met",
                "Sample ten cases a month with the voice of the child",
                "Fenland Council",
            ),
            head(*columns, repeat=False),
            row("", "", "and of the parents in every one of them", ""),
            row("1b: Fewer children come into care", "Rate of children in care per 10,000", "TBC", "TBC"),
            head(*columns, repeat=False),
            row("", "Number of adoptions", "Recruit adopters from all communities", "Fenland Council"),
        ),
        heading("Priority 2. Healthy"),
        table(
            head(*columns, repeat=False),
            row(
                "2a: Healthy weight",
                "% of year 6 children who are obese",
                "Run the daily mile in",
                "Public Health",
            ),
            row("", "", "every primary school", ""),
        ),
    ]
    council = leads("Fenland Council")
    truth = plan(
        "Fenland Young People’s Plan",
        priority(
            "1",
            "Safe and supported",
            outcome(
                "1a",
                "Families get help early",
                [
                    measure("Number of early help assessments", None, council),
                    measure("Number of families stepped down", None, council),
                    measure("Percentage of plans closed with needs met", None, council),
                ],
                actions=[
                    action("Train school leads", on=["1", "2"]),
                    action("Open a front door", on=["1", "2"]),
                    action(
                        "Sample ten cases a month with the voice of the child "
                        "and of the parents in every one of them",
                        on=["3"],
                    ),
                ],
            ),
            outcome(
                "1b",
                "Fewer children come into care",
                [
                    measure("Rate of children in care per 10,000", None, leads("TBC")),
                    measure("Number of adoptions", None, council),
                ],
                actions=[action("TBC", on=["1"]), action("Recruit adopters from all communities", on=["2"])],
            ),
        ),
        priority(
            "2",
            "Healthy",
            outcome(
                "2a",
                "Healthy weight",
                [measure("% of year 6 children who are obese", None, leads("Public Health"))],
                actions=[action("Run the daily mile in every primary school", on=["1"])],
            ),
        ),
        columns=columns,
        names="Priority/Outcome/Performance indicator",
    )
    return body, Parts(), [truth]


def row_over_a_page_in_mid_word_of_every_cell() -> Document:
    """A row continued on the next page in several cells at once; actions grouped under headings."""
    columns = ["Outcomes", "Performance measures", "Key actions suggested to date", "Lead organisation"]
    body = [
        para("Appendix 4"),
        title("Draft Action Plan 2014-15"),
        para("Please note that this plan is in draft."),
        heading("Priority 4. Strong families"),
        table(
            head(*columns),
            row(
                "4a: Parents feel confident and",
                "Number of families",
                cell(
                    [
                        para(bold("Support to parents")),
                        bullet("Run groups in every ward and"),
                    ]
                ),
                "City Council and",
            ),
            head(*columns),
            row(
                "equipped to cope",
                "supported by mentors",
                cell([para("on line"), para(bold("Support to schools")), bullet("Train staff")]),
                "Families Trust",
            ),
            row(
                "4b: Parents work",
                "Placeholder for measure on worklessness",
                "To be confirmed once measure is in place",
                "To be confirmed",
            ),
        ),
    ]
    truth = plan(
        "Draft Action Plan 2014-15",
        priority(
            "4",
            "Strong families",
            outcome(
                "4a",
                "Parents feel confident and equipped to cope",
                [
                    measure(
                        "Number of families supported by mentors",
                        None,
                        leads("City Council", "Families Trust"),
                    )
                ],
                actions=[
                    action("**Support to parents**\n\n- Run groups in every ward and on line", on=["1"]),
                    action("**Support to schools**\n\n- Train staff", on=["1"]),
                ],
            ),
            outcome(
                "4b",
                "Parents work",
                [
                    measure(
                        "Placeholder for measure on worklessness",
                        None,
                        leads("To be confirmed"),
                        placeholder=True,
                    )
                ],
                actions=[action("To be confirmed once measure is in place", on=["1"])],
            ),
        ),
        document_label="Appendix 4",
        status="draft",
        introduction="Please note that this plan is in draft.",
        columns=columns,
    )
    return body, Parts(), [truth]


def long_update_over_several_pages() -> Document:
    """One update runs over three pages: the headings come again, in the second the outcome as well."""
    said = "Commentary 2018-19"
    columns = ["Outcome", "Measure", said, "Lead"]
    body = [
        title("Elder Plan 2018-19"),
        heading("Priority 2: Resilient"),
        table(
            head(*columns, repeat=False),
            row(
                "2a: Confident young people",
                "i) Youth club members",
                cell([bullet("Clubs opened in Elder and Ash."), bullet("Members chose the colours of the")]),
                "Elder Council",
            ),
            head(*columns, repeat=False),
            row(
                "2a: Confident young people",
                "i) Youth club members (continued)",
                cell([para("walls and the music."), bullet("A third club is planned.")]),
                "",
            ),
            head(*columns, repeat=False),
            row("", "", cell([bullet("Costs were met by sponsors.")]), ""),
            row("", "ii) Volunteers", "Sixty.", "Elder Council"),
        ),
    ]
    council = leads("Elder Council")
    truth = plan(
        "Elder Plan 2018-19",
        priority(
            "2",
            "Resilient",
            outcome(
                "2a",
                "Confident young people",
                [measure("Youth club members", "i", council), measure("Volunteers", "ii", council)],
                updates=[
                    update(
                        "- Clubs opened in Elder and Ash.\n"
                        "- Members chose the colours of the walls and the music.\n"
                        "- A third club is planned.\n- Costs were met by sponsors.",
                        ["i"],
                        said,
                    ),
                    update("Sixty.", ["ii"], said),
                ],
            ),
        ),
        columns=columns,
    )
    return body, Parts(), [truth]


def codes_in_three_steps() -> Document:
    """1, 1.1 and 1.1.1; actions as plain paragraphs with dates by position; a table cut without headings."""
    columns = ["Outcome", "Performance measure", "What we will do", "When", "Who"]
    body = [
        title("Birch Plan"),
        heading("1. Early years"),
        table(
            head(*columns),
            row(
                first("1.1 School readiness"),
                "1.1.1 Good level of development",
                ["Open nursery places", "Train practitioners"],
                ["May 2018", "June 2018"],
                "Early Years Team",
            ),
            row(down(), "1.1.2 Take-up at two", "Write to parents", "Termly", "Family Information Service"),
            widths=[2400] * 5,
        ),
        section_break(),
        table(
            row(
                "1.2 Speech and language",
                "1.2.1 Children screened",
                "Screen at two",
                "From Sept 2018",
                "Health Visiting Service",
            ),
            widths=[2400] * 5,
        ),
        heading("2. Schools"),
        table(
            head(*columns),
            row("2.1 Attendance", "2.1.1 Persistent absence", "Call on first day", "Ongoing", "Schools"),
            widths=[2400] * 5,
        ),
    ]
    truth = plan(
        "Birch Plan",
        priority(
            "1",
            "Early years",
            outcome(
                "1.1",
                "School readiness",
                [
                    measure("Good level of development", "1.1.1", leads("Early Years Team")),
                    measure("Take-up at two", "1.1.2", leads("Family Information Service")),
                ],
                actions=[
                    action("Open nursery places", "May 2018", on=["1.1.1"]),
                    action("Train practitioners", "June 2018", on=["1.1.1"]),
                    action("Write to parents", "Termly", on=["1.1.2"]),
                ],
            ),
            outcome(
                "1.2",
                "Speech and language",
                [measure("Children screened", "1.2.1", leads("Health Visiting Service"))],
                actions=[action("Screen at two", "From Sept 2018", on=["1.2.1"])],
            ),
        ),
        priority(
            "2",
            "Schools",
            outcome(
                "2.1",
                "Attendance",
                [measure("Persistent absence", "2.1.1", leads("Schools"))],
                actions=[action("Call on first day", "Ongoing", on=["2.1.1"])],
            ),
        ),
        columns=columns,
    )
    return body, Parts(), [truth]


def codes_by_word_in_the_cells() -> Document:
    """Outcome and measure codes that only numbering.xml knows; odd codes typed beside them."""
    lists = {
        20: (("lowerLetter", "1%1:", ""),),
        21: (("lowerRoman", "%1)", ""),),
        22: (("lowerRoman", "%1)", ""),),
        23: (("decimal", "P%1 –", ""),),
    }
    body = [
        title("Auto numbered plan"),
        numbered_by_word(23, "Fair chances", style="Heading1"),
        table(
            head(*CITY),
            row(
                first(numbered_by_word(20, "Ready for school")),
                cell(numbered_by_word(21, "Good level of development")),
                "66%.",
                "Council",
            ),
            row(down(), cell(numbered_by_word(21, "Two year olds in nursery")), "70%.", "Council"),
            row(
                cell(numbered_by_word(20, "Ready for work")),
                cell(numbered_by_word(22, "NEET at 17")),
                "4%.",
                "Careers Service",
            ),
        ),
        numbered_by_word(23, "Fair starts", style="Heading1"),
        table(
            head(*CITY), row("2.a: Warm homes", "(iii) Fuel poor families", "Placeholder for data", "Housing")
        ),
    ]
    said = OneOf(None, "Update")
    truth = plan(
        "Auto numbered plan",
        priority(
            OneOf("P1", "1"),
            "Fair chances",
            outcome(
                "1a",
                "Ready for school",
                [
                    measure("Good level of development", "i", leads("Council")),
                    measure("Two year olds in nursery", "ii", leads("Council")),
                ],
                updates=[update("66%.", ["i"], said), update("70%.", ["ii"], said)],
            ),
            outcome(
                "1b",
                "Ready for work",
                [measure("NEET at 17", "i", leads("Careers Service"))],
                updates=[update("4%.", ["i"], said)],
            ),
        ),
        priority(
            OneOf("P2", "2"),
            "Fair starts",
            outcome(
                "2.a",
                "Warm homes",
                [measure("Fuel poor families", "iii", leads("Housing"))],
                updates=[update("Placeholder for data", ["iii"], said)],
            ),
        ),
        columns=CITY,
    )
    return body, Parts(lists=lists), [truth]


ALL = (
    blanks_for_merges_and_rows_over_pages,
    row_over_a_page_in_mid_word_of_every_cell,
    long_update_over_several_pages,
    codes_in_three_steps,
    codes_by_word_in_the_cells,
)
