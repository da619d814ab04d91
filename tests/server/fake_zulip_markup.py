"""Zulip's markup as Zulip reads it: who is alerted, and what leads where. Shares no code with ours."""

from __future__ import annotations

import re

EVERYBODY = {"all", "everyone", "channel", "stream", "topic"}
_FENCE = re.compile(r"(`{3,}|~{3,}) *(?:([\w+\-./#]+)(?: +[^ ~`][^~`]*)?)? *")
_CODE = re.compile(r"(?<!\\)(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MENTION = re.compile(r"(?<![^\s'\"({\[/<])@(?P<silent>_?)(?:\*\*(?P<name>[^*]+)\*\*|\*(?P<group>[^*]+)\*)")


def alerts_in(content: str) -> tuple[str, ...]:
    """The mentions in a message that would alert somebody: those neither silent nor in code."""
    bare = _CODE.sub(" ", without_blocks(content))
    return tuple(match[0] for match in _MENTION.finditer(bare) if not match["silent"])


def without_blocks(content: str) -> str:
    """The lines outside blocks of code; within spoilers and quotations, markup is alive."""
    shown: list[str] = []
    open_blocks: list[tuple[str, bool]] = []
    for line in content.split("\n"):
        opening = _FENCE.fullmatch(line)
        if open_blocks and line.rstrip() == open_blocks[-1][0]:
            open_blocks.pop()
        elif open_blocks and open_blocks[-1][1]:
            continue
        elif opening:
            open_blocks.append((opening[1], opening[2] not in ("spoiler", "quote")))
        else:
            shown.append(line)
    return "\n".join(shown)
