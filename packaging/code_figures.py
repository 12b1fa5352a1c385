#!/usr/bin/env python3
"""Figures of the code itself, to hold a change of structure against: ``python packaging/code_figures.py``.

Counts in src/cypp_desktop, from the syntax trees. With ``--json`` for another program.
"""

from __future__ import annotations

import ast
import collections
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "cypp_desktop"
#: What a plan is made of: a literal that names three of these tells something of the plan's shape.
ROW_TYPES = {
    "plan", "priority", "outcome", "measure", "action", "update", "observation", "lead", "lead_person",
    "organisation", "person", "round", "section", "recommendation", "action_measure", "update_measure",
    "Plan", "Priority", "Outcome", "Measure", "Action", "Update", "Observation", "Lead", "LeadPerson",
    "Organisation", "Person", "Round", "Section", "Recommendation", "ActionMeasure", "UpdateMeasure",
}  # fmt: skip
LONG_FUNCTION = 50
COMPLEX = 10
REPEATED_LINES = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def trees() -> dict[Path, ast.Module]:
    """The syntax tree of each file."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def nodes(files: dict[Path, ast.Module], *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    """All nodes of some kinds."""
    for tree in files.values():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield node


def complexity(function: Function) -> int:
    """Ways through a function: one, and one more for each branch, loop, condition and operand of and, or."""
    ways = 1
    for node in ast.walk(function):
        if node is not function and isinstance(node, Function):
            continue
        if isinstance(
            node, (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert)
        ):
            ways += 1
        elif isinstance(node, ast.BoolOp):
            ways += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            ways += 1 + len(node.ifs)
        elif isinstance(node, ast.match_case):
            ways += 1
    return ways


def is_dense(node: ast.AST) -> bool:
    """Whether a comprehension or conditional expression wants a second reading.

    A comprehension does with a second ``for``, with another one or a conditional expression inside it, or
    over more than three lines; a conditional expression with another one inside it, or over more than one
    line.
    """
    inside = [part for part in ast.walk(node) if part is not node]
    lines = (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1
    if isinstance(node, ast.IfExp):
        return lines > 1 or any(isinstance(part, ast.IfExp) for part in inside)
    fors = sum(isinstance(part, ast.comprehension) for part in inside)
    return fors > 1 or lines > 3 or any(isinstance(part, ast.IfExp) for part in inside)


def shape_literals(files: dict[Path, ast.Module]) -> int:
    """How many literals outside of others name three or more kinds of row."""
    count = 0
    for tree in files.values():
        inner: set[ast.AST] = set()
        for node in ast.walk(tree):
            if not isinstance(node, (ast.Dict, ast.Set, ast.List, ast.Tuple)) or node in inner:
                continue
            named = set()
            for part in ast.walk(node):
                inner.add(part)
                if isinstance(part, ast.Constant) and part.value in ROW_TYPES:
                    named.add(str(part.value).casefold())
                if isinstance(part, ast.Name) and part.id in ROW_TYPES:
                    named.add(part.id.casefold())
            count += len(named) >= 3
    return count


def files_naming(word: str) -> int:
    """How many files name a field."""
    return sum(word in path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))


def repeated_runs() -> int:
    """How many pairs of files share a run of six lines of code or more."""
    seen: dict[tuple[str, ...], set[Path]] = collections.defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        code = [
            line for line in lines if len(line) > 3 and not line.startswith(("#", "from ", "import ", '"'))
        ]
        for at in range(len(code) - REPEATED_LINES + 1):
            seen[tuple(code[at : at + REPEATED_LINES])].add(path)
    return len({frozenset(paths) for paths in seen.values() if len(paths) > 1})


def files_in_circles() -> int:
    """How many files stand in a circle of imports, those within functions and for types counted."""
    graph = grimp.build_graph("cypp_desktop")
    upstream = {module: graph.find_upstream_modules(module) for module in graph.modules}
    return sum(any(module in upstream[other] for other in upstream[module]) for module in upstream)


def figures() -> dict[str, int | float]:
    """Every figure by its name."""
    files = trees()
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    functions = [
        node for node in nodes(files, ast.FunctionDef, ast.AsyncFunctionDef) if isinstance(node, Function)
    ]
    classes = collections.Counter(
        node.name for node in nodes(files, ast.ClassDef) if isinstance(node, ast.ClassDef)
    )
    complex_ = sum(complexity(node) > COMPLEX for node in functions)
    thousand = lines / 1000
    return {
        "lines": lines,
        "files": len(files),
        "files over 500 lines": sum(
            len(path.read_text(encoding="utf-8").splitlines()) > 500 for path in files
        ),
        "functions": len(functions),
        f"functions over {LONG_FUNCTION} lines": sum(
            (node.end_lineno or 0) - node.lineno + 1 > LONG_FUNCTION for node in functions
        ),
        f"functions with a complexity over {COMPLEX}": complex_,
        "functions with a complexity over 20": sum(complexity(node) > 20 for node in functions),
        "those over 10 in percent": round(100 * complex_ / len(functions), 1),
        "comprehensions a thousand lines": round(sum(1 for _ in nodes(files, *COMPREHENSIONS)) / thousand, 1),
        "conditional expressions a thousand lines": round(
            sum(1 for _ in nodes(files, ast.IfExp)) / thousand, 1
        ),
        "comprehensions that want a second reading": sum(
            is_dense(node) for node in nodes(files, *COMPREHENSIONS)
        ),
        "conditional expressions that want a second reading": sum(
            is_dense(node) for node in nodes(files, ast.IfExp)
        ),
        "places that tell the shape of a plan": shape_literals(files),
        "files that name polarity": files_naming("polarity"),
        "files that name placeholder": files_naming("placeholder"),
        "class names used twice": sum(count > 1 for count in classes.values()),
        "sets of files that share six lines": repeated_runs(),
        "files in import circles, lazy ones counted": files_in_circles(),
    }


def main() -> int:
    found = figures()
    if "--json" in sys.argv:
        print(json.dumps(found, indent=1))
        return 0
    for name, value in found.items():
        print(f"{value:>10}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
