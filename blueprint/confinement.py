"""Limits that a process puts on itself before it touches hostile text."""

from __future__ import annotations

import os
import resource
import sys
import sysconfig
from pathlib import Path
from typing import Any

from blueprint.draft import Limits

# Audit events that reading LaTeX never needs.
FORBIDDEN = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "os.putenv",
    "socket.",
    "pickle.",
    "ctypes.dlopen",
    "shutil.",
    "urllib.",
    "webbrowser.",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit(limits: Limits) -> None:
    """Bound processor time, memory and the answer (which goes to a file); no core is dumped."""
    bounds = {
        resource.RLIMIT_CPU: limits.seconds + 5,
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_FSIZE: limits.output + 1,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in bounds.items():
        _, most = resource.getrlimit(kind)
        least = bound if most == resource.RLIM_INFINITY else min(bound, most)
        resource.setrlimit(kind, (least, least))


def guard(root: Path) -> None:
    """From now on files open for reading only, below `root` or in Python itself; no process, no network."""
    readable = tuple(str(path) for path in (root, *_python_folders()))

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, readable)
        elif event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is not allowed while reading a blueprint")

    sys.addaudithook(watch)


def _python_folders() -> set[Path]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    package = Path(__file__).resolve().parent
    return {Path(sysconfig.get_path(name)).resolve() for name in names} | {package}


def _check_open(arguments: tuple[Any, ...], readable: tuple[str, ...]) -> None:
    path, mode, flags = arguments
    if isinstance(path, int):
        return
    writes = bool(flags & WRITING) or bool(set(mode or "") & set("wax+"))
    real = os.path.realpath(os.fsdecode(path))
    inside = any(real == folder or real.startswith(folder + os.sep) for folder in readable)
    if writes or not inside:
        raise PermissionError(f"opening {real} is not allowed while reading a blueprint")
