"""How much one may ask for: of everything, and of what takes long to work out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.errors import ConfigurationError

from blueprint.errors import UserError
from server.house import House
from server.settings import IN_MEMORY, Settings

View = Callable[..., Any]


def make_limiter(app: Flask, settings: Settings) -> Limiter:
    """Counts what is asked. Where the storage for that is away, each process counts for itself.

    Raises `UserError` where there can be no such storage.
    """
    url, most = settings.limits_url.get_secret_value(), settings.limits.requests
    try:
        return Limiter(
            _asker,
            app=app,
            storage_uri=url,
            in_memory_fallback_enabled=url != IN_MEMORY,
            application_limits=[f"{most} per minute"] if most else None,
            application_limits_exempt_when=lambda: request.endpoint == "static",
        )
    except (ConfigurationError, ValueError) as error:
        raise UserError(f"The storage for rate limits in the settings cannot be used: {error}.") from error


def costly(
    house: House, limiter: Limiter, is_costly: Callable[[], bool] = lambda: True
) -> Callable[[View], View]:
    """For views that take long, always or where a request `is_costly`: these are counted together."""
    most = house.settings.limits.costly
    if not most:
        return lambda view: view
    return limiter.shared_limit(
        f"{most} per minute", "costly", exempt_when=lambda: not is_costly(), override_defaults=False
    )


def _asker() -> str:
    """Before it is known who asks, and where nobody is signed in, an address."""
    person = g.get("person")
    return f"person {person.id}" if person else get_remote_address()
