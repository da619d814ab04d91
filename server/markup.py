"""Zulip's markup: other people's text made harmless, blocks, spoilers, and messages of a size.

Zulip has no escape character. Foreign text is therefore either put between backticks, where nothing is
markup, or has the characters that could begin markup replaced by others that look alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from hashlib import sha256

LIMIT = 10_000  # characters of one message; Zulip cuts what is longer

_LOOK_ALIKE = str.maketrans({"@": "＠", "*": "∗", "`": "ˋ", "~": "∼", "<": "‹"})
# Markup made of more than one character, and what may not begin a message (`/poll`, `> `, `# `).
_QUIET = (
    (re.compile(r"\$(?=\$)"), "＄"),
    (re.compile(r"\](?=\()"), "] "),
    (re.compile(r"://"), ":∕∕"),
    (re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})"), "․"),
    (re.compile(r":(?=[\w+-]+:)"), "∶"),
    (re.compile(r"\\$"), "⧵"),
    (re.compile(r"^\s*/"), "∕"),
    (re.compile(r"^\s*>"), "›"),
    (re.compile(r"^\s*#(?=[#\s]|$)"), "＃"),
)
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs"}
_CODE = re.compile(r"(?P<fence>`+)(?!`)(?P<code>.+?)(?<!`)(?P=fence)(?!`)")
_ABSURD = re.compile("`{20,}")
_SENTENCE = 4_000  # what is longer was not worded by us, and looking for code in it takes too long
_ROOM = 24  # for the fence of a block that the last line may open
_FENCE = re.compile(r"(?P<fence>`{3,})(?P<info>.*)")


def inert(text: str) -> str:
    """A visible line in which nothing is markup, not even backticks."""
    for pattern, harmless in _QUIET:
        text = pattern.sub(harmless, text)
    return text.translate(_LOOK_ALIKE)


def escape(text: str, prose: Callable[[str], str] = inert) -> str:
    """Foreign text as one harmless line; what stands in backticks stays code, `prose` does the rest."""
    line = visible(text)
    if len(line) > _SENTENCE:
        return inert(line)
    out, end = [], 0
    for match in _CODE.finditer(line):
        out += [prose(line[end : match.start()]), code(match["code"])]
        end = match.end()
    return "".join((*out, prose(line[end:])))


def code(text: str) -> str:
    """A label, a name of Lean's or what somebody typed, between backticks."""
    inner = visible(text).strip().replace("`", "ˋ")
    return f"`{inner}`" if inner else ""


def block(language: str, text: str) -> str:
    """Lines of code, kept as they are; `language` is one of our own words."""
    body = "\n".join(visible(line) for line in text.splitlines())
    return fenced(language, body)


def spoiler(header: str, body: str) -> str:
    """Something long behind a header; both are our markup already."""
    return _around(f"spoiler {header}", body)


def split(text: str, limit: int = LIMIT) -> tuple[str, ...]:
    """The message as one or more of at most `limit` characters: at lines, with open blocks reopened.

    A single line that is too long is put in blocks of code, piece by piece, where no markup can break.
    """
    parts: list[str] = []
    lines: list[str] = []
    fences: tuple[str, ...] = ()
    for line in text.split("\n"):
        for piece in _pieces(line, fences, limit // 2):
            closes = bool(fences) and piece == _mark(fences[-1])
            if not closes and _size((*lines, piece, *fences)) + _ROOM > limit:
                parts.append(_closed(lines, fences))
                lines = list(fences)
            lines.append(piece)
            fences = fences[:-1] if closes else _opened(fences, piece)
    return tuple(part for part in (*parts, "\n".join(lines).strip()) if part)


def topic_within(topic: str, limit: int) -> str:
    """A topic of at most `limit` characters: its beginning, and a mark that tells it from others like it.

    The label of a node at its beginning is kept whole where it fits at all.
    """
    if len(topic) <= limit:
        return topic
    mark = f"… {sha256(topic.encode()).hexdigest()[:4]}"
    label, kept = topic.split(maxsplit=1)[0].rstrip(":,"), topic[: limit - len(mark)]
    if len(kept) < len(label) <= limit:
        return label
    at_word = kept.rpartition(" ")[0].rstrip(" :,")
    return f"{at_word if len(at_word) >= len(label) else kept}{mark}"


def visible(text: str) -> str:
    """One line, without the characters nobody sees (controls, zero width, direction, surrogates)."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    shown = "".join(char for char in spaced if unicodedata.category(char) not in _HIDDEN)
    return re.sub(" +", " ", shown) if "\n" in text else shown


def fenced(info: str, body: str) -> str:
    """Other people's lines as a block; what could be a fence of an absurd length is none."""
    return _around(info, _ABSURD.sub(lambda run: "ˋ" * len(run[0]), body))


def _around(info: str, body: str) -> str:
    """A block with a fence longer than any in its body."""
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{info}\n{body}\n{fence}"


def _pieces(line: str, fences: tuple[str, ...], limit: int) -> list[str]:
    """A line as lines of at most `limit` characters."""
    if len(line) <= limit:
        return [line]
    step = limit // 2
    cut = [line[start : start + step] for start in range(0, len(line), step)]
    if _in_code(fences):
        return cut
    return [piece for text in cut for piece in fenced("text", text).split("\n")]


def _opened(fences: tuple[str, ...], line: str) -> tuple[str, ...]:
    """The opening lines of the blocks that are open after a line that closes none, outermost first."""
    return (*fences, line) if _FENCE.fullmatch(line) and not _in_code(fences) else fences


def _closed(lines: list[str], fences: tuple[str, ...]) -> str:
    """A part with its open blocks closed, and without those that only just began."""
    while fences and lines and lines[-1] == fences[-1]:
        lines, fences = lines[:-1], fences[:-1]
    return "\n".join((*lines, *(_mark(fence) for fence in reversed(fences)))).strip()


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _in_code(fences: tuple[str, ...]) -> bool:
    return bool(fences) and not fences[-1].lstrip("`").startswith("spoiler")


def _mark(opening: str) -> str:
    match = _FENCE.match(opening)
    return match["fence"] if match else ""
