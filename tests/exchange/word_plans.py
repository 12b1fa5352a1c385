"""Plans of a county that does not exist, in the four shapes, for tests of the Word import."""

from __future__ import annotations

from typing import Any

Plan = dict[str, Any]


def _lead(organisation: str | None, *people: str, note: str | None = None) -> dict[str, Any]:
    return {"organisation": organisation, "people": list(people), "note": note}


def _measure(
    code: str | None, title: str, *leads: dict[str, Any], key: str | None = None, **more: Any
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": code,
        "title": title,
        "placeholder": False,
        "flags": [],
        "leads": list(leads),
    }
    return row | ({"key": key} if key else {}) | {"observations": []} | more


def _update(text: str, *measures: str, name: str | None = None, source: str | None = None) -> dict[str, Any]:
    return {"round": name, "measures": list(measures), "source": source, "text": text}


def _action(number: str | None, text: str, due: str | None = None, *measures: str) -> dict[str, Any]:
    return {"number": number, "text": text, "due": due, "measures": list(measures)}


def _outcome(code: str | None, title: str, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": code,
        "title": title,
        "strategic_plans": [],
        "governance_groups": [],
        "leads": [],
    }
    return row | {"measures": [], "actions": [], "updates": []} | more


def _priority(code: str, title: str | None, *outcomes: dict[str, Any], **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": code,
        "title": title,
        "outcomes_sought": [],
        "success_criteria": [],
        "leads": [],
    }
    return row | {"outcomes": list(outcomes)} | more


def _plan(title: str, *priorities: dict[str, Any], **more: Any) -> Plan:
    plan: Plan = {"title": title, "document_label": None, "status": None, "introduction": None}
    return plan | {"priorities": list(priorities), "sections": [], "recommendations": [], "notes": []} | more


COUNCIL = _lead("Trentshire County Council", "Priya Nair", "Owen Pugh")
POLICE = _lead("Trentshire Police", "Grace Adeyemi")
TRUST = _lead("Trentshire Hospitals NHS Trust", "Ifan Rees")

CITY = _plan(
    "Trentshire Children’s Partnership Children and Young People’s Plan 2019-2023",
    _priority(
        "1",
        "Growing up well",
        _outcome(
            "1a",
            "Babies have a healthy start",
            measures=[
                _measure(
                    "i",
                    "Percentage of mothers who smoke at delivery (Trentshire Plan target)",
                    COUNCIL,
                    flags=["Trentshire Plan target"],
                ),
                _measure("ii", "Percentage of babies breastfed at six weeks", COUNCIL),
                _measure("iii", "Placeholder for a measure of parents’ wellbeing", TRUST, placeholder=True),
            ],
            updates=[
                _update(
                    "- Smoking at delivery fell to 11.2% in 2019/20.\n- Two clinics were opened:\n  - one "
                    "in the north\n"
                    "  - one in *the south*\n- All midwives have been trained.",
                    "i",
                    "ii",
                ),
                _update("We are choosing a measure with parents.\n\nIt will be ready in June.", "iii"),
            ],
        ),
        _outcome(
            "1b",
            "Children eat well and move more",
            measures=[
                _measure("i", "Percentage of children who are obese in Year 6", COUNCIL, key="i"),
                _measure(
                    "i", "Percentage of five year olds with tooth decay", _lead(None, "Owen Pugh"), key="i-2"
                ),
            ],
            updates=[
                _update(
                    "**Performance update**\n\nThe rate is 19.8% against 20.2% a year ago.\n\n**Next "
                    "steps**\n\n"
                    "1. Extend the walking scheme.\n   - Twelve schools have asked.\n2. Review school meals.",
                    "i",
                ),
                _update(
                    "- Results for each area:\n\n| Area | Decay 2018 | Decay 2019 |\n| --- | --- | --- |\n"
                    "| North | 21% | 19% |\n| South | 30% | 28% |\n\n- A brushing scheme runs in 20 "
                    "nurseries.",
                    "i-2",
                ),
            ],
        ),
    ),
    _priority(
        "2",
        "Safe at home and outside",
        _outcome(
            "2a",
            "Children are protected from harm",
            measures=[
                _measure("i", "Number of children subject to a protection plan", COUNCIL, POLICE),
                _measure(
                    "ii",
                    "Number of missing episodes",
                    _lead(
                        "Trentshire Police",
                        "Grace Adeyemi",
                        note="*Commissioned with the office of the commissioner",
                    ),
                ),
                _measure("iii", "Number of children cared for", _lead("TBC")),
            ],
            updates=[
                _update("- 402 children had a plan at the end of March.", "i"),
                _update(
                    "Episodes fell by a tenth.\n\n**Update from the police**\n\n- A new team began in May.",
                    "ii",
                    "iii",
                ),
            ],
        ),
    ),
    document_label="Appendix 3 V2 (01.06.2020)",
    status="in progress",
    introduction="Please note that this plan is marked ‘in progress’. Partners will keep it up to date.",
)
for _p in CITY["priorities"]:
    for _o in _p["outcomes"]:
        for _u in _o["updates"]:
            _u["round"] = "End of Year Update for 2017-2018"

_SHARED = ("1", "2")
ACTIONS = _plan(
    "Trentshire Children’s Partnership Action Plan 2021-22",
    _priority(
        "1",
        "Learning and work",
        _outcome(
            "1a",
            "Children are ready for school",
            measures=[
                _measure(None, "% of two year olds in a nursery place", COUNCIL, key="1"),
                _measure(None, "% of children with a good level of development", COUNCIL, key="2"),
                _measure(
                    None,
                    "Placeholder for a measure of speech and language",
                    _lead("TBC"),
                    key="3",
                    placeholder=True,
                ),
            ],
            actions=[
                _action(None, "Write to every eligible family", None, *_SHARED),
                _action(
                    None, "Work with nurseries to open places:\n\n- in Ashby\n- in Wexham", None, *_SHARED
                ),
                _action(None, "To be confirmed once the measure is in place", None, "3"),
            ],
        ),
        _outcome(
            "1b",
            "Young people find work",
            measures=[
                _measure(
                    None,
                    "% of 16-18 year olds not in education or work",
                    _lead("Trentshire Careers"),
                    key="1",
                )
            ],
            actions=[
                _action(
                    None,
                    "**Support to employers**\n\n- Offer advice on apprentices\n- Visit firms",
                    None,
                    "1",
                ),
                _action(None, "Publish a guide for parents", None, "1"),
            ],
        ),
    ),
    document_label="Appendix 2",
    status="draft",
    introduction="Please note that this action plan is in draft.",
)

COUNTY = _plan(
    "Trentshire Delivery Plan 2021-2022",
    _priority(
        "1",
        "Children are safe",
        _outcome(
            "1",
            "The development of one front door for referrals",
            strategic_plans=["Front Door Improvement Plan (2020-2023)", "Early Help Strategy"],
            governance_groups=["Safeguarding Partnership Board", "Early Help Group"],
            leads=[_lead("TCC – Children’s Social Care"), _lead("Police"), _lead("Health")],
            measures=[
                _measure(None, "Percentage of referrals that lead to help", key="1"),
                _measure(None, "Audits show the right decisions at:\n\n- first contact\n- review", key="2"),
            ],
            actions=[
                _action("1", "To bring the teams into one office", "March 2022"),
                _action("2", "To agree thresholds with partners:\n\n- health\n- schools", "Sept 2021"),
                _action("3", "To train all new staff", "Between October 2021 and end March 2022"),
            ],
        ),
        _outcome(
            "2",
            "Recruit and keep social workers",
            strategic_plans=["Workforce Plan 2021-2024"],
            governance_groups=["Corporate Leadership Team"],
            leads=[_lead("TCC"), _lead("District and Borough Councils")],
            measures=[_measure(None, "Quarterly reports to the leadership team", key="1")],
            actions=[
                _action("1", "To measure the effect of supplements", "Ongoing"),
                _action("2", "To visit universities", "Ongoing"),
            ],
        ),
        outcomes_sought=[
            "Children at risk are found early.",
            "Families meet one service:\n\n- at home\n- in school",
        ],
        success_criteria=["Fewer children come back a second time.", "Families say that they were heard."],
    ),
    _priority(
        "2",
        "Children are healthy",
        _outcome(
            "1",
            "The improvement of mental health services",
            strategic_plans=["Future Minds Strategy"],
            governance_groups=["Mental Health Executive"],
            leads=[_lead("CCGs"), _lead("NHS England")],
            measures=[
                _measure(None, "Waiting time from referral to assessment", key="1"),
                _measure(None, "Waiting time from referral to treatment", key="2"),
            ],
            actions=[
                _action("1", "Open the online service", "June 2021"),
                _action("2", "Review the crisis team", "Begins May 2021"),
            ],
        ),
        outcomes_sought=["Children have good mental health."],
        success_criteria=["Nobody waits longer than eighteen weeks."],
    ),
)

EVIDENCE = _plan(
    "Review of the Trentshire Children, Young People and Families Plan 2018-2020",
    _priority(
        "2",
        "Children achieve",
        _outcome(
            "1",
            "Raise attainment in reading",
            updates=[
                _update(
                    "- Results rose by *four* points.\n- Thirty schools took part.",
                    source="Report to the Children’s Committee, 14 October 2019, *Reading in Trentshire*",
                )
            ],
        ),
        _outcome(
            "2",
            "Support young carers",
            updates=[_update("Two groups meet each month.", source="Conversation with the Group Manager")],
        ),
    ),
    _priority(
        "1",
        "Children are safe",
        _outcome(
            "1",
            "Help families early",
            updates=[
                _update(
                    "**Family service**\n\n- 1,200 families were helped.",
                    source="Annual report of the service, 2019",
                )
            ],
        ),
    ),
)
