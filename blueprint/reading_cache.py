"""Graphs read before. One is given again only while every file that was looked for is as it was."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from blueprint.caches import cache_dir, keep, kept
from blueprint.draft import Request, Witness
from blueprint.graph import Graph, decode, encode
from blueprint.latex_process import dismiss
from blueprint.sources import SourceError, SourceFolder

MOST_ENTRIES = 64
LARGEST_ENTRY = 256 << 20


class ReadingCache:
    """The place of one blueprint's graph. What is in the file is no more trusted than what made it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        said = (reader_version(), date.today().isoformat(), asdict(request))  # \today may be in the text
        name = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        self.file = cache_dir() / "blueprints" / f"{name}.json"

    def graph(self) -> Graph | None:
        """The graph, if the text is what it was when it was read."""
        if (data := kept(self.file, LARGEST_ENTRY)) is None:
            return None
        try:
            first, _, rest = data.partition(b"\n")
            witness = Witness(**json.loads(first))
            if not self._holds(witness):
                return None
            dismiss()  # before anything is loaded to decode with
            return decode(rest)
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):  # not by us
            return None

    def keep(self, witness: Witness, graph: Graph) -> None:
        """Remember `graph`, and forget the oldest others; where nothing can be written nothing is."""
        first = json.dumps(asdict(witness)).encode()
        keep(self.file, first + b"\n" + encode(graph), MOST_ENTRIES)

    def _holds(self, witness: Witness) -> bool:
        main = Path(self.request.web_tex)
        sources = SourceFolder(Path(self.request.root), main.parent, self.request.limits)
        try:
            return (
                sources.name(main) in witness.digests
                and all(sources.probe(Path(path)) == found for path, found in witness.looked.items())
                and all(sources.digest(name) == digest for name, digest in witness.digests.items())
            )
        except SourceError:
            return False


def reader_version() -> str:
    """What the answer depends on besides the text: this package, plasTeX and Python."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for file in sorted(package.rglob("*.py")):
        digest.update(str(file.relative_to(package)).encode() + b"\0" + file.read_bytes() + b"\0")
    digest.update(f"{_installed('plasTeX')} {sys.version}".encode())
    return digest.hexdigest()


def _installed(package: str) -> tuple[str | None, int]:
    """Where a package lies and when it was put there; its version would take ten times as long to find."""
    found = importlib.util.find_spec(package)
    file = found.origin if found else None
    return file, Path(file).stat().st_mtime_ns if file else 0
