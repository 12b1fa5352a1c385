"""Walks the structure of a printed PDF by the rules that a machine can check.

ISO 14289-1 (PDF/UA-1) for the structure and ISO 19005-3 (PDF/A-3a) for the file; the numbers of the
clauses stand in the messages. Knows only what the printer writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

from tests.report.reading import Font

_KIDS = {
    "Table": {"THead", "TBody", "TR", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOCI", "TOC", "Caption"},
}
_PARENTS = {
    "THead": {"Table"},
    "TBody": {"Table"},
    "TR": {"Table", "THead", "TBody"},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "Lbl": {"LI", "TOCI"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
}
_SHOWS = {"Tj", "TJ", "'", '"'}
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE"}


@dataclass(eq=False)
class Piece:
    """An element of the tree: its kind, its kids in order, and its text as it is shown or said to be."""

    kind: str
    parent: Piece | None
    node: Any
    kids: list[Piece | tuple[int, int]] = field(default_factory=list)
    links: list[Any] = field(default_factory=list)

    def of(self, *kinds: str) -> Iterator[Piece]:
        """All pieces of these kinds in it, in order."""
        for kid in self.kids:
            if isinstance(kid, Piece):
                if kid.kind in kinds:
                    yield kid
                yield from kid.of(*kinds)

    def attribute(self, name: str) -> Any:
        given = self.node.get("/A")
        return given.get(name) if given is not None else None


class Structure:
    """A PDF read back: its tree, the text of every mark, and what is wrong with it (``problems``)."""

    def __init__(self, data: bytes) -> None:
        self.problems: list[str] = []
        self.pdf = pikepdf.open(BytesIO(data))
        self._pages = {page.obj.objgen: at for at, page in enumerate(self.pdf.pages)}
        self._owner: dict[tuple[int, int], Piece] = {}
        self._annotated: dict[Any, Piece] = {}
        self.marks: dict[tuple[int, int], str] = {}
        self._check_catalog()
        tree = self.pdf.Root.get("/StructTreeRoot")
        if tree is None:
            self.problems.append("7.1: there is no structure tree")
            return
        self.root = self._read(tree["/K"], None)
        self._check_headings()
        self._read_pages()
        self._check_parent_tree(tree)
        for table in self.root.of("Table"):
            self._check_table(table)

    def text(self, piece: Piece | None = None) -> str:
        """The text in the order of the structure, which is that of reading aloud."""
        return "".join(self._texts(piece or self.root))

    def _texts(self, piece: Piece) -> Iterator[str]:
        for kid in piece.kids:
            if isinstance(kid, Piece):
                yield from self._texts(kid)
            else:
                yield self.marks.get(kid, "")

    def _say(self, condition: bool, problem: str) -> None:
        if not condition:
            self.problems.append(problem)

    # -- the document

    def _check_catalog(self) -> None:
        root = self.pdf.Root
        self._say(bool(root.get("/MarkInfo", {}).get("/Marked")), "7.1: it is not said to be marked")
        self._say(bool(str(root.get("/Lang", ""))), "7.2: it has no language")
        viewer = root.get("/ViewerPreferences", {})
        self._say(bool(viewer.get("/DisplayDocTitle")), "7.1: its title is not displayed")
        xmp = root["/Metadata"].read_bytes().decode() if "/Metadata" in root else ""
        self._say("<pdfuaid:part>1</pdfuaid:part>" in xmp, "5: it does not say that it is PDF/UA-1")
        self._say(bool(re.search(r"<dc:title>.*?<rdf:li[^>]*>[^<]+<", xmp)), "7.1: it has no title")

    # -- the tree

    def _read(self, node: Any, parent: Piece | None) -> Piece:
        kind = str(node["/S"])[1:]
        piece = Piece(kind, parent, node)
        up = parent.kind if parent else "none"
        self._say(kind not in _PARENTS or up in _PARENTS[kind], f"7.2: {kind} in {up}")
        self._say(kind != "Figure" or bool(str(node.get("/Alt", ""))), "7.3: a figure without words")
        page = self._pages.get(node["/Pg"].objgen) if "/Pg" in node else None
        kids = node.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            self._read_kid(kid, piece, page)
        below = {kid.kind for kid in piece.kids if isinstance(kid, Piece)}
        self._say(kind not in _KIDS or below <= _KIDS[kind], f"7.2: {kind} holds {sorted(below)}")
        if kind in _KIDS:
            self._say(not any(isinstance(kid, tuple) for kid in piece.kids), f"7.2: text right in {kind}")
        return piece

    def _read_kid(self, kid: Any, piece: Piece, page: int | None) -> None:
        if not isinstance(kid, pikepdf.Dictionary):
            assert page is not None
            self._own((page, int(kid)), piece)
        elif kid.get("/Type") == "/MCR":
            self._own(
                (self._pages[kid["/Pg"].objgen] if "/Pg" in kid else page or 0, int(kid["/MCID"])), piece
            )
        elif kid.get("/Type") == "/OBJR":
            self._annotated[kid["/Obj"].objgen] = piece
            piece.links.append(kid["/Obj"])
        else:
            self._say(kid["/P"].objgen == piece.node.objgen, f"{kid['/S']} names another parent")
            piece.kids.append(self._read(kid, piece))

    def _own(self, mark: tuple[int, int], piece: Piece) -> None:
        self._say(mark not in self._owner, f"mark {mark} has two owners")
        self._owner[mark] = piece
        piece.kids.append(mark)

    def _check_headings(self) -> None:
        level = 0
        for piece in self.root.of("H1", "H2", "H3", "H4", "H5", "H6"):
            own = int(piece.kind[1])
            self._say(own <= level + 1, f"7.4.2: {piece.kind} after level {level}")
            level = own

    def _check_parent_tree(self, tree: Any) -> None:
        nums = list(tree["/ParentTree"]["/Nums"])
        keys = {int(key): value for key, value in zip(nums[::2], nums[1::2], strict=True)}
        self._say(list(map(int, nums[::2])) == sorted(keys), "the parent tree is not in order")
        for at, page in enumerate(self.pdf.pages):
            owners = keys[int(page["/StructParents"])]
            for number, owner in enumerate(owners):
                known = self._owner.get((at, number))
                fits = known is not None and known.node.objgen == owner.objgen
                self._say(fits, f"the parent tree names another owner of mark {number} on page {at + 1}")
            for note in page.get("/Annots", []):
                piece = self._annotated.get(note.objgen)
                self._say(piece is not None and piece.kind == "Link", "7.18.5: a link outside a Link")
                self._say(bool(str(note.get("/Contents", ""))), "7.18.5: a link that does not say where to")
                fits = piece is not None and keys[int(note["/StructParent"])].objgen == piece.node.objgen
                self._say(fits, "the parent tree names another owner of a link")

    def _check_table(self, table: Piece) -> None:
        """Every place of its grid is covered once."""
        rows = [
            row for row in table.of("TR")
            if row.parent is table or (row.parent is not None and row.parent.parent is table)
        ]  # fmt: skip
        grid: list[set[int]] = [set() for _ in rows]
        for at, row in enumerate(rows):
            column = 0
            for cell in (kid for kid in row.kids if isinstance(kid, Piece)):
                while column in grid[at]:
                    column += 1
                if cell.kind == "TH":
                    self._say(cell.attribute("/Scope") in ("/Row", "/Column"), "7.5: TH without a scope")
                down, across = (int(cell.attribute(name) or 1) for name in ("/RowSpan", "/ColSpan"))
                self._say(at + down <= len(rows), "7.2: a cell spans more rows than there are")
                for below in range(at, min(at + down, len(rows))):
                    covered = set(range(column, column + across))
                    self._say(grid[below].isdisjoint(covered), "7.2: two cells in one place")
                    grid[below] |= covered
                column += across
        self._say(len({frozenset(row) for row in grid}) <= 1, "7.2: rows of different width")

    # -- the pages

    def _read_pages(self) -> None:
        fonts: dict[Any, Font] = {}
        for at, page in enumerate(self.pdf.pages):
            self._say(page.get("/Tabs") == "/S", "7.18.3: tabs are not in the order of the structure")
            self._read_stream(at, page.obj, page.obj["/Resources"], fonts)
        lost = self._owner.keys() - self.marks.keys()
        self._say(not lost, f"marks without content: {sorted(lost)[:3]}")

    def _read_stream(self, at: int, stream: Any, resources: Any, fonts: dict[Any, Font]) -> None:
        stack: list[tuple[str, int | None, bool]] = []
        font: Font | None = None
        for operands, operator in pikepdf.parse_content_stream(stream):
            word = str(operator)
            if word in ("BDC", "BMC"):
                self._begin(at, str(operands[0])[1:], operands[1] if word == "BDC" else {}, stack)
            elif word == "EMC":
                stack.pop()
            elif word == "Tf":
                dictionary = resources["/Font"][str(operands[0])]
                font = fonts.setdefault(dictionary.objgen, Font(dictionary))
            elif word in _SHOWS | _PAINTS:
                own = next((number for _, number, _ in stack if number is not None), None)
                owned = own is not None or any(tag == "Artifact" for tag, _, _ in stack)
                self._say(owned, f"7.1: {word} is neither marked nor an artifact on page {at + 1}")
                said = any(replaced for _, _, replaced in stack)
                if word in _SHOWS and own is not None and not said:
                    assert font is not None
                    self.marks[at, own] += font.decoded(bytes(operands[0]))
                if word == "Do" and own is not None:
                    self.marks[at, own] += self._form_text(resources["/XObject"][str(operands[0])])
        self._say(not stack, f"a mark is left open on page {at + 1}")

    def _begin(self, at: int, tag: str, entries: Any, stack: list[tuple[str, int | None, bool]]) -> None:
        number = int(entries["/MCID"]) if "/MCID" in entries else None
        within = next((own for _, own, _ in stack if own is not None), None)
        artifact = any(outer == "Artifact" for outer, _, _ in stack)
        self._say(tag != "Artifact" or within is None, "7.1: an artifact within marked content")
        self._say(number is None or not artifact, "7.1: marked content within an artifact")
        if number is not None:
            owner = self._owner.get((at, number))
            self._say(owner is not None, f"7.1: mark {number} on page {at + 1} is not in the tree")
            self._say(owner is None or owner.kind == tag, f"mark {number} is called {tag}")
            self.marks.setdefault((at, number), "")
        if "/ActualText" in entries and (number if number is not None else within) is not None:
            said = str(entries["/ActualText"])
            self.marks[at, number if number is not None else within or 0] += said
        stack.append((tag, number, "/ActualText" in entries))

    @staticmethod
    def _form_text(form: Any) -> str:
        found, font = "", None
        for operands, operator in pikepdf.parse_content_stream(form):
            if str(operator) == "Tf":
                font = Font(form["/Resources"]["/Font"][str(operands[0])])
            elif str(operator) == "Tj" and font is not None:
                found += font.decoded(bytes(operands[0]))
        return found


def archival_problems(data: bytes) -> list[str]:
    """What stands in the way of PDF/A-3a, as far as a machine can say without a renderer."""
    found: list[str] = []
    with pikepdf.open(BytesIO(data)) as pdf:
        xmp = pdf.Root["/Metadata"].read_bytes().decode()
        if not re.search(r"<pdfaid:part>3</.*<pdfaid:conformance>A</", xmp):
            found.append("6.6.4: it does not say that it is PDF/A-3a")
        if "pdfuaid" in xmp and "pdfaExtension:schemas" not in xmp:
            found.append("6.6.2.3: a schema that is not described")
        if "/Filter" in pdf.Root["/Metadata"] or pdf.is_encrypted or "/ID" not in pdf.trailer:
            found.append("6.1: packed metadata, encryption or no identifier")
        found += [f"6.2.3: {each}" for each in _intent_problems(pdf)]
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                found += _object_problems(thing)
        for name, file in _attached(pdf).items():
            if not {"/F", "/UF", "/AFRelationship", "/EF"} <= set(file.keys()):
                found.append(f"6.8: the attachment {name} is not described")
            if "/Subtype" not in file["/EF"]["/F"]:
                found.append(f"6.8: the attachment {name} has no type")
            if file.objgen not in {each.objgen for each in pdf.Root.get("/AF", [])}:
                found.append(f"6.8: the attachment {name} is not associated with the document")
    return found


def _intent_problems(pdf: Any) -> Iterator[str]:
    intents = list(pdf.Root.get("/OutputIntents", []))
    if len(intents) != 1 or intents[0].get("/S") != "/GTS_PDFA1":
        yield "no output intent"
        return
    profile = intents[0]["/DestOutputProfile"]
    data = profile.read_bytes()
    if int.from_bytes(data[:4]) != len(data) or data[36:40] != b"acsp" or data[16:20] != b"RGB ":
        yield "the colour profile is none"
    if int(profile["/N"]) != 3:
        yield "the colour profile has not three colours"


def _object_problems(thing: Any) -> Iterator[str]:
    if thing.get("/Type") == "/Font":
        about = thing.get("/FontDescriptor", {})
        if "/FontFile2" not in about:
            yield f"6.2.11.4: {thing.get('/BaseFont')} is not embedded"
        if "/ToUnicode" not in thing:
            yield f"6.2.11.7: {thing.get('/BaseFont')} does not say its characters"
        if int(about.get("/Flags", 0)) & 4 and "/Encoding" in thing:
            yield "6.2.11.6: a symbolic font with an encoding"
    if thing.get("/Type") == "/ExtGState" and not (thing.get("/ca", 1) == thing.get("/CA", 1) == 1):
        yield "6.2.10: transparency"
    if "/SMask" in thing or thing.get("/S") in ("/Transparency", "/JavaScript", "/Launch"):
        yield "6.2.10 or 6.5: transparency, or an action that runs something"
    if thing.get("/Type") == "/Annot" and int(thing.get("/F", 0)) != 4:
        yield "6.3.2: an annotation that is not printed"
    if thing.get("/Filter") == "/LZWDecode" or "/FFilter" in thing:
        yield "6.1.7: a filter that is not allowed"


def _attached(pdf: Any) -> dict[str, Any]:
    names = list(pdf.Root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", []))
    return {str(name): file for name, file in zip(names[::2], names[1::2], strict=True)}


def attached(data: bytes) -> dict[str, bytes]:
    """The files that are attached, by name."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return {name: file["/EF"]["/F"].read_bytes() for name, file in _attached(pdf).items()}
