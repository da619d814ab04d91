"""The stories of the pages with scripts off: whatever people may do, forms and links alone can do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .browsing import sign_in
from .every_page import addresses, pages_of
from .web_world import Site

pytestmark = pytest.mark.browser


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def test_a_node_is_found_claimed_proposed_and_given_back(plain: Page, site: Site) -> None:
    sign_in(plain, site, site.person("Emmy"))
    plain.get_by_role("link", name="Elementary number theory").click()
    plain.get_by_role("link", name="Graph", exact=True).click()
    plain.get_by_role("searchbox", name="Search").fill("euclid")
    plain.get_by_role("button", name="Show").click()
    plain.locator(".node-row").get_by_role("link", name="Theorem 2.3 (Euclid)").click()
    plain.get_by_role("button", name="Claim").click()
    says(plain, "is yours until")
    plain.get_by_text("Propose", exact=True).first.click()
    form = plain.locator("form[action$='/propose']")
    form.get_by_label("Pull request").fill("#34")
    form.get_by_label("How it was made").select_option("manual")
    form.get_by_role("button", name="Propose it").click()
    expect(plain.get_by_role("link", name="pull/34")).to_be_visible()
    plain.get_by_role("button", name="Withdraw").click()
    says(plain, "withdr")
    plain.get_by_role("button", name="Give back").click()
    says(plain, "is free again")
    plain.get_by_role("button", name="Undo").click()
    says(plain, "Undone: giving back")


def test_a_claim_is_renewed_and_noted_on_the_page_of_work(plain: Page, site: Site) -> None:
    sign_in(plain, site, site.person("Emmy"))
    plain.goto("/p/num/work")
    plain.locator("#free li", has_text="Prove Theorem 2.3").get_by_role("button", name="Claim").click()
    mine = plain.locator("#mine li", has_text="Euclid")
    expect(mine).to_contain_text("7 days left")
    mine.get_by_role("button", name="Renew").click()
    says(plain, "still yours until")
    mine.get_by_text("More", exact=True).click()
    mine.get_by_label("How it goes, or what you tried").fill("Induction does not work.")
    mine.get_by_role("button", name="I am stuck").click()
    expect(mine).to_contain_text("Induction does not work.")
    mine.get_by_text("More", exact=True).click()
    mine.get_by_role("button", name="Remind me later").click()
    expect(plain.get_by_role("status").locator(".flash-refused")).to_have_count(0)


def test_a_node_is_watched_and_watched_no_more(plain: Page, site: Site) -> None:
    sign_in(plain, site, site.person("Emmy"))
    plain.goto("/p/num/nodes/def:prime")
    plain.get_by_role("button", name="Watch", exact=True).click()
    says(plain, "You will be told")
    plain.goto("/p/num/work")
    plain.locator("#watched").get_by_role("button", name="Stop watching").click()
    expect(plain.locator("#watched")).to_contain_text("You watch no node.")


def test_credit_is_entered_and_confirmed(plain: Page, site: Site) -> None:
    emmy, sophie = site.person("Emmy"), site.person("Sophie")
    sign_in(plain, site, emmy)
    plain.goto("/p/num/nodes/thm:euclid")
    plain.get_by_text("Add credit", exact=True).click()
    form = plain.locator("form[action$='/credit']")
    form.get_by_label("Who").fill("Sophie")
    form.locator("select[name=kind]").select_option("review")
    form.get_by_label("What shows it").fill("https://example.org/1")
    form.get_by_role("button", name="Enter it").click()
    expect(plain.locator("#contributors")).to_contain_text("proposed")
    plain.get_by_role("button", name="Sign out").click()
    sign_in(plain, site, sophie)
    plain.goto("/p/num/work")
    plain.locator("#answers").get_by_role("button", name="Confirm").click()
    expect(plain.locator("#answers")).to_contain_text("Nothing. Whatever you were asked")


def test_what_one_was_asked_leads_to_an_answer_even_when_it_was_taken_back(plain: Page, site: Site) -> None:
    emmy, sophie = site.person("Emmy"), site.person("Sophie")
    sign_in(plain, site, sophie)
    plain.goto("/p/num/nodes/thm:euclid")
    plain.get_by_role("button", name="Claim").click()
    plain.get_by_text("More", exact=True).click()
    plain.get_by_label("Somebody else").fill("Emmy")
    plain.get_by_role("button", name="Invite to share it").click()
    plain.get_by_role("button", name="Sign out").click()
    sign_in(plain, site, emmy)
    plain.goto("/account")
    plain.get_by_role("link", name="Answer").first.click()
    plain.locator("#answers").get_by_role("button", name="Decline").click()
    plain.goto("/account")
    plain.get_by_role("link", name="Answer").first.click()
    expect(plain.locator("#answers")).to_contain_text("was taken back, or is over")


def test_every_page_can_be_read(plain: Page, site: Site) -> None:
    sign_in(plain, site, site.person("Emmy"))
    for path in pages_of(site.flask, addresses(site.flask)):
        plain.goto(path)
        expect(plain.get_by_role("main")).to_be_visible()
        assert plain.get_by_role("heading", level=1).count() == 1, path
