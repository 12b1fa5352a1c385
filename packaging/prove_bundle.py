"""Prove that a built application works on its own: it starts, imports, prints and exits.

Runs with the environment's Python only to make a Word document to import and to read the paper that
comes out; the application under test gets an empty home, no screen and no way to the checkout.

    .venv/bin/python packaging/prove_bundle.py dist/cypp-desktop
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pypdf

PROGRAM = "cypp-desktop.exe" if os.name == "nt" else "cypp-desktop"
LONGEST_SECONDS = 120
TITLE = "Number of families who say that help came in time"


class NotProved(Exception):
    """A step that did not do what it should; the words say which."""


class Bundle:
    """The built application, run in an empty home."""

    def __init__(self, program: Path, home: Path) -> None:
        self._program = program
        kept = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP", "LANG")
        self._variables = {key: os.environ[key] for key in kept if key in os.environ}
        self._variables |= {"QT_QPA_PLATFORM": "offscreen", "CYPP_DESKTOP_HOME": str(home), "HOME": str(home)}

    def run(self, *words: str | Path, allowed: Sequence[int] = (0,), **variables: str) -> str:
        """What the application wrote to standard output. Raises :class:`NotProved` on another exit code."""
        result = subprocess.run(
            [self._program, *words],
            env=self._variables | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST_SECONDS,
        )
        if result.returncode not in allowed:
            raise NotProved(f"{words} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result.stdout


def word_document(file: Path) -> None:
    """A small action plan as a council writes it in Word."""
    document = docx.Document()
    document.add_heading("Priority 1. Families receive support when they need it", level=1)
    table = document.add_table(rows=2, cols=4)
    heads = ("Outcomes", "Performance measures", "End of year update", "Lead organisation")
    cells = ("1a: Help comes early", f"i) {TITLE}", "412 of 530 families said so in March.", "City Council")
    for row, words in zip(table.rows, (heads, cells), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    document.save(str(file))


def words_of(paper: Path) -> str:
    """All words of a PDF with the blanks made one, so that a line break does not part them."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(paper).pages).split())


def require(condition: bool, words: str) -> None:
    """Raise :class:`NotProved` with the words unless the condition holds."""
    if not condition:
        raise NotProved(words)


def prove_sample(bundle: Bundle, folder: Path) -> None:
    """The sample plan is made, proved and printed."""
    plan, paper = folder / "sample.cypp", folder / "sample.pdf"
    bundle.run("new", plan, "--sample", "city")
    bundle.run("check", plan)
    bundle.run("print", plan, "--layout", "update", "-o", paper)
    title = "Percentage of women smoking at the time of delivery"
    require(title in words_of(paper), "The printed sample lacks the title of a measure.")


def prove_json(bundle: Bundle, folder: Path) -> None:
    """What is exported and imported again is exported as the same bytes."""
    first, second, copy = folder / "first.json", folder / "second.json", folder / "copy.cypp"
    bundle.run("export", folder / "sample.cypp", "-o", first)
    bundle.run("import", first, "-o", copy)
    bundle.run("export", copy, "-o", second)
    require(json.loads(first.read_bytes())["priorities"] != [], "The exported sample is empty.")
    require(first.read_bytes() == second.read_bytes(), "Export, import and export changed the plan.")


def prove_word(bundle: Bundle, folder: Path) -> None:
    """A Word table comes in and goes out on paper."""
    source, plan, paper = folder / "plan.docx", folder / "word.cypp", folder / "word.pdf"
    word_document(source)
    bundle.run("import", source, "-o", plan, allowed=(0, 3))
    bundle.run("print", plan, "--layout", "update", "-o", paper)
    require(TITLE in words_of(paper), "The printed Word plan lacks its measure.")


def prove_reader(bundle: Bundle, folder: Path) -> None:
    """It can be the second process that reads many returned files."""
    said = bundle.run("read-files")
    require(said == '"read-files"\n', f"Reading files for another process began with {said!r}.")


def prove_window(bundle: Bundle, folder: Path) -> None:
    """The window opens on the plan, and the application ends by itself."""
    bundle.run(folder / "sample.cypp", CYPP_DESKTOP_QUIT_AFTER_START="1")


def size_of(folder: Path) -> str:
    """The size of all files of a folder, in words."""
    size = sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return f"{size / 1_000_000:.0f} MB"


def main(words: Sequence[str]) -> int:
    """Exit code 0 if all is proved, 1 if not."""
    built = Path(words[0]).resolve()
    proofs: Sequence[tuple[str, Callable[[Bundle, Path], None]]] = (
        ("makes, checks and prints the sample plan", prove_sample),
        ("exports and imports plan JSON", prove_json),
        ("imports and prints a Word document", prove_word),
        ("reads files for another process", prove_reader),
        ("opens the window and ends", prove_window),
    )
    with tempfile.TemporaryDirectory(prefix="cypp-bundle-") as name:
        folder = Path(name)
        bundle = Bundle(built / PROGRAM, folder / "home")
        for what, proof in proofs:
            try:
                proof(bundle, folder)
            except (NotProved, OSError, subprocess.TimeoutExpired) as problem:
                print(f"The bundle does not prove that it {what}.\n{problem}", file=sys.stderr)
                return 1
            print(f"The bundle {what}.", flush=True)
    print(f"{built}: {size_of(built)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
