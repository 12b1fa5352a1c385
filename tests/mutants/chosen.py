"""A plug-in of pytest: run these tests alone, in this order, and tell what each of them touches.

CYPP_MUTANTS_CHOSEN names a file with the tests to run, one a line. CYPP_MUTANTS_MEASURED names where to write
which lines each test touches (for coverage), and beside it, as JSON, the seconds of those that passed. A test
here is its function: cases of one function with different values belong together.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

CHOSEN = "CYPP_MUTANTS_CHOSEN"
MEASURED = "CYPP_MUTANTS_MEASURED"


def function_of(node_id: str) -> str:
    """The test without the values of one case."""
    return node_id.partition("[")[0]


def whole_file(test: str) -> str:
    """All tests of the file of this one."""
    return test.partition("::")[0] + "::"


def clear_caches() -> None:
    """Forget what functions of ours, or of the tests, have kept."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("cypp_desktop", "tests"):
            for value in list(vars(module).values()):
                if callable(getattr(value, "cache_clear", None)) and not isinstance(value, type):
                    value.cache_clear()


class InOrder:
    """Only the tests that are listed, in the order of the list."""

    def __init__(self, tests: list[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        listed = [item for item in items if function_of(item.nodeid) in self._places]
        items[:] = sorted(listed, key=lambda item: self._places[function_of(item.nodeid)])


class Measured:
    """Lines, seconds and result of each test."""

    def __init__(self, data: Path) -> None:
        import coverage

        self._data = data
        self._seconds: dict[str, float] = defaultdict(float)
        self._failed: set[str] = set()
        self._running = ""
        self._coverage = coverage.Coverage(
            data_file=str(data), config_file=False, source=["src/cypp_desktop"], messages=False
        )
        self._coverage.set_option("run:relative_files", True)
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._running = function_of(item.nodeid)
        begun = time.monotonic()
        # What an earlier test has left behind in a cache, this one touches too.
        clear_caches()
        self._coverage.switch_context(self._running)
        try:
            return (yield)
        finally:
            self._coverage.switch_context("")
            self._seconds[self._running] += time.monotonic() - begun

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """What is made once for many tests is touched by all tests of the file."""
        if fixturedef.scope == "function":
            return (yield)
        self._coverage.switch_context(whole_file(self._running))
        try:
            return (yield)
        finally:
            self._coverage.switch_context(self._running)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(function_of(report.nodeid))

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        self._coverage.save()
        passed = {test: round(took, 3) for test, took in self._seconds.items() if test not in self._failed}
        self._data.with_suffix(".json").write_text(json.dumps(passed, indent=1), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Begin, before the first of our modules is read."""
    if MEASURED in os.environ:
        config.pluginmanager.register(Measured(Path(os.environ[MEASURED])))
    if CHOSEN in os.environ:
        tests = Path(os.environ[CHOSEN]).read_text(encoding="utf-8").splitlines()
        config.pluginmanager.register(InOrder(tests))
