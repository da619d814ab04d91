"""What somebody new reads on the pages and is told at the doors about tasks, claims and credit."""

from __future__ import annotations

import re

from server.records.people import Person
from server.service import naming, people, policy, projects, watching
from server.work.naming import Naming
from server.work.permissions import Role

from .web_world import START, Site, submit

WORK, REPORT, PAGE = "/p/num/work", "/p/num/report", "/p/num/nodes/thm:euclid"


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def section(html: str, title: str) -> str:
    """What stands under that heading."""
    return re.split(rf"<h2>{title}\b", html)[1].split("<h2>")[0]


def numbers(html: str) -> list[str]:
    return re.findall(r'class="task-number">(#\d+)<', html)


def euclid(site: Site) -> int:
    tasks = site.client().get("/api/v1/projects/num/tasks").json["items"]
    return next(one["number"] for one in tasks if (one["node"], one["kind"]) == ("thm:euclid", "prove"))


def known(site: Site, name: str) -> Person:
    with site.database.reading() as store:
        return people.by_name(store, name)


def set_rule(site: Site, person: Person, rule: str, value: str) -> None:
    with site.database.begin() as store:
        policy.set_rule(store, projects.find(store, "num"), person, rule, value, now=START)


def test_a_task_on_hold_is_shown_with_who_why_and_since(site: Site) -> None:
    mona, number = site.signed_in("Mona", Role.MAINTAINER), euclid(site)
    submit(mona, PAGE, f"/p/num/tasks/{number}/hold", note="<b>Wait</b> for chapter 3")
    site.later(days=2)
    for page in (WORK, REPORT):
        shown = section(site.client().get(page).text, "On hold")
        assert numbers(shown) == [f"#{number}"]
        assert "Mona put it on hold 2 days ago : &lt;b&gt;Wait&lt;/b&gt; for chapter 3" in text(shown)
    assert "Mona put it on hold" in text(site.client().get(PAGE).text)
    own = section(mona.get(WORK).text, "On hold")
    assert "You put it on hold" in text(own)
    submit(mona, WORK, f"/p/num/tasks/{number}/unhold")
    assert "On hold" not in site.client().get(WORK).text + site.client().get(REPORT).text


def test_what_is_ready_stands_in_one_order(site: Site) -> None:
    for client in (site.client(), site.signed_in("Emmy")):
        order = numbers(section(client.get(WORK).text, "Ready to take"))
        assert len(order) > 1
        assert numbers(section(client.get(REPORT).text, "Ready to take")) == order
        markdown = client.get("/api/v1/projects/num/report?format=markdown").text
        told = re.findall(r"\\(#\d+)", markdown.split("## Ready to take")[1].split("##")[0])
        assert told == order


def test_how_long_a_claim_lasts_is_said_where_one_claims(site: Site) -> None:
    emmy, mona = site.signed_in("Emmy"), site.person("Mona", Role.MAINTAINER)
    assert "after 7, 14 or 30 days" in text(emmy.get(WORK).text)
    set_rule(site, mona, "small", "5")
    work = emmy.get(WORK).text
    assert "after 5, 14 or 30 days" in text(work)
    assert "usual time" not in work
    assert 'placeholder="5 days"' in emmy.get(PAGE).text
    set_rule(site, mona, "leases", "false")
    assert "lasts until you give it back" in text(emmy.get(WORK).text)
    assert 'name="until"' not in emmy.get(WORK).text
    set_rule(site, mona, "assignment", "false")
    assert "nobody claims tasks" in text(emmy.get(WORK).text)
    assert f"/tasks/{euclid(site)}/claim" not in emmy.get(PAGE).text


def test_a_claim_that_ends_earlier_now_says_so(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    for until, said in (
        ("20 days", "is yours until 2026-03-22 (UTC)."),
        ("5 days", "is still yours, but only until 2026-03-07 (UTC), not 2026-03-22 as before."),
        ("3 years", "A claim lasts at most 90 days; claim again when it nears its end."),
        ("2w", "is still yours until 2026-03-16 (UTC)."),
    ):
        submit(emmy, PAGE, f"/p/num/tasks/{number}/claim", until=until)
        flash = re.search(r'class="flash[^>]*>(.*?)</p>', emmy.get(PAGE).text)
        assert flash
        assert re.sub(r"<[^>]+>", "", flash[1]).endswith(said)
    history = text(section(emmy.get(PAGE).text, "History"))
    assert "You shortened the claim on" in history


def test_ones_own_doings_are_told_to_oneself(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim")
    own = f"/p/num/people/{known(site, 'Emmy').id}"
    for page in (PAGE, own, "/p/num/"):
        assert f"You claimed #{number}" in text(emmy.get(page).text)
        assert f"Emmy claimed #{number}" in text(site.client().get(page).text)
    assert "Held by you" in text(emmy.get(PAGE).text)


def test_a_notice_on_the_page_has_a_link_where_the_chat_has_commands(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    noor = site.signed_in("Noor Ali")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/invite", who="Noor Ali")
    evidence = {"kind": "example", "ref": "thm:euclid", "evidence": "https://example.org/1"}
    submit(emmy, PAGE, "/p/num/credit", who="Noor Ali", **evidence)
    with site.database.reading() as store:
        typed = [one.text for one in watching.notices(store, people.by_name(store, "Noor Ali"), START)]
    assert typed[0].endswith("`, or `refuse 2` if it is not so.")
    assert typed[1] == (
        f"Emmy asks you to share #{number} “prove Theorem 2.3 (Euclid)”: "
        f"`accept #{number}` or `decline #{number}`."
    )
    page = noor.get("/account").text
    assert "It counts once you confirm it." in page
    assert "accept #" not in page
    assert page.count(f'<a href="{WORK}#answers">Answer</a>') == 2
    assert "Accept</button>" in noor.get(WORK).text


def test_credit_is_told_by_the_name_of_the_node(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    evidence = {"kind": "example", "ref": "thm:euclid", "evidence": "https://example.org/1"}
    submit(emmy, PAGE, "/p/num/credit", **evidence)
    history = text(section(emmy.get(PAGE).text, "History"))
    assert "You proposed credit 2: example for Theorem 2.3 (Euclid)" in history
    assert "thm:euclid" not in history


def test_what_counts_is_disputed_with_one_click_and_the_form(site: Site) -> None:
    emmy = site.signed_in("Emmy")
    page = emmy.get("/p/num/nodes/def:divides").text
    opened = page.split("<summary>Not so?</summary>")[1].split("</details>")[0]
    assert 'action="/p/num/credit/1/dispute"' in opened
    assert "<details" not in opened


def test_a_missing_node_leads_to_those_that_may_be_meant(site: Site) -> None:
    response = site.client().get("/p/num/nodes/thm:euklid")
    assert response.status_code == 404
    assert f'<a href="{PAGE}">Theorem 2.3 (Euclid)</a>' in response.text
    assert '<a href="/p/num/graph">All nodes of Elementary number theory</a>' in response.text
    assert '<a href="/p/num/people">' in site.client().get("/p/num/people/999").text
    assert site.client().get("/api/v1/projects/num/nodes/thm:euklid").mimetype == "application/problem+json"


def test_the_name_that_is_suggested_can_be_typed(site: Site) -> None:
    emmy, number = site.signed_in("Emmy"), euclid(site)
    site.person("Noor Ali")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/invite", who="Noor")
    assert "did you mean @&#34;Noor Ali&#34; ?" in text(emmy.get(PAGE).text)
    submit(emmy, PAGE, f"/p/num/tasks/{number}/invite", who='@"Noor Ali"')
    assert "I have asked Noor Ali to share" in text(emmy.get(PAGE).text)


def test_whoever_hides_takes_no_word_of_others_along(site: Site) -> None:
    emmy, grace, number = site.signed_in("Emmy"), site.signed_in("Grace"), euclid(site)
    submit(emmy, PAGE, f"/p/num/tasks/{number}/claim")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/invite", who="Grace")
    submit(grace, PAGE, f"/p/num/tasks/{number}/accept")
    submit(emmy, PAGE, f"/p/num/tasks/{number}/progress", note="by the grace of x, says Grace")
    with site.database.begin() as store:
        hidden = naming.choose(store, people.by_name(store, "Grace"), Naming.HIDDEN)
    page = text(site.client().get(PAGE).text)
    assert f"Emmy invited {hidden.name} to share" in page
    assert f"{hidden.name} joined Emmy in #{number}" in page
    assert f"by the grace of x, says {hidden.name}" in page
    assert "Grace" not in page
    with site.database.begin() as store:
        naming.choose(store, hidden, Naming.REAL)
    assert "Emmy invited Grace to share" in text(site.client().get(PAGE).text)
