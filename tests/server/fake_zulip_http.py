"""The fake Zulip's door: its REST API over real HTTP on the loopback, with faults on demand."""

from __future__ import annotations

import json
import re
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .fake_zulip import BAD_GATEWAY, BAD_GATEWAY_AFTER, BUSY, DROP_AFTER, REFUSE, FakeZulip, User, error


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _serve(self) -> None:
        zulip = self.server.zulip
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        data = dict(urllib.parse.parse_qsl(query + "&" + body, keep_blank_values=True))
        request = f"{self.command} {path.removeprefix('/api/v1/')}"
        fault = zulip.fault(request)
        if fault in (BAD_GATEWAY, BUSY, REFUSE):
            return self._fail(fault)
        answer = self._act(request, data)
        if fault == DROP_AFTER:
            self.close_connection = True
            return None
        if fault == BAD_GATEWAY_AFTER:
            return self._fail(fault)
        return self._reply(400 if answer.get("result") == "error" else 200, answer)

    def _act(self, request: str, data: dict[str, str]) -> dict[str, Any]:
        zulip = self.server.zulip
        if request == "GET server_settings":
            return {"zulip_version": "11.0", "zulip_feature_level": 400}
        user = zulip.user_of(self.headers.get("Authorization"))
        if user is None:
            return error("Invalid API key", "INVALID_API_KEY")
        if found := re.fullmatch(r"POST messages/(\d+)/reactions", request):
            return zulip.react(user, int(found[1]), data)
        if found := re.fullmatch(r"PATCH messages/(\d+)", request):
            return zulip.edit(user, int(found[1]), data)
        if found := re.fullmatch(r"GET messages/(\d+)", request):
            return zulip.read(user, int(found[1]))
        if found := re.fullmatch(r"GET users/(\d+)", request):
            other = zulip.users.get(int(found[1]))
            return {"user": _profile(other)} if other else error("No such user", "BAD_REQUEST")
        actions = {
            "GET users/me": lambda: _profile(user),
            "GET users": lambda: {"members": [_profile(each) for each in zulip.users.values()]},
            "POST register": lambda: zulip.register(user, data),
            "GET events": lambda: zulip.events(user, data),
            "GET messages": lambda: zulip.find(user, data),
            "POST messages": lambda: zulip.send(user, data),
            "POST messages/flags": lambda: zulip.flag(user, data),
        }
        return actions[request]()

    def _fail(self, fault: str) -> None:
        if fault == BUSY:
            busy = error("API usage exceeded rate limit", "RATE_LIMIT_HIT", **{"retry-after": 0.2})
            return self._reply(429, busy)
        if fault == REFUSE:
            return self._reply(400, error("Not allowed to post here", "BAD_REQUEST"))
        return self._reply(502, None)

    def _reply(self, status: int, answer: dict[str, Any] | None) -> None:
        page = b"<html>Bad Gateway</html>"
        text = page if answer is None else json.dumps({"result": "success", "msg": "", **answer}).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:  # the client went away
            self.close_connection = True


def _profile(user: User) -> dict[str, Any]:
    who = {"user_id": user.id, "full_name": user.name, "email": user.email}
    return {**who, "is_bot": user.is_bot, "timezone": user.zone}


class _Server(ThreadingHTTPServer):
    """Quiet about clients that go away in the middle: some tests kill them."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, zulip: FakeZulip) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.zulip = zulip

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def running() -> Iterator[FakeZulip]:
    """A server on a free port until the block ends."""
    zulip = FakeZulip()
    with _Server(zulip) as server:
        zulip.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield zulip
        finally:
            server.shutdown()
            thread.join()
