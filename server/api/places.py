"""What an address names: a project, one of its nodes, how it stands."""

from __future__ import annotations

from blueprint.errors import UserError
from dashboards import links
from dashboards.snapshot import Snapshot
from server.house import NUMBER as NUMBER
from server.house import House, NotHereError, project_of, snapshot_of
from server.records.projects import ProjectRow
from server.service.nodes import resolve
from server.store import Store


def snapshot(house: House, slug: str) -> Snapshot:
    with house.reading() as store:
        return snapshot_of(store, slug, house.clock())


def node_of(store: Store, slug: str, segment: str) -> tuple[ProjectRow, str]:
    """The node of an address. Raises `NotHereError`."""
    return found(store, slug, links.node_from(segment))


def found(store: Store, slug: str, ref: str) -> tuple[ProjectRow, str]:
    """The node that people mean by a label, a Lean name, `#12`, `Lemma 2.3`. Raises `NotHereError`."""
    project = project_of(store, slug)
    try:
        return project, resolve(store, project, ref)
    except UserError as error:
        raise NotHereError(str(error)) from error
