"""Fonts put into a file, with what each of their codes says.

ReportLab embeds the glyphs; its tables of characters name codes without a character and cannot say those
beyond U+FFFF, which PDF/A and PDF/UA do not allow. Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cypp_desktop.report.pdf.fonts import meaning

_IN_ONE_BLOCK = 100  # more entries in one are not allowed


def add_font(document: Any, font: Any) -> None:
    """Adds a font with all its subsets to ReportLab's document."""
    subsets = [list(subset) for subset in font.state[document].subsets]
    before = set(document.idToObject)
    font.addObjects(document)
    tables = [
        name for name in document.idToObject if name.startswith("toUnicodeCMap:") and name not in before
    ]
    for name, subset in zip(tables, subsets, strict=True):
        document.idToObject[name].content = _to_unicode(font.fontName, subset)


def _to_unicode(font: str, subset: Sequence[int]) -> str:
    """The table from the codes of a subset to what they say."""
    said = [(at, meaning(font, code)) for at, code in enumerate(subset) if code]
    entries = [f"<{at:02X}> <{text.encode('utf-16-be').hex().upper()}>" for at, text in said if text]
    blocks = []
    for start in range(0, len(entries), _IN_ONE_BLOCK):
        block = entries[start : start + _IN_ONE_BLOCK]
        blocks.append(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{''.join(blocks)}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
