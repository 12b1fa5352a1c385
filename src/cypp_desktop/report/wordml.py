"""Pieces of WordprocessingML, and a Word file's own settings: styles, numberings, sections.

What ``word`` puts a file together from. Knows nothing of papers but their setup.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from cypp_desktop.report.characters import sayable
from cypp_desktop.report.paper import PageSetup
from cypp_desktop.report.paper_kinds import LARGE_PRINT, PaperSize

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: Paper upright, in points.
_PAPERS: Final = {
    PaperSize.A4: (595.3, 841.9),
    PaperSize.A3: (841.9, 1190.55),
    PaperSize.LETTER: (612.0, 792.0),
}
SIDE, _TOP, _FOOT = 40.0, 50.0, 48.0  # margins, in points
ACCENT, SHADE = "1C406B", "E6EDF5"
_FONT = "Arial"
#: The numbering of bulleted lists; each numbered list has one of its own after it.
BULLETS = 1
LEVELS = 9
STEP = 260  # twentieths of a point that each level of a list is set in


TAB: Final = "<w:r><w:tab/></w:r>"
CLOSE: Final = '<w:spacing w:before="0" w:after="0"/>'


class RunMark(StrEnum):
    """What marks words that came in or were taken out."""

    UNDERLINED = '<w:u w:val="single"/>'
    STRUCK_OUT = "<w:strike/>"


def paragraph(runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>" if properties else f"<w:p>{runs}</w:p>"


def run(
    words: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float | None = None,
    colour: str | None = None,
    mark: RunMark | None = None,
) -> str:
    """Words of one style; line ends in them are line ends there."""
    if not words:
        return ""
    properties = "".join(_run_properties(bold, italic, size, colour, mark))
    if properties:
        properties = f"<w:rPr>{properties}</w:rPr>"
    lines = map(_line, sayable(words).split("\n"))
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"


def _line(words: str) -> str:
    return f'<w:t xml:space="preserve">{escape(words)}</w:t>' if words else ""


def _run_properties(
    bold: bool, italic: bool, size: float | None, colour: str | None, mark: RunMark | None
) -> Iterator[str]:
    """What a run's words look like, in the order that the schema has."""
    if bold:
        yield "<w:b/>"
    if italic:
        yield "<w:i/>"
    if mark is RunMark.STRUCK_OUT:
        yield mark
    if colour:
        yield f'<w:color w:val="{colour}"/>'
    if size:
        yield f'<w:sz w:val="{round(2 * size)}"/>'
    if mark is RunMark.UNDERLINED:
        yield mark


def run_size(size: float) -> str:
    return f'<w:rPr><w:sz w:val="{round(2 * size)}"/></w:rPr>'


def field(code: str, shown: str = "1") -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def tabs(width: float) -> str:
    middle, right = round(width * 10), round(width * 20)
    return (
        '<w:tabs><w:tab w:val="clear" w:pos="4680"/><w:tab w:val="clear" w:pos="9360"/>'
        f'<w:tab w:val="center" w:pos="{middle}"/><w:tab w:val="right" w:pos="{right}"/></w:tabs>'
    )


def edges_of(shares: Sequence[float], width: float) -> list[float]:
    whole = sum(shares)
    edges = [0.0]
    for share in shares:
        edges.append(edges[-1] + share * width / whole)
    return edges


def page_size(setup: PageSetup) -> tuple[float, float]:
    width, height = _PAPERS[setup.paper]
    return (height, width) if setup.landscape else (width, height)


# ---------------------------------------------------------------------------------- the file's own settings


def set_up(section: Section, setup: PageSetup) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    width, height = page_size(setup)
    section.orientation = WD_ORIENT.LANDSCAPE if setup.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.left_margin = section.right_margin = Pt(SIDE)
    section.top_margin, section.bottom_margin = Pt(_TOP), Pt(_FOOT)
    section.header_distance = section.footer_distance = Pt(22)


def dress(document: Document, size: float) -> None:
    """The styles: one font, our colours, no theme fonts, British English; ``size`` is that of the text."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    factor = max(size, 10.0) / 10.0
    edge = min(size, 14.0) if size >= LARGE_PRINT else 8.0
    sizes = {"Header": edge, "Footer": edge, "Normal": 10.0 * factor, "Title": 18.0 * factor}
    headings = (15.0, 12.5, 11.0, 10.5, 10.0, 10.0)
    sizes |= {f"Heading {level}": points * factor for level, points in enumerate(headings, 1)}
    for name, points in sizes.items():
        style: Any = styles[name]
        style.font.name, style.font.size = _FONT, Pt(round(2 * points) / 2)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        if name.startswith(("Heading", "Title")):
            style.font.color.rgb = RGBColor.from_string(ACCENT)
            style.font.bold, style.font.italic = True, False
            style.paragraph_format.keep_with_next = True
            for border in style.element.iter(qn("w:pBdr")):
                border.getparent().remove(border)
                break
    normal: Any = styles["Normal"]
    normal.paragraph_format.space_after = Pt(3)
    normal.paragraph_format.line_spacing = 1.08
    for level in (1, 2):
        entry: Any = styles.add_style(f"TOC {level}", WD_STYLE_TYPE.PARAGRAPH)
        entry.base_style = normal
        entry.paragraph_format.left_indent = Pt(14 * (level - 1))
    title: Any = styles.add_style("Contents Title", WD_STYLE_TYPE.PARAGRAPH)
    title.base_style = normal
    title.font.size, title.font.bold = Pt(round(30 * factor) / 2), True
    title.font.color.rgb = RGBColor.from_string(ACCENT)


def bring_fields_up_to_date(document: Document) -> None:
    """Has Word work out page numbers when the file is opened, for nobody else knows its pages."""
    from docx.oxml import parse_xml

    wanted = parse_xml(f'<w:updateFields xmlns:w="{WORD}" w:val="true"/>')
    document.settings.element.find(f"{{{WORD}}}compat").addprevious(wanted)  # the schema has an order


def number_lists(document: Document, starts: Sequence[int]) -> None:
    """The numberings that the lists use: the bullets, and one for each numbered list."""
    from docx.oxml import parse_xml

    numbering = document.part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    for number, kind in ((0, "bullet"), (1, "decimal")):
        levels = "".join(_level(at, kind) for at in range(LEVELS))
        numbering.append(
            parse_xml(
                f'<w:abstractNum xmlns:w="{WORD}" w:abstractNumId="{number}">'
                f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}</w:abstractNum>'
            )
        )
    numbering.append(
        parse_xml(f'<w:num xmlns:w="{WORD}" w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>')
    )
    for at, start in enumerate(starts, BULLETS + 1):
        first = "".join(
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            for level in range(LEVELS)
        )
        numbering.append(
            parse_xml(f'<w:num xmlns:w="{WORD}" w:numId="{at}"><w:abstractNumId w:val="1"/>{first}</w:num>')
        )


def _level(at: int, kind: str) -> str:
    if kind == "bullet":
        shown, font = "•–"[min(at, 1)], f'<w:rPr><w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}"/></w:rPr>'
    else:
        shown, font = f"%{at + 1}.", ""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shown}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{(at + 1) * STEP}" w:hanging="{STEP}"/></w:pPr>'
        f"{font}</w:lvl>"
    )


def undated(data: bytes) -> bytes:
    """The same file without the time at which it was packed."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            out.writestr(info, source.read(name))
    return packed.getvalue()
