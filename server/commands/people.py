"""Whom a command names: oneself, an account of the chat by its number, or somebody by name. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blueprint.errors import UserError


@dataclass(frozen=True, slots=True)
class Me:
    """The one who speaks."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A Zulip account. Its number alone counts: the name beside it may be anything."""

    zulip_id: int


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by the name they have here, or `#3` for the third."""

    name: str


Who = Me | Mentioned | Named

_MENTION = r"@_?\*\*(?:[^*|\n]*\|)?(?P<id>[0-9]{1,12})\*\*"
_UNNUMBERED = r"@_?\*\*?[^*\n]*\*\*?"
_NAME = r'@(?:"(?P<quoted>[^"\n]+)"|(?P<name>#[0-9]{1,9}|[^\W_](?:[\w.\'-]*\w)?))'
WHO = rf"(?:{_MENTION}|(?P<unnumbered>{_UNNUMBERED})|{_NAME}|(?P<me>me|myself))"

_WHO = re.compile(WHO, re.IGNORECASE)
_BY_NAME = re.compile(r"@_?\*\*([^*|\n]+)\*\*")
_SIMPLE = re.compile(r"#[0-9]{1,9}|[^\W_](?:[\w.'-]*\w)?")


def parse_who(text: str) -> Who:
    """Raises `UserError` for a mention without a number, which may mean more than one person."""
    found = _WHO.fullmatch(text.strip())
    if found is None:
        raise UserError("I cannot tell who is meant; mention one person, or write `@name`.")
    if found["unnumbered"]:
        raise UserError(
            "I cannot tell who is meant; after `@`, pick one person from Zulip's list, "
            'or write a name: `@"Ada Lovelace"`.'
        )
    if found["id"]:
        return Mentioned(int(found["id"]))
    name = found["quoted"] or found["name"]
    return Named(name.strip()) if name and name.strip() else Me()


def render_who(who: Who) -> str:
    """The text that `parse_who` reads as this person."""
    match who:
        case Me():
            return "me"
        case Mentioned(zulip_id):
            return f"@**|{zulip_id}**"
        case Named(name):
            return f"@{name}" if _SIMPLE.fullmatch(name) else f'@"{name}"'


def mentioned(text: str) -> tuple[int, ...]:
    """The numbers of the accounts that the text mentions, each once."""
    found = (match["id"] for match in re.finditer(_MENTION, text))
    return tuple(dict.fromkeys(int(number) for number in found))


def unnumbered(text: str) -> tuple[str, ...]:
    """The names that stand in mentions without a number, each once."""
    return tuple(dict.fromkeys(match[1] for match in _BY_NAME.finditer(text)))


def numbered(text: str, numbers: dict[str, int]) -> str:
    """The text with such mentions replaced by the numbers of those who are meant, where they are known."""
    return _BY_NAME.sub(lambda m: f"@**|{numbers[m[1]]}**" if m[1] in numbers else m[0], text)
