"""The web application: the pages and the API together, with what protects both."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask, g, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import assets
from server import api, faults, web, web_health, webhook
from server.house import House, NotHereError, NotYouError, utc_now
from server.paths import data_dir
from server.service import people
from server.service.signin import ScopeError
from server.settings import Settings
from server.store import Database

log = structlog.get_logger()

STYLES_MAY_BE_INLINE = "'unsafe-inline'"  # MathJax makes style elements; scripts may not be inline
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        f"style-src 'self' {STYLES_MAY_BE_INLINE}",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
LARGEST_REQUEST = 64 * 1024
STAY_SIGNED_IN = timedelta(days=30)


def create_app(settings: Settings, database: Database, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The application over an open database. `clock` gives the time, in UTC."""
    house = House(settings, database, clock)
    app = Flask("server", static_folder=str(assets.FOLDER), static_url_path="/static")
    _configure(app, settings)
    # Counted in memory: enough for one process; where there are several, the proxy has to count.
    limiter = Limiter(_asker, app=app, storage_uri="memory://")
    pages, endpoints = web.make_pages(house, limiter), api.make_api(house, limiter)
    app.register_blueprint(pages)
    from_zulip = webhook.make_webhook(house)
    app.register_blueprint(endpoints)
    app.register_blueprint(from_zulip)
    app.register_blueprint(web_health.make_health(house))
    csrf = CSRFProtect(app)
    csrf.exempt(endpoints)  # a token needs none; for a session the API asks for it itself
    csrf.exempt(from_zulip)  # which has a token
    app.before_request(lambda: _recognise(house))
    app.after_request(_protect)
    _answer_errors(app, house)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=_secret_key(settings),
        SESSION_COOKIE_NAME="chantier",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=STAY_SIGNED_IN,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False


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


def _asker() -> str:
    person = g.get("person")
    return f"person {person.id}" if person else get_remote_address()


def _recognise(house: House) -> None:
    """Find out who is asking; a session of somebody who is gone is nobody's."""
    g.person, g.by_token = None, False
    if request.path.startswith(f"{api.ROOT}/") and (person := api.bearer(house)):
        g.person, g.by_token = person, True
        return
    known = session.get("person")
    if known is None or request.endpoint == "static":
        return
    with house.database.reading() as store:
        try:
            g.person = people.get(store, known)
        except UserError:
            session.clear()


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _answer_errors(app: Flask, house: House) -> None:
    def answer(status: int, title: str, text: str) -> Response:
        door = api.problem if request.path.startswith("/api/") else web.error_page
        return door(house, status, title, text)

    @app.errorhandler(NotHereError)
    def missing(error: NotHereError) -> Response:
        if request.path.startswith("/api/"):
            return api.problem(house, 404, "Not here", str(error))
        return web.error_page(house, 404, "Not here", str(error), error.near)

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

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        title, text = web.HTTP_WORDS.get(error.code or 500, (error.name, "The server cannot do that."))
        return answer(error.code or 500, title, text)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        number = faults.record(error).id
        log.error("fault", fault=number, method=request.method, endpoint=request.endpoint)
        return answer(500, "Something broke", f"It is our fault, not yours, and it is logged as `{number}`.")
