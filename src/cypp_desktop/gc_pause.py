"""When not to look for garbage. Knows nothing of plans or files."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage within the block: for work that makes many objects, and no cycles to speak of.

    Python would look through all of them again and again, and once more at the end: so what is left by then
    counts as old. What is no longer named goes at once as always.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()  # whatever there is, out of the sight of the search,
            gc.unfreeze()  # and back among the oldest, unseen
            gc.enable()
