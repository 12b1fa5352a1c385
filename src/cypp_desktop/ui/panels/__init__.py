"""The panels: every field of every kind of row, editable beside the tree.

``area`` the whole and which panel is shown; ``part`` what all parts share; ``fields``, ``days``,
``texts``, ``lists``, ``links``, ``covers`` the fields; ``inputs``, ``flow``, ``buttons`` the widgets under
them (no plan); ``leads`` and ``people`` who leads; ``update`` and ``updates`` what is written for a round;
``values`` and ``figures`` the table of values; ``rows`` lists with fields beneath; ``pages`` the tabs;
``measure``, ``outcome``, ``priority``, ``action``, ``observation`` and ``single`` the kinds of row.
"""

from cypp_desktop.ui.panels.area import PanelArea

__all__ = ["PanelArea"]
