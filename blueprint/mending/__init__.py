"""Edits that mend mistakes of a blueprint: exact ranges of its files. Pure: texts in, edits out.

What is safe leaves the graph as it is, because the reader understands already what was meant; what is unsafe
changes its edges. Only nodes with a label are touched: the id of another is made from its text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import networkx as nx
from rapidfuzz import process
from rapidfuzz.distance import OSA

from blueprint.graph import Graph, Node, Problem, digraph
from blueprint.mending import lists
from blueprint.mending.edits import Edit, applied, tidied
from blueprint.mending.sites import STATEMENT, Site, sites
from blueprint.names import PROOF
from blueprint.review.codes import CODES, Mend
from blueprint.tex_commands import FLAGS

__all__ = ["SAFE", "UNSAFE", "Edit", "Mended", "applied", "mends"]

SAFE = frozenset(code.name for code in CODES.values() if code.mend == Mend.SAFE)
UNSAFE = frozenset(code.name for code in CODES.values() if code.mend == Mend.UNSAFE)
SIDES = {"uses-of-proof": STATEMENT, "uses-of-statement": PROOF}  # where those stand that do not belong there
BLANK = {"empty-label": ("label",), "empty-argument": ("proves", "discussion")}  # code -> what may go
PLAIN = re.compile(r"[^,%#{}\\~&$]+")  # a label that can be written into a list
SHORTEST = 5  # in a shorter label one letter makes another word


@dataclass(frozen=True, slots=True)
class Mended:
    """The mistakes of one node that are mended together."""

    node: str
    codes: frozenset[str]
    edits: tuple[Edit, ...]


def mends(graph: Graph, texts: Mapping[str, str], codes: Collection[str]) -> tuple[Mended, ...]:
    """How the problems of these codes are mended, node by node; what no edit mends is left out.

    `texts` maps files, as places name them, to their text, in which lines end with a line feed.
    """
    problems: dict[str, list[Problem]] = {}
    for problem in graph.problems:
        if problem.node is not None and problem.place is not None and problem.code in codes:
            problems.setdefault(problem.node, []).append(problem)
    owners = {label: node.id for node in graph.nodes for label in node.labels}
    edges = Edges(digraph(graph))
    found = []
    for node, here in sites(graph, texts):
        mine = problems.get(node.id, [])
        if not _can_move(here):
            mine = [problem for problem in mine if problem.code not in SIDES]
        if mine and node.labels and not _nested(here):
            edits = [
                edit for site in here for edit in tidied(site.text, _edits(node, site, mine, owners, edges))
            ]
            if edits:
                found.append(Mended(node.id, frozenset(problem.code for problem in mine), tuple(edits)))
    return tuple(found)


def _nested(here: tuple[Site, ...]) -> bool:
    """Whether the proof stands inside the statement."""
    return any(one.begin < other.begin < one.end for one in here for other in here if one.file == other.file)


def _can_move(here: tuple[Site, ...]) -> bool:
    """Whether a label can be taken from one part to the other without being lost on the way."""
    return len(here) == 2 and all(lists.is_plain(site, "uses") for site in here)


@dataclass(frozen=True, slots=True)
class Edges:
    """The dependencies as they grow, `used -> user`, so that what is added never closes a cycle."""

    graph: nx.DiGraph[str]

    def take(self, used: str, user: str) -> bool:
        """Whether one may use the other; if so, it does from now on."""
        if not self.graph.has_edge(used, user):
            if used not in self.graph or nx.has_path(self.graph, user, used):
                return False
            self.graph.add_edge(used, user)
        return True


def _edits(
    node: Node, site: Site, problems: list[Problem], owners: Mapping[str, str], edges: Edges
) -> Iterator[Edit]:
    inside = [problem for problem in problems if problem.place and site.holds(problem.place)]
    codes = frozenset(problem.code for problem in inside)
    change = lists.Change(
        codes,
        renamed=_renamed(inside, owners, node, edges),
        removed=_moved_away(problems, site, owners),
        added=tuple(label for label in _added(problems, site) if edges.take(label, node.id)),
    )
    if _is_whole(site, node, owners):
        yield from lists.mended(site, "uses", change)
    yield from lists.mended(site, "lean", change)
    yield from _superfluous(site, codes)
    yield from _proved(site, change.renamed)


def _superfluous(site: Site, codes: frozenset[str]) -> Iterator[Edit]:
    """Flags given twice, and what names nothing."""
    gone = [one for flag in FLAGS if "repeated-flag" in codes for one in site.named(flag)[1:]]
    for code, names in BLANK.items():
        if code in codes:
            gone += [
                one for name in names for one in site.named(name) if not site.argument(one).strip("# \n")
            ]
    yield from (Edit(site.file, one.start, one.end, "") for one in gone)


def _renamed(problems: list[Problem], owners: Mapping[str, str], node: Node, edges: Edges) -> dict[str, str]:
    """The unresolved labels that can only be misspelt, and what they should be."""
    renamed = {}
    for problem in problems:
        for name in problem.about if problem.code.startswith("unresolved-") else ():
            label = _near(name, owners)
            proves = problem.code == "unresolved-proves"
            if label is not None and (proves or edges.take(owners[label], node.id)):
                renamed[name] = label
    return renamed


def _near(name: str, known: Collection[str]) -> str | None:
    """The only label that is one letter away; capitals do not count."""
    if len(name) < SHORTEST:
        return None
    found = process.extract(
        name, list(known), scorer=OSA.distance, processor=str.casefold, score_cutoff=1, limit=2
    )
    return found[0][0] if len(found) == 1 else None


def _moved_away(problems: list[Problem], site: Site, owners: Mapping[str, str]) -> frozenset[str]:
    """The labels that belong to the other part."""
    ids = {name for problem in problems if SIDES.get(problem.code) == site.side for name in problem.about}
    return frozenset(label for label in lists.names_of(site, "uses") if owners.get(label) in ids)


def _added(problems: list[Problem], site: Site) -> tuple[str, ...]:
    """The labels that the text cites, and those that come from the other part."""
    wanted = (
        problem
        for problem in problems
        if problem.place is not None
        and (
            (problem.code == "cited-not-used" and site.holds(problem.place))
            or SIDES.get(problem.code, site.side) != site.side
        )
    )
    names = (name for problem in wanted for name in problem.about)
    return tuple(dict.fromkeys(name for name in names if PLAIN.fullmatch(name)))


def _is_whole(site: Site, node: Node, owners: Mapping[str, str]) -> bool:
    """Whether what the text shows is what was read: no macro, condition, inner environment.

    A list with a label that holds a comma cannot be taken apart.
    """
    commas = [label for label in owners if "," in label]
    if any(label in site.argument(one) for one in site.named("uses") for label in commas):
        return False
    shown = {owners[label] for label in lists.names_of(site, "uses") if label in owners}
    return shown - {node.id} <= set(site.part.uses)


def _proved(site: Site, renamed: Mapping[str, str]) -> Iterator[Edit]:
    for command in site.named("proves"):
        label = renamed.get(site.argument(command).strip())
        if label is not None:
            yield Edit(site.file, command.opening, command.closing, label)
