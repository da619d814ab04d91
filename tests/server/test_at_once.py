"""What one does on a page is done at once: no reload, focus and words kept, errors beside the button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from server.records.people import Person

from .browsing import sign_in
from .web_world import Site

pytestmark = pytest.mark.browser

UNTOUCHED = "window.untouched === true"


@pytest.fixture
def emmy(page: Page, site: Site) -> Person:
    person = site.person("Emmy")
    sign_in(page, site, person)
    return person


def opened(page: Page, path: str) -> None:
    page.goto(path)
    page.evaluate("window.untouched = true")


def item(page: Page, words: str) -> str:
    """What marks the task in whose line these words stand."""
    number = page.locator("[data-task]", has_text=words).first.get_attribute("data-task")
    return f"[data-task='{number}']"


@pytest.mark.usefixtures("emmy")
def test_a_task_is_taken_renewed_given_back_and_taken_again(page: Page) -> None:
    opened(page, "/p/num/work")
    row = item(page, "Euclid")
    page.locator("#free").locator(row).get_by_role("button", name="Claim").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("is yours until")
    mine = page.locator("#mine").locator(row)
    expect(mine).to_contain_text("7 days left")
    expect(mine.locator("summary, button").first).to_be_focused()
    mine.get_by_role("button", name="Renew").click()
    expect(said).to_contain_text("still yours until")
    expect(mine.get_by_role("button", name="Renew")).to_be_focused()
    mine.get_by_role("button", name="Give back").click()
    expect(said).to_contain_text("is free again")
    expect(page.locator("#mine")).to_contain_text("You hold no task.")
    said.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("Undone: giving back")
    expect(mine).to_be_visible()
    assert page.evaluate(UNTOUCHED)


@pytest.mark.usefixtures("emmy")
def test_a_task_is_taken_on_the_front_page(page: Page) -> None:
    opened(page, "/p/num/")
    page.locator("#to-do [data-task]", has_text="Euclid").get_by_role("button", name="Claim").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("is yours until")
    expect(page.locator("#in-hand")).to_contain_text("you, 7 days left")
    expect(page.locator("#lately")).to_contain_text("You claimed")
    expect(page.locator("#to-do")).not_to_contain_text("Euclid")
    said.get_by_role("button", name="Undo").click()
    expect(page.locator("#to-do")).to_contain_text("Euclid")
    assert page.evaluate(UNTOUCHED)


@pytest.mark.usefixtures("emmy")
def test_a_task_is_taken_beside_the_graph_and_the_drawing_follows(page: Page) -> None:
    opened(page, "/p/num/graph?node=def:sieve")
    expect(page.locator("#graph[data-ready=yes]")).to_be_visible(timeout=20_000)
    ready = "document.getElementById('graph').chart.graph.marks.ready.size"
    before = page.evaluate(ready)
    panel = page.get_by_role("region", name="The node that is looked at")
    panel.get_by_role("link", name="Theorem 2.5").first.click()
    expect(panel.get_by_role("heading")).to_contain_text("Theorem 2.5")
    page.go_back()
    panel.get_by_role("button", name="Claim").click()
    expect(panel).to_contain_text("Held by you")
    assert page.evaluate(ready) == before - 1
    page.get_by_role("searchbox", name="Search").fill("euclid")
    expect(page.get_by_text("1 node fits the filters.")).to_be_visible()
    assert page.evaluate(UNTOUCHED)


@pytest.mark.usefixtures("emmy")
def test_a_refusal_stands_beside_the_button_and_keeps_what_was_written(page: Page) -> None:
    opened(page, "/p/num/nodes/thm:euclid")
    page.get_by_label("For how long").fill("for ever")
    page.get_by_role("button", name="Claim").click()
    beside = page.locator("#work").get_by_role("alert")
    expect(beside).to_contain_text("I cannot read the time for ever")
    expect(page.get_by_label("For how long")).to_have_value("for ever")
    page.get_by_label("For how long").fill("2w")
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("status")).to_contain_text("is yours until")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert page.evaluate(UNTOUCHED)


@pytest.mark.usefixtures("emmy")
def test_a_node_page_follows_and_leaves_the_mathematics_alone(page: Page) -> None:
    opened(page, "/p/num/nodes/thm:euclid")
    expect(page.locator("html.math-done")).to_be_attached()
    page.evaluate("document.querySelector('.tex mjx-container').dataset.same = 'yes'")
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("#history")).to_contain_text("claimed")
    page.get_by_text("Propose", exact=True).first.click()
    form = page.locator("form[action$='/propose']")
    form.get_by_label("Pull request").fill("#34")
    form.get_by_label("How it was made").select_option("manual")
    form.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("link", name="pull/34")).to_be_visible()
    assert page.locator("[data-same=yes]").count() == 1
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_role("button", name="Stop watching")).to_be_focused()
    assert page.evaluate(UNTOUCHED)


@pytest.mark.usefixtures("emmy")
def test_two_clicks_are_one_deed(page: Page) -> None:
    opened(page, "/p/num/nodes/thm:euclid")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Claim").dblclick()
    expect(page.get_by_role("status")).to_contain_text("is yours until")
    assert len(sent) == 1


@pytest.mark.usefixtures("emmy")
def test_offline_is_said_and_nothing_is_lost(page: Page, context: BrowserContext) -> None:
    opened(page, "/p/num/nodes/thm:euclid")
    page.get_by_label("For how long").fill("3w")
    context.set_offline(True)
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("#work").get_by_role("alert")).to_contain_text("You are offline")
    expect(page.get_by_label("For how long")).to_have_value("3w")
    context.set_offline(False)
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("status")).to_contain_text("is yours until")


def test_a_form_that_is_too_old_says_so(browser: Browser, site: Site, address: str) -> None:
    """In a window of its own: the browser notes the refusal in its console."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    sign_in(page, site, site.person("Emmy"))
    opened(page, "/p/num/nodes/thm:euclid")
    context.clear_cookies()
    page.get_by_role("button", name="Claim").click()
    expect(page.locator("#work").get_by_role("alert")).to_contain_text("load the page again")
    context.close()


@pytest.mark.usefixtures("emmy")
def test_what_is_written_elsewhere_stays(page: Page) -> None:
    opened(page, "/p/num/work")
    row = item(page, "Euclid")
    page.locator("#free").locator(row).get_by_role("button", name="Claim").click()
    mine = page.locator("#mine").locator(row)
    mine.get_by_text("More", exact=True).click()
    mine.get_by_label("How it goes, or what you tried").fill("half a note")
    page.locator("#free").get_by_label("For how long").first.fill("5 days")
    mine.get_by_role("button", name="Renew").click()
    expect(page.get_by_role("status")).to_contain_text("yours until")
    expect(mine.get_by_label("How it goes, or what you tried")).to_have_value("half a note")
    expect(page.locator("#free").get_by_label("For how long").first).to_have_value("5 days")
