"""Which node is which: by label, by Lean names, by the text of the statement, and when nobody can tell."""

from __future__ import annotations

import pytest

from lean_project.likeness import normal, share, similarity
from lean_project.renames import Identity, Matching, Why, match

HALL = "Every bipartite graph in which each set of girls has enough friends has a perfect matching of girls"
PRIMES = "There are infinitely many prime numbers p such that p leaves the remainder three modulo four"
SQUARES = "A number is the sum of two squares exactly if no bad prime divides it to an odd power"


def node(label: str, text: str = "", *lean: str) -> Identity:
    return Identity(label, lean, normal(text))


def sure(found: Matching) -> dict[str, str]:
    return {pair.new: pair.old for pair in found.sure}


def asked(found: Matching) -> set[tuple[str, str]]:
    return {(pair.old, pair.new) for pair in found.unsure}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": ("x",)}, {"b": ("x",)}, {"b": "a"}),
        ({"a": ("x",)}, {"b": ("x",), "a": ("y",)}, {"b": "a"}),
        ({"a": ("x",), "b": ("y",)}, {"a": ("y",), "b": ("x",)}, {"a": "b", "b": "a"}),
        ({"a": ()}, {"a": ("x",)}, {"a": "a"}),
        ({"a": ("x",)}, {"a": ("y",)}, {"a": "a"}),
        ({"a": ("x",)}, {"b": ("x",), "c": ("x",)}, {}),
        ({"a": ("x", "y")}, {"b": ("x",), "c": ("y",)}, {}),
        ({"a": ("x", "y")}, {"a": ("x",), "c": ("y",)}, {"a": "a"}),
        ({"a": ("x",)}, {"a": ("x",), "b": ("x",)}, {"a": "a"}),
    ],
)
def test_a_node_without_text_follows_its_own_lean_names_first_and_its_label_second(old, new, expected):
    found = match([node(label, "", *lean) for label, lean in old.items()],
                  [node(label, "", *lean) for label, lean in new.items()])  # fmt: skip
    assert sure(found) == expected
    assert all(label in expected.values() or label in {p.old for p in found.unsure} or label in found.gone
               for label in old)  # fmt: skip


def test_a_node_that_was_relabelled_and_moved_is_known_by_its_text():
    old = [node("a", HALL), node("b", PRIMES)]
    new = [node("c", f"\\label{{c}} \\uses{{b}} {PRIMES}"), node("d", f"  {HALL} % said better\n\\leanok")]
    assert sure(match(old, new)) == {"c": "b", "d": "a"}


def test_exchanged_labels_are_seen_by_the_texts():
    found = match([node("a", HALL), node("b", PRIMES)], [node("a", PRIMES), node("b", HALL)])
    assert sure(found) == {"a": "b", "b": "a"}


def test_exchanged_labels_are_asked_about_when_the_texts_were_reworded_too():
    found = match(
        [node("a", HALL), node("b", PRIMES)], [node("a", PRIMES + " or so"), node("b", HALL + ", say")]
    )
    assert sure(found) == {}
    assert {("a", "b"), ("b", "a")} <= asked(found)


def test_a_label_that_another_statement_took_is_asked_about():
    found = match([node("a", HALL)], [node("a", PRIMES)])
    assert (sure(found), asked(found), found.new) == ({}, {("a", "a")}, ("a",))


def test_a_label_with_much_the_same_text_is_the_same_node():
    [pair] = match([node("a", HALL)], [node("a", HALL.replace("girls", "boys"))]).sure
    assert pair.why == (Why.LABEL,)


def test_a_stub_that_somebody_filled_is_the_same_node():
    assert sure(match([node("a", "To do.")], [node("a", HALL)])) == {"a": "a"}


def test_a_lean_name_that_moved_to_another_node_takes_nothing_with_it():
    """Its label and its text stayed, and two reasons are more than one."""
    old = [node("a", HALL, "x"), node("b", PRIMES)]
    found = match(old, [node("a", HALL), node("b", PRIMES, "x")])
    assert sure(found) == {"a": "a", "b": "b"}
    assert [(pair.old, pair.new) for pair in found.parts] == [("a", "b")]


def test_a_lean_name_alone_does_not_make_one_node_of_two_statements():
    found = match([node("a", HALL, "x")], [node("c", PRIMES, "x")])
    assert (sure(found), asked(found)) == ({}, {("a", "c")})


def test_a_reworded_and_relabelled_node_is_asked_about_and_never_guessed():
    found = match(
        [node("a", HALL), node("z", SQUARES)], [node("b", HALL.replace("girls", "boys")), node("z", SQUARES)]
    )
    [pair] = found.unsure
    assert (pair.old, pair.new, pair.why) == ("a", "b", (Why.ALIKE,))
    assert 0.7 < pair.similarity < 1


def test_a_node_that_left_and_one_that_came_have_nothing_to_do_with_each_other():
    found = match([node("a", HALL)], [node("b", PRIMES)])
    assert (found.sure, found.unsure, found.gone, found.new) == ((), (), ("a",), ("b",))


def test_a_split_is_told_by_the_lean_names():
    old, new = [node("a", HALL, "x", "y")], [node("b", "", "x"), node("c", "", "y")]
    found = match(old, new)
    assert (found.splits, found.merges) == ({"a": ("b", "c")}, {})
    assert asked(found) == {("a", "b"), ("a", "c")}


def test_a_merge_is_told_by_the_lean_names():
    found = match([node("a", HALL, "x"), node("b", PRIMES, "y")], [node("a", HALL, "x", "y")])
    assert (sure(found), found.merges) == ({"a": "a"}, {"a": ("a", "b")})
    assert asked(found) == {("b", "a")}


def test_what_was_cut_out_of_a_statement_and_what_was_put_into_one_is_asked_about():
    both = f"{HALL}. {PRIMES}."
    split = match([node("a", both)], [node("a", HALL), node("b", PRIMES)])
    assert ("a", "b", (Why.PART,)) in {(pair.old, pair.new, pair.why) for pair in split.unsure}
    merge = match([node("a", HALL), node("b", PRIMES)], [node("a", both)])
    assert ("b", "a", (Why.PART,)) in {(pair.old, pair.new, pair.why) for pair in merge.unsure}


def test_two_variations_of_one_statement_are_no_split():
    old = [node("a", HALL)]
    found = match(old, [node("a", HALL), node("b", HALL.replace("girls", "boys"))])
    assert (sure(found), found.unsure) == ({"a": "a"}, ())


def test_a_statement_in_normal_form_is_free_of_labels_notes_and_layout():
    one = "\\label{a}\\lean{X.y}\n  By \\cref{lem:old}, $x^2 \\ge 0$. % why?"
    other = "\\label{b} \\uses{c}\\leanok By \\cref{lem:new},\n\\(x^2 \\ge 0\\)."
    assert similarity(normal(one), normal(other)) > 0.8
    assert normal("By \\cref{lem:old}, $x^2$") == "By \\ref , x ^ 2"
    assert share("a b c", "z a b c d") == 1
    assert (share("", "a"), similarity("", "a")) == (0, 0)
