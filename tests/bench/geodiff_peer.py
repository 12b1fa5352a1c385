"""Merges the copies of a plan with GeoDiff, one after the other, and says in JSON what that took.

Run by :mod:`tests.bench.merge` in an environment that holds pygeodiff:
``python geodiff_peer.py BASE.sqlite EDITS.json``. Making a partner's copy is not timed.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pygeodiff


def main(base: Path, edits: Path) -> None:
    """Rebase the changes of each copy onto what all copies before it made of the base."""
    geodiff = pygeodiff.GeoDiff()
    now, mine, disputed = (base.with_name(name) for name in ("now.sqlite", "mine.sqlite", "conflicts.json"))
    shutil.copy(base, now)
    spent, conflicts = 0.0, 0
    for number, listed in enumerate(json.loads(edits.read_text("utf-8"))):
        shutil.copy(base, mine)
        with closing(sqlite3.connect(mine)) as db:
            for table, column, row_id, value in listed:
                db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (value, row_id))
            db.commit()
        disputed.unlink(missing_ok=True)
        began = perf_counter()
        if number:
            geodiff.rebase(str(base), str(now), str(mine), str(disputed))
        spent += perf_counter() - began
        now, mine = mine, now
        if disputed.exists():
            found = json.loads(disputed.read_text("utf-8"))["geodiff"]
            conflicts += sum(len(row["changes"]) for row in found)
    print(json.dumps({"seconds": spent, "conflicts": conflicts}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
