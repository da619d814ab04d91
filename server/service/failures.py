"""A commit that fails the check: those who wrote it hear of it, with the first error."""

from __future__ import annotations

from datetime import datetime

from lean_project.commits import Commit
from lean_project.facts import Facts
from server.records.projects import ProjectRow
from server.service.telling import tell
from server.store import Store
from server.work.notices import CHECK_FAILED
from server.work.sentences import foreign, quoted

_LONGEST = 300


def tell_authors(store: Store, project: ProjectRow, commit: Commit, facts: Facts, now: datetime) -> None:
    """Nobody where every module was built. Whoever is not known here is left alone.

    A commit that is checked again tells nobody again.
    """
    if not facts.failed_modules:
        return
    name = quoted(" ".join(commit.summary.split())[:80])
    words = f"Your commit `{commit.sha[:10]}` ({name}) fails the check. {foreign(_first_error(facts))}"
    for contact in commit.contacts:
        person = store.people.by_identity("git", contact.email.strip().lower())
        if person and store.mail.accept(f"check:{project.id}:{commit.sha}:{person.id}", now):
            tell(store, project, person.id, CHECK_FAILED, words, now, None)


def _first_error(facts: Facts) -> str:
    error = next((said for said in facts.messages if said.severity == "error"), None)
    if error is None:
        return f"`{facts.failed_modules[0]}` does not build."
    said = next(iter(error.text.strip().splitlines()), "an error").rstrip(".")
    return f"The first error is at `{error.file}:{error.line}`: {said[:_LONGEST]}."
