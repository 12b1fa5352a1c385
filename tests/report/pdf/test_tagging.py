"""Printed files can be read aloud in order and kept for ever: structure, metadata, fonts, data."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from cypp_desktop.exchange.plan_json import write_plan
from cypp_desktop.plan.blocks import parse
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.layouts import LAYOUTS
from cypp_desktop.report.pdf.lines import TypeStyle
from cypp_desktop.report.pdf.metadata import Attachment, srgb_profile
from cypp_desktop.report.pdf.prose import Prose
from cypp_desktop.report.pdf.structure import StructureElement
from cypp_desktop.report.pdf.table import PageTable
from cypp_desktop.report.pdf.table_columns import TableStyle
from cypp_desktop.report.pdf.typesetter import Typesetter
from cypp_desktop.store.queries import the_plan
from tests.large_plans import large_plan
from tests.report.pdf_structure import Piece, Structure, archival_problems, attached
from tests.report.printing import PrintedPlan, print_flowables, words

#: published plans, transcribed, and another checker: not part of the project, used where they are
SHARED = Path(os.environ.get("CYPP_DOCUMENTS", Path(__file__).parents[4] / "shared"))
PLANS = SHARED / "plans"
CHECKER = SHARED / "tools" / "pdf_ua_check.py"
SIZE = (842.0, 595.0)
STYLE = TypeStyle(10, 13)


def checked(*flowables: object) -> Structure:
    """The structure of a print, which has no problems."""
    data = print_flowables(flowables, SIZE)  # type: ignore[arg-type]
    structure = Structure(data)
    assert structure.problems == []
    assert archival_problems(data) == []
    return structure


def table(rows: list[list[TableCell]], columns: int, **options: str) -> PageTable:
    header = [TableCell(at, words(f"Heading{at}")) for at in range(columns)]
    return PageTable([1.0] * columns, header, rows, Typesetter(), TableStyle(515.0), **options)  # type: ignore[arg-type]


def prose(text: str, kind: str = "P", **options: str) -> Prose:
    return Prose(
        parse(text), Typesetter(), STYLE, frame_height=515.0, element=StructureElement(kind), **options  # type: ignore[arg-type]
    )  # fmt: skip


def drawn(piece: Piece) -> list[object]:
    """The kinds of a piece and of all in it."""
    below = [drawn(kid) for kid in piece.kids if isinstance(kid, Piece)]
    return [piece.kind, *below]


def test_headings_paragraphs_and_nested_lists_are_what_they_are() -> None:
    structure = checked(prose("Title", "H1"), prose("Text.\n\n- one\n  - deeper\n- two\n\n3. three"))
    item = ["LI", ["Lbl"], ["LBody"]]
    assert drawn(structure.root) == [
        "Document",
        ["H1"],
        ["P"],
        ["L", ["LI", ["Lbl"], ["LBody", ["P"], ["L", item]]], item],
        ["L", item],
    ]
    assert [str(each.attribute("/ListNumbering")) for each in structure.root.of("L")] == [
        "/Disc",
        "/Disc",
        "/Decimal",
    ]


def test_a_table_has_its_header_once_and_its_rows_with_scopes_and_spans() -> None:
    rows = [
        [TableCell(0, words("a"), rowspan=2, is_header=True), TableCell(1, words("b"), colspan=2)],
        [TableCell(1, words("c")), TableCell(2)],
    ]
    structure = checked(table(rows, 3, summary="What it holds"))
    (printed,) = structure.root.of("Table")
    head, body = [["TH", ["P"]]] * 3, [["TH", ["P"]], ["TD", ["P"]]]
    assert drawn(printed)[1:] == [
        ["THead", ["TR", *head]],
        ["TBody", ["TR", *body], ["TR", ["TD", ["P"]], ["TD"]]],
    ]
    assert [str(cell.attribute("/Scope")) for cell in printed.of("TH")] == ["/Column"] * 3 + ["/Row"]
    assert str(printed.attribute("/Summary")) == "What it holds"


def test_a_cell_over_several_pages_is_one_cell_and_the_repeated_header_is_not_read() -> None:
    long = [f"word{number}" for number in range(3000)]
    rows = [[TableCell(0, words("1a"), continued="1a (continued)"), TableCell(1, words(" ".join(long)))]]
    structure = checked(table(rows, 2))
    assert len(structure.pdf.pages) > 3
    assert structure.text().split() == ["Heading0", "Heading1", "1a", *long]
    assert len(list(structure.root.of("TD"))) == 2


def test_a_place_without_a_cell_is_an_empty_one_so_that_the_grid_is_whole() -> None:
    structure = checked(table([[TableCell(1, words("b"))], [TableCell(0, words("a"))]], 3))
    assert [len(row.kids) for row in structure.root.of("TR")] == [3, 3, 3]


def test_a_sub_table_in_a_cell_is_a_table_with_column_headings() -> None:
    text = "| One | Two |\n|---|---|\n| first words here | second |\n| | last |"
    structure = checked(table([[TableCell(0, parse(text))]], 1))
    inner = next(next(structure.root.of("TD")).of("Table"))
    assert [cell.kind for cell in inner.of("TH", "TD")] == ["TH", "TH", "TD", "TD", "TD", "TD"]
    assert structure.text(inner).split() == ["One", "Two", "first", "words", "here", "second", "last"]


def test_a_link_over_two_lines_is_one_link_between_the_words_around_it() -> None:
    label = " ".join(f"label{number}" for number in range(40))
    structure = checked(prose(f"Before [{label}](https://example.org/x) after."))
    (link,) = structure.root.of("Link")
    assert structure.text(link).split() == label.split()
    assert len(link.links) > 1
    assert structure.text().split() == ["Before", *label.split(), "after."]
    edges = [[float(edge) for edge in note["/Rect"]] for note in link.links]
    assert all(STYLE.size <= top - bottom <= STYLE.leading for _, bottom, _, top in edges)
    assert all(above[1] > below[3] for above, below in pairwise(edges)), "a click is on one line"


def test_no_level_of_headings_is_skipped() -> None:
    structure = checked(prose("One", "H1"), prose("Three", "H3"), prose("Two", "H2"))
    assert [piece.kind for piece in structure.root.of("H1", "H2", "H3")] == ["H1", "H2", "H2"]


def test_a_section_holds_what_is_printed_in_it() -> None:
    section = StructureElement("Sect")
    parts = [
        Prose(parse(text), Typesetter(), STYLE, frame_height=515.0, element=StructureElement("P", section))
        for text in ("one", "two")
    ]
    assert drawn(checked(*parts).root) == ["Document", ["Sect", ["P"], ["P"]]]


def test_the_data_in_the_file_is_the_plan(tmp_path: Path) -> None:
    plan = PrintedPlan(large_plan(12), tmp_path / "plan")
    given = write_plan(plan.editor.session)
    attachment = Attachment(
        "plan.json", given.encode(), description="The plan", modified=datetime(2018, 6, 15)
    )
    data = plan.pdf("update", attachments=(attachment,))
    assert archival_problems(data) == []
    found = attached(data)
    assert list(found) == ["plan.json"]
    again = PrintedPlan(json.loads(found["plan.json"]), tmp_path / "again")
    assert write_plan(again.editor.session) == given


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (PrintedPlan(large_plan(30), tmp_path / name) for name in ("one", "two"))
    assert first.pdf("update") == second.pdf("update")


def test_a_file_with_a_password_is_encrypted_and_does_not_say_that_it_is_archival(tmp_path: Path) -> None:
    data = PrintedPlan(large_plan(3), tmp_path / "plan").pdf("update", password="Rhosyn é")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(data))
    with pikepdf.open(BytesIO(data), password="Rhosyn é") as pdf:
        assert pdf.encryption.R == 6
        assert pdf.encryption.bits == 256
        assert pdf.allow.accessibility
        assert b"pdfaid" not in pdf.Root["/Metadata"].read_bytes().split(b"xmlns:pdfuaid")[1]
        assert "/OutputIntents" not in pdf.Root


def test_title_author_and_marking_are_in_the_metadata(tmp_path: Path) -> None:
    plan = PrintedPlan({"title": "Plan & <more>", "partnership": "Łódź"}, tmp_path / "plan")
    with plan.editor.step("Mark"):
        the_plan(plan.editor.session).protective_marking = "OFFICIAL"
    data = plan.pdf("update")
    with pikepdf.open(BytesIO(data)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == str(pdf.docinfo["/Title"]) == "Plan & <more>"
        assert "dc:creator" not in metadata  # it stands on no page of this layout
        assert metadata["pdf:Keywords"] == "OFFICIAL"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata.pdfa_status == "3A"


def test_what_the_codes_of_a_font_mean_is_always_a_character(tmp_path: Path) -> None:
    data = print_flowables([prose("Words, Łódź ✔ 😀")], SIZE)
    with pikepdf.open(BytesIO(data)) as pdf:
        fonts = [
            thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing
        ]
        assert fonts
        for font in fonts:
            table = font["/ToUnicode"].read_bytes().decode()
            meant = re.findall(r"<..> <([0-9A-F]*)>", table.partition("endcodespacerange")[2])
            assert not {"", "0000", "FEFF", "FFFE"} & set(meant)


@pytest.mark.skipif(not PLANS.is_dir(), reason="the published plans are not on this machine")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", sorted(path.stem for path in PLANS.glob("*.json")))
def test_every_layout_of_a_published_plan_can_be_read_aloud_and_kept(
    name: str, layout: str, tmp_path: Path
) -> None:
    plan = PrintedPlan(json.loads((PLANS / f"{name}.json").read_text("utf-8")), tmp_path / "plan")
    data = plan.pdf(layout)
    assert Structure(data).problems == []
    assert archival_problems(data) == []


@pytest.mark.skipif(not CHECKER.exists(), reason="the other checker is not on this machine")
def test_another_checker_finds_nothing_in_any_layout_of_the_published_plans(tmp_path: Path) -> None:
    files: list[Path] = []
    for path in sorted(PLANS.glob("*.json")):
        plan = PrintedPlan(json.loads(path.read_text("utf-8")), tmp_path / path.stem)
        for layout in LAYOUTS:
            plan.pdf(layout)
            files.append(plan.folder / f"{layout}.pdf")
    done = subprocess.run([sys.executable, CHECKER, *files], capture_output=True, text=True, check=True)
    verdicts = [line for line in done.stdout.splitlines() if " pages " in line]
    assert len(verdicts) == len(files)
    assert [line for line in verdicts if "PASS" not in line] == []


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo is not installed")
def test_another_program_reads_the_structure_in_the_same_order(tmp_path: Path) -> None:
    rows = [
        [TableCell(0, words("first")), TableCell(1, parse("- second\n- third"))],
        [TableCell(0), TableCell(1, words("fourth"))],
    ]
    path = tmp_path / "print.pdf"
    path.write_bytes(print_flowables([prose("Title", "H1"), table(rows, 2)], SIZE))
    done = subprocess.run(["pdfinfo", "-struct-text", path], capture_output=True, text=True, check=True)
    said = [line.strip().strip('"').strip() for line in done.stdout.splitlines() if '"' in line]
    assert [each for each in said if each.isalnum()] == [
        "Title", "Heading0", "Heading1", "first", "second", "third", "fourth",
    ]  # fmt: skip


def test_the_colour_profile_begins_as_its_standard_says() -> None:
    """ICC.1: size, version, class, space, day, signature, what it was made for, and the light, D50."""
    profile = srgb_profile()
    assert profile[:128].hex() == (
        f"{len(profile):08x}" "00000000" "02100000" + b"mntrRGB XYZ ".hex() + "07d000010001000000000000"
        + b"acsp".hex() + "00" * 28 + "0000f6d6000100000000d32d" + "00" * 48
    )  # fmt: skip


def test_the_list_of_places_has_its_own_place_too() -> None:
    """ISO 32000-1, 7.5.8: of each object its kind, its place and its generation, in 1, 4 and 2 bytes."""
    data = print_flowables([], (842, 595))
    start = int(data[data.rindex(b"startxref") :].split()[1])
    number = int(data[start:].split()[0])
    packed = data[data.index(b"stream", start) :].split(b"\n", 1)[1]
    rows = zlib.decompressobj().decompress(packed)
    assert rows[7 * number : 7 * number + 7] == b"\x01" + start.to_bytes(4, "big") + b"\0\0"
