"""Which tasks a pull request or an issue names. Pure.

What is written for that says so: `Closes task #12`, `Task: #12`, a branch `task-12` or `claim/12`. On every
forge `#12` alone is an issue, so it says nothing; nor does a branch `12-words` by itself, nor the name of a
node: these are hints, which count where something else agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.forges.events import Subject

_MOST, _LONGEST = 20, 500
_NUMBER = r"#(?P<number>[0-9]{1,9})\b"
_TASK = re.compile(
    rf"(?<!\w)(?:(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?|prove[sd]?|for)\s+task|task:)\s*{_NUMBER}",
    re.IGNORECASE,
)
_BRANCH = re.compile(r"(?:.*/)?(?:task|claim)[-/](?P<number>[0-9]{1,9})(?:[-/].*)?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:.*/)?(?P<number>[0-9]{1,9})-.*")
# What nobody says: templates of the forge, code, what others said.
_UNSAID = re.compile(
    r"<!--.*?(?:-->|\Z)|^(?:```|~~~).*?(?:^(?:```|~~~)|\Z)|^[ \t]*>.*?$", re.DOTALL | re.MULTILINE
)
_QUOTED = re.compile(r"`([^`]{1,200})`")
# A label has a colon, a Lean name a dot; other words are just words.
_NAME = re.compile(r"[^\s`,;()\[\]“”\"]*[^\W][:.][^\s`,;()\[\]“”\"]*\w[^\s`,;()\[\]“”\"]*")
_PIECE = re.compile(r"[^\w.']+|_")


@dataclass(frozen=True, slots=True)
class Named:
    """Tasks by their numbers, and what may mean one: numbers, names of nodes, the last piece of a branch."""

    tasks: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    nodes: tuple[str, ...] = ()
    branch: str = ""


def named(subject: Subject) -> Named:
    title, body = subject.title[:_LONGEST], _UNSAID.sub("", subject.body)
    said = [int(found["number"]) for text in (title, body) for found in _TASK.finditer(text)]
    name = subject.branch[:_LONGEST]
    branch, hint = _BRANCH.fullmatch(name), _NUMBERED.fullmatch(name)
    tasks = [*said, *([int(branch["number"])] if branch else [])]
    words = [word.rstrip(".:") for word in (*_QUOTED.findall(title), *_NAME.findall(title))]
    return Named(
        tuple(dict.fromkeys(tasks))[:_MOST],
        (int(hint["number"]),) if hint and not branch else (),
        tuple(dict.fromkeys(words))[:_MOST],
        name.rpartition("/")[2],
    )


def as_branch(name: str) -> str:
    """A label as one would write it in the name of a branch, which may hold no colon: `lem-hall`."""
    return _PIECE.sub("-", name.casefold()).strip("-")
