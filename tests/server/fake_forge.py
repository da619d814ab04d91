"""A forge to sign in with, on the loopback: an authorization server of OAuth 2.0 (RFC 6749 and 7636), with
GitHub's API and with GitLab's OpenID Connect on top.

It believes nothing: every parameter is checked as by a real one, and a code is good once and for one minute.
What it does wrong, it does on demand.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from werkzeug.serving import make_server

from server.settings import SignInSettings

from .web_world import Site

CLIENT, SECRET = "client-7", "the secret of client 7"
KEY = RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256", "use": "sig"})


@dataclass
class User:
    """Somebody with an account there. `emails`: address -> whether it is verified."""

    id: int
    login: str
    name: str = ""
    emails: dict[str, bool] = field(default_factory=dict)


@dataclass
class Grant:
    """What stands behind a code."""

    user: User
    redirect_uri: str
    challenge: str
    nonce: str | None
    until: float


@dataclass
class FakeForge:
    """`user` is signed in there and agrees to everything; None says no.

    `wrong` names what the forge does otherwise than it should: `issuer`, `audience`, `nonce`, `signature`,
    `expired` (in the ID token), `no token` (none), `subject` (of the answer about the user), `no number`,
    `discovery` (of another), `mixed up` (an answer that says it is another's), `broken`, `away`.
    """

    user: User | None = None
    redirect_uri: str = ""
    wrong: str = ""
    url: str = ""
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, User] = field(default_factory=dict)

    def app(self) -> Flask:
        app = Flask("fake_forge")
        for path in ("/login/oauth/authorize", "/oauth/authorize"):
            app.add_url_rule(path, f"authorize {path}", self._authorize)
        for path in ("/login/oauth/access_token", "/oauth/token"):
            app.add_url_rule(path, f"token {path}", self._token, methods=["POST"])
        app.add_url_rule("/api/v3/user", "user", self._user)
        app.add_url_rule("/api/v3/user/emails", "emails", self._emails)
        app.add_url_rule("/oauth/userinfo", "userinfo", self._userinfo)
        app.add_url_rule("/.well-known/openid-configuration", "discovery", self._discovery)
        app.add_url_rule("/oauth/discovery/keys", "keys", self._keys)
        return app

    def _keys(self) -> Any:
        return jsonify({"keys": [KEY.as_dict(private=False)]})

    def _authorize(self) -> Any:
        asked = request.args.to_dict()
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") != self.redirect_uri:
            return "This application, or where it wants to be answered, is not known here.", 400
        if asked.get("response_type") != "code" or len(asked.get("state", "")) < 20:
            return self._back(asked, error="invalid_request")
        if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            return self._back(asked, error="invalid_request", error_description="PKCE is needed")
        if self.user is None:
            return self._back(asked, error="access_denied", error_description="<script>alert(1)</script>")
        code = secrets.token_urlsafe(16)
        self.codes[code] = Grant(
            self.user, self.redirect_uri, asked["code_challenge"], asked.get("nonce"), time.time() + 60
        )
        return self._back(asked, code=code)

    def _back(self, asked: dict[str, str], **answer: str) -> Any:
        if self.wrong == "mixed up":
            answer["iss"] = "https://evil.example"
        return redirect(f"{self.redirect_uri}?{urlencode(answer | {'state': asked.get('state', '')})}")

    def _token(self) -> Any:
        if self.wrong == "broken":
            return Response("<h1>Whoops</h1>", 502)
        form = request.form.to_dict()
        if not self._is_client(form):
            return jsonify({"error": "invalid_client"}), 401
        if form.get("grant_type") != "authorization_code":
            return jsonify({"error": "unsupported_grant_type"}), 400
        grant = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            grant is None
            or grant.until < time.time()
            or grant.redirect_uri != form.get("redirect_uri")
            or grant.challenge != challenge.rstrip(b"=").decode()
        ):
            return jsonify({"error": "invalid_grant"}), 400
        token = secrets.token_urlsafe(16)
        self.tokens[token] = grant.user
        answer = {"access_token": token, "token_type": "bearer", "expires_in": 7200}
        if grant.nonce is not None and self.wrong != "no token":
            answer["id_token"] = self._id_token(grant)
        return jsonify(answer)

    def _is_client(self, form: dict[str, str]) -> bool:
        basic = request.authorization
        if basic is not None and basic.type == "basic":
            return (basic.username, basic.password) == (CLIENT, SECRET)
        return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)

    def _id_token(self, grant: Grant) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://evil.example" if self.wrong == "issuer" else self.url,
            "sub": "ada" if self.wrong == "no number" else str(grant.user.id),
            "aud": "somebody else" if self.wrong == "audience" else CLIENT,
            "exp": now - 7200 if self.wrong == "expired" else now + 120,
            "iat": now,
            "nonce": "another" if self.wrong == "nonce" else grant.nonce,
        }
        key = OTHER_KEY if self.wrong == "signature" else KEY
        return str(jwt.encode({"alg": "RS256", "kid": "first"}, claims, key))

    def _who(self) -> User | None:
        return self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))

    def _user(self) -> Any:
        user = self._who()
        if user is None:
            return jsonify({"message": "Bad credentials"}), 401
        number = user.login if self.wrong == "no number" else user.id
        return jsonify({"id": number, "login": user.login, "name": user.name or None})

    def _emails(self) -> Any:
        user = self._who()
        if user is None:
            return jsonify({"message": "Bad credentials"}), 401
        return jsonify([{"email": one, "verified": good} for one, good in user.emails.items()])

    def _userinfo(self) -> Any:
        user = self._who()
        if user is None:
            return jsonify({"error": "invalid_token"}), 401
        email, verified = next(iter(user.emails.items()), (None, False))
        number = 999 if self.wrong == "subject" else user.id
        return jsonify(
            {
                "sub": str(number),
                "name": user.name,
                "nickname": user.login,
                "preferred_username": user.login,
                "email": email,
                "email_verified": verified,
            }
        )

    def _discovery(self) -> Any:
        if self.wrong == "away":
            return Response("", 503)
        return jsonify(
            {
                "issuer": "https://evil.example" if self.wrong == "discovery" else self.url,
                "authorization_endpoint": f"{self.url}/oauth/authorize",
                "token_endpoint": f"{self.url}/oauth/token",
                "userinfo_endpoint": f"{self.url}/oauth/userinfo",
                "jwks_uri": f"{self.url}/oauth/discovery/keys",
                "response_types_supported": ["code"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )


def trusting(site: Site, forge: FakeForge, base_url: str) -> Site:
    """The site at that address, where people may sign in with this forge, as GitHub and as GitLab."""
    told = SignInSettings(github=CLIENT, github_site=forge.url, gitlab=CLIENT, gitlab_site=forge.url)
    secret = SecretStr(SECRET)
    changes = {"base_url": base_url, "signin": told, "github_secret": secret, "gitlab_secret": secret}
    return Site(site.database, replace(site.settings, **changes))


@contextmanager
def serving(forge: FakeForge) -> Iterator[FakeForge]:
    """The forge at its `url` within the block."""
    server = make_server("127.0.0.1", 0, forge.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    forge.url = f"http://127.0.0.1:{server.server_port}"
    yield forge
    server.shutdown()
    thread.join(5)
