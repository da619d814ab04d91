"""The LaTeX process: `python -I -m blueprint.latex` reads a `Request` and writes an `Answer`, both JSON.

It runs by itself because plasTeX changes its process's folder and import path, and may never end.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from plasTeX.Logging import disableLogging

import blueprint.latex.absences  # noqa: F401  # before the macros are loaded
from blueprint.confinement import guard, limit
from blueprint.draft import Answer, Draft, Failure, Request, Witness, asked, encoded
from blueprint.latex.desk import Desk
from blueprint.latex.document import draft
from blueprint.latex.engine import FAULTS, Engine, ProjectDocument
from blueprint.sources import SourceError, SourceFolder

STACK = 512 << 20
RECURSION = 60_000
COLLECTING = (100_000, 10, 10)  # by default it would take a quarter of the time
SHORTEST = 4096  # bytes of an answer: each covers the one before, and blanks mean nothing in JSON
PORTION = 1 << 20


def main() -> None:
    """Read one blueprint. The answer goes to what was standard output; nothing else does."""
    request = asked(sys.stdin.buffer.readline())
    channel = os.dup(1)
    os.dup2(2, 1)
    desk = Desk(SourceFolder(Path(request.root), Path(request.web_tex).parent, request.limits))
    gc.freeze()  # what is loaded stays; and what is read is mostly freed without the collector
    gc.set_threshold(*COLLECTING)
    limit(request.limits)
    guard(Path(request.root))
    disableLogging()
    _write(channel, _in_time(request, desk, channel))
    os._exit(0)


def _in_time(request: Request, desk: Desk, channel: int) -> Answer:
    """The answer, or a failure that names the last place read when the time is over.

    Should this process be killed before, what was last written to `channel` says where it was.
    """
    answers: list[Answer] = []
    threading.stack_size(STACK)
    sys.setrecursionlimit(RECURSION)
    worker = threading.Thread(target=lambda: answers.append(_answer(request, desk)), daemon=True)
    worker.start()
    while worker.is_alive() and time.process_time() < request.limits.seconds:
        _write(channel, Answer(failure=Failure("crash", "", desk.here())))
        worker.join(0.2)
    if answers:
        return answers[0]
    return Answer(failure=Failure("time" if worker.is_alive() else "crash", "", desk.here()))


def _answer(request: Request, desk: Desk) -> Answer:
    try:
        draft = _read(Path(request.web_tex), desk)
        return Answer(draft, witness=Witness(desk.sources.looked, desk.sources.digests))
    except SourceError as error:
        return Answer(failure=Failure(error.reason, str(error), desk.here()))
    except MemoryError:
        return Answer(failure=Failure("memory", "", desk.here()))
    except RecursionError:
        return Answer(failure=Failure("depth", "", desk.here()))
    except Exception as error:  # noqa: BLE001  # plasTeX raises anything on malformed text
        reason = "fault" if isinstance(error, FAULTS) else "latex"
        return Answer(failure=Failure(reason, f"{type(error).__name__}: {error}"[:300], desk.here()))


def _read(web_tex: Path, desk: Desk) -> Draft:
    document = ProjectDocument(desk)
    document.follow(desk.settings())
    engine = Engine(document)
    source = desk.fetch(web_tex.name, suffix="")
    if source is None:
        raise SourceError("missing", web_tex.name)
    engine.input(source)
    engine.read()
    return draft(document)


def _write(channel: int, answer: Answer) -> None:
    """Replace what was written before."""
    data, offset = encoded(answer).ljust(SHORTEST), 0
    while offset < len(data):
        offset += os.pwrite(channel, data[offset : offset + PORTION], offset)


def _ignore(signum: int, frame: FrameType | None) -> None:
    """Writing past a limit raises an error instead of killing the process."""


if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, _ignore)
    main()
