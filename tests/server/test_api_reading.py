"""The API's lists, a page at a time; and what the chat reads, read here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from server.api import paging
from server.api.paging import Paged
from server.service import people, projects
from server.store import Store
from server.work.permissions import Role

from .test_api import NUM, ROOT, bearer, free_task
from .web_world import Site, make_site, sample


def pages(site: Site, address: str, **headers: str) -> Iterator[list[Any]]:
    """Each page of a list, by the addresses that the pages give."""
    client, at = site.client(), f"{address}{'&' if '?' in address else '?'}limit=2"
    while True:
        answer = client.get(at, headers=headers)
        assert answer.status_code == 200, answer.text
        yield answer.json["items"]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json["next"] is None)
        if link is None:
            return
        at, _, rel = link.removeprefix("<").partition(">")
        assert rel == '; rel="next"'
        assert parse_qs(urlsplit(at).query)["cursor"] == [answer.json["next"]]


LISTS = ("nodes", "tasks", "people", "credit", "events", "history", "drift", "problems", "renames")


@pytest.mark.parametrize("name", LISTS)
def test_pages_make_up_the_list(site: Site, name: str) -> None:
    whole = site.client().get(f"{NUM}/{name}?limit=200").json
    assert whole["next"] is None
    found = list(pages(site, f"{NUM}/{name}"))
    assert [one for page in found for one in page] == whole["items"]
    assert all(len(page) == 2 for page in found[:-1])


def log(site: Site, text: str) -> None:
    with site.database.begin() as store:
        store.log.record(projects.find(store, "num").id, "claimed", text, site.now)


def test_what_comes_in_meanwhile_moves_nothing(site: Site) -> None:
    for number in range(7):
        log(site, f"Event {number}")
    seen = []
    for at, page in enumerate(pages(site, f"{NUM}/events?kind=claimed")):
        seen += [one["text"] for one in page]
        log(site, f"New event {at}")
    assert seen == [f"Event {number}" for number in reversed(range(7))]


@pytest.mark.parametrize(
    "cursor", ["x", "é", "bnVsbA", "WyJhcGkubGlzdF90YXNrcyIsLTEsIjEiXQ", "[" * 200, "eA=="]
)
def test_a_cursor_that_is_none_is_refused(site: Site, cursor: str) -> None:
    for name in ("tasks", "events"):
        answer = site.client().get(f"{NUM}/{name}", query_string={"cursor": cursor})
        assert answer.status_code == 400
        assert "`cursor`" in answer.json["detail"]


def test_a_long_list_of_long_names_has_every_page(tmp_path: Path) -> None:
    first, second, *rest = sample.GRAPH.nodes
    names = "lem:" + "x" * 250, "lem:" + "é" * 90
    long = (replace(node, id=name, labels=(name,)) for node, name in zip((first, second), names, strict=True))
    site = make_site(tmp_path)
    site.add_project(replace(sample.GRAPH, nodes=(*long, *rest)))
    shown = [one["id"] for page in pages(site, f"{NUM}/nodes") for one in page]
    one_by_one, cursor = [], ""
    while cursor is not None:
        asked = {"limit": 1, "cursor": cursor} if cursor else {"limit": 1}
        answer = site.client().get(f"{NUM}/nodes", query_string=asked).json
        one_by_one += [one["id"] for one in answer["items"]]
        cursor = answer["next"]
    assert {*names} < {*shown}
    assert one_by_one == shown


def test_a_cursor_of_another_list_is_refused(site: Site) -> None:
    cursor = site.client().get(f"{NUM}/tasks?limit=1").json["next"]
    assert site.client().get(f"{NUM}/nodes", query_string={"cursor": cursor}).status_code == 400


def ids(site: Site, query: str) -> list[str]:
    return [one["id"] for one in site.client().get(f"{NUM}/nodes?{query}").json["items"]]


def test_nodes_that_are_asked_for(site: Site) -> None:
    assert ids(site, "q=EUCLID") == ["thm:euclid"]
    assert "thm:euclid" in ids(site, "readiness=ready")
    assert "thm:euclid" not in ids(site, "status=verified")
    assert site.client().get(f"{NUM}/nodes?status=great").status_code == 400


@pytest.mark.parametrize("ref", ["thm:euclid", "Theorem 2.3", "http://localhost/p/num/nodes/thm:euclid"])
def test_a_node_is_found_however_one_says_it(site: Site, ref: str) -> None:
    assert site.client().get(f"{NUM}/find", query_string={"ref": ref}).json["id"] == "thm:euclid"


def test_what_is_not_found_is_said_with_what_is_near(site: Site) -> None:
    answer = site.client().get(f"{NUM}/find", query_string={"ref": "thm:euklid"})
    assert answer.status_code == 404
    assert "thm:euclid" in answer.json["detail"]


def test_what_is_mine(site: Site) -> None:
    token, number = bearer(site.token(site.person("Cleo"))), free_task(site)
    client = site.client()
    client.post(f"{NUM}/tasks/{number}/claim", headers=token)
    assert client.post(f"{NUM}/nodes/thm:euclid/watch", headers=token).json["watching"] is True
    mine = client.get(f"{NUM}/mine", headers=token).json
    assert [one["number"] for one in mine["held"]] == [number]
    assert mine["watched"] == ["thm:euclid"]
    assert client.post(f"{NUM}/nodes/thm:euclid/unwatch", headers=token).json["watching"] is False
    assert client.post(f"{NUM}/nodes/nothing/watch", headers=token).status_code == 404
    held = client.get(f"{NUM}/tasks?person={people_id(site, 'Cleo')}").json["items"]
    assert [one["number"] for one in held] == [number]
    assert client.get(f"{NUM}/tasks/{number}").json == held[0]


def people_id(site: Site, name: str) -> int:
    def find(store: Store) -> int:
        return people.by_name(store, name).id

    with site.database.reading() as store:
        return find(store)


def test_the_chat_by_the_api(site: Site) -> None:
    token, number = bearer(site.token(site.person("Cleo"))), free_task(site)

    def say(text: str) -> dict[str, Any]:
        return site.client().post(f"{NUM}/say", json={"text": text}, headers=token).json

    claimed = say(f"claim #{number} 5 days")
    assert (claimed["ok"], claimed["changed"]) == (True, True)
    assert "Yours until" in claimed["text"]
    assert say("claim nothing")["ok"] is False
    assert say("undo")["changed"] is True


@pytest.mark.parametrize("text", ["login", "link page", "\n Link: page\nplease"])
def test_a_token_makes_no_link_that_lets_somebody_in(site: Site, text: str) -> None:
    token = bearer(site.token(site.person("Cleo")))
    answer = site.client().post(f"{NUM}/say", json={"text": text}, headers=token)
    assert answer.status_code == 409
    assert "sign-in/" not in answer.text
    assert "account/link/" not in answer.text


def test_a_commit_of_the_past(site: Site) -> None:
    (commit,) = site.client().get(f"{NUM}/history").json["items"]
    found = site.client().get(f"{NUM}/history/{commit['sha'][:10]}").json["items"]
    now = site.client().get(f"{NUM}/nodes").json["items"]
    assert {one["node"]: one["status"] for one in found} == {one["id"]: one["status"] for one in now}
    assert site.client().get(f"{NUM}/history/ffff").status_code == 404


def test_credit_of_every_status(site: Site) -> None:
    client, token = site.client(), bearer(site.token(site.person("Cleo")))
    said = {"kind": "example", "ref": "thm:euclid", "evidence": ["https://example.org/1"]}
    number = client.post(f"{NUM}/credit", json=said, headers=token).json["credit"]["id"]
    assert number not in [one["id"] for one in client.get(f"{NUM}/credit").json["items"]]
    assert number in [one["id"] for one in client.get(f"{NUM}/credit?which=all").json["items"]]
    assert client.get(f"{NUM}/credit/{number}").json["status"] == "proposed"
    assert client.get(f"{NUM}/credit/999").status_code == 404


def test_notices_are_read_and_marked(site: Site) -> None:
    number, cleo = free_task(site), site.person("Cleo")
    ada, own = bearer(site.token(site.person("Mona", Role.MAINTAINER))), bearer(site.token(cleo))
    site.client().post(f"{NUM}/tasks/{number}/assign", json={"who": cleo.id}, headers=ada)
    listed = site.client().get(f"{ROOT}/session/notices", headers=own).json["items"]
    assert [one["read"] for one in listed] == [False]
    assert site.client().post(f"{ROOT}/session/notices/read", headers=own).json == {"read": True}
    listed = site.client().get(f"{ROOT}/session/notices", headers=own).json["items"]
    assert [one["read"] for one in listed] == [True]


def test_reporters_are_the_maintainers_matter(site: Site) -> None:
    mona, cleo = (
        site.person(name, role) for name, role in (("Mona", Role.MAINTAINER), ("Cleo", Role.CONTRIBUTOR))
    )
    client = site.client()
    made = client.post(f"{NUM}/reporters", json={"name": "ci"}, headers=bearer(site.token(mona)))
    assert set(made.json) == {"name", "token", "key"}
    listed = client.get(f"{NUM}/reporters", headers=bearer(site.token(mona))).json["items"]
    assert [one["name"] for one in listed] == ["ci"]
    assert client.get(f"{NUM}/reporters", headers=bearer(site.token(cleo))).status_code == 403


def test_what_comes_in_before_moves_nothing_onto_two_pages_or_none(site: Site) -> None:
    with site.flask.test_request_context("/api/v1/projects/num/nodes"):
        first = paging.page(Paged(limit=1), ["b", "c", "d"], str, str)
        after = Paged(cursor=first["next"] or "", limit=1)
        assert first["items"] == ["b"]
        assert paging.page(after, ["a", "b", "c", "d"], str, str)["items"] == ["c"]
        assert paging.page(after, ["b", "bb", "c", "d"], str, str)["items"] == ["bb"]
        assert paging.page(after, ["c", "d"], str, str)["items"] == ["c"]
