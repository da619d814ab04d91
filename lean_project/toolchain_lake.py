"""The door to a native Lean: `lake` with the project's own toolchain. Used where a project needs more than
Lean's core library, or asks for it.

Nothing of the project decides which program runs: the toolchain is one that is installed here, and elan,
which would fetch whatever `lean-toolchain` names, is never started.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from blueprint.errors import UserError
from lean_project.artefacts import digest
from lean_project.project import Project, refuse_escape
from lean_project.repository import Repository
from lean_project.sandbox_command import Bounds

FETCH = "CHANTIER_LAKE_FETCH"
BOUNDS = Bounds(cpu=86_400, memory=16_000_000_000, processes=1024, file=2_000_000_000, files=100_000)
MANIFEST = "lake-manifest.json"
_MANIFEST_BYTES = 2**20
_TOOLCHAIN_BYTES = 200
_FETCH_SECONDS = 3600
# As elan reads it: an origin that may be left out, and a version.
_TOOLCHAIN = re.compile(r"(?:(?P<origin>\w[\w.-]*/\w[\w.-]*):)?(?P<version>\w[\w.+-]*)")


@dataclass(frozen=True)
class Lake:
    """An installed toolchain and the project that it is for. `home` holds `bin/lake` and `lib/lean`."""

    home: Path
    version: str
    project: Project

    @property
    def name(self) -> str:
        return f"Lean {self.version} (lake)"

    @property
    def program(self) -> Path:
        return self.home / "bin" / "lake"

    @property
    def library(self) -> Path:
        return self.home / "lib" / "lean"

    @property
    def packages(self) -> Path:
        """Where Lake keeps what the project depends on."""
        return self.project.lean_root / ".lake" / "packages"

    @cached_property
    def identity(self) -> str:
        """Of the toolchain and of the versions of everything that the project depends on."""
        manifest = self.project.lean_root / MANIFEST
        data = manifest.read_bytes() if manifest.is_file() else b""
        return f"{self.home.name}-{digest(data)[:16]}"

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The folders of compiled modules of what the project depends on; newer Lakes have `lib/lean`."""
        found = []
        for package in sorted(self.packages.glob("*")):
            places = (package / ".lake" / "build" / "lib" / name for name in ("lean", "."))
            found += [next((place for place in places if place.is_dir()), package)]
        return tuple(found)

    def has_module(self, name: tuple[str, ...]) -> bool:
        """Whether a module of that name is Lean's or a dependency's."""
        files = (folder.joinpath(*name).with_suffix(".olean") for folder in (self.library, *self.folders))
        return any(file.is_file() for file in files)

    def environment(self, home: Path, *, path: tuple[Path, ...] = ()) -> Mapping[str, str]:
        """What Lake is told: no caches, no downloads, none of our own surroundings."""
        told = {
            "PATH": f"{self.home / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "LAKE_NO_CACHE": "1",
            "MATHLIB_NO_CACHE_ON_UPDATE": "1",
        }
        return told | ({"LEAN_PATH": ":".join(map(str, path))} if path else {})

    def prepare(self) -> None:
        """See that what the project depends on is here. Raises `UserError` where it is not.

        Fetching is the one step that has the network, and none of the project's modules is built in it. It
        runs Lake outside the sandbox, so only whoever runs Chantier can allow it.
        """
        self._refuse_committed()
        missing = [name for name in _dependencies(self.project) if not (self.packages / name).is_dir()]
        if not missing:
            return
        if os.environ.get(FETCH) != "yes":
            raise UserError(
                f"{', '.join(missing)} is not fetched; run `{' '.join(_fetch(missing))}` in "
                f"{self.project.lean_root}, or set {FETCH}=yes to let Chantier do it (with network)."
            )
        command = [str(self.program), *_fetch(missing)[1:]]
        environment = {**self.environment(Path.home()), "LAKE_NO_CACHE": ""}
        try:
            done = subprocess.run(
                command, cwd=self.project.lean_root, env=environment, stdin=subprocess.DEVNULL,
                capture_output=True, timeout=_FETCH_SECONDS, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UserError(f"`{' '.join(_fetch(missing))}` did not end well: {error}.") from error
        if done.returncode:
            last = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()[-1:]
            raise UserError(f"`{' '.join(_fetch(missing))}` failed: {''.join(last)[:300]}")

    def _refuse_committed(self) -> None:
        """What was fetched is believed; what came with a commit is anybody's."""
        if not self.project.root.joinpath(".git").exists():
            return
        folder = self.packages.relative_to(self.project.root).as_posix()
        with Repository.open(self.project.root) as repository:
            if repository.keeps(folder):
                raise UserError(
                    f"{folder} is in the repository, where nobody can tell who compiled it; remove it there "
                    f"(`git rm -r --cached {folder}`) and let Lake fetch it."
                )


def lake_for(project: Project) -> Lake | None:
    """The native toolchain that the project names, if Lake is installed here at all.

    Raises `UserError` where it is, but not in that version.
    """
    program = shutil.which("lake")
    if program is None:
        return None
    version = toolchain_text(project)
    home = _home(Path(program), version)
    if not (home / "bin" / "lake").is_file():
        raise UserError(
            f"The project wants {version}, which is not installed; run `elan toolchain install {version}`."
        )
    return Lake(home, version, project)


def required(project: Project) -> Lake:
    """The same, where nothing else will do."""
    found = lake_for(project)
    if found is None:
        raise UserError("This project needs `lake`, which is not installed; install elan, which brings it.")
    return found


def toolchain_text(project: Project) -> str:
    """What `lean-toolchain` says. Raises `UserError` where that is no version."""
    file = project.lean_root / "lean-toolchain"
    refuse_escape(file, project.root)
    if not file.is_file():
        raise UserError(f"{project.lean_root} has no `lean-toolchain`; write there which Lean it is for.")
    with file.open("rb") as source:
        text = source.read(_TOOLCHAIN_BYTES).decode("utf-8", "replace").strip()
    if not _TOOLCHAIN.fullmatch(text):
        raise UserError(f"{file} does not name a toolchain, such as `leanprover/lean4:v4.20.0`.")
    return text


def _home(program: Path, version: str) -> Path:
    """The folder of the toolchain: elan's for that version, or the only one there is."""
    elan = Path(os.environ.get("ELAN_HOME") or Path.home() / ".elan")
    if program.parent.resolve() != (elan / "bin").resolve():
        return program.resolve().parent.parent
    found = _TOOLCHAIN.fullmatch(version)
    origin = (found["origin"] if found else None) or "leanprover/lean4"
    number = found["version"] if found else version
    return elan / "toolchains" / f"{origin.replace('/', '--')}---{number}"


def _fetch(missing: list[str]) -> list[str]:
    return ["lake", "exe", "cache", "get"] if "mathlib" in missing else ["lake", "build", "--no-build"]


def _dependencies(project: Project) -> Iterator[str]:
    """The packages that the manifest names, but for those that lie in the project."""
    file = project.lean_root / MANIFEST
    refuse_escape(file, project.root)
    if not file.is_file():
        return
    if file.stat().st_size > _MANIFEST_BYTES:
        raise UserError(f"{file} is larger than {_MANIFEST_BYTES // 2**20} MB; it is not read.")
    try:
        packages = json.loads(file.read_bytes())["packages"]
        for package in packages:
            name = str(package["name"])
            if package.get("type") != "path" and re.fullmatch(r"[\w«».-]+", name) and ".." not in name:
                yield name
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{file} is no manifest of Lake; run `lake update`.") from error
