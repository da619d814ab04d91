"""The trusted stage's Lean: rebuilds declarations from text and has the kernel check them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blueprint.errors import UserError
from lean_project.sandbox_command import disposable
from lean_project.sandbox_process import NoAnswerError, OverrunError, Process
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits, lean

DRIVER = "Judge.lean"


class Judge:
    """A Lean that gets ready while the modules are still being built, and answers one request."""

    def __init__(self, folder: Path, process: Process, limits: Limits) -> None:
        self._folder, self._process, self._limits = folder, process, limits

    def judge(self, request: bytes) -> bytes:
        """The answer to what `judge_docket` asks."""
        draft = self._folder / "requests" / "draft"
        draft.write_bytes(request)
        draft.rename(draft.with_name("0"))
        scratch = self._folder / "scratch"
        answer = self._process.wait_for(scratch / "answer", self._limits.start + self._limits.judge)
        if not answer.startswith(b"done"):
            raise NoAnswerError(f"Lean could not judge: {answer.decode('utf-8', 'replace')[:300]}")
        return answer


@contextmanager
def judge_process(toolchain: Toolchain, limits: Limits) -> Iterator[Judge]:
    """Start the judge in a folder of its own; it is ended with the block."""
    with disposable("chantier-judge-") as folder:
        for part in ("requests", "scratch"):
            folder.joinpath(part).mkdir()
        with lean(toolchain, DRIVER, folder, limits, {"/requests": folder / "requests"}) as process:
            yield Judge(folder, process, limits)


def judged(toolchain: Toolchain, limits: Limits, first: Judge, request: bytes) -> bytes:
    """The answer, with a second chance in a new process. Raises `UserError`: no answer is no verdict."""
    try:
        return first.judge(request)
    except OverrunError as error:
        raise UserError(f"The judgement was ended because {error}; check a smaller part.") from error
    except NoAnswerError:
        pass
    try:
        with judge_process(toolchain, limits) as second:
            return second.judge(request)
    except NoAnswerError as error:
        raise UserError(f"The judgement failed twice ({error}); try again.") from error
