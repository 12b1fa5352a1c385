"""Who may be given what: said field by field, and for every reader there is."""

from __future__ import annotations

import pytest

import cypp_desktop.plan.model  # noqa: F401  its fields must be known
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.readers import Reader, ReaderKind, column_may_leave, may_leave

OUTSIDE = (ReaderKind.PARTNER, ReaderKind.PAPER, ReaderKind.EXPORT_WITHOUT_NOTES)
#: What is said among colleagues only: a new field of these kinds is to be added here by hand.
_NOTED = ("priority", "outcome", "measure", "action", "update", "section", "recommendation")
NOTES = {
    "plan.notes",
    *(f"{kind}.note" for kind in _NOTED),
    *(f"{kind}.lineage" for kind in ("priority", "outcome", "measure")),
}
ADDRESSES = {"organisation.email", "person.email"}
#: What a partner sees nothing of, beside these.
NOT_FOR_PARTNERS = {
    "plan.document_label", "plan.status", "plan.area", "plan.introduction", "plan.columns", "plan.rag_rules",
    "organisation.kind",
}  # fmt: skip
BOOKS = ("issued_return", "received_file")


class Everything:
    def holds(self, row_type: str, row_id: str, column: str) -> bool:
        return True


def columns() -> list[tuple[str, str]]:
    return [
        (row_type, column)
        for row_type, cls in row_classes().items()
        for field in fields_of(cls).values()
        for column in field.columns
    ]


@pytest.mark.parametrize("kind", ReaderKind)
def test_each_reader_is_given_what_is_for_them_and_nothing_else(kind: ReaderKind) -> None:
    given = {f"{one}.{column}" for one, column in columns() if column_may_leave(kind, one, column)}
    kept = {f"{row_type}.{column}" for row_type, column in columns()} - given
    books = {f"{row_type}.{column}" for row_type, column in columns() if row_type in BOOKS}
    expected = {
        ReaderKind.KEEPER: set(),
        ReaderKind.COLLEAGUE: set(),
        ReaderKind.EXPORT: books,
        ReaderKind.EXPORT_WITHOUT_NOTES: books | NOTES | ADDRESSES,
        ReaderKind.PAPER: books | NOTES | ADDRESSES,
        ReaderKind.PARTNER: books | NOTES | ADDRESSES | NOT_FOR_PARTNERS,
        ReaderKind.LOG: kept,
    }
    assert kept == expected[kind]
    assert given == set() or kind is not ReaderKind.LOG


@pytest.mark.parametrize("kind", [ReaderKind.PARTNER, ReaderKind.PAPER, ReaderKind.LOG])
def test_who_is_not_given_the_whole_plan_is_given_nothing_that_was_not_chosen(kind: ReaderKind) -> None:
    assert not may_leave(Reader(kind=kind), "measure", "m", "title")
    chosen = may_leave(Reader(kind=kind, chosen=Everything()), "measure", "m", "title")
    assert chosen is (kind is not ReaderKind.LOG)


def test_nothing_that_is_called_a_note_on_working_or_an_address_is_forgotten() -> None:
    """By its label, so that a field declared without saying what it is is noticed."""
    for row_type, cls in row_classes().items():
        for name, field in fields_of(cls).items():
            if "working" in field.label.casefold() or "e-mail" in field.label.casefold():
                assert f"{row_type}.{name}" in NOTES | ADDRESSES
