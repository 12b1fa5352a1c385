"""SQL is written in ``store`` alone; elsewhere functions of ``store`` are called that say what they give."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import cypp_desktop

SRC = Path(cypp_desktop.__file__).parent

#: The tree and the search index are read before anything of ``store`` is loaded.
IN_PLAN = {"plan/answered.py", "plan/outline.py", "plan/search.py", "plan/search_texts.py"}
#: What declares the tables: it names types of columns and runs nothing.
DECLARE = {"plan/base.py", "plan/columns.py", "plan/model.py"}

#: Methods of SQLite's and SQLAlchemy's connections and sessions that take a statement.
METHODS = {"exec_driver_sql", "execute", "executemany", "executescript", "scalar", "scalars"}
#: What may be imported of SQLAlchemy: it says of what type something is, or looks at a mapped class or row.
HARMLESS = {
    "Boolean", "Connection", "Engine", "Integer", "KeyedColumnElement", "Session", "inspect",
    "object_session",
}  # fmt: skip


def test_sql_stands_in_store_and_in_the_tree_and_search_of_plan() -> None:
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        name = path.relative_to(SRC).as_posix()
        if name.startswith("store/") or name in IN_PLAN | DECLARE:
            continue
        uses = list(sql_in(ast.parse(path.read_text(encoding="utf-8"))))
        if uses:
            found[name] = uses
    assert found == {}


def test_the_files_of_plan_that_may_hold_sql_do_hold_it() -> None:
    for name in IN_PLAN:
        assert list(sql_in(ast.parse((SRC / name).read_text(encoding="utf-8")))), name


def test_a_statement_is_noticed_however_it_is_written() -> None:
    for source in (
        "db.execute('SELECT 1')",
        "rows = session.scalars(statement)",
        "connection.exec_driver_sql('SELECT 1')",
        "from sqlalchemy import select",
        "from sqlalchemy.orm import selectinload",
        "import sqlalchemy",
    ):
        assert list(sql_in(ast.parse(source))), source
    assert not list(sql_in(ast.parse("from sqlalchemy.orm import Session\nrows_in_order(session, Measure)")))


def sql_in(module: ast.Module) -> Iterator[str]:
    """Where a module makes or runs a statement, each with its line."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            yield f"line {node.lineno}: .{node.func.attr}("
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "sqlalchemy":
                    yield f"line {node.lineno}: import {alias.name}"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy":
            for alias in node.names:
                if alias.name not in HARMLESS:
                    yield f"line {node.lineno}: from {node.module} import {alias.name}"
