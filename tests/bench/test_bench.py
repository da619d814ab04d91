"""The parts of the benchmark that could lie: the generator, the stopwatch, the tables."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import networkx as nx
import pytest

from blueprint.errors import UserError
from blueprint.graph import digraph
from blueprint.reader import read

from . import floor, graphs, histories, tables
from .checks import Checks, Run
from .contest import Result
from .lean_projects import LeanPlan, imported, lean_project
from .measuring import Cost, FailedError, Sample, run
from .subjects import synthetic, write
from .synthetic import Plan, label, project, used_by

PLAN = Plan(nodes=60)


def test_the_same_plan_gives_the_same_text() -> None:
    assert list(project(PLAN)) == list(project(PLAN))
    assert dict(project(PLAN)) != dict(project(Plan(nodes=60, seed=2)))


def test_the_reader_finds_what_was_planned(tmp_path: Path) -> None:
    write(project(PLAN), tmp_path)
    graph = read(tmp_path / "blueprint/src/web.tex", tmp_path)
    assert [node.id for node in graph.nodes] == [label(number) for number in range(60)]
    assert not [problem for problem in graph.problems if problem.severity == "error"]
    assert set(digraph(graph).edges) == {
        (label(used), label(user)) for user in range(60) for used in used_by(PLAN, user)
    }


def test_a_graph_without_text_is_the_same_graph() -> None:
    edges = digraph(graphs.graph(Plan(2000)))
    assert nx.is_directed_acyclic_graph(edges)
    assert 2.7 < edges.number_of_edges() / len(edges) < 3.1


def test_the_floor_sees_every_mark(tmp_path: Path) -> None:
    text = r"\begin{lemma}\label{a}\uses{b, c}\leanok\end{lemma} \leanokay \input{more}"
    (tmp_path / "web.tex").write_text(text)
    assert floor.scan(tmp_path) == 6


def test_processor_time_and_memory_of_children_count(tmp_path: Path) -> None:
    child = "x = b'x' * (80 << 20)\nfor i in range(8_000_000): pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cost = run([sys.executable, "-c", parent], tmp_path, os.environ, limit=60)
    alone = run([sys.executable, "-c", "pass"], tmp_path, os.environ, limit=60)
    assert cost.cpu > alone.cpu
    assert 80 << 20 < cost.memory < 160 << 20
    assert alone.memory < 40 << 20


def test_what_fails_or_does_not_end_is_said(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="status 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, os.environ, limit=60)
    with pytest.raises(FailedError, match="not done after 1 s"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, os.environ, limit=1)


def test_the_tables_show_ratios_and_failures() -> None:
    with synthetic(PLAN) as subject:
        result = Result(subject.name, subject.nodes, subject.characters, str(subject.chapter), subject.share)
    result.samples = {
        "leanblueprint": Sample((Cost(3.0, 2.0, 1 << 20), Cost(5.0, 2.0, 3 << 20))),
        "cold": Sample((Cost(0.5, 0.4, 2 << 20),)),
    }
    result.failures = {"repaired": "failed with status 1"}
    text = tables.markdown(tables.comparison([result]))
    assert "| 60 nodes (60) | 4.00 (3.00) s | failed with status 1 | 0.50 (0.50) s |" in text
    assert "| 60 nodes | 8.00 (5.00) |" in text
    assert "3 MB" in text


def test_tables_go_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- graph begins -->\nold\n<!-- graph ends -->\nafter\n")
    tables.write(page, "new", "graph")
    assert page.read_text() == "before\n<!-- graph begins -->\n\nnew\n\n<!-- graph ends -->\nafter\n"
    with pytest.raises(UserError, match="reader begins"):
        tables.write(page, "new", "reader")


def test_a_lean_plan_gives_one_text_and_imports_only_what_is_below() -> None:
    plan = LeanPlan(30)
    assert list(lean_project(plan)) == list(lean_project(plan))
    assert dict(lean_project(plan)) != dict(lean_project(LeanPlan(30, seed=2)))
    assert all(other < number for number in range(30) for other in imported(plan, number))
    assert any(len(imported(plan, number)) == 2 for number in range(30))


def test_a_long_history_has_its_authors() -> None:
    assert histories.history(12) > 0
    assert len({revision.author for revision in histories.revisions(12)}) == 5


def test_the_tables_of_checks_show_what_lean_was_asked() -> None:
    runs = {
        "cold": [Run(40.0, {})],
        "leaf": [Run(2.0, {"built": 2, "lines": 1500, "lines_seconds": 0.5}), Run(4.0, {"built": 2})],
    }
    text = tables.markdown(tables.checks([Checks("10 modules", 11, runs)]))
    assert "| 10 modules | 40.00 s |  |  | 3.00 s |  |" in text
    assert "| 10 modules |  |  | 13.3 |  |" in text
    assert "2, 750 (0.2 s)" in text
