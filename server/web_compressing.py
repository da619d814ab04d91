"""Answers made smaller on their way, where whoever asks can read that and it is worth it."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, request
from werkzeug.wrappers import Response

# Less is not worth the while, in bytes; on a large text, more effort than this gains next to nothing.
LEAST, EFFORT = 1000, 5
# What has a mark of its content is sent again and again: so many of these are kept, compressed; of larger
# ones, in bytes, none, or anybody could fill the memory with what nobody else asks for.
_MOST, _LARGEST = 64, 4 << 20
_TEXTS = ("text/", "application/json", "application/javascript", "application/problem+json", "image/svg+xml")


def compress(app: Flask) -> None:
    """Let the application's answers be compressed."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if not (response.mimetype or "").startswith(_TEXTS) or response.status_code != 200:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    data, (mark, weak) = response.get_data(), response.get_etag()
    if len(data) < LEAST:
        return response
    response.set_data(
        _kept(mark, data) if mark and len(data) <= _LARGEST else gzip.compress(data, EFFORT, mtime=0)
    )
    response.headers["Content-Encoding"] = "gzip"
    if mark and not weak:  # which may be the same for both forms, as a strong one may not
        response.set_etag(mark, weak=True)
    return response


@lru_cache(maxsize=_MOST)
def _kept(mark: str, data: bytes) -> bytes:
    return gzip.compress(data, EFFORT, mtime=0)
