"""Finish and save for return: the file is written as done, and the person hears where it goes now."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

from cypp_desktop.store.disk import connect
from cypp_desktop.ui.banner import BannerAction, MessageKind

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices


def finish_return(services: WindowServices, document: PlanDocument) -> None:
    """Write the return as done and say what is to be done with it. Raises FileProblem; nothing is lost."""
    asked, path = document.asked, document.path
    if asked is None or path is None:
        return
    if document.finish().kept_beside is not None:
        return  # the window says where it is now, and why
    with contextlib.closing(connect(document.working_path)) as db:
        counted, done = asked.counted_and_done(db)
    words = f"Saved for return: “{path.name}” in {path.parent}. Now send this file back"
    words += f" to {asked.issued_by}." if asked.issued_by else " to whoever asked you."
    left = len(counted - done)
    if left:
        words += f" {left} of {len(counted)} {'is' if left == 1 else 'are'} still to do: you can go on, and"
        words += " finish again."
    show = functools.partial(services.dialogs.show_folder, path.parent)
    action = BannerAction("Open the folder", show, closes=False)
    kind = MessageKind.WARNING if left else MessageKind.DONE
    services.banners.show_message(kind, words, [action], about="finished")
