"""What a row of a plan is called: its label, its short name, and the trail that leads to it.

Whoever says a row to a person asks here, with a mapped row, or with the code and title that SQLite or the
change log gives. Addresses, by which rows are found again, and names that need the whole plan are the matter
of ``store``. The tree is shown before SQLAlchemy is there, so nothing here needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.words import cut, row_words

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row

#: The columns that hold a row's code, and those of which the first that says something is its title. The
#: texts of updates, actions and recommendations are too long for a name.
CODE_COLUMNS: Final = ("code", "number")
TITLE_COLUMNS: Final = ("title", "name", "post")
_STEP_LENGTH: Final = 28
_NAME_LENGTH: Final = 40


def label(code: str | None, title: str | None, *, gap: str = " ") -> str:
    """A code and a title on one line, or what there is of the two: "1a Healthy babies"."""
    return gap.join(part for part in (code, title) if part)


def whole_code(priority: str | None, outcome: str | None) -> str | None:
    """An outcome's code, after its priority's where it does not itself begin with that, as 1a does with 1."""
    if not (priority and outcome) or (outcome.startswith(priority) and outcome != priority):
        return outcome
    return f"{priority}/{outcome}"


class RowName(NamedTuple):
    """What names a row: its code, its title, and (an update, an action) the measures that it covers."""

    row_type: str
    code: str | None = None
    title: str | None = None
    covers: tuple[RowName, ...] = ()

    @classmethod
    def of_values(cls, row_type: str, values: Mapping[str, Any]) -> RowName:
        """The name of a row by its stored values."""
        return cls(row_type, _first(values, CODE_COLUMNS), _first(values, TITLE_COLUMNS))

    @classmethod
    def of(cls, row: Row) -> RowName:
        """The name of a mapped row, without what it covers."""
        columns = _name_columns(type(row))
        return cls.of_values(row.row_type, {column: getattr(row, column) for column in columns})

    @classmethod
    def with_covered(cls, row: Row) -> RowName:
        """The name of a mapped row, with the measures that it covers."""
        from cypp_desktop.plan.shape import covered_by

        return cls.of(row)._replace(covers=tuple(cls.of(measure) for measure in covered_by(row)))

    @property
    def label(self) -> str:
        """Its code and title on one line."""
        return label(self.code, self.title)

    @property
    def step(self) -> str:
        """What it is called on the way to another: its code, else the beginning of its title."""
        return self.code or cut(self.title, _STEP_LENGTH) or self.kind

    @property
    def kind(self) -> str:
        """What such a row is called: "Measure", "Reporting round"."""
        return row_words(self.row_type).capitalize()

    @property
    def with_kind(self) -> str:
        """A row outside the priorities: "Organisation Schools", "Recommendation 7", "Plan"."""
        if self.row_type == "plan":
            return self.kind
        return f"{self.kind} {cut(self.code or self.title)}".strip()


@cache
def _name_columns(cls: type[Row]) -> tuple[str, ...]:
    """The columns by which rows of a class can be named."""
    columns = cls.__table__.columns
    return tuple(name for name in (*CODE_COLUMNS, *TITLE_COLUMNS) if name in columns)


def _first(values: Mapping[str, Any], columns: Iterable[str]) -> str | None:
    """What the first of these columns says that says something."""
    for column in columns:
        if values.get(column):
            return str(values[column])
    return None


def trail(upward: Iterable[RowName]) -> str:
    """The way to a row, as codes where there are any: "1 › 1a › i"; empty where it stands in no priority.

    ``upward`` is the row and all that it stands in, the outermost last.
    """
    steps: list[str] = []
    for row in upward:
        if row.row_type in LEVELS:
            steps.insert(0, row.step)
        if row.covers:
            steps.append(", ".join(measure.step for measure in row.covers))
    return " › ".join(steps)


def crumb(row: Row, level_name: str) -> str:
    """What a row is called as a button on the way to it: "Priority 1", "1a Good maternal health", "i".

    ``level_name`` is the plan's name of its level, where it is of one.
    """
    name = RowName.of(row)
    match row.row_type:
        case "priority":
            return f"{level_name} {name.code}" if name.code else cut(name.title) or level_name
        case "outcome":
            return cut(name.label) or level_name
        case "measure":
            return name.code or cut(name.title) or level_name
        case "plan" | "person" | "round":
            return cut(name.title) or name.kind
        case "section":
            return f"Narrative {cut(name.code)}".strip()
    return f"{name.kind} {cut(name.code or name.title)}".strip()


def short_name_of(name: RowName, kind: str) -> str:
    """What a step or a message calls a row: "key activity 2", "measure “Healthy babies”", "the plan".

    ``kind`` is what the plan calls such rows inside a sentence. A measure's code says nothing without that of
    its outcome.
    """
    if name.row_type == "plan":
        return "the plan"
    if name.code and name.row_type != "measure":
        return f"{kind} {name.code}"
    return f"{kind} “{cut(name.title, _NAME_LENGTH)}”" if name.title else kind
