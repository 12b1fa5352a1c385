"""Plans for benchmarks are plans: what is written past the application is what it would have written."""

from __future__ import annotations

from pathlib import Path

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.store.check import check_file
from cypp_desktop.store.plan_file import OpenPlan
from tests.large_plans import large_plan, multiply


def test_a_multiplied_plan_is_sound_and_holds_its_measures_several_times(tmp_path: Path) -> None:
    with OpenPlan.create(tmp_path / "plan.cypp", data=tmp_path / "data") as plan:
        load_plan(plan.editor, large_plan(12, words=40))
        plan.editor.session.rollback()
        once = check_file(plan.engine)
        multiply(plan.working.path, 3)
        report = check_file(plan.engine)
        connection = plan.editor.session.connection()
        measures = connection.exec_driver_sql("SELECT count(*) FROM measure").scalar_one()
    assert report.is_clean and measures == 36
    assert report.changes == report.rows > 2 * once.rows
