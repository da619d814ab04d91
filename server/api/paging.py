"""Long lists, a page at a time: where the next page begins is a cursor, which says after what.

A cursor holds the name of the last thing that was shown, and its place for the case that the thing is gone
meanwhile; so what comes into a list, before or after, moves nothing onto two pages or onto none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import request
from pydantic import Field
from typing_extensions import TypedDict
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards.documents.describing import described
from server.api.asking import Query, Words

USUAL, MOST = 50, 200
_LARGEST = 2**53
_LONGEST = 60  # characters of a name in a cursor, as JSON writes it

Thing = TypeVar("Thing")
Shown = TypeVar("Shown")


class Paged(Query):
    """Which part of a list."""

    cursor: Words = Field("", description="`next` of the page before; without it, the first page.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="How many at most.")


@described
class Listed(TypedDict, Generic[Shown]):
    """A page of a list."""

    items: list[Shown]
    """What is on this page."""
    next: str | None
    """The cursor of the next page; none where this is the last."""


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: after the thing of that name, which was at that place, counted from 0."""

    place: int
    name: str


def page(
    asked: Paged, things: Sequence[Thing], name: Callable[[Thing], object], show: Callable[[Thing], Shown]
) -> Listed[Shown]:
    """The page of `things` that is asked for; `name` tells them apart. Raises `UserError` on a bad cursor."""
    begin = _begin(asked, [_short(str(name(thing))) for thing in things])
    shown = things[begin : begin + asked.limit]
    end = begin + len(shown)
    more = After(end - 1, _short(str(name(shown[-1])))) if shown and end < len(things) else None
    return {"items": [show(thing) for thing in shown], "next": written(more) if more else None}


def _short(name: str) -> str:
    """What stands for a name in a cursor, which has to fit into an address whatever strangers call things."""
    if len(json.dumps(name)) <= _LONGEST:
        return name
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_LONGEST]


def _begin(asked: Paged, names: Sequence[str]) -> int:
    after = read(asked.cursor)
    if after is None:
        return 0
    if after.place < len(names) and names[after.place] == after.name:
        return after.place + 1
    return names.index(after.name) + 1 if after.name in names else after.place


def written(after: After) -> str:
    """The cursor; it is good for the list that it was made for."""
    text = json.dumps([request.endpoint, after.place, after.name], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str) -> After | None:
    """None for the first page. Raises `UserError` for what is no cursor of this list."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _unknown() from error
    match found:
        case [str() as endpoint, int() as place, str() as name]:
            if endpoint == request.endpoint and 0 <= place < _LARGEST:
                return After(place, name)
    raise _unknown()


def _unknown() -> UserError:
    return UserError("The parameter `cursor` is none of this list; take `next` of the page before.")


def linked(response: Response, cursor: str | None) -> Response:
    """With the address of the next page in a `Link` header."""
    if cursor:
        asked = urlencode({**request.args.to_dict(), "cursor": cursor})
        response.headers["Link"] = f'<{request.path}?{asked}>; rel="next"'
    return response
