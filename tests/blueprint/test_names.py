"""Lists of labels and Lean names, as typed and as meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.names import declarations, generated, is_declaration, listed, resolve

LABELS = st.text(st.characters(exclude_characters=",", exclude_categories=("Z", "C")), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nat.add_comm", ("Nat.add_comm",)),
        ("Very.Long. Name", ("Very.Long.Name",)),
        ("long_ name", ("long_name",)),
        ("Very .Long", ("Very.Long",)),
        ("one two", ("one", "two")),
        ("x\\_ y", ("x_y",)),
        ("a\\_b", ("a_b",)),
        ("«a b».c", ("«a b».c",)),
        ("«a b». c d", ("«a b».c", "d")),
    ],
)
def test_declarations(typed: str, meant: tuple[str, ...]) -> None:
    assert declarations(typed) == meant


@pytest.mark.parametrize(
    "name", ["Nat.add", "foo'", "infinity_of_primes₄", "«a b».c", "𝓞", "Foo.get!", "ℵ₀", "h.α"]
)
def test_names_lean_can_have(name: str) -> None:
    assert is_declaration(name)


@pytest.mark.parametrize(
    "name", ["", "a-b", "1a", "a..b", ".a", "a.", "a b", "\\foo", "a/b", "a.«»", "«a", "a\n"]
)
def test_names_lean_cannot_have(name: str) -> None:
    assert not is_declaration(name)


@given(st.lists(LABELS, max_size=6))
def test_known_labels_are_found_whatever_the_spacing(labels: list[str]) -> None:
    assert resolve(" , ".join(labels), set(labels)) == (tuple(dict.fromkeys(labels)), ())


@given(st.lists(LABELS, max_size=6), st.sets(LABELS))
def test_every_item_is_found_or_lost(labels: list[str], known: set[str]) -> None:
    found, lost = resolve(",".join(labels), known)
    assert set(found) | set(lost) == set(labels)
    assert set(found) <= known
    assert not set(lost) & known


def test_label_with_a_comma_is_put_together() -> None:
    assert resolve("x, a, b, y", {"a, b", "x"}) == (("x", "a, b"), ("y",))


def test_empty_items_are_dropped() -> None:
    assert listed(" a,, b , ") == ("a", "b")


@given(st.text(max_size=20), st.text(max_size=20))
def test_generated_ids_depend_on_the_first_trait_only(trait: str, other: str) -> None:
    if trait.strip():
        assert generated("lemma", trait, other) == generated("lemma", trait)
    assert generated("lemma", "", trait) == generated("lemma", trait)
