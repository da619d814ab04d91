"""The trusted stage's Lean: rebuilds declarations from text and has the kernel check them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from blueprint.errors import UserError
from lean_project.pool_client import seat
from lean_project.sandbox_process import NoAnswerError, OverrunError
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits
from lean_project.toolchain_seat import JUDGE, Seat


class Judge:
    """A Lean that gets ready while the modules are still being built."""

    def __init__(self, taken: Seat, limits: Limits) -> None:
        self._seat, self._limits = taken, limits

    def judge(self, request: bytes) -> bytes:
        """The answer to what `judge_docket` asks. Raises `NoAnswerError`."""
        number = self._seat.ask(request)
        file = self._seat.scratch / f"answer.{number}"
        answer = self._seat.process.wait_for(file, self._limits.start + self._limits.judge)
        if not answer.startswith(b"done"):
            raise NoAnswerError(f"Lean could not judge: {answer.decode('utf-8', 'replace')[:300]}")
        return answer


@contextmanager
def judge_process(toolchain: Toolchain, limits: Limits) -> Iterator[Judge]:
    """A judge, who is dismissed with the block."""
    with seat(toolchain, JUDGE, limits) as taken:
        yield Judge(taken, limits)


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
