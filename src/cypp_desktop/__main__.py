"""The start of the application: a sub-command does its work without a screen, else the window opens.

Imports as little as it can: the window must be on the screen before anything heavy is loaded.
"""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the application with the words after its name; gives the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if words == ["read-files"]:
        from cypp_desktop.merge.gates.read_ahead import serve

        return serve()
    from cypp_desktop import cli

    if cli.wants_window(words):
        from cypp_desktop.ui.app import run

        return run(words)
    return cli.run(words)


if __name__ == "__main__":
    sys.exit(main())
