"""Limits that a process puts on itself before it touches hostile text."""

from __future__ import annotations

import os
import resource
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blueprint.draft import Limits
from blueprint.landlock import read_only

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
    "os.utime",
    "os.setxattr",
    "os.removexattr",
    "os.kill",
    "os.putenv",
    "socket.",
    "pickle.",
    "ctypes.",
    "shutil.",
    "sqlite3.",
    "urllib.",
    "webbrowser.",
)
LISTING = ("os.listdir", "os.scandir")
OPEN_FILES = 64
# Where parts of Python that load late find what they are linked with; for the kernel only.
LIBRARIES = tuple(map(Path, ("/lib", "/lib64", "/usr/lib", "/usr/lib64")))
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit(limits: Limits) -> None:
    """Bound processor time, memory and the answer (which goes to a file); no core is dumped."""
    bounds = {
        resource.RLIMIT_CPU: limits.seconds + 5,
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_FSIZE: limits.output + 1,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    for kind, bound in bounds.items():
        _, most = resource.getrlimit(kind)
        least = bound if most == resource.RLIM_INFINITY else min(bound, most)
        resource.setrlimit(kind, (least, least))


def guard(root: Path) -> None:
    """From now on files open for reading only, below `root` or in Python itself; no process, no network.

    Python asks this of itself; where Linux can, its kernel asks too, which no library goes around.
    """
    folders = (root, *_python_folders())
    read_only((*folders, *LIBRARIES))
    readable = tuple(str(path) for path in folders)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, readable)
        elif event in LISTING:
            _check_inside(arguments[0] or ".", readable)
        elif event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is not allowed while reading a blueprint")

    sys.addaudithook(watch)


def _python_folders() -> set[Path]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    package = Path(__file__).resolve().parent
    folders = {Path(sysconfig.get_path(name)).resolve() for name in names} | {package}
    return folders | {Path(folder).resolve() for folder in _loaded_packages()}


def _loaded_packages() -> Iterator[str]:
    """The folders of packages that are loaded, wherever they are installed; they load more of themselves."""
    for name, module in list(sys.modules.items()):
        if "." not in name:
            yield from getattr(module, "__path__", ())


def _check_open(arguments: tuple[Any, ...], readable: tuple[str, ...]) -> None:
    path, mode, flags = arguments
    if isinstance(path, int):
        return
    if flags & WRITING or set(mode or "") & set("wax+"):
        raise PermissionError("writing is not allowed while reading a blueprint")
    _check_inside(path, readable)


def _check_inside(path: str | bytes | int, readable: tuple[str, ...]) -> None:
    if isinstance(path, int):
        return
    real = os.path.realpath(os.fsdecode(path))
    if not any(real == folder or real.startswith(folder + os.sep) for folder in readable):
        raise PermissionError(f"opening {real} is not allowed while reading a blueprint")
