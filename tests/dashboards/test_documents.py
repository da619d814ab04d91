"""The JSON of the graph: every node and edge, and which edges the drawing may leave out."""

from __future__ import annotations

import json
from dataclasses import replace

from dashboards.documents.credit import credit_documents
from dashboards.documents.graph import graph_document
from dashboards.documents.nodes import whole_node_document
from dashboards.documents.people import person_document
from dashboards.documents.projects import event_document, project_document
from dashboards.documents.tasks import task_document

from . import sample


def test_graph_has_every_node_and_edge() -> None:
    snapshot = sample.snapshot()
    drawn = graph_document(snapshot)
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
    drawn = graph_document(sample.snapshot(replace(sample.GRAPH, nodes=(looped, *rest))))
    implied = {(edge["source"], edge["target"]) for edge in drawn["edges"] if edge["implied"]}
    assert implied == {("def:prime", "thm:dirichlet"), ("thm:euclid", "thm:chebyshev")}


def test_every_document_is_json() -> None:
    snapshot = sample.snapshot()
    for value in (
        project_document(snapshot),
        [whole_node_document(snapshot, node) for node in snapshot.graph.nodes],
        [task_document(task) for task in snapshot.tasks],
        [person_document(person) for person in snapshot.people],
        credit_documents(snapshot.credit),
        [event_document(event) for event in snapshot.events],
    ):
        assert len(json.loads(json.dumps(value))) == len(value) > 0
