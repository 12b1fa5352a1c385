"""A plan that three organisations are asked about, and what each of them sends back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.operations.review.lines import sign_of, state_of, words_of
from cypp_desktop.plan.model import Observation, Organisation, Update
from cypp_desktop.store.commands import delete_rows, set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.review.page import ReviewPage

Make = Callable[..., Any]

CCG, COUNCIL, SCHOOLS = "City CCG", "City Council", "City Schools"
NOW = "End of year 2017–18"

SMOKING = (
    "In 2016/17, 17.2 % of mothers were smokers at delivery.\n\nMidwives were trained.\n\nMore is to do."
)
CLINICS = "Two clinics were opened.\n\nThey are open on weekdays.\n\nA third is planned."

PLAN: dict[str, Any] = {
    "title": "A plan for children",
    "columns": ["Outcomes", "Performance measures", "End of year", "Lead organisation"],
    "rounds": [{"name": NOW, "period": "2017/18", "due": "2018-06-15", "state": "open"}],
    "organisations": [
        {"name": name, "short_name": None, "kind": None, "email": None} for name in (CCG, COUNCIL, SCHOOLS)
    ],
    "priorities": [
        {
            "code": "1",
            "title": "Health and wellbeing",
            "outcomes": [
                {
                    "code": "1a",
                    "title": "Good maternal health",
                    "measures": [
                        {
                            "code": "i",
                            "title": "Women smoking at delivery",
                            "polarity": "lower",
                            "leads": [
                                {"organisation": CCG, "people": ["Pat Hill"]},
                                {"organisation": COUNCIL, "people": []},
                            ],
                            "observations": [
                                {
                                    "area": "City",
                                    "period": "2016/17",
                                    "value": 17.2,
                                    "unit": "%",
                                    "kind": "actual",
                                }
                            ],
                        },
                        {
                            "code": "ii",
                            "title": "Clinics",
                            "leads": [
                                {"organisation": COUNCIL, "people": []},
                                {"organisation": SCHOOLS, "people": []},
                            ],
                        },
                    ],
                    "updates": [
                        {"round": NOW, "measures": ["i"], "text": SMOKING, "state": "draft"},
                        {"round": NOW, "measures": ["ii"], "text": CLINICS, "state": "draft"},
                    ],
                },
                {
                    "code": "1b",
                    "title": "Healthy lifestyles",
                    "measures": [
                        {
                            "code": "i",
                            "title": "Obesity in year 6",
                            "definition": "Of all children measured.",
                            "leads": [{"organisation": SCHOOLS, "people": []}],
                        }
                    ],
                    "updates": [{"round": NOW, "measures": ["i"], "text": "Nothing yet.", "state": "draft"}],
                },
            ],
        }
    ],
}


def make_plan(folder: Path) -> Path:
    """The plan as a published file."""
    path = folder / "Our plan.cypp"
    with OpenPlan.create(path, author="Ann") as plan:
        load_plan(plan.editor, PLAN)
        plan.publish()
    return path


def issue(plan: OpenPlan, folder: Path) -> dict[str, Path]:
    """Send a return to each of the three; their files by name."""
    folder.mkdir(exist_ok=True)
    organisations = plan.editor.session.scalars(select(Organisation)).all()
    return {row.name: issue_return(plan, row.id, folder, due="2018-06-15") for row in organisations}


def edited(path: Path, name: str, *deeds: Callable[[OpenPlan], object]) -> Path:
    """A partner opens what they were sent, edits it, and finishes it."""
    with OpenPlan.open(path, author=name, data=path.parent / f"machine of {name}") as plan:
        for deed in deeds:
            deed(plan)
        finish(plan)
    return path


def writes(text: str, begins: str) -> Callable[[OpenPlan], object]:
    """Gives the update that begins so another text."""

    def deed(plan: OpenPlan) -> None:
        update = next(u for u in plan.editor.session.scalars(select(Update)) if u.text.startswith(begins))
        set_field(plan.editor, update, "text", text)

    return deed


def counts(value: str) -> Callable[[OpenPlan], object]:
    """Gives the value of the measure another number."""

    def deed(plan: OpenPlan) -> None:
        row = plan.editor.session.scalars(select(Observation)).one()
        set_field(plan.editor, row, "value", {"value": value, "words": None, "unit": "%"})

    return deed


def drops_the_value(plan: OpenPlan) -> None:
    """Deletes the value of the measure."""
    delete_rows(plan.editor, [plan.editor.session.scalars(select(Observation)).one()])


def answered(sent: dict[str, Path]) -> dict[str, Path]:
    """What all three write: a text in conflict, one combined, a value deleted and edited, and plain ones."""
    edited(
        sent[CCG], "Pat",
        writes(SMOKING.replace("17.2 %", "16.9 %"), "In 2016/17"),
        counts("16.9"),
    )  # fmt: skip
    edited(
        sent[COUNCIL], "Cath",
        writes(SMOKING.replace("17.2 %", "17.4 %"), "In 2016/17"),
        writes(CLINICS.replace("Two clinics", "Three clinics"), "Two clinics"),
        drops_the_value,
    )  # fmt: skip
    edited(
        sent[SCHOOLS], "Sam",
        writes(CLINICS.replace("A third is planned.", "A fourth is planned."), "Two clinics"),
        writes("Fewer children were obese this year.", "Nothing yet"),
    )  # fmt: skip
    return sent


def with_window(qtbot: QtBot, window: Any, path: Path) -> None:
    """Open a plan in a real window."""
    with qtbot.waitSignal(window.opening_ended, timeout=20_000) as ended:
        window.open_plan(path)
    assert ended.args == [True]


def review_place(window: Any) -> ReviewPage:
    """The Review place, which must be the one shown."""
    place = window.stack.currentWidget()
    assert isinstance(place, ReviewPage)
    return place


def receive(qtbot: QtBot, window: Any, *paths: Path) -> ReviewPage:
    """Receive files by the command of the menu, and wait until they are listed."""
    window.dialogs.answers.append(list(paths))
    window.menus.actions["receive"].trigger()
    place = review_place(window)
    qtbot.waitUntil(lambda: place.review is not None and not place.is_working, timeout=20_000)
    return place


def merged(qtbot: QtBot, place: ReviewPage) -> None:
    """Press Merge, and wait until it is done."""
    place.page.merge_button.click()
    qtbot.waitUntil(lambda: not place.is_working and place.window().isEnabled(), timeout=20_000)


def press(widget: Any, *keys: Qt.Key) -> None:
    """Press keys where the cursor is."""
    for key in keys:
        QTest.keyClick(widget, key)


def lines(place: ReviewPage) -> list[str]:
    """What the list of the review shows, headings and lines."""
    return [
        words
        for group in place.page.list.lines.groups
        for words in (
            group.title,
            *(f"{sign_of(line)} {words_of(line)}: {state_of(line)}" for line in group.lines),
        )
    ]
