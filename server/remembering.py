"""What the bot remembers of the chat from one run to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from server.chat import Cursor, Limits
from server.store import Store

_CURSOR, _LIMITS, _HEARD = "zulip", "zulip limits", "zulip heard"

_T = TypeVar("_T")


def cursor(store: Store) -> Cursor | None:
    """Where it stopped listening; None before the first time."""
    return _load(store, _CURSOR, Cursor)


def limits(store: Store) -> Limits:
    """As the chat said last."""
    return _load(store, _LIMITS, Limits) or Limits()


def keep_cursor(store: Store, cursor: Cursor) -> None:
    _keep(store, _CURSOR, asdict(cursor))


def heard(store: Store) -> datetime | None:
    """When the chat last said something; None where it never did."""
    said = store.mail.cursor(_HEARD)
    try:
        return datetime.fromisoformat(said) if said else None
    except ValueError:
        return None


def keep_heard(store: Store, now: datetime) -> None:
    """The chat said something, if only that nothing is new."""
    store.mail.set_cursor(_HEARD, now.isoformat())


def keep_limits(store: Store, limits: Limits) -> None:
    _keep(store, _LIMITS, asdict(limits))


def _load(store: Store, name: str, make: Callable[..., _T]) -> _T | None:
    """What cannot be read is as good as nothing."""
    saved = store.mail.cursor(name)
    try:
        return make(**json.loads(saved)) if saved else None
    except (ValueError, TypeError):
        return None


def _keep(store: Store, name: str, values: dict[str, Any]) -> None:
    store.mail.set_cursor(name, json.dumps(values))
