"""Projects."""

from __future__ import annotations

from pathlib import Path

from rapidfuzz import process

from blueprint.errors import UserError
from server.records import ProjectRow
from server.store import Store


def every(store: Store) -> tuple[ProjectRow, ...]:
    """All projects, by slug."""
    return store.projects.every()


def find(store: Store, slug_or_path: str) -> ProjectRow:
    """The project of that slug, or whose repository stands in that folder. `UserError` when there is none."""
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
        return "There is no project yet; bring one in with `chantier sync FOLDER`."
    near = process.extractOne(name, slugs, score_cutoff=60)
    hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(slugs[:10])}."
    return f"There is no project `{name[:60]}`; {hint}"
