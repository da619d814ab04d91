"""`chantier bot --check` says what is there and what is missing, a sentence each, and nothing in Zulip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.bot import command
from server.service import channels

from .bot_process import write_zuliprc
from .chat_scene import Scene, staged


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    monkeypatch.delenv("CHANTIER_DATABASE_URL", raising=False)
    with staged(tmp_path) as scene:
        yield scene


def use(scene: Scene, *names: str) -> None:
    with scene.database.begin() as store:
        project = store.projects.every()[0]
        for name in names:
            channels.add(store, project, name)
        channels.post_progress(store, project, names[0])


def check(scene: Scene, folder: Path) -> tuple[int, list[str]]:
    zuliprc = write_zuliprc(folder, scene.zulip, scene.bot)
    result = CliRunner().invoke(command, ["--check", "--zuliprc", str(zuliprc)], catch_exceptions=False)
    assert scene.zulip.said_by(scene.bot) == []
    assert scene.zulip.queues == {}
    return result.exit_code, result.output.splitlines()


def test_all_is_well(scene: Scene, tmp_path: Path) -> None:
    scene.zulip.add_channel(7, "Halls")
    use(scene, "halls")
    assert check(scene, tmp_path) == (
        0,
        [
            f"ok      It is known to Zulip as Chantier (number {scene.bot.id}).",
            "ok      The server is Zulip 11.0 (feature level 400).",
            "ok      It can listen to events.",
            "ok      It can hear and write in `halls` for `halls`.",
        ],
    )


def test_what_is_missing_in_channels(scene: Scene, tmp_path: Path) -> None:
    scene.zulip.add_channel(7, "halls").posters = {scene.ada.id}
    scene.zulip.add_channel(8, "news", [scene.ada])
    scene.zulip.add_channel(9, "secret", [scene.ada], private=True)
    use(scene, "halls", "news", "secret", "nowhere")
    code, lines = check(scene, tmp_path)
    assert code == 1
    assert lines[3:] == [
        "missing The bot may not post in `halls`; allow it in the channel's settings.",
        "missing The bot is not subscribed to `news`; add it to the channel's subscribers.",
        "missing The bot sees no channel `nowhere`; if it is there and private, subscribe the bot to it.",
        "missing The bot sees no channel `secret`; if it is there and private, subscribe the bot to it.",
    ]


def test_a_person_a_wrong_key_and_an_old_server(scene: Scene, tmp_path: Path) -> None:
    scene.bot.is_bot, scene.zulip.level = False, 40
    code, lines = check(scene, tmp_path)
    assert code == 1
    assert lines[0].startswith("missing It is known to Zulip as Chantier")
    assert "which is no bot" in lines[0]
    assert lines[1] == "missing The server is Zulip 11.0, and the bot needs 4.0 or newer."
    scene.bot.key, key = "other", scene.bot.key
    zuliprc = write_zuliprc(tmp_path, scene.zulip, scene.bot)
    scene.bot.key = key
    result = CliRunner().invoke(command, ["--check", "--zuliprc", str(zuliprc)])
    assert result.exit_code == 1
    assert result.output.startswith("missing Zulip does not let the bot in")
    assert len(result.output.splitlines()) == 1
