"""The command line as a person at a terminal meets it: what it does, says, and exits with."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.command_line.main import run, wants_window
from cypp_desktop.store.working_copy import WorkingCopy


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run(["show", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_import_show_and_export_tell_the_same(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", plan, "-o", str(tmp_path / "out.json")]) == 0
    assert json.loads((tmp_path / "out.json").read_text("utf-8")) == shown(capsys, plan)
    assert shown(capsys, plan, "1/1a/ii")["title"] == "Breastfeeding at 6-8 weeks"
    assert run(["show", plan]) == 0
    assert "1/1a/i  Smoking at delivery" in capsys.readouterr().out
    assert run(["show", plan, "1/1a/i"]) == 0
    assert "Fewer smoke" in capsys.readouterr().out


def test_set_undo_redo_and_history_work_on_the_file(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["set", plan, "1/1a/i", "title", "Smoking", "--as", "Ann Smith"]) == 0
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking"
    assert run(["undo", plan]) == 0
    assert "Undone: Edit title of 1a.i" in capsys.readouterr().out
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking at delivery"
    assert run(["redo", plan]) == 0
    capsys.readouterr()
    assert run(["history", plan, "1/1a/i", "--json"]) == 0
    [*_, edit] = [e for e in json.loads(capsys.readouterr().out) if e["field"] == "title"]
    assert (edit["author"], edit["before"], edit["value"]) == ("Ann Smith", "Smoking at delivery", "Smoking")
    assert run(["check", plan]) == 0


def test_history_shows_names_and_not_ids(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["set", plan, "1/1a/i", "leads", "Anytown Council: A. Jones"]) == 0
    capsys.readouterr()
    assert run(["history", plan, "1/1a/i"]) == 0
    assert "Lead organisation: “Anytown CCG” -> “Anytown Council”" in capsys.readouterr().out
    assert run(["history", plan, "1/1a/i", "--json"]) == 0
    (lead,) = [e for e in json.loads(capsys.readouterr().out) if e["field"] == "organisation_id"]
    said = {"label": "Lead organisation", "before": "Anytown CCG", "after": "Anytown Council"}
    assert lead["shown"] == said
    assert lead["before"] != "Anytown CCG"


def test_the_update_of_a_measure_is_its_text_in_the_current_round(
    plan: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"- From standard\r\n- input\n")))
    assert run(["set", plan, "1/1a/ii", "update", "-"]) == 0
    updates = shown(capsys, plan, "1/1a")["updates"]
    assert {
        "round": "End of year",
        "measures": ["ii"],
        "text": "- From standard\n- input",
    }.items() <= updates[1].items()


def test_every_kind_of_field_can_be_set(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    for address, field, value in [
        ("1", "outcomes_sought", "First.\nSecond."),
        ("1/1a/i", "placeholder", "yes"),
        ("1/1a/i", "leads", "Police: C. Lee, D. Roy; Schools (partner) – from May"),
        ("1/1a/i/observations/#1", "value", "16.80 %"),
        ("1/1a/i/observations/#2", "value", "not yet known"),
        ("1/1a/actions/1", "due", "Begins May 2018"),
        ("1/1a/updates/#1", "state", "agreed"),
        ("plan", "period", "2018-2020"),
        ("rounds/#2", "due", "2018-06-15"),
        ("recommendations/1", "progress", "Done."),
        ("sections/1", "depth", "2"),
    ]:
        assert run(["set", plan, address, field, value]) == 0, (address, field)
    measure = shown(capsys, plan, "1/1a/i")
    assert measure["placeholder"] is True
    assert measure["leads"] == [
        {"organisation": "Police", "people": ["C. Lee", "D. Roy"], "note": None},
        {"organisation": "Schools", "people": [], "role": "partner", "note": "from May"},
    ]
    assert [o["value"] for o in measure["observations"]] == [16.8, "not yet known"]
    assert shown(capsys, plan, "1")["outcomes_sought"] == ["First.", "Second."]
    assert run(["check", plan]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["9", "title", "x"], "no row 9"),
        (["1/1a/i", "colour", "x"], "no field colour"),
        (["1/1a/i", "placeholder", "perhaps"], "yes or no"),
        (["1/1a/updates/#1", "state", "wild"], "one of: empty, draft"),
        (["1/1a/i/x", "title", "x"], "nothing below"),
        (["rounds/#1", "due", "soon"], "2018-06-15"),
        (["rounds/#1", "due", "2018-02-30"], "2018-06-15"),
        (["rounds/#1", "leads", "Schools"], "no field leads"),
        (["plan", "title", "half \udce9"], "no letter"),
        (["plan", "title", "nul \0"], "no letter"),
        (["plan", "title", "x", "--as", "\udce9"], "no letter"),
    ],
)
def test_what_cannot_be_set_is_said_in_one_line_and_changes_nothing(
    plan: str, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(plan).read_bytes()
    capsys.readouterr()
    assert run(["set", plan, *words]) == 1
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert Path(plan).read_bytes() == before


def test_a_link_is_set_by_name(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["set", plan, "people/A. Jones", "organisation_id", "Anytown CCG"]) == 0
    organisation = shown(capsys, plan, "organisations/Anytown CCG")["id"]
    assert shown(capsys, plan, "people/A. Jones")["organisation_id"] == organisation
    assert run(["set", plan, "people/A. Jones", "organisation_id", "Nobody"]) == 1
    assert "no row organisations/Nobody" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("17.20 %", "17.20", "%"),
        ("1,250", "1250", "%"),
        ("136th of 137", "136th of 137", "%"),
        ("2016/17", "2016/17", "%"),
    ],
)
def test_only_what_is_wholly_a_number_becomes_one(
    plan: str, typed: str, value: str, unit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["set", plan, "1/1a/i/observations/#1", "value", typed]) == 0
    assert run(["show", plan, "1/1a/i/observations/#1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_float=str, parse_int=str)
    assert (found["value"], found["unit"]) == (value, unit)


def test_wrong_usage_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["paint"], ["set"], ["show"], ["history", "x.cypp", "--since", "soon"]):
        with pytest.raises(SystemExit) as ended:
            raise SystemExit(run(words))
        assert ended.value.code == 2


def test_a_file_that_is_there_is_not_replaced(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(plan).read_bytes()
    assert run(["new", plan]) == 1
    assert run(["import", str(tmp_path / "small.json"), "-o", plan]) == 1
    assert Path(plan).read_bytes() == before


@pytest.mark.parametrize("sample", ["city", "county"])
def test_a_sample_makes_a_sound_plan(sample: str, tmp_path: Path) -> None:
    target = str(tmp_path / "sample.cypp")
    assert run(["new", target, "--sample", sample]) == 0
    assert run(["check", target]) == 0


def test_an_empty_plan_is_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "Our plan.cypp")
    assert run(["new", target]) == 0
    assert shown(capsys, target)["title"] == "Our plan"


def test_a_wrong_source_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "bad.json"
    source.write_text('{"priorities": [{"nonsense": 1}]}')
    assert run(["import", str(source), "-o", str(tmp_path / "p.cypp")]) == 1
    assert "nonsense" in capsys.readouterr().err
    assert not (tmp_path / "p.cypp").exists()


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"nul \0", None])
def test_what_is_piped_in_must_be_text(
    plan: str, raw: bytes | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", raw if raw is None else io.TextIOWrapper(io.BytesIO(raw)))
    assert run(["set", plan, "plan", "title", "-"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_result_is_never_written_over_a_plan_or_its_source(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = str(tmp_path / "small.json")
    before = {name: Path(name).read_bytes() for name in (plan, source)}
    for words in (
        ["export", plan, "-o", plan],
        ["print", plan, "-o", plan],
        ["import", source, "-o", str(tmp_path / "n.cypp"), "--report", source],
        ["import", source, "-o", str(tmp_path / "n.cypp"), "--report", str(tmp_path / "n.cypp")],
    ):
        assert run(words) == 1, words
    assert {name: Path(name).read_bytes() for name in before} == before
    assert not (tmp_path / "n.cypp").exists()


def test_a_report_that_cannot_be_written_needs_an_eye_for_the_plan_is_made(plan: str, tmp_path: Path) -> None:
    made = str(tmp_path / "made.cypp")
    words = ["import", str(tmp_path / "small.json"), "-o", made, "--report", str(tmp_path / "no" / "r.txt")]
    assert run(words) == 3
    assert run(["check", made]) == 0


def test_what_could_not_be_made_leaves_nothing_to_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "later" / "plan.cypp"
    assert run(["new", str(target), "--title", "First"]) == 1
    assert capsys.readouterr().err.endswith("Nothing was made.\n")
    target.parent.mkdir()
    assert run(["new", str(target), "--title", "Second"]) == 0
    assert shown(capsys, str(target), "plan")["title"] == "Second"


def test_an_edit_that_cannot_be_saved_is_not_kept_for_later(
    plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(plan).chmod(0o444)
    assert run(["set", plan, "plan", "title", "Lost?"]) == 1
    assert capsys.readouterr().err.endswith("read-only. Nothing was changed.\n")
    Path(plan).chmod(0o644)
    assert run(["set", plan, "plan", "area", "Anytown"]) == 0
    assert shown(capsys, plan, "plan")["title"] == "Anytown plan"


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are made otherwise there")
@pytest.mark.parametrize("name", ["pipe.json", "pipe.docx", "pipe"])
def test_a_pipe_is_not_waited_for(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / name)
    assert run(["import", str(tmp_path / name), "-o", str(tmp_path / "p.cypp")]) == 1
    assert "not a file" in capsys.readouterr().err


def test_a_name_from_another_machine_is_said_on_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("line\nend\x1b[31m.cypp", "caf\udce9.cypp", "x" * 300 + ".cypp"):
        assert run(["check", str(tmp_path / name)]) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1 and "\x1b" not in error


def test_the_folder_of_the_application_may_have_any_name(
    plan: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("100%20 sure", "what#now é", "a&b='c'"):
        monkeypatch.setenv("CYPP_DESKTOP_HOME", str(tmp_path / name))
        assert run(["set", plan, "plan", "area", name]) == 0
        assert shown(capsys, plan, "plan")["area"] == name


def test_an_unsound_file_is_told_as_such_by_every_command(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(plan)) as connection:
        connection.execute("UPDATE measure SET flags = 'nope'")
        connection.commit()
    before = Path(plan).read_bytes()
    for words in (
        ["show", plan],
        ["show", plan, "1/1a/i", "--json"],
        ["export", plan, "-o", str(tmp_path / "out.json")],
        ["set", plan, "1/1a/i", "title", "x"],
    ):
        capsys.readouterr()
        assert run(words) == 1
        error = capsys.readouterr().err
        assert "not sound" in error and error.count("\n") == 1
    assert Path(plan).read_bytes() == before


def test_a_bug_is_one_line_and_the_log_holds_no_word_of_the_plan(
    plan: str, own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(row: object) -> str:
        raise KeyError("Smoking at delivery")

    monkeypatch.setattr("cypp_desktop.command_line.show.row_text", broken)
    assert run(["show", plan, "1/1a/i"]) == 1
    assert capsys.readouterr().err == "Something went wrong in the program itself, so this was not done.\n"
    logged = (own_home / "log" / "cypp-desktop.log").read_text("utf-8")
    assert "KeyError" in logged and "Smoking" not in logged


def test_a_reader_who_has_had_enough_is_no_fault(plan: str, own_home: Path) -> None:
    command = [sys.executable, "-m", "cypp_desktop", "show", plan, "--json"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_moment_with_a_zone_is_understood(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    for since, count in [("2018-03-01", True), ("2018-03-01T10:00+02:00", True), ("9999-12-31", False)]:
        capsys.readouterr()
        assert run(["history", plan, "--since", since]) == 0
        assert bool(capsys.readouterr().out) is count


def test_a_damaged_or_foreign_file_is_named_in_plain_words(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = tmp_path / "short.cypp"
    short.write_bytes(Path(plan).read_bytes()[:5000])
    for target in (short, tmp_path / "small.json", tmp_path / "nowhere.cypp", tmp_path):
        capsys.readouterr()
        assert run(["check", str(target)]) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1 and "Traceback" not in error


def test_a_plan_open_in_a_window_is_not_edited_beside_it(
    plan: str, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with WorkingCopy.open(Path(plan), own_home / "data"):
        assert run(["set", plan, "1/1a/i", "title", "x"]) == 1
        assert "open in another window" in capsys.readouterr().err
        assert run(["show", plan]) == 0


def test_a_file_changed_by_someone_else_is_kept_and_so_is_ours(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from cypp_desktop.store.addresses import row_at
    from cypp_desktop.store.commands import set_field
    from cypp_desktop.store.plan_file import OpenPlan

    with OpenPlan.open(Path(plan)) as open_plan:
        theirs = tmp_path / "theirs.cypp"
        theirs.write_bytes(Path(plan).read_bytes())
        set_field(open_plan.editor, row_at(open_plan.editor.session, "1/1a/i"), "title", "Ours")
        other = tmp_path / "elsewhere"
        with OpenPlan.open(theirs, data=other) as theirs_open:
            set_field(theirs_open.editor, row_at(theirs_open.editor.session, "1/1a/i"), "title", "Theirs")
            theirs_open.publish()
        theirs.replace(plan)
        result = open_plan.publish()
    assert result.kept_beside is not None
    assert shown(capsys, plan, "1/1a/i")["title"] == "Theirs"
    assert shown(capsys, str(result.kept_beside), "1/1a/i")["title"] == "Ours"


def test_the_window_opens_for_a_plan_and_for_nothing_else() -> None:
    assert wants_window([]) and wants_window(["a plan.cypp"])
    assert not wants_window(["show"]) and not wants_window(["paint"]) and not wants_window(["--help"])
    assert not wants_window(["x" * 5000])


def test_a_plan_table_without_an_outcome_is_never_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import docx

    document = docx.Document()
    cells = document.add_table(1, 3).rows[0].cells
    for cell, words in zip(cells, ("Outcomes", "Performance measures", "Key actions"), strict=True):
        cell.text = words
    document.save(str(tmp_path / "a.docx"))
    assert run(["import", str(tmp_path / "a.docx"), "-o", str(tmp_path / "a.cypp")]) == 3
    assert "no outcome came of it" in capsys.readouterr().err
