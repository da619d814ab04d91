"""The API for those who look after a project: queues, settings, members, reporters, how things are."""

from __future__ import annotations

from typing import Any

import pytest

from server import remembering
from server.forges.events import Forge
from server.service import health, members, projects
from server.work.permissions import Role

from .test_api import NUM, ROOT, bearer
from .web_world import START, Site


class Asker:
    """Somebody with a token, and a role in the project."""

    def __init__(self, site: Site, name: str, role: Role) -> None:
        self.client, self.person = site.client(), site.person(name)
        with site.database.begin() as store:
            members.appoint(store, projects.find(store, "num"), None, self.person, role, now=START)
        self.headers = bearer(site.token(self.person))

    def get(self, path: str, status: int = 200) -> Any:
        response = self.client.get(f"{NUM}/{path}", headers=self.headers)
        assert response.status_code == status, response.text
        return response.json

    def post(self, path: str, status: int = 200, **fields: Any) -> Any:
        response = self.client.post(f"{NUM}/{path}", json=fields, headers=self.headers)
        assert response.status_code == status, response.text
        return response.json

    def delete(self, path: str, status: int = 200) -> Any:
        response = self.client.delete(f"{NUM}/{path}", headers=self.headers)
        assert response.status_code == status, response.text
        return response.json


def test_the_queues_and_what_waits_in_one(site: Site) -> None:
    mona = Asker(site, "Mona", Role.MAINTAINER)
    counts = {one["key"]: one["count"] for one in mona.get("queues")}
    drifting = mona.get("queues/drift")["items"]
    assert counts["drift"] == len(drifting) > 0
    mona.get("queues/weather", 404)
    mona.get("queues/drift?cursor=x", 400)
    for path in ("queues", "queues/drift", "health", "settings", "members", "reporters"):
        refused = Asker(site, f"Cleo {len(path)} {path[-3:]}", Role.CONTRIBUTOR).get(path, 403)
        assert "you need to be a maintainer" in refused["detail"]


def test_what_is_wrong_is_said_and_nothing_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    mona = Asker(site, "Mona", Role.MAINTAINER)
    late = "Notices have waited for more than 10 minutes; `chantier serve` sends them."
    deaf = "The bot does not listen; start `chantier bot`."
    full = "There is less than 1 GB of room on the disk."
    with site.database.begin() as store:
        remembering.keep_heard(store, site.now)
    for minutes, room, wrong in ((0, 0, []), (11, 0, [late, deaf]), (0, 1 << 60, [late, deaf, full])):
        site.later(minutes=minutes)
        monkeypatch.setattr(health, "LITTLE", room)
        assert mona.get("health")["wrong"] == wrong


def test_a_setting_is_changed_and_let_be(site: Site) -> None:
    mona = Asker(site, "Mona", Role.MAINTAINER)

    def cap() -> dict[str, Any]:
        return next(one for one in mona.get("settings") if one["key"] == "cap")

    before = cap()
    mona.post("settings", key="cap", value="7")
    assert (cap()["value"], cap()["own"], cap()["changed_by"]) == ("7", True, mona.person.id)
    mona.post("settings", key="cap")
    assert (cap()["value"], cap()["own"]) == (before["value"], False)
    mona.post("settings", key="cap", value="none", status=409)
    mona.post("settings", key="weather", value="fine", status=409)


def test_members_come_and_go_at_the_word_of_an_owner(site: Site) -> None:
    olga, mona = Asker(site, "Olga", Role.OWNER), Asker(site, "Mona", Role.MAINTAINER)
    cleo = site.person("Cleo")
    assert olga.post("members", who=cleo.id, role="maintainer")["changed"] is True
    assert [one["person"]["name"] for one in olga.get("members")["items"]] == ["Olga", "Mona", "Cleo"]
    mona.post("members", who="Cleo", role="owner", status=403)
    assert olga.delete(f"members/{cleo.id}")["role"] is None
    assert "the only owner" in olga.delete(f"members/{olga.person.id}", 409)["detail"]


def test_a_project_that_is_closed_is_not_there(site: Site) -> None:
    olga, outside = Asker(site, "Olga", Role.OWNER), bearer(site.token(site.person("Cleo")))
    assert olga.post("privacy", private=True) == {"private": True}
    for path in ("", "/tasks", "/nodes/thm:euclid", "/mine"):
        hidden = site.client().get(f"{NUM}{path}", headers=outside)
        never = site.client().get(f"{ROOT}/projects/never{path}", headers=outside)
        assert hidden.status_code == never.status_code == 404
        assert hidden.text == never.text.replace("never", "num")
    assert site.client().get(f"{ROOT}/projects", headers=outside).json["items"] == []
    assert [
        one["slug"] for one in olga.client.get(f"{ROOT}/projects", headers=olga.headers).json["items"]
    ] == ["num"]
    assert olga.get("tasks")["items"]


def test_a_reporter_gets_new_secrets(site: Site) -> None:
    mona = Asker(site, "Mona", Role.MAINTAINER)
    first = mona.post("reporters", name="ci")
    second = mona.post("reporters/ci/rotate")
    assert first["token"] != second["token"]
    mona.delete("reporters/ci")
    (listed,) = mona.get("reporters")["items"]
    assert listed["ended"] is not None


def test_a_webhook_is_made_rotated_and_ended(site: Site) -> None:
    mona = Asker(site, "Mona", Role.MAINTAINER)
    assert mona.get("webhooks")["items"] == []
    made = mona.post("webhooks/forgejo")
    assert made["address"].endswith("/forge/num/forgejo")
    assert "has a webhook of Forgejo already" in mona.post("webhooks/forgejo", 409)["detail"]
    (listed,) = mona.get("webhooks")["items"]
    assert (listed["forge"], listed["used"], listed["ends"]) == ("forgejo", None, None)
    assert made["secret"] not in str(listed)
    anew = mona.post("webhooks/forgejo/rotate")
    assert anew["secret"] != made["secret"]
    assert [one["ends"] is None for one in mona.get("webhooks")["items"]] == [False, True]
    assert mona.delete("webhooks/forgejo") == {"forge": "forgejo", "ended": True}
    assert mona.get("webhooks")["items"] == []
    for refused in (mona.post("webhooks/forgejo/rotate", 409), mona.delete("webhooks/forgejo", 409)):
        assert "has no webhook of Forgejo" in refused["detail"]
    mona.post("webhooks/weather", 404)


def test_secrets_of_webhooks_are_kept_by_nobody(site: Site) -> None:
    mona = Asker(site, "Mona", Role.MAINTAINER)
    answer = mona.client.post(f"{NUM}/webhooks/github", json={}, headers=mona.headers)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_what_could_not_be_worked_off_is_tried_again(site: Site) -> None:
    mona = Asker(site, "Mona", Role.MAINTAINER)
    mona.post("webhooks/github")
    with site.database.begin() as store:
        project = projects.find(store, "num")
        store.deliveries.accept(project.id, Forge.GITHUB, "github:1", None, "push", b"{}", site.now)
        taken = store.deliveries.take(site.now)
        assert taken
        store.deliveries.give_up(taken.id, site.now, "It cannot be read.")
    (waiting,) = mona.get("queues/deliveries")["items"]
    assert mona.get("health")["deliveries"] == 0
    mona.post(f"deliveries/{waiting['key']}/retry")
    assert mona.get("queues/deliveries")["items"] == []
    assert mona.get("health")["deliveries"] == 1
    assert "no such delivery" in mona.post(f"deliveries/{waiting['key']}/retry", 409)["detail"]
