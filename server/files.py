"""Answers that are files: sent again only when they have changed, or to be kept."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response


def tagged(content: str | bytes, kind: str) -> Response:
    """With a mark of its content, so that what is unchanged is not sent again."""
    response = Response(content, mimetype=kind)
    response.add_etag()
    return response.make_conditional(request)


def to_keep(content: str | bytes, kind: str, name: str) -> Response:
    """Which the browser saves under that name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
