"""Hundreds of made-up tables with wild spans, nested lists, sub-tables and very long cells."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, Table
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.pdf.table import PageTable
from cypp_desktop.report.pdf.table_columns import TableStyle
from cypp_desktop.report.pdf.typesetter import Typesetter
from tests.report.pdf_structure import Structure, archival_problems
from tests.report.printing import MARGIN, print_flowables, words
from tests.report.reading import leaves

GOES_ON = "goes-on"


class Wild:
    """A made-up table: its rows, and what it says in the order in which it is to be read."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = 0
        self.columns = self._random.randint(1, 6)
        self.rows: list[list[TableCell]] = []
        self.said: list[str] = []
        self._fill(self._random.randint(1, 14))

    def _fill(self, depth: int) -> None:
        taken: set[tuple[int, int]] = set()
        for row in range(depth):
            cells: list[TableCell] = []
            for column in range(self.columns):
                if (row, column) in taken or self._random.random() < 0.04:
                    continue
                free = (
                    next((c for c in range(column, self.columns) if (row, c) in taken), self.columns) - column
                )
                across = self._random.randint(1, free) if self._random.random() < 0.3 else 1
                down = self._random.randint(1, depth - row) if self._random.random() < 0.4 else 1
                taken |= {(r, c) for r in range(row, row + down) for c in range(column, column + across)}
                blocks = self._blocks()
                self.said += _reading(blocks)
                cells.append(TableCell(column, blocks, down, across, self._random.random() < 0.2, GOES_ON))
            self.rows.append(cells)

    def _blocks(self) -> tuple[Block, ...]:
        choice = self._random.random()
        if choice < 0.1:
            return ()
        if choice < 0.13:
            return tuple(self._paragraph(self._random.randint(100, 750)) for _ in range(4))
        return tuple(self._block(0) for _ in range(self._random.randint(1, 4)))

    def _block(self, depth: int) -> Block:
        choice = self._random.random()
        if choice < 0.3 and depth < 4:
            items = tuple(
                Item(tuple(self._block(depth + 1) for _ in range(self._random.randint(1, 2))))
                for _ in range(self._random.randint(1, 5))
            )
            return List(items, self._random.choice([None, None, 1, 97]))
        if choice < 0.38 and depth < 2:
            width = self._random.randint(1, 5)
            lines = [tuple((self._span(6),) for _ in range(width)) for _ in range(self._random.randint(1, 9))]
            return Table(lines[0], tuple(lines[1:]))
        return self._paragraph(self._random.choice([1, 3, 8, 20, 60]))

    def _paragraph(self, most: int) -> Paragraph:
        return Paragraph((self._span(most),))

    def _span(self, most: int) -> Span:
        found = []
        for _ in range(self._random.randint(1, most)):
            self._count += 1
            long = "x" * self._random.randint(30, 200) if self._random.random() < 0.004 else ""
            found.append(f"w{self._count}{long}")
        return Span(" ".join(found), bold=self._random.random() < 0.1)


def _reading(blocks: tuple[Block, ...], depth: int = 0) -> Iterator[str]:
    """The words of blocks in order, with the labels of lists."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (span.text for span in block.spans)
        elif isinstance(block, List):
            for number, item in enumerate(block.items):
                yield "•–"[min(depth, 1)] if block.start is None else f"{block.start + number}."
                yield from _reading(item.blocks, depth + 1)
        else:
            for row in (block.header, *block.rows):
                yield from (span.text for cell in row for span in cell)


def check(seed: int) -> None:
    """Prints one table and looks at everything about it."""
    wild = Wild(seed)
    size = random.Random(seed).choice([(842.0, 595.0), (595.0, 842.0), (420.0, 298.0)])
    titles = [f"Heading{column}" for column in range(wild.columns)]
    header = [TableCell(at, words(title), is_header=True) for at, title in enumerate(titles)]
    table = PageTable([1.0] * wild.columns, header, wild.rows, Typesetter(), TableStyle(size[1] - 2 * MARGIN))
    data = print_flowables([table], size)
    structure = Structure(data)
    assert structure.problems == []
    assert archival_problems(data) == []
    said = "".join("".join([*titles, *wild.said]).split())
    assert "".join(structure.text().split()) == said
    for page in leaves(data):
        assert page.outside() == []
        # a heading may be broken where its column is narrower than the word
        assert "".join(page.text.split()).startswith("Heading0"[:4])


def test_a_few_wild_tables_lose_no_word_and_have_their_structure() -> None:
    for seed in range(5):
        check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 500, 50))
def test_hundreds_of_wild_tables_lose_no_word_and_have_their_structure(start: int) -> None:
    for seed in range(start, start + 50):
        check(seed)
