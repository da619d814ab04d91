"""`credit @person as lead for example on lem:foo: LINK, LINK agent with TOOLS`. Pure."""

from __future__ import annotations

import re
from datetime import date

from blueprint.errors import UserError
from server.commands.people import WHO, parse_who, render_who
from server.commands.quoting import QUOTED, quote
from server.commands.slots import METHOD
from server.commands.values import Credit

DEGREES = ("lead", "equal", "supporting")
EXAMPLE = "credit @name for example on lem:main: https://..."

_LINK = r"<?https?://[^\s<>]+>?|#[0-9]{1,9}|[0-9a-f]{7,64}"
_WHOM = re.compile(rf"(?P<who>{WHO})(?:\s+as\s+(?P<degree>{'|'.join(DEGREES)}))?\s+for\s+", re.IGNORECASE)
_KIND = re.compile(r"(?P<kind>[^`:]+?)\s+(?:on|of|in)\s+", re.IGNORECASE)
_EVIDENCE = re.compile(rf"(?:^|:?\s+|:)(?P<links>(?:{_LINK})(?:[\s,]+(?:and\s+)?(?:{_LINK}))*)\.?$")


def parse_credit(text: str, note: str) -> Credit:
    """Raises `UserError` with what to type instead."""
    whom = _WHOM.match(text)
    if whom is None:
        raise UserError(f"Whom do you want to credit, and for what? Write `{EXAMPLE}`.")
    kind = _KIND.match(text, whom.end())
    if kind is None:
        raise UserError(f"Credit for what, on which node? Write `{EXAMPLE}`.")
    who, rest = parse_who(whom["who"]), text[kind.end() :]
    made = _made(rest)
    rest = rest[: made[0]]
    ref, evidence = _ref_and_links(rest)
    degree = whom["degree"].lower() if whom["degree"] else None
    return Credit(who, " ".join(kind["kind"].lower().split()), ref, evidence, degree, made[1], made[2], note)


def render_credit(command: Credit) -> str:
    """What stands after `credit`, as `parse_credit` reads it."""
    degree = f" as {command.degree}" if command.degree else ""
    made = METHOD.write(command)
    return (
        f"{render_who(command.who)}{degree} for {command.kind} on {quote(command.ref)}: "
        f"{', '.join(command.evidence)}{' ' if made else ''}{made}"
    )


def _made(text: str) -> tuple[int, str | None, tuple[str, ...]]:
    """Where the disclosure of the method begins, and what it says."""
    found = METHOD.pattern.search(text)
    if found is None:
        return len(text), None, ()
    fields = METHOD.read(found, date.min)
    return found.start(), fields["method"], fields["tools"]


def _ref_and_links(text: str) -> tuple[str, tuple[str, ...]]:
    quoted = QUOTED.match(text)
    found = _EVIDENCE.search(text, quoted.end() if quoted else 0)
    if found is None:
        raise UserError(f"Credit needs a link to what was done; write `{EXAMPLE}`.")
    ref = quoted["ref"] if quoted else text[: found.start()].rstrip(" :")
    if (quoted and text[quoted.end() : found.start()].strip(" :")) or not ref.strip("` "):
        raise UserError(f"On which node? Write `{EXAMPLE}`.")
    links = re.findall(_LINK, found["links"])
    return ref, tuple(dict.fromkeys(link.strip("<>").rstrip(",.") for link in links))
