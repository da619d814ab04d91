"""The pages over a real database: reading, signing in, taking tasks, and what protects them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards import links
from server.app import create_app
from server.service import erasing, nodes, people, projects
from server.settings import load
from server.work.permissions import Role

from .web_world import Site, form_token, make_site, sample, submit


def number_of(site: Site, node: str, kind: str) -> int:
    tasks = site.client().get("/api/v1/projects/num/tasks").json["items"]
    return next(task["number"] for task in tasks if (task["node"], task["kind"]) == (node, kind))


PAGES = ["", "graph", "nodes/thm:euclid", "work", "people", "report", "report?since=2026-01-01"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_answer(site: Site, page: str) -> None:
    response = site.client().get(f"/p/num/{page}")
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert "Elementary number theory" in response.text


def test_front_page_lists_projects(site: Site) -> None:
    text = site.client().get("/").text
    assert 'href="/p/num/"' in text
    assert "<b>4</b> of 10 nodes verified" in text


def test_front_page_without_projects_says_what_to_do(tmp_path: Path) -> None:
    empty = make_site(tmp_path)
    assert "chantier sync" in empty.client().get("/").text
    empty.database.close()


@pytest.mark.parametrize(
    "id", ["a/b", "a//b", "..", ".", "a b", "ü?x=1#y", "100%", "%2F", "a\\b", "<script>", "thm:x", "é&amp;"]
)
def test_any_label_has_a_page(tmp_path: Path, id: str) -> None:
    site = make_site(tmp_path)
    odd = sample.node(id, "lemma", "9.1", "Odd one", "Odd", "<p>Odd.</p>", proof="<p>Even.</p>")
    site.add_project(replace(sample.GRAPH, nodes=(*sample.GRAPH.nodes, odd)))
    address = links.node_path("num", id)
    assert "Lemma 9.1" in site.client().get(address).text
    assert site.client().get(f"/api/v1/projects/num{address.removeprefix('/p/num')}").json["id"] == id
    with site.database.reading() as store:
        assert nodes.resolve(store, projects.find(store, "num"), f"http://localhost{address}") == id
    site.database.close()


@pytest.mark.parametrize(
    "address", ["/nothing", "/p/none/", "/p/num/nodes/no", "/p/num/people/999", "/p//srv/num/", "/p/num/xyz"]
)
def test_missing_things_are_404_in_kind_words(site: Site, address: str) -> None:
    response = site.client().get(address)
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert "Not here" in response.text
    assert "Traceback" not in response.text


def test_a_folder_of_the_server_is_no_project(site: Site) -> None:
    assert site.client().get("/p/%2Fsrv%2Fnum/").status_code == 404


def test_a_fault_is_a_number_and_no_traceback(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))

    def broken(*_: object) -> str:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("server.web.pages.overview", broken)
    response = site.client().get("/p/num/")
    assert response.status_code == 500
    number = re.search(r"logged as <code>([0-9a-f]{8})</code>", response.text)
    assert number
    assert number[1] in (tmp_path / "faults.log").read_text()
    assert "secret of the house" not in response.text


@pytest.mark.parametrize(
    "address", ["/", "/p/num/", "/nothing", "/api/v1/projects", "/static/site.css", "/legend.css"]
)
def test_every_answer_is_protected(site: Site, address: str) -> None:
    headers = site.client().get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_looking_at_a_link_does_not_use_it_up(site: Site) -> None:
    client, link = site.client(), site.link(site.person("Emmy"))
    for _ in range(3):
        assert "<button" in client.get(link).text
    assert submit(client, link, link).status_code == 303
    assert "Emmy" in client.get("/").text


def test_a_link_works_once_and_for_a_quarter_of_an_hour(site: Site) -> None:
    emmy = site.person("Emmy")
    link, old = site.link(emmy), site.link(emmy)
    assert submit(site.client(), link, link).status_code == 303
    refused(site, link, "used already")
    site.later(minutes=16)
    refused(site, old, "older than 15 minutes")


def refused(site: Site, link: str, why: str) -> None:
    """Whether one looks at it or uses it."""
    client = site.client()
    form = {"csrf_token": form_token(client)}
    for answer in (client.get(link), client.post(link, data=form)):
        assert answer.status_code == 400
        assert why in answer.text
    assert client.get("/api/v1/session").json["person"] is None


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    link = site.link(site.person("Emmy"))
    cookie = submit(site.client(), link, link).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secure = replace(site.settings, base_url="https://example.org")
    assert create_app(secure, site.database).config["SESSION_COOKIE_SECURE"] is True


def test_signing_out(site: Site) -> None:
    client = site.signed_in()
    assert submit(client, "/p/num/", "/sign-out").status_code == 303
    assert 'href="/sign-in"' in client.get("/p/num/").text


def test_claim_renew_and_give_back(site: Site) -> None:
    emmy, number = site.signed_in(), number_of(site, "thm:euclid", "prove")
    page, task = "/p/num/nodes/thm:euclid", f"/p/num/tasks/{number}"
    done = submit(emmy, page, f"{task}/claim", days="14")
    assert (done.status_code, done.headers["Location"]) == (303, page)
    told = emmy.get(page).text
    date = '<span class="date">2026-03-16</span>'
    assert f"#{number} “prove Theorem 2.3 (Euclid)” is yours until {date} (UTC)." in told
    assert "Give back" in told
    assert "is yours" not in emmy.get(page).text
    site.later(days=2)
    submit(emmy, page, f"{task}/claim")
    assert "is still yours" in emmy.get("/p/num/work").text
    submit(emmy, "/p/num/work", f"{task}/disclaim")
    after = emmy.get("/p/num/work").text
    assert "is free again." in after
    assert "You hold no task." in after


def test_a_task_that_is_held_is_refused_in_a_sentence(site: Site) -> None:
    number = number_of(site, "thm:euclid", "prove")
    submit(site.signed_in("Emmy"), "/p/num/work", f"/p/num/tasks/{number}/claim")
    ada = site.signed_in("Ada")
    submit(ada, "/p/num/work", f"/p/num/tasks/{number}/claim")
    assert "Emmy holds" in ada.get("/p/num/work").text


@pytest.mark.parametrize("days", ["-1", "0", "x", "99999", "1e3", "400"])
def test_odd_lengths_are_refused(site: Site, days: str) -> None:
    emmy, number = site.signed_in(), number_of(site, "thm:euclid", "prove")
    submit(emmy, "/p/num/work", f"/p/num/tasks/{number}/claim", days=days)
    text = emmy.get("/p/num/work").text
    assert "flash-refused" in text
    assert "You hold no task." in text


def test_nobody_claims_without_signing_in(site: Site) -> None:
    client, number = site.client(), number_of(site, "thm:euclid", "prove")
    form = {"csrf_token": form_token(client)}
    response = client.post(f"/p/num/tasks/{number}/claim", data=form)
    assert response.headers["Location"] == "/sign-in"
    assert "Sign in first" in client.get("/sign-in").text


def test_visitors_are_told_that_they_may_not(site: Site) -> None:
    client, number = site.signed_in("Olga", Role.VISITOR), number_of(site, "thm:euclid", "prove")
    submit(client, "/p/num/work", f"/p/num/tasks/{number}/claim")
    assert "you are a visitor" in client.get("/p/num/work").text


def test_a_form_without_its_token_does_nothing(site: Site) -> None:
    emmy, number = site.signed_in(), number_of(site, "thm:euclid", "prove")
    response = emmy.post(f"/p/num/tasks/{number}/claim")
    assert response.status_code == 400
    assert "too old" in response.text
    assert "You hold no task." in emmy.get("/p/num/work").text


def test_going_back_never_leaves_the_site(site: Site) -> None:
    emmy, number = site.signed_in(), number_of(site, "thm:euclid", "prove")
    token = re.search(r'name="csrf_token" value="([^"]+)"', emmy.get("/p/num/work").text)
    assert token
    for referrer in (
        "https://evil.example/p/num/",
        "http://localhost//evil.example/",
        "http://localhost/sign-out",
        "http://[",
    ):
        response = emmy.post(
            f"/p/num/tasks/{number}/claim", data={"csrf_token": token[1]}, headers={"Referer": referrer}
        )
        assert response.headers["Location"] == "/p/num/work"
        assert site.client().get("/sign-in", headers={"Referer": referrer}).status_code == 200


def test_guessing_links_is_slowed_down(site: Site) -> None:
    client = site.client()
    form = {"csrf_token": form_token(client)}
    codes = [client.post(f"/sign-in/guess{n}", data=form).status_code for n in range(25)]
    assert codes[0] == 400
    assert codes[-1] == 429


def test_somebody_who_is_gone_is_signed_out(site: Site) -> None:
    emmy = site.signed_in()
    with site.database.begin() as store:
        erasing.erase(store, people.by_name(store, "Emmy"), site.now)
    assert 'href="/sign-in"' in emmy.get("/p/num/").text


def test_ones_own_page_before_any_work(site: Site) -> None:
    emmy = site.signed_in()
    number = emmy.get("/api/v1/session").json["person"]["id"]
    assert "No credit yet" in emmy.get(f"/p/num/people/{number}").text
    assert site.client().get(f"/p/num/people/{number}").status_code == 404


def test_watching_a_node(site: Site) -> None:
    emmy, page = site.signed_in(), "/p/num/nodes/thm:euclid"
    submit(emmy, page, f"{page}/watch")
    told = emmy.get(page).text
    assert "You will be told what happens to Theorem 2.3 (Euclid)." in told
    assert "Stop watching" in told
    submit(emmy, page, f"{page}/unwatch")
    assert "Stop watching" not in emmy.get(page).text


def test_ones_account_lists_what_one_was_told(site: Site) -> None:
    emmy, number = site.signed_in(), number_of(site, "thm:euclid", "prove")
    submit(emmy, "/p/num/work", f"/p/num/tasks/{number}/claim")
    site.later(days=30)
    submit(emmy, "/p/num/work", f"/p/num/tasks/{number}/disclaim")
    submit(emmy, "/p/num/work", f"/p/num/tasks/{number}/claim")
    assert 'class="unread"' in emmy.get("/account").text
    assert 'class="unread"' not in emmy.get("/account").text
    assert site.client().get("/account").headers["Location"] == "/sign-in"


def test_credit_is_shown_with_its_evidence(site: Site) -> None:
    text = site.client().get("/p/num/nodes/def:divides").text
    assert "Ada Lovelace" in text
    assert f"https://github.com/example/num/commit/{sample.SHA}" in text


def test_a_bad_date_is_a_sentence(site: Site) -> None:
    response = site.client().get("/p/num/report?since=yesterday")
    assert response.status_code == 400
    assert "must be a date" in response.text


def test_large_requests_are_turned_away(site: Site) -> None:
    response = site.signed_in().post("/p/num/tasks/1/claim", data={"days": "1" * 200_000})
    assert response.status_code == 413


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    settings = load(tmp_path / "none.toml", {})
    first = create_app(settings, site.database).config["SECRET_KEY"]
    assert create_app(settings, site.database).config["SECRET_KEY"] == first
    assert len(first) > 40
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
