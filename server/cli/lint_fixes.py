"""Mend a project's files: read them, show what would change, write all of it or nothing."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from blueprint.caches import write_whole
from blueprint.errors import UserError
from blueprint.graph import Graph
from blueprint.mending import SAFE, applied, mends
from server.cli.terminal import printable

LARGEST = 8 << 20  # bytes of a file; the reader reads no larger one
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was found: its bytes, and its text with line feeds, without a byte order mark."""

    path: Path
    data: bytes
    text: str

    def encoded(self, text: str) -> bytes:
        """`text` as the file had it: the same line ends, and the mark where there was one."""
        ends = text.replace("\n", "\r\n") if b"\r\n" in self.data else text
        return (BOM if self.data.startswith(BOM) else b"") + ends.encode("utf-8")


@dataclass(frozen=True, slots=True)
class Fix:
    """The new texts of some files, by their names in the project."""

    files: dict[str, TextFile]
    texts: dict[str, str]
    nodes: frozenset[str]  # whose \\uses the fix changes

    def diff(self) -> str:
        """A unified diff, one line of it a line of a terminal."""
        lines: list[str] = []
        for name, new in sorted(self.texts.items()):
            old = self.files[name].text
            lines += difflib.unified_diff(
                old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
            )
        return "\n".join(printable(line.replace("\t", "    ")) for line in lines)


def prepared(graph: Graph, root: Path, codes: Collection[str]) -> Fix:
    """What mends the problems of these codes. A file that cannot be written back as it is stays as it is."""
    told = [problem for problem in graph.problems if problem.place and problem.code in codes]
    mine = {problem.node for problem in told}
    parts = [part for node in graph.nodes if node.id in mine for part in (node.statement, node.proof) if part]
    places = [*(problem.place for problem in told), *(part.place for part in parts)]
    names = {place.file for place in places if place}
    files = {name: file for name in sorted(names) if (file := _opened(root, name)) is not None}
    found = mends(graph, {name: file.text for name, file in files.items()}, codes)
    edits = [edit for mended in found for edit in mended.edits]
    texts = {
        name: applied(file.text, [edit for edit in edits if edit.file == name])
        for name, file in files.items()
    }
    changed = {name: text for name, text in texts.items() if text != files[name].text}
    return Fix(files, changed, frozenset(mended.node for mended in found if not mended.codes <= SAFE))


def _opened(root: Path, name: str) -> TextFile | None:
    """None for a file that is a link, hidden, outside the project, no UTF-8, or mixes line ends."""
    path = root / name
    if any(part.startswith(".") for part in Path(name).parts):
        return None
    with suppress(OSError, UnicodeDecodeError):
        if path.resolve(strict=True) != path or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
        lines = text.replace("\r\n", "\n")
        file = TextFile(path, data, lines)
        return file if "\r" not in lines and file.encoded(lines) == data else None
    return None


def write(fix: Fix) -> None:
    """Write every file whole. Raises `UserError` when one has changed since it was read."""
    for name in fix.texts:
        file = fix.files[name]
        if file.path.is_symlink() or file.path.read_bytes() != file.data:
            raise UserError(f"{name} has changed in the meantime; nothing was written, start again.")
    for name, text in fix.texts.items():
        _replace(fix.files[name].path, fix.files[name].encoded(text))


def take_back(fix: Fix) -> None:
    """Put the files back as they were found."""
    for name in fix.texts:
        _replace(fix.files[name].path, fix.files[name].data)


def _replace(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode
    try:
        write_whole(path, data)
        path.chmod(mode)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written ({error.strerror}); give yourself the right to."
        ) from error
