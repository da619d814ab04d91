"""Conversations about tasks with the bot: notes below a command, people by mention, and nobody alerted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.service import people
from server.work.permissions import Role

from .chat_scene import Scene, staged
from .chat_world import HOSTILE, NOW
from .fake_zulip import User

EVIL = "@**all** `@**all**` ](http://evil.example) ```\n@**all**\n/me $$x$$"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        yield scene


def maintainer(scene: Scene, name: str = "Mona") -> User:
    user = scene.zulip.add_user(name)
    with scene.database.begin() as store:
        people.appoint(store, people.by_zulip(store, user.id, name, NOW), Role.MAINTAINER)
    return user


def tell(scene: Scene, user: User, text: str) -> str:
    """What the bot answers in a direct conversation."""
    scene.zulip.direct(user, text, scene.bot)
    scene.exchange()
    answers = [m for m in scene.zulip.said_by(scene.bot) if user.id in m.recipients]
    return answers[-1].content


def notes(scene: Scene) -> list[str]:
    with scene.database.reading() as store:
        task = next(task for task in store.tasks.of_project(1) if task.number == 5)
        return [event.note for event in store.tasks.events(task.id) if event.note]


def test_what_stands_below_a_command_is_its_note_quotations_and_code_too(scene: Scene) -> None:
    tell(scene, scene.ada, "claim lem:hall\nPigeonholes!")
    scene.zulip.say(
        scene.ada, "@**Chantier** progress lem:hall\n> said Ben\nhalf of it\n```\ncode\n```\nand more"
    )
    scene.exchange()
    assert notes(scene) == ["Pigeonholes!", "> said Ben\nhalf of it\n```\ncode\n```\nand more"]


def test_somebody_mentioned_is_offered_the_task_and_answers(scene: Scene) -> None:
    mona = maintainer(scene)
    scene.zulip.say(mona, "@**Chantier** assign @**Ben** lem:hall")
    answered, told = scene.exchange()
    assert told.startswith("Mona asks you to take #5")
    assert answered.startswith("I have asked Ben to take #5")
    assert "is offered to Ben" in tell(scene, scene.ada, "claim lem:hall")
    assert tell(scene, scene.ben, "accept #5").startswith("#5 “prove Lemma 1.3")
    assert scene.holders() == ["Ben"]


def test_whoever_is_named_without_a_number_is_asked_for_in_one_request(scene: Scene) -> None:
    tell(scene, scene.ada, "claim lem:hall")
    said = tell(scene, scene.ada, "invite @**Ben** to lem:hall\nas @**Ada** and @**Ben** and @**Cy** said")
    assert said.startswith("I have asked Ben")
    assert scene.zulip.requests.count("GET users") == 1


def test_the_name_beside_a_number_counts_for_nothing(scene: Scene) -> None:
    tell(scene, scene.ada, "claim lem:hall")
    said = tell(scene, scene.ada, f"handoff lem:hall to @**Mona Maintainer|{scene.ben.id}**")
    assert said.startswith("I have asked Ben to take over #5")
    assert tell(scene, scene.ada, f"invite @**{scene.bot.name}|{scene.bot.id}** to lem:hall") == (
        "I do not know that account yet; ask them to say `help` to me once."
    )
    assert "I do not know that account" in tell(scene, scene.ada, "invite @**Nobody|99999** to lem:hall")


def test_the_answer_to_the_proposal_asks_once_how_it_was_made(scene: Scene) -> None:
    tell(scene, scene.ada, "claim lem:hall")
    first = tell(scene, scene.ada, "propose https://forge.example/pull/34")
    assert first.endswith(
        "How was it made? `disclose #5 manual`, or `copilot`, `agent`, `autonomous` with the tools."
    )
    assert "names its tools" in tell(scene, scene.ada, "disclose #5 agent")
    assert "is `agent` (Prover)" in tell(scene, scene.ada, "disclose #5 agent with Prover")
    assert "How was it made?" not in tell(scene, scene.ada, "propose #5 https://forge.example/pull/35")
    assert "is withdrawn" in tell(scene, scene.ada, "withdraw https://forge.example/pull/35")


def test_a_proposal_without_a_task_is_for_the_only_one_held(scene: Scene) -> None:
    assert "You hold no task that this could be for" in tell(scene, scene.ada, "propose #34")
    mona = maintainer(scene)
    tell(scene, mona, "claim #5")
    assert "in review with #34" in tell(scene, mona, "propose #34")
    with scene.database.begin() as store:
        store.projects.set_policy(1, {"newcomer_cap": 3})
    tell(scene, mona, "claim #3")
    both = tell(scene, mona, "propose #34")
    assert "`propose #3 #34`" in both
    assert "`propose #5 #34`" in both
    assert "You hold no task for which `#99`" in tell(scene, mona, "withdraw #99")
    assert "is withdrawn" in tell(scene, mona, "withdraw #34")


def test_nothing_that_anybody_writes_alerts_anybody(scene: Scene) -> None:
    mona, eve = maintainer(scene), scene.zulip.add_user("@**all** `@**everyone**` ```")
    tell(scene, mona, f"tag ``{HOSTILE}`` as a, b")
    tell(scene, mona, f"open ``{HOSTILE}`` to review\n{EVIL}")
    tell(scene, eve, f"claim ``{HOSTILE}``\n{EVIL}")
    tell(scene, eve, f"stuck ``{HOSTILE}``\n{EVIL}")
    tell(scene, scene.ada, f"join ``{HOSTILE}``")
    tell(scene, eve, f"accept ``{HOSTILE}``")
    tell(scene, eve, f"handoff ``{HOSTILE}`` to @**Ben**\n{EVIL}")
    tell(scene, eve, f"split ``{HOSTILE}``\n{EVIL}")
    tell(scene, eve, f"propose ``{HOSTILE}`` https://evil.example/@**all**/pull/1 agent with @**all**, `x`")
    tell(scene, mona, f"awaiting-author ``{HOSTILE}``\n{EVIL}")
    tell(scene, eve, f"credit @**Ben** for example on ``{HOSTILE}``: https://evil.example/@**all**")
    tell(scene, eve, f"credit @**Ben** for @**all** on ``{HOSTILE}``: https://evil.example/1")
    tell(
        scene,
        eve,
        f"credit @**Ben** for example on ``{HOSTILE}``: https://evil.example/1 agent with @**all**",
    )
    for user in (mona, eve, scene.ada, scene.ben):
        for text in ("mine", "credits", f"show ``{HOSTILE}``", "timezone @**all**", "next 10"):
            tell(scene, user, text)
    said = scene.zulip.said_by(scene.bot)
    assert len(said) > 30
    assert [message.alerts for message in said if message.alerts] == []
