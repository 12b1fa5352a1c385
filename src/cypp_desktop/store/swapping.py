"""Two names of one folder change files in one step, as each system does it.

Nothing is lost by it, whatever stood under either name at that moment: what was there can be looked at
afterwards under the other. Not every disk or share can do it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

#: What a disk says that cannot change two names in one step. Anything else is a failure of the disk.
CANNOT = frozenset(
    getattr(errno, name)
    for name in ("EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "ENOTTY", "EPERM")
    if hasattr(errno, name)
)
#: Where Windows puts a file aside for a moment that another takes the place of, after the other's name.
ASIDE = ".old"


def exchange(one: Path, other: Path) -> None:
    """Have two files of one folder change names. Raises OSError, of ``CANNOT`` where the disk has no such
    thing.
    """
    if sys.platform == "win32":
        _replace_keeping_old(one, other)
    else:
        _rename(one, other, _EXCHANGE)


def rename_if_free(source: Path, target: Path) -> None:
    """Rename, unless there is something of that name. Raises OSError, of ``CANNOT`` as above."""
    if sys.platform == "win32":
        source.rename(target)
    else:
        _rename(source, target, _NO_REPLACE)


if sys.platform == "win32":
    # These are in ctypes on Windows only.
    _IGNORE_MERGE_ERRORS, _IGNORE_ACL_ERRORS = 2, 4
    #: No such function, not supported, no such parameter.
    _CANNOT_WINDOWS = (1, 50, 87, 120)
    #: The old file was moved aside already when the new one could not take its place.
    _MOVED_ASIDE_ALREADY = 1177

    def _replace_keeping_old(one: Path, other: Path) -> None:
        import ctypes

        aside = one.with_name(one.name + ASIDE)
        replace_file = ctypes.WinDLL("kernel32", use_last_error=True).ReplaceFileW
        replace_file.argtypes = [ctypes.c_wchar_p] * 3 + [ctypes.c_uint32] + [ctypes.c_void_p] * 2
        flags = _IGNORE_MERGE_ERRORS | _IGNORE_ACL_ERRORS
        if not replace_file(str(other), str(one), str(aside), flags, None, None):
            number = ctypes.get_last_error()
            if number == _MOVED_ASIDE_ALREADY:
                with contextlib.suppress(FileExistsError):
                    aside.rename(other)
            if number in _CANNOT_WINDOWS:
                raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(other))
            raise OSError(None, ctypes.FormatError(number), str(other), number)
        aside.rename(one)

else:
    if sys.platform == "darwin":
        _FUNCTION, _EXCHANGE, _NO_REPLACE, _HERE = "renameatx_np", 2, 4, -2
    else:
        _FUNCTION, _EXCHANGE, _NO_REPLACE, _HERE = "renameat2", 2, 1, -100

    @cache
    def _system_call() -> Callable[..., int] | None:
        import ctypes  # not at the start of the application, which would wait for it

        try:
            call = getattr(ctypes.CDLL(None, use_errno=True), _FUNCTION)
        except (OSError, AttributeError):
            return None  # an older system
        call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
        call.restype = ctypes.c_int
        found: Callable[..., int] = call
        return found

    def _rename(source: Path, target: Path, how: int) -> None:
        import ctypes

        call = _system_call()
        if call is None:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(source))
        if call(_HERE, os.fsencode(source), _HERE, os.fsencode(target), how) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(source), None, str(target))
