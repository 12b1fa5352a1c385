"""The cells of a table, before anything of it is laid out, and what they hold. Plain values: no ReportLab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cypp_desktop.plan.blocks import Block

#: What stands in a cell, or anywhere else on paper: paragraphs, lists and small tables.
Blocks = tuple[Block, ...]


@dataclass(frozen=True, eq=False, slots=True)
class TableCell:
    """A cell, held by the row it starts in. ``column`` counts from 0.

    ``blocks`` may be a function that gives them: it is called when the cell's row is reached, so that
    a long table's texts need not all be read at once. ``continued`` is what the cell says at the top
    of a page on which it has nothing left to print ("1a (continued)"); None leaves it blank.
    """

    column: int
    blocks: Blocks | Callable[[], Blocks] = ()
    rowspan: int = 1
    colspan: int = 1
    is_header: bool = False
    continued: str | None = None

    def read(self) -> Blocks:
        """What it holds."""
        return self.blocks() if callable(self.blocks) else self.blocks


TableRow = Sequence[TableCell]
