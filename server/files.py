"""Answers that are sent again only when they have changed, and files to be kept."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from server.house import SAFE


def tagged(content: str | bytes, kind: str) -> Response:
    """With a mark of its content, so that what is unchanged is not sent again."""
    response = Response(content, mimetype=kind)
    response.add_etag()
    return response.make_conditional(request)


def to_keep(content: str | bytes, kind: str, name: str) -> Response:
    """Which the browser saves under that name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)


def spared(response: Response) -> Response:
    """A page is not sent again to whoever has the very same; that it is the same shows once it is made."""
    is_page = response.mimetype == "text/html" and response.status_code == 200
    if not is_page or response.cache_control.no_store or request.method not in SAFE:
        return response
    response.add_etag()
    return response.make_conditional(request)
