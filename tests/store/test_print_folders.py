"""Folders of prints: those that a kill left go, those of prints that go on stay."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cypp_desktop.store.disk import DISK
from cypp_desktop.store.print_folders import print_folder, remove_left_print_folders


def test_what_a_kill_left_goes_and_a_print_that_goes_on_stays() -> None:
    left = Path(tempfile.mkdtemp(prefix="cypp-print-"))
    (left / "plan.pdf").write_text("pages")
    fresh = Path(tempfile.mkdtemp(prefix="cypp-print-"))
    with print_folder() as folder:
        (folder / "plan.pdf").write_text("pages")
        remove_left_print_folders(DISK)
        assert (folder / "plan.pdf").read_text() == "pages"
        assert fresh.exists() and not left.exists()
    assert not folder.exists()
    fresh.rmdir()
