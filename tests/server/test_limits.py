"""Whoever asks for much is slowed down, wherever something is changed; and others are not for it."""

from __future__ import annotations

import pytest
from flask_limiter.util import get_qualified_name

from server import web_hooks

from .web_world import Site, form_token

# Leaving costs nothing, and must always be possible; the chat proves itself by a token, for all its people.
UNLIMITED = {"pages.sign_out", "zulip.webhook"}
WATCH = "/p/num/nodes/def:prime/watch"


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
