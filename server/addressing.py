"""What a message says to the bot, and what only speaks of it. Pure."""

from __future__ import annotations

import re

from server.chat import Account, Incoming

# What Zulip writes above a quotation, where somebody quotes and replies.
_SAID = re.compile(r"\s*@_\*\*[^*\n]+\*\* \[.+\]\(\S+\):\s*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def addressed(message: Incoming, me: Account) -> str | None:
    """What the message says to the bot, or None where it only speaks of it, or of something else.

    What stands below the command is its note, also what is quoted there, or code.
    """
    mention = _mention(me)
    if message.stream is None and set(message.people) <= {message.sender_id, me.id}:
        return re.sub(rf"\A\s*{mention}", "", _after_quotations(message.text))
    if not message.mentioned:
        return None
    for place, line in _own_lines(message.text):
        if found := re.match(rf"\s*{mention}", line):
            return "\n".join((line[found.end() :], *message.text.splitlines()[place + 1 :]))
    return None


def _mention(me: Account) -> str:
    name = re.escape(me.name)
    return rf"@\*\*(?:{name}|{name}\|{me.id}|\|{me.id})\*\*[:,]?"


def _after_quotations(text: str) -> str:
    """The text from the first line on that says something; what is quoted or code below it belongs to it."""
    said = [place for place, line in _own_lines(text) if line.strip() and not _SAID.match(line)]
    return "\n".join(text.splitlines()[said[0] :]) if said else ""


def _own_lines(text: str) -> list[tuple[int, str]]:
    """The lines that are neither quoted nor code, with their places."""
    lines: list[tuple[int, str]] = []
    fence = ""
    for place, line in enumerate(text.splitlines()):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif mark:
            fence = mark[1]
        elif not line.lstrip().startswith(">"):
            lines.append((place, line))
    return lines
