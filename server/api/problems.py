"""Errors as the API says them: `application/problem+json`, with a sentence for people."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from typing_extensions import TypedDict
from werkzeug.wrappers import Response

from dashboards.documents.describing import described
from server.house import House

PROBLEM = "application/problem+json"
ROOT = "/api/v1"


@described
class ErrorDocument(TypedDict):
    """What went wrong (RFC 9457)."""

    type: str
    """Always `about:blank`: the status says which kind of error it is."""
    title: str
    """The kind of error, in a few words."""
    status: int
    """The status of the answer."""
    detail: str
    """What happened and what to do, in a sentence."""


def problem(_house: House, status: int, title: str, text: str) -> Response:
    """An error, as RFC 9457 wants it."""
    found: ErrorDocument = {"type": "about:blank", "title": title, "status": status, "detail": text}
    response: Any = jsonify(found)
    response.status_code, response.mimetype = status, PROBLEM
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response  # type: ignore[no-any-return]
