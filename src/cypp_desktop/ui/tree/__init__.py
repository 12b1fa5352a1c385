"""The tree of the plan: what it holds, how it is filtered, shown and edited.

``nodes``, ``filter``, ``changes`` and ``edits`` know no Qt. ``model`` gives the nodes to Qt, and ``roles``
says what Qt shows of one. ``tree_view`` and ``delegate`` show them, ``row_commands`` and ``actions`` are what
can be done with them, and ``plan_tree`` is all of it.

Until a plan is attached for editing, nothing here loads the mapped classes.
"""

from __future__ import annotations

from cypp_desktop.ui.tree.plan_tree import PlanTree

__all__ = ["PlanTree"]
