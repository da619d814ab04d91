"""What maintainers do about messages that the chat would not take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.permission import require
from server.service.queues import places
from server.store import Store
from server.work.permissions import Action

_GONE = "That message does not wait any more; it was sent, or let go."


class _Deed(Protocol):
    def __call__(
        self, store: Store, project: ProjectRow, person: Person, number: int, *, now: datetime
    ) -> str: ...


def send_again(store: Store, project: ProjectRow, person: Person, number: int, *, now: datetime) -> str:
    """Let the bot try once more. `UserError` where the message is not of the project, or does not wait."""
    require(store, project, person, Action.LETTERS)
    if not store.queues.send_again(number, places(store, project)):
        raise UserError(_GONE)
    return "The bot tries once more to send it."


def let_go(store: Store, project: ProjectRow, person: Person, number: int, *, now: datetime) -> str:
    """Forget the message. `UserError` as above."""
    require(store, project, person, Action.LETTERS)
    if not store.queues.drop(number, places(store, project)):
        raise UserError(_GONE)
    return "The message is forgotten."


DEEDS: Mapping[str, _Deed] = {"again": send_again, "drop": let_go}
