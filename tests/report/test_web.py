"""The HTML twin: every word in order, nothing fetched, and what a screen reader needs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from cypp_desktop.report.layouts import LAYOUTS
from cypp_desktop.report.layouts.words import literal
from cypp_desktop.report.paper import Chapter, ContentsPart, HeadingPart, PageSetup, Paper, TablePart
from cypp_desktop.report.web import html_of
from cypp_desktop.store.queries import the_plan
from tests.report.plans import NAMES, everything, published
from tests.report.printing import PrintedPlan
from tests.report.said import paper_words

_VOID = {"meta", "link", "br", "col", "hr", "img", "input"}


class Page(HTMLParser):
    """A page as a list of its starts of elements and its texts, checked to be well nested."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.within: list[tuple[str, ...]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.within.append(tuple(self.open))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "main" in self.open and "nav" not in self.open and not {"caption", "svg"} & set(self.open):
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(printed: PrintedPlan, layout: str) -> Page:
    page = Page(printed.written(layout, "html").decode("utf-8"))
    assert page.open == []
    return page


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_word_is_there_in_order(tmp_path: Path, layout: str) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    assert bare("".join(page_of(printed, layout).texts)) == bare(paper_words(printed.paper(layout)))


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_published_plan_is_there_in_order(tmp_path: Path, name: str) -> None:
    printed = PrintedPlan(published(name), tmp_path)
    for layout in LAYOUTS:
        assert bare("".join(page_of(printed, layout).texts)) == bare(paper_words(printed.paper(layout)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_screen_reader_finds_its_way(tmp_path: Path, layout: str) -> None:
    page = page_of(PrintedPlan(everything(), tmp_path), layout)
    (html,) = page.all("html")
    assert html["lang"] == "en-GB"
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        if (link["href"] or "").startswith("#"):
            assert (link["href"] or "")[1:] in ids
    assert page.all("a")[0]["href"] == "#content"
    assert all("scope" in heading for heading in page.all("th"))
    for tag, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes), tag
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_table_has_a_caption_and_its_rows_are_whole(tmp_path: Path, layout: str) -> None:
    source = PrintedPlan(everything(), tmp_path).written(layout, "html").decode("utf-8")
    for table in re.findall(r'<div class="scroll".*?\n</div>', source, re.DOTALL):
        assert re.search(r"<table><caption id=[^>]+><span[^>]*>[^<]+</span></caption>", table)
        columns = len(re.findall(r"<col ", table))
        for body in re.findall(r"<tbody>\n(.*?)</tbody>\n", table, re.DOTALL):
            rows = re.findall(r"<tr>(.*?)</tr>\n", body, re.DOTALL)
            assert sum(_places(row) for row in rows) == columns * len(rows)


def test_tables_of_one_name_are_told_apart_by_ear() -> None:
    grids = tuple(
        TablePart(caption=name, heads=(), shares=(1.0,), rows=(), size=10.0)
        for name in ("Town Council", "TOWN  council", "Trust")
    )
    source = html_of(Paper("Plan", (Chapter(PageSetup(), grids),)))
    assert re.findall(r'class="heard">([^<]+)<', source) == ["Town Council", "TOWN  council (2)", "Trust"]


@pytest.mark.parametrize(("size", "on_screen"), [(18.0, "1.8"), (10.0, "1"), (9.5, "0.95"), (8.0, "0.875")])
def test_words_of_tables_are_as_large_on_a_screen_as_on_paper_and_never_tiny(
    size: float, on_screen: str
) -> None:
    source = html_of(Paper("Plan", (Chapter(PageSetup(size=size), ()),)))
    assert re.findall(r"\S+ table { font-size: ([\d.]+)rem; }", source) == [on_screen]
    assert re.findall(r"\S+ table { font-size: ([\d.]+)pt; }", source) == [f"{size:g}"]


def test_headings_below_others_are_links_in_a_list_of_their_own() -> None:
    headings = [
        HeadingPart(level, literal(words), anchor=words.lower())
        for words, level in (("One", 2), ("Two", 3), ("Three", 3), ("Four", 2), ("Deep", 4))
    ]
    source = html_of(Paper("Plan", (Chapter(PageSetup(), (ContentsPart(), *headings)),)))
    listed = re.search(r"<nav.*?</nav>", source, re.DOTALL)
    found = re.findall(r"</?ol>|</?li>|(?<=>)\w+(?=</a>)", listed[0] if listed else "")
    below = "<ol> <li> Two </li> <li> Three </li> </ol>"
    assert " ".join(found) == f"<ol> <li> One {below} </li> <li> Four </li> </ol>"


def _places(row: str) -> int:
    outer = re.sub(r"<table>.*?</table>", "", row, flags=re.DOTALL)
    spans = re.findall(r"<t[dh](?: scope=\"\w+\")?((?: rowspan=\"\d+\")?(?: colspan=\"\d+\")?)>", outer)
    return sum(
        int((re.search(r'rowspan="(\d+)"', said) or [0, "1"])[1])
        * int((re.search(r'colspan="(\d+)"', said) or [0, "1"])[1])
        for said in spans
    )


def test_nothing_is_fetched_and_nothing_runs(tmp_path: Path) -> None:
    page = page_of(PrintedPlan(everything(), tmp_path), "update")
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.elements}
    source = PrintedPlan(everything(), tmp_path / "again").written("update", "html").decode("utf-8")
    assert "url(" not in source
    assert "@import" not in source


def test_words_of_the_plan_cannot_become_markup(tmp_path: Path) -> None:
    content = everything()
    content["title"] = '</style><script>alert("1")</script>'
    content["document_label"] = 'x"; } body { display: none } \\'
    content["priorities"][0]["outcomes"][0]["updates"][0]["text"] = "[go](javascript:alert(1)) <b>bold</b>"
    printed = PrintedPlan(content, tmp_path)
    page = page_of(printed, "update")
    assert "script" not in {tag for tag, _ in page.elements}
    assert "b" not in {tag for tag, _ in page.elements}
    assert all(not (link["href"] or "").lower().startswith("javascript") for link in page.all("a"))
    style = printed.written("update", "html").partition(b"</style>")[0]
    assert b"counter(page)" in style
    assert b"body { display" not in style


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    source = PrintedPlan({"title": "Plan\x07 A", "introduction": "One \uf0b7 two"}, tmp_path).written(
        "update", "html"
    )
    assert b"\x07" not in source
    assert "One • two" in source.decode("utf-8")


def test_a_protective_marking_stands_at_both_ends_and_on_every_printed_page(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    with printed.editor.step("Mark"):
        the_plan(printed.editor.session).protective_marking = "OFFICIAL"
    source = printed.written("update", "html").decode("utf-8")
    assert source.count('<p class="marking">OFFICIAL</p>') == 2
    assert '@top-center { content: "OFFICIAL"' in source


def test_contrast_is_enough_everywhere(tmp_path: Path) -> None:
    """WCAG 2.2, 1.4.3: text against what it stands on, 4.5 to 1."""
    from cypp_desktop.report.web import _STYLE

    papers = ("#ffffff", "#e6edf5")
    inks = re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", _STYLE)
    assert len(inks) >= 6
    assert min(_contrast(ink, paper) for ink in inks for paper in papers) >= 4.5


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    assert printed.written("scorecard", "html") == printed.written("scorecard", "html")
