"""How the bot gets along with Zulips of all ages, their limits and their haste, and with hasty people."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server import chat_words
from server.bot import ZulipChat, connect
from server.bot.pace import Pace
from server.chat import Cursor, Limits, QueueGoneError
from server.mailroom import Mailroom
from server.markup import topic_within
from server.sender import Sender
from server.service import channels
from server.service.visiting import Manners, admit
from server.store import Database

from .chat_scene import Scene, bot_running, staged
from .chat_world import NOW, add_project
from .fake_zulip import BAD_GATEWAY, BUSY, SLOW


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        yield scene


@pytest.mark.parametrize("level", [60, 175, 185, 248, 400])
def test_servers_of_all_ages_are_spoken_to_in_their_words(scene: Scene, level: int) -> None:
    scene.zulip.level = level
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.zulip.say(scene.ada, "@**Chantier** next", stream=7)
    scene.hear()
    scene.zulip.fail_next("POST messages", BAD_GATEWAY)
    sender = scene.sender()
    for _ in range(2):
        _try(sender.deliver)
    assert [reply[:8] for reply in scene.replies()] == ["You hold", "Free now"]


def _try(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as error:  # noqa: BLE001
        assert "Unreachable" in type(error).__name__  # noqa: PT017


def test_both_spellings_of_a_message_are_read() -> None:
    old = {
        "id": 1,
        "sender_id": 2,
        "sender_full_name": "Ada",
        "content": "x",
        "type": "stream",
        "stream_id": 7,
        "subject": "Hall",
        "display_recipient": "halls",
    }
    new = {key: value for key, value in old.items() if key != "subject"} | {
        "type": "channel",
        "topic": "Hall",
    }
    assert chat_words.incoming(old, ["mentioned"]) == chat_words.incoming(new, ["mentioned"])
    people = [{"id": 2}, {"id": 3}]
    direct = {**old, "type": "private", "display_recipient": people}
    assert chat_words.incoming(direct, []) == chat_words.incoming({**direct, "type": "direct"}, [])
    assert chat_words.incoming(direct, []).people == (2, 3)


def test_limits_are_those_of_the_server(scene: Scene) -> None:
    scene.zulip.limit, scene.zulip.topic_limit = 500, 20
    scene.zulip.direct(scene.ada, "help", scene.bot)
    scene.hear()
    with scene.database.begin() as store:
        topic = "lem:hall: Hall's marriage theorem"
        store.mail.post("news", "stream", "7", "verified", NOW, topic=topic)
    scene.zulip.add_channel(7, "halls")
    for _ in range(5):
        scene.sender().deliver()
    said = scene.zulip.said_by(scene.bot)
    assert len(said) > 2
    assert not [message for message in said if "truncated" in message.content or "..." in message.topic]
    (news,) = (message for message in said if message.stream)
    assert news.topic.startswith("lem:hall… ")
    assert len(news.topic) <= 20


def test_a_topic_is_shortened_so_that_it_stays_itself() -> None:
    assert topic_within("lem:hall", 60) == "lem:hall"
    long = "thm:main: " + "very " * 20 + "long"
    short = topic_within(long, 60)
    assert short.startswith("thm:main: very ")
    assert len(short) <= 60
    assert short == topic_within(long, 60) != topic_within(long + "er", 60)
    assert len(topic_within("x" * 100, 60)) == 60
    assert topic_within(f"lem:{'x' * 54}: a title", 60) == f"lem:{'x' * 54}"


def test_a_restart_of_zulip_loses_nothing(scene: Scene) -> None:
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        scene.zulip.restart(graceful=True)
        scene.zulip.direct(scene.ada, "mine", scene.bot)
        scene.zulip.wait_until(lambda: len(scene.replies()) == 1)
        scene.zulip.restart(down=0.5)
        scene.zulip.direct(scene.ada, "next", scene.bot)
        scene.zulip.wait_until(lambda: len(scene.replies()) == 2, seconds=30)


def test_unknown_and_older_events_are_passed_over(scene: Scene) -> None:
    chat = scene.chat()
    cursor = chat.register()
    (queue,) = scene.zulip.queues.values()
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    queue.kinds = None
    chat.react(scene.zulip.messages[0].id, "check")
    heard = chat.events(cursor)
    assert [message.text for message in heard.messages] == ["mine"]
    assert heard.cursor.last == 1
    assert not heard.rooms_changed
    queue.put({"type": "subscription", "op": "add", "subscriptions": []})
    assert chat.events(heard.cursor).rooms_changed
    with pytest.raises(QueueGoneError):
        chat.events(Cursor("another", -1))


def test_a_fault_of_ours_stops_neither_listening_nor_sending(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"heard": 1, "sent": 1}

    def fail(what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*arguments: Any, **named: Any) -> Any:
            if broken[what]:
                broken[what] -= 1
                raise KeyError("of an unknown shape")
            return call(*arguments, **named)

        return failing

    monkeypatch.setattr(ZulipChat, "mark_read", fail("heard", ZulipChat.mark_read))
    monkeypatch.setattr(ZulipChat, "send", fail("sent", ZulipChat.send))
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        scene.zulip.direct(scene.ada, "mine", scene.bot)
        scene.zulip.wait_until(lambda: len(scene.replies()) == 1, seconds=30)
        scene.zulip.direct(scene.ada, "next", scene.bot)
        scene.zulip.wait_until(lambda: len(scene.replies()) == 2, seconds=30)
    assert broken == {"heard": 0, "sent": 0}


def test_the_pace_slows_down_before_it_must() -> None:
    def headers(left: int) -> dict[str, str]:
        reset = datetime(2026, 11, 22, 9, 1, tzinfo=NOW.tzinfo).timestamp()
        date = "Sun, 22 Nov 2026 09:00:00 GMT"
        return {
            "X-RateLimit-Limit": "200",
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": str(int(reset)),
            "Date": date,
        }

    pace = Pace()
    pace.heed({})
    pace.heed(headers(150))
    assert [pace.take(), pace.take()] == [0.0, 0.0]
    pace.heed(headers(5))
    assert pace.take() == 0.0
    assert 9 < pace.take() <= 10  # 60 seconds for 6 requests
    pace.heed(headers(150))
    pace.hold(3.5)
    assert 3 < pace.take() <= 10


def test_the_headers_are_read_although_the_client_hides_them(scene: Scene) -> None:
    scene.zulip.rate, heard = 40, list[dict[str, str]]()
    pace = Pace()
    pace.heed = heard.append  # type: ignore[method-assign,assignment]
    connect(scene.credentials(), pace).account()
    assert heard[-1]["X-RateLimit-Limit"] == "40"


def test_a_slow_conversation_holds_up_no_other(scene: Scene) -> None:
    scene.zulip.slowness = 3.0
    with scene.database.begin() as store:
        for number in range(3):
            store.mail.post(f"slow:{number}", "direct", str(scene.ada.id), f"slow {number}", NOW)
            store.mail.post(f"quick:{number}", "direct", str(scene.ben.id), f"quick {number}", NOW)
    scene.zulip.fail_next("POST messages", SLOW)
    with sending(scene):
        scene.zulip.wait_until(lambda: len(scene.replies()) == 6, seconds=30)
    slow = [text for text in scene.replies() if "slow" in text]
    quick = [text for text in scene.replies() if "quick" in text]
    assert (slow, quick) == ([f"slow {n}" for n in range(3)], [f"quick {n}" for n in range(3)])
    later = {"slow": scene.replies().index("slow 1"), "quick": scene.replies().index("quick 1")}
    assert min(later.values()) + 1 < max(later.values())  # one of the two got on without the other


def test_a_busy_zulip_is_waited_for_and_nothing_is_lost_or_repeated(scene: Scene) -> None:
    with scene.database.begin() as store:
        for number in range(12):
            to = scene.ada if number % 2 else scene.ben
            store.mail.post(f"note:{number}", "direct", str(to.id), f"note {number}", NOW)
    scene.zulip.fail_next("POST messages", BUSY, times=3)
    with sending(scene):
        scene.zulip.wait_until(lambda: len(scene.replies()) == 12, seconds=30)
        time.sleep(0.5)
    assert len(scene.replies()) == 12
    assert "GET messages" not in scene.zulip.requests  # nothing was in doubt


class sending:  # noqa: N801 (used as a word)
    """The mailroom at work until the block ends."""

    def __init__(self, scene: Scene) -> None:
        senders = [Sender(scene.database, scene.chat(), lambda: NOW) for _ in range(3)]
        self._stop = threading.Event()
        room = Mailroom(scene.database, senders)
        self._thread = threading.Thread(target=room.run, args=(self._stop,), daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


def test_whoever_says_too_much_is_told_once_and_heard_again(any_database: Database) -> None:
    manners, now = Manners(per_minute=4), NOW
    with any_database.begin() as store:
        assert [admit(store, "7", manners, now) for _ in range(4)] == [None] * 4
        wait = admit(store, "7", manners, now)
        assert wait is not None
        assert (wait.seconds, wait.first) == (30, True)
        assert admit(store, "8", manners, now) is None
        for seconds in (1, 10, 29):
            again = admit(store, "7", manners, now + timedelta(seconds=seconds))
            assert again is not None
            assert not again.first
        assert admit(store, "7", manners, now + timedelta(seconds=30)) is None
        assert admit(store, "7", manners, now + timedelta(seconds=30)) is None
        told = admit(store, "7", manners, now + timedelta(seconds=30))
        assert told is not None
        assert told.first


def test_a_flood_is_answered_once(scene: Scene) -> None:
    scene.manners = Manners(per_minute=3)
    for _ in range(10):
        scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.zulip.direct(scene.ben, "mine", scene.bot)
    said = scene.exchange()
    assert [text[:8] for text in said] == ["You hold"] * 3 + ["You writ"] + ["You hold"]
    assert "I read on in 30 seconds" in said[3]


def closed_project(scene: Scene) -> None:
    """`halls` is spoken of in a private channel that Ada and the bot are in; `cats` is public."""
    scene.zulip.add_channel(7, "halls", [scene.ada, scene.bot], private=True)
    with scene.database.begin() as store:
        channels.add(store, store.projects.every()[0], "halls")


def test_what_is_private_is_repeated_nowhere_else(scene: Scene) -> None:
    closed_project(scene)
    scene.zulip.say(scene.ada, "@**Chantier** mine", stream=7)
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.zulip.direct(scene.ben, "mine", scene.bot)
    scene.zulip.say(scene.ada, "@**Chantier** mine", stream=1)
    assert [text[:36] for text in scene.exchange()] == [
        "You hold no task at the moment; `nex",
        "You hold no task at the moment; `nex",
        "I speak of this project only in its ",
        "This channel belongs to no project o",
    ]


def test_a_private_project_is_not_even_named_to_others(scene: Scene) -> None:
    closed_project(scene)
    with scene.database.begin() as store:
        add_project(store, "cats")
        add_project(store, "dogs")
    for who in (scene.ada, scene.ben):
        for said in ("mine", "in halls: mine"):
            scene.zulip.direct(who, said, scene.bot)
    scene.listener(project=None).turn(None)
    scene.sender().deliver()
    ada = [m.content for m in scene.zulip.said_by(scene.bot) if scene.ada.id in m.recipients]
    ben = [m.content for m in scene.zulip.said_by(scene.bot) if scene.ben.id in m.recipients]
    assert "`cats`, `dogs`, `halls`" in ada[0]
    assert ada[1].startswith("You hold")
    assert "halls" not in ben[0]
    assert ben[1].startswith("I know no project `halls`; there is `cats`, `dogs`.")


def test_a_channel_is_followed_through_its_renaming(scene: Scene) -> None:
    closed_project(scene)
    listener = scene.listener()
    cursor = listener.turn(None)
    scene.zulip.channels[7] = replace(scene.zulip.channels[7], name="the halls", private=False)
    (queue,) = scene.zulip.queues.values()
    queue.put({"type": "stream", "op": "update", "stream_id": 7, "property": "name", "value": "the halls"})
    listener.turn(cursor)
    with scene.database.reading() as store:
        (found,) = channels.listing(store, store.projects.every()[0])
    assert (found.name, found.number, found.private) == ("the halls", 7, False)


def test_limits_have_the_values_that_zulip_always_had() -> None:
    assert Limits() == Limits(message=10_000, topic=60)
