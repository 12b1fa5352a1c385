"""What merging does about a question, in a few words: what it adds, changes, deletes or leaves as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cypp_desktop.merge.effects import Effect, effect_of, rows_told
from cypp_desktop.merge.question import Answer, Kind, Question, deletes_row
from cypp_desktop.plan.shape import link_types
from cypp_desktop.plan.words import counted, row_words
from cypp_desktop.store.log import RowKey


def effect_words(question: Question) -> str:
    """What merging does, as a list says it: "changes", "deletes 1 measure and 2 updates", "stays"."""
    if question.goes_anyway:
        return "goes with what is deleted"
    match effect_of(question):
        case Effect.ADDS:
            return "comes back in" if question.was_deleted_here else "comes in"
        case Effect.CHANGES:
            return "changes"
        case Effect.DELETES:
            if question.row_type in link_types():
                return "changes"
            told = rows_told(question)
            return f"deletes {rows_in_words(row for row, effect in told.items() if effect == Effect.DELETES)}"
    if question.is_row and question.was is None and not question.in_plan:
        return "stays out"
    return "stays"


def rows_in_words(rows: Iterable[RowKey]) -> str:
    """ "1 measure, 2 updates and 4 values": how many there are of each kind, without links."""
    counts = Counter(row_type for row_type, _ in rows if row_type not in link_types())
    parts = [counted(number, row_words(row_type)) for row_type, number in counts.items()]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def along_in_words(question: Question) -> str:
    """What goes along with a row that is deleted: "2 updates and 4 values"; empty where nothing does."""
    return rows_in_words(question.along)


def sentence(question: Question) -> str:
    """What merging does, as a sentence above the versions."""
    if question.in_plan:
        return ""
    if question.goes_anyway:
        return "This goes with what is deleted by another line."
    if question.kind == Kind.OUTSIDE and not question.is_let_in:
        return "Merging leaves it out."
    match effect_of(question):
        case Effect.ADDS:
            return "Merging brings it back in." if question.was_deleted_here else "Merging takes it in."
        case Effect.CHANGES:
            return "Merging changes it."
        case Effect.DELETES:
            words = effect_words(question)
            return "Merging takes the link away." if words == "changes" else f"Merging {words}."
    words = "leaves it out" if effect_words(question) == "stays out" else "leaves it as it is"
    because = ", because something else in the plan names it" if _is_kept_by_name(question) else ""
    return f"Merging {words}{because}."


def _is_kept_by_name(question: Question) -> bool:
    """Whether a person deletes it, and it stays all the same."""
    is_decided = question.decision.answer not in (Answer.ACCEPT, Answer.LEAVE)
    return (
        question.is_row and question.stays_anyway and is_decided and deletes_row(question, question.decision)
    )
