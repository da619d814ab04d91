"""People in the chat and on the pages: they share a task, review it, hand it over, get the credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lean_project.attribution import Authorship
from lean_project.findings import Findings
from lean_project.status import TaskKind, statuses
from server.service import people
from server.service.settlement import Merged, settle
from server.settings import load
from server.work.changes import Done
from server.work.permissions import Role

from .chat_scene import Scene, staged
from .chat_world import NOW, facts, graph
from .fake_zulip import User
from .web_world import SECRET, Site, submit

PAGE = "/p/halls/nodes/lem:hall"
PULL = "https://forge.example/halls/pull/34"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        yield scene


@pytest.fixture
def site(scene: Scene, tmp_path: Path) -> Site:
    """The pages over the bot's own database."""
    return Site(scene.database, load(tmp_path / "none.toml", {"CHANTIER_SECRET_KEY": SECRET}), NOW)


def ask(scene: Scene, user: User, text: str, topic: str = "lem:hall") -> str:
    """What the bot answers to a mention of it."""
    scene.zulip.say(user, f"@**Chantier** {text}", topic=topic)
    scene.exchange()
    return [message.content for message in scene.zulip.said_by(scene.bot) if message.topic == topic][-1]


def letters(scene: Scene, user: User) -> list[str]:
    """What the bot wrote to that person alone."""
    scene.tell()
    said = scene.zulip.said_by(scene.bot)
    return [message.content for message in said if user.id in message.recipients]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def prove_hall(scene: Scene) -> None:
    """A merged commit of Ben's proves the lemma."""
    found = replace(
        facts(),
        declarations=tuple(
            replace(one, direct_sorry=False, axioms=(), blames=()) if one.name == "hall" else one
            for one in facts().declarations
        ),
    )
    findings, authors = Findings(graph(), found, statuses(graph(), found)), (Authorship("B", "b@ex.org", 9),)
    with scene.database.begin() as store:
        ben = people.by_zulip(store, scene.ben.id, "Ben", NOW)
        people.link_git(store, ben, "b@ex.org", NOW)
        project = store.projects.every()[0]
        commit = store.projects.add_commit(project.id, "b" * 40, NOW, "B", "Prove it", NOW)
        store.projects.add_findings(commit, findings, NOW)
        merged = Merged({Done("lem:hall", TaskKind.PROVE): authors}, "b" * 40, NOW)
        settle(store, project, findings, merged, NOW)


def test_two_people_share_review_hand_over_and_get_the_credit(scene: Scene, site: Site) -> None:
    cleo, mona = scene.zulip.add_user("Cleo"), scene.zulip.add_user("Mona")
    with scene.database.begin() as store:
        people.appoint(store, people.by_zulip(store, mona.id, "Mona", NOW), Role.MAINTAINER)

    # Ada takes the task in the topic about it; Ben signs in by a link of the bot's and asks to join.
    assert ask(scene, scene.ada, "claim 2w").startswith(
        "Yours until 2026-12-06 (UTC): **#5** prove Lemma 1.3"
    )
    scene.zulip.direct(scene.ben, "login", scene.bot)
    scene.exchange()
    link = re.search(r"https://pages\.example(\S+)", letters(scene, scene.ben)[-1])
    assert link
    ben = site.client()
    submit(ben, link[1], link[1])
    assert "Ask to join" in ben.get(PAGE).text
    submit(ben, PAGE, "/p/halls/tasks/5/join")
    assert "Ben would like to share #5" in letters(scene, scene.ada)[-1]
    assert ask(scene, scene.ada, "accept") == (
        "Ben and Ada share #5 “prove Lemma 1.3 (Hall's marriage theorem for $$n$$ sets)” now."
    )

    # He proposes his work on the page, and says how it was made; the review goes back and forth.
    submit(ben, PAGE, "/p/halls/tasks/5/propose", change=PULL, method="copilot", tools="GPT")
    page = words(ben.get(PAGE).text)
    assert "your work on lem:hall is copilot (GPT)." in page
    assert "In review" in page
    assert "Proposed: pull/34" in page
    assert "waits for its holders now" in ask(scene, mona, "awaiting-author\nName the cases, please.")
    assert "Mona says: Name the cases, please." in letters(scene, scene.ben)[-1]
    assert "its clock stands still" in ask(scene, scene.ada, "awaiting-review")

    # Ada hands her part to Cleo, to whom the bot never spoke; Cleo accepts.
    asked = ask(scene, scene.ada, "handoff to @**Cleo**\nThe branch is `hall`.")
    assert asked.startswith("I have asked Cleo to take over #5")
    assert "`accept #5` or `decline #5`" in letters(scene, cleo)[-1]
    scene.zulip.direct(cleo, "mine", scene.bot)
    assert "Waiting for your answer:\n* **#5**" in scene.exchange()[-1]
    scene.zulip.direct(cleo, "accept #5", scene.bot)
    scene.exchange()
    assert "is yours now" in letters(scene, cleo)[-1]
    assert ask(scene, scene.ada, "mine", "general").startswith("You hold no task")
    assert "Held by Cleo and you" in words(ben.get(PAGE).text)

    # Lean verifies it, with Ben's lines; he enters on the page what Ada did, and she confirms it.
    prove_hall(scene)
    assert "it is done. Thank you!" in letters(scene, scene.ben)[-1]
    fields = {"kind": "informal proof", "ref": "lem:hall", "evidence": "https://forge.example/notes"}
    submit(ben, PAGE, "/p/halls/credit", who="Ada", **fields)
    entry = re.search(r"confirm (\d+)", letters(scene, scene.ada)[-1])
    assert entry
    assert f"**{entry[1]}** Ada: informal proof" in ask(scene, scene.ada, "credits", "general")
    assert ask(scene, scene.ada, f"confirm {entry[1]}", "general").endswith("of Ada is confirmed.")
    credit = words(ben.get(PAGE).text).partition("Contributors")[2]
    assert re.search(r"Ada Informal proof .* Ben Formal proof · Formal analysis · copilot", credit)

    # Nothing of all this alerted anybody.
    assert [message.alerts for message in scene.zulip.said_by(scene.bot) if message.alerts] == []
