"""The JSON of the graph: every node and edge, and which edges the drawing may leave out."""

from __future__ import annotations

import json
from dataclasses import replace

from dashboards import documents

from . import sample


def test_graph_has_every_node_and_edge() -> None:
    snapshot = sample.snapshot()
    drawn = documents.graph(snapshot)
    assert [node["id"] for node in drawn["nodes"]] == list(snapshot.statuses)
    edges = {(edge["source"], edge["target"]): edge for edge in drawn["edges"]}
    assert edges["lem:divides-trans", "lem:prime-divisor"]["parts"] == ["proof"]
    assert edges["def:prime", "thm:euclid"]["implied"]
    assert not edges["lem:prime-divisor", "thm:euclid"]["implied"]
    assert [node["id"] for node in drawn["nodes"] if node["ready"]] == ["def:sieve"]
    json.dumps(drawn)


def test_the_edges_of_a_cycle_are_all_drawn() -> None:
    first, *rest = sample.GRAPH.nodes
    looped = replace(first, statement=replace(first.statement, uses=("thm:euclid",)))
    drawn = documents.graph(sample.snapshot(replace(sample.GRAPH, nodes=(looped, *rest))))
    implied = {(edge["source"], edge["target"]) for edge in drawn["edges"] if edge["implied"]}
    assert implied == {("def:prime", "thm:dirichlet"), ("thm:euclid", "thm:chebyshev")}


def test_every_document_is_json() -> None:
    snapshot = sample.snapshot()
    for value in (
        documents.project(snapshot),
        [documents.whole_node(snapshot, node) for node in snapshot.graph.nodes],
        [documents.task(task) for task in snapshot.tasks],
        [documents.person(person) for person in snapshot.people],
        documents.credit(snapshot.credit),
        [documents.event(event) for event in snapshot.events],
    ):
        assert len(json.loads(json.dumps(value))) == len(value) > 0
