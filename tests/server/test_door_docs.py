"""The manual names every command, in the words of the code; the API describes itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.commands.usage import USAGE

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("verb", list(USAGE))
def test_the_chat_manual_has_every_command(verb: str) -> None:
    usage = USAGE[verb]
    form = usage.form.replace("|", "\\|")
    assert f"| `{form}` | {usage.meaning} |" in (DOCS / "zulip.md").read_text("utf-8")
