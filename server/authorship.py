"""Who wrote the Lean of nodes whose work is newly done, asked of git before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain

from blueprint.graph import Node
from lean_project.attribution import Authorship, authors
from lean_project.facts import Fact
from lean_project.repository import Repository
from lean_project.status import TaskKind
from server.work.changes import Done, Findings


def written_by(
    repository: Repository, sha: str, findings: Findings, done: frozenset[Done]
) -> Mapping[Done, tuple[Authorship, ...]]:
    """The authors of the declarations behind each piece of work, with the lines of each at commit `sha`.

    Nothing is said of declarations that come from elsewhere.
    """

    @cache
    def wrote(fact: Fact) -> tuple[Authorship, ...]:
        if fact.file and fact.line and fact.end_line:
            return authors(repository, sha, fact.file, fact.line, fact.end_line)
        return ()

    facts, nodes = findings.facts.by_name(), {node.id: node for node in findings.graph.nodes}
    found: dict[Done, tuple[Authorship, ...]] = {}
    for work in sorted(done, key=lambda work: (work.node, work.kind)):
        names = _declarations(nodes[work.node], work.kind)
        found[work] = _together(wrote(facts[name]) for name in names if name in facts)
    return found


def _declarations(node: Node, kind: TaskKind) -> tuple[str, ...]:
    return node.lean if kind is TaskKind.PROVE else node.statement.lean or node.lean


def _together(shares: Iterable[tuple[Authorship, ...]]) -> tuple[Authorship, ...]:
    """The lines of several declarations added up, most first."""
    lines: Counter[tuple[str, str]] = Counter()
    for author in chain.from_iterable(shares):
        lines[author.name, author.email] += author.lines
    return tuple(Authorship(name, email, count) for (name, email), count in lines.most_common())
