"""The window: what a person sees and touches. Everything it changes goes through the store's editor."""

from __future__ import annotations

import ctypes
import sys

from PySide6.QtCore import QLocale

# The window speaks English: numbers and sizes are written as its words are, whatever the computer's language.
QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))

if sys.version_info < (3, 12):
    # PySide6 6.12 is built as if these could not run out, which is so from Python 3.12 on only: each
    # call that returns nothing takes a reference of None away (some calls one of True or False), and
    # some 5,000 calls end the program. This gives them more references than any run can use up.
    for _everlasting in (None, True, False):
        ctypes.c_ssize_t.from_address(id(_everlasting)).value += 1 << 40
