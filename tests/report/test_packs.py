"""Meeting packs: in the officer's order, with contents that lead to the pages, for all or for one."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn

from cypp_desktop.plan.model import Lead, Organisation
from cypp_desktop.report.layouts import PrintFilter
from cypp_desktop.report.output import print_paper
from cypp_desktop.report.packs import (
    PACKS,
    PackPlan,
    definition_of_pack,
    find_pack,
    organisations_with_work,
    pack_paper,
    read_pack,
)
from cypp_desktop.report.paper import ContentsPart, CoverPart, HeadingPart, Paper, TablePart
from cypp_desktop.report.paper_builder import find_organisation, find_priority
from cypp_desktop.report.paper_kinds import PaperSize
from cypp_desktop.report.pdf.metadata import Attachment
from cypp_desktop.store.queries import the_plan
from tests.report.pdf_structure import Structure, archival_problems, attached
from tests.report.plans import NAMES, bare, everything, published
from tests.report.printing import PrintedPlan, wished
from tests.report.reading import Leaf, leaves
from tests.report.said import cell_words, paper_words
from tests.report.test_paper import in_order
from tests.report.test_web import Page


def pack_of(printed: PrintedPlan, pack: str | PackPlan, **wishes: Any) -> Paper:
    session = printed.editor.session
    chosen = find_pack(session, pack) if isinstance(pack, str) else pack
    return pack_paper(session, chosen, wished(**wishes))


def pdf_of(paper: Paper, folder: Path, **options: Any) -> bytes:
    print_paper(paper, folder / "pack.pdf", **options, made_from=None)
    return (folder / "pack.pdf").read_bytes()


def headings(paper: Paper) -> list[str]:
    from cypp_desktop.plan.blocks import plain_text

    return [
        plain_text(part.blocks)
        for chapter in paper.chapters
        for part in chapter.parts
        if isinstance(part, HeadingPart) and part.level == 2
    ]


@pytest.fixture
def printed(tmp_path: Path) -> PrintedPlan:
    found = PrintedPlan(everything(), tmp_path)
    with found.editor.step("Mark"):
        the_plan(found.editor.session).protective_marking = "OFFICIAL"
    return found


def test_a_board_pack_holds_its_parts_in_order(printed: PrintedPlan) -> None:
    paper = pack_of(printed, "board")
    assert isinstance(paper.chapters[0].parts[0], CoverPart)
    assert isinstance(paper.chapters[1].parts[0], ContentsPart)
    assert headings(paper) == [
        "Red, amber and green", "Progress report", "Exceptions", "Recommendations", "Annex",
    ]  # fmt: skip


def test_the_cover_says_title_partnership_label_date_and_marking(
    printed: PrintedPlan, tmp_path: Path
) -> None:
    cover = leaves(pdf_of(pack_of(printed, "board"), tmp_path))[0].text
    for words in (
        "Town Plan 2017", "Board pack", "Town Partnership", "Appendix 9", "15 June 2018", "OFFICIAL",
        "Status: draft",
    ):  # fmt: skip
        assert words in cover


def test_a_file_names_the_partnership_as_author_where_a_cover_does(
    printed: PrintedPlan, tmp_path: Path
) -> None:
    uncovered = PackPlan(name="plain", title="Plain", parts=("update",))
    for pack, author, subject in (("board", "Town Partnership", "Board pack"), (uncovered, "", "")):
        with pikepdf.open(BytesIO(pdf_of(pack_of(printed, pack), tmp_path))) as pdf:
            said = {key: str(pdf.docinfo.get(key, "")) for key in ("/Author", "/Subject")}
        assert said == {"/Author": author, "/Subject": subject}


def test_the_marking_stands_on_every_page_and_each_says_which_it_is(
    printed: PrintedPlan, tmp_path: Path
) -> None:
    pages = leaves(pdf_of(pack_of(printed, "board"), tmp_path))
    for number, page in enumerate(pages, 1):
        assert "OFFICIAL" in page.text.splitlines()[0]
        assert page.text.splitlines()[-1].startswith(f"Page {number} of {len(pages)}")


def contents(page: Leaf) -> list[tuple[str, int]]:
    """The entries of the contents on a page: heading and page number."""
    lines = [line.strip() for line in page.text.splitlines()]
    found = [re.fullmatch(r"(.+?)\s*(\d+)", line) for line in lines[lines.index("Contents") + 1 : -1]]
    return [(match[1].strip(), int(match[2])) for match in found if match]


@pytest.mark.parametrize("pack", PACKS)
def test_the_contents_give_the_pages_on_which_the_headings_are(
    printed: PrintedPlan, tmp_path: Path, pack: str
) -> None:
    pages = leaves(pdf_of(pack_of(printed, pack), tmp_path))
    entries = contents(pages[1])
    assert len(entries) >= 4
    for words, number in entries:
        assert bare(words) in bare(pages[number - 1].text), words


def test_links_and_bookmarks_lead_to_the_headings(printed: PrintedPlan, tmp_path: Path) -> None:
    data = pdf_of(pack_of(printed, "board"), tmp_path)
    entries = contents(leaves(data)[1])
    with pikepdf.open(BytesIO(data)) as pdf:
        links = [note for note in pdf.pages[1].Annots if note.Subtype == "/Link"]  # type: ignore[attr-defined]
        assert len(links) == len(entries)
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert str(pdf.Root.PageMode) == "/UseOutlines"
    assert titles == ["Red, amber and green", "Progress report", "Exceptions", "Recommendations", "Annex"]


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_can_be_read_aloud_and_kept(printed: PrintedPlan, tmp_path: Path, pack: str) -> None:
    paper = pack_of(printed, pack)
    data = pdf_of(paper, tmp_path)
    structure = Structure(data)
    assert structure.problems == []
    assert archival_problems(data) == []
    in_order(paper_words(paper), bare(structure.text()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pack", PACKS)
def test_all_words_of_a_pack_of_a_published_plan_are_in_all_outputs(
    tmp_path: Path, name: str, pack: str
) -> None:
    paper = pack_of(PrintedPlan(published(name), tmp_path), pack)
    data = pdf_of(paper, tmp_path)
    in_order(paper_words(paper), bare(Structure(data).text()))
    assert [piece for page in leaves(data) for piece in page.outside()] == []
    print_paper(paper, tmp_path / "pack.html", made_from=None)
    page = Page((tmp_path / "pack.html").read_text("utf-8"))
    in_order(paper_words(paper), bare("".join(page.texts)))
    print_paper(paper, tmp_path / "pack.docx", made_from=None)
    document = docx.Document(str(tmp_path / "pack.docx"))
    texts = "".join(element.text or "" for element in document.element.body.iter(qn("w:t")))
    in_order(paper_words(paper), bare(texts))


def test_contents_in_word_are_a_field_and_lead_to_bookmarks(printed: PrintedPlan, tmp_path: Path) -> None:
    print_paper(pack_of(printed, "board"), tmp_path / "pack.docx", made_from=None)
    body = docx.Document(str(tmp_path / "pack.docx")).element.body
    codes = [str(code.text).strip() for code in body.iter(qn("w:instrText"))]
    assert codes[0].startswith("TOC ")
    settings = docx.Document(str(tmp_path / "pack.docx")).settings.element
    (update,) = settings.iter(qn("w:updateFields"))
    assert update.getnext().tag == qn("w:compat")
    names = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    assert len([link for link in links if link]) >= 5
    assert {link for link in links if link} <= names


def test_a_chapter_has_the_paper_of_its_layout(printed: PrintedPlan, tmp_path: Path) -> None:
    pack = PackPlan(name="p", title="P", parts=("cover", "progress", "update"))
    pages = leaves(pdf_of(pack_of(printed, pack), tmp_path))
    shapes = [page.width > page.height for page in pages]
    assert shapes[0] and shapes[-1] and not all(shapes)
    large = leaves(
        pdf_of(
            pack_of(
                printed,
                PackPlan(
                    name="p",
                    title="P",
                    parts=("cover", "update"),
                    size=12,
                    paper=PaperSize.A3,
                    landscape=False,
                ),
            ),
            tmp_path,
        )
    )
    assert {(round(page.width), round(page.height)) for page in large} == {(842, 1191)}
    assert min(piece.size for page in large for piece in page.shown) >= 11.99


def test_an_organisations_pack_holds_nothing_of_others(printed: PrintedPlan) -> None:
    trust = find_organisation(printed.editor.session, " health  trust ")
    paper = pack_of(printed, "organisation", organisation=trust.id)
    words = paper_words(paper)
    assert "For Health Trust" in words
    assert "Vaccinated by two" in words
    assert "Smoking" not in words
    assert "Safe homes" not in words


def test_a_pack_for_one_priority_holds_nothing_of_others(printed: PrintedPlan) -> None:
    health = find_priority(printed.editor.session, "1")
    assert "Safety" in paper_words(pack_of(printed, "board"))
    paper = pack_of(printed, "board", priorities=frozenset({health.id}))
    words = paper_words(paper)
    assert "Only Priority 1. Health" in words
    assert "Smoking" in words
    assert "Safety" not in words


def test_a_pack_of_some_colours_counts_them_all_but_lists_those_only(printed: PrintedPlan) -> None:
    paper = pack_of(printed, "board", rag=frozenset({"red"}))
    words = paper_words(paper)
    assert "Only red" in words
    assert "Smoking" in words
    assert "Vaccinated" not in words
    (counts,) = (part for part in paper.chapters[2].parts if isinstance(part, TablePart))
    assert [cell_words(cell) for cell in counts.rows[0]] == ["Priority 1. Health", "1", "1", "0", "1", "3"]
    assert "Nothing here is green." in paper_words(pack_of(printed, "board", rag=frozenset({"green"})))


def test_what_a_pack_is_for_is_kept_with_it(printed: PrintedPlan) -> None:
    health = find_priority(printed.editor.session, " health ")
    wanted = PrintFilter(priorities=frozenset({health.id}), rag=frozenset({"red", "amber"}))
    pack = PackPlan(name="Worst", title="Worst of health", parts=("cover", "update"), filter=wanted)
    assert read_pack("Worst", definition_of_pack(pack)) == pack
    words = paper_words(pack_of(printed, pack))
    assert "Only red and amber" in words
    assert "Safety" not in words
    assert "Vaccinated" in words
    assert "Vaccinated" not in paper_words(pack_of(printed, pack, rag=frozenset({"red"})))


def test_packs_for_each_organisation_are_for_those_that_lead(printed: PrintedPlan) -> None:
    session = printed.editor.session
    with printed.editor.step("Add"):
        session.add(Organisation(name="Idle", sort_key="z"))
        nobody = Organisation(name="TBC", sort_key="zz")
        session.add_all(
            (nobody, Lead(organisation=nobody, priority=find_priority(session, "health"), sort_key="z"))
        )
    assert [one.name for one in organisations_with_work(session)] == ["Town Council", "Health Trust"]


def test_a_pack_can_carry_a_file(printed: PrintedPlan, tmp_path: Path) -> None:
    paper = pack_of(printed, "board")
    data = pdf_of(paper, tmp_path, attachments=(Attachment("plan.json", b'{"title": "x"}'),))
    assert attached(data) == {"plan.json": b'{"title": "x"}'}
    assert archival_problems(data) == []


def test_a_pack_of_an_empty_plan_is_made_too(tmp_path: Path) -> None:
    printed = PrintedPlan({"title": ""}, tmp_path)
    for pack in PACKS:
        assert leaves(pdf_of(pack_of(printed, pack), tmp_path))


def test_the_same_plan_and_day_give_the_same_bytes(printed: PrintedPlan, tmp_path: Path) -> None:
    assert pdf_of(pack_of(printed, "board"), tmp_path) == pdf_of(pack_of(printed, "board"), tmp_path)
