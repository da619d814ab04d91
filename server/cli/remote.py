"""A server somewhere else, asked by its API: for `chantier --server`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from blueprint.caches import write_whole
from blueprint.errors import UserError
from server.cli.terminal import printable
from server.paths import data_dir

TOKEN = "CHANTIER_TOKEN"  # noqa: S105 - the name of a variable
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SECONDS = 60
_MOST_BYTES = 64 * 1024 * 1024
_PAGE = 200


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry the token somewhere else."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Server:
    """One server, at an address without a slash at its end."""

    url: str

    def get(self, path: str, **asked: object) -> Any:
        """What is at an address below `/api/v1`. Raises `UserError` in the server's words."""
        return json.loads(self.text(path, **asked))

    def text(self, path: str, **asked: object) -> str:
        """The same as it is."""
        query = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
        return self.read(f"{path}?{query}" if query else path).decode()

    def items(self, path: str, **asked: object) -> Iterator[Any]:
        """A whole list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, limit=_PAGE, cursor=cursor, **asked)
            yield from page["items"]
            cursor = page["next"]

    def post(self, path: str, fields: Mapping[str, object]) -> Any:
        """What became of it. Raises `UserError` in the server's words."""
        return json.loads(self.read(path, json.dumps(fields).encode()))

    def read(self, path: str, body: bytes | None = None, token: str | None = None) -> bytes:
        """The answer as it is."""
        headers = {"Accept": "application/json", "User-Agent": "chantier"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if found := token or token_for(self.url):
            headers["Authorization"] = f"Bearer {found}"
        request = Request(f"{self.url}/api/v1{path}", body, headers)  # noqa: S310 - `server_at` has seen it
        try:
            with build_opener(_NoRedirects).open(request, timeout=_SECONDS) as answer:
                return _whole(answer.read(_MOST_BYTES + 1), self.url)
        except HTTPError as error:
            raise UserError(self._refusal(error)) from error
        except (URLError, TimeoutError, OSError) as error:
            raise UserError(f"{self.url} cannot be reached: {getattr(error, 'reason', error)}.") from error

    def _refusal(self, error: HTTPError) -> str:
        words = _detail(error.read(100_000)) or f"{self.url} answered {error.code} {error.reason}."
        if error.code == 401:
            return f"{words} `chantier --server {self.url} login` asks for a token and keeps it."
        return words

    def project(self, slug: str | None) -> str:
        """The path of the project of that name, or of the only one. `UserError` where that is unclear."""
        if slug is not None:
            return f"/projects/{quote(slug, safe='')}"
        found = [one["slug"] for one in self.get("/projects", limit=11)["items"]]
        if len(found) != 1:
            there = f"There are projects {', '.join(found[:10])}" if found else "There is no project"
            raise UserError(f"{there} on {self.url}; say which with `--project`.")
        return f"/projects/{quote(found[0], safe='')}"


def server_at(url: str) -> Server:
    """`UserError` for what is no address of a server, or one that would show the token to others."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        known = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        safe = known = False
    if not known or not url.isprintable() or " " in url:
        raise UserError("A server has an address such as https://chantier.example.org; give that.")
    if not safe:
        raise UserError("A token is a secret; give an address that begins with https://.")
    return Server(url.rstrip("/"))


def token_for(url: str, environment: Mapping[str, str] = os.environ) -> str:
    """From the environment, else what `login` was told; nothing where there is none."""
    found = environment.get(TOKEN, "").strip() or _kept().get(url, "")
    if not re.fullmatch(r"[!-~]*", found):
        raise UserError(f"{TOKEN} is not a token as the page *Account* shows it; copy it again.")
    return found


def keep_token(url: str, token: str) -> None:
    """For this user alone, until another takes its place."""
    file = data_dir() / "servers.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, json.dumps(_kept() | {url: token}).encode())


def _kept() -> dict[str, str]:
    try:
        found = json.loads((data_dir() / "servers.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _whole(data: bytes, url: str) -> bytes:
    if len(data) > _MOST_BYTES:
        raise UserError(f"{url} answered with more than {_MOST_BYTES // 2**20} MB.")
    return data


def _detail(answer: bytes) -> str:
    try:
        return printable(str(json.loads(answer)["detail"])[:1000])
    except (ValueError, KeyError, TypeError):
        return ""
