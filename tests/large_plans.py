"""Plans of any size for benchmarks and slow proofs, always the same for the same size."""

from __future__ import annotations

from typing import Any

_WORDS = [
    "support", "families", "early", "review", "children", "schools", "partnership", "agreed",
    "progress", "rate", "quarter", "target", "improved", "compared", "health", "city",
    "service", "board", "action", "plan", "young", "people", "referral", "reduced",
    "increase",
]  # fmt: skip


def large_plan(measures: int, *, words: int = 190) -> dict[str, Any]:
    """A plan of so many measures in plan JSON, each with an update of about 1.2 kB, a lead and values."""
    outcomes_each, measures_each = 10, 10
    found = 0
    priorities: list[dict[str, Any]] = []
    while found < measures:
        priority: dict[str, Any] = {
            "code": str(len(priorities) + 1),
            "title": _text(found, 6),
            "outcomes": [],
        }
        priorities.append(priority)
        for at in range(outcomes_each):
            size = min(measures_each, measures - found)
            if size <= 0:
                break
            priority["outcomes"].append(_outcome(f"{priority['code']}.{at + 1}", found, size, words))
            found += size
    return {
        "title": f"Plan of {measures} measures",
        "level_names": {"priority": "Priority", "outcome": "Outcome", "measure": "Performance measure"},
        "columns": ["Outcomes", "Performance measures", "End of year", "Lead organisation"],
        "priorities": priorities,
    }


def _outcome(code: str, first: int, size: int, words: int) -> dict[str, Any]:
    keys = [f"m{number}" for number in range(size)]
    return {
        "code": code,
        "title": _text(first, 8),
        "measures": [
            {
                "code": key,
                "title": _text(first + at, 12),
                "polarity": "higher",
                "leads": [
                    {"organisation": f"Organisation {(first + at) % 40}", "people": [f"Post {first % 90}"]}
                ],
                "observations": [
                    {
                        "area": "City",
                        "period": "2016/17",
                        "value": (first + at) % 100,
                        "unit": "%",
                        "kind": "actual",
                    },
                    {"area": "City", "period": "2016/17", "value": 50, "unit": "%", "kind": "target"},
                ],
            }
            for at, key in enumerate(keys)
        ],
        "updates": [
            {"round": "End of year", "measures": [key], "text": _bullets(first + at, words)}
            for at, key in enumerate(keys)
        ],
    }


def _text(seed: int, count: int) -> str:
    return " ".join(
        _WORDS[(seed * 7 + at * (seed % 5 + 1)) % len(_WORDS)] for at in range(count)
    ).capitalize()


def _bullets(seed: int, words: int) -> str:
    return "\n".join(f"- {_text(seed + at, 19)}." for at in range(max(1, words // 19)))
