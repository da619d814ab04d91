"""Which modules must be judged again, and what a module may name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lean_project.facts import Kind
from lean_project.judge_book import Book, Entry, Page, Roll
from lean_project.judge_closure import Context
from lean_project.judge_docket import Docket
from lean_project.judge_terms import Constant, Terms
from lean_project.names import Name

ENTRIES = {
    0: Entry("Base", "base", (), (("Base", "a"), ("_private", "Base", 0, "aux"))),
    1: Entry("Left", "left", (0,), (("Left", "a"),)),
    2: Entry("Right", "right", (0,), (("Right", "a"), ("_private", "Right", 0, "hidden"))),
    3: Entry("Top", "top", (1, 2), (("Top", "a"),)),
}


def changed(number: int, **changes: object) -> set[int]:
    """The modules whose keys move when one entry does."""
    after = {**ENTRIES, number: replace(ENTRIES[number], **changes)}  # type: ignore[arg-type]
    before_keys, after_keys = Roll(ENTRIES, "base", ()).keys, Roll(after, "base", ()).keys
    return {one for one in ENTRIES if before_keys[one] != after_keys[one]}


@pytest.mark.parametrize(("number", "moved"), [(0, {0, 1, 2, 3}), (1, {1, 3}), (2, {2, 3}), (3, {3})])
def test_a_module_and_those_above_it_are_judged_again(number: int, moved: set[int]) -> None:
    assert changed(number, content="other") == moved


def test_a_name_that_two_modules_declare_concerns_both_and_those_above() -> None:
    assert changed(2, names=(*ENTRIES[2].names, ("Left", "a"))) == {1, 2, 3}


def test_a_private_name_that_two_authors_wrote_concerns_both() -> None:
    names: tuple[Name, ...] = (("Left", "a"), ("_private", "Left", 0, "hidden"))
    assert changed(1, names=names) == {1, 2, 3}


def test_what_is_the_same_for_all_concerns_all() -> None:
    one, other = Roll(ENTRIES, "base", ()).keys, Roll(ENTRIES, "other", ()).keys
    assert not set(one.values()) & set(other.values())


def test_a_name_asked_for_concerns_its_module() -> None:
    plain, asked = Roll(ENTRIES, "base", ()).keys, Roll(ENTRIES, "base", [("Right", "a")]).keys
    assert {number for number in ENTRIES if plain[number] != asked[number]} == {2, 3}


def test_a_module_may_name_what_it_imports_at_any_distance() -> None:
    roll = Roll(ENTRIES, "base", ())
    assert [set(roll.support(number)) for number in ENTRIES] == [{0}, {0, 1}, {0, 2}, {0, 1, 2, 3}]
    assert (roll.home(("Left", "a")), roll.home(("Nat",))) == (1, None)


def test_a_name_belongs_to_the_first_that_declares_it() -> None:
    shared = {**ENTRIES, 2: replace(ENTRIES[2], names=(("Left", "a"),))}
    roll = Roll(shared, "base", ())
    assert roll.home(("Left", "a")) == 1
    assert roll.support(2) == {0, 1, 2}


def two_modules() -> tuple[Terms, int, list[Constant]]:
    """`far` in the first module, and `near` in the second, which names it."""
    terms = Terms()
    far, near = terms.name(("far",)), terms.name(("near",))
    sort = terms.expr(("s", terms.level(("z",))))
    named = terms.expr(("c", far))
    constants = [
        Constant(far, Kind.AXIOM, (), sort, 0),
        Constant(near, Kind.AXIOM, (), named, 1),
    ]
    return terms, near, constants


def test_what_is_not_imported_is_refused() -> None:
    terms, near, constants = two_modules()
    docket = Docket(terms, constants, (), (), is_stranger=lambda module, name: (module, name) == (1, 1))
    ruling = docket.ruling(b"done\n+\n+\n0 x\n0 x")
    assert ruling.judgements[near].refusal == "it uses far, of a module that its own does not import"
    free = Docket(terms, constants, (), ()).ruling(b"done\n+\n+\n0 x\n0 x")
    assert free.judgements[near].refusal is None


def test_what_rests_on_something_refused_before_is_refused() -> None:
    terms, near, (far, constant) = two_modules()
    context = Context(constants={far.name: far}, refusals={far.name: "it is unsafe"})
    ruling = Docket(terms, [constant], (), (), context).ruling(b"done\nx\n0 x")
    assert ruling.judgements[near].refusal == "it rests on far: it is unsafe"


def test_what_was_judged_before_is_sent_unchecked_and_first() -> None:
    terms, _, (far, constant) = two_modules()
    docket = Docket(terms, [constant], (), (), Context(constants={far.name: far}), [far])
    lines = docket.request([("Init",)]).decode().split("\n")
    assert lines[-3:] == ["U A 1 0", "A 2 1", "Q 2"]
    with pytest.raises(ValueError, match="judged before"):
        docket.ruling(b"done\nx00\n+\n0 x")


def test_a_page_that_is_damaged_is_none(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("book")
    book = Book(folder)
    book.keep("key", Page(()))
    assert book.find("key") == Page(())
    assert book.find("other") is None
    folder.joinpath("key.json").write_text('{"facts": 1}', "utf-8")
    assert book.find("key") is None
