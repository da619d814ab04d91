"""The plots, as Vega-Lite has them: data only. Rows hold moments as readers' clocks show them.

Colours are names of `PALETTE`; who draws says what they are. Nothing is told by colour alone: lines differ by
dashes and shapes, and say at their ends what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
Row = Mapping[str, Any]

# Name -> what it is on a page, where the style sheet knows it by day and by night, and on paper.
PALETTE: Mapping[str, tuple[str, str]] = {
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


def burn_up(rows: Sequence[Row], step: str, width: int) -> Spec:
    """Rows: at, nodes, verified. Two stairs: what there is, and what of it is verified."""
    stairs = {"interpolate": "step-after"}
    last = [rows[-1]] if rows else []
    layers = [
        {"mark": {"type": "area", "color": "good", "opacity": 0.14, **stairs}, "encoding": _y("verified")},
        {"mark": {"type": "line", "color": "soft", "strokeDash": [6, 4], **stairs}, "encoding": _y("nodes")},
        {"mark": {"type": "line", "color": "good", "strokeWidth": 2.5, **stairs}, "encoding": _y("verified")},
        _end("nodes", "In scope", "soft", -8, last),
        _end("verified", "Verified", "good", 14, last),
    ]
    return _plot(rows, [_on_time(layer, step, width) for layer in layers], width)


def throughput(rows: Sequence[Row], step: str, width: int) -> Spec:
    """Rows: at, verified, undone. Bars up for what was verified, dashed ones down for what came undone."""
    size = max(2.0, min(28.0, 0.62 * width / max(1, len(rows))))
    up = {"type": "bar", "color": "good", "width": size}
    down = {"type": "bar", "fill": None, "stroke": "bad", "strokeDash": [3, 2], "width": size}
    layers: list[Spec] = [
        {"mark": up, "encoding": _y("verified", whole=True)},
        {
            "transform": [{"calculate": "-datum.undone", "as": "fallen"}, {"filter": "datum.undone > 0"}],
            "mark": down,
            "encoding": _y("fallen", whole=True),
        },
    ]
    return _plot(rows, [_on_time(layer, step, width) for layer in layers], width)


def lead_time(rows: Sequence[Row], step: str, width: int) -> Spec:
    """Rows: at, lower, median, upper, in days. A diamond for the median on a line between the quartiles."""
    span = {"y": {"field": "lower", "type": "quantitative", "axis": _axis()}, "y2": {"field": "upper"}}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": "accent", "strokeWidth": 5, "opacity": 0.35}, "encoding": span},
        {"mark": {"type": "line", "color": "accent", "strokeDash": [2, 3]}, "encoding": _y("median")},
        {
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "color": "accent"},
            "encoding": _y("median"),
        },
    ]
    return _plot(rows, [_on_time(layer, step, width) for layer in layers], width)


def turnout(rows: Sequence[Row], step: str, width: int) -> Spec:
    """Rows: at, total, and where that may be told newcomers and returning. Bars, and marks for each group."""
    size = max(2.0, min(28.0, 0.62 * width / max(1, len(rows))))
    dots = {"type": "point", "filled": True, "size": 70, "opacity": 1}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": "hair", "width": size}, "encoding": _y("total", whole=True)},
        {
            "mark": {**dots, "shape": "triangle-up", "color": "bad"},
            "encoding": _y("newcomers", whole=True),
            "transform": [{"filter": "isValid(datum.newcomers)"}],
        },
        {
            "mark": {**dots, "shape": "circle", "color": "accent"},
            "encoding": _y("returning", whole=True),
            "transform": [{"filter": "isValid(datum.returning)"}],
        },
    ]
    return _plot(rows, [_on_time(layer, step, width) for layer in layers], width)


def _plot(rows: Sequence[Row], layers: list[Spec], width: int) -> Spec:
    label = {"labelFont": _FONT, "labelFontSize": 12, "labelColor": "soft"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width - 60,
        "height": _HEIGHT,
        "background": None,
        "padding": {"left": 4, "right": 4, "top": 14, "bottom": 4},
        "data": {"values": list(rows), "format": {"parse": {"at": "utc:'%Y-%m-%dT%H:%M'"}}},
        "layer": layers,
        "config": {
            "aria": False,
            "view": {"stroke": None},
            "axis": {**label, "domain": False, "tickColor": "hair", "gridColor": "hair"},
            "text": {"font": _FONT, "fontSize": 12, "fontWeight": 600},
        },
    }


def _on_time(layer: Spec, step: str, width: int) -> Spec:
    below = {"title": None, "format": _FORMATS[step], "tickCount": _LABELS[width], "grid": False}
    x = {"field": "at", "type": "temporal", "scale": {"type": "utc"}, "axis": {**below, "labelOverlap": True}}
    return {**layer, "encoding": {"x": x, **layer["encoding"]}}


def _y(field: str, *, whole: bool = False) -> Spec:
    return {"y": {"field": field, "type": "quantitative", "axis": _axis(whole=whole)}}


def _axis(*, whole: bool = False) -> Spec:
    """Where things are counted, no label stands between whole numbers."""
    return {"title": None, "tickCount": 4, **({"tickMinStep": 1, "format": "d"} if whole else {})}


def _end(field: str, word: str, colour: str, lift: int, last: Sequence[Row]) -> Spec:
    """What a line is, and where it has come to, said at its end."""
    words = [{**row, "said": f"{word}: {row[field]}"} for row in last]
    return {
        "data": {"values": words, "format": {"parse": {"at": "utc:'%Y-%m-%dT%H:%M'"}}},
        "mark": {"type": "text", "align": "right", "dx": -4, "dy": lift, "color": colour},
        "encoding": {**_y(field), "text": {"field": "said"}},
    }
