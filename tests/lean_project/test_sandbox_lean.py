"""Lean code that attacks while it is elaborated, in the real builder; then the next module builds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lean_project.artefacts import RECORD
from lean_project.build_record import Record, read_record
from lean_project.modules import Module
from lean_project.sandbox_process import NoAnswerError
from lean_project.toolchain import installed
from lean_project.toolchain_build import Builder, builder
from lean_project.toolchain_process import Limits

pytestmark = [pytest.mark.lean, pytest.mark.timeout(600)]

# The modules here, which may share a process.
ALL = frozenset({("Attack",), ("Filling",), ("Writing",), ("Hoarding",), ("Next",)})
FILL = """
partial def fill (number : Nat) : IO Unit := do
  IO.FS.writeFile ("/scratch/" ++ toString number) "was here"
  fill (number + 1)
run_cmd fill 0
"""
WRITE = """
partial def write (block : ByteArray) (number : Nat) : IO Unit := do
  IO.FS.writeBinFile ("/scratch/" ++ toString number) block
  write block (number + 1)
run_cmd write (ByteArray.mk (Array.replicate 100000000 0)) 0
"""
HOARD = """
partial def hoard (held : Array ByteArray) : IO Unit := do
  hoard (held.push (ByteArray.mk (Array.replicate 1000000 held.size.toUInt8)))
run_cmd hoard #[]
"""


@pytest.fixture(scope="module")
def building() -> Iterator[Builder]:
    toolchain = installed()
    if toolchain is None:
        pytest.skip("the embedded Lean is not installed: chantier lean install")
    limits = Limits(module=60)
    with builder(toolchain, replace(limits, bounds=replace(limits.bounds, files=500))) as made:
        yield made


def record(building: Builder, name: str, text: str) -> Record:
    source = f"import Lean\nopen Lean Elab Command\n{text}\n".encode()
    made = building.build(Module((name,), f"{name}.lean", source, (), (("Lean",),)), ALL)
    return read_record(made.files[RECORD])


# These come first: where a Lean has built others before, one that takes too much is tried again.
@pytest.mark.parametrize(
    ("name", "attack", "words"),
    [
        ("Filling", FILL, "made more than 500 files"),
        ("Writing", WRITE, "wrote more than 1 GB"),
        # WebAssembly gives Lean 4 GB: it dies of that before it has what a sandbox may have.
        ("Hoarding", HOARD, "without an answer; it had [3-6]"),
    ],
    ids=["files", "bytes", "memory"],
)
def test_who_takes_too_much_is_ended(building: Builder, name: str, attack: str, words: str) -> None:
    with pytest.raises(NoAnswerError, match=words):
        record(building, name, attack)


@pytest.mark.parametrize(
    "attack",
    [
        'let child ← IO.Process.spawn { cmd := "/bin/sh", args := #["-c", "sleep 600"] }; let _ ← child.wait',
        f'IO.FS.writeFile "{Path(__file__).resolve().parent}/was_here" ""',
        'let _ ← IO.FS.readFile "/proc/self/environ"',
        'let _ ← IO.FS.readFile "/etc/passwd"',
        'let _ ← IO.FS.readFile "/root/.bashrc"',
    ],
    ids=["spawn", "write", "environment", "users", "home"],
)
def test_what_is_not_given_is_not_there(building: Builder, attack: str) -> None:
    found = record(building, "Attack", f"run_cmd do\n  {attack}")
    assert not found.built
    assert any(said.severity == "error" for said in found.said)
    assert not Path(__file__).with_name("was_here").exists()


def test_the_next_module_builds(building: Builder) -> None:
    assert record(building, "Next", "theorem next : 1 + 1 = 2 := rfl").built
