"""Whom the bot listens to, what it says to whom, and that it alerts nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from blueprint.errors import UserError
from server.addressing import addressed
from server.bot import Credentials, connect, run
from server.chat import Account, Incoming, RefusedError
from server.mailing import send
from server.service import people, signin
from server.service.telling import tell
from server.work.permissions import Role

from .chat_scene import PAGES, Scene, staged
from .chat_world import HOSTILE, NOW
from .fake_zulip import (
    LIMIT,
    REFUSE,
    Message,
)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        yield scene


def test_direct_message_is_answered_directly(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "show lem:hall", scene.bot)
    scene.exchange()
    (answer,) = scene.zulip.said_by(scene.bot)
    assert answer.recipients == tuple(sorted((scene.ada.id, scene.bot.id)))
    assert "```math\n|N(S)| \\ge |S|\n```" in answer.content


def test_refusal_says_what_to_type(scene: Scene) -> None:
    asked = scene.zulip.direct(scene.ada, "clam lem:hall", scene.bot)
    assert scene.exchange() == ["I do not know `clam`; did you mean `claim lem:hall`?"]
    assert asked.reactions == [(scene.bot.id, "cross_mark")]


def test_programs_and_the_bot_itself_are_not_answered(scene: Scene) -> None:
    other = scene.zulip.add_user("Linkbot", is_bot=True)
    scene.zulip.say(other, "@**Chantier** next")
    scene.zulip.direct(other, "next", scene.bot)
    scene.zulip.say(scene.bot, "@**Chantier** next")
    assert len(scene.exchange()) == 1  # what it said itself, in the line above


def test_chatter_of_others_costs_nothing(scene: Scene) -> None:
    listener = scene.listener()
    cursor = listener.turn(None)
    chatter = scene.zulip.say(scene.ada, "I wonder about Hall.")
    seen = len(scene.zulip.requests)
    listener.turn(cursor)
    assert scene.zulip.requests[seen:] == ["GET events"]
    assert scene.bot.id not in chatter.read_by


def test_names_do_not_identify(scene: Scene) -> None:
    twin = scene.zulip.add_user("Ada")
    scene.zulip.direct(scene.ada, "claim lem:hall", scene.bot)
    scene.zulip.direct(twin, "disclaim lem:hall", scene.bot)
    assert scene.exchange()[1].startswith("Ada holds #5")


def test_a_mention_without_a_number_is_looked_up(scene: Scene) -> None:
    people_named = scene.listener()._introduced
    assert people_named("assign lem:hall to @**Ben**") == (
        f"assign lem:hall to @**|{scene.ben.id}**",
        (Account(scene.ben.id, "Ben"),),
    )
    scene.zulip.add_user("Ben")
    assert people_named("assign lem:hall to @**Ben**") == ("assign lem:hall to @**Ben**", ())
    assert people_named(f"handoff #5 @**Ada|{scene.ben.id}**")[1] == (Account(scene.ben.id, "Ben"),)
    assert people_named("assign lem:hall to @**Chantier**")[1] == ()
    seen = len(scene.zulip.requests)
    assert people_named("show @**Ben**") == ("show @**Ben**", ())
    assert len(scene.zulip.requests) == seen


def test_a_zulip_that_lists_nobody_does_not_silence_the_bot(scene: Scene) -> None:
    scene.zulip.fail_next("GET users", REFUSE)
    scene.zulip.direct(scene.ada, "handoff lem:hall to @**Ben**", scene.bot)
    assert scene.exchange()[0].startswith("I cannot tell who is meant")


def test_two_people_of_one_name_are_not_guessed_between(scene: Scene) -> None:
    scene.zulip.add_user("Ben")
    scene.zulip.direct(scene.ada, "handoff lem:hall to @**Ben**", scene.bot)
    (said,) = scene.exchange()
    assert said.startswith("I cannot tell who is meant; after `@`, pick one person from Zulip's list")


def test_the_time_zone_of_the_account_is_taken_over_once(scene: Scene) -> None:
    scene.ada.zone = "Europe/Paris"
    scene.zulip.direct(scene.ada, "timezone", scene.bot)
    assert scene.exchange()[0].startswith("Your dates are those of Europe/Paris")
    scene.zulip.direct(scene.ada, "timezone Asia/Kolkata", scene.bot)
    scene.exchange()
    scene.zulip.direct(scene.ada, "claim lem:hall until 24 Dec", scene.bot)
    assert scene.exchange()[2].startswith("Yours until 2026-12-24 (Asia/Kolkata)")


def test_a_topic_says_what_is_meant(scene: Scene) -> None:
    scene.zulip.say(scene.ada, "@**Chantier** claim 2w", topic="lem:hall, the marriage theorem")
    scene.zulip.say(scene.ada, "@**Chantier** disclaim", topic="general")
    assert [reply.partition(":")[0] for reply in scene.exchange()] == [
        "Yours until 2026-12-06 (UTC)",
        "`disclaim` what? Write `disclaim lem",
    ]


def test_notice_arrives_once_and_alerts_nobody(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.exchange()
    with scene.database.begin() as store:
        ada = people.by_zulip(store, scene.ada.id, "Ada", NOW)
        project = store.projects.every()[0]
        tell(store, project, ada.id, "verified", "`lem:@**all**` by @**all** is verified.", NOW, "lem:hall")
        tell(store, project, ada.id, "verified", "x @**all** " * 3000, NOW, None)
    for _ in range(2):
        send(scene.database, NOW)
        scene.sender().deliver()
    told = scene.zulip.said_by(scene.bot)[1:]
    assert told[0].content.startswith("* `lem:@**all**` by ＠∗∗all∗∗ is verified.")
    assert sum(len(message.content) for message in told) >= 30_000
    assert all(len(message.content) <= LIMIT for message in told)
    _assert_quiet(scene.zulip.said_by(scene.bot))


def test_hostile_names_labels_and_texts_alert_nobody(scene: Scene) -> None:
    eve = scene.zulip.add_user("@**all** `@**all**` ](http://x) ```\n@**all**")
    for said in (
        "claim lem:hall",
        f"show {HOSTILE}",
        f"claim ``{HOSTILE}`` until 24 Dec",
        "show @**all**",
        "show `a` @**all** `b`",
        "@**all** `` @**all**",
        "claim `@**all**` @**everyone**",
        "help @**all**",
        "next",
    ):
        scene.zulip.direct(eve, said, scene.bot)
    scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall")
    scene.zulip.say(scene.ada, "@**Chantier** show lem:hall")
    assert len(scene.exchange()) == 11
    _assert_quiet(scene.zulip.said_by(scene.bot))


def _assert_quiet(messages: list[Message]) -> None:
    assert [message.alerts for message in messages if message.alerts] == []
    assert not [message.content for message in messages if "truncated" in message.content]


ME = Account(5, "Chantier (bot)")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("@**Chantier (bot)** claim x", "claim x"),
        ("@**Chantier (bot)|5**: claim x", "claim x"),
        ("@**|5** claim x", "claim x"),
        ("Good evening\n@**Chantier (bot)** claim x", "claim x"),
        ("@**Chantier (bot)**\nclaim x", "claim x"),
        ("@**Chantier (bot)** stuck x\n```lean\nsimp\n```", "stuck x\n```lean\nsimp\n```"),
        ("I would like it: @**Chantier (bot)** claim x", None),
        ("I love @**Chantier (bot)** so much", None),
        ("@**Ada** says\n```quote\n@**Chantier (bot)** claim x\n```\nis how", None),
        ("> @**Chantier (bot)** claim x", None),
        ("@**Chantier** claim x", None),
    ],
)
def test_what_is_said_to_the_bot(text: str, heard: str | None) -> None:
    said = addressed(Incoming(1, 9, "Ada", text, True, 3, "topic", ()), ME)
    assert (said.strip() if said is not None else None) == heard


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("> claim x\nclaim y\nwhich `b` has", "claim y\nwhich `b` has"),
        ("@_**Ada (x)|7** [said](https://z.example/#5):\n```quote\nclaim x\n```\nclaim y", "claim y"),
        ("@_**Ada|9** [said](https://z.example/#x):\n````quote\n```\nx\n````\n\n@**|5** mine", "mine"),
        ("```\nclaim x\n```", ""),
        ("stuck x\n```lean\nsimp\n```\n> said", "stuck x\n```lean\nsimp\n```\n> said"),
    ],
)  # fmt: skip
def test_alone_too_a_quotation_above_the_command_is_no_order(text: str, heard: str) -> None:
    said = addressed(Incoming(1, 9, "Ada", text, False, None, "", (5, 9)), ME)
    assert (said or "").strip() == heard


def test_wildcards_and_group_conversations_are_not_orders() -> None:
    everybody = Incoming(1, 9, "Ada", "@**all** claim x", False, 3, "topic", ())
    group = Incoming(1, 9, "Ada", "claim x", False, None, "", (5, 9, 12))
    alone = Incoming(1, 9, "Ada", "claim x", False, None, "", (5, 9))
    assert addressed(everybody, ME) is None
    assert addressed(group, ME) is None
    assert addressed(alone, ME) == "claim x"


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        (lambda scene: Credentials(file=Path("/nowhere/zuliprc")), "There is no file /nowhere/zuliprc"),
        (
            lambda scene: Credentials(site="http://127.0.0.1:9", email="a@b.c", key="k"),
            "No Zulip server answers",
        ),
        (lambda scene: Credentials(site=scene.zulip.url), "is missing; see docs/zulip.md"),
        (lambda scene: Credentials(site=scene.zulip.url, email="a@b.c", key="k"), "does not let the bot in"),
    ],
)
def test_wrong_credentials_are_one_sentence(
    scene: Scene, credentials: Callable[[Scene], Credentials], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/nowhere")
    for name in ("ZULIP_CONFIG", "ZULIP_SITE", "ZULIP_EMAIL", "ZULIP_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    clock: Callable[[], datetime] = lambda: NOW  # noqa: E731
    with pytest.raises(UserError) as refusal:
        run(scene.database, "halls", PAGES, credentials(scene), clock, threading.Event())
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_zuliprc_is_read(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "zuliprc"
    file.write_text(f"[api]\nemail={scene.bot.email}\nkey={scene.bot.key}\nsite={scene.zulip.url}\n")
    assert connect(Credentials(file=file)).account() == Account(scene.bot.id, "Chantier")


def test_visitors_are_refused(scene: Scene) -> None:
    with scene.database.begin() as store:
        eve = people.by_zulip(store, scene.ada.id, "Ada", NOW)
        store.people.set_role(eve.id, Role.VISITOR)
    scene.zulip.direct(scene.ada, "claim lem:hall", scene.bot)
    assert "or whoever runs the server" in scene.exchange()[0]
    assert scene.holders() == []


def test_what_is_private_is_said_in_private(scene: Scene) -> None:
    scene.zulip.say(scene.ada, "@**Chantier** login", stream=7, topic="Hall")
    scene.exchange()
    public, private = scene.zulip.said_by(scene.bot)
    assert (public.stream, public.content) == (7, "I have answered you in a direct message.")
    assert private.recipients == tuple(sorted((scene.ada.id, scene.bot.id)))
    token = private.content.rpartition(f"{PAGES}/sign-in/")[2]
    with scene.database.begin() as store:
        assert signin.redeem(store, token, NOW).name == "Ada"


def test_unknown_place_is_refused(scene: Scene) -> None:
    with pytest.raises(RefusedError):
        scene.chat().send("direct", "999", None, "hello")
