"""Agreeing through each door: the page, the API, the chat and the command line say and refuse the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from server.cli.agree import command
from server.dispatch import answer
from server.records.people import Person
from server.work.permissions import Role

from .web_world import SECRET, START, Site, arrive, make_site, sample, submit

PAGE, NODE = "/p/num/nodes/lem:divides-sum", "/api/v1/projects/num/nodes/lem:divides-sum"
AGREED = "The statement of Lemma 1.3 is agreed upon."
REFUSED = (
    "To agree on statements you need to be a maintainer, and you are a contributor; "
    "ask an owner of the project, or whoever runs the server."
)
OTHER_SHA = "5" * 40


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = make_site(tmp_path)
    arrive(site, "1", sample.SHA)
    yield site
    site.database.close()


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_maintainer_agrees_and_withdraws_on_the_page(site: Site) -> None:
    mona = site.signed_in("Mona", Role.MAINTAINER)
    assert "Nobody has agreed on this statement yet." in text(mona.get(PAGE).text)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', mona.get(PAGE).text)
    assert seen
    done = submit(mona, PAGE, f"{PAGE}/agree", seen=seen[1])
    assert (done.status_code, done.location) == (303, PAGE)
    shown = text(mona.get(PAGE).text)
    assert AGREED in shown
    assert f"Mona agreed on this statement just now , at commit {sample.SHA[:10]}" in shown
    submit(mona, PAGE, f"{PAGE}/withdraw")
    assert "The statement of Lemma 1.3 is not agreed upon any more." in text(mona.get(PAGE).text)


def test_the_page_of_a_drifted_statement(site: Site) -> None:
    mona = site.signed_in("Mona", Role.MAINTAINER)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', mona.get(PAGE).text)
    assert seen
    submit(mona, PAGE, f"{PAGE}/agree", seen=seen[1])
    arrive(site, "2", OTHER_SHA)
    shown = text(mona.get(PAGE).text)
    assert "The agreed statement of Lemma 1.3 moved: Num.divides_add is not at commit 5555555555" in shown
    assert "It has moved since." in shown
    assert "Drifted" in shown
    submit(mona, PAGE, f"{PAGE}/agree", seen=seen[1])
    assert "changed since you looked at it" in text(mona.get(PAGE).text)
    assert submit(mona, PAGE, f"{PAGE}/agree").status_code == 303
    assert "changed since you looked at it" in text(mona.get(PAGE).text)


def test_others_see_no_button_and_are_refused(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    assert "/agree" not in emmy.get(PAGE).text
    assert submit(emmy, "/account", f"{PAGE}/agree", seen="0").status_code == 303
    assert REFUSED in text(emmy.get(PAGE).text)
    assert submit(emmy, "/account", f"{PAGE}/withdraw").status_code == 303
    assert REFUSED in text(emmy.get(PAGE).text)


@pytest.mark.parametrize("action", ["agree", "withdraw"])
def test_a_form_without_its_token_does_nothing(site: Site, action: str) -> None:
    mona = site.signed_in("Mona", Role.MAINTAINER)
    assert mona.post(f"{PAGE}/{action}", data={"seen": "0"}).status_code == 400
    assert site.client().post(f"{NODE}/{action}").status_code == 401
    assert mona.post(f"{NODE}/{action}").status_code == 400


def bearer(site: Site, person: Person, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {site.token(person, frozenset(scopes or ('read', 'write')))}"}


def test_the_api_agrees_and_shows_it(site: Site) -> None:
    mona = site.person("Mona", Role.MAINTAINER)
    seen = site.client().get(NODE).json["agreement"]["seen"]
    done = site.client().post(f"{NODE}/agree", json={"seen": seen}, headers=bearer(site, mona))
    assert done.json == {
        "node": "lem:divides-sum",
        "caption": "Lemma 1.3",
        "agreed": True,
        "changed": True,
        "text": AGREED,
    }
    arrive(site, "2", OTHER_SHA)
    shown = site.client().get(NODE).json
    assert (shown["status"], shown["agreement"]["agreed"]["drifted"]) == ("drifted", True)
    assert shown["agreement"]["agreed"]["person_name"] == "Mona"
    again = site.client().post(f"{NODE}/agree", json={"seen": seen}, headers=bearer(site, mona))
    assert (again.status_code, again.json["title"]) == (409, "Refused")
    gone = site.client().post(f"{NODE}/withdraw", headers=bearer(site, mona))
    assert gone.json["agreed"] is False


def test_the_api_refuses_others_and_tokens_that_only_read(site: Site) -> None:
    emmy, mona = site.person("Emmy"), site.person("Mona", Role.MAINTAINER)
    refused = site.client().post(f"{NODE}/agree", headers=bearer(site, emmy))
    assert (refused.status_code, refused.json["detail"]) == (403, REFUSED)
    assert site.client().post(f"{NODE}/agree", headers=bearer(site, mona, "read")).status_code == 403
    unknown = site.client().post(f"{NODE}x/agree", headers=bearer(site, mona))
    assert "There is no node `lem:divides-sumx`" in unknown.json["detail"]


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"\xff", b"[" * 50_000])
def test_the_api_answers_what_is_no_object_in_a_sentence(site: Site, body: bytes) -> None:
    known = bearer(site, site.person("Mona", Role.MAINTAINER))
    for place in (f"{NODE}/agree", "/api/v1/projects/num/reporters"):
        refused = site.client().post(place, data=body, headers=known, content_type="application/json")
        assert (refused.status_code, refused.json["detail"][:28]) == (400, "The body must be a JSON obje")


def say(site: Site, person: Person, words: str) -> str:
    with site.database.begin() as store:
        return answer(store, store.projects.every()[0], person, words, START, base_url="http://x").text


def test_the_chat_agrees(site: Site) -> None:
    mona, emmy = site.person("Mona", Role.MAINTAINER), site.person("Emmy")
    assert say(site, emmy, "agree lem:divides-sum") == REFUSED
    assert say(site, mona, "agree lem:divides-sum") == AGREED
    assert "is not agreed upon any more" in say(site, mona, "disagree lem:divides-sum")


@pytest.fixture
def settled(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The command line finds the same database."""
    monkeypatch.setenv("CHANTIER_DATABASE_URL", site.settings.database_url.get_secret_value())
    monkeypatch.setenv("CHANTIER_SECRET_KEY", SECRET)
    return site


def test_the_command_line_agrees_for_the_only_maintainer(settled: Site) -> None:
    settled.person("Mona", Role.MAINTAINER)
    assert CliRunner().invoke(command, ["lem:divides-sum"]).output == f"{AGREED}\n"
    done = CliRunner().invoke(command, ["lem:divides-sum", "--withdraw", "--as", "Mona"])
    assert done.output == "The statement of Lemma 1.3 is not agreed upon any more.\n"


def test_the_command_line_asks_who_and_refuses_others(settled: Site) -> None:
    def refusal(*arguments: str) -> str:
        done = CliRunner().invoke(command, ["lem:divides-sum", *arguments])
        assert isinstance(done.exception, UserError)
        return str(done.exception)

    assert refusal() == "Here is no maintainer yet; say who it is with `--as`."
    settled.person("Emmy")
    assert refusal("--as", "Emmy") == REFUSED
    for name in ("Mona", "Mina"):
        settled.person(name, Role.MAINTAINER)
    assert refusal() == "Here are 2 maintainers; say who it is with `--as`."
