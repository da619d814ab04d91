"""A real browser where maintainers work: at once with scripts, all the same without, and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from server.service import projects
from server.service.queues import Queue
from server.work.permissions import Role

from .browsing import sign_in
from .web_world import Site, arrive

pytestmark = pytest.mark.browser

AT = "/p/num/maintain/"
PAGES = ["", "roles", "settings", "tokens", "log", "health", *(queue.value for queue in Queue)]


def as_owner(page: Page, world: Site) -> None:
    sign_in(page, world, world.person("Olga", Role.OWNER))


@pytest.fixture
def world(site: Site) -> Site:
    """With statements that can be agreed on."""
    arrive(site, "1", "5" * 40)
    return site


def test_a_statement_is_agreed_on_at_once(page: Page, world: Site) -> None:
    as_owner(page, world)
    page.goto(f"{AT}statements")
    expect(page.locator("#queue-count")).to_have_text("7 in all.")
    page.evaluate("window.stayed = true")
    page.locator("#item-def\\:divides").get_by_role("button", name="Agree").click()
    expect(page.get_by_role("status")).to_contain_text("is agreed upon")
    expect(page.locator("#queue-count")).to_have_text("6 in all.")
    expect(page.locator("#item-def\\:divides")).to_be_hidden()
    assert page.evaluate("window.stayed")


def test_statements_are_typeset_also_after_a_deed(page: Page, world: Site) -> None:
    as_owner(page, world)
    page.goto(f"{AT}statements")
    statements = page.locator(".items .tex")
    expect(statements.first.locator("mjx-container").first).to_be_attached(timeout=15_000)
    page.locator("#item-def\\:divides").get_by_role("button", name="Agree").click()
    expect(page.locator("#queue-count")).to_have_text("6 in all.")
    expect(statements.first.locator("mjx-container").first).to_be_attached(timeout=15_000)
    assert "\\(" not in statements.first.inner_text()


def test_after_a_deed_the_next_of_the_list_moves_up(page: Page, world: Site) -> None:
    with world.database.begin() as store:
        project = projects.find(store, "num")
        store.channels.add(project.id, "num")
        for number in range(26):
            store.mail.post(f"x{number}", "stream", "num", f"Said {number}.", world.now, topic="t")
        for waiting in store.mail.pending():
            store.mail.give_up(waiting.id, world.now)
    as_owner(page, world)
    page.goto(f"{AT}letters")
    expect(page.locator(".items > li")).to_have_count(25)
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    page.locator(".items > li").first.get_by_role("button", name="Let go").click()
    expect(page.locator("#queue-count")).to_contain_text("25 in all")
    expect(page.locator(".items > li")).to_have_count(25)
    expect(page.get_by_text("Page 1 of 2")).to_be_hidden()


def test_a_setting_is_changed_at_once_and_says_who_did(page: Page, world: Site) -> None:
    as_owner(page, world)
    page.goto(f"{AT}settings")
    cap = page.locator("#setting-cap")
    cap.get_by_label("cap").fill("7")
    cap.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("is 7 in this project")
    expect(cap).to_contain_text("by you")
    cap.get_by_role("button", name="Default").click()
    expect(cap).to_contain_text("As by default: 3")


def test_a_refused_setting_is_told_beside_it_and_keeps_the_focus(page: Page, world: Site) -> None:
    as_owner(page, world)
    page.goto(f"{AT}settings")
    review = page.locator("#setting-review")
    review.get_by_label("review").evaluate("field => { field.removeAttribute('max'); field.value = '9999'; }")
    review.get_by_role("button", name="Save").click()
    expect(review.get_by_role("alert")).to_contain_text("review")
    expect(page.get_by_role("alert")).to_have_count(1)
    assert page.evaluate("document.activeElement.closest('li').id") == "setting-review"


def test_everything_is_done_without_scripts(plain: Page, site: Site) -> None:
    arrive(site, "1", "5" * 40)
    as_owner(plain, site)
    plain.goto(f"{AT}statements")
    plain.get_by_role("button", name="Agree").first.click()
    expect(plain.get_by_role("status")).to_contain_text("is agreed upon")
    plain.goto(f"{AT}tokens")
    plain.get_by_label("Name").fill("github-actions")
    plain.get_by_role("button", name="Trust a reporter").click()
    expect(plain.get_by_text("CHANTIER_REPORT_TOKEN")).to_be_visible()
    plain.goto("/p/num/people")
    plain.get_by_label("Name").fill("love")
    plain.get_by_role("button", name="Find").click()
    expect(plain.get_by_role("link", name="Ada Lovelace")).to_be_visible()


def test_the_pages_for_maintainers_stay_within_a_phone(page: Page, world: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    as_owner(page, world)
    for path in (*(AT + name for name in PAGES), "/account", "/p/num/people", "/p/num/people/1"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
