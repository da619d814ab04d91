"""Tasks: which there are, what to take up, and all that can be done to them, in the words of the chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g
from pydantic import Field

from blueprint.errors import UserError
from dashboards import links
from dashboards.documents.credit import credit_document, credit_documents
from dashboards.documents.tasks import TaskDocument, task_document
from dashboards.snapshot import TaskView
from lean_project.status import Readiness
from server.api import paging
from server.api.answers.tasks import DeedDocument, MineDocument, SaidDocument, SuggestionDocument
from server.api.asking import Body, Query, Words, fields
from server.api.bodies import SayBody, of_verb
from server.api.operations import Access, Operation, Operations, act
from server.api.paging import MOST, Listed, Paged
from server.api.places import NUMBER, node_of, snapshot
from server.commands import looks
from server.commands.deeds import Deed
from server.commands.forms import NODE_VERBS, TASK_VERBS, fill
from server.commands.parser import parse
from server.commands.usage import USAGE
from server.deeds import Actor, Done, do
from server.dispatch import answer
from server.house import House, NotHereError, project_of
from server.records.people import Person
from server.service import claims, contributions, crews, suggestions, undoing, watching
from server.service.suggestions import OFFERED
from server.store import Store

TAG, DOING, SAYING = "Tasks", "Doing", "Talking"
NO_LINKS = "A token signs nobody in: ask the bot for a link in a direct message."


class TaskQuery(Paged):
    """Which tasks."""

    state: Words = Field("", description="Only those in this state, such as `in review`.")
    readiness: Readiness | None = Field(None, description="Only those that stand so.")
    kind: Words = Field("", description="Only of this kind, such as `prove`.")
    node: Words = Field("", description="Only of the node of this label.")
    person: int = Field(0, ge=0, le=2**31 - 1, description="Only what the person of this number holds.")
    free: bool | None = Field(None, description="Only those that can be taken, or that cannot.")


class SuggestionQuery(Query):
    """How many suggestions."""

    limit: int = Field(OFFERED, ge=1, le=MOST, description="How many at most.")


def add_tasks(operations: Operations) -> None:
    """What is read of tasks."""
    house = operations.house

    @operations.reads(
        "/projects/<slug>/tasks",
        Listed[TaskDocument],
        TAG,
        query=TaskQuery,
        links={"task": {"slug": "path.slug", "number": "/items/0/number"}},
    )
    def list_tasks(slug: str, query: TaskQuery) -> Listed[TaskDocument]:
        """The tasks by number, all or those that are asked for."""
        found = [one for one in snapshot(house, slug).tasks if _wanted(one, query)]
        found.sort(key=lambda one: one.number)
        return paging.page(query, found, lambda one: one.number, task_document)

    @operations.reads(f"/projects/<slug>/tasks/<{NUMBER}:number>", TaskDocument, TAG)
    def task(slug: str, number: int) -> TaskDocument:
        """A task."""
        found = next((one for one in snapshot(house, slug).tasks if one.number == number), None)
        if found is None:
            raise NotHereError(f"There is no task #{number} in this project.")
        return task_document(found)

    @operations.reads(
        "/projects/<slug>/suggestions",
        list[SuggestionDocument],
        TAG,
        query=SuggestionQuery,
    )
    def suggest(slug: str, query: SuggestionQuery) -> list[SuggestionDocument]:
        """The free tasks to look at first, with reasons; for you, where you say who you are.

        Nothing is kept back for you, as it is where you ask the bot for `next`.
        """
        with house.reading() as store:
            project = project_of(store, slug)
            found = suggestions.next_tasks(store, project, g.person, now=house.clock(), limit=query.limit)
        return [{**task_document(one.task), "reasons": list(one.reasons)} for one in found]

    @operations.reads("/projects/<slug>/mine", MineDocument, TAG, access=Access.OWN)
    def mine(slug: str) -> MineDocument:
        """What you hold in a project, and what waits for your word."""
        with house.reading() as store:
            place, now = (store, project_of(store, slug), g.person), house.clock()
            return {
                "held": [task_document(one) for one in claims.mine(*place, now)],
                "asked": [task_document(one) for one in crews.asked(*place, now)],
                "set_aside": list(claims.set_aside(*place, now)),
                "credit": credit_documents(contributions.waiting(*place)),
                "watched": list(watching.watched(*place)),
            }


def add_deeds(operations: Operations) -> None:
    """An address for each thing that can be done to a task or to a node."""
    for verb in TASK_VERBS:
        operations.add(_on_task(verb), _task_view(operations.house, verb))
    for verb in NODE_VERBS:
        operations.add(_on_node(verb), _node_view(operations.house, verb))
    _add_talk(operations)


def _add_talk(operations: Operations) -> None:
    house = operations.house

    @operations.does("/projects/<slug>/undo", DeedDocument, DOING)
    def undo(slug: str) -> Any:
        """Take back what you did last in a project, through whatever door.

        That is possible for ten minutes, if nobody has done anything after it.
        """

        def deed(store: Store, person: Person) -> DeedDocument:
            undone = undoing.undo(store, project_of(store, slug), person, now=house.clock())
            return done_document(Done(undone.text, task=undone.task))

        return act(house, deed)

    @operations.does("/projects/<slug>/say", SaidDocument, SAYING, body=SayBody)
    def say(slug: str, body: SayBody) -> Any:
        """Talk to a project as the chat's bot hears you. A refusal is an answer too.

        All commands of the chat are understood, but for `login` and `link page`.
        """

        def deed(store: Store, person: Person) -> SaidDocument:
            project, now = project_of(store, slug), house.clock()
            _refuse_login(body.text, house, person)
            base = house.settings.base_url
            reply = answer(store, project, person, body.text, now, base_url=base, conversation="api")
            return {"text": reply.text, "ok": reply.ok, "changed": reply.acted}

        return act(house, deed)


def _refuse_login(text: str, house: House, person: Person) -> None:
    """A link would be a way from a token to all that a session may do: one to sign in, or to be one person
    with whoever opens it."""
    try:
        command = parse(text, house.time_of(person))
    except UserError:
        return
    if isinstance(command, looks.Login) or (isinstance(command, looks.Link) and command.page):
        raise UserError(NO_LINKS)


def _on_task(verb: str) -> Operation:
    return _deed(verb, f"/projects/<slug>/tasks/<{NUMBER}:number>/{verb}", f"{_name(verb)}_task")


def _on_node(verb: str) -> Operation:
    return _deed(verb, f"/projects/<slug>/nodes/<segment>/{verb}", f"{_name(verb)}_node")


def _deed(verb: str, rule: str, name: str) -> Operation:
    meaning = USAGE[verb].meaning
    return Operation(
        name=name,
        method="POST",
        rule=rule,
        tag=DOING,
        summary=meaning.partition(". ")[0].removesuffix("."),
        description=f"{meaning} In the chat: `{USAGE[verb].form}`.",
        access=Access.WRITE,
        answer=DeedDocument,
        body=of_verb(verb),
    )


def _name(verb: str) -> str:
    return verb.replace("-", "_")


def _task_view(house: House, verb: str) -> Callable[..., Any]:
    def view(slug: str, number: int, body: Body) -> Any:
        command = fill(verb, f"#{number}", fields(body), house.time_of(g.person))
        return act(house, lambda store, person: done_document(_do(house, store, slug, person, command)))

    return view


def _node_view(house: House, verb: str) -> Callable[..., Any]:
    def view(slug: str, segment: str, body: Body) -> Any:
        command = fill(verb, links.node_from(segment), fields(body), house.time_of(g.person))

        def deed(store: Store, person: Person) -> DeedDocument:
            node_of(store, slug, segment)
            return done_document(_do(house, store, slug, person, command))

        return act(house, deed)

    return view


def _do(house: House, store: Store, slug: str, person: Person, command: Deed) -> Done:
    return do(Actor(store, project_of(store, slug), person, house.clock()), command)


def done_document(done: Done) -> DeedDocument:
    found: DeedDocument = {"detail": done.text, "changed": done.changed}
    if done.task:
        found["task"], found["renewed"] = task_document(done.task), done.renewed
    if done.credit:
        found["credit"] = credit_document(done.credit)
    return found


def _wanted(one: TaskView, query: TaskQuery) -> bool:
    return (
        query.state in ("", one.state)
        and query.readiness in (None, one.readiness)
        and query.kind in ("", one.kind)
        and query.node in ("", one.node)
        and query.free in (None, one.is_free)
        and (not query.person or any(claim.person_id == query.person for claim in one.claims))
    )
