"""What a confined process can still do: nothing but read below one folder, and not for long."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFINED = """
import sys
from pathlib import Path
from blueprint.confinement import guard, limit
from blueprint.draft import Limits
outside, inside = sys.argv[1:3]
import ctypes, os, pickle, shutil, socket, subprocess
limit(Limits(seconds=1, memory=1 << 30, output=1000))
guard(Path(inside))
try:
    exec(sys.argv[3])
except (OSError, MemoryError) as error:
    print("refused:", type(error).__name__)
else:
    print("done")
"""


@pytest.fixture
def attempt(tmp_path: Path):
    """What comes of a line of Python in a confined process."""
    (tmp_path / "inside").mkdir()
    for name in ("inside/text.tex", "secret"):
        (tmp_path / name).write_text("text")
    (tmp_path / "inside/link.tex").symlink_to("../secret")
    (tmp_path / "inside/up").symlink_to("..")

    def trying(line: str) -> str:
        command = [sys.executable, "-c", CONFINED, str(tmp_path), str(tmp_path / "inside"), line]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return ended.stdout.strip() or f"ended with {ended.returncode}"

    return trying


@pytest.mark.parametrize(
    "line",
    [
        "open(inside + '/text.tex').read()",
        "os.listdir(inside)",
        "import xml.dom.minidom, plasTeX.Packages.amsmath",
    ],
)
def test_what_reading_needs_is_allowed(attempt, line: str) -> None:
    assert attempt(line) == "done"


@pytest.mark.parametrize(
    "line",
    [
        "open(outside + '/secret')",
        "open(inside + '/../secret')",
        "open(inside + '/link.tex')",
        "open(inside + '/up/secret')",
        "open('/proc/self/environ')",
        "open('/dev/zero')",
        "os.open(outside + '/secret', os.O_RDONLY)",
        "os.listdir(outside)",
        "list(Path(outside).iterdir())",
        "open(inside + '/new', 'w')",
        "open(inside + '/text.tex', 'r+')",
        "os.remove(inside + '/text.tex')",
        "os.rename(inside + '/text.tex', inside + '/other')",
        "os.mkdir(inside + '/new')",
        "os.symlink('/etc', inside + '/new')",
        "os.link(outside + '/secret', inside + '/new')",
        "os.chmod(inside + '/text.tex', 0)",
        "shutil.rmtree(inside)",
        "os.system('true')",
        "subprocess.run(['true'])",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.kill(os.getppid(), 0)",
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 1))",
        "ctypes.CDLL(None)",
        "pickle.loads(b'cos\\nsystem\\n.')",
    ],
)
def test_the_rest_is_refused(attempt, line: str) -> None:
    assert attempt(line) == "refused: PermissionError"


KERNEL = """
import ctypes, sys
from pathlib import Path
from blueprint.landlock import read_only
kernel = ctypes.CDLL(None)
held = read_only([Path(sys.prefix)])
print(held, kernel.open(b"/etc/passwd", 0) < 0)
"""


def test_the_kernel_refuses_what_python_does_not_see() -> None:
    """A library that opens files by itself never asks Python."""
    ended = subprocess.run([sys.executable, "-c", KERNEL], capture_output=True, text=True, check=True)
    held, refused = ended.stdout.split()
    if held == "False":
        pytest.skip("this kernel has no Landlock")
    assert refused == "True"


def test_memory_ends(attempt) -> None:
    assert attempt("bytearray(2 << 30)") == "refused: MemoryError"
