"""A plan that says a word of its own in every column of every row, and where such words are in a file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.model import (
    IssuedReturn,
    Observation,
    Organisation,
    Pack,
    Person,
    PrintLayout,
    ReceivedFile,
    Round,
    Update,
)
from tests.report.pdf_structure import Structure
from tests.report.plans import everything
from tests.report.printing import PrintedPlan
from tests.report.reading import leaves

_MARK = re.compile(r"zq\d+x")
#: whose words are found by what they say, or stand between braces: not replaced
_KINDS = ("words", "markdown", "list")


class MarkedPlan(PrintedPlan):
    """The plan, and for each word where it stands: a kind of row and a column. ``says`` is what a text says,
    with {} for its word.
    """

    def __init__(self, folder: Path, says: str = "{}") -> None:
        super().__init__(everything(), folder)
        self.places: dict[str, tuple[str, str]] = {}
        self._says = says
        session = self.editor.session
        with self.editor.step("Add the rest"):
            for row in self._rest():
                session.add(row)
                session.flush()
        with self.editor.step("Mark"):
            for cls in row_classes().values():
                rows = session.query(cls).order_by(cls.id).all()
                assert rows, f"no {cls.__name__} to mark"
                for row in rows:
                    self._mark(row)

    def _rest(self) -> Iterator[Row]:
        """What the plan has none of: other rounds, people and parts of the program's own."""
        session = self.editor.session
        council = session.query(Organisation).first()
        update = session.query(Update).first()
        measure = session.query(Observation).first().measure
        early = Round(name="Half year", state="closed", sort_key="A")
        yield early
        yield Update(outcome_id=update.outcome_id, round_id=early.id, text="Early words", sort_key="z")
        yield Update(outcome_id=update.outcome_id, text="Of no round", sort_key="zz")
        yield Observation(measure_id=measure.id, kind="forecast", words="good", sort_key="z")
        yield Person(post="Chair", organisation_id=council.id, sort_key="z")
        yield PrintLayout(name="Ours", definition={"format": 1, "based_on": "update", "title": "Ours"})
        parts = ["rag-summary", "Ours", "scorecard"]
        yield Pack(name="Meeting", definition={"format": 1, "title": "Meeting", "parts": parts})
        scope = {"measures": [], "outcomes": [], "actions": [], "updates": []}
        issued = IssuedReturn(
            organisation_id=council.id, round_id=early.id, issued_at="2018-01-01", scope=scope
        )
        yield issued
        yield ReceivedFile(issued_return_id=issued.id, received_at="2018-02-01")

    def _mark(self, row: Row) -> None:
        for column in row.__table__.columns:
            kind = column.info.get("kind")
            if kind not in _KINDS or (isinstance(row, PrintLayout | Pack) and column.key == "name"):
                continue
            mark = self._next(row, column.key)
            value: Any = self._says.format(mark)
            if kind == "list":
                value = [value, self._next(row, column.key)]
            if kind == "markdown" and value == mark:
                value = f'{mark} [link](file:///{mark}unseen "{mark}title")'
            setattr(row, column.key, value)
        if isinstance(row, PrintLayout | Pack):
            row.definition = {**row.definition, "title": self._next(row, "definition")}

    def _next(self, row: Row, column: str) -> str:
        """A new word for a column."""
        mark = f"zq{len(self.places)}x"
        self.places[mark] = (row.row_type, column)
        return mark


def marks_in(words: str) -> set[str]:
    return set(_MARK.findall("".join(words.casefold().split())))


# ---------------------------------------------------------------------------------- PDF


def marks_on_pages(data: bytes) -> set[str]:
    """Those that can be read on the pages, at their edges too, or are read aloud for a picture."""
    structure = Structure(data)
    pictures = " ".join(str(figure.node.get("/Alt", "")) for figure in structure.root.of("Figure"))
    at_edges = " ".join(leaf.text for leaf in leaves(data))
    return marks_in(structure.text()) | marks_in(at_edges) | marks_in(pictures)


def everything_in_pdf(data: bytes) -> str:
    """Every string and every stream of the file, unpacked: metadata, attachments, bookmarks, all."""
    found: list[str] = []
    with pikepdf.open(BytesIO(data)) as pdf:
        for thing in (pdf.trailer, *pdf.objects):
            found += _strings(thing, 0)
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found)


def _strings(thing: Any, depth: int) -> Iterator[str]:
    if depth and getattr(thing, "is_indirect", False):
        return
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key in thing.keys():  # noqa: SIM118  it is no mapping
            yield str(key)
            yield from _strings(thing[key], depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for one in thing:
            yield from _strings(one, depth + 1)


# ---------------------------------------------------------------------------------- HTML and Word


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._is_shown = self._is_begun = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._is_shown = tag == "title" or self._is_begun or tag == "body"
        self._is_begun = self._is_begun or tag == "body"

    def handle_data(self, data: str) -> None:
        if self._is_shown:
            self.words.append(data)


def words_of_page(data: bytes) -> str:
    """What can be read on a web page, and above it."""
    shown = _Shown()
    shown.feed(data.decode("utf-8"))
    return " ".join(shown.words)


def parts_of_word(data: bytes) -> dict[str, str]:
    """The parts of a Word file, as text."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def words_of_document(data: bytes) -> str:
    """What can be read in a Word file: its text, and what stands at the edges of its pages."""
    parts = parts_of_word(data)
    shown = [text for name, text in parts.items() if re.match(r"word/(document|header|footer)", name)]
    return " ".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", text)) for text in shown)
