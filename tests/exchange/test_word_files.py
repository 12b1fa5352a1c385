"""Files that are no readable Word plan get a message that says what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.word import read_word
from tests.exchange.word_raw import city, part, with_parts

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def problem(path: Path, content: bytes | None = None) -> str:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImportProblem) as caught:
        read_word(path)
    return str(caught.value)


def test_an_old_word_document_says_save_as_docx(tmp_path: Path) -> None:
    words = problem(tmp_path / "old.doc", OLE + "WordDocument".encode("utf-16-le") + bytes(1000))
    assert ".doc" in words and "save it as" in words


def test_a_document_with_a_password_says_take_it_off(tmp_path: Path) -> None:
    words = problem(tmp_path / "locked.docx", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(1000))
    assert "password" in words and "Protect Document" in words


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_document_cut_short_says_ask_again(share: float, tmp_path: Path) -> None:
    whole = city(tmp_path / "a.docx", "Words").read_bytes()
    assert "damaged" in problem(tmp_path / "b.docx", whole[: int(len(whole) * share)])


def test_a_document_with_changed_bytes_says_damaged(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Words")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("word/document.xml").header_offset + 60
    data[at : at + 40] = bytes(40)
    assert "damaged" in problem(tmp_path / "b.docx", bytes(data))


def test_broken_xml_says_damaged(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Words")
    xml = part(path, "word/document.xml")
    assert "damaged" in problem(with_parts(path, {"word/document.xml": xml[: len(xml) // 2]}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Words")
    assert "harmful" in problem(with_parts(path, {"word/document.xml": b"<a>" + b" " * 60_000_000}))


def test_entities_are_never_resolved(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Words")
    xml = part(path, "word/document.xml").partition("?>")[2]
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + xml.replace(
        "Words", "&x;"
    )
    assert "harmful" in problem(with_parts(path, {"word/document.xml": bomb}))


def test_a_document_without_a_plan_table_says_what_one_looks_like(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Only words.")
    document.save(str(tmp_path / "a.docx"))
    assert "no table that reads like an action plan" in problem(tmp_path / "a.docx")


def test_a_table_of_something_else_is_no_plan(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    for row, words in zip(table.rows, (["Version", "Author", "Date"], ["1", "Ann", "May"]), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    document.save(str(tmp_path / "a.docx"))
    assert "no table that reads like an action plan" in problem(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (rb"{\rtf1 words}", "rich text"),
        (b"<html><body>", "web page"),
        (b"just words", "not a Word document"),
        (b"PK\x03\x04 nothing else", "damaged"),
    ],
)
def test_other_files_are_named_for_what_they_are(content: bytes, said: str, tmp_path: Path) -> None:
    assert said in problem(tmp_path / "a.docx", content)


@pytest.mark.parametrize(
    ("name", "said"), [("xl/workbook.xml", "not a Word document"), ("photo.jpg", "zip file")]
)
def test_other_packages_are_named_for_what_they_are(name: str, said: str, tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "x")
    assert said in problem(tmp_path / "a.docx", data.getvalue())


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    assert "no file" in problem(tmp_path / "nothing.docx")
    assert "folder" in problem(tmp_path)


def test_messages_hold_no_words_of_the_document(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Confidential")
    xml = part(path, "word/document.xml").replace("Confidential", "Confidential<w:open>")
    words = problem(with_parts(path, {"word/document.xml": xml}))
    assert "Confidential" not in words


def renamed(path: Path, change: Callable[[str], str], relations: Callable[[str], str] = str) -> Path:
    """The document with other names of its parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "_rels/.rels":
                content = relations(content.decode()).encode()
            new.writestr(change(name), content)
    path.write_bytes(data.getvalue())
    return path


@pytest.mark.parametrize(
    "untidy",
    [
        lambda path: renamed(path, lambda name: name.replace("/", "\\")),
        lambda path: renamed(path, lambda name: name.replace("word/document", "Word/Document")),
        lambda path: renamed(
            path,
            lambda name: name.replace("word/document", "word/my document").replace(
                "_rels/document", "_rels/my document"
            ),
            lambda xml: xml.replace("word/document", "word/my%20document"),
        ),
        lambda path: with_parts(path, {"docProps/core.xml": "<cp:core"}),
        lambda path: with_parts(path, {"docProps/core.xml": ""}),
        lambda path: with_parts(path, {"word/styles.xml": ""}),
        lambda path: with_parts(path, {"word/styles.xml": "<w:styles>"}),
        lambda path: with_parts(path, {"word/_rels/document.xml.rels": ""}),
    ],
)
def test_a_file_that_is_whole_but_untidy_opens(untidy: Callable[[Path], Path], tmp_path: Path) -> None:
    found = read_word(untidy(city(tmp_path / "a.docx", "Words")))
    assert found.plan["priorities"][0]["outcomes"][0]["updates"][0]["text"] == "Words"


def test_a_damaged_part_that_is_not_needed_is_named(tmp_path: Path) -> None:
    report = read_word(
        with_parts(city(tmp_path / "a.docx", "Words"), {"word/styles.xml": "<"})
    ).report.as_text()
    assert "damaged and was not read: word/styles.xml" in report


def test_a_document_type_is_named_for_what_it_is(tmp_path: Path) -> None:
    path = city(tmp_path / "a.docx", "Words")
    xml = part(path, "word/document.xml").partition("?>")[2]
    assert "DOCTYPE" in problem(with_parts(path, {"word/document.xml": f"<!DOCTYPE x>{xml}"}))
