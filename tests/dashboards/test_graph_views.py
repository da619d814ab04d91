"""What a query of the graph's page draws and says, and the files that are made of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.graph import Graph
from dashboards import chart as charts
from dashboards import pages
from dashboards.chart import Chart, chart
from dashboards.chart_data import data, dot, marked
from dashboards.chart_svg import svg
from dashboards.excerpt import every_edge, excerpt
from dashboards.graph_list import LISTED
from dashboards.graph_page import Moment, Past, view
from dashboards.graph_query import WHOLE, Query, parse
from dashboards.legend import LEGEND
from dashboards.marks import Marks, marks
from dashboards.selection import Selection, Then, select
from dashboards.shapes import OUTLINES, polygon
from dashboards.snapshot import Snapshot
from dashboards.viewing import Viewer
from lean_project.status import Formal

from . import sample

NOBODY = Viewer(sample.NOW)
PATH = ("lem:prime-divisor", "thm:euclid", "thm:chebyshev", "thm:dirichlet")
EVIL = '"];}\\N<script>alert(1)</script>&\x07\u202e'


def drawn_ids(query: Query, snapshot: Snapshot | None = None) -> list[str]:
    return [node.id for node in excerpt((snapshot or sample.snapshot()).graph, query).nodes]


def shown_ids(query: Query, past: Past | None = None) -> set[str]:
    return set(view(sample.snapshot(), query, past or Past()).selection.shown)


def made(query: Query = WHOLE, snapshot: Snapshot | None = None) -> tuple[Chart, Marks]:
    snapshot = snapshot or sample.snapshot()
    part = excerpt(snapshot.graph, query)
    looks = marks(snapshot, part, select(snapshot, part, query), query)
    return chart(snapshot.graph, snapshot.slug, query), looks


WORDS = st.text(max_size=20).map(str.strip)
QUERIES = st.builds(
    Query,
    q=WORDS,
    status=st.sets(st.sampled_from([one.key for one in LEGEND]), max_size=7).map(
        lambda keys: tuple(one.key for one in LEGEND if one.key in keys)
    ),
    chapter=WORDS,
    person=st.none() | st.integers(0, 10**9),
    tag=WORDS,
    ready=st.booleans(),
    focus=WORDS,
    way=st.sampled_from(["up", "down", "both"]),
    goal=WORDS,
    node=WORDS,
    group=st.sampled_from(["", "chapter", "none"]),
    every=st.booleans(),
    at=WORDS,
)


@given(QUERIES)
def test_a_query_is_its_address(query: Query) -> None:
    assert parse(parse_qs(query.address().removeprefix("?"))) == query


@pytest.mark.parametrize(
    "address",
    [
        {"person": ["x"], "way": ["sideways"], "group": ["colour"], "status": ["nice", "verified' or 1=1"]},
        {"person": ["-1"], "q": ["  "], "status": [one.key for one in LEGEND]},
        {"person": ["²"], "person[]": ["1"], "view": ["1,2,3"]},
    ],
)
def test_what_makes_no_sense_restricts_nothing(address: dict[str, list[str]]) -> None:
    assert parse(address) == Query()


def test_long_words_are_cut() -> None:
    assert len(parse({"q": ["x" * 10_000]}).q) == 300


def test_filters() -> None:
    assert shown_ids(Query(q="EUCLID")) == {"thm:euclid"}
    assert shown_ids(Query(q="2.3 euclid")) == {"thm:euclid"}
    assert shown_ids(Query(q="Num.dirichlet")) == {"thm:dirichlet"}
    assert shown_ids(Query(chapter=sample.DIVISORS)) == {
        "def:divides",
        "lem:divides-trans",
        "lem:divides-sum",
    }
    assert shown_ids(Query(status=("refused",))) == {"thm:dirichlet"}
    assert shown_ids(Query(person=sample.EMMY)) == {"lem:divides-sum", "thm:euclid"}
    assert "def:sieve" in shown_ids(Query(ready=True))
    assert "def:divides" not in shown_ids(Query(ready=True))
    assert shown_ids(Query(tag="nothing")) == set()


def test_a_topic_is_that_of_a_task() -> None:
    snapshot = sample.snapshot()
    first, *rest = snapshot.tasks
    tagged = replace(snapshot, tasks=(replace(first, tags=("analysis",)), *rest))
    shown = view(tagged, Query(tag="analysis"))
    assert shown.selection.shown == {first.node}
    assert shown.choices.tags == {"analysis": 1}


def test_each_filter_says_how_many_nodes_it_leaves() -> None:
    choices = view(sample.snapshot(), WHOLE).choices
    for chapter, number in choices.chapters.items():
        assert len(shown_ids(Query(chapter=chapter))) == number
    for person, number in choices.people:
        assert len(shown_ids(Query(person=person.id))) == number
    assert len(choices.people) == len(sample.PEOPLE)


def test_focus_and_goal_draw_a_part() -> None:
    assert drawn_ids(Query(focus="thm:chebyshev", way="down")) == ["thm:chebyshev", "thm:dirichlet"]
    assert "conj:goldbach" not in drawn_ids(Query(focus="thm:euclid", way="up"))
    both = drawn_ids(Query(focus="lem:divides-sum", way="both"))
    assert both == ["def:divides", "lem:divides-sum", "thm:euclid", "thm:chebyshev", "thm:dirichlet"]
    assert drawn_ids(Query(goal="lem:divides-sum")) == ["def:divides", "lem:divides-sum"]
    assert len(drawn_ids(Query(focus="no such node", goal="nor this"))) == 10


def test_the_goals_on_offer_are_those_that_the_project_names() -> None:
    plain = sample.snapshot()
    named = replace(plain, graph=replace(plain.graph, goals=("lem:prime-divisor",)))
    offered = [view(each, WHOLE).choices.goals for each in (plain, named)]
    assert "lem:prime-divisor" not in [node.id for node in offered[0]]
    assert [node.id for node in offered[1]] == ["lem:prime-divisor"]


def test_the_critical_path_is_the_heaviest_chain_of_work_left() -> None:
    shown = view(sample.snapshot(), Query(goal="thm:dirichlet"))
    assert shown.selection.path == PATH
    heavy = replace(
        sample.snapshot(),
        tasks=tuple(
            replace(task, size="L" if task.node == "def:sieve" else "S") for task in sample.snapshot().tasks
        ),
    )
    assert view(heavy, Query(goal="thm:dirichlet")).selection.path[0] == "def:sieve"
    assert view(sample.snapshot(), Query(goal="def:divides")).selection.path == ()


def test_the_panel_says_what_a_node_unblocks() -> None:
    snapshot = sample.snapshot()
    waiting = {task.node for task in snapshot.tasks if task.blocked_by == ("def:sieve",)}
    panel = view(snapshot, Query(node="def:sieve")).panel
    assert panel
    assert set(panel.freed) == waiting
    assert waiting
    assert (panel.below, panel.above) == (2, 2)
    assert view(snapshot, Query(node="nobody")).panel is None


def test_implied_edges_are_drawn_where_one_asks() -> None:
    implied = {(edge.used, edge.user) for edge in every_edge(sample.GRAPH) if edge.implied}
    assert ("def:prime", "thm:dirichlet") in implied
    few, many = made()[0].lines, made(Query(every=True))[0].lines
    assert len(many) == len(few) + len(implied)


def test_the_past_has_its_own_colours() -> None:
    moment = Moment("ab" * 20, sample.NOW, "Before")
    then = Then({"def:divides": Formal.ABSENT, "old": Formal.VERIFIED}, frozenset({"def:divides"}))
    past = Past((moment,), moment, then)
    snapshot = replace(sample.snapshot(), ancestors={"lem:divides-sum": ("old",)})
    shown = view(snapshot, Query(at="abab"), past)
    ids = [node.id for node in snapshot.graph.nodes]
    status = dict(zip(ids, shown.marks["status"], strict=True))
    keys = [entry.key for entry in LEGEND]
    assert keys[status["def:divides"]] == "absent"
    assert keys[status["lem:divides-sum"]] == "verified"
    assert status["thm:euclid"] == -1
    assert shown.marks["ready"] == [ids.index("def:divides")]
    ready = Query(at="abab", ready=True, goal="thm:dirichlet")
    assert view(snapshot, ready, past).selection == Selection(frozenset({"def:divides"}))
    assert (shown.tally.total, shown.tally.verified) == (2, 1)
    html = pages.graph(snapshot, NOBODY, Query(at="abab"), past)
    assert "Not there yet" in html
    assert '<option value="abababababab" selected>' in html


def many(count: int, chapters: int = 4) -> Snapshot:
    sieve = sample.GRAPH.nodes[6]
    nodes = (
        replace(sieve, id=f"n{at}", title=f"Node {at}", sections=(f"Part {at % chapters}",))
        for at in range(count)
    )
    return sample.snapshot(Graph(tuple(nodes), title="Many"))


def test_many_nodes_are_drawn_by_chapters() -> None:
    assert made(snapshot=many(charts.WHOLE))[0].groups == ()
    groups = made(snapshot=many(charts.WHOLE + 2))[0].groups
    assert [len(group.members) for group in groups] == [31, 31, 30, 30]
    assert made(Query(group="none"), many(charts.WHOLE + 2))[0].groups == ()
    assert len(made(Query(group="chapter"))[0].groups) == 2


def test_too_many_nodes_are_listed_by_chapters() -> None:
    shown = view(many(LISTED + 1), Query())
    assert next((one.title, one.shown, one.rows) for one in shown.sections) == ("Part 0", 101, ())
    assert len(view(many(LISTED + 1), Query(chapter="Part 0")).sections[0].rows) == 101
    html = pages.graph(many(LISTED + 1), NOBODY)
    assert "/p/num/graph?chapter=Part+0" in html
    assert len(html) < 60_000


def test_the_data_agrees_with_the_marks() -> None:
    drawing, looks = made(Query(q="prime", node="thm:euclid", goal="thm:dirichlet"))
    found, said = data(drawing), marked(looks)
    assert len(found["nodes"]) == len(said["status"]) == 9
    assert found["nodes"][said["node"]][0] == "thm:euclid"
    assert [found["nodes"][at][0] for at in said["path"]] == list(PATH)
    shown = {found["nodes"][at][0] for at in range(9)} - {found["nodes"][at][0] for at in said["hidden"]}
    assert shown == {"def:prime", "lem:prime-divisor", "thm:euclid", "thm:dirichlet"}
    json.dumps([found, said])


def hostile() -> Snapshot:
    bad = replace(sample.GRAPH.nodes[0], id=EVIL, title=EVIL, kind=EVIL, number=EVIL, sections=(EVIL,))
    return sample.snapshot(Graph((bad, sample.GRAPH.nodes[6]), title=EVIL))


@pytest.mark.parametrize("query", [Query(), Query(group="chapter"), Query(goal="thm:dirichlet")])
def test_the_svg_is_sound_and_says_everything(query: Query) -> None:
    drawing, looks = made(query)
    root = ElementTree.fromstring(svg(drawing, looks, "Title"))
    texts = [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert texts[0] == "Title"
    assert len(texts) == 1 + len(drawing.boxes)
    assert "Definition 1.1 (Divisibility): Verified" in texts
    words = {one.text for one in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {entry.word for entry in LEGEND} <= words
    assert len(root.findall(".//{*}path[@d='M5 6.7h6M5 9.9h6M9.9 4.6l-3.8 7.4']")) >= 1


def test_heads_of_arrows_are_of_one_size_and_the_colour_of_their_line() -> None:
    drawing, looks = made(Query(goal="thm:dirichlet"))
    text = svg(drawing, looks, "Title")
    assert text.count("<marker ") == text.count('markerUnits="userSpaceOnUse"') == 2
    critical = re.findall(r'<path fill="none" stroke="#b04a00"[^>]*>', text)
    assert len(critical) == len(looks.path) - 1 > 0
    assert all("url(#c)" in path for path in critical)


def test_hostile_names_stay_text_in_files() -> None:
    drawing, looks = made(snapshot=hostile())
    root = ElementTree.fromstring(svg(drawing, looks, EVIL))
    assert {one.tag.split("}")[1] for one in root.iter()} <= {
        "svg", "title", "rect", "marker", "path", "g", "text", "polygon",
    }  # fmt: skip
    strings = re.compile(r'"(?:[^"\\]|\\.)*"')
    bare = strings.sub("S", dot(drawing, looks))
    assert "script" not in bare
    assert bare.count("[") == bare.count("]") == 3
    assert "\\\\N" in dot(drawing, looks)


def test_dot_has_what_is_shown() -> None:
    drawing, looks = made(Query(chapter=sample.DIVISORS))
    text = dot(drawing, looks)
    assert text.count("label=") == 3
    assert "n0 -> n1;" in text
    assert "n0 -> n3" not in text
    assert " [style=dashed];" in dot(*made())


def test_every_status_has_an_outline_of_its_own() -> None:
    looks = [(entry.shape, entry.border) for entry in LEGEND]
    assert len(set(looks)) == len(looks)
    for shape in OUTLINES:
        corners = polygon(shape, 10, 20, 100, 40)
        assert min(x for x, _ in corners) == -40
        assert max(y for _, y in corners) == 40


def test_the_script_has_no_table_of_statuses() -> None:
    sources = Path(pages.__file__).parent.joinpath("frontend", "src").glob("*.js")
    text = "".join(file.read_text() for file in sources if file.name != "math.js")
    assert not [entry.key for entry in LEGEND if f'"{entry.key}"' in text]
    assert "innerHTML" not in text
