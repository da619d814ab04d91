"""The graph's page in a real browser: by mouse, by keyboard, by address, and without scripts."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from blueprint.graph import Graph
from lean_project.findings import Findings
from lean_project.status import statuses

from .web_world import START, Site, sample

pytestmark = pytest.mark.browser

HIDDEN = "document.getElementById('graph').chart.graph.marks.hidden.size"
STATUS = "document.getElementById('graph').chart.graph.marks.status"
EVIL = '<img src=x onerror="document.title=1"></script><script>document.title="taken"</script>'


def opened(page: Page, query: str = "", slug: str = "num") -> None:
    page.goto(f"/p/{slug}/graph{query}")
    expect(page.locator("#graph[data-ready=yes]")).to_be_visible(timeout=20_000)


def spot(page: Page, id: str) -> tuple[float, float]:
    """Where the node is on the screen."""
    page.locator("#graph").scroll_into_view_if_needed()
    where = page.evaluate(
        "(id) => { const { graph, view } = document.getElementById('graph').chart;"
        " return view.place(graph.nodes.findIndex((node) => node.id === id)); }",
        id,
    )
    box = page.locator("#graph canvas").bounding_box()
    assert box
    return box["x"] + where[0], box["y"] + where[1]


def becomes(page: Page, script: str, wanted: object) -> None:
    """Asked from here: the page's policy allows no `eval`."""
    last = time.monotonic() + 20
    while (found := page.evaluate(script)) != wanted and time.monotonic() < last:
        page.wait_for_timeout(50)
    assert found == wanted


def test_a_click_looks_at_a_node_and_another_opens_it(page: Page) -> None:
    opened(page)
    x, y = spot(page, "thm:euclid")
    page.mouse.move(x, y)
    expect(page.locator("#graph-card")).to_contain_text("Theorem 2.3 (Euclid) — Stated")
    page.mouse.click(x, y)
    panel = page.get_by_role("region", name="The node that is looked at")
    expect(panel).to_contain_text("Lemma 2.2 (Every number has a prime divisor)")
    expect(panel).to_be_in_viewport()
    expect(page).to_have_url(re.compile("node=thm%3Aeuclid"))
    page.mouse.click(*spot(page, "thm:euclid"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Theorem 2.3")


def test_search_fades_the_rest_and_narrows_the_list(page: Page) -> None:
    opened(page)
    page.get_by_role("searchbox", name="Search").fill("goldbach")
    expect(page.get_by_text("1 node fits the filters.")).to_be_visible()
    expect(page.locator(".node-row")).to_have_count(1)
    assert page.evaluate(HIDDEN) == 9
    page.get_by_role("searchbox", name="Search").fill("Num.dirichlet")
    expect(page.locator(".node-row")).to_contain_text("Primes in progressions")


def test_filters_by_status_chapter_person_and_ready(page: Page) -> None:
    opened(page)
    page.locator("label:has([value=verified])").click()
    expect(page.locator(".node-row")).to_have_count(4)
    page.get_by_label("Chapter", exact=True).select_option("Prime numbers")
    expect(page.locator(".node-row")).to_have_count(1)
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.locator(".node-row")).to_have_count(10)
    page.get_by_label("Ready to take").check(force=True)
    expect(page.locator(".node-row").first).to_contain_text("Ready")
    assert page.evaluate(HIDDEN) == 10 - page.locator(".node-row").count()


def test_what_is_reached_is_never_in_two_pairs_of_parentheses(page: Page, site: Site) -> None:
    hall = replace(sample.GRAPH.nodes[0], title="Hall (1935)")
    site.add_project(Graph((hall,), title="Hall"), "/srv/hall")
    opened(page, slug="hall")
    page.mouse.move(*spot(page, hall.id))
    expect(page.locator("#graph-card")).to_contain_text("Definition 1.1 [Hall (1935)] — Verified")


def test_the_counts_beside_the_filters_follow_the_view(page: Page) -> None:
    opened(page)
    count = page.locator("[data-count=verified]")
    expect(count).to_have_text("4")
    page.get_by_label("Critical path to").select_option("thm:dirichlet")
    expect(page.get_by_text("9 nodes, 4 verified.")).to_be_visible()
    page.get_by_label("Critical path to").select_option("")
    page.goto("/p/num/graph?focus=def:prime&way=up")
    expect(count).to_have_text("2")


def test_it_opens_at_what_is_looked_at_or_sought(page: Page, site: Site) -> None:
    chain = [
        sample.node(
            f"n{at}",
            "lemma",
            f"1.{at}",
            f"Step {at} of it",
            "Chain",
            "<p>x</p>",
            uses=(f"n{at - 1}",) * (at > 0),
        )
        for at in range(60)
    ]
    site.add_project(Graph(tuple(chain), title="Chain"), "/srv/chain")
    for query in ("?node=n57", "?q=Step+57"):
        opened(page, query, slug="chain")
        y = spot(page, "n57")[1]
        box = page.locator("#graph").bounding_box()
        assert box
        assert abs(y - box["y"] - box["height"] / 2) < 3


def test_a_view_is_its_address(page: Page, context: BrowserContext) -> None:
    opened(page)
    page.get_by_role("searchbox", name="Search").fill("prime")
    expect(page).to_have_url(re.compile("q=prime"))
    page.locator("[data-zoom=in]").click()
    expect(page).to_have_url(re.compile("view="))
    state = "JSON.stringify([...document.getElementById('graph').chart.graph.marks.hidden])"
    scale = "document.getElementById('graph').chart.view.scale().toPrecision(3)"
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#graph[data-ready=yes]")).to_be_visible()
    assert [other.evaluate(state), other.evaluate(scale)] == [page.evaluate(state), page.evaluate(scale)]
    expect(other.get_by_role("searchbox", name="Search")).to_have_value("prime")


def test_back_and_forward_go_from_view_to_view(page: Page) -> None:
    opened(page)
    page.get_by_label("Critical path to").select_option("thm:dirichlet")
    path = page.locator(".graph-path li")
    expect(path.last).to_contain_text("Primes in progressions")
    page.go_back()
    expect(path).to_have_count(0)
    expect(page.get_by_label("Critical path to")).to_have_value("")
    page.go_forward()
    expect(path.last).to_contain_text("Primes in progressions")


def test_focus_draws_what_a_node_rests_on(page: Page) -> None:
    opened(page, "?node=lem:prime-divisor")
    page.get_by_role("link", name="Only what it rests on").click()
    expect(page.get_by_text("4 nodes, 3 verified.")).to_be_visible()
    ids = "document.getElementById('graph').chart.graph.nodes.map((one) => one.id).join(' ')"
    becomes(page, ids, "def:divides lem:divides-trans def:prime lem:prime-divisor")


def test_the_graph_by_keyboard(page: Page) -> None:
    opened(page)
    page.get_by_role("application", name="Dependency graph").focus()
    said = page.locator("#graph-card[aria-live]")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("Definition 1.1 (Divisibility) — Verified; uses 0, used by")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("Lemma 1.3")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Definition 2.1")
    page.keyboard.press("ArrowUp")
    expect(said).to_contain_text("Definition 1.1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="The node that is looked at")).to_contain_text("Divisibility")
    expect(page.get_by_role("application", name="Dependency graph")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Definition 1.1")


def test_everything_that_can_be_used_has_a_name(page: Page) -> None:
    opened(page, "?node=thm:euclid&goal=thm:dirichlet")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('main :is(a, button, input, select, [role], [tabindex])')]
        .filter((one) => one.type !== 'hidden' && one.offsetParent !== null)
        .filter((one) => !(one.innerText || one.ariaLabel || one.labels?.[0]?.innerText || '').trim())
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_many_nodes_open_as_chapters_and_closer_as_nodes(page: Page, site: Site) -> None:
    nodes = [
        replace(
            sample.node(
                f"n{at}", "lemma", "3.1", f"Number {at}", f"Part {at // 60}", "<p>x</p>", uses=_before(at)
            ),
            number=f"3.{at}",
        )
        for at in range(600)
    ]
    site.add_project(Graph(tuple(nodes), title="Many"), "/srv/many")
    opened(page, slug="many")
    chart = "document.getElementById('graph').chart"
    assert page.evaluate(f"{chart}.graph.isClustered({chart}.view.scale())")
    assert page.evaluate(f"new Set({chart}.graph.nodes.map((one) => `${{one.x}} ${{one.y}}`)).size") == 600
    expect(page.get_by_role("heading", name="Part 3")).to_contain_text("0/60 verified")
    x, y, width, height = page.evaluate(f"{chart}.graph.groups[3].box")
    corner = page.evaluate(
        f"(([x, y]) => {chart}.graph.camera.apply([x, y]))([{x + width / 2}, {y + height / 2}])"
    )
    page.locator("#graph canvas").click(position={"x": corner[0], "y": corner[1]})
    becomes(page, f"{chart}.graph.isClustered({chart}.view.scale())", False)


def _before(at: int) -> tuple[str, ...]:
    return tuple(f"n{at - back}" for back in (1, 7, 30) if at - back >= 0 and at % (back + 2) != 0)


def test_history_shows_how_it_was(page: Page, site: Site) -> None:
    checked_again(site)
    opened(page)
    assert page.evaluate(STATUS).count(0) == 3
    slider = page.get_by_role("slider", name="Go through the history of the project")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("4 verified on 2 March 2026")).to_be_visible()
    assert page.evaluate(STATUS).count(0) == 4
    expect(page).to_have_url(re.compile(f"at={sample.SHA[:12]}"))


def checked_again(site: Site) -> None:
    """A commit that came later, with which a lemma is not verified any more."""
    facts = replace(sample.FACTS, declarations=sample.FACTS.declarations[:3] + sample.FACTS.declarations[4:])
    findings = Findings(sample.GRAPH, facts, statuses(sample.GRAPH, facts))
    with site.database.begin() as store:
        project = store.projects.every()[0]
        commit = store.projects.add_commit(project.id, "5" * 40, START, "Ada Lovelace", "Break it", START)
        store.projects.add_findings(commit, findings, START)


def test_foreign_words_never_become_script(page: Page, site: Site) -> None:
    bad = sample.node(EVIL, "lemma", "1.1", EVIL, EVIL, "<p>x</p>")
    site.add_project(Graph((bad,), title=EVIL), "/srv/bad")
    opened(page, f"?q={EVIL}&node={EVIL}", slug="bad")
    page.mouse.move(*spot(page, EVIL))
    page.get_by_role("searchbox", name="Search").fill("onerror")
    expect(page.get_by_text("1 node, 0 verified.")).to_be_visible()
    assert page.title() != "taken"
    assert page.locator("main img").count() == 0
    drawn = page.evaluate(
        """async () => new DOMParser().parseFromString(
        await (await fetch('/p/bad/graph.svg')).text(), 'image/svg+xml').querySelectorAll('*').values()
        .map((one) => one.localName).toArray()"""
    )
    assert "text" in drawn
    assert not {"script", "img", "image", "a", "foreignObject", "parsererror"} & set(drawn)


def test_downloads(page: Page) -> None:
    opened(page, "?q=euclid")
    with page.expect_download() as got:
        page.get_by_role("link", name="PNG").click()
    assert got.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as got:
        page.get_by_role("link", name="DOT").click()
    assert "Euclid" in got.value.path().read_text()


def test_without_scripts_the_same_filters_and_a_picture(plain: Page) -> None:
    plain.goto("/p/num/graph")
    expect(plain.get_by_role("img", name="The graph as a picture")).to_be_visible()
    plain.get_by_role("searchbox", name="Search").fill("prime")
    plain.get_by_label("Chapter", exact=True).select_option("Prime numbers")
    plain.get_by_role("button", name="Show").click()
    expect(plain.get_by_text("nodes fit the filters.")).to_be_visible()
    plain.locator(".node-row", has_text="Every number has").get_by_role("link", name="uses 2").click()
    panel = plain.get_by_role("region", name="The node that is looked at")
    panel.get_by_role("link", name="Only what rests on it").click()
    expect(plain.locator(".node-row", has_text="Goldbach")).to_have_count(0)
    assert "q=prime" not in plain.url
