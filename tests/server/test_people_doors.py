"""The pages of people and of oneself: what others see follows from what one chose."""

from __future__ import annotations

from server.service import naming, people
from server.store.people import ACCOUNT, LOGIN
from server.work.naming import Naming
from server.work.permissions import Role

from .web_world import START, Site, submit


def person_page(site: Site, name: str) -> str:
    with site.database.reading() as store:
        number = people.by_name(store, name).id
    return site.client().get(f"/p/num/people/{number}").text


def test_accounts_are_shown_to_others_once_their_owner_says_so(site: Site) -> None:
    with site.database.begin() as store:
        ada = people.by_name(store, "Ada Lovelace")
        store.people.link(ada.id, LOGIN, "https://github.com#ada-l", START)
    client, link = site.client(), site.link(ada)
    submit(client, link, link)
    assert "ada-l" not in person_page(site, "Ada Lovelace")
    submit(client, "/account", "/account/sharing", linked="yes")
    assert 'href="https://github.com/ada-l"' in person_page(site, "Ada Lovelace")
    with site.database.begin() as store:
        store.people.link(ada.id, ACCOUNT, "https://gitlab.example.org#7", START)
        store.people.call(ACCOUNT, "https://gitlab.example.org#7", "ada/../7")
    assert 'href="https://gitlab.example.org/ada%2F..%2F7"' in person_page(site, "Ada Lovelace")
    with site.database.begin() as store:
        naming.choose(store, ada, Naming.PSEUDONYM, "Countess")
    assert "ada-l" not in person_page(site, "Countess")


def test_consent_to_a_dataset_is_given_and_taken_back(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    assert 'name="dataset" value="yes">' in emmy.get("/account").text
    for fields, shown in (({"dataset": "yes"}, True), ({}, False)):
        submit(emmy, "/account", "/account/sharing", **fields)
        assert ('name="dataset" value="yes" checked' in emmy.get("/account").text) is shown


def test_one_sees_what_others_would_read(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    submit(emmy, "/account", "/account/name", naming="pseudonym", pseudonym="E. N.")
    text = emmy.get("/account").text
    assert all(f"<b>{name}</b>" in text for name in ("Emmy", "E. N.", "somebody #2"))


def test_what_one_watches_is_listed(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    assert 'id="watched"' not in emmy.get("/account").text
    submit(emmy, "/p/num/nodes/thm:euclid", "/p/num/nodes/thm:euclid/watch")
    assert 'href="/p/num/nodes/thm:euclid">thm:euclid</a>' in emmy.get("/account").text


def test_what_a_person_did_is_on_their_page(site: Site) -> None:
    emmy = site.signed_in("Emmy", Role.MAINTAINER)
    assert 'class="weeks"' not in person_page(site, "Emmy")
    submit(emmy, "/p/num/nodes/def:divides", "/p/num/credit", kind="review", ref="def:divides",
           evidence="https://example.org/1", who="Ada Lovelace")  # fmt: skip
    page = person_page(site, "Emmy")
    assert "1 entry in the log" in page
    assert 'class="weeks"' in page


def test_people_are_found_by_name_from_the_address(site: Site) -> None:
    client = site.client()
    assert "Ada Lovelace" in client.get("/p/num/people?q=love").text
    assert "Ada Lovelace" not in client.get("/p/num/people?q=noether").text
    assert client.get("/p/num/people?page=999999999&letter=%00").status_code == 200
