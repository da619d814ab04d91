"""One picture drawn by TeX, alone and confined, or the reason why not; what was drawn is kept."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from blueprint.caches import cache_dir, keep, own_file
from blueprint.pictures.tex import Route

SECONDS = 20  # for one program, by the clock; its processor time is bounded more tightly
LARGEST = 400_000  # bytes of an SVG
MOST_KEPT = 2000
UNCONFINED = 77  # the status of a process that could not give anything up
ACTIVE = re.compile(
    rb"<script|<foreignObject|<!ENTITY|\son\w+\s*=|href=[\"'](?!#|data:image/png)", re.IGNORECASE
)


class PictureError(Exception):
    """Why there is no picture, in a few words."""


def draw(route: Route, text: str, deadline: float) -> bytes:
    """The SVG of a document, from the cache if it was drawn before. Raises `PictureError`.

    `deadline` is a time of `time.monotonic`. Failures are not kept: another TeX may know more.
    """
    digest = hashlib.sha256(f"{route}\0{text}".encode()).hexdigest()
    kept = cache_dir() / "pictures" / f"{digest}.svg"
    with suppress(OSError, PictureError):
        return _drawing(kept)
    svg = _compiled(route, text, deadline)
    keep(kept, svg, MOST_KEPT)
    return svg


def _compiled(route: Route, text: str, deadline: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="chantier-picture-") as scratch:
        folder = Path(scratch).resolve()
        (folder / "picture.tex").write_text(text, "utf-8")
        careful = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error")
        if _status(folder, route.tex, (*careful, "picture.tex"), deadline):
            raise PictureError(_complaint(folder / "picture.log"))
        if _status(folder, route.converter, route.arguments, deadline):
            raise PictureError("its page cannot be shown")
        return _drawing(folder / "picture.svg")


def _drawing(svg: Path) -> bytes:
    """The bytes of a file that is nothing but a drawing, and was made by this user."""
    if not os.path.lexists(svg):
        raise PictureError("TeX made no page of it")
    if not own_file(svg, LARGEST):
        raise PictureError("it is too large")
    data = svg.read_bytes()
    if b"<svg" not in data or ACTIVE.search(data):
        raise PictureError("it holds more than a drawing")
    return data


def _status(folder: Path, program: str, arguments: tuple[str, ...], deadline: float) -> int:
    """How a program ended that ran in `folder`, alone there; it and all it started are dead then."""
    seconds = min(SECONDS, deadline - time.monotonic())
    if seconds <= 0:
        raise PictureError("the time for all pictures of the blueprint was used up before")
    process = _started(folder, program, arguments)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise PictureError("it takes too long") from None
    finally:
        _end(process)
    if status < 0:
        raise PictureError("it takes too long or needs too much")
    if status == UNCONFINED:
        raise PictureError("this system has no Landlock to confine TeX with")
    return status


def _started(folder: Path, program: str, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    confined = [sys.executable, "-I", "-m", "blueprint.pictures", str(folder)]
    return subprocess.Popen(
        [*confined, shutil.which(program) or program, *arguments],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _environment(folder: Path) -> dict[str, str]:
    """No file but TeX's own and those of the folder may be opened; no font is made on the way."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TEXMFVAR": str(folder),
        "openin_any": "p",
        "openout_any": "p",
        "MKTEXPK": "0",
        "MKTEXTFM": "0",
        "MKTEXMF": "0",
        "SOURCE_DATE_EPOCH": "0",
        "LC_ALL": "C.UTF-8",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _complaint(log: Path) -> str:
    """TeX's first complaint, from its log."""
    text = log.read_text("utf-8", "replace") if log.is_file() else ""
    first = next((line[2:] for line in text.splitlines() if line.startswith("! ")), "TeX failed")
    return "".join(char for char in first[:200].rstrip(".") if char.isprintable())
