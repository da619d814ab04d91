"""One message to the project, answered: text -> command -> service -> reply. For every door that talks."""

from __future__ import annotations

from datetime import datetime

from blueprint.errors import UserError
from server import replies
from server.commands import (
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
    Unwatch,
    Watch,
    parse,
)
from server.records import Person, ProjectRow
from server.replies import Reply
from server.service import agreement, board, claims, nodes, signin, suggestions, watching
from server.store import Store


def answer(
    store: Store, project: ProjectRow, person: Person, text: str, now: datetime, *, base_url: str
) -> Reply:
    """Do what the text asks, as that person, within the store's transaction. A refusal is a reply too.

    `base_url` is the address of the pages.
    """
    try:
        return _act(store, project, person, parse(text, now), now, base_url)
    except UserError as error:
        return replies.refused(error)


def _act(
    store: Store, project: ProjectRow, person: Person, command: Command, now: datetime, base_url: str
) -> Reply:
    match command:
        case Claim(ref, until):
            outcome = claims.claim(store, project, person, ref, until=until, now=now)
            return replies.claimed(outcome, person.id)
        case Disclaim(ref):
            return replies.disclaimed(claims.disclaim(store, project, person, ref, now=now))
        case Show(ref):
            macros = board.checked(store, project).graph.macros
            return replies.shown(nodes.show(store, project, ref, now), macros)
        case Next(count):
            found = suggestions.offer(store, project, person, now=now, limit=count)
            return replies.suggested(found)
        case Mine():
            return replies.mine(claims.mine(store, project, person, now), person.id)
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
        case Help(verb):
            return replies.help_for(verb)
