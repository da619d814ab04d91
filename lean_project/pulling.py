"""Bringing a clone of ours up to date with where it came from: nothing else lets git write into it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from blueprint.errors import UserError

_SECONDS = 600.0
# What the clone's own configuration could have run on the way, and what would wait for somebody to type.
_QUIETLY = (
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "submodule.recurse=false"),
)
_NOBODY_THERE = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -oBatchMode=yes"}


def pull(folder: Path) -> None:
    """Fetch the newest commits, and check out those of the branch that is checked out.

    Raises `UserError` where that fails, or where the two have gone different ways.
    """
    bare = _git(folder, "rev-parse", "--is-bare-repository").strip() == "true"
    fetch = ("fetch", "--quiet", "--prune", "origin", "+refs/heads/*:refs/heads/*")
    _git(folder, *(fetch if bare else ("pull", "--quiet", "--ff-only")))


def _git(folder: Path, *words: str) -> str:
    command = ["git", *_QUIETLY, "-C", str(folder), *words]
    environment = {**os.environ, **_NOBODY_THERE}
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            env=environment,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(
            f"The newest commits of {folder} could not be fetched: git gave no answer."
        ) from error
    if done.returncode:
        why = " ".join(done.stderr.decode("utf-8", "replace").split())[-200:]
        raise UserError(f"The newest commits of {folder} could not be fetched; git says: {why or 'nothing'}")
    return done.stdout.decode("utf-8", "replace")
