"""Zulip's markup as Zulip reads it: who is alerted, and what leads where. Shares no code with ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

EVERYBODY = {"all", "everyone", "channel", "stream", "topic"}
_FENCE = re.compile(r"(`{3,}|~{3,}) *(?:([\w+\-./#]+)(?: +[^ ~`][^~`]*)?)? *")
_CODE = re.compile(r"(?<!\\)(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MENTION = re.compile(r"(?<![^\s'\"({\[/<])@(?P<silent>_?)(?:\*\*(?P<name>[^*]+)\*\*|\*(?P<group>[^*]+)\*)")
_FORMULA = re.compile(r"\B(?<!\$)\$\$(?P<body>[^\n_$](?:\\\$|[^\n$])*)\$\$(?!\$)\B")
_CHANNEL = re.compile(r"#\*\*[^*]+\*\*")
_TIME = re.compile(r"<time:[^>]*?>")
_LINKS = (
    re.compile(r"\]\([^)]*"),
    re.compile(r"\b(?:https?|ftp|file|zulip)://\S+", re.IGNORECASE),
    re.compile(r"(?<![\w.])(?:[\w-]+\.)+[^\W\d_]{2,}\b\S*"),
)
_JOINED = re.compile(r"(?<=\$\$)\u2060|\u2060(?=\u2060?\$\$)")  # keeps a formula from the letter beside it
_SLASH = re.compile(r"\s*/(?:me|poll|todo|widget)\b")
_QUOTED = re.compile(r" {0,3}(?:>|#{1,6} )")


def alerts_in(content: str) -> tuple[str, ...]:
    """The mentions in a message that would alert somebody: those neither silent nor in code."""
    return tuple(match[0] for match in _mentions(content) if not match["silent"])


def mentions_in(content: str) -> tuple[str, ...]:
    """The mentions in a message, silent ones too."""
    return tuple(match[0] for match in _mentions(content))


def links_in(content: str) -> tuple[str, ...]:
    """Whatever Zulip would make a link of, or a time that each reader sees in another way."""
    prose = _FORMULA.sub(" ", _CODE.sub(" ", without_blocks(content)))
    return tuple(match[0] for pattern in (_CHANNEL, _TIME, *_LINKS) for match in pattern.finditer(prose))


def tricks_in(content: str) -> tuple[str, ...]:
    """What deceives a reader or Zulip itself: unseen characters, commands, quotations and headings."""
    unseen = [f"U+{ord(char):04X}" for char in _JOINED.sub("", content) if _is_unseen(char)]
    begins = [content[:20]] if _SLASH.match(content) else []
    quoted = [line[:20] for line in without_blocks(content).split("\n") if _QUOTED.match(line)]
    return (*unseen, *begins, *quoted)


def blocks_in(content: str) -> tuple[str, ...]:
    """What stands behind the fences of the blocks that are in no other, and `open` for one without end."""
    found = [
        line.lstrip("`~").strip() for line, kind, depth in _read(content) if (kind, depth) == ("open", 0)
    ]
    ends = sum(kind == "close" and depth == 1 for _, kind, depth in _read(content))
    return (*found, *(["open"] if ends < len(found) else []))


def without_blocks(content: str) -> str:
    """The lines outside blocks of code; within spoilers and quotations, markup is alive."""
    return "\n".join(line for line, kind, _ in _read(content) if kind == "text")


def _mentions(content: str) -> Iterator[re.Match[str]]:
    return _MENTION.finditer(_CODE.sub(" ", without_blocks(content)))


def _read(content: str) -> Iterator[tuple[str, str, int]]:
    """Each line; whether it opens or closes a block, is code or text; and in how many blocks it stands."""
    fences: list[tuple[str, bool]] = []
    for line in content.split("\n"):
        opening, depth = _FENCE.fullmatch(line), len(fences)
        if fences and line.rstrip() == fences[-1][0]:
            fences.pop()
            yield line, "close", depth
        elif fences and fences[-1][1]:
            yield line, "code", depth
        elif opening:
            fences.append((opening[1], opening[2] not in ("spoiler", "quote")))
            yield line, "open", depth
        else:
            yield line, "text", depth


def _is_unseen(char: str) -> bool:
    return char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
