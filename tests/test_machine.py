"""What a window needs of the machine: how it is found missing, and what the person is told."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from cypp_desktop import machine
from cypp_desktop.__main__ import main
from cypp_desktop.machine import SystemPackage

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt needs nothing more")


def needed_libraries(file: Path) -> set[str]:
    """The libraries that a shared object of 64 bits names as needed (its DT_NEEDED entries)."""
    data = file.read_bytes()
    table, size, count = *struct.unpack_from("<Q", data, 0x28), *struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + size * index) for index in range(count)]
    dynamic = next(section for section in sections if section[1] == 6)
    words = sections[dynamic[6]]
    names = set()
    for offset in range(dynamic[4], dynamic[4] + dynamic[5], 16):
        tag, value = struct.unpack_from("<qQ", data, offset)
        if tag == 1:
            start = words[4] + value
            names.add(data[start : data.index(b"\0", start)].decode())
    return names


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_display_is_known_by_its_variable(platform: str, variables: dict[str, str], expected: bool) -> None:
    assert machine.has_display(variables, platform) is expected


def test_only_the_libraries_of_the_display_in_use_are_asked_for() -> None:
    x11 = machine.libraries_for({"DISPLAY": ":0"})
    wayland = machine.libraries_for({"WAYLAND_DISPLAY": "wayland-0"})
    assert "libxcb-cursor.so.0" in x11
    assert "libxcb-cursor.so.0" not in wayland
    assert "libwayland-client.so.0" not in x11
    assert machine.DRAWING.keys() < x11.keys()
    assert machine.DRAWING.keys() < wayland.keys()


@ON_LINUX
def test_a_library_that_is_not_there_is_found_missing() -> None:
    assert machine.missing_libraries(["libc.so.6", "libno-such-thing.so.9"]) == ["libno-such-thing.so.9"]


def test_each_package_manager_gets_names_that_it_knows() -> None:
    wanted = {name: machine.X11[name] for name in ("libxcb-cursor.so.0", "libxcb.so.1")}
    assert machine.library_packages("apt-get", wanted) == ["libxcb-cursor0", "libxcb1"]
    assert machine.library_packages("pacman", wanted) == ["xcb-util-cursor", "libxcb"]
    for manager in ("dnf", "zypper"):
        assert machine.library_packages(manager, wanted)[1].startswith("libxcb.so.1(")
        commands = {"pdfinfo": SystemPackage("poppler-utils", "poppler")}
        assert machine.command_packages(manager, commands) == ["/usr/bin/pdfinfo"]


def test_names_with_brackets_can_be_pasted_into_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    spoken = machine.spoken(["dnf", "install", "-y", "libxcb.so.1()(64bit)"])
    assert spoken == "sudo dnf install -y 'libxcb.so.1()(64bit)'"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads libraries of Linux")
def test_every_library_that_qt_names_is_in_the_list() -> None:
    """Reads the wheels in use, so that a later Qt which needs more is noticed here first."""
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    modules = "Core Gui Widgets Network Pdf PdfWidgets Svg PrintSupport XcbQpa DBus"
    files = [qt / "lib" / f"libQt6{module}.so.6" for module in modules.split()]
    files += [qt / "plugins" / "platforms" / f"lib{name}.so" for name in ("qxcb", "qoffscreen", "qwayland")]
    files += sorted((qt / "plugins" / "xcbglintegrations").glob("*.so"))
    needed = {name for file in files for name in needed_libraries(file)}
    beside = {file.name for file in (qt / "lib").iterdir()}
    known = {**machine.DRAWING, **machine.X11, **machine.WAYLAND, **machine.PRINTERS}
    everywhere = ("libc.so", "libm.so", "libdl.so", "librt.so", "libpthread.so", "libresolv.so", "ld-linux")
    compiler = ("libstdc++", "libgcc_s")
    unknown = {name for name in needed - beside - known.keys() if not name.startswith(everywhere + compiler)}
    assert len(needed) > 20
    assert unknown == set()


# ------------------------------------------------------------------ what the person is told


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get update && sudo apt-get install -y --no-install-recommends libno-such9"),
        ("dnf", "sudo dnf install -y "),
        ("zypper", "sudo zypper --non-interactive install "),
        ("pacman", "sudo pacman -S --needed --noconfirm no-such"),
    ],
)
@ON_LINUX
def test_a_missing_library_of_qt_is_named_with_the_command_that_brings_it(
    manager: str, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = "libno-such.so.9"
    monkeypatch.setitem(machine.DRAWING, missing, SystemPackage("libno-such9", "no-such"))
    monkeypatch.setattr(machine, "missing_libraries", lambda wanted: sorted({missing} & wanted.keys()))
    monkeypatch.setattr(machine, "package_manager", lambda: manager)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setitem(sys.modules, "cypp_desktop.ui.app", None)  # as when Qt itself cannot be loaded
    for words in ([], ["Our plan.cypp"]):
        assert main(words) == 1
        said = capsys.readouterr().err
        assert said.startswith(f"The window cannot open: system libraries are missing ({missing}).")
        assert command in said


@ON_LINUX
def test_root_is_told_the_command_without_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert machine.spoken(["pacman", "-S", "zlib"]) == "pacman -S zlib"


def test_a_part_of_our_own_that_cannot_be_loaded_is_a_bug_and_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "missing_libraries", lambda _: [])
    monkeypatch.setitem(sys.modules, "cypp_desktop.ui.app", None)
    with pytest.raises(ImportError):
        main([])


def start(words: list[str], blocked: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """The application in a process of its own, on the display given or none; one module is not to be had."""
    ours = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    code = "from cypp_desktop.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", f"import sys; sys.modules[{blocked!r}] = None; {code}", *words]
    return subprocess.run(
        command, env=environment | variables | {"PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8"
    )


@ON_LINUX
@pytest.mark.parametrize(
    "display", [{}, {"DISPLAY": ":987"}, {"WAYLAND_DISPLAY": "wayland-987"}, {"QT_QPA_PLATFORM": "xcb"}]
)
def test_without_a_display_the_start_says_so_and_ends(display: dict[str, str]) -> None:
    done = start([], **display)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The window cannot open: ")
    assert "Traceback" not in done.stderr


def test_the_commands_need_no_qt(tmp_path: Path) -> None:
    plan, paper = str(tmp_path / "plan.cypp"), str(tmp_path / "plan.pdf")
    for words in (["new", plan, "--sample", "city"], ["print", plan, "--layout", "update", "-o", paper]):
        done = start(words, blocked="PySide6")
        assert done.returncode in (0, 3), done.stderr
    assert Path(paper).read_bytes().startswith(b"%PDF")
