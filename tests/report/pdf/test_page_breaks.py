"""Where the pages of a table end, to the point: lines of ten points, two of white above and below them.

A page has room for 200 points of rows below a header of 20. A row is cut only if it takes more than 0.3 of
them, and at least 44 points (four lines and the white) stand on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.pdf.lines import PrintedLine, PrintedLines, TypeStyle
from cypp_desktop.report.pdf.page_breaks import Cursor, PageBreaks, TablePage
from cypp_desktop.report.pdf.structure import StructureElement
from cypp_desktop.report.pdf.table_columns import TableColumns, TableStyle
from cypp_desktop.report.pdf.typesetter import Typesetter
from tests.report.printing import words

HEADER, PAGE = 20.0, 200.0
WHOLE = HEADER + PAGE


class TenPointColumns(TableColumns):
    """Columns in which a cell has as many lines of ten points as its one word says.

    Those of a word that ends in "k" are kept together: each asks to stay with the next.
    """

    def __init__(self, count: int, page: float = PAGE) -> None:
        style = TableStyle(HEADER + page, TypeStyle(size=8.0, leading=10.0), padding=2.0)
        super().__init__([1.0] * count, [], Typesetter(), style, 100.0 * count)
        self.header_height, self.page = HEADER, page

    def _lines(self, cell: TableCell, element: StructureElement, style: TypeStyle) -> PrintedLines:
        assert isinstance(cell.blocks, tuple)
        word = cell.blocks[0].spans[0].text  # type: ignore[union-attr]
        count, kept = int(word.removesuffix("k")), word.endswith("k")
        return PrintedLines(
            [PrintedLine(10.0, [], keep=kept and number < count) for number in range(1, count + 1)]
        )

    def set_continued(self, cell: TableCell, words: str) -> PrintedLines:
        return PrintedLines([PrintedLine(10.0, [])])


def cell(
    column: int, lines: int | str, rowspan: int = 1, colspan: int = 1, continued: str | None = None
) -> TableCell:
    return TableCell(column, words(str(lines)), rowspan, colspan, continued=continued)


def breaking(rows: Sequence[Sequence[TableCell]], count: int = 1) -> PageBreaks:
    return PageBreaks(rows, TenPointColumns(count))


def parts(page: TablePage) -> list[tuple[int, int, int, float, float]]:
    """Column, first line, end line, top and bottom of each box."""
    return [(box.cell.column, box.start, box.end, box.top, box.bottom) for box in page.boxes]


def first_page(rows: Sequence[Sequence[TableCell]], count: int = 1, room: float = PAGE) -> TablePage:
    return breaking(rows, count).page(Cursor(), HEADER + room)


def test_rows_that_fit_to_the_point_stay_on_the_page() -> None:
    page = first_page([[cell(0, 10)], [cell(0, 8)], [cell(0, 1)]], room=200.0)
    assert parts(page) == [(0, 0, 10, 0.0, 104.0), (0, 0, 8, 104.0, 188.0)]
    assert (page.height, page.rows_done) == (HEADER + 188.0, 2)
    assert page.rest is not None and (page.rest.row, page.rest.begun, page.rest.open) == (2, False, ())
    assert [row.cells[0].cell for row in page.starts] == [box.cell for box in page.boxes]
    short = first_page([[cell(0, 10)], [cell(0, 8)], [cell(0, 1)]], room=201.5)
    assert short.rows_done == 2
    exact = first_page([[cell(0, 10)], [cell(0, 8)], [cell(0, 1)]], room=202.0)
    assert exact.rest is None and exact.rows_done == 3 and exact.height == HEADER + 202.0


def test_a_row_that_does_not_fit_stands_whole_on_the_next_page() -> None:
    rows = [[cell(0, 17), cell(1, 1)], [cell(0, 2), cell(1, 3)]]
    table = breaking(rows, 2)
    first = table.page(Cursor(), WHOLE)
    assert first.rest is not None
    second = table.page(first.rest, WHOLE)
    assert parts(second) == [(0, 0, 2, 0.0, 34.0), (1, 0, 3, 0.0, 34.0)] and second.rest is None


@pytest.mark.parametrize(("lines", "cut"), [(11, False), (12, True)])
@pytest.mark.parametrize(("height", "above"), [(400.0, 32), (380.0, 30)])
def test_a_row_of_up_to_a_third_of_a_page_is_never_cut(
    lines: int, cut: bool, height: float, above: int
) -> None:
    """Six lines of it would stand there, but it moves whole: 114 points, even where that is 0.3 of a page."""
    rows = [[cell(0, above)], [cell(0, lines)]]
    table = PageBreaks(rows, TenPointColumns(1, page=height))
    page = table.page(Cursor(), HEADER + height)
    assert page.rest is not None and page.rest.begun is cut
    assert len(page.boxes) == 1 + cut
    again = table.page(page.rest, HEADER + height)
    assert parts(again) == [(0, 7, 12, 0.0, 54.0) if cut else (0, 0, 11, 0.0, 114.0)] and again.rest is None


@pytest.mark.parametrize(
    ("above", "lines_here"),
    [
        (13, 6),  # 134 of 200: 66 points are left, room for six lines
        (14, None),  # 144 of 200: five lines, and of a long cell six stand together
        (18, None),  # less than four lines would stand on the page
    ],
)
def test_a_long_row_is_cut_where_six_of_its_lines_have_room(above: int, lines_here: int | None) -> None:
    page = first_page([[cell(0, above)], [cell(0, 9)]])
    top = 10.0 * above + 4.0
    cut = [] if lines_here is None else [(0, 0, lines_here, top, top + 10.0 * lines_here + 4.0)]
    assert parts(page) == [(0, 0, above, 0.0, top), *cut]
    assert page.rows_done == 1
    assert page.rest is not None and page.rest.begun is (lines_here is not None)


def test_a_row_is_cut_only_if_all_of_its_cells_have_six_lines_on_the_page_or_end_there() -> None:
    rows = [[cell(0, 12), cell(1, 1)], [cell(0, 9), cell(1, 3)]]
    assert parts(first_page(rows, 2))[2:] == [(0, 0, 7, 124.0, 198.0), (1, 0, 3, 124.0, 198.0)]


def test_the_white_above_and_below_the_lines_of_a_cut_cell_is_within_the_page() -> None:
    rows = [[cell(0, 12)], [cell(0, 9)]]
    assert parts(first_page(rows, room=196.0))[1:] == [(0, 0, 6, 124.0, 188.0)]


@pytest.mark.parametrize(("room", "cut"), [(58.0, True), (57.0, False)])
def test_a_row_is_cut_only_where_four_lines_of_it_have_room(room: float, cut: bool) -> None:
    """The row ends a long cell that began above it; what begins in it is short."""
    rows = [[cell(0, 12, rowspan=2), cell(1, 1)], [cell(1, 3)]]
    page = first_page(rows, 2, room)
    assert page.rest is not None and page.rest.begun is cut


def test_a_high_first_row_begins_on_what_is_left_of_a_page() -> None:
    assert parts(first_page([[cell(0, 45)]], room=100.0)) == [(0, 0, 9, 0.0, 94.0)]


def test_a_short_cell_higher_than_a_page_is_cut() -> None:
    table = PageBreaks([[cell(0, 6)]], TenPointColumns(1, page=50.0))
    first = table.page(Cursor(), HEADER + 50.0)
    assert parts(first) == [(0, 0, 4, 0.0, 44.0)] and first.rest is not None
    assert parts(table.page(first.rest, HEADER + 50.0)) == [(0, 4, 6, 0.0, 24.0)]


def test_lines_kept_together_are_cut_only_where_they_are_higher_than_a_page() -> None:
    table = breaking([[cell(0, "45k")]])
    part = table.page(Cursor(), HEADER + 100.0)
    assert part.boxes == () and part.rest == Cursor()
    first = table.page(Cursor(), WHOLE)
    assert parts(first) == [(0, 0, 19, 0.0, 194.0)] and first.rest is not None
    assert parts(table.page(first.rest, WHOLE)) == [(0, 19, 38, 0.0, 194.0)]


def test_a_row_higher_than_a_page_is_cut_at_the_foot_and_goes_on_at_the_top() -> None:
    rows = [[cell(0, 45, continued="on"), cell(1, 1, continued="on"), cell(2, 1)]]
    table = breaking(rows, 3)
    first = table.page(Cursor(), WHOLE)
    assert parts(first) == [(0, 0, 19, 0.0, 194.0), (1, 0, 1, 0.0, 194.0), (2, 0, 1, 0.0, 194.0)]
    assert first.rest is not None and first.rows_done == 0
    second = table.page(first.rest, WHOLE)
    assert parts(second) == [(0, 19, 38, 0.0, 194.0), (1, 0, 1, 0.0, 194.0), (2, 1, 1, 0.0, 194.0)]
    assert [box.is_repeat for box in second.boxes] == [False, True, False]
    assert second.rest is not None
    third = table.page(second.rest, WHOLE)
    assert parts(third) == [(0, 38, 45, 0.0, 74.0), (1, 0, 1, 0.0, 74.0), (2, 1, 1, 0.0, 74.0)]
    assert third.rest is None and third.rows_done == 1


def test_nothing_comes_on_a_page_that_has_no_room_for_the_first_row() -> None:
    table = breaking([[cell(0, 45)]])
    page = table.page(Cursor(), HEADER + 10.0)
    assert (page.boxes, page.height, page.rest) == ((), 0.0, Cursor())


def test_a_short_cell_over_several_rows_makes_the_last_row_of_the_page_higher() -> None:
    rows = [[cell(0, 6, rowspan=3), cell(1, 1)], [cell(1, 1)], [cell(1, 17)]]
    page = first_page(rows, 2, room=80.0)
    assert parts(page) == [(1, 0, 1, 0.0, 14.0), (1, 0, 1, 14.0, 64.0), (0, 0, 6, 0.0, 64.0)]
    assert page.height == HEADER + 64.0


def test_a_short_cell_over_several_rows_may_end_at_the_foot_to_the_point() -> None:
    rows = [[cell(0, 6, rowspan=3), cell(1, 1)], [cell(1, 1)], [cell(1, 17)]]
    assert parts(first_page(rows, 2, room=64.0))[-1] == (0, 0, 6, 0.0, 64.0)
    assert parts(first_page(rows, 2, room=63.5)) == []


@pytest.mark.parametrize(("page", "torn"), [(PAGE, False), (50.0, True)])
def test_a_short_cell_over_rows_is_torn_only_where_no_page_has_more_room(page: float, torn: bool) -> None:
    rows = [[cell(0, 6, rowspan=2), cell(1, 1)], [cell(1, 2)]]
    begun = PageBreaks(rows, TenPointColumns(2, page=page)).page(Cursor(), HEADER + 50.0)
    assert bool(begun.boxes) is torn


def test_a_long_cell_over_several_rows_is_cut_where_the_rows_end() -> None:
    rows = [[cell(0, 7, rowspan=3), cell(1, 1)], [cell(1, 1)], [cell(1, 17)]]
    page = first_page(rows, 2, room=80.0)
    assert parts(page) == [(1, 0, 1, 0.0, 14.0), (1, 0, 1, 14.0, 28.0), (0, 0, 2, 0.0, 28.0)]


def test_a_short_cell_over_several_rows_goes_to_the_next_page_if_it_would_be_torn() -> None:
    rows = [[cell(0, 12), cell(1, 1)], [cell(0, 6, rowspan=2), cell(1, 1)], [cell(1, 1)]]
    page = first_page(rows, 2, room=150.0)
    assert [box.cell.column for box in page.boxes] == [0, 1] and page.rows_done == 1
    assert len(first_page(rows, 2, room=187.5).boxes) == 2
    assert len(first_page(rows, 2, room=188.0).boxes) == 5


def test_a_cell_reaches_no_further_than_the_last_row() -> None:
    page = first_page([[cell(0, 1, rowspan=9), cell(1, 1)], [cell(1, 1)]], 2)
    assert parts(page) == [(1, 0, 1, 0.0, 14.0), (0, 0, 1, 0.0, 28.0), (1, 0, 1, 14.0, 28.0)]
    assert [[one.last_row for one in row.cells] for row in page.starts] == [[1, 0], [1]]
    assert page.starts[0].cells[0].element.attributes == "/O/Table/RowSpan 2"
    last = first_page([[cell(0, 1)], [cell(0, 1, rowspan=2)], [], [cell(0, 1)]])
    assert last.starts[1].cells[0].element.attributes == "/O/Table/RowSpan 2"


def test_a_cell_of_no_rows_is_taken_as_one_of_one_row() -> None:
    page = first_page([[cell(0, 1, rowspan=0)], [cell(0, 1)]])
    assert len(page.boxes) == 2 and page.starts[0].cells[0].last_row == 0


def test_columns_without_a_cell_are_told_for_each_row() -> None:
    page = first_page([[cell(0, 1, rowspan=2), cell(1, 1)], [cell(3, 1)]], 4)
    assert [row.gaps for row in page.starts] == [(2, 3), (1, 2)]


@pytest.mark.parametrize(
    "row",
    [
        [cell(-1, 1)],
        [cell(-1, 1, colspan=2)],
        [cell(2, 1)],
        [cell(1, 1, colspan=2)],
        [cell(0, 1, colspan=0)],
        [cell(0, 1, colspan=2), cell(1, 1)],
    ],
)
def test_a_cell_outside_the_columns_or_over_another_is_refused(row: list[TableCell]) -> None:
    with pytest.raises(ValueError, match="row 0"):
        first_page([row], 2)


@pytest.mark.parametrize(
    ("row", "needed"),
    [
        ([cell(0, 3), cell(1, 5)], 54.0),
        ([cell(0, 3), cell(1, 7, rowspan=2)], 34.0),  # a long cell over rows may be cut
        ([cell(0, 3), cell(1, 6, rowspan=2)], 88.0),  # a short one stays whole; over 0.3 of the page
        ([cell(0, 6)], 88.0),
        ([cell(0, 7)], 88.0),
        ([], 0.0),
    ],
)
def test_the_start_of_a_table_needs_its_first_row_or_twice_what_stands_of_a_cut_one(
    row: list[TableCell], needed: float
) -> None:
    cursor, height = breaking([row, [cell(0, 1)]] if row else [], 2).start()
    assert height == HEADER + needed
    assert [one.cell for one in cursor.ready] == row


@pytest.mark.parametrize(("lines", "needed"), [(11, 114.0), (12, 88.0)])
def test_a_first_row_of_up_to_a_third_of_a_page_is_needed_whole(lines: int, needed: float) -> None:
    table = PageBreaks([[cell(0, lines)]], TenPointColumns(1, page=380.0))
    assert table.start()[1] == HEADER + needed


def test_the_first_row_is_set_once_though_its_height_was_asked_before() -> None:
    table = breaking([[cell(0, 3)], [cell(0, 2)]])
    cursor, _ = table.start()
    page = table.page(cursor, WHOLE)
    assert page.starts[0].cells[0].lines is cursor.ready[0].lines
    assert parts(page) == [(0, 0, 3, 0.0, 34.0), (0, 0, 2, 34.0, 58.0)]
