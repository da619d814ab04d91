"""How much one account of the chat may say before it has to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.store import Store


@dataclass(frozen=True, slots=True)
class Manners:
    """`per_minute` commands may come at once, and as many again each minute; 0 for any number."""

    per_minute: int = 30


@dataclass(frozen=True, slots=True)
class Wait:
    """Of somebody who says too much: for how long they are not heard, and whether that is news to them."""

    seconds: int
    first: bool


def admit(store: Store, account: str, manners: Manners, now: datetime) -> Wait | None:
    """Count a command of that account; None where it may be carried out.

    Whoever has used up what they may say is heard again when half of it is back.
    """
    store.channels.meet(account, now, manners.per_minute)
    if not manners.per_minute:
        return None
    visitor = store.channels.visitor(account)
    earned = max(now - visitor.seen, timedelta(0)) / timedelta(minutes=1) * manners.per_minute
    tokens = min(round(visitor.tokens + earned, 6), float(manners.per_minute))
    needed = max(1.0, manners.per_minute / 2) if visitor.waits else 1.0
    admitted = tokens >= needed
    store.channels.count(account, now, tokens - admitted, waits=not admitted)
    missing = max(1.0, manners.per_minute / 2) - tokens
    return None if admitted else Wait(max(1, round(60 * missing / manners.per_minute)), not visitor.waits)
