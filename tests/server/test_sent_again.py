"""What somebody has already is not sent to them again; what is other than it was, is."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from .web_world import Site, submit

EUCLID = "/p/num/nodes/thm:euclid"
PAGES = ["/", "/p/num/", "/p/num/work", "/p/num/graph", EUCLID, "/p/num/people", "/p/num/report"]
FILES = ["/p/num/graph.json", "/p/num/graph.svg", "/p/num/feed.atom", f"{EUCLID}/badge.svg"]


def again(client: FlaskClient, page: str, mark: str, **headers: str) -> int:
    return client.get(page, headers={"If-None-Match": mark, **headers}).status_code


@pytest.mark.parametrize("page", [*PAGES, *FILES, "/p/num/badge.svg", "/p/num/sitemap.xml", "/sitemap.xml"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_visitor_is_sent_nothing_twice(site: Site, page: str, encoding: str) -> None:
    client, headers = site.client(), {"Accept-Encoding": encoding}
    client.get(page)  # which gives the browser its cookie
    first = client.get(page, headers=headers)
    assert "no-cache" in first.headers["Cache-Control"]
    mark = first.headers["ETag"]
    assert again(client, page, mark, **headers) == 304
    assert again(site.client(), page, '"something else"', **headers) == 200


def test_after_a_deed_the_page_is_sent(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    mark = emmy.get(EUCLID).headers["ETag"]
    submit(emmy, EUCLID, f"{EUCLID}/watch")
    assert again(emmy, EUCLID, mark) == 200


def test_what_others_did_is_sent(site: Site) -> None:
    visitor, emmy = site.client(), site.signed_in("Emmy")
    visitor.get("/p/num/work")
    mark = visitor.get("/p/num/work").headers["ETag"]
    claim = re.search(r"/p/num/tasks/\d+/claim", emmy.get("/p/num/work").text)
    assert claim
    submit(emmy, "/p/num/work", claim[0])
    assert again(visitor, "/p/num/work", mark) == 200


def test_nobody_has_the_page_of_another(site: Site) -> None:
    emmy, sophie = site.signed_in("Emmy"), site.signed_in("Sophie")
    for page in ("/account", "/p/num/work"):
        assert again(sophie, page, emmy.get(page).headers["ETag"]) == 200


def test_time_goes_on(site: Site) -> None:
    client = site.client()
    client.get("/")
    mark = client.get("/").headers["ETag"]
    site.later(days=2)
    assert again(client, "/", mark) == 200


def test_secrets_and_errors_have_no_mark(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    made = submit(emmy, "/account", "/account/tokens", label="x", days="30")
    assert "chantier_" in made.text
    for answer in (made, emmy.get("/p/never/"), emmy.get("/p/num/report?since=x")):
        assert "ETag" not in answer.headers
