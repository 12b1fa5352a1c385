"""The menu entry and the file type on Linux, and the script that puts them there."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cypp_desktop import paths
from cypp_desktop.store.files import APPLICATION_ID

LINUX = Path(__file__).resolve().parents[2] / "packaging" / "linux"
MIME = {"mime": "http://www.freedesktop.org/standards/shared-mime-info"}


def desktop_entry(file: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys of a desktop entry keep their case
    parser.read(file, encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_menu_entry_opens_the_file_types_that_are_declared() -> None:
    kinds = ElementTree.parse(LINUX / "cypp-desktop.xml").findall("mime:mime-type", MIME)
    declared = "".join(f"{kind.get('type')};" for kind in kinds)
    assert declared and desktop_entry(LINUX / "cypp-desktop.desktop")["MimeType"] == declared


def test_plans_and_returns_are_known_by_their_endings_and_by_their_first_bytes() -> None:
    tree = ElementTree.parse(LINUX / "cypp-desktop.xml")
    endings = [glob.get("pattern") for glob in tree.iterfind(".//mime:glob", MIME)]
    marks = [match.get("value") for match in tree.iterfind(".//mime:match", MIME)]
    assert endings == ["*.cypp", "*.cypp-return"]
    assert f"0x{APPLICATION_ID:08X}" in marks


@pytest.mark.parametrize("ending", ["svg", "png", "ico", "icns"])
def test_the_icon_is_there_for_every_system(ending: str) -> None:
    assert paths.resource(f"icons/application.{ending}").stat().st_size > 100


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder laid out as the built application is, at a place with a blank in its name."""
    folder = tmp_path / "my programs" / "cypp-desktop"
    resources = folder / "_internal" / "cypp_desktop" / "resources" / "icons"
    resources.mkdir(parents=True)
    for name in ("application.svg", "application.png"):
        shutil.copy(paths.resource(f"icons/{name}"), resources)
    shutil.copytree(LINUX, folder / "linux")
    (folder / "linux" / "install.sh").rename(folder / "install.sh")
    return folder


def install(bundle: Path, home: Path, *words: str) -> str:
    command = ["/bin/sh", str(bundle / "install.sh"), *words]
    variables = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(command, env=variables, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a script for Linux")
def test_the_script_puts_the_application_into_the_menu_and_takes_it_out_again(
    bundle: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    install(bundle, home)
    entry = home / ".local/share/applications/cypp-desktop.desktop"
    assert desktop_entry(entry)["Exec"] == f'"{bundle}/cypp-desktop" %f'
    assert (home / ".local/share/icons/hicolor/scalable/apps/cypp-desktop.svg").is_file()
    install(bundle, home)
    assert desktop_entry(entry)["Exec"] == f'"{bundle}/cypp-desktop" %f'
    install(bundle, home, "--remove")
    assert not [file for file in home.rglob("cypp-desktop*") if file.is_file()]
    assert (bundle / "install.sh").is_file()
