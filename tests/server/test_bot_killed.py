"""The bot killed without warning while Zulip fails it: each command acted on once, answered once, in order.

`CHANTIER_BOT_KILLS` and `CHANTIER_BOT_COMMANDS` say how often; `make test-bot` takes 50 and 2,000, and shows
besides that the trial notices a bot that is broken.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from .bot_trial import faults, prepared

KILLS = int(os.environ.get("CHANTIER_BOT_KILLS", "6"))
COMMANDS = int(os.environ.get("CHANTIER_BOT_COMMANDS", "200"))
WHOLE = "CHANTIER_BOT_KILLS" in os.environ
PEOPLE = 200

# Ways to break the bot, each of which the trial must notice.
BROKEN = {
    "forgets what it has heard": (
        "from server.store.mail import Mail; accept = Mail.accept\n"
        "def forgetful(self, key, now): accept(self, key, now); return True\n"
        "Mail.accept = forgetful"
    ),
    "does not look before it sends again": (
        "from server.sender import Sender; Sender._arrived = lambda self, *_: False"
    ),
    "sends the newest first": (
        "from server.store.mail import Mail; pending = Mail.pending\n"
        "Mail.pending = lambda *arguments, **named: pending(*arguments, **named)[::-1]"
    ),
    "begins anew where its queue is gone": (
        "from server.bot import ZulipChat; ZulipChat.unread = lambda self, *_: ()"
    ),
}


@pytest.mark.timeout(3600)
def test_every_command_is_acted_on_and_answered_once_in_order(tmp_path: Path, database_url: str) -> None:
    begun = time.monotonic()
    with prepared(tmp_path, database_url, PEOPLE, seed=7) as trial:
        trial.run(COMMANDS, KILLS)
        assert faults(trial) == []
        assert trial.kills == KILLS
        print(
            f"{len(trial.asked)} commands, {trial.kills} kills, {trial.process.started} starts, "
            f"{len(trial.zulip.said_by(trial.bot))} answers, {time.monotonic() - begun:.0f} s"
        )


@pytest.mark.timeout(3600)
@pytest.mark.skipif(not WHOLE, reason="takes minutes; `make test-bot` runs it")
@pytest.mark.parametrize("how", BROKEN)
def test_the_trial_notices_a_broken_bot(tmp_path: Path, how: str) -> None:
    with prepared(tmp_path, f"sqlite:///{tmp_path / 'chantier.db'}", PEOPLE, 7, BROKEN[how]) as trial:
        trial.run(300, 8)
        assert faults(trial) != []
