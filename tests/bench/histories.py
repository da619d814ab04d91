"""What it costs to ask git who wrote a declaration, as histories grow."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lean_project.attribution import authors
from lean_project.commits import Contact, Revision
from lean_project.repository import Repository, create

FILE, LINES = "Long.lean", 400
START = datetime(2025, 1, 1, tzinfo=UTC)


def history(commits: int) -> float:
    """Seconds to find the authors of a file of 400 lines that each of so many commits has changed."""
    with tempfile.TemporaryDirectory(prefix="chantier-bench-") as name:
        folder = Path(name)
        create(folder, list(revisions(commits)))
        with Repository.open(folder) as repository:
            sha = repository.head().sha
            began = time.perf_counter()
            authors(repository, sha, FILE, 1, LINES)
            return time.perf_counter() - began


def revisions(commits: int) -> Iterator[Revision]:
    """Each changes one line; five people take turns."""
    lines = [f"theorem line_{number} : {number} = {number} := rfl" for number in range(LINES)]
    for count in range(commits):
        lines[count * 7 % LINES] = f"theorem line_{count * 7 % LINES} : {count} + 0 = {count} := rfl"
        author = Contact(f"Author {count % 5}", f"author{count % 5}@example.org")
        text = "\n".join(lines).encode() + b"\n"
        parents = (count - 1,) if count else ()
        yield Revision(author, START + timedelta(hours=count), f"Commit {count}", {FILE: text}, parents)
