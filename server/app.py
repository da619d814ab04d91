"""The web application: the pages and the API together, with what protects both."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask, g, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import assets, catalogue
from dashboards import pages as drawn
from dashboards.wording import count
from server import api, browser, faults, viewing, web, web_health, web_hooks, webhook
from server.files import spared
from server.gate import guard
from server.house import House, NotHereError, NotYouError, let_go, utc_now
from server.limits import make_limiter
from server.oauth import Forges
from server.paths import data_dir
from server.proxies import RealAddress
from server.service import sessions
from server.service.signin import ScopeError
from server.settings import Settings
from server.store import Database
from server.web_compressing import compress

log = structlog.get_logger()

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
LARGEST_REQUEST = 64 * 1024
# Once seen over https, browsers come that way only, for a year.
HTTPS_ONLY = "max-age=31536000"


def create_app(settings: Settings, database: Database, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The application over an open database. `clock` gives the time, in UTC."""
    house = House(settings, database, clock)
    catalogue.speak(settings.language)
    app = Flask("server", static_folder=str(assets.FOLDER), static_url_path="/static")
    _configure(app, settings)
    limiter = make_limiter(app, settings)
    pages = web.make_pages(house, limiter, Forges(app, settings))
    endpoints = api.make_api(house, limiter, lambda described: drawn.api(described, viewing.viewer(house)))
    app.register_blueprint(pages)
    from_zulip = webhook.make_webhook(house)
    app.register_blueprint(endpoints)
    app.register_blueprint(from_zulip)
    app.register_blueprint(web_health.make_health(house, limiter))
    from_forges = web_hooks.make_hooks(house, limiter)
    app.register_blueprint(from_forges)
    csrf = CSRFProtect(app)
    csrf.exempt(endpoints)  # a token needs none; for a session the API asks for it itself
    csrf.exempt(from_zulip)  # which has a token
    csrf.exempt(from_forges)  # which sign
    app.before_request(lambda: _recognise(house))
    app.before_request(lambda: guard(house))
    app.teardown_request(lambda _error: let_go())
    app.after_request(spared)  # what is registered first comes last: as it is sent
    compress(app)
    app.after_request(lambda response: _protect(response, settings))
    _answer_errors(app, house, limiter)
    if settings.trusted_proxies:
        app.wsgi_app = RealAddress(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=_secret_key(settings),
        # Browsers take a cookie of that name from this very host alone, and over https.
        SESSION_COOKIE_NAME="__Host-chantier" if _is_safe(settings) else "chantier",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=_is_safe(settings),
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False


def _is_safe(settings: Settings) -> bool:
    return settings.base_url.startswith("https://")


def _secret_key(settings: Settings) -> str:
    """From the environment, else made once and kept in the data folder, for its owner only."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    file = data_dir() / "secret-key"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _make_key(file)
    except FileExistsError:
        return file.read_text()


def _make_key(file: Path) -> str:
    key = secrets.token_urlsafe(48)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(key)
    try:
        os.link(new, file)  # two servers that start at once: one of them wins, whole
    finally:
        new.unlink()
    return key


def _recognise(house: House) -> None:
    """Find out who is asking: by the token that comes with a request to the API, or else by the session."""
    g.person, g.session, g.by_token = None, None, False
    if request.path.startswith(f"{api.ROOT}/") and (person := api.bearer(house)):
        g.person, g.by_token = person, True
    elif request.endpoint != "static":
        browser.recognise(house)


def _policy() -> str:
    """What a page may load and do: nothing that is not ours, and nothing that stands in the page itself."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _protect(response: Response, settings: Settings) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    if _is_safe(settings):
        response.headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _answer_errors(app: Flask, house: House, limiter: Limiter) -> None:
    def answer(status: int, title: str, text: str) -> Response:
        door = api.problem if request.path.startswith("/api/") else viewing.error_page
        return door(house, status, title, text)

    @app.errorhandler(NotHereError)
    def missing(error: NotHereError) -> Response:
        if request.path.startswith("/api/"):
            return api.problem(house, 404, "Not here", str(error))
        return viewing.error_page(house, 404, "Not here", str(error), error.near)

    @app.errorhandler(NotYouError)
    def unknown(error: NotYouError) -> Response:
        return answer(401, "Not a valid token", str(error))

    @app.errorhandler(ScopeError)
    def unfit(error: ScopeError) -> Response:
        return answer(403, "Not with this token", str(error))

    @app.errorhandler(UserError)
    def refused(error: UserError) -> Response:
        return answer(400, "That did not work", str(error))

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Response:
        return answer(
            400, "This form is too old", "Go back, load the page again, and send the form once more."
        )

    @app.errorhandler(TooManyRequests)
    def too_many(error: TooManyRequests) -> Response:
        seconds = _seconds_left(limiter)
        text = f"That was a lot of requests; wait {count(seconds, 'second')} and try again."
        response = answer(429, web.HTTP_WORDS[429][0], text)
        response.headers["Retry-After"] = str(seconds)
        return response

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        title, text = web.HTTP_WORDS.get(error.code or 500, (error.name, "The server cannot do that."))
        response = answer(error.code or 500, title, text)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        number = faults.record(error).id
        log.error("fault", fault=number, method=request.method, endpoint=request.endpoint)
        return answer(500, "Something broke", f"It is our fault, not yours, and it is logged as `{number}`.")


def _seconds_left(limiter: Limiter) -> int:
    """Until as much may be asked again."""
    reached = limiter.current_limit
    return max(1, int(reached.reset_at - time.time())) if reached else 60
