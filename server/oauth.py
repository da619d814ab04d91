"""The forges that people sign in with: OAuth 2.0 by Authlib, whose only door this is.

GitHub tells who came by its API, GitLab by OpenID Connect. Of either, only what comes from the forge itself
is believed, over a request of ours: nothing that the browser brings but the code.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth, OAuthError
from flask import Flask, request, session
from joserfc.errors import JoseError
from requests import RequestException

from blueprint.errors import UserError
from dashboards.access import WayIn
from dashboards.repository_address import site_of
from server.service.accounts import Visitor
from server.settings import Settings

log = structlog.get_logger(__name__)
# Else it writes down what nobody but the forge may know.
logging.getLogger("authlib").setLevel(logging.INFO)

SECONDS = 10
# What is told of somebody has to fit into a cookie until they have said who they are here.
MOST_EMAILS, LONGEST_EMAIL, LONGEST_NAME = 10, 120, 100
_TALK = {"code_challenge_method": "S256", "default_timeout": SECONDS}
# What Authlib, its parts and wrong answers of a forge raise.
_FAULTS = (OAuthError, JoseError, RequestException, LookupError, TypeError, ValueError, RuntimeError)


class Forges:
    """Those that the settings name."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """`UserError` where a forge is named without the secret that it gave us."""
        self._settings = settings
        self._oauth: Any = OAuth(app)
        self.known: dict[str, WayIn] = {}
        signin = settings.signin
        if signin.github:
            self._add_github(signin.github, signin.github_site)
        if signin.gitlab:
            self._add_gitlab(signin.gitlab, signin.gitlab_site)

    def address(self, key: str, state: str) -> str:
        """Where the browser is to go; `state` comes back with it. `UserError` where the forge is away."""
        client, name = self._client(key), self.known[key].name
        try:
            if "openid" in client.client_kwargs["scope"]:
                self._require_issuer(client, key)
            _forget_others()
            back = f"{self._settings.base_url}/sign-in/with/{key}/back"
            return str(client.authorize_redirect(back, state=state).location)
        except _FAULTS as error:
            log.warning("a forge could not be asked", forge=key, why=type(error).__name__)
            raise UserError(f"{name} does not answer as it should; try again later.") from error

    def visitor(self, key: str) -> Visitor:
        """Who has come back with this request. `UserError` where the forge does not vouch for them."""
        client, name = self._client(key), self.known[key].name
        try:
            self._require_answer_of(key)
            return _READERS[key](client, client.authorize_access_token(), self._site(key))
        except _FAULTS as error:
            log.warning("a forge did not vouch", forge=key, why=type(error).__name__)
            if request.args.get("error") == "access_denied":
                raise UserError(f"{name} says that you did not agree, so nothing has changed.") from error
            raise UserError(f"{name} did not say who you are; begin again.") from error

    def named(self, site: str) -> str:
        """What to call a site that an account is of."""
        found = (forge.name for key, forge in self.known.items() if self._site(key) == site)
        return next(found, urlsplit(site).hostname or site)

    def _add_github(self, id: str, site: str) -> None:
        api = "https://api.github.com/" if site == "https://github.com" else f"{site}/api/v3/"
        self._register(
            "github",
            WayIn("github", _name("GitHub", site, "https://github.com")),
            client_id=id,
            client_secret=_secret(self._settings.github_secret, "CHANTIER_GITHUB_SECRET"),
            authorize_url=f"{site}/login/oauth/authorize",
            access_token_url=f"{site}/login/oauth/access_token",
            api_base_url=api,
            client_kwargs=_TALK
            | {"scope": "read:user user:email", "token_endpoint_auth_method": "client_secret_post"},
        )

    def _add_gitlab(self, id: str, site: str) -> None:
        self._register(
            "gitlab",
            WayIn("gitlab", _name("GitLab", site, "https://gitlab.com")),
            client_id=id,
            client_secret=_secret(self._settings.gitlab_secret, "CHANTIER_GITLAB_SECRET"),
            server_metadata_url=f"{site}/.well-known/openid-configuration",
            client_kwargs=_TALK | {"scope": "openid profile email"},
        )

    def _register(self, key: str, forge: WayIn, **values: Any) -> None:
        self._oauth.register(key, **values)
        self.known[key] = forge

    def _client(self, key: str) -> FlaskOAuth2App:
        if key not in self.known:
            raise UserError("This server lets nobody sign in that way.")
        client: FlaskOAuth2App = self._oauth.create_client(key)
        return client

    def _site(self, key: str) -> str:
        signin = self._settings.signin
        return {"github": signin.github_site, "gitlab": signin.gitlab_site}[key]

    def _require_issuer(self, client: FlaskOAuth2App, key: str) -> None:
        if site_of(client.load_server_metadata()["issuer"]) != self._site(key):
            raise ValueError("it says that it is another one")

    def _require_answer_of(self, key: str) -> None:
        """Where an answer says whose it is (RFC 9207), it is that of the forge that was asked."""
        issuer, site = request.args.get("iss"), self._site(key)
        if issuer is not None and issuer.rstrip("/") != site and not issuer.startswith(f"{site}/"):
            raise ValueError("the answer is that of another one")


def _forget_others() -> None:
    """Only who left last comes back; what Authlib keeps of the others would fill the cookie."""
    for key in [key for key in session if key.startswith("_state_")]:
        session.pop(key)


def _name(name: str, site: str, usual: str) -> str:
    return name if site == usual else f"{name} ({urlsplit(site).netloc})"


def _secret(secret: Any, variable: str) -> str:
    if secret is None:
        raise UserError(f"Set {variable}: the settings let people sign in with that forge.")
    return str(secret.get_secret_value())


def _from_github(client: FlaskOAuth2App, token: Mapping[str, Any], site: str) -> Visitor:
    user, emails = (_told(client, path, token) for path in ("user", "user/emails"))
    verified = [str(one["email"]) for one in emails if one["verified"] is True]
    return _visitor(site, user["id"], user["login"], user.get("name"), verified)


def _from_gitlab(client: FlaskOAuth2App, token: Mapping[str, Any], site: str) -> Visitor:
    claims = token["userinfo"]  # of the ID token, whose signature, issuer, audience and nonce were checked
    told = _told(client, client.load_server_metadata()["userinfo_endpoint"], token)
    if told["sub"] != claims["sub"]:
        raise ValueError("the two answers are about different people")
    login = str(told.get("preferred_username") or told.get("nickname") or claims["sub"])
    verified = [str(told["email"])] if told.get("email_verified") is True and told.get("email") else []
    return _visitor(site, claims["sub"], login, told.get("name"), verified)


def _visitor(site: str, number: object, login: object, name: object, emails: list[str]) -> Visitor:
    short = [email for email in emails if len(email) <= LONGEST_EMAIL]
    known_as = (str(login)[:LONGEST_NAME], str(name or "")[:LONGEST_NAME])
    return Visitor(site, _number(number), *known_as, tuple(short[:MOST_EMAILS]))


_READERS: Mapping[str, Callable[[FlaskOAuth2App, Mapping[str, Any], str], Visitor]] = {
    "github": _from_github,
    "gitlab": _from_gitlab,
}


def _told(client: Any, address: str, token: Mapping[str, Any]) -> Any:
    response = client.get(address, token=token)
    response.raise_for_status()
    return response.json()


def _number(value: object) -> str:
    """The number of an account. `ValueError` where it is none, for nothing else lasts."""
    if isinstance(value, bool) or not str(value).isascii() or not str(value).isdigit():
        raise ValueError("the account has no number")
    return str(value)[:40]
