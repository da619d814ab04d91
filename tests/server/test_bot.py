"""The bot against a Zulip that loses answers, forgets queues and is full of people who mean harm.

The `zulip` client is the real one, over real HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from blueprint.errors import UserError
from server.bot import Credentials, ZulipChat, connect, run
from server.chat import Account, BusyError, Incoming, RefusedError, UnreachableError
from server.listener import Listener, addressed
from server.records import Role
from server.sender import PATIENCE, REST, TRIES, Sender
from server.service import people, signin
from server.service.telling import tell
from server.store import Database
from server.work.tasks import What

from .chat_world import HOSTILE, NOW, add_project
from .fake_zulip import (
    BAD_GATEWAY,
    BAD_GATEWAY_AFTER,
    BUSY,
    DROP_AFTER,
    LIMIT,
    REFUSE,
    FakeZulip,
    Message,
    User,
    running,
)

PAGES = "https://pages.example"


@dataclass
class Scene:
    """A Zulip, a project, and a bot whose two loops a test turns by hand."""

    zulip: FakeZulip
    database: Database
    bot: User
    ada: User
    ben: User

    def credentials(self) -> Credentials:
        return Credentials(site=self.zulip.url, email=self.bot.email, key=self.bot.key)

    def chat(self) -> ZulipChat:
        return connect(self.credentials())

    def listener(self, chat: ZulipChat | None = None) -> Listener:
        return Listener(self.database, chat or self.chat(), "halls", PAGES, lambda: NOW)

    def sender(self, now: datetime = NOW) -> Sender:
        return Sender(self.database, self.chat(), lambda: now)

    def hear(self) -> None:
        """All that was said so far is heard, by a bot that has just started."""
        self.listener().turn(None)

    def exchange(self) -> list[str]:
        """Hear and answer; what the bot has said so far."""
        self.hear()
        self.sender().deliver()
        return self.replies()

    def replies(self) -> list[str]:
        return [message.content for message in self.zulip.said_by(self.bot)]

    def holders(self) -> list[str]:
        with self.database.reading() as store:
            return [claim.person_name for claim in store.tasks.claims(1)]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    database = Database(f"sqlite:///{tmp_path / 'chantier.db'}")
    with database.begin() as store:
        add_project(store)
    with running() as zulip:
        bot = zulip.add_user("Chantier", is_bot=True)
        yield Scene(zulip, database, bot, zulip.add_user("Ada"), zulip.add_user("Ben"))
    database.close()


@contextmanager
def bot_running(scene: Scene) -> Iterator[None]:
    """The whole bot, in a thread, as `chantier bot` runs it."""
    stop = threading.Event()
    arguments = (scene.database, "halls", PAGES, scene.credentials(), lambda: NOW, stop)
    thread = threading.Thread(target=run, args=arguments, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_claim_end_to_end(scene: Scene) -> None:
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        asked = scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall 2w", stream=7, topic="Hall")
        scene.zulip.wait_until(lambda: bool(asked.reactions))
    (answer,) = scene.zulip.said_by(scene.bot)
    assert answer.content.startswith("Yours until 2026-12-06 (UTC): **#5** prove Lemma 1.3")
    assert (answer.stream, answer.topic) == (7, "Hall")
    assert asked.reactions == [(scene.bot.id, "check")]
    assert scene.bot.id in asked.read_by
    assert scene.holders() == ["Ada"]


def test_direct_message_is_answered_directly(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "show lem:hall", scene.bot)
    scene.exchange()
    (answer,) = scene.zulip.said_by(scene.bot)
    assert answer.recipients == tuple(sorted((scene.ada.id, scene.bot.id)))
    assert "```math\n|N(S)| \\ge |S|\n```" in answer.content


def test_refusal_says_what_to_type(scene: Scene) -> None:
    asked = scene.zulip.direct(scene.ada, "clam lem:hall", scene.bot)
    assert scene.exchange() == ["I do not know `clam`; did you mean `claim lem:hall`?"]
    assert not asked.reactions


def test_two_people_race_for_one_task(scene: Scene) -> None:
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        both = [
            threading.Thread(target=scene.zulip.say, args=(who, "@**Chantier** claim lem:hall"))
            for who in (scene.ada, scene.ben)
        ]
        for thread in both:
            thread.start()
        scene.zulip.wait_until(
            lambda: len([r for r in scene.replies() if "lem:hall" in r or "holds" in r]) == 2
        )
    yours, theirs = sorted(scene.replies(), key=lambda reply: "holds" in reply)
    assert yours.startswith("Yours")
    (holder,) = scene.holders()
    assert theirs.startswith(f"{holder} holds #5")
    assert "Free instead:" in theirs


def test_message_delivered_twice_acts_once(scene: Scene) -> None:
    scene.zulip.fail_next("POST messages/flags", BAD_GATEWAY)
    scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall")
    with pytest.raises(UnreachableError):
        scene.hear()
    scene.hear()
    assert len(scene.exchange()) == 1
    with scene.database.reading() as store:
        task = next(task for task in store.tasks.of_project(1) if task.number == 5)
        assert [event.what for event in store.tasks.events(task.id)] == [What.OPENED, What.CLAIMED]


@pytest.mark.parametrize("fault", [BAD_GATEWAY_AFTER, DROP_AFTER, BAD_GATEWAY])
def test_answer_whose_sending_is_in_doubt_goes_out_once(scene: Scene, fault: str) -> None:
    scene.zulip.say(scene.ada, "@**Chantier** next", topic="one")
    scene.zulip.say(scene.ada, "@**Chantier** next", topic="two")
    scene.hear()
    scene.zulip.fail_next("POST messages", fault)
    with pytest.raises(UnreachableError):
        scene.sender().deliver()
    scene.sender().deliver()
    scene.sender().deliver()
    assert [message.topic for message in scene.zulip.said_by(scene.bot)] == ["one", "two"]


def test_crash_after_sending_repeats_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies between Zulip's yes and ours, with an answer just like an older one."""
    for _ in range(2):
        scene.zulip.direct(scene.ada, "mine", scene.bot)
        scene.hear()
        with monkeypatch.context() as patch:
            patch.setattr(Sender, "_sent", _die)
            with pytest.raises(KeyboardInterrupt):
                scene.sender().deliver()
        scene.sender().deliver()
    assert len(scene.replies()) == 2
    assert len(set(scene.replies())) == 1


def test_answer_like_an_older_one_is_not_taken_for_it(scene: Scene) -> None:
    """The second answer never reached Zulip; the first, word for word the same, stands there."""
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.exchange()
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.hear()
    scene.zulip.fail_next("POST messages", BAD_GATEWAY)
    with pytest.raises(UnreachableError):
        scene.sender().deliver()
    scene.sender().deliver()
    assert len(scene.replies()) == 2


def _die(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_crash_between_action_and_sending_loses_nothing(scene: Scene) -> None:
    scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall")
    scene.hear()
    assert scene.replies() == []
    assert scene.exchange()[0].startswith("Yours")
    assert len(scene.exchange()) == 1


def test_crash_within_the_action_leaves_nothing_half_done(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall")
    with monkeypatch.context() as patch:
        patch.setattr("server.listener._post", _die)
        with pytest.raises(KeyboardInterrupt):
            scene.hear()
    assert scene.holders() == []
    assert scene.exchange()[0].startswith("Yours")


def test_fault_is_told_and_the_next_message_answered(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.dispatch.nodes.show", lambda *_: 1 / 0)
    scene.zulip.direct(scene.ada, "show lem:hall", scene.bot)
    scene.zulip.direct(scene.ada, "claim lem:hall", scene.bot)
    sorry, yours = scene.exchange()
    assert sorry.startswith("Something went wrong on my side")
    assert "division" not in sorry
    number = sorry.partition("(Fault ")[2][:8]
    assert f"fault {number}" in (tmp_path / "faults.log").read_text()
    assert yours.startswith("Yours")


def test_message_that_cannot_even_be_refused_is_left_alone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.listener._post", lambda *_: 1 / 0)
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    listener = scene.listener()
    for _ in range(2):
        with pytest.raises(UnreachableError):
            listener.turn(None)
    listener.turn(None)
    assert all(scene.bot.id in message.read_by for message in scene.zulip.messages)


def test_expired_queue_loses_no_mention(scene: Scene) -> None:
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        scene.zulip.fail_next("GET events", BAD_GATEWAY)
        scene.zulip.expire_queues()
        scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall")
        scene.zulip.wait_until(lambda: len(scene.replies()) == 1)
        scene.zulip.say(scene.ben, "@**Chantier** mine")
        scene.zulip.wait_until(lambda: len(scene.replies()) == 2)
    assert scene.holders() == ["Ada"]


def test_restart_goes_on_in_the_same_queue(scene: Scene) -> None:
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        scene.zulip.say(scene.ada, "@**Chantier** mine")
        scene.zulip.wait_until(lambda: len(scene.replies()) == 1)
    scene.zulip.say(scene.ada, "@**Chantier** next")
    with bot_running(scene):
        scene.zulip.wait_until(lambda: len(scene.replies()) == 2)
    assert scene.zulip.requests.count("POST register") == 1


def test_many_missed_messages_are_all_read(scene: Scene) -> None:
    for number in range(450):
        scene.zulip.say(scene.ada, f"@**Chantier** claim lem:nothing{number}")
    scene.hear()
    with scene.database.reading() as store:
        waiting = store.mail.pending(limit=1000)
    assert len(waiting) == 450
    assert "lem:nothing0`" in waiting[0].text


def test_too_many_requests_wait_as_told(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.zulip.fail_next("POST messages", BUSY)
    scene.hear()
    with pytest.raises(BusyError) as busy:
        scene.sender().deliver()
    assert busy.value.seconds == pytest.approx(0.2)
    scene.sender().deliver()
    assert len(scene.replies()) == 1


def test_refused_answer_is_given_up_and_holds_up_nobody(scene: Scene) -> None:
    scene.zulip.say(scene.ada, "@**Chantier** next", topic="closed")
    scene.zulip.say(scene.ben, "@**Chantier** next", topic="open")
    scene.hear()
    scene.zulip.fail_next("POST messages", REFUSE)
    scene.sender().deliver()
    scene.sender().deliver()
    assert [message.topic for message in scene.zulip.said_by(scene.bot)] == ["open"]


def test_answer_that_does_not_get_through_is_set_aside_and_tried_later(scene: Scene) -> None:
    for who, said in ((scene.ada, "mine"), (scene.ada, "next"), (scene.ben, "help")):
        scene.zulip.direct(who, said, scene.bot)
    scene.hear()
    sender = scene.sender()
    scene.zulip.fail_next("POST messages", BAD_GATEWAY, times=TRIES)
    for _ in range(TRIES):
        with pytest.raises(UnreachableError):
            sender.deliver()
    sender.deliver()
    assert [reply[:8] for reply in scene.replies()] == ["* `claim"]  # Ben does not wait for Ada
    scene.sender(NOW + REST).deliver()
    assert [reply[:8] for reply in scene.replies()[1:]] == ["You hold", "Free now"]


def test_answer_that_does_not_get_through_for_a_day_is_dropped(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.hear()
    scene.zulip.fail_next("POST messages", BAD_GATEWAY)
    with pytest.raises(UnreachableError):
        scene.sender().deliver()
    scene.sender(NOW + PATIENCE + REST).deliver()
    assert scene.replies() == []


def test_reaction_that_never_gets_through_holds_up_nobody(scene: Scene) -> None:
    first = scene.zulip.direct(scene.ada, "claim lem:hall", scene.bot)
    scene.zulip.direct(scene.ben, "mine", scene.bot)
    scene.hear()
    scene.zulip.fail_next(f"POST messages/{first.id}/reactions", BAD_GATEWAY, times=TRIES)
    sender = scene.sender()
    for _ in range(TRIES):
        with pytest.raises(UnreachableError):
            sender.deliver()
    sender.deliver()
    assert len(scene.replies()) == 2


def test_outage_gives_up_nothing(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.hear()
    sender = scene.sender()
    scene.zulip.fail_next("POST messages", BAD_GATEWAY)
    scene.zulip.fail_next("GET messages", BAD_GATEWAY, times=20)
    for _ in range(21):
        with pytest.raises(UnreachableError):
            sender.deliver()
    sender.deliver()
    assert len(scene.replies()) == 1


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


def test_notice_arrives_once_and_alerts_nobody(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.exchange()
    with scene.database.begin() as store:
        ada = people.by_zulip(store, scene.ada.id, "Ada", NOW)
        project = store.projects.every()[0]
        tell(store, project, ada.id, "verified", "`lem:@**all**` by @**all** is verified.", NOW, "lem:hall")
        tell(store, project, ada.id, "verified", "x @**all** " * 3000, NOW, None)
    scene.sender().deliver()
    scene.sender().deliver()
    told = scene.zulip.said_by(scene.bot)[1:]
    assert told[0].content == "`lem:@**all**` by ＠∗∗all∗∗ is verified."
    assert sum(len(message.content) for message in told[1:]) >= 30_000
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
        ("I would like it: @**Chantier (bot)** claim x", "claim x"),
        ("I love @**Chantier (bot)** so much", None),
        ("@**Ada** says\n```quote\n@**Chantier (bot)** claim x\n```\nis how", None),
        ("> @**Chantier (bot)** claim x", None),
        ("@**Chantier** claim x", None),
    ],
)
def test_what_is_said_to_the_bot(text: str, heard: str | None) -> None:
    said = addressed(Incoming(1, 9, "Ada", text, True, 3, "topic", ()), ME)
    assert (said.strip() if said is not None else None) == heard


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


def test_onlookers_are_refused(scene: Scene) -> None:
    with scene.database.begin() as store:
        eve = people.by_zulip(store, scene.ada.id, "Ada", NOW)
        store.people.set_role(eve.id, Role.ONLOOKER)
    scene.zulip.direct(scene.ada, "claim lem:hall", scene.bot)
    assert "ask a maintainer" in scene.exchange()[0]
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
