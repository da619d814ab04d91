"""Signing in with a forge: there, back, and who that is; and adding its accounts to one's own page."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint as Routes
from flask import flash, g, redirect, request, session
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from dashboards import access_pages
from dashboards.access import Identity
from dashboards.repository_address import site_and_name
from dashboards.texts import later
from server import browser
from server.house import NUMBER, SIGN_INS, WRITES, House
from server.oauth import Forges
from server.records.access import Purpose
from server.records.people import Way
from server.service import accounts, linking, signin
from server.service.accounts import Visitor
from server.store import Store
from server.store.people import ACCOUNT, LOGIN
from server.viewing import viewer

PATIENCE = timedelta(minutes=15)
_ERRAND = "errand"
_NEWCOMER = "newcomer"
_KINDS = {
    "zulip": later("Zulip account"),
    "git": later("Commits by"),
    LOGIN: later("Account on the forge"),
}


def add_forges(routes: Routes, house: House, limiter: Limiter, forges: Forges) -> None:
    """The routes."""
    _there_and_back(routes, house, limiter, forges)
    _newcomers(routes, house, limiter, forges)
    _own_page(routes, house, limiter, forges)
    _joining(routes, house, limiter)


def identities_of(store: Store, forges: Forges) -> list[Identity]:
    """What leads to whoever is looking."""
    return [_identity(way, forges) for way in accounts.ways(store, g.person)]


def _identity(way: Way, forges: Forges) -> Identity:
    if way.kind == LOGIN:
        return Identity(way.id, _KINDS[LOGIN], linking.address_of_login(way.value), way.since)
    if way.kind != ACCOUNT:
        return Identity(way.id, _KINDS.get(way.kind, way.kind), way.value, way.since)
    site, number = site_and_name(way.value)
    return Identity(way.id, forges.named(site), way.called or number, way.since, ends=True)


def _there_and_back(routes: Routes, house: House, limiter: Limiter, forges: Forges) -> None:
    @routes.post("/sign-in/with/<forge>")
    @limiter.limit(SIGN_INS)
    def sign_in_with(forge: str) -> Response:
        return _send(house, forges, forge, None)

    @routes.get("/sign-in/with/<forge>/back")
    @limiter.limit(SIGN_INS)
    def back_from(forge: str) -> Response:
        person_id = _errand(house, forge)
        visitor = forges.visitor(forge)
        return _signed_in(house, visitor) if person_id is None else _linked(house, visitor, person_id)


def _send(house: House, forges: Forges, forge: str, person_id: int | None) -> Response:
    """To the forge, by a page of ours: the policy lets no form lead elsewhere, whatever comes after."""
    state = secrets.token_urlsafe(32)
    address = forges.address(forge, state)
    began = house.clock().isoformat()
    session[_ERRAND] = {"state": state, "forge": forge, "for": person_id, "began": began}
    html = access_pages.leaving(viewer(house), address, forges.known[forge].name)
    headers = {"Refresh": f"0; url={address}", "Cache-Control": "no-store"}
    return Response(html, mimetype="text/html", headers=headers)


def _errand(house: House, forge: str) -> int | None:
    """For whom the browser was sent there, if for anybody; it is over by this. `UserError` if it was not."""
    errand = session.pop(_ERRAND, None)
    fits = (
        errand is not None
        and errand["forge"] == forge
        and hmac.compare_digest(errand["state"].encode(), request.args.get("state", "").encode())
        and house.clock() - datetime.fromisoformat(errand["began"]) <= PATIENCE
    )
    if not fits:
        raise UserError("This is not the way you left by, or it was too long ago; begin again.")
    person_id: int | None = errand["for"]
    return person_id


def _signed_in(house: House, visitor: Visitor) -> Response:
    with house.database.begin() as store:
        person = accounts.enter(store, visitor, house.clock())
    if person is None:
        until = (house.clock() + PATIENCE).isoformat()
        session[_NEWCOMER] = asdict(visitor) | {"until": until}
        return redirect("/sign-in/new", 303)
    after = browser.enter(house, person, visitor.value)
    flash(f"Welcome, {person.name}.", "done")
    return redirect(after, 303)


def _linked(house: House, visitor: Visitor, person_id: int) -> Response:
    if g.person is None or g.person.id != person_id:
        raise UserError("You are not signed in any more as who you were when you left; begin again.")
    with house.database.begin() as store:
        words = accounts.link(store, g.person, visitor, house.clock())
    flash(words, "done")
    return redirect("/account#identities", 303)


def _newcomers(routes: Routes, house: House, limiter: Limiter, forges: Forges) -> None:
    @routes.get("/sign-in/new")
    def newcomer() -> str:
        visitor, is_open = _waiting(house), house.settings.signin.open
        with house.reading() as store:
            person = accounts.by_commits(store, visitor)
        name, site = person.name if person else visitor.name or visitor.login, forges.named(visitor.site)
        return access_pages.newcomer(
            viewer(house), site, visitor.login, name, known=person is not None, is_open=is_open
        )

    @routes.post("/sign-in/new")
    @limiter.limit(SIGN_INS)
    def join() -> Response:
        visitor, now, name = _waiting(house), house.clock(), request.form.get("name", "").strip()
        try:
            with house.database.begin() as store:
                person = accounts.join(store, visitor, name, now, is_open=house.settings.signin.open)
        except UserError as error:
            flash(str(error), "refused")
            return redirect("/sign-in/new", 303)
        after = browser.enter(house, person, visitor.value)
        flash(f"Welcome, {person.name}.", "done")
        return redirect(after, 303)


def _waiting(house: House) -> Visitor:
    """Who came from a forge and is not known here. `UserError` where nobody did."""
    told = dict(session.get(_NEWCOMER) or {})
    until = told.pop("until", None)
    if until is None or datetime.fromisoformat(until) < house.clock():
        session.pop(_NEWCOMER, None)
        raise UserError("That was too long ago; sign in again.")
    return Visitor(**told | {"emails": tuple(told["emails"])})


def _joining(routes: Routes, house: House, limiter: Limiter) -> None:
    @routes.get("/account/link/<token>")
    @limiter.limit(WRITES)
    def joining(token: str) -> str | Response:
        if g.person is None:
            return redirect(f"/sign-in?{urlencode({'next': request.path})}", 303)
        with house.reading() as store:
            other = signin.look_at(store, token, house.clock(), Purpose.LINK)
        return access_pages.joining(viewer(house), token, other.name)

    @routes.post("/account/link/<token>")
    @limiter.limit(SIGN_INS)
    def joined(token: str) -> Response:
        if g.person is None:
            return redirect("/sign-in", 303)
        with house.database.begin() as store:
            other = signin.redeem(store, token, house.clock(), Purpose.LINK)
            person = accounts.unite(store, g.person, other, house.clock())
        flash(f"You are {person.name}, wherever you sign in.", "done")
        return redirect("/account#identities", 303)


def _own_page(routes: Routes, house: House, limiter: Limiter, forges: Forges) -> None:
    @routes.post("/account/identities/<forge>")
    @limiter.limit(SIGN_INS)
    def add_account(forge: str) -> Response:
        if g.person is None:
            return redirect("/sign-in", 303)
        return _send(house, forges, forge, g.person.id)

    @routes.post(f"/account/identities/<{NUMBER}:number>/end")
    @limiter.limit(WRITES)
    def end_account(number: int) -> Response:
        if g.person is None:
            return redirect("/sign-in", 303)
        try:
            with house.database.begin() as store:
                words = accounts.unlink(store, g.person, number)
        except UserError as error:
            flash(str(error), "refused")
            return redirect("/account#identities", 303)
        stays = browser.is_in(house)
        flash(words, "done")
        return redirect("/account#identities" if stays else "/sign-in", 303)
