"""Break real blueprints at random and read them: `make fuzz-reader SECONDS=600`.

Each case is some paragraphs of a real blueprint, mutated, below the macros of its project. The reader runs
as it always does, except that its child is forked from a process which has loaded plasTeX already. What
breaks a rule of `soundness` is made as small as it gets and written to the folder `--keep`.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from mutations import mutated
from soundness import violations

from blueprint import latex_process, reader
from blueprint.draft import Limits
from blueprint.errors import UserError
from blueprint.latex import __main__ as latex

SHARED = Path(__file__).parents[2].parent / "shared" / "blueprints"
LIMITS = Limits(seconds=4, memory=2 << 30, output=8 << 20)
PREAMBLE = r"""\documentclass{report}
\usepackage{amsmath, amsthm, hyperref, cleveref}
\usepackage[thms=definition+lemma+proposition+theorem+corollary, dep_by=section]{blueprint}
\newtheorem{theorem}{Theorem}[chapter]
\newtheorem{definition}[theorem]{Definition}
\newtheorem{lemma}[theorem]{Lemma}
\newtheorem{proposition}[theorem]{Proposition}
\newtheorem{corollary}[theorem]{Corollary}
\newtheorem{remark}[theorem]{Remark}
"""


@dataclass(frozen=True)
class Quarry:
    """A real project: its own macros, and the paragraphs that it is made of."""

    macros: str
    paragraphs: tuple[str, ...]


def quarry(folder: Path) -> Quarry:
    texts = {path: path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.tex"))}
    macros = [
        text for path, text in texts.items() if "macros" in path.as_posix() and "print" not in path.name
    ]
    chapters = [text for text in texts.values() if "\\begin{document}" not in text and text not in macros]
    pieces = [piece for text in chapters for piece in re.split(r"\n\s*\n", text)]
    return Quarry("\n".join(macros), tuple(pieces))


def case(random: Random, quarries: list[Quarry]) -> str:
    """A whole document."""
    chosen, other = random.choice(quarries), random.choice(quarries)
    start = random.randrange(len(chosen.paragraphs))
    body = "\n\n".join(chosen.paragraphs[start : start + random.choice((1, 3, 8, 20))])
    macros = chosen.macros if random.random() < 0.3 else ""
    if macros and random.random() < 0.2:
        macros = mutated(random, macros, other.macros or body)
    body = mutated(random, body, random.choice(other.paragraphs))
    return f"{PREAMBLE}{macros}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


class Fork:
    """What stands in for a process that `reader` started: the start of Python and plasTeX is saved."""

    def __init__(self, question: int, output: int) -> None:
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _be_the_child(question, output)

    def __enter__(self) -> Fork:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()

    def wait(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while self.returncode is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise subprocess.TimeoutExpired("a fork", seconds)
            else:
                time.sleep(0.003)

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


def _be_the_child(question: int, output: int) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    for ours, theirs in ((question, 0), (output, 1), (silence, 2)):
        os.dup2(ours, theirs)
    os.chdir("/")
    signal.signal(signal.SIGXFSZ, latex._ignore)
    try:
        latex.main()
    finally:
        os._exit(1)


def wrong(text: str, root: Path) -> str:
    """What is wrong with how `text` is read, as a key that stays while it is made smaller; or nothing."""
    main = root / "blueprint/src/web.tex"
    main.write_bytes(text.encode("utf-8", "replace"))
    try:
        graph = reader.read(main, root, LIMITS)
    except UserError as error:
        return _unwanted(str(error))
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__} at {traceback.extract_tb(error.__traceback__)[-1].name}"
    return re.sub(r"[`'\"].*", "", next(violations(graph, root), ""))


def is_wrong(key: str, root: Path, text: str) -> bool:
    return wrong(text, root) == key


def _unwanted(sentence: str) -> str:
    """A refusal is in order when the text never ends; not when the reader stumbled."""
    if not sentence.isprintable():
        return "a sentence that cannot be printed"
    if "could not be read as LaTeX" in sentence:
        return re.sub(r"`.*?`|'.*?'|\d+", "_", sentence.split("(", 1)[1].split(";")[0])[:60]
    if "stopped the LaTeX reader" in sentence:
        return "the reader stopped"
    return "" if "last seen at" in sentence else f"no place: {sentence}"


def smaller(text: str, holds: Callable[[str], bool], seconds: float) -> str:
    """`text` without what is not needed: lines, then words, then signs, in ever smaller pieces."""
    end = time.monotonic() + seconds
    for split in (
        lambda whole: whole.splitlines(keepends=True),
        lambda whole: re.findall(r"\s+|\\?\w+|.", whole),
    ):
        pieces = split(text)
        size = max(1, len(pieces) // 2)
        while size and time.monotonic() < end:
            at = 0
            while at < len(pieces) and time.monotonic() < end:
                without = pieces[:at] + pieces[at + size :]
                if holds("".join(without)):
                    pieces = without
                else:
                    at += size
            size //= 2
        text = "".join(pieces)
    return text


def findings(random: Random, seconds: float, root: Path, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    quarries = [quarry(folder) for folder in sorted(SHARED.iterdir()) if folder.is_dir()]
    end, seen = time.monotonic() + seconds, set[str]()
    while time.monotonic() < end:
        text = case(random, quarries)
        counts["cases"] += 1
        key = wrong(text, root)
        if key:
            counts[key] += 1
        if key and key not in seen:
            seen.add(key)
            yield key, smaller(text, partial(is_wrong, key, root), 120)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    chosen = parser.parse_args()
    if not SHARED.is_dir():
        print(f"{SHARED} is missing: the real blueprints are the material.", file=sys.stderr)
        return 2
    latex_process._started = Fork
    os.environ["CHANTIER_CACHE"] = os.devnull  # every case is read
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "blueprint/src").mkdir(parents=True)
        for key, text in findings(Random(chosen.seed), chosen.seconds, root, counts):
            chosen.keep.mkdir(parents=True, exist_ok=True)
            path = chosen.keep / f"{re.sub(r'[^A-Za-z]+', '-', key).strip('-')[:60]}.tex"
            path.write_text(text)
            print(f"{counts['cases']:>7}  {key}\n         {path}", flush=True)
    print(f"seed {chosen.seed}:", ", ".join(f"{count} {key}" for key, count in counts.most_common()))
    return 1 if len(counts) > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
