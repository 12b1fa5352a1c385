"""A plan in plan JSON as an import finds it."""

from __future__ import annotations

from typing import Any


def measure(code: str, title: str, *leads: str) -> dict[str, Any]:
    found = [{"organisation": name, "people": [], "note": None} for name in leads]
    return {
        "code": code,
        "title": title,
        "placeholder": False,
        "flags": [],
        "leads": found,
        "observations": [],
    }


def plan() -> dict[str, Any]:
    """Two priorities with an outcome each, as a city's plan has them."""
    lead = "Nottingham City Council"
    outcomes = [
        {
            "code": "1a", "title": "Good maternal health", "leads": [],
            "strategic_plans": [], "governance_groups": [], "actions": [],
            "measures": [
                measure("i", "Women smoking at delivery", lead), measure("ii", "Breastfeeding", lead),
            ],
            "updates": [
                {"round": None, "measures": ["i"], "source": None, "text": "- Fewer women smoke."},
                {"round": None, "measures": ["ii"], "source": None, "text": "More mothers breastfeed."},
            ],
        },
        {
            "code": "2a", "title": "Children are safe", "leads": [],
            "strategic_plans": [], "governance_groups": [], "actions": [],
            "measures": [measure("i", "Repeat referrals", lead)],
            "updates": [{"round": None, "measures": ["i"], "source": None, "text": "Repeat referrals fell."}],
        },
    ]  # fmt: skip
    return {
        "title": "Our children’s plan", "document_label": None, "introduction": None,
        "priorities": [
            {"code": code, "title": title, "outcomes_sought": [], "success_criteria": [], "leads": [],
             "outcomes": [outcome]}
            for code, title, outcome in (("1", "Health", outcomes[0]), ("2", "Safeguarding", outcomes[1]))
        ],
    }  # fmt: skip
