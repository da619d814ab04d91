"""The demo's repository, made from the showcase and never taken from somebody who has worked in it."""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime
from pathlib import Path

import lean_project
from blueprint.errors import UserError
from lean_project.commits import import_stream
from lean_project.repository import Repository, create
from server.demo_history import history

SHOWCASE = Path(lean_project.__file__).parent / "showcase"
_MARK = "chantier-demo"
_BUILT = frozenset({".lake", "build", "__pycache__"})


def make(folder: Path, now: datetime) -> None:
    """Make the demo's repository in `folder`, or leave it alone where it is up to date or was worked in.

    Raises `UserError` when the folder holds something else.
    """
    revisions = history(shipped(), now)
    digest = hashlib.sha256(b"".join(import_stream(revisions))).hexdigest()
    if folder.exists() and not _is_replaceable(folder, digest):
        return
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    head = create(fresh, revisions)
    (fresh / ".git" / _MARK).write_text(f"{head} {digest}\n", "ascii")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def shipped(source: Path = SHOWCASE) -> dict[str, bytes]:
    """The files of the showcase, by path, without what a build leaves there."""
    files = {path: data for path, data in _files(source).items() if not _BUILT & {*path.split("/")}}
    if not files:
        raise UserError(f"The showcase is missing from {source}; install the product again.")
    return files


def _is_replaceable(folder: Path, digest: str) -> bool:
    """Whether `folder` is an older demo without a trace of anybody's work."""
    try:
        head, made = (folder / ".git" / _MARK).read_text("ascii").split()
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} is not the demo's repository; move it away or choose another.") from error
    if made == digest:
        return False
    with Repository.open(folder) as repo:
        untouched = repo.refs() == {"refs/heads/main": head} and repo.head().sha == head
        return untouched and _files(folder) == dict(repo.files(head))


def _files(folder: Path) -> dict[str, bytes]:
    """Every file in a folder by path, the repository's own aside."""
    paths = (
        (file.relative_to(folder).as_posix(), file) for file in sorted(folder.rglob("*")) if file.is_file()
    )
    return {name: file.read_bytes() for name, file in paths if not name.startswith(".git/")}
