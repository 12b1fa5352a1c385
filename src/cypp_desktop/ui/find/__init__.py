"""Find: where words, a lead or a state occur in the whole plan, as a list that leads there.

What is found is the matter of :mod:`cypp_desktop.plan.search`; this is how it is asked for and shown.
"""

from __future__ import annotations

from cypp_desktop.ui.find.panel import FindPanel

__all__ = ["FindPanel"]
