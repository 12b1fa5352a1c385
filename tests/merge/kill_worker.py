"""A process to be killed: sends a return out, merges files into a plan and undoes it, without end.

Run as ``python -m tests.merge.kill_worker PLAN.cypp FILE…``; the returns go into ``sent`` beside the plan.
Prints ``issued``, ``merged`` and ``unmerged`` once each is committed, and ``published`` now and then.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import select

from cypp_desktop.merge.apply import merge_files, take_in
from cypp_desktop.merge.gates import read_ahead
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import issue_return
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.unmerge import batches, unmerge
from cypp_desktop.plan.model import Organisation
from cypp_desktop.store.plan_file import OpenPlan


def main(target: Path, files: list[Path]) -> None:
    read_ahead.MANY = 1  # so that the second process is there too
    with OpenPlan.open(target, author="Ann") as plan:
        asked = plan.editor.session.scalars(
            select(Organisation.id).where(Organisation.name == "Anytown CCG")
        ).one()
        plan.editor.session.rollback()
        print("open", flush=True)
        while True:
            if batches(plan):
                unmerge(plan)
                print("unmerged", flush=True)
            issue_return(plan, asked, target.with_name("sent"))
            print("issued", flush=True)
            received = [f for f in receive(files, plan) if isinstance(f, Received)]
            merge_files(plan, received, open_ones="ours")
            print("merged", flush=True)
            plan.publish(take_in)
            print("published", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])
