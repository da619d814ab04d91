"""The small drawings that stand for statuses: the same on pages, on the graph's canvas and in its pictures.

Drawn, not written: fonts lack the characters, or make them unlike each other.
"""

from __future__ import annotations

from collections.abc import Mapping

SIDE = 16  # of the square in which they are drawn

# How a stroke is made: an area, a line, a line of dots, or a line in the colour of what is behind.
FILL, LINE, DOTS, CUT = "fill", "line", "dots", "cut"
Stroke = tuple[str, str]

_DISC = "M1 8a7 7 0 1 1 14 0a7 7 0 1 1-14 0z"
_RING = "M1.8 8a6.2 6.2 0 1 1 12.4 0a6.2 6.2 0 1 1-12.4 0z"

# By the key of a status: strokes as paths of SVG, which canvases read too.
ICONS: Mapping[str, tuple[Stroke, ...]] = {
    "verified": ((FILL, _DISC), (CUT, "M4.8 8.2l2.2 2.2 4.2-4.6")),
    "in-library": ((FILL, "M2 2.5h3.2v11H2zM6.4 2.5h3.2v11H6.4zM11 3l2.6-.7 2.3 10.6-2.6.6z"),),
    "proved": ((LINE, _RING), (FILL, "M8 8V3.6A4.4 4.4 0 1 1 3.6 8z")),
    "stated": ((LINE, _RING), (FILL, "M8 3.6a4.4 4.4 0 0 1 0 8.8z")),
    "sorry": ((LINE, "M8 1.6L15 14H1z"), (LINE, "M8 6v4M8 11.6v.6")),
    "refused": ((FILL, "M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z"), (CUT, "M5.6 5.6l4.8 4.8m0-4.8l-4.8 4.8")),
    "drifted": ((FILL, "M8 1.2l6.8 5-2.6 8H3.8l-2.6-8z"), (CUT, "M5 6.7h6M5 9.9h6M9.9 4.6l-3.8 7.4")),
    "absent": ((DOTS, _RING),),
}

_PENS = {
    FILL: 'fill="{ink}"',
    LINE: 'fill="none" stroke="{ink}" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"',
    DOTS: 'fill="none" stroke="{ink}" stroke-width="1.6" stroke-dasharray="2.6 2.27"',
    CUT: 'fill="none" stroke="{behind}" stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round"',
}


def drawn(key: str, ink: str, behind: str) -> str:
    """The icon as paths of SVG, in the square from (0, 0) to (16, 16). No stranger chooses the colours."""
    return "".join(
        f'<path {_PENS[kind].format(ink=ink, behind=behind)} d="{path}"/>' for kind, path in ICONS[key]
    )
