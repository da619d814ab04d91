"""One Lean project with everything in it, checked twice: Lean takes long to start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lean_project.artefacts import Artefact
from lean_project.check import check
from lean_project.facts import Facts
from lean_project.modules import Module, ModuleName
from lean_project.project import open_project
from lean_project.toolchain import installed
from lean_project.toolchain_build import Builder
from lean_project.toolchain_process import Limits

from .lean_sources import CHEAT_PAIRS, ENDLESS, NAMES, SOURCES, cheat_space
from .lean_world import renamed, write_project

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cheats"
# Where a shared example tries to write.
OUTSIDE = Path("/tmp/PWNED_by_elaboration")


@dataclass(frozen=True)
class LeanWorld:
    """The project as it was agreed, and as it was submitted afterwards with some files changed.

    `built` are the modules that Lean had to build for the second check, in order.
    """

    folder: Path
    cache: Path
    names: tuple[str, ...]
    agreed: Facts
    submitted: Facts
    built: tuple[str, ...]


@pytest.fixture(scope="session")
def lean_world(tmp_path_factory: pytest.TempPathFactory) -> LeanWorld:
    if installed() is None:
        pytest.skip("the embedded Lean is not installed: chantier lean install")
    base = tmp_path_factory.mktemp("lean")
    folder, cache = base / "project", base / "cache"
    examples = _examples()
    first = {f"M{stem}": text for stem, text in examples.items() if stem not in CHEAT_PAIRS}
    second = {f"M{CHEAT_PAIRS[stem]}": text for stem, text in examples.items() if stem in CHEAT_PAIRS}
    names = (*NAMES, *dict.fromkeys(f"{cheat_space(stem)}.main" for stem in examples))
    OUTSIDE.unlink(missing_ok=True)
    write_project(folder, {**SOURCES, **first, "Zzz": ENDLESS})
    agreed = check(open_project(folder), names, cache=cache, limits=Limits(module=30))
    write_project(folder, {**SOURCES, **first, **second})
    built: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Builder, "build", _recorded(built))
        submitted = check(open_project(folder), names, cache=cache)
    return LeanWorld(folder, cache, names, agreed, submitted, tuple(built))


def _examples() -> dict[str, str]:
    """The shared examples of cheating, each in a namespace of its own; none where the folder is absent."""
    files = sorted(SHARED.glob("*.lean")) if SHARED.is_dir() else []
    return {file.stem: renamed(file.read_text("utf-8"), cheat_space(file.stem)) for file in files}


def _recorded(built: list[str]) -> Callable[[Builder, Module, frozenset[ModuleName]], Artefact]:
    real = Builder.build

    def build(self: Builder, module: Module, company: frozenset[ModuleName]) -> Artefact:
        built.append(".".join(module.name))
        return real(self, module, company)

    return build
