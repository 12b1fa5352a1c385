"""The Markdown of a plan's texts, as blocks.

A text is a sequence of blocks: paragraphs, bulleted and numbered lists (nested to any depth) and
small tables. Inside a block there are spans: words with bold, italics or a link. A sub-heading
inside a text is a paragraph that is bold throughout (``**Performance update**``).

The dialect is the one of the plan JSON format: a subset of GitHub Flavored Markdown. Whatever the
subset does not know (``#``, ``>``, backquotes, HTML, rules) is plain words here, because in a
council's text it always is.

The law of this module: ``parse(render(blocks)) == blocks`` for all blocks in normal form, and
``parse`` yields normal form only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one style. A line break inside a paragraph is ``"\\n"`` in ``text``."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans

    @property
    def is_heading(self) -> bool:
        """Whether this is a sub-heading: bold throughout and of one line."""
        text = "".join(span.text for span in self.spans)
        return (
            bool(text.strip())
            and "\n" not in text
            and all(span.bold or not span.text.strip() for span in self.spans)
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: usually a paragraph, then perhaps nested lists."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A bulleted list (``start`` is None) or a numbered one (``start`` is its first number)."""

    items: tuple[Item, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A small table inside a text. Every row has as many cells as the header."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


Block = Paragraph | List | Table


# ---------------------------------------------------------------------------------- reading


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    from cypp_desktop.plan.link_labels import Helpers

    parser = MarkdownIt("zero", {"maxNesting": 200})
    parser.enable(["list", "table", "emphasis", "link", "escape", "newline", "balance_pairs"])
    parser.helpers = Helpers()  # type: ignore[assignment]
    # An address is kept as typed; whether it may be opened is decided where it is opened.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def parse(text: str | None) -> tuple[Block, ...]:
    """The blocks of a Markdown text, in normal form; an empty or missing text has none."""
    if not text or not text.strip():
        return ()
    if _PLAIN.fullmatch(text):
        return _plain_blocks(text)
    tokens = _markdown().parse(_plain_line_ends(text))
    return _blocks(tokens, 0, None)[0]


#: a paragraph of one line, or a list of such, in which no character has a meaning: as most texts are
_SAFE = r"\s\\*_\[\]|\x00-\x1f\x7f-\x9f"
_WORDS = rf"(?!\d+[.)](?:\s|\Z))(?![+-])[^{_SAFE}]+(?: +[^{_SAFE}]+)*"
_PLAIN = re.compile(rf"{_WORDS}|- {_WORDS}(?:\n- {_WORDS})*")


def _plain_blocks(text: str) -> tuple[Block, ...]:
    """What the parser makes of a text that is :data:`_PLAIN`, in a tenth of the time."""
    if not text.startswith("- "):
        return (Paragraph((Span(text),)),)
    items = (Item((Paragraph((Span(line[2:]),)),)) for line in text.split("\n"))
    return (List(tuple(items)),)


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _blocks(tokens: Sequence[Token], at: int, closing: str | None) -> tuple[tuple[Block, ...], int]:
    """The blocks from ``at`` up to the token ``closing``, and the place after it."""
    found: list[Block] = []
    while at < len(tokens):
        token = tokens[at]
        if token.type == closing:
            return tuple(found), at + 1
        if token.type == "paragraph_open":
            spans = normal_spans(_spans(tokens[at + 1]))
            if spans:
                found.append(Paragraph(spans))
            at += 3
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            listed, at = _list(tokens, at)
            if listed.items:
                found.append(listed)
        elif token.type == "table_open":
            table, at = _table(tokens, at + 1)
            found.append(table)
        else:  # what the nesting limit leaves over: keep its words
            if token.content.strip():
                found.append(Paragraph((Span(token.content.strip()),)))
            at += 1
    return tuple(found), at


def _list(tokens: Sequence[Token], at: int) -> tuple[List, int]:
    opening = tokens[at]
    start: int | None = None
    if opening.type == "ordered_list_open":
        start = int(opening.attrs.get("start", 1))
    close = opening.type.replace("_open", "_close")
    items: list[Item] = []
    at += 1
    while tokens[at].type != close:
        blocks, at = _blocks(tokens, at + 1, "list_item_close")
        if blocks:
            items.append(Item(blocks))
    return List(tuple(items), start), at + 1


def _table(tokens: Sequence[Token], at: int) -> tuple[Table, int]:
    rows: list[list[Spans]] = []
    while tokens[at].type != "table_close":
        if tokens[at].type == "tr_open":
            rows.append([])
        elif tokens[at].type == "inline":
            rows[-1].append(_cell(_spans(tokens[at])))
        at += 1
    width = len(rows[0])
    body = [tuple((row + [()] * width)[:width]) for row in rows[1:]]
    return Table(tuple(rows[0]), tuple(body)), at + 1


#: what opens and closes a style: the token, and how much deeper the style is after it
_BOLD = {"strong_open": 1, "strong_close": -1}
_ITALIC = {"em_open": 1, "em_close": -1}


def _spans(inline: Token) -> list[Span]:
    bold = italic = 0
    links: list[str] = []
    found: list[Span] = []
    for token in inline.children or ():
        if token.type in _BOLD:
            bold += _BOLD[token.type]
        elif token.type in _ITALIC:
            italic += _ITALIC[token.type]
        elif token.type == "link_open":
            links.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            links.pop()
        else:
            text = "\n" if token.type in ("softbreak", "hardbreak") else token.content
            found.append(Span(text, bold > 0, italic > 0, links[-1] if links else None))
    return found


# ---------------------------------------------------------------------------------- normal form


def normal(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks as the dialect can say them: see :func:`normal_spans`; empty ones dropped."""
    found: list[Block] = []
    for block in blocks:
        match block:
            case Paragraph():
                spans = normal_spans(block.spans)
                whole: Block | None = Paragraph(spans) if spans else None
            case List():
                whole = _normal_list(block)
            case Table():
                whole = _normal_table(block)
        if whole is not None:
            found.append(whole)
    return tuple(found)


def _normal_list(block: List) -> List | None:
    items: list[Item] = []
    for item in block.items:
        inner = normal(item.blocks)
        if inner:
            items.append(Item(inner))
    if not items:
        return None
    start = block.start
    if start is not None:
        start = min(max(start, 0), _HIGHEST_NUMBER)
    return List(tuple(items), start)


def _normal_table(block: Table) -> Table | None:
    """The table with as many cells in every row; none where there is no cell."""
    rows = [block.header, *block.rows]
    width = max(len(row) for row in rows)
    if not width:
        return None
    header, *body = (tuple(map(_cell, (*row, *[()] * (width - len(row))))) for row in rows)
    return Table(header, tuple(body))


_HIGHEST_NUMBER = 999_999_999  # CommonMark: at most nine digits


def normal_spans(spans: Iterable[Span]) -> Spans:
    """Words and style of ``spans`` as Markdown can say them.

    Neighbours of one style are joined; white space at the edge of a styled run becomes plain;
    lines have no outer blanks and are never empty. Where two styled runs meet in a way that the
    dialect cannot express (bold ending in punctuation glued to a word), style gives way, words stay.
    """
    pieces = [piece for span in _joined(spans) for piece in _plain_at_edges(span)]
    found = _trimmed(_joined(pieces))
    if all(span.link is None and not span.bold and not span.italic for span in found):
        return found
    return _expressible(found)


def _plain_at_edges(span: Span) -> Iterator[Span]:
    """A span in pieces, of which the white space at its edges has no style."""
    text, link = _plain_line_ends(span.text), span.link or None
    core = text.strip()
    if not core or not (span.bold or span.italic):
        yield Span(text, link=link)
        return
    start = text.index(core)
    yield Span(text[:start], link=link)
    yield Span(core, span.bold, span.italic, link)
    yield Span(text[start + len(core) :], link=link)


def _cell(spans: Iterable[Span]) -> Spans:
    """Spans of a table cell: one line."""
    return normal_spans(
        Span(" ".join(_plain_line_ends(s.text).split("\n")), s.bold, s.italic, s.link) for s in spans
    )


def _joined(pieces: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in pieces:
        if not span.text:
            continue
        if joined and _style(joined[-1]) == _style(span):
            span = replace(span, text=joined.pop().text + span.text)
        joined.append(span)
    return joined


def _style(span: Span) -> tuple[bool, bool, str | None]:
    return span.bold, span.italic, span.link


def _trimmed(spans: list[Span]) -> Spans:
    """Lines without outer blanks, no empty lines, nothing blank at either end."""
    out: list[Span] = []
    for span in spans:
        text = _without_outer_blanks(span.text)
        if not out or out[-1].text.endswith("\n"):
            text = text.lstrip()
        if text.startswith("\n"):
            _strip_end(out)
            if not out:
                text = text.lstrip()
        if text:
            out.append(replace(span, text=text))
    _strip_end(out)
    return tuple(_joined(out))


def _without_outer_blanks(text: str) -> str:
    """A text without blanks at its line ends, and without empty lines."""
    if "\n" not in text:
        return text
    first, *between, last = text.split("\n")
    lines = [line for line in map(str.strip, between) if line]
    return "\n".join((first.rstrip(), *lines, last.lstrip()))


def _strip_end(spans: list[Span]) -> None:
    """Take away the blanks at the end of the last words, and the spans that hold nothing else."""
    while spans and not spans[-1].text.rstrip():
        spans.pop()
    if spans:
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())


def _expressible(spans: Spans) -> Spans:
    """``spans`` with as little style taken away as makes them survive a round trip."""
    if _survives(spans):
        return spans
    for less in _with_less_style(spans):
        candidate = tuple(_joined(less))
        if candidate != spans and _survives(candidate):
            return candidate
    return tuple(_joined(Span(span.text) for span in spans))


def _with_less_style(spans: Spans) -> Iterator[Iterable[Span]]:
    """``spans`` with ever more style taken away."""
    yield _bare_edges(spans)
    yield [replace(span, link=None) for span in spans]
    yield [replace(span, italic=span.italic and not span.bold) for span in spans]
    yield [replace(span, italic=False) for span in spans]
    yield _bare_edges([replace(span, italic=False, link=None) for span in spans])


def _bare_edges(spans: Sequence[Span]) -> Iterator[Span]:
    """Styled runs without the punctuation at their edges (``**Target:**by`` is not Markdown)."""
    for span in spans:
        if not (span.bold or span.italic):
            yield span
            continue
        start, end = _core(span.text)
        yield Span(span.text[:start], link=span.link)
        yield Span(span.text[start:end], span.bold, span.italic, span.link)
        yield Span(span.text[end:], link=span.link)


def _core(text: str) -> tuple[int, int]:
    """Where the first letter or digit of a text stands, and where the last ends."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _survives(spans: Spans) -> bool:
    if _trimmed(list(spans)) != spans:
        return False
    tokens = _markdown().parse(_inline(spans))
    return (
        len(tokens) == 3
        and tokens[0].type == "paragraph_open"
        and _trimmed(_joined(_spans(tokens[1]))) == spans
    )


# ---------------------------------------------------------------------------------- writing


def render(blocks: Iterable[Block]) -> str:
    """The Markdown of blocks in normal form (other blocks: of their normal form).

    ``- `` bullets, ``1. `` numbers, pipe tables, a blank line between blocks.
    """
    return "\n".join(_lines(normal(blocks)))


def _lines(blocks: tuple[Block, ...], in_item: bool = False) -> list[str]:
    lines: list[str] = []
    previous: Block | None = None
    markers = 0  # neighbouring lists of one kind are told apart by their markers
    for block in blocks:
        if previous is not None and not (in_item and _is_glued(previous, block)):
            lines.append("")
        if isinstance(block, List):
            same = isinstance(previous, List) and (previous.start is None) == (block.start is None)
            markers = (markers + 1) % 2 if same else 0
            lines += _list_lines(block, markers)
        elif isinstance(block, Table):
            lines += _table_lines(block)
        else:
            lines += _inline(block.spans).split("\n")
        previous = block
    return lines


def _is_glued(previous: Block, block: Block) -> bool:
    """Whether a list comes just after the words of its entry, without a blank line."""
    return isinstance(previous, Paragraph) and isinstance(block, List) and block.start in (None, 1)


def _list_lines(block: List, markers: int) -> list[str]:
    lines: list[str] = []
    for offset, item in enumerate(block.items):
        if block.start is None:
            marker = "-*"[markers] + " "
        else:
            marker = f"{min(block.start + offset, _HIGHEST_NUMBER)}{'.)'[markers]} "
        inner = _lines(item.blocks, in_item=True)
        lines.append(marker + inner[0])
        lines += [" " * len(marker) + line if line else "" for line in inner[1:]]
    return lines


def _table_lines(table: Table) -> list[str]:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    rows = [line(_inline(cell).replace("|", "\\|") for cell in row) for row in (table.header, *table.rows)]
    return [rows[0], line("---" for _ in table.header), *rows[1:]]


def _inline(spans: Spans) -> str:
    """Markdown of the spans of one paragraph or cell, escaped no more than it must be."""
    text = "".join(span.text for span in spans)
    bare = "".join(_styled(span, _keep) for span in spans)
    if not _MARKUP.search(text):
        return _LINE_START.sub(_escaped_start, bare)
    bare = _LINE_START.sub(_escaped_start, bare)
    tokens = _markdown().parse(bare)
    if len(tokens) == 3 and tuple(_joined(_spans(tokens[1]))) == spans:
        return bare
    return _LINE_START.sub(_escaped_start, "".join(_styled(span, _escape) for span in spans))


def _styled(span: Span, escape: Callable[[str], str]) -> str:
    mark = "**" * span.bold + "*" * span.italic
    text = mark + escape(span.text) + mark[::-1]
    return text if span.link is None else f"[{text}]({_address(span.link)})"


_MARKUP = re.compile(r"[\\*_\[\]]")
_LINE_START = re.compile(
    r"^(?:([-+*])(?=\s|$)|(\d{1,9})([.)])(?=\s|$)|([|:-])(?=[|: -]*$)|(\|))", re.MULTILINE
)


def _keep(text: str) -> str:
    return text


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _escaped_start(match: re.Match[str]) -> str:
    """A line start that would open a list or a table, made plain."""
    bullet, number, stop, rule, pipe = match.groups()
    return f"{number}\\{stop}" if number else f"\\{bullet or rule or pipe}"


def _address(link: str) -> str:
    if re.fullmatch(r"[^\s<>()\\]+", link):
        return link
    return "<" + re.sub(r"[<>\\]", r"\\\g<0>", link.replace("\n", " ")) + ">"


# ---------------------------------------------------------------------------------- plain words


def plain_text(blocks: Iterable[Block]) -> str:
    """The words of blocks without any markup, a line for each paragraph, item and table row."""
    return "\n".join(_plain(blocks))


def _plain(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield "".join(span.text for span in block.spans)
        elif isinstance(block, List):
            for item in block.items:
                yield from _plain(item.blocks)
        else:
            for row in (block.header, *block.rows):
                yield "\t".join("".join(span.text for span in cell) for cell in row)


def word_count(text: str | None) -> int:
    """How many words a person would count in a Markdown text."""
    return len(plain_text(parse(text)).split())
