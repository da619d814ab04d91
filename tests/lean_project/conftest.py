"""One Lean project with everything in it, checked twice, as Lean takes long to start; and walls in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lean_project.artefacts import Artefact
from lean_project.check import check
from lean_project.facts import Facts
from lean_project.modules import Module, ModuleName
from lean_project.project import open_project
from lean_project.sandbox_command import disposable
from lean_project.sandbox_probe import weakness
from lean_project.sandbox_walls import BUBBLEWRAP, NAMESPACES, Wall, whole_walls
from lean_project.toolchain import installed
from lean_project.toolchain_build import Builder
from lean_project.toolchain_process import Limits

from . import honest_sources
from .lean_sources import CHEAT_PAIRS, ENDLESS, NAMES, SOURCES, cheat_space
from .lean_world import in_a_row, renamed, write_project
from .own_cheats import CHEATS, own_space
from .sandboxes import Box

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cheats"
# Loud modules that others cannot import: they do not build, or redeclare what is Lean's.
APART = ("M10_native_decide", "M43_kernel_primitive_override", "MOwnDottedComponent", "Zzz")
# Where examples try to write.
OUTSIDE = (Path("/tmp/PWNED_by_elaboration"), Path("/tmp/chantier-was-here"))


@dataclass(frozen=True)
class LeanWorld:
    """The project as it was agreed, and as it was submitted afterwards with some files changed, and without
    our own cheats.

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
    own = {f"M{own_space(stem)}": renamed(text, own_space(stem)) for stem, text in CHEATS.items()}
    first = {f"M{stem}": text for stem, text in examples.items() if stem not in CHEAT_PAIRS}
    second = {f"M{CHEAT_PAIRS[stem]}": text for stem, text in examples.items() if stem in CHEAT_PAIRS}
    spaces = (*map(cheat_space, examples), *map(own_space, CHEATS))
    names = (*NAMES, *dict.fromkeys(f"{space}.main" for space in spaces))
    for file in OUTSIDE:
        file.unlink(missing_ok=True)
    modules = in_a_row({**SOURCES, **first, **own, "Zzz": ENDLESS}, apart=APART)
    write_project(folder, modules | honest_sources.before())
    agreed = check(open_project(folder), names, cache=cache, limits=Limits(module=30))
    kept = {name: source for name, source in modules.items() if name not in (*own, "Zzz")}
    write_project(folder, kept | second | honest_sources.after())
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


@pytest.fixture(params=[BUBBLEWRAP, NAMESPACES], ids=["bubblewrap", "namespaces"])
def wall(request: pytest.FixtureRequest) -> Wall:
    """Each that holds on this machine."""
    found: Wall = request.param
    if found not in whole_walls():
        pytest.skip(f"{found.name}: not installed")
    if weak := weakness(found):
        pytest.skip(f"{found.name}: {weak}")
    return found


@pytest.fixture
def box(wall: Wall) -> Iterator[Box]:
    """Whatever was left in it, it can be removed."""
    with disposable("chantier-test-") as folder:
        folder.chmod(0o755)
        yield Box(wall, folder)
    assert not folder.exists()
