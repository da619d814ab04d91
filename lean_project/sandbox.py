"""The one door through which a program is started that runs strangers' code.

It runs behind a wall that was seen to hold a moment ago, or not at all. Where no wall can be had, the one who
runs Chantier (never a project) may say `CHANTIER_SANDBOX=node`: then a program that confines itself, as Lean
on Node does, runs without one, and everything found out that way says so.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blueprint.errors import UserError
from lean_project.sandbox_command import Command
from lean_project.sandbox_probe import weakness
from lean_project.sandbox_process import Process, running
from lean_project.sandbox_walls import NODE, Wall, whole_walls

SETTING = "CHANTIER_SANDBOX"
# Settings of the system that keep ordinary users from making namespaces, and the value that does.
_SWITCHES = {
    "kernel.apparmor_restrict_unprivileged_userns": "1",
    "kernel.unprivileged_userns_clone": "0",
    "user.max_user_namespaces": "0",
}


@contextmanager
def confined(command: Command) -> Iterator[Process]:
    """Run it until the block ends, when nothing of it is left. Raises `UserError` where there is no wall."""
    with running(wall(), command) as process:
        yield process


def wall() -> Wall:
    """The wall that commands run behind. Raises `UserError` where there is none."""
    if without():
        return NODE
    reasons = []
    for candidate in whole_walls():
        weak = weakness(candidate)
        if weak is None:
            return candidate
        reasons.append(f"with {candidate.name}, {weak}")
    raise UserError(
        f"Nothing confines builds here, so no check runs: {'; '.join(reasons) or sys.platform}; {_advice()}."
    )


def confinement() -> str:
    """What confines builds here, for people: the end of a sentence. Raises `UserError` where nothing does."""
    return f"{wall().name} ({SETTING}=node)" if without() else wall().name


def without() -> bool:
    """Whether builds are to run without a sandbox of the system. Raises `UserError` for an unknown word."""
    said = os.environ.get(SETTING, "")
    if said not in ("", "auto", "node"):
        raise UserError(f"{SETTING} is {said!r}; it may be `auto` or `node`.")
    return said == "node"


def _advice() -> str:
    otherwise = f"or set {SETTING}=node to have Node's permission model only"
    if sys.platform != "linux":
        return f"use Linux, {otherwise}"
    if not shutil.which("bwrap"):
        return f"install bubblewrap (`apt install bubblewrap`), {otherwise}"
    if os.geteuid() != 0 and (switch := _switched_off()):
        return f"let users make namespaces (`{switch}`), {otherwise}"
    return f"let this container make namespaces (Docker: `--privileged`), {otherwise}"


def _switched_off() -> str | None:
    """The command that would allow what a setting of this system forbids."""
    for name, forbids in _SWITCHES.items():
        file = Path("/proc/sys", *name.split("."))
        if file.exists() and file.read_text("ascii").strip() == forbids:
            return f"sysctl {name}={'10000' if name.startswith('user.') else 1 - int(forbids)}"
    return None
