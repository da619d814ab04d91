"""How soon the bot answers when many people write to it at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from server.store import Database
from tests.server.bot_process import MAIN, environment, write_zuliprc
from tests.server.fake_zulip import FakeZulip, Message, User
from tests.server.fake_zulip_http import served

from .contest import Say
from .crowds import Size, first_sync, settle_in
from .measuring import FailedError

SHOWCASE = 50  # nodes, as many as the showcase has
FLOOR = "floor"
PATIENCE = 60.0  # seconds after the last command
# What one person says, time after time; `{}` is a node of their own.
SAID = ("next", "claim {}", "show {}", "mine", "progress {} half of it", "disclaim {}", "help claim")


@dataclass(frozen=True, slots=True)
class Load:
    """Commands a second, for so many seconds, from so many people."""

    rate: int = 50
    seconds: int = 60
    people: int = 200

    @property
    def commands(self) -> int:
        return self.rate * self.seconds


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from each message to its answer, of those that were answered."""

    subject: str
    asked: int
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def slow(self) -> float:
        """All but one in twenty are faster."""
        return quantiles(self.seconds, n=20)[-1]


def floor(load: Load) -> Waits:
    """A bot without a database, a parser or an outbox."""
    with _zulip(load) as (zulip, bot), tempfile.TemporaryDirectory() as folder:
        zuliprc = write_zuliprc(Path(folder), zulip, bot)
        return _measured(FLOOR, [sys.executable, "-m", "tests.bench.pong", zuliprc], {}, zulip, bot, load)


def bot(nodes: int, load: Load, say: Say) -> Waits:
    """`chantier bot` for a project of that size, on SQLite."""
    size = Size(projects=1, nodes=nodes, people=load.people)
    with _zulip(load) as (zulip, account), tempfile.TemporaryDirectory() as folder:
        say(f"Filling a project of {nodes:,} nodes")
        url = f"sqlite:///{folder}/chantier.db"
        database = Database(url)
        settle_in(database, size)
        first_sync(database, size)
        database.close()
        zuliprc = write_zuliprc(Path(folder), zulip, account)
        say(f"Asking about {nodes:,} nodes")
        command = [sys.executable, "-c", MAIN, "bot", "--zuliprc", zuliprc]
        return _measured(
            f"{nodes:,} nodes", command, environment(Path(folder), url), zulip, account, load, nodes
        )


@contextmanager
def _zulip(load: Load) -> Iterator[tuple[FakeZulip, User]]:
    with served(FakeZulip()) as zulip:
        bot = zulip.add_user("Chantier", is_bot=True)
        for number in range(load.people):
            zulip.add_user(f"Person {number}")
        yield zulip, bot


def _measured(
    subject: str,
    command: Sequence[str | Path],
    more: dict[str, str],
    zulip: FakeZulip,
    bot: User,
    load: Load,
    nodes: int = SHOWCASE,
) -> Waits:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env={**os.environ, **more}, stdout=quiet, stderr=quiet)
    try:
        zulip.wait_until(lambda: "GET events" in zulip.requests, seconds=60)
        asked = _ask(zulip, bot, load, nodes)
        _wait(zulip, bot, len(asked))
        if process.poll() is not None:
            raise FailedError(f"the bot ended with status {process.returncode}")
    finally:
        process.kill()
        process.wait()
    return Waits(subject, len(asked), tuple(_waits(asked, zulip.said_by(bot))))


def _ask(zulip: FakeZulip, bot: User, load: Load, nodes: int) -> list[Message]:
    """People take turns, in the topic of their own and alone with the bot; nobody waits for an answer."""
    crew = [user for user in zulip.users.values() if user is not bot]
    begun, asked = time.monotonic(), []
    for number in range(load.commands):
        time.sleep(max(0.0, begun + number / load.rate - time.monotonic()))
        turn, place = divmod(number, len(crew))
        text = SAID[(turn + place) % len(SAID)].format(f"r{place * 7 % nodes:06}")
        if place % 2:
            asked.append(zulip.direct(crew[place], text, bot))
        else:
            asked.append(zulip.say(crew[place], f"@**{bot.name}** {text}", topic=f"topic {place}"))
    return asked


def _wait(zulip: FakeZulip, bot: User, wanted: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(zulip.said_by(bot)) < wanted and time.monotonic() < deadline:
        time.sleep(0.2)


def _waits(asked: Sequence[Message], said: Sequence[Message]) -> Iterator[float]:
    """The answers of a conversation come in the order of its questions."""
    answers: dict[object, list[Message]] = {}
    for answer in said:
        answers.setdefault((answer.stream, answer.topic, answer.recipients), []).append(answer)
    for question in asked:
        waiting = answers.get((question.stream, question.topic, question.recipients))
        if waiting:
            yield waiting.pop(0).timestamp - question.timestamp
