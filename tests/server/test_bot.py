"""The bot against a Zulip that loses answers and forgets queues, with the real `zulip` client."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from server import remembering
from server.chat import BusyError, UnreachableError
from server.sender import PATIENCE, REST, TRIES, Sender
from server.work.tasks import What

from .chat_scene import Scene, bot_running, staged
from .chat_world import NOW
from .fake_zulip import (
    BAD_GATEWAY,
    BAD_GATEWAY_AFTER,
    BUSY,
    DROP_AFTER,
    REFUSE,
)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        yield scene


def test_claim_end_to_end(scene: Scene) -> None:
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        asked = scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall 2w", stream=7, topic="Hall")
        scene.zulip.wait_until(lambda: all((asked.reactions, scene.replies(), scene.bot.id in asked.read_by)))
    (answer,) = scene.zulip.said_by(scene.bot)
    assert answer.content.startswith("Yours until 2026-12-06 (UTC): **#5** prove Lemma 1.3")
    assert (answer.stream, answer.topic) == (7, "Hall")
    assert asked.reactions == [(scene.bot.id, "check")]
    assert scene.bot.id in asked.read_by
    assert scene.holders() == ["Ada"]


def test_that_it_listens_is_written_down(scene: Scene) -> None:
    with scene.database.reading() as store:
        assert remembering.heard(store) is None
    with bot_running(scene):
        scene.zulip.wait_until(lambda: bool(scene.zulip.queues))
        scene.zulip.say(scene.ada, "@**Chantier** help")
        scene.zulip.wait_until(lambda: bool(scene.replies()))
    with scene.database.reading() as store:
        assert remembering.heard(store) == NOW


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
        patch.setattr("server.answering._post", _die)
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
    monkeypatch.setattr("server.answering._post", lambda *_: 1 / 0)
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
        waiting = [row for row in store.mail.pending(limit=2000) if row.channel == "stream"]
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
    assert [reply[:8] for reply in scene.replies()] == ["* **Find"]  # Ben does not wait for Ada
    scene.sender(NOW + REST).deliver()
    assert [reply[:8] for reply in scene.replies()[1:]] == ["You hold", "Free now"]


def test_answer_that_does_not_get_through_for_a_day_is_dropped(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.hear()
    scene.zulip.fail_next("POST messages", BAD_GATEWAY, times=TRIES)
    for _ in range(TRIES):
        with pytest.raises(UnreachableError):
            scene.sender().deliver()
    scene.sender(NOW + PATIENCE + REST).deliver()
    assert scene.replies() == []


def test_outage_of_more_than_a_day_loses_nothing(scene: Scene) -> None:
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.hear()
    clock = [NOW]
    sender = Sender(scene.database, scene.chat(), lambda: clock[0])
    scene.zulip.fail_next("POST messages", BAD_GATEWAY)
    scene.zulip.fail_next("GET messages", BAD_GATEWAY, times=26)
    for _ in range(27):
        with pytest.raises(UnreachableError):
            sender.deliver()
        clock[0] += timedelta(hours=1)
    sender.deliver()
    assert len(scene.replies()) == 1


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
