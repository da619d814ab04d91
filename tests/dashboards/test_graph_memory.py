"""What is drawn of a graph is remembered by what is drawn, however it is asked for, and within bounds."""

from __future__ import annotations

import pytest

from dashboards.chart import chart
from dashboards.excerpt import excerpt, question
from dashboards.graph_query import DOWN, UP, WHOLE, Query

from . import sample

SAME = [
    (WHOLE, Query(way=UP)),
    (WHOLE, Query(focus="nowhere", way=DOWN)),
    (WHOLE, Query(goal="nowhere", q="prime", node="thm:euclid", person=7, at="4f1c")),
    (Query(goal="thm:euclid"), Query(goal="thm:euclid", focus="def:divides", way=UP)),
    (Query(focus="thm:euclid", way=UP), Query(focus="thm:euclid", way=UP, goal="nowhere", tag="x")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_draws_the_same_is_one_question(one: Query, other: Query) -> None:
    assert question(sample.GRAPH, one) == question(sample.GRAPH, other)
    assert chart(sample.GRAPH, "num", one) is chart(sample.GRAPH, "num", other)


@pytest.mark.parametrize("other", [Query(group="chapter"), Query(every=True), Query(focus="thm:euclid")])
def test_what_draws_something_else_is_another_question(other: Query) -> None:
    assert question(sample.GRAPH, WHOLE) != question(sample.GRAPH, other)


def test_parts_do_not_drive_out_the_whole() -> None:
    whole, drawn = chart(sample.GRAPH, "num", WHOLE), excerpt(sample.GRAPH, WHOLE)
    for at in range(40):
        chart(sample.GRAPH, f"num-{at}", Query(focus="thm:euclid"))
        for node in sample.GRAPH.nodes:
            excerpt(sample.GRAPH, Query(focus=node.id))
    assert chart(sample.GRAPH, "num", WHOLE) is whole
    assert excerpt(sample.GRAPH, WHOLE) is drawn
