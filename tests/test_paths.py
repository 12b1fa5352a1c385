"""Where the application keeps things, and where it finds what came with it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from cypp_desktop import paths
from cypp_desktop.errors import FileProblem

FOLDERS = [paths.data_folder, paths.config_folder, paths.log_folder, paths.cache_folder]


def test_all_folders_are_inside_the_home_that_the_variable_names(own_home: Path) -> None:
    found = [folder() for folder in FOLDERS]
    assert all(folder.is_dir() and folder.parent == own_home for folder in found)
    assert len(set(found)) == len(found)


def test_without_the_variable_the_folders_are_those_of_the_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    for variable in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    if sys.platform == "win32":
        pytest.skip("Windows asks the system, not the variables, for the person's folders")
    for folder in FOLDERS:
        found = folder()
        assert found.is_relative_to(tmp_path)
        assert paths.APPLICATION in found.parts


def test_a_tilde_in_the_variable_means_the_home_of_the_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv(paths.HOME_VARIABLE, "~/stick")
    assert paths.data_folder() == tmp_path / "stick" / "data"


def test_a_folder_that_cannot_be_made_is_said_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("a file where the folder should be")
    monkeypatch.setenv(paths.HOME_VARIABLE, str(in_the_way))
    with pytest.raises(FileProblem) as told:
        paths.config_folder()
    assert str(in_the_way) in str(told.value)
    assert paths.HOME_VARIABLE in str(told.value)


def test_a_checkout_finds_its_resources_beside_the_source() -> None:
    assert paths.resource("samples/city.json").is_file()
    assert paths.resource("samples").is_dir()


def test_an_installed_package_finds_its_resources_inside_itself(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "cypp_desktop"
    (package / "resources" / "samples").mkdir(parents=True)
    (package / "resources" / "samples" / "city.json").write_text("{}")
    shutil.copy(paths.__file__, package / "paths.py")
    spec = importlib.util.spec_from_file_location("installed_paths", package / "paths.py")
    assert spec is not None
    assert spec.loader is not None
    installed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(installed)
    assert installed.resource("samples/city.json") == package / "resources" / "samples" / "city.json"


def test_a_missing_resource_means_a_broken_installation() -> None:
    with pytest.raises(FileProblem, match="install CYPP Desktop again"):
        paths.resource("samples/no-such-plan.json")
