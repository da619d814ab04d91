"""One message to the project, answered: text -> command -> service -> reply. For every door that talks."""

from __future__ import annotations

from datetime import datetime

from blueprint.errors import UserError
from server import replies
from server.commands.parser import parse
from server.commands.values import (
    Agree,
    Claim,
    Command,
    Disagree,
    Disclaim,
    Help,
    Login,
    Mine,
    Next,
    Show,
    TimeZone,
    Unwatch,
    Watch,
)
from server.durations import moment
from server.records import Person, ProjectRow
from server.replies import Reply
from server.service import agreement, board, claims, nodes, people, signin, suggestions, watching
from server.store import Store


def answer(
    store: Store,
    project: ProjectRow,
    person: Person,
    text: str,
    now: datetime,
    *,
    base_url: str,
    about: str | None = None,
) -> Reply:
    """Do what the text asks, as that person, within the store's transaction. A refusal is a reply too.

    `base_url` is the address of the pages; `about` the node that the conversation is about.
    """
    try:
        command = parse(text, now.astimezone(people.zone_of(person)), about)
        return _act(store, project, person, command, now, base_url)
    except UserError as error:
        return replies.refused(error)


def _act(
    store: Store, project: ProjectRow, person: Person, command: Command, now: datetime, base_url: str
) -> Reply:
    zone = people.zone_of(person)
    match command:
        case Claim(ref, until):
            outcome = claims.claim(store, project, person, ref, until=moment(until, zone), now=now)
            return replies.claimed(outcome, person.id, zone)
        case Disclaim(ref):
            return replies.disclaimed(claims.disclaim(store, project, person, ref, now=now))
        case Show(ref):
            macros = board.checked(store, project).graph.macros
            return replies.shown(nodes.show(store, project, ref, now), macros, zone)
        case Next(count):
            found = suggestions.next_tasks(store, project, person, now=now, limit=count)
            return replies.suggested(found)
        case Mine():
            return replies.mine(claims.mine(store, project, person, now), person.id, zone)
        case Watch(ref):
            return replies.watching(watching.watch(store, project, person, ref, now))
        case Unwatch(ref):
            return replies.watching(watching.unwatch(store, project, person, ref, now))
        case Agree(ref):
            return replies.agreement(agreement.agree(store, project, person, ref, now=now))
        case Disagree(ref):
            return replies.agreement(agreement.withdraw(store, project, person, ref, now=now))
        case Login():
            return replies.signing_in(signin.make_link(store, person, now, base_url))
        case TimeZone(name):
            known = people.set_zone(store, person, name) if name else person
            return replies.time_zone(known, now, changed=name is not None)
        case Help(verb):
            return replies.help_for(verb)
    raise UserError("That is not wired yet.")
