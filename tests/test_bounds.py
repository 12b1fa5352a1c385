"""What enters is bounded: reading takes time and memory as the file's size, or there is an end told in words.

The long run: ``python3 packaging/dev.py slow tests/test_bounds.py``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cypp_desktop.command_line.main import run
from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_json import read_plan
from cypp_desktop.exchange.word import package, read_word
from cypp_desktop.exchange.word.package import open_package
from cypp_desktop.plan.blocks import _markdown, parse, render
from cypp_desktop.plan.figures import parsed_value
from tests import costly_shapes as shapes
from tests.costly_shapes import Read, growth, most_memory, told

MOST = 1.2
SHORT = 1  # shapes of text in the usual run, and those that have a name


def reader_of_text(shape: Callable[[int], str]) -> Callable[[int], Read]:
    def reader(size: int) -> Read:
        text = shape(size)
        return lambda: render(parse(text))

    return reader


def reader_of_document(folder: Path, shape: Callable[[int], str]) -> Callable[[int], Read]:
    def reader(size: int) -> Read:
        path = shapes.write_document(folder / f"{size}.docx", shape(size))
        return lambda: read_word(path)

    return reader


def reader_of_plan(folder: Path, shape: Callable[[int], str]) -> Callable[[int], Read]:
    def reader(size: int) -> Read:
        path = folder / f"{size}.json"
        path.write_text(shape(size), "utf-8")
        return lambda: read_plan(path)

    return reader


# ---------------------------------------------------------------------------------- texts


@pytest.mark.parametrize(
    ("name", "shape"), list(shapes.texts(SHORT)), ids=lambda one: one if type(one) is str else ""
)
def test_texts(name: str, shape: Callable[[int], str]) -> None:
    assert growth(reader_of_text(shape), 1_000) < MOST, name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "shape"), list(shapes.texts(600)), ids=lambda one: one if type(one) is str else ""
)
def test_any_texts(name: str, shape: Callable[[int], str]) -> None:
    assert growth(reader_of_text(shape), 10_000) < MOST, name


def test_links_are_those_that_the_parser_itself_finds() -> None:
    chance = random.Random(3)
    pieces = ["[", "]", "(", ")", "](", "[a](b)", "\\", "a", " ", "*", '"', "<", ">", "\n", '](x "t")']
    own = MarkdownIt("zero").enable(["emphasis", "link", "escape", "newline", "balance_pairs"])
    own.normalizeLink = lambda url: url  # type: ignore[method-assign]
    own.validateLink = lambda url: True  # type: ignore[method-assign]
    for _ in range(2_000):
        text = "a" + "".join(chance.choices(pieces, k=chance.randint(1, 20)))
        tokens = own.parseInline(text)[0].children or []
        assert links_in(_markdown().parseInline(text)[0].children or []) == links_in(tokens), text


def links_in(tokens: Sequence[Token]) -> list[object]:
    return [token.attrs["href"] for token in tokens if token.type == "link_open"]


# ---------------------------------------------------------------------------------- Word

QUICK = ["a priority over each row"]


@pytest.mark.parametrize("name", QUICK)
def test_documents(tmp_path: Path, name: str) -> None:
    assert growth(reader_of_document(tmp_path, shapes.DOCUMENTS[name]), 30) < MOST


@pytest.mark.slow
@pytest.mark.parametrize("name", shapes.DOCUMENTS)
def test_any_documents(tmp_path: Path, name: str) -> None:
    assert growth(reader_of_document(tmp_path, shapes.DOCUMENTS[name]), 500) < MOST


@pytest.mark.parametrize("repeated", [True, False])
def test_a_note_is_read_once_however_often_it_is_named(tmp_path: Path, repeated: bool) -> None:
    def reader(size: int) -> Read:
        path = shapes.write_document(tmp_path / f"{size}.docx", *shapes.notes(size, repeated=repeated))
        return lambda: read_word(path)

    assert growth(reader, 100) < MOST
    said = json.dumps(read_word(tmp_path / "100.docx").plan)
    assert said.count("note") - said.count('"notes"') == 100


def test_a_part_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    body = shapes.DOCUMENTS["an outcome in each row"](3)
    once = shapes.write_document(tmp_path / "once.docx", body, shapes.header(2_000))
    often = shapes.write_document(tmp_path / "often.docx", body, shapes.header(2_000), named=500)
    assert len(open_package(often).headers) == 1
    assert most_memory(lambda: read_word(often)) < 1.5 * most_memory(lambda: read_word(once))


def test_running_out_of_memory_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shapes.write_document(tmp_path / "plan.docx", shapes.DOCUMENTS["an outcome in each row"](3))

    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(package._Files, "xml", no_memory)
    with pytest.raises(ImportProblem, match="not enough memory") as refused:
        read_word(path)
    assert "damaged" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [("many in a merged cell", 400, "merged"), ("a wide table", 300, "more than 252 columns")],
)
def test_what_is_too_much_is_told_in_words(tmp_path: Path, name: str, size: int, words: str) -> None:
    assert words in (told(reader_of_document(tmp_path, shapes.DOCUMENTS[name])(size)) or "")


def test_hardly_more_than_elements_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = shapes.write_document(tmp_path / "dense.docx", "<w:p/>" * 2_000_000)
    assert "unpacks to far more" in (told(lambda: read_word(path)) or "")


# ---------------------------------------------------------------------------------- plan JSON and numbers


@pytest.mark.parametrize("name", shapes.PLANS)
def test_plans(tmp_path: Path, name: str) -> None:
    assert growth(reader_of_plan(tmp_path, shapes.PLANS[name]), 1_000) < MOST


@pytest.mark.parametrize("number", ["1e999999999", "-1e-999999999", "9" * 61, "0." + "1" * 61, "9" * 5000])
def test_a_number_that_would_fill_pages_is_refused_in_words(
    tmp_path: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    measure = f'{{"code":"i","title":"m","observations":[{{"period":"p","value":{number}}}]}}'
    outcome = f'{{"code":"1a","title":"o","measures":[{measure}]}}'
    path = tmp_path / "number.json"
    path.write_text(
        f'{{"format":"cypp-plan/1","title":"T","priorities":[{{"code":"1","title":"p","outcomes":[{outcome}]}}]}}'
    )
    assert run(["import", str(path), "-o", str(tmp_path / "plan.cypp")]) == 1
    assert "a number of at most 60 digits is expected" in capsys.readouterr().err
    assert not (tmp_path / "plan.cypp").exists()


def test_a_typed_number_of_too_many_digits_is_words() -> None:
    assert parsed_value("9" * 60, None)["words"] is None
    assert parsed_value("9" * 61, None) == {"value": None, "words": "9" * 61, "unit": None}
