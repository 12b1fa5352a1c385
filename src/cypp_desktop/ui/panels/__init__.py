"""The panels: every field of every kind of row, editable beside the tree.

``area`` is the whole and chooses the panel that is shown. ``context`` is what all widgets of it share, and
``row_widget`` what each of them does: show a row, follow changes, hand typing over.
``panel_field`` is what all fields do; ``fields``, ``dates``, ``texts``, ``list_field``, ``links`` and
``covered_measures`` are the fields;
``inputs``, ``flow_layout`` and ``buttons`` the widgets under them, which know no plan.
``leads`` and ``people`` say who leads; ``update`` and ``updates`` what is written for a round; ``values``,
``values_table`` and ``value_cells`` are the table of values; ``row_list`` lists rows with fields beneath;
``pages`` are the tabs.
``measure``, ``outcome``, ``priority``, ``action``, ``observation`` and ``simple_panels`` are the kinds of
row.
``reveal_field`` brings one field into sight, ``question_strips`` say where a decision is waited for.
"""

from cypp_desktop.ui.panels.area import PanelArea

__all__ = ["PanelArea"]
