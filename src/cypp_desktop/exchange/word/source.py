"""A source document as its reader hands it on: what it says, with the wrappings of its format taken off.

Each reader of a format makes one; all that is understood of a plan is understood of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from cypp_desktop.exchange.last_look import SourcePiece
from cypp_desktop.exchange.word.content import Content


def _no_pieces(with_places: bool) -> Iterable[SourcePiece]:
    return ()


@dataclass(slots=True)
class SourceDocument:
    """Paragraphs and tables in reading order, the lines of headers and footers, and what is to be told.

    ``title`` is the one among the document's properties. ``hidden`` are words that the page does not show.
    ``pieces`` gives all that is written there, with or without its places, as the last look counts it, and
    ``unread`` names the parts that could not be read. ``program`` is where it was written, for a sentence.
    """

    content: list[Content]
    title: str = ""
    margins: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    pieces: Callable[[bool], Iterable[SourcePiece]] = _no_pieces
    unread: list[str] = field(default_factory=list)
    program: str = "Word"
