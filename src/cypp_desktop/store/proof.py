"""Whether a plan may be written: what ``check`` refuses is shown where it can be, and never saved over.

A file whose seal holds is what was saved, and that was sound: nothing more is asked of it. Any other is
checked from end to end before the first edit, which is rare: a file of an early version, one that another
program wrote to, one that the disk has damaged, a working copy that a kill left.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from cypp_desktop.errors import NotAPlan
from cypp_desktop.store import file_seal
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.file_seal import Standing
from cypp_desktop.store.files import quoted

#: What ``check`` says of a file in which bits have changed.
DAMAGED = "The file is damaged: what it holds is not what was saved."
CHANGED_BY_OTHERS = "The file was changed by another program since this one saved it last."
_ADVICE = "Nothing was changed. Restore a backup, or copy or download the file again."


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: ``fault`` says why the plan may not be written, ``note`` what to know of it else."""

    fault: str = ""
    note: str = ""


def prove(path: Path, name: Path, standing: Standing) -> Proof:
    """Prove a database of this version, of the file ``name``. Reads only."""
    if standing is Standing.AS_SAVED:
        return Proof()
    if standing is Standing.DAMAGED:
        return Proof(fault=damaged_words(name))
    faults = faults_of(path)
    if faults:
        more = "" if len(faults) == 1 else " The command check says what else is wrong with it."
        return Proof(fault=f"{quoted(name)} is not sound, so this was not done: {faults[0]}{more} {_ADVICE}")
    if standing is Standing.CHANGED_BY_OTHERS:
        return Proof(note=f"{quoted(name)} was changed by another program since CYPP Desktop saved it last.")
    return Proof()


def damaged_words(name: Path) -> str:
    """The refusal of a file in which bits have changed."""
    return f"{quoted(name)} is damaged: what it holds is not what was saved, so this was not done. {_ADVICE}"


def faults_of(path: Path) -> list[str]:
    """What ``check`` finds wrong with a database of this version."""
    from cypp_desktop.store import check, schema

    engine = schema.connect(path)
    try:
        return check.check_file(engine).faults
    finally:
        engine.dispose()


def refuse_unsound(copy: Path, source: Path, fs: FileSystem) -> None:
    """Raise NotAPlan unless ``copy``, our own of the file ``source``, may take the place of an open plan.

    One of an earlier version is brought up to this one.
    """
    from cypp_desktop.store.upgrade import upgrade_if_older
    from cypp_desktop.store.versions import UPGRADES

    if file_seal.holds(copy):
        return
    try:
        packed = copy.with_name(copy.name + ".packed")
        found = file_seal.standing(copy, fs.read(source, 100), packed, fs, mend=True)
        if found is not Standing.DAMAGED:
            upgrade_if_older(copy, UPGRADES)
        proof = prove(copy, source, found)
    except sqlite3.Error as problem:
        raise NotAPlan(damaged_words(source)) from problem
    if proof.fault:
        raise NotAPlan(proof.fault)
