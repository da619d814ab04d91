"""What people wish to be sent, in words: `topic`, `quiet 22:00-07:00`, `nodes off`, `daily at 8:00`. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from blueprint.errors import UserError
from server.work.preferences import (
    Digests,
    QuietHours,
    Rhythm,
    Subject,
    Wanted,
    Way,
    Wish,
    parse_hour,
    parse_quiet,
)

WAYS, RHYTHMS, SUBJECTS = ("|".join(words) for words in (Way, Rhythm, Subject))
# What a form or a JSON object may say of a person's preferences.
FIELDS = frozenset({"way", "quiet", "kinds", "digest", "hour"})


def parse_wish(text: str) -> Wish:
    """Raises `UserError` where the hours cannot be read."""
    word, _, rest = text.strip().lower().partition(" ")
    if word == "quiet":
        return parse_quiet(rest)
    return Wanted(Subject(word), rest.strip() == "on") if rest else Way(word)


def parse_digests(rhythm: str, hour: str | None) -> Digests:
    return Digests(Rhythm(rhythm.lower()), parse_hour(hour) if hour else None)


def render_wish(wish: Wish) -> str:
    """The text that `parse_wish`, or the other, reads as this wish."""
    match wish:
        case Way():
            return wish
        case QuietHours(hours):
            return f"quiet {hours or 'off'}"
        case Wanted(subject, wanted):
            return f"{subject} {'on' if wanted else 'off'}"
        case Digests(rhythm, hour):
            return rhythm if hour is None else f"{rhythm} at {hour}:00"


def wishes_of(fields: Mapping[str, str]) -> tuple[Wish, ...]:
    """The wishes in the fields that are there; `kinds` has all that are sent, between commas.

    Raises `UserError` where a field cannot be read.
    """
    wishes: list[Wish] = []
    if "way" in fields:
        wishes.append(Way(_one_of("way", fields["way"], WAYS)))
    if "quiet" in fields:
        wishes.append(parse_quiet(fields["quiet"]))
    if "kinds" in fields:
        sent = [
            word for word in fields["kinds"].replace(",", " ").split() if _one_of("kinds", word, SUBJECTS)
        ]
        wishes += [Wanted(subject, subject in sent) for subject in Subject]
    if "digest" in fields:
        wishes.append(parse_digests(_one_of("digest", fields["digest"], RHYTHMS), fields.get("hour")))
    elif "hour" in fields:
        raise UserError("The field `hour` says when a digest comes; send `digest` with it.")
    return tuple(wishes)


def _one_of(field: str, word: str, words: str) -> str:
    known = words.split("|")
    if word not in known:
        raise UserError(f"The field `{field}` may say {', '.join(known)}, not `{word[:40]}`.")
    return word
