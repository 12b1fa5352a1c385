"""The report of a merge as a paper for the minutes, printed like everything else: tagged, and to be kept."""

from __future__ import annotations

from collections.abc import Iterable

from cypp_desktop.plan.blocks import Item, List, Paragraph, Span
from cypp_desktop.report.paper import Chapter, HeadingPart, PageSetup, Paper, PaperPart, TextPart

_SETUP = PageSetup(landscape=False, size=10.0)
#: An entry of a list in the text is indented; more than this goes on from the entry above.
_DEEPEST_ENTRY = 12


def report_paper(title: str, text: str) -> Paper:
    """A paper of the report's text: its indented lines are lists, and a line that ends in ":" heads one."""
    parts: list[PaperPart] = [HeadingPart(1, (_paragraph(title),))]
    entries: list[list[str]] = []
    depth = 0
    for line in (*text.splitlines(), ""):
        words = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if words and indent:
            if not entries or indent <= depth or (words[0].isdigit() and indent <= _DEEPEST_ENTRY):
                entries.append([words])
                depth = indent
            else:
                entries[-1].append(words)
            continue
        parts += _list(entries)
        entries = []
        if words.endswith(":"):
            parts.append(HeadingPart(2, (_paragraph(words[:-1]),)))
        elif words:
            parts.append(TextPart((_paragraph(words),)))
    return Paper(title, (Chapter(_SETUP, tuple(parts)),), subject="Merge report")


def _list(entries: Iterable[list[str]]) -> list[PaperPart]:
    items = tuple(Item(tuple(_paragraph(" ".join(line.split())) for line in lines)) for lines in entries)
    return [TextPart((List(items),))] if items else []


def _paragraph(words: str) -> Paragraph:
    return Paragraph((Span(words),))
