"""What the set-up says and does on machines that lack something."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cypp_desktop.machine import SystemPackage

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


system = load("system")
prove_bare = load("prove_bare")
dev = load("dev")


def test_a_person_without_rights_is_told_the_exact_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    with pytest.raises(system.SystemProblem) as told:
        system.install(["apt-get", "install", "-y", "libegl1"], "Qt needs a library")
    assert "sudo apt-get install -y libegl1" in str(told.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_all_that_is_missing_is_named_in_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = {"libno-such.so.1": SystemPackage("libno-such1", "no-such")}
    needs = system.Needs(libraries, commands={"no-such-command": SystemPackage("no-such-tools", "no-such")})
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(system, "package_manager", lambda: "apt-get")
    with pytest.raises(system.SystemProblem) as told:
        system.ensure(needs)
    assert "--no-install-recommends libno-such1 no-such-tools" in str(told.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_what_would_only_help_is_named_and_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    helpful = {"no-such-reader": SystemPackage("no-such-tools", "no-such")}
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(system, "package_manager", lambda: "apt-get")
    system.ensure(system.Needs(helpful=helpful))
    said = capsys.readouterr().out
    assert "sudo apt-get install -y --no-install-recommends no-such-tools" in said
    assert "skipped" in said
    monkeypatch.setattr(system, "package_manager", lambda: None)
    system.ensure(system.Needs(helpful=helpful))
    with pytest.raises(system.SystemProblem, match=r"libno-such\.so\.1"):
        libraries = {"libno-such.so.1": SystemPackage("libno-such1", "no-such")}
        system.ensure(system.Needs(libraries, helpful=helpful))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_what_would_help_is_installed_along_with_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = {"libno-such.so.1": SystemPackage("libno-such1", "no-such")}
    helpful = {"no-such-reader": SystemPackage("no-such-tools", "no-such")}
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(system, "package_manager", lambda: "apt-get")
    with pytest.raises(system.SystemProblem, match="recommends libno-such1 no-such-tools"):
        system.ensure(system.Needs(libraries, helpful=helpful))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the loader of Linux")
def test_a_system_without_a_package_manager_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = system.Needs({"libno-such.so.1": SystemPackage("libno-such1", "no-such")})
    monkeypatch.setattr(system, "package_manager", lambda: None)
    with pytest.raises(system.SystemProblem, match=r"libno-such\.so\.1"):
        system.ensure(needs)


def test_a_machine_that_has_everything_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing had to be installed")

    monkeypatch.setattr(system, "install", refuse)
    system.ensure(system.Needs())


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


def test_what_pip_is_set_to_is_found_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "index" / "simple").mkdir(parents=True)
    (tmp_path / "wheels").mkdir()
    indexes = f"file://{tmp_path}/index/simple https://index.example/simple"
    found = prove_bare._paths_in([indexes, f"{tmp_path}/wheels", "180", "/"])
    assert found == [tmp_path / "index", tmp_path / "wheels"]
