"""Read a blueprint: LaTeX in a confined child process, everything else here."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

from blueprint.allowances import DEFAULT, allowed
from blueprint.draft import Answer, Failure, Limits, Request, encoded
from blueprint.errors import UserError
from blueprint.graph import Graph
from blueprint.latex_process import latex_process
from blueprint.reading_cache import ReadingCache

__all__ = ["DEFAULT", "Limits", "read"]

# The child counts processor time; on a busy machine that may take so many times as long.
PATIENCE = 8
REASONS = {
    "time": "takes more than {seconds} seconds to read; stop a macro that calls itself without end, or give "
    "a long text more with CHANTIER_READ_SECONDS",
    "memory": "needs more than {memory} MB to be read; stop a macro that calls itself without end, or give "
    "a long text more with CHANTIER_READ_MEGABYTES",
    "output": "yields more than {output} MB; stop a macro that repeats itself, or give a long text more "
    "with CHANTIER_READ_MEGABYTES",
    "part": "has a theorem or proof of more than a million characters; divide it",
    "notes": "has more than eight million characters in its annotations; stop a macro that repeats them",
    "depth": "nests groups or macros too deeply to be read",
    "inputs": "opens {detail}; look for a file that \\inputs itself",
    "file": "includes {detail}, which is larger than {file} MB; split the file",
    "text": "has more than {text} MB of text up to {detail}; leave out what the web version does not need",
    "missing": "cannot be found",
    "latex": "could not be read as LaTeX ({detail}); mend the text there",
    "fault": "could not be read by a fault of Chantier's own ({detail}); install it anew, and report it if "
    "that does not help",
    "crash": "stopped the LaTeX reader; look for macros that nest without end",
}


def read(web_tex: Path, root: Path, limits: Limits | None = None) -> Graph:
    """The graph of the blueprint whose main file is `web_tex`, inside the project folder `root`.

    Mistakes of the blueprint become `Graph.problems`; only what cannot be read at all raises `UserError`.
    `limits` are by default those of this process's environment.
    """
    limits = limits or allowed(os.environ)
    folder, file = _located(web_tex, root)
    request = Request(str(file), str(folder), limits)
    cache = ReadingCache(request)
    known = cache.graph()
    if known is not None:
        return known
    answer = ask(request)
    if answer.draft is None:
        raise UserError(_sentence(file.relative_to(folder).as_posix(), answer.failure, limits))
    from blueprint import answers

    graph = answers.judged(answer.draft)
    if answer.witness is not None:
        cache.keep(answer.witness, graph)
    return graph


def _located(web_tex: Path, root: Path) -> tuple[Path, Path]:
    folder, file = (Path(_real(path)) for path in (root, web_tex))
    if not folder.is_dir():
        raise UserError(f"{root} is not a folder; give the folder of a project.")
    if not file.is_file():
        raise UserError(f"{web_tex} does not exist; a blueprint's main file is blueprint/src/web.tex.")
    if not file.is_relative_to(folder):
        raise UserError(f"{web_tex} leads outside the project folder {root}; put the blueprint inside it.")
    return folder, file


def _real(path: Path) -> str:
    """Where `path` leads, which may be nowhere."""
    real = os.path.realpath(path) if str(path).isprintable() else "\n"
    if not real.isprintable():
        raise UserError(f"{str(path)!a} has a name that cannot be shown; rename the file or its folder.")
    return real


def ask(request: Request) -> Answer:
    """Let the LaTeX process read; its answer is bounded in size before it is parsed."""
    patience = request.limits.seconds * PATIENCE
    with latex_process() as process:
        began = time.monotonic()
        timer = threading.Timer(patience, process.kill)
        timer.start()
        try:
            process.ask(encoded(request))
            from blueprint import answers  # which takes as long as Python itself: the two load together

            process.wait()
        finally:
            timer.cancel()
        late = time.monotonic() - began >= patience
        answer = answers.parsed(process.answer(request.limits.output + 1), request.limits)
    if late and answer.failure is not None:
        return Answer(failure=replace(answer.failure, reason="time"))
    if not process.could_start:
        return Answer(failure=Failure("fault", "its LaTeX process cannot start"))
    return answer


def _sentence(file: str, failure: Failure | None, limits: Limits) -> str:
    failure = failure or Failure("crash")
    sizes = {name: getattr(limits, name) >> 20 for name in ("memory", "output", "file", "text")}
    detail = " ".join(failure.detail.split())[:300]
    reason = REASONS.get(failure.reason, REASONS["crash"])
    reason = reason.format(detail=detail, seconds=limits.seconds, **sizes)
    where = f" (last seen at {failure.place.file}:{failure.place.line})" if failure.place else ""
    return "".join(char for char in f"The blueprint {file} {reason}{where}." if char.isprintable())
