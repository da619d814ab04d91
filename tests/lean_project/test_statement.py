"""What a statement means, and what moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.graph import Flags, Node, Part, Place
from lean_project.facts import Fact, Facts, Kind, Meaning
from lean_project.statement import Print, culprits, fingerprint, ground, prints, with_meaning

HERE, NO_FLAGS = Place("web.tex", 1), Flags(False, False, False, False, False, False)


def fact(name: str, print_: str | None) -> Fact:
    return Fact(
        name, Kind.THEOREM, True, "M", fingerprint=print_, deep_fingerprint=print_ and f"deep {print_}"
    )


def facts(*found: Fact, **meanings: tuple[str, ...]) -> Facts:
    """`meanings` gives each constant its own hash and the constants that it names."""
    at = {name: position for position, name in enumerate(meanings)}
    return Facts(
        "test",
        found,
        meanings=tuple(
            Meaning(n, own, tuple(at[used] for used in uses)) for n, (own, *uses) in meanings.items()
        ),
    )


def test_the_statement_s_own_declarations_are_printed_those_of_the_proof_are_not() -> None:
    node = Node("n", "theorem", Part(HERE, lean=("b", "a", "gone")), NO_FLAGS, Part(HERE, lean=("key",)))
    known = {name: fact(name, name.upper()) for name in ("a", "b", "key")}
    assert prints(node, known) == (Print("b", "B", "deep B"), Print("a", "A", "deep A"), Print("gone", None))
    alone = Node("n", "theorem", Part(HERE), NO_FLAGS, Part(HERE, lean=("key",)))
    assert prints(alone, known) == (Print("key", "KEY", "deep KEY"),)


@given(st.lists(st.tuples(st.text("ab", max_size=3), st.text("12", max_size=2)), max_size=5), st.randoms())
def test_neither_names_nor_order_are_part_of_it(found, chance) -> None:
    some = [Print(name, print_, print_) for name, print_ in found]
    others = [Print(f"{one.name}'", one.fingerprint, one.deep) for one in some]
    chance.shuffle(others)
    assert (fingerprint(some), ground(some)) == (fingerprint(others), ground(others))


def test_what_is_missing_is_not_what_is_there() -> None:
    assert fingerprint([Print("a", None)]) != fingerprint([Print("a", "x")])
    assert fingerprint([Print("a", None)]) != fingerprint([])


BEFORE = facts(fact("a", "1"), a=("own", "d"), d=("d1", "e"), e=("e1",))


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        (facts(fact("a", "2"), a=("own", "d"), d=("d2", "e"), e=("e1",)), ("d",)),
        (facts(fact("a", "2"), a=("own", "d"), d=("d2", "e"), e=("e2",)), ("d", "e")),
        (facts(fact("a", "2"), a=("new", "d"), d=("d1", "e"), e=("e1",)), ("a",)),
        (facts(fact("a", None)), ("a",)),
        (facts(), ("a",)),
        (facts(fact("a", "2")), ("a",)),
        (facts(fact("a", "1")), ()),
    ],
    ids=["a definition", "two", "itself", "refused", "gone", "in the dark", "nothing"],
)
def test_the_culprits_are_named(after: Facts, moved: tuple[str, ...]) -> None:
    before = with_meaning([Print("a", "1")], BEFORE)
    found = [Print(one.name, one.fingerprint) for one in after.declarations]
    assert culprits(before, found, after) == moved


def test_a_new_name_is_no_move_a_new_declaration_is() -> None:
    before = [Print("a", "1"), Print("b", "2")]
    assert culprits(before, [Print("c", "2"), Print("a", "1")], facts()) == ()
    assert culprits(before, [Print("a", "1"), Print("b", "2"), Print("c", "2")], facts()) == ("c",)
    assert culprits(before, [Print("a", "1")], facts()) == ("b",)
