"""What the application makes, as digests: the same before and after a change that is to change nothing.

    python -m tests.fingerprint OUT.json [PLAN.json …]     over the samples, and over these plans
    python -m tests.fingerprint --compare ONE.json OTHER.json

Over each plan: every layout and pack as PDF (pages and words), HTML and Word; plan JSON; the lines of `show`
and of the history after some edits; what a return for each organisation holds; and, once, what merges of
generated edits come to. All by the command line, so that nothing here knows how it is done. Run both on one
day: prints say what is overdue. Ids, moments and folders are left out of what is compared, but for merges,
in which ids decide: the plan that they begin with is kept as OUT.cypp, and a second run begins with the same
where that is copied beside its own OUT.json first.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from cypp_desktop.__main__ import main as command
from tests.report.reading import leaves

SAMPLES = ("city", "county", "review")
#: How many merges of generated edits are tried.
MERGES = 40

_NOT_COMPARED = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"  # ids
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z?"  # moments
    r"|\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b"
    r"|Digest [0-9a-f]{64}"  # of the file, ids and all
)


def run(*words: object) -> str:
    """What a command says, with its exit code; a refusal is an answer too."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = command([str(word) for word in words])
    return f"{said.getvalue()}\n{code}"


def digest(text: str, folder: Path) -> str:
    """A short digest of a text without what differs from run to run."""
    plain = _NOT_COMPARED.sub("·", text.replace(str(folder), "·"))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def paper_words(path: Path) -> str:
    """The words of a print, page by page where it has pages."""
    if path.suffix == ".pdf":
        return "\f".join(leaf.text for leaf in leaves(path.read_bytes()))
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            parts = sorted(package.namelist())
            return "\f".join(package.read(part).decode() for part in parts if part.endswith(".xml"))
    return path.read_text(encoding="utf-8")


def of_paper(plan: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Every layout and pack in the three kinds."""
    for one in json.loads(run("layouts", plan, "--json").rpartition("\n")[0]):
        for suffix in (".pdf", ".html", ".docx"):
            out = folder / f"paper{suffix}"
            out.unlink(missing_ok=True)
            said = run("print", plan, f"--{one['kind']}", one["name"], "--since", "2017-06-01", "-o", out)
            words = paper_words(out) if out.exists() else ""
            yield f"print {one['kind']} {one['name']}{suffix}", digest(said + words, folder)


def rows_of(plan: Path) -> list[str]:
    """The addresses of the outcomes and measures, in order."""
    exported = plan.with_suffix(".json")
    run("export", plan, "-o", exported)
    found = []
    for number, priority in enumerate(json.loads(exported.read_text(encoding="utf-8"))["priorities"], 1):
        for at, outcome in enumerate(priority["outcomes"], 1):
            found.append(f"#{number}/#{at}")
            found += [f"#{number}/#{at}/#{last}" for last in range(1, len(outcome["measures"]) + 1)]
    return found


def edit(plan: Path, chance: random.Random, addresses: Sequence[str], who: str, count: int) -> str:
    """Make some edits that a person could make; what was said of them."""
    said = []
    for number in range(count):
        address = chance.choice(addresses)
        field = chance.choice(("title", "note", "update") if address.count("/") == 2 else ("title", "note"))
        said.append(run("set", plan, address, field, f"{who} {number}\n\n- one\n- two", "--as", who))
    return "\n".join(said)


def of_returns(plan: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """What goes out to each organisation, and what comes of it."""
    exported = json.loads(plan.with_suffix(".json").read_text(encoding="utf-8"))
    chance = random.Random(9)
    sent = folder / "returns"
    sent.mkdir()
    for organisation in exported.get("organisations") or ():
        said = run("issue", plan, "--to", organisation["name"], "-o", sent)
        yield f"issue {organisation['name']}", digest(said, folder)
    for path in sorted(sent.glob("*.cypp-return")):
        yield f"return {path.name}", digest(run("show", path), folder)
        out = sent / "return.json"
        out.unlink(missing_ok=True)
        run("export", path, "-o", out)
        yield f"return {path.name} as JSON", digest(out.read_text() if out.exists() else "", folder)
        yield f"edits of {path.name}", digest(edit(path, chance, rows_of(path) or ["plan"], "Pat", 4), folder)
    files = sorted(sent.glob("*.cypp-return"))
    if files:
        yield "merge tried", digest(run("merge", plan, *files, "--dry-run"), folder)
        yield "merge", digest(run("merge", plan, *files), folder)
        yield "conflicts", digest(run("conflicts", plan), folder)
        yield "returns", digest(run("returns", plan), folder)


def of_plan(source: Sequence[object], folder: Path) -> Iterator[tuple[str, str]]:
    """All that is made of one plan."""
    plan = folder / "Plan.cypp"
    yield "made", digest(run(*source, plan), folder)
    yield from of_paper(plan, folder)
    addresses = rows_of(plan)
    exported = plan.with_suffix(".json").read_text(encoding="utf-8")
    yield "export", digest(exported, folder)
    yield "show", digest("".join(run("show", plan, address) for address in addresses), folder)
    yield "edits", digest(edit(plan, random.Random(7), addresses, "Ann", 20), folder)
    yield "undo", digest(run("undo", plan) + run("undo", plan) + run("redo", plan), folder)
    yield from of_returns(plan, folder)
    yield "history", digest(run("history", plan), folder)
    out = folder / "changes.html"
    said = run("print", plan, "--layout", "changes", "--since", "2017-06-01", "-o", out)
    yield "changes", digest(said + paper_words(out), folder)
    yield "check", digest(run("check", plan), folder)


def of_merges(folder: Path, base: Path) -> Iterator[tuple[str, str]]:
    """What three people's generated edits come to in the plan of a fourth.

    They begin with the plan ``base``, which is made where it is not there.
    """
    from tests.store import partners
    from tests.store.partners import _OFTEN, Deed, people

    if not base.exists():
        shutil.copy(partners._template(), base)
    partners._template = lambda: base  # type: ignore[assignment]
    for seed in range(MERGES):
        chance = random.Random(seed)
        made = random.Random(seed)
        whole = os.urandom
        os.urandom = made.randbytes  # type: ignore[assignment]
        try:
            deeds = [
                [Deed(chance.choice(_OFTEN), chance.randint(0, 26), chance.randint(0, 300)) for _ in range(5)]
                for _ in range(4)
            ]
            holder, *partners = people(deeds[0], deeds[1:])
            holder.merge(*(partner.changes() for partner in partners))
            said, marks = holder.snapshot()
        finally:
            os.urandom = whole
        yield f"merge {seed}", said + digest(str([mark[:4] for mark in marks]), folder)


def fingerprints(plans: Sequence[Path], base: Path) -> dict[str, str]:
    """Every digest by what it is of."""
    found: dict[str, str] = {}
    sources: dict[str, tuple[object, ...]] = {
        f"sample {name}": ("new", "--sample", name) for name in SAMPLES
    } | {path.stem: ("import", path, "-o") for path in plans}
    for name, source in sources.items():
        with tempfile.TemporaryDirectory() as home:
            os.environ["CYPP_DESKTOP_HOME"] = f"{home}/home"
            found |= {f"{name}: {of}": made for of, made in of_plan(source, Path(home))}
        print(f"{name}: {len(found)} digests so far", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as home:
        found |= dict(of_merges(Path(home), base))
    return found


def compare(one: Path, other: Path) -> int:
    """Say what differs; exit code 1 where anything does."""
    before, after = (json.loads(path.read_text(encoding="utf-8")) for path in (one, other))
    differing = [key for key in sorted(before | after) if before.get(key) != after.get(key)]
    for key in differing:
        print(key)
    print(f"{len(before)} before, {len(after)} after, {len(differing)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    if sys.argv[1] == "--compare":
        sys.exit(compare(Path(sys.argv[2]), Path(sys.argv[3])))
    out = Path(sys.argv[1])
    made = fingerprints([Path(name) for name in sys.argv[2:]], out.with_suffix(".cypp"))
    out.write_text(json.dumps(made, indent=1), encoding="utf-8")
