"""Brings an open plan of an older version up to this one, after a backup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cypp_desktop.store import backups
from cypp_desktop.store.backups import BackupReason
from cypp_desktop.store.disk import plain_words
from cypp_desktop.store.upgrade import upgrade_if_older
from cypp_desktop.store.versions import UPGRADES, Upgrade
from cypp_desktop.store.working_copy import WorkingCopy


def upgrade_working_copy(working: WorkingCopy, steps: Sequence[Upgrade] = UPGRADES) -> bool:
    """Upgrade an open plan of an older version, after a backup; True if it was one.

    That alone is no change of the person's: if all was published before, all counts as published after. The
    file itself is upgraded when a change is next published. Raises FileProblem.
    """
    with working.busy, plain_words("The plan could not be brought up to this version"):
        info = working.info()
        if not any(step.to > info.version for step in steps):
            return False
        clean = not working.has_unpublished_changes()
        backups.keep_database(
            working.path, info.document_id, working.data, BackupReason.BEFORE_UPGRADE, working.fs
        )
        upgraded = upgrade_if_older(working.path, steps)
        if clean:
            working.record(replace(working.origin, counter=working.counter_between_writes()))
        return upgraded
