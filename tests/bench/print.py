"""A plan on paper, beside every other way to print one: ``python -m tests.bench.print [MEASURES]``.

One table of four columns: 1,000 measures with an update of 1.2 kB each, every hundredth of 20 kB, and
outcomes that span ten rows. Ours is tagged PDF/UA-1 and PDF/A-3a; typst's is tagged as it comes; of the
others only time and memory count. Each runs in a process of its own, the quick ones three times in turns.
Typst, WeasyPrint and fpdf2 are installed into ``build/print-peers`` when first needed; LibreOffice is used
where it is. Who cannot print the long cells is asked again without them, and it says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.peers import peers_python
from tests.bench.print_peers import ENGINES
from tests.large_plans import large_plan

PEER_PACKAGES = ("typst", "weasyprint", "fpdf2")
OWN_PYTHON = ("ours", "Qt", "ReportLab", "LibreOffice")
ROUNDS = 3
PATIENCE = 600
#: who takes minutes is asked once
SLOW = ("WeasyPrint", "fpdf2", "LibreOffice", "ReportLab")
LONG_EVERY, LONG = 100, 17  # the long update is so many usual ones


def content(measures: int) -> list[dict[str, Any]]:
    """The rows of the table, as every program is given them."""
    rows: list[dict[str, Any]] = []
    for priority in large_plan(measures)["priorities"]:
        for outcome in priority["outcomes"]:
            for at, (measure, update) in enumerate(zip(outcome["measures"], outcome["updates"], strict=True)):
                text = update["text"]
                if len(rows) % LONG_EVERY == LONG_EVERY // 2:
                    text = "\n".join([text] * LONG)
                row: dict[str, Any] = {
                    "measure": f"{measure['code']}: {measure['title']}",
                    "update": text,
                    "lead": measure["leads"][0]["organisation"],
                }
                if at == 0:
                    row |= {
                        "outcome": f"{outcome['code']}: {outcome['title']}",
                        "span": len(outcome["measures"]),
                    }
                rows.append(row)
    return rows


def run(engine: str, python: str | Path, given: Path, out: Path) -> dict[str, Any] | str:
    """What it took, or why it could not."""
    script = Path(__file__).with_name("print_peers.py")
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(
            [python, script, engine, given, out],
            capture_output=True, text=True, env=variables, timeout=PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not done in {PATIENCE} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it ended"])[-1][:90]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def pythons() -> dict[str, str | Path]:
    """The Python in which each program is to be run, but for those that are not there."""
    peers = peers_python("print-peers", PEER_PACKAGES)
    if peers is None:
        print("typst, WeasyPrint and fpdf2 could not be installed, so they are left out.")
    if shutil.which("soffice") is None:
        print("LibreOffice is not installed, so it is left out.")
    found: dict[str, str | Path] = {}
    for engine in ENGINES:
        python = sys.executable if engine in OWN_PYTHON else peers
        if python is not None and (engine != "LibreOffice" or shutil.which("soffice")):
            found[engine] = python
    return found


def compare(measures: int, folder: Path) -> None:
    rows = content(measures)
    whole, short = folder / "whole.json", folder / "short.json"
    whole.write_text(json.dumps(rows), encoding="utf-8")
    usual = [row | {"update": "\n".join(row["update"].split("\n")[:10])} for row in rows]
    short.write_text(json.dumps(usual), encoding="utf-8")
    known, best, notes = pythons(), dict[str, dict[str, Any]](), dict[str, str]()
    for number in range(ROUNDS):
        for engine, python in known.items():
            if number and (engine in SLOW or engine not in best or engine in notes):
                continue
            out = folder / f"{engine}.pdf"
            found = run(engine, python, whole, out)
            if isinstance(found, str):
                notes[engine] = f"could not print it ({found}); this is without the long cells"
                found = run(engine, python, short, out)
            if isinstance(found, str):
                notes[engine] = f"could not print it: {found}"
            elif engine not in best or found["seconds"] < best[engine]["seconds"]:
                best[engine] = found
    own = best["ours"]["seconds"]
    print(f"{'':12}{'seconds':>9}{'to ours':>9}{'processor':>11}{'MB at most':>12}{'kB':>8}")
    for engine in known:
        if engine in best:
            it = best[engine]
            print(
                f"{engine:12}{it['seconds']:9.2f}{it['seconds'] / own:9.1f}{it['processor']:11.2f}"
                f"{it['megabytes']:12.0f}"
                f"{it['bytes'] / 1000:8.0f}  {notes.get(engine, '')}",
                flush=True,
            )
        else:
            print(f"{engine:12}{notes.get(engine, '')}", flush=True)


def growth(measures: int, folder: Path) -> None:
    """How much longer five times as much takes."""
    taken = []
    for size in (measures, 5 * measures):
        given = folder / f"{size}.json"
        given.write_text(json.dumps(content(size)), encoding="utf-8")
        results = [run("ours", sys.executable, given, folder / "growth.pdf") for _ in range(ROUNDS)]
        taken.append(min(each["seconds"] for each in results if isinstance(each, dict)))
    print(f"{5 * measures:,} measures take {taken[1]:.2f} s, {taken[1] / taken[0]:.1f} times {measures:,}")


def main() -> None:
    measures = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        compare(measures, Path(folder))
        growth(measures, Path(folder))
    print("(to reach: at most half of typst's time, a twentieth of WeasyPrint's, less memory than each,")
    print(" and at most 5.5 times as long for five times as much)")


if __name__ == "__main__":
    main()
