"""Costly shapes for each reader, and what reading them costs: repeated and nested pieces of n, 2n, 4n and 8n.

The cost is CPU time, the least of some runs, and the most memory held at once. Its exponent over the size is
fitted by least squares on the logarithms; what is too quick to measure counts for nothing.
"""

from __future__ import annotations

import gc
import itertools
import math
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from cypp_desktop.errors import CyppError

Read = Callable[[], object]
_FLOOR = 0.02  # seconds below which a time says nothing
_SPACES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_MAIN = '<Relationship Id="r" Type="http://x/officeDocument" Target="word/document.xml"/>'
HEADINGS = ["Outcome", "Measure", "Action", "Lead", "Due", "Update"]


def exponent(costs: dict[int, float], floor: float = _FLOOR) -> float:
    """The power of the size with which a cost grows."""
    points = [(math.log(size), math.log(cost)) for size, cost in costs.items() if cost > floor]
    if len(points) < 3:
        return 0.0
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    over = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return over / sum((x - middle_x) ** 2 for x, _ in points)


def seconds(read: Read, runs: int = 2) -> float:
    """The least CPU time of some runs. A refusal in words is an answer too."""
    best = math.inf
    for _ in range(runs):
        gc.collect()
        gc.disable()  # its rounds come when they come, and say nothing of the reader
        start = time.process_time()
        told(read)
        best = min(best, time.process_time() - start)
        gc.enable()
    return best


def told(read: Read) -> str | None:
    """Read; the words with which it was refused, if it was."""
    try:
        read()
    except CyppError as refusal:
        return str(refusal)
    return None


def most_memory(read: Read) -> int:
    """The most bytes that Python held at once while reading."""
    gc.collect()
    tracemalloc.start()
    try:
        told(read)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def growth(reader: Callable[[int], Read], size: int) -> float:
    """The exponent of a reader's time over sizes from ``size`` to eight times that."""
    return exponent({size * more: seconds(reader(size * more)) for more in (1, 2, 4, 8)})


# ---------------------------------------------------------------------------------- Markdown

_PIECES: tuple[str, ...] = (
    "[",
    "]",
    "(",
    ")",
    "](",
    "[a](b)",
    "![",
    "*",
    "**",
    "_",
    "\\",
    "a",
    " ",
    "\n",
    "|",
    "- ",
    "1. ",
    "<",
    '"',
)


def texts(number: int, seed: int = 11) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Shapes of text: every sign and pair of signs over and over, random runs of them, and a few more."""
    chance = random.Random(seed)
    fixed = [*_PIECES, *(one + other for one, other in itertools.product(_PIECES, repeat=2))]
    for at in range(number):
        piece = fixed[at] if at < len(fixed) else "".join(chance.choices(_PIECES, k=chance.randint(3, 9)))
        yield f"{piece!r} over and over", lambda n, piece=piece: (piece * (n // len(piece) + 1))[:n]
    yield "brackets that all close", lambda n: "[" * (n // 2) + "](b)" * (n // 8)
    yield "nested lists", lambda n: "\n".join(" " * (2 * at) + "- x" for at in range(math.isqrt(n)))
    yield "a wide table", lambda n: "|".join(["", *"a" * (n // 6), "\n", *["-"] * (n // 6), "\n"])
    yield "a long table", lambda n: "|a|b|\n|-|-|\n" + "|x|y|\n" * (n // 6)
    yield "blanks", lambda n: "a" + " " * n + "b"


# ---------------------------------------------------------------------------------- Word


def _paragraph(words: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def _row(cells: list[str], merged: tuple[int, ...] = ()) -> str:
    told_cells = []
    for at, cell in enumerate(cells):
        merge = "<w:tcPr><w:vMerge/></w:tcPr>" if at in merged else ""
        told_cells.append(f"<w:tc>{merge}{cell if cell.startswith('<') else _paragraph(cell)}</w:tc>")
    return f"<w:tr>{''.join(told_cells)}</w:tr>"


def _table(rows: Iterator[str] | list[str], headings: list[str] = HEADINGS) -> str:
    return f"<w:tbl>{_row(headings)}{''.join(rows)}</w:tbl>"


def _ordinary(at: int) -> list[str]:
    return [
        f"{at + 1}. Outcome {at}",
        f"Measure {at}",
        f"Do {at}",
        f"Person {at}, CCG",
        "May 2027",
        f"Progress {at}",
    ]


def _paragraphs(words: Callable[[int], str], number: int) -> str:
    return "".join(_paragraph(words(at)) for at in range(number))


def _across(words: str) -> str:
    return f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="6"/></w:tcPr>{_paragraph(words)}</w:tc></w:tr>'


def _under_one(at: int, *cells: str) -> list[str]:
    return ["Outcome" if at == 0 else "", *cells]


def _many_merged(number: int) -> str:
    first = ["Outcome", "Measure 0", _paragraphs("Do {}".format, number), "", "", ""]
    others = [["", f"Measure {at}", "", "", "", ""] for at in range(1, number)]
    return _table([_row(first), *(_row(cells, (0, 2)) for cells in others)])


def _nested_tables(number: int) -> str:
    inner = _table([_row(["a", "b"])], ["Action", "Lead"])
    return _table([_row(["o", "m", inner, "", "", ""])]) * (number // 10)


DOCUMENTS: dict[str, Callable[[int], str]] = {
    "an outcome in each row": lambda n: _table(_row(_ordinary(at)) for at in range(n)),
    "a priority over each row": lambda n: _table(
        _across(f"Priority {at}: Name") + _row(_ordinary(at)) for at in range(n)
    ),
    "a theme over each row": lambda n: _table(
        _across(f"Theme {at}") + _row(_ordinary(at)) for at in range(n)
    ),
    "headings again and again": lambda n: _table(_row(HEADINGS) + _row(_ordinary(at)) for at in range(n)),
    "a table for each row": lambda n: "".join(
        _paragraph(f"Priority {at}: Name") + _table([_row(_ordinary(at))]) for at in range(n)
    ),
    "rows that say little": lambda n: _table(
        _row(_under_one(at, "", f"Do {at}", "", "", "")) for at in range(n)
    ),
    "sentences over all rows": lambda n: _table(
        _row(_under_one(at, "", f"do {at} and", "", "", "")) for at in range(n)
    ),
    "updates over all rows": lambda n: _table(
        _row(_under_one(at, "M" if at == 0 else "", "", "", "", f"went on {at},")) for at in range(n)
    ),
    "cells merged over all rows": lambda n: _table(
        _row(_under_one(at, f"Measure {at}", "Do" if at == 0 else "", "", "", ""), (0, 2) if at else ())
        for at in range(n)
    ),
    "many in a merged cell": _many_merged,
    "paragraphs in a cell": lambda n: _table(
        [_row(["O", "M", _paragraphs("{0}. Do {0}".format, n), "", "", ""])]
    ),
    "leads in a cell": lambda n: _table(
        [_row(["O", "M", "D", _paragraphs(lambda at: f"{at % 90}. Anna Person, Body {at}", n), "", ""])]
    ),
    "a wide table": lambda n: _table(
        [_row([f"c{at}" for at in range(n)])], [f"Outcome {at}" for at in range(n)]
    ),
    "tables in cells": _nested_tables,
    "lines with colons": lambda n: _table(
        [_row(["O", "M", "D", "", "", _paragraph("- list:") + _paragraph("loose") * n])]
    ),
}


def notes(number: int, *, repeated: bool) -> tuple[str, dict[str, str]]:
    """A document in which one footnote is named over and over, or which has as many."""
    named = "".join(
        f'<w:r><w:footnoteReference w:id="{0 if repeated else at}"/></w:r>' for at in range(number)
    )
    body = _table([_row(["O", "M", "D", "", "", f"<w:p>{named}</w:p>"])])
    told_notes = "".join(f'<w:footnote w:id="{at}">{_paragraph("note")}</w:footnote>' for at in range(number))
    if repeated:
        told_notes = f'<w:footnote w:id="0">{_paragraph("note") * number}</w:footnote>'
    part = f"<w:footnotes {_SPACES}>{told_notes}</w:footnotes>"
    return body, {"footnotes": part}


def write_document(path: Path, body: str, parts: dict[str, str] | None = None, named: int = 1) -> Path:
    """A Word document; each of ``parts`` is named ``named`` times."""
    relations = ""
    for name in parts or {}:
        kind = name.rstrip("0123456789")
        for at in range(named):
            relations += f'<Relationship Id="{name}-{at}" Type="http://x/{kind}" Target="{name}.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            _RELATIONS.format(
                '<Relationship Id="r" Type="http://x/officeDocument" Target="word/document.xml"/>'
            ),
        )
        archive.writestr("word/_rels/document.xml.rels", _RELATIONS.format(relations))
        archive.writestr("word/document.xml", f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>")
        for name, part in (parts or {}).items():
            archive.writestr(f"word/{name}.xml", part)
    return path


def header(paragraphs: int) -> dict[str, str]:
    """A header of so many paragraphs, as a part."""
    return {
        "header1": f"<w:hdr {_SPACES}>{''.join(_paragraph(f'h{at}') for at in range(paragraphs))}</w:hdr>"
    }


# ---------------------------------------------------------------------------------- plan JSON

_PLAN = '{{"format":"cypp-plan/1","title":"T","priorities":[{}]{}}}'
PLANS: dict[str, Callable[[int], str]] = {
    "priorities": lambda n: _PLAN.format(",".join(f'{{"code":"{at}","title":"p"}}' for at in range(n)), ""),
    "a key twice among many": lambda n: _PLAN.format(
        "", "," + ",".join(f'"k{at}":1' for at in [*range(n), n - 1])
    ),
    "nested lists": lambda n: _PLAN.format("[" * n + "]" * n, ""),
    "digits": lambda n: _PLAN.format("", f',"period_start":{"9" * n}'),
    "words": lambda n: _PLAN.format("", f',"period":"{"w" * n}"'),
}
