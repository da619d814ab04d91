"""A real browser on a site that is served, for the tests whose argument is `page`."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright
from werkzeug.serving import make_server

from dashboards import assets
from server.records.people import Person

from .web_world import Site

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not assets.built():
        pytest.skip("the front end is not built: run `python -m dashboards.build`")
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        except Error as error:
            pytest.skip(f"no Chromium to drive: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The address at which the site answers, until the end of the block."""
    server = make_server("127.0.0.1", 0, site.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """Where the site is served."""
    with served(site) as address:
        yield address


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A window that fails the test on any error of ours, and on any request that leaves the machine."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860})
    wrong: list[str] = []
    context.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on(
        "request", lambda sent: None if sent.url.startswith((address, "data:")) else wrong.append(sent.url)
    )
    yield context
    context.close()
    assert wrong == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A page without scripts."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    yield context.new_page()
    context.close()


def sign_in(page: Page, site: Site, person: Person) -> None:
    page.goto(site.link(person))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("status")).to_contain_text(f"Welcome, {person.name}.")
