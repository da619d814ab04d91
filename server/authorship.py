"""Who wrote the Lean of work that is newly done, asked of git before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from blueprint.errors import UserError
from blueprint.graph import Node, nodes_by_id
from lean_project.attribution import Authorship, authors
from lean_project.commits import Commit
from lean_project.declaration_text import parts
from lean_project.facts import Fact
from lean_project.findings import Findings
from lean_project.history import Lines, first_so, story, undone_by
from lean_project.repository import Repository
from lean_project.status import TaskKind
from server.work.changes import Done

_NOBODY = "Git names nobody for its lines: programs wrote them, or a shallow clone ends before they begin."


@dataclass(frozen=True, slots=True)
class Written:
    """The authors of each piece of work, most lines first; where git cannot tell any, a sentence why.

    `passed` has the commit that made it pass, where one can say more than that it does now.
    """

    authors: Mapping[Done, tuple[Authorship, ...]]
    unknown: Mapping[Done, str]
    passed: Mapping[Done, str] = field(default_factory=dict)


def written_by(
    repository: Repository, sha: str, findings: Findings, done: frozenset[Done], before: str | None = None
) -> Written:
    """Who wrote what is behind each piece of work, as the commit `sha` has it.

    Of a theorem the lines of the statement count for stating it and those of the value for proving it; of
    a definition all. Nothing is said of declarations that come from elsewhere. `before` is the commit at
    which the work was not done yet.
    """
    nodes, facts = nodes_by_id(findings.graph), findings.facts.by_name()
    found: dict[Done, tuple[Authorship, ...]] = {}
    unknown: dict[Done, str] = {}
    passed: dict[Done, str] = {}
    recent = _recent(repository, before, sha)
    for work in sorted(done, key=lambda work: (work.node, work.kind)):
        declarations = [facts[name] for name in _names(nodes[work.node], work.kind) if name in facts]
        try:
            spans = tuple(_spans(repository, sha, declarations, work.kind))
            found[work] = _total(
                authors(repository, s.sha, s.file, s.first, s.last, today=sha) for s in spans
            )
            if spans and not found[work]:
                unknown[work] = _NOBODY
            elif work.kind is not TaskKind.STATE and (by := _passed(repository, sha, declarations, recent)):
                passed[work] = by
        except UserError as error:
            # The file may be too large, or git may fail. The check stands without it; that nobody has
            # credit, and why, becomes an event.
            unknown[work] = str(error)
    return Written(found, unknown, passed)


def undone(repository: Repository, sha: str, before: Findings, past: str, now: Findings) -> dict[str, Commit]:
    """By node: the commit that undid what was verified at the commit `past`, where git can tell."""
    known = now.facts.by_name()
    fallen = [
        status
        for id, status in now.statuses.items()
        if not status.passes and (was := before.statuses.get(id)) and was.verified
    ]
    found: dict[str, Commit] = {}
    for status in fallen:
        try:
            by = undone_by(repository, past, sha, status.reasons, known)
        except UserError:  # history was rewritten, and the commit is gone
            continue
        if by is not None:
            found[status.node] = by
    return found


def _recent(repository: Repository, before: str | None, sha: str) -> frozenset[str] | None:
    """The commits since `before`; None where there is no such commit (any more)."""
    try:
        return frozenset(one.sha for one in repository.between(before, sha)) if before else None
    except UserError:
        return None


def _passed(
    repository: Repository, sha: str, facts: Iterable[Fact], recent: frozenset[str] | None
) -> str | None:
    """The commit with which the last of the declarations became complete.

    One that was complete before waited for something below it: then nothing is known but that it passes now.
    """
    spans = (
        (fact, Lines(sha, fact.file, fact.line, fact.end_line))
        for fact in facts
        if fact.file and fact.line and fact.end_line
    )
    found = [story(repository, lines, fact.name).passed for fact, lines in spans]
    known = [one for one in found if one is not None and (recent is None or one in recent)]
    commits = repository.commits(sha, known)
    return max(known, key=lambda one: commits[one].at, default=None)


def _names(node: Node, kind: TaskKind) -> tuple[str, ...]:
    return node.lean if kind is TaskKind.PROVE else node.statement.lean or node.lean


def _spans(repository: Repository, sha: str, facts: Iterable[Fact], kind: TaskKind) -> Iterator[Lines]:
    """The lines of each declaration that such work writes, where they first stood as they do now."""
    for fact in facts:
        if not (fact.file and fact.line and fact.end_line):
            continue
        here = first_so(repository, Lines(sha, fact.file, fact.line, fact.end_line), fact.name)
        split = parts("\n".join(repository.text(here.sha, here.file).split("\n")[here.first - 1 : here.last]))
        if kind is TaskKind.STATE:
            yield replace(here, last=here.first + split.statement - 1)
        elif kind is TaskKind.PROVE:
            yield replace(here, first=here.first + split.value - 1)
        else:
            yield here


def _total(shares: Iterable[Iterable[Authorship]]) -> tuple[Authorship, ...]:
    """Everybody's lines together, most first."""
    lines: Counter[tuple[str, str]] = Counter()
    for share in (share for each in shares for share in each):
        lines[share.name, share.email] += share.lines
    return tuple(Authorship(name, email, count) for (name, email), count in lines.most_common())
