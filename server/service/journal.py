"""The log, for whoever wants to know who did what, when: filtered, a page at a time, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo

from blueprint.errors import UserError
from dashboards.exports.tables import cell
from dashboards.maintaining import LogQuery
from dashboards.snapshot import EventView
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.agreement import LEFT
from server.service.matching import IN_DOUBT, TAKEN_OVER
from server.service.people import by_name
from server.service.policy import RULED
from server.service.strangers import strangers
from server.store import Store
from server.store.log import Search
from server.work.agreement import Step
from server.work.changes import ChangeKind
from server.work.notices import DECIDED
from server.work.tasks import What

SHOWN = 100
MOST = 50_000  # rows of a table
EARLIEST, LATEST = 1900, 9000  # years
COLUMNS = ("time", "kind", "person", "person number", "node", "what")

# What somebody may want to see alone, and the kinds of events that belong to it.
TOPICS: Mapping[str, tuple[str, frozenset[str]]] = {
    "tasks": ("Tasks and claims", frozenset(What)),
    "credit": ("Credit", frozenset({"credit", "uncredited"})),
    "statements": ("Agreements on statements", frozenset({*Step, LEFT})),
    "renames": ("Renames", frozenset({DECIDED, IN_DOUBT, TAKEN_OVER})),
    "checks": ("What checks found", frozenset({*ChangeKind, "rules changed", "registered"})),
    "rules": ("Settings, roles and tokens", frozenset({RULED, "reporter", "member", "webhook", "privacy"})),
}


def page(
    store: Store,
    project: ProjectRow,
    query: LogQuery,
    zone: tzinfo,
    limit: int = SHOWN,
    *,
    asker: Person | None = None,
) -> tuple[tuple[EventView, ...], int | None]:
    """The newest events that fit, and the number before which older ones begin, if there are any.

    Days are those of `zone`. `UserError` where a person or a date cannot be read; people whom the `asker` is
    not to know of are not there. Without one it is whoever runs the server that asks.
    """
    found = store.log.found(project.id, _search(store, query, zone, asker), limit + 1)
    older = found[limit - 1][0] if len(found) > limit else None
    return tuple(event for _, event in found[:limit]), older


def table(
    store: Store, project: ProjectRow, query: LogQuery, zone: tzinfo, *, asker: Person | None = None
) -> str:
    """The same as CSV, at most `MOST` rows; no cell of it can be taken for a formula. Times are in UTC."""
    events, _ = page(store, project, query, zone, MOST, asker=asker)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(events))
    return out.getvalue()


def _rows(events: Iterable[EventView]) -> Iterable[tuple[str, ...]]:
    for one in events:
        who = (one.person_name or "", str(one.person_id or ""))
        at = f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        yield tuple(map(cell, (at, one.kind, *who, one.node or "", one.text)))


def _search(store: Store, query: LogQuery, zone: tzinfo, asker: Person | None) -> Search:
    if query.about and query.about not in TOPICS:
        raise UserError(f"The log knows no `{query.about[:40]}`; choose one of {', '.join(TOPICS)}.")
    until = _day(query.until, zone)
    return Search(
        person_ids=_numbers(store, query.person, asker) if query.person.strip() else (),
        kinds=TOPICS[query.about][1] if query.about else (),
        since=_day(query.since, zone),
        until=until + timedelta(days=1) if until else None,
        before=query.before,
    )


def _numbers(store: Store, name: str, asker: Person | None) -> tuple[int, ...]:
    """All under which that person was written down."""
    person = by_name(store, name, strangers(store, asker) if asker else ())
    return store.people.numbers(person.id)


def _day(text: str, zone: tzinfo) -> datetime | None:
    """When the day begins."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
        if not EARLIEST <= day.year <= LATEST:  # else some zone's midnight is before or after all time
            raise ValueError(day)
    except ValueError as error:
        raise UserError(f"`{text[:20]}` is no date; write it as 2026-03-01.") from error
    return datetime.combine(day, time(), zone)
