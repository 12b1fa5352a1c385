"""What the review tells the person in passing, as sentences for the message over the window. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cypp_desktop.plan.words import counted

if TYPE_CHECKING:
    from cypp_desktop.merge.model import Received
    from cypp_desktop.merge.review import Lapsed


def lapsed_words(lapsed: Sequence[Lapsed]) -> str:
    """What became of decisions that could not be taken over, in a sentence or two."""
    again = [one for one in lapsed if one.again]
    gone = [one.question.place.words for one in lapsed if not one.again]
    parts = []
    if again:
        parts.append(
            f"The plan or the files say something else by now at {counted(len(again), 'place')} that you had "
            "decided: please decide again."
        )
    if gone:
        more = f" and {len(gone) - 3} more" if len(gone) > 3 else ""
        parts.append(
            f"Nothing is proposed any more at {counted(len(gone), 'place')} that you had decided, so nothing "
            f"was made of that: {'; '.join(gone[:3])}{more}."
        )
    return " ".join(parts)


def unproven_words(files: Sequence[Received]) -> str:
    """What is to be known of files that do not show what they are."""
    names = ", ".join(f"“{file.name}”" for file in files)
    it, it_is = ("it", "it is") if len(files) == 1 else ("them", "they are")
    return (
        f"{names}: nothing in {it} shows that {it_is} from us, as a copy of this plan or a return that was "
        f"sent out from it. Whoever made {it} may have written anything. Everything in {it} is listed as "
        "outside what was asked, and stays out of the plan unless you let it in."
    )


def withdrawn_words(files: Sequence[Received]) -> str:
    """What is to be known of files that answer what was taken back."""
    names = ", ".join(f"“{file.name}”" for file in files)
    answers, everything = ("this answers", "it") if len(files) == 1 else ("these answer", "them")
    return (
        f"{names}: what {answers} was taken back, so nobody asks for it. Everything in {everything} is "
        "listed as outside what was asked, and stays out of the plan unless you let it in."
    )


def removed_words(files: Sequence[Received]) -> str:
    """What is to be known of copies in which texts were removed for good."""
    removals = [each for file in files for each in file.removals]
    reasons = "; ".join(dict.fromkeys(each.reason for each in removals))
    return (
        f"A colleague has removed texts from the plan for good ({reasons}). Merged, they go from this plan, "
        "its history and its backups on this machine as well, and that cannot be undone."
    )
