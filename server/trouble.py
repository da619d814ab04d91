"""What goes wrong in the loops of the bot and the caretaker, written down; they do go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from server import faults
from server.chat import RefusedError, UnreachableError

LONGEST_WAIT = 30.0  # seconds

log = structlog.get_logger(__name__)


def note(error: Exception, at: str, wait: float) -> float:
    """Write down why there is to be a wait of so many seconds, and give how long the next one is to be."""
    if isinstance(error, UnreachableError | RefusedError):
        log.warning("chat unreachable", at=at, error=str(error), wait=wait)
    else:  # a database that is away, an answer of an unknown shape, a mistake of ours
        log.error("fault", at=at, fault=faults.record(error).id, wait=wait)
    return min(2 * wait, LONGEST_WAIT)


@contextmanager
def going_on(at: str) -> Iterator[None]:
    """A fault within is written down, and what stands behind it is done all the same."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  (whatever it is, nothing else must wait for it)
        log.error("fault", at=at, fault=faults.record(error).id)
