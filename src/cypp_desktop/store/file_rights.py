"""Who may read and write a file: a file that takes another's place has the rights of that one.

Never more rights than it had: where the group cannot be kept, nobody comes to read who could not before.
Windows keeps the rights by itself when one file takes another's place.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

#: What a temporary is made with: for nobody but the person.
PRIVATE = 0o600
_ACCESS_LIST = "system.posix_acl_access"
_OF_PEOPLE = "user."


def _read_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


#: Asked once, while there is one thread only: asking means to set it for a moment.
_UMASK_AT_START = _read_umask()


def mode_of_new_files() -> int:
    """What the person's files are made with."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
        said = next(line for line in lines if line.startswith("Umask:"))
        return 0o666 & ~int(said.split()[1], 8)
    return 0o666 & ~_UMASK_AT_START


def mode_beside(plan: os.stat_result | None) -> int:
    """What a new file is made with that stands for a plan, whose stat is ``plan``: no wider than that is."""
    return mode_of_new_files() & (stat.S_IMODE(plan.st_mode) if plan is not None else 0o777)


def give_rights(path: Path, like: Path, about: os.stat_result) -> bool:
    """Give ``path`` the owner, group, mode and further attributes of ``like``, whose stat is ``about``.

    False where its group, or a list of people who may use it, could not be kept: then only who had rights
    in any case has them. Raises OSError.
    """
    if sys.platform == "win32":
        path.chmod(stat.S_IMODE(about.st_mode))
        return True
    with contextlib.suppress(OSError):
        os.chown(path, -1, about.st_gid)
    with contextlib.suppress(OSError):
        os.chown(path, about.st_uid, -1)
    has_group = path.stat().st_gid == about.st_gid
    mode = stat.S_IMODE(about.st_mode) & 0o777
    access_list = _attribute(like, _ACCESS_LIST)
    if access_list is None and has_group:
        kept = _without_access_list(path)
        path.chmod(mode if kept else mode & 0o700)
    elif access_list is None:
        # Who was of the old group is of the others now, and the other way round.
        both = mode >> 3 & mode & 0o7
        kept = mode & 0o077 == both << 3 | both
        path.chmod(mode & 0o700 | (both << 3 | both if _without_access_list(path) else 0))
    else:
        kept = has_group and _set_attribute(path, _ACCESS_LIST, access_list)
        path.chmod(mode if kept else mode & 0o700)
    _copy_attributes_of_people(like, path)
    return kept


def _copy_attributes_of_people(like: Path, path: Path) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(like):
                if name.startswith(_OF_PEOPLE):
                    os.setxattr(path, name, os.getxattr(like, name))


def _attribute(path: Path, name: str) -> bytes | None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return os.getxattr(path, name)
    return None


def _set_attribute(path: Path, name: str, value: bytes) -> bool:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setxattr(path, name, value)
            return True
    return False


def _without_access_list(path: Path) -> bool:
    """Take off a list that the file has from its folder; whether there is none now."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.removexattr(path, _ACCESS_LIST)
    return _attribute(path, _ACCESS_LIST) is None
