"""print and layouts on the command line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from cypp_desktop.operations.importing.bring_in import make_plan
from tests.report.plans import everything


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "town.cypp"
    make_plan(path, everything(), "Test plan")
    return path


def piped(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(words.encode("utf-8"))))


@pytest.mark.parametrize(
    ("name", "begins"), [("out.pdf", b"%PDF"), ("out.html", b"<!DOCTYPE html>"), ("out.docx", b"PK")]
)
def test_the_name_of_the_file_says_what_it_becomes(
    plan: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    assert run(["print", str(plan), "--layout", "scorecard", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_pack_for_one_organisation_with_what_changed(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack.html"
    words = ["print", str(plan), "--pack", "organisation", "--organisation", "health trust", "--since"]
    assert run([*words, "2018-03-01", "-o", str(out)]) == 0
    said = out.read_text("utf-8")
    assert "Changes since 1 March 2018" in said
    assert "Vaccinated by two" in said
    assert "Smoking" not in said


def test_one_priority_and_some_colours_only(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"

    def said(*more: str) -> str:
        assert run(["print", str(plan), *more, "-o", str(out)]) == 0
        return out.read_text("utf-8")

    for what in (("--layout", "update"), ("--pack", "board")):
        assert "2. Safety" not in said(*what, "--priority", "1")
        assert "2. Safety" in said(*what, "--priority", "1", "--priority", "safety")
        assert "Vaccinated" not in said(*what, "--rag", "Red, green")
        assert "Vaccinated" in said(*what, "--rag", "red,amber")


def test_one_pack_for_each_organisation(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pack.pdf"
    assert run(["print", str(plan), "--pack", "organisation", "--each-organisation", "-o", str(out)]) == 0
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == [
        "pack - Health Trust.pdf",
        "pack - Town Council.pdf",
    ]
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_pdf_carries_the_data_of_what_is_printed_only_where_that_is_asked_for(
    plan: Path, tmp_path: Path
) -> None:
    import pikepdf

    def carried(*more: str) -> str:
        out = tmp_path / "out.pdf"
        assert run(["print", str(plan), "-o", str(out), *more]) == 0
        with pikepdf.open(out) as pdf:
            return "".join(pdf.attachments[name].get_file().read_bytes().decode() for name in pdf.attachments)

    for what in (("--layout", "update"), ("--pack", "board"), ("--layout", "exceptions")):
        assert carried(*what) == ""
        assert carried(*what, "--no-data") == ""
    assert "Smoking at delivery" in carried("--layout", "update", "--data")
    trust_only = ("--data", "--organisation", "Health Trust")
    assert "Smoking at delivery" not in carried("--layout", "update", *trust_only)


@pytest.mark.parametrize("ending", ["html", "docx"])
def test_only_a_pdf_can_carry_data(
    plan: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"out.{ending}"
    assert run(["print", str(plan), "-o", str(out), "--data"]) == 2
    assert "Only a PDF" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--layout", "fancy"], "no layout called fancy"),
        (["--pack", "fancy"], "no pack called fancy"),
        (["--organisation", "Nobody"], "no organisation of that name"),
        (["--priority", "9"], "no priority 9"),
        (["--rag", "red,pink"], "red, amber, green, none"),
        (["--since", "last March"], "Write it as 2018-03-01"),
        (["--paper", "A9"], "no paper called A9"),
        (["--size", "300"], "from 6 to 24 points"),
    ],
)
def test_what_cannot_be_is_said(
    plan: Path, tmp_path: Path, more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.pdf"
    assert run(["print", str(plan), "-o", str(out), *more]) == 1
    assert says in capsys.readouterr().err
    assert not out.exists()


def test_layouts_are_listed_shown_kept_changed_and_deleted(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["layouts", str(plan), "--show", "update"]) == 0
    declared = json.loads(capsys.readouterr().out)
    declared |= {"title": "Large print", "size": 14}
    piped(monkeypatch, json.dumps(declared))
    assert run(["layouts", str(plan), "--save", "Large"]) == 0
    piped(monkeypatch, json.dumps({"title": "March", "parts": ["cover", "contents", "Large"]}))
    assert run(["layouts", str(plan), "--save", "Meeting"]) == 0
    capsys.readouterr()
    assert run(["layouts", str(plan)]) == 0
    said = capsys.readouterr().out
    assert "  Large: Large print, the plan’s own" in said
    assert "  Meeting: March, the plan’s own" in said
    assert "  board: Board pack" in said
    assert run(["print", str(plan), "--pack", "Meeting", "-o", str(tmp_path / "out.pdf")]) == 0
    assert run(["layouts", str(plan), "--delete", "Meeting"]) == 0
    assert run(["layouts", str(plan), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out.partition("\n[")[2].join(["[", ""]))
    assert [one["name"] for one in listed if one["own"]] == ["Large"]


@pytest.mark.parametrize(
    ("words", "says"),
    [("not JSON", "not JSON"), ("[]", "not the declaration"), ('{"based_on": "x"}', "not based on a layout")],
)
def test_what_is_no_declaration_is_not_kept(
    plan: Path, words: str, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, words)
    assert run(["layouts", str(plan), "--save", "Mine"]) == 1
    assert says in capsys.readouterr().err


def test_a_password_locks_a_pdf_and_is_refused_for_others(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pikepdf

    out = tmp_path / "out.pdf"
    piped(monkeypatch, "open sesame\n")
    assert run(["print", str(plan), "-o", str(out), "--password", "-"]) == 0
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(out)
    with pikepdf.open(out, password="open sesame") as pdf:
        assert len(pdf.pages) > 0
    assert run(["print", str(plan), "-o", str(tmp_path / "out.html"), "--password", "x"]) == 1
    assert "Only a PDF" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "anybody could open"),
        ("   ", "anybody could open"),
        ("\u00a0\u2003", "anybody could open"),
        ("x" * 128, "too long"),
        ("ŷ" * 64, "too long"),
        ("\udcff", "not every program"),
        ("a\tb", "not every program"),
        ("a\u200bb", "not every program"),
        ("½", "not every program"),
        ("\ue000", "not every program"),
    ],
)
def test_a_password_that_would_lock_nothing_or_be_read_otherwise_is_wrong_usage_and_nothing_is_written(
    plan: Path, tmp_path: Path, password: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--each-organisation"]):
        out = tmp_path / "out.pdf"
        assert run(["print", str(plan), "-o", str(out), "--password", password, *more]) == 2
        assert says in capsys.readouterr().err
        assert not list(tmp_path.glob("*.pdf"))


@pytest.mark.parametrize("piped_in", ["", "\n", "\r\n", "\ufeff", "  \n", "two\nlines\n"])
def test_a_password_from_standard_input_that_is_none_is_wrong_usage(
    plan: Path, tmp_path: Path, piped_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, piped_in)
    assert run(["print", str(plan), "-o", str(tmp_path / "out.pdf"), "--password", "-"]) == 2
    assert not (tmp_path / "out.pdf").exists()


def test_a_password_opens_the_file_however_its_accents_were_typed(plan: Path, tmp_path: Path) -> None:
    import pikepdf

    out = tmp_path / "out.pdf"
    assert run(["print", str(plan), "-o", str(out), "--password", "cafe\u0301 Ŵyl"]) == 0
    with pikepdf.open(out, password="caf\u00e9 Ŵyl") as pdf:
        assert len(pdf.pages) > 0


def test_the_longest_password_is_known_to_its_last_letter(plan: Path, tmp_path: Path) -> None:
    import pikepdf

    out = tmp_path / "out.pdf"
    assert run(["print", str(plan), "-o", str(out), "--password", "x" * 126 + "y"]) == 0
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(out, password="x" * 126 + "z")
    with pikepdf.open(out, password="x" * 126 + "y") as pdf:
        assert len(pdf.pages) > 0
