"""Signing in with a forge: Authlib as it is, over real HTTP, against one that follows the specification."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from blueprint.errors import UserError
from server.app import create_app
from server.records.access import Purpose
from server.records.people import Person
from server.service import accounts, claims, erasing, people, projects, signin
from server.service.accounts import Visitor
from server.store.people import ACCOUNT
from server.work.permissions import Role

from .fake_forge import FakeForge, User, serving, trusting
from .web_world import Site, submit

BASE = "http://localhost"
BOTH = pytest.mark.parametrize("key", ["github", "gitlab"])
ADA = User(4711, "ada", "Ada Lovelace")


@pytest.fixture
def forge() -> Iterator[FakeForge]:
    with serving(FakeForge(ADA)) as forge:
        yield forge


@pytest.fixture
def site(site: Site, forge: FakeForge) -> Site:
    return trusting(site, forge, BASE)


def leave(client: FlaskClient, key: str, action: str = "/sign-in/with/") -> str:
    """Press the button; where the browser goes."""
    page = submit(client, "/sign-in" if "sign-in" in action else "/account", f"{action}{key}")
    assert page.status_code == 200, page.text
    return page.headers["Refresh"].removeprefix("0; url=")


def at_forge(forge: FakeForge, key: str, address: str) -> str:
    """What the forge answers the browser; where that goes on to."""
    forge.redirect_uri = f"{BASE}/sign-in/with/{key}/back"
    answer = requests.get(address, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix(BASE)


def travel(client: FlaskClient, forge: FakeForge, key: str, action: str = "/sign-in/with/") -> TestResponse:
    """There, and back."""
    return client.get(at_forge(forge, key, leave(client, key, action)))


def join(client: FlaskClient, forge: FakeForge, key: str, name: str = "Ada") -> TestResponse:
    assert travel(client, forge, key).headers["Location"] == "/sign-in/new"
    return submit(client, "/sign-in/new", "/sign-in/new", name=name)


def who(client: FlaskClient) -> str | None:
    person = client.get("/api/v1/session").json["person"]  # type: ignore[index]
    return person["name"] if person else None


@BOTH
def test_a_newcomer_confirms_a_name_and_is_known_from_then_on(site: Site, forge: FakeForge, key: str) -> None:
    client = site.client()
    client.get("/sign-in", headers={"Referer": f"{BASE}/p/num/nodes/thm:euclid"})
    assert travel(client, forge, key).headers["Location"] == "/sign-in/new"
    page = client.get("/sign-in/new").text
    assert 'value="Ada Lovelace"' in page
    assert who(client) is None
    answer = submit(client, "/sign-in/new", "/sign-in/new", name="Countess")
    assert answer.headers["Location"] == "/p/num/nodes/thm:euclid"
    assert who(client) == "Countess"
    forge.user = replace(ADA, login="lovelace")
    again = site.client()
    assert travel(again, forge, key).headers["Location"] == "/"
    assert who(again) == "Countess"
    assert "<strong>lovelace</strong>" in again.get("/account").text


@BOTH
def test_what_is_asked_of_the_forge(site: Site, forge: FakeForge, key: str) -> None:
    asked = dict(parse_qsl(urlsplit(leave(site.client(), key)).query))
    assert asked["redirect_uri"] == f"{BASE}/sign-in/with/{key}/back"
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) > 40
    assert ("nonce" in asked) == (key == "gitlab")
    assert asked["scope"] == {"github": "read:user user:email", "gitlab": "openid profile email"}[key]


@BOTH
def test_somebody_else_who_takes_the_login_over_is_not_the_same(
    site: Site, forge: FakeForge, key: str
) -> None:
    join(site.client(), forge, key)
    forge.user = replace(ADA, id=4712)
    thief = site.client()
    assert travel(thief, forge, key).headers["Location"] == "/sign-in/new"
    assert who(thief) is None


def test_the_same_number_elsewhere_is_somebody_else(site: Site, forge: FakeForge) -> None:
    join(site.client(), forge, "github")
    with serving(FakeForge(ADA)) as other:
        told = site.settings.signin.model_copy(update={"github_site": other.url})
        elsewhere = create_app(replace(site.settings, signin=told), site.database).test_client()
        assert travel(elsewhere, other, "github").headers["Location"] == "/sign-in/new"


@BOTH
def test_a_name_that_is_taken_is_asked_for_again(site: Site, forge: FakeForge, key: str) -> None:
    site.person("Emmy")
    client = site.client()
    for name, words in (("Emmy", "is called Emmy already"), (" ", "Say what you want to be called")):
        assert join(client, forge, key, name).headers["Location"] == "/sign-in/new"
        assert words in client.get("/sign-in/new").text
    assert submit(client, "/sign-in/new", "/sign-in/new", name="Ada").headers["Location"] == "/"


@BOTH
def test_where_nobody_new_is_taken_in(site: Site, forge: FakeForge, key: str) -> None:
    told = site.settings.signin.model_copy(update={"open": False})
    client = create_app(replace(site.settings, signin=told), site.database).test_client()
    travel(client, forge, key)
    assert "takes in nobody new" in client.get("/sign-in/new").text
    form = {"csrf_token": client.get("/api/v1/session").json["csrf_token"], "name": "Ada"}
    assert client.post("/sign-in/new", data=form).headers["Location"] == "/sign-in/new"
    assert "ask whoever runs the server" in client.get("/sign-in/new").text
    assert who(client) is None


# What comes back wrong


@BOTH
def test_a_code_is_used_once(site: Site, forge: FakeForge, key: str) -> None:
    client = site.client()
    back = at_forge(forge, key, leave(client, key))
    before = client.get_cookie("chantier")
    assert client.get(back).status_code == 303
    again = client.get(back)
    assert again.status_code == 400
    assert "begin again" in again.text
    assert before is not None
    thief = site.client()
    thief.set_cookie("chantier", before.value)
    assert "begin again" in thief.get(back).text


@BOTH
@pytest.mark.parametrize("change", ["", "x" * 43, None])
def test_a_state_that_is_not_ours_is_refused(
    site: Site, forge: FakeForge, key: str, change: str | None
) -> None:
    client = site.client()
    path, query = at_forge(forge, key, leave(client, key)).split("?")
    sent = {name: value for name, value in parse_qsl(query) if name != "state"}
    answer = client.get(f"{path}?{urlencode(sent if change is None else sent | {'state': change})}")
    assert answer.status_code == 400
    assert who(client) is None


@BOTH
def test_what_somebody_else_began_is_not_finished_here(site: Site, forge: FakeForge, key: str) -> None:
    """Else whoever is lured to a link would be signed in as who sent it."""
    back = at_forge(forge, key, leave(site.client(), key))
    victim = site.signed_in()
    assert victim.get(back).status_code == 400
    assert who(victim) == "Emmy"


@BOTH
def test_an_account_goes_to_whoever_left_for_it_and_nobody_else(
    site: Site, forge: FakeForge, key: str
) -> None:
    """Somebody else may have signed in meanwhile, in the same browser."""
    client = site.signed_in("Emmy")
    back = at_forge(forge, key, leave(client, key, "/account/identities/"))
    with client.session_transaction() as kept:
        left_with = {name: value for name, value in kept.items() if name.startswith(("errand", "_state_"))}
    link = site.link(site.person("Ben"))
    submit(client, link, link)
    with client.session_transaction() as kept:
        kept.update(left_with)
    answer = client.get(back)
    assert (answer.status_code, "as who you were when you left" in answer.text) == (400, True)
    with site.database.reading() as store:
        names = [person.name for person in store.people.every() if store.people.identity(person.id, ACCOUNT)]
    assert names == []


@BOTH
def test_who_may_do_more_than_most_is_nobody_by_an_address(site: Site, forge: FakeForge, key: str) -> None:
    with site.database.begin() as store:
        mona = people.by_git(store, "Mona", "mona@example.org", site.now)
        people.appoint(store, mona, Role.MAINTAINER)
    forge.user = replace(ADA, emails={"mona@example.org": True})
    client = site.client()
    join(client, forge, key, "Countess")
    assert who(client) == "Countess"
    with site.database.reading() as store:
        owner = store.people.by_identity("git", "mona@example.org")
        assert owner is not None
        assert owner.id == mona.id


def test_an_answer_of_one_forge_is_none_of_another(site: Site, forge: FakeForge) -> None:
    client = site.client()
    back = at_forge(forge, "github", leave(client, "github"))
    assert client.get(back.replace("github", "gitlab")).status_code == 400


@BOTH
def test_who_stays_away_too_long_begins_again(site: Site, forge: FakeForge, key: str) -> None:
    client = site.client()
    back = at_forge(forge, key, leave(client, key))
    site.later(minutes=16)
    assert "too long ago" in client.get(back).text
    assert travel(client, forge, key).status_code == 303
    site.later(minutes=16)
    assert "too long ago" in client.get("/sign-in/new").text


@BOTH
def test_what_a_cookie_can_hold_is_enough(site: Site, forge: FakeForge, key: str) -> None:
    """However often somebody leaves, and whatever is told of them; browsers keep 4,096 bytes."""
    many = {f"{hashlib.sha256(bytes([n])).hexdigest()}@{'x' * 40}.example": True for n in range(60)}
    forge.user = User(ADA.id, "å" * 3000, "ö" * 3000, {"z" * 2000 + "@example.org": True, **many})
    client = site.client()
    for _ in range(15):
        leave(client, key)
    assert travel(client, forge, key).headers["Location"] == "/sign-in/new"
    cookie = client.get_cookie("chantier")
    assert cookie is not None
    assert len(cookie.value) < 3800
    assert submit(client, "/sign-in/new", "/sign-in/new", name="Ada").headers["Location"] == "/"


@BOTH
def test_who_says_no_is_told_so_in_our_words(site: Site, forge: FakeForge, key: str) -> None:
    forge.user = None
    answer = travel(site.client(), forge, key)
    assert answer.status_code == 400
    assert "you did not agree" in answer.text
    assert "alert(1)" not in answer.text


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        *(("github", wrong) for wrong in ("mixed up", "broken", "no number")),
        *(
            ("gitlab", wrong)
            for wrong in (
                *("mixed up", "broken", "no number", "issuer", "audience", "nonce", "signature"),
                *("expired", "subject", "no token"),
            )
        ),
    ],
)
def test_a_forge_that_answers_wrong_signs_nobody_in(
    site: Site, forge: FakeForge, key: str, wrong: str
) -> None:
    join(site.client(), forge, key)
    forge.wrong = wrong
    client = site.client()
    answer = travel(client, forge, key)
    assert answer.status_code == 400
    assert "did not say who you are" in answer.text
    assert who(client) is None


@pytest.mark.parametrize("wrong", ["discovery", "away"])
def test_a_forge_that_says_it_is_another_or_is_away(site: Site, forge: FakeForge, wrong: str) -> None:
    forge.wrong = wrong
    answer = submit(site.client(), "/sign-in", "/sign-in/with/gitlab")
    assert answer.status_code == 400
    assert "does not answer as it should" in answer.text


def test_a_wrong_secret_signs_nobody_in(site: Site, forge: FakeForge) -> None:
    wrong = replace(site.settings, github_secret=SecretStr("another"))
    client = create_app(wrong, site.database).test_client()
    assert "did not say who you are" in travel(client, forge, "github").text


@pytest.mark.parametrize("key", ["nothing", "..", "github/x"])
def test_a_forge_that_is_not_known(site: Site, key: str) -> None:
    assert submit(site.client(), "/sign-in", f"/sign-in/with/{key}").status_code in (400, 404, 405)


def test_a_forge_without_its_secret_is_said_at_the_start(site: Site) -> None:
    with pytest.raises(UserError, match="CHANTIER_GITHUB_SECRET"):
        create_app(replace(site.settings, github_secret=None), site.database)


# One's own page


@BOTH
def test_an_account_is_added_and_taken_away(site: Site, forge: FakeForge, key: str) -> None:
    emmy = site.signed_in()
    answer = travel(emmy, forge, key, "/account/identities/")
    assert answer.headers["Location"] == "/account#identities"
    page = emmy.get("/account").text
    assert "You can sign in as ada from now on." in page
    number = re.findall(r"/account/identities/(\d+)/end", page)[0]
    other = site.client()
    travel(other, forge, key)
    assert who(other) == "Emmy"
    submit(emmy, "/account", f"/account/identities/{number}/end")
    assert "no way to sign in any more" in emmy.get("/account").text
    with site.database.begin() as store:
        store.people.link(people.by_name(store, "Emmy").id, "zulip", "77", site.now)
    submit(emmy, "/account", f"/account/identities/{number}/end")
    assert "You cannot sign in as ada any more" in emmy.get("/account").text
    assert who(other) is None
    late = site.client()
    assert travel(late, forge, key).headers["Location"] == "/sign-in/new"


@BOTH
def test_an_account_of_somebody_else_is_not_added(site: Site, forge: FakeForge, key: str) -> None:
    join(site.client(), forge, key)
    emmy = site.signed_in()
    answer = travel(emmy, forge, key, "/account/identities/")
    assert answer.status_code == 400
    assert "Somebody else here signs in with that account" in answer.text


@BOTH
def test_an_account_is_added_to_who_asked_for_it(site: Site, forge: FakeForge, key: str) -> None:
    """Not to whoever signed in, in the same browser, in the meantime."""
    emmy = site.signed_in()
    back = at_forge(forge, key, leave(emmy, key, "/account/identities/"))
    kept = emmy.get_cookie("chantier")
    link = site.link(site.person("Ben"))
    assert submit(emmy, link, link).status_code == 303
    assert emmy.get(back).status_code == 400
    assert kept is not None
    emmy.set_cookie("chantier", kept.value)
    assert emmy.get(back).status_code == 400
    with site.database.reading() as store:
        assert store.people.by_identity(ACCOUNT, f"{forge.url}#4711") is None


def test_nobody_takes_away_what_is_not_theirs(site: Site, forge: FakeForge) -> None:
    ada, emmy = site.client(), site.signed_in()
    join(ada, forge, "github")
    number = re.findall(r"/account/identities/(\d+)/end", ada.get("/account").text)[0]
    submit(emmy, "/account", f"/account/identities/{number}/end")
    assert "You do not sign in with that account" in emmy.get("/account").text
    assert travel(site.client(), forge, "github").headers["Location"] == "/"


# Addresses


@BOTH
def test_a_verified_address_leads_to_ones_commits(site: Site, forge: FakeForge, key: str) -> None:
    """Of the sample project, Ada has written a commit as `ada@example.org`."""
    forge.user = replace(ADA, emails={"Ada@Example.org": True})
    client = site.client()
    travel(client, forge, key)
    assert (
        "By your commits you are known here as <strong>Ada Lovelace</strong>"
        in client.get("/sign-in/new").text
    )
    submit(client, "/sign-in/new", "/sign-in/new")
    assert who(client) == "Ada Lovelace"


@BOTH
def test_an_address_that_is_not_verified_leads_nowhere(site: Site, forge: FakeForge, key: str) -> None:
    forge.user = replace(ADA, emails={"ada@example.org": False})
    client = site.client()
    join(client, forge, key, "Mallory")
    with site.database.reading() as store:
        assert people.by_name(store, "Mallory").id != people.by_name(store, "Ada Lovelace").id
        assert store.people.by_identity("git", "ada@example.org") == people.by_name(store, "Ada Lovelace")


@pytest.mark.parametrize("why", ["account", "maintainer", "member", "erased"])
def test_an_address_is_no_key_to_what_others_have(site: Site, forge: FakeForge, why: str) -> None:
    with site.database.begin() as store:
        ada = people.by_name(store, "Ada Lovelace")
        if why == "account":
            store.people.link(ada.id, "zulip", "5", site.now)
        elif why == "maintainer":
            people.appoint(store, ada, Role.MAINTAINER)
        elif why == "member":
            store.members.set(projects.find(store, "num").id, ada.id, Role.OWNER, site.now)
        else:
            erasing.erase(store, ada, site.now)
    forge.user = replace(ADA, emails={"ada@example.org": True, "new@example.org": True})
    client = site.client()
    join(client, forge, "github", "Countess")
    assert who(client) == "Countess"
    with site.database.reading() as store:
        owner = store.people.by_identity("git", "ada@example.org")
        assert owner is not None
        assert owner.id == ada.id
        new = store.people.by_identity("git", "new@example.org")
        assert new is not None
        assert new.name == "Countess"


def test_who_is_forgotten_is_not_signed_in(site: Site, forge: FakeForge) -> None:
    client = site.client()
    join(client, forge, "github")
    with site.database.begin() as store:
        erasing.erase(store, people.by_name(store, "Ada"), site.now)
    assert travel(site.client(), forge, "github").headers["Location"] == "/sign-in/new"


# Known to the bot, and by an account


def joining_link(site: Site, person: Person) -> str:
    with site.database.begin() as store:
        return signin.make_link(store, person, site.now, "", Purpose.LINK)


def test_who_comes_from_the_bot_and_from_a_forge_becomes_one(site: Site, forge: FakeForge) -> None:
    client = site.client()
    join(client, forge, "github")
    with site.database.begin() as store:
        talker = people.by_zulip(store, 7, "Ada of the chat", site.now)
    link = joining_link(site, talker)
    assert "<strong>Ada of the chat</strong>" in client.get(link).text
    assert submit(client, link, link).status_code == 303
    assert "used already" in client.get(link).text
    with site.database.reading() as store:
        assert store.people.by_identity("zulip", "7") == people.by_name(store, "Ada")
    again = site.client()
    travel(again, forge, "github")
    assert who(again) == "Ada"


def test_the_one_who_holds_a_task_stays(site: Site, forge: FakeForge) -> None:
    client = site.client()
    join(client, forge, "github")
    with site.database.begin() as store:
        project, talker = projects.find(store, "num"), people.by_zulip(store, 7, "Ada of the chat", site.now)
        claims.claim(store, project, talker, "thm:euclid", until=None, now=site.now)
    link = joining_link(site, talker)
    submit(client, link, link)
    assert who(client) == "Ada of the chat"
    other = people_at(site, "Ben")
    with site.database.begin() as store:
        claims.claim(store, project, other, "lem:prime-divisor", until=None, now=site.now)
    late = joining_link(site, other)
    answer = submit(client, late, late)
    assert answer.status_code == 400
    assert "hold tasks as either" in answer.text
    assert client.get(late).status_code == 200


def people_at(site: Site, name: str) -> Person:
    with site.database.begin() as store:
        return people.by_zulip(store, 8, name, site.now)


def test_a_link_to_join_waits_until_one_has_signed_in(site: Site) -> None:
    link = joining_link(site, people_at(site, "Ben"))
    client, emmy = site.client(), site.person("Emmy")
    client.get(client.get(link).headers["Location"])
    way = site.link(emmy)
    assert submit(client, way, way).headers["Location"] == link


def test_a_link_that_signs_in_joins_nobody(site: Site) -> None:
    emmy, link = site.signed_in(), site.link(people_at(site, "Ben"))
    assert emmy.get(link.replace("/sign-in/", "/account/link/")).status_code == 400
    answer = submit(emmy, "/account", link.replace("/sign-in/", "/account/link/"))
    assert answer.status_code == 400
    assert "no such link" in answer.text


LOOKS_LIKE_ADA = ("\u0410da Lovelace", "A.d.a Lovelace", "\uff21da Lovelace")


@pytest.mark.parametrize("name", [*LOOKS_LIKE_ADA, "somebody #7", "!!!"])
def test_who_lets_themselves_in_passes_for_nobody_else(site: Site, name: str) -> None:
    visitor = Visitor("https://github.com", "5", "eve", "Eve")
    with pytest.raises(UserError, match=r"letters|called"), site.database.begin() as store:
        accounts.join(store, visitor, name, site.now, is_open=True)
    with site.database.begin() as store:
        assert accounts.join(store, visitor, "Ada Byron", site.now, is_open=True).name == "Ada Byron"
