"""The outlines by which a status is told without its colour: one table for all that draws them.

A corner is (side, level, slant): at the left (-1) or right (1) end of a box, so high in it (-1 is the top, 1
the bottom), and drawn in by `slant` heights, so that wide boxes are slanted like narrow ones.
"""

from __future__ import annotations

from collections.abc import Mapping

Corner = tuple[int, float, float]

ROUND = "round-rectangle"
RADIUS = 9.0  # of its corners

_RECTANGLE: tuple[Corner, ...] = ((-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0))

OUTLINES: Mapping[str, tuple[Corner, ...]] = {
    ROUND: _RECTANGLE,
    "rectangle": _RECTANGLE,
    "cut-rectangle": (
        (-1, -0.55, 0), (-1, -1, 0.22), (1, -1, 0.22), (1, -0.55, 0),
        (1, 0.55, 0), (1, 1, 0.22), (-1, 1, 0.22), (-1, 0.55, 0),
    ),
    "hexagon": ((-1, 0, 0), (-1, -1, 0.32), (1, -1, 0.32), (1, 0, 0), (1, 1, 0.32), (-1, 1, 0.32)),
    "octagon": (
        (-1, -0.35, 0), (-1, -1, 0.36), (1, -1, 0.36), (1, -0.35, 0),
        (1, 0.35, 0), (1, 1, 0.36), (-1, 1, 0.36), (-1, 0.35, 0),
    ),
    "rhomboid": ((-1, -1, 0.34), (1, -1, 0), (1, 1, 0.34), (-1, 1, 0)),
    "pentagon": ((-1, -1, 0), (1, -1, 0), (1, 0.3, 0), (1, 1, 0.5), (-1, 1, 0.5), (-1, 0.3, 0)),
}  # fmt: skip


def polygon(shape: str, x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    """The corners of a box with its middle at (x, y)."""
    return [
        (x + side * (width / 2 - slant * height), y + level * height / 2)
        for side, level, slant in OUTLINES[shape]
    ]


def sample(shape: str) -> str:
    """The outline as points of SVG, small enough to stand beside a word."""
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in polygon(shape, 0, 0, 24, 14))
