"""What people read: the sentences, and that nothing in them is anybody else's markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.errors import UserError
from blueprint.graph import Macro
from server import replies
from server.commands.usage import USAGE
from server.dispatch import answer
from server.formulas import caption, sentence, statement
from server.markup import LIMIT, block, code, escape, split, spoiler
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import nodes, people
from server.store import Database
from server.work.permissions import Role

from .chat_world import HOSTILE, NOW, add_project
from .fake_zulip_markup import alerts_in, links_in


class Talk:
    """A project and two people who speak to it."""

    def __init__(self, database: Database, project: ProjectRow, ada: Person, ben: Person) -> None:
        self.database, self.project, self.ada, self.ben = database, project, ada, ben

    def say(self, person: Person, text: str, days: int = 0) -> str:
        with self.database.begin() as store:
            return answer(
                store,
                self.project,
                person,
                text,
                NOW + timedelta(days=days),
                base_url="https://pages.example",
            ).text


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    database = Database(f"sqlite:///{tmp_path / 'chantier.db'}")
    with database.begin() as store:
        project = add_project(store)
        ada, ben = (people.add(store, name, Role.CONTRIBUTOR, NOW) for name in ("Ada", "Ben *of* @**all**"))
    return Talk(database, project, ada, ben)


def test_a_claim_from_beginning_to_end(talk: Talk) -> None:
    hall = "**#5** prove Lemma 1.3 (Hall's marriage theorem for $$n$$ sets) (`lem:hall`)"
    assert talk.say(talk.ada, "claim lem:hall 2w") == f"Yours until 2026-12-06 (UTC): {hall}."
    assert talk.say(talk.ada, "mine") == f"You hold:\n* {hall} until 2026-12-06 (UTC)."
    assert talk.say(talk.ada, "claim #5 3w") == f"Still yours until 2026-12-13 (UTC): {hall}."
    assert talk.say(talk.ben, "disclaim lem:hall").startswith("Ada holds #5")
    assert talk.say(talk.ada, "disclaim hall") == (
        "#5 “prove Lemma 1.3 (Hall's marriage theorem for $$n$$ sets)” is free again. "
        "Thank you for saying so."
    )
    assert talk.say(talk.ada, "mine") == "You hold no task at the moment; `next` suggests some."


def test_dates_are_read_and_shown_in_the_persons_own_zone(talk: Talk) -> None:
    told = talk.say(talk.ada, "timezone pacific/kiritimati")
    assert told == "From now on your dates are those of Pacific/Kiritimati, where it is 23:00 on 2026-11-22."
    ada = replace(talk.ada, zone="Pacific/Kiritimati")
    yours = talk.say(ada, "claim lem:hall until 24 Dec")
    assert yours.startswith("Yours until 2026-12-24 (Pacific/Kiritimati): **#5**")
    with talk.database.reading() as store:
        assert store.tasks.claims(talk.project.id)[0].expires == datetime(2026, 12, 24, 9, 59, 59, tzinfo=UTC)
    assert "held by Ada until 2026-12-24 (UTC)" in talk.say(talk.ben, "show lem:hall")
    assert talk.say(ada, "timezone").startswith("Your dates are those of Pacific/Kiritimati")
    assert talk.say(ada, "timezone Atlantis") == (
        "There is no time zone `Atlantis`; write a name such as `Europe/Paris` or `UTC`."
    )


def test_a_claim_runs_out(talk: Talk) -> None:
    talk.say(talk.ada, "claim lem:hall 5 days")
    assert talk.say(talk.ben, "claim lem:hall", days=7).startswith("Ada holds")
    assert talk.say(talk.ben, "claim lem:hall", days=9).startswith("Yours")


def test_next_says_why_and_how(talk: Talk) -> None:
    first, *_, last = talk.say(talk.ada, "next 2").splitlines()
    assert (first, last) == ("Free now:", "To take one, say `claim #9`.")
    assert "1 node rests on it: Theorem 1.5." in talk.say(talk.ada, "next")
    assert talk.say(talk.ada, "next 1").count("* **#") == 1


def test_show_says_where_a_node_stands(talk: Talk) -> None:
    talk.say(talk.ben, "claim lem:hall 2w")
    shown = talk.say(talk.ada, "show lem:hall")
    assert shown.startswith(
        "**Lemma 1.3 (Hall's marriage theorem for $$n$$ sets)** (`lem:hall`): Stated. "
        "Lean states it without a sorry; that alone says nothing of a proof, or of what it uses."
    )
    assert "* About the statement, the blueprint says `no \\leanok`, Lean says `stated`." in shown
    assert "* Proof: `hall` uses `sorry`. (`Main.lean:3`)" in shown
    assert "held by Ben ∗of∗ ＠∗∗all∗∗ until 2026-12-06 (UTC)" in shown
    assert "````spoiler In words\nThen\n```math\n|N(S)| \\ge |S|\n```\nfor each finite $$S$$.\n````" in shown
    assert "```lean\ntheorem hall : ∀ n, n = n\n```" in shown


def test_show_knows_the_macros_of_the_project(talk: Talk) -> None:
    assert "a graph over $$\\def\\R{\\mathbb{R}}\\R$$." in talk.say(talk.ada, "show def:matching")


def test_watching(talk: Talk) -> None:
    main = "Theorem 1.5 (`thm:main`)"
    assert talk.say(talk.ada, "watch thm:main").startswith(f"You watch {main}; I will write")
    assert talk.say(talk.ada, "watch thm:main").startswith(f"You watch {main} already")
    assert talk.say(talk.ada, "unwatch thm:main") == f"You no longer watch {main}."
    assert talk.say(talk.ada, "unwatch thm:main") == f"You did not watch {main}."


def test_help_names_every_command_and_explains_one(talk: Talk) -> None:
    every = talk.say(talk.ada, "help")
    assert every.splitlines()[0].startswith("* **Find work**: `next`, `show`")
    assert [verb for verb in USAGE if f"`{verb}`" not in every] == []
    assert len(every.splitlines()) < 12
    assert "a month is 30 days" in talk.say(talk.ada, "help claim")


def test_every_sentence_is_quiet_about_a_hostile_node(talk: Talk) -> None:
    for said in ("claim", "disclaim", "show", "watch", "unwatch"):
        assert alerts_in(talk.say(talk.ada, f"{said} ``{HOSTILE}``")) == ()
    assert alerts_in(talk.say(talk.ada, "mine") + talk.say(talk.ada, "next 10")) == ()


def test_a_long_statement_is_split_and_never_cut(talk: Talk) -> None:
    with talk.database.reading() as store:
        detail = nodes.show(store, talk.project, "lem:hall", NOW)
    words = [f"word{number}" for number in range(1800)]
    long = replace(detail.node.statement, source="\n\n".join(words))
    parts = split(replies.shown(replace(detail, node=replace(detail.node, statement=long))).text)
    assert len(parts) > 1
    assert all(len(part) <= LIMIT for part in parts)
    assert re.findall(r"word\d+", "\n".join(parts)) == words
    assert all(re.search(r"```spoiler In words\n+word", part) for part in parts[1:])
    assert all(part.endswith("\n```") for part in parts[:-1])


def test_a_statement_without_end_is_left_to_its_page(talk: Talk) -> None:
    with talk.database.reading() as store:
        detail = nodes.show(store, talk.project, "lem:hall", NOW)
    long = replace(detail.node.statement, source="word " * 5000)
    shown = replies.shown(replace(detail, node=replace(detail.node, statement=long))).text
    assert "too long for the chat" in shown
    assert len(split(shown)) == 1


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        ("Let $x$ be \\(y\\).", "Let $$x$$ be $$y$$."),
        ("the $n$th one", "the $$n$$\u2060th one"),
        ("$a$$b$", "$$a$$\u2060\u2060$$b$$"),
        ("\\[ a \\]", "```math\na\n```"),
        ("$$ a $$", "```math\na\n```"),
        ("\\begin{equation} a \\end{equation}", "```math\na\n```"),
        (
            "\\begin{align*} a &= b \\\\\n c &= d \\end{align*}",
            "```math\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n```",
        ),
        ("\\label{a}\\uses{b, c}\\lean{D.e}\\leanok Text% note $x\nmore.", "Textmore."),
        ("\\emph{finite} sets", "finite sets"),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
        ("$a @**all** b$", "$$a @{}**all** b$$"),
        ("$`$ @**all** `", "$$ˋ$$ ＠∗∗all∗∗ ˋ"),
        ("\\[ ``` \\]", "````math\n```\n````"),
        ("costs 5$", "costs 5$"),
    ],
)
def test_statement(tex: str, shown: str) -> None:
    assert statement(tex) == shown


@pytest.mark.parametrize("length", [3, 18, 19, 20, 21, 40])
def test_fences_of_any_length_stay_in_their_block(length: int) -> None:
    """In the statement of a Lean constant, within a spoiler: nothing there may end the inner block."""
    lean = f"theorem hall : 1 = 1 := by\n-- {'`' * length} x\n@**all** https://evil.example"
    shown = spoiler("In Lean", block("lean", lean))
    assert alerts_in(shown) == links_in(shown) == ()


@pytest.mark.parametrize("before", ["a\u200b", "a`", "a\u2060", "a", "_", "a~", "a\u202e"])
def test_formulas_beside_letters_are_formulas(before: str) -> None:
    """Zulip would read the insides of anything else as text, with its links."""
    assert links_in(statement(f"{before}$x = #**general** https://evil.example$ b")) == ()
    assert links_in(caption(f"{before}$x = #**general** https://evil.example$ b")) == ()


def test_macros_bring_those_they_use() -> None:
    macros = (
        Macro("N", "\\mathbb{N}"),
        Macro("to", "#1 \\to \\N", 1),
        Macro("unused", "x"),
        Macro("opt", "#1", 1, "y"),
    )
    assert (
        statement("$\\to{a} \\opt{b}$", macros)
        == "$$\\def\\N{\\mathbb{N}}\\def\\to#1{#1 \\to \\N}\\to{a} \\opt{b}$$"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ada", "Ada"),
        ("@**all**", "＠∗∗all∗∗"),
        ("@_**Ada|9**", "＠_∗∗Ada|9∗∗"),
        ("see `lem:x`, please", "see `lem:x`, please"),
        ("a ` @**all**", "a ˋ ＠∗∗all∗∗"),
        ("one\ntwo\u2028three", "one two three"),
        ("@\u200b**all**\u202e", "＠∗∗all∗∗"),
        ("$$x$$", "＄$x＄$"),
        ("[here](https://x.example)", "[here] (https:∕∕x․example)"),
        ("<time:2026-01-01>", "‹time:2026-01-01>"),
        ("/poll lunch", "∕poll lunch"),
        ("> said", "› said"),
        ("```spoiler x", "ˋˋˋspoiler x"),
        ("~~~", "∼∼∼"),
        ("\\", "⧵"),
        ("#12 and Lemma 2.3", "#12 and Lemma 2.3"),
    ],
)
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


SHARDS = r"""@**all** @*crew* @_**x** ` `` ``` $ $$ \( \) \[ \] \ ~~~ spoiler a > / ( ' % { } \emph{"""
INVISIBLE = ("\n", " ", "\u2028", "\u200b", "\x00", "\ud800")
hostile = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from((*SHARDS.split(), *INVISIBLE)), max_size=24).map("".join),
)


@settings(deadline=None)
@given(hostile, hostile)
def test_nobody_is_alerted_by_foreign_text(one: str, two: str) -> None:
    made = [
        f"{escape(one)} ({code(two)}) {escape(two)}",
        f"**{caption(one)}** ({code(two)}): {caption(two)}",
        f"{sentence(one)}{code(two)}{sentence(two)}",
        f"{statement(one)}\n{spoiler('In words', statement(two))}\n{block('lean', one)}",
        replies.refused(UserError(f"There is no node `{one}`; did you mean `{two}`?")).text,
        replies.refused(UserError(f"{one} holds it; {two}")).text,
        replies.notice(one).text,
    ]
    for text in made:
        assert alerts_in(text) == ()
        text.encode()


@settings(deadline=None)
@given(hostile, st.integers(20, 200))
def test_splitting_alerts_nobody_and_loses_nothing(text: str, times: int) -> None:
    long = text * times
    whole = f"{escape(long)}\n{spoiler('In words', statement(text * 9) or '-')}\n{block('lean', long)}"
    parts = split(whole, limit=400)
    assert all(len(part) <= 400 for part in parts)
    assert all(alerts_in(part) == () for part in parts)
    letters = [char for char in "".join(parts) if char == "＠"]
    assert len(letters) == whole.count("＠")


def test_help_says_each_thing_once_and_only_where_it_matters() -> None:
    for verb in ("claim", "snooze"):
        assert replies.help_for(verb).text.count("backticks") == 1
    for verb in ("progress", "show", "invite", None):
        assert "backticks" not in replies.help_for(verb).text
    assert replies.help_for("claim").text.count("5 days") == 2  # in the form, and where times are explained
