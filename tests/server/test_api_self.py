"""The API: who has to do with a node, what it unblocks, one's name, undoing, a word for a commit."""

from __future__ import annotations

from .test_api import NUM, ROOT, bearer, free_task
from .web_world import Site


def test_who_and_what_of_a_node(site: Site) -> None:
    found = site.client().get(f"{NUM}/nodes/thm:euclid/who").json
    assert found["node"] == "thm:euclid"
    assert {"tasks", "workers", "reviewers", "helpers"} <= found.keys()
    opened = site.client().get(f"{NUM}/nodes/thm:euclid/unblocks").json
    assert {"done", "ready", "resting", "goals"} == opened.keys()
    assert site.client().get(f"{NUM}/nodes/nothing/who").status_code == 404


def test_a_claim_is_undone_once(site: Site) -> None:
    token, number = bearer(site.token(site.person("Cleo"))), free_task(site)
    client = site.client()
    assert client.post(f"{NUM}/tasks/{number}/claim", headers=token).status_code == 200
    undone = client.post(f"{NUM}/undo", headers=token)
    assert undone.status_code == 200
    assert undone.json["task"]["claims"] == []
    assert client.post(f"{NUM}/undo", headers=token).status_code == 409
    assert client.post(f"{NUM}/undo").status_code == 401


def test_a_name_and_a_word(site: Site) -> None:
    token, client = bearer(site.token(site.person("Cleo"))), site.client()
    said = client.post(
        f"{ROOT}/session/name", json={"naming": "pseudonym", "pseudonym": "Emmy"}, headers=token
    )
    assert said.json == {"naming": "pseudonym", "name": "Emmy", "ranked": True}
    assert client.post(f"{ROOT}/session/name", json={"naming": "x"}, headers=token).status_code == 409
    word = client.post(f"{ROOT}/session/link", headers=token)
    assert word.json["trailer"].startswith("Chantier-Link: ")
    assert word.headers["Cache-Control"] == "no-store"
