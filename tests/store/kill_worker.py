"""A process to be killed: edits a plan and publishes it without end, and says what it has done.

Run as ``python -m tests.store.kill_worker PLAN.cypp FIRST``. Prints ``edit N MEASURE`` after each
committed edit and ``published N`` after each publish; the edit's text holds its number.
"""

from __future__ import annotations

import itertools
import random
import sys
from pathlib import Path

from sqlalchemy import select

from cypp_desktop.plan.model import Measure
from cypp_desktop.store.commands import add_row, delete_rows, set_update_text
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.queries import current_round


def main(target: Path, first: int) -> None:
    chance = random.Random(first)
    kept = ~Measure.title.startswith("Extra")  # what an earlier run was killed before deleting
    with OpenPlan.open(target, author="Ann") as plan:
        editor = plan.editor
        round_ = current_round(editor.session)
        measures = editor.session.scalars(select(Measure).where(kept).order_by(Measure.id)).all()
        print("open", flush=True)
        for number in itertools.count(first):
            measure = chance.choice(measures)
            set_update_text(editor, measure, round_, f"- Edit {number}\n- " + "more " * chance.randrange(80))
            print(f"edit {number} {measure.id}", flush=True)
            if chance.random() < 0.25:  # never the edit itself: what was acknowledged must stay
                add_row(editor, Measure, measure.outcome, title=f"Extra {number}")
                editor.undo()
                editor.redo()
                delete_rows(
                    editor, [row for row in measure.outcome.measures if row.title.startswith("Extra")]
                )
            if chance.random() < 0.3:
                plan.publish()
                print(f"published {number}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
