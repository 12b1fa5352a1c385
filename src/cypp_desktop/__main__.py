"""The start of the application: a sub-command does its work without a screen, else the window opens.

Imports as little as it can: the window must be on the screen before anything heavy is loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cypp_desktop.gc_pause import uncollected


def main(arguments: list[str] | None = None) -> int:
    """Run the application with the words after its name; gives the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if words == ["read-files"]:
        from cypp_desktop.merge.gates.read_ahead import serve

        return serve()
    from cypp_desktop.command_line import main

    if main.wants_window(words):
        return _open_window(words)
    return main.run(words)


def _open_window(words: Sequence[str]) -> int:
    """Show the window, or say what this machine lacks for one."""
    try:
        with uncollected():  # what is imported stays
            from cypp_desktop.ui.app import run
            from cypp_desktop.ui.display import why_no_window
    except ImportError:
        from cypp_desktop import machine

        trouble = machine.missing_for_window(machine.libraries_for(os.environ))
        if trouble is None:
            raise
    else:
        trouble = why_no_window()
        if trouble is None:
            return run(words)
    if sys.stderr is not None:
        print(trouble, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
