"""Whether a process of this machine is still there."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether there is a process of this number; True where that cannot be told."""
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return not _has_ended(pid)


def _has_ended(pid: int) -> bool:
    """Whether it has ended, and only its parent has not asked yet how."""
    with contextlib.suppress(OSError, IndexError):
        said = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        return said.rpartition(")")[2].split()[0] in ("Z", "X")
    return False


if sys.platform == "win32":
    _MAY_ASK, _INVALID_PARAMETER, _STILL_ACTIVE = 0x1000, 87, 259

    def _is_running_on_windows(pid: int) -> bool:
        import ctypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(_MAY_ASK, 0, ctypes.c_uint32(pid))
        if not handle:
            return bool(ctypes.get_last_error() != _INVALID_PARAMETER)
        code = ctypes.c_uint32()
        kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return code.value == _STILL_ACTIVE
