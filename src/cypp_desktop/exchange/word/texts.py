"""From Word's paragraphs to the plan's Markdown: bullets of every make, numbers, nesting, tables.

Word says what is a list in three ways (its own lists, typed characters, indents); here they all
become one tree of entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from cypp_desktop.exchange.word.content import Content, Para, WordTable, words_of
from cypp_desktop.exchange.word.styles import EntryMark
from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, Spans, Table, normal, render


class EntryKind(Enum):
    """What a piece of a text is."""

    TEXT = "a paragraph"
    BULLET = "an entry of a list with a bullet"
    NUMBER = "an entry of a numbered list"
    TABLE = "a table"


@dataclass(slots=True)
class TextEntry:
    """A paragraph, an entry of a list, or a table, with what is nested in it.

    ``label`` is the printed mark of an entry.
    """

    kind: EntryKind
    spans: list[Span]
    number: int | None = None
    label: str = ""
    typed: bool = False  # the mark was typed, not made by Word
    indent: int = 0
    level: int = 0
    rank: int = 0
    struck: bool = False  # all its words are struck out
    table: WordTable | None = None
    remarks: list[str] = field(default_factory=list)
    inner: list[TextEntry] = field(default_factory=list)

    @property
    def is_in_list(self) -> bool:
        """Whether it has a bullet or a number."""
        return self.kind in (EntryKind.BULLET, EntryKind.NUMBER)

    @property
    def words(self) -> str:
        """The entry's own words on one line, without its mark and what is nested."""
        return " ".join("".join(span.text for span in self.spans).split())

    @property
    def bold(self) -> bool:
        inked = [span for span in self.spans if span.text.strip()]
        return bool(inked) and all(span.bold for span in inked)


# ---------------------------------------------------------------------------------- marks

_GLYPHS = {"•": 0, "●": 0, "⚫": 0, "■": 0, "∙": 0, "·": 0, "⁃": 1, "◦": 1, "○": 1, "□": 1, "❑": 0, "▪": 1}
_GLYPHS |= {"▫": 2, "§": 1, "‣": 1, "➢": 1, "►": 1, "▶": 1, "➔": 1, "→": 1, "❖": 0, "✓": 0, "✔": 0, "☑": 0}
_GLYPHS |= {"♦": 0, "◆": 0, "\u2022": 0, "\u25aa": 1, "\u00b7": 0}
_TICKS = "✓✔☑"  # as the mark of a list they are bullets; typed, they say that something is done
_GLYPH = re.compile(r"[\s\u200b]*([" + "".join(set(_GLYPHS) - set(_TICKS)) + r"])[\s\u00a0]*")
_DASH = re.compile(r"\s*([-–—*])[\s\u00a0]+(?=\S)")
_ROUND = re.compile(r"\s*(o)(?:[ \u00a0]*\t[\s\u00a0]*|[ \u00a0]+)(?=\S)")
# a number and its sign: "1. ", "2)", "(3) ", "4.The further"; not "1.5 million", nor the code "2.a"
_DIGITS = re.compile(r"\s*\(?(\d{1,2})[.)][.)]?(?:[\s\u00a0]+|(?=[^\d\s.,%:])(?![a-z](?![^\W\d_])))")
_RUN_ON = re.compile(r"(?<=\S)[ \u00a0]+(?=[•●■▪][ \u00a0\t])")


def entries(content: Iterable[Content], *, with_struck: bool = False) -> list[TextEntry]:
    """The tree of paragraphs, list entries and tables in some content.

    ``with_struck``: a paragraph that is struck out has its place in it, as an entry that is so marked.
    """
    return _nested(list(_lines(content, with_struck)))


def _lines(content: Iterable[Content], with_struck: bool) -> Iterator[TextEntry]:
    for piece in content:
        if isinstance(piece, WordTable):
            if words_of([piece]):
                yield TextEntry(EntryKind.TABLE, [], table=piece)
            continue
        if with_struck and piece.struck:
            entry = _line(replace(piece, spans=[Span(piece.struck)], remarks=[]))
            entry.struck = True
            yield entry
        if not piece.text.strip() and not piece.remarks:
            continue
        remarks = piece.remarks
        for spans in _typed_lines(piece.spans):
            yield _line(replace(piece, spans=spans, remarks=remarks))
            remarks = []


def _typed_lines(spans: list[Span]) -> list[list[Span]]:
    """A paragraph cut where a line break or a blank is followed by a typed bullet or number."""
    text = "".join(span.text for span in spans)
    cuts = {m.end() for m in re.finditer(r"\n", text) if _begins_entry(text, m.end())}
    first = text.split("\n", 1)[0]
    if _GLYPH.match(first):
        cuts |= {m.end() for m in _RUN_ON.finditer(text)}
    lines = _cut_spans(spans, sorted(cuts))
    return [line for line in lines if _text_of(line).strip()]


def _text_of(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)


def _begins_entry(text: str, at: int) -> bool:
    return any(p.match(text, at) for p in (_GLYPH, _DASH, _ROUND, _DIGITS))


def _cut_spans(spans: Sequence[Span], cuts: Sequence[int]) -> list[list[Span]]:
    """The spans between each of the cuts and the next, in one pass."""
    lines: list[list[Span]] = [[]]
    waiting, at = iter([*cuts, -1]), 0
    cut = next(waiting)
    for span in spans:
        start, end = 0, len(span.text)
        while at <= cut < at + end:
            if cut > at + start:
                lines[-1].append(replace(span, text=span.text[start : cut - at]))
            lines.append([])
            start, cut = cut - at, next(waiting)
        if start < end or not span.text:
            lines[-1].append(span if start == 0 else replace(span, text=span.text[start:]))
        at += end
    return lines


def split_spans(spans: Sequence[Span], at: int) -> tuple[list[Span], list[Span]]:
    """Spans before and after the letter ``at``."""
    before: list[Span] = []
    after: list[Span] = []
    for span in spans:
        if at >= len(span.text):
            before.append(span)
        elif at <= 0:
            after.append(span)
        else:
            before.append(replace(span, text=span.text[:at]))
            after.append(replace(span, text=span.text[at:]))
        at -= len(span.text)
    return before, after


def _line(para: Para) -> TextEntry:
    """A paragraph as what it is by itself: an entry of a list, by a typed mark or by Word's, or a text."""
    entry = TextEntry(EntryKind.TEXT, list(para.spans), indent=_indent(para), remarks=para.remarks)
    typed = _typed_mark(para.text)
    if typed is not None:
        entry.kind, entry.label, entry.rank, length = typed
        entry.typed = True
        if entry.kind == EntryKind.NUMBER:
            entry.number = int(re.sub(r"\D", "", entry.label))
        entry.spans = split_spans(para.spans, length)[1]
        if para.mark is not None:
            entry.level = para.mark.level
    elif para.mark is not None and para.heading is None:
        _take_mark(entry, para.mark)
    elif para.heading is not None or _looks_like_heading(para):
        label = para.mark.label + " " if para.mark is not None and para.mark.label else ""
        spans = [Span(label), *para.spans]
        entry.spans = [replace(span, bold=True) for span in spans if span.text]
    return entry


def _indent(para: Para) -> int:
    """How far a paragraph is indented, blanks and tabs at its start counted."""
    blank = len(para.text) - len(para.text.lstrip(" \t\u00a0"))
    return para.indent + 60 * blank + 300 * para.text[:blank].count("\t")


def _looks_like_heading(para: Para) -> bool:
    return para.underlined and len(para.text) < 120 and not para.text.endswith(".")


def _take_mark(entry: TextEntry, mark: EntryMark) -> None:
    """Makes an entry one of a list of Word's."""
    entry.kind = EntryKind.BULLET if mark.number is None else EntryKind.NUMBER
    entry.label = mark.label
    entry.level = mark.level
    entry.number = mark.number
    entry.rank = _GLYPHS.get(mark.label, 1 if mark.label == "o" else 0)


def _typed_mark(text: str) -> tuple[EntryKind, str, int, int] | None:
    """Kind, label, rank and length of a typed bullet or number at the start of a text."""
    for pattern, rank in ((_GLYPH, None), (_DASH, 2), (_ROUND, 1)):
        found = pattern.match(text)
        if found and found.end() < len(text):
            glyph = found.group(1)
            return EntryKind.BULLET, glyph, _GLYPHS[glyph] if rank is None else rank, found.end()
    found = _DIGITS.match(text)
    if found and found.end() < len(text):
        return EntryKind.NUMBER, found.group().lstrip(), 0, found.end()
    return None


# ---------------------------------------------------------------------------------- nesting

_DEEPEST_LIST = 40  # entries in one another; Word itself nests nine
_STEP = 100  # twentieths of a point: less than this is the same indent


def _nested(lines: list[TextEntry]) -> list[TextEntry]:
    root: list[TextEntry] = []
    stack: list[TextEntry] = []
    next_entries = _next_entries(lines)
    for line, next_entry in zip(lines, next_entries, strict=True):
        if line.kind == EntryKind.TABLE:
            stack = []
            root.append(line)
        elif line.kind == EntryKind.TEXT:
            holder = _holder(line, next_entry, stack)
            if holder is None:
                stack = []
                root.append(line)
            else:
                while stack[-1] is not holder:
                    stack.pop()
                holder.inner.append(line)
        else:
            while stack and not _deeper(line, stack[-1]):
                stack.pop()
            (stack[-1].inner if stack else root).append(line)
            if len(stack) < _DEEPEST_LIST:
                stack.append(line)
    return root


def _next_entries(lines: Sequence[TextEntry]) -> list[TextEntry | None]:
    """For each line, what comes next after it that is no plain line: an entry, a table or a bold line."""
    found: list[TextEntry | None] = []
    coming: TextEntry | None = None
    for line in reversed(lines):
        found.append(coming)
        if line.kind != EntryKind.TEXT or line.bold:
            coming = line
    return found[::-1]


def _deeper(line: TextEntry, top: TextEntry) -> bool:
    if line.indent > top.indent + _STEP:
        return True
    if line.indent < top.indent - _STEP:
        return False
    if line.kind != top.kind:
        return line.kind == EntryKind.BULLET
    return (line.level, line.rank) > (top.level, top.rank)


def _holder(line: TextEntry, next_entry: TextEntry | None, stack: list[TextEntry]) -> TextEntry | None:
    """The open list entry that a plain paragraph belongs to, if any.

    One indented as deep as the entry's words does; so do the loose lines after an entry that ends
    in a colon, where the list goes on after them.
    """
    if not stack or line.bold:
        return None
    holder = _holder_by_indent(line, stack) if line.indent > 0 else None
    if holder is not None:
        return holder
    innermost = stack[-1]
    if line.words.endswith(":") or not innermost.words.endswith(":"):
        return None
    return innermost if _goes_on_below(innermost, next_entry) else None


def _holder_by_indent(line: TextEntry, stack: Sequence[TextEntry]) -> TextEntry | None:
    """The innermost open entry beside or below which an indented line stands."""
    for entry in reversed(stack):
        if line.indent > entry.indent - _STEP and entry.indent > 0:
            return entry
    return stack[-1] if line.indent > stack[-1].indent + _STEP else None


def _goes_on_below(entry: TextEntry, coming: TextEntry | None) -> bool:
    """Whether what comes next, with nothing but plain lines before it, is an entry of the same list."""
    if coming is None or coming.bold or not coming.is_in_list:
        return False
    return coming.kind == entry.kind and abs(coming.indent - entry.indent) <= _STEP


# ---------------------------------------------------------------------------------- Markdown


def blocks(tree: Sequence[TextEntry]) -> tuple[Block, ...]:
    """The blocks of the plan's dialect for a tree of entries."""
    found: list[Block] = []
    run: list[TextEntry] = []  # entries of one list
    for entry in tree:
        if run and not _is_next(entry, run[-1]):
            found.append(_list_block(run))
            run = []
        if entry.is_in_list:
            run.append(entry)
        elif entry.kind == EntryKind.TABLE and entry.table is not None:
            found.append(table_block(entry.table))
        else:
            found += [Paragraph(_linked(entry.spans)), *blocks(entry.inner)]
    if run:
        found.append(_list_block(run))
    return normal(found)


def _is_next(entry: TextEntry, before: TextEntry) -> bool:
    """Whether an entry goes on the list of the one before: another bullet, or the next number."""
    if entry.kind != before.kind:
        return False
    return entry.kind == EntryKind.BULLET or _number_of(entry) == _number_of(before) + 1


def _number_of(entry: TextEntry) -> int:
    return entry.number if entry.number is not None else 1


def _list_block(run: Sequence[TextEntry]) -> List:
    items = [Item((Paragraph(_linked(entry.spans)), *blocks(entry.inner))) for entry in run]
    start = _number_of(run[0]) if run[0].kind == EntryKind.NUMBER else None
    return List(tuple(items), start)


def _linked(spans: Iterable[Span]) -> Spans:
    """Spans with a link only where the words do not say the address already."""
    kept = []
    for span in spans:
        text = re.sub(r"[\t\u00a0]+| {2,}", " ", span.text)
        link = span.link
        if link is not None and _bare(link) == _bare(text):
            link = None
        kept.append(replace(span, text=text, link=link))
    return tuple(kept)


def _bare(address: str) -> str:
    return re.sub(r"^(?:mailto:|https?://)", "", address.strip().casefold()).rstrip("/")


def markdown(content: Iterable[Content]) -> str:
    """Content as Markdown; footnotes follow at the end."""
    return tree_markdown(entries(content))


def tree_markdown(tree: Sequence[TextEntry]) -> str:
    """A tree of entries as Markdown; footnotes follow at the end."""
    text = render(blocks(tree))
    notes = [note for note in remarks(tree) if note.startswith("[^")]
    return "\n\n".join([text, *notes]).strip()


def remarks(tree: Sequence[TextEntry]) -> list[str]:
    """Footnotes ("[^1]: …") and comments of a tree."""
    found: list[str] = []
    for entry in tree:
        found += entry.remarks
        found += remarks(entry.inner)
    return found


def title(tree: Sequence[TextEntry]) -> str:
    """A tree as a title: plain words on one line; a nested list follows as Markdown."""
    head = [entry for entry in tree if entry.kind == EntryKind.TEXT]
    rest = [entry for entry in tree if entry.kind != EntryKind.TEXT]
    if not head and rest and rest[0].is_in_list:
        head, rest = [rest[0]], [*rest[0].inner, *rest[1:]]
    nested: list[TextEntry] = []
    for entry in head:
        if entry.kind == EntryKind.TEXT:
            nested += entry.inner
    words = re.sub(r"\[\^e?\d+\]", "", " ".join(entry.words for entry in head))
    extra = render(blocks([*nested, *rest]))
    return "\n\n".join(part for part in (" ".join(words.split()), extra) if part)


# ---------------------------------------------------------------------------------- tables in cells

_VALUE = re.compile(r"[\s£€<>~≈+\-–(]*\d[\d,. ]*(?:\s*(?:%|ppt|pp|k|m|per .*))?\s*\)?[\s*]*")


def table_block(grid: WordTable) -> Table:
    """A small table as a block; its header row is empty where the first row holds values already."""
    width = grid.width
    rows: list[tuple[Spans, ...]] = []
    for row in grid.rows:
        cells: list[Spans] = [()] * width
        for cell in row.cells:
            if not cell.continues:
                cells[cell.start] = _one_line(cell.content)
        rows.append(tuple(cells))
    rows = [row for row in rows if any(row)]
    if rows and _headless(grid, rows):
        return Table(((),) * width, tuple(rows))
    return Table(rows[0], tuple(rows[1:])) if rows else Table(((),), ())


def _headless(grid: WordTable, rows: list[tuple[Spans, ...]]) -> bool:
    """Whether a table has no header row: one of its columns holds values from the first row on."""
    first = grid.rows[0]
    if first.header or len(rows) < 2 or first.bold:
        return False
    return any(_holds_values(rows, at) for at in range(len(rows[0])))


def _holds_values(rows: Sequence[tuple[Spans, ...]], at: int) -> bool:
    return all(_VALUE.fullmatch(_text_of(row[at])) for row in rows)


def _one_line(content: Iterable[Content]) -> Spans:
    spans: list[Span] = []
    for piece in content:
        if isinstance(piece, WordTable):
            spans.append(Span(words_of([piece])))
        elif piece.text.strip():
            label = piece.mark.label + " " if piece.mark is not None else ""
            spans += [Span(" ") if spans else Span(""), Span(label), *_linked(piece.spans)]
    return tuple(spans)
