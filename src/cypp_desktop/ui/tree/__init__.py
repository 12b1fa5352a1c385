"""The tree of the plan: what it holds, how it is filtered, shown and edited.

``nodes``, ``filter``, ``changes`` and ``edits`` know no Qt; ``model`` gives the nodes to Qt; ``tree_view``,
``delegate``, ``actions`` and ``view`` show them. Until a plan is attached for editing, nothing here loads
the mapped classes.
"""

from __future__ import annotations

from cypp_desktop.ui.tree.view import PlanTree

__all__ = ["PlanTree"]
