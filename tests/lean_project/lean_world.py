"""Small Lean projects, written where a test wants them, and what to ask of their facts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from lean_project.axioms import STANDARD_AXIOMS
from lean_project.company import is_loud
from lean_project.facts import Fact
from lean_project.modules import Module


def write_project(folder: Path, modules: Mapping[str, str]) -> Path:
    """A project whose library has these modules as roots; `A.B` is the file `A/B.lean`."""
    roots = ", ".join(f'"{name}"' for name in modules)
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("lakefile.toml").write_text(
        f'name = "test"\n[[lean_lib]]\nname = "Test"\nroots = [{roots}]\n', "utf-8"
    )
    for name, source in modules.items():
        file = folder.joinpath(*name.split(".")).with_suffix(".lean")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, "utf-8")
    return folder


def renamed(source: str, namespace: str) -> str:
    """The source of a cheat in a namespace of its own, so that many fit into one project."""
    return re.sub(r"\bProj\b", namespace, source)


def in_a_row(modules: Mapping[str, str], apart: Collection[str]) -> dict[str, str]:
    """The modules, the loud ones importing one another in a row, so that they may share a Lean.

    Those in `apart` stay as they are.
    """
    made, before = dict(modules), ""
    for name, source in modules.items():
        if name not in apart and _is_loud(source):
            made[name] = f"import {before}\n{source}" if before else source
            before = name
    return made


def _is_loud(source: str) -> bool:
    core = (("Lean",),) if "import Lean" in source else ()
    return is_loud(Module(("M",), "", source.encode(), (), core))


def passes(fact: Fact | None) -> bool:
    """Whether there is a proof, accepted by the kernel, that rests on the standard axioms alone."""
    return bool(fact and fact.is_prop and not fact.refusal and set(fact.axioms) <= STANDARD_AXIOMS)
