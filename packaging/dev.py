#!/usr/bin/env python3
"""Set up, run and test CYPP Desktop from a checkout: two commands on a fresh machine.

    python3 packaging/dev.py run       make the environment, open the window on a sample plan
    python3 packaging/dev.py test      make the environment, run all checks and tests, without a screen

and for work on the code

    python3 packaging/dev.py test tests/plan -k codes    only these tests, no checks of the code
    python3 packaging/dev.py lint         ruff, mypy and the contract on imports
    python3 packaging/dev.py slow         the long proofs
    python3 packaging/dev.py mutants      200 slips in the code, and which of them no test notices (slow)
    python3 packaging/dev.py bench        the benchmarks
    python3 packaging/dev.py screenshots  the pictures of the README, from the real window
    python3 packaging/dev.py bundle       build the application as a folder, and prove that it works
    python3 packaging/dev.py bare         run and test on bare machines of Debian, made for it (root, slow)
    python3 packaging/dev.py pins         write packaging/constraints.txt anew from this environment

Needs Python 3.11 or later and nothing else: standard library only. The environment is `.venv` in the
checkout; it is made once, and again only when pyproject.toml or the constraints change.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import prove_bare
import system
from system import Needs, SystemProblem

from cypp_desktop import machine
from cypp_desktop.machine import DRAWING, WAYLAND, X11, SystemPackage

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMP = ENVIRONMENT / "cypp-desktop-setup"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST_PYTHON = (3, 11)
NOTHING_MORE = Needs()

SAMPLE = "city"
SAMPLE_NAME = "Sample city plan"
SAMPLE_LAYOUT = "update"


# Setting up


def set_up(needs: Needs = NOTHING_MORE) -> None:
    """See that machine and environment have what is needed. Nothing to do takes a fraction of a second.

    What the machine lacks comes first, in one go, before minutes are spent on downloads.
    """
    works = _environment_works()
    system.ensure(needs._replace(environments=not works))
    wanted = _fingerprint()
    if works and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    if not works:
        say(f"Making the environment in {ENVIRONMENT} (the first time this takes a few minutes)")
        call([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], "The environment could not be made")
    say("Installing what CYPP Desktop needs")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    call(
        [*pip, "--editable", f"{ROOT}[dev]", "--constraint", CONSTRAINTS],
        "The installation failed: see above. Is there a way to the package index (pypi.org)?",
    )
    STAMP.write_text(wanted, encoding="utf-8")


def _fingerprint() -> str:
    """What the environment depends on; when it changes, the installation runs again."""
    digest = hashlib.sha256(str(ROOT).encode())
    for file in (ROOT / "pyproject.toml", CONSTRAINTS):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _environment_works() -> bool:
    """Whether .venv has a Python that starts, is new enough and has pip: a moved or half-made one fails."""
    if not PYTHON.exists():
        return False
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    try:
        return subprocess.run([PYTHON, "-c", question], capture_output=True, env=_variables()).returncode == 0
    except OSError:
        return False


def _variables(offscreen: bool = False) -> dict[str, str]:
    """The variables for what we start: none that would lead our Python to another one's packages."""
    variables = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONPATH")}
    variables["PYTHONUTF8"] = "1"
    if offscreen:
        variables["QT_QPA_PLATFORM"] = "offscreen"
    return variables


# Starting things


def say(words: str) -> None:
    """A line for the person, in its place among the lines of what we start."""
    print(words, flush=True)


def call(command: Sequence[str | Path], trouble: str, offscreen: bool = False) -> None:
    """Run a command that must succeed; raise :class:`SystemProblem` with the words given if it does not."""
    if subprocess.run(command, cwd=ROOT, env=_variables(offscreen)).returncode != 0:
        raise SystemProblem(trouble)


def module(*words: str | Path, offscreen: bool = True) -> int:
    """Run `python -m ...` of the environment in the checkout; its exit code."""
    return subprocess.run([PYTHON, "-m", *words], cwd=ROOT, env=_variables(offscreen)).returncode


# The commands


def run(arguments: Sequence[str]) -> int:
    """Open the window on the sample plan, or on the plan named; without a display, print the sample."""
    if not machine.has_display():
        # Paper needs none of Qt's libraries.
        set_up()
        if arguments:
            return module("cypp_desktop", *arguments)
        say("There is no display on this machine, so no window can open. Doing the main job without one.")
        return _print_sample()
    set_up(Needs(machine.libraries_for(os.environ)))
    if arguments:
        return module("cypp_desktop", *arguments, offscreen=False)
    if not machine.display_answers():
        say("The display does not answer, so no window can open. Doing the main job without one.")
        return _print_sample()
    return module("cypp_desktop", _sample_plan(), offscreen=False)


def _sample_plan() -> Path:
    """The person's own copy of the sample plan, made at the first call and kept from then on."""
    plan = _sample_folder() / f"{SAMPLE_NAME}.cypp"
    if not plan.exists():
        code = module("cypp_desktop", "new", plan, "--sample", SAMPLE)
        if code not in (0, 3):
            raise SystemProblem("The sample plan could not be made: see above.")
        say(f"The sample plan is {plan}")
    return plan


def _sample_folder() -> Path:
    """The person's documents; where there is no such folder, the application's own data folder."""
    documents = Path.home() / "Documents"
    if documents.is_dir() and os.access(documents, os.W_OK):
        return documents
    question = "from cypp_desktop import paths; print(paths.data_folder())"
    command: list[str | Path] = [PYTHON, "-c", question]
    answer = subprocess.run(command, env=_variables(), stdout=subprocess.PIPE, encoding="utf-8")
    if answer.returncode != 0:
        raise SystemProblem("There is no folder to put the sample plan in: see above.")
    return Path(answer.stdout.strip())


def _print_sample() -> int:
    plan = _sample_plan()
    paper = plan.with_suffix(".pdf")
    code = module("cypp_desktop", "print", plan, "--layout", SAMPLE_LAYOUT, "-o", paper)
    if code in (0, 3):
        say(f"The sample plan, printed: {paper}")
    return code


def lint(arguments: Sequence[str]) -> int:
    """The checks that read the code; how many of them found something."""
    set_up()
    # The import checker's command is a script only, and scripts do not survive a moved checkout.
    imports = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    checks: dict[str, list[str]] = {
        "ruff": ["-m", "ruff", "check", "."],
        "mypy": ["-m", "mypy"],
        "import-linter": ["-c", imports],
    }
    broken = []
    for name, words in checks.items():
        say(f"== {name}")
        if subprocess.run([PYTHON, *words], cwd=ROOT, env=_variables()).returncode != 0:
            broken.append(name)
    if broken:
        say(f"To mend: {', '.join(broken)}")
    return len(broken)


#: Whole files of tests side by side, as many as the machine has processors.
EVERY_PROCESSOR = ("--numprocesses=logical", "--dist=loadfile")
#: Programs of others that read our PDFs, for the tests that do not want to take our own word for it.
OTHER_READERS = {name: SystemPackage("poppler-utils", "poppler") for name in ("pdfinfo", "pdftotext")}


def test(arguments: Sequence[str]) -> int:
    """All checks and tests, the tests last. With arguments: pytest alone, on what they name."""
    set_up(Needs(DRAWING, helpful=OTHER_READERS))
    broken = 0 if arguments else lint([])
    failed = module("pytest", *(arguments or EVERY_PROCESSOR))
    if broken:
        print("The tests ran, but checks of the code found something: see above.", file=sys.stderr)
    return failed or min(broken, 1)


def slow(arguments: Sequence[str]) -> int:
    """The long proofs, which the usual test run leaves out, and generated cases in greater number."""
    set_up(Needs(DRAWING))
    options = ("-m", "slow or hypothesis", "--hypothesis-profile=slow", "-o", "faulthandler_timeout=0")
    return module("pytest", *options, *arguments)


def mutants(arguments: Sequence[str]) -> int:
    """Slips put into copies of the code, one by one; 1 when the tests let more than a tenth of them live."""
    set_up(Needs(DRAWING, helpful=OTHER_READERS))
    return module("tests.mutants", *arguments)


def bench(arguments: Sequence[str]) -> int:
    """The benchmarks, with what they compare against in the same run."""
    set_up(Needs(DRAWING))
    return module("tests.bench", *arguments)


def screenshots(arguments: Sequence[str]) -> int:
    """The pictures of the README, taken from the real window."""
    set_up(Needs(DRAWING))
    command: list[str | Path] = [PYTHON, ROOT / "packaging" / "screenshots.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=_variables(offscreen=True)).returncode


def bundle(arguments: Sequence[str]) -> int:
    """Build the application as one folder, and prove that it starts, imports, prints and exits."""
    if sys.platform.startswith("linux"):
        libraries = DRAWING | X11 | WAYLAND | _shared_python()
        set_up(Needs(libraries, commands={"objdump": SystemPackage("binutils", "binutils")}))
    else:
        set_up()
    spec = ROOT / "packaging" / "cypp-desktop.spec"
    folders = ("--distpath", ROOT / "dist", "--workpath", ROOT / "build")
    if module("PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", *folders, spec) != 0:
        raise SystemProblem("The bundle could not be built: see above.")
    return module_file("prove_bundle.py", ROOT / "dist" / "cypp-desktop")


def _shared_python() -> dict[str, SystemPackage]:
    """The library of this Python itself, which goes into the bundle; Debian keeps it in a package apart."""
    name = sysconfig.get_config_var("INSTSONAME") or ""
    folder = sysconfig.get_config_var("LIBDIR") or ""
    if ".so." not in name or (Path(folder) / name).exists():
        return {}
    return {name: SystemPackage(name.partition(".so.")[0], "python")}


def module_file(name: str, *arguments: Path) -> int:
    """Run a script of packaging/ with the environment's Python, away from the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        command: list[str | Path] = [PYTHON, ROOT / "packaging" / name, *arguments]
        return subprocess.run(command, cwd=folder, env=_variables(offscreen=True)).returncode


def bare(arguments: Sequence[str]) -> int:
    """Run and test on machines that have Python and git alone, or the cases of these that are named."""
    set_up()
    return min(prove_bare.prove(arguments, PYTHON), 1)


def pins(arguments: Sequence[str]) -> int:
    """Write the constraints anew from what is installed in the environment."""
    left_out = ("--exclude-editable", "--exclude", "setuptools")
    command: list[str | Path] = [PYTHON, "-m", "pip", "freeze", *left_out]
    answer = subprocess.run(command, env=_variables(), stdout=subprocess.PIPE, encoding="utf-8", check=True)
    lines = sorted((line for line in answer.stdout.splitlines() if "==" in line), key=str.lower)
    head = "# The versions that are tested together. Written by `python3 packaging/dev.py pins`.\n"
    CONSTRAINTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    say(f"{len(lines)} versions written to {CONSTRAINTS}")
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "lint": lint,
    "slow": slow,
    "mutants": mutants,
    "bench": bench,
    "screenshots": screenshots,
    "bundle": bundle,
    "bare": bare,
    "pins": pins,
}


def main(words: Sequence[str]) -> int:
    """Exit code: that of what was run; 1 when the machine lacks something; 2 for wrong usage."""
    if sys.version_info < OLDEST_PYTHON:
        print("CYPP Desktop needs Python 3.11 or later; this is " + sys.version.split()[0], file=sys.stderr)
        return 1
    if not words or words[0] not in COMMANDS:
        print((__doc__ or "").strip(), file=sys.stderr if words else sys.stdout)
        return 2 if words and words[0] not in ("-h", "--help", "help") else 0
    try:
        return COMMANDS[words[0]](words[1:])
    except SystemProblem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
