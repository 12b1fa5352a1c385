"""Preferences survive a restart, a damaged file, a later version and a full disk."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop import paths, settings
from cypp_desktop.errors import FileProblem
from cypp_desktop.settings import Session, Settings, WindowState

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = [name for name in Settings.__dataclass_fields__ if name != "unknown"]


def settings_file() -> Path:
    return paths.config_folder() / "settings.json"


def test_a_new_person_gets_the_defaults_and_no_file_is_written() -> None:
    assert settings.load() == Settings()
    assert not settings_file().exists()


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    kept = Settings(author="Policy officer", theme="dark", text_scale=150, reopen_last=False)
    kept.window = WindowState(geometry="AdnQ", state="AAAA", splitters={"main": [300, 700]})
    kept.remember_file(tmp_path / "Plan with ümlaut.cypp")
    session = kept.session(tmp_path / "Plan with ümlaut.cypp")
    session.selected = "0b2c"
    session.expanded = ["a", "b"]
    settings.save(kept)
    assert settings.load() == kept


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "\x00\x01", '"words"', "null"])
def test_a_damaged_file_gives_the_defaults_and_is_set_aside(text: str) -> None:
    settings_file().write_text(text)
    assert settings.load() == Settings()
    assert (paths.config_folder() / "settings-unreadable.json").read_text() == text
    settings.save(Settings(author="Me"))
    assert settings.load().author == "Me"


def test_bytes_that_are_no_text_are_a_damaged_file() -> None:
    settings_file().write_bytes(b"\xff\xfe{}")
    assert settings.load() == Settings()
    assert not settings_file().exists()


def test_what_is_nested_beyond_reading_is_a_damaged_file() -> None:
    settings_file().write_text("[" * 100_000)
    assert settings.load() == Settings()
    assert not settings_file().exists()


@pytest.mark.parametrize("what", ["folder", "pipe"])
def test_what_is_no_file_in_its_place_is_set_aside(what: str) -> None:
    if what == "folder":
        settings_file().mkdir()
    elif sys.platform != "win32":
        os.mkfifo(settings_file())
    assert settings.load() == Settings()
    settings.save(Settings(author="Me"))
    assert settings.load().author == "Me"


def test_without_a_folder_for_them_the_defaults_do(own_home: Path) -> None:
    own_home.parent.mkdir(parents=True, exist_ok=True)
    own_home.write_text("a file in the way")
    assert settings.load() == Settings()
    with pytest.raises(FileProblem, match="cannot be made"):
        settings.save(Settings())


def test_a_name_that_is_no_text_is_kept_as_far_as_it_is_text() -> None:
    settings_file().write_text(json.dumps({"author": "Ann \ud800"}))
    assert settings.load().author == "Ann ?"


def test_one_wrong_value_costs_only_itself() -> None:
    stored = {"author": "Me", "theme": "purple", "text_scale": 900, "recent_files": ["a", 5], "window": []}
    settings_file().write_text(json.dumps(stored))
    found = settings.load()
    assert found == Settings(author="Me", text_scale=200, recent_files=["a"])


@given(st.dictionaries(st.sampled_from(NAMES), ANY_JSON))
def test_no_stored_value_whatever_stops_the_start(stored: dict[str, object]) -> None:
    settings_file().write_text(json.dumps(stored))
    found = settings.load()
    settings.save(found)
    assert settings.load() == found


def test_what_a_later_version_wrote_is_kept() -> None:
    settings_file().write_text(json.dumps({"author": "Me", "columns_shown": ["lead"]}))
    found = settings.load()
    found.author = "You"
    settings.save(found)
    assert json.loads(settings_file().read_text())["columns_shown"] == ["lead"]


def test_the_file_opened_last_heads_the_recent_files_and_stands_there_once(tmp_path: Path) -> None:
    found = Settings()
    for name in ("one.cypp", "two.cypp", "one.cypp"):
        found.remember_file(tmp_path / name)
    assert found.recent_files == [str(tmp_path / "one.cypp"), str(tmp_path / "two.cypp")]
    assert found.last_file == str(tmp_path / "one.cypp")


def test_the_recent_files_stay_few_and_sessions_go_with_them(tmp_path: Path) -> None:
    found = Settings()
    for number in range(30):
        file = tmp_path / f"{number}.cypp"
        found.remember_file(file)
        found.session(file).selected = str(number)
    assert len(found.recent_files) == settings.LONGEST_RECENT
    assert set(found.sessions) == set(found.recent_files)
    assert found.session(tmp_path / "29.cypp").selected == "29"


def test_a_forgotten_file_leaves_no_trace(tmp_path: Path) -> None:
    found = Settings()
    found.remember_file(tmp_path / "one.cypp")
    found.session(tmp_path / "one.cypp").expanded = ["a"]
    found.forget_file(tmp_path / "one.cypp")
    assert found == Settings()
    assert found.session(tmp_path / "one.cypp") == Session()


def test_a_file_name_that_is_no_unicode_is_remembered() -> None:
    name = os.fsdecode(b"/plans/caf\xe9.cypp")
    found = Settings()
    found.remember_file(name)
    settings.save(found)
    assert settings.load().recent_files == found.recent_files


def test_a_save_that_fails_leaves_the_old_file_and_nothing_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.save(Settings(author="Before"))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileProblem, match="no space left on device"):
        settings.save(Settings(author="After"))
    assert settings.load().author == "Before"
    assert [file.name for file in paths.config_folder().iterdir()] == ["settings.json"]
