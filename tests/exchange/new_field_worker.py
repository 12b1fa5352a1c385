"""Gives every class of a plan one text field more and takes a plan out and in again: ``… FOLDER``.

Prints as JSON what the field of each class said before and after, whether the file written from what was read
is the same, and how a wrong value is refused. A process of its own, since the classes can be made only once.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

MODEL = "cypp_desktop.plan.model"
TABLE = "\n    __tablename__ = "
NEW_FIELD = "\n    newly_added: Mapped[str | None] = words_column()"


def make_classes_with_a_new_field() -> None:
    """Import the module of the classes with one line more in each class."""
    import cypp_desktop.plan

    path = Path(cypp_desktop.plan.__path__[0]) / "model.py"
    spec = importlib.util.spec_from_file_location(MODEL, path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODEL] = module
    source = path.read_text("utf-8").replace(TABLE, NEW_FIELD + TABLE)
    exec(compile(source, str(path), "exec"), module.__dict__)


def main(folder: Path) -> None:
    make_classes_with_a_new_field()
    from sqlalchemy import select

    from cypp_desktop.errors import ImportProblem
    from cypp_desktop.exchange.plan_json import checked, load_plan, read_plan, write_plan
    from cypp_desktop.plan.base import row_classes
    from cypp_desktop.store.editor import Editor
    from tests.exchange.test_plan_json_whole import full_rows
    from tests.store.plans import open_editor

    def new_words(editor: Editor) -> dict[str, list[str]]:
        said = {}
        for row_type, cls in row_classes().items():
            if cls.joins is None:
                said[row_type] = sorted(row.newly_added for row in editor.session.scalars(select(cls)))  # type: ignore[attr-defined]
        return said

    first, second = open_editor(folder / "first.cypp"), open_editor(folder / "second.cypp")
    with first.step("Fill") as session:
        session.add_all(full_rows())
    written = write_plan(first.session)
    (folder / "plan.json").write_text(written, "utf-8", newline="")
    load_plan(second, read_plan(folder / "plan.json"))
    try:
        checked({"priorities": [{"newly_added": 5}]})
        refusal = ""
    except ImportProblem as problem:
        refusal = str(problem)
    found = {
        "before": new_words(first),
        "after": new_words(second),
        "is_same_file": write_plan(second.session) == written,
        "refusal": refusal,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
