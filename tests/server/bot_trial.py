"""A trial of the bot: many people, many commands, faults and kills; and what must hold of it afterwards."""

from __future__ import annotations

import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from server.store import Database, Store
from server.work.tasks import What

from .bot_process import BotProcess
from .chat_world import add_project
from .fake_zulip import FakeZulip, Message, Storm, User
from .fake_zulip_http import running

TOPICS = 20
RATE = 0.03  # of requests that meet a fault
LINK = "https://work.example/{}"
# A command, how often it is chosen, and what its answer looks like; `{}` is the command's own number.
COMMANDS = (
    ("credit me for review on lem:hall: " + LINK, 4, r"Credit (?P<entry>\d+), review for .*"),
    ("show nothing:{}", 3, r"There is no node `nothing:{}` in this blueprint; .*"),
    ("claim lem:hall", 2, r"Yours until .*|Still yours until .*|.* holds #5 .*"),
    ("disclaim lem:hall", 2, r"#5 .* is free again\. .*|.* holds #5 .*|Nobody holds #5 .*|.*not you.*"),
    ("mine", 1, r"You hold.*"),
)
_COUNTED = {What.CLAIMED: "Yours until", What.RENEWED: "Still yours", What.DISCLAIMED: "free again"}


@dataclass
class Trial:
    """A Zulip with its people, and what was said to the bot, in order."""

    zulip: FakeZulip
    bot: User
    crew: list[User]
    process: BotProcess
    database: Database
    chance: Random
    asked: list[tuple[Message, str]] = field(default_factory=list)
    kills: int = 0

    def command(self) -> None:
        """Somebody says something: to the bot alone, or in a topic where others speak to it too."""
        number, who = len(self.asked), self.chance.choice(self.crew)
        text, _, pattern = self.chance.choices(COMMANDS, [weight for _, weight, _ in COMMANDS])[0]
        text, pattern = text.format(number), pattern.replace("{}", str(number))
        if self.chance.random() < 0.5:
            message = self.zulip.direct(who, text, self.bot)
        else:
            topic = f"topic {self.chance.randrange(TOPICS)}"
            message = self.zulip.say(who, f"@**{self.bot.name}** {text}", topic=topic)
        self.asked.append((message, pattern))

    def run(self, commands: int, kills: int) -> None:
        """Some say it while the bot is away, some while it works; then it dies, wherever it is."""
        self.zulip.storm = Storm(self.chance, RATE)
        self.zulip.disorder = self.chance
        for life in range(kills):
            share = commands * (life + 1) // (kills + 1) - len(self.asked)
            self._say(share // 2, pause=0)
            with self.process.running():
                self._maybe_lose_the_queue()
                self._say(share - share // 2, pause=0.05)
                time.sleep(self.chance.random())
            self.kills += 1
        self._say(commands - len(self.asked), pause=0)
        self._end()

    def _say(self, times: int, pause: float) -> None:
        for _ in range(times):
            self.command()
            time.sleep(self.chance.random() * pause)

    def _maybe_lose_the_queue(self) -> None:
        if self.chance.random() < 0.3:
            self.zulip.restart(down=self.chance.random() / 2)

    def _end(self) -> None:
        """In good weather the bot answers what is left, and stops when it is told to."""
        self.zulip.heal()
        with self.process.running() as last:
            self._wait()
            last.send_signal(signal.SIGINT)
            assert last.wait(30) == 0, self.process.log()[-2000:]

    def _wait(self, patience: float = 60) -> None:
        """Until nothing has been said for two seconds and nothing waits, or for long."""
        heard, since = -1, time.monotonic()
        while time.monotonic() - since < patience:
            now = len(self.zulip.said_by(self.bot))
            if now != heard:
                heard, since = now, time.monotonic()
            elif now >= len(self.asked) and time.monotonic() - since > 2 and not self._waiting():
                return
            time.sleep(0.1)

    def _waiting(self) -> bool:
        with self.database.reading() as store:
            return bool(store.mail.pending())


@contextmanager
def prepared(folder: Path, database_url: str, people: int, seed: int, before: str = "") -> Iterator[Trial]:
    database = Database(database_url)
    with database.begin() as store:
        add_project(store, now=datetime.now(UTC))
    with running() as zulip:
        bot = zulip.add_user("Chantier", is_bot=True)
        crew = [zulip.add_user(f"Person {number}") for number in range(people)]
        process = BotProcess(folder, zulip, bot, database_url, before)
        yield Trial(zulip, bot, crew, process, database, Random(seed))
    database.close()


def faults(trial: Trial) -> list[str]:
    """What does not hold: each command acted on once and answered once, in order per conversation."""
    answers = _by_conversation(trial.zulip.said_by(trial.bot))
    asked: dict[object, list[tuple[Message, str]]] = {}
    for message, pattern in trial.asked:
        asked.setdefault(_conversation(message), []).append((message, pattern))
    with trial.database.reading() as store:
        entries = _entries(store)
        found = [*_acted_twice(store, trial, entries)]
    for place in asked.keys() | answers.keys():
        found += _out_of_step(asked.get(place, []), answers.get(place, []), entries)
    return found


def _acted_twice(store: Store, trial: Trial, entries: dict[int, str]) -> Iterator[str]:
    """Each link is in the ledger once, and a claim was taken as often as somebody was told so."""
    wanted = [text for message, _ in trial.asked if (text := _link(message.content))]
    for link, times in (Counter(entries.values()) - Counter(wanted)).items():
        yield f"{link} is in the ledger {times} times too often"
    for link, times in (Counter(wanted) - Counter(entries.values())).items():
        yield f"{link} is in the ledger {times} times too seldom"
    project = store.projects.every()[0]
    happened = Counter(
        e.what for task in store.tasks.of_project(project.id) for e in store.tasks.events(task.id)
    )
    told = [message.content for message in trial.zulip.said_by(trial.bot)]
    for what, words in _COUNTED.items():
        answers = sum(words in text for text in told)
        if happened[what] != answers:
            yield f"{what} happened {happened[what]} times and was answered {answers} times"


def _entries(store: Store) -> dict[int, str]:
    """The link of each entry of the ledger, by the entry's number."""
    found = store.ledger.contributions(store.projects.every()[0].id)
    return {entry.id: entry.evidence[0] for entry in found}


def _out_of_step(
    asked: list[tuple[Message, str]], answers: list[Message], entries: dict[int, str]
) -> Iterator[str]:
    if len(asked) != len(answers):
        yield f"{len(answers)} answers to {len(asked)} commands, from {asked[:1]}"
        return
    for (message, pattern), answer in zip(asked, answers, strict=True):
        match = re.match(pattern, answer.content, re.DOTALL)
        if match is None:
            yield f"{message.content!r} was answered {answer.content[:100]!r}"
        elif (link := _link(message.content)) and entries.get(int(match["entry"])) != link:
            yield f"{message.content!r} was answered for another: {answer.content[:100]!r}"
        if answer.id < message.id:
            yield f"{message.content!r} was answered before it was said"


def _link(text: str) -> str | None:
    found = re.search(LINK.format(r"\d+"), text)
    return found[0] if found else None


def _conversation(message: Message) -> object:
    return message.recipients if message.stream is None else (message.stream, message.topic)


def _by_conversation(messages: list[Message]) -> dict[object, list[Message]]:
    found: dict[object, list[Message]] = {}
    for message in messages:
        found.setdefault(_conversation(message), []).append(message)
    return found
