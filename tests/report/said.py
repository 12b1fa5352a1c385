"""All words of a paper in the order in which it says them: what every output is held against."""

from __future__ import annotations

from cypp_desktop.plan.blocks import plain_text
from cypp_desktop.report.cells import Cell
from cypp_desktop.report.paper import Box, Contents, Cover, Figure, Grid, Heading, Paper, Words
from cypp_desktop.report.plain import sayable


def paper_words(paper: Paper, *, drawings: bool = False) -> str:
    """The words, each part on lines of its own; the contents aside. ``drawings``: what they say as well."""
    said: list[str] = []
    for chapter in paper.chapters:
        for part in chapter.parts:
            if isinstance(part, Heading | Words):
                said.append(plain_text(part.blocks))
            elif isinstance(part, Box):
                said += [part.title, plain_text(part.blocks)]
            elif isinstance(part, Cover):
                said += [part.title, *part.lines]
            elif isinstance(part, Grid):
                said += [plain_text(head) for head in part.heads]
                said += [cell_words(cell) for row in part.rows for cell in row]
            elif isinstance(part, Figure):
                said += [part.alt] * drawings
            else:
                assert isinstance(part, Contents)
    return sayable("\n".join(said))


def cell_words(cell: Cell) -> str:
    return plain_text(cell.blocks() if callable(cell.blocks) else cell.blocks)
