"""A newly checked commit arrives: everything it changes is written here, in the caller's one transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from blueprint.errors import UserError
from dashboards.progress import tally_of
from lean_project.attribution import Authorship
from lean_project.commits import Commit
from lean_project.findings import Findings
from lean_project.introductions import Introduction
from server.records.projects import ProjectRow
from server.service.agreement import reviewed, tell_left
from server.service.announcing import announce
from server.service.crediting import own_up
from server.service.matching import match_nodes
from server.service.pausing import settle_pauses
from server.service.settlement import Merged, Settled, settle
from server.store import Store
from server.work.changes import ChangeKind, Done, NodeChange, compare
from server.work.ledger import first_break
from server.work.naming import mask


@dataclass(frozen=True, slots=True)
class Before:
    """What the books say before a sync, with the newest snapshot's id; None where they say nothing yet."""

    project: ProjectRow | None = None
    sha: str | None = None
    findings: Findings | None = None
    snapshot: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked commit: where it comes from, what was found, and who wrote what is newly done.

    `unknown` says of newly done work whose authors git cannot tell why that is, `passed` which commit made
    it pass, and `undone`, by node, which one undid what was verified; both as far as git can tell. `rules`
    are the files that say how the project is checked and are not as they were. `seconds`: how long the check
    took. `introduction` is what the project says to newcomers.
    """

    path: Path
    url: str | None
    title: str | None
    commit: Commit
    findings: Findings
    authors: Mapping[Done, tuple[Authorship, ...]]
    unknown: Mapping[Done, str]
    known: Before
    passed: Mapping[Done, str] = field(default_factory=dict)
    undone: Mapping[str, Commit] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    seconds: float | None = None
    introduction: Introduction = field(default_factory=Introduction)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync did; `verified` of `nodes` is where the project stands now. `fresh`: new to the books."""

    project: ProjectRow
    commit: Commit
    verified: int
    nodes: int
    fresh: bool = False
    unchanged: bool = False
    changes: tuple[NodeChange, ...] = ()
    settled: Settled = field(default_factory=Settled)


def before(store: Store, path: Path) -> Before:
    """What is known of the repository in that folder. `UserError` when its ledger was tampered with."""
    project = store.projects.by_path(str(path))
    if project is None:
        return Before()
    _refuse_broken_ledger(store, project)
    books = store.projects
    commit, findings = books.newest_commit(project.id), books.newest_findings(project.id)
    return Before(project, commit.sha if commit else None, findings, books.newest_snapshot(project.id))


def _refuse_broken_ledger(store: Store, project: ProjectRow) -> None:
    place = first_break(store.ledger.chain(project.id))
    if place is not None:
        raise UserError(
            f"The ledger of credit of {project.slug} was changed behind the server's back, from entry "
            f"{place + 1} on; bring the database back from a copy before you sync again."
        )


def unchanged(known: Before, commit: Commit) -> SyncResult:
    """The result of a sync that finds its commit on the books."""
    if known.project is None or known.findings is None:
        raise ValueError("there is nothing that could be unchanged")
    return SyncResult(known.project, commit, *_count(known.findings), unchanged=True)


def record(store: Store, checked: Checked, now: datetime) -> SyncResult:
    """Write a checked commit down: project, snapshot, events, tasks, credit, notices."""
    known = checked.known
    project = _project(store, checked, now)
    store.projects.lock(project.id)
    _refuse_if_overtaken(store, project, checked)
    known_nodes = store.projects.nodes(project.id)
    was = {row.label: row.id for row in known_nodes}
    store.introductions.put(project.id, checked.introduction)
    commit_id = _add_commit(store, project, checked.commit, now)
    rows = match_nodes(store, project, checked.findings, now)
    left = {row.id for row in known_nodes if not row.gone} - {row.id for row in rows.values()}
    tell_left(store, project, left, now)
    findings = reviewed(store, project, checked.findings, rows, checked.commit.sha, now)
    if known.sha == checked.commit.sha and known.findings == findings:
        return unchanged(known, checked.commit)
    store.projects.add_findings(commit_id, findings, now, checked.seconds)
    store.reports.know(project.id, checked.commit.sha)
    changes = _changes(store, known.findings, findings, checked.undone)
    credited = now if known.findings else min(now, checked.commit.at)
    merged = Merged(checked.authors, checked.commit.sha, credited, checked.passed)
    settled = settle(store, project, findings, merged, now)
    own_up(store, project, findings.graph, checked.unknown, commit_id, now)
    announce(store, project, _renamed(store, project, changes, was), findings, commit_id, now)
    settle_pauses(store, project, findings, now)
    if checked.rules:
        text = f"How the project is checked changed: look at {', '.join(checked.rules)}."
        store.log.record(project.id, "rules changed", text, now, commit_id=commit_id)
    if known.findings is None:
        _welcome(store, project, findings, commit_id, now)
    return SyncResult(
        project, checked.commit, *_count(findings), known.findings is None, False, changes, settled
    )


def register(store: Store, path: Path, title: str | None, url: str | None, now: datetime) -> ProjectRow:
    """Bring a repository onto the books, with nothing of it checked yet; two who do so at once make one."""
    store.projects.lock_new()
    if found := store.projects.by_path(str(path)):
        return found
    name = title or path.name
    slug = _free_slug(store, _slug(path.name.removesuffix(".git")) or _slug(name) or "project")
    return store.projects.add(slug, name, str(path), url, now)


def _project(store: Store, checked: Checked, now: datetime) -> ProjectRow:
    title = checked.title or checked.path.name
    found = store.projects.by_path(str(checked.path))
    if found is None:
        return register(store, checked.path, title, checked.url, now)
    if (found.title, found.repository_url) != (title, checked.url):
        store.projects.describe(found.id, title, checked.url)
        return replace(found, title=title, repository_url=checked.url)
    return found


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-")


def _free_slug(store: Store, slug: str) -> str:
    taken = {project.slug for project in store.projects.every()}
    number = 1
    while (candidate := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return candidate


def _refuse_if_overtaken(store: Store, project: ProjectRow, checked: Checked) -> None:
    """Two syncs at once compare with the same past; only the first may say what is new."""
    if store.projects.newest_snapshot(project.id) != checked.known.snapshot:
        raise UserError(f"Another sync of {checked.path} finished meanwhile; run it again.")


def _add_commit(store: Store, project: ProjectRow, commit: Commit, now: datetime) -> int:
    return store.projects.add_commit(
        project.id, commit.sha, commit.at, commit.author_name, commit.summary, now
    )


def _renamed(
    store: Store, project: ProjectRow, changes: Iterable[NodeChange], was: Mapping[str, int]
) -> Iterator[NodeChange]:
    """The changes, under the labels that nodes have now; `was` gives the node of each label before.

    A node that left may have lost its label to another.
    """
    labels = {row.id: row.label for row in store.projects.nodes(project.id)}
    for change in changes:
        gone = change.kind is ChangeKind.REMOVED
        yield replace(change, node=labels[was[change.node]]) if gone else change


def _changes(
    store: Store, before: Findings | None, after: Findings, undone: Mapping[str, Commit]
) -> tuple[NodeChange, ...]:
    """What changed since the last check, if there was one; a regression says whose commit it was."""
    if before is None:
        return ()
    told = mask(store.people.aliases())
    return tuple(_blamed(change, undone.get(change.node), told) for change in compare(before, after))


def _blamed(change: NodeChange, commit: Commit | None, told: Callable[[str], str]) -> NodeChange:
    if commit is None or change.kind is not ChangeKind.REGRESSED:
        return change
    by = f"That came with commit {commit.sha[:10]} by {told(commit.author_name)}."
    return replace(change, text=f"{change.text} {by}")


def _welcome(store: Store, project: ProjectRow, findings: Findings, commit_id: int, now: datetime) -> None:
    verified, nodes = _count(findings)
    text = f"The project came on the books with {verified} of {nodes} nodes verified."
    store.log.record(project.id, "registered", text, now, commit_id=commit_id)


def _count(findings: Findings) -> tuple[int, int]:
    tally = tally_of(findings.statuses.values())
    return tally.verified, tally.total
