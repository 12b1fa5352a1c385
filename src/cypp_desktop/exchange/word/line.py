"""The runs of one paragraph of Word's: their words with their style, notes, links, fields and boxes."""

from __future__ import annotations

import re
from typing import Any, Protocol

from cypp_desktop.exchange.word.form_fields import box_sign, chosen_entry
from cypp_desktop.exchange.word.package import Element, R, W
from cypp_desktop.exchange.word.styles import Style, font_of, is_struck, number, switched, symbol, value
from cypp_desktop.exchange.word.wrappings import is_contents_table, is_hint, unwrapped, unwrapped_runs
from cypp_desktop.plan.blocks import Span
from cypp_desktop.plan.symbol_fonts import is_symbol_font, signs_of

#: Places where a word may be parted, and marks of byte order: nobody sees them.
_NOT_SEEN = dict.fromkeys(map(ord, "\xad\u200b\u2060\ufeff"))
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


class LineReader(Protocol):
    """What a line asks of the reader of its document."""

    pictures: int
    hidden: list[str]

    def style(self, identity: str | None) -> Style: ...
    def note(self, kind: str, identity: str) -> tuple[str, str]: ...
    def link(self, identity: str | None) -> str | None: ...
    def blocks_of_box(self, box: Element) -> list[Any]: ...


class Line:
    """Gathers the runs of one paragraph."""

    def __init__(self, reader: LineReader, style: Style) -> None:
        self._reader = reader
        self._base = style
        self._codes: list[str | None] = []  # open fields; a text while in its code, None in its result
        self.struck = ""  # words that are struck out, which are none of the line's
        self._links: list[str | None] = []  # links of open fields
        self.spans: list[Span] = []
        self.boxes: list[Any] = []
        self.remarks: list[str] = []
        self.size = 0
        self.plain = 0  # inked runs that are not underlined

    def read(self, parent: Element, link: str | None = None) -> None:
        """All runs under ``parent``."""
        for child in unwrapped_runs(parent):
            if child.tag == W + "r":
                self._run(child, link)
            elif child.tag == W + "hyperlink":
                self.read(child, self._reader.link(child.get(R + "id")) or link)
            elif child.tag == W + "fldSimple":
                self.read(child, _address_in(child.get(W + "instr", "")) or link)
            elif child.tag == _MATH_TEXT:
                self._add(child.text or "", None, link)
            elif child.tag == W + "sdt":
                if not is_hint(child) and not is_contents_table(child):
                    self.read(child, link)
            else:
                self.read(child, link)

    def _run(self, run: Element, link: str | None) -> None:
        properties = run.find(W + "rPr")
        for child in unwrapped(run):
            name = child.tag.rpartition("}")[2]
            if name == "fldChar":
                self._field(child, properties)
            elif name in ("t", "tab", "br", "cr", "noBreakHyphen", "sym", "ptab"):
                address = next(filter(None, reversed(self._links)), link)
                self._add(_letters(child, name), properties, address)
            elif name in ("footnoteReference", "endnoteReference", "commentReference"):
                self._note(name.removesuffix("Reference"), child.get(W + "id", ""))
            elif name in ("drawing", "pict", "object"):
                self._drawing(child)
            elif name == "ruby":
                for base in child.iter(W + "rubyBase"):
                    self.read(base, link)
        for code in run.findall(W + "instrText"):
            if self._codes and self._codes[-1] is not None:
                self._codes[-1] += code.text or ""

    def _field(self, mark: Element, properties: Element | None) -> None:
        kind = mark.get(W + "fldCharType", "")
        if kind == "begin":
            self._codes.append("")
            self._links.append(None)
            self._add(chosen_entry(mark) or box_sign(mark) or "", properties, None)
        elif kind == "separate" and self._codes:
            self._links[-1] = _address_in(self._codes[-1] or "")
            self._codes[-1] = None
        elif kind == "end" and self._codes:
            self._codes.pop()
            self._links.pop()

    def _note(self, kind: str, identity: str) -> None:
        mark, words = self._reader.note(kind, identity)
        if mark:
            self.spans.append(Span(mark))
        if words:
            self.remarks.append(f"{mark}: {words}" if mark else words)

    def _drawing(self, drawing: Element) -> None:
        boxes = [box for box in drawing.iter(W + "txbxContent") if not _inside_box(box, drawing)]
        for box in boxes:
            self.boxes += self._reader.blocks_of_box(box)
        if not boxes:
            self._reader.pictures += 1

    def _add(self, text: str, properties: Element | None, link: str | None) -> None:
        if not text:
            return
        style = self._reader.style(value(properties, "rStyle")) if properties is not None else Style()
        if _first_said(switched(properties, "vanish"), style.hidden):
            if text.strip():
                self._reader.hidden.append(text)
            return
        if is_struck(properties, style, self._base.struck):
            self.struck += text
            return
        if self.struck and self.spans and self.spans[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        text = signs_of(text.translate(_NOT_SEEN), font_of(properties) or style.font)
        if text.strip():
            self._note_look(properties, style)
        bold = _first_said(switched(properties, "b"), style.bold, self._base.bold)
        italic = _first_said(switched(properties, "i"), style.italic, self._base.italic)
        self.spans.append(Span(symbol(text), bold, italic, link))

    def _note_look(self, properties: Element | None, style: Style) -> None:
        """Counts a run with words for what its paragraph looks like."""
        size = number(value(properties, "sz")) or style.size or self._base.size or 0
        self.size = max(self.size, size)
        if value(properties, "u") in (None, "none"):
            self.plain += 1


def _first_said(*said: bool | None) -> bool:
    """The first of several switches that is on or off; off where none is either."""
    for switch in said:
        if switch is not None:
            return switch
    return False


def _inside_box(box: Element, top: Element) -> bool:
    parent = box.getparent()
    while parent is not None and parent is not top:
        if parent.tag == W + "txbxContent":
            return True
        parent = parent.getparent()
    return False


def _letters(child: Element, name: str) -> str:
    if name == "t":
        return child.text or ""
    if name in ("tab", "ptab"):
        return "\t"
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        return _symbol_of(child.get(W + "char", "20"), child.get(W + "font"))
    return "\n"


def _symbol_of(code: str, font: str | None) -> str:
    try:
        point = int(code, 16)
    except ValueError:
        return "•"
    if not 0 <= point < 0xFFFE or 0xD800 <= point < 0xE000:
        return "•"
    if is_symbol_font(font):
        return signs_of(chr(point), font)
    return symbol(chr(point + 0xF000) if point < 0x100 else chr(point))


_ADDRESS = re.compile(r'\bHYPERLINK\s+(?:"([^"]+)"|(\S+))')


def _address_in(code: str) -> str | None:
    found = _ADDRESS.search(code)
    if found is None:
        return None
    address = found.group(1) or found.group(2)
    return None if address.startswith("\\") else address
