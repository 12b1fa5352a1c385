"""Find: every text of a plan is found by its own words, in the plan's order, and leads to the row to open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cypp_desktop.plan.base import Row, fields_of, row_classes
from cypp_desktop.plan.blocks import parse, plain_text, render
from cypp_desktop.plan.folding import fold, fold_with_places, ranges_of, terms_of, utf16_place
from cypp_desktop.plan.model import Lead, Measure, Observation, Organisation, Outcome, Update
from cypp_desktop.plan.search import WHAT, Hit, Query, SearchIndex, search
from cypp_desktop.plan.search_fields import searched_texts, searched_types
from cypp_desktop.store.commands import add_row, delete_rows, move_rows, set_field
from cypp_desktop.store.editor import Editor
from tests.store.plans import open_editor, small_plan
from tests.strategies import BLOCKS

ANYTHING = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    editor = small_plan(tmp_path / "plan.db")
    yield editor
    editor.close()


@pytest.fixture
def db(editor: Editor, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(tmp_path / "plan.db")
    yield db
    db.close()


def found(db: sqlite3.Connection, words: str = "", **others: Any) -> list[tuple[str, str]]:
    """Place and field of every hit."""
    return [(hit.place, hit.field) for hit in search(db, Query(words, **others))]


def measure(editor: Editor, title: str) -> Measure:
    return editor.session.scalars(select(Measure).where(Measure.title == title)).one()


# ------------------------------------------------------------------ folding


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("reoffending", "Re-offending"),
        ("re-offending", "Reoffending"),
        ("childrens", "Children’s services"),
        ("children's", "Children’s services"),
        ("6-8 weeks", "at 6–8 weeks"),
        ("cafe", "CAFÉ"),
        ("café", "Cafe\u0301"),
        ("STRASSE", "Straße"),
        ("efficient", "e\ufb03cient"),
        ("year old", "each year\u00a0old"),
        ("cooperate", "co\u00adoperate"),
        ('"very good"', "said “very  good” twice"),
    ],
)
def test_words_are_found_in_other_spellings_of_the_same(typed: str, text: str) -> None:
    assert all(term in fold(text) for term in terms_of(typed))


def test_words_in_double_quotes_are_one_phrase() -> None:
    assert terms_of('smoking "at time of" birth') == ("smoking", "at time of", "birth")
    assert terms_of("“at time” 'of") == ("at time", "of")
    assert terms_of('"not closed yet') == ("not", "closed", "yet")


@given(ANYTHING)
def test_every_folded_letter_leads_back_to_its_place(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    assert len(places) == len(folded)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


def test_what_is_found_is_marked_where_it_stands() -> None:
    text = "The Re\u2011Offending cafe\u0301 rate"
    assert [text[start:end] for start, end in ranges_of(text, terms_of("reoffending cafe"))] == [
        "Re\u2011Offending",
        "cafe\u0301",
    ]


def test_a_letter_beyond_the_first_plane_counts_as_two_where_qt_counts() -> None:
    assert [utf16_place("a😀b", place) for place in range(4)] == [0, 1, 3, 4]


@given(BLOCKS)
def test_markdown_folds_to_its_plain_words_but_for_the_signs_of_lists(blocks: Any) -> None:
    text = render(blocks)
    if "](" in text:
        return
    folded = fold(text)
    for word in fold(plain_text(parse(text))).split():
        assert word in folded


# ------------------------------------------------------------------ everything is found


def test_every_field_with_words_is_searched() -> None:
    not_words = {("measure", "placeholder"), ("section", "depth")}
    for row_type, cls in row_classes().items():
        searched = {column for text in searched_texts(row_type) for column in text.columns}
        for field in fields_of(cls).values():
            if field.kind in ("place", "link", "object") or (row_type, field.name) in not_words:
                continue
            missing = set(field.columns) - searched
            assert {name for name in missing if not name.endswith(("_start", "_end", "_precision"))} <= {
                "digest", "received_at", "issued_at",
            }, row_type  # fmt: skip


def test_a_text_in_any_field_of_any_row_is_found_and_shown(editor: Editor, db: sqlite3.Connection) -> None:
    for row_type in searched_types():
        row = editor.session.scalars(select(row_classes()[row_type])).first()
        for text in searched_texts(row_type) if row is not None else ():
            for column in text.columns:
                looked_for = _put(editor, row, column)
                # an organisation's or a person's name is also found in the leads that name it
                hits = [hit for hit in search(db, Query(looked_for)) if hit.found == (row_type, row.id)]
                assert [hit.field for hit in hits] == [f"{row_type}.{text.field}"]
                assert _marked(hits[0]) == looked_for.split()
                editor.undo()


def _put(editor: Editor, row: Row, column: str) -> str:
    """Give a column a value of its kind that stands nowhere else; gives the words to look for."""
    values: dict[str, tuple[Any, str]] = {
        "list": (["one", "Quixotic words"], "Quixotic words"),
        "number": (Decimal("77.25"), "77.25"),
        "date": ("2031-03-09", "9 March 2031"),
    }
    kind = row.__table__.columns[column].info["kind"]
    value, looked_for = values.get(kind, ("Quixotic words", "Quixotic words"))
    with editor.step("Put"):
        setattr(row, column, value)
    return looked_for


def _marked(hit: Hit) -> list[str]:
    snippet = hit.snippet
    return [snippet.text[start:end] for start, end in snippet.ranges]


@given(blocks=BLOCKS, words=ANYTHING)
def test_every_text_is_found_by_its_own_words(
    tmp_path_factory: pytest.TempPathFactory, blocks: Any, words: str
) -> None:
    path = tmp_path_factory.mktemp("find") / "plan.db"
    editor = open_editor(path)
    from cypp_desktop.plan.model import Plan, Section

    with editor.step("Begin") as session:
        session.add(Plan(title=words))
        session.add(Section(id="s", text=render(blocks)))
    editor.close()
    with sqlite3.connect(path) as db:
        for field, text in (("plan.title", words), ("section.text", plain_text(parse(render(blocks))))):
            for line in text.splitlines():
                if not terms_of(line):
                    continue
                hits = [hit for hit in search(db, Query(line)) if hit.field == field]
                assert len(hits) == 1
                snippet = hits[0].snippet
                assert all(0 <= a < b <= len(snippet.text) for a, b in snippet.ranges)
                assert snippet.ranges
    db.close()


# ------------------------------------------------------------------ what is found, and where


def test_hits_come_in_the_order_of_the_plan(db: sqlite3.Connection) -> None:
    assert found(db, "health") == [
        ("1", "priority.title"),
        ("1", "lead.organisation_id"),
        ("1 › 1a", "outcome.title"),
        ("1 › 1b", "outcome.title"),
        ("Person", "person.name"),
    ]


def test_an_update_says_what_it_covers_and_opens_its_first_measure(
    editor: Editor, db: sqlite3.Connection
) -> None:
    (hit,) = search(db, Query("fewer smoke"))
    smoking = measure(editor, "Smoking at delivery")
    assert (hit.place, hit.label) == ("1 › 1a › i, ii", "Update, Mid-year")
    assert (hit.row_type, hit.row_id, hit.field) == ("measure", smoking.id, "update.text")
    assert hit.snippet.text == "Fewer smoke More feed"
    assert _marked(hit) == ["Fewer", "smoke"]


def test_a_lead_is_found_by_any_of_its_names_and_opens_what_it_leads(
    editor: Editor, db: sqlite3.Connection
) -> None:
    hits = [hit for hit in search(db, Query("ccg khan")) if hit.field.startswith("lead")]
    assert [hit.snippet.text for hit in hits] == ["Anytown CCG: A. Jones, B. Khan"]
    assert hits[0].row_id == measure(editor, "Smoking at delivery").id


def test_a_value_is_found_with_all_that_says_what_it_is(db: sqlite3.Connection) -> None:
    (hit,) = search(db, Query("17 anytown actual", what="values"))
    assert hit.snippet.text == "17 % Anytown 2016/17 actual"
    assert (hit.row_type, hit.label) == ("measure", "Value")


def test_words_may_stand_in_different_texts_of_one_row(editor: Editor, db: sqlite3.Connection) -> None:
    row = measure(editor, "Smoking at delivery")
    set_field(editor, row, "definition", "Counted by **midwives**")
    assert found(db, "smoking midwives") == [
        ("1 › 1a › i", "measure.title"),
        ("1 › 1a › i", "measure.definition"),
    ]
    assert found(db, "smoking by midwives nowhere") == []


def test_the_sign_of_a_list_entry_is_no_word(editor: Editor, db: sqlite3.Connection) -> None:
    row = measure(editor, "Smoking at delivery")
    set_field(editor, row, "definition", "1. First\n2. Second\n\nIn 2031 there are 41.")
    assert ("1 › 1a › i", "measure.definition") not in found(db, "2.")
    assert found(db, "2031") == [("1 › 1a › i", "measure.definition")]
    assert found(db, "41.") == [("1 › 1a › i", "measure.definition")]


def test_an_address_in_a_link_is_no_word_but_what_it_says_is(editor: Editor, db: sqlite3.Connection) -> None:
    row = measure(editor, "Smoking at delivery")
    set_field(editor, row, "definition", "See [the *fingertips* tool](https://quixotic.example)")
    assert found(db, "quixotic") == []
    assert found(db, '"see the fingertips tool"') == [("1 › 1a › i", "measure.definition")]


def test_a_long_text_is_shown_around_what_was_found(editor: Editor, db: sqlite3.Connection) -> None:
    row = measure(editor, "Smoking at delivery")
    set_field(editor, row, "definition", "word " * 301 + "by the needle in it" + " word" * 300)
    (hit,) = search(db, Query("needle it"))
    assert hit.snippet.text.startswith("…") and hit.snippet.text.endswith("…")
    assert hit.snippet.text.startswith("…word ")
    assert len(hit.snippet.text) < 240
    assert _marked(hit) == ["needle", "it"]


def test_nothing_asked_finds_nothing(db: sqlite3.Connection) -> None:
    assert search(db, Query("")) == []
    assert search(db, Query(' "" ')) == []


def test_no_more_is_found_than_asked_for(db: sqlite3.Connection) -> None:
    assert len(search(db, Query("a"))) > 3
    places = [hit.found for hit in search(db, Query("a"))]
    assert [hit.found for hit in search(db, Query("a"), limit=3)] == places[:3]


# ------------------------------------------------------------------ filters


def test_by_lead_lists_what_is_led(editor: Editor, db: sqlite3.Connection) -> None:
    council = editor.session.scalars(select(Organisation).where(Organisation.short_name == "AC")).one()
    assert found(db, lead=("organisation", council.id)) == [("1", "priority.title")]
    ccg = editor.session.scalars(select(Organisation).where(Organisation.name == "Anytown CCG")).one()
    assert found(db, lead=("organisation", ccg.id)) == [("1 › 1a › i", "measure.title")]


def test_words_by_lead_are_looked_for_in_what_is_written_about_what_is_led(
    editor: Editor, db: sqlite3.Connection
) -> None:
    ccg = editor.session.scalars(select(Organisation).where(Organisation.name == "Anytown CCG")).one()
    lead = ("organisation", ccg.id)
    assert found(db, "fewer", lead=lead) == [("1 › 1a › i, ii", "update.text")]
    assert found(db, "midwives", lead=lead) == [("1 › 1a › i", "action.text")]
    assert found(db, "obesity", lead=lead) == []
    person = editor.session.scalars(select(Lead).where(Lead.organisation_id == ccg.id)).one().people[1]
    assert found(db, "17 actual", lead=("person", person.id)) == [("1 › 1a › i", "observation.value")]


def test_by_state_of_the_update_in_the_current_round(editor: Editor, db: sqlite3.Connection) -> None:
    assert found(db, state="empty") == [
        ("1 › 1a › i", "measure.title"),
        ("1 › 1a › ii", "measure.title"),
        ("1 › 1b › i", "measure.title"),
    ]
    assert found(db, state="draft") == [("1 › 1a › iii", "measure.title")]
    assert found(db, "tbc", state="draft") == [("1 › 1a › iii", "update.text")]
    assert found(db, "feed", state="draft") == []


def test_by_mark_and_placeholder(db: sqlite3.Connection) -> None:
    assert found(db, mark="red") == [("1 › 1a › i", "measure.title")]
    assert found(db, mark="none") == [("1 › 1a › ii", "measure.title"), ("1 › 1b › i", "measure.title")]
    assert found(db, placeholder=True) == [("1 › 1a › iii", "measure.title")]
    assert ("1 › 1a › iii", "measure.title") not in found(db, placeholder=False)
    assert found(db, "anytown", mark="red")[0] == ("1 › 1a › i", "lead.organisation_id")


def test_by_what_kind_of_text_it_is(db: sqlite3.Connection) -> None:
    assert found(db, "health", what="titles") == [
        ("1", "priority.title"),
        ("1 › 1a", "outcome.title"),
        ("1 › 1b", "outcome.title"),
    ]
    assert [field for _, field in found(db, what="updates")] == ["update.text", "update.text"]
    texts = {f"{row_type}.{text.field}" for row_type in searched_types() for text in searched_texts(row_type)}
    known = {*texts, *searched_types()}
    assert all(texts <= known for texts in WHAT.values())


# ------------------------------------------------------------------ the index follows the plan


def _assert_as_read_anew(db: sqlite3.Connection, index: SearchIndex, *words: str) -> None:
    for each in words:
        kept = [(hit.found, hit.field, hit.raw, hit.place) for hit in search(db, Query(each), index)]
        assert kept == [(hit.found, hit.field, hit.raw, hit.place) for hit in search(db, Query(each))]


def test_an_index_that_is_told_of_changes_finds_what_is_there_now(
    editor: Editor, db: sqlite3.Connection
) -> None:
    index = SearchIndex()
    search(db, Query("anything"), index)
    editor.listen(index.note)
    words = ("smok", "a", "i", "anytown", "17", "new", "jones")
    smoking = measure(editor, "Smoking at delivery")
    set_field(editor, smoking, "title", "New smoking rate")
    _assert_as_read_anew(db, index, *words)
    update = editor.session.scalars(select(Update).where(Update.text == "TBC")).one()
    set_field(editor, update, "text", "A new text")
    _assert_as_read_anew(db, index, *words)
    outcome = editor.session.scalars(select(Outcome).where(Outcome.code == "1b")).one()
    move_rows(editor, [smoking], outcome, 0)
    _assert_as_read_anew(db, index, *words)
    add_row(editor, Observation, smoking, words="new words")
    _assert_as_read_anew(db, index, *words)
    ccg = editor.session.scalars(select(Organisation).where(Organisation.name == "Anytown CCG")).one()
    set_field(editor, ccg, "name", "New board")
    _assert_as_read_anew(db, index, *words)
    delete_rows(editor, [smoking])
    _assert_as_read_anew(db, index, *words)
    for _ in range(6):
        editor.undo()
        _assert_as_read_anew(db, index, *words)
    assert [hit.place for hit in search(db, Query("smoking delivery"), index)] == ["1 › 1a › i"]


def test_filters_follow_the_plan_too(editor: Editor, db: sqlite3.Connection) -> None:
    index = SearchIndex()
    editor.listen(index.note)
    assert [hit.place for hit in search(db, Query(mark="red"), index)] == ["1 › 1a › i"]
    smoking = measure(editor, "Smoking at delivery")
    set_field(editor, smoking, "polarity", "higher")
    assert [hit.place for hit in search(db, Query(mark="green"), index)] == ["1 › 1a › i"]


def test_an_index_that_is_told_to_forget_reads_everything_anew(
    editor: Editor, db: sqlite3.Connection
) -> None:
    index = SearchIndex()
    search(db, Query("anything"), index)
    set_field(editor, measure(editor, "Smoking at delivery"), "title", "Quixotic")
    index.forget()
    assert len(search(db, Query("quixotic"), index)) == 1


def test_searching_needs_no_database_library() -> None:
    import subprocess
    import sys

    heavy = "{'sqlalchemy', 'PySide6', 'markdown_it'}"
    code = f"import sys, cypp_desktop.plan.search; print({heavy} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
