"""What an action needs to be told: a model for each, made from what the chat's command takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from server.api.asking import Body, Text, Words
from server.commands.forms import fields_of
from server.commands.parser import MAX_NOTE
from server.commands.usage import USAGE
from server.work.kinds import KINDS, Degree, Method
from server.work.task import Informal

MOST_DAYS = 3650
MOST_WORDS = 50

List = Annotated[list[Words], Field(max_length=MOST_WORDS)] | Annotated[Text, Field(max_length=2000)]
Whom = Annotated[int, Field(ge=1, le=2**31 - 1)] | Words
Note = Annotated[Text, Field(max_length=MAX_NOTE)]
Address = Annotated[Text, Field(max_length=2000)]
Addresses = Annotated[list[Address], Field(max_length=MOST_WORDS)] | Annotated[Text, Field(max_length=20_000)]

# Field -> its type, and what it says.
FIELDS: Mapping[str, tuple[Any, str]] = {
    "until": (Words, "Until when: `2w`, `5 days`, `2026-12-24` or `24 Dec`, in your own time zone."),
    "days": (Annotated[int, Field(ge=1, le=MOST_DAYS)], "The same in days; `until` is stronger."),
    "note": (Note, "What you want to say with it."),
    "change": (Address, "A pull request, `#34` or its address, or another address that has the work."),
    "method": (Method, "How it was made."),
    "tools": (List, "With which tools: a list, or text with commas."),
    "who": (Whom, "Somebody's number or name."),
    "size": (Literal["S", "M", "L", "estimate"], "How big it is; `estimate` leaves that to us."),
    "tags": (List, "What it is about from now on: a list, or text with commas."),
    "kind": (Informal, "What kind of informal work; without it, what was closed is opened again."),
}


@cache
def of_verb(verb: str) -> type[Body]:
    """What that command takes, as `fields_of` has it."""
    needed = {slot.field for slot in USAGE[verb].slots if slot.missing}
    found = {name: _field(name, name in needed) for name in FIELDS if name in fields_of(verb)}
    made: type[Body] = create_model(f"{_title(verb)}Body", __base__=Body, **found)  # type: ignore[call-overload]
    made.__doc__ = f"What `{verb}` takes."
    return made


def _field(name: str, needed: bool) -> tuple[Any, Any]:
    kind, words = FIELDS[name]
    if needed:
        return kind, Field(description=words)
    return kind | None, Field(None, description=words)


def _title(verb: str) -> str:
    return "".join(word.capitalize() for word in verb.split("-"))


class CreditBody(Body):
    """A contribution: who did what, and what shows it."""

    who: Whom | None = Field(None, description="Somebody's number or name; without it, you.")
    kind: Words = Field(description=f"What they did: {', '.join(KINDS)}.")
    ref: Address | None = Field(None, description="The node; without it, the whole project.")
    evidence: Addresses = Field(description="Addresses or commits that show it: a list, or text with spaces.")
    degree: Degree | None = Field(None, description="How much; without it, as the lead.")
    method: Method | None = Field(None, description="How it was made.")
    tools: List | None = Field(None, description="With which tools.")


class DisputeBody(Body):
    """Why it is not so."""

    evidence: Addresses = Field(description="Addresses or commits that show it.")


class AgreeBody(Body):
    """Which statement was read."""

    seen: Words | None = Field(
        None, description="`agreement.seen` of the node, so that nothing newer is agreed to by accident."
    )


class RenameBody(Body):
    """Which node is which."""

    old: Address = Field(description="The label of the node that was.")
    new: Address = Field(description="The label of the node that is.")
    same: bool = Field(description="Whether they are one node.")


class ReporterBody(Body):
    """Whom to trust."""

    name: Words = Field(description="What it is to be called, such as `github-actions`.")


class SettingBody(Body):
    """How a setting is to be."""

    key: Words = Field(description="Its name.")
    value: Words | None = Field(None, description="How it is to be; without it, as by itself.")


class MemberBody(Body):
    """Whom to appoint, and as what."""

    who: Whom = Field(description="Somebody's number or name.")
    role: Literal["contributor", "maintainer", "owner"] = Field(description="The role.")


class PrivacyBody(Body):
    """Who may know of the project."""

    private: bool = Field(description="Its members alone; else everybody.")


class SayBody(Body):
    """Something to say, as one would write it to the bot."""

    text: Annotated[Text, Field(min_length=1, max_length=10_000)] = Field(
        description="A command such as `claim lem:main 2w`; further lines belong to it."
    )


class NameBody(Body):
    """Under which name to appear."""

    naming: Words = Field(description="`real`, `pseudonym` or `hidden`.")
    pseudonym: Words | None = Field(None, description="Which pseudonym.")
    ranked: bool | None = Field(None, description="Whether leaderboards may show you.")


class ZoneBody(Body):
    """Which time zone."""

    zone: Words = Field(description="Its name, such as `Europe/Paris`.")


class PreferencesBody(Body):
    """What to be sent from now on; what is not said stays."""

    way: Words | None = Field(None, description="`direct` or `topic`.")
    quiet: Words | None = Field(None, description="Hours in which nothing comes: `22:00-07:00`, or `off`.")
    kinds: List | None = Field(None, description="All kinds that are to be sent.")
    digest: Words | None = Field(None, description="`daily`, `weekly` or `off`.")
    hour: Annotated[int, Field(ge=0, le=23)] | Words | None = Field(
        None, description="At which hour the digest comes; with `digest`."
    )
