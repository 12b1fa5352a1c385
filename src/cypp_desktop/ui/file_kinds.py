"""The kinds of file that dialogs offer, as Qt's file dialogs take them."""

from __future__ import annotations

from typing import Final

PLANS: Final = "Plans (*.cypp)"
RETURNS: Final = "Returns (*.cypp-return)"
TO_OPEN: Final = f"Plans and returns (*.cypp *.cypp-return);;{PLANS};;{RETURNS}"
SOURCES: Final = (
    "Word plans and plan JSON (*.docx *.doc *.json);;Word plans (*.docx *.doc);;Plan JSON (*.json)"
)
