"""Plans for tests of paper: the published ones where they are, and a small one that has something of all."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.report.characters import clean

#: published plans, transcribed: not part of the project, used where they are
PUBLISHED = Path(os.environ.get("CYPP_DOCUMENTS", Path(__file__).parents[3] / "shared")) / "plans"
#: each of them with the layout in which it was published
SHAPES = [
    ("nottingham-city-2016-2020", "update"),
    ("nottingham-city-2015-2016", "action-plan"),
    ("nottinghamshire-2016-2017-delivery", "delivery"),
    ("nottingham-city-2016-2020", "evidence"),
    ("nottingham-city-2010-2011-progress", "progress"),
]
NAMES = sorted({name for name, _ in SHAPES})


def published(name: str) -> dict[str, Any]:
    """A published plan as plan JSON; skips the test where there is none."""
    source = PUBLISHED / f"{name}.json"
    if not source.exists():
        pytest.skip("the published plans are not on this machine")
    return dict(json.loads(source.read_text("utf-8")))


def seen(period: str, end: str, value: float, kind: str = "actual", area: str = "Town") -> dict[str, Any]:
    return {"area": area, "period": period, "value": value, "unit": "%", "kind": kind}


def everything() -> dict[str, Any]:
    """A plan with values, dates, placeholders, recommendations, leads and links."""
    council = {"organisation": "Town Council", "people": ["A. Person"], "note": None}
    trust = {"organisation": "Health Trust", "people": [], "role": "partner", "note": None}
    measures = [
        {
            "code": "i",
            "key": "i",
            "title": "Smoking at delivery",
            "polarity": "lower",
            "leads": [council],
            "observations": [
                seen("2015/16", "2016-03-31", 18.1),
                seen("2016/17", "2017-03-31", 17.2),
                seen("2016/17", "2017-03-31", 10.0, "target"),
                seen("2016/17", "2017-03-31", 10.7, area="England"),
            ],
        },
        {
            "code": "ii",
            "key": "ii",
            "title": "Vaccinated by two",
            "polarity": "higher",
            "leads": [trust],
            "observations": [
                seen("2016/17", "2017-03-31", 91.0),
                seen("2016/17", "2017-03-31", 95.0, "target"),
            ],
        },
        {"code": "iii", "key": "iii", "title": "TBC", "placeholder": True, "leads": [council]},
    ]
    outcome = {
        "code": "1a",
        "title": "Good maternal health & <care>",
        "strategic_plans": ["Health Plan"],
        "governance_groups": ["TBC"],
        "measures": measures,
        "actions": [
            {"number": "1", "text": "Visit **all** mothers", "due": "March 2017", "measures": ["i"]},
            {"number": "2", "text": "Train staff", "due": "Ongoing", "status": "Done", "measures": []},
        ],
        "updates": [
            {
                "round": "Year end",
                "measures": ["i"],
                "text": "Lead-in:\n\n- One\n  - Deep\n- Two\n\n1. First\n2. Second\n\n"
                "| A | B |\n|---|---|\n| x | y |\n\n[Read](https://example.org/a?b=1&c=2) *it*",
                "source": "Report to *Committee*",
            }
        ],
    }
    return {
        "title": "Town Plan 2017",
        "document_label": "Appendix 9",
        "status": "draft",
        "partnership": "Town Partnership",
        "period": "2017-2018",
        "introduction": "Marked **in progress**.",
        "rounds": [{"name": "Year end", "due": "2018-04-30", "state": "open"}],
        "priorities": [
            {
                "code": "1",
                "title": "Health",
                "outcomes_sought": ["Healthy children"],
                "success_criteria": ["Fewer illnesses"],
                "leads": [council],
                "outcomes": [outcome],
            },
            {"code": "2", "title": "Safety", "outcomes": [{"code": "2a", "title": "Safe homes"}]},
        ],
        "sections": [
            {
                "number": "1",
                "title": "Where we are",
                "depth": 1,
                "text": "All is well.\n\n**Recommendation 1:**",
            },
            {"number": "1.1", "title": "In detail", "depth": 2, "text": "Nearly."},
            {"number": "2", "title": "Summary", "depth": 1, "text": "**REC 2:**\n\nAnd also:\n\n**REC 3**"},
        ],
        "recommendations": [
            {"number": "1", "text": "Keep going.", "section": "1", "owner": "Town Council"},
            {"number": "REC 2", "text": "Stop that.", "section": "2", "progress": "Stopped."},
            {"number": "REC 3", "text": "Start this.", "section": "2"},
        ],
    }


def bare(text: str) -> str:
    """The characters without any blanks, bullets and joiners: what is compared."""
    return re.sub(r"[\s•–]", "", clean(text))
