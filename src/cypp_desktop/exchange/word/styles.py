"""Styles and numbering of a Word document: which paragraph is a heading, bold, in which list.

Only what an import needs is resolved; the rest of Word's typography is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cypp_desktop.exchange.word.package import Element, W, WordPackage
from cypp_desktop.plan.symbol_fonts import is_symbol_font

_OFF = ("0", "false", "off", "none")
_LONGEST_CHAIN = 50  # styles based on one another; Word itself allows eleven


def switched(properties: Element | None, name: str) -> bool | None:
    """A toggle such as ``w:b``: on, off, or None where it is not said."""
    if properties is None:
        return None
    toggle = properties.find(W + name)
    return None if toggle is None else toggle.get(W + "val", "1") not in _OFF


def is_struck(properties: Element | None, style: Style, base: bool | None) -> bool:
    """Whether a run's words are struck out: it, its ``style`` or its paragraph's (``base``) says so."""
    for name in ("strike", "dstrike"):
        said = switched(properties, name)
        if said:
            return True
    if switched(properties, "strike") is False:
        return False
    return (base if style.struck is None else style.struck) is True


def value(parent: Element | None, name: str) -> str | None:
    """The ``w:val`` of a child."""
    child = None if parent is None else parent.find(W + name)
    return None if child is None else child.get(W + "val")


def number(text: str | None) -> int | None:
    """A whole number as Word writes it; None where it is none, or larger than any that Word means."""
    try:
        found = None if text is None else int(float(text))
    except (ValueError, OverflowError):
        return None
    return found if found is not None and abs(found) < 1_000_000 else None


def font_of(properties: Element | None) -> str | None:
    """The font of a run's letters, where it is said."""
    fonts = None if properties is None else properties.find(W + "rFonts")
    return None if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or fonts.get(W + "sym")


def left_indent(properties: Element | None) -> int | None:
    """Left indent in twentieths of a point, where it is said."""
    indent = None if properties is None else properties.find(W + "ind")
    if indent is None:
        return None
    return number(indent.get(W + "left", indent.get(W + "start")))


@dataclass(slots=True)
class Style:
    """A style with what it inherits already in it."""

    name: str = ""
    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    struck: bool | None = None
    font: str | None = None
    size: int | None = None  # half-points
    indent: int | None = None
    outline: int | None = None  # 0 is the level of Heading 1
    list_id: str | None = None
    list_level: int | None = None


def _struck(run: Element | None) -> bool | None:
    """Whether a style strikes its words out, with one line or two."""
    said = [switched(run, name) for name in ("strike", "dstrike")]
    return None if said == [None, None] else True in said


class WordStyles:
    """The styles of a document by their id."""

    def __init__(self, package: WordPackage) -> None:
        self._raw: dict[str, Element] = {}
        self._done: dict[str, Style] = {}
        self._default = Style()
        self.default_paragraph: str | None = None
        if package.styles is None:
            return
        defaults = package.styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._default.size = number(value(defaults, "sz"))
        for style in package.styles.iter(W + "style"):
            identity = style.get(W + "styleId", "")
            self._raw[identity] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self.default_paragraph = identity

    @property
    def say_more(self) -> bool:
        """Whether a style strikes words out or has a symbol font."""
        styles = map(self.get, self._raw)
        return any(style.struck or is_symbol_font(style.font) for style in styles)

    def get(self, identity: str | None) -> Style:
        """The style with this id; an unknown one is plain and keeps its id as its name."""
        if identity is None:
            return self._default
        if identity not in self._done:
            self._done[identity] = self._resolve(identity, set())
        return self._done[identity]

    def _resolve(self, identity: str, seen: set[str]) -> Style:
        raw = self._raw.get(identity)
        if raw is None or identity in seen or len(seen) > _LONGEST_CHAIN:
            return Style(name=identity, size=self._default.size)
        based = value(raw, "basedOn")
        base = self._resolve(based, seen | {identity}) if based else self._default
        paragraph, run = raw.find(W + "pPr"), raw.find(W + "rPr")
        listing = None if paragraph is None else paragraph.find(W + "numPr")

        def own(said: object, inherited: object) -> object:
            return inherited if said is None else said

        return Style(
            name=value(raw, "name") or identity,
            bold=own(switched(run, "b"), base.bold),  # type: ignore[arg-type]
            italic=own(switched(run, "i"), base.italic),  # type: ignore[arg-type]
            hidden=own(switched(run, "vanish"), base.hidden),  # type: ignore[arg-type]
            font=own(font_of(run), base.font),  # type: ignore[arg-type]
            struck=own(_struck(run), base.struck),  # type: ignore[arg-type]
            size=own(number(value(run, "sz")), base.size),  # type: ignore[arg-type]
            indent=own(left_indent(paragraph), base.indent),  # type: ignore[arg-type]
            outline=own(number(value(paragraph, "outlineLvl")), base.outline),  # type: ignore[arg-type]
            list_id=own(value(listing, "numId"), base.list_id),  # type: ignore[arg-type]
            list_level=own(number(value(listing, "ilvl")), base.list_level),  # type: ignore[arg-type]
        )


# ---------------------------------------------------------------------------------- numbering


@dataclass(frozen=True, slots=True)
class EntryMark:
    """The mark that Word's list puts before a paragraph.

    ``label`` is what is printed ("iv)", "Priority 2.", "•"); ``number`` its running number, None
    for a bullet.
    """

    label: str
    number: int | None
    level: int
    indent: int
    list_id: str


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    indent: int | None = None
    restart: int | None = None
    style: str | None = None


@dataclass(slots=True)
class _Listing:
    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)
    used: bool = False


class Numbering:
    """The lists of a document. Ask for the marks in document order: it counts as it goes."""

    def __init__(self, package: WordPackage) -> None:
        self._lists: dict[str, _Listing] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if package.numbering is None:
            return
        abstracts = {a.get(W + "abstractNumId", ""): a for a in package.numbering.iter(W + "abstractNum")}
        by_style: dict[str, str] = {}
        for identity, raw in abstracts.items():
            style = value(raw, "styleLink")
            if style:
                by_style[style] = identity
        for num in package.numbering.findall(W + "num"):
            self._lists[num.get(W + "numId", "")] = _listing(num, abstracts, by_style)

    def level_of_style(self, list_id: str, style: str | None) -> int | None:
        """The level of a list that is tied to a paragraph style (a numbered heading)."""
        listing = self._lists.get(list_id)
        if listing is None or style is None:
            return None
        return next((at for at, level in listing.levels.items() if level.style == style), None)

    def mark(self, list_id: str | None, level: int) -> EntryMark | None:
        """The next mark of a list; None where the paragraph is in none."""
        listing = self._lists.get(list_id or "")
        if listing is None or list_id in (None, "0"):
            return None
        kind = listing.levels.get(level, _Level(form="bullet", text="•"))
        indent = kind.indent if kind.indent is not None else 360 * (level + 1)
        if kind.form == "bullet":
            return EntryMark(symbol(kind.text) or "•", None, level, indent, list_id or "")
        number = self._count(listing, level, kind)
        if kind.form == "none" and "%" not in kind.text and not kind.text.strip():
            return None
        return EntryMark(self._label(listing, level, kind), number, level, indent, list_id or "")

    def _count(self, listing: _Listing, level: int, kind: _Level) -> int:
        counters = self._counters.setdefault(listing.abstract, {})
        if not listing.used:
            listing.used = True
            for at in listing.starts:
                counters.pop(at, None)
        start = listing.starts.get(level, kind.start)
        counters[level] = counters[level] + 1 if level in counters else start
        for deeper in [at for at in counters if at > level]:
            below = listing.levels.get(deeper)
            if below is None or below.restart != 0:
                del counters[deeper]
        return counters[level]

    def _label(self, listing: _Listing, level: int, kind: _Level) -> str:
        counters = self._counters.get(listing.abstract, {})

        def printed(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            form = listing.levels.get(at, kind).form if at != level else kind.form
            return formatted(counters.get(at, listing.levels.get(at, kind).start), form)

        return re.sub(r"%(\d)", printed, kind.text or f"%{level + 1}.").strip()


def _listing(num: Element, abstracts: dict[str, Element], by_style: dict[str, str]) -> _Listing:
    """One list: the levels of its definition, directly or by way of a style, and its own instead of some."""
    abstract = value(num, "abstractNumId") or ""
    raw = abstracts.get(abstract)
    linked = by_style.get(value(raw, "numStyleLink") or "")
    if linked is not None:
        abstract, raw = linked, abstracts[linked]
    listing = _Listing(abstract, {})
    if raw is not None:
        for level in raw.findall(W + "lvl"):
            listing.levels[_at(level)] = _level(level)
    for override in num.findall(W + "lvlOverride"):
        at = _at(override)
        own = override.find(W + "lvl")
        if own is not None:
            listing.levels[at] = _level(own)
        start = number(value(override, "startOverride"))
        if start is not None:
            listing.starts[at] = start
    return listing


def _at(level: Element) -> int:
    return number(level.get(W + "ilvl")) or 0


def _level(raw: Element) -> _Level:
    start = number(value(raw, "start"))
    return _Level(
        form=value(raw, "numFmt") or "decimal",
        text=value(raw, "lvlText") or "",
        start=1 if start is None else start,
        indent=left_indent(raw.find(W + "pPr")),
        restart=number(value(raw, "lvlRestart")),
        style=value(raw, "pStyle"),
    )


_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]


def formatted(count: int, form: str) -> str:
    """A number as a list prints it: 4 in ``lowerRoman`` is "iv"."""
    if form in ("lowerLetter", "upperLetter") and 0 < count < 500:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        return roman(count) if form == "lowerRoman" else roman(count).upper()
    if form == "cardinalText" and 0 < count <= len(_ONES):
        return _ONES[count - 1].capitalize()
    if form == "ordinalText" and 0 < count <= len(_ORDINALS):
        return _ORDINALS[count - 1].capitalize()
    if form == "decimalZero":
        return f"{count:02d}"
    return "" if form == "none" else str(count)


def roman(count: int) -> str:
    """A number in small Roman numerals."""
    pairs = [(1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")]
    pairs += [(50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
    text = ""
    for worth, letters in pairs:
        text += letters * (count // worth)
        count %= worth
    return text


# What the letters of Word's symbol fonts look like; all else that they hold counts as a bullet.
_SYMBOLS = {0xB7: "•", 0xA7: "▪", 0xA8: "▪", 0x6F: "o", 0x76: "❖", 0xD8: "➢", 0xFC: "✓", 0xFE: "☑", 0x2D: "-"}
_SYMBOLS |= {
    0xE0: "→",
    0xE8: "→",
    0xAE: "→",
    0xAC: "←",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xA3: "≤",
    0xB9: "≠",
}
_SYMBOLS |= {
    0x4A: "☺",
    0x61: "α",
    0x62: "β",
    0x6D: "μ",
    0xD7: "×",
    0xB4: "×",
    0x20: " ",
    0xFB: "✗",
    0x96: "–",
}


def symbol(text: str) -> str:
    """Letters of the private area, where symbol fonts keep their signs, as common signs."""
    if not any(map(_is_of_symbol_font, text)):
        return text
    letters = list(text)
    for at, letter in enumerate(letters):
        if _is_of_symbol_font(letter):
            letters[at] = _SYMBOLS.get(ord(letter) - 0xF000, "•")
    return "".join(letters)


def _is_of_symbol_font(letter: str) -> bool:
    return "\uf000" <= letter <= "\uf0ff"
