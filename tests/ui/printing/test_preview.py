"""The pages on the screen: where they stand, one or two side by side, and what one can do with them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.ui.printing.page_positions import PagePositions, Zoom
from cypp_desktop.ui.printing.preview import PagePreview

A4, ACROSS = (595.0, 842.0), (842.0, 595.0)
GAP = 8.0


def positions(sizes: list[tuple[float, float]], columns: int = 1, zoom: Zoom = Zoom.WIDTH) -> PagePositions:
    return PagePositions(sizes, columns, zoom, (1000.0, 700.0), 96 / 72, GAP)


# ------------------------------------------------------------------ where pages stand


def test_pages_stand_in_pairs_as_wide_as_the_room() -> None:
    first, second, third = positions([A4] * 3, 2).places
    assert first.y == second.y < third.y
    assert first.x == pytest.approx(GAP)
    assert second.x == pytest.approx(first.x + first.width + GAP)
    assert second.x + second.width == pytest.approx(1000 - GAP)
    assert third.width == pytest.approx(first.width)


def test_whole_pages_fit_the_room() -> None:
    for columns in (1, 2):
        for place in positions([A4, ACROSS, A4], columns, Zoom.PAGE).places:
            assert place.height <= 700 - 2 * GAP + 0.001


def test_one_page_alone_has_the_room_of_a_pair() -> None:
    assert positions([A4], 2).places == positions([A4], 1).places


@settings(max_examples=60)
@given(
    sizes=st.lists(st.sampled_from((A4, ACROSS, (1191.0, 842.0))), max_size=12),
    columns=st.sampled_from((1, 2)),
    zoom=st.sampled_from((Zoom.WIDTH, Zoom.PAGE, Zoom.PERCENT_25, Zoom.PERCENT_400)),
)
def test_no_two_pages_overlap_and_all_are_inside(
    sizes: list[tuple[float, float]], columns: int, zoom: Zoom
) -> None:
    found = positions(sizes, columns, zoom)
    assert len(found.places) == len(sizes)
    for at, place in enumerate(found.places):
        assert place.x >= GAP - 0.001 and place.y >= GAP
        assert place.x + place.width <= max(found.width, 1000) + 0.001
        assert place.y + place.height <= found.height
        for other in found.places[:at]:
            assert other.y + other.height < place.y or other.x + other.width < place.x
        assert at in found.between(place.y + 1, place.y + 2)
        assert found.first_of(found.row_of(at)) in (at, at - 1)


# ------------------------------------------------------------------ on the screen


def paper(*sizes: tuple[float, float], red: bool = False) -> bytes:
    """A PDF of blank pages, or red ones, with a link from the first page to the last."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        for size in sizes:
            page = pdf.add_blank_page(page_size=size)
            page.Contents = pdf.make_stream(b"1 0 0 rg 0 0 2000 2000 re f" if red else b"")
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[100, 700, 200, 720],
            Dest=[pdf.pages[-1].obj, pikepdf.Name.XYZ, 0, 842, 0],
        )  # fmt: skip
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(link)])
        pdf.save(out)
    return out.getvalue()


@pytest.fixture
def preview(qtbot: QtBot) -> Iterator[PagePreview]:
    window = QWidget()
    qtbot.addWidget(window)
    found = PagePreview(window)
    window.resize(800, 600)
    found.resize(800, 600)
    window.show()
    yield found


def middle_of(preview: PagePreview, page: int) -> QPoint:
    """The middle of a page, from 0, in the view."""
    bars = QPoint(preview.horizontalScrollBar().value(), preview.verticalScrollBar().value())
    return preview._sheet(page).center() - bars


def colour_at(preview: PagePreview, spot: QPoint) -> QColor:
    return preview.viewport().grab().toImage().pixelColor(spot)


def test_two_pages_are_seen_side_by_side_and_turned_in_pairs(preview: PagePreview, qtbot: QtBot) -> None:
    preview.show_pages(paper(*[A4] * 5))
    preview.show_columns(2)
    preview.zoom_to(Zoom.PAGE)
    assert middle_of(preview, 0).y() == middle_of(preview, 1).y()
    view = preview.viewport().rect()
    assert view.contains(middle_of(preview, 0)) and view.contains(middle_of(preview, 1))
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    assert preview.page == 3
    assert view.contains(middle_of(preview, 2)) and view.contains(middle_of(preview, 3))
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    assert preview.page == 5
    qtbot.keyClick(preview, Qt.Key.Key_PageUp)
    qtbot.keyClick(preview, Qt.Key.Key_PageUp)
    assert preview.page == 1


def test_the_page_in_view_stays_so_when_pages_are_paired_or_zoomed(preview: PagePreview) -> None:
    preview.show_pages(paper(*[A4] * 9))
    preview.zoom_to(Zoom.PERCENT_100)
    preview.go_to_page(7)
    for change in (
        lambda: preview.show_columns(2),
        lambda: preview.zoom_to(Zoom.PERCENT_50),
        preview.repaint,
    ):
        change()
        assert preview.page == 7
        assert (
            preview.viewport()
            .rect()
            .intersects(preview._sheet(6).translated(0, -preview.verticalScrollBar().value()))
        )
    preview.show_columns(1)
    assert preview.page == 7


def test_a_page_stays_in_view_until_the_new_one_is_drawn(preview: PagePreview, qtbot: QtBot) -> None:
    preview.show_pages(paper(A4, A4, red=True))
    spot = QPoint(400, 300)
    qtbot.waitUntil(lambda: colour_at(preview, spot).name() == "#ff0000")
    preview.show_pages(paper(A4, A4))
    assert colour_at(preview, spot).name() == "#ff0000"
    qtbot.waitUntil(lambda: colour_at(preview, spot).name() == "#ffffff")
    preview.show_pages(None)
    assert preview.count == 0
    assert colour_at(preview, spot).name() != "#ffffff"


def test_a_page_of_another_size_is_white_until_it_is_drawn(preview: PagePreview, qtbot: QtBot) -> None:
    preview.show_pages(paper(A4, red=True))
    qtbot.waitUntil(lambda: colour_at(preview, QPoint(400, 300)).name() == "#ff0000")
    preview.show_pages(paper(ACROSS))
    assert colour_at(preview, QPoint(400, 300)).name() == "#ffffff"


def test_a_click_on_a_link_leads_to_its_page(preview: PagePreview, qtbot: QtBot) -> None:
    preview.show_pages(paper(*[A4] * 4))
    preview.zoom_to(Zoom.PAGE)
    place = preview._positions.places[0]
    spot = QPointF(place.x + 150 * place.scale, place.y + (842 - 710) * place.scale).toPoint()
    qtbot.mouseMove(preview.viewport(), spot)
    assert preview.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseClick(preview.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert preview.page == 1
    qtbot.mouseClick(preview.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert preview.page == 4


def test_only_pages_near_the_view_are_kept_drawn(preview: PagePreview, qtbot: QtBot) -> None:
    preview.show_pages(paper(*[A4] * 40))
    preview.zoom_to(Zoom.PAGE)
    for page in (10, 20, 30, 40):
        preview.go_to_page(page)
        qtbot.waitUntil(lambda: preview._page in preview._images)  # the last drawn is the one in view
    qtbot.waitUntil(lambda: preview._asked is None)
    assert len(preview._images) <= 4


def test_a_very_large_page_is_drawn_with_no_more_dots_than_can_be_held(preview: PagePreview) -> None:
    preview.show_pages(paper((3370.0, 2384.0)))
    preview.zoom_to(Zoom.PERCENT_400)
    size: Any = preview._size(0)
    assert size.width() * size.height() <= 16_100_000
    assert size.width() / size.height() == pytest.approx(3370 / 2384, rel=0.01)
