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
from lean_project.sandbox_command import Command

# The system's programs and libraries; what does not exist on a system is left out.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/etc/ld.so.cache")
# Where the launcher puts the filter for bubblewrap.
FILTER_FD = 9
# The most processes and threads that the kernel allows inside, for each process that the bounds allow: the
# watcher is to see too many of them, but thousands that fork could keep it waiting.
THREADS = 4
# The same where the kernel counts everything that a person runs.
PROCESSES_OF_A_PERSON = 4096
# Since then it counts each user namespace by itself.
COUNTED_APART = (5, 14)

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wall:
    """A way to confine; `whole` is false where only the program's own rules keep it from files and others.

    `spec` is given the command and the number of the user it is to run as: ours, unless we are root.
    """

    name: str
    whole: bool
    spec: Callable[[Command, int], Spec]


def _namespaces(command: Command, user: int) -> Spec:
    inside = {
        "links": dict(_links()),
        "read": list(_read(command)),
        "scratch": _pair(command.scratch),
        "user": user,
    }
    return {**_common(command, RLIMIT_NPROC=_processes(command)), "argv": command.argv, "inside": inside}


def _bubblewrap(command: Command, user: int) -> Spec:
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
    argv += ["--chdir", str(command.scratch), "--", *_last_steps(command, user), *command.argv]
    return {**_common(command), "argv": argv, "filter_fd": FILTER_FD}


def _node(command: Command, _user: int) -> Spec:
    return {**_common(command, RLIMIT_NPROC=PROCESSES_OF_A_PERSON), "argv": command.argv, "offline": True}


BUBBLEWRAP = Wall("bubblewrap", True, _bubblewrap)
NAMESPACES = Wall("Linux namespaces", True, _namespaces)
NODE = Wall("Node's permission model only", False, _node)


def whole_walls() -> Iterator[Wall]:
    """Those that this machine may have, best first."""
    if sys.platform == "linux":
        if shutil.which("bwrap"):
            yield BUBBLEWRAP
        yield NAMESPACES


def _common(command: Command, **more: int) -> Spec:
    bounds = command.bounds
    limits = {
        "RLIMIT_CPU": bounds.cpu,
        "RLIMIT_FSIZE": bounds.file,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 1024,
        **more,
    }
    return {"limits": limits, "filter": sandbox_filter.program().hex()}


def _processes(command: Command) -> int:
    """What the kernel may allow inside."""
    release = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    apart = os.geteuid() == 0 or release >= COUNTED_APART
    return THREADS * command.bounds.processes if apart else PROCESSES_OF_A_PERSON


def _apart() -> Sequence[str]:
    """Bubblewrap leaves root's user namespace alone: there root becomes another user for good instead."""
    namespaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() != 0:
        return [*namespaces, "--unshare-user", "--cap-drop", "ALL"]
    needed = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
    return [*namespaces, "--cap-drop", "ALL", *(word for cap in needed for word in ("--cap-add", cap))]


def _way_to(place: str) -> Sequence[str]:
    """The folders above it, which bubblewrap makes for their owner alone."""
    return ["--perms", "0755", "--dir", os.path.dirname(place)] if os.geteuid() == 0 else []


def _last_steps(command: Command, user: int) -> Sequence[str]:
    """What is left to do inside before the program runs: limit what is counted there; root becomes `user`."""
    limit = [_program("prlimit"), f"--nproc={_processes(command)}", "--"]
    if os.geteuid() != 0:
        return limit
    become = [_program("setpriv"), f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    return [*limit, *become, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"]


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
