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
from lean_project.sandbox_command import disposable
from lean_project.sandbox_process import NoAnswerError, OverrunError, Process
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits, lean

DRIVER = "Build.lean"
# A resident Lean fails after some fifty modules, and may hang then: it is replaced before.
MOST = 30
MOUNTED = ("src", "requests", "built")


class Builder:
    """A Lean that builds on demand: started when first asked, and anew after it died."""

    def __init__(self, toolchain: Toolchain, limits: Limits, folder: Path) -> None:
        self._toolchain, self._limits, self._folder = toolchain, limits, folder
        self._running = ExitStack()
        self._process: Process | None = None
        self._asked = self._starts = 0
        self._there: frozenset[ModuleName] = frozenset()
        for name in ("src", "built"):
            folder.joinpath(name).mkdir()

    def lay_out(self, module: Module, artefact: Artefact) -> None:
        """Let the modules to come import this one."""
        target = self._folder.joinpath("built", *module.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            if part in artefact.files:
                Path(f"{target}.{part}").write_bytes(artefact.files[part])

    def build(self, module: Module, company: frozenset[ModuleName]) -> Artefact:
        """Build a module whose imports are laid out; where Lean found errors there is only the record.

        `company` are the modules whose code may run in one process with it. A Lean that dies is given a
        second chance, one that overran a limit is not. Raises `NoAnswerError`.
        """
        if not self._there <= company or self._asked == MOST:
            self.close()
        self._there = company
        try:
            return self._attempt(module)
        except OverrunError:
            raise
        except NoAnswerError:
            return self._attempt(module)

    def _attempt(self, module: Module) -> Artefact:
        try:
            process = self._process or self._start()
            return self._ask(process, module)
        except NoAnswerError:
            self.close()
            raise

    def _start(self) -> Process:
        self._starts += 1
        for name in ("requests", "scratch"):
            folder = self._folder / name
            if folder.exists():  # moved, not removed: what ran in it may have left it without permissions
                folder.rename(self._folder / f"{name}.{self._starts}")
            folder.mkdir()
        mounts = {f"/{name}": self._folder / name for name in MOUNTED}
        running = lean(self._toolchain, DRIVER, self._folder, self._limits, mounts)
        self._process, self._asked = self._running.enter_context(running), 0
        self._process.wait_for(self._folder / "scratch" / "ready", self._limits.start)
        return self._process

    def _ask(self, process: Process, module: Module) -> Artefact:
        """One request and its outcome, in a folder whose name the modules before it could not know.

        The next module starts only after this one's files were taken.
        """
        source, outcome = self._folder / "src" / f"{self._asked}.lean", secrets.token_hex(16)
        source.write_bytes(module.source)
        folder = self._new_folder(process, outcome)
        draft = self._folder / "requests" / "draft"
        draft.write_text("\n".join((f"/src/{source.name}", f"/scratch/{outcome}", *module.name)), "utf-8")
        draft.rename(draft.with_name(str(self._asked)))
        self._asked += 1
        return self._taken(process, module, folder, process.wait_for(folder / "answer", self._limits.module))

    def _new_folder(self, process: Process, outcome: str) -> Path:
        """The folder for an outcome. It comes into the scratch folder whole: nothing there can set traps."""
        draft = self._folder / "draft"
        draft.joinpath("out").mkdir(parents=True)
        process.hand_over(draft, draft / "out")
        return draft.rename(self._folder / "scratch" / outcome)

    def _taken(self, process: Process, module: Module, folder: Path, answer: bytes) -> Artefact:
        try:
            record = read_record(answer)
        except ValueError as error:
            raise NoAnswerError("Lean's answer was garbled") from error
        if record.stopped:
            raise NoAnswerError(record.said[0].text if record.said else "Lean gave no reason")
        target = folder.joinpath("out", *module.name)
        there = [part for part in PARTS if record.built and os.path.lexists(f"{target}.{part}")]
        most = self._limits.bounds.file
        taken = {part: process.take(Path(f"{target}.{part}"), most) for part in there}
        return Artefact({RECORD: answer, **taken})

    def close(self) -> None:
        self._running.close()
        self._process = None


@contextmanager
def builder(toolchain: Toolchain, limits: Limits) -> Iterator[Builder]:
    """A builder with a folder of its own; everything in it is dead and gone when the block ends."""
    with disposable("chantier-build-") as folder:
        made = Builder(toolchain, limits, folder)
        try:
            yield made
        finally:
            made.close()
