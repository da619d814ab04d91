"""What Lean's own constants mean does not depend on what else is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_project.judge_core import core_prints
from lean_project.names import Name
from lean_project.toolchain import installed

WANTED: dict[Name, str] = {
    ("Nat",): "Init",
    ("Or",): "Init",
    ("List", "map"): "Init",
    ("Nat", "lt_irrefl"): "Init",
    ("instLTNat",): "Init",
    ("String", "append"): "Init",
}


@pytest.fixture(scope="module")
def library() -> Path:
    toolchain = installed()
    if toolchain is None:
        pytest.skip("the embedded Lean is not installed: chantier lean install")
    return toolchain.home / "lib" / "lean"


@pytest.mark.parametrize("name", [("Nat",), ("Or",), ("instLTNat",)], ids=".".join)
def test_a_constant_means_the_same_alone_and_in_company(library: Path, name: Name, tmp_path: Path) -> None:
    together = core_prints(library, WANTED, tmp_path / "together.json")
    assert together.keys() == WANTED.keys()
    assert core_prints(library, {name: "Init"}, tmp_path / "alone.json") == {name: together[name]}


def test_what_was_found_before_is_kept(library: Path, tmp_path: Path) -> None:
    first = core_prints(library, {("Nat",): "Init"}, tmp_path / "kept.json")
    assert core_prints(Path("nowhere"), {("Nat",): "Init"}, tmp_path / "kept.json") == first
