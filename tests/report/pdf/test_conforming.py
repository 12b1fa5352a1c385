"""Every print is what it says, by another's validator: accessible (PDF/UA-1), fit to be kept (PDF/A-3a)."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest

from cypp_desktop.paths import resource
from cypp_desktop.report.layouts import LAYOUTS, find_layout
from cypp_desktop.report.output import print_paper
from cypp_desktop.report.packs import PACKS, find_pack, pack_paper
from cypp_desktop.report.paper import Paper
from cypp_desktop.report.paper_builder import layout_paper
from cypp_desktop.report.pdf.metadata import srgb_profile
from cypp_desktop.report.printed_data import printed_data
from cypp_desktop.store.queries import the_plan
from tests.report.conforming import faults
from tests.report.plans import NAMES, everything, published
from tests.report.printing import PrintedPlan, wished

SAMPLES: Final = ("city", "county", "review")
WAYS: Final[dict[str, dict[str, Any]]] = {
    "as it is": {},
    "large print": {"size": 16.0},
    "A3": {"paper": "A3"},
    "upright": {"landscape": False},
}
#: texts that a font, a reader or a file could stumble over
ODD_TEXTS: Final = {
    "Welsh": "Ŵyl y plant ŷ â ê ẃ",
    "Arabic": "خطة الأطفال والشباب",
    "Hebrew": "תוכנית ילדים 2017",
    "both ways": "Plan خطة 12 (תוכנית) end",
    "letters that no font has": "儿童计划 เด็ก बच्चे",
    "such letters beside Arabic": "خطة 儿童 🫵 خطة",
    "emoji": "😀 👨‍👩‍👧 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🩷",
    "private areas": "\uf0b7 \uf0fc \ue000 \U000f0000 خ \ue000",
    "marks without a width": "a\u200bb\u2066c\u2069d\u202ee\u202cf\u180eg\u2061h",
    "no characters": "a\ufdd0b\ufffec\uffffd\U0001fffee خ\ufdd0خ",
    "controls": "a\x01b\x0cc\x1bd\x85e\u2028f",
    "signs of XML and PDF": "<a>&amp; \"'--> ]]> \\ ) (( %",
    "blanks": "a\u00a0b\u202fc\u2009d\u3000e",
    "a sub-table with links": "| A | B |\n|---|---|\n| [x](https://example.org/?a=1&b=ŷ) | **y** |\n| 1 | |",
    "nested lists": "- a\n  - b\n    - c\n      1. d\n      2. e",
    "one long word": "x" * 3000,
    "nothing": "   ",
}
#: what is not free text, and so stays as it is
_FIXED: Final = ("code", "key", "measures", "round", "rounds", "number", "role", "section",
                 "period", "kind", "unit", "value", "polarity", "state", "status")  # fmt: skip


def paper_of(plan: PrintedPlan, name: str, changes: dict[str, Any] | None = None) -> Paper:
    """A layout or pack of that name as a paper, otherwise than it is declared where ``changes`` say so."""
    session = plan.editor.session
    if name in PACKS:
        return pack_paper(session, replace(find_pack(session, name), **changes or {}), wished())
    return layout_paper(session, replace(find_layout(session, name), **changes or {}), wished())


def pdf_of(paper: Paper, folder: Path, **options: Any) -> bytes:
    print_paper(paper, folder / "print.pdf", **options, made_from=None)
    return (folder / "print.pdf").read_bytes()


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads(resource(f"samples/{name}.json").read_text("utf-8")))


def filled(content: Any, text: str) -> Any:
    """A plan that says ``text`` wherever its words are free."""
    if isinstance(content, dict):
        return {key: one if key in _FIXED else filled(one, text) for key, one in content.items()}
    if isinstance(content, list):
        return [filled(one, text) for one in content]
    return text if isinstance(content, str) and not re.fullmatch(r"[\d-]{10}", content) else content


def all_faults(
    plan: PrintedPlan, changes: dict[str, Any] | None = None, *, data: bool = False
) -> dict[str, list[str]]:
    """What is wrong with each layout and pack of a plan; those with which nothing is wrong are left out."""
    found: dict[str, list[str]] = {}
    for name in (*LAYOUTS, *PACKS):
        paper = paper_of(plan, name, changes)
        carried = printed_data(plan.editor.session, paper) if data else ()
        listed = faults(pdf_of(paper, plan.folder, attachments=carried))
        if listed:
            found[name] = listed
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_every_layout_and_pack_of_a_sample_conforms(name: str, tmp_path: Path) -> None:
    assert all_faults(PrintedPlan(sample(name), tmp_path)) == {}


@pytest.mark.parametrize("way", WAYS)
def test_every_layout_and_pack_conforms_on_any_paper_and_with_its_data(way: str, tmp_path: Path) -> None:
    assert all_faults(PrintedPlan(everything(), tmp_path), WAYS[way], data=True) == {}


@pytest.mark.parametrize("kind", ODD_TEXTS)
def test_whatever_a_plan_says_its_prints_conform(kind: str, tmp_path: Path) -> None:
    text = ODD_TEXTS[kind]
    plan = PrintedPlan(filled(everything(), text), tmp_path)
    with plan.editor.step("Mark"):
        the_plan(plan.editor.session).protective_marking = text
        the_plan(plan.editor.session).area = text
    for name in ("update", "progress", "board"):
        assert faults(pdf_of(paper_of(plan, name), tmp_path)) == [], name


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", (*SAMPLES, *NAMES))
def test_every_layout_and_pack_of_every_plan_conforms_in_every_way(
    name: str, way: str, tmp_path: Path
) -> None:
    content = sample(name) if name in SAMPLES else published(name)
    plan = PrintedPlan(content, tmp_path)
    assert all_faults(plan, WAYS[way]) == {}
    assert all_faults(plan, WAYS[way], data=True) == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ODD_TEXTS)
def test_whatever_a_plan_says_all_its_prints_conform(kind: str, tmp_path: Path) -> None:
    plan = PrintedPlan(filled(everything(), ODD_TEXTS[kind]), tmp_path)
    assert all_faults(plan) == {}


@pytest.mark.parametrize("name", ["update", "board"])
def test_a_file_with_a_password_claims_to_be_accessible_only_and_is(name: str, tmp_path: Path) -> None:
    locked = pdf_of(paper_of(PrintedPlan(everything(), tmp_path), name), tmp_path, password="open sesame")
    opened = BytesIO()
    with pikepdf.open(BytesIO(locked), password="open sesame") as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == ""
            assert metadata["pdfuaid:part"] == "1"
        pdf.save(opened)
    assert faults(opened.getvalue(), ("ua1",)) == []


def test_the_end_of_every_stream_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    data = pdf_of(paper_of(PrintedPlan(everything(), tmp_path), "board"), tmp_path)
    ends = [found.start() for found in re.finditer(rb"endstream(?=\s+endobj)", data)]
    assert len(ends) > 20
    assert {data[end - 2 : end] for end in ends} == {b"\r\n"}


def test_the_colours_of_a_print_are_those_of_a_screen() -> None:
    """Its profile turns what stands in the file into light as the standard IEC 61966-2-1 (sRGB) does."""
    profile = srgb_profile()
    assert int.from_bytes(profile[:4]) == len(profile)
    at = profile.index(b"curv")
    (count,) = struct.unpack(">I", profile[at + 8 : at + 12])
    curve = struct.unpack(f">{count}H", profile[at + 12 : at + 12 + 2 * count])
    assert curve[0] == 0 and curve[-1] == 65535 and list(curve) == sorted(curve)
    for share, light in ((0.02, 0.00155), (0.25, 0.0509), (0.5, 0.2140), (0.75, 0.5225)):
        assert curve[round(share * (count - 1))] / 65535 == pytest.approx(light, rel=0.03)
