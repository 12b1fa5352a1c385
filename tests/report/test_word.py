"""The Word file: every word in order, real headings, lists and tables, and our own import reads it again."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from cypp_desktop import paths
from cypp_desktop.operations.importing.bring_in import read_source
from cypp_desktop.report.layouts import LAYOUTS
from cypp_desktop.store.queries import the_plan
from tests.report.plans import NAMES, SHAPES, bare, everything, published
from tests.report.printing import PrintedPlan
from tests.report.said import paper_words

Json = dict[str, Any]


def file_of(printed: PrintedPlan, layout: str, **options: Any) -> Document:
    return docx.Document(BytesIO(printed.written(layout, "docx", **options)))


def words_of(document: Document) -> str:
    """All words of the body in order, from its paragraphs wherever they stand."""
    texts = (
        element.text or "" if element.tag == qn("w:t") else " "
        for element in document.element.body.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
    )
    return "".join(texts)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_word_is_there_in_order(tmp_path: Path, layout: str) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    assert bare(words_of(file_of(printed, layout))) == bare(paper_words(printed.paper(layout), drawings=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_published_plan_is_there_in_order(tmp_path: Path, name: str) -> None:
    printed = PrintedPlan(published(name), tmp_path)
    for layout in LAYOUTS:
        assert bare(words_of(file_of(printed, layout))) == bare(
            paper_words(printed.paper(layout), drawings=True)
        )


def test_headings_are_headings_and_the_title_a_title(tmp_path: Path) -> None:
    document = file_of(PrintedPlan(everything(), tmp_path), "update")
    found = [(one.style.name, one.text) for one in document.paragraphs if one.style is not None and one.text]
    assert ("Title", "Town Plan 2017") in found
    assert ("Heading 2", "Priority 1. Health") in found


def test_tables_repeat_their_header_and_merge_cells_that_span_rows(tmp_path: Path) -> None:
    document = file_of(PrintedPlan(everything(), tmp_path), "scorecard")
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells][:3] == ["Outcomes", "Performance measures", "Latest"]
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    outcome = [row.cells[0]._tc for row in table.rows[1:4]]
    assert outcome[0] is outcome[1] is outcome[2]
    assert table.rows[1].cells[0].text == "1a: Good maternal health & <care>"


def test_lists_are_words_own_and_each_numbered_one_starts_anew(tmp_path: Path) -> None:
    content = everything()
    update = content["priorities"][0]["outcomes"][0]["updates"][0]
    update["text"] = "1. One\n2. Two\n\nBetween\n\n3. Three\n\n- Point\n  - Below"
    document = file_of(PrintedPlan(content, tmp_path), "update")
    marks = [
        (mark.find(qn("w:numId")).get(qn("w:val")), mark.find(qn("w:ilvl")).get(qn("w:val")))  # type: ignore[union-attr]
        for mark in document.element.body.iter(qn("w:numPr"))
    ]
    assert marks == [("2", "0"), ("2", "0"), ("3", "0"), ("1", "0"), ("1", "1")]
    numbering = document.part.numbering_part.element
    starts = {
        number.get(qn("w:numId")): override.get(qn("w:val"))
        for number in numbering.iter(qn("w:num"))
        for override in list(number.iter(qn("w:startOverride")))[:1]
    }
    assert starts == {"2": "1", "3": "3"}


def test_edges_say_label_marking_title_and_page_x_of_y(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    with printed.editor.step("Mark"):
        the_plan(printed.editor.session).protective_marking = "OFFICIAL"
    (section,) = file_of(printed, "update").sections
    assert section.header.paragraphs[0].text == "Appendix 9\tOFFICIAL"
    foot = section.footer.paragraphs[0]
    assert foot.text == "Page 1 of 1\tOFFICIAL\tTown Plan 2017"
    codes = [code.text for code in foot._p.iter(qn("w:instrText"))]
    assert [str(code).strip() for code in codes] == ["PAGE", "NUMPAGES"]


def test_paper_is_as_the_layout_has_it_or_as_asked(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    (section,) = file_of(printed, "update").sections
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.pt), round(section.page_height.pt)) == (842, 595)  # type: ignore[union-attr]
    (section,) = file_of(printed, "update", paper="A3", landscape=False).sections
    assert (round(section.page_width.pt), round(section.page_height.pt)) == (842, 1191)  # type: ignore[union-attr]


def test_the_file_says_its_title_and_language(tmp_path: Path) -> None:
    said = file_of(PrintedPlan(everything(), tmp_path), "update").core_properties
    assert (said.title, said.author, said.language) == ("Town Plan 2017", "", "en-GB")


def test_links_lead_where_they_did(tmp_path: Path) -> None:
    document = file_of(PrintedPlan(everything(), tmp_path), "update")
    targets = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert targets == ["https://example.org/a?b=1&c=2"]


def test_the_same_plan_gives_the_same_bytes_and_they_say_no_time(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    data = printed.written("progress", "docx")
    assert data == printed.written("progress", "docx")
    with zipfile.ZipFile(BytesIO(data)) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# ---------------------------------------------------------------------------------- there and back


def core(plan: Json) -> list[Any]:
    """What a table in a document says of a plan: its rows with their words, links and leads."""
    return [
        [
            priority["code"],
            priority["title"],
            priority.get("outcomes_sought") or [],
            [
                [
                    outcome["code"],
                    outcome["title"],
                    outcome.get("strategic_plans") or [],
                    outcome.get("governance_groups") or [],
                    [[row["code"], row["title"], leads(row)] for row in outcome["measures"]],
                    [[row["number"], row["text"], row["due"]] for row in outcome.get("actions") or []],
                    [[text_of(row), row["measures"]] for row in outcome.get("updates") or []],
                    leads(outcome),
                ]
                for outcome in priority["outcomes"]
            ],
        ]
        for priority in plan["priorities"]
    ]


def rows(plan: Json) -> list[Any]:
    """Codes and titles of all rows, and the actions: what no reader of a table can be in doubt about."""
    return [
        [
            priority["code"],
            priority["title"],
            [
                [
                    outcome["code"],
                    outcome["title"],
                    [[row["code"], row["title"]] for row in outcome["measures"]],
                    [[row["number"], row["text"], row["due"]] for row in outcome.get("actions") or []],
                ]
                for outcome in priority["outcomes"]
            ],
        ]
        for priority in plan["priorities"]
    ]


def text_of(update: Json) -> str:
    """The words of an update: what stands between list items, and what is bold, says Word otherwise."""
    return bare(update["text"]).replace("*", "")


def leads(row: Json) -> list[Any]:
    return [[lead["organisation"], lead["people"], lead.get("note")] for lead in row.get("leads") or []]


@pytest.mark.parametrize(("sample", "layout"), [("city", "update"), ("county", "delivery")])
def test_our_own_import_reads_a_sample_again(tmp_path: Path, sample: str, layout: str) -> None:
    content = json.loads(paths.resource(f"samples/{sample}.json").read_text("utf-8"))
    printed = PrintedPlan(content, tmp_path)
    printed.written(layout, "docx")
    found = read_source(tmp_path / f"{layout}.docx")
    assert rows(found.plan) == rows(read_source(paths.resource(f"samples/{sample}.json")).plan)
    assert found.plan["title"] == content["title"]


@pytest.mark.parametrize(("name", "layout"), SHAPES[:3])
def test_our_own_import_reads_a_published_plan_again(tmp_path: Path, name: str, layout: str) -> None:
    content = published(name)
    PrintedPlan(content, tmp_path).written(layout, "docx")
    assert core(read_source(tmp_path / f"{layout}.docx").plan) == core(content)


def test_in_large_print_nothing_is_small_and_columns_hold_their_words(tmp_path: Path) -> None:
    document = file_of(PrintedPlan(everything(), tmp_path), "scorecard", size=14.0)
    fonts = {style.name: getattr(style, "font", None) for style in document.styles}
    sizes = {name: font.size.pt for name, font in fonts.items() if font is not None and font.size}
    assert all(sizes[name] >= 14 for name in ("Normal", "Heading 1", "Heading 2", "Heading 6"))
    assert min(sizes["Header"], sizes["Footer"]) >= 12
    usual = file_of(PrintedPlan(everything(), tmp_path / "usual"), "scorecard")
    (rag,) = (at for at, cell in enumerate(document.tables[0].rows[0].cells) if cell.text == "RAG")
    columns = [one.tables[0].columns[rag].width for one in (document, usual)]
    assert columns[0] is not None and columns[1] is not None
    assert columns[0] > columns[1]


@pytest.mark.parametrize(
    ("size", "factor", "edge"), [(8.0, 1.0, 8.0), (10.0, 1.0, 8.0), (12.0, 1.2, 12.0), (16.0, 1.6, 14.0)]
)
def test_headings_grow_with_the_text_and_go_down_in_size_by_level(
    tmp_path: Path, size: float, factor: float, edge: float
) -> None:
    document = file_of(PrintedPlan(everything(), tmp_path), "update", size=size)
    at_ten_points = {
        "Title": 18.0,
        "Contents Title": 15.0,
        "Normal": 10.0,
        "Heading 1": 15.0,
        "Heading 2": 12.5,
        "Heading 3": 11.0,
        "Heading 4": 10.5,
        "Heading 5": 10.0,
    }
    for name, points in at_ten_points.items():
        style: Any = document.styles[name]
        assert style.font.size.pt == round(2 * points * factor) / 2, name
    for name in ("Header", "Footer"):
        at_edge: Any = document.styles[name]
        assert at_edge.font.size.pt == edge
