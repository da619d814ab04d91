"""Projects."""

from __future__ import annotations

from pathlib import Path

from rapidfuzz import process

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.permission import standing_of
from server.store import Store
from server.work.permissions import Role

NONE_YET = "There is no project yet; bring one in with `chantier sync FOLDER`."


def every(store: Store, person: Person | None = None) -> tuple[ProjectRow, ...]:
    """The projects that the person may know of, by slug; without one, those that everybody may."""
    standing = standing_of(store, person)
    return tuple(project for project in store.projects.every() if standing.in_(project))


def seen(store: Store, slug: str, person: Person | None) -> tuple[ProjectRow, Role] | None:
    """The project of that slug with the person's role in it; None where there is none, or none for them.

    The database is asked the same in both cases, and answers the same.
    """
    standing = standing_of(store, person)
    found = store.projects.open_to(slug, standing.roles.keys() | standing.inside)
    role = standing.in_(found) if found else None
    return (found, role) if found and role else None


def find(store: Store, slug_or_path: str) -> ProjectRow:
    """The project of that slug, or whose repository stands in that folder. `UserError` when there is none.

    For whoever runs the server: nothing is hidden from them.
    """
    found = store.projects.by_slug(slug_or_path) or store.projects.by_path(_absolute(slug_or_path))
    if found is None:
        raise UserError(_unknown(store, slug_or_path))
    return found


def _absolute(path: str) -> str:
    try:
        return str(Path(path).resolve())
    except (OSError, ValueError):
        return path


def _unknown(store: Store, name: str) -> str:
    slugs = [project.slug for project in store.projects.every()]
    if not slugs:
        return NONE_YET
    near = process.extractOne(name, slugs, score_cutoff=60)
    hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(slugs[:10])}."
    return f"There is no project `{name[:60]}`; {hint}"
