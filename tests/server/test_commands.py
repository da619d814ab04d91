"""The grammar of the chat: every form, every refusal, and no text that breaks it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.errors import UserError
from server.commands import (
    MAX_LINE,
    USAGE,
    Claim,
    Command,
    Disclaim,
    Help,
    Login,
    Mine,
    Next,
    Show,
    Unwatch,
    Watch,
    parse,
    render,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("claim lem:x", Claim("lem:x")),
        ("  CLAIM   lem:x  ", Claim("lem:x")),
        ("claim lem:x 2w", Claim("lem:x", timedelta(weeks=2))),
        ("claim lem:x 5 days", Claim("lem:x", timedelta(days=5))),
        ("claim lem:x for 3 months", Claim("lem:x", timedelta(days=90))),
        ("claim lem:x a week", Claim("lem:x", timedelta(weeks=1))),
        ("claim lem:x 10d", Claim("lem:x", timedelta(days=10))),
        ("claim lem:x 2026-12-24", Claim("lem:x", date(2026, 12, 24))),
        ("claim lem:x until 2026-12-24", Claim("lem:x", date(2026, 12, 24))),
        ("claim lem:x until 24 Dec", Claim("lem:x", date(2026, 12, 24))),
        ("claim lem:x until Dec 24th, 2027", Claim("lem:x", date(2027, 12, 24))),
        ("claim lem:x until 3 January", Claim("lem:x", date(2027, 1, 3))),
        ("claim lem:x until 22 November", Claim("lem:x", date(2026, 11, 22))),
        ("claim #12", Claim("#12")),
        ("claim `lem:x` 2w", Claim("lem:x", timedelta(weeks=2))),
        ("claim `lemma 5 days`", Claim("lemma 5 days")),
        ("claim `until Friday` until 24 Dec", Claim("until Friday", date(2026, 12, 24))),
        ("claim ``a`b``", Claim("a`b")),
        ("claim thm: Hall's theorem, part II", Claim("thm: Hall's theorem, part II")),
        ("claim théorème:é′ 1w", Claim("théorème:é′", timedelta(weeks=1))),
        ("claim lem:x\nI have an idea with the pigeonholes", Claim("lem:x")),
        ("\n\n claim lem:x", Claim("lem:x")),
        ("disclaim lem:x", Disclaim("lem:x")),
        ("disclaim lem: last 5 days", Disclaim("lem: last 5 days")),
        ("show `Nat.add_comm`", Show("Nat.add_comm")),
        ("show https://example.org/p/demo/node/lem:x", Show("https://example.org/p/demo/node/lem:x")),
        ("next", Next()),
        ("next 5", Next(5)),
        ("mine", Mine()),
        ("login", Login()),
        ("watch lem:x", Watch("lem:x")),
        ("unwatch lem:x", Unwatch("lem:x")),
        ("help", Help()),
        ("help claim", Help("claim")),
        ("help `claim`", Help("claim")),
        ("?", Help()),
        ("", Help()),
        (" \n\t\n", Help()),
    ],
)
def test_is_understood(text: str, command: Command) -> None:
    assert parse(text, NOW) == command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("clam lem:x", "did you mean `claim lem:x`?"),
        ("disclam #3", "did you mean `disclaim #3`?"),
        ("unclaim lem:x", "did you mean `disclaim lem:x`?"),
        ("release lem:x", "did you mean `disclaim lem:x`?"),
        ("nxet", "did you mean `next`?"),
        ("hepl", "did you mean `help`?"),
        ("hello", "did you mean `help`?"),
        ("help clam", "did you mean `claim`?"),
        ("frobnicate lem:x", "`help` lists those I know"),
        ("claim", "Write `claim lem:main`"),
        ("claim ``", "Write `claim lem:main`"),
        ("claim 2w", "Write `claim lem:main`"),
        ("show", "Write `show lem:main`"),
        ("claim lem:x until", "write it as"),
        ("claim lem:x until doomsday", "write it as"),
        ("claim `lem:x` soonish", "write it as"),
        ("claim lem:x 0 days", "between 1 day and"),
        ("claim lem:x 999999999 weeks", "between 1 day and"),
        ("claim lem:x 2026-11-21", "is past"),
        ("claim lem:x 2026-02-30", "There is no 2026-02-30"),
        ("claim lem:x until 31 Apr", "There is no 2026-04-31"),
        ("show `lem:x` now", "nothing after it"),
        ("next eleven", "a number from 1 to 10"),
        ("next 0", "a number from 1 to 10"),
        ("next 11", "a number from 1 to 10"),
        ("mine all", "stands alone"),
        ("claim " + "x" * MAX_LINE, f"more than {MAX_LINE}"),
    ],
)
def test_is_refused_with_what_to_type_instead(text: str, says: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse(text, NOW)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_every_verb_has_a_parser_and_help() -> None:
    for verb in USAGE:
        assert parse(f"help {verb}", NOW) == Help(verb)
        assert USAGE[verb].form.split()[0] == verb


words = st.text(alphabet="acdeilmnpshowtuvw0123456789 `#@*:-.\n'", max_size=60)
starts = st.sampled_from([*USAGE, "clam", ""])


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.builds("{} {}".format, starts, words)))
def test_any_text_is_a_command_or_a_refusal(text: str) -> None:
    try:
        command = parse(text, NOW)
    except UserError:
        return
    assert parse(render(command), NOW) == command


# What a line can hold: no line breaks, and no space at either end, where it would be lost.
refs = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60)
    .map(str.strip)
    .filter(lambda ref: ref.strip("` "))
)
lengths = st.builds(timedelta, days=st.integers(1, 3650))
dates = st.dates(min_value=NOW.date())
commands = st.one_of(
    st.builds(Claim, refs, st.one_of(st.none(), lengths, dates)),
    *(st.builds(verb, refs) for verb in (Disclaim, Show, Watch, Unwatch)),
    st.builds(Next, st.integers(1, 10)),
    st.sampled_from([Mine(), Login()]),
    st.builds(Help, st.one_of(st.none(), st.sampled_from(list(USAGE)))),
)


@settings(deadline=None)
@given(commands)
def test_round_trip(command: Command) -> None:
    assert parse(render(command), NOW) == command
