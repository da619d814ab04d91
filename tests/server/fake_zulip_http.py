"""The fake Zulip's door: its REST API over real HTTP on the loopback, by Flask, with faults on demand."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, request
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .fake_zulip import (
    BAD_GATEWAY,
    BAD_GATEWAY_AFTER,
    BUSY,
    DROP,
    DROP_AFTER,
    NEWEST_LEVEL,
    REFUSE,
    SLOW,
    FakeZulip,
    User,
)
from .fake_zulip_api import ROUTES, RefusalError, server_settings
from .zulip_description import Exchange, faults

PREFIX = "/api/v1/"


class Door:
    """One server's routes; `exchanges` is what went through them, as far as it is wanted."""

    def __init__(self, zulip: FakeZulip, exchanges: list[Exchange] | None) -> None:
        self._zulip = zulip
        self._exchanges = exchanges
        self.app = Flask("fake_zulip")
        for (method, rule), act in ROUTES.items():
            self._add(method, rule, self._with_key(act))
        self._add("GET", "server_settings", lambda: server_settings(zulip))

    def _add(self, method: str, rule: str, act: Callable[..., dict[str, Any]]) -> None:
        def view(**arguments: Any) -> Response:
            body = request.get_data()  # Flask keeps it only when asked before the form is read
            response = self._serve(lambda: act(**arguments))
            if self._exchanges is not None:
                self._exchanges.append(_exchange(body, response))
            return response

        self.app.add_url_rule(PREFIX + rule, f"{method} {rule}", view, methods=[method])

    def _with_key(self, act: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        def acting(**arguments: Any) -> dict[str, Any]:
            user = _user(self._zulip)
            self._count(user)
            form = {**request.args.to_dict(), **request.form.to_dict()}
            try:
                return act(self._zulip, user, form, **arguments)
            except KeyError as missing:
                raise RefusalError(
                    f"Missing {missing} argument", "REQUEST_VARIABLE_MISSING", var_name=missing.args[0]
                ) from missing

        return acting

    def _count(self, user: User) -> None:
        limit, left, seconds = self._zulip.allowance(user)
        request.environ["fake.limits"] = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset": str(int(time.time() + seconds) + 1),
        }
        if left < 0:
            raise _busy(seconds)

    def _serve(self, act: Callable[[], dict[str, Any]]) -> Response:
        fault = self._zulip.fault(f"{request.method} {request.path.removeprefix(PREFIX)}")
        try:
            if fault in (BAD_GATEWAY, BUSY, REFUSE, DROP):
                return _faulty(fault)
            answer = {"result": "success", "msg": "", **act()}
        except RefusalError as refusal:
            return _reply(refusal.status, refusal.answer)
        if fault == SLOW:
            time.sleep(self._zulip.slowness)
        return _faulty(fault) if fault in (BAD_GATEWAY_AFTER, DROP_AFTER) else _reply(200, answer)


def _faulty(fault: str) -> Response:
    if fault == BUSY:
        raise _busy(0.2)
    if fault == REFUSE:
        raise RefusalError("Not allowed to post here")
    if fault in (DROP, DROP_AFTER):
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response("<html>Bad Gateway</html>", 502)


def _busy(seconds: float) -> RefusalError:
    more = {"retry-after": seconds}
    return RefusalError("API usage exceeded rate limit", "RATE_LIMIT_HIT", 429, **more)


def _reply(status: int, answer: dict[str, Any]) -> Response:
    response = Response(json.dumps(answer), status, mimetype="application/json")
    response.headers.update(request.environ.get("fake.limits", {}))
    if "retry-after" in answer:
        response.headers["Retry-After"] = str(answer["retry-after"])
    return response


def _user(zulip: FakeZulip) -> User:
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        words = "Not logged in: API authentication or user session required"
        raise RefusalError(words, "UNAUTHORIZED", 401)
    email, _, key = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    user = next((each for each in zulip.users.values() if (each.email, each.key) == (email, key)), None)
    if user is None:
        raise RefusalError("Invalid API key", "INVALID_API_KEY", 401)
    if not user.active:
        raise RefusalError("Account is deactivated", "USER_DEACTIVATED", 401)
    return user


def _exchange(body: bytes, response: Response) -> Exchange:
    query = request.query_string.decode()
    return Exchange(request.method, request.path, query, body, response.status_code, response.get_data())


class _Handler(WSGIRequestHandler):
    """Keeps connections open, and says nothing of those that go away in the middle: some tests kill them."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        if type == "error":
            super().log(type, message, *args)


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def served(zulip: FakeZulip, exchanges: list[Exchange] | None = None) -> Iterator[FakeZulip]:
    """That server on a free port until the block ends."""
    server = _Server("127.0.0.1", 0, Door(zulip, exchanges).app, handler=_Handler)
    zulip.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield zulip
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running(level: int = NEWEST_LEVEL) -> Iterator[FakeZulip]:
    """An empty server of that feature level, held to Zulip's own description of its API."""
    exchanges: list[Exchange] = []
    with served(FakeZulip(level), exchanges) as zulip:
        yield zulip
    found = faults(exchanges)
    assert not found, "\n".join(found)
