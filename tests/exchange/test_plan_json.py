"""Plan JSON in and out: the same content, the same bytes, and clear words for a wrong file."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_json import checked, load_plan, read_plan, row_json, write_plan
from cypp_desktop.exchange.plan_loader import default_state
from cypp_desktop.plan.codes import row_at
from cypp_desktop.store.check import check_file
from cypp_desktop.store.editor import Editor
from tests.store.plans import SMALL, open_editor, small_plan

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
    values = ["90.0", "17.20", "0.1234567890123456789", "12", "-3"]
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
