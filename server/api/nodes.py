"""Nodes: finding them, what there is to know of each, watching them, and agreeing on their statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from blueprint.graph import Node
from dashboards import links, relations
from dashboards.documents.nodes import NodeDocument, WholeNodeDocument, node_document, whole_node_document
from dashboards.documents.tasks import task_document
from dashboards.snapshot import Snapshot
from lean_project.status import Formal, Readiness
from server.api import paging
from server.api.answers.nodes import (
    AgreedOutcomeDocument,
    BegunDocument,
    CompanyDocument,
    OpenedDocument,
    WatchedDocument,
)
from server.api.asking import Query, Words
from server.api.bodies import AgreeBody
from server.api.operations import Operations, act
from server.api.paging import Listed, Paged
from server.api.places import found, node_of, snapshot
from server.house import NotHereError, snapshot_of
from server.records.people import Person
from server.service import agreement, company, prospects, watching
from server.service.agreement import AgreementOutcome
from server.service.watching import WatchOutcome
from server.store import Store

TAG = "Nodes"


class NodeQuery(Paged):
    """Which nodes."""

    q: Words = Field("", description="Only those with this in their label, their caption or a Lean name.")
    status: Formal | None = Field(None, description="Only those that are so far formalized.")
    readiness: Readiness | None = Field(None, description="Only those whose next task stands so.")
    chapter: Words = Field("", description="Only those below this title.")


class RefQuery(Query):
    """What is meant."""

    ref: Words = Field(description="A label, a Lean name, `#12`, `Lemma 2.3`, or the address of a page.")


def add_nodes(operations: Operations) -> None:
    """What is read of nodes."""
    house = operations.house

    @operations.reads(
        "/projects/<slug>/nodes",
        Listed[NodeDocument],
        TAG,
        query=NodeQuery,
        links={"node": {"slug": "path.slug", "node": "/items/0/id"}},
    )
    def list_nodes(slug: str, query: NodeQuery) -> Listed[NodeDocument]:
        """The nodes in the document's order, all or those that are asked for."""
        shown = snapshot(house, slug)
        return paging.page(
            query, list(_wanted(shown, query)), lambda one: one.id, lambda one: node_document(shown, one)
        )

    @operations.reads("/projects/<slug>/find", NodeDocument, TAG, query=RefQuery)
    def find(slug: str, query: RefQuery) -> NodeDocument:
        """The node that is meant, however one refers to it."""
        with house.reading() as store:
            shown, (_, id) = snapshot_of(store, slug, house.clock()), found(store, slug, query.ref)
        return node_document(shown, relations.by_id(shown)[id])

    @operations.reads(
        "/projects/<slug>/nodes/<segment>",
        WholeNodeDocument,
        TAG,
        links={"task": {"slug": "path.slug", "number": "/tasks/0/number"}},
    )
    def node(slug: str, segment: str) -> WholeNodeDocument:
        """A node with all that there is to know of it."""
        shown, id = snapshot(house, slug), links.node_from(segment)
        here = relations.by_id(shown).get(id)
        if here is None:
            raise NotHereError(f"There is no node `{id[:80]}` in this blueprint.")
        return whole_node_document(shown, here)

    @operations.reads("/projects/<slug>/nodes/<segment>/who", CompanyDocument, TAG)
    def who(slug: str, segment: str) -> CompanyDocument:
        """Who holds a node, worked on it, reviewed it, and could help."""
        with house.reading() as store:
            there = company.company(store, *node_of(store, slug, segment), house.clock())
        return {
            "node": there.node,
            "caption": there.caption,
            "tasks": [task_document(task) for task in there.tasks],
            "workers": list(there.workers),
            "reviewers": list(there.reviewers),
            "helpers": list(there.helpers),
        }

    @operations.reads("/projects/<slug>/nodes/<segment>/unblocks", OpenedDocument, TAG)
    def unblocks(slug: str, segment: str) -> OpenedDocument:
        """What can begin once a node is done, and to which goals it leads."""
        with house.reading() as store:
            opened = prospects.opened(store, *node_of(store, slug, segment))
        ready: list[BegunDocument] = [{"kind": kind, "node": one.id} for kind, one in opened.ready]
        goals = [one.id for one in opened.goals]
        return {"done": opened.done, "ready": ready, "resting": opened.resting, "goals": goals}


def add_statements(operations: Operations) -> None:
    """Watching a node, and agreeing on its statement."""
    house = operations.house

    @operations.does("/projects/<slug>/nodes/<segment>/watch", WatchedDocument, TAG)
    def watch(slug: str, segment: str) -> Any:
        """Be told from now on what happens to a node."""

        def deed(store: Store, person: Person) -> WatchedDocument:
            project, id = node_of(store, slug, segment)
            return _watched(watching.watch(store, project, person, id, house.clock()))

        return act(house, deed)

    @operations.does("/projects/<slug>/nodes/<segment>/unwatch", WatchedDocument, TAG)
    def unwatch(slug: str, segment: str) -> Any:
        """Be told no more what happens to a node."""

        def deed(store: Store, person: Person) -> WatchedDocument:
            project, id = node_of(store, slug, segment)
            return _watched(watching.unwatch(store, project, person, id, house.clock()))

        return act(house, deed)

    @operations.does("/projects/<slug>/nodes/<segment>/agree", AgreedOutcomeDocument, TAG, body=AgreeBody)
    def agree(slug: str, segment: str, body: AgreeBody) -> Any:
        """Lock the statement of a node, so that a change of it is told. For maintainers."""

        def deed(store: Store, person: Person) -> AgreedOutcomeDocument:
            project, id = node_of(store, slug, segment)
            return _agreed(
                agreement.agree(store, project, person, id, seen=body.seen or None, now=house.clock())
            )

        return act(house, deed)

    @operations.does("/projects/<slug>/nodes/<segment>/withdraw", AgreedOutcomeDocument, TAG)
    def withdraw_agreement(slug: str, segment: str) -> Any:
        """Lift the agreement on the statement of a node. For maintainers."""

        def deed(store: Store, person: Person) -> AgreedOutcomeDocument:
            project, id = node_of(store, slug, segment)
            return _agreed(agreement.withdraw(store, project, person, id, now=house.clock()))

        return act(house, deed)


def _wanted(shown: Snapshot, query: NodeQuery) -> Iterator[Node]:
    words = query.q.casefold()
    for one in shown.graph.nodes:
        status = shown.statuses[one.id]
        if (
            (not words or any(words in name.casefold() for name in (one.id, one.caption, *one.lean)))
            and query.status in (None, status.formal)
            and query.readiness in (None, status.readiness)
            and (not query.chapter or query.chapter in one.sections)
        ):
            yield one


def _watched(outcome: WatchOutcome) -> WatchedDocument:
    return {
        "node": outcome.node,
        "caption": outcome.caption,
        "watching": outcome.watching,
        "changed": outcome.changed,
    }


def _agreed(outcome: AgreementOutcome) -> AgreedOutcomeDocument:
    return {
        "node": outcome.node,
        "caption": outcome.caption,
        "agreed": outcome.agreed,
        "changed": outcome.changed,
        "text": outcome.text,
    }
