"""The structure of a printed text, named as in tagged PDF, and its tree in the file.

Whoever sets or draws text makes a :class:`StructureElement` for each heading, paragraph, list and cell;
drawing marks the place on the page (:meth:`StructureTree.mark`). An element that runs over pages collects
their marks. At the end the tree is written as PDF objects. After ISO 32000-1, 14.7 and 14.8, and ISO 14289-1
(PDF/UA-1). Knows nothing of canvases, fonts or plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

ElementKind = Literal[
    "Document", "Part", "Sect", "Div", "BlockQuote", "TOC", "TOCI", "Reference", "Link", "Span", "Note",
    "H", "H1", "H2", "H3", "H4", "H5", "H6", "P", "L", "LI", "Lbl", "LBody",
    "Table", "THead", "TBody", "TR", "TH", "TD", "Caption", "Figure",
]  # fmt: skip

_HEADINGS: tuple[ElementKind, ...] = ("H1", "H2", "H3", "H4", "H5", "H6")
#: what stands among the words of its parent, and so takes its place there when it is drawn
_INLINE = ("Link", "Span", "Reference")
#: what a table needs for its grid, though nothing is printed in it
_KEPT_EMPTY = ("TBody", "TR", "TH", "TD")


class StructureElement:
    """A piece of structure. Pieces of one parent are in the order in which they were made.

    ``attributes`` are PDF syntax ("/O/Table/Scope/Row"); ``alt`` says in words what a picture or link
    shows. A piece without a parent belongs to the document from when it is first drawn.
    """

    __slots__ = ("alt", "attributes", "kids", "kind", "number", "parent")

    def __init__(
        self,
        kind: ElementKind,
        parent: StructureElement | None = None,
        *,
        attributes: str = "",
        alt: str | None = None,
    ) -> None:
        self.kind: ElementKind = kind
        self.parent = parent
        self.attributes, self.alt = attributes, alt
        #: elements; (page, number on it) of marked content; (page, -object number) of annotations
        self.kids: list[StructureElement | tuple[int, int]] = []
        self.number = 0
        if parent is not None and kind not in _INLINE:
            parent.kids.append(self)

    def adopt(self, child: StructureElement) -> None:
        """Takes a piece that was made without a parent as the last one."""
        child.parent = self
        self.kids.append(child)


def table_cell(
    parent: StructureElement | None,
    *,
    scope: Literal["Row", "Column"] | None,
    rowspan: int = 1,
    colspan: int = 1,
) -> StructureElement:
    """A TH that is a heading for its row or column, or (without scope) a TD."""
    spans = f"/RowSpan {rowspan}" * (rowspan > 1) + f"/ColSpan {colspan}" * (colspan > 1)
    if scope is None:
        return StructureElement("TD", parent, attributes=f"/O/Table{spans}" if spans else "")
    return StructureElement("TH", parent, attributes=f"/O/Table/Scope/{scope}{spans}")


class StructureTree:
    """The elements of one document, and what is marked on its pages.

    Pages are counted from 0. Keys of the parent tree are given out in the order of asking.
    """

    def __init__(self) -> None:
        self.root = StructureElement("Document")
        self._owners: list[StructureElement | list[StructureElement]] = []
        self._on_page: list[StructureElement] = []
        self._page = -1
        self._in_root: set[StructureElement] = set()
        self._in_order: list[StructureElement] = []
        self._level = 0

    def start_page(self) -> int:
        """The parent tree's key for a new page."""
        self._page += 1
        self._on_page = []
        self._owners.append(self._on_page)
        return len(self._owners) - 1

    def mark(self, element: StructureElement) -> int:
        """The number under which the next content on this page belongs to the element.

        A heading whose level would skip one is made one of the level that comes next.
        """
        number = len(self._on_page)
        self._on_page.append(element)
        if not element.kids and element.kind in _HEADINGS:
            # a level may not be skipped on the way down
            self._level = min(_HEADINGS.index(element.kind) + 1, self._level + 1)
            element.kind = _HEADINGS[self._level - 1]
        self._place(element)
        element.kids.append((self._page, number))
        return number

    def annotate(self, element: StructureElement, object_number: int) -> int:
        """Makes an annotation of this page part of an element that has been marked; its key."""
        self._place(element)
        element.kids.append((self._page, -object_number))
        self._owners.append(element)
        return len(self._owners) - 1

    def _place(self, element: StructureElement) -> None:
        self._place_inline(element)
        while element.parent is not None:
            element = element.parent
        if element not in self._in_root and element is not self.root:
            self._in_root.add(element)
            self.root.adopt(element)

    def _place_inline(self, element: StructureElement) -> None:
        if not element.kids and element.kind in _INLINE and element.parent is not None:
            self._place_inline(element.parent)
            element.parent.kids.append(element)

    def number(self, first: int) -> int:
        """Numbers the elements from ``first`` on, those in one after its neighbours, and says how many."""
        self.root.number = first
        self._in_order = [self.root]
        for element in self._in_order:  # it grows
            for kid in element.kids:
                if isinstance(kid, StructureElement) and (kid.kids or kid.kind in _KEPT_EMPTY):
                    kid.number = first + len(self._in_order)
                    self._in_order.append(kid)
        return len(self._in_order)

    def objects(self, root: int, pages: Sequence[int]) -> Iterator[str]:
        """The elements in PDF syntax, in the order of their numbers, and after them the parent tree.

        ``root`` is the number that the tree's root has, ``pages`` are the numbers of the pages.
        """
        for element in self._in_order:
            words = f"<</S/{element.kind}/P {element.parent.number if element.parent else root} 0 R"
            if element.attributes:
                words += f"/A<<{element.attributes}>>"
            if element.alt is not None:
                words += "/Alt" + pdf_string(element.alt).decode()
            yield f"{words}{_kids(element, pages)}>>"
        nums = []
        for key, owner in enumerate(self._owners):
            if isinstance(owner, StructureElement):
                nums.append(f"{key} {owner.number} 0 R")
            else:
                nums.append(f"{key}[{' '.join([f'{element.number} 0 R' for element in owner])}]")
        yield f"<</Nums[{' '.join(nums)}]>>"

    def root_object(self) -> str:
        """The tree's root in PDF syntax, once the elements are numbered."""
        first = self.root.number
        return (
            f"<</Type/StructTreeRoot/K {first} 0 R/ParentTree {first + len(self._in_order)} 0 R"
            f"/ParentTreeNextKey {len(self._owners)}>>"
        )


def _kids(element: StructureElement, pages: Sequence[int]) -> str:
    """The entries for what is in an element; what was given no number is left out."""
    kids = element.kids
    if len(kids) == 1 and type(kids[0]) is tuple:  # by far the most are a text on one page
        page, number = kids[0]
        return f"/Pg {pages[page]} 0 R/K {number}"
    own = next((kid[0] for kid in kids if isinstance(kid, tuple)), -1)
    found: list[str] = []
    for kid in kids:
        if isinstance(kid, tuple):
            found.append(_marked(kid, own, pages))
        elif kid.number:
            found.append(f"{kid.number} 0 R")
    page_entry = f"/Pg {pages[own]} 0 R" if own >= 0 else ""
    return page_entry + (f"/K[{' '.join(found)}]" if found else "")


def _marked(kid: tuple[int, int], own: int, pages: Sequence[int]) -> str:
    """The entry for marked content or an annotation, in an element that begins on the page ``own``."""
    page, number = kid
    elsewhere = "" if page == own else f"/Pg {pages[page]} 0 R"
    if number < 0:
        return f"<</Type/OBJR{elsewhere}/Obj {-number} 0 R>>"
    return f"<</Type/MCR{elsewhere}/MCID {number}>>" if elsewhere else str(number)


def pdf_string(text: str) -> bytes:
    """A text as a PDF string: readable where it is ASCII, else UTF-16."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return b"(" + escaped.encode() + b")"
    return b"<FEFF" + text.encode("utf-16-be", "replace").hex().upper().encode() + b">"
