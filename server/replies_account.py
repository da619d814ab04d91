"""What the chat says to people about themselves. Pure, as `server.replies` is."""

from __future__ import annotations

from datetime import datetime

from server.formulas import sentence
from server.markup import block, code, escape
from server.records.people import Person
from server.replies import Reply
from server.service.linking import Linked
from server.service.people import zone_of
from server.work.naming import Naming, Wish

_LISTED = 10


def signing_in(link: str) -> Reply:
    """`link` is our own, and the one address that is meant to be followed."""
    return Reply(f"This link signs you in, once, within 15 minutes: {link}", private=True)


def joining(link: str) -> Reply:
    """`link` is our own."""
    return Reply(
        "Sign in on the pages as who you are there, and open this link within 15 minutes: the two become one "
        f"person. Give it to nobody: {link}",
        private=True,
    )


def time_zone(person: Person, now: datetime, *, changed: bool) -> Reply:
    there = f"{now.astimezone(zone_of(person)):%H:%M on %Y-%m-%d}"
    if changed:
        return Reply(f"From now on your dates are those of {person.zone}, where it is {there}.", acted=True)
    return Reply(
        f"Your dates are those of {person.zone}, where it is {there}; `timezone Europe/Paris` changes that."
    )


def name(wish: Wish, shown: str, *, changed: bool) -> Reply:
    """`shown` is what others see. To the person alone: a channel would show whose pseudonym that is."""
    if changed:
        words = f"Others see you as {escape(shown)} from now on, in all that is past too."
        return Reply(words, acted=True, private=True)
    how = {
        Naming.REAL: "your own name",
        Naming.PSEUDONYM: "a pseudonym",
        Naming.HIDDEN: "a number, with your name hidden",
    }[wish.naming]
    change = "`name real`, `name pseudonym NAME` or `name hidden` changes that."
    return Reply(f"Others see you as {escape(shown)}, {how}; {change}", private=True)


def preferences(words: str, *, changed: bool) -> Reply:
    """`words` are the service's; what can be sent is in the help."""
    hint = "" if changed else " `help prefs` says what you can choose, `help digest` too."
    return Reply(sentence(words) + hint, acted=changed)


def linked(found: Linked) -> Reply:
    """To the person alone: addresses are nobody else's business."""
    lines = (("Commits by", found.emails), ("Accounts on the forge:", found.logins))
    known = [f"* {words} {_codes(values)}" for words, values in lines if values]
    first = "Linked to you:" if known else "No commits are linked to you yet."
    how = "`link commit` gives you a word for a commit message; its author is you from then on."
    return Reply("\n".join((first, *known, how)), private=True)


def word(line: str) -> Reply:
    """To the person alone, as with every secret."""
    return Reply(
        "\n".join(
            (
                "Put this line at the end of the message of one commit of yours, below an empty line, and "
                "have it merged:",
                block("text", line),
                "Its author is you from then on. The line is good once, for a month; whoever copies it later "
                "gains nothing.",
            )
        ),
        private=True,
    )


def linked_by(text: str) -> Reply:
    return Reply(sentence(text), acted=True)


def _codes(values: tuple[str, ...]) -> str:
    more = len(values) - _LISTED
    return ", ".join(map(code, values[:_LISTED])) + (f" and {more} more." if more > 0 else ".")
