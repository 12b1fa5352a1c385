"""Colours and text size: light or dark from the system or as chosen, text from 100 to 200 %.

The room for every colour of the window. Nothing here knows a plan; widgets ask `colours_of` with
their own palette and are told of a change by Qt's ordinary palette and font events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from cypp_desktop.settings import LARGEST_TEXT, SMALLEST_TEXT, ColourScheme, colour_scheme
from cypp_desktop.ui.focus import FocusMark

#: Controls with an edge of their own, by Qt's name of the class.
BORDERED: Final = (
    "QLineEdit", "QTextEdit", "QPlainTextEdit", "QComboBox", "QAbstractSpinBox", "QAbstractItemView",
    "QCheckBox", "QRadioButton", "QPushButton", "QToolButton",
)  # fmt: skip
#: Text sizes that the menu steps through, in percent.
TEXT_STEPS: Final = (100, 110, 125, 150, 175, 200)
#: What a person calls the colour schemes.
SCHEME_WORDS: Final = {
    ColourScheme.SYSTEM: "As the system",
    ColourScheme.LIGHT: "Light",
    ColourScheme.DARK: "Dark",
}


@dataclass(frozen=True)
class Colours:
    """The named colours of one appearance, as "#rrggbb"."""

    dark: bool
    window: str
    base: str
    raised: str
    text: str
    muted: str
    border: str
    accent: str
    on_accent: str
    green: str
    amber: str
    red: str
    info_ground: str
    warning_ground: str
    problem_ground: str


LIGHT: Final = Colours(
    dark=False, window="#f4f5f7", base="#ffffff", raised="#e9ebef", text="#1b1f24", muted="#57606a",
    border="#858d97", accent="#1a5fb4", on_accent="#ffffff", green="#1a7f37", amber="#b26a00",
    red="#c4201d", info_ground="#e3eefb", warning_ground="#fdf1d6", problem_ground="#fde4e1",
)  # fmt: skip
DARK: Final = Colours(
    dark=True, window="#22252a", base="#191b1f", raised="#31353c", text="#e8eaed", muted="#a9b1bb",
    border="#7b838e", accent="#7fb2f0", on_accent="#10151c", green="#5cc777", amber="#e8ab3d",
    red="#ff8078", info_ground="#1f3147", warning_ground="#3f3217", problem_ground="#4a2523",
)  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1, as WCAG 2.1 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours: 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_dark(palette: QPalette) -> bool:
    """Whether a palette shows light text on a dark ground."""
    return (
        palette.color(QPalette.ColorRole.WindowText).lightness()
        > palette.color(QPalette.ColorRole.Window).lightness()
    )


def colours_of(palette: QPalette) -> Colours:
    """The named colours that go with a widget's palette."""
    return DARK if is_dark(palette) else LIGHT


def scaled(widget: QWidget, pixels: int) -> int:
    """A length that grows with the widget's text: `pixels` at a text height of 16 pixels."""
    return max(1, round(pixels * widget.fontMetrics().height() / 16))


def room_for(window: QWidget, width: int, height: int) -> QSize:
    """A size for a dialog that grows with the text and still fits on the screen, frame included."""
    wanted = QSize(scaled(window, width), scaled(window, height))
    return wanted.boundedTo(window.screen().availableSize() * 0.9)


def nearest_step(percent: int, direction: int) -> int:
    """The next larger (direction 1) or smaller (-1) text size, staying within the steps."""
    steps = [step for step in TEXT_STEPS if (step - percent) * direction > 0]
    if not steps:
        return LARGEST_TEXT if direction > 0 else SMALLEST_TEXT
    return steps[0] if direction > 0 else steps[-1]


def palette_for(colours: Colours) -> QPalette:
    """A whole QPalette of the named colours, disabled text included."""
    role = QPalette.ColorRole
    # Light, shadow and what lies between are worked out from these two.
    palette = QPalette(QColor(colours.raised), QColor(colours.window))
    for name, colour in (
        (role.Window, colours.window), (role.WindowText, colours.text), (role.Base, colours.base),
        (role.AlternateBase, colours.window), (role.Text, colours.text), (role.Button, colours.raised),
        (role.ButtonText, colours.text), (role.BrightText, colours.red), (role.ToolTipBase, colours.base),
        (role.ToolTipText, colours.text), (role.PlaceholderText, colours.muted),
        (role.Highlight, colours.accent), (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent), (role.LinkVisited, colours.accent), (role.Accent, colours.accent),
        (role.Mid, colours.border),
    ):  # fmt: skip
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.muted))
    return palette


def bordered(palette: QPalette, colours: Colours) -> QPalette:
    """The palette for controls whose edge must be seen.

    Fusion takes the colour of an edge from the window's, made darker by 1.4, whatever that gives: hardly
    to be seen in the dark. These controls show nothing else in the window's colour, so theirs is chosen by
    the edge that comes of it.
    """
    edged = QPalette(palette)
    edged.setColor(QPalette.ColorRole.Window, QColor(colours.border).lighter(125))
    return edged


class Theme(QObject):
    """Keeps the application's palette and text size as chosen, following the system where asked."""

    def __init__(self, app: QApplication) -> None:
        """Remember the system's own font, so that 100 % is what the person's machine says."""
        super().__init__(app)
        self._app = app
        self._font = QFont(app.font())
        self._scheme = ColourScheme.SYSTEM
        self._percent = SMALLEST_TEXT
        self.mark = FocusMark(app, self)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def scheme(self) -> ColourScheme:
        """Light, dark, or as the system is."""
        return self._scheme

    @property
    def text_percent(self) -> int:
        """The text size, 100 to 200."""
        return self._percent

    def apply(self, scheme: str, text_percent: int) -> None:
        """Show the application in a colour scheme and text size; what is neither is brought into range."""
        self._scheme = colour_scheme(scheme)
        self._percent = min(LARGEST_TEXT, max(SMALLEST_TEXT, text_percent))
        self._paint()
        font = QFont(self._font)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * self._percent / 100)
        else:
            font.setPixelSize(round(font.pixelSize() * self._percent / 100))
        if font != self._app.font():
            self._app.setFont(font)

    def _paint(self) -> None:
        hints = self._app.styleHints()
        if self._scheme is ColourScheme.SYSTEM:
            hints.unsetColorScheme()
        else:
            # Title bars and the system's own dialogs follow this one.
            schemes = Qt.ColorScheme
            hints.setColorScheme(schemes.Dark if self._wants_dark() else schemes.Light)
        if self._app.style().name() != "fusion":
            # Fusion is the one style that follows a palette on every system.
            self._app.setStyle("fusion")
        colours = DARK if self._wants_dark() else LIGHT
        wanted = palette_for(colours)
        if QGuiApplication.palette() != wanted:
            self._app.setPalette(wanted)
            for name in BORDERED:
                # the stub asks for bytes, which the call itself refuses
                self._app.setPalette(bordered(wanted, colours), name)  # type: ignore[arg-type]

    def _wants_dark(self) -> bool:
        if self._scheme is not ColourScheme.SYSTEM:
            return self._scheme is ColourScheme.DARK
        return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _system_changed(self) -> None:
        if self._scheme is ColourScheme.SYSTEM:
            self._paint()
