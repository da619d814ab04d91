"""The tree of a commit as a list of entries: which of them are files we take, under which limits. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from blueprint.errors import UserError

FILE_MODES = frozenset({"100644", "100755", "100664"})
LINK_MODE = "120000"
_REPOSITORY_NAMES = frozenset({".git", "git~1"})
# Where Lake keeps what it fetched and built, and is believed. Nobody knows who made what is committed there.
_MADE_BY_LAKE = ".lake"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a tree is taken: entries (folders included), bytes in all, bytes in one file."""

    entries: int = 50_000
    total_bytes: int = 512 * 2**20
    file_bytes: int = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a symbolic link: `path` is posix, relative to the root of the tree; `size` in bytes."""

    path: str
    mode: str
    sha: str
    size: int


def parse_entries(pieces: Iterable[bytes], limits: Limits) -> Iterator[Entry]:
    """The files and links in the output of `git ls-tree -r -t -l -z`, which comes in pieces.

    Raises `UserError` at the first entry beyond the limits, or whose name is not safe to write. Names
    that are not UTF-8 are left out: neither Lean nor LaTeX can read such a file. So is what lies in `.lake`.
    """
    total = 0
    for count, record in enumerate(_records(pieces, limits), 1):
        if count > limits.entries:
            raise UserError(f"The repository holds more than {limits.entries} files and folders; not read.")
        entry = _entry(record)
        if entry is None:
            continue
        total += entry.size
        if entry.size > limits.file_bytes or total > limits.total_bytes:
            raise _too_large(entry.path)
        yield entry


def contents(
    entries: Iterable[Entry], read: Callable[[Entry], bytes], limits: Limits
) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of every file; a link to a file of the tree counts as a copy of it.

    Raises `UserError` where the copies make more than is taken.
    """
    by_path = {entry.path: entry for entry in entries}
    total = 0
    for entry in by_path.values():
        target = by_path.get(_target(entry, read)) if entry.mode == LINK_MODE else entry
        if target and target.mode in FILE_MODES:
            total += target.size
            if total > limits.total_bytes:
                raise _too_large(entry.path)
            yield entry.path, read(target)


def _too_large(path: str) -> UserError:
    return UserError(f"{path!r} makes the repository larger than what is read; shrink it.")


def _target(link: Entry, read: Callable[[Entry], bytes]) -> str:
    return posixpath.normpath(
        posixpath.join(posixpath.dirname(link.path), read(link).decode("utf-8", "replace"))
    )


def _records(pieces: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
        if len(rest) > 2**16:
            raise UserError("The repository holds a path of more than 64 KiB; not read.")


def _entry(record: bytes) -> Entry | None:
    """One record, `mode type sha size<TAB>path`, or None for a folder or a submodule."""
    head, _, raw = record.partition(b"\t")
    mode, kind, sha, size = head.decode("ascii").split()
    path = _checked(raw)
    if kind != "blob" or path is None:
        return None
    if not size.isdigit():
        raise UserError(f"The repository lacks the contents of {path!r}; fetch it completely.")
    return Entry(path, mode, sha, int(size))


def _checked(raw: bytes) -> str | None:
    try:
        path = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    names = path.split("/")
    if any(map(_is_unsafe, names)):
        raise UserError(f"The repository holds {path[:200]!r}, a name that is not safe to write.")
    return None if _MADE_BY_LAKE in map(str.casefold, names) else path


def _is_unsafe(name: str) -> bool:
    return name in {"", ".", ".."} or "\\" in name or not name.isprintable() or _is_git_folder(name)


def _is_git_folder(name: str) -> bool:
    """`.git` in any spelling that some file system takes for it (trailing dots, blanks, streams, case)."""
    return name.split(":")[0].rstrip(" .").casefold() in _REPOSITORY_NAMES
