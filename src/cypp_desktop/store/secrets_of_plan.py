"""What only a plan and those who were sent its files know: by it a file that comes back proves what it is.

A plan has one secret, made with it, which every whole copy of it holds and nothing else does: no return, no
print, no plan JSON, no message. Whoever shows it holds a copy of the plan that came from us. From it follows
the key of each return that is sent out, which lies only in that file. Nobody can tell the secret, or the key
of another return, from one of them. So nothing needs to be kept with the issue, and copies of a plan that
merge know each other's keys.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

#: The keys of ``meta`` under which a plan holds its secret, and a return the key of its issue.
SECRET: Final = "secret"
ISSUE_KEY: Final = "issue_key"


def issue_key(secret: str, issue_id: str) -> str:
    """The key of a return that is sent out under this id."""
    return hmac.new(secret.encode(), f"issue {issue_id}".encode(), hashlib.sha256).hexdigest()


def proves_issue(about: Mapping[str, str], secret: str | None, issue_id: str) -> bool:
    """Whether a file that says this of itself was sent out by the plan with this secret, under this id."""
    return bool(secret) and _same(about.get(ISSUE_KEY), issue_key(str(secret), issue_id))


def proves_copy(about: Mapping[str, str], ours: Mapping[str, str]) -> bool:
    """Whether a file that says this of itself is a copy of what says ``ours``, a plan or a return."""
    return any(_same(about.get(key), ours.get(key)) for key in (SECRET, ISSUE_KEY))


def _same(said: str | None, right: str | None) -> bool:
    return bool(said and right) and hmac.compare_digest(str(said).encode(), str(right).encode())
