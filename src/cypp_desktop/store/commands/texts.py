"""Updates and actions: their words, and the measures they cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cypp_desktop.plan.identity import new_id, update_id
from cypp_desktop.plan.model import (
    Action,
    Measure,
    Outcome,
    Round,
    Update,
)
from cypp_desktop.store.commands.places import link_measure, put
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.queries import update_of
from cypp_desktop.store.short_names import short_name


def set_covered(editor: Editor, text: Update | Action, measures: Iterable[Measure]) -> None:
    """Say which measures an update covers or an action serves; none means the whole outcome."""
    wanted = {measure.id for measure in measures}
    present = {link.measure_id: link for link in text.measure_links}
    if wanted == set(present):
        return
    verb = "covers" if isinstance(text, Update) else "serves"
    with editor.step(f"Change what the {text.row_type} {verb}") as session:
        for measure_id, link in present.items():
            if measure_id not in wanted:
                session.delete(link)
        for measure_id in sorted(wanted - set(present)):
            link_measure(editor, text, measure_id)


def write_update(editor: Editor, update: Update, text: str, *, sitting: bool = False) -> None:
    """Write an update's text; one that was empty becomes a draft."""
    if update.text == text:
        return
    about = short_name(update.measures[0] if update.measures else update.outcome)
    with editor.step(f"Edit update for {about}", sitting=f"update/{update.id}/text" if sitting else None):
        update.text = text
        if update.state == "empty" and text.strip():
            update.state = "draft"


def set_update_text(
    editor: Editor, measure: Measure, round_: Round | None, text: str, *, sitting: bool = False
) -> Update:
    """Write the update that covers a measure in a round, starting it where there is none yet."""
    update = update_of(measure, round_)
    if update is not None:
        write_update(editor, update, text, sitting=sitting)
        return update
    outcome = measure.outcome
    listed = outcome.updates
    update = Update(
        id=update_id(round_.id if round_ else None, [measure.id], outcome.id),
        round_id=round_.id if round_ else None,
        text=text,
    )
    with editor.step(
        f"Edit update for {short_name(measure)}", sitting=f"update/{update.id}/text" if sitting else None
    ) as session:
        if editor.find(Update, update.id) is not None:
            update.id = new_id()  # the one with this id has since come to cover other measures
        put(update, outcome, listed, _place_for_update(outcome, measure, listed))
        session.add(update)
        session.flush()
        link_measure(editor, update, measure.id)
    return update


def _place_for_update(outcome: Outcome, measure: Measure, listed: Sequence[Update]) -> int:
    """After the last update of a measure that stands before this one."""
    order = {m.id: at for at, m in enumerate(outcome.measures)}
    here = order[measure.id]
    at = 0
    for position, update in enumerate(listed):
        firsts = [order[link.measure_id] for link in update.measure_links if link.measure_id in order]
        if firsts and min(firsts) <= here:
            at = position + 1
    return at
