"""What a printed file says about itself: metadata, language, colours, the plan's data inside it.

PDF/UA-1 (ISO 14289-1) always, PDF/A-3a (ISO 19005-3) unless asked otherwise: then the file carries its
colour profile and may carry attachments. Knows ReportLab's document; knows nothing of pages or plans.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from hashlib import md5
from html import escape
from typing import Any

from cypp_desktop.report.characters import sayable
from cypp_desktop.report.pdf.file import Raw, reference, stream
from cypp_desktop.report.pdf.structure import pdf_string

# isort: split

_PRODUCER = "CYPP Desktop"
_escaped = partial(escape, quote=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the file: the data from which it was printed. ``modified`` is when that last changed."""

    name: str
    data: bytes
    mime: str = "application/json"
    description: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What a document says of itself. ``language`` is a tag of BCP 47 ("en-GB"), never empty.

    ``archival`` adds what PDF/A-3a asks for and says so; without it there are no attachments' duties.
    """

    title: str
    author: str = ""
    subject: str = ""
    keywords: str = ""
    language: str = "en-GB"
    attachments: tuple[Attachment, ...] = ()
    archival: bool = True


def describe(document: Any, facts: DocumentFacts) -> int:
    """Puts the facts into ReportLab's document; the number of the information object."""
    facts = replace(
        facts,
        title=sayable(facts.title),
        author=sayable(facts.author),
        subject=sayable(facts.subject),
        keywords=sayable(facts.keywords),
    )
    catalog = document.Catalog
    for key in ("AF", "OutputIntents"):
        if key not in catalog.__NoDefault__:
            catalog.__NoDefault__.append(key)  # it writes no entries but those it knows
    catalog.Lang = Raw(pdf_string(facts.language))
    catalog.MarkInfo = Raw(b"<</Marked true>>")
    catalog.ViewerPreferences = Raw(b"<</DisplayDocTitle true>>")
    catalog.Metadata = stream(_xmp(facts), b"/Type/Metadata/Subtype/XML", packed=False)
    if facts.archival:
        profile = reference(document, stream(srgb_profile(), b"/N 3"))
        intent = b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        catalog.OutputIntents = Raw(b"[%b/DestOutputProfile %d 0 R>>]" % (intent, profile))
    if facts.attachments:
        _attach(document, facts.attachments)
    entries = {
        b"Title": facts.title, b"Author": facts.author, b"Subject": facts.subject,
        b"Keywords": facts.keywords, b"Creator": _PRODUCER, b"Producer": _PRODUCER,
    }  # fmt: skip
    words = b"".join(b"/%b%b" % (key, pdf_string(value)) for key, value in entries.items() if value)
    return reference(document, Raw(b"<<%b>>" % words))


def _attach(document: Any, attachments: tuple[Attachment, ...]) -> None:
    numbers = {}
    for attachment in sorted(attachments, key=lambda each: each.name):
        subtype = attachment.mime.replace("/", "#2F").encode()
        digest = md5(attachment.data, usedforsecurity=False).hexdigest().encode()
        params = b"/Size %d/CheckSum<%b>" % (len(attachment.data), digest)
        if attachment.modified is not None:
            params += b"/ModDate(%b)" % f"{attachment.modified:D:%Y%m%d%H%M%S}Z".encode()
        entries = b"/Type/EmbeddedFile/Subtype/%b/Params<<%b>>" % (subtype, params)
        held = reference(document, stream(attachment.data, entries))
        name = pdf_string(attachment.name)
        numbers[name] = reference(
            document,
            Raw(
                b"<</Type/Filespec/F%b/UF%b/Desc%b/AFRelationship/Data/EF<</F %d 0 R/UF %d 0 R>>>>"
                % (name, name, pdf_string(attachment.description), held, held)
            ),
        )
    names = b"".join(b"%b %d 0 R" % each for each in numbers.items())
    document.Catalog.AF = Raw(b"[%b]" % b" ".join(b"%d 0 R" % number for number in numbers.values()))
    document.Catalog.Names = Raw(b"<</EmbeddedFiles<</Names[%b]>>>>" % names)


def _xmp(facts: DocumentFacts) -> bytes:
    """The metadata; the extension schema is there because PDF/A does not know the one of PDF/UA."""
    archival = "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" * facts.archival
    plain = {"pdf:Producer": _PRODUCER, "xmp:CreatorTool": _PRODUCER, "pdf:Keywords": facts.keywords}
    words = "".join(f"<{key}>{_escaped(value)}</{key}>" for key, value in plain.items() if value)
    author = f"<dc:creator><rdf:Seq><rdf:li>{_escaped(facts.author)}</rdf:li></rdf:Seq></dc:creator>"
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
{_alternative("dc:title", facts.title)}{author * bool(facts.author)}
{_alternative("dc:description", facts.subject) * bool(facts.subject)}
<dc:language><rdf:Bag><rdf:li>{_escaped(facts.language)}</rdf:li></rdf:Bag></dc:language>
{words}<pdfuaid:part>1</pdfuaid:part>{archival}
</rdf:Description>
{_EXTENSION * facts.archival}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def _alternative(key: str, text: str) -> str:
    return f'<{key}><rdf:Alt><rdf:li xml:lang="x-default">{_escaped(text)}</rdf:li></rdf:Alt></{key}>'


_EXTENSION = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@cache
def srgb_profile() -> bytes:
    """An ICC profile (version 2.1) of the colours of a screen, from the figures of IEC 61966-2-1.

    Primaries and white are the published ones adapted to D50; the curve has 1,024 points.
    """
    tags = {
        b"desc": b"desc" + bytes(4) + _described("sRGB IEC61966-2.1"),
        b"cprt": b"text" + bytes(4) + b"No copyright, use freely\0",
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(0.4360747, 0.2225045, 0.0139322),
        b"gXYZ": _xyz(0.3850649, 0.7168786, 0.0971045),
        b"bXYZ": _xyz(0.1430804, 0.0606169, 0.7141733),
        b"TRC": b"curv" + bytes(4) + struct.pack(">I1024H", 1024, *(_light(at / 1023) for at in range(1024))),
    }
    names = [b"desc", b"cprt", b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"]
    at = 128 + 4 + 12 * len(names)
    places: dict[bytes, tuple[int, int]] = {}
    data = b""
    for key, value in tags.items():
        places[key] = (at + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    table = struct.pack(">I", len(names)) + b"".join(
        name + struct.pack(">II", *places[name if name in places else b"TRC"]) for name in names
    )
    size = at + len(data)
    head = struct.pack(
        ">I4sI4s4s4s6H4s4sIIIIII3i4s44x",
        size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2000, 1, 1, 0, 0, 0, b"acsp",
        b"\0\0\0\0", 0, 0, 0, 0, 0, 0, *(round(part * 65536) for part in (0.9642, 1.0, 0.8249)), b"\0\0\0\0",
    )  # fmt: skip
    return head + table + data


def _xyz(*parts: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(part * 65536) for part in parts))


def _described(name: str) -> bytes:
    text = name.encode() + b"\0"
    return struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)


def _light(value: float) -> int:
    linear = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return round(linear * 65535)
