"""Working off what forges told: one delivery, one transaction, tried again for a while where that fails."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from server import faults, remarks
from server.forges.events import Account, Comment, Proposal, Push, Told, Verdict
from server.forges.reading import UnreadableError, read
from server.records.forges import Delivery
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import pull_requests
from server.service.forge_people import behind
from server.service.permission import may
from server.service.repositories import address_of, is_elsewhere
from server.service.visiting import Manners
from server.store import Database, Store
from server.work.permissions import Action

# After so many times it is left to a maintainer. The waits between them double: 1 minute, 2, 4, ...
_MOST = 8
_FIRST_WAIT = timedelta(minutes=1)
_AT_ONCE = 200

log = structlog.get_logger(__name__)


def work_off(database: Database, manners: Manners, now: datetime) -> None:
    """All that is due; any number of processes may at once. Where nothing is, that costs one look."""
    with database.reading() as store:
        waits = store.deliveries.is_due(now)
    for _ in range(_AT_ONCE if waits else 0):
        with database.begin() as store:
            delivery = store.deliveries.take(now)
            if delivery is None:
                return
            _work(store, delivery, manners, now)


def _work(store: Store, delivery: Delivery, manners: Manners, now: datetime) -> None:
    """With all that follows, and with its end, in one transaction: nothing is half done, nothing twice."""
    try:
        with store.attempt():
            told = read(delivery.forge, delivery.event, delivery.body or b"")
            if told is not None:
                _act(store, delivery, told, manners, now)
            store.deliveries.done(delivery.id)
    except UnreadableError as error:
        store.deliveries.give_up(delivery.id, now, str(error))
    except Exception as error:  # noqa: BLE001  (whatever it is, the others must not wait for it)
        fault = faults.record(error).id
        log.error("delivery not worked off", fault=fault, delivery=delivery.id)
        _put_off(store, delivery, f"It failed with fault {fault}.", now)


def _put_off(store: Store, delivery: Delivery, why: str, now: datetime) -> None:
    if delivery.attempts + 1 >= _MOST:
        store.deliveries.give_up(delivery.id, now, why)
    else:
        store.deliveries.put_off(delivery.id, now + _FIRST_WAIT * 2**delivery.attempts, why)


def _act(store: Store, delivery: Delivery, told: Told, manners: Manners, now: datetime) -> None:
    project = store.projects.get(delivery.project_id)
    if is_elsewhere(project, told.repository):  # a webhook may be that of a whole organization
        return
    match told.what:
        case Push(default=True, sha=sha) if sha:
            store.wanted_syncs.ask(project.id, now)
        case Verdict() as verdict:
            pull_requests.note_verdict(store, project, verdict, delivery)
        case Comment() as comment:
            person = _insider(store, project, comment.by)
            if person is not None and _is_new(store, project, delivery, comment, now):
                remarks.answer(store, project, comment, person, manners, now)
        case Proposal() as proposal:
            author = _insider(store, project, proposal.request.author)
            by = _insider(store, project, proposal.by)
            pull_requests.follow(store, project, proposal, author, by, delivery, now)


def _insider(store: Store, project: ProjectRow, account: Account) -> Person | None:
    """Who that is, if they may know of the project: others are told nothing of it, and do nothing in it.

    Nobody where it is not known on which forge the project is, for then nobody can say whose account that is.
    """
    where = address_of(store, project)
    person = behind(store, where, account) if where else None
    return person if may(store, project, person, Action.READ) else None


def _is_new(store: Store, project: ProjectRow, delivery: Delivery, comment: Comment, now: datetime) -> bool:
    """Two webhooks may tell of one comment."""
    return store.mail.accept(f"{delivery.forge}:{project.id}:{comment.key}", now)
