"""leanblueprint in an environment of its own (`.bench/`), so that nothing of it ever enters ours."""

from __future__ import annotations

import os
import shutil
import sys
import venv
from pathlib import Path

import bootstrap
from bootstrap import SetUpError

HOME = bootstrap.ROOT / ".bench"
PYTHON = HOME / "bin" / "python"
LOCK = Path(__file__).with_name("leanblueprint.lock")
REPAIRED = Path(__file__).with_name("memoised_plastex.py")

# What it needs besides Python, by the program that shows that it is there.
PROGRAMS = {"cc": "gcc", "tred": "graphviz", "kpsewhich": "texlive-base"}
HEADERS = ("libgraphviz-dev", f"libpython{sys.version_info.major}.{sys.version_info.minor}-dev")
ADVICE = (
    "leanblueprint needs a C compiler, graphviz with its headers, and kpsewhich "
    "(on Debian and Ubuntu: apt install gcc graphviz libgraphviz-dev texlive-base); "
    "install them and run this again."
)

# What `leanblueprint web` runs in `blueprint/src`, without its own start.
AS_IT_IS = (str(HOME / "bin" / "plastex"), "-c", "plastex.cfg", "web.tex")
AS_IT_COULD_BE = (str(PYTHON), str(REPAIRED), "-c", "plastex.cfg", "web.tex")


def environment() -> dict[str, str]:
    """That of a user whose shell has the environment activated."""
    return os.environ | {"PATH": f"{HOME / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def prepare() -> None:
    """Make the environment unless it is there. Raises `SetUpError` with one sentence."""
    stamp = HOME / "made.stamp"
    digest, fresh = bootstrap.stamped(stamp, LOCK)
    if missing := [package for program, package in PROGRAMS.items() if not shutil.which(program)]:
        _apt(*missing)
    if fresh:
        return
    bootstrap.say("installing leanblueprint into .bench")
    shutil.rmtree(HOME, ignore_errors=True)
    venv.create(HOME)
    try:
        _install()
    except SetUpError:
        _apt(*HEADERS)  # that it did not compile is the likeliest reason
        _install()
    stamp.write_text(digest)


def _apt(*packages: str) -> None:
    if not bootstrap.can_install_packages():
        raise SetUpError(ADVICE)
    bootstrap.say(f"installing {' '.join(packages)} with apt")
    bootstrap.apt_install(*packages)


def _install() -> None:
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet"]
    bootstrap.run(
        [*pip, "--disable-pip-version-check", "--require-hashes", "--requirement", str(LOCK)],
        f"could not install leanblueprint. {ADVICE}",
    )
