"""What finding costs in a plan of 10,000 measures of 1.2 kB: ``python -m tests.bench.find [MEASURES]``.

The first search reads the plan's words; every later one looks through them. "listed" is what the window asks
for: the first 1,000 hits. Beside it stands SQLite's own LIKE over the updates alone.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.search import Query, SearchIndex, search
from cypp_desktop.store import schema
from cypp_desktop.store.editor import Changed, Editor
from tests.large_plans import large_plan

LISTED = 1_000
ROUNDS = 5


def timed(act: Callable[[], object]) -> float:
    """The median of some runs, in milliseconds."""
    figures = []
    for _ in range(ROUNDS):
        began = perf_counter()
        act()
        figures.append((perf_counter() - began) * 1000)
    return statistics.median(figures)


def queries(db: sqlite3.Connection) -> list[tuple[str, Query]]:
    """What a person may ask, from the rare to what stands in nearly every text."""
    (organisation,) = db.execute("SELECT id FROM organisation ORDER BY name LIMIT 1").fetchone()
    lead = ("organisation", organisation)
    return [
        ("a word that is nowhere", Query("quixotic")),
        ("a word that is everywhere", Query("support")),
        ("one letter", Query("a")),
        ("two words", Query("improved health")),
        ("a phrase", Query('"families early review"')),
        ("a number", Query("2016")),
        ("a rare pair", Query("18 city")),
        ("all that an organisation leads", Query(lead=lead)),
        ("a word in what it leads", Query("health", lead=lead)),
        ("all drafts", Query(state="draft")),
        ("all green", Query(mark="green")),
        ("a word in updates", Query("early", what="updates")),
    ]


def main(measures: int) -> None:
    """Make the plan, search it, change it, search again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        schema.create_tables(path)
        engine = schema.connect(path)
        editor = Editor(engine, "bench")
        load_plan(editor, large_plan(measures))
        editor.session.rollback()
        with closing(sqlite3.connect(path)) as db:
            run(db, measures)
        editor.close()
        engine.dispose()


def run(db: sqlite3.Connection, measures: int) -> None:
    """Print the figures."""
    index = SearchIndex()
    began = perf_counter()
    search(db, Query("quixotic"), index)
    first = (perf_counter() - began) * 1000
    print(f"{measures} measures; first search, in which all words are read: {first:,.0f} ms")
    print(f"{'milliseconds':<40}{'listed':>10}{'all':>10}{'hits':>10}")
    slowest = 0.0
    for words, query in queries(db):
        search(db, query, index, limit=1)  # what marks and states are asked for is kept from here on
        listed = timed(lambda query=query: search(db, query, index, limit=LISTED))
        whole = timed(lambda query=query: search(db, query, index))
        slowest = max(slowest, listed)
        print(f"{words:<40}{listed:>10.1f}{whole:>10.1f}{len(search(db, query, index)):>10,}")
    like_query = "SELECT count(*) FROM \"update\" WHERE text LIKE '%quixotic%'"
    like = timed(lambda: db.execute(like_query).fetchone())
    print(f"{'SQLite LIKE in updates only':<40}{like:>10.1f}")
    snippets = timed(lambda: [hit.snippet for hit in search(db, Query("support"), index, limit=40)])
    print(f"{'40 hits with what is shown of them':<40}{snippets:>10.1f}")
    (update,) = db.execute('SELECT id FROM "update" LIMIT 1').fetchone()
    changed = Changed("Edit", frozenset(), frozenset(), {("update", update): frozenset({"text"})})

    def after_an_edit() -> None:
        index.note(changed)
        search(db, Query("quixotic"), index, limit=LISTED)

    print(f"{'after an edit of one text':<40}{timed(after_an_edit):>10.1f}")
    print(f"slowest listed: {slowest:.0f} ms, {slowest / like:.1f} times LIKE")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
