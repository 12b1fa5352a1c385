"""The page-wise table: no word lost or out of order, whatever spans and lengths its cells have."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.plan.blocks import Span, Table, parse
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.pdf.table import PageTable
from cypp_desktop.report.pdf.table_columns import TableStyle
from cypp_desktop.report.pdf.typesetter import Typesetter
from tests.report.pdf_structure import Structure
from tests.report.printing import column_texts, print_flowables, print_table, words
from tests.report.reading import leaves

GOES_ON = "goes-on"


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, list[list[TableCell]], list[list[str]]]:
    """Columns, rows with any spans that fit, and the words of each column in order."""
    columns, depth = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    taken: set[tuple[int, int]] = set()
    rows: list[list[TableCell]] = [[] for _ in range(depth)]
    said: list[list[str]] = [[] for _ in range(columns)]
    for row in range(depth):
        for column in range(columns):
            if (row, column) in taken:
                continue
            free = next((c for c in range(column, columns) if (row, c) in taken), columns) - column
            colspan = draw(st.integers(1, free))
            rowspan = draw(st.integers(1, depth - row))
            taken |= {(r, c) for r in range(row, row + rowspan) for c in range(column, column + colspan)}
            count = draw(st.sampled_from([0, 1, 3, 20, 20, 150, 900]))
            text = [f"w{row}.{column}.{number}" for number in range(count)]
            if count and draw(st.booleans()):
                text.append("http://" + "verylongaddress/" * draw(st.integers(1, 40)))
            said[column] += text
            blocks = tuple(
                block for at in range(0, len(text), 30) for block in words(" ".join(text[at : at + 30]))
            )
            rows[row].append(TableCell(column, blocks, rowspan, colspan, draw(st.booleans()), GOES_ON))
    return columns, rows, said


@given(tables(), st.sampled_from([0.0, 200.0, 400.0, 480.0, 514.0]))
def test_every_word_of_every_cell_is_printed_in_order_and_inside_the_page(
    table: tuple[int, list[list[TableCell]], list[list[str]]], above: float
) -> None:
    columns, rows, said = table
    pages = print_table(rows, columns, above=above)
    if not pages[0].shown:  # nothing of it fitted there
        del pages[0]
    for column, shown in enumerate(column_texts(pages, columns)):
        printed = "".join(text for text in shown if text.strip() != GOES_ON).replace(" ", "")
        assert printed == "".join(said[column])
    for page in pages:
        assert page.outside() == []
        assert page.text.split()[:columns] == [f"Heading{column}" for column in range(columns)]


def test_a_spanning_cell_is_cut_at_the_foot_of_the_page_and_goes_on_with_its_text() -> None:
    long = " ".join(f"word{number}" for number in range(3000))
    rows = [
        [
            TableCell(0, words("1a"), rowspan=4, continued="1a (continued)"),
            TableCell(1, words(long), rowspan=3),
        ]
    ]
    rows += [[], [], [TableCell(1, words("after it"))]]
    pages = print_table(rows, 2)
    first, second = column_texts(pages, 2)
    assert len(pages) > 3
    assert "".join(second).split() == [*long.split(), "after", "it"]
    assert first == ["1a ", *["1a (continued) "] * (len(pages) - 1)]


def test_a_cell_says_that_it_goes_on_only_where_it_has_nothing_left_to_print() -> None:
    long = " ".join(f"word{number}" for number in range(1500))
    rows = [
        [
            TableCell(0, words(long), continued="NEVER"),
            TableCell(1, words("short"), continued="here (continued)"),
        ]
    ]
    first, second = column_texts(print_table(rows, 2), 2)
    assert "NEVER" not in "".join(first)
    assert second[0] == "short "
    assert set(second[1:]) == {"here (continued) "}


def test_a_short_row_moves_whole_to_the_next_page() -> None:
    rows = [
        [TableCell(0, words(f"row{number} " + "x " * 60)), TableCell(1, words("b"))] for number in range(40)
    ]
    for page in print_table(rows, 2):
        last_lines = [piece.text for piece in page.shown if piece.x < 100]
        assert last_lines[1].startswith("row")


def test_a_short_title_that_spans_rows_is_not_torn() -> None:
    title = "A title of an outcome that takes four or five lines in its narrow column " * 2
    rows: list[list[TableCell]] = []
    for group in range(12):
        rows.append(
            [TableCell(0, words(f"T{group} {title}"), rowspan=5, continued="on"), TableCell(1, words("a"))]
        )
        rows += [[TableCell(1, words("b"))] for _ in range(4)]
    for page in print_table(rows, 4):
        first = [piece.text.strip() for piece in page.shown if piece.x < 100][1]
        assert first == "on" or first.startswith("T")


def test_a_sub_table_is_cut_between_lines_and_keeps_its_words() -> None:
    header = tuple((Span(f"H{number}"),) for number in range(3))
    body = tuple(
        tuple((Span(f"cell {row} {column} " + "text " * 12),) for column in range(3)) for row in range(60)
    )
    pages = print_table([[TableCell(0, words("x")), TableCell(1, (Table(header, body),))]], 2)
    shown = "".join(column_texts(pages, 2)[1]).split()
    assert len(pages) > 2
    assert len(shown) == 3 + 60 * 3 * 15


def test_a_table_of_more_columns_than_fit_is_set_smaller() -> None:
    setter = Typesetter()
    row = tuple((Span(f"c{number}"),) for number in range(60))
    pages = print_table([[TableCell(0, (Table(row, (row,)),)), TableCell(1)]], 2, setter=setter)
    assert setter.shrunk
    text = "".join(column_texts(pages, 2)[0]).replace(" ", "")
    assert sorted(text) == sorted("".join(f"c{number}" for number in range(60)) * 2)


def test_a_heading_of_several_hundred_words_is_set_smaller_so_that_the_table_still_prints() -> None:
    setter = Typesetter()
    title = " ".join(f"heading{number}" for number in range(900))
    body = " ".join(f"w{number}" for number in range(500))
    pages = print_table(
        [[TableCell(0, words(body)), TableCell(1)]], 2, header=[title, "Other"], setter=setter
    )
    assert setter.shrunk
    for page in pages:
        assert page.outside() == []
        assert "heading899" in page.text
    assert "w499" in pages[-1].text


def test_a_page_hardly_higher_than_a_line_still_comes_to_an_end() -> None:
    setter = Typesetter()
    text = " ".join(f"w{number}" for number in range(40))
    pages = print_table(
        [[TableCell(0, words(text)), TableCell(1, words("b"))]], 2, size=(400, 120), setter=setter
    )
    assert "".join(column_texts(pages, 2)[0]).split() == text.split()


def test_a_table_without_rows_prints_its_heading() -> None:
    (page,) = print_table([], 2)
    assert page.text.split() == ["Heading0", "Heading1"]


def test_cells_that_overlap_are_refused() -> None:
    rows = [[TableCell(0, words("a"), rowspan=2)], [TableCell(0, words("b"))]]
    with pytest.raises(ValueError, match="row 1"):
        print_table(rows, 1)


def test_it_says_how_many_rows_are_printed() -> None:
    heard: list[int] = []
    rows = [[TableCell(0, words(f"row {number}"))] for number in range(100)]
    print_table(rows, 1, drawn=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 100


def test_splitting_sets_each_cell_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linear: however many pages there are, no text is set again for the rest of the table."""
    count = 0

    class Counting(Typesetter):
        def set(self, *args: Any) -> Any:
            nonlocal count
            count += 1
            return super().set(*args)

    rows = [[TableCell(0, words(f"{number} " + "text " * 300))] for number in range(200)]
    pages = print_table(rows, 1, setter=Counting())
    assert len(pages) > 40
    assert count == 200 + 1  # and the heading


def test_the_rest_of_a_split_table_is_the_same_rows_and_not_a_copy() -> None:
    rows = [[TableCell(0, words(f"{number} " + "text " * 300))] for number in range(50)]
    table = PageTable([1.0], [TableCell(0, words("H"))], rows, Typesetter(), TableStyle(500.0))
    table.wrap(700, 500)
    part, rest = table.split(700, 500)
    assert isinstance(rest, PageTable)
    assert rest._rows is rows
    assert part.wrap(700, 500) == (700, 500)


def test_a_link_of_the_web_can_be_clicked_and_a_script_cannot() -> None:
    blocks = parse("[site](https://example.org/a) and [bad](javascript:alert)")
    table = PageTable(
        [1.0], [TableCell(0, words("H"))], [[TableCell(0, blocks)]], Typesetter(), TableStyle(500.0)
    )
    data = print_flowables([table], (842, 595))
    structure = Structure(data)
    (link,) = structure.root.of("Link")
    assert [str(note["/A"]["/URI"]) for note in link.links] == ["https://example.org/a"]
    assert "site and bad" in leaves(data)[0].text
