"""The second process that reads files through: the same comes of it with it, without, or with half of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cypp_desktop.merge.gates import read_ahead
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received, Refusal
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.sent import tampered

FILES = read_ahead.MANY + 6
Started = list[subprocess.Popen[bytes]]


@pytest.fixture
def files(answer: Path) -> list[Path]:
    """More returns than are read through alone: one is damaged, one is no plan, one is there twice."""
    found = []
    for number in range(FILES):
        path = Path(shutil.copy(answer, answer.with_name(f"Réponse {number}{answer.suffix}")))
        with tampered(path) as db:
            db.execute(
                "UPDATE meta SET value = ? WHERE key = 'finished_at'", (f"2018-06-15T09:00:{number:02}Z",)
            )
        found.append(path)
    found[-2].write_bytes(found[-2].read_bytes()[:-4096])
    found[-3].write_text("no plan", encoding="utf-8")
    shutil.copy(found[2], found[-1])
    return found


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The processes that were started, on whatever machine this is."""
    found: Started = []
    really = read_ahead._started

    def start() -> subprocess.Popen[bytes]:
        found.append(really())
        return found[-1]

    monkeypatch.setattr(read_ahead, "_started", start)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return found


def outcome(plan: OpenPlan, files: list[Path]) -> list[object]:
    """What became of each file."""
    found = receive(files, plan)
    assert not list((plan.working.data / "quarantine").iterdir())
    return [each if isinstance(each, Received) else (each.path, each.gate, each.words) for each in found]


@pytest.fixture
def alone(plan: OpenPlan, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What becomes of the files without another process."""
    with monkeypatch.context() as without:
        without.setattr(read_ahead, "MANY", FILES + 1)
        found = outcome(plan, files)
    refused = [each[1] for each in found if isinstance(each, tuple)]
    assert refused == ["opened", "opened", "not_seen_before"]
    return found


def test_what_another_process_reads_through_comes_to_the_same(
    plan: OpenPlan, files: list[Path], alone: list[object], started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    really = read_ahead._Reader.answer

    def answer(reader: read_ahead._Reader) -> read_ahead.ReadThrough | None:
        answers.append(really(reader))
        return answers[-1]

    waits_until_it_is_there(monkeypatch)
    monkeypatch.setattr(read_ahead._Reader, "answer", answer)
    assert outcome(plan, files) == alone
    assert len(answers) == FILES - 1 and None not in answers
    assert len({each.digest for each in answers if each and each.refusal is None}) == 1
    assert [process.poll() is not None for process in started] == [True]


def waits_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the first question wait, so that the test need not have so many files."""
    really = read_ahead._Reader.is_there

    def is_there(reader: read_ahead._Reader) -> bool:
        until = time.monotonic() + 60
        while not (found := really(reader)) and not reader._lost and time.monotonic() < until:
            time.sleep(0.01)
        return found

    monkeypatch.setattr(read_ahead._Reader, "is_there", is_there)


BEGINS = "import json, sys, time; print(json.dumps('read-files'), flush=True); sys.stdin.readline(); "


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(600)",
        "print('Good morning', flush=True); input()",
        "raise SystemExit(1)",
        "import json; print(json.dumps('read-files'), flush=True)",
        BEGINS,
        BEGINS + "open(json.loads(sys.stdin.readline())[1], 'w').write('half a file'); sys.exit(1)",
        BEGINS + "print('rubbish', flush=True); time.sleep(600)",
        BEGINS + "print(json.dumps([1, 2, 3]), flush=True); time.sleep(600)",
        BEGINS + "print(json.dumps(['', None, [1]]), flush=True); time.sleep(600)",
    ],
)
def test_a_process_that_is_of_no_use_does_no_harm(
    plan: OpenPlan, files: list[Path], alone: list[object], program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: Started = []

    def start() -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        found.append(subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe))
        return found[-1]

    monkeypatch.setattr(read_ahead, "_started", start)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    if "600" not in program or "json" in program:
        waits_until_it_is_there(monkeypatch)
    assert outcome(plan, files) == alone
    assert found[0].poll() is not None, "it was ended"


def test_a_process_that_is_killed_half_way_does_no_harm(
    plan: OpenPlan, files: list[Path], alone: list[object], started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    really: Callable[..., None] = read_ahead._Reader.ask
    asked = []

    def ask(reader: read_ahead._Reader, path: Path, copy: Path) -> None:
        asked.append(path)
        if len(asked) == 7:
            started[0].kill()
        really(reader, path, copy)

    waits_until_it_is_there(monkeypatch)
    monkeypatch.setattr(read_ahead._Reader, "ask", ask)
    assert outcome(plan, files) == alone
    assert 7 <= len(asked) < FILES


@pytest.mark.parametrize("cause", ["one processor", "no process to be had", "another file system"])
def test_it_goes_without_another_process(
    plan: OpenPlan,
    files: list[Path],
    alone: list[object],
    started: Started,
    cause: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start() -> subprocess.Popen[bytes]:
        raise PermissionError("not allowed here")

    if cause == "one processor":
        monkeypatch.setattr("os.cpu_count", lambda: 1)
    elif cause == "another file system":
        monkeypatch.setattr(plan.working, "fs", FileSystem())
    else:
        monkeypatch.setattr(read_ahead, "_started", start)
    assert outcome(plan, files) == alone
    assert started == []


def test_a_few_files_start_nothing(plan: OpenPlan, answer: Path, started: Started) -> None:
    (found,) = receive([answer], plan)
    assert not isinstance(found, Refusal) and started == []


def test_it_ends_when_nobody_asks_any_more_and_loads_nothing_heavy() -> None:
    words = [sys.executable, "-P", "-X", "importtime", "-m", "cypp_desktop", read_ahead.WORD]
    done = subprocess.run(words, input=b"", capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, b'"read-files"\n')
    assert b"sqlite3" in done.stderr
    assert b"sqlalchemy" not in done.stderr and b"PySide6" not in done.stderr


STARTS_ONE = """
import time
from cypp_desktop.merge.gates.read_ahead import _Reader, _started
from cypp_desktop.merge.gates.read_through import Tables
reader = _Reader(_started(), Tables(frozenset(), ()))
while not reader.is_there():
    time.sleep(0.01)
print(reader._process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes there are")
def test_it_ends_when_the_application_is_killed() -> None:
    application = subprocess.Popen([sys.executable, "-c", STARTS_ONE], stdout=subprocess.PIPE)
    assert application.stdout is not None
    other = Path("/proc") / application.stdout.readline().decode().strip()
    assert is_running(other)
    application.kill()
    application.wait()
    application.stdout.close()
    until = time.monotonic() + 60
    while is_running(other) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(other)


def is_running(process: Path) -> bool:
    try:
        return (process / "stat").read_text("utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
