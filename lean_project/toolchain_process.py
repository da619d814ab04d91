"""One run of the embedded Lean: which files it is given, and how long it may last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lean_project.sandbox import confined
from lean_project.sandbox_command import Bounds, Command
from lean_project.sandbox_process import Process
from lean_project.toolchain import Toolchain
from lean_project.toolchain_patch import MOUNTS

# What Node needs to run this program at all, and to run it quickly.
ENGINE = ("--no-wasm-tier-up", "--wasm-lazy-compilation", "--stack-size=4000", "--no-warnings")
# A second wall. Text never becomes JavaScript: Lean code could otherwise hand some to functions of `lean.js`.
CONFINED = ("--disallow-code-generation-from-strings", "--permission", "--allow-worker")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long Lean may take, in seconds of processor time, and what else each run of it may use.

    `module` is the time for one module, `start` for Lean to be ready, `judge` for the whole judgement.
    """

    module: float = 120
    start: float = 120
    judge: float = 600
    bounds: Bounds = field(default_factory=Bounds)


@contextmanager
def lean(
    toolchain: Toolchain, driver: str, folder: Path, limits: Limits, mounts: Mapping[str, Path]
) -> Iterator[Process]:
    """Run the Lean program `driver`, a file of `lean/` here, until the block ends.

    It may write in `folder/scratch`, which must exist, and read the toolchain and what `mounts` says (path
    inside -> a folder). Inside, it sees that, `/toolchain`, `/driver` and `/scratch`.
    """
    scratch = folder / "scratch"
    fixed = {"/toolchain": toolchain.home, "/driver": drivers(), "/scratch": scratch}
    command = Command(
        argv=tuple(_node(toolchain, driver, scratch, mounts)),
        scratch=scratch,
        # Its folders one by one: the toolchain's own may be closed to all but its owner.
        read=(toolchain.node, *sorted(toolchain.home.iterdir()), drivers(), *mounts.values()),
        environment=_environment({**fixed, **mounts}),
        bounds=limits.bounds,
        quiet=True,
        self_confined=True,
    )
    with confined(command) as process:
        yield process


def _node(toolchain: Toolchain, driver: str, scratch: Path, mounts: Mapping[str, Path]) -> Iterator[str]:
    yield from (str(toolchain.node), *ENGINE, *CONFINED)
    for place in (toolchain.home, drivers(), scratch, *mounts.values()):
        yield f"--allow-fs-read={place}"
    yield f"--allow-fs-write={scratch}"
    yield from (str(toolchain.home / "bin" / "lean.cjs"), "--run", f"/driver/{driver}")


def _environment(seen: Mapping[str, Path]) -> dict[str, str]:
    return {MOUNTS: json.dumps([[inside, str(host)] for inside, host in seen.items()]), "LEAN_PATH": "/built"}


def drivers() -> Path:
    """The folder of our Lean programs."""
    return Path(__file__).resolve().parent / "lean"
