"""One connection to a Zulip organization: opening it, and asking it something."""

from __future__ import annotations

import time
from collections.abc import Callable
from configparser import Error as ConfigError
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zulip

from blueprint.errors import UserError
from server.bot.pace import LONGEST_WAIT, Pace
from server.chat import BusyError, QueueGoneError, RefusedError, UnreachableError

_SHUT_OUT = {"INVALID_API_KEY", "UNAUTHORIZED", "USER_DEACTIVATED", "REALM_DEACTIVATED"}
_PATIENCE = 5.0  # seconds that a question waits for its turn by itself

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Credentials:
    """Either a zuliprc file, or the three things such a file holds."""

    file: Path | None = None
    site: str | None = None
    email: str | None = None
    key: str | None = None


class Connection:
    """The `zulip` client without its own retries, which repeat messages. For one thread at a time."""

    def __init__(self, client: zulip.Client, pace: Pace) -> None:
        self.client = client
        self._pace = pace
        # The client shows nobody the headers; the session of `requests` that it asks through does.
        if client.session is not None:
            client.session.hooks["response"].append(lambda response, **_: pace.heed(response.headers))

    @property
    def level(self) -> int:
        """Zulip's number for what the server can do."""
        return int(self.client.feature_level)

    def ask(self, call: Callable[..., Answer], *args: object, **named: object) -> Answer:
        """The answer of a call that succeeded; everything else as one of the ways a chat fails."""
        self._wait()
        try:
            answer = call(*args, **named)
        except (OSError, zulip.ZulipError) as error:
            raise UnreachableError(type(error).__name__) from error
        if not isinstance(answer, dict):
            raise UnreachableError("an answer that is no object")
        if answer.get("result") != "success":
            raise self._failure(answer)
        return answer

    def _wait(self) -> None:
        while wait := self._pace.take():
            if wait > _PATIENCE:
                raise BusyError(wait)
            time.sleep(wait)

    def _failure(self, answer: Answer) -> Exception:
        failure = _failure(answer)
        if isinstance(failure, BusyError):
            self._pace.hold(failure.seconds)
        return failure


def open_connection(credentials: Credentials, pace: Pace) -> Connection:
    """Raises `UserError` when Zulip cannot be reached or the credentials are none."""
    if credentials.file is not None and not credentials.file.is_file():
        raise UserError(f"There is no file {credentials.file}; download the bot's zuliprc from Zulip.")
    try:
        client = zulip.Client(
            config_file=str(credentials.file) if credentials.file else None,
            site=credentials.site,
            email=credentials.email,
            api_key=credentials.key,
            client="Chantier",
            retry_on_errors=False,
        )
    except (zulip.ConfigNotFoundError, zulip.MissingURLError, ConfigError) as error:
        raise UserError(
            "The bot's Zulip site, e-mail address or key is missing; see docs/zulip.md."
        ) from error
    except (zulip.ZulipError, OSError, ValueError, AssertionError) as error:
        where = credentials.file or credentials.site or "the site in the environment"
        raise UserError(f"No Zulip server answers at {where}; check the address.") from error
    return Connection(client, pace)


def _failure(answer: Answer) -> Exception:
    code, words = answer.get("code"), str(answer.get("msg"))
    if code == "RATE_LIMIT_HIT" or "retry-after" in answer:
        return BusyError(min(max(float(answer.get("retry-after") or 1), 0.05), LONGEST_WAIT))
    if code in _SHUT_OUT:
        return UserError(f"Zulip does not let the bot in ({words}); check its e-mail address and key.")
    if code == "BAD_EVENT_QUEUE_ID":
        return QueueGoneError(words)
    # Zulip's own mistakes come without a code, or not as JSON at all, and may come after the fact.
    if answer.get("result") == "error" and code:
        return RefusedError(words, str(code))
    return UnreachableError(words)
