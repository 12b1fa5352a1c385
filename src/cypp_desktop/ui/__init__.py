"""The window: what a person sees and touches. Everything it changes goes through the store's editor."""

from __future__ import annotations

import ctypes
import sys

if sys.version_info < (3, 12):
    # PySide6 6.12 is built as if None could not run out, which is so from Python 3.12 on only: each
    # call that returns nothing takes one of its references away, and some 5,000 calls end the program.
    # This gives None more references than any run can use up.
    ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40
