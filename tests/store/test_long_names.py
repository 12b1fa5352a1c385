"""A name that the disk takes can be made, opened, saved and saved beside; any other is refused when made."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.errors import FileProblem
from cypp_desktop.store.backups import list_backups
from cypp_desktop.store.companion_files import who_has_it_open
from cypp_desktop.store.file_names import LONGEST_NAME, fitting_name, name_for, part_of_name
from cypp_desktop.store.output_file import write_output
from cypp_desktop.store.publish import publish, save_as, save_copy
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.small_plan import PLAN_ID, edit, litter, numbers_in, write_plan

LETTERS = {"English": "p", "Welsh": "ŵ", "Arabic": "ع", "a script of three bytes": "ᚠ", "a picture": "🏫"}
SOME = ["English", "Arabic", "a picture"]
LENGTHS = range(240, 257)
#: What the longest name may be here; Windows counts letters, and encrypted home folders take less.
TAKES = 255


def long_name(letter: str, size: int, ending: str = ".cypp") -> str:
    """A name of ``size`` bytes."""
    room = size - len(ending)
    width = len(letter.encode())
    return "x" * (room % width) + letter * (room // width) + ending


def takes(folder: Path, name: str) -> bool:
    """Whether the disk takes such a name."""
    try:
        (folder / name).touch()
    except OSError:
        return False
    (folder / name).unlink()
    return True


def numbers_of(path: Path, data: Path) -> list[int]:
    with WorkingCopy.open(path, data, read_only=True) as working:
        return numbers_in(working.path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("letter", SOME)
@pytest.mark.parametrize("size", LENGTHS)
def test_a_new_plan_can_be_opened_and_saved_again_or_is_refused(
    folder: Path, data: Path, letter: str, size: int
) -> None:
    path = folder / long_name(LETTERS[letter], size)
    fits = takes(folder, path.name)
    new = WorkingCopy.create(path, lambda at: write_plan(at, 1), data)
    if not fits:
        with pytest.raises(FileProblem, match="too long"):
            publish(new)
        new.discard()
        assert list(folder.iterdir()) == []
        return
    publish(new)
    new.close()
    with WorkingCopy.open(path, data) as working:
        assert not working.read_only
        assert len(who_has_it_open(path)) == 1
        edit(working, 2)
        assert publish(working).written
    assert numbers_of(path, data) == [1, 2]
    (backup,) = list_backups(PLAN_ID, data)
    assert numbers_in(backup.path) == [1]
    assert litter(folder) == []


@pytest.mark.parametrize("how", ["save as", "save a copy"])
@pytest.mark.parametrize("letter", SOME)
@pytest.mark.parametrize("size", LENGTHS)
def test_what_is_saved_under_another_name_can_be_opened_or_is_refused(
    folder: Path, data: Path, letter: str, size: int, how: str
) -> None:
    path = folder / long_name(LETTERS[letter], size)
    fits = takes(folder, path.name)
    save = save_as if how == "save as" else save_copy
    with WorkingCopy.open(write_plan(folder / "short.cypp", 1), data) as working:
        edit(working, 2)
        if not fits:
            with pytest.raises(FileProblem, match=r"too long.*Nothing is lost"):
                save(working, path)
            assert working.target == folder / "short.cypp" and working.has_unpublished_changes()
            publish(working)
            assert numbers_in(folder / "short.cypp") == [1, 2]
            return
        save(working, path)
        edit(working, 3)
        publish(working)
    assert numbers_of(path, data) == ([1, 2, 3] if how == "save as" else [1, 2])


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("size", [*range(220, TAKES + 1, 5)])
def test_a_version_kept_beside_has_a_name_that_fits(folder: Path, data: Path, letter: str, size: int) -> None:
    path = folder / long_name(LETTERS[letter], size)
    if not takes(folder, path.name):
        pytest.skip("this disk takes no such name")
    write_plan(folder / "ours", 1).rename(path)
    with WorkingCopy.open(path, data) as working:
        edit(working, 2)
        write_plan(folder / "theirs", 7).replace(path)
        kept = publish(working).kept_beside
        assert kept is not None and kept.suffix == ".cypp" and "(kept " in kept.name
        edit(working, 3)
        publish(working)
    assert (numbers_of(kept, data), numbers_of(path, data)) == ([1, 2, 3], [7])


def deep_folder(tmp_path: Path, size: int) -> Path:
    """A folder whose path has ``size`` bytes."""
    folder = tmp_path
    while (room := size - len(os.fsencode(folder)) - 1) > 0:
        step = min(room, 100)
        folder /= "d" * (step if room - step != 1 else step - 1)
    folder.mkdir(parents=True)
    return folder


@pytest.mark.skipif(
    sys.platform == "win32", reason="paths are as long as the settings of Windows let them be"
)
@pytest.mark.parametrize("name", ["Plan.cypp", long_name("ŵ", 255)], ids=["short", "long"])
@pytest.mark.parametrize("depth", [240, 380, 460, 490, 500, 700, 2000])
def test_a_plan_in_a_deep_folder_can_be_opened_and_saved_again_or_is_refused(
    tmp_path: Path, data: Path, depth: int, name: str
) -> None:
    path = deep_folder(tmp_path, depth) / name
    new = WorkingCopy.create(path, lambda at: write_plan(at, 1), data)
    try:
        publish(new)
    except FileProblem as problem:
        assert "too long" in str(problem) and depth > 400
        new.discard()
        assert list(path.parent.iterdir()) == []
        return
    new.close()
    with WorkingCopy.open(path, data) as working:
        edit(working, 2)
        assert publish(working).written
    assert numbers_of(path, data) == [1, 2]


@pytest.mark.skipif(
    sys.platform == "win32", reason="paths are as long as the settings of Windows let them be"
)
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_plan_that_was_moved_into_a_deep_folder_can_be_opened_and_saved_there_and_elsewhere(
    tmp_path: Path, data: Path, mode: str
) -> None:
    plan = write_plan(tmp_path / "x.cypp", 1)
    if mode == "wal":
        content = bytearray(plan.read_bytes())
        content[18:20] = b"\x02\x02"
        plan.write_bytes(content)
    path = Path(shutil.move(plan, deep_folder(tmp_path, 900) / "x.cypp"))
    with WorkingCopy.open(path, data) as working:
        edit(working, 2)
        assert publish(working).written
        save_as(working, tmp_path / "y.cypp")
    assert numbers_of(path, data) == [1, 2]
    assert numbers_in(tmp_path / "y.cypp") == [1, 2]


@pytest.mark.parametrize("letter", SOME)
@pytest.mark.parametrize("size", LENGTHS)
def test_a_document_is_written_or_refused(folder: Path, letter: str, size: int) -> None:
    path = folder / long_name(LETTERS[letter], size, ".pdf")
    if takes(folder, path.name):
        write_output(path, b"%PDF", made_from=None)
        assert path.read_bytes() == b"%PDF"
    else:
        with pytest.raises(FileProblem, match="too long"):
            write_output(path, b"%PDF", made_from=None)
    assert litter(folder) == []


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\\\0"), min_size=1, max_size=300
)


@given(WORDS, st.text(max_size=40), st.sampled_from([".cypp", ".pdf", ".cypp-return"]))
def test_a_name_made_of_other_words_fits_and_keeps_its_ending(stem: str, more: str, ending: str) -> None:
    name = fitting_name(stem, more, ending)
    assert len(name.encode()) <= LONGEST_NAME
    assert name.endswith(more + ending)
    assert name == stem + more + ending or "~" in name


@given(WORDS, WORDS)
def test_two_long_stems_stay_two_names(one: str, other: str) -> None:
    names = {fitting_name("ŵ" * 200 + stem, "", ".cypp") for stem in (one, other)}
    assert len(names) == len({one, other})


@pytest.mark.parametrize("letter", LETTERS.values())
def test_each_organisation_has_a_name_of_its_own_however_long_the_words(letter: str) -> None:
    taken: set[str] = set()
    names = [name_for(letter * 250, letter * 80 + str(number), ".cypp-return", taken) for number in range(12)]
    assert len({name.casefold() for name in names}) == 12
    assert all(len(name.encode()) <= LONGEST_NAME and name.endswith(".cypp-return") for name in names)
    assert len(part_of_name(letter * 80, "x").encode()) <= 120


def test_a_full_stop_in_a_long_name_begins_no_ending() -> None:
    assert fitting_name("a", " (kept)", "." + "b" * 250).endswith(" (kept)")
    assert len(fitting_name("a", " (kept)", "." + "b" * 250)) <= LONGEST_NAME
