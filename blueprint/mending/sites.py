"""The stretch of a file that one statement or proof takes up, and the commands that stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from blueprint.graph import Graph, Node, Part, Place
from blueprint.names import PROOF
from blueprint.source_text import line_starts
from blueprint.tex_commands import Command, commands

ANNOTATIONS = ("uses", "lean", "leanok", "notready", "mathlibok", "label", "proves", "discussion")
STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Site:
    """`text[begin:end]` is the environment of `part`, from its `\\begin` to the beginning of its `\\end`.

    `commands` are its annotations in order, without those of an environment of the graph inside it; `labels`
    are the node's own, not those of its equations, and none for a proof.
    """

    part: Part
    side: str
    labels: tuple[str, ...]
    text: str
    begin: int
    end: int
    commands: tuple[Command, ...]

    @property
    def file(self) -> str:
        return self.part.place.file

    def named(self, name: str) -> list[Command]:
        return [command for command in self.commands if command.name == name]

    def argument(self, command: Command) -> str:
        return self.text[command.opening : command.closing]

    def holds(self, place: Place) -> bool:
        return place.file == self.file and self.begin <= offset(self.text, place) < self.end


@dataclass(slots=True)
class _Open:
    """An environment that is being scanned."""

    kind: str
    begin: int
    commands: list[Command] = field(default_factory=list)


def sites(graph: Graph, texts: Mapping[str, str]) -> Iterator[tuple[Node, tuple[Site, ...]]]:
    """The one or two sites of each node, as far as they are written out in `texts` and made by no macro."""
    kinds = {PROOF, *(node.kind for node in graph.nodes)}
    spans = {file: _spans(text, kinds) for file, text in texts.items()}
    for node in graph.nodes:
        here = []
        for side, kind, part, labels in (
            (STATEMENT, node.kind, node.statement, node.labels),
            (PROOF, PROOF, node.proof, ()),
        ):
            text = texts.get(part.place.file) if part else None
            if part is None or text is None:
                continue
            found, end = spans[part.place.file].get(offset(text, part.place), (None, 0))
            if found is not None and found.kind == kind:
                here.append(Site(part, side, labels, text, found.begin, end, tuple(found.commands)))
        yield node, tuple(here)


def offset(text: str, place: Place) -> int:
    """Where a place is in its file; past the end when it has no such line."""
    starts = line_starts(text)
    return starts[place.line - 1] + place.column - 1 if place.line <= len(starts) else len(text)


def _spans(text: str, kinds: set[str]) -> dict[int, tuple[_Open, int]]:
    """Offset of each `\\begin` of these kinds -> the environment, and where its `\\end` is."""
    spans: dict[int, tuple[_Open, int]] = {}
    stack: list[_Open] = []
    for command in commands(text, {"begin", "end", *ANNOTATIONS}):
        kind = text[command.opening : command.closing].strip()
        if command.name == "begin" and kind in kinds:
            stack.append(_Open(kind, command.start))
        elif command.name == "end" and kind in kinds:
            while stack and stack[-1].kind != kind:
                stack.pop()
            if stack:
                found = stack.pop()
                spans[found.begin] = (found, command.start)
        elif stack and command.name in ANNOTATIONS:
            stack[-1].commands.append(command)
    return spans
