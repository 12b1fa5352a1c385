"""The environments that hold what the benchmarks compare with, made when first needed."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def peers_python(name: str, packages: Sequence[str]) -> Path | None:
    """The Python of the environment ``build/name`` with these packages; None where it cannot be made."""
    folder = ROOT / "build" / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        made = subprocess.run([python, "-m", "pip", "install", "--quiet", *packages])
        if made.returncode:
            return None
        (folder / "installed").touch()
    return python
