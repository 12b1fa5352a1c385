"""One file takes another's place, and only that of the one that was read: nobody slips in between.

The two change names in one step, and what comes out is looked at: is it another than was read, they change
back, and the save begins anew with what was found. Where the disk has no such step, a lock file beside the
plan keeps other saves out for the moment that it takes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import companion_files, swapping
from cypp_desktop.store.companion_files import SwapName
from cypp_desktop.store.disk import FileSystem, signature, stat_or_none
from cypp_desktop.store.file_rights import create_private, give_rights, rights_for
from cypp_desktop.store.files import companions, quoted
from cypp_desktop.store.origin import same_place
from cypp_desktop.store.save_lock import save_lock, wait_for_others

_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAsRead:
    """A file as it was read, once and whole, into ``copy`` on this disk.

    ``names`` is how many names lead to it. ``is_finished`` is False where another program's unfinished write
    lies beside it.
    """

    path: Path
    copy: Path
    sha256: str
    signature: tuple[int, int, int, int]
    names: int
    is_finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What is to be in the file, whole, on this disk. ``counter`` is that of the working copy."""

    path: Path
    sha256: str
    counter: int


def read_once(path: Path, copy: Path, fs: FileSystem) -> FileAsRead | None:
    """Copy a file that others may be replacing; None if there is none. Raises FileProblem if it does not
    keep still, OSError.
    """
    for _ in range(_TRIES):
        try:
            before = stat_or_none(fs, path)
            if before is None:
                return None
            mark = signature(path, fs)
            digest = fs.copy(path, copy)
            is_finished = not companions(path, fs)
            if signature(path, fs) == mark:
                return FileAsRead(
                    path=path,
                    copy=copy,
                    sha256=digest,
                    signature=mark,
                    names=before.st_nlink,
                    is_finished=is_finished,
                )
        except FileNotFoundError:
            return None
    raise FileProblem(f"{quoted(path)} is being changed by another program just now. Try again in a moment.")


class Place:
    """Where one save writes: the plan's file ``target``, for the working copy ``working_id`` of ``data``."""

    def __init__(
        self, target: Path, working_id: str, data: Path, fs: FileSystem, *, person: str = ""
    ) -> None:
        self.target, self._id, self._data, self._fs = target, working_id, data, fs
        self._person = person
        self.temporary = companion_files.temporary(target, working_id)
        #: Whether what was written has all the rights of the file that it stands for.
        self.has_rights = True

    @contextmanager
    def written(self, fresh: Fresh, like: Path, plan: Path | None) -> Iterator[Place]:
        """This place with the new file in a temporary beside the target: written over the network once,
        private until it is whole, then with the rights of ``like``, or those of a new file of ``plan``.
        """
        fs = self._fs
        companion_files.remove_temporary(self.target, self._id, fs)
        try:
            # By hand first: the system says better than SQLite why a file cannot be made.
            create_private(self.temporary, fs)
            fs.copy(fresh.path, self.temporary)
            self._give_rights(like, plan)
            yield self
        finally:
            companion_files.remove_temporary(self.target, self._id, fs)

    def _give_rights(self, like: Path, plan: Path | None) -> None:
        fs = self._fs
        made_from = None if same_place(like, plan) else plan
        self.has_rights = give_rights(self.temporary, rights_for(like, made_from, fs), fs)
        fs.copy_attributes(like, self.temporary)

    def put_new(self) -> None:
        """Give the temporary the target's name. ``FileExistsError`` if there is such a file by now."""
        fs = self._fs
        try:
            fs.rename_new(self.temporary, self.target, only_at_once=True)
        except FileExistsError:
            if stat_or_none(fs, self.temporary) is not None:
                raise
            # a share may answer the second of a request that was sent twice, when the first had done it
        except OSError as error:
            if error.errno not in swapping.CANNOT:
                raise
            with save_lock(self.target, self._data, self.temporary, fs, person=self._person):
                fs.rename_new(self.temporary, self.target)
        fs.fsync_folder(self.target.parent)

    def put_in_place_of(self, seen: FileAsRead, fresh: Fresh) -> bool:
        """Have the temporary take the place of the file that was read. False if that is another by now: it
        is left, or back, in its place.
        """
        fs = self._fs
        swap = companion_files.swap_name(self.target, self._id, fresh.sha256, seen.sha256)
        wait_for_others(self.target, self._data, self.temporary, fs)
        try:
            self._put_under(swap, seen)
            done = self._exchanged(swap, seen)
            if done:
                fs.fsync_folder(self.target.parent)
            return done
        finally:
            self._clear(swap, seen)

    def _put_under(self, swap: SwapName, seen: FileAsRead) -> None:
        """Give the new file its swap name, which is this working copy's alone."""
        try:
            self._fs.rename_new(self.temporary, swap.path)
        except FileExistsError:
            if stat_or_none(self._fs, self.temporary) is None:
                return  # as in put_new
            self._clear(swap, seen)  # left by a save of which the share never told how it ended
            self._fs.rename_new(self.temporary, swap.path)

    def _exchanged(self, swap: SwapName, seen: FileAsRead) -> bool:
        fs = self._fs
        try:
            if signature(self.target, fs) != seen.signature:
                return False
            fs.exchange(swap.path, self.target)
        except FileNotFoundError:
            # Of a request that was sent twice, a share may answer the second, when the first had done it.
            return self._came_out(swap, seen)
        except OSError as error:
            if error.errno not in swapping.CANNOT:
                raise
            return self._replaced_under_lock(swap, seen)
        if self._came_out(swap, seen):
            return True
        with contextlib.suppress(FileNotFoundError):  # somebody takes in what came out
            fs.exchange(swap.path, self.target)
        return False

    def _came_out(self, swap: SwapName, seen: FileAsRead) -> bool:
        """Whether what is under the swap name now is what was read."""
        with contextlib.suppress(FileNotFoundError):
            # Some shares number a file anew when it is renamed, so another number is no other file yet.
            return (
                signature(swap.path, self._fs) == seen.signature or self._fs.sha256(swap.path) == seen.sha256
            )
        return False

    def _replaced_under_lock(self, swap: SwapName, seen: FileAsRead) -> bool:
        fs = self._fs
        with save_lock(self.target, self._data, swap.path, fs, person=self._person) as lock:
            try:
                if signature(self.target, fs) != seen.signature or not lock.is_ours():
                    return False
                fs.replace(swap.path, self.target)
            except FileNotFoundError:
                return self._has_taken_place(swap)
            return lock.is_ours()

    def _has_taken_place(self, swap: SwapName) -> bool:
        """Whether the new file is in its place all the same."""
        with contextlib.suppress(FileNotFoundError):
            is_gone = stat_or_none(self._fs, swap.path) is None
            return is_gone and self._fs.sha256(self.target).startswith(swap.new)
        return False

    def _clear(self, swap: SwapName, seen: FileAsRead) -> None:
        """Remove what is under the swap name, unless only that leads to it."""
        fs = self._fs
        with contextlib.suppress(OSError):
            if signature(swap.path, fs) == seen.signature or swap.is_expected(fs.sha256(swap.path)):
                fs.remove(swap.path)
