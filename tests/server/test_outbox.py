"""Messages that are rewritten: before they go out, afterwards, and when it is too late to edit them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.chat import UnreachableError
from server.store import Database

from .chat_scene import Scene, staged
from .chat_world import NOW
from .fake_zulip import BAD_GATEWAY, BAD_GATEWAY_AFTER, DROP_AFTER, LIMIT

KEY, TOPIC = "progress:1:2026-11-22", "progress"
TOO_LATE = -3600  # seconds after which a message may not be edited


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with staged(tmp_path) as scene:
        scene.zulip.add_channel(7, "halls")
        yield scene


def rewrite(database: Database, text: str, to: str = "halls") -> None:
    with database.begin() as store:
        store.mail.rewrite(KEY, "stream", to, text, NOW, topic=TOPIC)


def said(scene: Scene) -> list[tuple[int | None, str, str]]:
    return [(one.stream, one.topic, one.content) for one in scene.zulip.said_by(scene.bot)]


def test_before_it_is_out_the_text_is_replaced(any_database: Database) -> None:
    rewrite(any_database, "one")
    rewrite(any_database, "two")
    with any_database.begin() as store:
        (waiting,) = store.mail.pending()
        assert (waiting.text, waiting.number) == ("two", None)
        assert store.mail.tried(waiting.id) is not None
    rewrite(any_database, "three")
    with any_database.begin() as store:
        assert [row.text for row in store.mail.pending()] == ["two"]  # which may be out by now
        store.mail.sent(waiting.id, NOW, 500)
        assert [(row.text, row.number) for row in store.mail.pending()] == [("three", 500)]
        store.mail.edited(waiting.id, "three")
        assert store.mail.pending() == ()


def test_what_was_rewritten_during_an_edit_is_edited_again(any_database: Database) -> None:
    rewrite(any_database, "one")
    with any_database.begin() as store:
        (row,) = store.mail.pending()
        store.mail.sent(row.id, NOW, 500)
    rewrite(any_database, "two")
    rewrite(any_database, "three")
    with any_database.begin() as store:
        store.mail.edited(row.id, "two")
        assert [each.text for each in store.mail.pending()] == ["three"]
        store.mail.anew(row.id)
        assert [(each.text, each.number) for each in store.mail.pending()] == [("three", None)]


def test_the_same_text_is_no_edit(any_database: Database) -> None:
    rewrite(any_database, "one")
    with any_database.begin() as store:
        store.mail.sent(store.mail.pending()[0].id, NOW, 500)
    rewrite(any_database, "one")
    with any_database.begin() as store:
        assert store.mail.pending() == ()


def test_what_is_out_is_edited(scene: Scene) -> None:
    for text in ("one", "two", "three"):
        rewrite(scene.database, text)
        scene.sender().deliver()
    assert said(scene) == [(7, TOPIC, "three")]


def test_what_cannot_be_edited_is_posted_anew_and_takes_over(scene: Scene) -> None:
    rewrite(scene.database, "one")
    scene.sender().deliver()
    scene.zulip.edit_seconds = TOO_LATE
    rewrite(scene.database, "two")
    for _ in range(3):
        scene.sender().deliver()
    scene.zulip.edit_seconds = None
    rewrite(scene.database, "three")
    scene.sender().deliver()
    assert said(scene) == [(7, TOPIC, "one"), (7, TOPIC, "three")]


def test_what_was_deleted_is_posted_anew(scene: Scene) -> None:
    rewrite(scene.database, "one")
    scene.sender().deliver()
    scene.zulip.messages.clear()
    rewrite(scene.database, "two")
    for _ in range(2):
        scene.sender().deliver()
    assert said(scene) == [(7, TOPIC, "two")]


def test_another_place_is_another_message(scene: Scene) -> None:
    scene.zulip.add_channel(8, "elsewhere")
    rewrite(scene.database, "one")
    scene.sender().deliver()
    rewrite(scene.database, "two", to="8")
    scene.sender().deliver()
    assert said(scene) == [(7, TOPIC, "one"), (8, TOPIC, "two")]


@pytest.mark.parametrize("fault", [BAD_GATEWAY, BAD_GATEWAY_AFTER, DROP_AFTER])
@pytest.mark.parametrize("late", [False, True])
def test_an_edit_in_doubt_is_made_once(scene: Scene, fault: str, late: bool) -> None:
    """Also where it came through, nobody said so, and by now it is too late for another."""
    rewrite(scene.database, "one")
    scene.sender().deliver()
    rewrite(scene.database, "two")
    number = scene.zulip.said_by(scene.bot)[0].id
    scene.zulip.fail_next(f"PATCH messages/{number}", fault)
    with pytest.raises(UnreachableError):
        scene.sender().deliver()
    scene.zulip.edit_seconds = TOO_LATE if late else None
    for _ in range(3):
        scene.sender().deliver()
    anew = late and fault == BAD_GATEWAY
    assert said(scene) == [*([(7, TOPIC, "one")] if anew else []), (7, TOPIC, "two")]


def test_rewritten_while_its_first_sending_is_in_doubt(scene: Scene) -> None:
    rewrite(scene.database, "one")
    scene.zulip.fail_next("POST messages", BAD_GATEWAY_AFTER)
    with pytest.raises(UnreachableError):
        scene.sender().deliver()
    rewrite(scene.database, "two")
    for _ in range(2):
        scene.sender().deliver()
    assert said(scene) == [(7, TOPIC, "two")]


def test_pieces_of_a_long_message_stay_together(scene: Scene) -> None:
    lines = "\n".join(f"line {number} " + "x" * 80 for number in range(300))
    rewrite(scene.database, lines)
    with scene.database.begin() as store:
        store.mail.post("later", "stream", "halls", "later", NOW, topic=TOPIC)
    for _ in range(3):
        scene.sender().deliver()
    parts = [text for _, _, text in said(scene)]
    assert len(parts) == 4
    assert all(len(part) <= LIMIT for part in parts)
    assert parts[-1] == "later"
    assert "\n".join(parts[:3]) == lines
    rewrite(scene.database, lines.replace("line", "edited"))
    for _ in range(3):
        scene.sender().deliver()
    assert "\n".join(text for _, _, text in said(scene)[:3]) == lines.replace("line", "edited")
