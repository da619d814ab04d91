"""The files the browser loads: our stylesheet, and what the front-end build made of npm packages."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
VENDOR = FOLDER / "vendor"
_BUILT = ("graph.js", "graph.css", "math.js", "page.js", "serif.css")


def built() -> bool:
    """Whether the front end is there; without it the pages have no graph and no mathematics."""
    return all((VENDOR / name).is_file() for name in _BUILT)


def address(name: str) -> str:
    """`/static/NAME` with a mark of its content, so that a browser may keep it for long."""
    file = FOLDER / name
    return f"/static/{name}?v={_mark(file, file.stat().st_mtime_ns)}" if file.is_file() else f"/static/{name}"


@lru_cache(maxsize=64)
def _mark(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
