"""Which node was meant: a question with numbers, and the number that answers it, once and in its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.sync import sync

from .chat_scene import staged
from .fake_zulip import alerts_in
from .talking import Talk

MINUTE = timedelta(minutes=1)


@pytest.fixture
def talk(village, any_database):
    return Talk(village, any_database)


def test_a_number_runs_the_command_with_that_node(talk):
    asked = talk.say(talk.crew.ben, "claim thm:bb 2w\nby induction")
    assert not asked.ok
    first, *choices, empty, last = asked.text.splitlines()
    assert first.startswith("There is no node `thm:bb` in this blueprint; did you mean `thm:b`")
    assert choices[0] == "1. Theorem b (`thm:b`)"
    assert (empty, last) == ("", "Answer with the number, such as `1`.")
    told = talk.say(talk.crew.ben, " 1. ")
    assert told.text.startswith("Yours until 2026-03-16 (UTC): **#4** prove Theorem b")
    assert [event.text for event in talk.crew.snapshot().events if event.kind == "progressed"] == [
        "wrote on #4 “prove Theorem b”: by induction"
    ]
    assert "nothing to choose from" in talk.say(talk.crew.ben, "1").text


def test_names_that_several_nodes_have_are_asked_about(talk):
    village = talk.crew.village
    nodes = [village.node("thm:x", lean="same"), village.node("thm:y", lean="same")]
    village.commit(village.ana, nodes, "theorem same : A := sorry")
    sync(talk.crew.database, village.folder, talk.crew.now)
    asked = talk.say(talk.crew.ben, "show same").text
    assert asked.startswith("2 nodes go by `same`; say which label: thm:x, thm:y.\n1. Theorem x (`thm:x`)")
    assert talk.say(talk.crew.ben, "2").text.startswith("**Theorem y**")


def test_only_the_same_person_in_the_same_conversation_within_ten_minutes(talk):
    crew = talk.crew
    talk.say(crew.ben, "claim thm:bb", conversation="7/lemmas")
    assert "nothing to choose" in talk.say(crew.cleo, "1", conversation="7/lemmas").text
    assert "nothing to choose" in talk.say(crew.ben, "1", conversation="8/lemmas").text
    assert "nothing to choose" in talk.say(crew.ben, "1").text
    late = talk.say(crew.ben, "1", crew.now + 11 * MINUTE, "7/lemmas")
    assert "nothing to choose" in late.text
    assert talk.say(crew.ben, "1", crew.now + 9 * MINUTE, "7/lemmas").ok


def test_another_message_ends_the_question_and_a_wrong_number_does_not(talk):
    ben = talk.crew.ben
    talk.say(ben, "claim thm:bb")
    assert "answer with a number from 1 to " in talk.say(ben, "0").text
    assert "answer with a number from 1 to " in talk.say(ben, "99").text
    assert talk.say(ben, "1").ok
    talk.say(ben, "claim thm:dd")
    talk.say(ben, "mine")
    assert "nothing to choose" in talk.say(ben, "1").text


def test_what_is_chosen_may_still_be_refused(talk):
    crew = talk.crew
    crew.claim(crew.cleo, "thm:b")
    talk.say(crew.ben, "claim thm:bb")
    assert talk.say(crew.ben, "1").text.startswith("Cleo holds #4")


def test_a_question_about_hostile_names_alerts_nobody(talk):
    village = talk.crew.village
    nodes = [village.node("thm:@**all** `x`"), village.node("thm:@**all** `y`")]
    village.commit(village.ana, nodes, "theorem z : A := sorry")
    sync(talk.crew.database, village.folder, talk.crew.now)
    asked = talk.say(talk.crew.ben, "claim `thm:@**all**`").text
    assert "1. " in asked
    assert alerts_in(asked) == ()


def test_in_the_chat_a_question_belongs_to_its_topic(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        scene.zulip.say(scene.ada, "@**Chantier** claim lem:hal", stream=7, topic="Hall")
        scene.zulip.say(scene.ada, "@**Chantier** 1", stream=7, topic="another topic")
        scene.zulip.say(scene.ben, "@**Chantier** 1", stream=7, topic="Hall")
        scene.zulip.direct(scene.ada, "1", scene.bot)
        scene.zulip.say(scene.ada, "@**Chantier** 1", stream=7, topic="Hall")
        asked, yours = (reply for reply in scene.exchange() if "nothing to choose from" not in reply)
        assert "did you mean `lem:hall`" in asked
        assert yours.startswith("Yours until")
        assert len(scene.replies()) == 5
        assert scene.holders() == ["Ada"]


def test_in_the_chat_a_word_is_sent_to_its_person_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        scene.zulip.say(scene.ada, "@**Chantier** link commit", stream=7, topic="Hall")
        scene.exchange()
        public, private = sorted(scene.zulip.said_by(scene.bot), key=lambda one: one.stream is None)
        assert public.content == "I have answered you in a direct message."
        assert "Chantier-Link: " in private.content
