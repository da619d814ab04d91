"""A real browser on the real server: read, follow the graph, see mathematics, sign in, take a task."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from blueprint.graph import Graph
from server.work.permissions import Role

from .browsing import sign_in
from .web_world import Site, sample

pytestmark = pytest.mark.browser


def test_overview(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Elementary number theory").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Elementary number theory")
    expect(page.get_by_text("4 of 10 nodes verified by Lean")).to_be_visible()
    bar = page.locator(".sheet .bar rect").first
    assert bar.bounding_box()["width"] > 300  # type: ignore[index]


def test_mathematics_is_typeset_with_the_projects_macros(page: Page) -> None:
    page.goto("/p/num/nodes/thm:chebyshev")
    formula = page.locator(".tex mjx-container[display=true]")
    expect(formula).to_be_visible()
    assert formula.locator("mjx-assistive-mml mo", has_text="|").count() == 2
    assert page.locator("mjx-merror").count() == 0
    assert "\\abs" not in page.locator(".tex").first.inner_text()


HOSTILE_MATHEMATICS = (
    r"<p>\(\href{javascript:document.title='taken'}{a}\) "
    r"\(\mmlToken{mi}[href='javascript:1' onclick='1']{b}\) "
    r"\(\require{html}\class{top}{c} \bbox[position:fixed;inset:0]{d}\) "
    r"\(\def\x{\x\x}\x\) \(\newcommand{\y}[1]{\y{#1#1}}\y{z}\) \(1+1\)</p>"
)


def test_mathematics_cannot_act_or_hang(page: Page, context: BrowserContext, site: Site) -> None:
    bad = sample.node("bad", "lemma", "1.1", None, "Bad", HOSTILE_MATHEMATICS)
    site.add_project(Graph((bad,), title="Bad"), "/srv/bad")
    page.goto("/p/bad/nodes/bad")
    expect(page.locator("html.math-done")).to_be_attached(timeout=15_000)
    assert page.locator("mjx-container").count() >= 5
    links = page.eval_on_selector_all(
        ".tex *", "all => all.map(e => `${e.getAttribute('href')}`).filter(h => h.includes('script'))"
    )
    assert links == []
    assert page.locator(".tex [onclick], .tex .top").count() == 0
    fixed = "all => all.filter(e => getComputedStyle(e).position === 'fixed').length"
    assert page.eval_on_selector_all(".tex *", fixed) == 0


def test_signing_in_and_taking_a_task(page: Page, site: Site) -> None:
    sign_in(page, site, site.person("Emmy"))
    expect(page.get_by_text("Welcome, Emmy.")).to_be_visible()
    page.goto("/p/num/nodes/thm:euclid")
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("status")).to_contain_text("is yours until")
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_role("status")).to_contain_text("is free again")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_nothing_runs_over_the_edge_of_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path in (
        "/",
        "/p/num/",
        "/p/num/graph",
        "/p/num/nodes/lem:prime-divisor",
        "/p/num/work",
        "/p/num/people/1",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        expect(page.get_by_role("link", name="Chantier", exact=True)).to_be_visible()


def test_words_of_any_length_stay_within_a_phone(page: Page, site: Site) -> None:
    long = "W" * 500
    nodes = tuple(replace(node, title=long, sections=(long, long)) for node in sample.GRAPH.nodes)
    site.add_project(replace(sample.GRAPH, nodes=nodes, title=long), "/srv/long")
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("", "graph", "nodes/lem:prime-divisor", "work", "people", "report"):
        page.goto(f"/p/long/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_forms_of_a_maintainer_stay_within_a_phone(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, site, site.person("Mona", Role.MAINTAINER))
    page.goto("/p/num/nodes/thm:euclid")
    page.get_by_role("button", name="Claim").click()
    for path in ("/p/num/nodes/thm:euclid", "/p/num/work", "/account"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_task_is_proposed_and_shared_without_scripts(plain: Page, site: Site) -> None:
    site.person("Ben B")
    sign_in(plain, site, site.person("Emmy"))
    plain.goto("/p/num/nodes/thm:euclid")
    plain.get_by_label("For how long").fill("2w")
    plain.get_by_role("button", name="Claim").click()
    expect(plain.get_by_role("status")).to_contain_text("is yours until 2026-03-16 (UTC)")
    plain.get_by_text("More", exact=True).click()
    plain.get_by_label("Somebody else").fill("Ben B")
    plain.get_by_role("button", name="Invite to share it").click()
    expect(plain.get_by_role("status")).to_contain_text("I have asked Ben B to share")
    plain.get_by_text("Propose", exact=True).first.click()
    form = plain.locator("form[action$='/propose']")
    form.get_by_label("Pull request").fill("#34")
    form.get_by_label("How it was made").select_option("agent")
    form.get_by_label("Tools, if any").fill("A prover")
    form.get_by_role("button", name="Propose it").click()
    expect(plain.get_by_role("status")).to_contain_text("is agent (A prover)")
    expect(plain.get_by_role("link", name="pull/34")).to_be_visible()


def test_everything_can_be_read_without_scripts(plain: Page) -> None:
    plain.goto("/p/num/graph")
    expect(plain.locator("#graph")).to_be_hidden()
    plain.get_by_role("link", name="Theorem 2.3 (Euclid)").click()
    expect(plain.locator(".tex").first).to_contain_text("There are infinitely many primes")
