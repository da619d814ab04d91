"""A program of its own: tries to get out of the sandbox it runs in, and writes down what it managed.

Run as `python -I -S sandbox_intruder.py PLAN` with nothing but the standard library; PLAN is JSON. Its
answer, JSON too, goes into the file `answer` where it starts. Whoever started it looks for traces as well.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ATTACH, DETACH = 16, 17
Plan = dict[str, Any]


def main() -> None:
    plan: Plan = json.loads(sys.argv[1])
    tries: dict[str, Callable[[Plan], object]] = {
        "write": lambda plan: Path(plan["outside"], "written").write_text("", "ascii"),
        "secret": lambda plan: Path(plan["outside"], "secret").read_bytes(),
        "home": home,
        "environment": environment,
        "loopback": loopback,
        "abstract": abstract,
        "ptrace": ptrace,
        "kill": lambda plan: os.kill(plan["victim"], 9),
        "given": lambda plan: Path(plan["given"]).read_bytes(),
        "background": background,
    }
    managed = [name for name, act in tries.items() if manages(act, plan)]
    Path("draft").write_text(json.dumps(managed), "ascii")
    Path("draft").rename("answer")


def manages(act: Callable[[Plan], object], plan: Plan) -> bool:
    try:
        act(plan)
    except OSError:
        return False
    return True


def home(plan: Plan) -> None:
    """Look at what nobody gave us in the server's home folder."""
    for name in os.listdir(plan["home"]):
        if not any(f"{given}/".startswith(f"{plan['home']}/{name}/") for given in plan["read"]):
            return
    raise FileNotFoundError


def environment(plan: Plan) -> None:
    """Read the environment of a process outside."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if plan["token"].encode() in folder.joinpath("environ").read_bytes():
                return
        except OSError:
            continue
    raise FileNotFoundError


def loopback(plan: Plan) -> None:
    socket.create_connection(("127.0.0.1", plan["port"]), timeout=2).close()


def abstract(plan: Plan) -> None:
    with socket.socket(socket.AF_UNIX) as talk:
        talk.connect("\0" + plan["token"])


def ptrace(plan: Plan) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(ATTACH, plan["victim"], None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    libc.ptrace(DETACH, plan["victim"], None, None)


def background(_plan: Plan) -> None:
    """Leave a process behind that belongs to nobody and holds a lock as long as it lives."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open("alive", "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                os.write(writing, b"!")
                time.sleep(600)
        os._exit(0)
    os.close(writing)
    if os.read(reading, 1) != b"!":
        raise ChildProcessError


if __name__ == "__main__":
    main()
