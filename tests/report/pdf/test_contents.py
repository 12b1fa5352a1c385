"""The list of contents: it leads to its places and says on which page they are."""

from __future__ import annotations

from cypp_desktop.plan.blocks import parse
from cypp_desktop.report.pdf.contents import ContentsEntry, ContentsFlowable
from cypp_desktop.report.pdf.flowables import Anchor, Bookmarks, Framed
from cypp_desktop.report.pdf.lines import TypeStyle
from cypp_desktop.report.pdf.prose import Prose
from cypp_desktop.report.pdf.structure import StructureElement
from cypp_desktop.report.pdf.typesetter import Typesetter
from tests.report.pdf_structure import Piece, Structure, archival_problems
from tests.report.printing import print_flowables
from tests.report.reading import leaves

# isort: split
from reportlab.platypus.flowables import Flowable, PageBreak, Spacer

STYLE = TypeStyle(10, 13)


def document(count: int) -> bytes:
    """A list of contents, and every part of it on a page of its own."""
    setter = Typesetter()
    titles = [f"Part {at} (of/all) é" for at in range(count)]
    entries = [ContentsEntry(title, f"place {title}", at % 2) for at, title in enumerate(titles)]
    story: list[Flowable] = [ContentsFlowable(entries, setter, STYLE)]
    for at, title in enumerate(titles):
        prose = Prose(
            parse(title), setter, STYLE, frame_height=515.0, element=StructureElement("H1"),
            place=f"place {title}", bookmark=at % 2,
        )  # fmt: skip
        story += [PageBreak(), prose]
    return print_flowables(story, (842, 595))


def test_each_entry_says_its_page_and_leads_there() -> None:
    data = document(4)
    structure = Structure(data)
    assert structure.problems == []
    assert archival_problems(data) == []
    entries = list(structure.root.of("TOCI"))
    assert [" ".join(structure.text(entry).split()) for entry in entries] == [
        f"Part {at} (of/all) é {at + 2}" for at in range(4)
    ]
    pages = [page.obj.objgen for page in structure.pdf.pages]
    for at, entry in enumerate(entries):
        (link,) = entry.of("Link")
        (note,) = link.links
        assert pages.index(note["/Dest"][0].objgen) == at + 1
        assert str(note["/Contents"]) == f"Go to Part {at} (of/all) é"


def test_numbers_of_pages_look_like_the_titles_before_them() -> None:
    first, *_ = leaves(document(2))
    numbers = [piece for piece in first.shown if piece.text.strip().isdigit()]
    assert [piece.text.strip() for piece in numbers] == ["2", "3"]
    assert len({(piece.font, piece.size) for piece in first.shown if piece.text.strip(" .")}) == 1


def test_an_entry_is_a_reference_in_a_list_of_contents() -> None:
    structure = Structure(document(1))
    (contents,) = structure.root.of("TOC")
    kinds = []
    piece: Piece | tuple[int, int] = contents
    while isinstance(piece, Piece):
        kinds.append(piece.kind)
        piece = piece.kids[0]
    assert kinds == ["TOC", "TOCI", "Reference", "Link"]


def test_a_long_list_goes_on_over_pages() -> None:
    data = document(60)
    structure = Structure(data)
    assert structure.problems == []
    assert len(list(structure.root.of("TOC"))) == 1
    assert [page.outside() for page in leaves(data) if page.outside()] == []
    first, second = leaves(data)[:2]
    assert first.text.split()[-1].isdigit()
    assert "Part 59" in second.text


def test_a_title_that_would_fill_pages_is_cut_in_the_list() -> None:
    entries = [ContentsEntry(title, "place") for title in ("W" * 5_000, "word " * 2_000, "Short")]
    prose = Prose(
        parse("Here"), Typesetter(), STYLE, frame_height=515.0, element=StructureElement("H1"), place="place"
    )
    data = print_flowables([ContentsFlowable(entries, Typesetter(), STYLE), PageBreak(), prose], (842, 595))
    structure = Structure(data)
    assert structure.problems == []
    assert len(leaves(data)) == 2
    first, second, third = (structure.text(entry).strip() for entry in structure.root.of("TOCI"))
    assert first.startswith("WWW")
    assert second.startswith("word word")
    assert all("…" in said for said in (first, second))
    assert third.startswith("Short")


def test_parts_are_bookmarks_too() -> None:
    with Structure(document(3)).pdf.open_outline() as outline:
        assert [(item.title, [each.title for each in item.children]) for item in outline.root] == [
            ("Part 0 (of/all) é", ["Part 1 (of/all) é"]),
            ("Part 2 (of/all) é", []),
        ]


def test_a_frame_is_higher_than_its_text_by_its_padding() -> None:
    prose = Prose(parse("Words"), Typesetter(), STYLE, frame_height=515.0, element=StructureElement("Div"))
    _, height = prose.wrap(386.0, 500.0)
    assert Framed(prose).wrap(400.0, 514.0) == (400.0, height + 14.0)


def test_bookmarks_of_headings_are_open_at_the_top_and_closed_below() -> None:
    bookmarks = Bookmarks()
    story: list[Flowable] = []
    for at, level in enumerate((0, 1, 2, 0)):
        story += [Anchor(f"place {at}", f"Part {at}", level, bookmarks), Spacer(1, 20)]
    with Structure(print_flowables(story, (842, 595))).pdf.open_outline() as outline:
        first, last = outline.root
        (below,) = first.children
        assert (first.is_closed, below.is_closed, last.is_closed) == (False, True, False)
