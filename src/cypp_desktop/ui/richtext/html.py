"""HTML that other programs copy, as blocks: structure and emphasis kept, the rest dropped; no Qt here.

Bullets and numbers with their levels, bold, italics, headings (as sub-headings), links and tables
are kept. Colours, fonts, pictures, scripts, hidden and struck-out things go; other words never do. A letter
in a symbol font comes as the sign that it shows there.

Word does not write lists as lists: a paragraph says ``mso-list:l0 level2 lfo1`` and begins with a
span ``mso-list:Ignore`` that holds the bullet or number as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cypp_desktop.plan.blocks import Block, Span, Spans, Table, normal_spans
from cypp_desktop.plan.symbol_fonts import signs_of, signs_without_font
from cypp_desktop.ui.richtext.html_tree import BLOCK_TAGS, HtmlElement, tree_of
from cypp_desktop.ui.richtext.outline import Level, Path, TextLine, fresh, marks, unflatten
from cypp_desktop.ui.richtext.typed import without_bullet

_SKIPPED = frozenset(
    {"script", "style", "title", "meta", "link", "template", "noscript", "svg", "math", "object", "applet"}
    | {"iframe", "xml", "button", "select", "textarea", "input", "img", "picture", "video", "audio", "canvas"}
)
_STRUCK = frozenset({"s", "strike", "del"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ROW_GROUPS = frozenset({"tbody", "thead", "tfoot"})
_POINTS_PER_LEVEL = 36.0  # Word's and Outlook's step of a list level


def blocks_from_html(source: str) -> tuple[Block, ...]:
    """The blocks of copied HTML, in normal form; none when it holds no words."""
    page = _HtmlReader()
    page.read_all(tree_of(source), _WordStyle(), ())
    page.end_paragraph(())
    return unflatten(page.lines)


@dataclass(frozen=True, slots=True)
class _WordStyle:
    bold: bool = False
    italic: bool = False
    link: str | None = None
    heading: bool = False
    kept_blanks: bool = False  # <pre>
    font: str = ""

    def inside(self, element: HtmlElement) -> _WordStyle:
        """The style of words inside ``element``."""
        tag, style = element.tag, self
        if tag in _HEADINGS:
            style = replace(style, heading=True)
        elif tag in ("b", "strong"):
            style = replace(style, bold=True)
        elif tag in ("i", "em"):
            style = replace(style, italic=True)
        elif tag == "a":
            style = replace(style, link=address_of(element.attributes.get("href", "")))
        elif tag == "pre":
            style = replace(style, kept_blanks=True)
        elif tag == "font" and "face" in element.attributes:
            style = replace(style, font=element.attributes["face"])
        font = element.style.get("mso-symbol-font-family") or element.style.get("font-family", "")
        if font:
            style = replace(style, font=font)
        weight = element.style.get("font-weight", "")
        if weight:
            style = replace(
                style, bold=weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)
            )
        slant = element.style.get("font-style", "")
        if slant:
            style = replace(style, italic=slant.startswith(("italic", "oblique")))
        return style

    def span(self, text: str) -> Span:
        """Words in this style; in a symbol font, the signs that they show."""
        text = signs_without_font(signs_of(text, self.font.partition(",")[0]))
        return Span(text, self.bold or self.heading, self.italic, self.link)


def address_of(href: str) -> str | None:
    """The address of a link that may be kept: of the web or of mail; others lead nowhere from here."""
    href = href.strip()
    return href if re.match(r"(?:https?://|mailto:)\S", href, re.IGNORECASE) else None


@dataclass(frozen=True, slots=True)
class _Open:
    """An item of a list that is written as paragraphs: its printed level, its list's name."""

    depth: float
    name: str
    level: Level


class _HtmlReader:
    """Reads elements into lines."""

    def __init__(self) -> None:
        self.lines: list[TextLine] = []
        self._spans: list[Span] = []
        self._items: list[_Open] = []  # the open items of a list written as paragraphs, outermost first

    # ---------------------------------------------------------------------- elements

    def read_all(self, element: HtmlElement, style: _WordStyle, path: Path) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._words(child, style)
            else:
                self._read(child, style, path)

    def _read(self, element: HtmlElement, style: _WordStyle, path: Path) -> None:
        tag = element.tag
        if _is_hidden(element):
            return
        if tag == "br":
            self._line_break(path)
        elif tag in ("ul", "ol"):
            self.end_paragraph(path)
            self._read_list(element, style, path)
        elif tag == "li":  # outside any list
            self._read_list(HtmlElement("ul", children=[element]), style, path)
        elif tag == "table":
            self.end_paragraph(path)
            self._read_table(element, style, path)
        elif tag in BLOCK_TAGS:
            self.end_paragraph(path)
            self._read_paragraph(element, style.inside(element), path)
        elif "mso-spacerun" in element.style or "mso-tab-count" in element.style:
            self._words(" ", style)
        else:
            self.read_all(element, style.inside(element), path)

    def _read_paragraph(self, element: HtmlElement, style: _WordStyle, path: Path) -> None:
        listed = re.match(r"(\S+) level(\d+)(?: (\S+))?", element.style.get("mso-list", ""))
        item = path
        if listed and not path:
            number = _number_of(_take_marker(element))
            item = self._item(float(listed[2]), listed[1] + (listed[3] or ""), number)
        elif not path and "msolistparagraph" in element.classes and not _typed_bullet(element.text()):
            item = tuple(entry.level for entry in self._items)  # goes on with the item above
        self.read_all(element, style, item)
        self.end_paragraph(item, _margin_of(element))

    def _read_list(self, element: HtmlElement, style: _WordStyle, path: Path) -> None:
        list_id, item = fresh(), path
        start = _whole(element.attributes.get("start", ""), 1) if element.tag == "ol" else None
        for child in element.children:
            if isinstance(child, str):
                if child.strip():
                    self._words(child, style)
            elif child.tag == "li" and "data-listid" in child.attributes and not path:
                self._read_web_item(child, style, start)
            elif child.tag == "li":
                item = (*path, Level(list_id, fresh(), start))
                self.read_all(child, style.inside(child), item)
                self.end_paragraph(item)
            else:  # a list inside a list, without an item of its own: under the item before it
                self._read(child, style, item)
                self.end_paragraph(item)

    def _read_web_item(self, element: HtmlElement, style: _WordStyle, start: int | None) -> None:
        """An item of Word on the web, which makes a list of each and numbers the levels itself."""
        depth = _whole(element.attributes.get("data-aria-level", ""), 1)
        item = self._item(float(depth), element.attributes["data-listid"], start)
        self.read_all(element, style.inside(element), item)
        self.end_paragraph(item)

    def _item(self, depth: float, name: str, number: int | None) -> Path:
        """The path of the next item of a list that is written as paragraphs."""
        while self._items and self._items[-1].depth > depth:
            self._items.pop()
        list_id, start = fresh(), number
        if self._items and self._items[-1].depth == depth:
            last = self._items.pop()
            if last.name == name and last.level.numbered == (number is not None):
                list_id, start = last.level.list_id, last.level.start
        self._items.append(_Open(depth, name, Level(list_id, fresh(), start)))
        return tuple(entry.level for entry in self._items)

    # ---------------------------------------------------------------------- tables

    def _read_table(self, element: HtmlElement, style: _WordStyle, path: Path) -> None:
        rows = list(_rows(element))
        if _is_for_layout(element, rows):
            self.read_all(element, style, path)
            self.end_paragraph(path)
            return
        self._read_beside_cells(element, style, path)
        kept = [row for row in _grid(rows, style.inside(element)) if any(row)]
        if kept:
            self.lines.append(TextLine(Table(kept[0], tuple(kept[1:])), path))
            if not path:
                self._items.clear()

    def _read_beside_cells(self, element: HtmlElement, style: _WordStyle, path: Path) -> None:
        """The caption of a table, and words that stand between its cells where none should."""
        for child in element.children:
            if isinstance(child, str):
                self._words(child, style)
            elif child.tag in _ROW_GROUPS or (child.tag == "tr" and element.tag != "tr"):
                self._read_beside_cells(child, style, path)
            elif element.tag != "tr" or child.tag not in ("td", "th"):
                self._read(child, style, path)
        self.end_paragraph(path)

    # ---------------------------------------------------------------------- words

    def _words(self, text: str, style: _WordStyle) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if style.kept_blanks:
            self._spans.append(style.span(text))
        else:
            self._spans.append(style.span(re.sub(r"[ \t\n\f]+", " ", text)))

    def _line_break(self, path: Path) -> None:
        if self._spans and "".join(s.text for s in self._spans).rstrip(" \u00a0").endswith("\n"):
            self.end_paragraph(path)  # two breaks are how a paragraph ends in mail
        else:
            self._spans.append(Span("\n"))

    def end_paragraph(self, path: Path, margin: float = 0.0) -> None:
        """What was read since the last one is a paragraph of ``path`` (``margin`` in points)."""
        spans, self._spans = self._spans, []
        if not any(span.text.strip() for span in spans):
            return
        raw = "".join(span.text for span in spans)
        if not path and any(_typed_bullet(line) for line in raw.split("\n")):
            for line in _split_lines(spans):
                self._typed_line(line, margin)
            return
        if not path:
            self._items.clear()
        self.lines.append(TextLine(_tidy(spans), path))

    def _typed_line(self, spans: list[Span], margin: float) -> None:
        """A line beginning with a bullet that someone typed, or between such lines."""
        raw = "".join(span.text for span in spans)
        if not raw.strip():
            return
        cut = _typed_bullet(raw)
        if not cut:
            self._items.clear()
            self.lines.append(TextLine(_tidy(spans), ()))
            return
        path = self._item(round(margin / _POINTS_PER_LEVEL), "typed", None)
        self.lines.append(TextLine(_tidy(_without_first(spans, cut)), path))


# ------------------------------------------------------------------------------ Word


def _is_hidden(element: HtmlElement) -> bool:
    """Whether nothing inside is meant to be read: scripts, pictures, comments, words struck out."""
    style = element.style
    return (
        element.tag in _SKIPPED
        or style.get("display") == "none"
        or style.get("mso-hide") == "all"
        or style.get("mso-element", "").startswith("comment")
        or style.get("mso-special-character") == "comment"
        or "msocommentreference" in element.classes
        or "apple-interchange-newline" in element.classes
        or element.tag in _STRUCK
        or "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", "")
    )


def _take_marker(element: HtmlElement) -> str:
    """The bullet or number in Word's own span, taken out of ``element``."""
    for at, child in enumerate(element.children):
        if not isinstance(child, HtmlElement):
            continue
        if child.style.get("mso-list") == "ignore":
            del element.children[at]
            return child.text().strip()
        if marker := _take_marker(child):
            return marker
    return ""


def _number_of(marker: str) -> int | None:
    """The number that a printed marker stands for ("3.", "2.1", "b)", "(iv)"); None for a bullet."""
    found = re.fullmatch(r"\(?(?:\d+\.)*(\d{1,9})[.):]?", marker)
    if found:
        return int(found[1])
    lettered = re.fullmatch(r"\(?([a-zA-Z]|[ivxIVX]+)[.)]", marker)
    if not lettered:
        return None
    letters = lettered[1].lower()
    if set(letters) <= set("ivx"):
        values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in letters]
        following = [*values[1:], 0]
        return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
    return ord(letters) - ord("a") + 1


def _margin_of(element: HtmlElement) -> float:
    """The left margin of a paragraph in points; 0 when it has none that we understand."""
    found = re.fullmatch(r"([\d.]+)(pt|px|in|cm)", element.style.get("margin-left", ""))
    if not found or not re.fullmatch(r"\d*\.?\d+", found[1]):
        return 0.0
    return float(found[1]) * {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35}[found[2]]


def _typed_bullet(text: str) -> int:
    """How many characters of ``text`` are a typed bullet with the blanks around it; 0 if none are."""
    # Word's second level is the letter o in a typewriter face, then several hard blanks.
    circle = re.match(r"\s*o(?:\s*\u00a0){2,}\s*(?=\S)", text)
    if circle:
        return circle.end()
    rest = without_bullet(text)
    return 0 if rest is None else len(text) - len(rest)


# ------------------------------------------------------------------------------ cells and spans


def _rows(element: HtmlElement) -> Iterator[HtmlElement]:
    """The rows of a table that are shown."""
    for child in element.children:
        if isinstance(child, HtmlElement) and not _is_hidden(child):
            if child.tag == "tr":
                yield child
            elif child.tag in _ROW_GROUPS:
                yield from _rows(child)


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [c for c in row.children if isinstance(c, HtmlElement) and c.tag in ("td", "th")]


def _grid(rows: list[HtmlElement], style: _WordStyle) -> list[tuple[Spans, ...]]:
    """The cells of rows in their places: a joined cell keeps its words in its first place."""
    filled: dict[tuple[int, int], Spans] = {}
    for r, row in enumerate(rows):
        c = 0
        row_style = style.inside(row)
        for cell in _cells(row):
            while (r, c) in filled:
                c += 1
            wide = min(_whole(cell.attributes.get("colspan", ""), 1), 100)
            high = min(_whole(cell.attributes.get("rowspan", ""), 1), len(rows) - r)
            for down in range(max(high, 1)):
                for right in range(max(wide, 1)):
                    filled[r + down, c + right] = ()
            filled[r, c] = _cell_spans(cell, row_style)
    width = max((c for _, c in filled), default=-1) + 1

    def cells_of(r: int) -> tuple[Spans, ...]:
        return tuple(filled.get((r, c), ()) for c in range(width))

    return [cells_of(r) for r in range(len(rows))]


def _is_for_layout(table: HtmlElement, rows: list[HtmlElement]) -> bool:
    """Whether a table only puts things in their places: one cell, tables in its cells, or it says so."""
    cells: list[HtmlElement] = []
    for row in rows:
        cells += _cells(row)
    if len(cells) < 2 or table.attributes.get("role") == "presentation":
        return True
    return any(any(cell.elements("table")) for cell in cells)


def _cell_spans(cell: HtmlElement, style: _WordStyle) -> Spans:
    """A cell's words in one line; lists inside keep a bullet before each item."""
    page = _HtmlReader()
    page.read_all(cell, style.inside(cell), ())
    page.end_paragraph(())
    spans: list[Span] = []
    for line, beside in zip(page.lines, marks(line.path for line in page.lines), strict=True):
        if isinstance(line.content, Table):
            continue
        shown = ""
        if beside:
            number = beside[-1].number
            shown = "• " if number is None else f"{number}. "
        spans += [Span(" " + shown if spans else shown), *line.content]
    return normal_spans(replace(span, text=span.text.replace("\n", " ")) for span in spans)


def _tidy(spans: Iterable[Span]) -> Spans:
    """Spans with runs of blanks as one; a hard blank alone stays, for it was meant."""
    tidied: list[Span] = []
    after_blank = True
    for span in spans:
        text = re.sub(r"[ \u00a0]{2,}", " ", span.text)
        if after_blank:
            text = text.lstrip(" ")
        if text:
            after_blank = text[-1] in " \n"
            tidied.append(replace(span, text=text))
    return normal_spans(tidied)


def _split_lines(spans: Iterable[Span]) -> list[list[Span]]:
    lines: list[list[Span]] = [[]]
    for span in spans:
        first, *others = span.text.split("\n")
        lines[-1].append(replace(span, text=first))
        lines += [[replace(span, text=other)] for other in others]
    return lines


def _without_first(spans: Iterable[Span], characters: int) -> list[Span]:
    """``spans`` without their first ``characters``."""
    kept: list[Span] = []
    for span in spans:
        cut = min(characters, len(span.text))
        characters -= cut
        kept.append(replace(span, text=span.text[cut:]))
    return kept


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.strip().isdecimal() else otherwise
