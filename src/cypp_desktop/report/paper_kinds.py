"""The papers, sizes of text and kinds of files that there are. Imports nothing, so that all may ask it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final


class PaperSize(StrEnum):
    """A paper by its name."""

    A4 = "A4"
    A3 = "A3"
    LETTER = "Letter"


#: The smallest and the largest text, in points: below, nobody reads it; above, no column holds a word.
SIZE_LIMITS: Final = (6.0, 24.0)
#: Large print, as public bodies offer it, begins here.
LARGE_PRINT: Final = 12.0


class FileKind(StrEnum):
    """What a print can be written as."""

    PDF = ".pdf"
    WEB_PAGE = ".html"
    WORD = ".docx"

    @classmethod
    def of(cls, path: Path) -> FileKind:
        """What the name of a file asks for; a PDF where it asks for nothing else."""
        ending = path.suffix.lower()
        if ending in (".html", ".htm"):
            return cls.WEB_PAGE
        return cls.WORD if ending == ".docx" else cls.PDF
