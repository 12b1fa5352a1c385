"""A part of a plan: what a rule leaves in, and what follows from that."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cypp_desktop.exchange.plan_json import write_plan
from cypp_desktop.plan.base import Row
from cypp_desktop.plan.model import Action, Observation
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.partial_plan import partial_plan
from tests.store.plans import small_plan


def times_alone(row: Row) -> Mapping[str, Any] | None:
    """A rule that leaves in the printed times of actions and values."""
    if isinstance(row, Action):
        return {"due": row.due}
    return {"period": row.period} if isinstance(row, Observation) else None


def test_a_time_whose_words_may_be_seen_has_the_days_that_they_mean_and_no_others(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "plan.cypp")
    action = row_at(editor.session, "1/1a/actions/1")
    set_field(editor, action, "due", {"due_start": None, "due_end": "2031-12-24", "due_precision": "day"})
    with partial_plan(editor.session, times_alone) as part:
        written = write_plan(part)
        seen = part.query(Action).one()
        assert (seen.due, seen.due_start, seen.due_end) == ("March 2017", "2017-03-01", "2017-03-31")
    assert '"due": "March 2017"' in written and '"period": "2016/17"' in written
    assert "2031" not in written and "_start" not in written
    editor.close()
