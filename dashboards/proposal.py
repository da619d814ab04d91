"""A proposed change as a comment on it, in Markdown, or as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from dashboards.wording import count, markdown_text, one_line, plain_math
from lean_project.comparison import Change, Comparison
from lean_project.topics import Topic

# Of each kind, this many are shown.
SHOWN = 20
HEADINGS = {
    Topic.UNBUILT: "Does not build",
    Topic.REFUSED: "Refused",
    Topic.REGRESSED: "Lost",
    Topic.MOVED: "Statements that moved",
    Topic.AXIOM: "New axioms",
    Topic.TRUSTED: "For a maintainer to look at",
    Topic.REMOVED: "Left the blueprint",
    Topic.DRIFT: "Drift",
    Topic.STANDING: "Changed",
    Topic.ADDED: "New in the blueprint",
    Topic.GAINED: "Gained",
}
# By this, whoever posts the comment finds the one that is there already.
MARK = "<!-- chantier compare -->"
_TRUSTED = (
    "These files say how the project is built, checked and described. The change was checked with those of "
    "its base."
)
_CODE = re.compile(r"`([^`]*)`")


def markdown(comparison: Comparison) -> str:
    """The comment. Nothing in it that the change wrote is markup, and nobody is called by it."""
    lines = [MARK, f"### {_sentence(comparison)}", ""]
    lines += [f"> {foreign(note)}\n" for note in comparison.notes]
    for topic, changes in _by_topic(comparison):
        lines += [f"**{HEADINGS[topic]}** ({len(changes)})", ""]
        lines += [f"{_TRUSTED}\n"] if topic is Topic.TRUSTED else []
        lines += [f"- {_item(change)}" for change in changes[:SHOWN]]
        lines += [f"- and {len(changes) - SHOWN} more"] if len(changes) > SHOWN else []
        lines.append("")
    if comparison.files.toolchain:
        old, new = map(code, comparison.files.toolchain)
        lines += [f"The toolchain would change from {old} to {new}; this check used the former.", ""]
    return "\n".join([*lines, _footer(comparison), ""])


def text(comparison: Comparison) -> str:
    """The same for a terminal: one line each."""
    lines = [_sentence(comparison), *map(one_line, comparison.notes)]
    for topic, changes in _by_topic(comparison):
        lines.append(f"{HEADINGS[topic]} ({len(changes)})")
        lines += [f"  {_line(change)}" for change in changes]
    if comparison.files.toolchain:
        lines.append("Toolchain: {} -> {}".format(*map(one_line, comparison.files.toolchain)))
    return "\n".join(lines)


def foreign(sentence: str) -> str:
    """A sentence of ours with foreign names between backticks: code stays code, the rest is no markup."""
    pieces = enumerate(_CODE.split(sentence))
    return "".join(code(piece) if number % 2 else _words(piece, number) for number, piece in pieces)


def _words(piece: str, number: int) -> str:
    """What stands before, between or after names, with the blanks around it; two names are kept apart."""
    if number == 0:
        return markdown_text(f"{piece}x")[:-1]
    return markdown_text(f"x{piece}x")[1:-1] if piece else " "


def code(name: str) -> str:
    """A foreign name as code, on one line, whatever backticks it holds."""
    plain = one_line(name) or " "
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", plain)), default=0))
    blank = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{blank}{plain}{blank}{fence}"


def _sentence(comparison: Comparison) -> str:
    before, after = comparison.before, comparison.after
    more = after.verified - before.verified
    change = f" ({more:+d})" if more else ""
    if not comparison.changes:
        return f"Nothing changes: {after.verified} of {count(after.nodes, 'node')} verified"
    return f"{after.verified} of {count(after.nodes, 'node')} verified{change}"


def _by_topic(comparison: Comparison) -> Iterator[tuple[Topic, list[Change]]]:
    for topic, changes in groupby(comparison.changes, key=lambda change: change.topic):
        yield topic, list(changes)


def _item(change: Change) -> str:
    if change.topic is Topic.TRUSTED:
        return code(change.file or "")
    about = f"{code(change.node)} {_caption(change)}" if change.node else ""
    return f"{about}{foreign(change.text)}{_place(change)}"


def _caption(change: Change) -> str:
    return f"({markdown_text(plain_math(change.caption))}) " if change.caption else ""


def _place(change: Change) -> str:
    return f" ({code(f'{change.file}:{change.line}')})" if change.file and change.line else ""


def _line(change: Change) -> str:
    about = f"{change.node}: " if change.node else ""
    where = f" ({change.file}:{change.line})" if change.file and change.line else ""
    return one_line(f"{about}{change.text}{where}")


def _footer(comparison: Comparison) -> str:
    base, head = comparison.base[:10], comparison.head[:10]
    return (
        f"<sub>Commit {head} against {base}, by {markdown_text(comparison.checked_by)}, with the blueprint, "
        "the settings and the toolchain of the base.</sub>"
    )
