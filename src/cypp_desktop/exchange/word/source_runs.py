"""What is written in one paragraph of a Word file, by what its words are: live, struck out, only a hint.

For :mod:`source_words`: raw XML in, pieces of text out; it shares nothing with the reader but the styles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cypp_desktop.exchange.last_look import PieceKind
from cypp_desktop.exchange.word.form_fields import chosen_entry
from cypp_desktop.exchange.word.package import Element, R, W, WordPart
from cypp_desktop.exchange.word.styles import WordStyles, font_of, is_struck, value
from cypp_desktop.plan.symbol_fonts import signs_of

_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_DRAWN_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_SHAPE = "{urn:schemas-microsoft-com:vml}"
_SHAPES = {_SHAPE + name for name in ("shape", "rect", "oval", "roundrect", "group")}
_WORD_ART = _SHAPE + "textpath"

_TEXT = W + "t"
_FIXED = {
    W + "tab": " ",
    W + "br": " ",
    W + "cr": " ",
    W + "ptab": " ",
    W + "noBreakHyphen": "-",
    W + "sym": "•",
}
_LETTERS = (_TEXT, *_FIXED, _MATH_TEXT, _DRAWN_TEXT)
_FIELD, _CODE, _SIMPLE_FIELD, _LINK = W + "fldChar", W + "instrText", W + "fldSimple", W + "hyperlink"
_REFERENCES = {W + f"{kind}Reference": kind for kind in ("footnote", "endnote", "comment")}
_ALL = (*_LETTERS, _FIELD, _CODE, _SIMPLE_FIELD, _LINK, *_REFERENCES, _PICTURE, *_SHAPES, _WORD_ART)

#: What makes a part more than plain words: marks in its bytes.
_MORE = re.compile(
    rb"fldChar|fldSimple|hyperlink|Reference |docPr |:shape|:rect|:oval|:roundrect|:group|textpath|moveFrom|"
    rb"[sS]trike|showingPlcHdr|docPartGallery|rFonts|rStyle|<\w+:del[ >/]|cellDel"
)
_LOOKS = re.compile(rb"[sS]trike|Wingdings|Webdings|Symbol", re.I)
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.I)
_ADDRESS = re.compile(r'\bHYPERLINK\s+(?:"([^"]+)"|(?!\\)(\S+))')


@dataclass(slots=True)
class ParagraphWords:
    """What a paragraph holds: its texts by kind, alternative texts of its pictures, notes that hang on it."""

    texts: dict[PieceKind, list[str]] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, kind: PieceKind, text: str) -> None:
        """More words of one kind."""
        self.texts.setdefault(kind, []).append(text)


class RunsReader:
    """Reads the paragraphs of one part in their order, since a field may reach over several."""

    def __init__(self, part: WordPart, styles: WordStyles) -> None:
        self._links = part.links
        self._styles = styles
        self._is_plain = _MORE.search(part.data) is None
        self._has_looks = _LOOKS.search(part.data) is not None or styles.say_more
        self._has_wrappers = re.search(rb"moveFrom|showingPlcHdr|docPartGallery|:del[ >]|cellDel", part.data)
        self._codes: list[str | None] = []  # open fields: their code, None once their result is read
        self._hides: list[bool] = []  # whether the result of an open field is no words: a page's number

    def plain_text(self, paragraph: Element) -> str | None:
        """The words of a paragraph in a part where there is nothing but words; None in others."""
        if not self._is_plain or self._has_looks:
            return None
        return "".join([_FIXED.get(one.tag) or one.text or "" for one in paragraph.iter(*_LETTERS)])

    def read(self, paragraph: Element) -> ParagraphWords:
        """What a paragraph holds."""
        words = ParagraphWords()
        kinds: dict[Element, PieceKind | None] = {}
        base = self._styles.get(value(paragraph.find(W + "pPr"), "pStyle")).struck
        for element in paragraph.iter(*_ALL):
            if element.tag in _LETTERS:
                self._letter(element, words, kinds, base)
            else:
                self._other(element, words)
        return words

    def _letter(
        self,
        element: Element,
        words: ParagraphWords,
        kinds: dict[Element, PieceKind | None],
        base: bool | None,
    ) -> None:
        if any(self._hides):
            return
        if not self._has_looks and not self._has_wrappers:
            words.add(PieceKind.TEXT, _FIXED.get(element.tag) or element.text or "")
            return
        run = element.getparent()
        if run not in kinds:
            kinds[run] = self._kind(run, base)
        kind = kinds[run]
        if kind is not None:
            text = _FIXED.get(element.tag) or element.text or ""
            words.add(kind, signs_of(text, font_of(run.find(W + "rPr"))) if element.tag == _TEXT else text)

    def _kind(self, run: Element, base: bool | None) -> PieceKind | None:
        """What the words of a run are; None where they are no part of the text."""
        if self._has_wrappers:
            kind = _kind_by_wrappers(run)
            if kind != PieceKind.TEXT:
                return kind
        properties = run.find(W + "rPr")
        if is_struck(properties, self._styles.get(value(properties, "rStyle")), base):
            return PieceKind.STRUCK
        return PieceKind.TEXT

    def _other(self, element: Element, words: ParagraphWords) -> None:
        tag = element.tag
        if tag == _FIELD:
            self._field(element, words)
        elif tag == _CODE:
            if self._codes and self._codes[-1] is not None:
                self._codes[-1] += element.text or ""
        elif tag in (_LINK, _SIMPLE_FIELD):
            self._link(element, words)
        elif tag in _REFERENCES:
            words.notes.append((_REFERENCES[tag], element.get(W + "id", "")))
        elif tag == _WORD_ART:
            words.add(PieceKind.TEXT, f" {element.get('string', '')} ")
        else:
            text = element.get("descr") or element.get("alt") or ""
            if text.strip() and text not in words.pictures:
                words.pictures.append(text)

    def _field(self, element: Element, words: ParagraphWords) -> None:
        kind = element.get(W + "fldCharType", "")
        if kind == "begin":
            self._codes.append("")
            self._hides.append(False)
            chosen = chosen_entry(element)
            if chosen:
                words.add(PieceKind.TEXT, chosen)
        elif kind == "separate" and self._codes:
            code = self._codes[-1] or ""
            self._hides[-1] = _PAGE_FIELD.match(code) is not None
            self._codes[-1] = None
            found = _ADDRESS.search(code)
            if found:
                words.addresses.append(found[1] or found[2])
        elif kind == "end" and self._codes:
            self._codes.pop()
            self._hides.pop()

    def _link(self, element: Element, words: ParagraphWords) -> None:
        if element.tag == _SIMPLE_FIELD:
            code = element.get(W + "instr", "")
            found = _ADDRESS.search(code)
            address = (found[1] or found[2]) if found else None
            if _PAGE_FIELD.match(code):
                for letter in element.iter(_TEXT):
                    letter.text = ""
        else:
            address = self._links.get(element.get(R + "id", ""))
        if address and _bare(address) != _bare("".join(text.text or "" for text in element.iter(_TEXT))):
            words.addresses.append(address)


def _kind_by_wrappers(run: Element) -> PieceKind | None:
    """What stands round a run makes of it: deleted, a hint what to fill in, a list of contents."""
    for above in run.iterancestors():
        tag = above.tag
        if tag in (W + "del", W + "moveFrom") or _is_deleted_place(above):
            return None
        if tag == W + "sdt":
            if above.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
                return PieceKind.PLACEHOLDER
            gallery = above.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            if gallery is not None and "contents" in gallery.get(W + "val", "").casefold():
                return PieceKind.CONTENTS
    return PieceKind.TEXT


def _is_deleted_place(element: Element) -> bool:
    """Whether an element is a row or a cell that was deleted, and the deletion is not yet accepted."""
    if element.tag == W + "tr":
        return element.find(f"{W}trPr/{W}del") is not None
    return element.tag == W + "tc" and element.find(f"{W}tcPr/{W}cellDel") is not None


def _bare(address: str) -> str:
    return re.sub(r"^(?:mailto:|https?://)", "", address.strip().casefold()).rstrip("/")


def pieces_of(words: ParagraphWords) -> Iterator[tuple[PieceKind, str]]:
    """The texts of a paragraph that are not blank, by kind."""
    for kind, found in words.texts.items():
        text = "".join(found)
        if text.strip():
            yield kind, text
