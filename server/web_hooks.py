"""The way in for forges: what they tell is kept once its signature holds, and worked off afterwards."""

from __future__ import annotations

import structlog
from flask import Blueprint as Routes
from flask import jsonify, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from server.forges.events import Forge
from server.forges.signatures import claims_a_signature
from server.house import House, one_of
from server.service import hooks

LARGEST = 5 * 1024 * 1024  # bytes
DELIVERIES = "1200 per minute"  # of one address; a forge has few, and many events

log = structlog.get_logger(__name__)


def make_hooks(house: House, limiter: Limiter) -> Routes:
    """The route. What lets in is a signature, so it asks for no session, also where a project is private."""
    routes = Routes("forge", __name__)

    @routes.post(f"/forge/<project>/<{one_of(forge.value for forge in Forge)}:forge>")
    @limiter.limit(DELIVERIES)
    def told(project: str, forge: str) -> Response:
        return _taken(house, project, Forge(forge))

    return routes


def _taken(house: House, slug: str, forge: Forge) -> Response:
    """The same answer for a project that is not there, one without a webhook, and a wrong signature.

    Nothing is read of what is too large or carries no signature, and nothing parsed before that holds.
    """
    if refused := _refused(forge):
        return refused
    headers, body, now = _headers(), request.get_data(cache=False), house.clock()
    with house.database.reading() as store:
        hook = hooks.signer(store, slug, forge, headers, body, now)
    if hook is None:
        return _unknown(forge)
    if request.mimetype != "application/json":
        return _say(415, "Choose `application/json` as the content type of the webhook.")
    with house.database.begin() as store:
        said = hooks.take_in(store, hook, headers, body, now)
    return _say(202, said) if said else _unknown(forge)


def _refused(forge: Forge) -> Response | None:
    """By the headers alone. What does not say how long it is counts as empty, and no more is read of it."""
    request.max_content_length = LARGEST
    if (request.content_length or 0) > LARGEST:
        return _say(413, f"A delivery may have {LARGEST // 2**20} MB at most.")
    return None if claims_a_signature(forge, _headers()) else _unknown(forge)


def _headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers}


def _unknown(forge: Forge) -> Response:
    log.warning("delivery without a signature that fits", forge=forge.value)
    return _say(404, "There is no such webhook here, or the secret is not the one that it was given.")


def _say(status: int, text: str) -> Response:
    answer = jsonify({"detail": text})
    answer.status_code = status
    return answer
