"""People and commits as values, and the texts in which git tells and takes them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_CONTACT = re.compile(r"\s*([^<>]*?)\s*<\s*([^<>\s]*)\s*>\s*")
# Control characters and the two separators: what some readers take for the end of a line.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BLAMED = re.compile(r"([0-9a-f]{40}(?:[0-9a-f]{24})?) \d+ (\d+)(?: \d+)?")
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TRAILERS = tuple(
    f"%(trailers:key={key},valueonly,separator=%x1f)" for key in ("Co-authored-by", "Chantier-Link")
)
_FIELDS = ("%H", "%P", "%ct", "%aN", "%aE", "%s", *_TRAILERS)
_MOST_WORDS, _LONGEST_WORD = 5, 100
LOG_FORMAT = f"--format={'%x00'.join(_FIELDS)}%x00"


@dataclass(frozen=True, slots=True)
class Contact:
    """A name and an e-mail address as git knows them; either may be empty."""

    name: str
    email: str

    @classmethod
    def parse(cls, text: str) -> Contact | None:
        """`Name <email>`, or None for anything else."""
        match = _CONTACT.fullmatch(CONTROL.sub(" ", text))
        return cls(match[1], match[2]) if match and any(match.groups()) else None

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>".strip()


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: `at` is the committer's date (UTC), names and addresses are as `.mailmap` wants them.

    `words` are those in its `Chantier-Link` trailers, the first few.
    """

    sha: str
    at: datetime
    author_name: str
    author_email: str
    summary: str
    parents: tuple[str, ...] = ()
    coauthors: tuple[Contact, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Everyone who wrote it, the author first."""
        return (Contact(self.author_name, self.author_email), *self.coauthors)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file (`number` counts from 1) and the commit it comes from.

    There it stands in `file`, and `previous` is that file (hash, path) before the commit, if it was there.
    """

    number: int
    sha: str
    text: str
    file: str = ""
    previous: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit to be made: its whole tree, and the indices of its parents among the revisions before it."""

    author: Contact
    at: datetime
    message: str
    files: Mapping[str, bytes]
    parents: tuple[int, ...] = ()


def parse_log(text: str) -> tuple[Commit, ...]:
    """The commits in the output of `git log` with `LOG_FORMAT`."""
    fields = text.split("\0")[:-1]
    return tuple(_commit(fields[i : i + len(_FIELDS)]) for i in range(0, len(fields), len(_FIELDS)))


def _commit(row: Sequence[str]) -> Commit:
    sha, parents, seconds, name, email, summary, coauthors, words = row
    people = (Contact.parse(trailer) for trailer in coauthors.split("\x1f"))
    return Commit(
        sha.strip(),
        _moment(seconds),
        CONTROL.sub(" ", name),
        CONTROL.sub(" ", email),
        CONTROL.sub(" ", summary)[:500],
        tuple(parents.split()),
        tuple(dict.fromkeys(person for person in people if person)),
        tuple(word.strip()[:_LONGEST_WORD] for word in words.split("\x1f")[:_MOST_WORDS] if word.strip()),
    )


def _moment(seconds: str) -> datetime:
    """A date that git allows may lie beyond what a calendar holds."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def parse_blame(porcelain: bytes) -> Iterator[Line]:
    """The lines in the output of `git blame --porcelain`, in the order of the file.

    git says where a commit has a line only when that is new; before it, what came before the commit.
    """
    sha, number = "", 0
    origins: dict[str, tuple[str, tuple[str, str] | None]] = {}
    previous: tuple[str, str] | None = None
    for row in porcelain.decode("utf-8", "replace").split("\n"):
        word, _, rest = row.partition(" ")
        if row.startswith("\t"):
            yield Line(number, sha, row[1:], *origins.get(sha, ("", None)))
        elif header := _BLAMED.fullmatch(row):
            sha, number, previous = header[1], int(header[2]), None
        elif word == "previous":
            commit, _, path = rest.partition(" ")
            previous = (commit, path)
        elif word == "filename":
            origins[sha] = (rest, previous)


def ignored_commits(text: str) -> Iterator[str]:
    """The hashes in a `.git-blame-ignore-revs`: one a line, whole, with comments after `#`."""
    for row in text.split("\n"):
        sha = row.partition("#")[0].strip().lower()
        if _HASH.fullmatch(sha):
            yield sha


def import_stream(revisions: Sequence[Revision]) -> Iterator[bytes]:
    """The history in the language of `git fast-import`; marks count from 1."""
    for mark, revision in enumerate(revisions, 1):
        who = f"{revision.author} {int(revision.at.timestamp())} +0000"
        message = revision.message.encode()
        yield f"commit refs/heads/main\nmark :{mark}\nauthor {who}\ncommitter {who}\n".encode()
        yield b"data %d\n%b\n" % (len(message), message)
        for word, parent in zip(("from", *["merge"] * len(revision.parents)), revision.parents, strict=False):
            yield f"{word} :{parent + 1}\n".encode()
        yield b"deleteall\n"
        for name, data in sorted(revision.files.items()):
            yield b"M 100644 inline %b\ndata %d\n%b\n" % (name.encode(), len(data), data)
