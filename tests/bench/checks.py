"""What checks cost: with an empty cache and a full one, cold and with Leans kept warm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from lean_project.toolchain import home, require

from .lean_projects import LeanPlan, declaration, lean_project, module_file
from .measuring import FailedError
from .subjects import write

SHOWCASE = Path(__file__).parents[2] / "lean_project" / "showcase"
COLD, WARM, UNCHANGED, LEAF, ROOT = "cold", "warm", "unchanged", "leaf", "root"
WAYS = (COLD, WARM, UNCHANGED, LEAF, ROOT)
LAKE, LAKE_LEAF = "lake build", "lake build, leaf"
LIMIT = 3600.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds on the clock for the whole command, and what it counted."""

    wall: float
    counts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Project:
    """A project to check: its files to edit, and names that a blueprint would ask about."""

    name: str
    folder: Path
    leaf: str
    root: str
    names: tuple[str, ...]

    @property
    def modules(self) -> int:
        return len(list(self.folder.rglob("*.lean")))


@dataclass(slots=True)
class Checks:
    """All runs on one project, by way."""

    name: str
    modules: int
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def seconds(self, way: str) -> float | None:
        runs = self.runs.get(way)
        return median(run.wall for run in runs) if runs else None

    def count(self, way: str, what: str) -> float | None:
        runs = self.runs.get(way)
        return median(run.counts.get(what, 0) for run in runs) if runs else None


@contextmanager
def subject(modules: int) -> Iterator[Project]:
    """A copy of the showcase (0), or a generated project, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="chantier-bench-") as name:
        folder = Path(name) / "project"
        if modules:
            write(lean_project(LeanPlan(modules)), folder)
            names = (declaration(0), declaration(modules - 1))
            yield Project(f"{modules} modules", folder, module_file(modules - 1), module_file(0), names)
        else:
            shutil.copytree(SHOWCASE, folder)
            edits = ("Showcase/Roots.lean", "Showcase/Parity.lean")
            yield Project("showcase", folder, *edits, ("Nat.add_comm",))


def measured(project: Project, repeat: int, cold: int, say: Say) -> Checks:
    """`cold` runs with an empty cache and no pool, then `repeat` rounds with one. Every round edits."""
    found = Checks(project.name, project.modules)
    with _cache() as (cache, environment):
        for count in range(cold):
            say(f"{project.name}: cold, {count + 1} of {cold}")
            _empty(cache)
            _add(found, COLD, _checked(project, environment))
        with _warm(environment) as wait:
            for count in range(repeat):
                for way in (WARM, UNCHANGED, LEAF, ROOT):
                    if way == WARM and count:
                        continue
                    say(f"{project.name}: {way}, {count + 1} of {repeat}")
                    _prepared(project, way, cache, count)
                    if way != UNCHANGED:
                        wait()
                    _add(found, way, _checked(project, environment))
    if shutil.which("lake"):
        _lake(project, found)
    return found


def _prepared(project: Project, way: str, cache: Path, count: int) -> None:
    if way == WARM:
        _empty(cache)
    elif way in (LEAF, ROOT):
        file = project.folder / (project.leaf if way == LEAF else project.root)
        text = file.read_text("utf-8")
        file.write_text(f"{text}\ntheorem edit_{way}_{count} : {count} + 0 = {count} := rfl\n", "utf-8")


def _add(found: Checks, way: str, run: Run) -> None:
    if run.counts["failed"]:
        raise FailedError(f"{found.name}, {way}: {run.counts['failed']:g} modules did not build")
    found.runs.setdefault(way, []).append(run)


def _checked(project: Project, environment: dict[str, str]) -> Run:
    command = (sys.executable, "-m", "tests.bench.checking", str(project.folder), *project.names)
    began = time.perf_counter()
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT
    )
    wall = time.perf_counter() - began
    if done.returncode:
        raise FailedError(f"{project.name}: {(done.stderr or 'failed').strip().splitlines()[-1]}")
    return Run(wall, json.loads(done.stdout))


@contextmanager
def _cache() -> Iterator[tuple[Path, dict[str, str]]]:
    """A cache of its own that has the installed Lean, and the environment of commands that use it."""
    require()
    with tempfile.TemporaryDirectory(prefix="chantier-bench-") as name:
        cache, runtime = Path(name) / "cache", Path(name) / "run"
        cache.mkdir()
        cache.joinpath("lean").symlink_to(home().parent.resolve())
        yield cache, {**os.environ, "CHANTIER_CACHE": str(cache), "CHANTIER_RUNTIME": str(runtime)}


def _empty(cache: Path) -> None:
    for entry in cache.iterdir():
        if entry.name != "lean":
            shutil.rmtree(entry)


@contextmanager
def _warm(environment: dict[str, str]) -> Iterator[Callable[[], None]]:
    """A pool, and how to wait until it has a pair ready: that time is nobody's."""
    chantier = str(Path(sys.executable).with_name("chantier"))
    pool = subprocess.Popen((chantier, "lean", "warm"), env=environment, stdout=subprocess.DEVNULL)

    def wait() -> None:
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline and pool.poll() is None:
            status = (chantier, "lean", "status")
            said = subprocess.run(status, env=environment, capture_output=True, text=True, check=False).stdout
            if "1 builder, 1 judge" in said:
                return
            time.sleep(1)
        raise FailedError("no Lean became ready")

    try:
        yield wait
    finally:
        pool.terminate()
        pool.wait()


def _lake(project: Project, found: Checks) -> None:
    for way in (LAKE, LAKE_LEAF):
        if way == LAKE_LEAF:
            _prepared(project, LEAF, project.folder, 1_000_000)
        began = time.perf_counter()
        subprocess.run(("lake", "build"), cwd=project.folder, check=True, capture_output=True, timeout=LIMIT)
        _add(found, way, Run(time.perf_counter() - began, {"failed": 0}))
