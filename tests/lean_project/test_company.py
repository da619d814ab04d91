"""Who may share a process: no module is built where code ran that it does not import."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.company import Company, is_loud
from lean_project.modules import Module


def module(name: str, source: str = "", *imports: str, core: tuple[str, ...] = ()) -> Module:
    return Module(
        (name,), f"{name}.lean", source.encode(), tuple((one,) for one in imports), (core,) if core else ()
    )


@pytest.mark.parametrize(
    "source",
    [
        "run_cmd pure ()",
        "#eval main",
        'macro "x" : term => `(1)',
        'elab "x" : term => do',
        "local macro_rules | _ => _",
        "initialize pure ()",
        "@[init] opaque x : Nat",
        "unsafe def f := 1",
        "@[implemented_by g] def f := 1",
        "@[extern \"g\"] def f := 1",
        "def f := by_elab do",
        "simproc x (1) := fun _ => do",
        "def f : IO Unit := pure ()",
        "@[term_parser] def f := 1",
    ],
)  # fmt: skip
def test_what_can_run_code_is_loud(source: str) -> None:
    assert is_loud(module("A", source))


def test_imports_beyond_init_are_loud() -> None:
    assert is_loud(module("A", "", core=("Lean",)))
    assert not is_loud(module("A", "", core=("Init", "Data")))


def test_plain_mathematics_is_quiet() -> None:
    text = 'notation "ℙ" => Prime\n@[simp] theorem a : 1 = 1 := by decide\nderiving Repr'
    assert not is_loud(module("A", text))


def test_the_quiet_come_first_and_the_loud_follow_those_they_import() -> None:
    modules = [
        module("Loud", "#eval 1"),
        module("After", "", "Loud"),
        module("Other", "elab"),
        module("Quiet"),
    ]
    assert [one.name[0] for one in Company(modules).order()] == ["Quiet", "Loud", "After", "Other"]


@st.composite
def projects(draw: st.DrawFn) -> list[Module]:
    count = draw(st.integers(1, 12))
    return [
        module(
            str(number),
            draw(st.sampled_from(["", "#eval 1"])),
            *draw(
                st.lists(st.sampled_from([str(one) for one in range(number)]), unique=True)
                if number
                else st.just([])
            ),
        )
        for number in range(count)
    ]


@given(projects())
def test_every_module_comes_once_and_after_what_it_imports(modules: list[Module]) -> None:
    done: set[tuple[str, ...]] = set()
    for one in Company(modules).order():
        assert done.issuperset(one.imports)
        done.add(one.name)
    assert done == {one.name for one in modules}


@given(projects())
def test_the_company_is_the_loud_ones_among_all_it_imports(modules: list[Module]) -> None:
    company, known = Company(modules), {one.name: one for one in modules}
    for one in modules:
        reached, waiting = set[tuple[str, ...]](), [one.name]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += known[name].imports
        assert company.of(one) == {name for name in reached if is_loud(known[name])}
