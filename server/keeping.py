"""Copies of the whole database, and single projects taken from one server to another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from blueprint.errors import UserError
from server import papers
from server.papers import Header, Paper, Row
from server.records.projects import ProjectRow
from server.service import projects
from server.service.audit import ledger_faults, require_sound
from server.store import Database, Store
from server.store.schema import revisions

BACKUP, PROJECT = "backup", "project"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def backup(database: Database, file: Path) -> Counter[str]:
    """Write all there is at one moment to `file`; others go on reading and writing.

    Gives the number of rows of each table. Raises `UserError`, with no file written, where the database is
    damaged or a ledger does not verify.
    """
    with database.reading() as store:
        _require_sound_books(store)
        written = papers.write(file, Header(BACKUP, revisions()[-1]), store.books.rows())
    with papers.reading(file, BACKUP) as paper:
        for _ in paper.rows():  # what was written can be read
            pass
    return written


def restore(database: Database, file: Path, *, force: bool = False) -> int:
    """Fill an empty database (with `force`, any) from a backup, of this version or an earlier one.

    Gives the number of rows. All of it is there afterwards, or, on any error, all that was there before.
    """
    with papers.reading(file, BACKUP) as paper:
        with database.reading() as store:
            if not force and not store.books.is_empty():
                raise UserError("The database is not empty; `--force` replaces everything that is in it.")
        database.rebuild(paper.header.revision, lambda store: _fill(store, paper), _require_sound_books)
        return paper.place - 2  # but for the header and the manifest


def _fill(store: Store, paper: Paper) -> None:
    try:
        store.books.put(paper.rows())
    except ValueError as error:
        raise _unfit(paper, error) from error


def _require_sound_books(store: Store) -> None:
    if damage := store.books.damage():
        raise UserError(f"The database is damaged: {damage}.")
    for project in store.projects.every():
        for fault in ledger_faults(store, project):
            raise UserError(fault)


def export(database: Database, name: str, file: Path) -> Counter[str]:
    """Write a project, with its people, tasks, history and ledger, but no secrets, to `file`."""
    with database.reading() as store:
        project = projects.find(store, name)
        require_sound(store, project)
        return papers.write(file, Header(PROJECT, revisions()[-1]), store.parcels.rows(project.id))


def bring_in(
    database: Database, file: Path, slug: str | None = None, folder: Path | None = None
) -> ProjectRow:
    """Add the project in `file`, under another name or for another folder if one is given; or nothing."""
    with papers.reading(file, PROJECT) as paper:
        if paper.header.revision != revisions()[-1]:
            raise UserError(f"{file} is of another version of Chantier; export it again with this one.")
        with database.begin() as store:
            try:
                project_id = store.parcels.add(_renamed(store, paper, slug, folder))
            except ValueError as error:
                raise _unfit(paper, error) from error
            project = store.projects.get(project_id)
            require_sound(store, project)
            return project


def _renamed(store: Store, paper: Paper, slug: str | None, folder: Path | None) -> Iterator[Row]:
    """The rows, the project's with the name and the folder it is to have."""
    for table, values in paper.rows():
        if table == "projects":
            told = {"slug": slug, "path": folder and str(folder.resolve())}
            values = {**values, **{key: value for key, value in told.items() if value}}
            _refuse_if_taken(store, str(values.get("slug")), str(values.get("path")))
        yield table, values


def _refuse_if_taken(store: Store, slug: str, path: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise ValueError("a project's name is of small letters, digits and dashes")
    if store.projects.by_slug(slug):
        raise UserError(
            f"There is a project `{slug}` here already; give this one another name with `--slug`."
        )
    if other := store.projects.by_path(path):
        raise UserError(f"The folder {path} is that of `{other.slug}`; give another with `--folder`.")


def _unfit(paper: Paper, error: ValueError) -> UserError:
    return UserError(f"{paper.file}:{paper.place}: {error}; nothing was taken from the file.")
