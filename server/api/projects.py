"""Projects, and what happened in them."""

from __future__ import annotations

from typing import Literal

from flask import g
from pydantic import Field
from werkzeug.wrappers import Response

from dashboards import periods, report_document
from dashboards.documents.graph import GraphDocument, graph_document
from dashboards.documents.nodes import DriftDocument, drift_document
from dashboards.documents.projects import (
    EventDocument,
    ProblemDocument,
    ProjectDocument,
    event_document,
    problem_document,
    project_document,
)
from dashboards.report_markdown import markdown
from dashboards.report_types import PeriodDocument
from server.api import paging
from server.api.answers.projects import MomentDocument, NodeMomentDocument, ProjectLinkDocument
from server.api.asking import JSON, Query, Words
from server.api.operations import Operations
from server.api.paging import Listed, Paged
from server.api.places import snapshot
from server.api.problems import ROOT
from server.house import NotHereError, project_of, snapshot_of
from server.records.projects import CommitRow, ProjectRow
from server.service import news, projects, retrospect, suggestions

ABOUT, PAST = "Projects", "What happened"
MARKDOWN = "text/markdown"


class EventQuery(Paged):
    """Which events."""

    kind: Words = Field("", description="Only of this kind, such as `verified`.")
    node: Words = Field("", description="Only of the node of this label.")
    person: int = Field(0, ge=0, le=2**31 - 1, description="Only what the person of this number did.")


class ReportQuery(Query):
    """Which report."""

    period: Literal["", "week", "month", "quarter", "all"] = Field(
        "", description="Up to today; a month, where nothing else is said."
    )
    since: Words = Field("", description="The first day, such as `2026-03-01`, instead of a period.")
    until: Words = Field("", description="The last day; today, where it is not said.")
    format: Literal["json", "markdown"] = Field("json", description="JSON, or the Markdown alone.")


def add_projects(operations: Operations) -> None:
    """The projects, and the whole of each."""
    house = operations.house

    @operations.reads(
        "/projects",
        Listed[ProjectLinkDocument],
        ABOUT,
        query=Paged,
        links={"project": {"slug": "/items/0/slug"}},
    )
    def list_projects(query: Paged) -> Listed[ProjectLinkDocument]:
        """The projects that are looked after here."""
        with house.reading() as store:
            rows = projects.every(store, g.person)
        return paging.page(query, rows, lambda row: row.slug, _link)

    @operations.reads("/projects/<slug>", ProjectDocument, ABOUT)
    def project(slug: str) -> ProjectDocument:
        """A project as of its newest checked commit."""
        return project_document(snapshot(house, slug))

    @operations.reads("/projects/<slug>/graph", GraphDocument, ABOUT, costly=True)
    def graph(slug: str) -> GraphDocument:
        """The whole dependency graph, with the legend of its statuses."""
        return graph_document(snapshot(house, slug))

    @operations.reads("/projects/<slug>/drift", Listed[DriftDocument], ABOUT, query=Paged)
    def list_drift(slug: str, query: Paged) -> Listed[DriftDocument]:
        """Where the blueprint's claims and Lean differ, in the document's order."""
        found = [one for status in snapshot(house, slug).statuses.values() for one in status.drift]
        return paging.page(query, found, lambda one: (one.node, one.part, one.claim), drift_document)

    @operations.reads("/projects/<slug>/problems", Listed[ProblemDocument], ABOUT, query=Paged)
    def list_problems(slug: str, query: Paged) -> Listed[ProblemDocument]:
        """The mistakes of the blueprint, in the document's order."""
        found = list(enumerate(snapshot(house, slug).graph.problems))
        return paging.page(
            query,
            found,
            lambda one: (one[0], one[1].code, one[1].node),
            lambda one: problem_document(one[1]),
        )


def add_past(operations: Operations) -> None:
    """What happened, what was checked, and reports of it."""
    house = operations.house

    @operations.reads("/projects/<slug>/events", Listed[EventDocument], PAST, query=EventQuery)
    def list_events(slug: str, query: EventQuery) -> Listed[EventDocument]:
        """What happened, newest first."""
        after = paging.read(query.cursor)
        with house.reading() as store:
            found = news.search(
                store,
                project_of(store, slug),
                kind=query.kind,
                node=query.node,
                person=query.person,
                before=after.place if after else None,
                limit=query.limit + 1,
            )
        shown, more = found[: query.limit], found[query.limit :]
        following = paging.written(paging.After(shown[-1].id, "event")) if more else None
        return {"items": [event_document(event) for event in shown], "next": following}

    @operations.reads(
        "/projects/<slug>/history",
        Listed[MomentDocument],
        PAST,
        query=Paged,
        links={"list_statuses": {"slug": "path.slug", "sha": "/items/0/sha"}},
    )
    def list_history(slug: str, query: Paged) -> Listed[MomentDocument]:
        """The commits that were checked, newest first."""
        with house.reading() as store:
            rows = news.commits(store, project_of(store, slug))[::-1]
        return paging.page(query, rows, lambda row: row.id, _moment)

    @operations.reads("/projects/<slug>/history/<sha>", Listed[NodeMomentDocument], PAST, query=Paged)
    def list_statuses(slug: str, sha: str, query: Paged) -> Listed[NodeMomentDocument]:
        """What each node was like at a commit that was checked; the beginning of its hash will do."""
        with house.reading() as store:
            row = _row(news.commits(store, project_of(store, slug)), sha)
            found = list(news.statuses(store, row).items())
        return paging.page(
            query,
            found,
            lambda one: one[0],
            lambda one: {"node": one[0], "status": one[1].formal, "verified": one[1].verified},
        )

    @operations.reads(
        "/projects/<slug>/report",
        PeriodDocument,
        PAST,
        query=ReportQuery,
        media=(JSON, MARKDOWN),
        costly=True,
    )
    def report(slug: str, query: ReportQuery) -> PeriodDocument | Response:
        """What happened in a period, and how things stand; days are those of UTC."""
        with house.reading() as store:
            project, now = project_of(store, slug), house.clock()
            shown = snapshot_of(store, slug, now)
            ready = suggestions.tasks(store, project, g.person, now=now)
            asked = {"period": query.period, "since": query.since, "until": query.until}
            span = periods.chosen(asked, retrospect.begun(store, project), now)
            made = retrospect.report(store, project, shown, ready, span)
        if query.format == "markdown":
            return Response(markdown(made, shown), mimetype=MARKDOWN)
        return report_document.document(made)


def _link(row: ProjectRow) -> ProjectLinkDocument:
    return {"slug": row.slug, "title": row.title, "url": f"{ROOT}/projects/{row.slug}"}


def _moment(row: CommitRow) -> MomentDocument:
    return {
        "sha": row.sha,
        "at": row.at.isoformat(),
        "author": row.author,
        "summary": row.summary,
        "checked": row.synced.isoformat(),
    }


def _row(rows: tuple[CommitRow, ...], sha: str) -> CommitRow:
    found = next((row for row in reversed(rows) if row.sha.startswith(sha)), None)
    if found is None:
        raise NotHereError(f"No commit `{sha[:40]}` of this project was checked.")
    return found
