"""The commands of a person on a plan, each one named step of the editor.

The window and the command line call these; nothing else decides how a row is added, moved, copied
or removed, or what the step is called in the undo menu and the history.
"""

from cypp_desktop.store.commands.fields import set_field, span_columns
from cypp_desktop.store.commands.leads import (
    LeadEntry,
    lead_entry,
    organisation_named,
    person_named,
    set_lead_people,
    set_leads,
    set_organisation,
)
from cypp_desktop.store.commands.places import siblings
from cypp_desktop.store.commands.rows import add_row, delete_rows, duplicate_rows, move_rows
from cypp_desktop.store.commands.texts import set_covered, set_update_text, write_update

__all__ = [
    "LeadEntry",
    "add_row",
    "delete_rows",
    "duplicate_rows",
    "lead_entry",
    "move_rows",
    "organisation_named",
    "person_named",
    "set_covered",
    "set_field",
    "set_lead_people",
    "set_leads",
    "set_organisation",
    "set_update_text",
    "siblings",
    "span_columns",
    "write_update",
]
