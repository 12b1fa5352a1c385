"""Words as files can hold them: no control characters, bullets of symbol fonts as bullets, safe links."""

from __future__ import annotations

import re

from cypp_desktop.report.pdf.fonts import clean

#: What XML and HTML do not allow: controls but for tab and line end, half letters, non-characters.
_NOT_ALLOWED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
#: Where symbol fonts keep their bullets and ticks.
_SYMBOLS = re.compile("[\uf000-\uf0ff]")


#: What leads to the web or to a mailbox.
_OPENABLE = re.compile(r"(https?://|mailto:)\S+\Z", re.IGNORECASE)


def is_openable(address: str) -> bool:
    """Whether a link leads to the web or to a mailbox: only those are printed as links."""
    return _OPENABLE.match(address) is not None


def sayable(words: str) -> str:
    """The words without what no such file may hold. Marks of direction stay: screens need them."""
    if words.isascii() and words.isprintable():
        return words
    return _SYMBOLS.sub(lambda found: clean(found[0]), _NOT_ALLOWED.sub("", words.replace("\r", "\n")))
