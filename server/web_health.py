"""For whoever watches over the machines: whether the server lives, and whether it can answer."""

from __future__ import annotations

import structlog
from flask import Blueprint as Routes
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from server.house import House
from server.service import health

# Whoever watches asks every few seconds, and nobody needs to more often.
_OFTEN = "120 per minute"

log = structlog.get_logger(__name__)


def make_health(house: House, limiter: Limiter) -> Routes:
    """Neither address says anything about what is kept here."""
    routes = Routes("health", __name__)

    @routes.get("/healthz")
    def alive() -> Response:
        return _answer(200, "alive")

    @routes.get("/readyz")
    @limiter.limit(_OFTEN)
    def ready() -> Response:
        try:
            with house.database.reading() as store:
                health.answer(store)
        except Exception as error:  # noqa: BLE001  (whatever it is, the server cannot answer now)
            log.error("not ready", error=type(error).__name__)
            return _answer(503, "not ready")
        return _answer(200, "ready")

    return routes


def _answer(status: int, word: str) -> Response:
    return Response(f"{word}\n", status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
