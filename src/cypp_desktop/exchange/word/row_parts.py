"""Parts of rows of a plan's table: its cells by what they mean, and what stays open below a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cypp_desktop.exchange.word.content import Content, Para
from cypp_desktop.exchange.word.draft import PlanRow
from cypp_desktop.exchange.word.layout import PlanCell
from cypp_desktop.exchange.word.leads import Lead
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.table_sections import TableRow


@dataclass(slots=True)
class OpenColumn:
    """What the last cell of a column made: a merged or blank cell below it is about the same."""

    actions: list[PlanRow] = field(default_factory=list)
    update: PlanRow | None = None
    leads: list[Lead] = field(default_factory=list)
    due: str | None = None
    outcome: PlanRow | None = None


def content_of(row: TableRow) -> list[Content]:
    """The content of a row over all columns, without empty paragraphs."""
    return [p for p in row.full or [] if not isinstance(p, Para) or p.text.strip()]


def under(cells: Sequence[PlanCell], *meanings: M) -> list[PlanCell]:
    """The cells of columns with these meanings."""
    return [cell for cell in cells if cell.meaning in meanings]


def has_struck(cell: PlanCell) -> bool:
    """Whether a line of a cell is struck out."""
    return any(isinstance(piece, Para) and piece.struck for piece in cell.content)


def live(actions: Sequence[PlanRow], struck: Sequence[PlanRow]) -> list[PlanRow]:
    """Actions without those that are struck out."""
    struck_ids = {id(action) for action in struck}
    return [action for action in actions if id(action) not in struck_ids]
