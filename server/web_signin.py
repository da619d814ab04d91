"""The pages for getting in and out: links, sessions, and tokens for programs."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint as Routes
from flask import flash, g, redirect, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import access_pages
from dashboards.access import Access, SignedIn, Token
from server import browser
from server.house import NUMBER, SIGN_INS, WRITES, House
from server.oauth import Forges
from server.outcomes import tell
from server.service import accounts, sessions, signin
from server.store import Store
from server.viewing import viewer
from server.web_forges import add_forges, identities_of

# Days for which a token may be good.
LIVES = (30, 90, 365)
_TOKENS = "/account#tokens"


def add_signin(routes: Routes, house: House, limiter: Limiter, forges: Forges) -> None:
    """The routes by which people get in and out."""
    _links(routes, house, limiter, forges)
    add_forges(routes, house, limiter, forges)
    _sessions(routes, house, limiter)
    _tokens(routes, house, limiter)


def access_of(store: Store, house: House, forges: Forges) -> Access:
    """By what whoever is looking gets in."""
    now, here = house.clock(), g.session.id if g.session else None
    return Access(
        identities=identities_of(store, forges),
        sessions=[
            SignedIn(one.id, one.agent, one.created, one.seen, one.expires, one.id == here)
            for one in sessions.listing(store, g.person, now)
        ],
        tokens=[
            Token(one.id, one.label, sorted(one.scopes), one.created, one.expires, one.used)
            for one in signin.tokens(store, g.person, now)
        ],
        forges=tuple(forges.known.values()),
        lives=LIVES,
        chat=house.settings.zulip.site,
        chats=any(way.kind == "zulip" for way in accounts.ways(store, g.person)),
    )


def _links(routes: Routes, house: House, limiter: Limiter, forges: Forges) -> None:
    @routes.get("/sign-in")
    def sign_in() -> str:
        browser.remember_next()
        return access_pages.sign_in(viewer(house), house.settings.zulip.site, tuple(forges.known.values()))

    @routes.get("/sign-in/<token>")
    @limiter.limit(WRITES)
    def login(token: str) -> str:
        with house.reading() as store:
            person = signin.look_at(store, token, house.clock())
        return access_pages.login(viewer(house), token, person.name)

    @routes.post("/sign-in/<token>")
    @limiter.limit(SIGN_INS)
    def redeem(token: str) -> Response:
        with house.database.begin() as store:
            person = signin.redeem(store, token, house.clock())
        after = browser.enter(house, person)
        flash(f"Welcome, {person.name}.", "done")
        return redirect(after, 303)

    @routes.post("/sign-out")
    def sign_out() -> Response:
        browser.leave(house)
        flash("You are signed out.", "done")
        return redirect("/", 303)


def _sessions(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post(f"/account/sessions/<{NUMBER}:number>/end")
    @limiter.limit(WRITES)
    def end_session(number: int) -> Response:
        return tell(house, lambda store: sessions.end_one(store, g.person, number), "/account")

    @routes.post("/account/sessions/end")
    @limiter.limit(WRITES)
    def end_sessions() -> Response:
        return tell(house, lambda store: sessions.end_all(store, g.person), "/")


def _tokens(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.post("/account/tokens")
    @limiter.limit(SIGN_INS)
    def make_own_token() -> Response:
        """Answers with the token itself: it is stored nowhere that a redirect could fetch it from."""
        if g.person is None:
            return redirect("/sign-in", 303)
        label, days = request.form.get("label", "").strip() or "no name", request.form.get("days", type=int)
        if days not in LIVES:
            raise UserError("Choose for how long the token is to be good.")
        scopes = signin.SCOPES if request.form.get("write") else frozenset({"read"})
        with house.database.begin() as store:
            token = signin.make_token(store, g.person, label, house.clock(), scopes, timedelta(days=days))
        html = access_pages.new_token(viewer(house), token)
        return Response(html, mimetype="text/html", headers={"Cache-Control": "no-store"})

    @routes.post(f"/account/tokens/<{NUMBER}:number>/end")
    @limiter.limit(WRITES)
    def end_own_token(number: int) -> Response:
        return tell(house, lambda store: signin.end_token(store, g.person, number, house.clock()), _TOKENS)

    @routes.post("/account/tokens/end")
    @limiter.limit(WRITES)
    def end_own_tokens() -> Response:
        return tell(house, lambda store: signin.end_tokens(store, g.person, house.clock()), _TOKENS)
