"""The grammar of the chat: every form, every refusal, and no text that breaks it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blueprint.errors import UserError
from server.commands.deeds import (
    Accept,
    Ack,
    Agree,
    Assign,
    AwaitingAuthor,
    AwaitingReview,
    Claim,
    Confirm,
    Credit,
    Decline,
    Disagree,
    Disclaim,
    Disclose,
    Dispute,
    Handoff,
    Hold,
    Invite,
    Join,
    Open,
    Progress,
    Propose,
    Refuse,
    Resize,
    Resolve,
    Snooze,
    Split,
    Stuck,
    Tag,
    Unassign,
    Unhold,
    Unwait,
    Wait,
    Withdraw,
)
from server.commands.looks import (
    Company,
    Credits,
    Digest,
    Help,
    Link,
    Login,
    Mine,
    Name,
    Next,
    Prefs,
    Report,
    Show,
    Status,
    TimeZone,
    Unblocks,
    Undo,
    Unwatch,
    Watch,
)
from server.commands.parser import MAX_LINE, MAX_NOTE, named_in, names_people, parse, render
from server.commands.people import Me, Mentioned, Named, numbered, unnumbered
from server.commands.slots import INFORMAL, METHODS
from server.commands.usage import USAGE
from server.commands.values import Command
from server.work.preferences import Digests, Quiet, QuietHours, Rhythm, Subject, Wanted, Way

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


UNDERSTOOD: list[tuple[str, Command]] = [
    ("claim lem:x", Claim("lem:x")),
    ("  CLAIM   lem:x  ", Claim("lem:x")),
    ("claim lem:x 2w", Claim("lem:x", timedelta(weeks=2))),
    ("claim lem:x 5 days", Claim("lem:x", timedelta(days=5))),
    ("claim lem:x for 3 months", Claim("lem:x", timedelta(days=90))),
    ("claim lem:x 3 years", Claim("lem:x", timedelta(days=1095))),
    ("claim lem:x 999999999 weeks", Claim("lem:x", timedelta.max - timedelta.max % timedelta(days=1))),
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
    (
        "claim lem:x\nI have an idea\n\nwith pigeons ",
        Claim("lem:x", note="I have an idea\n\nwith pigeons"),
    ),
    ("\n\n claim lem:x", Claim("lem:x")),
    ("disclaim lem:x", Disclaim("lem:x")),
    ("disclaim lem: last 5 days", Disclaim("lem: last 5 days")),
    ("show `Nat.add_comm`", Show("Nat.add_comm")),
    ("show https://example.org/p/demo/node/lem:x", Show("https://example.org/p/demo/node/lem:x")),
    ("show lem:x\nand so on", Show("lem:x")),
    ("progress lem:x\nhalf of it", Progress("lem:x", "half of it")),
    ("progress lem:x: half of it", Progress("lem:x", "half of it")),
    ("progress Lemma 2.3 half of it\nand more", Progress("Lemma 2.3", "half of it\nand more")),
    ("stuck #12 tried induction", Stuck("#12", "tried induction")),
    ("stuck `lem x` tried induction", Stuck("lem x", "tried induction")),
    ("stuck #12", Stuck("#12")),
    ("propose #34", Propose(None, "#34")),
    ("propose #12 #34", Propose("#12", "#34")),
    ("propose lem:x #34 manual", Propose("lem:x", "#34", "manual")),
    (
        "propose lem:x https://forge.example/o/r/pull/34 agent with Claude Code, Lean copilot",
        Propose("lem:x", "https://forge.example/o/r/pull/34", "agent", ("Claude Code", "Lean copilot")),
    ),
    (
        "propose https://forge.example/o/r/-/merge_requests/3",
        Propose(None, "https://forge.example/o/r/-/merge_requests/3"),
    ),
    ("propose lem:x", Propose("lem:x", None)),
    ("propose lem:x https://notes.example/1", Propose("lem:x", "https://notes.example/1")),
    (
        "propose https://pages.example/p/x/nodes/lem:x #3",
        Propose("https://pages.example/p/x/nodes/lem:x", "#3"),
    ),
    ("withdraw #34", Withdraw(None, "#34")),
    ("withdraw lem:x", Withdraw("lem:x")),
    ("awaiting-review lem:x", AwaitingReview("lem:x")),
    ("awaiting-author #4\nThe name is taken.", AwaitingAuthor("#4", "The name is taken.")),
    ("ack lem:x", Ack("lem:x")),
    ("snooze lem:x 5 days", Snooze("lem:x", timedelta(days=5))),
    ("join lem:x", Join("lem:x")),
    ("invite @**Ben|9** to lem:x", Invite("lem:x", Mentioned(9))),
    ("invite lem:x @_**Ben Bo|9**", Invite("lem:x", Mentioned(9))),
    ("handoff lem:x to @**|9**\nMy notes", Handoff("lem:x", Mentioned(9), "My notes")),
    ("handoff #3 @ben", Handoff("#3", Named("ben"))),
    ('handoff #3 to @"Ben Bo"', Handoff("#3", Named("Ben Bo"))),
    ("split lem:x\nthe case of 0\nthe rest", Split("lem:x", "the case of 0\nthe rest")),
    ("accept lem:x", Accept("lem:x")),
    ("accept lem:x from @ben", Accept("lem:x", Named("ben"))),
    ("decline #7", Decline("#7")),
    ("wait lem:x", Wait("lem:x")),
    ("unwait lem:x", Unwait("lem:x")),
    (
        "credit @**Ben|9** for example on lem:foo: https://x.example/1",
        Credit(Mentioned(9), "example", "lem:foo", ("https://x.example/1",)),
    ),
    (
        "credit me for Informal  Proof on Lemma 2.3 https://x.example/1, #34 and 0a1b2c3d",
        Credit(Me(), "informal proof", "Lemma 2.3", ("https://x.example/1", "#34", "0a1b2c3d")),
    ),
    (
        "credit @ben as lead for review of #12: #34. ",
        Credit(Named("ben"), "review", "#12", ("#34",), "lead"),
    ),
    (
        "credit me for example on `a: b` <https://x.example/1> copilot with GPT",
        Credit(Me(), "example", "a: b", ("https://x.example/1",), None, "copilot", ("GPT",)),
    ),
    ("confirm 17", Confirm(17)),
    ("disclose lem:x agent using A, B", Disclose("lem:x", "agent", ("A", "B"))),
    ("confirm #17", Confirm(17)),
    ("refuse entry 17", Refuse(17)),
    ("dispute 17: https://x.example/1\nsince May", Dispute(17, ("https://x.example/1",))),
    ("credit confirm 17", Confirm(17)),
    ("credit list", Credits()),
    ("credits", Credits()),
    ("credit me for infrastructure: #3", Credit(Me(), "infrastructure", None, ("#3",))),
    ("open lem:x to review", Open("lem:x", "review")),
    ("open lem:x as Write\nin French", Open("lem:x", "write", "in French")),
    ("assign @person lem:x", Assign("lem:x", Named("person"))),
    ("assign lem:x to @**Ben|9**", Assign("lem:x", Mentioned(9))),
    ("unassign lem:x", Unassign("lem:x")),
    ("unassign @ben from lem:x", Unassign("lem:x", Named("ben"))),
    ("hold lem:x\nThe statement may change", Hold("lem:x", "The statement may change")),
    ("unhold lem:x", Unhold("lem:x")),
    ("size lem:x L", Resize("lem:x", "L")),
    ("size #12 small", Resize("#12", "S")),
    ("size #12 estimate", Resize("#12", None)),
    ("open #12", Open("#12")),
    ("tag lem:x as Analysis, number-theory", Tag("lem:x", ("analysis", "number-theory"))),
    ("tag lem:x", Tag("lem:x")),
    ("resolve lem:x", Resolve("lem:x")),
    ("agree lem:x", Agree("lem:x")),
    ("disagree lem:x", Disagree("lem:x")),
    ("timezone", TimeZone()),
    ("timezone Europe/Paris", TimeZone("Europe/Paris")),
    ("prefs", Prefs()),
    ("prefs topic", Prefs(Way.TOPIC)),
    ("prefs quiet 22:00-07:00", Prefs(QuietHours(Quiet(time(22), time(7))))),
    ("prefs QUIET off", Prefs(QuietHours(None))),
    ("prefs nodes off", Prefs(Wanted(Subject.NODES, False))),
    ("digest", Digest()),
    ("digest daily", Digest(Digests(Rhythm.DAILY))),
    ("digest weekly at 8:00", Digest(Digests(Rhythm.WEEKLY, 8))),
    ("digest off", Digest(Digests(Rhythm.OFF))),
    ("suggest 2", Next(2)),
    ("who lem:x", Company("lem:x")),
    ("unblocks Lemma 2.3", Unblocks("Lemma 2.3")),
    ("\ufeffunblocks\u00a0Lemma 2.3", Unblocks("Lemma 2.3")),
    ("status\u200b", Status()),
    ("status", Status()),
    ("report", Report()),
    ("report Month", Report("month")),
    ("name", Name()),
    ("name hidden", Name("hidden")),
    ("name pseudonym  Emmy N.", Name("pseudonym", "Emmy N.")),
    ("undo", Undo()),
    ("link", Link()),
    ("link commit", Link(commit=True)),
    ("link page", Link(page=True)),
    ("link @**Ben|9** to ada-l", Link("ada-l", Mentioned(9))),
    ("link @ben to ada@x.example", Link("ada@x.example", Named("ben"))),
    ("link ada@x.example", Link("ada@x.example")),
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
]


@pytest.mark.parametrize(("text", "command"), UNDERSTOOD)
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
        ("claim lem:x 0 days", "a day at least"),
        ("claim lem:x 2026-11-21", "is past"),
        ("claim lem:x 2026-02-30", "There is no 2026-02-30"),
        ("claim lem:x until 31 Apr", "There is no 2026-04-31"),
        ("show `lem:x` now", "nothing after it but what its form says: `show REF`"),
        ("propose", "Write `propose #34`, or `propose lem:main #34`"),
        ("invite lem:x", "Mention one person, or write `@name`: `invite @person to REF`"),
        ("claim #12 tomorrow", "I cannot read the time after the task"),
        ("propose #12 #34 with GPT", "`propose` takes nothing after it but what its form says"),
        ("invite @**Ben** to lem:x", "after `@`, pick one person"),
        ("assign @*crew* lem:x", "after `@`, pick one person"),
        ("assign @ben", "Write `assign lem:main`"),
        ("size lem:x", "Write S, M, L or"),
        ("credit @ben", "Write `credit @name for review on lem:main: https://...`"),
        ("credit ben for example on lem:x: #3", "Whom do you want to credit"),
        ("credit @ben for example", "on which node?"),
        ("credit @ben for example on lem:x", "needs a link"),
        ("credit @ben for example on https://x.example/1", "On which node?"),
        ("credit @ben for example: lem:x https://x.example/1", "On which node?"),
        ("disclose lem:x", "End with `manual`, `copilot`"),
        ("confirm", "Write its number: `confirm 17`"),
        ("confirm lem:x", "Write its number: `confirm 17`"),
        ("confirm 17 now", "nothing after it; write `confirm 17`"),
        ("timezone of Paris", "but what its form says: `timezone [Europe/Paris]`"),
        ("progress lem:x\n" + "x" * (MAX_NOTE + 1), f"more than {MAX_NOTE}"),
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


@pytest.mark.parametrize(
    "line",
    [
        "credit me for x on y: " + "https://a.b," * 38 + " !",
        "credit me for " + "x on " * 90,
        "propose lem:x " + "agent with " * 40 + "\x00",
        "tag x as " + "a, " * 150 + "!",
        "assign " + "@a-" * 150,
        "handoff " + "@**a" * 110,
        "stuck " + "a 1." * 110,
    ],
)
def test_no_line_takes_long(line: str) -> None:
    """Any of these would take for ever if a pattern could match in very many ways."""
    with suppress(UserError):
        parse(line, NOW)


# What a line can hold: no line breaks, and no space at either end, where it would be lost.
refs = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60)
    .map(str.strip)
    .filter(lambda ref: ref.strip("` "))
)
notes = st.text(st.characters(exclude_characters="\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), max_size=60).map(
    str.strip
)
lengths = st.builds(timedelta, days=st.integers(1, 3650))
untils = st.one_of(st.none(), lengths, st.dates(min_value=NOW.date()))
names = st.from_regex(r"[^\W_][\w' .-]{0,20}\w", fullmatch=True).filter(lambda name: "\n" not in name)
people = st.one_of(st.just(Me()), st.builds(Mentioned, st.integers(0, 10**9)), st.builds(Named, names))
changes = st.sampled_from(
    ["#34", "https://forge.example/o/r/pull/34", "https://x.example/-/merge_requests/1"]
)
tools = st.lists(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}( [A-Za-z0-9]{1,8})?", fullmatch=True), max_size=3)
made = st.one_of(
    st.just((None, ())),
    st.tuples(st.sampled_from(METHODS), tools.map(tuple)),
)
numbers = st.integers(0, 10**9 - 1)
links = st.lists(st.sampled_from(["https://x.example/1", "#34", "0a1b2c3d"]), min_size=1, unique=True)


def propose(
    ref: str | None, change: str | None, made: tuple[str | None, tuple[str, ...]], note: str
) -> Propose:
    return Propose(ref, change, *made, note)


def credit(who, kind, ref, evidence, degree, made) -> Credit:
    return Credit(who, kind, ref, tuple(evidence), degree, *made)


JUST_REF = (Resolve, AwaitingReview)
commands = st.one_of(
    st.builds(Claim, refs, untils, notes),
    *(
        st.builds(verb, refs)
        for verb in (
            Show,
            Company,
            Unblocks,
            Watch,
            Unwatch,
            Ack,
            Join,
            Wait,
            Unwait,
            Unhold,
            Agree,
            Disagree,
            *JUST_REF,
        )
    ),
    *(st.builds(verb, refs, notes) for verb in (Disclaim, Progress, Stuck, AwaitingAuthor, Split, Hold)),
    *(st.builds(verb, refs, people, notes) for verb in (Invite, Handoff)),
    st.builds(Snooze, refs, untils),
    *(st.builds(verb, refs, st.one_of(st.none(), people)) for verb in (Accept, Decline)),
    st.builds(Assign, refs, people),
    st.builds(Unassign, refs, st.one_of(st.none(), people), notes),
    st.builds(propose, st.none(), changes, made, notes),
    st.builds(propose, refs, st.one_of(st.none(), changes), made, notes),
    st.builds(Withdraw, st.none(), changes, notes),
    st.builds(Withdraw, refs, st.one_of(st.none(), changes), notes),
    st.builds(
        credit,
        people,
        st.sampled_from(["example", "informal proof"]),
        st.one_of(st.none(), refs),
        links,
        st.sampled_from([None, "lead", "equal", "supporting"]),
        made,
    ),
    st.builds(lambda ref, made: Disclose(ref, *made), refs, made.filter(lambda made: made[0])),
    st.builds(Confirm, numbers),
    st.builds(Refuse, numbers),
    st.builds(Dispute, numbers, st.one_of(st.just([]), links).map(tuple)),
    st.builds(Open, refs, st.sampled_from([None, *INFORMAL]), notes),
    st.builds(Resize, refs, st.sampled_from(["S", "M", "L", None])),
    st.builds(Tag, refs, st.lists(st.sampled_from(["a", "b-c", "d.e"]), unique=True).map(tuple)),
    st.builds(Next, st.integers(1, 10)),
    st.sampled_from(
        [Mine(), Credits(), Login(), TimeZone(), TimeZone("Europe/Paris"), Prefs(Way.TOPIC), Digest()]
    ),
    st.builds(Help, st.one_of(st.none(), st.sampled_from(list(USAGE)))),
)


@settings(deadline=None, max_examples=400)
@given(commands)
@example(Show("0`"))
@example(credit(Me(), "example", "0`", ["#34"], None, (None, ())))
def test_round_trip(command: Command) -> None:
    assert parse(render(command), NOW) == command


def test_every_command_has_an_example() -> None:
    assert {type(command) for _, command in UNDERSTOOD} == {usage.make for usage in USAGE.values()}


@pytest.mark.parametrize(
    ("text", "topic", "command"),
    [
        ("claim", "Hall: `lem x` again", Claim("lem x")),
        ("claim 2w", "about #12, mostly", Claim("#12", timedelta(weeks=2))),
        ("assign @ben", "lem:x, the hard part", Assign("lem:x", Named("ben"))),
        ("propose #34", "lem:x", Propose("lem:x", "#34")),
        ("propose #34", "general", Propose(None, "#34")),
        ("show lem:y", "lem:x", Show("lem:y")),
    ],
)
def test_a_conversation_about_a_node_need_not_name_it(text: str, topic: str, command: Command) -> None:
    assert parse(text, NOW, named_in(topic)) == command


def test_mentions_without_a_number_get_one_from_those_who_know() -> None:
    text = "assign @**Ben Bo** and @_**Ada** but @**Cy|3** to lem:x"
    assert unnumbered(text) == ("Ben Bo", "Ada")
    assert numbered(text, {"Ben Bo": 9}) == "assign @**|9** and @_**Ada** but @**Cy|3** to lem:x"


@pytest.mark.parametrize(
    "text", ["credit: @**Ada** for review", "Invite, @**Ada** to #4", "handoff #4 to @**Ada**"]
)
def test_a_command_that_names_somebody_is_known_as_it_is_parsed(text: str) -> None:
    assert names_people(text)
    assert not names_people(f"show {text}")
