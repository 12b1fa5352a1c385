"""HTML of the clipboard as a tree of elements with the few styles that mean something; no Qt here.

Word, Outlook, Excel, LibreOffice and web pages leave tags open, hide things in conditional comments
and say "bold" in a style sheet. This room makes one plain tree of all that; ``html`` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class HtmlElement:
    """An element, its attributes, its own styles (from its class and itself) and what it holds."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    style: dict[str, str] = field(default_factory=dict)
    children: list[HtmlElement | str] = field(default_factory=list)

    @property
    def classes(self) -> str:
        return self.attributes.get("class", "").lower()

    def elements(self, tag: str) -> Iterator[HtmlElement]:
        """The elements of one tag anywhere below this one, in order."""
        for child in self.children:
            if isinstance(child, HtmlElement):
                if child.tag == tag:
                    yield child
                yield from child.elements(tag)

    def text(self) -> str:
        """All words below this element."""
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)


def tree_of(source: str) -> HtmlElement:
    """The tree of an HTML text or fragment; nothing in it is refused."""
    reader = _TreeBuilder(_class_styles(source))
    reader.feed(_IGNORED.sub("", source))
    reader.close()
    return reader.root


# What a parser would stumble over or read as words: comments (with Word's hidden XML), Word's own marks.
_IGNORED = re.compile(r"<!--.*?-->|<!\[[^>]*>|<\?[^>]*>|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
_SHEET = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"(?:[a-z0-9]*)\.([\w-]+)", re.IGNORECASE)
_MEANINGFUL = frozenset(
    {"font-weight", "font-style", "mso-list", "display", "mso-hide", "margin-left"}
    | {"text-decoration", "text-decoration-line", "font-family", "mso-symbol-font-family"}
)

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_HOLDS_PARAGRAPHS = frozenset({"li", "ol", "table", "ul"})
#: Elements that begin and end a paragraph.
BLOCK_TAGS = frozenset(
    {"address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div", "dl", "dt"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend"}
    | {"main", "nav", "p", "pre", "section", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
# What a start tag closes, up to the element that holds it.
_CLOSES = {
    "li": (("li",), ("ul", "ol", "table")),
    "dt": (("dt", "dd"), ("dl", "table")),
    "dd": (("dt", "dd"), ("dl", "table")),
    "tr": (("tr",), ("table",)),
    "td": (("td", "th"), ("tr", "table")),
    "th": (("td", "th"), ("tr", "table")),
    "tbody": (("tr", "thead", "tbody"), ("table",)),
    "tfoot": (("tr", "thead", "tbody"), ("table",)),
}
# An end tag does not reach outside the cell or table that it is written in.
_WALLS = ("td", "th", "table", "body")


class _TreeBuilder(HTMLParser):
    def __init__(self, classes: dict[str, dict[str, str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.root = HtmlElement("body")
        self._open = [self.root]
        self._classes = classes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("html", "body", "head"):
            return
        attributes = {name: value or "" for name, value in attrs}
        if tag in BLOCK_TAGS or tag in _HOLDS_PARAGRAPHS:
            self._close(("p",), ("li", "div", *_WALLS))
        if tag in _CLOSES:
            self._close(*_CLOSES[tag])
        style: dict[str, str] = {}
        for name in attributes.get("class", "").lower().split():
            style |= self._classes.get(name, {})
        style |= declarations(attributes.get("style", ""))
        element = HtmlElement(tag, attributes, style)
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and self._open[-1].tag == tag:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._close((tag,), tuple(wall for wall in _WALLS if wall != tag))

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _close(self, tags: tuple[str, ...], walls: tuple[str, ...]) -> None:
        """Close the innermost open element of ``tags`` unless one of ``walls`` is further in."""
        for at in range(len(self._open) - 1, 0, -1):
            tag = self._open[at].tag
            if tag in tags:
                del self._open[at:]
                return
            if tag in walls:
                # A table ends with everything in it, its cells too.
                if "table" in tags and tag in ("td", "th"):
                    continue
                return


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, names and values in small letters."""
    found: dict[str, str] = {}
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found


def _class_styles(source: str) -> dict[str, dict[str, str]]:
    """What the style sheets in ``source`` say of a class alone, as far as it means something."""
    found: dict[str, dict[str, str]] = {}
    for sheet in _SHEET.findall(source):
        for selectors, body in _RULE.findall(sheet):
            style = {n: v for n, v in declarations(body).items() if n in _MEANINGFUL}
            for selector in selectors.split(",") if style else ():
                named = _SELECTOR.fullmatch(selector.strip().removeprefix("<!--").strip())
                if named:
                    found.setdefault(named[1].lower(), {}).update(style)
    return found
