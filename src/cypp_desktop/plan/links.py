"""Which addresses of links may be opened: in the window, in prints, in files made from them.

Texts come from outside too. An address that runs something, reads a file of this machine or another, or calls
another program is shown as its words, and never made a link. Pure: knows no plan.
"""

from __future__ import annotations

import re

#: The web: a host, and no backslash, which some programs take for a path to another machine.
_WEB = re.compile(r"https?://[^\s\\/?#\"<>]+(?:[/?#][^\s\\\"<>]*)?", re.IGNORECASE)
#: A mailbox, and of what else such an address can say only what is shown before sending: no attachment.
_MAILBOX = re.compile(
    r"mailto:[^\s\\?\"<>]+(?:\?(?:subject|body|cc)=[^\s\\&\"<>]*(?:&(?:subject|body|cc)=[^\s\\&\"<>]*)*)?",
    re.IGNORECASE,
)


def is_openable(address: str) -> bool:
    """Whether a link leads to the web or to a mailbox, and to nothing else."""
    if not address.isprintable():
        return False
    return bool(_WEB.fullmatch(address) or _MAILBOX.fullmatch(address))
