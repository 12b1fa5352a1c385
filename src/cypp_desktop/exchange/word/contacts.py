"""Contact details beside the names in a cell of leads: e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EMAIL = r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
_PHONE = (
    r"(?:\+44\s?(?:\(0\)\s?)?|\(?0)\d{2,5}\)?(?:[\s-]?\d{3,4}){1,3}(?!\d)(?:\s?(?:ext?n?\.?|x)\s?\d{2,6})?"
)
_LABEL = (
    r"(?:(?:e-?mail|telephone|tel|phone|mobile|mob|contact|[etm])\.?(?: no\.?| number| address)?\s*:?\s+"
    r"|(?:e-?mail|tel|[etm])\s*:\s*)?"
)
_CONTACT = re.compile(rf"(?<![\w@.])\(?\s*{_LABEL}(?:(?P<email>{_EMAIL})|(?P<phone>{_PHONE}))\s*\)?", re.I)
_LONGEST_LINE = 1_000  # letters; a longer line is a text, not names


@dataclass(frozen=True, slots=True)
class Contacts:
    """The e-mail addresses and telephone numbers of one line, as printed, and what else the line says."""

    rest: str
    emails: list[str]
    phones: list[str]


def contacts_in(line: str) -> Contacts:
    """The contact details of a line of leads, and the line without them."""
    emails: list[str] = []
    phones: list[str] = []
    if len(line) > _LONGEST_LINE or not ("@" in line or re.search(r"\d{3}", line)):
        return Contacts(line, emails, phones)
    kept: list[str] = []
    end = 0
    for found in _CONTACT.finditer(line):
        kept.append(line[end : found.start()].rstrip(" ,;:–—-|"))
        end = found.end()
        if found["email"]:
            emails.append(found["email"])
        else:
            phones.append(" ".join(found["phone"].split()))
    kept.append(line[end:].lstrip(" ,;:–—-|") if emails or phones else line)
    return Contacts(" ".join(part for part in kept if part), emails, phones)
