"""The source text of a declaration: where its value begins, where a comment ends. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT_EDGE = re.compile(r"/-|-/")
_TOKEN = re.compile(
    r"""(?P<blank>\s+|--[^\n]*)
    | "(?:\\.|[^"\\])*"?
    | '(?:\\[^'\n]+|[^'\\\n])'
    | (?:«[^»\n]*»?|[\w.'!?])+
    | [|<>&]{2,}
    | :=|=>|↦
    | .""",
    re.VERBOSE | re.DOTALL,
)
_OPENING, _CLOSING = frozenset("([{⟨⦃"), frozenset(")]}⟩⦄")
_HEAD = (
    r"(?:@\[[^\]\n]*\]\s*)?(?:(?:private|protected|noncomputable|nonrec|partial|unsafe|public|scoped|local)\s+)*"
    r"(?:theorem|lemma|def|abbrev|structure|class|inductive|instance|opaque|axiom)\s+"
)
_COMMAND = re.compile(
    rf"^[ \t]*(?:{_HEAD}|/-|@\[|#|(?:namespace|section|end|open|variable|universe|example|mutual)\b)",
    re.MULTILINE,
)
# Words of a term, and the mark that then is theirs, not the declaration's.
_OWN_MARK = {"let": ":=", "letI": ":=", "have": ":=", "haveI": ":=", "fun": "=>", "λ": "=>"}
_BEFORE_VALUE = frozenset({":=", "where", "by"})


@dataclass(frozen=True, slots=True)
class Parts:
    """The last line of a statement and the first of the value, from 1; the same where both are on it."""

    statement: int
    value: int


def parts(text: str) -> Parts:
    """Which lines of a declaration are its statement, and which its value.

    A `:= by` above the value belongs to nobody's proof. Where no value is written, as in what an attribute
    made, every line counts as both.
    """
    mark = value_mark(text)
    if mark is None:
        return Parts(_line(text, len(text)), 1)
    value = next((at for word, at in _words(text, mark) if word not in _BEFORE_VALUE), mark)
    return Parts(_line(text, len(text[:mark].rstrip())), _line(text, value))


def value_mark(text: str) -> int | None:
    """Where the `:=`, the `where` or the `|` stands that begins a declaration's value; None without one.

    A `|` begins an equation only if its `=>` follows: others are absolute values. A statement that has a
    `match` outside brackets is not understood.
    """
    depth, bar = 0, None
    owed: Counter[str] = Counter()
    for word, at in _words(text):
        depth += (word in _OPENING) - (word in _CLOSING)
        if depth > 0:
            continue
        if word in _OWN_MARK:
            owed[_OWN_MARK[word]] += 1
        elif owed[word]:
            owed[word] -= 1
        elif word in (":=", "where"):
            return at
        elif word == "|":
            bar = at
        elif word == "=>" and bar is not None:
            return bar
    return None


def has_sorry(text: str) -> bool:
    """Whether a `sorry` stands in the text, outside of comments and strings."""
    return any(word in ("sorry", "admit") for word, _ in _words(text))


def find(text: str, name: str, near: int) -> tuple[int, int] | None:
    """First and last line (from 1) of the declaration called by the last part of `name`, nearest to a line.

    It ends where the next command begins. What stands in a comment may be taken for one.
    """
    short = re.escape(name.rpartition(".")[2])
    heads = re.finditer(rf"^[ \t]*{_HEAD}(?:[\w.'«»]*\.)?{short}(?![\w.'])", text, re.MULTILINE)
    starts = [(_line(text, head.start()), head.end()) for head in heads]
    if not starts:
        return None
    first, end = min(starts, key=lambda start: abs(start[0] - near))
    following = _COMMAND.search(text, end)
    body = text[: following.start() if following else len(text)].rstrip()
    return first, _line(body, len(body))


def comment_end(source: str, at: int) -> int:
    """The end of the comment that begins at `at`; comments nest."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(source, at):
        depth += 1 if edge[0] == "/-" else -1
        if depth == 0:
            return edge.end()
    return len(source)


def _words(text: str, at: int = 0) -> Iterator[tuple[str, int]]:
    """The words and marks from `at` on, and where each begins; no blanks, no comments."""
    while at < len(text):
        if text.startswith("/-", at):
            at = comment_end(text, at)
        elif word := _TOKEN.match(text, at):
            if not word["blank"]:
                yield word[0].replace("↦", "=>"), at
            at = word.end()


def _line(text: str, at: int) -> int:
    return 1 + text.count("\n", 0, at)
