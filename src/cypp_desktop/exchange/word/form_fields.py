"""Fields of Word's old forms, which show something that is written nowhere as text: lists and boxes."""

from __future__ import annotations

from cypp_desktop.exchange.word.package import Element, W
from cypp_desktop.exchange.word.styles import switched, value


def chosen_entry(begin: Element) -> str | None:
    """The entry that is chosen in a drop-down list of an old form; None where there is no list."""
    listed = begin.find(f"{W}ffData/{W}ddList")
    if listed is None:
        return None
    entries = [entry.get(W + "val", "") for entry in listed.findall(W + "listEntry")]
    said = value(listed, "result") or value(listed, "default") or "0"
    at = int(said) if said.isdecimal() and len(said) < 6 else 0
    return entries[at] if at < len(entries) else None


def box_sign(begin: Element) -> str | None:
    """A ticked or an empty box, where a field is one of an old form; else None."""
    box = begin.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return None
    ticked = switched(box, "checked")
    ticked = switched(box, "default") if ticked is None else ticked
    return "☑" if ticked else "☐"
