"""Getting in and out with a real browser: by a link, by a forge, with scripts and without."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from server.records.access import Purpose
from server.service import people, signin

from .fake_forge import FakeForge, User, serving, trusting
from .test_accessibility import AXE, RULES, RUN
from .web_world import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def forge() -> Iterator[FakeForge]:
    with serving(FakeForge(User(3, "ada", "Ada L.", {"ada@example.net": True}))) as forge:
        yield forge


@pytest.fixture
def site(site: Site, forge: FakeForge) -> Iterator[Site]:
    """Served where its settings say, for the forge sends people back to that very address."""
    server = make_server("127.0.0.1", 0, lambda *request: site.flask(*request), threaded=True)
    site = trusting(site, forge, f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    thread.join(5)


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(base_url=site.settings.base_url, java_script_enabled=request.param)
    wrong: list[str] = []
    context.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    yield context.new_page()
    context.close()
    assert wrong == []


def test_with_a_forge_from_a_node_and_back_to_it(page: Page, site: Site, forge: FakeForge) -> None:
    for key, name, number in (("github", "Ada L.", 1), ("gitlab", "Ada the second", 2)):
        forge.user = User(number, "ada")
        forge.redirect_uri = f"{site.settings.base_url}/sign-in/with/{key}/back"
        page.goto("/p/num/nodes/thm:euclid")
        page.locator(".who").get_by_role("link", name="Sign in").click()
        page.locator(f"form[action$='{key}'] button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
        page.get_by_label("Your name, as others are to see it").fill(name)
        page.get_by_role("button", name="Take part").click()
        expect(page).to_have_url(f"{site.settings.base_url}/p/num/nodes/thm:euclid")
        expect(page.get_by_text(f"Welcome, {name}.")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()


def test_an_account_is_added_on_ones_own_page(page: Page, site: Site, forge: FakeForge) -> None:
    page.goto(site.link(site.person("Emmy")))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/account")
    forge.redirect_uri = f"{site.settings.base_url}/sign-in/with/github/back"
    page.get_by_role("button", name="Add an account of GitHub").click()
    expect(page.get_by_text("You can sign in as ada from now on.")).to_be_visible()
    expect(page.locator("#identities")).to_contain_text("ada@example.net")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with GitHub").click()
    expect(page.get_by_text("Welcome, Emmy.")).to_be_visible()


def test_the_ways_in_are_fit_for_all(browser: Browser, site: Site, forge: FakeForge) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not installed: run `python -m dashboards.build`")
    page = browser.new_page(base_url=site.settings.base_url)
    wrong: list[str] = []

    def look() -> None:
        page.evaluate(AXE.read_text())
        wrong.extend(f"{page.url} {each}" for each in page.evaluate(RUN, RULES))

    forge.redirect_uri = f"{site.settings.base_url}/sign-in/with/github/back"
    page.goto("/sign-in")
    look()
    page.locator("form[action$='github'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    look()
    page.get_by_role("button", name="Take part").click()
    page.goto("/account")
    page.get_by_label("Its name, for you").fill("mine")
    look()
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("pre")).to_be_visible()
    look()
    with site.database.begin() as store:
        ben = people.by_zulip(store, 5, "Ben", site.now)
        link = signin.make_link(store, ben, site.now, "", Purpose.LINK)
    for path in (link, site.link(ben)):
        page.goto(path)
        expect(page.locator("button.big")).to_be_visible()
        look()
    page.close()
    assert wrong == []


def test_a_token_and_a_session_on_ones_own_page(page: Page, site: Site) -> None:
    page.goto(site.link(site.person("Emmy")))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/account")
    page.get_by_label("Its name, for you").fill("my script")
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator("pre")).to_contain_text("chantier_")
    page.get_by_role("link", name="Back to your page").click()
    page.get_by_role("button", name="End the token my script").click()
    expect(page.get_by_text("The token my script is not good for anything any more.")).to_be_visible()
    page.locator("#sessions").get_by_role("button", name="Sign out Chrome on Linux").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
