"""Whole stories in a real browser, from where people begin to what they came for, with scripts or without."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from lean_project.introductions import Introduction
from server.work.permissions import Role

from .browsing import sign_in
from .test_graph_browser import checked_again
from .web_world import START, Site, arrive, sample

pytestmark = pytest.mark.browser

# What fits on a page of A4 within the margins of the printed report, in pixels of style sheets.
PAPER = {"width": 680, "height": 1001}


@pytest.fixture(params=["scripts", "no scripts"])
def either(request: pytest.FixtureRequest) -> Page:
    """A page with scripts, and one without."""
    found: Page = request.getfixturevalue("page" if request.param == "scripts" else "plain")
    return found


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_a_newcomer_gets_from_the_front_page_to_a_task(either: Page, site: Site) -> None:
    with site.database.begin() as store:
        said = Introduction("Primes in core Lean.", "CONTRIBUTING.md", "# Rules\n\nBe *brief*.\n")
        store.introductions.put(store.projects.every()[0].id, said)
    emmy = site.person("Emmy")
    either.goto("/")
    either.get_by_role("link", name="Elementary number theory").click()
    welcome = either.locator(".welcome")
    welcome.get_by_role("link", name="Read the guidelines").click()
    expect(either.get_by_role("main")).to_contain_text("Be brief.")
    either.go_back()
    welcome.get_by_role("link", name="Sign in").click()
    expect(either.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(either, site, emmy)
    expect(either).to_have_url(re.compile("/p/num/$"))
    welcome.locator(".welcome-tasks a").first.click()
    either.get_by_role("button", name="Claim").click()
    says(either, "is yours until")
    either.goto("/p/num/work")
    expect(either.locator("#mine [data-task]")).to_have_count(1)
    either.goto("/p/num/")
    expect(either.get_by_role("main")).to_contain_text("Emmy")


def test_signing_out_everywhere_ends_it_in_the_other_browser_too(
    either: Page, browser: Browser, address: str, site: Site
) -> None:
    emmy = site.person("Emmy")
    other = browser.new_page(base_url=address)
    for page in (other, either):
        sign_in(page, site, emmy)
    either.goto("/account")
    expect(either.locator("#sessions li, #sessions tr").filter(has_text="Chrome")).to_have_count(2)
    either.get_by_role("button", name="Sign out everywhere").click()
    for page in (other, either):
        page.goto("/account")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    other.close()


def test_a_maintainer_works_a_queue_off(either: Page, site: Site) -> None:
    arrive(site, "1", "5" * 40)
    sign_in(either, site, site.person("Mona", Role.MAINTAINER))
    either.goto("/p/num/maintain/")
    either.get_by_role("main").get_by_role("link", name="Statements").first.click()
    for left in range(6, -1, -1):
        either.get_by_role("button", name="Agree", exact=True).first.click()
        says(either, "is agreed upon")
        expect(either.get_by_role("button", name="Agree", exact=True)).to_have_count(left)
    either.goto("/p/num/maintain/statements")
    expect(either.get_by_text("Nothing waits here.")).to_be_visible()
    either.goto("/p/num/nodes/thm:euclid")
    expect(either.get_by_role("main")).to_contain_text("Mona")


def test_a_statement_is_agreed_upon_where_it_is_read_and_taken_back(either: Page, site: Site) -> None:
    arrive(site, "1", "5" * 40)
    sign_in(either, site, site.person("Mona", Role.MAINTAINER))
    either.goto("/p/num/nodes/def:prime")
    either.get_by_role("button", name="Agree").first.click()
    says(either, "is agreed upon")
    either.get_by_role("button", name=re.compile("Withdraw")).first.click()
    expect(either.get_by_role("button", name="Agree").first).to_be_visible()


def test_the_graph_as_it_was_without_scripts(plain: Page, site: Site) -> None:
    checked_again(site)
    plain.goto("/p/num/graph")
    expect(plain.locator("#graph-said")).to_contain_text("3 verified")
    then = plain.get_by_label("As of")
    then.select_option(then.locator("option").last.get_attribute("value"))
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("#graph-said")).to_contain_text("4 verified on 2 March 2026")
    expect(plain).to_have_url(re.compile(f"at={sample.SHA[:12]}"))


def test_a_badge_is_a_picture_and_a_feed_is_found(page: Page, address: str) -> None:
    for path in ("/p/num/", "/p/num/nodes/thm:euclid"):
        page.goto(path)
        feeds = page.locator("link[type='application/atom+xml']")
        for at in range(feeds.count()):
            feed = page.request.get(feeds.nth(at).get_attribute("href") or "")
            assert (feed.status, b"<feed" in feed.body()) == (200, True)
        badge = f"{path}{'/' if 'nodes' in path else ''}badge.svg"
        page.evaluate(
            "(address) => new Promise((done) => { const one = new Image(); one.id = 'badge';"
            " one.onload = one.onerror = done; one.src = address; document.body.append(one); })",
            f"{address}{badge}",
        )
        width, height = page.evaluate("[badge.naturalWidth, badge.naturalHeight]")
        assert width > 3 * height > 0


def lived(site: Site) -> None:
    """Enough happened for a report of several pages."""
    with site.database.begin() as store:
        project = store.projects.every()[0]
        for day in range(80):
            at = START + timedelta(days=day // 2)
            node = sample.GRAPH.nodes[day % len(sample.GRAPH.nodes)]
            store.log.record(project.id, "verified", f"{node.id} is verified.", at, node=node.id)
            store.log.record(project.id, "regressed", f"{node.id} broke.", at, node=node.id)
    site.later(days=41)


def test_the_report_is_printed_without_a_cut(page: Page, site: Site) -> None:
    lived(site)
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    page.goto("/p/num/report?period=all")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    wholes = page.evaluate(
        "[...document.querySelectorAll('.figure, tr, .rows li')].filter((one) => one.offsetHeight)"
        ".map((one) => [one.offsetHeight, getComputedStyle(one).breakInside])"
    )
    assert len(wholes) > 5
    assert all(height < PAPER["height"] and inside == "avoid" for height, inside in wholes)
    hidden = page.locator(".presets, .files, .top, .foot, button").filter(visible=True)
    expect(hidden).to_have_count(0)
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    whole = page.evaluate("document.body.scrollHeight")
    least = -(-whole // PAPER["height"])
    assert 1 < pages <= least + 2
