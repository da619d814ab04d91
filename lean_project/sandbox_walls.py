"""The ways to confine a command, and how each is asked for.

Each wall turns a command into what `sandbox_launcher.py` needs to know: a program, the limits and the filter
it runs under, and, where the launcher itself builds the wall, what is seen inside.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import UserError
from lean_project import sandbox_filter
from lean_project.sandbox_command import NOBODY, Command

# The system's programs and libraries; what does not exist on a system is left out.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/etc/ld.so.cache")
# Where the launcher puts the filter for bubblewrap.
FILTER_FD = 9
# The most processes and threads that the kernel allows a user, where it counts more than those of one
# command: all that run as `nobody`, or a person's own. Thousands that fork could keep the watcher waiting.
PROCESSES_OF_NOBODY, PROCESSES_OF_A_PERSON = 1024, 4096
# Since then a user namespace has a count of its own.
COUNTED_APART = (5, 14)

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wall:
    """A way to confine; `whole` is false where only the program's own rules keep it from files and others."""

    name: str
    whole: bool
    spec: Callable[[Command], Spec]


def _namespaces(command: Command) -> Spec:
    inside = {
        "links": dict(_links()),
        "read": list(_read(command)),
        "scratch": _pair(command.scratch),
        "nobody": NOBODY,
    }
    return {**_common(command, _processes(command)), "argv": command.argv, "inside": inside}


def _bubblewrap(command: Command) -> Spec:
    argv = [_program("bwrap"), *_apart(), "--die-with-parent", "--dir", "/tmp"]  # noqa: S108 - inside
    if sandbox_filter.program():
        argv += ["--seccomp", str(FILTER_FD)]
    for outside, inside in _read(command):
        argv += [*_way_to(inside), "--ro-bind", outside, inside]
    for path, target in _links():
        argv += ["--symlink", target, path]
    argv += [
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        *_way_to(str(command.scratch)),
        "--bind",
        *_pair(command.scratch),
    ]
    argv += [word for place in ("/dev", "/proc", "/") for word in ("--remount-ro", place)]
    argv += ["--chdir", str(command.scratch), "--", *_last_steps(command), *command.argv]
    return {**_common(command, _processes_outside()), "argv": argv, "filter_fd": FILTER_FD}


def _node(command: Command) -> Spec:
    return {**_common(command, _processes_outside()), "argv": command.argv, "offline": True}


BUBBLEWRAP = Wall("bubblewrap", True, _bubblewrap)
NAMESPACES = Wall("Linux namespaces", True, _namespaces)
NODE = Wall("Node's permission model only", False, _node)


def whole_walls() -> Iterator[Wall]:
    """Those that this machine may have, best first."""
    if sys.platform == "linux":
        if shutil.which("bwrap"):
            yield BUBBLEWRAP
        yield NAMESPACES


def _common(command: Command, processes: int) -> Spec:
    bounds = command.bounds
    limits = {
        "RLIMIT_CPU": bounds.cpu,
        "RLIMIT_FSIZE": bounds.file,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 1024,
        "RLIMIT_NPROC": processes,
    }
    return {"limits": limits, "filter": sandbox_filter.program().hex()}


def _processes(command: Command) -> int:
    """What the kernel may allow inside; threads count, and the watcher is to see too many processes."""
    release = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    apart = os.geteuid() != 0 and release >= COUNTED_APART
    return 2 * command.bounds.processes if apart else _processes_outside()


def _processes_outside() -> int:
    return PROCESSES_OF_NOBODY if os.geteuid() == 0 else PROCESSES_OF_A_PERSON


def _apart() -> Sequence[str]:
    """Bubblewrap leaves root's user namespace alone: there root becomes `nobody` for good instead."""
    namespaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() != 0:
        return [*namespaces, "--unshare-user", "--cap-drop", "ALL"]
    needed = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
    return [*namespaces, "--cap-drop", "ALL", *(word for cap in needed for word in ("--cap-add", cap))]


def _way_to(place: str) -> Sequence[str]:
    """The folders above it, which bubblewrap makes for their owner alone."""
    return ["--perms", "0755", "--dir", os.path.dirname(place)] if os.geteuid() == 0 else []


def _last_steps(command: Command) -> Sequence[str]:
    """What is left to do inside before the program runs: root becomes `nobody`, others are counted apart."""
    if os.geteuid() != 0:
        return [_program("prlimit"), f"--nproc={_processes(command)}", "--"]
    user = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    return [_program("setpriv"), *user, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"]


def _read(command: Command) -> Iterator[tuple[str, str]]:
    yield from ((folder, folder) for folder in _folders())
    yield from map(_pair, command.read)


def _pair(place: Path) -> tuple[str, str]:
    """Where it really is, and the name by which it goes."""
    return str(place.resolve()), str(place)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise UserError(f"{name} is missing; install it to confine builds.")
    return found


def _folders() -> Iterator[str]:
    yield from (path for path in SYSTEM if os.path.exists(path) and not os.path.islink(path))


def _links() -> Iterator[tuple[str, str]]:
    """On most systems /bin and /lib are names for folders in /usr."""
    yield from ((path, os.readlink(path)) for path in SYSTEM if os.path.islink(path))


def python() -> tuple[Path, tuple[Path, ...]]:
    """This Python, to run in a sandbox, and what it needs besides the system's folders."""
    program, home = Path(sys.executable).resolve(), Path(sys.base_prefix).resolve()
    part_of_the_system = any(home.is_relative_to(folder) for folder in _folders())
    return program, () if part_of_the_system else (home,)
