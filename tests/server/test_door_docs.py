"""The manual names every command and every action, in the words of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.commands.credits import WORDS
from server.commands.forms import NODE_VERBS, TASK_VERBS
from server.commands.usage import USAGE

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("verb", list(USAGE))
def test_the_chat_manual_has_every_command(verb: str) -> None:
    usage = USAGE[verb]
    form = usage.form.replace("|", "\\|")
    assert f"| `{form}` | {usage.meaning} |" in (DOCS / "zulip.md").read_text("utf-8")


@pytest.mark.parametrize(
    "address",
    [
        *(f"`tasks/12/{verb}`" for verb in TASK_VERBS),
        *(f"`nodes/ID/{verb}`" for verb in NODE_VERBS),
        *(f"`credit/7/{verb}`" for verb in WORDS),
    ],
)
def test_the_manual_of_the_api_has_every_action(address: str) -> None:
    assert address in (DOCS / "api.md").read_text("utf-8")
