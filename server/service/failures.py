"""A commit that fails the check: those who wrote it hear of it, with the first error."""

from __future__ import annotations

from datetime import datetime

from lean_project.commits import Commit
from server.records import ProjectRow
from server.service.telling import tell
from server.store import Store
from server.work.notices import CHECK_FAILED


def tell_authors(store: Store, project: ProjectRow, commit: Commit, why: str, now: datetime) -> None:
    """`why` is a sentence with the file, the line and the message. Whoever is not known here is left alone.

    A commit that is checked again tells nobody again.
    """
    name = " ".join(commit.summary.split())[:80]
    words = f"Your commit {commit.sha[:10]} (`{name}`) fails the check. {why}"
    for contact in commit.contacts:
        person = store.people.by_identity("git", contact.email.strip().lower())
        if person and store.mail.accept(f"check:{project.id}:{commit.sha}:{person.id}", now):
            tell(store, project, person.id, CHECK_FAILED, words, now, None)
