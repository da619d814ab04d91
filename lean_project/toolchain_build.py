"""The untrusted stage: elaborate modules, one after another, in a confined Lean."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lean_project.artefacts import PARTS, RECORD, Artefact
from lean_project.build_record import read_record
from lean_project.modules import Module, ModuleName
from lean_project.pool_client import seat
from lean_project.sandbox_process import NoAnswerError, OverrunError
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits
from lean_project.toolchain_seat import BUILDER, Seat

# Lean's heap has 4 GB, and never gives back what was read of the core library for a module: at most so many
# bytes for one that imports `Init` alone, and for any other. Without room Lean dies or hangs: before that, it
# is replaced.
LIGHT, HEAVY = 70_000_000, 235_000_000
ROOM = 1_600_000_000


class Builder:
    """A Lean that builds on demand: seated when first asked, and anew after it died."""

    def __init__(self, toolchain: Toolchain, limits: Limits) -> None:
        self._toolchain, self._limits = toolchain, limits
        self._running = ExitStack()
        self._seat: Seat | None = None
        self._read = 0
        self._there: frozenset[ModuleName] = frozenset()
        self._artefacts: dict[ModuleName, tuple[Module, Artefact]] = {}
        self._laid_out: set[ModuleName] = set()

    def lay_out(self, module: Module, artefact: Artefact) -> None:
        """Let the modules to come import this one."""
        self._artefacts[module.name] = module, artefact

    def build(self, module: Module, company: frozenset[ModuleName]) -> Artefact:
        """Build a module whose imports are laid out; where Lean found errors there is only the record.

        `company` are the modules whose code may run in one process with it. A Lean that dies is given a
        second chance; one that overran a limit only where it had built others before, as that may have been
        the fault of the process and not of the module. Raises `NoAnswerError`.
        """
        weight = HEAVY if company else LIGHT
        if not self._there <= company or self._read + weight > ROOM:
            self.close()
        self._there = company
        try:
            return self._attempt(module, weight)
        except OverrunError:
            if self._read <= weight:
                raise
        except NoAnswerError:
            pass
        return self._attempt(module, weight)

    def _attempt(self, module: Module, weight: int) -> Artefact:
        try:
            taken = self._seat or self._sit_down()
            self._read += weight
            self._put(taken, module.imports)
            return built(taken, module, self._limits)
        except NoAnswerError:
            self.close()
            raise

    def _sit_down(self) -> Seat:
        self._laid_out, self._read = set(), 0
        self._seat = self._running.enter_context(seat(self._toolchain, BUILDER, self._limits))
        self._seat.process.wait_for(self._seat.scratch / "ready", self._limits.start)
        return self._seat

    def _put(self, taken: Seat, names: tuple[ModuleName, ...]) -> None:
        """Write what these modules and all that they import were built to where Lean looks for it."""
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in self._laid_out or name not in self._artefacts:
                continue
            self._laid_out.add(name)
            module, artefact = self._artefacts[name]
            waiting += module.imports
            target = taken.folder.joinpath("built", *name)
            target.parent.mkdir(parents=True, exist_ok=True)
            for part in PARTS:
                if part in artefact.files:
                    Path(f"{target}.{part}").write_bytes(artefact.files[part])

    def close(self) -> None:
        self._running.close()
        self._seat = None


def built(taken: Seat, module: Module, limits: Limits) -> Artefact:
    """One request and its outcome, in a folder whose name the modules before it could not know.

    The next module starts only after this one's files were taken. Raises `NoAnswerError`.
    """
    source, outcome = taken.folder / "src" / f"{taken.asked}.lean", secrets.token_hex(16)
    source.write_bytes(module.source)
    folder = _new_folder(taken, outcome)
    taken.ask("\n".join((f"/src/{source.name}", f"/scratch/{outcome}", *module.name)).encode())
    return _taken(taken, module, folder, taken.process.wait_for(folder / "answer", limits.module), limits)


def _new_folder(taken: Seat, outcome: str) -> Path:
    """The folder for an outcome. It comes into the scratch folder whole: nothing there can set traps."""
    draft = taken.folder / "draft"
    draft.joinpath("out").mkdir(parents=True)
    taken.process.hand_over(draft)
    return draft.rename(taken.scratch / outcome)


def _taken(taken: Seat, module: Module, folder: Path, answer: bytes, limits: Limits) -> Artefact:
    try:
        record = read_record(answer)
    except ValueError as error:
        raise NoAnswerError("Lean's answer was garbled") from error
    if record.stopped:
        raise NoAnswerError(record.said[0].text if record.said else "Lean gave no reason")
    target = folder.joinpath("out", *module.name)
    there = [part for part in PARTS if record.built and os.path.lexists(f"{target}.{part}")]
    files = {part: taken.process.take(Path(f"{target}.{part}"), limits.bounds.file) for part in there}
    return Artefact({RECORD: answer, **files})


@contextmanager
def builder(toolchain: Toolchain, limits: Limits) -> Iterator[Builder]:
    """A builder; everything of it is dead and gone when the block ends."""
    made = Builder(toolchain, limits)
    try:
        yield made
    finally:
        made.close()
