"""Plan JSON in and out: the same content, the same bytes, and clear words for a wrong file."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import Engine

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_json import checked, load_plan, read_plan, row_json, to_text, write_plan
from cypp_desktop.exchange.plan_loader import default_state
from cypp_desktop.plan.model import (
    Action,
    Lead,
    Measure,
    Observation,
    Outcome,
    Person,
    Priority,
    Round,
    Section,
    Update,
)
from cypp_desktop.store.addresses import address_of, row_at
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.editor import Editor
from tests.store.plans import SMALL, digest, open_editor, small_plan
from tests.strategies import PLANS

SHARED = Path(__file__).parents[3] / "shared" / "plans"
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


def content(value: Any) -> Any:
    """What a plan says: without ids, and without keys that hold nothing or the usual."""
    if isinstance(value, dict):
        if "text" in value and value.get("state") == default_state(value["text"]):
            value = {key: inner for key, inner in value.items() if key != "state"}
        kept = {key: content(inner) for key, inner in value.items() if key not in ("id", "format")}
        return {key: inner for key, inner in kept.items() if inner not in (None, [], {})}
    if isinstance(value, list):
        return [content(inner) for inner in value]
    return value


def round_trip(data: dict[str, Any], path: Path) -> tuple[str, Editor]:
    editor = open_editor(path)
    load_plan(editor, data)
    return write_plan(editor.session), editor


@pytest.mark.parametrize(
    "path", sorted([*SHARED.glob("*.json"), *SAMPLES.glob("*.json")]), ids=lambda p: p.stem
)
def test_a_real_plan_comes_out_as_it_went_in(path: Path, tmp_path: Path) -> None:
    written, editor = round_trip(read_plan(path), tmp_path / "p.cypp")
    assert content(json.loads(written)) == content(json.loads(path.read_text("utf-8")))
    assert write_plan(editor.session) == written
    assert check_file(editor.session.get_bind()).is_clean  # type: ignore[arg-type]


def test_a_second_way_round_gives_the_same_bytes_but_for_links_made_anew(tmp_path: Path) -> None:
    once, _ = round_trip(SMALL, tmp_path / "one.cypp")
    (tmp_path / "one.json").write_text(once, "utf-8")
    twice, _ = round_trip(read_plan(tmp_path / "one.json"), tmp_path / "two.cypp")
    assert twice == once


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    values = ["90.0", "17.20", "0.1234567890123456789", "12", "-3", "-0", "1E+59"]
    observations = ",".join(f'{{"value": {value}, "kind": "actual"}}' for value in values)
    measure = f'{{"code": "i", "title": "M", "observations": [{observations}, {{"value": "good"}}]}}'
    outcome = f'{{"code": "a", "title": "A", "measures": [{measure}]}}'
    source.write_text(f'{{"title": "T", "priorities": [{{"code": "1", "outcomes": [{outcome}]}}]}}')
    written, _ = round_trip(read_plan(source), tmp_path / "p.cypp")
    for value in values:
        assert f'"value": {value},' in written
    assert '"value": "good",' in written


def test_notes_on_a_row_go_to_that_row_and_come_out_again(tmp_path: Path) -> None:
    data = {**SMALL, "notes": ["Of the plan.", "On 1/1a/ii: Ask the ward: twice.", "On 9/9: nowhere."]}
    written, editor = round_trip(data, tmp_path / "p.cypp")
    assert row_at(editor.session, "1/1a/ii").note == "Ask the ward: twice."  # type: ignore[attr-defined]
    assert json.loads(written)["notes"] == [
        "Of the plan.",
        "On 9/9: nowhere.",
        "On 1/1a/ii: Ask the ward: twice.",
    ]


def test_organisations_and_rounds_are_written_only_where_they_say_more(tmp_path: Path) -> None:
    plain = {key: value for key, value in SMALL.items() if key not in ("rounds", "organisations")}
    written, _ = round_trip(plain, tmp_path / "plain.cypp")
    assert "rounds" not in json.loads(written) and "organisations" not in json.loads(written)
    full, _ = round_trip(SMALL, tmp_path / "full.cypp")
    assert [one["name"] for one in json.loads(full)["rounds"]] == ["Mid-year"]


def test_a_row_alone_reads_as_in_the_file(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    measure = row_json(row_at(editor.session, "1/1a/i"))
    assert measure["title"] == "Smoking at delivery"
    assert measure["observations"][0]["value"] == Decimal(17)
    update = row_json(row_at(editor.session, "1/1a/updates/#1"))
    assert update["measures"] == ["i", "ii"]


def test_measures_without_a_name_of_their_own_get_one_in_the_file(tmp_path: Path) -> None:
    data = {
        "title": "T",
        "priorities": [
            {
                "code": "1",
                "outcomes": [
                    {"title": "A", "measures": [{"title": "x"}, {"title": "y"}, {"code": "i", "title": "z"}]}
                ],
            }
        ],
    }
    written, _ = round_trip(data, tmp_path / "p.cypp")
    measures = json.loads(written)["priorities"][0]["outcomes"][0]["measures"]
    assert [measure.get("key") or measure["code"] for measure in measures] == ["1", "2", "i"]


def meaning(data: dict[str, Any]) -> dict[str, Any]:
    """What a file says, where a key that is left out and one that says nothing or the usual are the same."""
    usual = {"state": "open", "kind": "actual", "depth": 1, "priority": "Priority", "outcome": "Outcome"}

    def said(value: Any) -> Any:
        if isinstance(value, list):
            return [said(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        if value.get("state") == default_state(value.get("text") or ""):
            value = {**value, "state": None}
        found = {key: said(inner) for key, inner in value.items() if key not in ("id", "format")}
        return {
            key: inner
            for key, inner in found.items()
            if inner not in (None, "", [], {}, False) and usual.get(key) != inner
        }

    found = said(data)
    for made_up in ("rounds", "organisations", "people"):  # as far as the rest of the file tells of them
        found.pop(made_up, None)
    for priority in found.get("priorities", ()):
        for outcome in priority.get("outcomes", ()):
            for measure in outcome.get("measures", ()):
                if "code" not in measure and re.fullmatch(r"\d+", measure.get("key", "")):
                    del measure["key"]
    return {**found, "notes": sorted(found.get("notes", ()))}


@settings(max_examples=25)
@given(data=PLANS)
def test_any_plan_comes_out_as_it_went_in(data: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        source, again = Path(folder) / "in.json", Path(folder) / "again.json"
        source.write_text(to_text(data), "utf-8", newline="")
        once, editor = round_trip(read_plan(source), Path(folder) / "one.cypp")
        again.write_text(once, "utf-8", newline="")
        assert meaning(read_plan(again)) == meaning(data)
        twice, second = round_trip(read_plan(again), Path(folder) / "two.cypp")
        assert twice == once
        engine = editor.session.get_bind()
        assert isinstance(engine, Engine)
        before = check_file(engine)
        assert before.is_clean
        set_field(editor, row_at(editor.session, "plan"), "area", "Elsewhere")
        editor.undo()
        assert digest(editor) == before.digest
        for each in (editor, second):
            each.close()
            each.session.get_bind().engine.dispose()


@settings(max_examples=10)
@given(data=PLANS)
def test_every_row_of_any_plan_is_found_by_its_address(data: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        _, editor = round_trip(data, Path(folder) / "p.cypp")
        for cls in (Priority, Outcome, Measure, Action, Update, Observation, Lead, Person, Round, Section):
            for row in editor.session.scalars(select(cls)):
                assert row_at(editor.session, address_of(row)) is row
        editor.close()


def test_what_is_alike_stays_apart(tmp_path: Path) -> None:
    data = {
        "rounds": [{"name": "Mid-year", "due": "2017-10-31"}, {"name": "Mid-year", "due": "2018-10-31"}],
        "priorities": [{"code": "1", "leads": [{"people": ["J. Smith", "A. Khan", "J. Smith"]}]}],
    }
    written, editor = round_trip(data, tmp_path / "p.cypp")
    found = json.loads(written)
    assert [one["due"] for one in found["rounds"]] == ["2017-10-31", "2018-10-31"]
    assert found["priorities"][0]["leads"][0]["people"] == ["J. Smith", "A. Khan", "J. Smith"]
    assert check_file(editor.session.get_bind()).is_clean  # type: ignore[arg-type]


def test_a_name_made_up_for_a_measure_takes_nobody_elses(tmp_path: Path) -> None:
    measures = [{"title": "without a code"}, {"code": "1", "title": "y"}]
    updates = [{"measures": ["1"], "text": "On y."}]
    data = {"priorities": [{"outcomes": [{"title": "A", "measures": measures, "updates": updates}]}]}
    written, _ = round_trip(data, tmp_path / "p.cypp")
    (outcome,) = json.loads(written)["priorities"][0]["outcomes"]
    assert [measure.get("key") for measure in outcome["measures"]] == ["2", None]
    assert outcome["updates"][0]["measures"] == ["1"]


def test_a_note_never_goes_into_the_printed_note_of_a_lead(tmp_path: Path) -> None:
    data = {**SMALL, "notes": ["On 1/leads/#1: printed?"]}
    written, _ = round_trip(data, tmp_path / "p.cypp")
    assert json.loads(written)["notes"] == ["On 1/leads/#1: printed?"]
    assert json.loads(written)["priorities"][0]["leads"][0]["note"] is None


def test_no_text_is_taken_for_a_number(tmp_path: Path) -> None:
    assert to_text({"title": "\0" + "5" + "\0", "value": Decimal("5.0")}).endswith('"value": 5.0\n}\n')
    assert json.loads(to_text({"title": "\0" + "5" + "\0"}))["title"] == "\0" + "5" + "\0"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ('{"title": "a", "title": "b", "priorities": []}', "'title' twice"),
        ('{"title": "a\\u0000b", "priorities": []}', "no letter"),
        ('{"title": "a\\ud800b", "priorities": []}', "no letter"),
        ('{"title": 1e99999999999999999999, "priorities": []}', "damaged"),
    ],
)
def test_a_file_that_a_plan_cannot_hold_is_refused(raw: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(raw)
    with pytest.raises(ImportProblem, match=words):
        read_plan(path)


WRONG: list[tuple[Any, str]] = [
    ([], "no priorities"),
    ({"title": "T"}, "no priorities"),
    ({"priorities": {}}, "a list is expected"),
    ({"priorities": [{"colour": "red"}]}, r"priorities\[0\].*'colour' is not known"),
    ({"priorities": [{"title": 5}]}, r"priorities\[0\].title.*words are expected"),
    ({"priorities": [None]}, "missing"),
    ({"priorities": [], "format": "cypp-plan/9"}, "format"),
    ({"priorities": [{"id": "seven"}]}, "UUID"),
    ({"priorities": [], "rounds": [{"name": "x", "due": "soon"}]}, "YYYY-MM-DD"),
    ({"priorities": [], "sections": [{"depth": 9}]}, "1 to 6"),
    (
        {
            "priorities": [
                {
                    "outcomes": [
                        {"title": "A", "measures": [{"title": "m", "observations": [{"kind": "guess"}]}]}
                    ]
                }
            ]
        },
        "one of actual",
    ),
]


@pytest.mark.parametrize(("data", "words"), WRONG)
def test_a_wrong_file_is_refused_with_the_place(data: Any, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        checked(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"updates": [{"measures": ["ix"], "text": "x"}]}, "ix"),
        ({"measures": [{"code": "i", "title": "a"}, {"code": "i", "title": "b"}]}, "another key"),
    ],
)
def test_references_must_lead_somewhere_and_nothing_is_written(data: Any, words: str, tmp_path: Path) -> None:
    editor = open_editor(tmp_path / "p.cypp")
    with pytest.raises(ImportProblem, match=words):
        load_plan(editor, {"priorities": [{"code": "1", "outcomes": [{"code": "a", "title": "A", **data}]}]})
    load_plan(editor, SMALL)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"null", b"\x00" * 50])
def test_rubbish_is_refused_in_plain_words(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rubbish.json"
    path.write_bytes(raw)
    with pytest.raises(ImportProblem):
        read_plan(path)


KEYS = (
    *("title", "priorities", "outcomes", "measures", "updates", "actions", "leads"),
    *("observations", "value", "code", "text", "id", "round"),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*KEYS]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(JSON)
def test_whatever_stands_in_a_file_it_is_taken_or_refused_in_plain_words(data: Any) -> None:
    try:
        checked(data)
    except ImportProblem as problem:
        assert str(problem)
