"""All benchmarks in one run, each with what it is compared to: ``python -m tests.bench [NAME …]``.

Every figure stands beside another of the same run (a peer, a bare window, a bare commit, a small plan), and
the ratio is what counts; seconds depend on the machine.
"""

from __future__ import annotations

import subprocess
import sys

NAMES = (
    "startup",
    "edit",
    "saving",
    "files",
    "tree",
    "find",
    "check",
    "print",
    "print_table",
    "union",
    "merge",
)


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, each in a process of its own."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {unknown[0]}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    worst = 0
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"tests.bench.{name}"]).returncode)
        print(flush=True)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
