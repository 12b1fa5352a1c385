"""A drawing as plain shapes: what PDF and HTML both draw, and what it says in words.

Charts are made of it. Knows neither plans nor outputs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle from its upper left corner ``x``, ``y``; ``fill`` and ``edge`` are colours as in HTML."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words on one line around the middle ``x``, with their base line at ``y``; ``ink`` as in HTML."""

    x: float
    y: float
    words: str
    size: float
    ink: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Shapes, the first at the back. Measures are points rightwards and down from the upper left corner.

    ``alt`` says in words all that the shapes say: it is what is read aloud, and what Word has instead.
    """

    alt: str
    width: float
    height: float
    shapes: tuple[Rectangle | Label, ...]
