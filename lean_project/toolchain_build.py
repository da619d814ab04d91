"""The untrusted stage: elaborate modules, one after another, in a confined Lean."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lean_project.artefacts import PARTS, RECORD, Artefact
from lean_project.build_record import read_record
from lean_project.modules import Module
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits, NoAnswerError, OverrunError, Process, lean, read_plain

DRIVER = "Build.lean"
MOUNTED = ("src", "requests", "built")


class Builder:
    """A Lean that builds on demand: started when first asked, and anew after it died."""

    def __init__(self, toolchain: Toolchain, limits: Limits, folder: Path) -> None:
        self._toolchain, self._limits, self._folder = toolchain, limits, folder
        self._running = ExitStack()
        self._process: Process | None = None
        self._asked = 0
        for name in MOUNTED:
            folder.joinpath(name).mkdir()

    def lay_out(self, module: Module, artefact: Artefact) -> None:
        """Let the modules to come import this one."""
        target = self._folder.joinpath("built", *module.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            if part in artefact.files:
                Path(f"{target}.{part}").write_bytes(artefact.files[part])

    def build(self, module: Module) -> Artefact:
        """Build a module whose imports are laid out; where Lean found errors there is only the record.

        A Lean that dies is given a second chance, one that overran a limit is not. Raises `NoAnswerError`.
        """
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
        for name in ("requests", "scratch"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        for name in ("requests", "scratch/answers", "scratch/out"):
            self._folder.joinpath(name).mkdir(parents=True)
        mounts = {f"/{name}": self._folder / name for name in MOUNTED}
        running = lean(self._toolchain, DRIVER, self._folder, self._limits, mounts)
        self._process, self._asked = self._running.enter_context(running), 0
        self._process.wait_for(self._folder / "scratch" / "ready", self._limits.start)
        return self._process

    def _ask(self, process: Process, module: Module) -> Artefact:
        """One request and its answer. The next module starts only after this one's files were taken."""
        source = self._folder / "src" / f"{self._asked}.lean"
        source.write_bytes(module.source)
        draft = self._folder / "requests" / "draft"
        draft.write_text("\n".join((f"/src/{source.name}", *module.name)), "utf-8")
        draft.rename(draft.with_name(str(self._asked)))
        answer = self._folder / "scratch" / "answers" / str(self._asked)
        self._asked += 1
        return self._taken(module, process.wait_for(answer, self._limits.module))

    def _taken(self, module: Module, answer: bytes) -> Artefact:
        try:
            built = read_record(answer).built
        except ValueError as error:
            raise NoAnswerError("Lean's answer was garbled") from error
        target = self._folder.joinpath("scratch", "out", *module.name)
        files = [part for part in PARTS if built and Path(f"{target}.{part}").is_file()]
        taken = {part: read_plain(Path(f"{target}.{part}"), self._limits.file) for part in files}
        return Artefact({RECORD: answer, **taken})

    def close(self) -> None:
        self._running.close()
        self._process = None


@contextmanager
def builder(toolchain: Toolchain, limits: Limits) -> Iterator[Builder]:
    """A builder with a folder of its own; everything in it is dead and gone when the block ends."""
    with TemporaryDirectory(prefix="chantier-build-") as folder:
        made = Builder(toolchain, limits, Path(folder).resolve())
        try:
            yield made
        finally:
            made.close()
