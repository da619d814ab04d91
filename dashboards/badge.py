"""Badges: small pictures for a README that say how far a project or a node is."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from blueprint.graph import Node
from dashboards.legend import entry_of
from dashboards.progress import tally_of
from dashboards.texts import _
from dashboards.wording import plain_line, plain_math
from lean_project.status import NodeStatus

_HEIGHT = 20
_PADDING = 12  # pixels around each of the two texts, both sides together
_NARROW, _WIDE = frozenset("iIjlftr.,:;'!|()[] 1"), frozenset("mMwWOQGD@%")
_INK = "#3f4855"
_COLOURS = ((100, "#007a5a"), (50, "#2f7d5f"), (1, "#8a5a00"), (0, "#6b7280"))
_LONGEST = 60


def progress(statuses: Iterable[NodeStatus]) -> str:
    """How many of the nodes are verified, as SVG."""
    tally = tally_of(statuses)
    colour = next(colour for least, colour in _COLOURS if tally.share >= least)
    return badge(_("verified"), _("%(some)s of %(all)s", some=tally.verified, all=tally.total), colour)


def standing(node: Node, status: NodeStatus) -> str:
    """The status of one node, as SVG."""
    entry = entry_of(status)
    return badge(plain_math(node.caption), _(entry.word).lower(), entry.light.line)


def badge(label: str, message: str, colour: str) -> str:
    """A label on grey beside a message in white on the colour; texts are shortened to 60 characters."""
    label, message = (plain_line(text)[:_LONGEST] for text in (label, message))
    left, right = _width(label) + _PADDING, _width(message) + _PADDING
    size = {"width": str(left + right), "height": str(_HEIGHT)}
    name = f"{label}: {message}"
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-label": name, **size})
    SubElement(svg, "title").text = name
    SubElement(SubElement(svg, "clipPath", id="c"), "rect", {"rx": "3", "fill": "#fff", **size})
    clipped = SubElement(svg, "g", {"clip-path": "url(#c)"})
    _box(clipped, 0, left, _INK)
    _box(clipped, left, right, colour)
    words = SubElement(
        svg,
        "g",
        {
            "fill": "#fff",
            "font-family": "Verdana,DejaVu Sans,sans-serif",
            "font-size": "11",
            "text-anchor": "middle",
        },
    )
    _word(words, left / 2, label)
    _word(words, left + right / 2, message)
    return tostring(svg, encoding="unicode")


def _box(parent: Element, x: int, width: int, colour: str) -> None:
    SubElement(parent, "rect", x=str(x), width=str(width), height=str(_HEIGHT), fill=colour)


def _word(parent: Element, middle: float, text: str) -> None:
    """Whatever font there is, the text is as wide as was counted on."""
    place = {"x": f"{middle:g}", "y": "14", "textLength": str(_width(text))}
    SubElement(parent, "text", place).text = text


def _width(text: str) -> int:
    """About as many pixels as Verdana takes at size 11."""
    return sum(4 if one in _NARROW else 10 if one in _WIDE else 7 for one in text) or 1
