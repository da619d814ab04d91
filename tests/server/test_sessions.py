"""Sessions and tokens over a real database: made anew, listed, ended, kept as hashes, and never in a log."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from blueprint.errors import UserError
from server.app import create_app
from server.browser import local
from server.caretaker import look_after
from server.records.access import Purpose
from server.records.people import Person
from server.service import erasing, people, sessions, signin
from server.store import Database, Store

from .conftest import START
from .web_world import Site, form_token, submit

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


@pytest.fixture
def store(any_database: Database) -> Iterator[Store]:
    with any_database.begin() as store:
        yield store


@pytest.fixture
def ana(store: Store) -> Person:
    return people.by_zulip(store, 7, "Ana", START)


def name_in(client: FlaskClient) -> str | None:
    person = client.get("/api/v1/session").json["person"]  # type: ignore[index]
    return person["name"] if person else None


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("chantier")
    assert found is not None
    return found.value


def enter(site: Site, person: Person, agent: str = FIREFOX) -> FlaskClient:
    client, link = site.client(), site.link(person)
    client.environ_base["HTTP_USER_AGENT"] = agent
    assert submit(client, link, link).status_code == 303
    return client


# The books


def test_a_session_ends_when_it_is_idle_and_in_any_case_in_the_end(store: Store, ana: Person) -> None:
    token = sessions.begin(store, ana, FIREFOX, START)
    assert sessions.of(store, token, START + 30 * DAY) is not None
    assert sessions.of(store, token, START + 30 * DAY + MINUTE) is None
    for days in (25, 50, 75):
        session, person = sessions.of(store, token, START + days * DAY) or pytest.fail("it is over")
        assert person == ana
        sessions.see(store, session, START + days * DAY)
    assert sessions.of(store, token, START + 90 * DAY) is not None
    assert sessions.of(store, token, START + 90 * DAY + MINUTE) is None


def test_signing_in_again_ends_the_session_before(store: Store, ana: Person) -> None:
    old = sessions.begin(store, ana, FIREFOX, START)
    new = sessions.begin(store, ana, FIREFOX, START, instead_of=old)
    assert sessions.of(store, old, START) is None
    assert sessions.of(store, new, START) is not None


def test_nobody_ends_the_session_of_somebody_else(store: Store, ana: Person) -> None:
    ben = people.by_zulip(store, 8, "Ben", START)
    token = sessions.begin(store, ana, FIREFOX, START)
    number = sessions.listing(store, ana, START)[0].id
    with pytest.raises(UserError, match="not signed in there"):
        sessions.end_one(store, ben, number)
    sessions.end_all(store, ben)
    assert sessions.of(store, token, START) is not None
    assert "Firefox on Linux" in sessions.end_one(store, ana, number)
    assert sessions.of(store, token, START) is None


def test_the_sessions_of_a_merged_number_are_the_persons(store: Store) -> None:
    old, ana = (
        people.by_git(store, "Ana", "ana@example.org", START),
        people.by_zulip(store, 7, "Ana B", START),
    )
    token = sessions.begin(store, old, FIREFOX, START)
    people.link_git(store, ana, "ana@example.org", START)
    assert [one.person_id for one in sessions.listing(store, ana, START)] == [old.id]
    assert (sessions.of(store, token, START) or pytest.fail("it is over"))[1].id == ana.id
    sessions.end_all(store, ana)
    assert sessions.of(store, token, START) is None


def test_what_is_over_is_forgotten_and_nothing_else(store: Store, ana: Person) -> None:
    sessions.begin(store, ana, FIREFOX, START)
    kept = sessions.begin(store, ana, FIREFOX, START + 20 * DAY)
    sessions.clear(store, START + 31 * DAY)
    assert [one.created for one in store.sessions.of(ana.id)] == [START + 20 * DAY]
    assert sessions.of(store, kept, START + 31 * DAY) is not None


def test_who_ever_signed_in_has_an_account_for_ever(store: Store) -> None:
    ana = people.by_git(store, "Ana", "ana@example.org", START)
    for _ in range(3):
        signin.make_link(store, ana, START, "")
    signin.clear(store, START + 400 * DAY)
    assert people.has_account(store, ana)


def test_a_link_is_good_for_its_purpose_only(store: Store, ana: Person) -> None:
    link = signin.make_link(store, ana, START, "", Purpose.LINK).rsplit("/", 1)[1]
    other = signin.make_link(store, ana, START, "").rsplit("/", 1)[1]
    for token, purpose in ((link, Purpose.SIGN_IN), (other, Purpose.LINK)):
        for use in (signin.look_at, signin.redeem):
            with pytest.raises(UserError, match="no such"):
                use(store, token, START, purpose)
    assert signin.redeem(store, link, START, Purpose.LINK) == ana
    assert signin.redeem(store, other, START) == ana


def test_tokens_are_named_and_end_one_by_one(store: Store, ana: Person) -> None:
    one, two = (
        signin.make_token(store, ana, name, START, life=life * DAY) for name, life in (("a", 30), ("b", 90))
    )
    assert [(each.label, each.used) for each in signin.tokens(store, ana, START)] == [
        ("b", None),
        ("a", None),
    ]
    row, _ = signin.by_token(store, one, "read", START)
    assert signin.is_news(row.used, START)
    signin.note_use(store, row, START)
    row, _ = signin.by_token(store, one, "read", START)
    assert not signin.is_news(row.used, START + MINUTE)
    assert signin.tokens(store, ana, START)[1].used == START
    number = signin.tokens(store, ana, START)[1].id
    ben = people.by_zulip(store, 8, "Ben", START)
    with pytest.raises(UserError, match="no such token"):
        signin.end_token(store, ben, number, START)
    assert signin.by_token(store, one, "read", START)[1] == ana
    assert "`a`" in signin.end_token(store, ana, number, START)
    with pytest.raises(UserError, match="not valid"):
        signin.by_token(store, one, "read", START)
    assert signin.by_token(store, two, "read", START + 89 * DAY)[1] == ana
    with pytest.raises(UserError, match="not valid"):
        signin.by_token(store, two, "read", START + 90 * DAY)


def test_there_are_not_any_number_of_tokens(store: Store, ana: Person) -> None:
    for number in range(signin.MOST_TOKENS):
        signin.make_token(store, ana, f"number {number}", START)
    with pytest.raises(UserError, match="already"):
        signin.make_token(store, ana, "one more", START)


def test_erasing_somebody_signs_them_out_everywhere(store: Store, ana: Person) -> None:
    token = sessions.begin(store, ana, FIREFOX, START)
    erasing.erase(store, ana, START)
    assert sessions.of(store, token, START) is None
    assert store.sessions.of(ana.id) == ()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/142.0.0.0", "Edge on Windows"),
        ("curl/8.5.0", "curl"),
        ("", "a browser"),
        ("<script>", "a browser"),
        ("x" * 5000, "x" * 40),
    ],
)
def test_a_browser_is_told_in_a_few_words(agent: str, words: str) -> None:
    assert sessions.described(agent) == words


# The pages


def test_each_signing_in_makes_everything_new(site: Site) -> None:
    emmy = site.person("Emmy")
    client = enter(site, emmy)
    before, old_form = cookie_of(client), re.findall(r'csrf_token" value="([^"]+)', client.get("/").text)[0]
    link = site.link(emmy)
    assert submit(client, link, link).status_code == 303
    assert client.post("/sign-out", data={"csrf_token": old_form}).status_code == 400
    assert name_in(client) == "Emmy"
    client.set_cookie("chantier", before)
    assert name_in(client) is None


def test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out(site: Site) -> None:
    client = enter(site, site.person("Emmy"))
    stolen = cookie_of(client)
    submit(client, "/", "/sign-out")
    thief = site.client()
    thief.set_cookie("chantier", stolen)
    assert name_in(thief) is None


def test_a_form_belongs_to_the_session_it_was_shown_in(site: Site) -> None:
    emmy, ben = (enter(site, site.person(name)) for name in ("Emmy", "Ben"))
    token = re.findall(r'csrf_token" value="([^"]+)', ben.get("/").text)[0]
    assert emmy.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert name_in(emmy) == "Emmy"


def test_ones_own_page_lists_sessions_and_ends_them(site: Site) -> None:
    emmy = site.person("Emmy")
    here, there = enter(site, emmy), enter(site, emmy, CHROME)
    text = here.get("/account").text
    assert re.search(r"Firefox on Linux\s*<span class=\"soft\">\(this browser\)", text)
    assert "Chrome on Windows" in text
    with site.database.reading() as store:
        number = next(one.id for one in sessions.listing(store, emmy, site.now) if "Chrome" in one.agent)
    assert submit(here, "/account", f"/account/sessions/{number}/end").headers["Location"] == "/account"
    assert (name_in(here), name_in(there)) == ("Emmy", None)


def test_signing_out_everywhere(site: Site) -> None:
    emmy = site.person("Emmy")
    here, there = enter(site, emmy), enter(site, emmy, CHROME)
    assert submit(here, "/account", "/account/sessions/end").headers["Location"] == "/"
    assert (name_in(here), name_in(there)) == (None, None)


def test_a_session_on_the_page_ends_by_itself(site: Site) -> None:
    client = enter(site, site.person("Emmy"))
    for _ in range(3):
        site.later(days=25)
        assert name_in(client) == "Emmy"
    site.later(days=31)
    assert name_in(client) is None


def test_a_token_is_made_shown_once_and_ended_on_the_page(site: Site) -> None:
    emmy = enter(site, site.person("Emmy"))
    answers = [
        submit(emmy, "/account", "/account/tokens", label=name, days="30") for name in ("for <ci>", "b")
    ]
    one, two = (re.findall(r"<code>(chantier_[^<]+)</code>", answer.text)[0] for answer in answers)
    assert answers[0].headers["Cache-Control"] == "no-store"
    text = emmy.get("/account").text
    assert "for &lt;ci&gt;" in text
    assert "not used yet" in text
    assert one not in text
    head = {"Authorization": f"Bearer {one}"}
    assert site.client().get("/api/v1/session", headers=head).status_code == 200
    assert "used just now" in emmy.get("/account").text
    assert site.client().post("/api/v1/projects/num/tasks/1/claim", headers=head).status_code == 403
    number = re.findall(r"/account/tokens/(\d+)/end", text)[-1]
    submit(emmy, "/account", f"/account/tokens/{number}/end")
    codes = [
        site.client().get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (one, two)
    ]
    assert codes == [401, 200]


def test_all_tokens_are_ended_at_once(site: Site) -> None:
    emmy, ben = site.person("Emmy"), site.person("Ben")
    tokens, other = [site.token(emmy), site.token(emmy)], site.token(ben)
    page = enter(site, emmy)
    assert "End all tokens" in page.get("/account").text
    assert submit(page, "/account", "/account/tokens/end").headers["Location"] == "/account#tokens"
    codes = [
        site.client().get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (*tokens, other)
    ]
    assert codes == [401, 401, 200]
    assert "End all tokens" not in page.get("/account").text


def test_people_return_to_the_page_they_came_from(site: Site) -> None:
    client, emmy = site.client(), site.person("Emmy")
    client.get("/sign-in", headers={"Referer": "http://localhost/p/num/nodes/thm:euclid?x=1"})
    link = site.link(emmy)
    assert submit(client, link, link).headers["Location"] == "/p/num/nodes/thm:euclid?x=1"
    other = site.client()
    other.get("/sign-in?next=/p/num/work")
    link = site.link(emmy)
    assert submit(other, link, link).headers["Location"] == "/p/num/work"


ELSEWHERE = [
    "https://evil.example",
    "//evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/sign-out",
    "/sign-in/with/x",
    "/" + "x" * 600,
    "",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_elsewhere(site: Site, address: str) -> None:
    assert local(address) is None
    client = site.client()
    client.get("/sign-in", query_string={"next": address}, headers={"Referer": "http://evil.example/p/num/"})
    link = site.link(site.person("Emmy"))
    assert submit(client, link, link).headers["Location"] == "/"


def test_a_link_says_whom_it_signs_in(site: Site) -> None:
    link = site.link(site.person("Emmy"))
    assert "<strong>Emmy</strong>" in site.client().get(link).text
    assert "You are signed in as Ben" in enter(site, site.person("Ben")).get(link).text


@pytest.mark.parametrize("token", ["x", "new", "%00", "x" * 3000])
def test_a_link_that_never_was_says_so(site: Site, token: str) -> None:
    answer = site.client().get(f"/sign-in/{token}")
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.text


# What protects it


def test_over_https_the_cookie_is_of_this_host_alone(site: Site) -> None:
    secure = create_app(replace(site.settings, base_url="https://example.org"), site.database).test_client()
    answer = secure.get("/", base_url="https://example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-chantier=")
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in site.client().get("/").headers


@pytest.mark.parametrize("path", ["/", "/p/num/", "/p/num/work", "/account", "/api/v1/session", "/sign-in"])
def test_what_is_shown_to_somebody_is_kept_by_nobody_on_the_way(site: Site, path: str) -> None:
    answer = enter(site, site.person("Emmy")).get(path)
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"] or "no-store" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]


def test_the_policy_lets_nothing_inline(site: Site) -> None:
    policy = site.client().get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "style-src 'self';" in policy


def asked_by(site: Site, trusted: tuple[str, ...], peer: str, told: str) -> int:
    """The answer to the last of more guesses than one may make, each of them told to come from elsewhere."""
    app = create_app(replace(site.settings, trusted_proxies=trusted), site.database)
    client = app.test_client()
    form = {"csrf_token": form_token(client)}
    for number in range(21):
        answer = client.post(
            "/sign-in/x",
            data=form,
            headers={"X-Forwarded-For": told.format(number)},
            environ_overrides={"REMOTE_ADDR": peer},
        )
    if answer.status_code == 429:
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert "wait" in answer.text
    return answer.status_code


@pytest.mark.parametrize(
    ("trusted", "peer", "told", "status"),
    [
        ((), "203.0.113.5", "198.51.100.{}", 429),
        (("10.0.0.0/8",), "203.0.113.5", "198.51.100.{}", 429),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.{}", 400),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.7", 429),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.{}, 203.0.113.9", 429),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.{}, 10.0.0.2", 400),
        (("10.0.0.0/8", "fd00::/8"), "fd00::1", "2001:db8::{}", 400),
        (("10.0.0.0/8",), "10.0.0.1", "nonsense {}", 429),
    ],
)
def test_who_asks_is_told_by_our_proxies_alone(
    site: Site, trusted: tuple[str, ...], peer: str, told: str, status: int
) -> None:
    assert asked_by(site, trusted, peer, told) == status


def test_people_are_slowed_down_by_who_they_are(site: Site) -> None:
    emmy, ben = (enter(site, site.person(name)) for name in ("Emmy", "Ben"))
    codes = [submit(emmy, "/account", "/account/tokens", label="x").status_code for _ in range(21)]
    assert codes[-1] == 429
    assert submit(ben, "/account", "/account/tokens", label="x", days="30").status_code == 200


def test_a_storage_for_limits_that_is_away_stops_nobody(site: Site) -> None:
    pytest.importorskip("redis")
    away = replace(site.settings, limits_url=SecretStr("redis://127.0.0.1:1/0"))
    client = create_app(away, site.database).test_client()
    form = {"csrf_token": form_token(client)}
    codes = [client.post(f"/sign-in/{number}", data=form).status_code for number in range(21)]
    assert (codes[0], codes[-1]) == (400, 429)


def test_a_storage_for_limits_that_there_is_not_is_said(site: Site) -> None:
    with pytest.raises(UserError, match="rate limits"):
        create_app(replace(site.settings, limits_url=SecretStr("nonsense://x")), site.database)


def test_the_caretaker_forgets_what_is_over(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    emmy = site.person("Emmy")
    enter(site, emmy)
    site.link(emmy)
    stop = threading.Event()
    monkeypatch.setattr("server.caretaker.send", lambda *_: stop.set())
    look_after(site.database, lambda: START + 100 * DAY, stop, pause=0.01)
    with site.database.reading() as store:
        assert store.sessions.of(emmy.id) == ()
        assert people.has_account(store, emmy)
