"""What the set-up says and does on machines that lack something."""

from __future__ import annotations

import importlib.util
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


def load(name: str) -> ModuleType:
    """A script of packaging/, which is no package: it runs before anything is installed."""
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


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


system = load("system")
dev = load("dev")


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
    assert system.has_display(variables, platform) is expected


def test_only_the_libraries_of_the_display_in_use_are_asked_for() -> None:
    x11 = system.libraries_for({"DISPLAY": ":0"})
    wayland = system.libraries_for({"WAYLAND_DISPLAY": "wayland-0"})
    assert "libxcb-cursor.so.0" in x11
    assert "libxcb-cursor.so.0" not in wayland
    assert "libwayland-client.so.0" not in x11
    assert system.DRAWING.keys() < x11.keys()
    assert system.DRAWING.keys() < wayland.keys()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_a_library_that_is_not_there_is_found_missing() -> None:
    assert system.missing_libraries(["libc.so.6", "libno-such-thing.so.9"]) == ["libno-such-thing.so.9"]


def test_each_package_manager_gets_names_that_it_knows() -> None:
    wanted = {name: system.X11[name] for name in ("libxcb-cursor.so.0", "libxcb.so.1")}
    assert system.library_packages("apt-get", wanted) == ["libxcb-cursor0", "libxcb1"]
    assert system.library_packages("pacman", wanted) == ["xcb-util-cursor", "libxcb"]
    for manager in ("dnf", "zypper"):
        assert system.library_packages(manager, wanted)[1].startswith("libxcb.so.1(")


def test_a_person_without_rights_is_told_the_exact_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    with pytest.raises(system.SystemProblem) as told:
        system.install(["apt-get", "install", "-y", "libegl1"], "Qt needs a library")
    assert "sudo apt-get install -y libegl1" in str(told.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_all_that_is_missing_is_named_in_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = {"libno-such.so.1": system.Package("libno-such1", "no-such")}
    needs = system.Needs(libraries, commands={"no-such-command": "no-such-tools"})
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(system, "package_manager", lambda: "apt-get")
    with pytest.raises(system.SystemProblem) as told:
        system.ensure(needs)
    assert "--no-install-recommends libno-such1 no-such-tools" in str(told.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_a_system_without_a_package_manager_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = system.Needs({"libno-such.so.1": system.Package("libno-such1", "no-such")})
    monkeypatch.setattr(system, "package_manager", lambda: None)
    with pytest.raises(system.SystemProblem, match=r"libno-such\.so\.1"):
        system.ensure(needs)


def test_a_machine_that_has_everything_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing had to be installed")

    monkeypatch.setattr(system, "install", refuse)
    system.ensure(system.Needs())


def test_names_with_brackets_can_be_pasted_into_a_shell() -> None:
    spoken = system.spoken(["dnf", "install", "-y", "libxcb.so.1()(64bit)"])
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
    known = {**system.DRAWING, **system.X11, **system.WAYLAND, **system.PRINTERS}
    everywhere = ("libc.so", "libm.so", "libdl.so", "librt.so", "libpthread.so", "libresolv.so", "ld-linux")
    compiler = ("libstdc++", "libgcc_s")
    unknown = {name for name in needed - beside - known.keys() if not name.startswith(everywhere + compiler)}
    assert len(needed) > 20
    assert unknown == set()


def test_wrong_usage_shows_the_commands_and_exits_with_2() -> None:
    command = [sys.executable, str(PACKAGING / "dev.py"), "fly"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2
    assert "python3 packaging/dev.py run" in result.stderr


def test_the_set_up_is_due_again_when_the_constraints_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("reportlab==5.1.0\n")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "CONSTRAINTS", constraints)
    before = dev._fingerprint()
    assert dev._fingerprint() == before
    constraints.write_text("reportlab==5.1.1\n")
    assert dev._fingerprint() != before


def test_every_pin_meets_what_the_project_asks_for() -> None:
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    root = PACKAGING.parent
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (PACKAGING / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    for text in project["dependencies"] + project["optional-dependencies"]["dev"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), text
