"""How fast an account may ask: as the headers of Zulip's answers say, before it has to refuse."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

# Below this part of what is allowed, the rest is spread over the time until there is more.
_RESERVE = 0.25
LONGEST_WAIT = 300.0  # seconds


class Pace:
    """Shared by all connections of one account, from any thread. Times are in seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gap = 0.0
        self._next = 0.0

    def heed(self, headers: Mapping[str, str]) -> None:
        """Take in the headers of an answer; those without any are no news."""
        try:
            limit, left = int(headers["X-RateLimit-Limit"]), int(headers["X-RateLimit-Remaining"])
            seconds = float(headers["X-RateLimit-Reset"]) - _server_time(headers)
        except (KeyError, ValueError):
            return
        with self._lock:
            spare = left > limit * _RESERVE
            self._gap = 0.0 if spare else _bounded(seconds) / (max(left, 0) + 1)

    def hold(self, seconds: float) -> None:
        """Ask nothing for so long."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + _bounded(seconds))

    def take(self) -> float:
        """How long to wait before asking; where that is 0, the turn is taken."""
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return self._next - now
            self._next = now + self._gap
            return 0.0


def _server_time(headers: Mapping[str, str]) -> float:
    """By the server's own clock, which need not be ours."""
    said = headers.get("Date")
    return parsedate_to_datetime(said).timestamp() if said else time.time()


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT)
