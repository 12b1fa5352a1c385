"""The outside of a Word file: a zip of XML parts, opened with care.

Everything that can be wrong with the file as a file is found here and said in plain words.
Sizes are checked before anything is unpacked, entities are never resolved, nothing is fetched.
The main text, which may be a table of 40,000 rows, is handed out piece by piece and never whole in memory.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml import etree

from cypp_desktop.errors import ImportProblem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"

_LARGEST_FILE = 200_000_000  # bytes of the file on disk; a plan with many pictures stays far below
_LARGEST_PART = 300_000_000  # bytes of one unpacked XML part; a table of 40,000 rows has about 100 million
_LARGEST_RATIO = 1_000  # unpacked to packed; Word's own parts reach about 60
_MOST_PARTS = 20_000

# What a part takes in memory, about, once it is read, and what it may: some for all, and more for each byte.
_BYTES_PER_ELEMENT = 130
_BYTES_PER_ATTRIBUTE = 100
_BYTES_PER_PIECE = 350  # of a paragraph, cell or run
_BYTES_FOR_ALL = 150_000_000
_BYTES_PER_BYTE = 8

Element = Any  # lxml's element type is private


class BodyPiece(NamedTuple):
    """A child of the body of a document; or of a table there (``in_table``), before that table itself comes.

    Its element is empty once the next piece is asked for.
    """

    element: Element
    in_table: bool


class WordPart(NamedTuple):
    """A part of the package with words: what it is to the document, and where its links lead by their ids."""

    kind: str
    data: bytes
    links: dict[str, str]
    name: str = ""


@dataclass(slots=True)
class WordPackage:
    """The XML parts of one document that bear words, numbering or styles; ``main`` is its text, as XML."""

    main: bytes
    styles: Element | None = None
    numbering: Element | None = None
    footnotes: Element | None = None
    endnotes: Element | None = None
    comments: Element | None = None
    headers: list[Element] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    title: str = ""
    parts: list[WordPart] = field(default_factory=list)  # all others with words, as they are stored
    unread: list[str] = field(default_factory=list)  # names of parts that are damaged


def open_package(path: Path) -> WordPackage:
    """The parts of the Word document at ``path``.

    Raises :class:`ImportProblem` with words that say what to do where it is not a readable ``.docx``.
    """
    archive = _archive(_bytes(path))
    with _problems_in_words():
        return _package(archive)


def body_pieces(package: WordPackage) -> Iterator[BodyPiece]:
    """The pieces of the main text in their order, as they are parsed.

    Raises :class:`ImportProblem`, where the text is damaged perhaps after some pieces.
    """
    with _problems_in_words():
        yield from _pieces(package.main)


def _pieces(data: bytes) -> Iterator[BodyPiece]:
    parser = etree.XMLPullParser(events=("end",), tag=_PIECES, **SAFE)
    pieces = 0
    for at in range(0, len(data), _CHUNK):
        parser.feed(data[at : at + _CHUNK])
        found: list[Element] = [element for _, element in parser.read_events()]
        for element in found:
            parent = element.getparent()
            above = None if parent is None else parent.getparent()
            if above is None:
                continue
            in_table = parent.tag == W + "tbl" and above.tag == _BODY
            if not in_table and parent.tag != _BODY:
                continue
            pieces += sum(1 for _ in element.iter(*_COUNTED))
            _refuse_too_many(pieces, len(data))
            yield BodyPiece(element, in_table)
            _empty(element)
    root = parser.close()
    if root.tag != W + "document":
        raise ImportProblem(_DAMAGED)
    _refuse_doctype(root)


def _empty(element: Element) -> None:
    """Let go of all that an element holds, and of all before it."""
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]


@contextmanager
def _problems_in_words() -> Iterator[None]:
    """Says what is wrong with a file as a file. Raises ImportProblem."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError) as problem:
        raise ImportProblem(_DAMAGED) from problem
    except MemoryError as problem:
        raise ImportProblem(NO_MEMORY) from problem
    except RuntimeError as problem:  # zipfile's word for an encrypted entry
        raise ImportProblem(_PASSWORD) from problem
    except (etree.XMLSyntaxError, UnicodeDecodeError, ValueError) as problem:
        is_memory = getattr(problem, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY
        raise ImportProblem(NO_MEMORY if is_memory else _DAMAGED) from problem


_DAMAGED = (
    "This Word document is damaged or was cut short in copying. Ask for it again, or open it in Word, "
    "let Word repair it, save it as .docx and import that."
)
NO_MEMORY = (
    "There is not enough memory free on this computer to read this Word document. Nothing is wrong with it: "
    "close other programs and import it again."
)
_PASSWORD = (
    "This Word document is protected by a password. Open it in Word, take the password off "
    "(File, Info, Protect Document), save it and import it again."
)
_OLD_WORD = (
    "This is an old Word document (.doc). Open it in Word or LibreOffice, save it as "
    "Word document (.docx) and import that."
)
_TOO_LARGE = (
    "This Word document unpacks to far more than a plan could hold, which a damaged or harmful file does. "
    "If you trust it, copy its text into a new Word document and import that."
)
_DOCTYPE = (
    "A part of this Word document begins with a document type (DOCTYPE), which Word never writes and harmful "
    "files use to bring in other files. If you trust it, open it in Word, save it as .docx and import that."
)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ImportProblem("This is a folder. Choose the Word document (.docx) in it.")
        if path.stat().st_size > _LARGEST_FILE:
            raise ImportProblem(_TOO_LARGE)
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise ImportProblem("There is no file at this place. It may have been moved or renamed.") from problem
    except OSError as problem:
        raise ImportProblem(
            "The file cannot be read. Close it in other programs and check that you may open it."
        ) from problem


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _archive(data: bytes) -> zipfile.ZipFile:
    if not data:
        raise ImportProblem("This file is empty. Ask for it again.")
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise ImportProblem(_PASSWORD if encrypted else _OLD_WORD)
    if data.startswith(b"PK"):
        try:
            return zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
            raise ImportProblem(_DAMAGED) from problem
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    save_as = "Open it in Word, save it as Word document (.docx) and import that."
    if start.startswith(b"%pdf"):
        raise ImportProblem("This is a PDF, not a Word document. Ask for the Word document (.docx).")
    if start.startswith(b"{\\rtf"):
        raise ImportProblem(f"This is a rich text file (RTF). {save_as}")
    if start.startswith((b"<html", b"<!doctype html", b"<?xml", b"mime-version")):
        raise ImportProblem(f"This is a web page or XML file. {save_as}")
    raise ImportProblem("This is not a Word document. Choose a file in Word's format (.docx).")


def _package(archive: zipfile.ZipFile) -> WordPackage:
    files = _Files(archive)
    main = _main_part(files)
    package = WordPackage(main=files.unpacked(main))
    read = {main}  # each part is read once, however often it is named
    for relation in _relations(files, main):
        if relation.is_external:
            if relation.kind == "hyperlink":
                package.links[relation.identity] = relation.target
        elif relation.target in files and relation.target not in read:
            read.add(relation.target)
            _take_part(package, files, relation)
    if _CORE in files:
        core = _xml_if_whole(package, files, _CORE)
        title = core.find(_DC_TITLE) if core is not None else None
        package.title = (title.text or "").strip() if title is not None else ""
    return package


_CORE = "docprops/core.xml"
_NOTES = ("footnotes", "endnotes", "comments")
_LOOKS = ("styles", "numbering")
_MARGINS = ("header", "footer")
_INSERTED = ("chart", "chartex", "diagramdata")
CHUNK_KIND = "afchunk"  # a document inside the document, in another format


def _take_part(package: WordPackage, files: _Files, relation: _Relation) -> None:
    """One part that the main text names, if it holds words or says what they look like."""
    kind, target = relation.kind.casefold(), relation.target
    if kind in _LOOKS:
        setattr(package, kind, _xml_if_whole(package, files, target))
    elif kind in _NOTES:
        setattr(package, kind, files.xml(target))
    elif kind in _MARGINS:
        root = _xml_if_whole(package, files, target)
        if root is None:
            return
        package.headers.append(root)
    elif kind in _INSERTED:
        if _xml_if_whole(package, files, target) is None:
            return
    elif kind == CHUNK_KIND:
        package.parts.append(WordPart(kind, files.data(target), {}, target))
        return
    else:
        return
    if kind not in _LOOKS:
        links = {one.identity: one.target for one in _relations(files, target) if one.is_external}
        package.parts.append(WordPart(kind, files.unpacked(target), links, target))


def _xml_if_whole(package: WordPackage, files: _Files, part: str) -> Element | None:
    """A part that the text can do without; None where it is damaged, which ``unread`` then says."""
    try:
        return files.xml(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as problem:
        _reraise_no_memory(problem)
    except etree.XMLSyntaxError as problem:
        _reraise_no_memory(problem)
    package.unread.append(part)
    return None


def _reraise_no_memory(problem: Exception) -> None:
    if getattr(problem, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
        raise problem


class _Files:
    """The files in the archive by their names, which do not mind case, kind of stroke or encoding."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names: dict[str, zipfile.ZipInfo] = {}
        listed = archive.infolist()
        if len(listed) > _MOST_PARTS:
            raise ImportProblem(_TOO_LARGE)
        for info in listed:
            self.names.setdefault(_plain_name(info.filename), info)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def data(self, part: str) -> bytes:
        """A part as it is stored."""
        info = self.names[part]
        if info.file_size > _LARGEST_PART or (
            info.file_size > 1_000_000 and info.file_size > _LARGEST_RATIO * max(info.compress_size, 1)
        ):
            raise ImportProblem(_TOO_LARGE)
        return self._archive.read(info)

    def unpacked(self, part: str) -> bytes:
        """A part as XML, with the namespaces that everybody writes."""
        data = self.data(part)
        if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:  # Word never writes one
            raise ImportProblem(_DOCTYPE)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        _refuse_too_dense(data)
        return data

    def xml(self, part: str) -> Element:
        """A part as XML, parsed."""
        data = self.unpacked(part)
        root: Element = etree.fromstring(data, etree.XMLParser(**SAFE))
        _refuse_doctype(root)
        _refuse_too_many(sum(1 for _ in root.iter(*_COUNTED)), len(data))
        return root


def _plain_name(name: str) -> str:
    """The name of a part in one spelling."""
    return posixpath.normpath("/" + unquote(name).replace("\\", "/")).lstrip("/").casefold()


def _main_part(files: _Files) -> str:
    """The name of the part with the document's text. Raises ImportProblem where there is none."""
    named = _named_main_part(files)
    if named is not None and named.split("/")[0] not in ("xl", "ppt"):
        return named
    if "word/document.xml" in files:
        return "word/document.xml"
    if "mimetype" in files or any(name.startswith(("xl/", "ppt/")) for name in files.names):
        raise ImportProblem(
            "This is an office document, but not a Word document (.docx). "
            "Open it in its own program, save it as .docx and import that."
        )
    if not files.names or "[content_types].xml" in files:
        raise ImportProblem(_DAMAGED)
    raise ImportProblem("This is a zip file, not a Word document. Unpack it and import the .docx in it.")


def _named_main_part(files: _Files) -> str | None:
    """The first part of the package that it names as its document, of whatever program."""
    for relation in _relations(files, ""):
        is_document = relation.kind == "officeDocument" and not relation.is_external
        if is_document and relation.target in files:
            return relation.target
    return None


class _Relation(NamedTuple):
    """What one part is to another; ``target`` is a part's name, or an address outside."""

    kind: str
    target: str
    identity: str
    is_external: bool


def _relations(files: _Files, part: str) -> list[_Relation]:
    """The relations of a part; none where their list is damaged."""
    folder, name = posixpath.split(part)
    place = posixpath.join(folder, "_rels", f"{name}.rels")
    if place not in files:
        return []
    try:
        root = files.xml(place)
    except etree.XMLSyntaxError as problem:
        _reraise_no_memory(problem)
        return []
    found = []
    for relation in root.iter(_RELATION):
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        target = relation.get("Target", "")
        is_external = relation.get("TargetMode", "").casefold() == "external"
        if not is_external:
            target = _target(folder, target)
        found.append(_Relation(kind, target, relation.get("Id", ""), is_external))
    return found


def _target(folder: str, target: str) -> str:
    """The name of the part that a relation of a part in ``folder`` leads to."""
    return _plain_name(posixpath.join("/" + folder, unquote(target).replace("\\", "/")))


# The namespaces of Word's "strict" variant of the format, and the ones that everybody writes.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


_BODY = W + "body"
#: What may stand in a body or a table there and hold words, if perhaps in a wrapper.
_PIECES = (
    *(W + name for name in ("p", "tbl", "tr", "sdt", "customXml", "ins", "moveTo", "smartTag", "bdo", "dir")),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
)
_COUNTED = (W + "p", W + "tc", W + "r")
_CHUNK = 1 << 16
#: How any XML of a package is parsed.
SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def _refuse_doctype(root: Element) -> None:
    """Refuse one that stands further down, or in another encoding."""
    if root.getroottree().docinfo.doctype:
        raise ImportProblem(_DOCTYPE)


def _refuse_too_many(pieces: int, size: int) -> None:
    """Refuse a part of so many bytes that has so many paragraphs, cells and runs."""
    if pieces * _BYTES_PER_PIECE > _BYTES_FOR_ALL + _BYTES_PER_BYTE * size:
        raise ImportProblem(_TOO_LARGE)


def _refuse_too_dense(data: bytes) -> None:
    """Refuse a part that is hardly more than elements: in memory it takes many times its size."""
    elements = data.count(b"<") - data.count(b"</")
    needed = _BYTES_PER_ELEMENT * elements + _BYTES_PER_ATTRIBUTE * data.count(b"=")
    if needed > _BYTES_FOR_ALL + _BYTES_PER_BYTE * len(data):
        raise ImportProblem(_TOO_LARGE)
