"""What several verbs need: the database of the settings, the project that is meant, and who acts."""

from __future__ import annotations

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import people, projects
from server.settings import Settings
from server.store import Database, Store
from server.work.permissions import Role


def open_database(settings: Settings) -> Database:
    return Database(settings.database_url.get_secret_value(), settings.policy)


def chosen_project(store: Store, name: str | None) -> ProjectRow:
    """The project of that slug or folder; without a name, the only one. `UserError` where that is unclear."""
    if name is not None:
        return projects.find(store, name)
    every = store.projects.every()
    if len(every) > 1:
        slugs = ", ".join(project.slug for project in every[:10])
        raise UserError(f"There are {len(every)} projects; say which with `--project`: {slugs}.")
    return every[0] if every else projects.find(store, "")


def chosen_person(store: Store, name: str | None) -> Person:
    """The person of that name; without one, the only maintainer. `UserError` where that is unclear."""
    if name is not None:
        return people.by_name(store, name)
    maintainers = [person for person in store.people.every() if person.role.covers(Role.MAINTAINER)]
    if len(maintainers) != 1:
        count = f"are {len(maintainers)} maintainers" if maintainers else "is no maintainer yet"
        raise UserError(f"Here {count}; say who it is with `--as`.")
    return maintainers[0]
