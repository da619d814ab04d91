"""Compiled modules that somebody tampered with: they are read as they are written, or refused; never more."""

from __future__ import annotations

import random
import struct

import pytest

from lean_project.facts import Kind
from lean_project.judge_olean import HEADER, Olean
from lean_project.judge_terms import Terms
from lean_project.toolchain import installed


@pytest.fixture(scope="module")
def module() -> bytes:
    toolchain = installed()
    if toolchain is None:
        pytest.skip("the embedded Lean is not installed: chantier lean install")
    return toolchain.home.joinpath("lib", "lean", "Init", "Data", "Option", "Instances.olean").read_bytes()


def test_a_module_of_lean_is_read(module: bytes) -> None:
    terms = Terms()
    found = {terms.names[one.name]: one for one in Olean([module], terms).constants(3)}
    assert len(found) > 20
    assert {constant.owner for constant in found.values()} == {3}
    assert Kind.DEFINITION in {constant.kind for constant in found.values()}


def test_every_change_of_a_byte_is_read_or_refused(module: bytes) -> None:
    chance = random.Random(4)
    for _ in range(300):
        data = bytearray(module)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(HEADER, len(data))] = chance.randrange(256)
        try:
            Olean([bytes(data)], Terms()).constants()
        except ValueError:
            continue


def test_a_pointer_to_itself_is_refused(module: bytes) -> None:
    """Every pointer of the file in turn leads to where it stands, or to the root."""
    base, root = struct.unpack_from("<II", module, HEADER)
    chance = random.Random(5)
    for _ in range(300):
        at = chance.randrange(HEADER + 8, len(module) - 4, 4)
        data = bytearray(module)
        data[at : at + 4] = struct.pack("<I", chance.choice([base + at & ~7, root]))
        try:
            Olean([bytes(data)], Terms()).constants()
        except ValueError:
            continue


@pytest.mark.parametrize("cut", [0, 5, HEADER, HEADER + 8, 1000])
def test_a_file_cut_short_is_refused(module: bytes, cut: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - wherever it ends
        Olean([module[:cut]], Terms()).constants()
