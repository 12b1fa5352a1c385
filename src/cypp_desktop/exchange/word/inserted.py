"""Words of what is put into a Word document from elsewhere: charts, diagrams, whole documents."""

from __future__ import annotations

import email
import io
import re
import zipfile
from email.policy import default as mail_policy

from lxml import etree

from cypp_desktop.exchange.word.package import SAFE, Element, W, WordPart

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_LARGEST = 20_000_000  # bytes of a document inside the document, unpacked


def drawn_texts(data: bytes) -> list[str]:
    """The lines of a chart or diagram: its texts, and the names and values that a chart shows."""
    root: Element = etree.fromstring(data, etree.XMLParser(**SAFE))
    found: list[str] = []
    paragraph: object = None
    for element in root.iter(_DRAWN + "p", _DRAWN + "t", _CHART + "v"):
        run = element.getparent()
        above = None if run is None else run.getparent()
        if element.tag == _DRAWN + "p":
            paragraph = element
            found.append("")
        elif element.tag == _DRAWN + "t" and above is paragraph and above is not None:
            found[-1] += element.text or ""
        else:
            found.append(element.text or "")
    return [line for line in dict.fromkeys(found) if line.strip()]


def chunk_text(part: WordPart) -> str | None:
    """The words of a document inside the document; None where its format is not one that is read."""
    data = part.data
    if len(data) > _LARGEST:
        return None
    if data.startswith(b"PK"):
        return _text_of_document(data)
    if data.lstrip()[:5].lower() == b"{\\rtf":
        return None
    head = data[:2000].lower()
    if b"mime-version" in head:
        return _text_of_mail(data)
    if part.name.endswith((".htm", ".html", ".xhtml", ".xht")) or b"<html" in head or b"<body" in head:
        return _text_of_page(_decoded(data))
    return _decoded(data) if part.name.endswith(".txt") else None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _text_of_page(source: str) -> str:
    """The words of HTML, one paragraph a line."""
    source = re.sub(r"^\s*<\?xml[^>]*>", "", source)
    try:
        root = etree.fromstring(source, etree.HTMLParser(no_network=True, remove_comments=True))
    except (etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    etree.strip_elements(root, "script", "style", "title", with_tail=False)
    for block in root.iter("p", "div", "tr", "li", "br", "td", "th", "h1", "h2", "h3", "h4"):
        block.tail = "\n" + (block.tail or "")
    lines = "".join(map(str, root.itertext())).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _text_of_mail(data: bytes) -> str:
    """The words of a web page that is stored as a mail (MHT)."""
    message = email.message_from_bytes(data, policy=mail_policy)
    found: list[str] = []
    for one in message.walk():
        if one.get_content_maintype() == "text":
            text = one.get_content()
            found.append(_text_of_page(text) if one.get_content_subtype() == "html" else text)
    return "\n".join(found)


def _text_of_document(data: bytes) -> str | None:
    """The words of a Word document's body."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("word/document.xml")
            if info.file_size > _LARGEST:
                return None
            root = etree.fromstring(archive.read(info), etree.XMLParser(**SAFE))
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, etree.XMLSyntaxError):
        return None
    lines = ["".join(text.text or "" for text in para.iter(W + "t")) for para in root.iter(W + "p")]
    return "\n".join(line for line in lines if line.strip())
