"""A paper as one HTML file: the twin of the PDF for those who read on a screen, or hear it.

Self-contained: no scripts, no images, nothing fetched. Every table has a caption and scopes, headings do not
skip levels, the contents are links, colour never speaks alone. The same paper gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain, groupby
from typing import Final

from cypp_desktop.plan.blocks import Block, List, Paragraph, Span, Spans, Table
from cypp_desktop.plan.differences import ADDED
from cypp_desktop.plan.links import is_openable
from cypp_desktop.report.cells import Blocks, TableCell
from cypp_desktop.report.characters import sayable
from cypp_desktop.report.drawing import Figure, Label, Rectangle
from cypp_desktop.report.layouts.changes import ChangedSpan
from cypp_desktop.report.palette import RAG_TONES, RagSpan
from cypp_desktop.report.paper import (
    BoxPart,
    Chapter,
    ContentsPart,
    CoverPart,
    HeadingPart,
    PageSetup,
    Paper,
    PaperPart,
    RowsDone,
    TablePart,
    TextPart,
    contents_of,
    one_line,
)

_STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.5rem 3rem; max-width: 90rem; color: #1a1a1e; background: #fff;
  font: 1rem/1.5 "Noto Sans", Arial, Helvetica, sans-serif; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { color: #1c406b; line-height: 1.25; margin: 1.6em 0 .5em; break-after: avoid; }
h1 { font-size: 1.8em; } h2 { font-size: 1.4em; } h3 { font-size: 1.2em; } h4, h5, h6 { font-size: 1em; }
p, ul, ol { margin: 0 0 .6em; } ul, ol { padding-left: 1.4em; } li > :last-child { margin-bottom: .15em; }
main > section > p, main > section > ul, main > section > ol, nav li { max-width: 60rem; }
a { color: #0d479f; text-decoration: underline; } a:focus-visible, [tabindex]:focus-visible
{ outline: 3px solid #1c406b; outline-offset: 2px; }
.skip { position: absolute; left: -100vw; top: 0; padding: .5rem 1rem; background: #fff; }
.skip:focus { left: 1rem; }
.edge { display: flex; flex-wrap: wrap; gap: 0 2rem; justify-content: space-between; color: #4a4f57; }
.marking { font-weight: bold; font-size: max(1rem, 10pt); color: #1a1a1e; }
.quiet { color: #4a4f57; }
.cover { margin: 3rem 0; } .cover p { font-size: 1.2rem; }
.scroll { overflow-x: auto; margin: 0 0 1.5rem; }
table { border-collapse: collapse; }
.scroll > table { width: 100%; min-width: 45rem; } td a { overflow-wrap: anywhere; }
caption { text-align: left; font-weight: bold; padding: 0 0 .3rem; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
th, td { border: 1px solid #7b828c; padding: .35rem .5rem; text-align: left; vertical-align: top; }
th { background: #e6edf5; font-weight: bold; }
td > :last-child, th > :last-child { margin-bottom: 0; }
.box { border: 2px solid #1c406b; padding: .2rem 1rem .6rem; margin: 1rem 0; max-width: 60rem; }
.box > :first-child { margin-top: .5em; }
.red, .amber, .green, .none { font-weight: bold; } .red, .amber, .green { white-space: nowrap; }
figure { margin: 0 0 1rem; } svg { display: block; max-width: 100%; height: auto; font-weight: bold;
  print-color-adjust: exact; }
ins { text-decoration: underline; } del { text-decoration: line-through; }
nav ol { list-style: none; padding-left: 0; } nav ol ol { padding-left: 1.5em; margin: 0; }
@media print {
  body { padding: 0; max-width: none; } .skip, nav.screen { display: none; }
  .edge > :not(.marking) { display: none; } .edge { justify-content: center; } a { color: inherit; }
  .scroll { overflow: visible; } .scroll > table { min-width: 0; }
  thead { display: table-header-group; } tr { break-inside: auto; }
  main > section + section { break-before: page; }
}
"""


def html_of(paper: Paper, progress: RowsDone | None = None) -> str:
    """The HTML file of a paper. ``progress`` is told the table rows done and their number."""
    return "".join(_WebPage(paper, progress).pieces())


class _WebPage:
    """One HTML page, written piece by piece."""

    def __init__(self, paper: Paper, progress: RowsDone | None) -> None:
        self._paper = paper
        self._progress = progress
        self._rows = 0
        self._level = 0
        self._tables = 0
        self._captions: dict[str, int] = {}
        parts = chain.from_iterable(chapter.parts for chapter in paper.chapters)
        self._has_contents = any(isinstance(part, ContentsPart) for part in parts)
        self._is_begun = False

    def pieces(self) -> Iterator[str]:
        paper = self._paper
        title = paper.title if not paper.subject else f"{paper.title}: {paper.subject}"
        yield f'<!DOCTYPE html>\n<html lang="{_said(paper.language)}">\n<head>\n<meta charset="utf-8">\n'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        yield '<meta name="generator" content="CYPP Desktop">\n'
        if paper.author:
            yield f'<meta name="author" content="{_said(paper.author)}">\n'
        yield f"<title>{_said(title)}</title>\n<style>{_STYLE}{self._page_style()}</style>\n</head>\n<body>\n"
        yield '<a class="skip" href="#content">Skip to the content</a>\n'
        yield f'<header class="edge">{self._edge()}</header>\n'
        yield '<main id="content" tabindex="-1">\n'
        for chapter in paper.chapters:
            yield from self._chapter(chapter)
        yield f'</main>\n<footer class="edge">{self._edge()}</footer>\n</body>\n</html>\n'

    def _edge(self) -> str:
        paper = self._paper
        words = [
            f"<p>{_said(paper.label)}</p>" if paper.label else "",
            f'<p class="marking">{_said(paper.marking)}</p>' if paper.marking else "",
        ]
        return "".join(words) or f"<p>{_said(paper.title)}</p>"

    def _page_style(self) -> str:
        """The paper of every chapter and what stands at the edges of its pages, for printing; the tones."""
        paper = self._paper
        marking = f"content: {_css(paper.marking)}; font: bold 10pt sans-serif; color: #1a1a1e;"
        edges = (
            f"@top-left {{ content: {_css(paper.label)}; }} @top-center {{ {marking} }} "
            '@bottom-left { content: "Page " counter(page) " of " counter(pages); } '
            f"@bottom-center {{ {marking} }} "
            f"@bottom-right {{ content: {_css(paper.title)}; }}"
        )
        rules = [f"@page {{ margin: 16mm 14mm; font: 8pt sans-serif; color: #4a4f57; {edges} }}"]
        for setup in dict.fromkeys(chapter.setup for chapter in paper.chapters):
            name = _name(setup)
            turned = "landscape" if setup.landscape else "portrait"
            screen = max(setup.size / 10.0, 0.875)
            rules += [
                f"@page {name} {{ size: {setup.paper.lower()} {turned}; }}",
                f".{name} {{ page: {name}; font-size: {max(setup.size, 10.0) / 10.0:.4g}rem; }} "
                f".{name} table {{ font-size: {screen:.4g}rem; }}",
                f"@media print {{ .{name}, .{name} table {{ font-size: {setup.size:g}pt; }} }}",
            ]
        rules += [f".{name} {{ color: {tone.ink}; }}" for name, tone in RAG_TONES.items()]
        return "\n".join(rules) + "\n"

    # -- the parts

    def _navigation(self, title: str = "Contents", kind: str = "") -> str:
        """Links to the headings of the first two levels."""
        listed = [one for one in self._paper.headings if one.listed and one_line(one.blocks)]
        if len(listed) < 2:
            return ""
        heading = self._heading(2, _said(title), "contents")
        return f'<nav{kind} aria-labelledby="contents">{heading}{_links(contents_of(listed))}</nav>\n'

    def _chapter(self, chapter: Chapter) -> Iterator[str]:
        yield f'<section class="{_name(chapter.setup)}">\n'
        for part in chapter.parts:
            yield from self._part(part)
        yield "</section>\n"

    def _part(self, part: PaperPart) -> Iterator[str]:
        if isinstance(part, HeadingPart):
            yield from self._titled(part)
        elif isinstance(part, TextPart):
            text = "".join(_blocks(part.blocks))
            yield f'<div class="quiet">{text}</div>\n' if part.quiet else f"{text}\n"
        elif isinstance(part, BoxPart):
            yield self._box(part)
        elif isinstance(part, TablePart):
            yield from self._table(part)
        elif isinstance(part, Figure):
            yield _drawing(part)
        elif isinstance(part, CoverPart):
            yield self._cover(part)
        else:
            yield self._navigation(part.title)

    def _titled(self, part: HeadingPart) -> Iterator[str]:
        """A heading; after the first one come the contents, where the paper has none of its own."""
        yield self._heading(part.level, _inline_blocks(part.blocks), part.anchor)
        if not self._is_begun and not self._has_contents:
            yield self._navigation(kind=' class="screen"')
        self._is_begun = True

    def _box(self, part: BoxPart) -> str:
        level = self._level
        title = self._heading(level + 1, _said(part.title))
        self._level = level
        return f'<div class="box">{title}{"".join(_blocks(part.blocks))}</div>\n'

    def _cover(self, part: CoverPart) -> str:
        self._is_begun = True
        title = self._heading(1, _said(part.title))
        lines = "".join(f"<p>{_said(line)}</p>" for line in part.lines)
        return f'<div class="cover">{title}{lines}</div>\n'

    def _heading(self, level: int, words: str, anchor: str = "") -> str:
        """A heading, at most one level below the last one."""
        level = max(1, min(level, self._level + 1, 6))
        self._level = level
        name = f' id="{anchor}"' if anchor else ""
        return f"<h{level}{name}>{words}</h{level}>\n"

    def _table(self, part: TablePart) -> Iterator[str]:
        self._tables += 1
        name = f"table-{self._tables}"
        yield f'<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0">\n<table>'
        yield f'<caption id="{name}"><span class="heard">{self._caption(part)}</span></caption>\n<colgroup>'
        whole = sum(part.shares)
        yield "".join(f'<col style="width: {100 * share / whole:.4g}%">' for share in part.shares)
        yield "</colgroup>\n<thead><tr>"
        for head in part.heads:
            yield f'<th scope="col">{_inline_blocks(head)}</th>' if one_line(head) else "<td></td>"
        yield "</tr></thead>\n"
        for body in _bodies(part.rows):
            yield "<tbody>\n"
            for row in body:
                yield "<tr>" + "".join(map(_cell, row)) + "</tr>\n"
            yield "</tbody>\n"
            self._rows += len(body)
            if self._progress is not None:
                self._progress(self._rows, self._paper.row_count)
        yield "</table>\n</div>\n"

    def _caption(self, part: TablePart) -> str:
        """What a table is called; a number tells it from others of that name, however it is spelt."""
        said = _said(part.caption)
        heard = " ".join(said.split()).casefold()
        count = self._captions[heard] = self._captions.get(heard, 0) + 1
        return said if count == 1 else f"{said} ({count})"


def _bodies(rows: Sequence[Sequence[TableCell]]) -> Iterator[Sequence[Sequence[TableCell]]]:
    """The rows in stretches that no cell spans out of: what a heading of rows is the heading of."""
    start = end = 0
    for at, row in enumerate(rows):
        if at == end and at > start:
            yield rows[start:at]
            start = at
        end = max([end, at + 1, *(at + cell.rowspan for cell in row)])
    if rows:
        yield rows[start:]


def _cell(cell: TableCell) -> str:
    spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    text = "".join(_blocks(cell.read()))
    if cell.is_header and text:
        scope = "rowgroup" if cell.rowspan > 1 else "row"
        return f'<th scope="{scope}"{spans}>{text}</th>'
    return f"<td{spans}>{text}</td>"


def _drawing(figure: Figure) -> str:
    """A figure as an image that is its words for those who do not see it."""
    shapes = "".join(map(_shape, figure.shapes))
    size = f'viewBox="0 0 {figure.width:g} {figure.height:g}" style="width: {figure.width / 12:.4g}rem"'
    title = f"<title>{_said(figure.alt)}</title>"
    return f'<figure><svg role="img" {size}>{title}{shapes}</svg></figure>\n'


def _shape(shape: Rectangle | Label) -> str:
    if isinstance(shape, Label):
        place = f'x="{shape.x:.6g}" y="{shape.y:.6g}" font-size="{shape.size:g}" text-anchor="middle"'
        return f'<text {place} fill="{shape.ink}">{_said(shape.words)}</text>'
    place = f'x="{shape.x:.6g}" y="{shape.y:.6g}" width="{shape.width:.6g}" height="{shape.height:.6g}"'
    return f'<rect {place} fill="{shape.fill}" stroke="{shape.edge}"/>'


def _links(contents: Sequence[tuple[HeadingPart, int]]) -> str:
    """Headings of at most two levels as a list of links in a list."""
    items: list[str] = []
    for level, group in groupby(contents, lambda entry: entry[1]):
        links = [f'<a href="#{heading.anchor}">{_said(one_line(heading.blocks))}</a>' for heading, _ in group]
        listed = [f"<li>{link}</li>" for link in links]
        if level == 0:
            items += listed
        else:
            above = items.pop().removesuffix("</li>") if items else "<li>"
            items.append(f"{above}<ol>{''.join(listed)}</ol></li>")
    return f"<ol>{''.join(items)}</ol>"


# ---------------------------------------------------------------------------------- words


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield f"<p>{_spans(block.spans)}</p>"
        elif isinstance(block, List):
            tag = "ul" if block.start is None else "ol"
            first = f' start="{block.start}"' if block.start not in (None, 1) else ""
            items = "".join(f"<li>{''.join(_item(item.blocks))}</li>" for item in block.items)
            yield f"<{tag}{first}>{items}</{tag}>"
        else:
            yield _small_table(block)


def _item(blocks: Sequence[Block]) -> Iterator[str]:
    """An item's text without a paragraph round it where it has but one."""
    first, rest = (blocks[0], blocks[1:]) if blocks else (None, ())
    if isinstance(first, Paragraph) and not any(isinstance(block, Paragraph) for block in rest):
        yield _spans(first.spans)
        yield from _blocks(rest)
    else:
        yield from _blocks(blocks)


def _small_table(table: Table) -> str:
    parts = ["<table>"]
    if any(table.header):
        parts.append(f"<thead><tr>{''.join(map(_small_head, table.header))}</tr></thead>")
    parts.append("<tbody>")
    for row in table.rows:
        cells = "".join(f"<td>{_spans(cell)}</td>" for cell in row)
        parts.append(f"<tr>{cells}</tr>")
    parts.append("</tbody></table>")
    return "".join(parts)


def _small_head(spans: Spans) -> str:
    if not any(span.text.strip() for span in spans):
        return "<td></td>"
    return f'<th scope="col">{_spans(spans)}</th>'


def _spans(spans: Spans) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    text = _said(span.text).replace("\n", "<br>")
    if isinstance(span, ChangedSpan):
        return f"<ins>{text}</ins>" if span.kind == ADDED else f"<del>{text}</del>"
    if isinstance(span, RagSpan):
        return f'<span class="{span.rag}">{text}</span>'
    if not text.strip():
        return text
    if span.bold:
        text = f"<strong>{text}</strong>"
    if span.italic:
        text = f"<em>{text}</em>"
    if span.link is not None and is_openable(span.link):
        text = f'<a href="{_said(span.link)}">{text}</a>'
    return text


def _inline_blocks(blocks: Blocks) -> str:
    """Blocks on one line each: headings hold no paragraphs and lists."""
    if all(isinstance(block, Paragraph) for block in blocks):
        return "<br>".join(_spans(block.spans) for block in blocks if isinstance(block, Paragraph))
    return _said(one_line(blocks))


def _said(words: str) -> str:
    return escape(sayable(words))


def _css(words: str) -> str:
    """Words as a string of a style sheet, in letters that cannot end it."""
    safe: list[str] = []
    for character in sayable(words):
        is_plain = character.isascii() and (character.isalnum() or character in " -:")
        safe.append(character if is_plain else f"\\{ord(character):x} ")
    return f'"{"".join(safe)}"'


def _name(setup: PageSetup) -> str:
    turned = "landscape" if setup.landscape else "portrait"
    return f"{setup.paper.lower()}-{turned}-{setup.size:g}".replace(".", "-")
