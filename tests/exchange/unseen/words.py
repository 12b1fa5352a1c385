"""Word's own XML by small functions, for documents that no part of the import was written from.

A text is a plain string and becomes a run; what is already XML is an :class:`X` and stays as it is. A
newline in a text is a line break, a tab a tab. :func:`write_docx` packs a body and its parts into a file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" mc:Ignorable="w14"'
)
BY = 'w:id="7" w:author="R. Ferris" w:date="2018-01-08T09:00:00Z"'


Levels = Sequence[tuple[str, str, str]]  # form, text and font of each level of a list


class X(str):
    """A string that is XML already."""


def _inner(words: str) -> str:
    bits = []
    for n, line in enumerate(words.split("\n")):
        if n:
            bits.append("<w:br/>")
        for m, part in enumerate(line.split("\t")):
            if m:
                bits.append("<w:tab/>")
            if part:
                bits.append(f'<w:t xml:space="preserve">{escape(part)}</w:t>')
    return "".join(bits)


def run(words: str, marks: str = "") -> X:
    """A run; ``marks`` are names of on/off properties: ``"b i"``."""
    properties = "".join(f"<w:{name}/>" for name in marks.split())
    return X(f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{_inner(words)}</w:r>")


def bold(words: str) -> X:
    return run(words, "b")


def italic(words: str) -> X:
    return run(words, "i")


def shattered(words: str) -> X:
    """The words in many runs, as Word leaves them after editing and spell checking."""
    sizes, at, bits = (3, 1, 7, 2, 11, 5), 0, []
    for n in range(len(words)):
        size = sizes[n % len(sizes)]
        if at >= len(words):
            break
        bits.append(run(words[at : at + size]) + '<w:proofErr w:type="spellStart"/>')
        at += size
    return X("".join(bits))


def _runs(parts: Iterable[str]) -> str:
    return "".join(part if isinstance(part, X) else run(part) for part in parts)


def para(*parts: str, style: str = "", props: str = "") -> X:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{props}</w:pPr>" if named or props else ""
    return X(f"<w:p>{properties}{_runs(parts)}</w:p>")


def heading(words: str, level: int = 1) -> X:
    return para(words, style=f"Heading{level}")


def numbered_by_word(list_id: int, *parts: str, level: int = 0, style: str = "") -> X:
    """A paragraph whose number or bullet stands in numbering.xml only."""
    props = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return para(*parts, style=style, props=props)


def bullet(*parts: str, level: int = 0) -> X:
    return numbered_by_word(1, *parts, level=level)


def typed(*lines: str) -> list[X]:
    return [para(line) for line in lines]


def inserted(*parts: str) -> X:
    return X(f"<w:ins {BY}>{_runs(parts)}</w:ins>")


def deleted(words: str) -> X:
    return X(f'<w:del {BY}><w:r><w:delText xml:space="preserve">{escape(words)}</w:delText></w:r></w:del>')


def moved_from(words: str) -> X:
    return X(f"<w:moveFrom {BY}>{run(words)}</w:moveFrom>")


def moved_to(words: str) -> X:
    return X(f"<w:moveTo {BY}>{run(words)}</w:moveTo>")


def mark_deleted(*parts: str) -> X:
    """A paragraph whose end mark is deleted: it runs on into the next."""
    return para(*parts, props=f"<w:rPr><w:del {BY}/></w:rPr>")


def control(content: str, kind: str = "<w:text/>") -> X:
    """A content control around what is given, in a line or around paragraphs, cells or rows."""
    inside = content if isinstance(content, X) else run(content)
    return X(f"<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>")


def field_words(instruction: str, result: str) -> X:
    code = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    marks = [f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end")]
    return X(f"{marks[0]}{code}{marks[1]}{run(result)}{marks[2]}")


def simple_field(instruction: str, result: str) -> X:
    return X(f'<w:fldSimple w:instr="{escape(instruction)}">{run(result)}</w:fldSimple>')


def link(words: str) -> X:
    return X(f'<w:hyperlink r:id="rIdLink">{run(words)}</w:hyperlink>')


def foot(number: int) -> X:
    return X(
        f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
    )


def symbol(char: str = "F0B7", font: str = "Symbol") -> X:
    return X(f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>')


def text_box(*paragraphs: str) -> X:
    """A text box, which Word writes twice: once for now and once for old readers."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    now = (
        '<w:drawing><wp:anchor><a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx>'
        f"{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    old = f"<w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"
    return X(
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{now}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def commented(number: int, *parts: str) -> X:
    reference = f'<w:r><w:commentReference w:id="{number}"/></w:r>'
    start, end = f'<w:commentRangeStart w:id="{number}"/>', f'<w:commentRangeEnd w:id="{number}"/>'
    return X(f"{start}{_runs(parts)}{end}{reference}")


DOWN = "<w:vMerge/>"
FIRST = '<w:vMerge w:val="restart"/>'


def cell(content: str | Sequence[str] = "", *, span: int = 1, props: str = "") -> X:
    """A cell of paragraphs; a plain string is one. ``props`` holds FIRST or DOWN for a merge downwards."""
    items = [content] if isinstance(content, str) else list(content)
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    inside = "".join(i if i.startswith(("<w:p>", "<w:p ", "<w:tbl", "<w:sdt")) else para(i) for i in items)
    if not inside or inside.endswith("</w:tbl>"):
        inside += "<w:p/>"
    return X(f'<w:tc><w:tcPr><w:tcW w:w="2400" w:type="dxa"/>{wide}{props}</w:tcPr>{inside}</w:tc>')


def first(content: str | Sequence[str]) -> X:
    return cell(content, props=FIRST)


def down() -> X:
    return cell("", props=DOWN)


def row(*cells: str | Sequence[str], props: str = "") -> X:
    inside = "".join(c if isinstance(c, X) and c.startswith(("<w:tc>", "<w:sdt")) else cell(c) for c in cells)
    return X(f"<w:tr>{f'<w:trPr>{props}</w:trPr>' if props else ''}{inside}</w:tr>")


def head(*titles: str, repeat: bool = True) -> X:
    return row(*(cell(bold(t)) for t in titles), props="<w:tblHeader/>" if repeat else "")


def table(*rows: str, widths: Sequence[int] = (2400, 2400, 2400, 2400)) -> X:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return X(
        '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def section_break(landscape: bool = True) -> X:
    size = (
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        if landscape
        else '<w:pgSz w:w="11906" w:h="16838"/>'
    )
    return para(props=f"<w:sectPr>{size}</w:sectPr>")


PAGE_BREAK = X('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')


def _level(at: int, form: str, text: str, font: str = "") -> str:
    face = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:pPr><w:ind w:left="{360 * (at + 1)}" w:hanging="360"/></w:pPr>{face}</w:lvl>'
    )


BULLETS = (("bullet", "\uf0b7", "Symbol"), ("bullet", "o", "Courier New"), ("bullet", "\uf0a7", "Wingdings"))
NUMBERS = (("decimal", "%1.", ""), ("lowerLetter", "%2)", ""), ("lowerRoman", "%3.", ""))


def _numbering(lists: Mapping[int, Levels]) -> str:
    forms = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:multiLevelType w:val="multilevel"/>'
        + "".join(_level(at, *level) for at, level in enumerate(levels))
        + "</w:abstractNum>"
        for n, levels in lists.items()
    )
    uses = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in lists)
    return f"<w:numbering {_SPACES}>{forms}{uses}</w:numbering>"


_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr>'
        "<w:rPr><w:b/></w:rPr></w:style>"
        for n in (1, 2, 3)
    )
    + '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/>'
    '<w:basedOn w:val="Normal"/></w:style>'
)


@dataclass
class Parts:
    """What a document holds beside its body: texts by the number that the body refers to."""

    header: str = ""
    footer: str = ""
    footnotes: dict[int, str] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    lists: Mapping[int, Levels] = field(default_factory=dict)
    styles: str = ""


def write_docx(path: Path, body: Iterable[str], parts: Parts | None = None) -> Path:
    """Pack ``body`` (paragraphs and tables) into a Word document at ``path``."""
    parts = parts or Parts()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    files, kinds = _extra_parts(parts)
    ends = "".join(
        f'<w:{kind}Reference w:type="default" r:id="rId{kind}"/>'
        for kind in ("header", "footer")
        if kind in kinds
    )
    files["document"] = (
        f"<w:document {_SPACES}><w:body>{''.join(body)}"
        f'<w:sectPr>{ends}<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
        "</w:body></w:document>"
    )
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" '
        f'ContentType="{main}{name.replace("document", "document.main")}+xml"/>'
        for name in files
    )
    links = "".join(f'<Relationship Id="rId{kind}" Type="{R}/{kind}" Target="{kind}.xml"/>' for kind in kinds)
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{R}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        packed.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{relations}">{links}<Relationship Id="rIdLink" Type="{R}/hyperlink" '
            'Target="https://www.example.gov.uk/plan" TargetMode="External"/></Relationships>',
        )
        for name, content in files.items():
            packed.writestr(f"word/{name}.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return path


def _extra_parts(parts: Parts) -> tuple[dict[str, str], list[str]]:
    lists: dict[int, Levels] = {1: BULLETS, 2: NUMBERS, **parts.lists}
    files = {
        "styles": f"<w:styles {_SPACES}>{_STYLES}{parts.styles}</w:styles>",
        "numbering": _numbering(lists),
    }
    if parts.header:
        files["header"] = f"<w:hdr {_SPACES}>{para(parts.header)}</w:hdr>"
    if parts.footer:
        files["footer"] = f"<w:ftr {_SPACES}>{para(parts.footer)}</w:ftr>"
    if parts.footnotes:
        notes = "".join(f'<w:footnote w:id="{n}">{para(t)}</w:footnote>' for n, t in parts.footnotes.items())
        files["footnotes"] = f"<w:footnotes {_SPACES}>{notes}</w:footnotes>"
    if parts.comments:
        notes = "".join(
            f'<w:comment w:id="{n}" w:author="R. Ferris">{para(t)}</w:comment>'
            for n, t in parts.comments.items()
        )
        files["comments"] = f"<w:comments {_SPACES}>{notes}</w:comments>"
    return files, list(files)


DECIMAL = (("decimal", "%1.", ""), ("lowerLetter", "%2)", ""))
Document = tuple[list[X], Parts, list[dict[str, Any]]]


def title(words: str) -> X:
    return para(words, style="Title")


CITY = ["Outcomes", "Performance measures", "Update", "Lead organisation"]
