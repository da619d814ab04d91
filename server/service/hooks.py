"""Webhooks: which forges may tell of a project, by which secrets, and what they tell until it is worked off.

A person who asks must be a maintainer; without one it is whoever runs the server that asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from blueprint.errors import UserError
from server.forges.events import Forge
from server.forges.reading import is_wanted, label
from server.forges.signatures import is_signed, new_secret
from server.records.forges import Delivery, Hook
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.permission import require
from server.service.policy import ruled
from server.store import Store
from server.work.permissions import Action

# For so long a secret that was replaced is good, so that nothing is lost while the new one is pasted.
LAPSE = timedelta(hours=1)
# So long a delivery is known again, and waits if it could not be worked off.
KEPT = timedelta(days=30)
_EVENT = "webhook"
COMMENTS = "forge_comments"
_NOBODYS = new_secret()
NAMES = {Forge.GITHUB: "GitHub", Forge.GITLAB: "GitLab", Forge.FORGEJO: "Forgejo", Forge.GITEA: "Gitea"}


def address(base_url: str, project: ProjectRow, forge: Forge) -> str:
    """Where the forge is to post."""
    return f"{base_url}/forge/{project.slug}/{forge}"


def listed(store: Store, project: ProjectRow, now: datetime) -> tuple[Hook, ...]:
    """Those whose secrets are good, also those that were replaced less than an hour ago."""
    return store.hooks.of_project(project.id, now)


def make(store: Store, project: ProjectRow, forge: Forge, now: datetime, person: Person | None = None) -> str:
    """Let that forge tell of the project; its secret, which is shown this once."""
    _allow(store, project, person)
    store.projects.lock(project.id)
    if any(hook.forge is forge and hook.ends is None for hook in listed(store, project, now)):
        raise UserError(
            f"{project.slug} has a webhook of {NAMES[forge]} already; rotate its secret, or end it first."
        )
    return _add(store, project, forge, now, person, f"A webhook of {NAMES[forge]} was set up.")


def rotate(
    store: Store, project: ProjectRow, forge: Forge, now: datetime, person: Person | None = None
) -> str:
    """A new secret, shown this once; the old one is good for another hour."""
    _allow(store, project, person)
    store.projects.lock(project.id)
    if not store.hooks.end(project.id, forge, now + LAPSE, now):
        raise _NoHookError(project, forge)
    return _add(store, project, forge, now, person, f"The webhook of {NAMES[forge]} has a new secret.")


def end(store: Store, project: ProjectRow, forge: Forge, now: datetime, person: Person | None = None) -> None:
    """Believe nothing any more that comes with its secrets."""
    _allow(store, project, person)
    store.projects.lock(project.id)
    if not store.hooks.end(project.id, forge, now, now):
        raise _NoHookError(project, forge)
    _note(store, project, f"The webhook of {NAMES[forge]} was ended.", now, person)


def hear_comments(
    store: Store, project: ProjectRow, heard: bool, now: datetime, person: Person | None = None
) -> None:
    """Whether commands in comments on the forge are carried out."""
    _allow(store, project, person)
    store.projects.hear_comments(project.id, heard)
    ruled(store, project, person.id if person else None, COMMENTS, "on" if heard else "off", now)


def signer(
    store: Store, slug: str, forge: Forge, headers: Mapping[str, str], body: bytes, now: datetime
) -> Hook | None:
    """The webhook whose secret signed that. Where there is none it takes as long to say so."""
    known = store.hooks.at(slug, forge, now)
    if not known:
        is_signed(forge, headers, body, (_NOBODYS,), now)
    fitting = [hook for hook in known if is_signed(forge, headers, body, (hook.secret,), now)]
    return fitting[-1] if fitting else None


def take_in(store: Store, hook: Hook, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Keep what that webhook was told, until it is worked off; what became of it, in a sentence.

    What came before is not kept again. The number of a delivery is signed by GitLab alone, so with the others
    the same body under another number is the same delivery.
    """
    known, digest = label(hook.forge, headers), hashlib.sha256(body).hexdigest()
    store.hooks.heard(hook.id, now)
    if not is_wanted(hook.forge, known.event):
        return "Nothing follows from this event here."
    alone = None if hook.forge is Forge.GITLAB else digest
    key = f"{hook.forge}:{known.number or digest}"
    new = store.deliveries.accept(hook.project_id, hook.forge, key, alone, known.event, body, now)
    return "Taken in." if new else "This delivery was taken in before."


def dead(store: Store, project: ProjectRow) -> tuple[Delivery, ...]:
    """What could not be worked off, the newest first; `why` says what stood against it."""
    return store.deliveries.dead(project.id)


def failures(store: Store, project: ProjectRow) -> Mapping[Forge, Delivery]:
    """By forge, the newest delivery that could not be worked off at once, and `why` not."""
    return {one.forge: one for one in store.deliveries.failures(project.id)}


def retry(
    store: Store, project: ProjectRow, delivery: int, now: datetime, person: Person | None = None
) -> str:
    """Let one of these be tried again. A sentence."""
    _allow(store, project, person)
    if not store.deliveries.revive(project.id, delivery, now):
        raise UserError("There is no such delivery that could be tried again; let the forge send it anew.")
    return "It is worked off once more."


class _NoHookError(UserError):
    def __init__(self, project: ProjectRow, forge: Forge) -> None:
        super().__init__(f"{project.slug} has no webhook of {NAMES[forge]}.")


def _allow(store: Store, project: ProjectRow, person: Person | None) -> None:
    if person is not None:
        require(store, project, person, Action.WEBHOOKS)


def _add(
    store: Store, project: ProjectRow, forge: Forge, now: datetime, person: Person | None, words: str
) -> str:
    secret = new_secret()
    store.hooks.add(project.id, forge, secret, now)
    _note(store, project, words, now, person)
    return secret


def _note(store: Store, project: ProjectRow, words: str, now: datetime, person: Person | None) -> None:
    """What a person did is told after their name."""
    said = f"says: {words}" if person else words
    store.log.record(project.id, _EVENT, said, now, person_id=person.id if person else None)
