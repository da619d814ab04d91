"""Who wrote the Lean of work that is newly done, asked of git before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from blueprint.errors import UserError
from blueprint.graph import Node
from lean_project.attribution import Authorship, authors
from lean_project.facts import Fact
from lean_project.repository import Repository
from lean_project.status import TaskKind
from server.work.changes import Done, Findings

# (name, e-mail) -> lines
Lines = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Version:
    """A checked commit."""

    sha: str
    findings: Findings


def written_by(
    repository: Repository, now: Version, before: Version | None, done: frozenset[Done]
) -> Mapping[Done, tuple[Authorship, ...]]:
    """The authors of the declarations behind each piece of work, with their lines, most first.

    Of a proof only the lines count that came since the commit before, where some did: who wrote the
    statement above it has credit for that. Nothing is said of declarations that come from elsewhere.
    """
    nodes = {node.id: node for node in now.findings.graph.nodes}
    new, old = _reader(repository, now), _reader(repository, before)
    found: dict[Done, tuple[Authorship, ...]] = {}
    for work in sorted(done, key=lambda work: (work.node, work.kind)):
        names = _declarations(nodes[work.node], work.kind)
        lines = _total(map(new, names))
        added = lines - _total(map(old, names)) if work.kind is TaskKind.PROVE else lines
        found[work] = _most_first(added or lines)
    return found


def _declarations(node: Node, kind: TaskKind) -> tuple[str, ...]:
    return node.lean if kind is TaskKind.PROVE else node.statement.lean or node.lean


def _reader(repository: Repository, version: Version | None) -> Callable[[str], Lines]:
    """Declaration -> the lines that each author has in it at that commit."""
    facts = version.findings.facts.by_name() if version else {}

    @cache
    def lines(name: str) -> Lines:
        return _lines(repository, version.sha, facts[name]) if version and name in facts else Counter()

    return lines


def _lines(repository: Repository, sha: str, fact: Fact) -> Lines:
    if not (fact.file and fact.line and fact.end_line):
        return Counter()
    try:
        shares = authors(repository, sha, fact.file, fact.line, fact.end_line)
    except UserError:
        # The commit before may be gone from a history that was rewritten; the file may be too large to
        # blame. Credit can still be given by hand; the check stands without it.
        return Counter()
    return Counter({(share.name, share.email): share.lines for share in shares})


def _total(lines: Iterable[Lines]) -> Lines:
    total: Lines = Counter()
    for each in lines:
        total.update(each)
    return total


def _most_first(lines: Lines) -> tuple[Authorship, ...]:
    return tuple(Authorship(name, email, count) for (name, email), count in lines.most_common())
