"""No secret of any kind is ever said: not in logs, not on the terminal, not in what is kept of faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from server.records.access import Purpose
from server.service import linking, signin
from server.work.permissions import Role

from . import forge_payloads as payloads
from .fake_forge import SECRET, FakeForge, User, serving, trusting
from .test_forges import at_forge, leave
from .web_world import SECRET as SESSIONS
from .web_world import Site, form_token, submit

AT = "/p/num/maintain/"
# What is kept of secrets, or looked up by them; without these tables the doors break that take them.
TABLES = ("sign_in_tokens", "api_tokens", "sessions", "hooks", "reporters")


@pytest.fixture
def forge() -> Iterator[FakeForge]:
    with serving(FakeForge(User(4711, "ada", "Ada Lovelace"))) as forge:
        yield forge


@pytest.fixture
def site(site: Site, forge: FakeForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    return trusting(site, forge, "http://localhost")


class Secrets:
    """Everything that anybody is given to prove themselves by, and the doors that take it."""

    def __init__(self, site: Site, forge: FakeForge) -> None:
        self.site, self.forge, self.found = site, forge, {"server": SESSIONS, "client of the forge": SECRET}

    def keep(self, name: str, value: str) -> str:
        assert len(value) > 15, name
        self.found[name] = value
        return value

    def ways_in(self) -> None:
        emmy, client = self.site.person("Emmy"), self.site.client()
        link = self.site.link(emmy)
        self.keep("link", link.rpartition("/")[2])
        submit(client, link, link)
        self.session = self.keep("session", _cookie(client))
        self.keep("form", form_token(client))
        client.post("/sign-out", data={"csrf_token": f"{form_token(client)}x"})
        submit(client, link, link)
        made = submit(client, "/account", "/account/tokens", label="mine", days="30")
        self.token = self.keep("token", re.findall(r"chantier_[\w-]{30,}", made.text)[0])
        for method in ("get", "post"):
            getattr(self.site.client(), method)("/api/v1/session", headers=_bearer(self.token))
        with self.site.database.begin() as store:
            joining = signin.make_link(store, emmy, self.site.now, "", Purpose.LINK)
            word = linking.make_word(store, emmy, self.site.now)
        self.keep("joining", joining.rpartition("/")[2])
        self.keep("word", word.partition(": ")[2])
        client.get(joining)
        self.site.client().get(f"/sign-in/{self.found['joining']}")

    def of_a_project(self) -> None:
        owner = self.site.signed_in("Olga", Role.OWNER)
        hook = submit(owner, f"{AT}tokens", f"{AT}hooks/github/make").text
        self.hook = self.keep("webhook", re.findall(r"whsec_[^<\s]+", hook)[0])
        ci = submit(owner, f"{AT}tokens", f"{AT}tokens/add", name="ci").text
        token, key = re.findall(r"<pre><code>([^<]+)</code></pre>", ci)[:2]
        self.reporter = self.keep("reporter", token)
        self.keep("key", key)
        for secret in (self.hook, "wrong"):
            self.deliver(secret)
        for secret in (token, f"{token}x"):
            self.report(secret)

    def deliver(self, secret: str) -> TestResponse:
        delivery = payloads.push("github")
        sent = payloads.headers("github", delivery, secret, "1")
        return self.site.client().post(
            "/forge/num/github", data=delivery.body, headers=sent, content_type="application/json"
        )

    def report(self, token: str) -> TestResponse:
        return self.site.client().post("/api/v1/projects/num/reports", headers=_bearer(token), json={})

    def by_a_forge(self) -> None:
        for key in ("github", "gitlab"):
            client = self.site.client()
            there = leave(client, key)
            asked = dict(parse_qsl(urlsplit(there).query))
            back = at_forge(self.forge, key, there)
            self.keep(f"state at {key}", asked["state"])
            self.keep(f"challenge at {key}", asked["code_challenge"])
            self.keep(f"code of {key}", dict(parse_qsl(urlsplit(back).query))["code"])
            for _ in range(2):
                client.get(back)
            self.forge.wrong = "broken"
            client.get(at_forge(self.forge, key, leave(client, key)))
            self.forge.wrong = ""
        for number, token in enumerate(self.forge.tokens):
            self.keep(f"token {number} of the forge", token)


def _cookie(client: object) -> str:
    return str(client.get_cookie("chantier").value)  # type: ignore[attr-defined]


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_no_secret_is_ever_said(site: Site, forge: FakeForge, everything_said: Callable[[], str]) -> None:
    secrets = Secrets(site, forge)
    secrets.ways_in()
    secrets.of_a_project()
    secrets.by_a_forge()
    assert len(secrets.found) >= 15
    said = everything_said()
    assert "delivery without a signature that fits" in said  # so that it is seen what the server says
    assert "a forge did not vouch" in said
    assert [name for name, value in secrets.found.items() if value in said] == []


def test_a_fault_does_not_say_what_was_handed_in(
    site: Site, forge: FakeForge, everything_said: Callable[[], str], tmp_path: Path
) -> None:
    secrets = Secrets(site, forge)
    secrets.ways_in()
    secrets.of_a_project()
    link = secrets.keep("fresh link", site.link(site.person("Una")).rpartition("/")[2])
    for table in TABLES:
        with site.database.begin() as store:
            store.projects._db.execute(text(f"ALTER TABLE {table} RENAME TO away"))
        client = site.client()
        client.set_cookie("chantier", secrets.session)
        answers = [
            client.get("/account"),
            site.client().get(f"/sign-in/{link}"),
            site.client().get("/api/v1/session", headers=_bearer(secrets.token)),
            secrets.deliver(secrets.hook),
            secrets.report(secrets.reporter),
        ]
        assert 500 in [answer.status_code for answer in answers], table
        told = "".join(answer.text for answer in answers if answer.status_code == 500)
        assert [name for name, value in secrets.found.items() if value in told and name != "form"] == []
        with site.database.begin() as store:
            store.projects._db.execute(text(f"ALTER TABLE away RENAME TO {table}"))
    kept = (tmp_path / "data" / "faults.log").read_text()
    assert kept.count("--- fault") >= len(TABLES)
    said = everything_said() + kept
    assert [name for name, value in secrets.found.items() if value in said] == []
