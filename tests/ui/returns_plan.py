"""A plan in which two organisations lead something, as a file, and returns of it in windows."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.merge.issue import issue_return
from cypp_desktop.plan.model import Measure, Organisation
from cypp_desktop.store.plan_file import OpenPlan
from tests.store.plans import SMALL
from tests.ui.simple_parts import opened

Make = Callable[..., Any]
CCG, COUNCIL, POLICE = "Anytown CCG", "Anytown Council", "Anytown Police"
SMOKING, FEEDING, OBESITY = "Smoking at delivery", "Breastfeeding at 6-8 weeks", "Obesity, year 6"
NOTE = "Dear colleague,\n\nplease be **brief**."


def returns_plan() -> dict[str, Any]:
    """The small plan: the CCG leads two measures and the council one, in two rounds; the police lead none."""
    data = copy.deepcopy(SMALL)
    data["rounds"].append({"name": "End of year", "period": "2017/18", "due": "2018-06-15", "state": "open"})
    data["organisations"].append({"name": POLICE})
    babies, lifestyles = data["priorities"][0]["outcomes"]
    babies["measures"][1]["leads"] = [{"organisation": CCG}]
    lifestyles["measures"][0]["leads"] = [{"organisation": COUNCIL}]
    return data


def write_plan(path: Path) -> Path:
    """The plan as a published file."""
    with OpenPlan.create(path, author="Ann") as plan:
        load_plan(plan.editor, returns_plan())
        plan.publish()
    return path


def write_return(folder: Path, organisation: str = CCG, **more: Any) -> Path:
    """A return of the plan, as it was sent to an organisation."""
    with OpenPlan.open(write_plan(folder / "Anytown.cypp"), author="Ann") as plan:
        path = issue_return(plan, id_of(plan, Organisation, organisation), folder, **more)
        plan.publish()
    return path


def id_of(plan: OpenPlan, cls: type[Any], name: str) -> str:
    """The id of a row by its name or title."""
    column = cls.name if hasattr(cls, "name") else cls.title
    found: str = plan.editor.session.scalars(select(cls.id).where(column == name)).one()
    return found


def measure_id(plan: OpenPlan, title: str) -> str:
    """The id of a measure by its title."""
    return id_of(plan, Measure, title)


def window_on(make_window: Make, qtbot: QtBot, path: Path, *answers: Any, **more: Any) -> Any:
    """A window of the application's own parts on a file."""
    window = make_window(*answers, real=True, **more)
    opened(qtbot, window, path)
    return window
