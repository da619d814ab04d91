"""The whole way under `lake`, with a real judge: Lake is a stand-in, Lean is the embedded one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from lean_project import leans
from lean_project.artefacts import PARTS
from lean_project.check import check
from lean_project.facts import SORRY
from lean_project.modules import discover
from lean_project.project import open_project
from lean_project.toolchain import require
from lean_project.toolchain_build import builder
from lean_project.toolchain_process import Limits

from .lake_stand_in import EMBEDDED, LAKE, program
from .lean_world import passes, write_project

pytestmark = [pytest.mark.lean, pytest.mark.timeout(900)]

SOURCE = """theorem Main.good (n : Nat) : n + 0 = n := rfl
theorem Main.lazy (n : Nat) : 0 + n = n := by sorry
theorem Main.above (n : Nat) : 0 + n = n := Main.lazy n
"""
NAMES = ("Main.good", "Main.lazy", "Main.above", "Main.none", "Nat.add_comm")


def linked(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def native(folder: Path) -> Path:
    """The embedded Lean, laid out like a native one."""
    toolchain = require()
    shutil.copytree(toolchain.home, folder, copy_function=linked)
    shutil.copy2(toolchain.node, folder / "bin" / "node")
    for place in (folder, *folder.rglob("*")):
        if place.is_dir():
            place.chmod(0o755)
    program(folder / "bin", "lake", LAKE)
    program(folder / "bin", "lean", EMBEDDED)
    return folder / "bin"


def prebuilt(project: Path) -> None:
    """What `lake build` would make."""
    opened, toolchain = open_project(project), require()
    with builder(toolchain, Limits()) as building:
        for module in discover(opened, toolchain.has_module).modules:
            artefact = building.build(module, frozenset())
            target = project.joinpath("prebuilt", *module.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            for part in PARTS:
                if part in artefact.files:
                    Path(f"{target}.{part}").write_bytes(artefact.files[part])


def test_facts_under_lake_are_those_of_the_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_project(tmp_path / "project", {"Main": SOURCE})
    (folder / "lean-toolchain").write_text("leanprover/lean4:v4.28.0\n")
    (folder / "chantier.toml").write_text('[lean]\ntoolchain = "lake"\n')
    prebuilt(folder)
    for place in tmp_path.parents:
        if place.name.startswith("pytest-"):
            place.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{native(tmp_path / 'native')}:/usr/bin:/bin")
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    assert isinstance(leans.chosen(open_project(folder)), leans.Native)
    facts = check(open_project(folder), NAMES, cache=tmp_path / "cache")
    known = facts.by_name()
    assert (facts.failed_modules, facts.toolchain) == ((), "Lean leanprover/lean4:v4.28.0 (lake)")
    assert passes(known["Main.good"])
    assert known["Main.lazy"].axioms == known["Main.above"].axioms == (SORRY,)
    assert known["Main.above"].blames[0].path == ("Main.above", "Main.lazy", SORRY)
    assert (known["Nat.add_comm"].upstream, "Main.none" in known) == (True, False)
    assert known["Main.lazy"].fingerprint
    assert known["Main.lazy"].line is None  # no program of ours looks at the build from inside
