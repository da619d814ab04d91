"""Things that can be made again: where they lie, and how they get there whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def cache_dir() -> Path:
    """`$CHANTIER_CACHE`, else `$XDG_CACHE_HOME/chantier`, else `~/.cache/chantier`."""
    if chosen := os.environ.get("CHANTIER_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "chantier"


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """An empty folder that becomes `target` when the block ends well, and is gone when it does not.

    Of two that make the same folder at once the first wins; what it made stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        yield draft
        if not target.exists():
            _rename_unless_there(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _rename_unless_there(draft: Path, target: Path) -> None:
    try:
        draft.rename(target)
    except OSError:
        if not target.is_dir():  # otherwise somebody else was first
            raise


@contextmanager
def turn(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Wait until no other process is in such a block for the same folder; `waiting` is called if it must."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.joinpath(".turn").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that readers see all of it or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def kept(file: Path, largest: int) -> bytes | None:
    """What a file of `keep` holds; None where there is none, or one that is larger or not by this user."""
    try:
        return file.read_bytes() if own_file(file, largest) else None
    except OSError:
        return None


def keep(file: Path, data: bytes, most: int) -> None:
    """Write a file that can be made again, and forget all but the `most` newest of its folder.

    Where nothing can be written nothing is: a full disk costs time.
    """
    with suppress(OSError):
        write_whole(file, data)
        forget_oldest(file.parent, most)


def own_file(path: Path, largest: int) -> bool:
    """Whether it is a plain file that this user wrote, not larger than `largest` bytes. Raises `OSError`."""
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_size <= largest


def forget_oldest(folder: Path, most: int) -> None:
    """Remove all but the `most` newest files of a folder."""
    entries = sorted(
        (file.stat().st_mtime, file) for file in folder.iterdir() if not file.name.startswith(".")
    )
    for _, file in entries[: max(0, len(entries) - most)]:
        file.unlink(missing_ok=True)
