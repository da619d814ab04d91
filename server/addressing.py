"""What a message says to the bot, and what only speaks of it. Pure."""

from __future__ import annotations

import re

from server.chat import Account, Incoming

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def addressed(message: Incoming, me: Account) -> str | None:
    """What the message says to the bot, or None where it only speaks of it, or of something else."""
    mention = _mention(me)
    if message.stream is None and set(message.people) <= {message.sender_id, me.id}:
        return re.sub(rf"\A\s*{mention}", "", message.text)
    if not message.mentioned:
        return None
    lines = _own_lines(message.text)
    for place, line in enumerate(lines):
        if found := re.match(rf"\s*{mention}", line):
            return "\n".join((line[found.end() :], *lines[place + 1 :]))
    return None


def _mention(me: Account) -> str:
    name = re.escape(me.name)
    return rf"@\*\*(?:{name}|{name}\|{me.id}|\|{me.id})\*\*[:,]?"


def _own_lines(text: str) -> list[str]:
    """The lines that are neither quoted nor code."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif mark:
            fence = mark[1]
        elif not line.lstrip().startswith(">"):
            lines.append(line)
    return lines
