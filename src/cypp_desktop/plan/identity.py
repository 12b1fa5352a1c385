"""Names for rows and changes: random, derived and time-ordered UUIDs, all as text.

A row's id never depends on anything printed. Links between rows and the update of a set of
measures have ids derived from what they join, so that two people who make the same one apart make
one and the same row.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Iterable

_NAMESPACE = uuid.UUID("6c9d6a52-3f0b-5f6e-9d0a-5d1f0c6b7a11")


def new_id() -> str:
    """A random UUID (version 4) for a new row."""
    return str(uuid.uuid4())


def derived_id(kind: str, *parts: str) -> str:
    """The UUID (version 5) of the row of ``kind`` that joins ``parts``, in that order."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join((kind, *parts))))


def update_id(round_id: str | None, measure_ids: Iterable[str], outcome_id: str) -> str:
    """The id of the update of a measure set for a round; an empty set is the outcome's own."""
    return derived_id("update", round_id or "", outcome_id, *sorted(measure_ids))


_last_tick = 0
_tick_lock = threading.Lock()


def new_change_id() -> str:
    """A UUID of version 7 (RFC 9562): sorts by the time of making, strictly within a process."""
    global _last_tick
    with _tick_lock:
        # 48 bits of milliseconds and 12 bits of their fraction, pushed on where the clock stands
        tick = max(time.time_ns() * 4096 // 1_000_000, _last_tick + 1)
        _last_tick = tick
    milliseconds, fraction = divmod(tick, 4096)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return str(uuid.UUID(int=value))
