"""The page that everything is drawn on: fast text, rules and boxes, marked for the structure tree.

All drawing of ``report`` goes through :class:`Pen`, so that marks on a page have one way in: text belongs
to an element of the structure, all else is an artifact. Numbers that are known only at the end ("page x
of y", contents) are forms filled then, so that one pass is enough. Knows fonts; knows nothing of tables
or plans.
"""

from __future__ import annotations

from typing import Any

from cypp_desktop.report.pdf.file import Raw, reference, stream, write_document
from cypp_desktop.report.pdf.font_embedding import add_font
from cypp_desktop.report.pdf.fonts import FACES, load
from cypp_desktop.report.pdf.metadata import DocumentFacts, describe
from cypp_desktop.report.pdf.structure import StructureElement, StructureTree, pdf_string

# isort: split
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

Colour = tuple[float, float, float]
INK: Colour = (0.10, 0.10, 0.12)
QUIET: Colour = (0.36, 0.38, 0.42)
ACCENT: Colour = (0.11, 0.25, 0.42)
LINK: Colour = (0.05, 0.28, 0.63)
RULE: Colour = (0.62, 0.66, 0.71)
SHADE: Colour = (0.90, 0.93, 0.96)

_TOTAL = "page-total"
_FORM = "FormXob."


class _Encoder(dict[int, str]):
    """Characters as the codes of a font's first subset in one document, escaped for a PDF string."""

    def __init__(self, canvas: PaperCanvas, font: str) -> None:
        super().__init__()
        self._canvas = canvas
        self._font: Any = load(font)
        self._names: dict[int, str] = {}
        self.beyond = False

    def __missing__(self, code: int) -> str:
        ((subset, data),) = self._font.splitString(chr(code), self._canvas.document)
        if subset:
            self.beyond = True
            return ""
        shown = self[code] = self._canvas.escaped(data)
        return shown

    def shown(self, text: str) -> str | None:
        """The text in the codes of the first subset; None where it needs another one."""
        shown = text.translate(self)
        if not self.beyond:
            return shown
        self.beyond = False
        return None

    def chosen(self, size: float) -> str:
        """The operator that chooses the first subset."""
        return f"{self._name(0)} {size:.4g} Tf"

    def operators(self, text: str, size: float) -> str:
        """The operators that choose the font and show the text."""
        return " ".join(
            f"{self._name(subset)} {size:.4g} Tf ({self._canvas.escaped(data)}) Tj"
            for subset, data in self._font.splitString(text, self._canvas.document)
        )

    def _name(self, subset: int) -> str:
        name = self._names.get(subset)
        if name is None:
            name = self._names[subset] = self._font.getSubsetInternalName(subset, self._canvas.document)
        return name


class _Resources(pdfdoc.PDFObject):
    """The resources that all pages share: every font and form of the document."""

    def format(self, document: Any) -> bytes:
        entries = {"Font": document.Reference(document.idToObject["BasicFonts"])}
        forms = sorted(name for name in document.idToObject if name.startswith(_FORM))
        if forms:
            entries["XObject"] = pdfdoc.PDFDictionary(
                {name: pdfdoc.PDFObjectReference(name) for name in forms}
            )
        return bytes(pdfdoc.PDFDictionary(entries).format(document))


class PaperCanvas(Canvas):
    """A canvas whose file is tagged (PDF/UA-1) and, unless ``facts`` say otherwise, archival (PDF/A-3a).

    Give ``facts`` with ``functools.partial`` where platypus makes the canvas. Writes to a stream opened
    for bytes. Colours and spaces, images and page boxes of ReportLab's own canvas work; page transitions,
    crop marks and its encryption do not.
    """

    def __init__(self, filename: Any, *args: Any, facts: DocumentFacts | None = None, **options: Any) -> None:
        load(FACES[0])  # what ReportLab's canvas begins with
        options["lang"] = facts.language if facts else options.get("lang") or "en-GB"
        super().__init__(filename, *args, **options)
        self.facts = facts
        self.tree = StructureTree()
        self._encoders: dict[str, _Encoder] = {}
        self._later: dict[str, tuple[float, bool]] = {}
        self._numbers: dict[str, int] = {}
        self._forms: dict[str, str] = {}
        self._outline_level = -1
        self._key = self.tree.start_page()
        self._parent = reference(self.document, self.document.Pages)
        self._resources = reference(self.document, _Resources())

    @property
    def document(self) -> Any:
        return self._doc  # type: ignore[attr-defined]

    def escaped(self, data: bytes) -> str:
        return str(self._escape(data))  # type: ignore[attr-defined]

    def encoder(self, font: str) -> _Encoder:
        encoder = self._encoders.get(font)
        if encoder is None:
            encoder = self._encoders[font] = _Encoder(self, font)
        return encoder

    def emit(self, operators: str) -> None:
        """Adds operators to the page's content stream."""
        self._code.append(operators)  # type: ignore[attr-defined]

    # -- numbers that are known at the end

    def draw_total(self, x: float, y: float, size: float) -> None:
        """Leaves a place, from ``x`` rightwards, for the number of pages. Draw it with a pen's ``total``."""
        self._place_later(_TOTAL, x, y, size, to_left=False)

    def draw_number_of(self, name: str, x: float, y: float, size: float) -> None:
        """Leaves a place, up to ``x``, for the number of the page on which ``name`` is or will be."""
        self._place_later(self._form_of(name), x, y, size, to_left=True)

    def place(self, name: str, top: float, title: str | None = None, level: int = 0) -> None:
        """Says that ``name`` is on this page, ``top`` points above the origin, for links and numbers.

        With a title it is a bookmark of that level (0 is the outermost), which readers show beside the page.
        """
        self._numbers[self._form_of(name)] = self.getPageNumber()
        self.bookmarkHorizontal(name, 0, top)
        if title:
            self._outline_level = min(level, self._outline_level + 1)
            self.addOutlineEntry(title, name, self._outline_level)
            self.showOutline()

    def _form_of(self, name: str) -> str:
        return self._forms.setdefault(name, f"page-of-{len(self._forms)}")

    def target(self, name: str) -> int:
        """The number of the object that leads to a place, which may be named later."""
        return reference(self.document, self._bookmarkReference(name))  # type: ignore[attr-defined]

    def _place_later(self, form: str, x: float, y: float, size: float, *, to_left: bool) -> None:
        self._later[form] = (size, to_left)
        self.saveState()
        self.translate(x, y)
        self.doForm(form)
        self.restoreState()

    def _fill_forms(self) -> None:
        for form, (size, to_left) in self._later.items():
            words = f"{self._numbers.get(form, '')} "
            wide = pdfmetrics.stringWidth(words.strip(), FACES[0], size)
            left = -wide if to_left else 0.0
            self.beginForm(form, int(left) - 1, int(-size), int(left + wide + size), int(2 * size))
            shown = self.encoder(FACES[0]).operators(words, size)
            self.emit(f"{_rgb(QUIET if form == _TOTAL else INK)} rg BT 1 0 0 1 {left:.2f} 0 Tm {shown} ET")
            self.endForm()

    # -- pages and the file

    def annotate(
        self,
        element: StructureElement,
        words: str,
        entries: bytes,
        rectangle: tuple[float, float, float, float],
    ) -> None:
        """A link of this page that belongs to an element; ``entries`` are what it does, ``words`` say it."""
        raw = Raw()
        number = reference(self.document, raw)
        key = self.tree.annotate(element, number)
        box = " ".join(f"{edge:.2f}" for edge in self._absRect(rectangle, 1))  # type: ignore[attr-defined]
        raw.body = (
            f"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[{box}]/StructParent {key}".encode()
            + b"/Contents%b%b>>" % (pdf_string(words), entries)
        )
        self._annotationrefs.append(raw)  # type: ignore[attr-defined]

    def showPage(self) -> None:
        document = self.document
        code: list[str] = self._code  # type: ignore[attr-defined]
        content = reference(document, stream("\n".join(code).encode("latin-1")))
        wide, high = self._pagesize  # type: ignore[attr-defined]
        body = (
            f"<</Type/Page/Parent {self._parent} 0 R/MediaBox[0 0 {wide:.5g} {high:.5g}]"
            f"/Contents {content} 0 R/Resources {self._page_resources()}/StructParents {self._key}/Tabs/S"
        )
        notes = [reference(document, note) for note in self._annotationrefs]  # type: ignore[attr-defined]
        if notes:
            body += f"/Annots[{' '.join(f'{note} 0 R' for note in notes)}]"
        document.addPage(Raw(f"{body}>>".encode()))
        self._startPage()  # type: ignore[attr-defined]
        self._key = self.tree.start_page()

    def _page_resources(self) -> str:
        """The shared resources, or this page's own where charts use more than fonts and forms."""
        own: Any = pdfdoc.PDFPage()
        self._setExtGState(own)  # type: ignore[attr-defined]
        self._setColorSpace(own)  # type: ignore[attr-defined]
        self._setShadingUsed(own)  # type: ignore[attr-defined]
        if not (own.ExtGState or own._colorsUsed or own._shadingUsed):
            return f"{self._resources} 0 R"
        resources: Any = pdfdoc.PDFResourceDictionary()
        resources.basicFonts()
        if forms := self._formsinuse:  # type: ignore[attr-defined]
            resources.XObject = self.document.xobjDict(forms)
        if own.ExtGState:
            resources.ExtGState = own.ExtGState
        resources.setShading(own._shadingUsed)
        resources.setColorSpace(own._colorsUsed)
        return f"{reference(self.document, resources)} 0 R"

    def save(self) -> None:
        document = self.document
        if self._code:  # type: ignore[attr-defined]
            self.showPage()
        self._numbers[_TOTAL] = document.pageCounter - 1
        self._fill_forms()
        for font in document.delayedFonts:
            add_font(document, font)
        document.Outlines.prepare(document, self)
        if document.Outlines.ready < 0:
            document.Catalog.Outlines = None
        tree = Raw()
        document.Catalog.StructTreeRoot = tree
        root = reference(document, tree)
        info = describe(document, self.facts or DocumentFacts(title=_known_title(document)))
        self._filename.write(write_document(document, self.tree, root, info))  # type: ignore[attr-defined]


def paper_canvas(flowable: Flowable) -> PaperCanvas:
    """The canvas that a flowable is being drawn on."""
    canvas = flowable.canv
    assert isinstance(canvas, PaperCanvas), "paper is drawn on a PaperCanvas"
    return canvas


def _known_title(document: Any) -> str:
    title = str(document.info.title or "")
    return "Untitled" if title in ("", "untitled", "(anonymous)") else title


class Pen:
    """Draws on a canvas for a while; leave it (``with``) before anything else draws.

    Colours are set once for as long as they stay the same, and so is the element that text belongs to.
    With ``edges`` it draws what stands at the edges of every page: all of that is an artifact.
    """

    def __init__(self, canvas: PaperCanvas, *, edges: bool = False) -> None:
        self._canvas = canvas
        self._emit = canvas.emit
        self._ink: Colour | None = None
        self._element: StructureElement | None = None
        self._is_open = False
        self._in_text = False
        self._set_in: tuple[str, float] | None = None
        self._x = self._y = 0.0
        self.is_artifact = self._edges = edges

    def __enter__(self) -> Pen:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends what was being marked."""
        if self._is_open:
            self._end_text()
            self._emit("EMC")
            self._is_open, self._element = False, None

    def text(
        self,
        x: float,
        y: float,
        font: str,
        size: float,
        text: str,
        colour: Colour = INK,
        element: StructureElement | None = None,
    ) -> None:
        """Text from ``x`` rightwards on the base line ``y``, of an element or (without) an artifact."""
        if element is not self._element or not self._is_open:
            self._begin(element)
        if colour is not self._ink:
            self._colour(colour)
        x, y = round(x, 2), round(y, 2)
        if self._in_text:
            place = f"{x - self._x:.6g} {y - self._y:.6g} Td"
        else:
            place = f"BT {x:.6g} {y:.6g} Td"
            self._in_text, self._set_in = True, None
        self._x, self._y = x, y
        encoder = self._canvas.encoder(font)
        shown = encoder.shown(text)
        if shown is None:
            self._emit(f"{place} {encoder.operators(text, size)}")
            self._set_in = None
        elif self._set_in == (font, size):
            self._emit(f"{place} ({shown}) Tj")
        else:
            self._emit(f"{place} {encoder.chosen(size)} ({shown}) Tj")
            self._set_in = (font, size)

    def fill(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: Colour,
        element: StructureElement | None = None,
    ) -> None:
        """A filled rectangle, of an element (a figure) or (without) an artifact."""
        self._begin(element)
        self._colour(colour)
        self._emit(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def boxes(
        self,
        rectangles: list[tuple[float, float, float, float]],
        width: float = 0.5,
        colour: Colour = RULE,
        element: StructureElement | None = None,
    ) -> None:
        """The outlines of rectangles (x, y, width, height), of an element (a figure) or an artifact."""
        if rectangles:
            self._begin(element)
            path = " ".join(f"{x:.2f} {y:.2f} {w:.2f} {h:.2f} re" for x, y, w, h in rectangles)
            self._emit(f"{_rgb(colour)} RG {width:.2f} w {path} S")

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, colour: Colour = RULE, width: float = 0.5
    ) -> None:
        self._begin(None)
        self._line(x1, y1, x2, y2, colour, width)

    def shape(self, x: float, y: float, size: float, outline: str, colour: Colour) -> None:
        """A path (1 point to the em) that is part of the text just drawn."""
        self._end_text()
        self._colour(colour)
        self._emit(f"q {size:.4g} 0 0 {size:.4g} {x:.2f} {y:.2f} cm {outline} f Q")

    def dots(self, x1: float, x2: float, y: float) -> None:
        """A row of dots that leads the eye from one place on the line to another."""
        if x1 < x2:
            self._begin(None)
            self._emit(f"q {_rgb(RULE)} RG 1 J 0.9 w [0 3] 0 d {x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l S Q")

    def underline(self, x: float, y: float, width: float, colour: Colour = LINK) -> None:
        """A line under text just drawn, which is part of it."""
        self._end_text()
        self._line(x, y, x + width, y, colour, 0.4)

    def total(self, x: float, y: float, size: float) -> None:
        """The number of pages, from ``x`` rightwards."""
        self._begin(None)
        self._canvas.draw_total(x, y, size)

    def number_of(self, name: str, x: float, y: float, size: float, element: StructureElement) -> None:
        """The number of the page on which ``name`` is, up to ``x``."""
        if element is not self._element or not self._is_open:
            self._begin(element)
        self._end_text()
        self._canvas.draw_number_of(name, x, y, size)

    def link(
        self, address: str, element: StructureElement, x: float, y: float, width: float, height: float
    ) -> None:
        """A place to click, which opens an address of the web or of a mailbox."""
        if not self.is_artifact:
            action = b"/A<</S/URI/URI%b>>" % pdf_string(address)
            self._canvas.annotate(element, address, action, (x, y, x + width, y + height))

    def link_within(
        self,
        name: str,
        words: str,
        element: StructureElement,
        x: float,
        y: float,
        width: float,
        height: float,
    ) -> None:
        """A place to click, which leads to where ``name`` is or will be; ``words`` say what is there."""
        target = self._canvas.target(name)
        self._canvas.annotate(element, words, b"/Dest %d 0 R" % target, (x, y, x + width, y + height))

    def smaller(self, x: float, y: float, scale: float) -> None:
        """Draws at ``scale`` around (0, 0) at (x, y), until :meth:`as_before`."""
        self.close()
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.scale(scale, scale)

    def as_before(self) -> None:
        self.close()
        self._canvas.restoreState()
        self._ink = None

    def _begin(self, element: StructureElement | None) -> None:
        """Ends what was being marked, if it was something else, and begins to mark this."""
        if self.is_artifact:
            element = None
        self._end_text()
        if self._is_open:
            if element is self._element:
                return
            self._emit("EMC")
        self._element, self._is_open = element, True
        if element is not None:
            mark = self._canvas.tree.mark(element)
            self._emit(f"/{element.kind} <</MCID {mark}>> BDC")
        else:
            self._emit("/Artifact <</Type/Pagination>> BDC" if self.is_artifact else "/Artifact BMC")

    def _line(self, x1: float, y1: float, x2: float, y2: float, colour: Colour, width: float) -> None:
        self._emit(f"{_rgb(colour)} RG {width:.2f} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def _end_text(self) -> None:
        if self._in_text:
            self._emit("ET")
            self._in_text = False

    def _colour(self, colour: Colour) -> None:
        if colour != self._ink:
            self._ink = colour
            self._emit(f"{_rgb(colour)} rg")


def _rgb(colour: Colour) -> str:
    return "{:.3g} {:.3g} {:.3g}".format(*colour)
