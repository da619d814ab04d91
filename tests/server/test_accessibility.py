"""axe on every page of the site: each viewer, by day and by night, on a phone and on a desk; and no error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from dashboards.build import FRONTEND
from server.records.people import Person

from .browsing import served
from .every_page import Crew, addresses, bring_to_life, is_page, pages_of
from .web_world import Site, make_site

pytestmark = pytest.mark.browser

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RUN = """async (rules) => {
  const found = await axe.run(document, { ...rules, resultTypes: ['violations'] });
  const one = (node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`;
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(one).join(' | ')}`);
}"""
VIEWERS = ("nobody", "contributor", "maintainer")


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe is not installed: run `python -m dashboards.build`")
    return AXE.read_text()


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str, Crew]]:
    site = make_site(tmp_path_factory.mktemp("lively"))
    crew = bring_to_life(site)
    with served(site) as address:
        yield site, address, crew
    site.database.close()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_page_is_fit_for_all(
    browser: Browser, axe: str, lively: tuple[Site, str, Crew], viewer: str
) -> None:
    site, address, crew = lively
    context = browser.new_context(base_url=address)
    wrong: list[str] = []
    errors = {"error", "warning"}
    context.on(
        "console", lambda said: wrong.append(f"{said.text} {said.location}") if said.type in errors else None
    )
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    page = context.new_page()
    _sign_in(page, site, {"contributor": crew.emmy, "maintainer": crew.mona}.get(viewer))
    for path in pages_of(site.flask, addresses(site.flask)):
        answer = page.request.get(path)  # a refusal is a page of its own, looked at below
        if answer.ok and is_page(answer.headers):
            wrong += [f"{path}: {each}" for each in _violations(page, path, axe)]
    context.close()
    assert wrong == [], "\n".join(wrong)


def test_a_refusal_is_fit_for_all(browser: Browser, axe: str, lively: tuple[Site, str, Crew]) -> None:
    page = browser.new_page(base_url=lively[1])
    assert list(_violations(page, "/p/num/nodes/none", axe)) == []
    page.close()


def test_axe_is_really_run(browser: Browser, axe: str, lively: tuple[Site, str, Crew]) -> None:
    page = browser.new_page(base_url=lively[1])
    page.goto("/sign-in")
    page.evaluate("document.querySelector('main').append(new Image())")
    page.evaluate(axe)
    assert any(each.startswith("image-alt") for each in page.evaluate(RUN, RULES))
    page.close()


def _sign_in(page: Page, site: Site, person: Person | None) -> None:
    if person is not None:
        page.goto(site.link(person))
        page.get_by_role("button", name="Sign in").click()


def _violations(page: Page, path: str, axe: str) -> Iterator[str]:
    """Of one page, in both sizes and both themes; what opens is open."""
    page.goto(path)
    if page.locator("#macros").count():
        page.locator("html.math-done").wait_for(state="attached")
    if page.locator("#graph").count():
        page.locator("#graph[data-ready=yes]").wait_for()
    page.evaluate("document.querySelectorAll('details:not([name])').forEach((one) => { one.open = true })")
    page.evaluate(axe)
    for size in SIZES:
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for violation in page.evaluate(RUN, RULES):
                yield f"{size['width']} {theme} {violation}"
