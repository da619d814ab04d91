"""Offers as people get them: different ones for two who ask at once, the same for one who asks again."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from blueprint.graph import Part, Place
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import agreement, claims, naming, people, suggestions
from server.service.board import checked
from server.service.suggestions import KEPT, Suggested
from server.store import Database
from server.sync import sync
from server.work.naming import Naming
from server.work.permissions import Role

from .conftest import Village

HOUR = timedelta(hours=1)


class Crowd:
    """A project of nine theorems, of which Ana proved the first, and people to whom they are offered."""

    def __init__(self, database: Database, village: Village) -> None:
        self.database, self.village, self.now = database, village, village.now
        self.nodes = [village.node("thm:a"), *(village.node(f"thm:{name}", "thm:a") for name in "bcdefghi")]
        self.lines = ["theorem a : A := by simp", *(f"theorem {name} : X := sorry" for name in "bcdefghi")]
        village.commit(village.ana, self.nodes, *self.lines)
        self.project: ProjectRow = sync(database, village.folder, village.now).project
        with database.begin() as store:
            self.ana = people.by_git(store, "Ana", "ana@example.org", self.now)
            self.ben, self.cleo = (
                people.add(store, name, Role.CONTRIBUTOR, self.now) for name in ("Ben", "Cleo")
            )
            mia = people.add(store, "Mia", Role.CONTRIBUTOR, self.now)
            self.mia = people.appoint(store, mia, Role.MAINTAINER)

    def offer(self, person: Person, now: datetime | None = None, limit: int = 3) -> tuple[Suggested, ...]:
        with self.database.begin() as store:
            return suggestions.offer(store, self.project, person, now=now or self.now, limit=limit)

    def offered(self, person: Person, now: datetime | None = None) -> list[str]:
        return [one.task.node for one in self.offer(person, now)]

    def claim(self, person: Person, ref: str, now: datetime | None = None) -> None:
        with self.database.begin() as store:
            claims.claim(store, self.project, person, ref, until=None, now=now or self.now)

    def listed(self, person: Person | None) -> list[str]:
        with self.database.reading() as store:
            found = suggestions.next_tasks(store, self.project, person, now=self.now, limit=100)
        return [one.task.node for one in found]


@pytest.fixture
def crowd(any_database: Database, village: Village) -> Crowd:
    return Crowd(any_database, village)


def test_two_who_ask_at_once_are_offered_different_tasks(crowd: Crowd) -> None:
    first, second = crowd.offered(crowd.ben), crowd.offered(crowd.cleo)
    assert len(first) == len(second) == 3
    assert not set(first) & set(second)


def test_who_asks_again_is_offered_the_same(crowd: Crowd) -> None:
    first = crowd.offered(crowd.ben)
    crowd.offered(crowd.cleo)
    assert crowd.offered(crowd.ben, crowd.now + HOUR) == first


def test_when_all_is_offered_the_rest_is_offered_twice_and_says_so(crowd: Crowd) -> None:
    for person in (crowd.ben, crowd.cleo):
        crowd.offer(person)
    found = crowd.offer(crowd.mia)
    words = "It was offered to somebody else a short while ago, who may take it."
    assert [words in one.reasons for one in found] == [False, False, True]


def test_an_offer_is_kept_for_two_hours(crowd: Crowd) -> None:
    first = crowd.offered(crowd.ben)
    assert not set(crowd.offered(crowd.cleo, crowd.now + KEPT - HOUR)) & set(first)
    assert crowd.offered(crowd.mia, crowd.now + KEPT + HOUR) == first


def test_whoever_took_something_keeps_nothing_else_from_others(crowd: Crowd) -> None:
    first = crowd.offered(crowd.ben)
    crowd.claim(crowd.ben, first[0], crowd.now + HOUR)
    assert crowd.offered(crowd.cleo, crowd.now + HOUR)[:2] == first[1:]


def test_an_offer_keeps_nobody_from_claiming(crowd: Crowd) -> None:
    first = crowd.offered(crowd.ben)
    crowd.claim(crowd.cleo, first[0])
    assert first[0] not in crowd.offered(crowd.ben)


def test_looking_at_the_list_keeps_nothing(crowd: Crowd) -> None:
    before = crowd.listed(crowd.ben)
    assert crowd.listed(crowd.cleo) == before
    assert len(before) == 8
    assert crowd.offered(crowd.mia) == before[:3]
    assert set(crowd.listed(None)[-3:]) == set(before[:3])


def test_a_long_list_keeps_back_three_only(crowd: Crowd) -> None:
    everything = [one.task.node for one in crowd.offer(crowd.ben, limit=100)]
    assert crowd.offered(crowd.cleo) == everything[3:6]


def test_of_many_who_ask_in_the_same_moment_no_two_are_offered_the_same_first(crowd: Crowd) -> None:
    with crowd.database.begin() as store:
        asking = [people.add(store, f"Guest {n}", Role.CONTRIBUTOR, crowd.now) for n in range(8)]
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda one=one: found.append(crowd.offer(one, limit=1)[0].task.node))
        for one in asking
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 8


def test_a_drifted_statement_and_what_rests_on_it_is_not_offered(crowd: Crowd) -> None:
    with crowd.database.begin() as store:
        agreement.agree(store, crowd.project, crowd.mia, "thm:b", now=crowd.now)
    assert "thm:b" in crowd.listed(crowd.ben)
    lines = [line.replace("theorem b : X", "theorem b : Y") for line in crowd.lines]
    crowd.village.commit(crowd.village.ana, [*crowd.nodes, crowd.village.node("thm:j", "thm:b")], *lines)
    sync(crowd.database, crowd.village.folder, crowd.now)
    assert not {"thm:b", "thm:j"} & set(crowd.listed(crowd.ben))


def test_a_newcomer_hears_whom_to_ask(crowd: Crowd) -> None:
    [found] = crowd.offer(crowd.ben, limit=1)
    assert found.reasons[-1] == "Ana worked on it, and may help."
    [own] = crowd.offer(crowd.ana, limit=1)
    assert "You worked on it before." in own.reasons
    assert not any("may help" in reason or "stuck" in reason for reason in own.reasons)


def test_whoever_does_not_want_to_be_named_is_not_sent_for(crowd: Crowd) -> None:
    with crowd.database.begin() as store:
        for person in (crowd.ana, crowd.mia):
            naming.choose(store, person, Naming.HIDDEN)
    assert not any("may help" in reason for one in crowd.offer(crowd.ben) for reason in one.reasons)
    assert not any("stuck" in reason for one in crowd.offer(crowd.ben) for reason in one.reasons)
    with crowd.database.begin() as store:
        naming.choose(store, crowd.ana, Naming.PSEUDONYM, "Hypatia")
    [found] = crowd.offer(crowd.ben, limit=1)
    assert found.reasons[-1] == "Hypatia worked on it, and may help."


def test_a_node_that_may_be_another_is_not_offered(crowd: Crowd) -> None:
    text = "Every bipartite graph in which each set of girls has enough friends has a perfect matching."
    for label, said in (("thm:hall", text), ("thm:marriage", text.replace("girls", "boys"))):
        bare = replace(crowd.village.node(label), statement=Part(Place("web.tex", 1), source=said))
        crowd.village.commit(crowd.village.ana, [*crowd.nodes, bare], *crowd.lines)
        sync(crowd.database, crowd.village.folder, crowd.now)
        assert (label in crowd.listed(crowd.ben)) is (label == "thm:hall")


def test_what_work_took_here_is_learnt_from_claims_that_were_finished(crowd: Crowd) -> None:
    for name in "bcd":
        crowd.claim(crowd.ana, f"thm:{name}")
    later = crowd.now + timedelta(days=8)
    lines = [line.replace("sorry", "by simp") if line[8] in "bcd" else line for line in crowd.lines]
    crowd.village.commit(crowd.village.ana, crowd.nodes, *lines)
    sync(crowd.database, crowd.village.folder, later)
    [found] = crowd.offer(crowd.ben, later, limit=1)
    size = next(reason for reason in found.reasons if "size S" in reason)
    assert size.endswith("and 3 like it took about 8 days here.")


def test_the_goals_that_a_project_names_are_those_it_speaks_of(crowd: Crowd) -> None:
    settings = 'goals = ["thm:c", "thm:z"]'
    crowd.village.commit(crowd.village.ana, crowd.nodes, *crowd.lines, settings=settings)
    sync(crowd.database, crowd.village.folder, crowd.now)
    with crowd.database.reading() as store:
        graph = checked(store, crowd.project).graph
        found = suggestions.next_tasks(store, crowd.project, crowd.ben, now=crowd.now, limit=100)
    assert (graph.goals, [problem.code for problem in graph.problems]) == (("thm:c",), ["unknown-goal"])
    assert {one.task.node for one in found if any("goal" in said for said in one.reasons)} == {"thm:c"}
