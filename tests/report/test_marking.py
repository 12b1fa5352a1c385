"""The protective marking: on every page of every print, as large and dark as nobody can overlook."""

from __future__ import annotations

import re

import pytest

from cypp_desktop.report.layouts import LAYOUTS, find_layout
from cypp_desktop.report.output import print_paper
from cypp_desktop.report.packs import PACKS, find_pack, pack_paper
from cypp_desktop.report.paper import Paper
from cypp_desktop.report.paper_builder import layout_paper
from cypp_desktop.report.pdf.page_styles import ChapterStyles
from cypp_desktop.store.queries import the_plan
from tests.report.marked import parts_of_word
from tests.report.plans import everything
from tests.report.printing import PrintedPlan, wished
from tests.report.reading import leaves

SAID = "Official-sensitive"
SHOWN = "OFFICIAL-SENSITIVE"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> PrintedPlan:
    printed = PrintedPlan(everything(), tmp_path_factory.mktemp("marking"))
    with printed.editor.step("Mark"):
        the_plan(printed.editor.session).protective_marking = SAID
    return printed


def paper_of(plan: PrintedPlan, name: str) -> Paper:
    session = plan.editor.session
    if name in PACKS:
        return pack_paper(session, find_pack(session, name), wished())
    return layout_paper(session, find_layout(session, name), wished())


@pytest.mark.parametrize("name", [*LAYOUTS, *PACKS])
def test_it_stands_at_head_and_foot_of_every_page_of_every_print(plan: PrintedPlan, name: str) -> None:
    out = plan.folder / "print.pdf"
    print_paper(paper_of(plan, name), out, made_from=None)
    for page in leaves(out.read_bytes()):
        marks = [piece for piece in page.shown if piece.text.strip() == SHOWN and "Bold" in piece.font]
        edges = [piece for piece in marks if piece.y > page.height - 46 or piece.y < 44]
        assert len(edges) == 2
        assert all(piece.size >= 10 for piece in edges)
    assert page.outside() == []


@pytest.mark.parametrize("size", [6.0, 8.0, 10.0, 14.0, 18.0])
def test_it_is_nearly_black_and_of_ten_points_at_every_size_of_text(size: float) -> None:
    style = ChapterStyles(size).marking
    assert style.size >= 10
    assert max(style.colour) < 0.15


@pytest.mark.parametrize("name", [*LAYOUTS, *PACKS])
def test_it_is_on_web_pages_also_when_they_are_printed_and_in_word(plan: PrintedPlan, name: str) -> None:
    paper = paper_of(plan, name)
    page, document = plan.folder / "print.html", plan.folder / "print.docx"
    print_paper(paper, page, made_from=None)
    print_paper(paper, document, made_from=None)
    source = page.read_text("utf-8")
    assert source.count(f'<p class="marking">{SHOWN}</p>') == 2
    boxes = re.findall(r"@(?:top|bottom)-center \{ ([^}]*) \}", source)
    assert boxes == [f'content: "{SHOWN}"; font: bold 10pt sans-serif; color: #1a1a1e;'] * 2
    edges = [
        text
        for part, text in parts_of_word(document.read_bytes()).items()
        if "header" in part or "footer" in part
    ]
    for words in edges:
        (run,) = [run for run in re.findall(r"<w:r>.*?</w:r>", words) if SHOWN in run]
        assert '<w:sz w:val="20"/>' in run and '<w:color w:val="1A1A1E"/>' in run
    assert len(edges) >= 2
