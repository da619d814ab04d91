"""What is read of a ledger about one thing says of it what the whole ledger says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.store import Database, Store
from server.store.ledger import About
from server.work.ledger import START, Act, Entry, canonical
from server.work.permissions import Role
from server.work.standing import fold

from .conftest import START as NOW

NODES, PEOPLE, WORDS = ("a", "b", "c", ""), 4, 60
JUDGED = (Act.CONFIRMED, Act.REFUSED, Act.DISPUTED)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _books(store: Store, chance: Random) -> int:
    """A project with a ledger as the services make them: words about words, corrections of another node."""
    project = store.projects.add("p", "P", f"/{chance.random()}", None, NOW).id
    ids = {row.label: row.id for row in store.projects.add_nodes(project, [(n, ()) for n in NODES if n])}
    who = [store.people.add(f"P{number}", Role.CONTRIBUTOR, NOW).id for number in range(PEOPLE)]
    store.people.merge(who[3], who[2])
    credits: list[tuple[int, int | None, Entry]] = []
    for _ in range(WORDS):
        node, person, by = chance.choice(NODES), chance.choice(who), chance.choice([*who, None])
        entry = Entry(person, node, "proof", "example", "Writing", "lead", ("x",), NOW, by=by)
        node_id = ids.get(node)
        deed = chance.choice(["credit", "correct", "judge", "judge", "disclose"])
        if deed == "credit" or (not credits and deed != "disclose"):
            credits.append((store.ledger.add(project, node_id, entry), node_id, entry))
        elif deed == "correct":
            number, _, _ = chance.choice(credits)
            new = replace(entry, act=Act.CORRECTED, about=number, by=by or person)
            credits.append((store.ledger.add(project, node_id, new), node_id, new))
        elif deed == "judge":
            number, node_id, old = chance.choice(credits)
            judged = replace(old, act=chance.choice(JUDGED), about=number, by=by or person)
            store.ledger.add(project, node_id, judged)
        elif node:  # of work on the whole project, one says it of each contribution
            told = replace(entry, act=Act.DISCLOSED, method="manual", by=person)
            store.ledger.add(project, node_id, told)
    return project


@pytest.mark.parametrize("seed", range(6))
def test_a_part_of_a_ledger_says_what_the_whole_says(any_database: Database, seed: int) -> None:
    with any_database.begin() as store:
        project = _books(store, Random(seed))
        whole = fold(store.ledger.kept(project))
        entries = store.ledger.kept(project)
        assert len(whole) > 10

        def part(about: About) -> dict[int, object]:
            return dict(fold(store.ledger.kept(project, about)))

        for number, one in whole.items():
            assert part(About(number=number))[number] == one
            assert not one.kept.node_id or part(About(nodes=[one.kept.node_id]))[number] == one
            assert part(About(person=one.kept.person))[number] == one
            if one.kept.by is not None:
                standing = part(About(by=one.kept.by))[number], part(About(told=True))[number]
                assert all(_standing(other) == _standing(one) for other in standing)
        views = store.ledger.views(project)
        for node in NODES[:-1]:
            assert store.ledger.views(project, node) == tuple(view for view in views if view.node == node)
        assert {kept.number for kept in store.ledger.kept(project, About(told=True))} >= {
            kept.number for kept in entries if kept.by is not None
        }


def _standing(one: object) -> object:
    """All but how it was made, which may have been said elsewhere."""
    return replace(one, disclosure=None)  # type: ignore[type-var]


@given(
    st.builds(
        Entry,
        person_id=st.integers(1, 2**31),
        node=TEXT,
        part=TEXT,
        kind=TEXT,
        role=TEXT,
        degree=TEXT,
        evidence=st.lists(TEXT, max_size=3).map(tuple),
        at=st.just(NOW) | st.just(NOW + timedelta(microseconds=7)),
        act=st.sampled_from(Act),
        about=st.none() | st.integers(1, 9),
        by=st.none() | st.integers(1, 9),
        method=st.none() | TEXT,
        tools=st.lists(TEXT, max_size=2).map(tuple),
    )
)
def test_what_is_sealed_is_the_json_of_the_entry(entry: Entry) -> None:
    """As `json` writes it, names in order and without blanks."""
    names = [name for name in Entry.__slots__ if entry.version > 1 or name not in _LATER]
    said = {name: getattr(entry, name) for name in names} | {"at": entry.at.isoformat(), "prev": START}
    said |= {"version": 2} if entry.version > 1 else {}
    assert canonical(START, entry) == json.dumps(
        said, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


_LATER = {"act", "about", "by", "method", "tools"}
