"""Every page of a project, and what strangers may not do to it through names, labels and LaTeX."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from blueprint.graph import Macro, Node, Part
from dashboards import access_pages, legend, links, pages, progress
from dashboards.documents.graph import graph_document
from dashboards.paging import page_of
from dashboards.snapshot import ClaimView, CreditView, EventView, PersonView, Snapshot
from dashboards.viewing import Account, Card, Flash, Matched, Named, NoticeView, Sent, Suggested, Viewer

from . import sample

NOBODY = Viewer(sample.NOW)
EMMY = Viewer(sample.NOW, sample.EMMY, "Emmy Noether", "token-of-emmy")
BAD = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{'zy'*3}}"
TOLD = [NoticeView(sample.NOW, BAD, BAD, BAD, False)]


class Tags(HTMLParser):
    """The elements of a page, to be asked about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def all_pages(snapshot: Snapshot, viewer: Viewer) -> dict[str, str]:
    suggested = [Suggested(task, ("Because.",)) for task in snapshot.tasks if task.is_free]
    told, sent = NoticeView(sample.NOW, BAD, BAD, BAD, False), Sent(BAD, BAD, BAD, 8, [(BAD, BAD, True)])
    made = {
        "projects": pages.projects([_card(snapshot)], viewer),
        "overview": pages.overview(
            snapshot, viewer, [one.task for one in suggested], sample.overview(snapshot)
        ),
        "graph": pages.graph(snapshot, viewer),
        "work": pages.work(snapshot, viewer, suggested),
        "people": pages.people(snapshot, viewer),
        "report": pages.report(snapshot, viewer, sample.made(snapshot, 80)),
        "sign in": access_pages.sign_in(viewer),
        "account": pages.account(viewer, Account(BAD, [told], Named("pseudonym", BAD), (BAD,), sent)),
        "login": access_pages.login(viewer, "token", BAD),
        "error": pages.error(viewer, 404, "Not here", "There is no `page`."),
    }
    made |= {f"node {id}": pages.node(snapshot, viewer, id) for id in snapshot.statuses}
    return made | {f"person {one.id}": pages.person(snapshot, viewer, one) for one in snapshot.people}


def _card(snapshot: Snapshot) -> Card:
    return Card(snapshot.slug, snapshot.title, snapshot.commit.at, progress.tally(snapshot))


def hostile() -> Snapshot:
    """The sample with everything a stranger can write replaced by an attack."""
    snapshot = sample.snapshot()
    part = Part(snapshot.graph.nodes[0].statement.place, (), (BAD,), source=BAD, html=BAD)
    nodes = tuple(
        replace(node, title=BAD, sections=(BAD,), discussion="javascript:alert(3)", kind=f"theorem{BAD}")
        for node in snapshot.graph.nodes
    )
    nodes = (replace(nodes[0], statement=part), *nodes[1:], Node(BAD, BAD, part, nodes[0].claimed, part))
    problems = tuple(replace(one, message=BAD, hint=BAD) for one in snapshot.graph.problems)
    graph = replace(snapshot.graph, nodes=nodes, problems=problems, title=BAD, macros=(Macro("x", BAD),))
    facts = tuple(
        replace(fact, statement=BAD, docstring=BAD, file=BAD) for fact in snapshot.facts.declarations
    )
    bad = sample.snapshot(
        graph, replace(snapshot.facts, declarations=facts, toolchain=BAD), "javascript:alert(4)"
    )
    claim = ClaimView(sample.EMMY, BAD, sample.NOW, sample.NOW)
    return replace(
        bad,
        title=BAD,
        people=tuple(PersonView(one.id, BAD, BAD) for one in bad.people),
        credit=(CreditView(1, 1, BAD, BAD, BAD, BAD, BAD, BAD, (BAD, "javascript:alert(5)"), sample.NOW),),
        events=(EventView(sample.NOW, BAD, BAD, 1, BAD, BAD),),
        tasks=tuple(replace(task, caption=BAD, claims=(claim,)) for task in bad.tasks),
    )


@pytest.mark.parametrize("viewer", [NOBODY, EMMY])
def test_nothing_a_stranger_writes_becomes_script(viewer: Viewer) -> None:
    for name, html in all_pages(hostile(), viewer).items():
        tags = Tags(html)
        assert "alert(1)</script>" not in html, name
        for script in tags.every("script"):
            data = script.get("type") == "application/json"
            assert data or (script.get("src") or "").startswith("/static/"), name
        for tag, attributes in tags.found:
            assert not [key for key in attributes if key.startswith("on") or key == "style"], (name, tag)
            for key in ("href", "src", "action"):
                address = attributes.get(key) or ""
                assert not address.lower().strip().startswith(("javascript:", "data:", "vbscript:")), name
        assert all(img.get("src", "").startswith("/p/") for img in tags.every("img")), name
        assert "zyzyzy" not in html, name


def test_chapters_are_shown_with_their_mathematics() -> None:
    title = r"The \(\tau\) functional"
    node = replace(sample.GRAPH.nodes[0], title=None, sections=(title,))
    snapshot = sample.snapshot(replace(sample.GRAPH, nodes=(node,), problems=()))
    shown = r'class="math">The <math alttext="\(\tau\)"><mrow><mi>τ</mi></mrow></math> functional</'
    graph = pages.graph(snapshot, NOBODY)
    assert shown in graph
    assert f'<option value="{title}">The τ functional · 1</option>' in graph
    assert graph_document(snapshot)["nodes"][0]["chapter"] == title
    assert shown in pages.node(snapshot, NOBODY, node.id)
    overview = Tags(pages.overview(snapshot, NOBODY, [], sample.overview(snapshot)))
    assert [link for link in overview.every("a") if link.get("class") == "math" and "#chapter-1" in str(link)]
    assert [script for script in overview.every("script") if "math.js" in str(script.get("src"))]


def test_macros_stay_data() -> None:
    macros = (Macro("x", "</script><script>alert(1)"), Macro("href", "y"), Macro("htmlClass", "y"))
    graph = replace(sample.GRAPH, macros=macros)
    html = pages.node(sample.snapshot(graph), NOBODY, "def:divides")
    assert "</script><script>alert" not in html
    assert '"x"' in html
    assert '"href"' not in html
    assert '"htmlClass"' not in html


@pytest.mark.parametrize("name", ["overview", "graph", "work", "people", "report", "node thm:chebyshev"])
def test_pages_have_one_heading_and_no_inline_style_or_script(name: str) -> None:
    tags = Tags(all_pages(sample.snapshot(), EMMY)[name])
    assert len(tags.every("h1")) == 1
    assert not tags.every("style")
    assert all(
        script.get("src") or script.get("type") == "application/json" for script in tags.every("script")
    )


def test_overview_says_how_far_it_is() -> None:
    html = pages.overview(sample.snapshot(), NOBODY, [], sample.overview(sample.snapshot()))
    assert "<b>4</b> of 10 nodes verified by Lean" in html
    assert ">40<small>%" in html
    assert "Chapters" in html
    assert "Prime numbers" in html
    assert "Drift" in html
    assert "\\leanok" in html


def test_overview_and_report_say_how_far_the_goals_are() -> None:
    snapshot = sample.snapshot(replace(sample.GRAPH, goals=("thm:euclid",)))
    report = pages.report(snapshot, NOBODY, sample.made(snapshot))
    for page in (pages.overview(snapshot, NOBODY, [], sample.overview(snapshot)), report):
        goals = page[page.index("<h2>Goals</h2>") :]
        assert "Theorem 2.3 (Euclid)" in goals
        assert "4 of 6 nodes up to it verified" in goals
    flat = sample.snapshot(replace(sample.GRAPH, nodes=sample.GRAPH.nodes[:1]))
    assert "Goals" not in pages.overview(flat, NOBODY, [], sample.overview(flat))


def test_every_icon_that_is_shown_is_there() -> None:
    """Each status of the legend too, though the sample has no node of some."""
    drawn = set(re.findall(r'id="i-([^"]+)"', access_pages.sign_in(NOBODY)))
    shown = {name for page in all_pages(sample.snapshot(), EMMY).values() for name in _icons(page)}
    assert shown | {entry.key for entry in legend.LEGEND} <= drawn


def _icons(page: str) -> list[str]:
    return re.findall(r'href="#i-([^"]+)"', page)


def test_what_a_holder_tried_shows_its_code_and_formulas() -> None:
    snapshot = sample.snapshot()
    tasks = tuple(replace(task, stuck=r"`simp` leaves \(k \le n\)") for task in snapshot.tasks)
    stuck = replace(snapshot, tasks=tasks)
    held = next(task for task in tasks if task.claims)
    for page in (pages.node(stuck, NOBODY, held.node), pages.report(stuck, NOBODY, sample.made(stuck))):
        assert r"<code>simp</code> leaves " in page
        assert r"\(k \le n\)" in page
        assert "math.js" in page


def test_problems_show_their_commands_as_code() -> None:
    for page in (
        pages.overview(sample.snapshot(), NOBODY, [], sample.overview(sample.snapshot())),
        pages.node(sample.snapshot(), NOBODY, "thm:euclid"),
    ):
        assert r"Two <code>\uses</code> in one environment" in page
        assert r"Write one <code>\uses{a, b}</code>." in page


def test_a_title_is_never_in_two_pairs_of_parentheses() -> None:
    nodes = (replace(sample.GRAPH.nodes[0], title="Hall (1935)"), *sample.GRAPH.nodes[1:])
    snapshot = sample.snapshot(replace(sample.GRAPH, nodes=nodes))
    assert '<span class="node-title">[Hall (1935)]</span>' in pages.node(snapshot, NOBODY, nodes[0].id)
    assert '<span class="node-title">(Euclid)</span>' in pages.node(snapshot, NOBODY, "thm:euclid")


def test_overview_recommends_in_the_order_given() -> None:
    snapshot = sample.snapshot()
    chosen = list(reversed(snapshot.tasks[:3]))
    section = (
        pages.overview(snapshot, NOBODY, chosen, sample.overview(snapshot))
        .split("Ready to take")[1]
        .split("</ul>")[0]
    )
    assert re.findall(r"#\d+", section)[-3:] == [task.label for task in chosen]


def test_what_one_is_told_shows_its_mathematics_plainly() -> None:
    text = r"You watch \(\tau\)-maps; `say` so."
    told = NoticeView(sample.NOW, "num", None, text, read=False)
    viewer = replace(EMMY, flashes=(Flash("done", text),))
    html = pages.account(viewer, Account("contributor", [told], Named("real")))
    assert html.count("You watch τ-maps; <code>say</code> so.") == 2


def test_graph_page_lists_every_node_without_script() -> None:
    snapshot = sample.snapshot()
    addresses = [link.get("href") for link in Tags(pages.graph(snapshot, NOBODY)).every("a")]
    for id in snapshot.statuses:
        assert links.node_path("num", id) in addresses


def test_node_page_shows_blame_uses_and_source() -> None:
    html = pages.node(sample.snapshot(), NOBODY, "lem:prime-divisor")
    source = f"https://github.com/example/num/blob/{sample.SHA}/Num/Basic.lean#L52-L56"
    step = f'<li><a href="{source}" rel="noopener"><code>Num.exists_prime_dvd</code></a></li>'
    assert f"{step}<li><code>Num.helper</code></li>" in html
    assert f"https://github.com/example/num/blob/{sample.SHA}/Num/Basic.lean#L52-L56" in html
    assert f"https://github.com/example/num/blob/{sample.SHA}/blueprint/src/content.tex#L22" in html
    assert '<a href="/p/num/nodes/lem:divides-trans"' in html
    assert "Transitivity" in html
    assert "Sophie Germain" in html


def test_node_page_warns_of_a_name_that_deceives() -> None:
    snapshot = sample.snapshot()
    told = tuple(replace(fact, warnings=("It <looks> odd.",)) for fact in snapshot.facts.declarations)
    shown = replace(snapshot, facts=replace(snapshot.facts, declarations=told))
    assert "<li>It &lt;looks&gt; odd.</li>" in pages.node(shown, NOBODY, "lem:prime-divisor")


def test_node_page_offers_what_the_viewer_may_do() -> None:
    snapshot = sample.snapshot()
    free, own, others = "def:sieve", "thm:euclid", "lem:prime-divisor"

    def actions(viewer: Viewer, id: str) -> list[str]:
        forms = Tags(pages.node(snapshot, viewer, id)).every("form")
        return [str(form["action"]).rsplit("/", 1)[-1] for form in forms if "/tasks/" in str(form["action"])]

    assert actions(NOBODY, free) == []
    assert actions(EMMY, free) == ["claim"]
    assert actions(EMMY, own) == [
        *("propose", "claim", "progress", "invite", "split", "disclose", "awaiting-review"),
        *("snooze", "disclaim"),
    ]
    assert actions(EMMY, others) == ["join", "wait"]


def test_every_form_that_posts_carries_the_token() -> None:
    for name, html in all_pages(sample.snapshot(), EMMY).items():
        for form in html.split("<form")[1:]:
            if 'method="post"' in form:
                assert 'name="csrf_token" value="token-of-emmy"' in form.split("</form>")[0], name


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("expired", "held #8 until it ran out", "Emmy Noether held #8 until it ran out"),
        ("verified", "aperiodicity is verified.", "aperiodicity is verified."),
    ],
)
def test_a_name_stands_before_what_the_person_did(kind: str, text: str, shown: str) -> None:
    event = EventView(sample.NOW, kind, "def:sieve", sample.EMMY, "Emmy Noether", text)
    html = pages.node(replace(sample.snapshot(), events=(event,)), NOBODY, "def:sieve")
    line = re.search(r'<ol class="events">.*?<p>(.*?)</p>', html, re.DOTALL)
    assert line
    assert " ".join(re.sub(r"<[^>]*>", "", line[1]).split()).startswith(shown)


def test_a_node_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        pages.node(sample.snapshot(), NOBODY, "thm:nothing")


def test_an_empty_project_has_pages() -> None:
    empty = sample.snapshot(replace(sample.GRAPH, nodes=(), problems=()))
    empty = replace(empty, tasks=(), credit=(), events=(), people=())
    assert "Nothing has happened yet" in pages.overview(empty, NOBODY, [], sample.overview(empty))
    for html in all_pages(empty, NOBODY).values():
        assert "</html>" in html


def test_a_node_says_where_its_uses_and_lean_differ() -> None:
    facts = tuple(
        replace(one, type_uses=("Num.Prime",)) if one.name == "Num.divides_trans" else one
        for one in sample.FACTS.declarations
    )
    seen = sample.snapshot(facts=replace(sample.FACTS, declarations=facts))
    page = pages.node(seen, pages.Viewer(sample.NOW), "lem:divides-trans")
    assert re.findall(r"verdict verdict-(\w+)", page) == ["missing", "superfluous"]
    assert "Num/Basic.lean:14" in page


def test_many_questions_are_leafed_through() -> None:
    asked = [
        Matched(f"old-{at}", "thm:euclid", "Theorem 2.3", True, "alike", sample.NOW, "was", "now")
        for at in range(5)
    ]
    page = pages.renames(sample.snapshot(), NOBODY, page_of(asked, 2, 2))
    assert re.findall(r"<code>(old-\d)</code> is now", page) == ["old-2", "old-3"]
    assert 'rel="prev" href="?page=1"' in page
    assert 'rel="next" href="?page=3"' in page
