"""Where many rows stand at once is where each stands by itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cypp_desktop.merge.places import Places
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.model import Action, Measure, Section
from cypp_desktop.plan.search_texts import place_words, read_structure
from cypp_desktop.store.addresses import address_of, row_at
from cypp_desktop.store.commands import LeadEntry, add_row, delete_rows, set_leads
from cypp_desktop.store.history_words import HistoryWords
from tests.merge.copies import at, make_plan, opened

ADDRESSED = (
    "plan", "round", "organisation", "person", "priority", "outcome", "measure", "action", "update",
    "observation", "lead", "lead_person", "update_measure", "action_measure", "section", "recommendation",
)  # fmt: skip


def test_every_row_has_the_address_by_which_it_is_found(tmp_path: Path) -> None:
    with opened(make_plan(tmp_path / "plan.cypp")) as plan:
        add_row(plan.editor, Measure, at(plan, "1/1a"), code="i", title="A code that repeats")
        add_row(plan.editor, Measure, at(plan, "1/1b"), title="No code")
        add_row(plan.editor, Section, number="1/2", title="A number that is no part of an address")
        session = plan.editor.session
        rows = [row for row_type in ADDRESSED for row in session.query(row_classes()[row_type])]
        places = Places(session.connection())
        places.load((row.row_type, row.id) for row in rows)
        for row in rows:
            address = places.place((row.row_type, row.id)).address
            assert address == address_of(row)
            if row.row_type not in ("lead_person", "update_measure", "action_measure"):
                assert row_at(session, address or "") is row


def test_a_row_is_told_by_one_way_in_history_in_a_review_and_by_find(tmp_path: Path) -> None:
    with opened(make_plan(tmp_path / "plan.cypp")) as plan:
        session = plan.editor.session
        action = session.query(Action).first()
        assert action is not None and action.measures
        set_leads(plan.editor, action, [LeadEntry("Schools")])
        rows = [row for row_type in ADDRESSED for row in session.query(row_classes()[row_type])]
        places, words = Places(session.connection()), HistoryWords(session)
        places.load((row.row_type, row.id) for row in rows)
        database = session.connection().connection.driver_connection
        assert isinstance(database, sqlite3.Connection)
        structure = read_structure(database)
        for row in rows:
            told = words.way(row)
            assert places.place((row.row_type, row.id)).words == told
            assert place_words(structure, (row.row_type, row.id)) in (told, "")
        assert words.way(action.leads[0]) == words.way(action)


def test_rows_are_in_the_order_in_which_the_plan_is_read(tmp_path: Path) -> None:
    with opened(make_plan(tmp_path / "plan.cypp")) as plan:
        addresses = ["2", "1/1a/updates/#1", "1/1a/ii", "1/1b/i", "1", "plan", "1/1a/i", "sections/1", "1/1a"]
        rows = [at(plan, address) for address in addresses]
        places = Places(plan.editor.session.connection())
        keys = [(row.row_type, row.id) for row in rows]
        places.load(keys)
        listed = [places.place(key).address for key in sorted(keys, key=places.order)]
        assert listed == [
            "plan", "1", "1/1a", "1/1a/i", "1/1a/ii", "1/1a/updates/#1", "1/1b/i", "2", "sections/1",
        ]  # fmt: skip


def test_a_row_that_is_gone_is_told_where_it_was(tmp_path: Path) -> None:
    with opened(make_plan(tmp_path / "plan.cypp")) as plan:
        measure = at(plan, "1/1a/i")
        key, last = (measure.row_type, measure.id), {"outcome_id": at(plan, "1/1a").id, "code": "i"}
        delete_rows(plan.editor, [measure])
        places = Places(plan.editor.session.connection())
        places.load([], {key: last})
        assert (places.place(key).address, places.place(key).words) == (None, "1 › 1a › i (deleted)")


def test_a_text_about_measures_says_which_and_another_row_where_it_stands(tmp_path: Path) -> None:
    with opened(make_plan(tmp_path / "plan.cypp")) as plan:
        rows = [
            at(plan, address) for address in ("1/1a/updates/#1", "1/1a/actions/1", "1/1a/i", "sections/1")
        ]
        rows += [at(plan, "1/1a/ii"), at(plan, "plan")]
        places = Places(plan.editor.session.connection())
        places.load((row.row_type, row.id) for row in rows)
        assert [places.place((row.row_type, row.id)).words for row in rows] == [
            "1 › 1a › i, ii", "1 › 1a › i", "1 › 1a › i", "Section 1", "1 › 1a › ii", "Plan",
        ]  # fmt: skip
