"""Council documents that the import was not written from: every cell in its place, and no word lost."""

from __future__ import annotations

import contextlib
import html
import io
import random
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.word import WordImport, read_word
from tests.exchange import word_score
from tests.exchange.unseen import city, county, pages, shapes, wrappings
from tests.exchange.unseen.truth import OneOf
from tests.exchange.unseen.words import (
    Document,
    Parts,
    X,
    bullet,
    cell,
    control,
    head,
    heading,
    para,
    row,
    table,
    write_docx,
)

DOCUMENTS = {make.__name__: make for part in (city, county, shapes, pages, wrappings) for make in part.ALL}
HEADINGS = ("Outcomes", "Performance measures", "Update", "Lead organisation")


def read(document: Document, folder: Path) -> tuple[WordImport, Path]:
    body, parts, _ = document
    path = write_docx(folder / "plan.docx", body, parts)
    return read_word(path), path


def compared(found: dict[str, Any], truth: dict[str, Any]) -> word_score.Score:
    """The score over what the truth speaks of: some leave headings, level names or the opening open."""
    said = {"columns": [], "level_names": {}, "introduction": None} | truth
    shown = {key: found[key] if key in truth else said[key] for key in said} | {
        "priorities": found["priorities"]
    }
    ours, theirs = word_score.cells(shown), dict(_cells_of(said))
    places = [*theirs, *(place for place in ours if place not in theirs)]
    wrong = [(p, theirs.get(p), ours.get(p)) for p in places if theirs.get(p) != ours.get(p)]
    return word_score.Score(len(places) - len(wrong), len(places), wrong)


def _cells_of(truth: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for place, value in word_score._plan_cells(truth):
        if isinstance(value, OneOf) or value not in (None, "", [], False):
            yield place, value


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_in_cell_by_cell(name: str, tmp_path: Path) -> None:
    document = DOCUMENTS[name]()
    found, _ = read(document, tmp_path)
    best = max((compared(found.plan, truth) for truth in document[2]), key=lambda score: score.share)
    assert best.share >= 0.95, best.differences


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_word_of_a_document_is_lost(name: str, tmp_path: Path) -> None:
    found, path = read(DOCUMENTS[name](), tmp_path)
    kept = {word for text in _texts(found.plan) for word in _words(text)}
    kept |= {word for unplaced in found.report.unplaced for word in _words(unplaced.words)}
    kept |= {word for t in found.tables for column in t.columns for word in _words(column.heading)}
    lost = [
        word for line in _lines(path) if not _names_a_list(line) for word in _words(line) if word not in kept
    ]
    assert [word for word in lost if word not in _SIGNS] == []


# What a plan keeps in other forms: numbers in words, the heading of the introduction, signs of pages.
_SIGNS = {"one", "two", "three", "continued", "contents", "introduction", "page", "o", "lead", "and"}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str | Decimal):
        yield str(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _names_a_list(line: str) -> bool:
    """A heading such as "Outcomes we want": the list below it is what is kept."""
    return (
        re.search(r"\boutcomes\b|\bsuccess\b|\bsucceeded\b|\bknow\b|\baiming\b|\bachieve\b", line, re.I)
        is not None
    )


def _lines(path: Path) -> Iterator[str]:
    """The paragraphs that a person sees, told from the XML by themselves."""
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if re.match(r"word/(?:document|header|footnotes|comments)\.xml", name):
                xml = packed.read(name).decode()
                xml = re.sub(r"<mc:Fallback>.*?</mc:Fallback>", "", xml, flags=re.S)
                xml = re.sub(r"<w:(instrText|delText)[^>]*>.*?</w:\1>", "", xml, flags=re.S)
                xml = re.sub(r"<w:moveFrom .*?</w:moveFrom>", "", xml, flags=re.S)
                xml = re.sub(r"<w:tr><w:trPr><w:del .*?</w:tr>", "", xml, flags=re.S)
                xml = re.sub(r"<w:softHyphen/>", "", xml).replace("<w:noBreakHyphen/>", "-")
                xml = re.sub(r"<w:tab/>|<w:br/>", " ", xml)
                for line in re.split(r"</w:p>", xml):
                    yield html.unescape(re.sub(r"<[^>]+>", "", line))


# ---------------------------------------------------------------------------------- odd and large files


def _plan_of(*rows: X) -> list[X]:
    return [heading("Priority 1. Safe"), table(head(*HEADINGS), *rows)]


def _row(number: int) -> X:
    return row(
        f"{number}. Outcome {number}", f"Measure {number}", cell([bullet(f"Words {number}")]), "Oak Council"
    )


def test_a_plan_of_a_thousand_rows_comes_in_whole(tmp_path: Path) -> None:
    found = read_word(write_docx(tmp_path / "large.docx", _plan_of(*map(_row, range(1, 1001)))))
    assert len(found.plan["priorities"][0]["outcomes"]) == 1000


def test_a_cell_of_thousands_of_typed_lines_comes_in_whole(tmp_path: Path) -> None:
    typed = "\n".join(f"• point {n}" for n in range(5000))
    body = _plan_of(row("1a: Long", "i) Long", typed, "Oak Council, Police and " * 4000))
    found = read_word(write_docx(tmp_path / "long.docx", body))
    text = found.plan["priorities"][0]["outcomes"][0]["updates"][0]["text"]
    assert text.count("- point ") == 5000


def test_a_hundred_tables_are_all_read(tmp_path: Path) -> None:
    body = [
        piece
        for n in range(1, 100)
        for piece in (heading(f"Priority {n}. Title {n}"), table(head(*HEADINGS), _row(n)))
    ]
    found = read_word(write_docx(tmp_path / "tables.docx", body))
    assert len(found.plan["priorities"]) == 99


def test_empty_paragraphs_by_the_thousand_are_passed_over(tmp_path: Path) -> None:
    found = read_word(write_docx(tmp_path / "empty.docx", [*[para("")] * 20_000, *_plan_of(_row(1))]))
    assert found.plan["priorities"][0]["outcomes"][0]["title"] == "Outcome 1"


def test_lines_of_tens_of_thousands_of_letters_are_read(tmp_path: Path) -> None:
    long = [para(" " * 50_000 + "x"), para(" a" * 30_000), para("Outcomes " * 8_000)]
    body = [*long, *_plan_of(row("1a: " + "a " * 20_000, "i) " + "b. " * 20_000, "Words", "(" * 20_000))]
    assert read_word(write_docx(tmp_path / "long.docx", body)).plan["priorities"][0]["code"] == "1"


def test_wrappings_nested_beyond_all_sense_are_refused_in_words(tmp_path: Path) -> None:
    deep = para("deep")
    for _ in range(5000):
        deep = control(deep)
    path = write_docx(tmp_path / "deep.docx", [deep, *_plan_of(_row(1))])
    with pytest.raises(ImportProblem):
        read_word(path)


@pytest.mark.parametrize("number", ["-1", "0", "99999999999", "abc", "", "NaN", "inf", "1.5", "²"])
def test_absurd_numbers_in_the_table_do_not_stop_the_import(number: str, tmp_path: Path) -> None:
    odd = X(
        f'<w:tc><w:tcPr><w:gridSpan w:val="{number}"/><w:vMerge w:val="{number}"/></w:tcPr><w:p><w:pPr>'
        f'<w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="{number}"/></w:numPr>'
        f'<w:outlineLvl w:val="{number}"/></w:pPr><w:r><w:rPr><w:sz w:val="{number}"/></w:rPr>'
        f'<w:t>kept words</w:t><w:sym w:font="Symbol" w:char="{number}"/></w:r></w:p></w:tc>'
    )
    body = _plan_of(_row(1), row("2. Odd", "Odd measure", odd, "Oak Council"))
    found = read_word(write_docx(tmp_path / "odd.docx", body))
    assert any("kept words" in text for text in _texts(found.plan))


@pytest.mark.parametrize("number", ["-1", "0", "abc", "NaN"])
def test_a_row_that_says_it_begins_before_its_table_begins_with_it(number: str, tmp_path: Path) -> None:
    cells = _row(2).removeprefix("<w:tr>")
    odd = X(f'<w:tr><w:trPr><w:gridBefore w:val="{number}"/></w:trPr>{cells}')
    found = read_word(write_docx(tmp_path / "odd.docx", _plan_of(_row(1), odd)))
    plain = read_word(write_docx(tmp_path / "plain.docx", _plan_of(_row(1), _row(2))))
    assert found.plan["priorities"] == plain.plan["priorities"]


def test_styles_based_on_each_other_without_end_are_read(tmp_path: Path) -> None:
    chain = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="s{n}"/>'
        f'<w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(3000)
    )
    body = [para("Introduced", style="s0"), *_plan_of(_row(1))]
    found = read_word(write_docx(tmp_path / "chain.docx", body, Parts(styles=chain)))
    assert found.plan["priorities"][0]["code"] == "1"


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_file_is_read_or_refused_in_words(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for name in chance.sample(sorted(DOCUMENTS), 6):
        body, parts, _ = DOCUMENTS[name]()
        whole = write_docx(tmp_path / "whole.docx", body, parts)
        for damage in (_bits_flipped, _cut_short, _parts_swapped, _parts_missing, _tags_broken):
            path = tmp_path / "damaged.docx"
            path.write_bytes(damage(whole.read_bytes(), chance))
            with contextlib.suppress(ImportProblem):
                assert read_word(path).plan["priorities"]


def _bits_flipped(data: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _parts_swapped(data: bytes, chance: random.Random) -> bytes:
    parts = _unpacked(data)
    one, other = chance.sample(sorted(parts), 2)
    return _packed(parts | {one: parts[other], other: parts[one]})


def _parts_missing(data: bytes, chance: random.Random) -> bytes:
    parts = _unpacked(data)
    gone = chance.sample(sorted(parts), 2)
    return _packed({name: content for name, content in parts.items() if name not in gone})


def _tags_broken(data: bytes, chance: random.Random) -> bytes:
    """One kind of element renamed to another, and some attributes taken away."""
    parts = _unpacked(data)
    xml = parts["word/document.xml"].decode()
    one, other = chance.sample(["p", "tbl", "tr", "tc", "r", "t", "sdt", "tcPr", "pPr"], 2)
    xml = re.sub(rf"(</?w:){one}(?=[ >/])", rf"\1{other}", xml)
    xml = re.sub(r' w:(?:val|id|fldCharType)="[^"]*"', lambda m: "" if chance.random() < 0.3 else m[0], xml)
    return _packed(parts | {"word/document.xml": xml.encode()})


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()
