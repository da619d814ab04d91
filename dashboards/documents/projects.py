"""A project, its commits and reports, what happened in it, and the mistakes of its blueprint."""

from __future__ import annotations

from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from blueprint.graph import Problem
from dashboards.documents.describing import described
from dashboards.progress import Tally, chapters, tally
from dashboards.snapshot import CommitView, EventView, ReportView, Snapshot


@described
class CommitDocument(TypedDict):
    """A commit of the project's repository."""

    sha: str
    """Its hash."""
    at: str
    """When it was made."""
    author: str
    """Who made it, as they want to be called."""
    summary: str
    """The first line of its message."""


@described
class ReportDocument(TypedDict):
    """A check that a trusted reporter ran elsewhere."""

    id: int
    """Its number."""
    reporter: str
    """Who ran it."""
    sha: str
    """Of which commit it speaks."""
    known: bool
    """Whether the repository here has that commit."""
    at: str
    """When it was taken in."""
    toolchain: str
    """The Lean that it was run by."""


@described
class TallyDocument(TypedDict):
    """How many nodes there are of each status."""

    total: int
    """How many there are."""
    verified: int
    """How many are verified, or in the library."""
    by_status: dict[str, int]
    """How many there are of each status."""


@described
class ChapterDocument(TallyDocument):
    """A chapter of the blueprint, and how far it is."""

    title: str
    """Its title."""


@described
class ProjectDocument(TypedDict):
    """A project as of its newest checked commit."""

    slug: str
    """The name in addresses."""
    title: str
    """The title of the blueprint."""
    repository: str | None
    """The address of its repository."""
    commit: CommitDocument
    """The newest checked commit."""
    toolchain: str
    """The Lean that checked it."""
    kernels: list[str]
    """The kernels that accepted it."""
    reported_by: str | None
    """Whose report the facts come from, where it was not checked here."""
    reports: list[ReportDocument]
    """The newest checks that were run elsewhere."""
    nodes: TallyDocument
    """The statuses of its nodes."""
    chapters: list[ChapterDocument]
    """The same chapter by chapter, in the document's order."""
    drift: int
    """In how many places the blueprint's claims and Lean differ."""
    problems: int
    """How many mistakes the blueprint has."""


@described
class EventDocument(TypedDict):
    """Something that happened."""

    at: str
    """When."""
    kind: str
    """What it was, in a word or two: verified, regressed, claimed..."""
    node: str | None
    """The label of the node that it is about."""
    person_id: int | None
    """Who did it."""
    person_name: str | None
    """What they are called."""
    text: str
    """What happened."""


@described
class ProblemDocument(TypedDict):
    """A mistake in the blueprint; it never stops the reading."""

    code: str
    """In a word, for programs."""
    severity: str
    """Error, warning or info."""
    message: str
    """In a sentence."""
    hint: str
    """What to do about it."""
    file: str | None
    """In which file it is."""
    line: int | None
    """In which line, from 1."""
    column: int | None
    """In which column, from 1."""
    node: str | None
    """The label of the node that it is about."""


def project_document(snapshot: Snapshot) -> ProjectDocument:
    return {
        "slug": snapshot.slug,
        "title": snapshot.title,
        "repository": snapshot.repository_url,
        "commit": commit_document(snapshot.commit),
        "toolchain": snapshot.facts.toolchain,
        "kernels": list(snapshot.facts.kernels),
        "reported_by": snapshot.facts.reported_by or None,
        "reports": [_report(report) for report in snapshot.reports],
        "nodes": _tally(tally(snapshot)),
        "chapters": [{"title": chapter.title, **_tally(chapter.tally)} for chapter in chapters(snapshot)],
        "drift": sum(len(status.drift) for status in snapshot.statuses.values()),
        "problems": len(snapshot.graph.problems),
    }


def commit_document(found: CommitView) -> CommitDocument:
    return {
        "sha": found.sha,
        "at": found.at.isoformat(),
        "author": found.author,
        "summary": found.summary,
    }


def _report(found: ReportView) -> ReportDocument:
    return {
        "id": found.id,
        "reporter": found.reporter,
        "sha": found.sha,
        "known": found.known,
        "at": found.at.isoformat(),
        "toolchain": found.toolchain,
    }


def _tally(counted: Tally) -> TallyDocument:
    return {
        "total": counted.total,
        "verified": counted.verified,
        "by_status": {status.value: number for status, number in counted.counts.items()},
    }


def event_document(found: EventView) -> EventDocument:
    return {
        "at": found.at.isoformat(),
        "kind": found.kind,
        "node": found.node,
        "person_id": found.person_id,
        "person_name": found.person_name,
        "text": found.text,
    }


def problem_document(found: Problem) -> ProblemDocument:
    place = found.place
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "hint": found.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "node": found.node,
    }
