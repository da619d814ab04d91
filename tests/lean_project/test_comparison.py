"""Two checked commits side by side: what counts as gained, lost and moved, and the comment it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.errors import UserError
from blueprint.graph import Flags, Graph, Node, Part, Place
from dashboards import proposal
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.comparison import Change, Comparison, Files, Standing, compare, standing
from lean_project.facts import SORRY, Blame, Fact, Facts, Kind, Meaning
from lean_project.findings import Findings
from lean_project.status import statuses
from lean_project.topics import DEFAULT, Topic, read_policy

GOLDEN = Path(__file__).parent / "comparisons"
FLAGS = Flags(False, False, False, False, False, False)
PLACE = Place("web.tex", 1)


def node(name: str, *uses: str, lean: str | None = None, ok: bool = True, kind: str = "theorem") -> Node:
    names = (lean if lean is not None else name,) if lean != "" else ()
    statement = Part(PLACE, lean=names, leanok=ok)
    return Node(f"thm:{name}", kind, statement, FLAGS, Part(PLACE, uses=uses, leanok=ok), number=name)


def fact(name: str, print_: str = "", axioms: Iterable[str] = (), **more: object) -> Fact:
    blames = tuple(Blame(axiom, (name, axiom), False, "M.lean", 7) for axiom in axioms)
    return Fact(
        name=name,
        kind=more.pop("kind", Kind.THEOREM),  # type: ignore[arg-type]
        is_prop=True,
        module="M",
        file="M.lean",
        line=3,
        fingerprint=print_ or f"print of {name}",
        axioms=tuple(axioms),
        direct_sorry=SORRY in axioms,
        blames=blames,
        **more,  # type: ignore[arg-type]
    )


def found(nodes: Iterable[Node], *facts: Fact, failed: tuple[str, ...] = ()) -> Findings:
    graph, known = Graph(tuple(nodes)), Facts("Lean 4.99.0", tuple(facts), failed_modules=failed)
    return Findings(graph, known, statuses(graph, known))


def changes(before: Findings, after: Findings, files: Files | None = None) -> list[Change]:
    return compare(before, after.graph, after.facts, STANDARD_AXIOMS, files or Files())


def told(before: Findings, after: Findings) -> list[tuple[str, str | None]]:
    return [(change.topic.value, change.node) for change in changes(before, after)]


A, B = node("a"), node("b", "thm:a")
BOTH = found([A, B], fact("a"), fact("b"))


def test_nothing() -> None:
    assert told(BOTH, BOTH) == []


def test_a_sorry_loses_the_node_and_those_above() -> None:
    after = found([A, B], fact("a", axioms=[SORRY]), fact("b"))
    assert told(BOTH, after) == [
        ("regressions", "thm:a"),
        ("regressions", "thm:b"),
        ("drift", "thm:a"),
    ]
    first = changes(BOTH, after)[0]
    assert (first.file, first.line) == ("M.lean", 7)
    assert "`a` uses `sorry`" in first.text


def test_a_proof_gains() -> None:
    before = found([A], fact("a", axioms=[SORRY]))
    assert told(before, found([A], fact("a"))) == [("gained", "thm:a")]


def test_a_statement_that_moves_is_told_although_it_is_proved() -> None:
    assert told(BOTH, found([A, B], fact("a", "weaker"), fact("b"))) == [("moved", "thm:a")]


def test_a_statement_that_moves_names_what_moved_it() -> None:
    def means(double: str, print_: str) -> Findings:
        whole = found([A, B], fact("a", print_), fact("b"))
        meanings = (Meaning("a", "same", (1,)), Meaning("double", double))
        return replace(whole, facts=replace(whole.facts, meanings=meanings))

    (change,) = changes(means("2n", "before"), means("3n", "after"))
    assert change.text == "says something else: the statement of `a` moved, because of `double`."


def test_new_axioms_are_named_with_their_place_whether_allowed_or_not() -> None:
    after = found([A, B], fact("a", axioms=["cheat"]), fact("b"), fact("cheat", kind=Kind.AXIOM))
    assert ("axioms", None) in told(BOTH, after)
    allowed = compare(BOTH, after.graph, after.facts, STANDARD_AXIOMS | {"cheat"}, Files())
    assert [change.text for change in allowed if change.topic is Topic.AXIOM] == [
        "`cheat` is an allowed axiom that nothing rested on before."
    ]
    assert [one.topic for one in allowed if one.topic is Topic.REGRESSED] == []


def test_the_change_cannot_move_its_own_goal() -> None:
    """It makes its node name an easier theorem, drops `\\uses`, and turns the theorem into a definition."""
    easier = found([node("a", lean="easy"), B], fact("easy"), fact("b"))
    assert ("moved", "thm:a") in told(BOTH, easier)
    unproved = found([A, B], fact("a", axioms=[SORRY]), fact("b"))
    without = found([A, node("b")], fact("a", axioms=[SORRY]), fact("b"))
    assert ("gained", "thm:b") not in told(unproved, without)


def test_a_declaration_that_was_renamed_with_its_node_is_no_loss() -> None:
    after = found([node("a", lean="a'"), B], fact("a'", "print of a"), fact("b"))
    (change,) = changes(BOTH, after)
    assert change.topic is Topic.STANDING
    assert change.text == "names `a'` instead of `a`; the statement is the same."


def test_a_label_that_was_renamed_is_no_loss() -> None:
    assert told(BOTH, found([replace(A, id="thm:new"), node("b", "thm:new")], fact("a"), fact("b"))) == []


def test_nodes_that_come_and_go() -> None:
    after = found([A, node("c", lean="")], fact("a"))
    assert told(BOTH, after)[:1] == [("removed", "thm:b")]
    assert ("added", "thm:c") in told(BOTH, after)


def test_what_was_not_built_is_not_lost() -> None:
    after = found([A, B], fact("a"), failed=("N",))
    assert told(BOTH, after) == [("unbuilt", None)]


def test_what_the_kernel_refuses() -> None:
    after = found([A, B], fact("a"), replace(fact("b"), refusal="the kernel says: no"))
    assert told(BOTH, after)[:2] == [("refused", "thm:b"), ("regressions", "thm:b")]


def test_trusted_files_are_shown() -> None:
    files = Files(("chantier.toml", "lakefile.toml"), ("leanprover/lean4:v4.20.0", "v4.21.0"))
    assert [change.file for change in changes(BOTH, BOTH, files)] == ["chantier.toml", "lakefile.toml"]


def test_a_policy() -> None:
    assert read_policy("regressions, drift") == {Topic.REGRESSED, Topic.DRIFT}
    assert read_policy("none") == frozenset()
    assert {Topic.UNBUILT, Topic.REFUSED, Topic.REGRESSED} == DEFAULT
    with pytest.raises(UserError, match="`regresions` is nothing to fail on"):
        read_policy("regresions")


# The comment


def comparison(before: Findings, after: Findings, **more: object) -> Comparison:
    files = more.pop("files", Files())
    assert isinstance(files, Files)
    return Comparison(
        "1" * 40,
        "2" * 40,
        standing(before.statuses),
        standing(after.statuses),
        after.facts.toolchain,
        tuple(changes(before, after, files)),
        files,
        **more,  # type: ignore[arg-type]
    )


NASTY = "«@everyone <img src=x> `tick` | [x](javascript:alert(1))\n# big»"
CASES = {
    "nothing": comparison(BOTH, BOTH),
    "lost": comparison(BOTH, found([A, B], fact("a", axioms=[SORRY]), fact("b"))),
    "everything": comparison(
        found([A, B, node("c")], fact("a"), fact("b"), fact("c", axioms=[SORRY])),
        found(
            [A, node("c"), node("d", ok=False)],
            fact("a", "weaker", axioms=["cheat"]),
            fact("c"),
            fact("d", axioms=[SORRY]),
            failed=("Late",),
        ),
        files=Files(("lakefile.toml", "lean-toolchain"), ("leanprover/lean4:v4.20.0", "v4.21.0")),
        notes=("The change does not hold the newest commit of its base.",),
    ),
    "nasty": comparison(
        found([node(NASTY)], fact(NASTY)),
        found([replace(node(NASTY), title=NASTY)], fact(NASTY, axioms=["`cheat` @admin"])),
        files=Files(("a`b<b>@admin.tex",), ("`x` @a", "<script>")),
        notes=(f"The blueprint of the change cannot be read: {NASTY}.",),
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("form", ["md", "txt"])
def test_golden(name: str, form: str) -> None:
    """To renew one, write it again and read the difference before it is committed."""
    write = {"md": proposal.markdown, "txt": proposal.text}[form]
    assert f"{write(CASES[name])}\n" == (GOLDEN / f"{name}.{form}").read_text("utf-8")


def outside_code(markdown: str) -> str:
    """What GitHub reads as markup: code spans, matched by their fences, taken away."""
    return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", markdown)


def test_nobody_is_called_and_nothing_is_markup() -> None:
    plain = outside_code(proposal.markdown(CASES["nasty"]).removeprefix(proposal.MARK))
    assert re.search(r"@(?!\u2060)", plain) is None
    assert re.search(r"(?<!\\)<(?!sub>|/sub>)", plain) is None
    assert re.search(r"(?<!\\)\]\(", plain) is None
    assert "\n# " not in plain


def test_many_changes_are_cut_short_and_counted() -> None:
    many = tuple(Change(Topic.GAINED, "is verified.", f"thm:{n}") for n in range(100))
    whole = proposal.markdown(Comparison("1" * 40, "2" * 40, Standing(0, 100), Standing(100, 100), "L", many))
    assert "- and 80 more" in whole
    assert len(whole) < 3000
