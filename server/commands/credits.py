"""`credit @person as lead for example on lem:foo: LINK, LINK agent with TOOLS`. Pure."""

from __future__ import annotations

import re
from datetime import date

from blueprint.errors import UserError
from server.commands.deeds import Credit
from server.commands.people import WHO, parse_who, render_who
from server.commands.quoting import QUOTED, quote
from server.commands.slots import METHOD

DEGREES = ("lead", "equal", "supporting")
EXAMPLE = "credit @name for review on lem:main: https://..."

# What is said of an entry that is there.
WORDS = ("confirm", "refuse", "dispute")

_LINK = r"<?https?://[^\s<>,]+>?|#[0-9]{1,9}|[0-9a-f]{7,64}"
_WHOM = re.compile(rf"(?P<who>{WHO})(?:\s+as\s+(?P<degree>{'|'.join(DEGREES)}))?\s+for\s+", re.IGNORECASE)
_KIND = re.compile(r"(?P<kind>[^`:]+?)(?:\s+(?P<on>on|of|in)\s+|\s*(?=:(?!//)))", re.IGNORECASE)
_EVIDENCE = re.compile(rf"(?:^|:?\s+|:)(?P<links>(?:{_LINK})(?:[\s,]+(?:and\s+)?(?:{_LINK}))*)\.?$")


def parse_credit(text: str) -> Credit:
    """Raises `UserError` with what to type instead."""
    whom = _WHOM.match(text)
    if whom is None:
        raise UserError(f"Whom do you want to credit, and for what? Write `{EXAMPLE}`.")
    kind = _KIND.match(text, whom.end())
    if kind is None:
        raise UserError(f"Credit for what, on which node? Write `{EXAMPLE}`.")
    rest, method, tools = _made(text[kind.end() :])
    ref, evidence = _ref_and_links(rest, needs_ref=kind["on"] is not None)
    degree = whom["degree"].lower() if whom["degree"] else None
    meant = " ".join(kind["kind"].lower().split())
    return Credit(parse_who(whom["who"]), meant, ref, evidence, degree, method, tools)


def render_credit(command: Credit) -> str:
    """What stands after `credit`, as `parse_credit` reads it."""
    degree = f" as {command.degree}" if command.degree else ""
    node = f" on {quote(command.ref)}" if command.ref is not None else ""
    what = f"{render_who(command.who)}{degree} for {command.kind}{node}: {', '.join(command.evidence)}"
    return f"{what} {METHOD.write(command)}".rstrip()


def evidence_in(text: str) -> tuple[str, ...]:
    """The pieces of evidence. Raises `UserError` where there is none."""
    links = links_in(text)
    if not links:
        raise UserError(f"Credit needs a link to what was done; in the chat it is `{EXAMPLE}`.")
    return links


def links_in(text: str) -> tuple[str, ...]:
    """Pieces of evidence that stand between spaces or commas, each once; whether they are any is not said."""
    pieces = (piece.strip("<>.") for piece in re.split(r"[\s,]+", text))
    return tuple(dict.fromkeys(piece for piece in pieces if piece and piece != "and"))


def _made(text: str) -> tuple[str, str | None, tuple[str, ...]]:
    """The text without the disclosure of the method at its end, and what that says."""
    found = METHOD.pattern.search(text)
    if found is None:
        return text, None, ()
    fields = METHOD.read(found, date.min)
    return text[: found.start()], fields["method"], fields["tools"]


def _ref_and_links(text: str, *, needs_ref: bool) -> tuple[str | None, tuple[str, ...]]:
    quoted = QUOTED.match(text) if needs_ref else None
    found = _EVIDENCE.search(text, quoted.end() if quoted else 0)
    if found is None:
        raise UserError(f"Credit needs a link to what was done; write `{EXAMPLE}`.")
    ref = quoted["ref"] if quoted else text[: found.start()].strip(" :")
    lost = quoted and text[quoted.end() : found.start()].strip(" :")
    if lost or bool(ref.strip("` ")) is not needs_ref:
        raise UserError(f"On which node? Write `{EXAMPLE}`.")
    return ref or None, links_in(found["links"])
