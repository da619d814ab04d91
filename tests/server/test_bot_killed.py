"""`chantier bot` as a process of its own, killed without warning while Zulip loses answers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from server.store import Database

from .chat_world import add_project
from .fake_zulip import BAD_GATEWAY, BAD_GATEWAY_AFTER, BUSY, DROP_AFTER, FakeZulip, User
from .fake_zulip_http import running

SAID = ("claim lem:hall", "disclaim lem:hall", "claim #3", "mine", "next", "show thm:main", "hepl")
FAULTS = (BAD_GATEWAY, BAD_GATEWAY_AFTER, DROP_AFTER, BUSY)
BOT = "from server.cli import main; main()"


@contextmanager
def process(folder: Path, zuliprc: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The bot's process, ended with the block."""
    environment = {**os.environ, "CHANTIER_DATA": str(folder), "CHANTIER_CONFIG": str(folder / "none.toml")}
    environment.pop("CHANTIER_DATABASE_URL", None)
    command = [sys.executable, "-c", BOT, "bot", "--zuliprc", str(zuliprc)]
    with (folder / "output").open("ab") as output:
        bot = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield bot
    finally:
        bot.kill()
        bot.wait()


def write_zuliprc(file: Path, zulip: FakeZulip, bot: User) -> Path:
    file.write_text(f"[api]\nemail={bot.email}\nkey={bot.key}\nsite={zulip.url}\n")
    return file


def queued(database: Database) -> Counter[str]:
    """Every answer the bot decided on, however often."""
    with database.reading() as store:
        return Counter(message.text for message in store.mail.pending(limit=1000))


def test_every_message_is_answered_once(tmp_path: Path) -> None:
    chance = random.Random(7)
    database = Database(f"sqlite:///{tmp_path / 'chantier.db'}")
    with database.begin() as store:
        add_project(store, now=datetime.now(UTC))
    with running() as zulip:
        bot = zulip.add_user("Chantier", is_bot=True)
        crew = [zulip.add_user(name) for name in ("Ada", "Ben", "Eve")]
        zuliprc = write_zuliprc(tmp_path / "zuliprc", zulip, bot)
        for _ in range(4):
            with process(tmp_path, zuliprc):
                zulip.requests.clear()
                zulip.wait_until(lambda: "GET events" in zulip.requests, seconds=60)
                for _ in range(5):
                    if chance.random() < 0.5:
                        zulip.fail_next("POST messages", chance.choice(FAULTS))
                    zulip.direct(chance.choice(crew), chance.choice(SAID), bot)
                    time.sleep(chance.random() / 3)
        zulip.heal()
        with process(tmp_path, zuliprc) as last:
            zulip.wait_until(lambda: len(zulip.said_by(bot)) >= 20 and not queued(database), seconds=90)
            time.sleep(1)
            last.send_signal(signal.SIGINT)
            assert last.wait(20) == 0
        assert len(zulip.said_by(bot)) == 20
        answered = Counter(message.recipients for message in zulip.said_by(bot))
        asked = Counter(m.recipients for m in zulip.messages if m.sender is not bot)
        assert answered == asked
    database.close()
