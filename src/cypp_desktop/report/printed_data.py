"""The data of what is printed, as a file that a PDF can carry: plan JSON of just that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.exchange.plan_json import write_plan
from cypp_desktop.plan.base import Row
from cypp_desktop.plan.readers import Reader, ReaderKind, may_leave
from cypp_desktop.report.paper import Paper
from cypp_desktop.report.pdf.metadata import Attachment
from cypp_desktop.store.partial_plan import partial_plan


def printed_data(session: Session, paper: Paper) -> tuple[Attachment, ...]:
    """What a paper says of the plan that it was made from, and nothing else of it.

    What stands in lists of changes and open conflicts is history, which plan JSON does not hold.
    """
    reader = Reader(kind=ReaderKind.PAPER, chosen=paper.printed)

    def rule(row: Row) -> Mapping[str, Any] | None:
        printed = paper.printed.values(row)
        if printed is None:
            return None
        return {
            name: value for name, value in printed.items() if may_leave(reader, row.row_type, row.id, name)
        }

    with partial_plan(session, rule) as part:
        data = write_plan(part).encode("utf-8")
    return (Attachment("plan.json", data, description="The data of what is printed"),)
