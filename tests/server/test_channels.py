"""Channels speak of projects: on the books, by the command line, and for a bot that serves all projects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from server.cli.channels import command
from server.service import channels
from server.service.channels import Home
from server.store import Database

from .chat_scene import Scene, staged
from .chat_world import NOW, add_project


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        scene.zulip.add_channel(7, "halls")
        scene.zulip.add_channel(8, "cats")
        yield scene


def two_projects(database: Database) -> None:
    with database.begin() as store:
        halls = store.projects.by_slug("halls") or add_project(store)
        cats = add_project(store, "cats")
        channels.add(store, halls, "Halls")
        channels.add(store, cats, "cats")


def test_a_channel_has_one_project(any_database: Database) -> None:
    with any_database.begin() as store:
        halls, cats = add_project(store), add_project(store, "cats")
        channels.add(store, halls, "#Halls ")
        channels.add(store, halls, "halls")
        with pytest.raises(UserError, match="belongs to `halls`"):
            channels.add(store, cats, "HALLS")
        found = channels.of_channel(store, "haLLs")
        assert found is not None
        assert found.slug == "halls"
        assert channels.of_channel(store, "cats") is None
        channels.remove(store, halls, "halls")
        channels.add(store, cats, "halls")
        assert [each.name for each in channels.listing(store, cats)] == ["halls"]


def test_progress_has_one_home(any_database: Database) -> None:
    with any_database.begin() as store:
        halls = add_project(store)
        assert channels.home(store, halls) is None
        channels.add(store, halls, "halls")
        channels.add(store, halls, "news")
        channels.post_progress(store, halls, "halls")
        assert channels.home(store, halls) == Home("halls", "progress")
        channels.post_progress(store, halls, "News", "what is new")
        assert channels.home(store, halls) == Home("news", "what is new")
        channels.post_progress(store, halls, None)
        assert channels.home(store, halls) is None
        with pytest.raises(UserError, match="no channel `cats`; it has `halls`, `news`"):
            channels.post_progress(store, halls, "cats")


@pytest.mark.parametrize("name", ["", "  ", "#", "a\x00b", "x" * 101, "a\u202eb"])
def test_what_is_no_name_is_refused(database: Database, name: str) -> None:
    with database.begin() as store, pytest.raises(UserError, match="A channel has a name"):
        channels.add(store, add_project(store), name)


def test_the_command_line(scene: Scene) -> None:
    def run(*arguments: str) -> str:
        return CliRunner().invoke(command, arguments, catch_exceptions=False).output

    assert run() == "halls has no channel yet; add one with `--add NAME`.\n"
    assert run("--add", "Halls") == "Halls\n"
    assert run("halls", "--add", "news", "--progress", "news") == (
        "Halls\nnews, with progress in the topic progress\n"
    )
    assert run("--progress", "halls", "--topic", "daily") == (
        "Halls, with progress in the topic daily\nnews\n"
    )
    assert run("--no-progress", "--remove", "news") == "Halls\n"
    assert "Give --progress or --no-progress" in run("--no-progress", "--progress", "Halls")


def test_a_channel_message_is_about_the_project_of_the_channel(scene: Scene) -> None:
    two_projects(scene.database)
    scene.zulip.say(scene.ada, "@**Chantier** claim lem:hall", stream=7)
    scene.zulip.say(scene.ben, "@**Chantier** claim lem:hall", stream=8)
    scene.zulip.say(scene.ben, "@**Chantier** claim lem:hall", stream=9)
    said = hear_all(scene)
    assert [reply[:5] for reply in said] == ["Yours", "Yours", "This "]
    assert said[2].startswith("This channel belongs to no project of mine;")


def test_a_direct_message_is_about_the_project_that_is_named_and_then_remembered(scene: Scene) -> None:
    two_projects(scene.database)
    for said in (
        "mine",
        "help",
        "in dogs: mine",
        "In cats: claim lem:hall",
        "mine",
        "in `halls`",
        "mine",
        "in cats\nmine",
    ):
        scene.zulip.direct(scene.ada, said, scene.bot)
    assert [reply.splitlines()[0][:56] for reply in hear_all(scene)] == [
        "About which project? I know `cats`, `halls`. Begin with ",
        "* **Find work**: `next`, `show`, `who`, `unblocks`, `sta",
        "I know no project `dogs`; there is `cats`, `halls`. Begi",
        "Yours until 2026-11-29 (UTC): **#5** prove Lemma 1.3 (Ha",
        "You hold:",
        "From now on, what you write to me directly is about `hal",
        "You hold no task at the moment; `next` suggests some.",
        "You hold:",
    ]


def test_a_page_of_another_project_means_nothing_here(scene: Scene) -> None:
    two_projects(scene.database)
    for said in (
        "claim https://pages.example/p/cats/nodes/lem:hall",
        "show https://pages.example/p/cats/nodes/lem:hall",
        "claim https://pages.example/p/halls/nodes/lem:hall",
    ):
        scene.zulip.say(scene.ada, f"@**Chantier** {said}", stream=7)
    said = hear_all(scene)
    assert said[:2] == ["That is no page of `halls`, of which we speak here."] * 2
    assert said[2].startswith("Yours until")


def test_a_bot_for_one_project_speaks_of_that_alone(scene: Scene) -> None:
    two_projects(scene.database)
    scene.zulip.say(scene.ada, "@**Chantier** mine", stream=8)
    scene.zulip.direct(scene.ada, "in cats: mine", scene.bot)
    scene.zulip.direct(scene.ada, "mine", scene.bot)
    said = scene.exchange()
    assert said[0].startswith("This channel belongs to no project of mine;")
    assert said[1].startswith("I know no project `cats`; there is `halls`")
    assert said[2].startswith("You hold no task")


def hear_all(scene: Scene) -> list[str]:
    """What a bot for all projects has said after it heard all there is."""
    scene.listener(project=None).turn(None)
    scene.sender().deliver()
    return scene.replies()


def test_channels_may_swap_their_names(any_database: Database) -> None:
    two_projects(any_database)
    with any_database.begin() as store:
        for name, number in (("Halls", 7), ("cats", 8), ("cats", 7), ("Halls", 8)):
            channels.see(store, number, name, private=False)
        slugs = {}
        for name in ("halls", "cats"):
            found = channels.of_channel(store, name)
            slugs[name] = found and found.slug
        assert slugs == {"halls": "cats", "cats": "halls"}
        heard = channels.heard_in(store, 7, "whatever")
        assert heard is not None
        assert heard.slug == "halls"


def test_a_public_channel_of_its_name_is_no_private_channel(any_database: Database) -> None:
    """The private one was renamed, and a public one took its name, while nobody looked."""
    two_projects(any_database)
    with any_database.begin() as store:
        halls = store.projects.by_slug("halls")
        assert halls is not None
        channels.see(store, 7, "halls", private=True)
        assert channels.heard_in(store, 9, "halls") is None
        for number, name, private in ((9, "halls", False), (7, "old halls", True), (9, "halls", False)):
            channels.see(store, number, name, private=private)
            assert channels.heard_in(store, 9, "halls") is None
            assert halls not in channels.heard_by(store, store.projects.every())
        assert [(each.name, each.number) for each in channels.listing(store, halls)] == [("old halls", 7)]


def test_what_was_posted_by_a_channels_name_stays_one_message(any_database: Database) -> None:
    two_projects(any_database)
    with any_database.begin() as store:
        project = store.projects.every()[1]
        channels.post_progress(store, project, "halls")
        for text, sent in (("one", True), ("two", False)):
            place = channels.home(store, project)
            assert place is not None
            store.mail.rewrite("day", "stream", place.channel, text, NOW, topic=place.topic)
            if sent:
                store.mail.sent(store.mail.pending()[0].id, NOW, 500)
                channels.see(store, 7, "Halls", private=False)
        assert [(row.to, row.text, row.number) for row in store.mail.pending()] == [("7", "two", 500)]
