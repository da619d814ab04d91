"""Who is looking at a page, and the page that tells them what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import cast
from urllib.parse import quote

from flask import g, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from dashboards import pages
from dashboards.viewing import Flash, Viewer
from server.house import House
from server.service import people
from server.work.permissions import Role


def viewer(house: House) -> Viewer:
    """Who is looking; what they have to be told is told by this."""
    told = cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
    flashes = tuple(Flash(kind, text) for kind, text in told)
    person = g.get("person")
    return Viewer(
        now=house.clock(),
        person=person.id if person else None,
        name=person.name if person else None,
        maintainer=g.get("role", Role.VISITOR).covers(Role.MAINTAINER),
        owner=g.get("role", Role.VISITOR).covers(Role.OWNER),
        csrf_token=generate_csrf(),
        flashes=flashes,
        zone=people.zone_of(person) if person else UTC,
        address=house.settings.base_url + quote(request.path, safe="/:%"),
    )


def error_page(
    house: House, status: int, title: str, text: str, near: Sequence[tuple[str, str]] = ()
) -> Response:
    """`near`: addresses of what may be meant, and what to call them."""
    html = pages.error(viewer(house), status, title, text, near)
    return Response(html, status, mimetype="text/html")
