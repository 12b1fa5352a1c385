"""Drawings and colours: said in words as well, drawn in every output, readable by everybody."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import pikepdf
import pytest

from cypp_desktop.report.drawing import Figure, Label, Rectangle
from cypp_desktop.report.palette import RAG_TONES, parts_of
from cypp_desktop.report.pdf.canvas import SHADE
from cypp_desktop.report.pdf.flowables import Drawing
from cypp_desktop.report.pdf.typesetter import Typesetter
from tests.report.pdf_structure import Structure, archival_problems
from tests.report.plans import everything
from tests.report.printing import PrintedPlan, print_flowables
from tests.report.test_web import Page

BAR = "3 performance measures: 1 red, 1 amber, 0 green, 1 of which it cannot be told."


@pytest.fixture
def printed(tmp_path: Path) -> PrintedPlan:
    return PrintedPlan(everything(), tmp_path)


def figure_of(printed: PrintedPlan, **wishes: object) -> Figure:
    (found,) = (
        part
        for chapter in printed.paper("rag-summary", **wishes).chapters
        for part in chapter.parts
        if isinstance(part, Figure)
    )
    return found


def luminance(colour: tuple[float, float, float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", RAG_TONES)
def test_words_in_a_colour_and_on_it_can_be_read(name: str) -> None:
    tone = RAG_TONES[name]
    for paper in ((1.0, 1.0, 1.0), SHADE):
        assert contrast(parts_of(tone.ink), paper) > 4.5
    assert contrast(parts_of(tone.on_fill), parts_of(tone.fill)) > 4.5


def test_the_bar_says_its_counts_and_has_parts_of_their_size(printed: PrintedPlan) -> None:
    bar = figure_of(printed)
    assert bar.alt == BAR
    parts = [shape for shape in bar.shapes if isinstance(shape, Rectangle)]
    labels = [shape.words for shape in bar.shapes if isinstance(shape, Label)]
    assert [part.fill for part in parts] == [RAG_TONES[name].fill for name in ("red", "amber", "none")]
    assert len({round(part.width, 3) for part in parts}) == 1
    assert labels == ["■ Red: 1", "● Amber: 1", "○ Cannot be told: 1"]
    assert all(part.x >= 0 and part.x + part.width <= bar.width for part in parts)


def test_without_measures_there_is_no_bar(tmp_path: Path) -> None:
    printed = PrintedPlan({"title": "Empty", "priorities": [{"code": "1", "title": "Health"}]}, tmp_path)
    for chapter in printed.paper("rag-summary").chapters:
        assert not any(isinstance(part, Figure) for part in chapter.parts)


def test_in_a_pdf_the_bar_is_a_figure_with_words_and_a_place(printed: PrintedPlan) -> None:
    data = printed.written("rag-summary", "pdf")
    assert Structure(data).problems == []
    assert archival_problems(data) == []
    with pikepdf.open(BytesIO(data)) as pdf:
        (figure,) = (
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        )
        assert str(figure.Alt) == BAR
        left, bottom, right, top = map(float, figure.A.BBox)
        wide, high = map(float, pdf.pages[0].MediaBox[2:])
        assert 0 < left < right < wide
        assert 0 < bottom < top < high
        assert right - left == pytest.approx(figure_of(printed).width, abs=0.02)


def test_a_drawing_wider_than_the_page_is_made_smaller(printed: PrintedPlan) -> None:
    wide = Figure("Wide", 2000.0, 100.0, (Rectangle(0, 0, 2000.0, 100.0, "#ffffff", "#000000"),))
    with pikepdf.open(BytesIO(print_flowables([Drawing(wide, Typesetter())], (500.0, 400.0)))) as pdf:
        (figure,) = (
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        )
        left, bottom, right, top = map(float, figure.A.BBox)
    assert (left, right) == pytest.approx((40.0, 460.0))
    assert top - bottom == pytest.approx(21.0)


def test_in_html_the_bar_is_one_image_with_a_title(printed: PrintedPlan) -> None:
    source = printed.written("rag-summary", "html").decode("utf-8")
    (image,) = Page(source).all("svg")
    assert image["role"] == "img"
    assert f"<title>{BAR}</title>" in source
    assert "Red: 1</text>" in source


def test_in_word_the_bar_is_said(printed: PrintedPlan) -> None:
    document = docx.Document(BytesIO(printed.written("rag-summary", "docx")))
    assert BAR in [paragraph.text for paragraph in document.paragraphs]


def test_a_colour_is_printed_in_that_colour_with_its_name(printed: PrintedPlan) -> None:
    ink = RAG_TONES["red"].ink
    html = printed.written("scorecard", "html").decode("utf-8")
    assert '<span class="red">■ Red</span>' in html
    assert f".red {{ color: {ink}; }}" in html
    document = docx.Document(BytesIO(printed.written("scorecard", "docx")))
    runs = [run for row in document.tables[0].rows for cell in row.cells for run in cell.paragraphs[0].runs]
    (run,) = (run for run in runs if run.text == "■ Red")
    assert f"#{run.font.color.rgb}".lower() == ink
    with pikepdf.open(BytesIO(printed.written("scorecard", "pdf"))) as pdf:
        drawn = pdf.pages[0].Contents.read_bytes().decode("latin-1")
    inks = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) rg", drawn)
    assert any(tuple(map(float, one)) == pytest.approx(parts_of(ink), abs=0.01) for one in inks)
