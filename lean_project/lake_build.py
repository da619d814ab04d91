"""`lake build` behind the sandbox: sources copied in, no network, dependencies for reading only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lean_project.artefacts import PARTS, RECORD, Artefact
from lean_project.modules import Module, ModuleName
from lean_project.netstrings import chain
from lean_project.sandbox import confined
from lean_project.sandbox_command import Command, disposable
from lean_project.sandbox_process import NoAnswerError, Process
from lean_project.toolchain_lake import BOUNDS, Lake

BUILD_SECONDS = 4 * 3600
PRINTED = 2_000_000
_SAID = re.compile(r"(error|warning|info): (?:\./)*([^\s:][^:\n]*\.lean):(\d+):(\d+): (.*)")
_NEXT = re.compile(r"(?:error|warning|info|trace): |[✔✖⚠ℹ] \[|Some (?:required )?builds logged failures")


class LakeBuilder:
    """Builds everything when first asked for a module, and then hands modules out."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self._lake, self._folder = lake, folder
        self._said: dict[str, list[tuple[str, str, str, str]]] | None = None
        self._status, self._last = 0, ""
        self._files: dict[str, dict[str, bytes]] = {}
        self._trouble: NoAnswerError | None = None

    @property
    def _scratch(self) -> Path:
        return self._folder / "scratch"

    @property
    def _root(self) -> Path:
        """Where the copy of the folder with the lakefile lies."""
        return self._scratch / self._lake.project.lean_root.relative_to(self._lake.project.root)

    def lay_out(self, module: Module, artefact: Artefact) -> None:
        """Lake finds by itself what it has built."""

    def build(self, module: Module, company: frozenset[ModuleName]) -> Artefact:
        """What Lake built from a module; only a record where it built nothing. Raises `NoAnswerError`.

        `company` is for Leans that build modules one by one.
        """
        if self._trouble:
            raise self._trouble
        if self._said is None:
            try:
                self._run()
            except NoAnswerError as error:
                self._trouble = error
                raise
        return self._taken(module)

    def _run(self) -> None:
        self._copy()
        command = Command(
            argv=(str(self._lake.program), "--dir", str(self._root), "build"),
            scratch=self._scratch,
            read=(self._lake.home, *([self._lake.packages] if self._lake.packages.is_dir() else [])),
            environment=self._lake.environment(self._scratch),
            bounds=BOUNDS,
        )
        with confined(command) as process:
            self._status = process.wait(BUILD_SECONDS)
            printed = process.printed(PRINTED).decode("utf-8", "replace")
            self._files = self._collected(process)
        self._said = _messages(printed, self._root.relative_to(self._scratch))
        self._last = next((line for line in reversed(printed.splitlines()) if line.strip()), "")

    def _copy(self) -> None:
        """The sources alone: nothing that was built before, by whomever, is believed."""
        hidden = shutil.ignore_patterns(".lake", ".git")
        shutil.copytree(self._lake.project.root, self._scratch, symlinks=True, ignore=hidden)
        if self._lake.packages.is_dir():
            self._root.joinpath(".lake").mkdir()
            self._root.joinpath(".lake", "packages").symlink_to(self._lake.packages)

    def _collected(self, process: Process) -> dict[str, dict[str, bytes]]:
        """The compiled files by module, taken while the sandbox still stands."""
        found: dict[str, dict[str, bytes]] = {}
        for top in (self._root / ".lake" / "build" / "lib" / name for name in ("lean", ".")):
            for file in sorted(top.rglob("*.olean*")) if top.is_dir() and not found else ():
                stem, _, part = file.relative_to(top).as_posix().partition(".")
                if part in PARTS and not file.is_symlink():
                    found.setdefault(stem, {})[part] = process.take(file, BOUNDS.file)
        return found

    def _taken(self, module: Module) -> Artefact:
        files = self._files.get("/".join(module.name), {})
        said = list((self._said or {}).get(module.file, []))
        built = "olean" in files and not any(severity == "error" for severity, *_ in said)
        if not built and not any(severity == "error" for severity, *_ in said):
            why = f"`lake build` made nothing of this module (exit status {self._status}): {self._last[:300]}"
            said.append(("error", "1", "0", why))
        fields = [field for one in said for field in (b"m", chain(*(text.encode() for text in one)))]
        record = chain(b"built" if built else b"failed", *fields)
        return Artefact({RECORD: record, **(files if built else {})})


def _messages(printed: str, below: Path) -> dict[str, list[tuple[str, str, str, str]]]:
    """What Lean said, by file; a message goes on until Lake says something of its own."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    lines = printed.splitlines()
    for at, line in enumerate(lines):
        if match := _SAID.fullmatch(line):
            severity, file, row, column, text = match.groups()
            more = list(_rest(lines[at + 1 :]))
            found.setdefault((below / file).as_posix(), []).append(
                (severity, row[:9], column[:9], "\n".join([text, *more]))
            )
    return found


def _rest(lines: list[str]) -> Iterator[str]:
    for line in lines[:50]:
        if _NEXT.match(line):
            return
        yield line


@contextmanager
def lake_builder(lake: Lake) -> Iterator[LakeBuilder]:
    """A builder with a folder of its own; everything in it is gone when the block ends."""
    with disposable("chantier-lake-") as folder:
        yield LakeBuilder(lake, folder)
