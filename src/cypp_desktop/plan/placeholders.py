"""Words that hold a place until there is content: counted and listed, never treated as content."""

from __future__ import annotations

import re

_WHOLE = re.compile(
    r"(?:t\.?b\.?[cda]\.?|to (?:be|follow)\b.{0,80}|awaiting\b.{0,80}|not yet\b.{0,60}"
    r"|placeholder\b.*|n/?k|\?+|x{2,})",
    re.IGNORECASE | re.DOTALL,
)
#: Such a text begins with one of these letters, signs aside. Most texts are told by that.
_BEGINNING = re.compile(r"[*_\\\s.\-–:()\[\]]*[tanpx?]", re.IGNORECASE)


def is_placeholder(words: str | None) -> bool:
    """Whether a text only holds a place: "TBC", "To be confirmed once …", "Placeholder for …"."""
    if not words or not _BEGINNING.match(words):
        return False
    return bool(_WHOLE.fullmatch(re.sub(r"[*_\\\s]+", " ", words).strip(" .-–:()[]")))
