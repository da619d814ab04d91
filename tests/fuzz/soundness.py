"""What must hold of every graph that was read, however strange the text."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from blueprint.graph import Graph, Part, Place, decode, encode
from blueprint.sanitising import ATTRIBUTES, CLASSES, TAGS


def violations(graph: Graph, root: Path) -> Iterator[str]:
    """Everything that does not hold, in words; `root` is the project folder."""
    yield from _names(graph)
    yield from _edges(graph)
    yield from _places(graph, root)
    yield from _pages(graph)
    if decode(encode(graph)) != graph:
        yield "the graph does not come back from its encoding"


def parts(graph: Graph) -> Iterator[Part]:
    for node in graph.nodes:
        yield node.statement
        if node.proof is not None:
            yield node.proof


def _names(graph: Graph) -> Iterator[str]:
    ids = [node.id for node in graph.nodes]
    if len(set(ids)) != len(ids):
        yield "two nodes have one id"
    for node in graph.nodes:
        for name in (node.id, node.title or "", *node.labels, *node.lean, *node.sections):
            if not name.isprintable():
                yield f"{name!r} is not printable"
    for problem in graph.problems:
        if not f"{problem.message}{problem.hint}".isprintable():
            yield f"{problem.code} says what is not printable: {problem.message!r}"
        if problem.node is not None and problem.node not in ids:
            yield f"{problem.code} names {problem.node!r}, which is no node"


def _edges(graph: Graph) -> Iterator[str]:
    ids = {node.id for node in graph.nodes}
    for node in graph.nodes:
        for part in (node.statement, node.proof):
            lost = set(part.uses) - ids if part else set()
            if lost:
                yield f"{node.id!r} uses {lost!r}, which are no nodes"


def _places(graph: Graph, root: Path) -> Iterator[str]:
    lines: dict[str, list[str]] = {}
    places = [(problem.code, problem.place) for problem in graph.problems if problem.place]
    for what, place in [*places, *(("a part", part.place) for part in parts(graph))]:
        path = (root / place.file).resolve()
        if not place.file or not path.is_relative_to(root) or not path.is_file():
            yield f"{what} stands in {place.file!r}, which is no file of the project"
            continue
        if place.file not in lines:
            lines[place.file] = _lines(path)
        if not _exists(place, lines[place.file]):
            yield f"{what} stands at {place}, and there are {len(lines[place.file])} lines"


def _lines(path: Path) -> list[str]:
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _exists(place: Place, lines: list[str]) -> bool:
    return 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1


def _pages(graph: Graph) -> Iterator[str]:
    page = _Page({node.id for node in graph.nodes})
    for part in parts(graph):
        page.feed(part.html)
        page.close()
        page.reset()
    yield from page.wrong


class _Page(HTMLParser):
    """Notes every tag and address that a page must not show."""

    def __init__(self, ids: set[str]) -> None:
        super().__init__()
        self.ids = ids
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"the tag <{tag}> got into a page")
        for name, value in attrs:
            if not self._may_stand(tag, name, value or ""):
                self.wrong.append(f"the attribute {name}={value!r} got into a page")

    def _may_stand(self, tag: str, name: str, value: str) -> bool:
        if name == "href":
            return value.startswith(("http://", "https://")) or value.removeprefix("node:") in self.ids
        if name == "class":
            return set(value.split()) <= CLASSES.get(tag, set())
        return name == "rel" or name in ATTRIBUTES.get(tag, set())

    def handle_comment(self, data: str) -> None:
        self.wrong.append("a comment got into a page")

    handle_decl = handle_pi = unknown_decl = handle_comment
