"""Which forges may tell of a project, and what they told that could not be worked off. For maintainers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from server.api import paging
from server.api.answers.maintaining import SentenceDocument
from server.api.answers.upkeep import WebhookDocument, WebhookGoneDocument, WebhookSecretDocument
from server.api.maintaining import looked_after
from server.api.operations import Access, Operations, act, look
from server.api.paging import Listed, Paged
from server.api.places import NUMBER
from server.forges.events import Forge
from server.house import House, one_of, project_of
from server.records.forges import Hook
from server.records.people import Person
from server.service import hooks
from server.store import Store

TAG = "Webhooks"
_FORGE = f"<{one_of(forge.value for forge in Forge)}:forge>"


def add_webhooks(operations: Operations) -> None:
    """The webhooks of a project, and their deliveries."""
    house = operations.house

    @operations.reads(
        "/projects/<slug>/webhooks", Listed[WebhookDocument], TAG, query=Paged, access=Access.OWN
    )
    def list_webhooks(slug: str, query: Paged) -> Any:
        """The webhooks whose secrets are good, also one that was replaced less than an hour ago."""

        def read(store: Store, person: Person) -> Listed[WebhookDocument]:
            project, base = looked_after(store, slug, person), house.settings.base_url

            def shown(hook: Hook) -> WebhookDocument:
                return _webhook(hook, hooks.address(base, project, hook.forge))

            found = hooks.listed(store, project, house.clock())
            return paging.page(query, found, lambda one: one.id, shown)

        return look(house, read)

    @operations.does(f"/projects/<slug>/webhooks/{_FORGE}", WebhookSecretDocument, TAG, secret=True)
    def make_webhook(slug: str, forge: str) -> Any:
        """Let a forge tell of a project; the secret is in this answer and nowhere else."""
        return _handed(house, slug, Forge(forge), hooks.make)

    @operations.does(f"/projects/<slug>/webhooks/{_FORGE}/rotate", WebhookSecretDocument, TAG, secret=True)
    def rotate_webhook(slug: str, forge: str) -> Any:
        """Give a webhook a new secret; the old one is good for another hour."""
        return _handed(house, slug, Forge(forge), hooks.rotate)

    @operations.does(f"/projects/<slug>/webhooks/{_FORGE}", WebhookGoneDocument, TAG, method="DELETE")
    def end_webhook(slug: str, forge: str) -> Any:
        """Believe nothing any more that comes with the secrets of a webhook."""

        def deed(store: Store, person: Person) -> WebhookGoneDocument:
            hooks.end(store, project_of(store, slug), Forge(forge), house.clock(), person)
            return {"forge": forge, "ended": True}

        return act(house, deed)

    @operations.does(f"/projects/<slug>/deliveries/<{NUMBER}:number>/retry", SentenceDocument, TAG)
    def retry_delivery(slug: str, number: int) -> Any:
        """Work off once more what a forge told and could not be worked off."""

        def deed(store: Store, person: Person) -> SentenceDocument:
            return {"detail": hooks.retry(store, project_of(store, slug), number, house.clock(), person)}

        return act(house, deed)


def _handed(house: House, slug: str, forge: Forge, make: Callable[..., str]) -> Any:
    def deed(store: Store, person: Person) -> WebhookSecretDocument:
        project = project_of(store, slug)
        secret = make(store, project, forge, house.clock(), person)
        address = hooks.address(house.settings.base_url, project, forge)
        return {"forge": forge, "address": address, "secret": secret}

    return act(house, deed)


def _webhook(hook: Hook, address: str) -> WebhookDocument:
    return {
        "forge": hook.forge,
        "address": address,
        "made": hook.made.isoformat(),
        "used": _at(hook.used),
        "ends": _at(hook.ends),
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
