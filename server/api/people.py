"""People, and who is credited with what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from flask import g
from pydantic import Field

from dashboards import relations
from dashboards.documents.credit import CreditDocument, credit_document, credit_documents
from dashboards.documents.people import PersonDocument, WholePersonDocument, person_document
from dashboards.snapshot import CreditView
from server.api import paging
from server.api.answers.tasks import DeedDocument
from server.api.asking import Body, NoBody, Words, fields
from server.api.bodies import CreditBody, DisputeBody
from server.api.operations import Access, Operation, Operations, act
from server.api.paging import Listed, Paged
from server.api.places import NUMBER, snapshot
from server.api.tasks import done_document
from server.commands.credits import WORDS
from server.commands.forms import fill_credit, fill_word
from server.commands.usage import USAGE
from server.deeds import Actor, do
from server.house import House, NotHereError, project_of, snapshot_of
from server.records.people import Person
from server.service import contributions
from server.store import Store

TAG, CREDIT = "People", "Credit"


class CreditQuery(Paged):
    """Which contributions."""

    person: int = Field(0, ge=0, le=2**31 - 1, description="Only those of the person of this number.")
    node: Words = Field("", description="Only those to the node of this label.")
    which: Literal["held", "all", "waiting"] = Field(
        "held", description="Those that count, those of every status, or those that wait for your word."
    )


def add_people(operations: Operations) -> None:
    """What is read of people and of credit."""
    house = operations.house

    @operations.reads(
        "/projects/<slug>/people",
        Listed[PersonDocument],
        TAG,
        query=Paged,
        links={"person": {"slug": "path.slug", "number": "/items/0/id"}},
    )
    def list_people(slug: str, query: Paged) -> Listed[PersonDocument]:
        """Who takes part in a project, by number."""
        found = sorted(snapshot(house, slug).people, key=lambda one: one.id)
        return paging.page(query, found, lambda one: one.id, person_document)

    @operations.reads(f"/projects/<slug>/people/<{NUMBER}:number>", WholePersonDocument, TAG)
    def person(slug: str, number: int) -> WholePersonDocument:
        """Somebody who takes part, or once did, with the credit that counts."""
        shown = snapshot(house, slug)
        found = relations.person(shown, number)
        if found is None:
            raise NotHereError("Nobody of that number has taken part in this project.")
        own = [entry for entry in shown.credit if entry.person_id == number]
        return {**person_document(found), "credit": credit_documents(own)}

    @operations.reads(
        "/projects/<slug>/credit",
        Listed[CreditDocument],
        CREDIT,
        query=CreditQuery,
        links={"credit": {"slug": "path.slug", "number": "/items/0/id"}},
    )
    def list_credit(slug: str, query: CreditQuery) -> Listed[CreditDocument]:
        """Contributions, newest first."""
        return paging.page(query, _credit(house, slug, query), lambda one: one.id, credit_document)

    @operations.reads(f"/projects/<slug>/credit/<{NUMBER}:number>", CreditDocument, CREDIT)
    def credit(slug: str, number: int) -> CreditDocument:
        """A contribution of whatever status."""
        found = relations.entry(snapshot(house, slug), number)
        if found is None:
            raise NotHereError(f"There is no credit {number} in this project.")
        return credit_document(found)


def add_words(operations: Operations) -> None:
    """Entering credit, and what is said of it."""
    house = operations.house

    @operations.does("/projects/<slug>/credit", DeedDocument, CREDIT, body=CreditBody)
    def add_credit(slug: str, body: CreditBody) -> Any:
        """Enter who contributed what. It counts once the other side confirms it."""
        command = fill_credit(fields(body))

        def deed(store: Store, person: Person) -> DeedDocument:
            return done_document(do(Actor(store, project_of(store, slug), person, house.clock()), command))

        return act(house, deed)

    for verb in WORDS:
        operations.add(_on_credit(verb), _word_view(house, verb))


def _credit(house: House, slug: str, query: CreditQuery) -> list[CreditView]:
    with house.reading() as store:
        project = project_of(store, slug)
        if query.which == "waiting":
            found = contributions.waiting(store, project, g.person) if g.person else ()
        else:
            found = snapshot_of(store, slug, house.clock()).contributions
    return [
        one
        for one in found
        if query.person in (0, one.person_id)
        and query.node in ("", one.node)
        and (one.held or query.which != "held")
    ]


def _on_credit(verb: str) -> Operation:
    meaning = USAGE[verb].meaning
    return Operation(
        name=f"{verb}_credit",
        method="POST",
        rule=f"/projects/<slug>/credit/<{NUMBER}:number>/{verb}",
        tag=CREDIT,
        summary=meaning.removesuffix("."),
        description=f"In the chat: `{USAGE[verb].form}`.",
        access=Access.WRITE,
        answer=DeedDocument,
        body=DisputeBody if verb == "dispute" else NoBody,
    )


def _word_view(house: House, verb: str) -> Callable[..., Any]:
    def view(slug: str, number: int, body: Body | None = None) -> Any:
        command = fill_word(verb, number, fields(body) if body else {})

        def deed(store: Store, person: Person) -> DeedDocument:
            return done_document(do(Actor(store, project_of(store, slug), person, house.clock()), command))

        return act(house, deed)

    return view
