"""Finish and save for return: the file is written as done, and the person hears where it goes now."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from cypp_desktop.merge.returns import progress
from cypp_desktop.ui.banner import BannerAction

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.parts import Services


def finish_return(services: Services, document: PlanDocument) -> None:
    """Write the return as done and say what is to be done with it. Raises FileProblem; nothing is lost."""
    asked, path = document.asked, document.path
    if asked is None or path is None:
        return
    if document.finish().kept_beside is not None:
        return  # the window says where it is now, and why
    done = progress(document.plan)
    words = f"Saved for return: “{path.name}” in {path.parent}. Now send this file back"
    words += f" to {asked.issued_by}." if asked.issued_by else " to whoever asked you."
    left = done.asked - done.done
    if left:
        words += f" {left} of {done.asked} {'is' if left == 1 else 'are'} still to do: you can go on, and"
        words += " finish again."
    show = functools.partial(services.dialogs.show_folder, path.parent)
    action = BannerAction("Open the folder", show, closes=False)
    services.banners.show_message("warning" if left else "done", words, [action], about="finished")
