"""One window for one plan: a second start with the same plan brings the first window forward.

Works through a local socket in the person's runtime folder, named by a hash: nothing of a plan,
not even its name, stands there. Qt's network module is only loaded once it is needed, because
a start that finds no other window should not pay for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from cypp_desktop import paths
from cypp_desktop.errors import CyppError

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

#: How long a window that should be there is given to answer, in milliseconds.
_PATIENCE = 2000
_ANSWER = b"shown"


def runtime_folder() -> Path | None:
    """A folder of this person alone for things that live as long as a window, made if need be.

    None where there is no such place: then the store's own lock is all that tells two windows apart.
    """
    given = os.environ.get("XDG_RUNTIME_DIR")
    user = str(os.getuid()) if sys.platform != "win32" else os.environ.get("USERNAME", "user")
    places = [Path(given) / "cypp-desktop"] if given else []
    places.append(Path(tempfile.gettempdir()) / f"cypp-desktop-{user}")
    return next((folder for folder in places if _is_ours(folder)), None)


def _is_ours(folder: Path) -> bool:
    """Whether the folder is there, or could be made, and belongs to this person and nobody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
    except OSError:
        return False
    return sys.platform == "win32" or (owner == os.getuid() and os.access(folder, os.W_OK))


def key_of(plan: Path) -> str:
    """What stands for a plan file in the runtime folder: the same for one way to write its path.

    The disk is not asked, for it may not answer. Whoever has followed the links asks again with what they
    have found.
    """
    whole = os.path.normcase(paths.absolute(plan))
    return hashlib.sha256(f"{paths.data_folder()}\n{whole}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _socket_of(mark: Path) -> str:
    if sys.platform == "win32":
        return f"cypp-desktop-{mark.stem}"
    return str(mark.with_suffix(".socket"))


def _mark_of(plan: Path) -> Path | None:
    folder = runtime_folder()
    with contextlib.suppress(CyppError):  # no data folder: opening a plan will say so
        return folder / f"{key_of(plan)}.window" if folder else None
    return None


def has_window(plan: Path) -> bool:
    """Whether a window shows the plan. Costs next to nothing where none does."""
    return _reached(plan) is not None


def bring_forward(plan: Path) -> bool:
    """Ask the window that shows the plan to come to the front; False when there is none."""
    socket = _reached(plan)
    if socket is None:
        return False
    if sys.platform == "win32":
        # Windows lets only the program in front pass that place on.
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    socket.write(token.encode() + b"\n")
    answered = socket.waitForReadyRead(_PATIENCE) and bytes(socket.readAll().data()) == _ANSWER
    socket.disconnectFromServer()
    return answered


def _reached(plan: Path) -> QLocalSocket | None:
    """A line to the window that shows the plan; the mark of a window that was killed is removed."""
    mark = _mark_of(plan)
    if mark is None or not mark.exists():
        return None
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(_socket_of(mark))
    if socket.waitForConnected(_PATIENCE):
        return socket
    with contextlib.suppress(OSError):
        mark.unlink(missing_ok=True)
    return None


class PlanWindowClaim(QObject):
    """This window's claim to be the one that shows a plan, under each way in which its path was written."""

    #: Another start wants the window at the front.
    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan: Path | None = None
        self._marks: dict[Path, QLocalServer] = {}

    @property
    def plan(self) -> Path | None:
        """The plan that this window has claimed."""
        return self._plan

    def claim(self, plan: Path, *also: Path) -> None:
        """Say that this window shows the plan, in place of any plan it claimed before.

        ``also`` are other ways to its file, such as a link or a drive's letter.
        """
        self.release()
        for mark in {_mark_of(way) for way in (plan, *also)} - {None}:
            assert mark is not None
            self._put(mark)
        self._plan = plan if self._marks else None

    def _put(self, mark: Path) -> None:
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        QLocalServer.removeServer(_socket_of(mark))
        if not server.listen(_socket_of(mark)):
            # No socket can be made here: two windows of one plan are then told apart by the store's lock.
            server.deleteLater()
            return
        self._marks[mark] = server
        with contextlib.suppress(OSError):
            mark.write_text(str(os.getpid()), encoding="utf-8")

    def release(self) -> None:
        """Give the claim up, as when the plan is closed."""
        for mark, server in self._marks.items():
            with contextlib.suppress(OSError):
                mark.unlink(missing_ok=True)
            server.close()
            server.deleteLater()
        self._marks, self._plan = {}, None

    def _answer(self) -> None:
        server = self.sender()
        if server not in self._marks.values():
            return
        socket = cast("QLocalServer", server).nextPendingConnection()
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._read)
        if socket.bytesAvailable():
            self._serve(socket)

    def _read(self) -> None:
        self._serve(self.sender())

    def _serve(self, socket: QObject | None) -> None:
        from PySide6.QtNetwork import QLocalSocket

        if not isinstance(socket, QLocalSocket) or not socket.canReadLine():
            return
        token = bytes(socket.readLine().data()).decode("utf-8", "replace").strip()
        if token:
            # Qt hands this on to the desktop, which then lets the window come forward.
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        socket.write(_ANSWER)
        socket.flush()
        self.wanted.emit()
