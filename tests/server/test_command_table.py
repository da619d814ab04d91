"""Every command, one by one: its help, what it says when it is typed wrong, and nothing left out.

A new command without its rows fails here.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from blueprint.errors import UserError
from server import replies
from server.commands.parser import parse
from server.commands.usage import ALIASES, SYNONYMS, USAGE

from .test_replies_hostile import dangers

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_REF = "`{0}` what? Write `{0} lem:main`, or `{0} #12`."
_ALONE = "`{0}` stands alone; write just `{0}`."
_ENTRY = "`{0}` which entry? Write its number: `{0} 17`."
_MORE = "`{0}` takes nothing after it but what its form says: `{1}`."

# What to type wrongly for each command, and the whole answer; `{0}` is the command, `{1}` its form.
WRONG: dict[str, tuple[str, str]] = {
    "mine": ("mine please", _ALONE),
    "login": ("login now", _ALONE),
    "status": ("status now", _ALONE),
    "report": ("report 3 weeks", _MORE),
    "name": ("name Zoe", _MORE),
    "credits": ("credits of Ada", _ALONE),
    "next": ("next 0", "`next` takes a number from 1 to 10; write `next` or `next 5`."),
    "timezone": ("timezone of Paris", _MORE),
    "help": ("help clam", "I do not know `clam`; did you mean `claim`?"),
    "propose": ("propose", "`propose` what? Write `propose #34`, or `propose lem:main #34`."),
    "withdraw": ("withdraw", "`withdraw` what? Write `withdraw #34`, or `withdraw lem:main #34`."),
    "invite": ("invite lem:x", "`invite` whom? Mention one person, or write `@name`: `{1}`."),
    "handoff": ("handoff lem:x", "`handoff` whom? Mention one person, or write `@name`: `{1}`."),
    "assign": ("assign lem:x", "`assign` whom? Mention one person, or write `@name`: `{1}`."),
    "size": ("size lem:x", "`size` which size? Write S, M, L or `estimate` after it: `{1}`."),
    "disclose": (
        "disclose lem:x",
        "`disclose` made how? End with `manual`, `copilot`, `agent` or `autonomous`: `{1}`.",
    ),
    "credit": (
        "credit @ben",
        "Whom do you want to credit, and for what? Write `credit @name for review on lem:main: https://...`.",
    ),
    "confirm": ("confirm", _ENTRY),
    "refuse": ("refuse it", _ENTRY),
    "dispute": ("dispute", _ENTRY),
    **{
        verb: (verb, _REF)
        for verb in (
            "show", "watch", "unwatch", "claim", "progress", "stuck", "ack", "snooze", "disclaim", "join",
            "split", "accept", "decline", "wait", "unwait", "awaiting-review", "awaiting-author", "open",
            "unassign", "hold", "unhold", "tag", "resolve", "agree", "disagree", "who", "unblocks",
        )
    },
}  # fmt: skip


def test_every_command_has_its_row() -> None:
    assert WRONG.keys() == USAGE.keys()


@pytest.mark.parametrize("verb", USAGE)
def test_what_a_command_says_when_it_is_typed_wrong(verb: str) -> None:
    text, says = WRONG[verb]
    with pytest.raises(UserError) as refusal:
        parse(text, NOW)
    assert str(refusal.value) == says.format(verb, USAGE[verb].form)
    assert dangers(replies.refused(refusal.value).text) == []


@pytest.mark.parametrize("verb", USAGE)
def test_the_help_of_a_command(verb: str) -> None:
    usage, told = USAGE[verb], replies.help_for(verb).text
    assert told.startswith(f"`{usage.form}`: {usage.meaning}")
    assert usage.meaning.endswith(".")
    assert ("REF is a label" in told) == ("REF" in usage.form)
    assert ("@person is one from" in told) == ("@person" in usage.form)
    assert len(told) < 900
    assert dangers(told) == []
    assert f"`{verb}`" in replies.help_for(None).text


def test_other_words_lead_to_commands_and_hide_none() -> None:
    assert {*ALIASES.values(), *SYNONYMS.values()} <= USAGE.keys()
    assert not USAGE.keys() & (ALIASES.keys() | SYNONYMS.keys())
    for word, verb in ALIASES.items():
        with pytest.raises(UserError):
            parse(f"{word}x{word}", NOW)
        assert parse(f"help {word}", NOW) == parse(f"help {verb}", NOW)
    for word, verb in SYNONYMS.items():
        with pytest.raises(UserError, match=f"did you mean `{verb}"):
            parse(f"{word} lem:x", NOW)
