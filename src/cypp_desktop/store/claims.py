"""What a change from outside says of itself, and what counts instead.

Whoever sends a file controls every byte of it. So of a change that came back in a return (or in a file of
which nothing shows where it is from) the plan takes only what it proposes. All else is set on the way in, by
:mod:`cypp_desktop.merge.gates.claimed`, before anything is asked or kept:

``author``
    the organisation to which the return was sent, with the name that the file gives as one that was said;
``at``
    what it says, where that lies between the sending and the receipt; else the moment of receipt;
``file``, ``step`` and ``id``
    names that follow from what the file says and from the return's own id. So nothing from outside bears a
    name of ours, and the same change comes in under the same name in whatever file of that return, on
    whichever colleague's machine: merging twice is merging once, and copies that merge agree;
``before``
    what the plan said there when the file was received;
``claim``
    what it said of itself, for people to see. That there is one says that the change is from outside.

Only ``at`` depends on when a machine received the file (and ``author`` on what it calls the organisation).
Where two copies of the plan have both, the earlier receipt counts in both once they merge. As an earlier
receipt never makes a moment later, the least of both is what one machine would have said that received the
file first.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from cypp_desktop.plan.signs import cleaned
from cypp_desktop.store.authors import said_name

_LONGEST_NAME: Final = 80
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
#: Of moments outside these years no computer's clock tells, not even one that was never set.
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
#: Signs that would make a name look as if more were said of it than that somebody gave it.
_BRACKETS: Final = str.maketrans("", "", "()[]{}<>")


class Claim(NamedTuple):
    """What a change from outside said of itself: who made it, and when.

    ``issue`` is the id of the return that it came back in; None where nothing shows where it is from.
    """

    issue: str | None
    author: str
    at: str

    def as_text(self) -> str:
        """As the log keeps it."""
        return json.dumps(self._asdict(), ensure_ascii=False)


def claim_of(text: str | None) -> Claim | None:
    """A claim out of the log; None of a change that was made here or in another copy of the plan."""
    return None if text is None else _read(text)


@lru_cache(maxsize=1000)
def _read(text: str) -> Claim:
    if not is_claim(text):  # a damaged file; that the change is from outside is sure
        return Claim(None, "", "")
    return Claim(**json.loads(text))


def is_claim(text: str) -> bool:
    """Whether a text that a copy of the plan holds as a claim is one."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict) or said.keys() != set(Claim._fields):
        return False
    return all(isinstance(value, str) or (name == "issue" and value is None) for name, value in said.items())


@lru_cache(maxsize=1000)
def moment(text: str) -> datetime | None:
    """A moment as a change gives it, in universal time; None where no calendar has it, or no zone is said."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


@lru_cache(maxsize=1000)
def counts_at(said: str, issued: str | None, received: str) -> str:
    """The moment that counts for a change that says ``said``, of a return sent out and received then."""
    at, first, last = moment(said), moment(issued or ""), moment(received)
    if at is None or first is None or last is None or not first <= at <= last:
        return received
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=1000)
def said_by(organisation: str | None, name: str) -> str:
    """Who counts as the author: the organisation, and the name as one that was said."""
    who = organisation or "Unknown sender"
    told = plain_name(said_name(name) or "")
    return f"{who} (said to be by {told})" if told and told != organisation else who


@lru_cache(maxsize=1000)
def plain_name(name: str) -> str:
    """A name that was said, in one short line without signs that nobody sees, and without brackets."""
    words = " ".join(cleaned(name).translate(_BRACKETS).split())
    return words if len(words) <= _LONGEST_NAME else words[: _LONGEST_NAME - 1].rstrip() + "…"
