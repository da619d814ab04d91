"""Whole conversations with the bot, word for word; `make transcripts` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conversations import files, played


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_the_bot_says_what_is_written(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    assert played(file.read_text()) == file.read_text()


def test_there_are_conversations_of_every_kind() -> None:
    wanted = {"newcomer", "race", "maintainer", "mistakes", "credit", "stuck"}
    assert wanted <= {file.stem for file in files()}


def test_a_turn_that_nobody_can_play_is_found() -> None:
    with pytest.raises(ValueError, match="nobody can play"):
        played("A title.\n\n=== Ada sings\nla\n")
