"""Being told what happens to a node."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blueprint.errors import UserError
from server.records.chat import LastDeed
from server.records.mail import Notice
from server.records.nodes import NodeRow
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import projects
from server.service.board import checked
from server.service.nodes import resolve
from server.service.permission import require
from server.store import Store
from server.work.permissions import Action


@dataclass(frozen=True, slots=True)
class WatchOutcome:
    """`changed` is False when things stood that way before."""

    node: str
    caption: str
    watching: bool
    changed: bool


def watch(store: Store, project: ProjectRow, person: Person, ref: str, now: datetime) -> WatchOutcome:
    """Tell the person from now on what happens to a node."""
    require(store, project, person, Action.WATCH)
    node = _node(store, project, ref)
    changed = store.log.watch(node.id, person.id, now)
    if changed:
        store.intents.remember(project.id, person.id, LastDeed("watch", node.label, None, now))
    return _outcome(store, project, node, True, changed)


def unwatch(store: Store, project: ProjectRow, person: Person, ref: str, now: datetime) -> WatchOutcome:
    """Stop telling them."""
    require(store, project, person, Action.WATCH)
    node = _node(store, project, ref)
    changed = store.log.unwatch(node.id, person.id)
    if changed:
        store.intents.remember(project.id, person.id, LastDeed("unwatch", node.label, None, now))
    return _outcome(store, project, node, False, changed)


def watched(store: Store, project: ProjectRow, person: Person) -> tuple[str, ...]:
    """The labels of the nodes the person watches."""
    return store.log.watched(project.id, person.id)


def notices(store: Store, person: Person, now: datetime) -> tuple[Notice, ...]:
    """Of the newest hundred things the person was told those they may still know of, newest first."""
    known = {project.slug for project in projects.every(store, person)}
    return tuple(notice for notice in store.notices.of(person.id) if notice.project in known)


def mark_read(store: Store, person: Person, now: datetime) -> None:
    """Take every notice so far as read."""
    store.notices.mark_read(person.id, now)


def _node(store: Store, project: ProjectRow, ref: str) -> NodeRow:
    label = resolve(store, project, ref)
    found = next((node for node in store.projects.nodes(project.id) if node.label == label), None)
    if found is None:
        raise UserError(f"`{label}` is not on the books yet; run `chantier sync` for {project.slug}.")
    return found


def _outcome(store: Store, project: ProjectRow, node: NodeRow, watching: bool, changed: bool) -> WatchOutcome:
    graph = checked(store, project).graph
    caption = next((each.caption for each in graph.nodes if each.id == node.label), node.label)
    return WatchOutcome(node.label, caption, watching, changed)
