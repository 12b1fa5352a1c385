"""Makes the plan of this file version that is kept for ever: ``python -m tests.files.make FOLDER``.

Run once for each released version, never again for an old one: later versions must open what this one wrote.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from cypp_desktop.exchange.plan_json import load_plan, write_plan
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import LeadEntry, delete_rows, set_field, set_leads, set_update_text
from cypp_desktop.store.plan_file import OpenPlan
from tests.store.plans import SMALL
from tests.store.test_recorder import one_of_each


def make(folder: Path) -> None:
    """Write ``plan.cypp``, which uses every class and has a history with undone steps, and ``plan.json``."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["CYPP_DESKTOP_HOME"] = home
        with OpenPlan.create(folder / "plan.cypp", author="Ann Smith") as plan:
            editor = plan.editor
            load_plan(editor, SMALL)
            with editor.step("A row of every class", kind="import"):
                one_of_each(editor, but=("plan",))
            measure = row_at(editor.session, "1/1a/i")
            set_field(editor, measure, "title", "Smoking at the time of delivery")
            set_leads(editor, measure, [LeadEntry("Anytown CCG", ("B. Khan",), "commissioner", "from May")])
            set_update_text(editor, measure, None, "- Fewer **smoke**")  # type: ignore[arg-type]
            delete_rows(editor, [row_at(editor.session, "1/1b")])
            set_field(editor, measure, "source", "taken back")
            editor.undo()
            (folder / "plan.json").write_text(write_plan(editor.session), "utf-8")
            plan.publish()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
