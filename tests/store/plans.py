"""Plans for tests: opened over a file in a temporary folder, without the file layer."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.store import schema
from cypp_desktop.store.check import content_digest
from cypp_desktop.store.editor import Editor

_seconds = itertools.count()


def ticking_clock() -> str:
    """Moments one second apart: no test waits for time to pass."""
    at = next(_seconds)
    return f"2018-06-15T{at // 3600 % 24:02d}:{at // 60 % 60:02d}:{at % 60:02d}Z"


def open_editor(path: Path, **options: Any) -> Editor:
    """An editor over a plan file, which is made where there is none."""
    if not path.exists():
        schema.create_tables(path)
    options.setdefault("author", "Ann Smith")
    return Editor(schema.connect(path), **options)


def small_plan(path: Path, **options: Any) -> Editor:
    """An editor over the plan :data:`SMALL`."""
    editor = open_editor(path, **options)
    load_plan(editor, SMALL)
    return editor


def digest(editor: Editor) -> str:
    """The digest of what the plan says now."""
    editor.session.rollback()
    return content_digest(editor.session.connection())


SMALL: dict[str, Any] = {
    "title": "Anytown plan",
    "period": "2016-2020",
    "level_names": {"priority": "Priority", "outcome": "Outcome", "measure": "Performance measure"},
    "columns": ["Outcomes", "Performance measures", "End of year", "Lead organisation"],
    "rounds": [{"name": "Mid-year", "period": "2017/18", "due": "2017-10-31", "state": "closed"}],
    "organisations": [{"name": "Anytown Council", "short_name": "AC", "kind": "council", "email": None}],
    "priorities": [
        {
            "code": "1",
            "title": "Health",
            "outcomes_sought": ["Babies are well."],
            "leads": [{"organisation": "Anytown Council", "people": ["Director of Health"], "note": None}],
            "outcomes": [
                {
                    "code": "1a",
                    "title": "Healthy babies",
                    "measures": [
                        {
                            "code": "i",
                            "title": "Smoking at delivery",
                            "polarity": "lower",
                            "leads": [{"organisation": "Anytown CCG", "people": ["A. Jones", "B. Khan"]}],
                            "observations": [
                                {
                                    "area": "Anytown",
                                    "period": "2016/17",
                                    "value": 17,
                                    "unit": "%",
                                    "kind": "actual",
                                },
                                {
                                    "area": "Anytown",
                                    "period": "2016/17",
                                    "value": 15,
                                    "unit": "%",
                                    "kind": "target",
                                },
                            ],
                        },
                        {"code": "ii", "title": "Breastfeeding at 6-8 weeks"},
                        {"code": "iii", "title": "Placeholder for a third measure", "placeholder": True},
                    ],
                    "actions": [
                        {"number": "1", "text": "Train midwives", "due": "March 2017", "measures": ["i"]}
                    ],
                    "updates": [
                        {"round": "Mid-year", "measures": ["i", "ii"], "text": "- Fewer smoke\n- More feed"},
                        {"round": "End of year", "measures": ["iii"], "text": "TBC"},
                    ],
                },
                {
                    "code": "1b",
                    "title": "Healthy lifestyles",
                    "measures": [{"code": "i", "title": "Obesity, year 6"}],
                },
            ],
        },
        {"code": "2", "title": "Safeguarding", "outcomes": [{"code": "2a", "title": "Safe", "measures": []}]},
    ],
    "sections": [{"number": "1", "title": "Introduction", "depth": 1, "text": "Words."}],
    "recommendations": [{"number": "1", "text": "Do it.", "section": "1", "due": "June 2018"}],
    "notes": ["Read with care."],
}
