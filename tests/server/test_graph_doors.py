"""The graph's page and its files by their addresses, and the past that they can show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lean_project.findings import Findings
from lean_project.status import Formal, statuses
from server.service import views
from server.store import Store

from .web_world import START, Site, sample

FILES = ["graph", "graph.json", "graph.svg", "graph.dot"]
QUERIES = [
    "",
    "?focus=thm:euclid&way=up",
    "?goal=thm:dirichlet&group=chapter",
    "?at=zz&person=x&q=%00&node=%3C",
]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("query", QUERIES)
def test_every_view_can_be_had(site: Site, file: str, query: str) -> None:
    answer = site.client().get(f"/p/num/{file}{query}")
    assert answer.status_code == 200
    assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("file", FILES)
def test_what_is_not_there_is_not_found(site: Site, file: str) -> None:
    assert site.client().get(f"/p/none/{file}").status_code == 404


@pytest.mark.parametrize("file", FILES[1:])
def test_an_unchanged_file_is_not_sent_again(site: Site, file: str) -> None:
    first = site.client().get(f"/p/num/{file}")
    again = site.client().get(f"/p/num/{file}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_data_follow_from_what_is_drawn_alone(site: Site) -> None:
    """So that a search, or a claim, moves nothing and loads nothing."""
    plain = site.client().get("/p/num/graph.json").data
    assert site.client().get("/p/num/graph.json?q=euclid&ready=1&node=thm:euclid").data == plain
    assert site.client().get("/p/num/graph.json?focus=thm:euclid").data != plain


def _check(store: Store, project: int, sha: str, day: int, facts: int) -> None:
    """A check that found only so many of the declarations."""
    some = replace(sample.FACTS, declarations=sample.FACTS.declarations[:facts])
    at = START + timedelta(days=day)
    commit = store.projects.add_commit(project, sha, at, "Ada", f"Day {day}", at)
    store.projects.add_findings(commit, Findings(sample.GRAPH, some, statuses(sample.GRAPH, some)), at)


def test_the_past_is_what_checks_left(any_database) -> None:
    with any_database.begin() as store:
        project = store.projects.add("num", "Numbers", "/srv/num", None, START)
        for day, facts in enumerate((0, 1, 7)):
            _check(store, project.id, f"{day}" * 40, day, facts)
        today = views.past(store, project, "")
        assert [one.summary for one in today.moments] == ["Day 0", "Day 1"]
        assert (today.chosen, today.then) == (None, None)
        assert views.past(store, project, "2222").chosen is None
        then = views.past(store, project, "1111")
        assert then.chosen
        assert then.chosen.at == START + timedelta(days=1)
        assert then.then
        assert (then.then.status["def:divides"], then.then.status["def:prime"]) == (
            Formal.VERIFIED,
            Formal.ABSENT,
        )


def test_a_commit_that_was_checked_again_is_there_once(any_database) -> None:
    with any_database.begin() as store:
        project = store.projects.add("num", "Numbers", "/srv/num", None, START)
        for sha, facts in (("a", 0), ("a", 1), ("b", 7)):
            _check(store, project.id, sha * 40, 0, facts)
        past = views.past(store, project, "aaaa")
        assert len(past.moments) == 1
        assert past.then
        assert past.then.status["def:divides"] is Formal.VERIFIED


def test_a_long_past_is_thinned_out(any_database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_MOMENTS", 4)
    with any_database.begin() as store:
        project = store.projects.add("num", "Numbers", "/srv/num", None, START)
        for day in range(12):
            _check(store, project.id, f"{day:040d}", day, 0)
        found = views.past(store, project, f"{7:040d}")
        assert [one.summary for one in found.moments] == ["Day 0", "Day 3", "Day 6", "Day 7", "Day 9"]
