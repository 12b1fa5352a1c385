"""A step and its changes as the small HTML that the list of changes shows.

Everything that comes out of a plan is escaped.
"""

from __future__ import annotations

import html

from cypp_desktop.operations.change_words import ONLY_LAYOUT, pieces_of, when_words
from cypp_desktop.plan.differences import ADDED, REMOVED
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.history_words import Said
from cypp_desktop.ui.theme import Colours

_PLACE = "place"


def heading_html(step_name: str, entry: HistoryEntry, colours: Colours) -> str:
    """What a step is called, who made it and when."""
    who = html.escape(f"{entry.author}, {when_words(entry)}")
    name = html.escape(step_name)
    return f'<b>{name}</b> &nbsp;<span style="color:{colours.muted}">{who}</span>'


def change_html(said: Said, place: str, colours: Colours, *, link: bool) -> str:
    """A change: its label and place on one line, the words below it, changed ones marked.

    Words taken out are struck through, those that came in underlined, both beside their colour.
    """
    named = html.escape(place)
    if place and link:
        named = f'<a href="{_PLACE}" style="color:{colours.accent}">{named}</a>'
    label = f'<span style="color:{colours.muted}">{html.escape(said.label)}</span>'
    first = f"{named} &nbsp;{label}" if place else label
    return f'<div>{first}</div><div style="white-space:pre-wrap">{difference_html(said, colours)}</div>'


def difference_html(said: Said, colours: Colours) -> str:
    """The words of a change, those taken out and those that came in marked."""
    if said.removed:
        return "<br/>".join(filter(None, (_marked(said, colours), _removed_html(said, colours))))
    if said.before == said.after:
        return f'<span style="color:{colours.muted}">{ONLY_LAYOUT}</span>'
    return _marked(said, colours)


def _removed_html(said: Said, colours: Colours) -> str:
    """That and why a text was removed for good, apart from the words of the plan."""
    words = html.escape(said.removed).replace("\n", "<br/>")
    return f'<i><span style="color:{colours.muted}">{words}</span></i>'


def _marked(said: Said, colours: Colours) -> str:
    styles = {
        REMOVED: f"color:{colours.red}; text-decoration:line-through",
        ADDED: f"color:{colours.green}; text-decoration:underline",
    }
    shown = []
    before = None
    for piece in pieces_of(said):
        if piece.kind == ADDED and before == REMOVED:
            shown.append("&nbsp;")
        before = piece.kind
        words = html.escape(piece.text).replace("\n", "<br/>")
        style = styles.get(piece.kind)
        shown.append(f'<span style="{style}">{words}</span>' if style else words)
    return "".join(shown)
