"""The plots, as Vega-Lite has them: data only. Rows hold moments as readers' clocks show them.

Colours are names of `PALETTE`; who draws says what they are. Nothing is told by colour alone: lines differ by
dashes and shapes, and say at their ends what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboards.texts import _

Spec = dict[str, Any]
Row = Mapping[str, Any]

# Name -> what it is on a page, where the style sheet knows it by day and by night, and on paper.
PALETTE: Mapping[str, tuple[str, str]] = {
    "paper": ("var(--paper)", "#ffffff"),
    "ink": ("var(--ink)", "#1b2431"),
    "soft": ("var(--soft)", "#5c6675"),
    "hair": ("var(--hair)", "#dedacf"),
    "good": ("var(--good)", "#00694d"),
    "bad": ("var(--bad)", "#a83a00"),
    "accent": ("var(--accent)", "#1c4f8f"),
}
WIDE, SLIM = 640, 310
_HEIGHT = 220
_FONT = "system-ui, sans-serif"
# How many labels have room below.
_LABELS = {WIDE: 7, SLIM: 4}
_FORMATS = {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y"}
_SHAPE = {"type": "point", "filled": True, "size": 70, "opacity": 1}


@dataclass(frozen=True, slots=True)
class Frame:
    """From when to when a plot goes, as the reader's clock shows it, and whether by day, week or month."""

    start: datetime
    end: datetime
    step: str


def burn_up(rows: Sequence[Row], frame: Frame, width: int) -> Spec:
    """Rows: at, nodes, verified. Two stairs: what there is, and what of it is verified."""
    stairs = {"interpolate": "step-after"}
    last = rows[-1]
    # Where the two lines end close to each other, their words go to either side.
    close = last["nodes"] - last["verified"] < 0.18 * max(1, *(row["nodes"] for row in rows))
    layers = [
        {"mark": {"type": "area", "color": "good", "opacity": 0.14, **stairs}, **_y("verified")},
        {"mark": {"type": "line", "color": "soft", "strokeDash": [6, 4], **stairs}, **_y("nodes")},
        {"mark": {"type": "line", "color": "good", "strokeWidth": 2.5, **stairs}, **_y("verified")},
        _end("nodes", _("In scope"), "soft", -9, last),
        _end("verified", _("Verified"), "good", 16 if close else -10, last),
    ]
    return _plot(rows, layers, frame, width)


def throughput(rows: Sequence[Row], frame: Frame, width: int) -> Spec:
    """Rows: at, left, right, verified, undone. Bars up for what was verified, dashed ones down."""
    down = {"type": "rect", "fill": None, "stroke": "bad", "strokeDash": [3, 2]}
    fallen = [{"calculate": "-datum.undone", "as": "fallen"}, {"filter": "datum.undone > 0"}]
    layers: list[Spec] = [
        {"mark": {"type": "rect", "color": "good"}, **_bar("verified")},
        {"mark": down, "transform": fallen, **_bar("fallen")},
    ]
    return _plot(rows, layers, frame, width)


def lead_time(rows: Sequence[Row], frame: Frame, width: int) -> Spec:
    """Rows: at, lower, median, upper, in days. A diamond for the median on a line between the quartiles."""
    middle = _y("median")
    span = {"encoding": {**_y("lower")["encoding"], "y2": {"field": "upper"}}}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": "accent", "strokeWidth": 5, "opacity": 0.35}, **span},
        {"mark": {"type": "line", "color": "accent", "strokeDash": [2, 3]}, **middle},
        {"mark": {**_SHAPE, "shape": "diamond", "color": "accent"}, **middle},
    ]
    return _plot(rows, layers, frame, width)


def turnout(rows: Sequence[Row], frame: Frame, width: int) -> Spec:
    """Rows: at, left, right, total, and newcomers and returning where that may be told: bars, and marks."""
    layers: list[Spec] = [{"mark": {"type": "rect", "color": "hair"}, **_bar("total")}]
    for group, shape, colour in (("newcomers", "triangle-up", "bad"), ("returning", "circle", "accent")):
        known = [{"filter": f"datum.{group} > 0"}]
        layers.append({"mark": {**_SHAPE, "shape": shape, "color": colour}, "transform": known, **_y(group)})
    return _plot(rows, layers, frame, width)


def _plot(rows: Sequence[Row], layers: Sequence[Spec], frame: Frame, width: int) -> Spec:
    label = {"labelFont": _FONT, "labelFontSize": 12, "labelColor": "soft"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width - 60,
        "height": _HEIGHT,
        "background": None,
        "padding": {"left": 4, "right": 4, "top": 14, "bottom": 4},
        "data": _data(rows),
        "layer": [_on_time(layer, frame, width) for layer in layers],
        "config": {
            "aria": False,
            "view": {"stroke": None},
            "axis": {**label, "domain": False, "tickColor": "hair", "gridColor": "hair"},
            "text": {"font": _FONT, "fontSize": 12, "fontWeight": 600},
        },
    }


def _data(rows: Sequence[Row]) -> Spec:
    moments = {name: "utc:'%Y-%m-%dT%H:%M'" for name in ("at", "left", "right") if rows and name in rows[0]}
    return {"values": list(rows), "format": {"parse": moments}}


def _on_time(layer: Spec, frame: Frame, width: int) -> Spec:
    most = min(_LABELS[width], max(1, (frame.end - frame.start).days))
    below = {"title": None, "format": _FORMATS[frame.step], "tickCount": most, "grid": False}
    scale = {"type": "utc", "domain": [_moment(frame.start), _moment(frame.end)]}
    axis = {**below, "labelOverlap": True, "labelSeparation": 14, "labelFlush": True}
    x = {
        "field": "left" if "x2" in layer["encoding"] else "at",
        "type": "temporal",
        "scale": scale,
        "axis": axis,
    }
    return {**layer, "encoding": {"x": x, **layer["encoding"]}}


def _moment(at: datetime) -> Spec:
    own = {"year": at.year, "month": at.month, "date": at.day, "hours": at.hour, "minutes": at.minute}
    return {**own, "utc": True}


def _y(field: str) -> Spec:
    """No label stands between whole numbers, and none is negative: what came undone goes down."""
    axis = {"title": None, "tickCount": 4, "tickMinStep": 1, "labelExpr": "abs(datum.value)"}
    return {"encoding": {"y": {"field": field, "type": "quantitative", "axis": axis}}}


def _bar(field: str) -> Spec:
    """From nothing to what there was, for as long as it lasted."""
    return {"encoding": {**_y(field)["encoding"], "y2": {"datum": 0}, "x2": {"field": "right"}}}


def _end(field: str, word: str, colour: str, lift: int, last: Row) -> Spec:
    """What a line is, and where it has come to, said at its end, with a little room around the words."""
    words = {"type": "text", "align": "right", "dx": -4, "dy": lift}
    room = {"color": "paper", "stroke": "paper", "strokeWidth": 5, "strokeJoin": "round"}
    return {
        "data": _data([{**last, "said": f"{word}: {last[field]}"}]),
        "encoding": {**_y(field)["encoding"], "text": {"field": "said"}},
        "layer": [{"mark": {**words, **room}}, {"mark": {**words, "color": colour}}],
    }
