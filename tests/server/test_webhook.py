"""Zulip's outgoing webhook as a way in: who may use it, what comes in once, and what is no trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from server.app import create_app
from server.settings import load
from server.webhook import LARGEST

from .chat_scene import Scene, staged
from .chat_world import NOW

TOKEN = "a token for tests, long enough"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with staged(tmp_path) as scene:
        yield scene


@pytest.fixture
def client(scene: Scene, tmp_path: Path) -> FlaskClient:
    settings = replace(load(tmp_path / "none.toml", {}), zulip_webhook_token=SecretStr(TOKEN))
    return create_app(settings, scene.database, lambda: NOW).test_client()


def said(scene: Scene, text: str, number: int = 500, stream: int | None = None) -> dict[str, Any]:
    """What Zulip posts when Ada says so to the bot."""
    message: dict[str, Any] = {
        "id": number,
        "sender_id": scene.ada.id,
        "sender_full_name": "Ada",
        "sender_email": scene.ada.email,
        "content": text,
        "rendered_content": f"<p>{text}</p>",
        "subject": "Hall" if stream else "",
        "timestamp": 1527876931,
        "type": "stream" if stream else "private",
        "display_recipient": "halls" if stream else [_person(scene.ada), _person(scene.bot)],
        **({"stream_id": stream} if stream else {}),
    }
    return {
        "token": TOKEN,
        "trigger": "mention" if stream else "direct_message",
        "bot_email": scene.bot.email,
        "bot_full_name": "Chantier",
        "data": text,
        "message": message,
    }


def _person(user: Any) -> dict[str, Any]:
    return {"id": user.id, "email": user.email, "full_name": user.name}


def answers(scene: Scene) -> list[str]:
    with scene.database.reading() as store:
        return [row.text for row in store.mail.pending() if row.channel != "reaction"]


def test_a_command_is_taken_once_and_answered_by_the_outbox(scene: Scene, client: FlaskClient) -> None:
    scene.zulip.add_channel(7, "halls")
    payload = said(scene, "@**Chantier** claim lem:hall", stream=7)
    for _ in range(3):
        response = client.post("/zulip/webhook", json=payload)
        assert (response.status_code, response.json) == (200, {"response_not_required": True})
    assert [text[:5] for text in answers(scene)] == ["Yours"]
    assert scene.holders() == ["Ada"]
    scene.sender().deliver()
    (answer,) = scene.zulip.said_by(scene.bot)
    assert (answer.stream, answer.topic) == (7, "Hall")


def test_direct_messages_and_both_spellings(scene: Scene, client: FlaskClient) -> None:
    old, new = said(scene, "mine"), said(scene, "mine", number=501)
    new["message"]["type"] = "direct"
    group = said(scene, "mine", number=502)
    group["message"]["display_recipient"].append(_person(scene.ben))
    for payload in (old, new, group):
        client.post("/zulip/webhook", json=payload)
    assert [text[:8] for text in answers(scene)] == ["You hold", "You hold"]


def test_the_event_queue_and_the_webhook_share_an_inbox(scene: Scene, client: FlaskClient) -> None:
    asked = scene.zulip.direct(scene.ada, "mine", scene.bot)
    scene.hear()
    client.post("/zulip/webhook", json=said(scene, "mine", number=asked.id))
    assert len(answers(scene)) == 1


@pytest.mark.parametrize("token", ["", "wrong", None, 7, "é\ud800", TOKEN[:-1]])
def test_a_wrong_token_does_nothing(scene: Scene, client: FlaskClient, token: object) -> None:
    response = client.post("/zulip/webhook", json={**said(scene, "claim lem:hall"), "token": token})
    assert response.status_code == 200
    assert answers(scene) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[]", b"[" * 100_000, b'{"token": "' + TOKEN.encode() + b'"}', b"x" * (LARGEST + 1)],
)
def test_nonsense_is_no_trouble(scene: Scene, client: FlaskClient, body: bytes) -> None:
    response = client.post("/zulip/webhook", data=body, content_type="application/json")
    assert response.status_code == 200
    assert answers(scene) == []


@pytest.mark.parametrize("field", ["id", "sender_id"])
@pytest.mark.parametrize("value", [float("inf"), float("nan"), None, "x", [], {}])
def test_a_number_that_is_none_is_no_trouble(
    scene: Scene, client: FlaskClient, field: str, value: object
) -> None:
    payload = said(scene, "mine")
    payload["message"][field] = value
    assert client.post("/zulip/webhook", json=payload).status_code == 200
    assert answers(scene) == []


def test_a_fault_is_told_and_is_no_trouble_to_zulip(
    scene: Scene, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.answering._post", lambda *_: 1 / 0)
    for _ in range(5):
        assert client.post("/zulip/webhook", json=said(scene, "mine")).status_code == 200


def test_without_a_token_there_is_no_such_address(scene: Scene, tmp_path: Path) -> None:
    client = create_app(load(tmp_path / "none.toml", {}), scene.database, lambda: NOW).test_client()
    assert client.post("/zulip/webhook", json=said(scene, "mine")).status_code == 404
