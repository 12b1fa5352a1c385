"""All words of a paper in the order in which it says them: what every output is held against."""

from __future__ import annotations

from cypp_desktop.plan.blocks import plain_text
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.characters import sayable
from cypp_desktop.report.paper import (
    BoxPart,
    ContentsPart,
    CoverPart,
    Figure,
    HeadingPart,
    Paper,
    TablePart,
    TextPart,
)


def paper_words(paper: Paper, *, drawings: bool = False) -> str:
    """The words, each part on lines of its own; the contents aside. ``drawings``: what they say as well."""
    said: list[str] = []
    for chapter in paper.chapters:
        for part in chapter.parts:
            if isinstance(part, HeadingPart | TextPart):
                said.append(plain_text(part.blocks))
            elif isinstance(part, BoxPart):
                said += [part.title, plain_text(part.blocks)]
            elif isinstance(part, CoverPart):
                said += [part.title, *part.lines]
            elif isinstance(part, TablePart):
                said += [plain_text(head) for head in part.heads]
                said += [cell_words(cell) for row in part.rows for cell in row]
            elif isinstance(part, Figure):
                said += [part.alt] * drawings
            else:
                assert isinstance(part, ContentsPart)
    return sayable("\n".join(said))


def cell_words(cell: TableCell) -> str:
    return plain_text(cell.blocks() if callable(cell.blocks) else cell.blocks)
