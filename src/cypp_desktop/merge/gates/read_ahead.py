"""Files read through by a second process, while this one looks into what is in those read before.

Where many files come in, that halves the wait. It is a help and no more: until the other process is there,
and once it has stopped or answers what cannot be, files are read through here.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from queue import SimpleQueue

from cypp_desktop.merge.gates.read_through import ReadThrough, Tables, read_through
from cypp_desktop.store.disk import DISK, FileSystem

#: The word after the application's name that starts it as the process which reads files for another.
WORD = "read-files"
#: For how many files it is worth starting.
MANY = 12
#: How many files are handed over before the first of them is needed; as many copies lie on the disk.
_AHEAD = 4


def each_read_through(
    paths: Sequence[Path], folder: Path, tables: Tables, fs: FileSystem
) -> Generator[tuple[Path, ReadThrough], None, None]:
    """Our copy in the folder of each file, and what was found in reading it through, in the order given."""
    copies = [folder / f"{number}.cypp" for number in range(len(paths))]
    with _another_process(tables, wanted=len(paths) >= MANY and fs is DISK) as other:
        asked = 0  # up to where files were handed over
        known = 0  # from where on
        for at, (path, copy) in enumerate(zip(paths, copies, strict=True)):
            if other is not None and other.is_there():
                if asked <= at:
                    asked = known = at + 1
                while asked < min(at + 1 + _AHEAD, len(paths)):
                    other.ask(paths[asked], copies[asked])
                    asked += 1
            found = other.answer() if other is not None and known <= at < asked else None
            if found is None:
                fs.remove(copy)  # a process that stopped may have begun it
                found = read_through(path, copy, tables, fs)
            yield copy, found


class _Reader:
    """The other process, with what it says as it comes in; None stands for the end of that."""

    def __init__(self, process: subprocess.Popen[bytes], tables: Tables) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process, self._tables = process, tables
        self._to, self._from = process.stdin, process.stdout
        self._said: SimpleQueue[bytes | None] = SimpleQueue()
        self._started = self._lost = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := self._from.readline():
                self._said.put(line)
        self._said.put(None)

    def is_there(self) -> bool:
        """Whether it can be asked: it has started, and nothing has happened to it that we know of.

        Never waits.
        """
        if not self._started and not self._lost and not self._said.empty():
            self._started = self._said.get() == _line(WORD)
            if self._started:
                self._say((sorted(self._tables.parts, key=str), self._tables.row_types))
            else:
                self.stop()
        return self._started and not self._lost

    def ask(self, path: Path, copy: Path) -> None:
        """Have a file read through; the answers come in the order of asking."""
        self._say((str(path), str(copy)))

    def answer(self) -> ReadThrough | None:
        """The next answer, or None where there is none to be had any more."""
        found = None if self._lost else _read_answer(self._said.get())
        if found is None:
            self.stop()
        return found

    def stop(self) -> None:
        """End the process, if it has not ended by itself."""
        self._lost = True
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                pipe.close()

    def _say(self, message: object) -> None:
        if self._lost:
            return
        try:
            self._to.write(_line(message))
            self._to.flush()
        except OSError:
            self.stop()


@contextmanager
def _another_process(tables: Tables, *, wanted: bool) -> Iterator[_Reader | None]:
    other = None
    if wanted and (os.cpu_count() or 1) > 1:
        with contextlib.suppress(OSError):
            other = _Reader(_started(), tables)
    try:
        yield other
    finally:
        if other is not None:
            other.stop()


def _started() -> subprocess.Popen[bytes]:
    """This application once more, without a window. Raises OSError."""
    words = [sys.executable]
    if not getattr(sys, "frozen", False):
        words += ["-P", "-m", "cypp_desktop"]
    elif sys.platform == "win32":  # of two programs, the one with a console has standard input and output
        words = [str(Path(sys.executable).with_name("cypp-desktop.exe"))]
    return subprocess.Popen(
        [*words, WORD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # known on Windows alone
    )


def _line(message: object) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _read_answer(line: bytes | None) -> ReadThrough | None:
    try:
        sha256, digest, refusal = json.loads(line or b"null")
        if isinstance(sha256, str) and (digest is None or isinstance(digest, str)):
            return ReadThrough(
                sha256, digest, None if refusal is None else (str(refusal[0]), str(refusal[1]))
            )
    except (ValueError, TypeError, LookupError):
        pass
    return None


def serve() -> int:
    """Be the other process: read through what is asked for on standard input, until that ends."""
    with open(0, "rb", closefd=False) as asked, open(1, "wb", closefd=False) as said:

        def say(message: object) -> None:
            said.write(_line(message))
            said.flush()

        with contextlib.suppress(OSError):
            say(WORD)
            if not (first := asked.readline()):
                return 0
            parts, row_types = json.loads(first)
            tables = Tables(frozenset(map(tuple, parts)), tuple(row_types))
            for line in asked:
                path, copy = map(Path, json.loads(line))
                say(astuple(read_through(path, copy, tables, DISK)))
    return 0
