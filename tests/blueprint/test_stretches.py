"""Reading in stretches gives what plasTeX gives, a character at a time and with the whole tree kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "blueprints"
PROJECTS = [
    *(path for path in sorted((HERE / "golden").iterdir()) if path.is_dir()),
    *(path for path in sorted(SHARED.glob("*")) if (path / "blueprint").is_dir()),
]
# Reads a project in this process, twice if so told: as it is always read, and with nothing but plasTeX.
PROGRAM = """
import json, os, sys, threading
from pathlib import Path
from blueprint import latex, latex_engine
from blueprint.draft import Answer, Limits, encoded
from blueprint.sources import SourceFolder

def plain():
    latex_engine.Engine.stretch = lambda self: None
    latex_engine.harvest = lambda node: None

def read(web):
    main = Path(web)
    return latex._read(main, latex_engine.Desk(SourceFolder(Path(sys.argv[2]), main.parent, Limits())))

def work():
    if sys.argv[1] == "plain":
        plain()
    for web in sys.argv[3:]:  # each in a process of its own: plasTeX keeps things in its classes
        if os.fork() == 0:
            try:
                line = encoded(Answer(read(web)))
            except Exception as error:
                line = json.dumps({"draft": type(error).__name__}).encode()
            sys.stdout.buffer.write(line + b"\\n")
            sys.stdout.flush()
            os._exit(0)
        os.wait()

sys.setrecursionlimit(latex.RECURSION)
threading.stack_size(latex.STACK)
worker = threading.Thread(target=work)
worker.start()
worker.join()
"""


def drafts(how: str, root: Path, *files: Path) -> list[Any]:
    command = [sys.executable, "-c", PROGRAM, how, str(root.resolve()), *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=250)
    return [json.loads(line)["draft"] for line in done.stdout.splitlines()]


def same(draft: Any) -> Any:
    """A draft without what may differ: blanks and braces in formulas, primes that plasTeX makes quotes."""
    if isinstance(draft, list):
        return [same(item) for item in draft]
    if isinstance(draft, dict):
        return {key: shown(item) if key == "html" else same(item) for key, item in draft.items()}
    return draft


def shown(html: str) -> str:
    html = html.replace("&#x27;", "’").replace("”", "’’")
    return re.sub(r"[\s{}]", "", html)


# Known and right: plasTeX turns a length in a table into points, and closes a group around no argument.
ODDITIES = (("vskip11.0pt", "vskip1em"), (r"\frac1N", r"\frac1N"))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_real_blueprints(project: Path) -> None:
    web = next(project.rglob("web.tex")).resolve()
    fast, slow = (
        json.dumps(same(drafts("fast", project, web))),
        json.dumps(same(drafts("plain", project, web))),
    )
    for theirs, ours in ODDITIES:
        slow = slow.replace(theirs, ours)
    assert json.loads(fast) == json.loads(slow)
