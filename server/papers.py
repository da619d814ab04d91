"""Files that hold rows of the database: a header, a line of JSON for each row, and a manifest with hashes."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from blueprint.errors import UserError

Row = tuple[str, Mapping[str, Any]]

FORMAT = 1
LONGEST_LINE = 128 << 20
MOST_ROWS = 50_000_000
_GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class Tally:
    """How many rows of each table went by, and the SHA-256 of each table's lines."""

    rows: Counter[str] = field(default_factory=Counter)
    hashes: dict[str, Any] = field(default_factory=dict)

    def count(self, table: str, line: bytes) -> None:
        self.rows[table] += 1
        self.hashes.setdefault(table, hashlib.sha256()).update(line)

    def manifest(self) -> dict[str, Any]:
        return {
            name: {"rows": self.rows[name], "sha256": one.hexdigest()} for name, one in self.hashes.items()
        }


@dataclass(frozen=True, slots=True)
class Header:
    """What a file holds (`backup` or `project`), and at which revision of the database it was written."""

    kind: str
    revision: str


def write(file: Path, header: Header, rows: Iterable[Row]) -> Counter[str]:
    """Write the file, compressed where its name ends in `.gz`; it appears when it is whole.

    Only its owner can read it. Gives the number of rows of each table. Raises `UserError` where it cannot
    be written.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            tally = _write(out, header, rows, compressed=file.suffix == ".gz")
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, file)
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return tally.rows


def _write(out: IO[bytes], header: Header, rows: Iterable[Row], *, compressed: bool) -> Tally:
    tally = Tally()
    # No name and no time in it: the same rows make the same file.
    packed = gzip.GzipFile("", "wb", 6, out, mtime=0) if compressed else None
    lines = packed or out
    lines.write(_line({"chantier": header.kind, "format": FORMAT, "revision": header.revision}))
    for table, values in rows:
        line = _line({table: values})
        tally.count(table, line)
        lines.write(line)
    lines.write(_line({"manifest": tally.manifest()}))
    if packed:
        packed.close()
    return tally


def _line(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8") + b"\n"


@dataclass(slots=True)
class Paper:
    """An open file. `rows` ends without an error only where everything the manifest names was there."""

    file: Path
    header: Header
    place: int
    _lines: Iterator[bytes]

    def rows(self) -> Iterator[Row]:
        """Every row in order; `place` is the line it stands on. Raises `UserError` on anything amiss."""
        tally = Tally()
        for line in self._lines:
            self.place += 1
            value = _parsed(self.file, self.place, line)
            if "manifest" in value:
                self._close(tally, value)
                return
            table, values = _row(self.file, self.place, value)
            tally.count(table, line)
            if self.place > MOST_ROWS:
                raise UserError(f"{self.file} has more than {MOST_ROWS:,} rows; nothing was taken from it.")
            yield table, values
        raise UserError(f"{self.file} is cut off: its last line, the manifest, is missing.")

    def _close(self, tally: Tally, value: Mapping[str, Any]) -> None:
        if value != {"manifest": tally.manifest()}:
            raise UserError(f"{self.file} was damaged or changed: its rows are not those of its manifest.")
        if next(self._lines, None) is not None:
            raise UserError(f"{self.file} goes on after its manifest; nothing was taken from it.")


@contextmanager
def reading(file: Path, kind: str) -> Iterator[Paper]:
    """The file, open. Raises `UserError` where it is not of that kind, or cannot be read to its end."""
    try:
        with _opened(file) as stream:
            lines = _lines(file, stream)
            yield Paper(file, _header(file, kind, next(lines, b"")), 1, lines)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is damaged"
        raise UserError(f"{file} cannot be read: {why}.") from error


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    with file.open("rb") as stream:
        packed = stream.read(2) == _GZIP
        stream.seek(0)
        yield gzip.GzipFile(fileobj=stream) if packed else stream  # type: ignore[misc]


def _lines(file: Path, stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise UserError(
                f"{file} has a line of more than {LONGEST_LINE >> 20} MB; nothing was taken from it."
            )
        yield line


def _header(file: Path, kind: str, line: bytes) -> Header:
    value = _parsed(file, 1, line) if line else {}
    if value.get("chantier") != kind:
        verb = "restore" if kind == "backup" else "import"
        raise UserError(
            f"{file} is not what `chantier {verb}` reads: it does not begin with the line of a {kind}."
        )
    if value.get("format") != FORMAT or not isinstance(value.get("revision"), str):
        raise UserError(f"{file} was written by another version of Chantier, which this one cannot read.")
    return Header(kind, value["revision"])


def _parsed(file: Path, place: int, line: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file}:{place}: this is no line of JSON that Chantier writes.") from error
    if not isinstance(value, dict):
        raise UserError(f"{file}:{place}: this is no line of JSON that Chantier writes.")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _row(file: Path, place: int, value: Mapping[str, Any]) -> Row:
    if len(value) != 1 or not isinstance(values := next(iter(value.values())), dict):
        raise UserError(f"{file}:{place}: a row is one table's name and the values by column.")
    return next(iter(value)), values
