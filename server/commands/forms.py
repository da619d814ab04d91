"""A command from the fields of a form or of a JSON object, each read as the chat reads it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from blueprint.errors import UserError
from server.commands.credits import DEGREES, evidence_in, links_in
from server.commands.deeds import Confirm, Credit, Deed, Dispute, Refuse
from server.commands.parser import MAX_NOTE
from server.commands.people import Me, Named
from server.commands.slots import Slot
from server.commands.usage import USAGE
from server.durations import EXAMPLES

# What can be done to a task, and to a node, by an address of its own.
TASK_VERBS = (
    *("claim", "disclaim", "progress", "stuck", "ack", "snooze"),
    *("propose", "withdraw", "awaiting-review", "awaiting-author", "disclose"),
    *("join", "invite", "handoff", "split", "accept", "decline", "wait", "unwait"),
    *("assign", "unassign", "hold", "unhold", "size", "tag", "resolve", "open"),
)
NODE_VERBS = ("open", "disclose")

# Field -> the words around it on a line.
_AROUND = {"kind": "to {}", "tags": "as {}"}

# Field -> another that it may come with.
_BESIDE = {"until": "days", "method": "tools"}


def fields_of(verb: str) -> frozenset[str]:
    """What `fill` reads for that verb."""
    usage = USAGE[verb]
    slots = {slot.field for slot in usage.slots}
    beside = {other for field, other in _BESIDE.items() if field in slots}
    return frozenset(slots | beside | ({"note"} if usage.note else set()))


def fill(verb: str, ref: str, fields: Mapping[str, str], now: datetime) -> Deed:
    """The command `verb`, one of those above, about `ref`.

    Fields are named as in the command's value; a claim's `days` are its `until`. `now` is in the person's
    time zone. Raises `UserError` where a field cannot be read or is missing.
    """
    usage = USAGE[verb]
    found: dict[str, object] = {"ref": ref}
    for slot in usage.slots:
        if text := _text(slot, fields):
            found |= _read(slot, text, now.date())
        elif slot.missing:
            raise UserError(f"`{verb}` needs the field `{slot.field}`; in the chat it is `{usage.form}`.")
    if usage.note:
        found["note"] = _note(fields)
    return cast(Deed, usage.make(**found))


def fill_credit(fields: Mapping[str, str]) -> Credit:
    """A new entry of credit; without `who`, for oneself."""
    who, degree = fields.get("who", "").strip(), fields.get("degree", "").strip()
    if degree and degree not in DEGREES:
        raise UserError(f"The field `degree` is one of {', '.join(DEGREES)}.")
    method, tools = _made(fields)
    return Credit(
        who=Named(who) if who else Me(),
        kind=fields.get("kind", "").strip(),
        ref=fields.get("ref", "").strip() or None,
        evidence=evidence_in(fields.get("evidence", "")),
        degree=degree or None,
        method=method,
        tools=tools,
    )


def fill_word(verb: str, number: int, fields: Mapping[str, str]) -> Confirm | Refuse | Dispute:
    """What somebody says of an entry of credit."""
    match verb:
        case "confirm":
            return Confirm(number)
        case "refuse":
            return Refuse(number)
        case _:
            return Dispute(number, links_in(fields.get("evidence", "")))


def _text(slot: Slot, fields: Mapping[str, str]) -> str:
    text = " ".join(fields.get(slot.field, "").split())
    if slot.field == "until" and not text and fields.get("days", ""):
        return f"{fields['days']}d"
    if slot.field == "method" and text and (tools := fields.get("tools", "").strip()):
        return f"{text} with {tools}"
    return text


def _read(slot: Slot, text: str, today: date) -> dict[str, object]:
    if slot.field == "who":
        return {"who": Named(text)}
    match = slot.pattern.fullmatch(_AROUND.get(slot.field, "{}").format(text))
    if match is None and slot.field == "until":
        raise UserError(f"I cannot read the time `{text[:40]}`; write it as {EXAMPLES}.")
    if match is None:
        raise UserError(f"The field `{slot.field}` cannot be read: `{text[:40]}`.")
    return slot.read(match, today)


def _made(fields: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    tools = (tool.strip() for tool in fields.get("tools", "").split(","))
    return fields.get("method", "").strip() or None, tuple(tool for tool in tools if tool)


def _note(fields: Mapping[str, str]) -> str:
    note = fields.get("note", "").replace("\r\n", "\n").strip()
    if len(note) > MAX_NOTE:
        raise UserError(f"That note has more than {MAX_NOTE} characters; write it elsewhere and give a link.")
    return note
