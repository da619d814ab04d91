"""Pictures that MathJax cannot draw (tikz, tikz-cd, xy), drawn by the TeX that is installed, if one is.

The reader leaves their source in the HTML. `drawn` puts images in its place: each is an SVG inside an
`<img>`, where nothing in it can run, and its source is what the image says to those who do not see it.
"""

from __future__ import annotations

import base64
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import escape, unescape

from blueprint.graph import Graph, Node, Part, Problem
from blueprint.pictures.drawing import PictureError, draw
from blueprint.pictures.tex import Route, document, installed
from blueprint.review.codes import problem

SHOWN = re.compile(r'<pre class="picture">(.*?)</pre>', re.DOTALL)
MOST = 300  # pictures of one blueprint
SECONDS = 60  # for all pictures of one blueprint, by the clock
SIZE = re.compile(
    rb"<svg[^>]*?\bwidth=['\"]([\d.]+)(?:pt)?['\"][^>]*?\bheight=['\"]([\d.]+)(?:pt)?['\"]", re.DOTALL
)
SCALE = 1.75  # from TeX's points at 10pt to pixels beside the text of a page


def drawn(graph: Graph) -> Graph:
    """`graph` with images for the pictures that can be drawn, and a problem for each that cannot.

    Where no TeX is installed the graph comes back as it is: its pictures are shown as source.
    """
    route = installed()
    wanted = [unescape(source) for part in _parts(graph) for source in SHOWN.findall(part.html)][:MOST]
    if route is None or not wanted:
        return graph
    made = _draw_all(route, tuple(dict.fromkeys(wanted)), graph)
    nodes = tuple(_illustrated(node, made) for node in graph.nodes)
    return replace(graph, nodes=nodes, problems=(*graph.problems, *_failures(graph, made)))


def image(source: str, svg: bytes) -> str:
    """An `<img>` that carries the picture; its size follows from that of the picture's text."""
    size = SIZE.search(svg)
    width, height = (round(float(number) * SCALE) for number in size.groups()) if size else (0, 0)
    sizes = f' width="{width}" height="{height}"' if width and height else ""
    data = base64.b64encode(svg).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(source)}"{sizes}>'


def _parts(graph: Graph) -> list[Part]:
    return [part for node in graph.nodes for part in (node.statement, node.proof) if part is not None]


def _draw_all(route: Route, sources: tuple[str, ...], graph: Graph) -> dict[str, bytes | PictureError]:
    deadline = time.monotonic() + SECONDS

    def attempt(source: str) -> bytes | PictureError:
        try:
            return draw(route, document(source, graph.macros, graph.drawing), deadline)
        except PictureError as error:
            return error

    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return dict(zip(sources, pool.map(attempt, sources), strict=True))


def _illustrated(node: Node, made: dict[str, bytes | PictureError]) -> Node:
    def show(found: re.Match[str]) -> str:
        svg = made.get(unescape(found[1]))
        return image(unescape(found[1]), svg) if isinstance(svg, bytes) else found[0]

    def part(old: Part) -> Part:
        return replace(old, html=SHOWN.sub(show, old.html))

    return replace(node, statement=part(node.statement), proof=node.proof and part(node.proof))


def _failures(graph: Graph, made: dict[str, bytes | PictureError]) -> list[Problem]:
    why = {source: str(error) for source, error in made.items() if isinstance(error, PictureError)}
    return [
        problem(
            "picture-not-drawn",
            f"A picture could not be drawn: {why[source]}.",
            "Compile it in a document of its own and see why; its source is shown instead.",
            part.place,
            node.id,
        )
        for node in graph.nodes
        for part in (node.statement, node.proof)
        if part is not None
        for source in map(unescape, SHOWN.findall(part.html))
        if source in why
    ]
