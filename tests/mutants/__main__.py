"""Draw a sample of mutants and say which are alive: ``python -m tests.mutants [--count N] [--seed N]``.

Exit code 1 when more than one in ten is alive. The results, with the test that noticed each of the others,
are kept in build/mutants/. A run that was stopped goes on with ``--resume``; so does one after which
tests were written: what was alive is tried again, unless it is explained.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from queue import Queue

from . import chosen
from .candidates import PACKAGE, Code, Mutant, code_of, sample
from .copies import Copy, Outcome
from .touching import Touching, measure

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "mutants"
EXPLAINED = Path(__file__).with_name("explained.toml")
#: The share of mutants that may be alive.
BOUND = 0.1

KILLED, TIMED_OUT, ALIVE, NOT_TOUCHED = "killed", "timed out", "alive", "alive, no test touches it"


@dataclass(frozen=True)
class Result:
    """What became of one mutant."""

    file: str
    line: int
    before: str
    after: str
    state: str
    #: The test that noticed it, as pytest says it.
    noticed: str
    #: The seed under which it is drawn and its number there, to look at it again.
    seed: int
    number: int

    @property
    def alive(self) -> bool:
        return self.state in (ALIVE, NOT_TOUCHED)

    @property
    def slip(self) -> tuple[str, str, str]:
        """By what it is explained: its file, and the line before and after."""
        return self.file, self.before, self.after

    def is_of(self, mutant: Mutant, files: dict[str, Code]) -> bool:
        """Whether the code has not changed since: it is still this slip at this place."""
        if (self.file, self.line) != (mutant.file, mutant.place[0]):
            return False
        source = files[mutant.file].source
        return self.slip == (mutant.file, *lines_changed(source, mutant.apply(source)))


def lines_changed(before: str, after: str) -> tuple[str, str]:
    """The first line that a slip changes: as it was, and as it is."""
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            return old.strip(), new.strip()
    return "", ""


def explanations() -> dict[tuple[str, str, str], str]:
    """Why a living mutant may live, by its file and its line before and after, wherever in it the line is."""
    table = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    return {
        (f"{PACKAGE}/{each['file']}", each["before"], each["after"]): each["why"] for each in table["mutant"]
    }


class Runs:
    """The runs of tests, a few side by side, each in a copy of the checkout."""

    def __init__(self, files: dict[str, Code], touching: Touching, copies: Queue[Copy], seed: int) -> None:
        self._files = files
        self._touching = touching
        self._copies = copies
        self._seed = seed

    def result(self, number: int, mutant: Mutant) -> Result:
        """Run the tests of one mutant."""
        source = self._files[mutant.file].source
        changed = mutant.apply(source)
        before, after = lines_changed(source, changed)
        state, noticed = NOT_TOUCHED, ""
        copy = self._copies.get()
        try:
            copy.write(mutant.file, changed)
            for tests in self._touching.tests(mutant):
                state, noticed = self._judge(self._run(copy, tests))
                if state != ALIVE:
                    break
        finally:
            copy.write(mutant.file, source)
            self._copies.put(copy)
        return Result(mutant.file, mutant.place[0], before, after, state, noticed, self._seed, number)

    def _run(self, copy: Copy, tests: list[str]) -> Outcome:
        listed = copy.folder / "chosen.txt"
        listed.write_text("\n".join(tests), encoding="utf-8")
        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
        seconds = [self._touching.seconds[test] for test in tests]
        # An endless loop ends with its test, not only with all of them.
        longest = f"faulthandler_timeout={60 + 10 * max(seconds):.0f}"
        module = ("pytest", "-x", "-q", "-p", "tests.mutants.chosen", "-p", "no:cacheprovider", "-o", longest)
        return copy.run((*module, *files), 180 + 8 * sum(seconds), {chosen.CHOSEN: str(listed)})

    @staticmethod
    def _judge(outcome: Outcome) -> tuple[str, str]:
        if outcome.code is None or "Timeout (" in outcome.words:
            return TIMED_OUT, ""
        if outcome.code == 0:
            return ALIVE, ""
        if outcome.code == 5:
            raise RuntimeError(f"None of the tests was found:\n{outcome.words}")
        lines = outcome.words.splitlines()
        noticed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        return KILLED, (noticed or lines or [""])[-1]


def known_before(kept: Path, drawn: Sequence[Mutant], files: dict[str, Code], seed: int) -> list[Result]:
    """What earlier runs found of the sample and need not be run again: it was noticed, or is explained."""
    why = explanations()
    known: dict[int, Result] = {}
    for path in sorted(kept.glob("results-*.json")):
        for each in json.loads(path.read_text(encoding="utf-8")):
            result = Result(**each)
            if result.seed != seed or result.number >= len(drawn):
                continue
            if not result.alive or result.slip in why:
                known[result.number] = result
    return [each for each in known.values() if each.is_of(drawn[each.number], files)]


def in_words(results: Sequence[Result]) -> str:
    """The results in words."""
    why = explanations()
    alive = [each for each in results if each.alive]
    timed_out = sum(each.state == TIMED_OUT for each in results)
    killed = len(results) - timed_out - len(alive)
    share = len(alive) / len(results) if results else 0.0
    lines = []
    for each in alive:
        reason = why.get(each.slip, "not explained")
        untouched = f" ({each.state})" if each.state == NOT_TOUCHED else ""
        lines.append(f"{each.file}:{each.line}{untouched}\n  - {each.before}\n  + {each.after}\n    {reason}")
    lines.append(
        f"{len(results)} drawn, {killed} killed, {timed_out} timed out, {len(alive)} alive: {share:.1%}"
        f" (at most {BOUND:.0%})"
    )
    return "\n".join(lines)


def show(files: dict[str, Code], drawn: list[Mutant]) -> None:
    """The sample itself, as differences."""
    for number, mutant in enumerate(drawn):
        before = files[mutant.file].source.splitlines()
        after = mutant.apply(files[mutant.file].source).splitlines()
        print(f"{number} {mutant.operator}")
        print("\n".join(difflib.unified_diff(before, after, mutant.file, lineterm="")))


def main(words: Sequence[str]) -> int:
    """Exit code 1: more than the bound are alive."""
    parser = argparse.ArgumentParser("mutants", description="Do the tests notice slips in the code?")
    parser.add_argument("--count", type=int, default=200, help="how many mutants to draw")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws others")
    parser.add_argument("--only", metavar="PATH", help="only files with this in their path")
    parser.add_argument("--number", type=int, nargs="*", help="of the sample only those with these numbers")
    parser.add_argument("--show", action="store_true", help="show the sample and run nothing")
    parser.add_argument("--workers", type=int, default=2, help="so many runs of tests side by side")
    parser.add_argument("--resume", action="store_true", help="run only what is not known from earlier runs")
    wishes = parser.parse_args(words)

    files = code_of(ROOT, wishes.only)
    drawn = sample(files, wishes.count, wishes.seed)
    if wishes.show:
        show(files, drawn)
        return 0
    numbered = [(n, mutant) for n, mutant in enumerate(drawn) if not wishes.number or n in wishes.number]
    before = known_before(KEPT, drawn, files, wishes.seed) if wishes.resume else []
    results = [each for each in before if each.number in dict(numbered)]
    left = [each for each in numbered if each[0] not in {result.number for result in results}]
    with tempfile.TemporaryDirectory(prefix="cypp-mutants-", ignore_cleanup_errors=True) as folder:
        copies: Queue[Copy] = Queue()
        for worker in range(wishes.workers):
            copies.put(Copy.of(ROOT, Path(folder, str(worker), "checkout")))
        measured = measure(ROOT, copies, KEPT / "measured", wishes.workers)
        runs = Runs(files, Touching(code_of(ROOT, None), measured), copies, wishes.seed)
        kept = KEPT / f"results-{datetime.now():%Y-%m-%d-%H%M%S}.json"
        with ThreadPoolExecutor(wishes.workers) as pool:
            for done in as_completed(pool.submit(runs.result, *each) for each in left):
                results.append(done.result())
                where = f"{results[-1].file}:{results[-1].line}, number {results[-1].number}"
                print(f"{len(results)}/{len(numbered)} {results[-1].state}: {where}", flush=True)
                kept.write_text(json.dumps([asdict(each) for each in results], indent=1), encoding="utf-8")
    results.sort(key=lambda each: each.number)
    print(f"\n{in_words(results)}\nEach of them: {kept}")
    return int(sum(each.alive for each in results) > BOUND * len(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
