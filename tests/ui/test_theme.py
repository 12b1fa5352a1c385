"""Colours can be told apart and read, and the text grows as asked."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.ui import icons, theme
from cypp_desktop.ui.theme import DARK, LIGHT, Colours, Theme

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_what_wcag_says(one: str, other: str, expected: float) -> None:
    assert theme.contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert theme.contrast(other, one) == theme.contrast(one, other)


@BOTH
def test_every_text_can_be_read_on_every_ground_it_stands_on(colours: Colours) -> None:
    grounds = (colours.window, colours.base, colours.raised)
    messages = (colours.info_ground, colours.warning_ground, colours.problem_ground)
    for ground in (*grounds, *messages):
        assert theme.contrast(colours.text, ground) >= 7
    for ground in grounds:
        assert theme.contrast(colours.muted, ground) >= 4.5
    assert theme.contrast(colours.on_accent, colours.accent) >= 4.5
    for ground in (colours.window, colours.base):
        assert theme.contrast(colours.accent, ground) >= 4.5


@BOTH
def test_shapes_and_borders_stand_out_from_their_ground(colours: Colours) -> None:
    shapes = (colours.green, colours.amber, colours.red, colours.muted, colours.border, colours.accent)
    for shape, ground in itertools.product(shapes, (colours.window, colours.base)):
        assert theme.contrast(shape, ground) >= 3


@BOTH
def test_a_palette_knows_which_colours_it_was_made_of(colours: Colours) -> None:
    assert theme.colours_of(theme.palette_for(colours)) is colours


def test_a_forced_appearance_reaches_every_widget(qtbot: QtBot, appearance: Theme) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    appearance.apply("dark", 100)
    qtbot.waitUntil(lambda: theme.is_dark(widget.palette()))
    appearance.apply("light", 100)
    qtbot.waitUntil(lambda: not theme.is_dark(widget.palette()))


@pytest.mark.parametrize(("asked", "given"), [(100, 100), (150, 150), (200, 200), (90, 100), (1000, 200)])
def test_text_grows_from_100_to_200_percent(
    qapp: QApplication, appearance: Theme, asked: int, given: int
) -> None:
    usual = qapp.font().pointSizeF()
    appearance.apply("light", asked)
    assert appearance.text_percent == given
    assert qapp.font().pointSizeF() == pytest.approx(usual * given / 100)


def test_lengths_grow_with_the_text(qtbot: QtBot, appearance: Theme) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    small = theme.scaled(widget, 24)
    appearance.apply("light", 200)
    qtbot.waitUntil(lambda: theme.scaled(widget, 24) == pytest.approx(2 * small, rel=0.1))


def test_larger_and_smaller_step_through_the_sizes_and_stop_at_the_ends() -> None:
    assert theme.nearest_step(100, 1) == 110
    assert theme.nearest_step(130, 1) == 150
    assert theme.nearest_step(130, -1) == 125
    assert theme.nearest_step(200, 1) == 200
    assert theme.nearest_step(100, -1) == 100


def shape(name: str) -> frozenset[tuple[int, int]]:
    """Which points of a status are drawn, whatever their colour."""
    image = icons.status(name).pixmap(QSize(32, 32)).toImage()
    spots = itertools.product(range(image.width()), range(image.height()))
    return frozenset((x, y) for x, y in spots if image.pixelColor(x, y).alpha() > 128)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_status_has_a_shape_of_its_own(appearance: Theme, mode: str) -> None:
    appearance.apply(mode, 100)
    shapes = {name: shape(name) for name in icons.STATUS_WORDS}
    for one, other in itertools.combinations(shapes, 2):
        assert len(shapes[one] ^ shapes[other]) > 60, f"{one} looks like {other}"


def test_a_status_takes_its_colour_from_the_theme(appearance: Theme) -> None:
    middle = {}
    for mode, colours in (("light", LIGHT), ("dark", DARK)):
        appearance.apply(mode, 100)
        middle[mode] = icons.status("red").pixmap(QSize(32, 32)).toImage().pixelColor(16, 16)
        assert middle[mode] == QColor(colours.red)


def test_an_unknown_status_is_an_error() -> None:
    with pytest.raises(KeyError):
        icons.status("purple")


def test_signs_are_drawn_in_the_colour_of_text(appearance: Theme) -> None:
    appearance.apply("dark", 100)
    image = icons.icon("save").pixmap(QSize(48, 48)).toImage()
    drawn = {
        image.pixelColor(x, y).name()
        for x, y in itertools.product(range(48), range(48))
        if image.pixelColor(x, y).alpha() == 255
    }
    assert drawn == {DARK.text}


def test_disabled_text_is_muted_and_not_gone() -> None:
    palette = theme.palette_for(LIGHT)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(LIGHT.muted)
