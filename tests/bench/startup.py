"""Time to a usable window with the sample plan, beside a bare window and two other Python Qt applications.

``python -m tests.bench.startup``. "Usable" is when the window is shown and answers; for ours, when the
tree of the plan is in it as well. The peers (git-cola with a small repository, novelWriter) are
installed into ``build/peers`` when first needed; without a way to install them they are left out, and it
says so. All take turns, each in a process of its own, on Qt's offscreen platform; the figures are medians.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.bench.peers import peers_python

PEER_PACKAGES = ("git-cola", "novelWriter", "PyQt6")
ROUNDS = 9


def seconds_until(word: str, command: list[str | Path], variables: dict[str, str]) -> float:
    """Seconds from starting a command until it prints a line that is ``word``."""
    began = perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables}
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        for line in process.stdout:
            if line.strip() == word:
                taken = perf_counter() - began
                process.communicate()
                return taken
        raise RuntimeError(f"{command[1:3]} never said {word}: {process.stderr.read()[-500:]}")


def main() -> None:
    starter = Path(__file__).with_name("peer_start.py")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        variables = {
            "QT_QPA_PLATFORM": "offscreen",
            "CYPP_DESKTOP_HOME": str(home / "ours"),
            "CYPP_DESKTOP_QUIT_AFTER_START": "1",
            "HOME": folder,
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": folder,
            # installed applications, as the peers are, come with their code compiled
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(home / "compiled"),
        }
        plan = home / "city.cypp"
        ours: list[str | Path] = [sys.executable, "-m", "cypp_desktop"]
        made = [*ours, "new", plan, "--sample", "city"]
        subprocess.run(made, check=True, env={**os.environ, **variables})
        commands: dict[str, list[str | Path]] = {
            "bare QMainWindow": [sys.executable, starter],
            "CYPP Desktop, tree shown": [*ours, plan],
            "CYPP Desktop, editor loaded": [*ours, plan],
        }
        peers = peers_python("peers", PEER_PACKAGES)
        if peers is None:
            print("The peers could not be installed, so they are left out.")
        else:
            repository = home / "repository"
            subprocess.run(["git", "init", "--quiet", repository], check=True)
            commands["git-cola"] = [peers, starter, "cola.main", "--repo", repository]
            commands["novelWriter"] = [peers, starter, "novelwriter"]
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(ROUNDS + 1):
            for name, command in commands.items():
                word = "shown" if name.endswith("tree shown") else "ready"
                seconds = seconds_until(word, command, variables)
                if number:  # the first round warms the disk's cache
                    taken[name].append(seconds)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    bare = medians["bare QMainWindow"]
    print(f"{'':30}{'median':>10}{'to bare':>9}")
    for name, median in medians.items():
        print(f"{name:30}{median * 1000:7.0f} ms{median / bare:9.2f}")
    print("(to reach: at most 4 times the bare window, and ahead of both peers)")


if __name__ == "__main__":
    main()
