"""Commands in comments on a forge: read as in the chat, carried out where a project wants that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.forge_work import work_off
from server.forges.events import Forge
from server.service import hooks
from server.service.visiting import Manners

from . import forge_payloads as payloads
from .forge_payloads import Change
from .forge_scene import Scene

ABOUT = "We need this.\n\nTask: #8"
CHANGE = Change(number=34)


@pytest.fixture(params=payloads.FORGES)
def scene(request, village, database, tmp_path):
    return switched_on(Scene(village, database, tmp_path, request.param))


@pytest.fixture
def hub(village, database, tmp_path):
    return switched_on(Scene(village, database, tmp_path))


def switched_on(scene):
    with scene.database.begin() as store:
        hooks.hear_comments(store, scene.project, True, scene.now, scene.crew.mona)
    return scene


def said(scene, text, number=1, **options):
    scene.told(payloads.comment(scene.forge, text, number=number, **{"body": ABOUT, **options}))
    return scene.crew.notices(scene.crew.ana)


def test_the_four_commands(scene):
    link = CHANGE.link(scene.forge)
    assert "#8 “prove Theorem d” is yours until 2026-03-16" in said(scene, "claim 2w", 1)[0]
    assert "is in review" in said(scene, "Propose #34\nThe even case is done.", 2)[0]
    assert scene.crew.task(8).links == (link,)
    assert "is withdrawn" in said(scene, f"withdraw {link}", 3)[0]
    assert "Thank you" in said(scene, "disclaim", 4)[0]
    assert scene.state(8) == "open"


def test_the_log_says_who_told_it(scene):
    said(scene, "claim 2w", 1)
    newest = scene.crew.snapshot(scene.now).events[0]
    assert newest.text.endswith(f"(as {hooks.NAMES[Forge(scene.forge)]} told)")


def test_where_no_forge_is_known_nobody_is_heard(hub):
    with hub.database.begin() as store:
        store.projects.describe(hub.project.id, "The Village", "/srv/halls")
    assert said(hub, "claim") == []
    assert hub.state(8) == "open"


def test_below_a_pull_request_the_task_is_its_own(scene):
    change = Change(body="Task: #8", author=payloads.BEN)
    assert "Ben holds #8" not in str(said(scene, "claim", 1, on=change))
    assert scene.holders(8) == ["Ana"]


def test_an_issue_about_a_node_is_about_its_task(hub):
    said(hub, "claim", body="", title="Prove thm:d")
    assert hub.holders(8) == ["Ana"]


@pytest.mark.parametrize(
    "text",
    [
        "claim that this is wrong",
        "I claim it",
        "claim #8",
        "claim thm:d 2w",
        "propose",
        "withdraw",
        "propose a lunch",
        "> claim",
        "`claim`",
        "progress it goes well",
        "assign @ana",
        "claims",
        "",
        "hold",
        "link commit",
        "link @Ana to eve",
        "link page",
        "login",
        "name hidden",
        "assign @Ana",
        "credit @Ana lead proof",
        "lead @Ana",
    ],
)
def test_whatever_else_is_talk(hub, text):
    assert said(hub, text) == []
    assert hub.state(8) == "open"


@pytest.mark.parametrize(
    "options",
    [{"by": payloads.STRANGER}, {"action": "edited"}, {"at": payloads.Change().at - timedelta(days=40)}],
)
def test_whose_and_which_comments_do_not_count(scene, options):
    assert said(scene, "claim", **options) == []
    assert scene.state(8) == "open"


def test_where_a_project_does_not_want_that_nothing_happens(hub):
    with hub.database.begin() as store:
        hooks.hear_comments(store, hub.project, False, hub.now)
    assert said(hub, "claim") == []
    assert hub.state(8) == "open"


def test_where_it_is_unclear_which_task_the_person_hears_what_to_do(hub):
    assert "names no task" in said(hub, "claim", 1, body="Closes #8")[0]
    assert "names several tasks" in said(hub, "claim", 2, body="Task: #8, task: #4")[0]
    assert "no task that this could be for" in said(hub, "propose #3", 3, body="")[0]


def test_two_webhooks_that_tell_of_one_comment_act_once(hub):
    said(hub, "claim", 1)
    assert len(said(hub, "claim", 1, title="Another webhook, another delivery")) == 1


def test_who_is_too_fast_waits_and_is_told_once(hub):
    for number in range(5):
        hub.post(payloads.comment("github", "claim", number=number, body=ABOUT))
    work_off(hub.database, Manners(2), hub.now)
    told = hub.crew.notices(hub.crew.ana)
    assert [text.startswith("You wrote") for text in told] == [False, True, True]
    assert "in 60 seconds" in told[0] or "in 30 seconds" in told[0]


def test_a_refusal_is_an_answer(hub):
    hub.crew.claim(hub.crew.ben, "#8")
    assert "You wrote claim at https://github.com/village/halls/issues/7: " in said(hub, "claim")[0]
    assert "Ben" in hub.crew.notices(hub.crew.ana)[0]
    assert hub.holders(8) == ["Ben"]
