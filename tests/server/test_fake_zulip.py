"""The fake Zulip itself: it refuses, cuts, forgets and confuses as a real one does, and as described."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import requests
import zulip

from .fake_zulip import BUSY, DROP, DROP_AFTER, SLOW, FakeZulip
from .fake_zulip_http import running, served
from .zulip_description import MISSING, Exchange, faults

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def server() -> Iterator[FakeZulip]:
    with running() as server:
        server.add_user("Chantier", is_bot=True)
        server.add_user("Ada")
        yield server


def client(server: FakeZulip, user: int = 10) -> zulip.Client:
    who = server.users[user]
    return zulip.Client(site=server.url, email=who.email, api_key=who.key, retry_on_errors=False)


def queue(of: zulip.Client, **more: Any) -> str:
    return str(of.register(event_types=["message"], apply_markdown=False, **more)["queue_id"])


def heard(of: zulip.Client, name: str, last: int = -1) -> list[str]:
    events = of.get_events(queue_id=name, last_event_id=last)["events"]
    return [event["message"]["content"] for event in events if event["type"] == "message"]


def test_a_queue_keeps_what_was_not_acknowledged_and_beats_when_idle(server: FakeZulip) -> None:
    bot = client(server)
    name = queue(bot)
    server.direct(server.users[11], "one", server.users[10])
    assert heard(bot, name) == heard(bot, name) == ["one"]
    assert [each["type"] for each in bot.get_events(queue_id=name, last_event_id=0)["events"]] == [
        "heartbeat"
    ]
    server.restart()
    assert bot.get_events(queue_id=name, last_event_id=0)["code"] == "BAD_EVENT_QUEUE_ID"


def test_limits_are_told_to_whoever_asks_for_the_organization(server: FakeZulip) -> None:
    bot = client(server)
    assert "max_message_length" not in bot.register(event_types=["message"])
    told = bot.register(event_types=["message"], fetch_event_types=["realm"])
    assert (told["max_message_length"], told["max_topic_length"]) == (10_000, 60)


def test_what_is_too_long_is_cut(server: FakeZulip) -> None:
    bot = client(server)
    server.add_channel(1, "crew")
    bot.send_message({"type": "stream", "to": '"crew"', "topic": "t" * 70, "content": "x" * 10_001})
    (message,) = server.messages
    assert message.topic == "t" * 57 + "..."
    assert len(message.content) == 10_000
    assert message.content.endswith("[message truncated]")


def test_who_may_read_and_post_where(server: FakeZulip) -> None:
    ada, bot = server.users[11], client(server)
    server.add_channel(1, "secret", [ada], private=True)
    server.add_channel(2, "news").posters = {ada.id}
    server.add_channel(3, "elsewhere", [ada])
    name = queue(bot)
    for stream in (1, 2, 3):
        server.say(ada, f"in {stream}", stream=stream)
    assert heard(bot, name) == ["in 2"]
    for stream in (1, 2, 9):
        assert (
            bot.send_message({"type": "stream", "to": stream, "topic": "t", "content": "x"})["result"]
            == "error"
        )
    assert [each["name"] for each in bot.get_subscriptions()["subscriptions"]] == ["news"]
    assert [each["name"] for each in bot.get_streams()["streams"]] == ["news", "elsewhere"]
    assert bot.get_stream_id("nowhere")["code"] == "STREAM_DOES_NOT_EXIST"
    everywhere = queue(bot, all_public_streams=True)
    server.say(ada, "again", stream=3)
    assert heard(bot, everywhere) == ["again"]


def test_own_messages_are_edited_for_ten_minutes(server: FakeZulip) -> None:
    bot = client(server)
    server.add_channel(1, "crew")
    number = bot.send_message({"type": "stream", "to": 1, "topic": "t", "content": "x"})["id"]
    assert bot.update_message({"message_id": number, "content": "y"})["result"] == "success"
    assert server.messages[0].content == "y"
    server.messages[0].timestamp -= 700
    assert "time limit" in bot.update_message({"message_id": number, "content": "z"})["msg"]
    theirs = server.say(server.users[11], "mine")
    assert "permission" in bot.update_message({"message_id": theirs.id, "content": "z"})["msg"]


def test_older_servers_know_only_the_older_words() -> None:
    with running(level=185) as old:
        bot = client(old, old.add_user("Chantier", is_bot=True).id)
        old.add_channel(1, "crew")
        message = {"to": 1, "topic": "t", "content": "x"}
        assert bot.send_message({"type": "channel", **message})["result"] == "error"
        assert bot.send_message({"type": "stream", **message})["result"] == "success"
        query = {"anchor": "newest", "num_before": 9, "num_after": 0}
        for operator, found in (("channel", "error"), ("stream", "success")):
            narrow = [{"operator": operator, "operand": 1}]
            assert bot.get_messages({**query, "narrow": narrow})["result"] == found


def test_too_many_requests_are_refused_with_a_fraction_of_a_second(server: FakeZulip) -> None:
    server.rate = 2
    ada = server.users[11]
    answers = [requests.get(f"{server.url}/api/v1/users/me", auth=(ada.email, ada.key)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert 0 < answers[2].json()["retry-after"] <= 60
    assert not float(answers[2].headers["Retry-After"]).is_integer()


@pytest.mark.parametrize(("fault", "arrived"), [(DROP, 0), (DROP_AFTER, 1)])
def test_connections_are_dropped_before_or_after_the_fact(
    server: FakeZulip, fault: str, arrived: int
) -> None:
    bot = client(server)
    server.fail_next("POST messages", fault)
    with pytest.raises(requests.ConnectionError):
        bot.send_message({"type": "direct", "to": [11], "content": "x"})
    assert len(server.messages) == arrived


def test_slow_answers_come_and_busy_ones_do_nothing(server: FakeZulip) -> None:
    bot = client(server)
    server.fail_next("POST messages", BUSY)
    assert bot.send_message({"type": "direct", "to": [11], "content": "x"})["retry-after"] == 0.2
    server.fail_next("POST messages", SLOW)
    begun = time.monotonic()
    bot.send_message({"type": "direct", "to": [11], "content": "x"})
    assert time.monotonic() - begun >= server.slowness
    assert len(server.messages) == 1


def test_a_server_that_is_down_answers_nobody_and_comes_back(server: FakeZulip) -> None:
    bot = client(server)
    server.restart(down=60, graceful=True)
    assert bot.get_profile()["result"] == "http-error"
    server.heal()
    assert bot.get_profile()["result"] == "success"


def test_events_come_twice_and_out_of_order_but_no_conversation_does(server: FakeZulip) -> None:
    bot, people = client(server), [server.add_user(f"P{number}") for number in range(5)]
    name = queue(bot)
    server.disorder = Random(1)
    said = []
    for number in range(100):
        said.append(server.direct(people[number % 5], str(number), server.users[10]).content)
    came = heard(bot, name)
    assert len(came) > 100
    assert list(dict.fromkeys(came)) != said
    assert set(came) == set(said)
    for person in range(5):
        own = list(dict.fromkeys(each for each in came if int(each) % 5 == person))
        assert own == sorted(own, key=int)


def conversation(server: FakeZulip, exchanges: list[Exchange]) -> None:
    """One of everything that the fake can be asked."""
    bot, ada = server.add_user("Chantier", is_bot=True), server.add_user("Ada")
    talk = client(server, bot.id)
    kinds = ["message", "reaction", "update_message"]
    name = talk.register(event_types=kinds, apply_markdown=False, fetch_event_types=["realm", "subscription"])
    said, asked = server.say(ada, "@**Chantier** hello"), server.direct(ada, "hello", bot)
    number = talk.send_message({"type": "stream", "to": 1, "topic": "t", "content": "x"})["id"]
    talk.send_message({"type": "direct", "to": [ada.id], "content": "x"})
    talk.send_message({"type": "direct", "to": [99], "content": "x"})
    talk.send_message({"type": "stream", "to": '"nowhere"', "topic": "t", "content": "x"})
    for message in (said, said, asked):
        talk.add_reaction({"message_id": message.id, "emoji_name": "check"})
    talk.remove_reaction({"message_id": said.id, "emoji_name": "check"})
    talk.update_message({"message_id": number, "content": "y"})
    talk.update_message_flags({"messages": [said.id], "op": "add", "flag": "read"})
    server.restart(graceful=True)
    talk.get_events(queue_id=name["queue_id"], last_event_id=-1)
    talk.get_messages({"anchor": "newest", "num_before": 9, "num_after": 0, "narrow": []})
    talk.get_raw_message(said.id)
    talk.get_users(), talk.get_user_by_id(ada.id), talk.get_user_by_id(99), talk.get_profile()
    talk.get_streams(), talk.get_subscriptions(), talk.get_stream_id("channel 1")
    server.rate = 1
    talk.get_profile()
    server.rate = None
    talk.call_endpoint(f"messages/{number}", "DELETE")
    talk.deregister(name["queue_id"])


@pytest.mark.skipif(MISSING is not None, reason=str(MISSING))
def test_all_it_can_be_asked_is_as_zulip_describes_it() -> None:
    exchanges: list[Exchange] = []
    with served(FakeZulip(), exchanges) as server:
        conversation(server, exchanges)
    assert faults(exchanges) == []
    assert len({(each.method, each.path, each.status) for each in exchanges}) >= 20


@pytest.mark.skipif(MISSING is not None, reason=str(MISSING))
@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("/register", b'"last_event_id": -1', b'"last_event_id": "-1"'),
        ("/register", b'"max_topic_length"', b'"longest_topic"'),
        ("/events", b'"sender_id"', b'"sender"'),
        ("/events", b'"type": "reaction"', b'"type": "emotion"'),
        ("/events", b'"flags": []', b'"flags": 0'),
        ("/users/me", b'"role": 400', b'"role": 4'),
        ("/messages", b'"code": "BAD_REQUEST"', b'"kode": "BAD_REQUEST"'),
        ("/messages", b'"stream": "nowhere"', b'"stream": 7'),
    ],
)
def test_an_answer_that_is_not_as_described_is_found(path: str, old: bytes, new: bytes) -> None:
    exchanges: list[Exchange] = []
    with served(FakeZulip(), exchanges) as server:
        conversation(server, exchanges)
    hit = [each for each in exchanges if each.path.endswith(path) and old in each.answer]
    assert hit
    assert faults([replace(each, answer=each.answer.replace(old, new)) for each in hit])


@pytest.mark.skipif(MISSING is not None, reason=str(MISSING))
@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("/messages/flags", b"op=add", b"op=plus"),
        ("/messages/flags", b"messages=", b"message="),
        ("/messages", b"type=direct", b"type=personal"),
        ("/messages", b"content=", b"text="),
        ("/register", b"event_types=", b"kinds="),
        ("/register", b"apply_markdown=false", b"apply_markdown=no"),
    ],
)
def test_a_request_that_is_not_as_described_is_found(path: str, old: bytes, new: bytes) -> None:
    exchanges: list[Exchange] = []
    with served(FakeZulip(), exchanges) as server:
        conversation(server, exchanges)
    hit = [each for each in exchanges if each.path.endswith(path) and old in each.body]
    assert hit
    assert faults([replace(each, body=each.body.replace(old, new)) for each in hit])
