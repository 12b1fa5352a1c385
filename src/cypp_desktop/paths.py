"""Where things are: the person's folders, and the files that come with the application.

The only reader of ``appdirs`` and of ``CYPP_DESKTOP_HOME``. Knows nothing of plans or settings.

Set ``CYPP_DESKTOP_HOME`` to a folder to keep everything the application writes inside it: on a
memory stick, say, or for a test. It holds ``data``, ``config``, ``log`` and ``cache``.
"""

from __future__ import annotations

import os
from pathlib import Path

import appdirs

from cypp_desktop.errors import FileProblem

APPLICATION = "cypp-desktop"
HOME_VARIABLE = "CYPP_DESKTOP_HOME"

_PACKAGE = Path(__file__).resolve().parent


def data_folder() -> Path:
    """Working copies and backups of plans: on this machine only, never on a roaming profile."""
    return _folder("data", appdirs.user_data_dir(APPLICATION, appauthor=False))


def config_folder() -> Path:
    """The person's preferences."""
    return _folder("config", appdirs.user_config_dir(APPLICATION, appauthor=False))


def log_folder() -> Path:
    """Technical logs, which never hold words of a plan."""
    return _folder("log", appdirs.user_log_dir(APPLICATION, appauthor=False))


def cache_folder() -> Path:
    """What can be made again at any time."""
    return _folder("cache", appdirs.user_cache_dir(APPLICATION, appauthor=False))


def absolute(path: Path) -> Path:
    """The path from the root on, without a question to the disk; as it is where our own folder is gone."""
    try:
        return path.absolute()
    except OSError:
        return path


def resource(relative: str) -> Path:
    """A file or folder that comes with the application, such as ``samples/city.json``.

    The same in a checkout (``resources/`` beside ``src/``), an installed wheel and a PyInstaller
    bundle (``resources/`` inside the package). Raises :class:`FileProblem` if it is not there,
    which means a broken installation.
    """
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parents[1] / "resources"
    path = root / relative
    if not path.exists():
        raise FileProblem(
            f"A part of the application is missing ({relative}). Please install CYPP Desktop again."
        )
    return path


def _folder(kind: str, usual: str) -> Path:
    """The folder of that kind, made if need be. Raises :class:`FileProblem` if it cannot be made."""
    home = os.environ.get(HOME_VARIABLE)
    folder = Path(home, kind) if home else Path(usual)
    try:
        folder = folder.expanduser()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as problem:
        reason = (getattr(problem, "strerror", None) or "unknown reason").lower()
        raise FileProblem(
            f"The folder {folder} cannot be made ({reason}). CYPP Desktop keeps its {kind} there. "
            f"Free the place, or set {HOME_VARIABLE} to another folder."
        ) from problem
    return folder
