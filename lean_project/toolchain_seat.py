"""A Lean of ours that sits in its folder and waits for requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lean_project.artefacts import digest
from lean_project.sandbox import confinement
from lean_project.sandbox_command import disposable
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits, drivers, lean


@dataclass(frozen=True, slots=True)
class Role:
    """One of our Lean programs, a file of `lean/`, and the folders it may read besides its own."""

    driver: str
    folders: tuple[str, ...]


BUILDER = Role("Build.lean", ("src", "requests", "built"))
JUDGE = Role("Judge.lean", ("requests",))
ROLES = {"builder": BUILDER, "judge": JUDGE}


def kind(toolchain: Toolchain, limits: Limits) -> str:
    """What two Leans have in common of which one can stand in for the other."""
    programs = [digest(file.read_bytes()) for file in sorted(drivers().glob("*.lean"))]
    return digest("\0".join((str(toolchain.home), confinement(), repr(limits.bounds), *programs)).encode())


class Waiter(Protocol):
    """What is asked of the process in a seat, as `sandbox_process.Process` answers it."""

    def wait_for(self, file: Path, seconds: float, most: int = ...) -> bytes: ...

    def take(self, file: Path, most: int) -> bytes: ...

    def hand_over(self, *places: Path) -> None: ...


@dataclass(slots=True)
class Seat:
    """A started Lean and its folder. `asked` counts the requests that it got."""

    folder: Path
    process: Waiter
    asked: int = 0

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    def ask(self, request: bytes) -> int:
        """Put a request, whole, where the next one is expected, and give its number."""
        draft = self.folder / "requests" / "draft"
        draft.write_bytes(request)
        draft.rename(draft.with_name(str(self.asked)))
        self.asked += 1
        return self.asked - 1


@contextmanager
def started(toolchain: Toolchain, role: Role, limits: Limits) -> Iterator[Seat]:
    """A new Lean in a folder of its own, which gets ready; both are gone when the block ends."""
    with disposable("chantier-lean-") as folder:
        for name in (*role.folders, "scratch"):
            folder.joinpath(name).mkdir()
        mounts = {f"/{name}": folder / name for name in role.folders}
        with lean(toolchain, role.driver, folder, limits, mounts) as process:
            yield Seat(folder, process)
