"""Which tests touch a line: measured once for each file of tests, and kept while nothing has changed."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from queue import Queue

from coverage import CoverageData

from . import chosen
from .candidates import PACKAGE, Code, Mutant
from .copies import Copy

FOLDERS = ("tests/plan", "tests/store", "tests/merge", "tests/report", "tests/exchange")
LONGEST_MEASURING = 3600.0


def test_files(root: Path) -> list[str]:
    """The files of tests that are asked: those of the rooms and those at the top, not those of the window."""
    found = [path for folder in FOLDERS for path in (root / folder).rglob("test_*.py")]
    found += (root / "tests").glob("test_*.py")
    return sorted(path.relative_to(root).as_posix() for path in found)


class Touching:
    """What was measured."""

    def __init__(self, files: dict[str, Code], measured: Iterable[Path]) -> None:
        self._files = files
        self._data: list[CoverageData] = []
        #: Every test that passes, and the seconds it takes.
        self.seconds: dict[str, float] = {}
        for path in measured:
            self.seconds |= json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            data = CoverageData(basename=str(path))
            data.read()
            self._data.append(data)
        self._lines: dict[str, dict[int, set[str]]] = {}

    def tests(self, mutant: Mutant) -> list[list[str]]:
        """The tests that touch a mutant's line: those of its own room, then those of the others.

        First the files whose tests take the shortest time together, and in a file the short tests.
        """
        room = "tests/" + mutant.file.removeprefix(PACKAGE + "/").partition("/")[0] + "/"
        by_file: dict[str, set[str]] = defaultdict(set)
        for test in self._touching(mutant):
            by_file[chosen.whole_file(test)].add(test)
        times = {file: sum(self.seconds[test] for test in tests) for file, tests in by_file.items()}
        own: list[str] = []
        others: list[str] = []
        for file in sorted(by_file, key=lambda file: (times[file], file)):
            tests = sorted(by_file[file], key=lambda test: (self.seconds[test], test))
            (own if file.startswith(room) else others).extend(tests)
        return [tests for tests in (own, others) if tests]

    def _touching(self, mutant: Mutant) -> set[str]:
        code = self._files[mutant.file]
        where = _Where(code, mutant.place)
        if where.runs_at_import:
            return self._using(code, where.names)
        return self._at(mutant.file, [mutant.place[0]]) or self._at(mutant.file, where.lines)

    def _using(self, code: Code, names: set[str]) -> set[str]:
        """Tests that touch a function which speaks of these names, here or in another file.

        A line that runs when the module is read (a constant, a field, a default) is touched by no test, but
        what uses it is. Where nobody speaks of it, it is what touches any function of its file.
        """
        spoken = _spoken(_all_names(code.tree, names))
        tests: set[str] = set()
        for file, other in self._files.items():
            if spoken.search(other.source):
                tests |= self._at(file, _lines_of_functions(other, spoken))
        return tests or self._at(code.file, _lines_of_functions(code, _ANYTHING))

    def _at(self, file: str, lines: Iterable[int]) -> set[str]:
        by_line = self._lines_of(file)
        return {test for line in lines for test in by_line.get(line, ())}

    def _lines_of(self, file: str) -> dict[int, set[str]]:
        if file not in self._lines:
            by_line: dict[int, set[str]] = defaultdict(set)
            for data in self._data:
                for line, tests in data.contexts_by_lineno(file).items():
                    for test in tests:
                        by_line[line] |= self._by_file.get(test, {test} & self.seconds.keys())
            self._lines[file] = by_line
        return self._lines[file]

    @cached_property
    def _by_file(self) -> dict[str, set[str]]:
        files: dict[str, set[str]] = defaultdict(set)
        for test in self.seconds:
            files[chosen.whole_file(test)].add(test)
        return files


class _Where:
    """What a place stands in."""

    def __init__(self, code: Code, place: tuple[int, int]) -> None:
        #: The lines of the innermost statement; of an `if` or a `for` only its head.
        self.lines: list[int] = []
        #: Whether it runs when the module is read, and not when a function is called.
        self.runs_at_import = True
        #: What others call it by: the constant or the field, the function whose default it is, the class.
        self.names: set[str] = set()
        for node in _around(code, place):
            body = getattr(node, "body", None)
            in_body = isinstance(body, list) and bool(body) and place >= code.span(body[0])[0]
            last = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
            self.lines = list(range(node.lineno, max(last, node.lineno) + 1))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and in_body:
                self.runs_at_import = False
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.names = {node.name}
            if isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                self.names = {each.id for each in targets if isinstance(each, ast.Name)}


def _around(code: Code, place: tuple[int, int]) -> Iterator[ast.stmt]:
    """The statements that a place stands in, from the outside in."""
    statements: list[ast.AST] = [code.tree]
    while statements:
        inner: list[ast.AST] = []
        for statement in statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.stmt) and node is not statement:
                    start, end = code.span(node)
                    if start <= place < end:
                        inner.append(node)
        # `ast.walk` goes by depth, so the first of them is the outermost.
        statements = inner[:1]
        if inner and isinstance(inner[0], ast.stmt):
            yield inner[0]


_ANYTHING = re.compile("")


def _spoken(names: set[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b") if names else _ANYTHING


def _all_names(tree: ast.Module, names: set[str]) -> set[str]:
    """The names, and those of the constants of the module that are made of them."""
    found = set(names)
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            if used & found:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return found


def _lines_of_functions(code: Code, spoken: re.Pattern[str]) -> list[int]:
    """The lines of the bodies of all functions that have these words in them."""
    source = code.source.splitlines()
    lines: list[int] = []
    for node in ast.walk(code.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            end = node.end_lineno or node.lineno
            if spoken.search("\n".join(source[node.lineno - 1 : end])):
                lines += range(node.body[0].lineno, end + 1)
    return lines


# Measuring


def measure(root: Path, copies: Queue[Copy], kept: Path, workers: int) -> list[Path]:
    """Measure the files of tests that have changed, or all if the code has; where the figures are kept."""
    kept.mkdir(parents=True, exist_ok=True)
    files = test_files(root)
    shared = _fingerprint(root, files)
    wanted = {}
    for file in files:
        own = hashlib.sha256(shared + (root / file).read_bytes()).hexdigest()[:16]
        wanted[file] = kept / f"{file.replace('/', '-').removesuffix('.py')}-{own}.coverage"
    for path in set(kept.iterdir()) - {each.with_suffix(end) for each in wanted.values() for end in ENDINGS}:
        path.unlink()
    missing = [file for file, path in wanted.items() if not path.with_suffix(".json").exists()]
    if missing:
        print(f"Measuring which lines are touched by the tests in {len(missing)} files", flush=True)

    def one(file: str) -> None:
        copy = copies.get()
        try:
            _measure(copy, file, wanted[file])
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, missing))
    return list(wanted.values())


ENDINGS = (".coverage", ".json")


def _fingerprint(root: Path, test_files: list[str]) -> bytes:
    """What every measuring depends on: the code, and what tests share."""
    digest = hashlib.sha256()
    paths = [path for part in ("src", "tests") for path in (root / part).rglob("*.py")]
    own = root / "tests" / "mutants"
    for path in sorted(paths):
        file = path.relative_to(root).as_posix()
        aside = own in path.parents and path.name != "chosen.py"
        if file not in test_files and not aside and not file.startswith("tests/ui"):
            digest.update(file.encode() + b"\0" + path.read_bytes())
    return digest.digest()


def _measure(copy: Copy, file: str, data: Path) -> None:
    module = ("pytest", "-q", "-p", "tests.mutants.chosen", "-p", "no:cacheprovider", file)
    outcome = copy.run(module, LONGEST_MEASURING, {chosen.MEASURED: str(data)})
    if outcome.code != 0:
        print(f"{file}: not all of its tests pass; those that do not are left out.", flush=True)
        print("\n".join(line for line in outcome.words.splitlines() if line.startswith("FAILED")), flush=True)
