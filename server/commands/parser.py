"""Text -> a typed command, and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from blueprint.errors import UserError
from server.commands import deeds, looks
from server.commands.credits import WORDS, links_in, parse_credit, render_credit
from server.commands.people import WHO
from server.commands.quoting import QUOTED, quote
from server.commands.slots import UNREADABLE_TIME, UNTIL, Slot
from server.commands.usage import ALIASES, SYNONYMS, USAGE, Usage
from server.commands.values import Command

MAX_LINE = 500
MAX_NOTE = 2000

_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# What comes along when a command is copied from a page.
_UNSEEN = re.compile("[\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff]")
_LEADING = re.compile(rf"(?P<who>{WHO})(?:\s+(?:to|on|from|for|with))?(?:\s+|$)", re.IGNORECASE)
# A node at the beginning of a line that goes on with a note.
_HEAD = re.compile(r"#[0-9]+|https?://\S+|[^\W\d_]+\s+[0-9]+(?:\.[0-9]+)*|\S+")
_ENTRY = re.compile(r"(?:entry\s+)?#?(?P<number>[0-9]{1,9})(?:[:,.]?\s+(?P<more>.*))?", re.IGNORECASE)
_NUMBER_AND_MORE = re.compile(r"#[0-9]+\s.+")
_TOPIC = re.compile(r"`(?P<code>[^`]+)`|(?P<number>#[0-9]{1,9})\b|(?P<label>\w+:[^\s,;()]*\w)")
_CHOSEN = re.compile(r"\s*\(?(?P<number>[0-9]{1,2})[.)]?\s*")
_VERBS: dict[type, str] = {usage.make: verb for verb, usage in USAGE.items() if isinstance(usage.make, type)}


def parse(text: str, now: datetime, about: str | None = None) -> Command:
    """The command in the first line that is not empty; further lines are its note.

    `now` is in the person's time zone and settles what "24 Dec" means. `about` is the node that a command
    without one is about. Raises `UserError` with what to type instead.
    """
    line, note = _lines(text)
    if not line or line == "?":
        return looks.Help()
    word, rest = (*line.split(maxsplit=1), "")[:2]
    verb = _verb(word, rest)
    usage = USAGE[verb]
    note = note if usage.note else ""
    if verb == "help":
        return looks.Help(_verb(rest.strip("`"), "")) if rest.strip("`") else looks.Help()
    if verb == "credit":
        return _credit(rest)
    if verb in WORDS:
        return _entry(verb, rest)
    return _read(usage, verb, rest, note, now.date(), about)


def render(command: Command) -> str:
    """The text that `parse` reads as this command."""
    verb = _VERBS[type(command)]
    pieces = [verb, *_written(command, USAGE[verb])]
    note = getattr(command, "note", "")
    return " ".join(piece for piece in pieces if piece) + (f"\n{note}" if note else "")


def verb_of(command: Command) -> str:
    """The word that the command begins with."""
    return _VERBS[type(command)]


def about_node(command: Command, node: str) -> Command:
    """The same command about another node; one that is about none stays as it is."""
    changed: Any = command
    return replace(changed, ref=node) if getattr(command, "ref", None) is not None else command


def chosen(text: str) -> int | None:
    """The number in an answer that is one and nothing else: `2`, `2.`, `(2)`."""
    found = _CHOSEN.fullmatch(text)
    return int(found["number"]) if found else None


def first_word(text: str) -> str:
    """What the text begins with, as a verb is written; of verbs that mean the same, the one we use."""
    word = (text.split(maxsplit=1) or [""])[0].lower().rstrip(":,")
    return ALIASES.get(word, word)


def names_people(text: str) -> bool:
    """Whether the text is a command that may name somebody."""
    usage = USAGE.get(first_word(text))
    return usage is not None and (usage.make is deeds.Credit or any(slot.leads for slot in usage.slots))


def named_in(topic: str) -> str | None:
    """The node or task that the name of a conversation holds: what is in backticks, `#12`, or a label."""
    found = _TOPIC.search(topic)
    return (found["code"] or found["number"] or found["label"]) if found else None


def _lines(text: str) -> tuple[str, str]:
    """The first line that is not empty, and what stands below it."""
    lines = _LINE_BREAK.split(text)
    first = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    line, note = "".join(lines[first : first + 1]).strip(), "\n".join(lines[first + 1 :]).strip()
    if len(line) > MAX_LINE:
        raise UserError(f"That line has more than {MAX_LINE} characters; put the command alone on a line.")
    if len(note) > MAX_NOTE:
        raise UserError(f"That note has more than {MAX_NOTE} characters; write it elsewhere and give a link.")
    return line, note


def _verb(word: str, rest: str) -> str:
    verb = _UNSEEN.sub("", word).lower().rstrip(":,")
    verb = ALIASES.get(verb, verb)
    if verb in USAGE:
        return verb
    near = SYNONYMS.get(verb) or _nearest(verb)
    if near is None:
        raise UserError("I do not know that command; `help` lists those I know.")
    try_this = quote(f"{near} {rest}") if rest and USAGE[near].form != near else f"`{near}`"
    raise UserError(f"I do not know {quote(word)}; did you mean {try_this}?")


def _nearest(verb: str) -> str | None:
    limit = 1 if len(verb) < 5 else 2
    found = process.extractOne(verb, list(USAGE), scorer=OSA.distance, score_cutoff=limit)
    return found[0] if found else None


def _read(usage: Usage, verb: str, rest: str, note: str, today: date, about: str | None) -> Command:
    """A command of the usual form: a node, then its slots, in any order."""
    rest = _led(rest) if any(slot.leads for slot in usage.slots) else rest
    quoted = QUOTED.match(rest) if usage.ref is not False else None
    tail, fields = _slots(usage.slots, rest[quoted.end() :] if quoted else rest, today)
    ref = quoted["ref"] if quoted else None
    if usage.tells:
        ref, tail, note = _told(ref, tail, note)
    elif ref is None:
        ref, tail = tail, ""
    beside = usage.ref is not False and not quoted and ref and _NUMBER_AND_MORE.fullmatch(ref)
    if tail or beside or (ref and usage.ref is False):
        raise UserError(_too_much(usage, verb))
    if usage.ref is not False:
        fields["ref"] = _ref(usage, verb, ref or "", about, fields)
    if usage.note:
        fields["note"] = note
    _refuse_missing(usage, verb, fields)
    return usage.make(**fields)


def _led(rest: str) -> str:
    """The line with the person at its end, where it began with one."""
    leading = _LEADING.match(rest)
    return f"{rest[leading.end() :]} {leading['who']}" if leading else rest


def _slots(slots: Iterable[Slot], text: str, today: date) -> tuple[str, dict[str, Any]]:
    """What the slots at the end of the text say, and the text before them."""
    fields: dict[str, Any] = {}
    left, text = list(slots), text.strip()
    while found := next(((slot, match) for slot in left if (match := slot.pattern.search(text))), None):
        slot, match = found
        fields |= slot.read(match, today)
        left.remove(slot)
        text = text[: match.start()].rstrip()
    return text, fields


def _told(ref: str | None, tail: str, note: str) -> tuple[str, str, str]:
    """The node, and the note that begins on the same line."""
    if ref is None:
        head = _HEAD.match(tail)
        ref, tail = (head[0].rstrip(":,"), tail[head.end() :]) if head else ("", "")
    return ref, "", "\n".join(part for part in (tail.strip(" :,"), note) if part)


def _ref(usage: Usage, verb: str, text: str, about: str | None, fields: dict[str, Any]) -> str | None:
    ref = text.strip(" ")
    if ref.strip("` "):
        return ref
    if about is not None:
        return about
    if usage.ref is None and fields.get("change"):
        return None
    if usage.ref is None:
        raise UserError(f"`{verb}` what? Write `{verb} #34`, or `{verb} lem:main #34`.")
    raise UserError(f"`{verb}` what? Write `{verb} lem:main`, or `{verb} #12`.")


def _refuse_missing(usage: Usage, verb: str, fields: dict[str, Any]) -> None:
    for slot in usage.slots:
        if slot.missing and slot.field not in fields:
            raise UserError(f"`{verb}` {slot.missing}: `{usage.form}`.")


def _too_much(usage: Usage, verb: str) -> str:
    if usage.form == verb:
        return f"`{verb}` stands alone; write just `{verb}`."
    if UNTIL in usage.slots:
        return UNREADABLE_TIME
    return f"`{verb}` takes nothing after it but what its form says: `{usage.form}`."


def _credit(rest: str) -> Command:
    """A new entry, or `list`, or what is said of an entry with `credit` before it."""
    word, _, more = rest.partition(" ")
    if word.lower() in WORDS:
        return _entry(word.lower(), more.strip())
    return looks.Credits() if rest.lower() == "list" else parse_credit(rest)


def _entry(verb: str, rest: str) -> Command:
    """What somebody says of an entry of the credit, by its number."""
    usage, found = USAGE[verb], _ENTRY.fullmatch(rest)
    if found is None:
        raise UserError(f"`{verb}` which entry? Write its number: `{verb} 17`.")
    number, more = int(found["number"]), found["more"] or ""
    if usage.make is deeds.Dispute:
        return deeds.Dispute(number, links_in(more))
    if more:
        raise UserError(f"`{verb}` takes a number and nothing after it; write `{verb} {number}`.")
    return usage.make(number)


def _written(command: Command, usage: Usage) -> list[str]:
    """What stands after the verb."""
    match command:
        case deeds.Credit():
            return [render_credit(command)]
        case deeds.Confirm(number) | deeds.Refuse(number):
            return [str(number)]
        case deeds.Dispute(number, evidence):
            return [f"{number}:", ", ".join(evidence)] if evidence else [str(number)]
        case looks.Help(verb):
            return [verb or ""]
    ref = getattr(command, "ref", None)
    return [quote(ref) if ref is not None else "", *(slot.write(command) for slot in usage.slots)]
