"""No page breaks the policy, with mathematics or without, by day or by night."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from blueprint.graph import Graph
from server.work.permissions import Role

from .browsing import sign_in
from .web_world import Site, sample

pytestmark = pytest.mark.browser

LISTEN = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""
# Fonts that are fetched, boxes with styles of their own, colours, tables, and what stands out of the line.
MATHEMATICS = (
    r"<p>\(\mathscr{A}\mathfrak{p}\mathbb{Q}\) \[\begin{pmatrix}1&2\\3&4\end{pmatrix}\] "
    r"\(\color{red}{x}\) \(\bbox[5px,border:1px solid red]{y}\) \(\style{color:blue}{z}\) "
    r"\[\begin{CD}A@>f>>B\\@VVV@VVgV\\C@>>>D\end{CD}\] \(\cancel{w}\) \(\enclose{circle}{v}\) "
    r"\(\underbrace{a+\cdots+a}_{n}\) \(\require{nothing}\) \[x \tag{7}\] \(\text{ein Wörtchen}\)</p>"
)
# What Chromium shows as it is; of XML it makes a page of its own, with styles of its own.
SHOWN = ("text/html", "image/svg+xml")


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(base_url=address, color_scheme=request.param)
    context.add_init_script(LISTEN)
    yield context.new_page()
    context.close()


def pages_of(world: Site) -> list[str]:
    """Every page that can be had by an address alone, or with what is in the sample project."""
    filled = {"<slug>": "num", "<segment>": "thm:euclid", "<int:number>": "1", "<token>": "x"}
    rules = [rule.rule for rule in world.flask.url_map.iter_rules() if "GET" in (rule.methods or ())]
    addresses = [re.sub(r"<[^>]+>", lambda found: filled.get(found[0], "x"), rule) for rule in rules]
    return sorted({each for each in addresses if not each.startswith(("/static/", "/api/"))})


def test_no_page_breaks_the_policy(page: Page, site: Site) -> None:
    bad = sample.node("odd", "lemma", "1.1", None, "Odd", MATHEMATICS)
    site.add_project(Graph((bad,), title="Odd"), "/srv/odd")
    sign_in(page, site, site.person("Mona", Role.MAINTAINER))
    broken = {}
    for path in [*pages_of(site), "/p/num/nodes/thm:chebyshev", "/p/odd/nodes/odd"]:
        headers = page.request.get(path).headers
        if headers["content-type"].split(";")[0] not in SHOWN or "content-disposition" in headers:
            continue
        page.goto(path)
        if page.locator("#macros").count():
            expect(page.locator("html.math-done")).to_be_attached(timeout=30_000)
        if found := page.evaluate("window.broken || []"):
            broken[path] = found
    assert broken == {}


def test_mathematics_looks_as_it_should(page: Page, site: Site) -> None:
    odd = sample.node("odd", "lemma", "1.1", None, "Odd", MATHEMATICS)
    site.add_project(Graph((odd,), title="Odd"), "/srv/odd")
    page.goto("/p/odd/nodes/odd")
    expect(page.locator("html.math-done")).to_be_attached(timeout=30_000)
    assert page.locator("style").count() == 0
    table = page.locator(".tex mjx-mtable mjx-itable").first
    assert table.evaluate("node => getComputedStyle(node).display") == "inline-table"
    loaded = "document.fonts.ready.then(all => [...all].filter(f => f.status == 'loaded').map(f => f.family))"
    assert any("MJX" in family for family in page.evaluate(loaded))


def test_the_listener_hears(page: Page) -> None:
    """Else the tests above would prove nothing."""
    page.goto("/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('style'), {textContent: 'b {}'}))"
    )
    page.wait_for_function("window.broken.length > 0")
    assert "style-src" in page.evaluate("window.broken[0]")
