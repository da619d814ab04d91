"""Agreements on statements: only their events are kept."""

from __future__ import annotations

import zlib
from collections import defaultdict

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from dashboards.snapshot import AgreementView
from lean_project.statement import Print
from server.store.changes import Part, notes
from server.store.people import is_whole, whole
from server.store.tables.nodes import agreement_events, nodes
from server.store.tables.people import people
from server.store.values import unpacked
from server.work.agreement import Agreement, AgreementEvent, Standing, Step, advance, fold

_PRINTS: TypeAdapter[tuple[Print, ...]] = TypeAdapter(tuple[Print, ...])
_EVENTS = (
    select(agreement_events, nodes.c.label, whole.c.id.label("whole_id"), whole.c.name)
    .join(nodes, agreement_events.c.node_id == nodes.c.id)
    .join(people, agreement_events.c.person_id == people.c.id, isouter=True)
    .join(whole, is_whole, isouter=True)
    .order_by(agreement_events.c.node_id, agreement_events.c.version)
)


class Agreements:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_node(self, node_id: int) -> Agreement:
        return fold(self._events(agreement_events.c.node_id == node_id).get(node_id, ()))

    def of_project(self, project_id: int) -> dict[int, Agreement]:
        """By the id of the node; only those that somebody agreed on."""
        found = self._events(nodes.c.project_id == project_id)
        return {node_id: fold(events) for node_id, events in found.items()}

    def append(self, node_id: int, event: AgreementEvent) -> Agreement:
        """Add an event. The caller holds the project's lock."""
        after = advance(self.of_node(node_id), event)
        values = {"node_id": node_id, "version": after.version, "what": event.step, "at": event.at}
        packed = zlib.compress(_PRINTS.dump_json(event.prints))
        about = {"sha": event.sha, "person_id": event.person_id, "prints": packed}
        self._db.execute(agreement_events.insert().values(**values, **about))
        notes(self._db).of_row(agreement_events.name, nodes.name, node_id, Part.AGREEMENTS)
        return after

    def views(self, project_id: int) -> dict[str, AgreementView]:
        """By label, the agreements that stand, with the names that people go by today."""
        views: dict[str, AgreementView] = {}
        standing: dict[str, Standing] = {}
        agreements: dict[str, Agreement] = defaultdict(Agreement)
        for row in self._db.execute(_EVENTS.where(nodes.c.project_id == project_id)):
            event = AgreementEvent(Step(row.what), row.at, row.sha, (), row.person_id)
            agreements[row.label] = after = advance(agreements[row.label], event)
            standing[row.label] = after.standing
            if event.step is Step.AGREED:
                views[row.label] = AgreementView(row.whole_id, row.name, row.at, row.sha)
        return {label: view for label, view in views.items() if standing[label] is not Standing.NONE}

    def _events(self, where: object) -> dict[int, list[AgreementEvent]]:
        found: dict[int, list[AgreementEvent]] = {}
        for row in self._db.execute(_EVENTS.where(where)):  # type: ignore[arg-type]
            prints = _PRINTS.validate_json(unpacked(row.prints))
            event = AgreementEvent(Step(row.what), row.at, row.sha, prints, row.person_id)
            found.setdefault(row.node_id, []).append(event)
        return found
