"""The trusted stage's Lean: reads compiled modules as data and replays them through the kernel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from blueprint.errors import UserError
from lean_project.artefacts import Artefact
from lean_project.names import Name
from lean_project.sandbox_command import disposable
from lean_project.sandbox_process import NoAnswerError, OverrunError, Process
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits, lean

DRIVER = "Judge.lean"
OLEAN_PARTS = ("olean", "olean.server", "olean.private")


class Judge:
    """A Lean that gets ready while the modules are still being built, and judges them once."""

    def __init__(self, folder: Path, process: Process, limits: Limits) -> None:
        self._folder, self._process, self._limits = folder, process, limits

    def judge(
        self, artefacts: Sequence[Artefact], core: Sequence[tuple[str, ...]], asked: Sequence[Name]
    ) -> bytes:
        """The export of these modules, dependencies first. `asked` are names of Lean's own, perhaps."""
        for index, artefact in enumerate(artefacts):
            place = self._folder / "artefacts" / str(index)
            place.mkdir(parents=True)
            for part in OLEAN_PARTS:
                if part in artefact.files:
                    place.joinpath(f"module.{part}").write_bytes(artefact.files[part])
        self._request(len(artefacts), core, asked)
        scratch = self._folder / "scratch"
        answer = self._process.wait_for(scratch / "answer", self._limits.start + self._limits.judge)
        if answer != b"done":
            raise NoAnswerError(f"Lean could not read the modules: {answer.decode('utf-8', 'replace')[:300]}")
        return self._process.wait_for(scratch / "export", 1)

    def _request(self, count: int, core: Sequence[tuple[str, ...]], asked: Sequence[Name]) -> None:
        imports = " ".join(".".join(name) for name in core)
        wanted = ["\t".join(name) for name in map(_askable, asked) if name]
        draft = self._folder / "requests" / "draft"
        draft.write_text("\n".join((str(count), imports, *wanted)), "utf-8")
        draft.rename(draft.with_name("0"))


def _askable(name: Name) -> tuple[str, ...]:
    """The components of a name that a line of the request can hold, else nothing."""
    plain = tuple(part for part in name if isinstance(part, str) and part.isprintable())
    return plain if len(plain) == len(name) else ()


@contextmanager
def judge_process(toolchain: Toolchain, limits: Limits) -> Iterator[Judge]:
    """Start the judge in a folder of its own; it is ended with the block."""
    with disposable("chantier-judge-") as folder:
        for part in ("requests", "artefacts", "scratch"):
            folder.joinpath(part).mkdir()
        mounts = {f"/{part}": folder / part for part in ("requests", "artefacts")}
        with lean(toolchain, DRIVER, folder, limits, mounts) as process:
            yield Judge(folder, process, limits)


def judged(
    toolchain: Toolchain,
    limits: Limits,
    first: Judge,
    artefacts: Sequence[Artefact],
    core: Sequence[tuple[str, ...]],
    asked: Sequence[Name],
) -> bytes:
    """The export, with a second chance in a new process. Raises `UserError`: no answer is no verdict."""
    try:
        return first.judge(artefacts, core, asked)
    except OverrunError as error:
        raise UserError(f"The judgement was ended because {error}; check a smaller part.") from error
    except NoAnswerError:
        pass
    try:
        with judge_process(toolchain, limits) as second:
            return second.judge(artefacts, core, asked)
    except NoAnswerError as error:
        raise UserError(f"The judgement failed twice ({error}); try again.") from error
