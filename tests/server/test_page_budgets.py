"""What a page may cost whoever opens it on a phone: its weight, its requests, and that nothing jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response

from .web_world import Site

pytestmark = pytest.mark.browser

TYPESET = "/p/num/nodes/thm:chebyshev"  # where formulas change their size when they are typeset
PAGES = (
    "/",
    "/p/num/",
    "/p/num/graph",
    TYPESET,
    "/p/num/work",
    "/p/num/people",
    "/p/num/report",
    "/sign-in",
)
HEAVIEST = 300_000  # bytes as sent, without what mathematics needs
MOST_REQUESTS = 15
MOST_SHIFT = 0.1  # what Web Vitals calls good
MATHEMATICS = ("/mathjax/", "/math.js", "mathjax-newcm")

SHIFT = """() => new Promise((done) => {
  const moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const what = entry.sources.map((source) => source.node?.outerHTML?.slice(0, 80));
      if (!entry.hadRecentInput) moved.push([entry.value, what]);
    }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 500);
})"""
UNSIZED = "all => all.filter(e => !e.getAttribute('width') || !e.getAttribute('height')).map(e => e.src)"


def fetched(page: Page, path: str) -> list[Response]:
    """All that the browser got for the page, but for mathematics."""
    got: list[Response] = []
    page.on("response", lambda one: got.append(one))
    page.goto(path, wait_until="networkidle")
    return [one for one in got if not any(part in one.url for part in MATHEMATICS)]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light(page: Page, path: str) -> None:
    got = fetched(page, path)
    sizes = {one.url: one.request.sizes()["responseBodySize"] for one in got}
    assert sum(sizes.values()) < HEAVIEST, sizes
    assert len(got) <= MOST_REQUESTS, sorted(sizes)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_jumps_about_on_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path, wait_until="networkidle")
    moved = page.evaluate(SHIFT)
    assert sum(value for value, _ in moved) < MOST_SHIFT, moved
    assert page.eval_on_selector_all("main img", UNSIZED) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_what_it_is_and_waits_for_no_script(page: Page, path: str) -> None:
    page.goto(path)
    assert page.locator("h1").count() == 1
    assert page.title()
    assert page.locator("html[lang]").count() == 1
    assert page.locator("meta[name=viewport]").count() == 1
    blocking = "all => all.filter(e => !e.defer && !e.async && e.type !== 'module').map(e => e.src)"
    assert page.eval_on_selector_all("script[src]", blocking) == []


def test_what_never_changes_is_fetched_once(page: Page, site: Site) -> None:
    for one in fetched(page, "/p/num/graph"):
        if "/static/" in one.url and "?" in one.url:
            assert "max-age=" in one.headers["cache-control"], one.url


def test_on_paper_it_is_day_whatever_the_screen(page: Page) -> None:
    ink = "getComputedStyle(document.querySelector('h1')).color"
    page.emulate_media(color_scheme="light")
    page.goto(TYPESET)
    by_day = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ink) != by_day
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(ink) == by_day


def test_no_latex_is_seen_while_formulas_are_typeset(page: Page) -> None:
    """Each formula is MathML until it is typeset, and then all at once."""
    page.add_init_script(
        "window.seen = false; new MutationObserver(() => { const tex = document.querySelector('.tex');"
        " if (tex && tex.innerText.includes(String.raw`\\(`)) window.seen = true; })"
        ".observe(document, { childList: true, subtree: true });"
    )
    page.goto(TYPESET)
    page.wait_for_selector("html.math-done", state="attached", timeout=20_000)
    assert page.locator(".tex mjx-container").count() > 0
    assert page.locator(".draft").count() == 0
    assert page.evaluate("window.seen") is False
