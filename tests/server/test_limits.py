"""Who asks for too much is told to wait; nobody else is, and nobody who only looks around."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask_limiter.util import get_qualified_name

from server import web_hooks
from server.settings import LimitSettings

from .web_world import Site, form_token

# Leaving costs nothing, and must always be possible; the chat proves itself by a token, for all its people.
UNLIMITED = {"pages.sign_out", "zulip.webhook"}
WATCH = "/p/num/nodes/def:prime/watch"
PARTS = "/p/num/graph.json?focus=thm:euclid"


def limited(site: Site, **limits: int) -> Site:
    return Site(site.database, replace(site.settings, limits=LimitSettings(**limits)))


def test_what_takes_long_is_counted_together(site: Site) -> None:
    client = limited(site, costly=3).client()
    costly = (PARTS, "/p/num/graph.svg", "/p/num/report?since=2026-01-01")
    assert [client.get(address).status_code for address in costly] == [200, 200, 200]
    for address in (*costly, "/p/num/graph.dot", "/p/num/report.md?until=2026-02-01"):
        refused = client.get(address)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
    page = client.get("/p/num/graph.svg")
    assert page.mimetype == "text/html"
    assert f"wait {page.headers['Retry-After']} second" in page.text
    data = client.get("/api/v1/projects/num/graph")
    assert (data.status_code, data.mimetype) == (429, "application/problem+json")


def test_who_looks_around_is_not_counted_there(site: Site) -> None:
    """Twenty tabs of the same browser, and the whole graph for each."""
    client = limited(site, costly=1).client()
    assert client.get(PARTS).status_code == 200
    for page in ("/p/num/graph", "/p/num/graph?focus=thm:euclid", "/p/num/graph.json", "/p/num/report"):
        assert {client.get(page).status_code for _ in range(20)} == {200}


def test_people_are_counted_each_for_themselves(site: Site) -> None:
    few = limited(site, costly=1)
    emmy, sophie = few.signed_in("Emmy"), few.signed_in("Sophie")
    assert [one.get(PARTS).status_code for one in (emmy, sophie, emmy)] == [200, 200, 429]


def test_all_that_an_address_asks_for_is_counted_but_for_styles(site: Site) -> None:
    client = limited(site, requests=5).client()
    answers = [
        client.get(page).status_code for page in ("/", "/p/num/", "/p/num/work", "/healthz", "/p/nowhere/")
    ]
    assert answers == [200, 200, 200, 200, 404]
    assert client.get("/p/num/work").status_code == 429
    assert client.get("/api/v1/projects").status_code == 429
    assert client.get("/static/site.css").status_code == 200
    other = limited(site, requests=5).flask.test_client()
    assert other.get("/", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_a_server_may_do_without(site: Site) -> None:
    client = limited(site, requests=0, costly=0).client()
    assert {client.get(PARTS).status_code for _ in range(80)} == {200}


def test_every_address_that_changes_something_has_a_limit(site: Site) -> None:
    (limiter,) = site.flask.extensions["limiter"]
    changing = {
        rule.endpoint: site.flask.view_functions[rule.endpoint]
        for rule in site.flask.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    }
    free = {
        endpoint
        for endpoint, view in changing.items()
        if not limiter.limit_manager.decorated_limits(get_qualified_name(view))
    }
    assert len(changing) > 80
    assert free == UNLIMITED


def test_sixty_deeds_a_minute_are_enough_and_others_have_their_own(site: Site) -> None:
    emmy, ben = site.signed_in("Emmy"), site.signed_in("Ben")
    form = {"csrf_token": form_token(emmy)}
    codes = [emmy.post(WATCH, data=form).status_code for _ in range(61)]
    assert codes == [303] * 60 + [429]
    answer = emmy.post(WATCH, data=form)
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "wait" in answer.text
    assert emmy.get("/p/num/work").status_code == 200
    assert ben.post(WATCH, data={"csrf_token": form_token(ben)}).status_code == 303


def test_a_forge_too_is_slowed_down(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_hooks, "DELIVERIES", "3 per minute")
    client = Site(site.database, site.settings).client()
    codes = [client.post("/forge/num/github", json={}).status_code for _ in range(4)]
    assert codes == [404, 404, 404, 429]
