"""Whether what the books say of a project fits together."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint.errors import UserError
from server.records.projects import ProjectRow
from server.service import views
from server.service.policy import are_rules
from server.store import Store
from server.work.ledger import first_break
from server.work.tasks import ImpossibleError, fold


def ledger_faults(store: Store, project: ProjectRow) -> Iterator[str]:
    """A sentence where the chain of credit is broken."""
    place = first_break(store.ledger.chain(project.id))
    if place is not None:
        yield (
            f"The ledger of credit of {project.slug} was changed behind the server's back, from entry "
            f"{place + 1} on."
        )


def task_faults(store: Store, project: ProjectRow) -> Iterator[str]:
    """A sentence for each task whose state or lease is not what its events amount to."""
    leases = {lease.task_id: lease.crew for lease in store.tasks.claims(project.id)}
    for row in store.tasks.of_project(project.id):
        try:
            task = fold(store.tasks.events(row.id))
        except (ImpossibleError, ValueError):
            yield f"The events of {row.name} in {project.slug} cannot have happened."
            continue
        lease = leases.get(row.id)
        crew = None if lease is None else {member.person_id for member in lease}
        if (task.state, task.version, set(task.crew) or None) != (row.state, row.version, crew):
            yield f"The events of {row.name} in {project.slug} do not amount to what the books say of it."


def require_sound(store: Store, project: ProjectRow) -> None:
    """`UserError` with the first thing that is wrong with a project, if there is any.

    All that its pages show must be readable too.
    """
    try:
        fault = next(_faults(store, project), None)
        newest = store.projects.newest_snapshot(project.id)
        if fault is None and newest is not None:
            store.projects.findings(newest)  # whatever is at hand
            views.snapshot(store, project, project.created)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise UserError(
            f"What the books say of {project.slug} cannot be read: it is nothing of ours."
        ) from error
    if fault:
        raise UserError(fault)


def _faults(store: Store, project: ProjectRow) -> Iterator[str]:
    yield from ledger_faults(store, project)
    yield from task_faults(store, project)
    if not are_rules(store, store.projects.policy(project.id)):
        yield f"The rules for claims of {project.slug} are none that a project can have."
