"""What may follow the node in a command: each slot is found at the end of the line. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from blueprint.errors import UserError
from server.commands.people import WHO, parse_who, render_who
from server.commands.wishes import (
    RHYTHMS,
    SUBJECTS,
    WAYS,
    parse_digests,
    parse_wish,
    render_wish,
)
from server.durations import DATE, EXAMPLES, LENGTH, parse_until, render_until

MAX_NEXT = 10
METHODS = ("manual", "copilot", "agent", "autonomous")
INFORMAL = ("write", "split", "review")


@dataclass(frozen=True, slots=True)
class Slot:
    """`pattern` matches at the end of the line; `read` gives what it stands for (`today` settles `24 Dec`).

    `field` is what it fills: `read` returns that and what goes with it, `write` the text for them. A slot
    that `leads` may also stand before the node. `missing` says what to type where it must not be left out.
    """

    field: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date], dict[str, Any]]
    write: Callable[[Any], str]
    missing: str = ""
    leads: bool = False


def _at_end(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s+)(?:{pattern})$", re.IGNORECASE)


def _until(match: re.Match[str], today: date) -> dict[str, Any]:
    words = match["length"] or match["date"] or match["other"] or ""
    return {"until": parse_until(words, today)}


def _method(match: re.Match[str], today: date) -> dict[str, Any]:
    tools = tuple(tool.strip() for tool in (match["tools"] or "").split(",") if tool.strip())
    return {"method": match["method"].lower(), "tools": tools}


def _size(match: re.Match[str], today: date) -> dict[str, Any]:
    size = match["size"][0].upper()
    return {"size": None if size == "E" else size}


def _count(match: re.Match[str], today: date) -> dict[str, Any]:
    words = match["count"]
    if not re.fullmatch("[0-9]{1,3}", words) or not 1 <= int(words) <= MAX_NEXT:
        raise UserError(f"`next` takes a number from 1 to {MAX_NEXT}; write `next` or `next 5`.")
    return {"count": int(words)}


def _naming(match: re.Match[str], today: date) -> dict[str, Any]:
    if match["naming"]:
        return {"naming": match["naming"].lower()}
    return {"naming": "pseudonym", "pseudonym": (match["pseudonym"] or "").strip("` ") or None}


def _named(command: Any) -> str:
    return " ".join(word for word in (command.naming, command.pseudonym) if word)


def _made(command: Any) -> str:
    tools = f" with {', '.join(command.tools)}" if command.tools else ""
    return f"{command.method}{tools}" if command.method else ""


UNTIL = Slot(
    "until",
    _at_end(rf"(?:for\s+)?(?P<length>{LENGTH})|(?:until\s+)?(?P<date>{DATE})|until(?:\s+(?P<other>.*))?"),
    _until,
    lambda command: "" if command.until is None else render_until(command.until),
)
PERSON = Slot(
    "who",
    _at_end(rf"(?:(?:to|with|from|for)\s+)?(?P<who>{WHO})"),
    lambda match, today: {"who": parse_who(match["who"])},
    lambda command: "" if command.who is None else render_who(command.who),
    missing="whom? Mention one person, or write `@name`",
    leads=True,
)
PERSON_IF_ANY = replace(PERSON, missing="")
CHANGE = Slot(
    "change",
    _at_end(r"(?P<change>#[0-9]{1,9}|https?://(?!\S+/nodes?/)\S+)"),
    lambda match, today: {"change": match["change"]},
    lambda command: command.change or "",
)
METHOD = Slot(
    "method",
    _at_end(rf"(?:method:?\s+)?(?P<method>{'|'.join(METHODS)})(?:\s+(?:with|using)\s+(?P<tools>.+))?"),
    _method,
    _made,
)
HOW = replace(METHOD, missing="made how? End with `manual`, `copilot`, `agent` or `autonomous`")
SIZE = Slot(
    "size",
    _at_end(r"(?P<size>s|m|l|small|medium|large|estimated?)"),
    _size,
    lambda command: command.size or "estimate",
    missing="which size? Write S, M, L or `estimate` after it",
)
KIND = Slot(
    "kind",
    _at_end(rf"(?:as|to)\s+(?P<kind>{'|'.join(INFORMAL)})"),
    lambda match, today: {"kind": match["kind"].lower()},
    lambda command: f"to {command.kind}" if command.kind else "",
)
TAGS = Slot(
    "tags",
    _at_end(r"as\s+(?P<tags>[\w.+-]+(?:[\s,]+[\w.+-]+)*)"),
    lambda match, today: {"tags": tuple(dict.fromkeys(re.findall(r"[\w.+-]+", match["tags"].lower())))},
    lambda command: f"as {', '.join(command.tags)}" if command.tags else "",
)
COUNT = Slot("count", _at_end(r"(?P<count>.+)"), _count, lambda command: str(command.count))

ZONE = Slot(
    "zone",
    _at_end(r"(?P<zone>\S+)"),
    lambda match, today: {"zone": match["zone"]},
    lambda command: command.zone or "",
)
PERIOD = Slot(
    "period",
    _at_end(r"(?P<period>week|month)"),
    lambda match, today: {"period": match["period"].lower()},
    lambda command: str(command.period),
)
NAMING = Slot(
    "naming",
    _at_end(r"(?P<naming>real|hidden)|pseudonym(?:\s+(?P<pseudonym>.+))?"),
    _naming,
    _named,
)
COMMIT = Slot(
    "commit",
    re.compile(r"^commit$", re.IGNORECASE),
    lambda match, today: {"commit": True},
    lambda command: "commit" if command.commit else "",
)
PAGE = Slot(
    "page",
    re.compile(r"^page$", re.IGNORECASE),
    lambda match, today: {"page": True},
    lambda command: "page" if command.page else "",
)
ACCOUNT = Slot(
    "account",
    _at_end(r"(?:to\s+)?(?P<account>https?://[^\s<>`]{3,200}|[\w.+-]+(?:@[\w.-]+)?)"),
    lambda match, today: {"account": match["account"]},
    lambda command: f"to {command.account}" if command.account else "",
)

WISH = Slot(
    "wish",
    _at_end(rf"(?P<wish>{WAYS}|quiet\s+\S.*|(?:{SUBJECTS})\s+(?:on|off))"),
    lambda match, today: {"wish": parse_wish(match["wish"])},
    lambda command: "" if command.wish is None else render_wish(command.wish),
)
DIGESTS = Slot(
    "wish",
    _at_end(rf"(?P<rhythm>{RHYTHMS})(?:\s+(?:at\s+)?(?P<hour>[0-9]\S*))?"),
    lambda match, today: {"wish": parse_digests(match["rhythm"], match["hour"])},
    lambda command: "" if command.wish is None else render_wish(command.wish),
)

UNREADABLE_TIME = f"I cannot read the time after the task; write it as {EXAMPLES}."
