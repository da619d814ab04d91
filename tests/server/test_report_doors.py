"""The front page and the report, at every door: the same numbers as a page, as files and as JSON."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from lean_project.introductions import Introduction
from server.work.permissions import Role

from .web_world import START, Site, submit

REPORT, API = "/p/num/report", "/api/v1/projects/num/report"


@pytest.fixture
def site(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Twelve days after the first check one node became verified, and another came undone."""
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "cache"))
    site.later(days=12)
    with site.database.begin() as store:
        project = store.projects.every()[0]
        commit = store.projects.newest_commit(project.id)
        findings = store.projects.newest_findings(project.id)
        assert commit
        assert findings
        store.projects.add_findings(commit.id, findings, site.now)
        store.log.record(project.id, "verified", "Lemma 1.2 is verified.", site.now, node="lem:divides-trans")
        store.log.record(project.id, "regressed", "Theorem 2.3 broke.", site.now, node="thm:euclid")
        said = Introduction("Primes in core Lean.", "CONTRIBUTING.md", "# Rules\n\nBe *brief*.\n")
        store.introductions.put(project.id, said)
    return site


def test_every_form_of_the_report_says_the_same(site: Site) -> None:
    client = site.client()
    told = client.get(f"{API}?period=all").json
    assert told["counts"] == {"verified": 1, "regressed": 1, "became_ready": 0}
    assert [point["verified"] for point in told["burn_up"]] == [4, 4, 4]
    assert told["summary"].startswith("1 node became verified and 1 came undone: 4 of 10 nodes are")
    assert told["summary"] in client.get(f"{REPORT}?period=all").text
    assert told["summary"] in client.get(f"{REPORT}.md?period=all").text
    assert told["summary"] in client.get(f"{REPORT}.html?period=all").text


def test_files_are_for_keeping(site: Site) -> None:
    client = site.client()
    for ending, kind in (
        ("md", "text/markdown"),
        ("html", "application/octet-stream"),
        ("eml", "message/rfc822"),
    ):
        response = client.get(f"{REPORT}.{ending}?since=2026-03-02&until=2026-03-14")
        assert response.mimetype == kind
        named = f'attachment; filename="num-2026-03-14.{ending}"'
        assert response.headers["Content-Disposition"] == named
    letter = message_from_bytes(response.data, policy=default)
    assert letter["Subject"] == "Elementary number theory: 2 March 2026 to 14 March 2026"
    html = letter.get_body(("html",))
    assert html
    for part in letter.walk():
        if part.get_content_type() == "image/png":
            assert f'src="cid:{part["Content-ID"].strip("<>")}"' in html.get_content()


@pytest.mark.parametrize(
    "query",
    ["period=decade", "since=soon", "since=2026-03-02&until=2026-03-01", "since=1900-01-01&until=9000-01-01"],
)
def test_what_is_no_period_is_refused_at_every_door(site: Site, query: str) -> None:
    for address in (REPORT, f"{REPORT}.md", f"{REPORT}.html", f"{REPORT}.eml", API):
        assert site.client().get(f"{address}?{query}").status_code == 400


def test_what_is_not_here_has_no_report(site: Site) -> None:
    for page in ("", "report", "report.md", "report.eml", "report.html", "guidelines"):
        assert site.client().get(f"/p/none/{page}").status_code == 404


def test_the_days_are_the_reader_s(site: Site) -> None:
    site.now = START.replace(hour=23, minute=30) + timedelta(days=12)
    client = site.signed_in("Emmy")
    assert "to 14 March 2026" in client.get(REPORT).text
    submit(client, "/account", "/account/zone", zone="Asia/Tokyo")
    assert "to 15 March 2026" in client.get(REPORT).text


def test_a_newcomer_sees_what_it_is_and_what_to_do(site: Site) -> None:
    html = site.client().get("/p/num/").text
    assert "Primes in core Lean." in html
    assert "New here?" in html
    assert "Be brief." in html
    assert 'href="/sign-in"' in html
    assert "<em>brief</em>" in site.client().get("/p/num/guidelines").text
    assert "New here?" in site.signed_in("Emmy").get("/p/num/").text
    assert "New here?" not in site.signed_in("Mona", Role.MAINTAINER).get("/p/num/").text


def test_without_guidelines_there_is_no_page_of_them(site: Site) -> None:
    with site.database.begin() as store:
        store.introductions.put(store.projects.every()[0].id, Introduction())
    assert site.client().get("/p/num/guidelines").status_code == 404
    assert "guidelines" not in site.client().get("/p/num/").text


def test_the_front_page_says_what_changed_this_week(site: Site) -> None:
    html = site.client().get("/p/num/").text
    assert "<b>1</b> verified" in html
    assert "Came undone this week" in html
    assert "Theorem 2.3 broke." in html
    site.later(days=8)
    later = site.client().get("/p/num/").text
    assert "<b>0</b> verified" in later
    assert "Came undone this week" not in later


def test_pages_keep_to_the_policy(site: Site) -> None:
    for page in ("", "report?period=all", "guidelines"):
        answer = site.client().get(f"/p/num/{page}")
        assert answer.status_code == 200
        html = answer.text
        assert " style=" not in html
        assert "<style" not in html


def test_the_front_page_begins_with_the_goal_that_is_nearest(site: Site) -> None:
    goals = site.client().get("/p/num/").text.split('<ul class="goals">')[1].split("</ul>")[0]
    assert goals.index("Goldbach") < goals.index("66 %") < goals.index("progressions") < goals.index("44 %")
