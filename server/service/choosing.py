"""A command that could be about several nodes, kept until the person says which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.store import Store

WITHIN = timedelta(minutes=10)


def ask(
    store: Store,
    project: ProjectRow,
    person: Person,
    conversation: str,
    command: str,
    nodes: Sequence[str],
    now: datetime,
) -> None:
    """Keep the command, as the person could have typed it; its answer is a number from 1."""
    store.intents.ask(project.id, person.id, conversation, command, nodes, now, now - WITHIN)


def choose(
    store: Store, project: ProjectRow, person: Person, conversation: str, number: int, now: datetime
) -> tuple[str, str]:
    """The command kept there, and the label of the node that the number stands for.

    It is kept no longer. `UserError` where there is none (any more), or no such number, which may be said
    again.
    """
    choice = store.intents.asked(project.id, person.id, conversation, now - WITHIN)
    if choice is None:
        raise UserError("There is nothing to choose from here (any more); say the whole command again.")
    if not 1 <= number <= len(choice.nodes):
        raise UserError(f"There is no choice {number}; answer with a number from 1 to {len(choice.nodes)}.")
    store.intents.forget(person.id, conversation)
    return choice.command, choice.nodes[number - 1]


def forget(store: Store, person: Person, conversation: str) -> None:
    """The person speaks of something else."""
    store.intents.forget(person.id, conversation)
