"""A chart as an SVG picture that stands alone: no script, no link, no font from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from markupsafe import escape

from dashboards.chart import Box, Chart, Group, Line, length
from dashboards.icons import SIDE, drawn
from dashboards.layers import Point
from dashboards.layout import HEIGHT
from dashboards.legend import LEGEND, Entry, Look
from dashboards.marks import Marks
from dashboards.shapes import RADIUS, ROUND, polygon
from dashboards.texts import _
from dashboards.wording import plain_line
from lean_project.verdict import DONE

MARGIN = 30.0
KEY_HEIGHT, KEY_WIDTH = 44.0, 130.0
ICON = 12.0  # the side of an icon
_FADED = ' opacity="0.16"'
_ABSENT = Look("none", "#9a9fa8", "#c8c4b8", "#c8c4b8")
# Attributes, not a style sheet: a page's policy may forbid styles, and a picture must look the same anywhere.
_WORDS = 'font-family="system-ui, sans-serif" font-size="11" text-anchor="middle"'
_TITLE = 'font-family="Georgia, serif" font-size="22" font-weight="600" text-anchor="start" fill="#1b2431"'
_FRAME = 'fill="#ffffff" fill-opacity="0.55" stroke="#d9d4c6"'
_EDGE = 'stroke="#a9b1bd" stroke-width="1.2"'
_CRITICAL = 'stroke="#b04a00" stroke-width="3"'
_DASHED, _IMPLIED = ' stroke-dasharray="5 4"', ' stroke-opacity="0.5"'
_RING = 'fill="none" stroke="#b04a00" stroke-width="3"'


def svg(chart: Chart, marks: Marks, title: str) -> str:
    """The chart with its legend below."""
    width = max(chart.width + 2 * MARGIN, min(len(LEGEND), 4) * KEY_WIDTH + 2 * MARGIN)
    columns = max(int((width - 2 * MARGIN) // KEY_WIDTH), 1)
    height = chart.height + 3 * MARGIN + -(-(len(LEGEND) + 1) // columns) * KEY_HEIGHT
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img">',
            f"<title>{_text(title)}</title>",
            '<rect width="100%" height="100%" fill="#fbfaf6"/>',
            *(_head(id, fill) for id, fill in (("a", "#8b95a3"), ("c", "#b04a00"))),
            f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})" {_WORDS}>',
            *(_group(group, marks) for group in chart.groups),
            *_lines(chart, marks),
            *(_box(at, box, marks) for at, box in enumerate(chart.boxes)),
            *_key(columns, chart.height + MARGIN),
            "</g></svg>",
        )
    )


def _text(words: str) -> str:
    return str(escape(plain_line(words)))


def _head(id: str, fill: str) -> str:
    """An arrow's, of one size however thick its line is."""
    return (
        f'<marker id="{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="{fill}"/></marker>'
    )


def _group(group: Group, marks: Marks) -> str:
    looks = [look for at in group.members if (look := marks.looks[at])]
    done = f"{sum(look.status in DONE for look in looks)} of {len(looks)} verified"
    return (
        f'<rect {_FRAME} x="{group.x:.0f}" y="{group.y:.0f}" width="{group.width:.0f}" '
        f'height="{group.height:.0f}" rx="12"/>'
        f'<text {_TITLE} x="{group.x + 24:.0f}" y="{group.y + 36:.0f}">{_text(group.title)} · {done}</text>'
    )


def _lines(chart: Chart, marks: Marks) -> Iterator[str]:
    steps = set(pairwise(marks.path))
    for line in chart.lines:
        used, user = chart.boxes[line.used], chart.boxes[line.user]
        pen, head = (_CRITICAL, "c") if (line.used, line.user) in steps else (_EDGE, "a")
        pen += _DASHED * ("statement" not in line.parts) + _IMPLIED * line.implied
        faded = "" if marks.hidden.isdisjoint((line.used, line.user)) else _FADED
        way = way_of(line, used, user)
        yield f'<path fill="none" {pen} d="{way}" marker-end="url(#{head})"{faded}/>'


def way_of(line: Line, used: Box, user: Box) -> str:
    """The path of an edge: it leaves below what is used and comes from above, or the other way around."""
    (x, y), (end_x, end_y) = used.centre, user.centre
    side = HEIGHT / 2 if end_y >= y else -HEIGHT / 2
    points: list[Point] = [(x, y + side), *line.bends, (end_x, end_y - side)]
    curves = (
        f"C{a:.0f} {(b + d) / 2:.0f} {c:.0f} {(b + d) / 2:.0f} {c:.0f} {d:.0f}"
        for (a, b), (c, d) in pairwise(points)
    )
    return f"M{x:.0f} {y + side:.0f}{''.join(curves)}"


def _box(at: int, box: Box, marks: Marks) -> str:
    (x, y), entry = box.centre, marks.looks[at]
    look = entry.light if entry else _ABSENT
    word = _(entry.word) if entry else _("not in the blueprint then")
    return (
        f"<g{_FADED if at in marks.hidden else ''}><title>{_text(f'{box.caption}: {word}')}</title>"
        f"{_ring(box) if at in marks.ready else ''}{_outline(box, entry)}"
        f"{_named(entry, box.first, x, y - 4, look)}"
        f'<text x="{x:.0f}" y="{y + 11:.0f}" fill="{look.ink}">{_text(box.second)}</text></g>'
    )


def _named(entry: Entry | None, words: str, x: float, y: float, look: Look) -> str:
    """Words on their line, in the middle together with the icon before them."""
    if entry is None:
        return f'<text x="{x:.0f}" y="{y:.0f}" fill="{look.ink}">{_text(words)}</text>'
    left = x - length(words) / 2 - ICON / 2 - 1
    return (
        f'<g transform="translate({left:.1f} {y - ICON + 1.5:.1f}) scale({ICON / SIDE})">'
        f"{drawn(entry.key, look.ink, look.fill)}</g>"
        f'<text x="{x + ICON / 2 + 1:.0f}" y="{y:.0f}" fill="{look.ink}">{_text(words)}</text>'
    )


def _ring(box: Box) -> str:
    return _drawn(ROUND, box.centre, box.width + 10, HEIGHT + 10, _RING)


def _outline(box: Box, entry: Entry | None) -> str:
    look = entry.light if entry else _ABSENT
    shape, border = (entry.shape, entry.border) if entry else (ROUND, "dashed")
    dashes = ' stroke-dasharray="4 3"' if border == "dashed" else ""
    paint = f'fill="{look.fill}" stroke="{look.line}" stroke-width="1.5"{dashes}'
    inner = _drawn(shape, box.centre, box.width - 7, HEIGHT - 7, f'fill="none" stroke="{look.line}"')
    return _drawn(shape, box.centre, box.width, HEIGHT, paint) + inner * (border == "double")


def _drawn(shape: str, centre: Point, width: float, height: float, paint: str) -> str:
    x, y = centre
    if shape == ROUND:
        place = f'x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.1f}" height="{height:.1f}"'
        return f'<rect {place} rx="{RADIUS:.0f}" {paint}/>'
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in polygon(shape, x, y, width, height))
    return f'<polygon points="{points}" {paint}/>'


def _key(columns: int, top: float) -> Iterator[str]:
    """The legend, in the outlines and colours of the nodes."""
    for at, entry in enumerate(LEGEND):
        x = (at % columns) * KEY_WIDTH + KEY_WIDTH / 2
        y = top + (at // columns) * KEY_HEIGHT + KEY_HEIGHT / 2
        paint = f'fill="{entry.light.fill}" stroke="{entry.light.line}"'
        yield _drawn(entry.shape, (x, y), KEY_WIDTH - 14, 30, paint)
        yield _named(entry, _(entry.word), x, y + 4, entry.light)
