"""The project's text files, and the only way to read one: nothing outside the folder, nothing too large."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from blueprint.draft import Limits


class SourceError(Exception):
    """A limit was passed; `reason` is a key of `reader.REASONS`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(slots=True)
class SourceFolder:
    """Reads below `root` (resolved); `main` is the folder of `web.tex`, where TeX would be started."""

    root: Path
    main: Path
    limits: Limits
    texts: dict[str, str] = field(default_factory=dict)
    undecodable: set[str] = field(default_factory=set)
    looked: dict[str, str | None] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    opened: int = 0
    size: int = 0
    encoding: str = "utf-8"

    def find(self, name: str, beside: Path, suffix: str = ".tex") -> Path | None:
        """The file that TeX would mean by `name`, or None when the project folder has none such."""
        if not name or "\0" in name or len(name) > 1000:
            return None
        for folder in (beside, self.main):
            for candidate in (f"{name}{suffix}", name):
                path = self._inside(folder / candidate)
                self.looked[str(folder / candidate)] = None if path is None else self.name(path)
                if path is not None:
                    return path
        return None

    def is_own(self, name: str) -> bool:
        """Whether `name` must mean a file of the project: it names a folder, or lies beside `web.tex`."""
        return "/" in name or os.path.lexists(self.main / name)

    def probe(self, path: Path) -> str | None:
        """The name of the file that `path` leads to, if it is one that may be read."""
        real = self._inside(path)
        return None if real is None else self.name(real)

    def digest(self, name: str) -> str | None:
        """The SHA-256 of a file's content, None where there is no such file. Raises `SourceError`."""
        path = self._inside(self.root / name)
        return None if path is None else hashlib.sha256(self._bytes(path, name)).hexdigest()

    def read(self, path: Path) -> str:
        """The text of a file that `find` gave; undecodable bytes are replaced. Raises `SourceError`."""
        self.opened += 1
        if self.opened > self.limits.files:
            raise SourceError("inputs", f"more than {self.limits.files} files")
        name = self.name(path)
        if name not in self.texts:
            data = self._bytes(path, name)
            self.digests[name] = hashlib.sha256(data).hexdigest()
            self.texts[name] = self._decoded(name, data)
        return self.texts[name]

    def _bytes(self, path: Path, name: str) -> bytes:
        with open(path, "rb", opener=_straight) as file:
            data = file.read(self.limits.file + 1)
        self._charge(name, len(data))
        return data

    def _decoded(self, name: str, data: bytes) -> str:
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            self.undecodable.add(name)
            text = data.decode("utf-8-sig", errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def name(self, path: Path) -> str:
        """How people know the file: relative to the project folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def _inside(self, path: Path) -> Path | None:
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return None
        if not real.is_file() or not real.is_relative_to(self.root):
            return None
        parts = real.relative_to(self.root).parts
        generated = parts[:2] == (".lake", "build") and real.suffix == ".tex"  # by LeanArchitect
        # What is hidden is a tool's, no text of the blueprint: `.git/config` may hold a password.
        hidden = any(name.startswith(".") for name in parts[2 * generated :])
        return None if hidden else real

    def _charge(self, name: str, size: int) -> None:
        if size > self.limits.file:
            raise SourceError("file", name)
        self.size += size
        if self.size > self.limits.text:
            raise SourceError("text", name)


def _straight(path: str, flags: int) -> int:
    """Open what `find` saw: no link or pipe that was put in its place since."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
