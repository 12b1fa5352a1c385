"""One changed bit in a plan's file: seen wherever it says anything, never saved over, never a fault of ours.

The few flips here are some of the thousands of the slow proof, which prints the table of what became of them.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cypp_desktop.command_line import common
from cypp_desktop.command_line.main import run
from cypp_desktop.errors import CyppError
from cypp_desktop.store.disk import DISK
from cypp_desktop.store.file_seal import KEY, Standing, holds, seal_file, standing
from cypp_desktop.store.plan_file import OpenPlan
from tests.flips import Flips, all_commands_are_known, content, header_bits, page_starts


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with some history."""
    path = tmp_path_factory.mktemp("sound") / "plan.cypp"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYPP_DESKTOP_HOME", str(path.parent / "home"))
        assert run(["new", str(path), "--sample", "city"]) == 0
        for words in (["set", str(path), "plan", "title", "One"], ["set", str(path), "plan", "title", "Two"]):
            assert run(words) == 0
        assert run(["undo", str(path)]) == 0
    return path


@pytest.fixture
def flips(sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Flips:
    shutil.copy(sound, tmp_path / "plan.cypp")
    return Flips(tmp_path / "plan.cypp", capsys)


def test_every_command_is_tried() -> None:
    assert all_commands_are_known()


def test_every_command_opens_plans_in_one_place() -> None:
    """Where what there is to know of a file is told."""
    folder = Path(common.__file__).parent
    opening = [path.name for path in folder.glob("*.py") if "OpenPlan.open(" in path.read_text("utf-8")]
    assert opening == ["common.py"]


def test_some_changed_bits(flips: Flips) -> None:
    chance = random.Random(7)
    size = len(flips.bytes)
    for place, bit in chance.sample(list(header_bits()), 8):
        flips.flip(place, bit)
    for _ in range(8):
        flips.flip(chance.randrange(size), chance.randrange(8))
    for start in chance.sample(page_starts(size), 4):
        flips.flip(start + chance.randrange(12), chance.randrange(8))


@pytest.mark.slow
def test_thousands_of_changed_bits(flips: Flips, request: pytest.FixtureRequest) -> None:
    chance = random.Random(11)
    size = len(flips.bytes)
    for place, bit in header_bits():
        flips.flip(place, bit)
    for start in page_starts(size):
        for at in range(12):
            flips.flip(start + at, chance.randrange(8))
    for _ in range(1500):
        flips.flip(chance.randrange(size), chance.randrange(8))
    with flips.capsys.disabled():
        print(f"\n{flips.table()}")


@pytest.mark.parametrize("table", ["change", "step", "meta", "measure"])
def test_no_bit_of_a_row_changes_unseen(sound: Path, tmp_path: Path, table: str) -> None:
    """Wherever a text of a row stands in the file, one other letter in it is seen."""
    copy, scratch = tmp_path / "copy.cypp", tmp_path / "scratch"
    whole = sound.read_bytes()
    with closing(sqlite3.connect(sound)) as db:
        rows = db.execute(f'SELECT * FROM "{table}" ORDER BY 1 LIMIT 40').fetchall()
    texts = {cell for row in rows for cell in row if isinstance(cell, str) and len(cell) > 3}
    places = [place for text in sorted(texts) if (place := whole.find(text.encode())) >= 0]
    assert len(places) > 5
    for place in places:
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert not holds(copy)
    for place in places[:: len(places) // 5]:
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert standing(copy, whole[:100], scratch, DISK) is Standing.DAMAGED, place


@pytest.mark.parametrize(
    ("deed", "right"),
    [
        ("", Standing.AS_SAVED),
        ("VACUUM", Standing.AS_SAVED),
        ("PRAGMA journal_mode=WAL", Standing.AS_SAVED),
        ("UPDATE change SET author = 'Somebody' WHERE seq = 3", Standing.CHANGED_BY_OTHERS),
        ("UPDATE step SET at = '2001-01-01T00:00:00Z'", Standing.CHANGED_BY_OTHERS),
        (f"DELETE FROM meta WHERE key = '{KEY}'", Standing.NO_SEAL),
    ],
)
def test_what_another_program_does_is_told_from_damage(
    sound: Path, tmp_path: Path, deed: str, right: Standing, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.cypp"
    shutil.copy(sound, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        db.execute(deed)
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    assert standing(copy, copy.read_bytes()[:100], tmp_path / "scratch", DISK) is right
    by_others = right is Standing.CHANGED_BY_OTHERS
    assert run(["check", str(copy)]) == (3 if by_others else 0)
    assert run(["set", str(copy), "plan", "title", "Three"]) == 0
    assert ("another program" in capsys.readouterr().err) is by_others
    assert run(["check", str(copy)]) == 0 and holds(copy)


def test_what_another_program_broke_is_not_saved_over(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.cypp"
    shutil.copy(sound, copy)
    with closing(sqlite3.connect(copy)) as db:
        db.execute("UPDATE measure SET title = 'Altered'")
        db.commit()
    before = copy.read_bytes()
    for words in (["set", str(copy), "plan", "title", "x"], ["undo", str(copy)], ["check", str(copy)]):
        assert run(words) == 1
        assert "altered outside" in capsys.readouterr().err
    assert copy.read_bytes() == before
    assert run(["show", str(copy)]) == 0


def test_every_file_that_is_written_is_sealed(sound: Path, tmp_path: Path) -> None:
    plan, other = tmp_path / "plan.cypp", tmp_path / "other.cypp"
    shutil.copy(sound, plan)
    assert run(["set", str(plan), "plan", "title", "x"]) == 0
    assert run(["issue", str(plan), "--to", "CCG", "-o", str(tmp_path / "out")]) == 0
    with OpenPlan.open(plan) as opened:
        opened.save_copy(other)
        with opened.editor.step("Edit") as session:
            session.execute(sqlite_update())
        opened.revert()
        made = [backup.path for backup in opened.backups()]
    made += [plan, other, *(tmp_path / "out").iterdir()]
    assert len(made) >= 5 and all(map(holds, made))


def sqlite_update() -> object:
    from sqlalchemy import text

    return text("UPDATE meta SET value = value")


def test_a_seal_is_made_once_and_found_again(tmp_path: Path, sound: Path) -> None:
    copy = tmp_path / "copy.cypp"
    shutil.copy(sound, copy)
    before = content(copy)
    seal_file(copy, DISK)
    assert holds(copy) and {**content(copy), "meta": []} == {**before, "meta": []}


def test_a_damaged_backup_is_not_put_back(sound: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.cypp"
    shutil.copy(sound, plan)
    assert run(["set", str(plan), "plan", "title", "x"]) == 0
    with OpenPlan.open(plan) as opened:
        backup = opened.backups()[0]
        whole = backup.path.read_bytes()
        place = whole.find(b"Two")
        backup.path.write_bytes(whole[:place] + b"Tvo" + whole[place + 3 :])
        with pytest.raises(CyppError, match="damaged"):
            opened.restore(backup)
        assert opened.editor.session is not None and not opened.working.has_unpublished_changes()


def test_a_damaged_index_is_made_anew_or_told(sound: Path, tmp_path: Path) -> None:
    """An index says nothing of its own: what is opened has it whole, so that no command stumbles over it."""
    content = sound.read_bytes()
    index_leaf = 10  # how SQLite marks such a page
    fates = set[int]()
    for start in page_starts(len(content)):
        if content[start] != index_leaf:
            continue
        damaged = tmp_path / f"{start}.cypp"
        damaged.write_bytes(content[:start] + bytes([index_leaf ^ 8]) + content[start + 1 :])
        fate = run(["check", str(damaged)])
        fates.add(fate)
        assert run(["set", str(damaged), "plan", "title", "Three"]) == fate
        assert run(["check", str(damaged)]) == fate
    assert fates == {0, 1}
